//! The dates of one ship-from: today, need day, ship day, arrival (semantics 4 and 11).

use super::{passage::Passage, query::Line, request::DateType};
use crate::{
    model::{Calendar, Day},
    snapshot::{LocationIx, Snapshot, location::Lane},
};
use jiff::civil::Time;

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
    /// The day from which the order counts there: after the cut-off, or on a day off, a later one.
    pub(super) start: Day,
    shipping: &'a Calendar,
    passage: Passage<'a>,
}

impl<'a> Route<'a> {
    /// None if the order counts from no shipping day that the calendars reach.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        line: &Line,
        location: LocationIx,
        lane: Option<Lane>,
        rank: i32,
    ) -> Option<Self> {
        let place = &snapshot.locations.rows[location];
        let shipping = snapshot.calendars.of(place.shipping);
        let (today, clock) = order_day(snapshot, line, location);
        let too_late = place.cutoff.is_some_and(|cutoff| cutoff < clock);
        let start = if shipping.works(today) && !too_late {
            today
        } else {
            shipping.next(today.plus(1))?
        };
        Some(Self {
            location,
            lane,
            rank,
            today,
            start,
            shipping,
            passage: Passage::new(snapshot, location, lane.as_ref(), line.receiving),
        })
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
        self.passage.ship(self.start)
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

    /// The shipping day at which the search for a date starts; none past the reach of the calendars.
    pub(super) fn search_from(&self, line: &Line) -> Option<Day> {
        self.ship_at_or_after(line, self.first_ship()?)
    }

    /// The shipping day that the line asks for, but not before the first possible one.
    pub(super) fn ship_at_or_after(&self, line: &Line, first: Day) -> Option<Day> {
        match line.date_type {
            DateType::Ship => {
                let asked = line.earliest.map_or(line.requested, |day| day.max(line.requested));
                Some(self.shipping.next(asked)?.max(first))
            }
            DateType::Arrival => {
                let asked =
                    self.passage.latest_ship(line.requested).map_or(first, |ship| ship.max(first));
                let Some(earliest) = line.earliest else {
                    return Some(asked);
                };
                // From here every later day arrives later: walk to the first that is late enough.
                let mut ship = asked;
                while self.arrival(ship)? < earliest {
                    ship = self.shipping.next(ship.plus(1))?;
                }
                Some(ship)
            }
        }
    }

    /// Calendar days after the target of a leg that ships and arrives on these days.
    pub(super) fn days_late(&self, line: &Line, ship: Day, arrival: Day) -> i32 {
        let actual = dated(line, ship, arrival);
        self.target(line).map_or(0, |target| actual.since(target).max(0))
    }

    /// The shipping days from one on and before another.
    pub(super) fn days(&self, from: Day, end: Day) -> Days<'a> {
        let shipping = self.shipping;
        let none = Days { shipping, from, n: 0 };
        shipping.next(from).map_or(none, |from| Days {
            shipping,
            from,
            n: shipping.count(from, end),
        })
    }
}

/// Shipping days that may be tried, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days<'a> {
    shipping: &'a Calendar,
    /// The first.
    from: Day,
    n: usize,
}

impl Days<'_> {
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The day at a position below `len`.
    pub(super) fn nth(&self, at: usize) -> Day {
        let n = u16::try_from(at).expect("a calendar has at most u16::MAX days");
        self.shipping.add(self.from, n).expect("counted within the calendar")
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Day> {
        (0..self.n).map(|at| self.nth(at))
    }

    /// The position of the first day for which a condition that once fails no longer holds.
    pub(super) fn first_not(&self, holds: impl Fn(Day) -> bool) -> usize {
        let (mut least, mut limit) = (0, self.n);
        while least < limit {
            let middle = least + (limit - least) / 2;
            if holds(self.nth(middle)) {
                least = middle + 1;
            } else {
                limit = middle;
            }
        }
        least
    }

    /// The first day.
    pub(super) fn first(&self) -> Option<Day> {
        (0 < self.n).then_some(self.from)
    }

    /// The days that are in both, where both are of one calendar.
    pub(super) fn and(self, other: Self) -> Self {
        let later = if self.from < other.from { other } else { self };
        let skipped = |days: Self| days.shipping.count(days.from, later.from);
        let left = |days: Self| days.n.saturating_sub(skipped(days));
        Days { n: left(self).min(left(other)), ..later }
    }
}

/// The date of the request's own type.
pub(super) fn dated(line: &Line, ship: Day, arrival: Day) -> Day {
    match line.date_type {
        DateType::Ship => ship,
        DateType::Arrival => arrival,
    }
}

/// The order's day at a location and the time of day there; not before the start of day 0.
fn order_day(snapshot: &Snapshot, line: &Line, location: LocationIx) -> (Day, Time) {
    let Some(ordered_at) = line.ordered_at else {
        return (Day::ZERO, Time::midnight());
    };
    let there = ordered_at.to_zoned(snapshot.locations.rows[location].time_zone.clone());
    let day = snapshot.epoch().day(there.date());
    if day < Day::ZERO { (Day::ZERO, Time::midnight()) } else { (day, there.time()) }
}
