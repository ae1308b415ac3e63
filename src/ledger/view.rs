//! What readers see of the accounts: the profiles that promises have changed, over the snapshot's.
//!
//! A view does not hold its snapshot; a [`World`](super::World) holds both, and only there do they
//! belong together. Copies share their profiles until one of them changes one.

use super::{trie::Trie, uses::Use};
use crate::{
    allocation,
    model::{
        AccountIx, AccountKind, Capacity, CapacityAccount, Posting, ProfileRef, Quantity, Stock,
        StockAccount, StockRef,
    },
    snapshot::Snapshot,
};
use std::{ops::Range, sync::Arc};

/// The changed profiles by account. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub struct View {
    stocks: Trie<Arc<Stock>>,
    capacities: Trie<Arc<Capacity>>,
    /// What promises have used up of forecasts, by the number of the use.
    used: Trie<Quantity>,
}

impl View {
    /// The profile of an account: as promises have changed it, else as the snapshot has it.
    pub fn profile<'a>(&'a self, snapshot: &'a Snapshot, account: AccountIx) -> ProfileRef<'a> {
        match snapshot.kind(account) {
            AccountKind::Stock(account) => ProfileRef::Stock(self.stock(snapshot, account)),
            AccountKind::Capacity(account) => {
                ProfileRef::Capacity(self.capacity(snapshot, account))
            }
        }
    }

    /// The same of a stock account, or of a part of one.
    pub fn stock<'a>(&'a self, snapshot: &'a Snapshot, account: StockAccount) -> StockRef<'a> {
        match self.stocks.get(account.ix().0) {
            Some(stock) => stock.as_ref().as_ref(),
            None => allocation::stock(snapshot, account),
        }
    }

    /// The same of an expiring account.
    pub fn capacity<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        account: CapacityAccount,
    ) -> &'a Capacity {
        let changed = self.capacities.get(account.ix().0);
        changed.map_or_else(|| snapshot.opening_capacity(account), AsRef::as_ref)
    }

    /// Those of a run of stock accounts that promises have changed, in order.
    pub(super) fn changed_among(
        &self,
        accounts: &Range<u64>,
    ) -> impl Iterator<Item = (AccountIx, StockRef<'_>)> {
        let end = accounts.end;
        let changed = self.stocks.iter_from(accounts.start);
        let within = changed.take_while(move |(account, _)| *account < end);
        within.map(|(account, stock)| (AccountIx(account), stock.as_ref().as_ref()))
    }

    /// Applies a posting. The account's profile is copied if another view shares it.
    pub(super) fn post(&mut self, snapshot: &Snapshot, posting: Posting) {
        if let Some(used) = Use::of(posting.account) {
            return self.use_up(snapshot, used, -posting.quantity);
        }
        let Posting { day, quantity, .. } = posting;
        match snapshot.kind(posting.account) {
            AccountKind::Stock(account) => self.stock_mut(snapshot, account).post(day, quantity),
            AccountKind::Capacity(account) => {
                self.capacity_mut(snapshot, account).post(day, quantity)
            }
        }
    }

    /// Takes a posting back.
    pub(super) fn unpost(&mut self, snapshot: &Snapshot, posting: Posting) {
        if let Some(used) = Use::of(posting.account) {
            return self.use_up(snapshot, used, posting.quantity);
        }
        let Posting { day, quantity, .. } = posting;
        match snapshot.kind(posting.account) {
            AccountKind::Stock(account) => self.stock_mut(snapshot, account).unpost(day, quantity),
            AccountKind::Capacity(account) => {
                self.capacity_mut(snapshot, account).post(day, -quantity)
            }
        }
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
            self.stock_mut(snapshot, account).change(change);
        }
        if after == Quantity::ZERO {
            self.used.remove(used.account_ix().0);
        } else {
            self.used.insert(used.account_ix().0, after);
        }
    }

    /// Forgets what was used up of an account's forecasts, and what that changed.
    pub(super) fn forget_used(&mut self, snapshot: &Snapshot, account: StockAccount) {
        for bucket in 0..snapshot.forecasts.of(account).len() {
            let used = Use { account, bucket };
            self.use_up(snapshot, used, -self.used(used));
        }
    }

    /// Forgets all that was used up.
    pub(super) fn forget_all_used(&mut self, snapshot: &Snapshot) {
        let all: Vec<(Use, Quantity)> = self.all_used().collect();
        all.into_iter().for_each(|(used, quantity)| self.use_up(snapshot, used, -quantity));
    }

    /// Keeps what promises have changed on an account whose base is another one now.
    pub(super) fn rebase(&mut self, old: &Snapshot, new: &Snapshot, account: AccountIx) {
        match (old.kind(account), new.kind(account)) {
            (AccountKind::Stock(was), AccountKind::Stock(is)) => {
                if let Some(ours) = self.stocks.get(account.0) {
                    let bases = [allocation::stock(old, was), allocation::stock(new, is)];
                    self.stocks.insert(account.0, Arc::new(ours.rebased(bases[0], bases[1])));
                }
            }
            (AccountKind::Capacity(was), AccountKind::Capacity(is)) => {
                if let Some(ours) = self.capacities.get(account.0) {
                    let bases = [old.opening_capacity(was), new.opening_capacity(is)];
                    self.capacities.insert(account.0, Arc::new(ours.rebased(bases[0], bases[1])));
                }
            }
            (AccountKind::Stock(_), AccountKind::Capacity(_))
            | (AccountKind::Capacity(_), AccountKind::Stock(_)) => (),
        }
    }

    /// Takes over the profiles that another copy of a view has changed.
    ///
    /// # Panics
    /// If this one has changed one of them too.
    pub(super) fn merge(&mut self, other: &View, base: &View) {
        take_over(&mut self.stocks, &other.stocks, &base.stocks);
        take_over(&mut self.capacities, &other.capacities, &base.capacities);
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

    fn stock_mut(&mut self, snapshot: &Snapshot, account: StockAccount) -> &mut Stock {
        let base = || Arc::new(Stock::of(allocation::stock(snapshot, account)));
        Arc::make_mut(self.stocks.get_or_insert_with(account.ix().0, base))
    }

    fn capacity_mut(&mut self, snapshot: &Snapshot, account: CapacityAccount) -> &mut Capacity {
        let base = || Arc::new(snapshot.opening_capacity(account).clone());
        Arc::make_mut(self.capacities.get_or_insert_with(account.ix().0, base))
    }

    /// The accounts that promises have changed, in order. One may be equal to the snapshot's again.
    pub fn changed(&self) -> impl Iterator<Item = (AccountIx, ProfileRef<'_>)> {
        let stocks =
            self.stocks.iter().map(|(at, stock)| (at, ProfileRef::Stock(stock.as_ref().as_ref())));
        let capacities = self.capacities.iter().map(|(at, left)| (at, ProfileRef::Capacity(left)));
        in_order(stocks, capacities, |(at, _)| *at).map(|(at, profile)| (AccountIx(at), profile))
    }

    /// Whether promises have changed an account.
    pub fn has_changed(&self, account: AccountIx) -> bool {
        self.stocks.get(account.0).is_some() || self.capacities.get(account.0).is_some()
    }

    /// The accounts that are not as an older view of the same snapshot has them, by number.
    pub fn changed_since(&self, older: &View) -> Vec<u64> {
        let stocks = self.stocks.changed_since(&older.stocks, Arc::ptr_eq);
        let capacities = self.capacities.changed_since(&older.capacities, Arc::ptr_eq);
        if capacities.is_empty() {
            return stocks;
        }
        in_order(stocks.into_iter(), capacities.into_iter(), |at| *at).collect()
    }

    /// Bytes of what this view does not share with another one.
    pub(super) fn bytes_beyond(&self, other: &View) -> usize {
        let stock = |stock: &Arc<Stock>| ProfileRef::Stock(stock.as_ref().as_ref()).bytes();
        let left = |left: &Arc<Capacity>| ProfileRef::Capacity(left).bytes();
        beyond(&self.stocks, &other.stocks, stock)
            + beyond(&self.capacities, &other.capacities, left)
    }

    /// The number of accounts that promises have changed.
    pub fn n_changed(&self) -> usize {
        self.stocks.len() + self.capacities.len()
    }
}

/// What two iterators give that each are in order of number, in order.
fn in_order<T>(
    one: impl Iterator<Item = T>,
    other: impl Iterator<Item = T>,
    number: impl Fn(&T) -> u64,
) -> impl Iterator<Item = T> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(first), Some(second)) if number(second) < number(first) => other.next(),
        (None, _) => other.next(),
        (Some(_), _) => one.next(),
    })
}

/// Takes over the profiles that another copy has changed since both were made of `base`.
fn take_over<T>(ours: &mut Trie<Arc<T>>, theirs: &Trie<Arc<T>>, base: &Trie<Arc<T>>) {
    for account in theirs.changed_since(base, Arc::ptr_eq) {
        let profile = theirs.get(account).expect("it has changed");
        let (our, before) = (ours.get(account), base.get(account));
        assert!(our.map(Arc::as_ptr) == before.map(Arc::as_ptr), "they share no account");
        ours.insert(account, Arc::clone(profile));
    }
}

/// Bytes of the profiles, and of the nodes on the way to them, that another copy does not have.
fn beyond<T>(
    ours: &Trie<Arc<T>>,
    theirs: &Trie<Arc<T>>,
    bytes: impl Fn(&Arc<T>) -> usize,
) -> usize {
    let changed = ours.changed_since(theirs, Arc::ptr_eq);
    let profiles = changed.iter().filter_map(|account| ours.get(*account));
    ours.bytes_beyond(theirs) + profiles.map(bytes).sum::<usize>()
}
