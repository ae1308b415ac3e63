//! The world of the tables, typed: nothing is derived here, nothing is indexed.

use super::book::Place;
use super::calendar::Calendar;
use super::loaded::{self, Loaded};
use super::master::{self, Class, Customer, Cutoff, Item, Lane, Location, Reader, Substitute};
use super::rules::{self, AllocationRow, Assignment, AtpRule};
use super::sources::{self, Component, Dated, Demand, ItemSupplier, OnHand, Operation, Resource};
use super::sources::{SourcingRow, Supply, WorkDefinition};
use super::text::Day;
use super::{Row, World};
use jiff::civil::Date;
use std::collections::BTreeMap;

pub struct Model {
    pub as_of: Date,
    pub horizon: Day,
    pub default_rule: AtpRule,
    pub items: BTreeMap<String, Item>,
    pub locations: BTreeMap<String, Location>,
    pub calendars: BTreeMap<String, Calendar>,
    /// Each zone's parent; empty at the top.
    pub zones: BTreeMap<String, String>,
    pub customers: BTreeMap<String, Customer>,
    pub lanes: Vec<Lane>,
    pub cutoffs: Vec<Cutoff>,
    pub on_hand: Vec<OnHand>,
    pub supplies: Vec<Supply>,
    pub demands: Vec<Demand>,
    pub sourcing_rules: Vec<SourcingRow>,
    pub sourcing_assignments: Vec<Assignment>,
    pub work_definitions: Vec<WorkDefinition>,
    pub components: Vec<Component>,
    pub operations: Vec<Operation>,
    pub resources: BTreeMap<String, Resource>,
    pub resource_capacity: Vec<Dated>,
    pub resource_load: Vec<Dated>,
    /// Each supplier's calendar.
    pub suppliers: BTreeMap<String, String>,
    pub item_suppliers: Vec<ItemSupplier>,
    pub supplier_capacity: Vec<Dated>,
    pub atp_rules: Vec<AtpRule>,
    pub atp_assignments: Vec<Assignment>,
    pub classes: BTreeMap<String, Class>,
    pub allocation_rules: Vec<AllocationRow>,
    pub allocation_assignments: Vec<Assignment>,
    pub substitutes: Vec<Substitute>,
    pub unit_conversions: Vec<master::UnitConversion>,
    /// How many of the unit that an item is kept in one of its own is.
    pub kept: BTreeMap<String, super::units::Ratio>,
    /// Every item at every location.
    pub loaded: BTreeMap<Place, Loaded>,
}

/// Every row of a table, read by `read`.
fn list<T>(world: &World, table: &str, read: impl Fn(&Reader) -> T) -> Vec<T> {
    let rows = world.tables.get(table).cloned().unwrap_or_default();
    rows.iter().map(|row| read(&Reader { row, as_of: world.as_of })).collect()
}

/// Every row of a table by its key column.
fn map<T>(
    world: &World,
    table: &str,
    key: &str,
    read: impl Fn(&Reader) -> T,
) -> BTreeMap<String, T> {
    list(world, table, |row| (row.text(key), read(row))).into_iter().collect()
}

impl Model {
    pub fn of(world: &World) -> Model {
        let mut model = Model::read(world);
        model.keep();
        let mut loaded = BTreeMap::new();
        for item in model.items.keys() {
            for location in model.locations.keys() {
                let place = Place::new(item, location);
                loaded.insert(place.clone(), loaded::load(&model, &place));
            }
        }
        model.loaded = loaded;
        model
    }

    fn read(world: &World) -> Model {
        let empty = Row::new();
        Model {
            as_of: world.as_of,
            horizon: world.horizon_days,
            default_rule: rules::atp_rule(&Reader { row: &empty, as_of: world.as_of }),
            items: map(world, "items", "item", master::item),
            locations: map(world, "locations", "location", master::location),
            calendars: calendars(world),
            zones: map(world, "zones", "zone", |row| row.text("parent")),
            customers: map(world, "customers", "customer", master::customer),
            lanes: list(world, "shipping_lanes", master::lane),
            cutoffs: [
                list(world, "location_cutoffs", master::cutoff),
                list(world, "locations", master::cutoff_of_all).into_iter().flatten().collect(),
            ]
            .concat(),
            on_hand: list(world, "on_hand", sources::on_hand),
            supplies: list(world, "supplies", sources::supply),
            demands: list(world, "demands", sources::demand),
            sourcing_rules: list(world, "sourcing_rules", sources::sourcing_row),
            sourcing_assignments: list(world, "sourcing_assignments", rules::assignment),
            work_definitions: list(world, "work_definitions", sources::work_definition),
            components: list(world, "work_definition_components", sources::component),
            operations: list(world, "work_definition_operations", sources::operation),
            resources: map(world, "resources", "resource", sources::resource),
            resource_capacity: list(world, "resource_capacity", |row| {
                sources::dated(row, "resource", "hours")
            }),
            resource_load: list(world, "resource_load", |row| {
                sources::dated(row, "resource", "hours")
            }),
            suppliers: map(world, "suppliers", "supplier", |row| row.text("calendar")),
            item_suppliers: list(world, "item_suppliers", sources::item_supplier),
            supplier_capacity: list(world, "supplier_capacity", |row| {
                sources::dated(row, "supplier", "quantity")
            }),
            atp_rules: list(world, "atp_rules", rules::atp_rule),
            atp_assignments: list(world, "atp_rule_assignments", rules::assignment),
            classes: map(world, "demand_classes", "demand_class", master::class),
            allocation_rules: list(world, "allocation_rules", rules::allocation_row),
            allocation_assignments: list(world, "allocation_assignments", rules::assignment),
            substitutes: list(world, "item_substitutes", master::substitute),
            unit_conversions: list(world, "uom_conversions", master::unit_conversion),
            kept: BTreeMap::new(),
            loaded: BTreeMap::new(),
        }
    }

    /// Items and units alone.
    pub fn bare(&self) -> Model {
        let tables = BTreeMap::new();
        let world = World { as_of: self.as_of, horizon_days: self.horizon, tables };
        Model {
            items: self.items.clone(),
            unit_conversions: self.unit_conversions.clone(),
            ..Model::read(&world)
        }
    }

    /// A named calendar; "no calendar means every day works" (section 1).
    pub fn calendar(&self, name: &str) -> Calendar {
        self.calendars.get(name).cloned().unwrap_or_else(Calendar::every_day)
    }

    pub fn shipping(&self, location: &str) -> Calendar {
        self.calendar(&self.locations[location].shipping_calendar)
    }

    pub fn receiving(&self, location: &str) -> Calendar {
        self.calendar(&self.locations[location].receiving_calendar)
    }

    pub fn manufacturing(&self, location: &str) -> Calendar {
        self.calendar(&self.locations[location].manufacturing_calendar)
    }

    /// The class, its parent, its grandparent, ... the root; nothing for no class.
    pub fn class_and_ancestors(&self, class: &str) -> Vec<String> {
        let mut chain = Vec::new();
        let mut next = class.to_string();
        while let Some(row) = self.classes.get(&next) {
            chain.push(next.clone());
            next = row.parent.clone();
        }
        chain
    }

    /// The zone, its parent, its grandparent, ...; nothing for no zone.
    pub fn zone_and_ancestors(&self, zone: &str) -> Vec<String> {
        let mut chain = Vec::new();
        let mut next = zone.to_string();
        while !next.is_empty() {
            chain.push(next.clone());
            next = self.zones.get(&next).cloned().unwrap_or_default();
        }
        chain
    }
}

/// `calendars` with their `calendar_exceptions`.
fn calendars(world: &World) -> BTreeMap<String, Calendar> {
    let first_weekday = i32::from(world.as_of.weekday().to_monday_zero_offset());
    let mut calendars = map(world, "calendars", "calendar", |row| Calendar {
        weekdays: Calendar::weekdays(&row.text("working_days")),
        exceptions: BTreeMap::new(),
        first_weekday,
    });
    let exceptions = list(world, "calendar_exceptions", |row| {
        let day = row.day("date").expect("calendar_exceptions.date");
        (row.text("calendar"), day, row.flag("working").unwrap_or(false))
    });
    for (name, day, working) in exceptions {
        let calendar = calendars.get_mut(&name).expect("a known calendar");
        calendar.exceptions.insert(day, working);
    }
    calendars
}
