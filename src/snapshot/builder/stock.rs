//! Rows of stock as they come: on hand, scheduled supplies, demands.

use super::{Builder, Pair, many::TableReader, waiting::WaitingRows};
use crate::{
    model::{Day, Index, Quantity},
    snapshot::{
        DemandIx, LocationIx,
        columns::{DemandColumns, SupplyColumns},
        entries::Columns,
        kinds::{DEMAND_KINDS, DemandKind, SUPPLY_KINDS, SupplyKind},
        row::Row,
        schema::Column,
        stock::{Demand, StockRow, Supply},
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts and what happens on them, until all tables are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Look-up only; iteration goes by `pairs`.
    accounts: HashMap<Pair, u32, FxBuildHasher>,
    pairs: Vec<(Pair, bool)>,
    /// The account that was named last: rows of one account mostly follow each other.
    last: Option<(Pair, u32)>,
    pub(super) lots: Lots,
    pub(super) supplies: WaitingRows<SupplyColumns>,
    pub(super) demands: WaitingRows<DemandColumns>,
    levels: BTreeSet<(u32, Day)>,
}

/// The first row of a lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum First {
    #[default]
    None,
    Row(u64),
    /// A second one has come, and both are faults.
    Twice,
}

/// Stock on hand, lot by lot.
#[derive(Debug, Default)]
pub(super) struct Lots {
    pub(super) rows: WaitingRows<SupplyColumns>,
    /// The lot of an account that has no name.
    unnamed: Vec<First>,
    /// Each lot with a name, and its position.
    named: BTreeMap<(u32, Box<str>), (First, u32)>,
}

impl Lots {
    /// Notes the lot that comes next, in this row; tells the first of that name on the account, if there was one.
    fn name(&mut self, account: u32, lot: &str, row: u64) -> First {
        let first = if lot.is_empty() {
            let account = account as usize;
            if self.unnamed.len() <= account {
                self.unnamed.resize(account + 1, First::None);
            }
            &mut self.unnamed[account]
        } else {
            let at = u32::try_from(self.rows.len()).expect("tables are capped below u32::MAX rows");
            // The first of a name keeps its place.
            &mut self.named.entry((account, lot.into())).or_insert((First::None, at)).0
        };
        let next = if *first == First::None { First::Row(row) } else { First::Twice };
        std::mem::replace(first, next)
    }

    /// For each lot its place among all by account and name, those without a name being first.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.rows.len()];
        for (rank, (_, at)) in (1..).zip(self.named.values()) {
            ranks[*at as usize] = rank;
        }
        ranks
    }
}

impl Pending {
    /// The account of a pair, opened if it is new; `keeps` says that a table names both.
    pub(super) fn name_pair(&mut self, pair: Pair, keeps: bool) {
        let at = self.account(pair);
        self.pairs[at as usize].1 |= keeps;
    }

    fn account(&mut self, pair: Pair) -> u32 {
        if let Some((last, at)) = self.last
            && last == pair
        {
            return at;
        }
        let at = *self.accounts.entry(pair).or_insert_with(|| {
            self.pairs.push((pair, false));
            u32::try_from(self.pairs.len() - 1).expect("fewer than u32::MAX accounts")
        });
        self.last = Some((pair, at));
        at
    }

    fn keeper(&mut self, pair: Pair) -> u32 {
        let at = self.account(pair);
        self.pairs[at as usize].1 = true;
        at
    }

    fn take_supply(&mut self, (pair, supply): (Pair, Supply), row: &Row<'_>) {
        let account = self.keeper(pair);
        self.supplies.push_key(row.text(Column::Supply), row.text(Column::Demand));
        self.supplies.push(account, &supply, row.number());
    }

    fn take_demand(&mut self, (pair, demand): (Pair, Demand), row: &Row<'_>) {
        let account = self.keeper(pair);
        self.demands.push_key(row.text(Column::Demand), row.text(Column::Source));
        self.demands.push(account, &demand, row.number());
    }
}

impl Builder {
    pub(super) fn on_hand(&mut self, row: &mut Row<'_>) {
        let item = row.reference(Column::Item, &self.items.names);
        let location = row.reference(Column::Location, &self.locations.names);
        let quantity = row.signed(Column::Quantity);
        let quantity = self.keep(item, quantity, (Column::Quantity, row));
        if quantity < Quantity::ZERO {
            row.warn(Column::Quantity, "a quantity that is not negative; the lots of an item and location are added up with it");
        }
        let lot = row.text(Column::Lot);
        let expires_on = row.date_or_none(Column::ExpiresOn).map(|date| self.day(date));
        let expired = expires_on.is_some_and(|day| day <= Day::ZERO);
        if expired {
            row.warn(Column::ExpiresOn, "a lot that has not expired; this one is left out");
        } else if expires_on.is_some_and(|day| day < self.epoch.end()) {
            row.warn(
                Column::ExpiresOn,
                "a lot that outlasts the horizon; this one counts in full until then",
            );
        }
        let on_hold = row
            .choice_or_none(Column::Status, &[("available", false), ("hold", true)])
            .unwrap_or(false);
        if on_hold {
            row.warn(Column::Status, "available stock; this lot is on hold and left out");
        }
        if row.is_faulty() {
            return;
        }
        let account = self.stock.keeper((item, location));
        let key = [Column::Item, Column::Location, Column::Lot];
        let one = "one row an item, location and lot; give each lot a name, or add them up";
        match self.stock.lots.name(account, lot, row.number()) {
            First::None => {}
            // Two shelves: neither is the stock.
            First::Row(earlier) => return row.fault_of_both(earlier, &key, one),
            First::Twice => return row.fault_of_key(&key, one),
        }
        let counts = !expired && !on_hold;
        let supply = Supply {
            supply: None,
            kind: SupplyKind::OnHand,
            day: counts.then_some(Day::ZERO),
            due: if counts { Day::ZERO } else { Day(i32::MIN) },
            quantity,
            unit_cost: None,
            supplier: None,
        };
        self.stock.lots.rows.push(account, &supply, row.number());
    }

    /// Reads a scheduled supply; nothing where it is faulty.
    fn read_supply(&self, row: &mut Row<'_>) -> Option<(Pair, Supply)> {
        row.key(Column::Supply);
        let kind = row.choice_or_none(Column::Type, SUPPLY_KINDS);
        if kind.is_none_or(|kind| kind == SupplyKind::OnHand) && !row.is_faulty() {
            row.fault(Column::Type, "a kind of scheduled supply; stock on hand has its own table");
        }
        let item = row.reference(Column::Item, &self.items.names);
        let location = row.reference(Column::Location, &self.locations.names);
        let due = self.day(row.date(Column::Date));
        let quantity = row.quantity(Column::Quantity);
        let quantity = self.keep(item, quantity, (Column::Quantity, row));
        let supplier = row.reference_or_none(Column::Supplier, &self.suppliers.names);
        let unit_cost = row.money_or_none(Column::UnitCost);
        // Not kept, but not to be mistyped either.
        row.flag(Column::Firm, true);
        let kind = kind.filter(|_| !row.is_faulty())?;
        // Its index is known when all rows are there.
        let supply =
            Supply { supply: None, kind, day: Some(due), due, quantity, unit_cost, supplier };
        Some(((item, location), supply))
    }

    pub(super) fn supply(&mut self, row: &mut Row<'_>) {
        match self.read_supply(row) {
            Some(read) => self.stock.take_supply(read, row),
            None => self.stock.supplies.push_stray(Column::Supply, row),
        }
    }

    /// Reads a demand; nothing where it is faulty.
    fn read_demand(&self, row: &mut Row<'_>) -> Option<(Pair, Demand)> {
        row.key(Column::Demand);
        let item = row.reference(Column::Item, &self.items.names);
        let location = row.reference(Column::Location, &self.locations.names);
        let due = self.day(row.date(Column::Date));
        let quantity = row.quantity(Column::Quantity);
        let quantity = self.keep(item, quantity, (Column::Quantity, row));
        let revision = row.whole_or_none(Column::Revision, 0, i32::MAX).unwrap_or(0);
        let kind = row.choice_or_none(Column::Type, DEMAND_KINDS).unwrap_or(DemandKind::SalesOrder);
        let customer = row.reference_or_none(Column::Customer, &self.customers.names);
        let own_class = row.reference_or_none(Column::DemandClass, &self.classes.names);
        let priority = row.whole_or_none(Column::Priority, -1_000_000_000, 1_000_000_000);
        // Not kept, but not to be mistyped either.
        row.date_or_none(Column::RequestedDate);
        row.money_or_none(Column::UnitPrice);
        row.other_or_none(Column::CreatedAt, moment);
        if row.is_faulty() {
            return None;
        }
        let of_customer = || customer.and_then(|customer| self.customers.rows[customer].class);
        let class = own_class.or_else(of_customer);
        // Its index is known when all rows are there.
        let demand = DemandIx::from_usize(0);
        let day = Some(due);
        let demand =
            Demand { demand, kind, day, due, quantity, customer, class, priority, revision };
        Some(((item, location), demand))
    }

    pub(super) fn demand(&mut self, row: &mut Row<'_>) {
        let Some((pair, demand)) = self.read_demand(row) else {
            self.stock.demands.push_stray(Column::Demand, row);
            return;
        };
        let account = self.stock.keeper(pair);
        let is_level = demand.kind == DemandKind::SafetyStock;
        if is_level && !self.stock.levels.insert((account, demand.due)) {
            let key = [Column::Item, Column::Location, Column::Date];
            row.fault_of_key(&key, "one safety stock level an item, location and date");
            self.stock.demands.push_stray(Column::Demand, row);
            return;
        }
        self.stock.take_demand((pair, demand), row);
    }

    /// Accounts that planning needs though no table names the pair: components where they are used,
    /// and where transfers come from.
    pub(super) fn close_pairs(&mut self) {
        let mut pairs = Vec::new();
        for (work, row) in self.sound_works() {
            pairs.extend(self.works.goods(work).map(|item| (item, row.location)));
        }
        for pair in pairs {
            self.stock.account(pair);
        }
    }

    /// The accounts, in the order in which they were named.
    pub(super) fn stock_rows(&self) -> Vec<StockRow> {
        let row = |&((item, location), keeps): &(Pair, bool)| {
            let rule = self.rules.of_pair(item, self.items.category(item), location);
            StockRow { item, location, rule, keeps }
        };
        self.stock.pairs.iter().map(row).collect()
    }

    /// The snapshot's sales orders take from the order lines a day of their house (semantics 11).
    pub(super) fn sales_orders(&self) -> impl Iterator<Item = (LocationIx, Day)> {
        let demands = &self.stock.demands;
        // Which one it is is not asked here.
        let row = |at| {
            let any = Some(DemandIx::from_usize(0));
            (demands.accounts[at], demands.columns.get(at, any))
        };
        let sales =
            (0..demands.len()).map(row).filter(|(_, demand)| demand.kind == DemandKind::SalesOrder);
        let place = |(account, demand): (u32, Demand)| {
            let ((_, location), _) = self.stock.pairs[account as usize];
            (location, demand.due.max(Day::ZERO))
        };
        sales.map(place)
    }
}

/// Scheduled supplies, many at a time.
pub(super) const SUPPLIES: TableReader<(Pair, Supply)> =
    TableReader { read: Builder::read_supply, take: Pending::take_supply };

/// Demands, many at a time; a safety stock level depends on those before it.
pub(super) const DEMANDS: TableReader<(Pair, Demand)> = TableReader {
    read: |builder, row| {
        let read = builder.read_demand(row);
        read.filter(|(_, demand)| demand.kind != DemandKind::SafetyStock)
    },
    take: Pending::take_demand,
};

/// A point in time: a date, or a date with a time.
fn moment(text: &str) -> Result<(), String> {
    let is_moment = text.parse::<jiff::Timestamp>().is_ok()
        || text.parse::<jiff::civil::DateTime>().is_ok()
        || text.parse::<jiff::civil::Date>().is_ok();
    is_moment
        .then_some(())
        .ok_or_else(|| "a point in time such as 2026-11-23T14:30:00Z".to_string())
}
