//! The way from one dock to another: when goods leave stock, ship, and arrive (semantics 4 and 11).
//!
//! Pick and pack and shipping follow the origin's calendar, the transit the carrier's, the arrival the
//! receiver's. Without a lane goods are there on the day they ship.

use crate::{
    model::{Calendar, Day},
    snapshot::{CalendarIx, LocationIx, Snapshot, location::Lane},
};

/// The calendars and times between two docks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage<'a> {
    shipping: &'a Calendar,
    /// The shipping days on which the lane leaves.
    departures: &'a Calendar,
    pick_pack_days: u16,
    transit: Option<Transit<'a>>,
}

/// The part of a passage that a lane serves.
#[derive(Clone, Copy, Debug)]
struct Transit<'a> {
    carrier: &'a Calendar,
    receiving: &'a Calendar,
    days: u16,
}

impl<'a> Passage<'a> {
    /// The passage from a location by a lane, if one is needed, to whoever receives by a calendar.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        from: LocationIx,
        lane: Option<&Lane>,
        receiving: Option<CalendarIx>,
    ) -> Self {
        let place = &snapshot.locations.rows[from];
        let transit = lane.map(|lane| Transit {
            carrier: snapshot.calendars.of(lane.calendar),
            receiving: snapshot.calendars.of(receiving),
            days: lane.transit_days,
        });
        let shipping = snapshot.calendars.of(place.shipping);
        let departures = lane.and_then(|lane| lane.departures);
        let departures = departures.map_or(shipping, |days| snapshot.calendars.of(Some(days)));
        Self { shipping, departures, pick_pack_days: place.pick_pack_days, transit }
    }

    /// The days on which goods can ship.
    pub(super) fn departures(&self) -> &'a Calendar {
        self.departures
    }

    /// The first day on which goods can ship that leave stock on a day.
    pub(super) fn ship(&self, leave: Day) -> Option<Day> {
        self.departures.next(self.shipping.add(leave, self.pick_pack_days)?)
    }

    /// The shipping day from which an order counts that ships on a day: that day, or with pick and pack the last
    /// one at or before the need day.
    pub(super) fn counts_from(&self, ship: Day) -> Option<Day> {
        if self.pick_pack_days == 0 {
            Some(ship)
        } else {
            self.shipping.previous(self.leave(ship)?)
        }
    }

    /// The latest day on which goods can leave stock to ship on a shipping day.
    pub(super) fn leave(&self, ship: Day) -> Option<Day> {
        self.shipping.subtract(ship, self.pick_pack_days)
    }

    /// The day on which goods arrive that ship on a day.
    pub(super) fn arrival(&self, ship: Day) -> Option<Day> {
        match self.transit {
            None => Some(ship),
            Some(transit) => transit.receiving.next(transit.carrier.add(ship, transit.days)?),
        }
    }

    /// The latest shipping day whose goods arrive by a day.
    pub(super) fn latest_ship(&self, by: Day) -> Option<Day> {
        let Some(transit) = self.transit else {
            return self.departures.previous(by);
        };
        let carried = transit.carrier.previous(transit.receiving.previous(by)?)?;
        self.departures.previous(transit.carrier.subtract(carried, transit.days)?)
    }
}
