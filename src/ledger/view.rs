//! What readers see of the accounts: the profiles that promises have changed, over the snapshot's.
//!
//! A view does not hold its snapshot; a [`World`](super::World) holds both, and only there do they
//! belong together. Copies share their profiles until one of them changes one.

use super::{trie::Trie, uses::Use};
use crate::{
    allocation::{self, profile},
    model::{AccountIx, Posting, Profile, ProfileRef, Quantity},
    snapshot::Snapshot,
};
use std::{ops::Range, sync::Arc};

/// The changed profiles by account. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub struct View {
    changed: Trie<Arc<Profile>>,
    /// What promises have used up of forecasts, by the number of the use.
    used: Trie<Quantity>,
}

impl View {
    /// The profile of an account: as promises have changed it, else as the snapshot has it.
    pub fn profile<'a>(&'a self, snapshot: &'a Snapshot, account: AccountIx) -> ProfileRef<'a> {
        match self.changed.get(account.0) {
            Some(profile) => profile.as_ref().as_ref(),
            None => profile(snapshot, account),
        }
    }

    /// Those of a run of accounts that promises have changed, in order.
    pub(super) fn changed_among(
        &self,
        accounts: &Range<u64>,
    ) -> impl Iterator<Item = (AccountIx, ProfileRef<'_>)> {
        let end = accounts.end;
        let changed = self.changed.iter_from(accounts.start);
        let within = changed.take_while(move |(account, _)| *account < end);
        within.map(|(account, profile)| (AccountIx(account), profile.as_ref().as_ref()))
    }

    /// Applies a posting. The account's profile is copied if another view shares it.
    pub(super) fn post(&mut self, snapshot: &Snapshot, posting: Posting) {
        if let Some(used) = Use::of(posting.account) {
            return self.use_up(snapshot, used, -posting.quantity);
        }
        self.profile_mut(snapshot, posting.account).post(posting.day, posting.quantity);
    }

    /// Takes a posting back.
    pub(super) fn unpost(&mut self, snapshot: &Snapshot, posting: Posting) {
        if let Some(used) = Use::of(posting.account) {
            return self.use_up(snapshot, used, posting.quantity);
        }
        self.profile_mut(snapshot, posting.account).unpost(posting.day, posting.quantity);
    }

    /// What promises have used up of a forecast, be it more than there is.
    pub fn used(&self, used: Use) -> Quantity {
        self.used.get(used.account_ix().0).copied().unwrap_or_default()
    }

    /// All that promises have used up.
    pub fn all_used(&self) -> impl Iterator<Item = (Use, Quantity)> {
        let of = |number| Use::of(AccountIx(number)).expect("uses alone are kept here");
        self.used.iter().map(move |(number, quantity)| (of(number), *quantity))
    }

    fn use_up(&mut self, snapshot: &Snapshot, used: Use, quantity: Quantity) {
        let before = self.used(used);
        let after = before + quantity;
        let place = (used.account, used.bucket);
        for (account, change) in allocation::consumption(snapshot, place, (before, after)) {
            self.profile_mut(snapshot, account).change(change);
        }
        if after == Quantity::ZERO {
            self.used.remove(used.account_ix().0);
        } else {
            self.used.insert(used.account_ix().0, after);
        }
    }

    /// Forgets what was used up of an account's forecasts, and what that changed.
    pub(super) fn forget_used(&mut self, snapshot: &Snapshot, account: AccountIx) {
        for bucket in 0..snapshot.forecasts.of(account).len() {
            let used = Use { account, bucket };
            self.use_up(snapshot, used, -self.used(used));
        }
    }

    /// Keeps what promises have changed on an account whose base is another one now.
    pub(super) fn rebase(&mut self, old: &Snapshot, new: &Snapshot, account: AccountIx) {
        if let Some(ours) = self.changed.get(account.0) {
            let rebased = ours.rebased(profile(old, account), profile(new, account));
            self.changed.insert(account.0, Arc::new(rebased));
        }
    }

    /// Takes over the profiles that another copy of a view has changed.
    ///
    /// # Panics
    /// If this one has changed one of them too.
    pub(super) fn merge(&mut self, other: &View, base: &View) {
        for account in other.changed.changed_since(&base.changed, Arc::ptr_eq) {
            let profile = other.changed.get(account).expect("it has changed");
            let (ours, theirs) = (self.changed.get(account), base.changed.get(account));
            assert!(ours.map(Arc::as_ptr) == theirs.map(Arc::as_ptr), "they share no account");
            self.changed.insert(account, Arc::clone(profile));
        }
        for used in other.used.changed_since(&base.used, Quantity::eq) {
            self.used.insert(used, *other.used.get(used).expect("it has changed"));
        }
        // What was used up before and is not any more.
        for used in base.used.changed_since(&other.used, Quantity::eq) {
            if other.used.get(used).is_none() {
                self.used.remove(used);
            }
        }
    }

    fn profile_mut(&mut self, snapshot: &Snapshot, account: AccountIx) -> &mut Profile {
        let base = || Arc::new(profile(snapshot, account).to_owned());
        Arc::make_mut(self.changed.get_or_insert_with(account.0, base))
    }

    /// The accounts that promises have changed, in order. One may be equal to the snapshot's again.
    pub fn changed(&self) -> impl Iterator<Item = (AccountIx, ProfileRef<'_>)> {
        self.changed
            .iter()
            .map(|(account, profile)| (AccountIx(account), profile.as_ref().as_ref()))
    }

    /// Whether promises have changed an account.
    pub fn has_changed(&self, account: AccountIx) -> bool {
        self.changed.get(account.0).is_some()
    }

    /// The accounts that are not as an older view of the same snapshot has them, by number.
    pub fn changed_since(&self, older: &View) -> Vec<u64> {
        self.changed.changed_since(&older.changed, Arc::ptr_eq)
    }

    /// Bytes of what this view does not share with another one.
    pub(super) fn bytes_beyond(&self, other: &View) -> usize {
        let changed = self.changed.changed_since(&other.changed, Arc::ptr_eq);
        let profiles = changed.iter().filter_map(|account| self.changed.get(*account));
        let profiles: usize = profiles.map(|profile| profile.as_ref().as_ref().bytes()).sum();
        self.changed.bytes_beyond(&other.changed) + profiles
    }

    /// The number of accounts that promises have changed.
    pub fn n_changed(&self) -> usize {
        self.changed.len()
    }
}
