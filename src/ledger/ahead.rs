//! Who takes from an account is noted beside the writer, so that the first shortage after many promises, or after a start,
//! does not find all of it still to be done.
//!
//! The notes are of some world, and whoever reads them first takes over what has changed since: so they may be
//! behind, and are never wrong. See [`Ledger::notes`].

use super::{Ledger, World, refresh::Lookup};

/// Who takes from what, to be taken over up to a world.
#[derive(Debug)]
pub struct Notes {
    world: World,
    lookup: Lookup,
}

impl Notes {
    /// Takes over what has changed.
    pub fn keep_up(&mut self) {
        self.lookup.keep_up(&self.world);
    }
}

impl Ledger {
    /// How many promises have changed since notes were handed out; all that there are where none ever were.
    pub fn ahead(&self) -> u64 {
        self.ahead
    }

    /// The notes, to be kept up beside this ledger and taken back by [`Ledger::take_back`].
    pub fn notes(&mut self) -> Notes {
        self.ahead = 0;
        Notes { world: self.world.clone(), lookup: self.lookup.clone() }
    }

    /// Takes notes that were kept up; those of an earlier snapshot are of no use any more.
    pub fn take_back(&mut self, notes: Notes) {
        if notes.world.generation() == self.world.generation() {
            self.lookup.take_over(notes.lookup);
        }
    }
}
