//! The end of a build for stock: rows put where their rules say, account by account, and their profiles.
//!
//! Supplies and demands do not know of each other; of each table the ids are packed beside the rows. What comes out does not
//! depend on how many threads there are.

use super::{
    Builder,
    stock::{Lots, Pending},
    waiting::{NamedRows, WaitingRows},
};
use crate::{
    model::{
        AccountIx, Day, Quantity, Stock,
        packed::{PackedProfiles, ProfilePlace},
    },
    snapshot::{
        columns::{DemandColumns, SupplyColumns},
        count::{Counting, levels_to_changes, sort_demands},
        entries::{Columns, Entries, Packed, Packing},
        forecast::Bucket,
        problem::{Problem, Severity},
        schema::{Column, TableName},
        stock::{Stocks, Supply},
    },
};
use rayon::prelude::*;

/// A row that is so long past due that its rule leaves it out: its number, and its date.
type LeftOut = (u64, Day);

/// What is to be said of the rows of a table, and is nobody's fault.
#[derive(Debug, Default)]
struct Remarks {
    left_out: Vec<LeftOut>,
    after: AfterHorizon,
}

/// Rows that are dated after the horizon: how many, and how much, in millionths.
#[derive(Clone, Copy, Debug, Default)]
struct AfterHorizon {
    n_rows: u64,
    sum: i128,
}

impl AfterHorizon {
    fn add(&mut self, quantity: Quantity) {
        self.n_rows += 1;
        self.sum += i128::from(quantity.raw());
    }

    /// What is to be said of them, if there are any.
    fn warning(self, table: &str, what: &str) -> Option<Problem> {
        let Self { n_rows, sum } = self;
        let sum = Quantity::micros(i64::try_from(sum).unwrap_or(i64::MAX));
        let (rows, are) = if n_rows == 1 { ("row", "is") } else { ("rows", "are") };
        (0 < n_rows).then(|| Problem {
            severity: Severity::Warning,
            table: table.to_string(),
            row: None,
            file: None,
            column: Some("date".to_string()),
            value: String::new(),
            expected: format!("dates within the horizon; {n_rows} {rows} of {sum} in all {are} after it and {what}"),
        })
    }
}

/// What came out of a table.
struct Finished<C: Columns> {
    /// Nothing if two rows have the same key.
    entries: Option<Entries<C>>,
    remarks: Remarks,
    /// Rows whose key an earlier row has.
    twice: Vec<(u64, String)>,
}

impl<C: Columns> Finished<C> {
    /// Puts rows and their ids together, once both are packed.
    fn new(
        waiting: WaitingRows<C>,
        named: NamedRows<C::Index>,
        (packed, mut remarks): (Packed<C>, Remarks),
    ) -> Self {
        remarks.left_out.sort_unstable();
        let twice = waiting.twice(&named);
        let NamedRows { ids, notes, .. } = named;
        let entries = ids.map(|ids| packed.named(ids, (notes, waiting.texts)));
        Self { entries, remarks, twice }
    }
}

impl Builder {
    /// Puts supplies and demands where their rules say, and makes the profiles.
    pub(super) fn finish_stock(&mut self, stocks: &mut Stocks) {
        // What found accounts while tables were read is given back, and what the rows of one table waited in before the
        // next is packed.
        let Pending { lots, supplies, demands, .. } = std::mem::take(&mut self.stock);
        let supplies = Ruled { builder: self, stocks }.supplies(lots, supplies);
        let demands = Ruled { builder: self, stocks }.demands(demands);
        self.note(TableName::Supplies, "past_due_supply_days", &supplies.remarks.left_out);
        self.note(TableName::Demands, "past_due_demand_days", &demands.remarks.left_out);
        let lost = supplies.remarks.after.warning("supplies", "not counted");
        let firm = demands.remarks.after.warning("demands", "taken on its last day");
        lost.into_iter().chain(firm).for_each(|problem| self.problems.push(problem));
        self.note_twice((TableName::Supplies, Column::Supply), supplies.twice);
        self.note_twice((TableName::Demands, Column::Demand), demands.twice);
        if let (Some(supplies), Some(demands)) = (supplies.entries, demands.entries) {
            (self.supplies, self.demands) = (supplies, demands);
            self.finish_profiles(stocks);
        }
    }

    fn note_twice(&mut self, (table, column): (TableName, Column), twice: Vec<(u64, String)>) {
        for (row, key) in twice {
            self.fault_at((table, row), column, &key, "a key that no other row has");
        }
    }

    fn note(&mut self, table: TableName, limit: &str, left_out: &[LeftOut]) {
        for &(row, due) in left_out {
            let age = Day::ZERO.since(due);
            let expected = format!(
                "not older than {limit} of its ATP rule; it is {age} days past due and left out"
            );
            let column = (Some(Column::Date), "");
            self.problem_at(Severity::Warning, (table, row), column, &expected);
        }
    }

    /// Makes the profiles of all accounts, some thousand at a time.
    fn finish_profiles(&mut self, stocks: &mut Stocks) {
        let firsts: Vec<usize> = (0..stocks.len()).step_by(ACCOUNTS_AT_ONCE).collect();
        for firsts in firsts.chunks(RUNS_AT_ONCE) {
            let run = |&first: &usize| {
                let end = stocks.len().min(first + ACCOUNTS_AT_ONCE);
                self.profiles(stocks, first..end)
            };
            let runs: Vec<_> = firsts.par_iter().map(run).collect();
            for (first, run) in firsts.iter().zip(runs) {
                stocks.set_profiles(*first, (&run.profiles, &run.places));
                for (account, buckets) in run.forecasts {
                    self.forecasts.set(account, buckets);
                }
                for account in run.too_much {
                    let item = self.items.names.name(stocks.pair(account).0).to_string();
                    let expected =
                        "supplies and demands of one item and location of at most 1e12 in all";
                    self.fault_at((TableName::Supplies, 0), Column::Quantity, &item, expected);
                }
            }
        }
    }

    fn profiles(&self, stocks: &Stocks, accounts: std::ops::Range<usize>) -> Run {
        let mut run = Run::default();
        for account in accounts.map(|at| AccountIx(at as u64)) {
            let counting = Ruled { builder: self, stocks }.counting(account);
            let supplies = self.supplies.of(account).to_vec();
            let demands = self.demands.of(account).to_vec();
            let stock = counting.profile(&supplies, &demands);
            let (stock, buckets) = stock.unwrap_or_else(|_| {
                run.too_much.push(account);
                (Stock::default(), Vec::new())
            });
            run.places.push(run.profiles.push(stock.as_ref()));
            if !buckets.is_empty() {
                run.forecasts.push((account, buckets));
            }
        }
        run
    }
}

/// Accounts whose profiles are made by one thread at a time, and such runs that wait to be put together.
const ACCOUNTS_AT_ONCE: usize = 1_024;
const RUNS_AT_ONCE: usize = 64;

/// The profiles of accounts that follow each other.
#[derive(Default)]
struct Run {
    profiles: PackedProfiles,
    places: Vec<ProfilePlace>,
    forecasts: Vec<(AccountIx, Vec<Bucket>)>,
    /// Accounts that have more than an account can hold.
    too_much: Vec<AccountIx>,
}

/// The accounts and their rules.
#[derive(Clone, Copy)]
struct Ruled<'a> {
    builder: &'a Builder,
    stocks: &'a Stocks,
}

impl<'a> Ruled<'a> {
    /// By what the rows of an account count.
    fn counting(self, account: AccountIx) -> Counting<'a> {
        let Builder { rules, locations, calendars, classes, epoch, .. } = self.builder;
        let row = self.stocks.row(account).expect("every account has a row");
        let receiving = calendars.of(locations.rows[row.location].receiving);
        Counting { rule: &rules[row.rule], end: epoch.end(), receiving, classes }
    }

    /// Lots come before scheduled supplies of their day, by name.
    fn supplies(
        self,
        lots: Lots,
        mut waiting: WaitingRows<SupplyColumns>,
    ) -> Finished<SupplyColumns> {
        let (starts, order) = waiting.by_account(self.stocks.len());
        let (keys, columns) = waiting.take();
        let rows = || self.supply_rows(lots, (&waiting, columns), (&starts, &order));
        let (named, rows) = rayon::join(|| waiting.named(keys, &order), rows);
        Finished::new(waiting, named, rows)
    }

    fn supply_rows(
        self,
        mut lots: Lots,
        (waiting, columns): (&WaitingRows<SupplyColumns>, SupplyColumns),
        (starts, order): (&[u32], &[u32]),
    ) -> (Packed<SupplyColumns>, Remarks) {
        let n_accounts = self.stocks.len();
        let ranks = lots.ranks();
        let (lot_starts, lot_order) = lots.rows.by_account(n_accounts);
        let mut packing = Packing::new(n_accounts);
        let (mut remarks, mut rows, mut own) = (Remarks::default(), Vec::new(), Vec::new());
        for account in 0..n_accounts {
            let counting = self.counting(AccountIx(account as u64));
            rows.clear();
            own.clear();
            own.extend_from_slice(of(&lot_starts, &lot_order, account));
            own.sort_by_key(|&lot| ranks[lot as usize]);
            rows.extend(own.iter().map(|&lot| lots.rows.columns.get(lot as usize, None)));
            for &at in of(starts, order, account) {
                let id = packing.next_id();
                rows.push(columns.get(at as usize, Some(id)));
            }
            for row in rows.iter_mut().filter(|row| row.day.is_some()) {
                row.day = counting.supply_day(row.kind, row.due);
            }
            let all = of(starts, order, account).iter();
            for (at, row) in all.zip(&rows[own.len()..]) {
                if row.day.is_none() && counting.rule.counts_supply(row.kind) {
                    remarks.left_out.push((waiting.number(*at as usize), row.due));
                }
                if row.day.is_some_and(|day| counting.end <= day) {
                    remarks.after.add(row.quantity);
                }
            }
            rows.sort_by_key(|row: &Supply| row.day);
            packing.push_account(&rows);
        }
        (packing.finish(), remarks)
    }

    fn demands(self, mut waiting: WaitingRows<DemandColumns>) -> Finished<DemandColumns> {
        let (starts, order) = waiting.by_account(self.stocks.len());
        let (keys, columns) = waiting.take();
        let rows = || self.demand_rows((&waiting, columns), (&starts, &order));
        let (named, rows) = rayon::join(|| waiting.named(keys, &order), rows);
        Finished::new(waiting, named, rows)
    }

    fn demand_rows(
        self,
        (waiting, columns): (&WaitingRows<DemandColumns>, DemandColumns),
        (starts, order): (&[u32], &[u32]),
    ) -> (Packed<DemandColumns>, Remarks) {
        let n_accounts = self.stocks.len();
        let mut packing = Packing::new(n_accounts);
        let (mut remarks, mut rows) = (Remarks::default(), Vec::new());
        for account in 0..n_accounts {
            let counting = self.counting(AccountIx(account as u64));
            rows.clear();
            for &at in of(starts, order, account) {
                let at = at as usize;
                let mut row = columns.get(at, Some(packing.next_id()));
                row.day = counting.demand_day(row.kind, row.due);
                if row.day.is_none() && counting.rule.counts_demand(row.kind) {
                    remarks.left_out.push((waiting.number(at), row.due));
                }
                if row.day.is_some_and(|day| day < counting.end && counting.end <= row.due) {
                    remarks.after.add(row.quantity);
                }
                rows.push(row);
            }
            sort_demands(&mut rows);
            levels_to_changes(&mut rows);
            packing.push_account(&rows);
        }
        (packing.finish(), remarks)
    }
}

/// The part of an order that is an account's.
fn of<'a>(starts: &[u32], order: &'a [u32], account: usize) -> &'a [u32] {
    &order[starts[account] as usize..starts[account + 1] as usize]
}
