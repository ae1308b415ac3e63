//! Stock accounts: items at locations, their base profiles, and the supplies and demands behind them.

pub use super::stock_rows::{Demand, Supply};

use super::{
    columns::{DemandColumns, SupplyColumns},
    entries::Entries,
    index::{DemandIx, ItemIx, LocationIx, RuleIx, SupplyIx},
};
use crate::model::{
    AccountIx, Index, Stock, StockAccount, StockRef,
    index::Grouped,
    layered::Layered,
    packed::{PackedProfiles, ProfilePlace},
    stored::Stored,
    trie::Trie,
};
use std::sync::Arc;

/// What the snapshot knows of one stock account.
#[derive(Clone, Copy, Debug)]
pub struct StockRow {
    /// The item.
    pub item: ItemIx,
    /// The location.
    pub location: LocationIx,
    /// The ATP rule that governs it.
    pub rule: RuleIx,
    /// Whether the location keeps or makes the item (semantics 11); else only planning needs the account.
    pub keeps: bool,
}

/// All stock accounts that tables name, with their base profiles in flat arrays.
///
/// A copy shares the arrays; accounts that changes touched are kept beside them.
#[derive(Clone, Debug)]
pub struct Stocks {
    base: Layered<Base, Arc<Stock>>,
    rules: Trie<RuleIx>,
    /// All keepers of an item, where they are not those of the tables any more.
    keepers: Trie<Arc<[LocationIx]>>,
}

#[derive(Clone, Debug, Default)]
struct Base {
    accounts: Vec<(StockRow, ProfilePlace)>,
    by_item: Grouped<ItemIx, (LocationIx, u32)>,
    profiles: PackedProfiles,
}

impl Stocks {
    /// Accounts in their order, without profiles; each is then given one.
    pub fn new(rows: Vec<StockRow>, n_items: usize) -> Self {
        let narrow = |at: usize| u32::try_from(at).expect("tables are capped below u32::MAX rows");
        let mut pairs: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (row.item, (row.location, narrow(at))))
            .collect();
        pairs.sort_unstable();
        let by_item = Grouped::new(n_items, pairs);
        let accounts = rows.into_iter().map(|row| (row, ProfilePlace::default())).collect();
        let base = Base { accounts, by_item, profiles: PackedProfiles::default() };
        Self { base: Layered::new(base), rules: Trie::default(), keepers: Trie::default() }
    }

    /// Gives accounts that follow each other their profiles.
    pub(super) fn set_profiles(
        &mut self,
        first: usize,
        (profiles, places): (&PackedProfiles, &[ProfilePlace]),
    ) {
        let base = self.base.base_mut();
        let mut places = places.to_vec();
        base.profiles.append(profiles, &mut places);
        for ((_, place), at) in base.accounts[first..].iter_mut().zip(places) {
            *place = at;
        }
    }

    /// Gives back memory that growth left over.
    pub fn shrink(&mut self) {
        self.base.base_mut().profiles.shrink();
    }

    /// Whether they share what was loaded.
    pub fn is_kin_of(&self, other: &Self) -> bool {
        self.base.is_kin_of(&other.base)
    }

    /// Bytes of the way to what changes have put beside them, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.base.bytes_beyond(&other.base)
    }

    /// Bytes that they take; what changes have put beside them is not counted.
    pub fn bytes(&self) -> usize {
        let Base { accounts, by_item, profiles } = self.base.base();
        accounts.bytes() + by_item.bytes() + profiles.bytes()
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.base.base().accounts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.base.base().accounts.is_empty()
    }

    /// The number of dated entries of all profiles, as loaded.
    pub fn n_entries(&self) -> usize {
        self.base.base().profiles.n_entries()
    }

    /// The account of a pair, if a table names it.
    pub fn account(&self, item: ItemIx, location: LocationIx) -> Option<AccountIx> {
        let places = self.base.base().by_item.of(item);
        let found = places.binary_search_by_key(&location, |(location, _)| *location).ok()?;
        Some(AccountIx(u64::from(places[found].1)))
    }

    /// The item and location of an account.
    pub fn pair(&self, account: AccountIx) -> (ItemIx, LocationIx) {
        let row = self.row(account).expect("a dense stock account");
        (row.item, row.location)
    }

    /// What the tables say of an account, if one names it. Its rule may have changed: see
    /// [`Stocks::rule`].
    pub fn row(&self, account: AccountIx) -> Option<&StockRow> {
        self.base.base().accounts.get(usize::try_from(account.0).ok()?).map(|(row, _)| row)
    }

    /// The ATP rule of an account that tables name.
    pub fn rule(&self, account: AccountIx) -> Option<RuleIx> {
        let row = self.row(account)?;
        Some(self.rules.get(account.0).copied().unwrap_or(row.rule))
    }

    /// All accounts with their rows.
    pub fn iter(&self) -> impl Iterator<Item = (StockAccount, &StockRow)> {
        self.base
            .base()
            .accounts
            .iter()
            .enumerate()
            .map(|(at, (row, _))| (StockAccount::known(AccountIx(at as u64)), row))
    }

    /// The locations that keep or make an item, in the order of their index.
    pub fn keepers(&self, item: ItemIx) -> impl Iterator<Item = LocationIx> {
        let changed = self.keepers.get(item.to_usize() as u64);
        let tables = if changed.is_some() { &[] } else { self.base.base().by_item.of(item) };
        let named = tables.iter().filter(|(_, at)| self.base.base().accounts[*at as usize].0.keeps);
        let named = named.map(|(location, _)| *location);
        changed.into_iter().flat_map(|changed| changed.iter().copied()).chain(named)
    }

    /// Whether a location keeps or makes an item: that which [`Stocks::keepers`] lists.
    fn keeps(&self, item: ItemIx, location: LocationIx) -> bool {
        match self.keepers.get(item.to_usize() as u64) {
            Some(changed) => changed.binary_search(&location).is_ok(),
            None => {
                let account = self.account(item, location).and_then(|account| self.row(account));
                account.is_some_and(|row| row.keeps)
            }
        }
    }

    /// The profile of an account as loaded, or as changed since; none where nothing is known of it.
    pub fn profile(&self, account: AccountIx) -> Option<StockRef<'_>> {
        if let Some(stock) = self.base.get(account.0) {
            return Some(stock.as_ref().as_ref());
        }
        let Base { accounts, profiles, .. } = self.base.base();
        let (_, place) = accounts.get(usize::try_from(account.0).ok()?)?;
        Some(profiles.get(*place))
    }

    /// The accounts of which anything is known, by tables or by changes.
    pub fn known_accounts(&self) -> Vec<StockAccount> {
        let dense = self.len() as u64;
        let others = self.base.over(dense).map(|(account, _)| account);
        (0..dense).chain(others).map(|at| StockAccount::known(AccountIx(at))).collect()
    }

    /// Puts another profile in the place of an account's, whether or not a table names it.
    pub(super) fn set_profile(&mut self, account: AccountIx, profile: Stock) {
        self.base.set(account.0, Arc::new(profile));
    }

    /// Puts an account that tables name under another ATP rule.
    pub(super) fn set_rule(&mut self, account: AccountIx, rule: RuleIx) {
        self.rules.insert(account.0, rule);
    }

    /// Says whether a location keeps an item from now on; true if that is new.
    pub(super) fn set_keeps(
        &mut self,
        (item, location): (ItemIx, LocationIx),
        keeps: Keeps,
    ) -> bool {
        if self.keeps(item, location) == (keeps == Keeps::Yes) {
            return false;
        }
        let mut all: Vec<_> = self.keepers(item).collect();
        match all.binary_search(&location) {
            Ok(at) => drop(all.remove(at)),
            Err(at) => all.insert(at, location),
        }
        self.keepers.insert(item.to_usize() as u64, all.into());
        true
    }
}

/// Whether a location keeps or makes an item (semantics 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// A row of the snapshot names both.
    Yes,
    /// None does.
    No,
}

/// All supplies.
pub type Supplies = Entries<SupplyColumns>;

impl Supplies {
    /// The supplies that are made or bought for an order line, with the line's key.
    pub fn pegged(&self) -> impl Iterator<Item = (SupplyIx, &str)> {
        self.notes()
    }

    /// The order line that a supply is made or bought for, where the table says so.
    pub fn pegged_to(&self, supply: SupplyIx) -> Option<&str> {
        self.note(supply)
    }
}

/// All demands of the snapshot.
pub type Demands = Entries<DemandColumns>;

impl Demands {
    /// The source system of a demand, where given.
    pub fn source(&self, demand: DemandIx) -> Option<&str> {
        self.note(demand)
    }
}
