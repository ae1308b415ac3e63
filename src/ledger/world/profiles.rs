//! A world as one who knows the profiles of accounts.

use super::World;
use crate::{
    allocation::Profiles,
    model::{AccountIx, Capacity, CapacityAccount, ProfileRef, StockAccount, StockRef},
    snapshot::Snapshot,
};
use std::ops::Range;

impl World {
    /// The profile of an account.
    pub fn profile(&self, account: impl Into<AccountIx>) -> ProfileRef<'_> {
        self.view.profile(&self.snapshot, account.into())
    }

    /// The profile of a stock account, or of a part of one.
    pub fn stock(&self, account: StockAccount) -> StockRef<'_> {
        self.view.stock(&self.snapshot, account)
    }

    /// The profile of an expiring account.
    pub fn capacity(&self, account: CapacityAccount) -> &Capacity {
        self.view.capacity(&self.snapshot, account)
    }
}

impl Profiles for World {
    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn stock(&self, account: StockAccount) -> StockRef<'_> {
        self.stock(account)
    }

    fn changed_among<'a>(
        &'a self,
        accounts: &Range<u64>,
    ) -> impl Fn(StockAccount) -> Option<StockRef<'a>> {
        // In order of account.
        let changed: Vec<(AccountIx, StockRef<'a>)> = self.view.changed_among(accounts).collect();
        move |account| {
            let at = changed.binary_search_by_key(&account.ix(), |(account, _)| *account);
            at.ok().map(|at| changed[at].1)
        }
    }
}
