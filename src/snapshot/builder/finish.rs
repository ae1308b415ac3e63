//! The end of a build: what could only be checked with all tables there, then the indices.

use super::{Builder, Loaded, table_of};
use crate::{
    model::{AccountIx, Index, Table, index::Grouped, stored::Stored},
    snapshot::{
        Adopted, LocationIx, Snapshot,
        capacity::{CapacityRow, Owner},
        location::Lanes,
        schema::TABLES,
        sources::resolve_sources,
        sourcing::{AccountRow, Source},
        stock::Stocks,
    },
};
use rayon::prelude::*;

impl Builder {
    /// Checks the whole and makes the snapshot, if nothing is wrong with it.
    ///
    /// References from table to table are checked even when rows were bad, so one run finds all faults.
    pub fn finish(mut self) -> Loaded {
        for schema in TABLES.iter().filter(|schema| schema.required) {
            if !self.rows.contains_key(schema.name) && self.gaps.is_whole(table_of(schema)) {
                self.miss(schema);
            }
        }
        for (table, blank) in std::mem::take(&mut self.blank) {
            self.problems.push(blank.warning(table));
        }
        self.problems.tell_unchecked();
        self.finish_master();
        debug_assert!(self.in_step(), "a row that defines a key is kept, be it faulty");
        self.finish_making();
        self.finish_buying();
        self.finish_sourcing();
        self.open_houses();
        self.close_pairs();
        let mut stocks = Stocks::new(self.stock_rows(), self.items.names.len());
        self.finish_allocation(&stocks);
        self.finish_stock(&mut stocks);
        stocks.shrink();
        if 0 < self.problems.errors() {
            return Loaded { snapshot: None, problems: self.problems, rows: self.rows };
        }
        self.assemble(stocks)
    }

    fn in_step(&self) -> bool {
        let pairs = [
            (self.items.names.len(), self.items.n_rows()),
            (self.locations.names.len(), self.locations.rows.len()),
            (self.customers.names.len(), self.customers.rows.len()),
            (self.zones.names.len(), self.zones.parents.len()),
            (self.classes.names.len(), self.classes.rows.len()),
            (self.works.names.len(), self.works.rows.len()),
            (self.resources.names.len(), self.resources.rows.len()),
            (self.suppliers.names.len(), self.suppliers.rows.len()),
            (self.rules.names.len(), self.rules.len()),
        ];
        pairs.iter().all(|(names, rows)| names == rows)
    }

    fn open_houses(&mut self) {
        let mut houses: Table<LocationIx, Option<_>> =
            Table::new(vec![None; self.locations.names.len()]);
        let is_limited = !self.master.houses.is_empty();
        for (location, lines) in std::mem::take(&mut self.master.houses) {
            let row = CapacityRow::new(Owner::House(location), lines, None);
            houses[location] = Some(self.capacities.push(row));
        }
        let of_house = |(location, day)| Some((houses[location]?, day));
        let sales = is_limited.then(|| self.sales_orders().filter_map(of_house).collect());
        for (house, day) in sales.unwrap_or_else(Vec::new) {
            self.capacities[house].taken.push((day, crate::model::Quantity::ONE));
        }
        self.capacities.set_houses(houses);
    }

    fn assemble(mut self, stocks: Stocks) -> Loaded {
        self.items.shrink();
        self.capacities.shrink();
        self.customers.names.shrink();
        let lanes = std::mem::take(&mut self.master.lanes);
        let lanes: Vec<(LocationIx, _)> =
            lanes.into_iter().map(|((origin, ..), lane)| (origin, lane)).collect();
        let lanes = Lanes::new(self.locations.names.len(), lanes, &self.methods);
        let mut snapshot = Snapshot {
            id: self.manifest.snapshot_id.into(),
            epoch: self.epoch,
            currency: self.manifest.currency.into(),
            changes: 0,
            watermarks: self.watermarks,
            takes_over: self.takes_over,
            sum: None,
            adopted: Adopted::default(),
            items: self.items,
            locations: self.locations,
            calendars: self.calendars,
            zones: self.zones,
            customers: self.customers,
            lanes,
            methods: self.methods,
            classes: self.classes,
            rules: self.rules,
            resources: self.resources,
            works: self.works,
            suppliers: self.suppliers,
            sourcing: self.sourcing,
            allocation: self.allocation,
            capacities: self.capacities,
            stocks,
            supplies: self.supplies,
            demands: self.demands,
            forecasts: self.forecasts,
        };
        snapshot.sourcing.of_account = local_sources(&snapshot);
        Loaded { snapshot: Some(snapshot), problems: self.problems, rows: self.rows }
    }
}

/// Accounts whose sources are resolved by one thread at a time.
const ACCOUNTS_AT_ONCE: usize = 4_096;

/// The local sources of every account, resolved once.
fn local_sources(snapshot: &Snapshot) -> Grouped<AccountRow, Source> {
    let n_accounts = snapshot.stocks.len();
    let run = |first: usize| {
        let (mut sources, mut of_account) = (Vec::new(), Vec::new());
        for account in first..n_accounts.min(first + ACCOUNTS_AT_ONCE) {
            let (item, location) = snapshot.stocks.pair(AccountIx(account as u64));
            resolve_sources(snapshot, item, location, &mut of_account);
            let at = AccountRow::from_usize(account);
            sources.extend(of_account.drain(..).map(|source| (at, source)));
        }
        sources
    };
    let firsts: Vec<usize> = (0..n_accounts).step_by(ACCOUNTS_AT_ONCE).collect();
    let runs: Vec<Vec<_>> = firsts.into_par_iter().map(run).collect();
    let mut sources = Vec::with_capacity(runs.iter().map(Vec::len).sum());
    runs.into_iter().for_each(|run| sources.extend(run));
    Grouped::new(n_accounts, sources)
}
