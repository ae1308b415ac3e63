//! Stock accounts: items at locations, their base profiles, and the supplies and demands behind them.

use super::{
    ClassIx, CustomerIx, DemandIx, ItemIx, LocationIx, Names, RuleIx, SupplierIx, SupplyIx,
    kinds::{DemandKind, SupplyKind},
    sourcing::AccountRow,
};
use crate::model::{
    AccountIx, Consumption, Day, Index, Money, Quantity, StockRef, Table, index::Grouped,
    profile::Change,
};

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
#[derive(Debug, Default)]
pub struct Stocks {
    rows: Vec<StockRow>,
    by_item: Grouped<ItemIx, (LocationIx, u32)>,
    consumptions: Vec<Consumption>,
    starts: Vec<u32>,
    days: Vec<u16>,
    cum: Vec<i64>,
    low: Vec<i64>,
    committed: Vec<i64>,
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
        Self { rows, by_item, starts: vec![0], ..Self::default() }
    }

    /// Appends the profile of the next account.
    pub fn push_profile(&mut self, profile: StockRef<'_>) {
        self.days.extend_from_slice(profile.days);
        self.cum.extend_from_slice(profile.cum);
        self.low.extend_from_slice(profile.low);
        self.committed.extend_from_slice(profile.committed);
        self.consumptions.push(profile.consumption);
        self.starts
            .push(u32::try_from(self.days.len()).expect("fewer than u32::MAX dated entries"));
    }

    /// Gives back memory that growth left over.
    pub fn shrink(&mut self) {
        self.consumptions.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.days.shrink_to_fit();
        self.cum.shrink_to_fit();
        self.low.shrink_to_fit();
        self.committed.shrink_to_fit();
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of dated entries of all profiles.
    pub fn n_entries(&self) -> usize {
        self.days.len()
    }

    /// The account of a pair, if a table names it.
    pub fn account(&self, item: ItemIx, location: LocationIx) -> Option<AccountIx> {
        let places = self.by_item.of(item);
        let found = places.binary_search_by_key(&location, |(location, _)| *location).ok()?;
        Some(AccountIx(u64::from(places[found].1)))
    }

    /// The item and location of an account.
    pub fn pair(&self, account: AccountIx) -> (ItemIx, LocationIx) {
        let row = self.row(account).expect("a dense stock account");
        (row.item, row.location)
    }

    /// What is known of an account, if a table names it.
    pub fn row(&self, account: AccountIx) -> Option<&StockRow> {
        self.rows.get(usize::try_from(account.0).ok()?)
    }

    /// All accounts with their rows.
    pub fn iter(&self) -> impl Iterator<Item = (AccountIx, &StockRow)> {
        self.rows.iter().enumerate().map(|(at, row)| (AccountIx(at as u64), row))
    }

    /// The locations that keep or make an item, in the order of their index.
    pub fn keepers(&self, item: ItemIx) -> impl Iterator<Item = LocationIx> {
        let places = self.by_item.of(item).iter();
        places.filter(|(_, at)| self.rows[*at as usize].keeps).map(|(location, _)| *location)
    }

    /// The profile of an account as loaded.
    pub fn profile(&self, account: AccountIx) -> StockRef<'_> {
        let at = usize::try_from(account.0).expect("a dense stock account");
        let range = self.starts[at] as usize..self.starts[at + 1] as usize;
        StockRef {
            days: &self.days[range.clone()],
            cum: &self.cum[range.clone()],
            low: &self.low[range.clone()],
            committed: &self.committed[range],
            consumption: self.consumptions[at],
        }
    }
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
    /// Its date in the table.
    pub due: Day,
    /// How much.
    pub quantity: Quantity,
    /// Cost of one, where it has its own.
    pub unit_cost: Option<Money>,
    /// From whom.
    pub supplier: Option<SupplierIx>,
}

/// All supplies.
#[derive(Debug, Default)]
pub struct Supplies {
    /// Their ids.
    pub names: Names<SupplyIx>,
    /// The order line that a supply is made or bought for, where the table says so.
    pub pegged_to: Vec<(SupplyIx, Box<str>)>,
    /// The account of each.
    pub accounts: Table<SupplyIx, AccountIx>,
    pub(super) by_account: Grouped<AccountRow, Supply>,
}

impl Supplies {
    /// The supplies of an account, by the day on which they count.
    pub fn of(&self, account: AccountIx) -> &[Supply] {
        self.by_account.of(row(account))
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
#[derive(Debug, Default)]
pub struct Demands {
    /// Their ids.
    pub names: Names<DemandIx>,
    /// The source system of each, where given.
    pub sources: Vec<(DemandIx, Box<str>)>,
    pub(super) by_account: Grouped<AccountRow, Demand>,
}

impl Demands {
    /// The demands of an account, by the day on which they count.
    pub fn of(&self, account: AccountIx) -> &[Demand] {
        self.by_account.of(row(account))
    }
}

fn row(account: AccountIx) -> AccountRow {
    // A virtual account has no rows: Grouped answers an index past its end with nothing.
    AccountRow::from_usize(usize::try_from(account.0.min(u64::from(u32::MAX))).expect("capped"))
}

/// Sums dated changes into one a day, in order of day.
pub fn changes_by_day(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| change.day);
    let mut sums: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match sums.last_mut() {
            Some(last) if last.day == change.day => {
                last.net += change.net;
                last.committed += change.committed;
            }
            Some(_) | None => sums.push(change),
        }
    }
    sums
}
