//! The only way to make a [`Snapshot`]: rows in, every fault noted, the whole checked at the end.
//!
//! Tables come in the order of [`TABLES`](crate::snapshot::schema::TABLES), so a row can be resolved against the tables before
//! it. What refers to its own table, or to later ones, is checked in [`Builder::finish`].

mod allocation;
mod buying;
mod finish;
mod forest;
mod making;
mod operations;
mod master;
mod dates;
mod policy;
mod sourcing;
mod units;
mod waiting;
mod many;
mod stock;
mod packing;

pub use policy::{SettingFault, atp_setting};

use super::{
    ItemIx, LocationIx, Snapshot,
    allocations::Allocations,
    capacity::Capacities,
    cells::{Blank, Cells, OneRow, filled},
    forecast::Forecasts,
    gaps::Gaps,
    item::Items,
    location::{Calendars, Customers, Locations, Methods, Zones},
    making::{Resources, Suppliers, Works},
    mapping::Mapping,
    policy::{AtpRules, Classes},
    problem::{Problem, Problems, Severity},
    row::Row,
    schema::{Column, Schema, TableName},
    sourcing::Sourcing,
    stock::{Demands, Supplies},
    watermark::Watermarks,
};
use crate::model::{Calendar, Day, Epoch};
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::Arc};
use stock::{DEMANDS, SUPPLIES};

/// What a snapshot says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its unique name.
    pub snapshot_id: String,
    /// The date of day 0.
    pub as_of: Date,
    /// How far it looks ahead, in days.
    pub horizon_days: u16,
    /// The one currency of its money.
    pub currency: String,
    /// Up to when each source system is contained.
    pub watermarks: BTreeMap<String, String>,
}

/// What came out of a build: the snapshot if nothing was wrong, and all problems.
#[derive(Debug)]
pub struct Loaded {
    /// The snapshot; none if there was an error.
    pub snapshot: Option<Snapshot>,
    /// Everything that was found.
    pub problems: Problems,
    /// Rows taken, by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Collects tables.
#[derive(Debug)]
pub struct Builder {
    manifest: Manifest,
    watermarks: Watermarks,
    takes_over: bool,
    epoch: Epoch,
    problems: Problems,
    gaps: Gaps,
    rows: BTreeMap<&'static str, u64>,
    blank: BTreeMap<&'static str, Blank>,
    items: Items,
    locations: Locations,
    calendars: Calendars,
    zones: Zones,
    customers: Customers,
    methods: Methods,
    classes: Classes,
    rules: AtpRules,
    resources: Resources,
    works: Works,
    suppliers: Suppliers,
    sourcing: Sourcing,
    allocation: Allocations,
    capacities: Capacities,
    supplies: Supplies,
    demands: Demands,
    forecasts: Forecasts,
    master: master::Pending,
    dates: dates::Pending,
    making: making::Pending,
    operations: operations::Pending,
    buying: buying::Pending,
    routes: sourcing::Pending,
    stock: stock::Pending,
    shares: allocation::Pending,
    units: units::Pending,
}

impl Builder {
    /// A builder without any table.
    pub fn new(manifest: Manifest) -> Self {
        let epoch = Epoch::new(manifest.as_of, manifest.horizon_days);
        let mut problems = Problems::default();
        let read = Watermarks::read(manifest.as_of, &manifest.watermarks);
        let watermarks = read.unwrap_or_else(|found| {
            found.into_iter().for_each(|problem| problems.push(problem));
            Watermarks::none(manifest.as_of)
        });
        let n_days = epoch.n_days() + usize::from(crate::limits::CALENDAR_TAIL_DAYS);
        Self {
            manifest,
            watermarks,
            takes_over: true,
            epoch,
            problems,
            gaps: Gaps::default(),
            rows: BTreeMap::new(),
            blank: BTreeMap::new(),
            items: Items::default(),
            locations: Locations::default(),
            calendars: Calendars {
                every_day: Arc::new(Calendar::every_day(n_days)),
                ..Calendars::default()
            },
            zones: Zones::default(),
            customers: Customers::default(),
            methods: Methods::default(),
            classes: Classes::default(),
            rules: AtpRules::default(),
            resources: Resources::default(),
            works: Works::default(),
            suppliers: Suppliers::default(),
            sourcing: Sourcing::default(),
            allocation: Allocations::default(),
            capacities: Capacities::default(),
            supplies: Supplies::default(),
            demands: Demands::default(),
            forecasts: Forecasts::default(),
            master: master::Pending::default(),
            dates: dates::Pending::default(),
            making: making::Pending::default(),
            operations: operations::Pending::default(),
            buying: buying::Pending::default(),
            routes: sourcing::Pending::default(),
            stock: stock::Pending::default(),
            shares: allocation::Pending::default(),
            units: units::Pending::default(),
        }
    }

    /// Only supply that names its order line takes the place of what was planned for promises.
    pub fn set_pegged_only(&mut self) {
        self.takes_over = false;
    }

    /// Spells out all problems, however many there are.
    pub fn list_all(&mut self) {
        self.problems.list_all();
    }

    /// Notes a fault that the loader found.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Starts a table, or a further file of it: finds the schema's columns in the header.
    pub fn open(&mut self, schema: &'static Schema, header: &[&str]) -> Mapping {
        self.rows.entry(schema.name).or_insert(0);
        if !matches!(schema.name, "items" | "uom_conversions") {
            self.settle_units();
        }
        let mapping = Mapping::new(schema, header, &mut self.problems);
        if !mapping.is_usable() {
            self.lose_rest(schema);
        }
        mapping
    }

    /// Notes that a table is not there at all, before others refer to it.
    pub fn miss(&mut self, schema: &'static Schema) {
        self.fault_at((table_of(schema), 0), None, "", "this table; a snapshot needs it");
        self.lose_rest(schema);
    }

    /// Notes that nobody knows which rows a table has; why is a problem of its own.
    pub fn lose_rest(&mut self, schema: &'static Schema) {
        self.gaps.lose_rest(table_of(schema));
    }

    /// Notes that a row of a table could not be read; its name is one of these texts.
    pub fn lose_row<'a>(&mut self, schema: &'static Schema, texts: impl Iterator<Item = &'a str>) {
        self.gaps.lose_row(table_of(schema), texts);
    }

    /// Takes one row; the cells stand in the file's order, `number` counts the table's rows from 1.
    pub fn row(&mut self, mapping: &Mapping, number: u64, cells: &[Option<&str>]) {
        self.rows(mapping, number, &OneRow(cells));
    }

    /// Takes rows that follow each other, the first of this number.
    pub fn rows(&mut self, mapping: &Mapping, first: u64, rows: &dyn Cells) {
        if !mapping.is_usable() {
            return;
        }
        let mut blank = self.blank.get(mapping.schema.name).copied();
        for (first, run) in filled(mapping, first, rows, &mut blank) {
            self.filled(mapping, first, &run);
        }
        if let Some(blank) = blank {
            self.blank.insert(mapping.schema.name, blank);
        }
    }

    /// Takes rows that follow each other, none of which is blank.
    fn filled(&mut self, mapping: &Mapping, first: u64, rows: &dyn Cells) {
        *self.rows.entry(mapping.schema.name).or_default() += rows.n_rows() as u64;
        match mapping.schema.table {
            Some(TableName::Supplies) => self.many(mapping, first, rows, &SUPPLIES),
            Some(TableName::Demands) => self.many(mapping, first, rows, &DEMANDS),
            _ => (0..rows.n_rows())
                .zip(first..)
                .for_each(|(at, number)| self.one(mapping, number, (rows, at))),
        }
    }

    /// Takes the row at a position among others.
    fn one(&mut self, mapping: &Mapping, number: u64, place: (&dyn Cells, usize)) {
        let mut problems = std::mem::take(&mut self.problems);
        let mut gaps = std::mem::take(&mut self.gaps);
        let mut row = Row::new(mapping, number, place, &mut problems).knowing(&gaps);
        let table = table_of(mapping.schema);
        self.read(table, &mut row);
        // Rules are named by their rows together, and only by those without a fault.
        let is_rule = matches!(table, TableName::SourcingRules | TableName::AllocationRules);
        let lost = (is_rule && row.is_faulty()).then(|| row.text(Column::Rule).to_string());
        if let Some(key) = lost {
            gaps.lose_row(table, std::iter::once(key.as_str()));
        }
        (self.problems, self.gaps) = (problems, gaps);
    }

    fn read(&mut self, table: TableName, row: &mut Row<'_>) {
        match table {
            TableName::Calendars => self.calendar(row),
            TableName::CalendarExceptions => self.calendar_exception(row),
            TableName::Zones => self.zone(row),
            TableName::DemandClasses => self.demand_class(row),
            TableName::Customers => self.customer(row),
            TableName::AtpRules => self.atp_rule(row),
            TableName::Items => self.item(row),
            TableName::UomConversions => self.uom_conversion(row),
            TableName::Locations => self.location(row),
            TableName::AtpRuleAssignments => self.atp_rule_assignment(row),
            TableName::ShippingLanes => self.shipping_lane(row),
            TableName::LocationCutoffs => self.location_cutoff(row),
            TableName::Resources => self.resource(row),
            TableName::ResourceCapacity => self.resource_capacity(row),
            TableName::ResourceLoad => self.resource_load(row),
            TableName::WorkDefinitions => self.work_definition(row),
            TableName::WorkDefinitionComponents => self.component(row),
            TableName::WorkDefinitionOperations => self.operation(row),
            TableName::Suppliers => self.supplier(row),
            TableName::ItemSuppliers => self.item_supplier(row),
            TableName::SupplierCapacity => self.supplier_capacity(row),
            TableName::SourcingRules => self.sourcing_rule(row),
            TableName::SourcingAssignments => self.sourcing_assignment(row),
            TableName::ItemSubstitutes => self.item_substitute(row),
            TableName::AllocationRules => self.allocation_rule(row),
            TableName::AllocationAssignments => self.allocation_assignment(row),
            TableName::OnHand => self.on_hand(row),
            TableName::Supplies => self.supply(row),
            TableName::Demands => self.demand(row),
        }
    }

    /// A fault of a whole row that only shows when all tables are there.
    fn fault_at(
        &mut self,
        at: (TableName, u64),
        column: impl Into<Option<Column>>,
        value: &str,
        expected: &str,
    ) {
        self.problem_at(Severity::Error, at, (column.into(), value), expected);
    }

    /// Something to be said of a whole row that only shows when all tables are there.
    fn problem_at(
        &mut self,
        severity: Severity,
        (table, row): (TableName, u64),
        (column, value): (Option<Column>, &str),
        expected: &str,
    ) {
        self.problems.push(Problem {
            severity,
            table: table.name().to_string(),
            row: (row != 0).then_some(row),
            file: None,
            column: column.map(|column| column.name().to_string()),
            value: value.to_string(),
            expected: expected.to_string(),
        });
    }

    /// The day of a date.
    fn day(&self, date: Date) -> Day {
        self.epoch.day(date)
    }
}

/// Which table of a snapshot this is.
fn table_of(schema: &Schema) -> TableName {
    schema.table.expect("a builder is given tables of a snapshot")
}

/// An item at a location, as rows name it.
type Pair = (ItemIx, LocationIx);
