//! The fact that another snapshot serves from here on.

use super::{Activation, Entry, Fact, Ledger, Since, Stamp, refresh::Reconciled};
use std::sync::Arc;

impl Ledger {
    /// Puts the next world in the place of the live one. Since when promises are at risk was noted in it before
    /// ([`Reconciled::mark`]); [`Ledger::place`] is to be called until nothing is left.
    ///
    /// # Panics
    /// If the next world was not made of the live one (L3, R2).
    pub fn activate(
        &mut self,
        reconciled: &mut Reconciled,
        activation: Activation,
        stamp: Stamp,
    ) -> Entry {
        let position = self.world().position + 1;
        let newly_at_risk = reconciled.take_newly_at_risk();
        let entry = Entry::new(position, stamp, Fact::Activated(Arc::new(activation)));
        self.put_in_place(&entry, reconciled);
        self.place_later(&entry, newly_at_risk);
        entry
    }

    /// Puts the next world in the place of the live one, as an entry says.
    ///
    /// # Panics
    /// If the next world was not made of the live one (L3, R2).
    pub fn take_over(&mut self, entry: &Entry, reconciled: &mut Reconciled) {
        reconciled.mark();
        let newly_at_risk = reconciled.take_newly_at_risk();
        self.put_in_place(entry, reconciled);
        self.place_later(entry, newly_at_risk);
        self.place(usize::MAX);
    }

    fn put_in_place(&mut self, entry: &Entry, reconciled: &mut Reconciled) {
        let mut next = reconciled.next(&mut self.lookup);
        let Fact::Activated(activation) = &entry.fact else {
            panic!("only an activation has another world");
        };
        let live = self.world();
        assert!(entry.follows(live.position), "L3: positions are dense");
        assert_eq!(next.position, live.position, "it was made of the live world");
        assert_eq!(next.n_reservations(), live.n_reservations(), "R2: none is lost");
        assert_eq!(*activation.snapshot_id, *next.snapshot.id(), "it has the snapshot it names");
        next.position = entry.position;
        let instant = Since { at: entry.stamp.at, position: entry.position };
        self.replace(next, activation.generation, instant);
    }
}
