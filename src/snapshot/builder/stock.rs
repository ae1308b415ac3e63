//! Rows of stock: on hand, scheduled supplies, demands; and the base profiles made of them.

use super::{Builder, Pair};
use crate::{
    model::{AccountIx, Day, Index, Stock, index::Grouped},
    snapshot::{
        DemandIx, SupplyIx,
        count::{demand_day, levels_to_changes, profile, sort_demands, supply_day},
        kinds::{DEMAND_KINDS, DemandKind, SUPPLY_KINDS, SupplyKind},
        problem::{Problem, Severity},
        row::Row,
        sourcing::AccountRow,
        stock::{Demand, StockRow, Stocks, Supply},
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Accounts and what happens on them, until all tables are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Look-up only; iteration goes by `pairs`.
    accounts: HashMap<Pair, u32, FxBuildHasher>,
    pairs: Vec<(Pair, bool)>,
    supplies: Vec<(AccountRow, Supply, u32)>,
    demands: Vec<(AccountRow, Demand, u32)>,
    /// The position of each lot's row in `supplies`.
    lots: BTreeMap<(u32, Box<str>), usize>,
    levels: BTreeSet<(u32, Day)>,
}

impl Pending {
    /// The account of a pair, opened if it is new; `keeps` says that a table names both.
    pub(super) fn name_pair(&mut self, pair: Pair, keeps: bool) {
        let at = self.account(pair);
        self.pairs[at as usize].1 |= keeps;
    }

    fn account(&mut self, pair: Pair) -> u32 {
        *self.accounts.entry(pair).or_insert_with(|| {
            self.pairs.push((pair, false));
            u32::try_from(self.pairs.len() - 1).expect("fewer than u32::MAX accounts")
        })
    }

    /// All supplies, stock on hand lot by lot.
    fn take_supplies(&mut self) -> Vec<(AccountRow, Supply, u32)> {
        let mut supplies = std::mem::take(&mut self.supplies);
        let mut places: Vec<usize> = self.lots.values().copied().collect();
        let lots: Vec<_> = places.iter().map(|&at| supplies[at]).collect();
        places.sort_unstable();
        for (at, lot) in places.into_iter().zip(lots) {
            supplies[at] = lot;
        }
        supplies
    }

    fn keeper(&mut self, pair: Pair) -> u32 {
        let at = self.account(pair);
        self.pairs[at as usize].1 = true;
        at
    }
}

impl Builder {
    pub(super) fn on_hand(&mut self, row: &mut Row<'_>) {
        let item = row.reference(&self.items.names, "item");
        let location = row.reference(&self.locations.names, "location");
        let quantity = row.quantity();
        let lot = row.text();
        let expires_on = row.date_or_none().map(|date| self.day(date));
        let expired = expires_on.is_some_and(|day| day <= Day::ZERO);
        if expired {
            row.warn("a lot that has not expired; this one is left out");
        } else if expires_on.is_some_and(|day| day < self.epoch.end()) {
            row.warn("a lot that outlasts the horizon; this one counts in full until then");
        }
        let on_hold = row.choice_or_none(&[("available", false), ("hold", true)]).unwrap_or(false);
        if on_hold {
            row.warn("available stock; this lot is on hold and left out");
        }
        if row.is_faulty() {
            return;
        }
        let account = self.stock.keeper((item, location));
        let at = self.stock.supplies.len();
        if self.stock.lots.insert((account, lot.into()), at).is_some() {
            row.fault("one row an item, location and lot");
            return;
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
        self.stock.supplies.push((AccountRow::from_usize(account as usize), supply, number(row)));
    }

    pub(super) fn supply(&mut self, row: &mut Row<'_>) {
        let id: SupplyIx = row.define(&mut self.supplies.names);
        let kind = row.choice_or_none(SUPPLY_KINDS);
        if kind.is_none_or(|kind| kind == SupplyKind::OnHand) && !row.is_faulty() {
            row.fault("a kind of scheduled supply; stock on hand has its own table");
        }
        let item = row.reference(&self.items.names, "item");
        let location = row.reference(&self.locations.names, "location");
        let due = self.day(row.date());
        let quantity = row.quantity();
        let supplier = row.reference_or_none(&self.suppliers.names, "supplier");
        let unit_cost = row.money_or_none();
        row.flag(true);
        let pegged_to = row.text();
        let Some(kind) = kind.filter(|_| !row.is_faulty()) else {
            return;
        };
        let account = self.stock.keeper((item, location));
        let supply =
            Supply { supply: Some(id), kind, day: Some(due), due, quantity, unit_cost, supplier };
        self.stock.supplies.push((AccountRow::from_usize(account as usize), supply, number(row)));
        self.supplies.accounts.push(AccountIx(u64::from(account)));
        if !pegged_to.is_empty() {
            Arc::make_mut(&mut self.supplies.pegged_to).push((id, pegged_to.into()));
        }
    }

    pub(super) fn demand(&mut self, row: &mut Row<'_>) {
        let id: DemandIx = row.define(&mut self.demands.names);
        let item = row.reference(&self.items.names, "item");
        let location = row.reference(&self.locations.names, "location");
        let due = self.day(row.date());
        let quantity = row.quantity();
        let revision = row.whole_or_none(0, i32::MAX).unwrap_or(0);
        let kind = row.choice_or_none(DEMAND_KINDS).unwrap_or(DemandKind::SalesOrder);
        let customer = row.reference_or_none(&self.customers.names, "customer");
        let own_class = row.reference_or_none(&self.classes.names, "demand class");
        let priority = row.whole_or_none(-1_000_000_000, 1_000_000_000);
        row.date_or_none();
        row.money_or_none();
        row.other_or_none(moment);
        let source = row.text();
        if row.is_faulty() {
            return;
        }
        let account = self.stock.keeper((item, location));
        if kind == DemandKind::SafetyStock && !self.stock.levels.insert((account, due)) {
            row.fault("one safety stock level an item, location and date");
            return;
        }
        let of_customer = || customer.and_then(|customer| self.customers.rows[customer].class);
        let class = own_class.or_else(of_customer);
        let demand = Demand {
            demand: id,
            kind,
            day: Some(due),
            due,
            quantity,
            customer,
            class,
            priority,
            revision,
        };
        self.stock.demands.push((AccountRow::from_usize(account as usize), demand, number(row)));
        self.demands.accounts.push(AccountIx(u64::from(account)));
        if !source.is_empty() {
            Arc::make_mut(&mut self.demands.sources).push((id, source.into()));
        }
    }

    /// Accounts that planning needs though no table names the pair: components where they are used,
    /// and where transfers come from.
    pub(super) fn close_pairs(&mut self) {
        for (work, row) in self.works.rows.iter() {
            for component in self.works.components.of(work) {
                self.stock.account((component.item, row.location));
                for substitute in &component.substitutes {
                    self.stock.account((substitute.item, row.location));
                }
            }
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

    /// Puts supplies and demands where their rules say, and makes the profiles.
    pub(super) fn finish_stock(&mut self, stocks: &mut Stocks) {
        let n_accounts = stocks.len();
        let mut supplies = self.stock.take_supplies();
        for (account, supply, row) in &mut supplies {
            let rule = &self.rules[stocks_rule(stocks, *account)];
            if supply.day.is_some() {
                supply.day = supply_day(rule, supply.kind, supply.due);
                if supply.day.is_none() && rule.counts_supply(supply.kind) {
                    let limit = "past_due_supply_days";
                    self.problems.push(left_out("supplies", *row, supply.due, limit));
                }
            }
        }
        let mut demands = std::mem::take(&mut self.stock.demands);
        for (account, demand, row) in &mut demands {
            let rule = &self.rules[stocks_rule(stocks, *account)];
            demand.day = demand_day(rule, demand.kind, demand.due);
            if demand.day.is_none() && rule.counts_demand(demand.kind) {
                let limit = "past_due_demand_days";
                self.problems.push(left_out("demands", *row, demand.due, limit));
            }
        }
        supplies.sort_by_key(|(_, supply, _)| supply.day);
        let group = |(account, supply, _)| (account, supply);
        self.supplies.by_account =
            Grouped::new(n_accounts, supplies.into_iter().map(group).collect());
        self.demands.by_account = Grouped::new(n_accounts, by_account(demands));
        for at in 0..n_accounts {
            self.push_profile(stocks, AccountRow::from_usize(at));
        }
    }

    fn push_profile(&mut self, stocks: &mut Stocks, account: AccountRow) {
        let rule = &self.rules[stocks_rule(stocks, account)];
        let supplies = self.supplies.by_account.of(account);
        let demands = self.demands.by_account.of(account);
        let stock = profile(rule, self.epoch.end(), supplies, demands).unwrap_or_else(|_| {
            let pair = stocks.pair(account_ix(account));
            let item = self.items.names.name(pair.0).to_string();
            let expected = "supplies and demands of one item and location of at most 1e12 in all";
            self.fault_at(("supplies", 0), "quantity", &item, expected);
            Stock::default()
        });
        stocks.push_profile(stock.as_ref());
    }

    /// The snapshot's sales orders take from the order lines a day of their house (semantics 11).
    pub(super) fn sales_orders_by_house(&self) -> Vec<(crate::snapshot::LocationIx, Day)> {
        let sales = self
            .stock
            .demands
            .iter()
            .filter(|(_, demand, _)| demand.kind == DemandKind::SalesOrder);
        let place = |(account, demand, _): &(AccountRow, Demand, u32)| {
            let ((_, location), _) = self.stock.pairs[account.to_usize()];
            (location, demand.due.max(Day::ZERO))
        };
        sales.map(place).collect()
    }
}

fn number(row: &Row<'_>) -> u32 {
    u32::try_from(row.number()).unwrap_or(u32::MAX)
}

fn account_ix(account: AccountRow) -> AccountIx {
    AccountIx(account.to_usize() as u64)
}

fn stocks_rule(stocks: &Stocks, account: AccountRow) -> crate::snapshot::RuleIx {
    stocks.row(account_ix(account)).expect("every account has a row").rule
}

/// The demands account by account, each in the order in which they are looked up.
fn by_account(demands: Vec<(AccountRow, Demand, u32)>) -> Vec<(AccountRow, Demand)> {
    let mut demands: Vec<_> =
        demands.into_iter().map(|(account, demand, _)| (account, demand)).collect();
    demands.sort_by_key(|(account, _)| *account);
    let mut sorted = Vec::with_capacity(demands.len());
    let mut of_one = Vec::new();
    for chunk in demands.chunk_by(|(one, _), (next, _)| one == next) {
        of_one.clear();
        of_one.extend(chunk.iter().map(|(_, demand)| *demand));
        sort_demands(&mut of_one);
        levels_to_changes(&mut of_one);
        sorted.extend(of_one.iter().map(|demand| (chunk[0].0, *demand)));
    }
    sorted
}

fn left_out(table: &str, row: u32, due: Day, limit: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        table: table.to_string(),
        row: Some(u64::from(row)),
        column: Some("date".to_string()),
        value: String::new(),
        expected: format!(
            "not older than {limit} of its ATP rule; it is {} days past due and left out",
            Day::ZERO.since(due)
        ),
    }
}

/// A point in time: a date, or a date with a time.
fn moment(text: &str) -> Result<(), String> {
    let is_moment = text.parse::<jiff::Timestamp>().is_ok()
        || text.parse::<jiff::civil::DateTime>().is_ok()
        || text.parse::<jiff::civil::Date>().is_ok();
    is_moment
        .then_some(())
        .ok_or_else(|| "a point in time such as 2026-11-23T14:30:00Z".to_string())
}
