//! A way back: what a rearrangement changed goes back to how it was, all of it or nothing.
//!
//! The promises that it changed must still be what it made of them; what it changed in planning data is taken
//! out of the list of changes, and those made since are made again without it. What goes back is judged as
//! what is new: it must fit now.

use super::{
    Admitted, ChangeBatch, Exchange, Fact, Ledger, Origin, Unfit, World,
    rearrange::{judge, moved_on},
    reservation::{Facts, Reservation},
};
use crate::{
    change::{self, Change, Fault},
    model::AccountIx,
};
use std::{collections::BTreeSet, sync::Arc};

/// What is to be taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The position of the entry.
    pub of: u64,
    /// Its changes of planning data.
    pub changes: Arc<[Change]>,
}

impl Ledger {
    /// Admits the way back: each promise as the entry left it, and as it was before.
    ///
    /// # Errors
    /// What does not fit any more, in the order of [`Unfit`].
    pub fn revert(
        &mut self,
        undone: &Undone,
        exchanges: &[Exchange],
    ) -> Result<Admitted<'_>, Unfit> {
        let live = self.world();
        let moved_on = moved_on(live, exchanges);
        if !moved_on.is_empty() {
            return Err(Unfit::MovedOn(moved_on));
        }
        let world = live.without_changes(&undone.changes).map_err(Unfit::Changes)?;
        let Some(world) = world else {
            return Err(Unfit::Changes(vec![Fault {
                change: 0,
                field: "position",
                value: undone.of.to_string(),
                expected: "one whose changes live still has".to_string(),
            }]));
        };
        let again = |exchange: &Exchange| {
            let made = exchange.before.as_ref().expect("the entry made something of it");
            // It is a change of ours, newer than what a snapshot may hold.
            let revision = made.facts.revision + 1;
            let facts = Arc::new(Facts { revision, ..(*exchange.after.facts).clone() });
            Arc::new(Reservation { facts, ..(*exchange.after).clone() })
        };
        let after: Vec<Arc<Reservation>> = exchanges.iter().map(again).collect();
        judge(&world, exchanges, &after)?;
        let (of, changes) = (undone.of, Arc::clone(&undone.changes));
        Ok(self.admitted_over(world, Fact::Reverted { of, changes, after }))
    }
}

impl World {
    /// The world as if changes of planning data had never been made; those made after them are made again. None
    /// where they are not among those that the snapshot has.
    ///
    /// # Errors
    /// Why a later change cannot be made without them.
    pub(super) fn without_changes(
        &self,
        undone: &Arc<[Change]>,
    ) -> Result<Option<World>, Vec<Fault>> {
        if undone.is_empty() {
            return Ok(Some(self.clone()));
        }
        let batches = self.change_batches();
        let is_it =
            |batch: &Arc<ChangeBatch>| batch.changes == *undone && batch.origin == Origin::PLANNING;
        let Some(at) = batches.iter().rposition(is_it) else {
            return Ok(None);
        };
        let (mut snapshot, mut changes) = (Arc::clone(&self.loaded), None);
        for (_, batch) in batches.iter().enumerate().filter(|(n, _)| *n != at) {
            let applied = change::apply_lists(&snapshot, &batch.changes)?;
            let touched: Arc<[AccountIx]> = applied.touched.into();
            snapshot = Arc::new(applied.snapshot);
            let (list, origin) = (Arc::clone(&batch.changes), batch.origin.clone());
            changes = Some(Arc::new(ChangeBatch::new(list, origin, touched, changes)));
        }
        let mut world = self.clone();
        // Rules may be others again, so every account that promises have changed is looked at.
        for (account, _) in self.view.changed() {
            world.view.rebase(&self.snapshot, &snapshot, account);
        }
        (world.snapshot, world.changes) = (snapshot, changes);
        Ok(Some(world))
    }

    /// The accounts that any change of planning data has touched.
    pub(super) fn ever_touched(&self) -> BTreeSet<AccountIx> {
        let batches = self.change_batches();
        batches.iter().flat_map(|batch| batch.touched.iter().copied()).collect()
    }
}
