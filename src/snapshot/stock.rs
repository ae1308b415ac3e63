//! Stock accounts: items at locations, their base profiles, and the supplies and demands behind them.

use super::{
    ClassIx, CustomerIx, DemandIx, ItemIx, LocationIx, Names, RuleIx, SupplierIx, SupplyIx,
    kinds::{DemandKind, SupplyKind},
    sourcing::AccountRow,
};
use crate::model::{
    AccountIx, Consumption, Day, Index, Money, Quantity, Stock, StockRef, Table, index::Grouped,
    trie::Trie,
};
use std::sync::Arc;

/// The profile of an account on which nothing happens.
pub fn empty_profile(consumption: Consumption) -> StockRef<'static> {
    StockRef { days: &[], cum: &[], low: &[], committed: &[], consumption }
}

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
    base: Arc<Base>,
    changed: Trie<Arc<Stock>>,
    rules: Trie<RuleIx>,
    /// All keepers of an item, where they are not those of the tables any more.
    keepers: Trie<Arc<[LocationIx]>>,
}

#[derive(Clone, Debug, Default)]
struct Base {
    rows: Vec<StockRow>,
    by_item: Grouped<ItemIx, (LocationIx, u32)>,
    consumptions: Vec<Consumption>,
    starts: Vec<u32>,
    days: Vec<u16>,
    cum: Vec<i64>,
    low: Vec<i64>,
    committed: Vec<i64>,
}

impl Base {
    fn profile(&self, at: usize) -> StockRef<'_> {
        let range = self.starts[at] as usize..self.starts[at + 1] as usize;
        StockRef {
            days: &self.days[range.clone()],
            cum: &self.cum[range.clone()],
            low: &self.low[range.clone()],
            committed: &self.committed[range],
            consumption: self.consumptions[at],
        }
    }

    fn push_profile(&mut self, profile: StockRef<'_>) {
        self.days.extend_from_slice(profile.days);
        self.cum.extend_from_slice(profile.cum);
        self.low.extend_from_slice(profile.low);
        self.committed.extend_from_slice(profile.committed);
        self.consumptions.push(profile.consumption);
        self.starts
            .push(u32::try_from(self.days.len()).expect("fewer than u32::MAX dated entries"));
    }
}

impl Stocks {
    /// Accounts in their order, without profiles; each is then given one by [`Stocks::push_profile`].
    pub fn new(rows: Vec<StockRow>, n_items: usize) -> Self {
        let narrow = |at: usize| u32::try_from(at).expect("tables are capped below u32::MAX rows");
        let mut pairs: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (row.item, (row.location, narrow(at))))
            .collect();
        pairs.sort_unstable();
        let by_item = Grouped::new(n_items, pairs);
        let base = Base { rows, by_item, starts: vec![0], ..Base::default() };
        Self {
            base: Arc::new(base),
            changed: Trie::default(),
            rules: Trie::default(),
            keepers: Trie::default(),
        }
    }

    /// Appends the profile of the next account.
    pub fn push_profile(&mut self, profile: StockRef<'_>) {
        Arc::make_mut(&mut self.base).push_profile(profile);
    }

    /// Gives back memory that growth left over.
    pub fn shrink(&mut self) {
        let base = Arc::make_mut(&mut self.base);
        base.consumptions.shrink_to_fit();
        base.starts.shrink_to_fit();
        base.days.shrink_to_fit();
        base.cum.shrink_to_fit();
        base.low.shrink_to_fit();
        base.committed.shrink_to_fit();
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.base.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.base.rows.is_empty()
    }

    /// The number of dated entries of all profiles, as loaded.
    pub fn n_entries(&self) -> usize {
        self.base.days.len()
    }

    /// The account of a pair, if a table names it.
    pub fn account(&self, item: ItemIx, location: LocationIx) -> Option<AccountIx> {
        let places = self.base.by_item.of(item);
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
        self.base.rows.get(usize::try_from(account.0).ok()?)
    }

    /// The ATP rule of an account that tables name.
    pub fn rule(&self, account: AccountIx) -> Option<RuleIx> {
        let row = self.row(account)?;
        if self.rules.is_empty() {
            return Some(row.rule);
        }
        Some(self.rules.get(account.0).copied().unwrap_or(row.rule))
    }

    /// All accounts with their rows.
    pub fn iter(&self) -> impl Iterator<Item = (AccountIx, &StockRow)> {
        self.base.rows.iter().enumerate().map(|(at, row)| (AccountIx(at as u64), row))
    }

    /// The locations that keep or make an item, in the order of their index.
    pub fn keepers(&self, item: ItemIx) -> impl Iterator<Item = LocationIx> {
        let changed = self.keepers.get(item.to_usize() as u64);
        let tables = if changed.is_some() { &[] } else { self.base.by_item.of(item) };
        let named = tables.iter().filter(|(_, at)| self.base.rows[*at as usize].keeps);
        let named = named.map(|(location, _)| *location);
        changed.into_iter().flat_map(|changed| changed.iter().copied()).chain(named)
    }

    /// The profile of an account as loaded, or as changed since; none where nothing is known of it.
    pub fn profile(&self, account: AccountIx) -> Option<StockRef<'_>> {
        if !self.changed.is_empty()
            && let Some(stock) = self.changed.get(account.0)
        {
            return Some(stock.as_ref().as_ref());
        }
        let at = usize::try_from(account.0).ok()?;
        (at < self.base.rows.len()).then(|| self.base.profile(at))
    }

    /// The accounts of which anything is known, by tables or by changes.
    pub fn known_accounts(&self) -> Vec<AccountIx> {
        let dense = self.len() as u64;
        let others = self.changed.iter_from(dense).map(|(account, _)| account);
        (0..dense).chain(others).map(AccountIx).collect()
    }

    /// Puts another profile in the place of an account's, whether or not a table names it.
    pub(super) fn set_profile(&mut self, account: AccountIx, profile: Stock) {
        self.changed.insert(account.0, Arc::new(profile));
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
        let mut all: Vec<_> = self.keepers(item).collect();
        match (all.binary_search(&location), keeps) {
            (Ok(at), Keeps::No) => drop(all.remove(at)),
            (Err(at), Keeps::Yes) => all.insert(at, location),
            (Ok(_), Keeps::Yes) | (Err(_), Keeps::No) => return false,
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

/// One scheduled supply, or a lot on hand.
#[derive(Clone, Copy, Debug)]
pub struct Supply {
    /// Its id; none for stock on hand.
    pub supply: Option<SupplyIx>,
    /// What it is.
    pub kind: SupplyKind,
    /// The day on which it counts, past due ones where the rule puts them; none where it does not count.
    pub day: Option<Day>,
    /// Its date in the table; day 0 for a lot on hand, long before it for one that does not count.
    pub due: Day,
    /// How much.
    pub quantity: Quantity,
    /// Cost of one, where it has its own.
    pub unit_cost: Option<Money>,
    /// From whom.
    pub supplier: Option<SupplierIx>,
}

/// All supplies.
#[derive(Clone, Debug, Default)]
pub struct Supplies {
    /// Their ids, those of supplies that are gone included.
    pub names: Names<SupplyIx>,
    pub(super) pegged_to: Arc<Vec<(SupplyIx, Box<str>)>>,
    pub(super) accounts: Table<SupplyIx, AccountIx>,
    pub(super) by_account: Grouped<AccountRow, Supply>,
    changed: Trie<Arc<[Supply]>>,
    /// Where changed supplies are now, if anywhere, and what for.
    moved: Trie<Option<(AccountIx, Option<Arc<str>>)>>,
}

impl Supplies {
    /// The supplies that are made or bought for an order line, with the line's key.
    pub fn pegged(&self) -> impl Iterator<Item = (SupplyIx, &str)> {
        let moved = self.moved.iter().filter_map(|(at, moved)| {
            let (_, line) = moved.as_ref()?;
            let at = usize::try_from(at).expect("a row of a table");
            Some((SupplyIx::from_usize(at), line.as_deref()?))
        });
        let stays = |supply: SupplyIx| self.moved.get(supply.to_usize() as u64).is_none();
        let tables = self.pegged_to.iter().filter(move |(supply, _)| stays(*supply));
        tables.map(|(supply, line)| (*supply, &**line)).chain(moved)
    }

    /// The supplies of an account, by the day on which they count.
    pub fn of(&self, account: AccountIx) -> &[Supply] {
        if !self.changed.is_empty()
            && let Some(supplies) = self.changed.get(account.0)
        {
            return supplies;
        }
        self.by_account.of(row(account))
    }

    /// The account of a supply; none if it is gone.
    pub fn account(&self, supply: SupplyIx) -> Option<AccountIx> {
        match self.moved.get(supply.to_usize() as u64) {
            Some(moved) => moved.as_ref().map(|(account, _)| *account),
            None => self.accounts.get(supply).copied(),
        }
    }

    /// The order line that a supply is made or bought for, where the table says so.
    pub fn pegged_to(&self, supply: SupplyIx) -> Option<&str> {
        if let Some(moved) = self.moved.get(supply.to_usize() as u64) {
            return moved.as_ref().and_then(|(_, line)| line.as_deref());
        }
        let found = self.pegged_to.binary_search_by_key(&supply, |(supply, _)| *supply).ok()?;
        Some(&self.pegged_to[found].1)
    }

    pub(super) fn set(&mut self, account: AccountIx, supplies: Vec<Supply>) {
        self.changed.insert(account.0, supplies.into());
    }

    pub(super) fn set_place(
        &mut self,
        supply: SupplyIx,
        place: Option<(AccountIx, Option<Arc<str>>)>,
    ) {
        self.moved.insert(supply.to_usize() as u64, place);
    }
}

/// One demand of the snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Its id: order and line, as in the order stream.
    pub demand: DemandIx,
    /// What it is.
    pub kind: DemandKind,
    /// The day on which it counts; none where it does not count.
    pub day: Option<Day>,
    /// Its date in the table.
    pub due: Day,
    /// How much; for safety stock the change of level on that day.
    pub quantity: Quantity,
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// Its own demand class or its customer's.
    pub class: Option<ClassIx>,
    /// 1 is the most important; none comes last.
    pub priority: Option<i32>,
    /// Its revision at the source.
    pub revision: i32,
}

/// All demands of the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Demands {
    /// Their ids, those of demands that are gone included.
    pub names: Names<DemandIx>,
    pub(super) sources: Arc<Vec<(DemandIx, Box<str>)>>,
    pub(super) accounts: Table<DemandIx, AccountIx>,
    pub(super) by_account: Grouped<AccountRow, Demand>,
    changed: Trie<Arc<[Demand]>>,
    /// Where changed demands are now, if anywhere, and from which source system.
    moved: Trie<Option<(AccountIx, Option<Arc<str>>)>>,
}

impl Demands {
    /// The demands of an account, by the day on which they count.
    pub fn of(&self, account: AccountIx) -> &[Demand] {
        if !self.changed.is_empty()
            && let Some(demands) = self.changed.get(account.0)
        {
            return demands;
        }
        self.by_account.of(row(account))
    }

    /// The account of a demand; none if it is gone.
    pub fn account(&self, demand: DemandIx) -> Option<AccountIx> {
        match self.moved.get(demand.to_usize() as u64) {
            Some(moved) => moved.as_ref().map(|(account, _)| *account),
            None => self.accounts.get(demand).copied(),
        }
    }

    /// The source system of a demand, where given.
    pub fn source(&self, demand: DemandIx) -> Option<&str> {
        if let Some(moved) = self.moved.get(demand.to_usize() as u64) {
            return moved.as_ref().and_then(|(_, source)| source.as_deref());
        }
        let found = self.sources.binary_search_by_key(&demand, |(demand, _)| *demand).ok()?;
        Some(&self.sources[found].1)
    }

    pub(super) fn set(&mut self, account: AccountIx, demands: Vec<Demand>) {
        self.changed.insert(account.0, demands.into());
    }

    pub(super) fn set_place(
        &mut self,
        demand: DemandIx,
        place: Option<(AccountIx, Option<Arc<str>>)>,
    ) {
        self.moved.insert(demand.to_usize() as u64, place);
    }
}

fn row(account: AccountIx) -> AccountRow {
    // A virtual account has no rows: Grouped answers an index past its end with nothing.
    AccountRow::from_usize(usize::try_from(account.0.min(u64::from(u32::MAX))).expect("capped"))
}
