//! The fact that another snapshot serves from here on.

use super::{
    Entry, Fact, Ledger, Since, Stamp,
    refresh::{Counts, Reconciled},
    reservation::Force,
};
use crate::snapshot::Adopted;
use std::sync::Arc;

/// Another snapshot serves. What became of the reservations is not written down: reconciliation is a
/// pure function of the world before and the snapshot, and gives the same again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The snapshot.
    pub snapshot_id: Arc<str>,
    /// The check sum of its tables: a replay takes no others. None in old entries, and where nobody keeps them.
    pub sum: Option<Arc<str>>,
    /// How many snapshots have served, this one included.
    pub generation: u64,
    /// Who let it serve although it was suspicious.
    pub force: Option<Force>,
    /// Names that it adopted for the promises' sake.
    pub adopted: Adopted,
    /// The numbers of the promises at risk, in order.
    pub at_risk: Vec<u64>,
    /// How many promises fared how.
    pub counts: Counts,
}

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
        assert_eq!(entry.position, live.position + 1, "L3: positions are dense");
        assert_eq!(next.position, live.position, "it was made of the live world");
        assert_eq!(next.n_reservations(), live.n_reservations(), "R2: none is lost");
        assert_eq!(*activation.snapshot_id, *next.snapshot.id(), "it has the snapshot it names");
        next.position = entry.position;
        let instant = Since { at: entry.stamp.at, position: entry.position };
        self.replace(next, activation.generation, instant);
    }
}
