//! The dates of one ship-from: today, cut-offs, need day, ship day, arrival (semantics 4, 11 and 12.3).

use super::{
    days::{Closed, Days},
    passage::Passage,
    query::Line,
    request::DateType,
};
use crate::{
    model::{Calendar, Day},
    snapshot::{LocationIx, Snapshot, location::Lane},
};
use jiff::{Timestamp, civil::Time};

/// One way from a ship-from to the customer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    pub(super) location: LocationIx,
    /// None where no lane is needed.
    pub(super) lane: Option<Lane>,
    /// Sourcing rank of the ship-from.
    pub(super) rank: i32,
    /// The order's day at the location, not before day 0. Nothing may start before it.
    pub(super) today: Day,
    /// The first shipping day that the order makes: from it lead times count.
    start: Day,
    shipping: &'a Calendar,
    passage: Passage<'a>,
    /// The days on which it can leave, but for those whose cut-off the order has missed.
    days: Days<'a>,
}

impl<'a> Route<'a> {
    /// # Errors
    /// The order's today, if from there on the order makes no shipping day that the calendars reach.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        line: &Line,
        location: LocationIx,
        lane: Option<Lane>,
        rank: i32,
    ) -> Result<Self, Day> {
        let taken = Taken::of(snapshot, line, location);
        let days = |lane| Self::within_reach(snapshot, (location, taken), lane, line);
        days(lane).map(|route| Self { rank, ..route }).ok_or(taken.today)
    }

    /// None if the order makes no shipping day that the calendars reach.
    fn within_reach(
        snapshot: &'a Snapshot,
        (location, taken): (LocationIx, Taken),
        lane: Option<Lane>,
        line: &Line,
    ) -> Option<Self> {
        let place = &snapshot.locations.rows[location];
        let shipping = snapshot.calendars.of(place.shipping);
        let makes = |day: Day| {
            let method = lane.map(|lane| lane.method);
            let weekday = snapshot.epoch().date(day).weekday();
            place.cutoffs.of(method, weekday).is_none_or(|cutoff| {
                let last = day.plus(-i32::from(cutoff.days_before));
                (taken.day, taken.time) <= (last, cutoff.time)
            })
        };
        // An order on a day off counts from the next shipping day.
        let first = shipping.next(taken.today)?;
        // No cut-off of a later day lies before the order.
        let judged = first.plus(i32::from(place.cutoffs.days_before_most()));
        let soon = Days::new(shipping, (first, judged.plus(1)), Closed::default());
        let start = soon.iter().find(|&day| makes(day));
        let start = start.or_else(|| shipping.next(judged.plus(1)))?;
        let passage = Passage::new(snapshot, location, lane.as_ref(), line.receiving);
        let days =
            Days::new(passage.departures(), (passage.ship(first)?, Day::MAX), Closed::default());
        let days = days.without(|ship| {
            let day = passage.counts_from(ship).filter(|&day| day <= judged)?;
            Some(!makes(day))
        });
        Some(Self { location, lane, rank: 0, today: taken.today, start, shipping, passage, days })
    }

    /// The latest day on which goods can leave stock to ship on a shipping day.
    pub(super) fn need(&self, ship: Day) -> Option<Day> {
        self.passage.leave(ship)
    }

    /// The day on which goods arrive that ship on a day.
    pub(super) fn arrival(&self, ship: Day) -> Option<Day> {
        self.passage.arrival(ship)
    }

    /// The first day on which anything ordered now can ship.
    pub(super) fn first_ship(&self) -> Option<Day> {
        self.days.first()
    }

    /// The shipping day `days` shipping days after the day from which the order counts.
    pub(super) fn after_lead_time(&self, days: u16) -> Option<Day> {
        self.shipping.add(self.start, days)
    }

    /// The day against which lateness counts.
    pub(super) fn target(&self, line: &Line) -> Option<Day> {
        match line.date_type {
            DateType::Arrival => Some(line.requested),
            DateType::Ship if line.requested < Day::ZERO => Some(line.requested),
            DateType::Ship => self.shipping.next(line.requested),
        }
    }

    /// The ship day at which the search for a date starts; none past the reach of the calendars.
    pub(super) fn search_from(&self, line: &Line) -> Option<Day> {
        self.days_for(line, self.first_ship()?, |_| true)?.first()
    }

    /// The days on which a line may ship, the one that it asks for first, but none before a first one. Of an arrival
    /// that is the latest that is in time and on which the house has room. None where the calendars do not reach that far.
    pub(super) fn days_for(
        &self,
        line: &Line,
        first: Day,
        has_room: impl Fn(Day) -> bool,
    ) -> Option<Days<'a>> {
        let allowed = self.allowed(line, first)?;
        match line.date_type {
            DateType::Ship => Some(allowed),
            DateType::Arrival => {
                let in_time = |ship| self.arrival(ship).is_some_and(|day| day <= line.requested);
                let n_in_time = allowed.first_not(in_time);
                let latest = allowed.first_few(n_in_time).iter().rev().find(|&ship| has_room(ship));
                let next = || (n_in_time < allowed.len()).then(|| allowed.nth(n_in_time));
                Some(allowed.from(latest.or_else(next)?))
            }
        }
    }

    /// All days on which a line may ship, in time for an arrival or not, but none before a first one. None where the
    /// calendars do not reach that far.
    pub(super) fn allowed(&self, line: &Line, first: Day) -> Option<Days<'a>> {
        let days = self.days.from(first);
        let earliest = line.earliest.unwrap_or(Day(i32::MIN));
        let allowed = match line.date_type {
            DateType::Ship => days.from(line.requested.max(earliest)),
            DateType::Arrival if !self.shipping.reaches(line.requested) => return None,
            // From day to day goods arrive later, or on the same day.
            DateType::Arrival => {
                let too_early = |ship| self.arrival(ship).is_some_and(|day| day < earliest);
                let first = days.first_not(too_early);
                if first == 0 {
                    days
                } else {
                    days.from((first < days.len()).then(|| days.nth(first))?)
                }
            }
        };
        (0 < allowed.len()).then_some(allowed)
    }

    /// Calendar days after the target of a leg that ships and arrives on these days.
    pub(super) fn days_late(&self, line: &Line, ship: Day, arrival: Day) -> i32 {
        let actual = line.date_type.of(ship, arrival);
        self.target(line).map_or(0, |target| actual.since(target).max(0))
    }
}

/// When an order was taken, on the clock of a location.
#[derive(Clone, Copy, Debug)]
struct Taken {
    /// The day from which on anything may be done for it: not before day 0.
    today: Day,
    /// Its own day and time, by which cut-offs go.
    day: Day,
    time: Time,
}

impl Taken {
    fn of(snapshot: &Snapshot, line: &Line, location: LocationIx) -> Self {
        let there = |at: Timestamp| {
            let there = at.to_zoned(snapshot.locations.rows[location].time_zone.clone());
            (snapshot.epoch().day(there.date()), there.time())
        };
        let (day, time) = line.ordered_at.map_or((Day::ZERO, Time::midnight()), there);
        let now = line.now.map_or(Day::ZERO, |now| there(now).0);
        Self { today: day.max(now).max(Day::ZERO), day, time }
    }
}
