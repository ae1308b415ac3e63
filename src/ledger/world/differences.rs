//! In what a world differs from an older one of its ledger, or from another copy of one.

use super::World;
use crate::{change::Change, ledger::batch::ChangeBatch, model::AccountIx};
use std::{collections::BTreeSet, sync::Arc};

impl World {
    /// Takes over what another copy of a world has changed: other promises, on other accounts, than
    /// those that this copy has changed. Neither has new promises.
    pub fn merge(&mut self, other: &World, base: &World) {
        for number in other.changed_since(base) {
            let found = other.reservation(number).expect("it has changed");
            let before = self.reservations.insert(number, Arc::clone(found));
            self.note_places(before.as_deref(), Some(found));
        }
        self.view.merge(&other.view, &base.view);
    }

    /// The numbers of the reservations that are not as an older world of the same ledger has them. Those
    /// that are forgotten since are not among them: see [`World::forgotten_since`].
    pub fn changed_since(&self, older: &World) -> Vec<u64> {
        self.reservations.changed_since(&older.reservations, Arc::ptr_eq)
    }

    /// The numbers of the reservations that an older world of the same ledger has, and this one has not.
    pub fn forgotten_since(&self, older: &World) -> Vec<u64> {
        let mut differ = older.reservations.changed_since(&self.reservations, Arc::ptr_eq);
        differ.retain(|number| self.reservation(*number).is_none());
        differ
    }

    /// The accounts whose base changes of planning data have made another one since an older world.
    pub(in crate::ledger) fn touched_since(&self, older: &World) -> BTreeSet<AccountIx> {
        let batches = self.change_batches_since(older);
        batches.iter().flat_map(|batch| batch.touched.iter().copied()).collect()
    }

    /// The changes made to the snapshot since it was loaded, list by list.
    pub fn change_batches(&self) -> Vec<Arc<ChangeBatch>> {
        ChangeBatch::since(self.changes.as_ref(), None)
    }

    /// Those made after an older world of the same snapshot.
    pub(in crate::ledger) fn change_batches_since(&self, older: &World) -> Vec<Arc<ChangeBatch>> {
        ChangeBatch::since(self.changes.as_ref(), older.changes.as_ref())
    }

    /// The changes made after an older world of the same snapshot, as they were made.
    pub(in crate::ledger) fn changes_since(&self, older: &World) -> Arc<[Change]> {
        let batches = self.change_batches_since(older);
        batches.iter().flat_map(|batch| batch.changes.iter().cloned()).collect()
    }

    /// The number of changes made to the snapshot since it was loaded.
    pub fn n_changes(&self) -> u64 {
        self.changes.as_ref().map_or(0, |last| last.n_changes)
    }

    /// Takes over where another world stands: its position, and the number that comes next.
    pub(in crate::ledger) fn follow(&mut self, other: &World) {
        self.position = other.position;
        self.next_number = self.next_number.max(other.next_number);
        self.generation = other.generation;
        self.histories = other.histories.clone();
    }
}
