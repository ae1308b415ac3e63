//! Dates at a ship-from (semantics 4, and 11 "Time", "More of time and dates").

use super::candidates::Candidate;
use super::line::Line;
use super::master::{Cutoff, Lane};
use super::model::Model;
use super::text::{Day, date_of, day_of};
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

/// When the order was taken, on the clock of a location; where it is not said, at the start of `as_of`.
fn ordered_at(model: &Model, line: &Line, location: &str) -> DateTime {
    let name = &model.locations[location].time_zone;
    let zone = if name.is_empty() {
        TimeZone::UTC
    } else {
        TimeZone::get(name).expect("a known time zone")
    };
    let start = model.as_of.to_datetime(Time::midnight());
    line.ordered_at.map_or(start, |instant| instant.to_zoned(zone).datetime())
}

/// "Today is the later of `as_of` and its day at the location."
pub fn today(model: &Model, line: &Line, location: &str) -> Day {
    day_of(ordered_at(model, line, location).date(), model.as_of).max(0)
}

/// Whether the order makes a shipping day by its cut-off, "the most specific (method, then weekday)": "exactly at the
/// cut-off is in time".
fn makes(model: &Model, line: &Line, (location, method): (&str, &str), day: Day) -> bool {
    let date = date_of(day, model.as_of);
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        [date.weekday().to_monday_zero_offset() as usize];
    let holds = |own: &String, asked: &str| own.is_empty() || own == asked;
    let mut rows: Vec<&Cutoff> = model
        .cutoffs
        .iter()
        .filter(|row| row.location == location)
        .filter(|row| holds(&row.ship_method, method) && holds(&row.weekday, weekday))
        .collect();
    rows.sort_by_key(|row| (row.ship_method.is_empty(), row.weekday.is_empty()));
    rows.first().is_none_or(|row| {
        let last = date_of(day - row.days_before, model.as_of).to_datetime(row.time);
        ordered_at(model, line, location) <= last
    })
}

/// The day the order counts from: the first shipping day that it makes.
pub fn start(model: &Model, line: &Line, way: (&str, &str)) -> Day {
    let shipping = model.shipping(way.0);
    let mut days = today(model, line, way.0)..;
    days.find(|&day| shipping.is_open(day) && makes(model, line, way, day)).expect("a day")
}

/// Whether the lane leaves on a day: it is a shipping day, and one of the lane's departures.
pub fn leaves(model: &Model, location: &str, lane: Option<&Lane>, ship: Day) -> bool {
    let departs = |lane: &Lane| model.calendar(&lane.departure_calendar).is_open(ship);
    model.shipping(location).is_open(ship) && lane.is_none_or(departs)
}

/// Whether an order can ship by a candidate on a day: "the day that a row speaks of is the one from which the order
/// counts: the ship day, or with pick-pack the last shipping day at or before the need day".
pub fn can_ship(model: &Model, line: &Line, candidate: &Candidate, ship: Day) -> bool {
    let location = &candidate.location;
    if !leaves(model, location, candidate.lane.as_ref(), ship) {
        return false;
    }
    let shipping = model.shipping(location);
    let picks = model.locations[location].pick_pack_days > 0;
    let counts = if picks { shipping.previous(need_day(model, location, ship)) } else { ship };
    let way = (location.as_str(), candidate.ship_method());
    today(model, line, location) <= counts && makes(model, line, (way.0, &way.1), counts)
}

/// "The latest day from which `ship` can be reached" in `pick_pack_days` working days on the
/// shipping calendar: the last day n with `add(n, pick_pack_days) = ship`.
pub fn need_day(model: &Model, location: &str, ship: Day) -> Day {
    let days = model.locations[location].pick_pack_days;
    if days == 0 {
        return ship;
    }
    model.shipping(location).back(ship, days - 1) - 1
}

/// "arrival = s + transit days on the lane's (carrier) calendar, then the next receiving day";
/// without a lane arrival = s.
pub fn arrival(model: &Model, line: &Line, candidate: &Candidate, ship: Day) -> Day {
    let Some(lane) = &candidate.lane else { return ship };
    let there = model.calendar(&lane.calendar).add(ship, lane.transit_days);
    let customer = model.customers.get(&line.customer);
    let receiving = customer.map(|customer| customer.receiving_calendar.as_str()).unwrap_or("");
    model.calendar(receiving).next(there)
}

/// The date lateness counts from: for an arrival request the requested date; for a ship request the
/// first shipping day at or after it, or itself where it is before `as_of`.
pub fn target(model: &Model, line: &Line, candidate: &Candidate) -> Day {
    if line.by_arrival || line.requested < 0 {
        return line.requested;
    }
    model.shipping(&candidate.location).next(line.requested)
}

/// The first ship day that is tried. A ship request "never ships before" its date; an arrival
/// request "ships as late as still arrives in time" and the house has room, or as soon as possible if nothing does. In a
/// ship set "every shipping day on which a line arrives in time is allowed".
pub fn first_ship_day(
    model: &Model,
    line: &Line,
    candidate: &Candidate,
    has_room: impl Fn(Day) -> bool,
) -> Day {
    let today = today(model, line, &candidate.location);
    let earliest = line.earliest.unwrap_or(today);
    let ships = || (today..today + 2000).filter(|&day| can_ship(model, line, candidate, day));
    let never = today + 2000;
    if !line.by_arrival {
        return ships().find(|&day| day >= line.requested.max(earliest)).unwrap_or(never);
    }
    let acceptable = |ship: &Day| arrival(model, line, candidate, *ship) >= earliest;
    let in_time = |ship: &Day| arrival(model, line, candidate, *ship) <= line.requested;
    if !line.ship_set.is_empty() {
        return ships().find(acceptable).unwrap_or(never);
    }
    let all: Vec<Day> = ships().take_while(in_time).filter(acceptable).collect();
    let last = all.iter().rev().copied().find(|&ship| has_room(ship));
    last.unwrap_or_else(|| ships().find(|ship| acceptable(ship) && !in_time(ship)).unwrap_or(never))
}

/// The date of the request's type: when it ships, or when it arrives.
pub fn date_asked(line: &Line, ship: Day, arrival: Day) -> Day {
    if line.by_arrival { arrival } else { ship }
}

/// "`days_late` counts calendar days from that target."
pub fn days_late(
    model: &Model,
    line: &Line,
    candidate: &Candidate,
    ship: Day,
    arrival: Day,
) -> i64 {
    let late = date_asked(line, ship, arrival) - target(model, line, candidate);
    i64::from(late.max(0))
}

/// "Nothing is promised before the earliest acceptable date."
pub fn not_too_early(line: &Line, ship: Day, arrival: Day) -> bool {
    line.earliest.is_none_or(|earliest| date_asked(line, ship, arrival) >= earliest)
}

/// "An option after the latest acceptable date is not accepted."
pub fn acceptable(line: &Line, ship: Day, arrival: Day) -> bool {
    line.latest.is_none_or(|latest| date_asked(line, ship, arrival) <= latest)
}
