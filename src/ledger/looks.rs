//! What reports ask of a world and promising does not: how it differs from another one, what its promises were.

use super::{Cursors, Past, Reservation, World};
use crate::{model::AccountIx, snapshot::Snapshot};
use jiff::civil::Date;
use std::{collections::BTreeSet, sync::Arc};

impl World {
    /// Whether another world is the very same one: the same promises over the same planning data.
    pub fn is_same(&self, other: &World) -> bool {
        self.position == other.position
            && self.generation == other.generation
            && Arc::ptr_eq(&self.snapshot, &other.snapshot)
            && Arc::ptr_eq(&self.seen, &other.seen)
            && Arc::ptr_eq(&self.positions, &other.positions)
            && self.changed_since(other).is_empty()
            && self.forgotten_since(other).is_empty()
    }

    /// The steps of a promise that somebody touched after it was made, its making first; none where nobody did.
    pub fn past_steps(&self, number: u64) -> &[Past] {
        self.steps(number)
    }

    /// The date on which the last of a promise was to ship when it was made.
    pub fn first_ship(&self, reservation: &Reservation) -> Option<Date> {
        match self.steps(reservation.number).first() {
            Some(made) => made.ship,
            None => {
                let last = reservation.facts.legs.iter().map(|leg| leg.ship).max();
                last.map(|day| self.snapshot.epoch().date(day))
            }
        }
    }

    /// Whether an account has more on some day than in an older world of the same snapshot.
    pub fn has_gained(&self, account: AccountIx, older: &World) -> bool {
        self.profile(account).has_gained_over(older.profile(account))
    }

    /// The accounts that promises have made others than in an older world of the same snapshot.
    pub fn changed_accounts(&self, older: &World) -> BTreeSet<AccountIx> {
        self.view.changed_since(&older.view).into_iter().map(AccountIx).collect()
    }

    /// The accounts whose base changes of planning data have made another one since an older world of the same
    /// snapshot.
    pub fn touched_by_changes_since(&self, older: &World) -> BTreeSet<AccountIx> {
        self.touched_since(older)
    }

    /// The accounts of which there is news since an older world of the ledger: promises or changes have made them others. What
    /// is a part of an account is news of the account.
    pub fn accounts_with_news(&self, older: &World) -> BTreeSet<AccountIx> {
        let mut touched = self.changed_accounts(older);
        if !Arc::ptr_eq(&older.snapshot, &self.snapshot) {
            touched.extend(self.touched_by_changes_since(older));
        }
        let whole =
            |account: &AccountIx| self.snapshot.whole(*account).map(|(whole, _)| whole.ix());
        let wholes: Vec<_> = touched.iter().filter_map(whole).collect();
        touched.extend(wholes);
        touched
    }

    /// When the last entry was made, in microseconds since 1970 UTC; 0 behind a checkpoint.
    pub fn last_at(&self) -> i64 {
        self.instant.at
    }

    /// How far what the server does by itself has come.
    pub fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    /// The snapshots that served before this one, as far as it is known.
    pub fn served(&self) -> &BTreeSet<Arc<str>> {
        &self.served
    }

    /// The snapshot as it was loaded, without the changes made since.
    pub fn loaded(&self) -> &Arc<Snapshot> {
        &self.loaded
    }
}
