//! Where things are and how they travel: calendars, locations, zones, customers, lanes.

use super::{
    CalendarIx, ClassIx, CustomerIx, LocationIx, MethodIx, Names, ZoneIx, kinds::LocationKind,
};
use crate::model::{Calendar, Money, Table, index::Grouped};
use jiff::{
    civil::{Time, Weekday},
    tz::TimeZone,
};
use std::sync::Arc;

/// All calendars that have a key, and the one without, which always works.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    /// Their keys.
    pub names: Names<CalendarIx>,
    /// Their look-up tables.
    pub rows: Table<CalendarIx, Calendar>,
    /// The one that always works.
    pub every_day: Arc<Calendar>,
}

impl Calendars {
    /// The calendar of this index; none means every day works.
    pub fn of(&self, calendar: Option<CalendarIx>) -> &Calendar {
        calendar.map_or(&self.every_day, |calendar| &self.rows[calendar])
    }
}

/// One location.
#[derive(Clone, Debug)]
pub struct Location {
    /// What people call it.
    pub name: Box<str>,
    /// What it is.
    pub kind: LocationKind,
    /// The zone that it lies in.
    pub zone: Option<ZoneIx>,
    /// When goods leave.
    pub shipping: Option<CalendarIx>,
    /// When goods are received.
    pub receiving: Option<CalendarIx>,
    /// When work is done.
    pub manufacturing: Option<CalendarIx>,
    /// Until when an order still makes a shipping day.
    pub cutoffs: Cutoffs,
    /// In which the cut-off is read.
    pub time_zone: TimeZone,
    /// Shipping days from stock to dock.
    pub pick_pack_days: u16,
    /// Cost of handling a leg.
    pub handling_cost: Money,
}

/// Until when an order still makes some shipping days of a location (semantics 12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// Only those on which it ships by this method.
    pub method: Option<MethodIx>,
    /// Only those of this weekday.
    pub weekday: Option<Weekday>,
    /// So many calendar days before it.
    pub days_before: u16,
    /// Up to and including this time there.
    pub time: Time,
}

/// The cut-offs of a location.
#[derive(Clone, Debug, Default)]
pub struct Cutoffs(Vec<Cutoff>);

impl Cutoffs {
    /// Adds one; false if there is one for the same method and weekday.
    pub fn add(&mut self, cutoff: Cutoff) -> bool {
        let same =
            |other: &Cutoff| (other.method, other.weekday) == (cutoff.method, cutoff.weekday);
        let is_new = !self.0.iter().any(same);
        if is_new {
            self.0.push(cutoff);
        }
        is_new
    }

    /// The one that holds for a weekday and a method, if any does: the most specific by method, then by weekday.
    pub fn of(&self, method: Option<MethodIx>, weekday: Weekday) -> Option<&Cutoff> {
        let holds = |cutoff: &&Cutoff| {
            cutoff.method.is_none_or(|own| method == Some(own))
                && cutoff.weekday.is_none_or(|own| own == weekday)
        };
        let rank = |cutoff: &&Cutoff| (cutoff.method.is_some(), cutoff.weekday.is_some());
        self.0.iter().filter(holds).max_by_key(rank)
    }

    /// The most days that one of them lies before its shipping day.
    pub fn days_before_most(&self) -> u16 {
        self.0.iter().map(|cutoff| cutoff.days_before).max().unwrap_or(0)
    }
}

/// All locations.
#[derive(Clone, Debug, Default)]
pub struct Locations {
    /// Their keys.
    pub names: Names<LocationIx>,
    /// Their rows.
    pub rows: Table<LocationIx, Location>,
}

/// All zones: a forest.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    /// Their keys.
    pub names: Names<ZoneIx>,
    /// The zone that each lies in.
    pub parents: Table<ZoneIx, Option<ZoneIx>>,
}

impl Zones {
    /// A zone, the zone it lies in, and so on.
    pub fn up(&self, zone: ZoneIx) -> impl Iterator<Item = ZoneIx> {
        std::iter::successors(Some(zone), |&zone| self.parents[zone])
    }
}

/// One customer.
#[derive(Clone, Debug)]
pub struct Customer {
    /// What people call it.
    pub name: Box<str>,
    /// Where it is.
    pub zone: Option<ZoneIx>,
    /// Its demand class.
    pub class: Option<ClassIx>,
    /// Its priority; 1 is the most important.
    pub priority: Option<i32>,
    /// When it receives.
    pub receiving: Option<CalendarIx>,
    /// Its country, a dimension of figures that promising never reads; empty where not given.
    pub country: Box<str>,
    /// Its region, alike.
    pub region: Box<str>,
}

/// All customers.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    /// Their keys.
    pub names: Names<CustomerIx>,
    /// Their rows.
    pub rows: Table<CustomerIx, Customer>,
}

/// Keys of ship methods.
#[derive(Clone, Debug, Default)]
pub struct Methods {
    /// Their keys.
    pub names: Names<MethodIx>,
}

/// Where a lane leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// To a location.
    Location(LocationIx),
    /// To the customers of a zone.
    Zone(ZoneIx),
}

/// One lane by one ship method.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// Where it leads.
    pub destination: Destination,
    /// By which ship method.
    pub method: MethodIx,
    /// Working days of its calendar under way.
    pub transit_days: u16,
    /// The carrier's calendar.
    pub calendar: Option<CalendarIx>,
    /// The shipping days of the origin on which it leaves; none where it leaves on all of them.
    pub departures: Option<CalendarIx>,
    /// Freight of one unit.
    pub cost_per_unit: Money,
    /// Freight of a shipment.
    pub cost_per_shipment: Money,
}

/// All lanes, by origin, destination and the name of the ship method.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    by_origin: Grouped<LocationIx, Lane>,
}

impl Lanes {
    /// Groups lanes by origin and sorts them.
    pub fn new(n_locations: usize, mut lanes: Vec<(LocationIx, Lane)>, methods: &Methods) -> Self {
        lanes.sort_by(|(_, a), (_, b)| {
            let name = |lane: &Lane| methods.names.name(lane.method);
            a.destination.cmp(&b.destination).then_with(|| name(a).cmp(name(b)))
        });
        Self { by_origin: Grouped::new(n_locations, lanes) }
    }

    /// Whether the snapshot has no lane at all: then arrival is the ship day.
    pub fn is_empty(&self) -> bool {
        self.by_origin.is_empty()
    }

    /// Puts lanes in the place of those out of a location, in the same order.
    pub fn replace(&mut self, origin: LocationIx, lanes: Vec<Lane>) {
        self.by_origin.replace(origin, lanes);
    }

    /// All lanes out of a location.
    pub fn from(&self, origin: LocationIx) -> &[Lane] {
        self.by_origin.of(origin)
    }

    /// The lanes between two places, one a ship method, by its name.
    pub fn between(&self, origin: LocationIx, destination: Destination) -> &[Lane] {
        let lanes = self.by_origin.of(origin);
        let start = lanes.partition_point(|lane| lane.destination < destination);
        let end = lanes.partition_point(|lane| lane.destination <= destination);
        &lanes[start..end]
    }

    /// The lanes to a zone or to its nearest ancestor that has any (semantics 4).
    pub fn to_zone(&self, origin: LocationIx, zone: ZoneIx, zones: &Zones) -> &[Lane] {
        let found = zones.up(zone).map(|zone| self.between(origin, Destination::Zone(zone)));
        found.into_iter().find(|lanes| !lanes.is_empty()).unwrap_or(&[])
    }
}
