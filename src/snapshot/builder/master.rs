//! Rows of the master data: calendars, zones, customers, items, locations, lanes.

use super::{Builder, forest::tiers};
use crate::{
    limits::{CLASS_DEPTH_MAX, ZONE_DEPTH_MAX},
    model::{Day, Quantity, Ratio, Table},
    snapshot::{
        CalendarIx, CategoryIx, ClassIx, CustomerIx, ItemIx, LocationIx, ZoneIx,
        item::{Item, Substitute, Validity},
        kinds::LOCATION_KINDS,
        location::{Customer, Cutoff, Cutoffs, Destination, Lane, Location},
        row::Row,
        schema::{Column, TableName},
    },
};
use jiff::{
    civil::{Time, Weekday},
    tz::TimeZone,
};
use std::collections::{BTreeMap, BTreeSet};

/// What waits for the end of the master tables.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Weekly patterns, Monday first, with their rows.
    pub(super) patterns: Table<CalendarIx, ([bool; 7], u64)>,
    pub(super) exceptions: BTreeMap<(CalendarIx, Day), bool>,
    /// Parents by name, since a zone may come before its parent.
    pub(super) zone_parents: Vec<(ZoneIx, String, u64)>,
    pub(super) class_parents: Vec<(ClassIx, String, u64)>,
    /// Categories that assignments name and no item has.
    pub(super) unused_categories: BTreeSet<CategoryIx>,
    pub(super) lanes: BTreeMap<(LocationIx, Destination, crate::snapshot::MethodIx), Lane>,
    pub(super) houses: Vec<(LocationIx, Quantity)>,
    pub(super) substitutes: Vec<(ItemIx, Substitute)>,
    pub(super) substitute_keys: BTreeSet<(ItemIx, ItemIx)>,
}

pub(super) const WEEKDAYS: &[(&str, usize)] =
    &[("Mon", 0), ("Tue", 1), ("Wed", 2), ("Thu", 3), ("Fri", 4), ("Sat", 5), ("Sun", 6)];

/// The position of a weekday in a pattern.
pub(super) fn weekday_position(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).expect("0 to 6")
}

impl Builder {
    pub(super) fn calendar(&mut self, row: &mut Row<'_>) {
        row.define(Column::Calendar, &mut self.calendars.names);
        let mut pattern = [false; 7];
        for day in row.choices_or_none(Column::WorkingDays, WEEKDAYS).unwrap_or_default() {
            pattern[day] = true;
        }
        // Days that are not known are not to blame for a calendar that never works.
        if row.is_faulty() {
            pattern = [true; 7];
        }
        if self.master.patterns.len() < self.calendars.names.len() {
            self.master.patterns.push((pattern, row.number()));
        }
    }

    pub(super) fn calendar_exception(&mut self, row: &mut Row<'_>) {
        let calendar: CalendarIx = row.reference(Column::Calendar, &self.calendars.names);
        let day = self.day(row.date(Column::Date));
        let repeated = self.master.exceptions.contains_key(&(calendar, day));
        if repeated && !row.is_faulty() {
            row.fault_of_key(
                &[Column::Calendar, Column::Date],
                "one exception a calendar and date",
            );
        }
        let working = row.flag(Column::Working, true);
        if !row.is_faulty() {
            self.master.exceptions.insert((calendar, day), working);
        }
    }

    pub(super) fn zone(&mut self, row: &mut Row<'_>) {
        let zone: ZoneIx = row.define(Column::Zone, &mut self.zones.names);
        let parent = row.text(Column::Parent);
        if self.zones.parents.len() < self.zones.names.len() {
            self.zones.parents.push(None);
        }
        if !row.is_faulty() && !parent.is_empty() {
            self.master.zone_parents.push((zone, parent.to_string(), row.number()));
        }
    }

    pub(super) fn customer(&mut self, row: &mut Row<'_>) {
        row.define::<CustomerIx>(Column::Customer, &mut self.customers.names);
        let customer = Customer {
            name: row.text(Column::Name).into(),
            zone: row.reference_or_none(Column::Zone, &self.zones.names),
            class: row.reference_or_none(Column::DemandClass, &self.classes.names),
            priority: row.whole_or_none(Column::Priority, -1_000_000_000, 1_000_000_000),
            receiving: row.reference_or_none(Column::ReceivingCalendar, &self.calendars.names),
            country: row.text(Column::Country).into(),
            region: row.text(Column::Region).into(),
        };
        // A repeated key has defined nothing: names and rows stay in step.
        if self.customers.rows.len() < self.customers.names.len() {
            self.customers.rows.push(customer);
        }
    }

    pub(super) fn item(&mut self, row: &mut Row<'_>) {
        let item: ItemIx = row.define(Column::Item, &mut self.items.names);
        let description = row.text(Column::Description);
        let category = Some(row.text(Column::Category)).filter(|name| !name.is_empty());
        let item_row = Item {
            description,
            category: category.map(|name| self.items.categories.intern(name)),
            uom: row.text(Column::Uom),
            lot_multiple: row.positive_or_none(Column::LotMultiple),
            list_price: row.money(Column::ListPrice),
            unit_cost: row.money_or_none(Column::UnitCost),
            brand: row.text(Column::Brand),
        };
        let rule = row.reference_or_none(Column::AtpRule, &self.rules.names);
        if self.items.n_rows() < self.items.names.len() {
            self.items.push(item_row);
        }
        if let Some(rule) = rule.filter(|_| !row.is_faulty()) {
            self.rules.assignments.assign(crate::snapshot::policy::What::Item(item), None, rule);
        }
    }

    pub(super) fn location(&mut self, row: &mut Row<'_>) {
        let location: LocationIx = row.define(Column::Location, &mut self.locations.names);
        let calendars = &self.calendars.names;
        let location_row = Location {
            name: row.text(Column::Name).into(),
            kind: row.choice_or_none(Column::Kind, LOCATION_KINDS).unwrap_or_default(),
            zone: row.reference_or_none(Column::Zone, &self.zones.names),
            shipping: row.reference_or_none(Column::ShippingCalendar, calendars),
            receiving: row.reference_or_none(Column::ReceivingCalendar, calendars),
            manufacturing: row.reference_or_none(Column::ManufacturingCalendar, calendars),
            cutoffs: cutoff_of_all(row),
            time_zone: row.other_or_none(Column::TimeZone, time_zone).unwrap_or(TimeZone::UTC),
            pick_pack_days: row.days_or_none(Column::PickPackDays).unwrap_or(0),
            handling_cost: row.money(Column::HandlingCost),
        };
        let lines_per_day = row.not_negative_or_none(Column::OrderLinesPerDay);
        if self.locations.rows.len() < self.locations.names.len() {
            self.locations.rows.push(location_row);
        }
        if let Some(lines) = lines_per_day.filter(|_| !row.is_faulty()) {
            self.master.houses.push((location, lines));
        }
    }

    pub(super) fn shipping_lane(&mut self, row: &mut Row<'_>) {
        let origin = row.reference(Column::Origin, &self.locations.names);
        let to = row.key(Column::Destination);
        let location = self.locations.names.get(to).map(Destination::Location);
        let zone = self.zones.names.get(to).map(Destination::Zone);
        if location.is_none() && zone.is_none() && !to.is_empty() {
            let is_zone = row.may_be_lost(TableName::Zones, to);
            let lost = if is_zone { TableName::Zones } else { TableName::Locations };
            row.unknown(
                Column::Destination,
                lost,
                "a known location or zone; add it to its table or correct the key",
            );
        }
        let transit_days = row.days(Column::TransitDays);
        let method = Some(row.text(Column::ShipMethod))
            .filter(|method| !method.is_empty())
            .unwrap_or("standard");
        let method = self.methods.names.intern(method);
        let calendar = row.reference_or_none(Column::Calendar, &self.calendars.names);
        let (cost_per_unit, cost_per_shipment) =
            (row.money(Column::CostPerUnit), row.money(Column::CostPerShipment));
        let leaves = row.reference_or_none(Column::DepartureCalendar, &self.calendars.names);
        if row.is_faulty() {
            return;
        }
        // A key that names a location and a zone stands for both.
        for destination in [location, zone].into_iter().flatten() {
            let lane = Lane {
                destination,
                method,
                transit_days,
                calendar,
                departures: leaves,
                cost_per_unit,
                cost_per_shipment,
            };
            let key = (origin, destination, method);
            if self.master.lanes.insert(key, lane).is_some() {
                let key = [Column::Origin, Column::Destination, Column::ShipMethod];
                row.fault_of_key(&key, "one lane an origin, destination and ship method");
                return;
            }
        }
        if leaves.is_some() {
            self.dates.lanes.push((origin, method, row.number()));
        }
    }

    pub(super) fn item_substitute(&mut self, row: &mut Row<'_>) {
        let item: ItemIx = row.reference(Column::Item, &self.items.names);
        let substitute: ItemIx = row.reference(Column::Substitute, &self.items.names);
        if item == substitute && !row.is_faulty() {
            row.fault(Column::Substitute, "another item than the one it replaces");
        }
        let rank = row.rank(Column::Rank, 1);
        let ratio = row.positive_or_none(Column::Ratio).map_or(Ratio::ONE, Ratio::of);
        let reciprocal = row.flag(Column::Reciprocal, false);
        let customer = row.reference_or_none(Column::Customer, &self.customers.names);
        let validity = self.validity(row);
        if row.is_faulty() {
            return;
        }
        // It is for one of each's own unit.
        let kept = ratio.then(self.items.stocking(substitute));
        let Some(ratio) = kept.and_then(|ratio| ratio.then(self.items.own(item))) else {
            row.fault(Column::Ratio, "a ratio that the units in which both are kept can express");
            return;
        };
        if !self.master.substitute_keys.insert((item, substitute)) {
            row.fault_of_key(&[Column::Item, Column::Substitute], "one row an item and substitute");
            return;
        }
        let one_way = Substitute { item: substitute, rank, ratio, customer, validity };
        self.master.substitutes.push((item, one_way));
        if reciprocal {
            let back = Substitute { item, ratio: ratio.inverse(), ..one_way };
            self.master.substitutes.push((substitute, back));
        }
    }

    /// The two cells of effective dates, both inclusive.
    pub(super) fn validity(&self, row: &mut Row<'_>) -> Validity {
        let from = row.date_or_none(Column::EffectiveFrom).map(|date| self.day(date));
        let to = row.date_or_none(Column::EffectiveTo).map(|date| self.day(date));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            row.fault(Column::EffectiveTo, "a last date that is not before the first");
        }
        Validity {
            from: from.unwrap_or(Validity::ALWAYS.from),
            to: to.unwrap_or(Validity::ALWAYS.to),
        }
    }

    /// Parents, calendars, lanes and houses, now that all their tables are there.
    pub(super) fn finish_master(&mut self) {
        self.finish_zones();
        self.finish_classes();
        self.finish_calendars();
        self.finish_departures();
        self.finish_units();
        let mut substitutes = std::mem::take(&mut self.master.substitutes);
        let name = |item: ItemIx| self.items.names.name(item);
        substitutes.sort_by(|(_, a), (_, b)| {
            a.rank.cmp(&b.rank).then_with(|| name(a.item).cmp(name(b.item)))
        });
        substitutes.dedup();
        self.items.substitutes =
            crate::model::index::Grouped::new(self.items.names.len(), substitutes);
    }

    fn finish_zones(&mut self) {
        for (zone, parent, row) in std::mem::take(&mut self.master.zone_parents) {
            match self.zones.names.get(&parent) {
                Some(parent) => self.zones.parents[zone] = Some(parent),
                None if self.gaps.may_name(TableName::Zones, &parent) => {}
                None => self.fault_at(
                    (TableName::Zones, row),
                    Column::Parent,
                    &parent,
                    "a known zone, or nothing",
                ),
            }
        }
        let parents = &self.zones.parents;
        match tiers(parents.len(), |zone| parents[zone]) {
            Ok(n_tiers) => self.check_depth(TableName::Zones, n_tiers, ZONE_DEPTH_MAX),
            Err(path) => {
                let names: Vec<_> = path.iter().map(|&zone| self.zones.names.name(zone)).collect();
                let path = names.join(" > ");
                self.fault_at(
                    (TableName::Zones, 0),
                    Column::Parent,
                    &path,
                    "a tree; this path is a cycle",
                );
            }
        }
    }

    fn check_depth(&mut self, table: TableName, n_tiers: usize, most: usize) {
        if most < n_tiers {
            let expected = format!("a tree of at most {most} tiers");
            self.fault_at((table, 0), Column::Parent, &n_tiers.to_string(), &expected);
        }
    }

    fn finish_classes(&mut self) {
        for (class, parent, row) in std::mem::take(&mut self.master.class_parents) {
            match self.classes.names.get(&parent) {
                Some(parent) => self.classes.rows[class].parent = Some(parent),
                None if self.gaps.may_name(TableName::DemandClasses, &parent) => {}
                None => {
                    self.fault_at(
                        (TableName::DemandClasses, row),
                        Column::Parent,
                        &parent,
                        "a known demand class",
                    );
                }
            }
        }
        let rows = &self.classes.rows;
        match tiers(rows.len(), |class: ClassIx| rows[class].parent) {
            // What is deeper is not worked out.
            Ok(n_tiers) if n_tiers <= CLASS_DEPTH_MAX => self.finish_tree(),
            Ok(n_tiers) => self.check_depth(TableName::DemandClasses, n_tiers, CLASS_DEPTH_MAX),
            Err(path) => {
                let names = path.iter().map(|&class| self.classes.names.name(class));
                let path = names.collect::<Vec<_>>().join(" > ");
                self.fault_at(
                    (TableName::DemandClasses, 0),
                    Column::Parent,
                    &path,
                    "a tree; this path is a cycle",
                );
            }
        }
    }

    fn finish_calendars(&mut self) {
        let n_days = self.epoch.n_days() + usize::from(crate::limits::CALENDAR_TAIL_DAYS);
        let first = weekday_position(self.epoch.as_of().weekday());
        let patterns = std::mem::take(&mut self.master.patterns);
        let knows_all = self.gaps.is_whole(TableName::CalendarExceptions)
            && self.problems.is_clean(TableName::CalendarExceptions.name());
        for (calendar, (pattern, row)) in patterns.iter() {
            let works = |day: Day| {
                let weekly = || pattern[(first + day.position().expect("not negative")) % 7];
                self.master.exceptions.get(&(calendar, day)).copied().unwrap_or_else(weekly)
            };
            let table = crate::model::Calendar::new(n_days, works);
            let never = (0..self.epoch.n_days()).all(|day| !table.works(Day::at(day)));
            if never && knows_all {
                let name = self.calendars.names.name(calendar).to_string();
                let expected = "a calendar that works on a day of the horizon; this one never does";
                self.fault_at((TableName::Calendars, *row), Column::WorkingDays, &name, expected);
            }
            self.calendars.rows.push(table);
        }
    }
}

/// The cell that says until when orders make all shipping days.
fn cutoff_of_all(row: &mut Row<'_>) -> Cutoffs {
    let mut cutoffs = Cutoffs::default();
    if let Some(time) = row.other_or_none(Column::CutoffTime, time_of_day) {
        cutoffs.add(Cutoff { method: None, weekday: None, days_before: 0, time });
    }
    cutoffs
}

pub(super) fn time_of_day(text: &str) -> Result<Time, String> {
    let expected = || "a time of day such as 16:30".to_string();
    let (hours, minutes) = text.split_once(':').ok_or_else(expected)?;
    let minutes = minutes.split_once(':').map_or(minutes, |(minutes, _)| minutes);
    let parse = |part: &str| part.parse::<i8>().map_err(|_| expected());
    Time::new(parse(hours)?, parse(minutes)?, 0, 0).map_err(|_| expected())
}

fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| "a time zone of the IANA list such as Europe/Berlin".to_string())
}
