//! The only way to make a [`Snapshot`]: rows in, every fault noted, the whole checked at the end.
//!
//! Tables come in the order of [`schema::TABLES`], so a row can be resolved against the tables before
//! it. What refers to its own table, or to later ones, is checked in [`Builder::finish`].

mod allocation;
mod buying;
mod finish;
mod making;
mod many;
mod master;
mod packing;
mod policy;
mod sourcing;
mod stock;
mod waiting;

pub use policy::{SettingFault, atp_setting};

use super::{
    ItemIx, LocationIx, Snapshot,
    allocation::Allocation,
    capacity::Capacities,
    cells::Cells,
    item::Items,
    location::{Calendars, Customers, Locations, Methods, Zones},
    making::{Resources, Suppliers, Works},
    policy::{Classes, Rules},
    problem::{Problem, Problems, Severity},
    row::Row,
    schema::{self, Schema},
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

/// Where each column of a table stands in a file.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The table.
    pub schema: &'static Schema,
    /// For each column of the schema its position in the file, if it is there.
    pub positions: Vec<Option<usize>>,
    usable: bool,
}

impl Mapping {
    /// Finds a schema's columns in a header, and notes what is wrong with it.
    pub fn new(schema: &'static Schema, header: &[&str], problems: &mut Problems) -> Self {
        let mut usable = true;
        let mut note = |severity, column: &str, expected: &str| {
            usable &= severity == Severity::Warning;
            problems.push(Problem {
                severity,
                table: schema.name.to_string(),
                row: None,
                column: Some(column.to_string()),
                value: String::new(),
                expected: expected.to_string(),
            });
        };
        for (at, name) in header.iter().enumerate() {
            if !schema.columns.iter().any(|column| column.name == *name) {
                note(Severity::Warning, name, "an unknown column; it is not read");
            } else if header[..at].contains(name) {
                note(Severity::Error, name, "each column once");
            }
        }
        for column in schema.columns.iter().filter(|column| column.required) {
            if !header.contains(&column.name) {
                note(Severity::Error, column.name, "this column; it is required");
            }
        }
        let position = |name: &str| header.iter().position(|column| *column == name);
        let positions = schema.columns.iter().map(|column| position(column.name)).collect();
        Self { schema, positions, usable }
    }
}

impl Mapping {
    /// The cells of a row in the order of the schema, from those of the file.
    fn ordered<'a>(
        &self,
        cell: impl Fn(usize) -> Option<&'a str>,
    ) -> [Option<&'a str>; COLUMNS_MAX] {
        // No table has more columns than this; a fixed array keeps the loop free of allocation.
        let mut ordered = [None; COLUMNS_MAX];
        for (to, position) in ordered.iter_mut().zip(&self.positions) {
            *to = position.and_then(&cell);
        }
        ordered
    }
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
    epoch: Epoch,
    problems: Problems,
    rows: BTreeMap<&'static str, u64>,
    items: Items,
    locations: Locations,
    calendars: Calendars,
    zones: Zones,
    customers: Customers,
    methods: Methods,
    classes: Classes,
    rules: Rules,
    resources: Resources,
    works: Works,
    suppliers: Suppliers,
    sourcing: Sourcing,
    allocation: Allocation,
    capacities: Capacities,
    supplies: Supplies,
    demands: Demands,
    master: master::Pending,
    making: making::Pending,
    buying: buying::Pending,
    routes: sourcing::Pending,
    stock: stock::Pending,
    shares: allocation::Pending,
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
            epoch,
            problems,
            rows: BTreeMap::new(),
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
            rules: Rules::default(),
            resources: Resources::default(),
            works: Works::default(),
            suppliers: Suppliers::default(),
            sourcing: Sourcing::default(),
            allocation: Allocation::default(),
            capacities: Capacities::default(),
            supplies: Supplies::default(),
            demands: Demands::default(),
            master: master::Pending::default(),
            making: making::Pending::default(),
            buying: buying::Pending::default(),
            routes: sourcing::Pending::default(),
            stock: stock::Pending::default(),
            shares: allocation::Pending::default(),
        }
    }

    /// Notes a fault that the loader found.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Starts a table, or a further file of it: finds the schema's columns in the header.
    pub fn open(&mut self, schema: &'static Schema, header: &[&str]) -> Mapping {
        self.rows.entry(schema.name).or_insert(0);
        Mapping::new(schema, header, &mut self.problems)
    }

    /// Takes one row; the cells stand in the file's order, `number` counts the table's rows from 1.
    pub fn row(&mut self, mapping: &Mapping, number: u64, cells: &[Option<&str>]) {
        if !mapping.usable {
            return;
        }
        let ordered = mapping.ordered(|at| cells.get(at).copied().flatten());
        self.ordered_row(mapping, number, &ordered[..mapping.positions.len()]);
    }

    /// Takes rows that follow each other, the first of this number.
    pub fn rows(&mut self, mapping: &Mapping, first: u64, rows: &dyn Cells) {
        if !mapping.usable {
            return;
        }
        match mapping.schema.name {
            "supplies" => self.many(mapping, first, rows, &SUPPLIES),
            "demands" => self.many(mapping, first, rows, &DEMANDS),
            _ => {
                for (at, number) in (0..rows.n_rows()).zip(first..) {
                    let ordered = mapping.ordered(|position| rows.cell(at, position));
                    self.ordered_row(mapping, number, &ordered[..mapping.positions.len()]);
                }
            }
        }
    }

    fn ordered_row(&mut self, mapping: &Mapping, number: u64, ordered: &[Option<&str>]) {
        *self.rows.entry(mapping.schema.name).or_default() += 1;
        let mut problems = std::mem::take(&mut self.problems);
        let mut row = Row::new(mapping.schema, ordered, number, &mut problems);
        self.dispatch(mapping.schema.name, &mut row);
        self.problems = problems;
    }

    fn dispatch(&mut self, table: &str, row: &mut Row<'_>) {
        match table {
            "calendars" => self.calendar(row),
            "calendar_exceptions" => self.calendar_exception(row),
            "zones" => self.zone(row),
            "demand_classes" => self.demand_class(row),
            "customers" => self.customer(row),
            "atp_rules" => self.atp_rule(row),
            "items" => self.item(row),
            "uom_conversions" => self.uom_conversion(row),
            "locations" => self.location(row),
            "atp_rule_assignments" => self.atp_rule_assignment(row),
            "shipping_lanes" => self.shipping_lane(row),
            "resources" => self.resource(row),
            "resource_capacity" => self.resource_capacity(row),
            "resource_load" => self.resource_load(row),
            "work_definitions" => self.work_definition(row),
            "work_definition_components" => self.component(row),
            "work_definition_operations" => self.operation(row),
            "suppliers" => self.supplier(row),
            "item_suppliers" => self.item_supplier(row),
            "supplier_capacity" => self.supplier_capacity(row),
            "sourcing_rules" => self.sourcing_rule(row),
            "sourcing_assignments" => self.sourcing_assignment(row),
            "item_substitutes" => self.item_substitute(row),
            "allocation_rules" => self.allocation_rule(row),
            "allocation_assignments" => self.allocation_assignment(row),
            "on_hand" => self.on_hand(row),
            "supplies" => self.supply(row),
            "demands" => self.demand(row),
            other => unreachable!("{other} is not in schema::TABLES"),
        }
    }

    /// A fault of a whole row that only shows when all tables are there.
    fn fault_at(&mut self, at: (&str, u64), column: &str, value: &str, expected: &str) {
        self.problem_at(Severity::Error, at, (column, value), expected);
    }

    /// Something to be said of a whole row that only shows when all tables are there.
    fn problem_at(
        &mut self,
        severity: Severity,
        (table, row): (&str, u64),
        (column, value): (&str, &str),
        expected: &str,
    ) {
        self.problems.push(Problem {
            severity,
            table: table.to_string(),
            row: (row != 0).then_some(row),
            column: (!column.is_empty()).then(|| column.to_string()),
            value: value.to_string(),
            expected: expected.to_string(),
        });
    }

    /// The day of a date.
    fn day(&self, date: Date) -> Day {
        self.epoch.day(date)
    }
}

const COLUMNS_MAX: usize = 24;

const _: () = {
    let mut at = 0;
    while at < schema::TABLES.len() {
        assert!(schema::TABLES[at].columns.len() <= COLUMNS_MAX);
        at += 1;
    }
};

/// An item at a location, as rows name it.
type Pair = (ItemIx, LocationIx);
