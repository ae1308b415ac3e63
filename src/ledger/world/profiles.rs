//! A world as one who knows the profiles of accounts.

use super::World;
use crate::{
    allocation::Profiles,
    model::{AccountIx, ProfileRef},
    snapshot::Snapshot,
};
use std::ops::Range;

impl World {
    /// The profile of an account.
    pub fn profile(&self, account: AccountIx) -> ProfileRef<'_> {
        self.view.profile(&self.snapshot, account)
    }
}

impl Profiles for World {
    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn profile(&self, account: AccountIx) -> ProfileRef<'_> {
        self.profile(account)
    }

    fn changed_among<'a>(
        &'a self,
        accounts: &Range<u64>,
    ) -> impl Fn(AccountIx) -> Option<ProfileRef<'a>> {
        // In order of account.
        let changed: Vec<(AccountIx, ProfileRef<'a>)> = self.view.changed_among(accounts).collect();
        move |account| {
            let at = changed.binary_search_by_key(&account, |(account, _)| *account);
            at.ok().map(|at| changed[at].1)
        }
    }
}
