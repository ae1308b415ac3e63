//! What is looked up beside a world and kept from one change to the next.

use super::{known::Known, risks::Risks, takers::Takers};
use crate::{ledger::world::World, model::AccountIx};
use std::collections::BTreeSet;

/// What is looked up beside a world: who takes from an account, what the snapshot knows of order lines.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    pub(super) takers: Takers,
    pub(super) known: Option<Known>,
}

impl Lookup {
    /// The same beside a ledger of its own, which notes the accounts whose shortages are looked at.
    pub(in crate::ledger) fn fork(&self) -> Self {
        let mut lookup = self.clone();
        lookup.takers.note_asked();
        lookup
    }

    /// The accounts whose shortages were looked at since it was forked.
    pub(in crate::ledger) fn take_asked(&mut self) -> BTreeSet<AccountIx> {
        self.takers.take_asked()
    }

    /// Takes over what has changed of who takes from what.
    pub(in crate::ledger) fn keep_up(&mut self, world: &World) {
        self.takers.keep_up(world.reservations());
    }

    /// Takes over who takes from what from one that was kept up beside it, of the same snapshot.
    pub(in crate::ledger) fn take_over(&mut self, other: Self) {
        self.takers = other.takers.beside(&self.takers);
    }

    /// Takes over all of one that was kept up beside it.
    pub(in crate::ledger) fn replace(&mut self, other: Self) {
        self.known = other.known;
        self.takers = other.takers.beside(&self.takers);
    }

    /// How many promises it has noted itself: what took time on the thread that owns it.
    pub(in crate::ledger) fn noted(&self) -> u64 {
        self.takers.noted()
    }

    /// Forgets what the snapshot knows of order lines: it is another one now.
    pub(in crate::ledger) fn forget_snapshot(&mut self) {
        self.known = None;
    }
}

/// Says anew of the promises that take from some accounts whether they are at risk; who takes from them is looked up in
/// what is kept beside the world.
pub(in crate::ledger) fn reassess(
    world: &mut World,
    touched: BTreeSet<AccountIx>,
    lookup: &mut Lookup,
) {
    Risks::of(world, (touched, BTreeSet::new()), &mut lookup.takers);
}

impl World {
    /// Says anew of the promises that take from some accounts whether they are at risk.
    pub fn reassess(&mut self, touched: BTreeSet<AccountIx>) {
        if !touched.is_empty() {
            reassess(self, touched, &mut Lookup::default());
        }
    }
}
