//! Dates at a ship-from (semantics 4, and 11 "Time", "More of time and dates").

use super::candidates::Candidate;
use super::line::Line;
use super::model::Model;
use super::text::{Day, date_of, day_of};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// When the order was taken, on the clock of a location; none: at the start of `as_of`.
fn ordered_at(model: &Model, line: &Line, location: &str) -> Option<DateTime> {
    let name = &model.locations[location].time_zone;
    let zone = if name.is_empty() {
        TimeZone::UTC
    } else {
        TimeZone::get(name).expect("a known time zone")
    };
    line.ordered_at.map(|instant| instant.to_zoned(zone).datetime())
}

/// "Today is the later of `as_of` and its day at the location."
pub fn today(model: &Model, line: &Line, location: &str) -> Day {
    let ordered = ordered_at(model, line, location);
    ordered.map_or(0, |ordered| day_of(ordered.date(), model.as_of)).max(0)
}

/// The day the order counts from: today where it is a shipping day and the cut-off is not passed
/// ("exactly at the cut-off is in time"), else the next shipping day.
pub fn start(model: &Model, line: &Line, location: &str) -> Day {
    let today = today(model, line, location);
    let shipping = model.shipping(location);
    let in_time = match (ordered_at(model, line, location), model.locations[location].cutoff) {
        (Some(ordered), Some(cutoff)) => ordered <= date_of(today, model.as_of).to_datetime(cutoff),
        _ => true,
    };
    if shipping.is_open(today) && in_time { today } else { shipping.next(today + 1) }
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
/// request "ships as late as still arrives in time", or as soon as possible if nothing does.
pub fn first_ship_day(model: &Model, line: &Line, candidate: &Candidate) -> Day {
    let shipping = model.shipping(&candidate.location);
    let today = today(model, line, &candidate.location);
    let earliest = line.earliest.unwrap_or(today);
    if !line.by_arrival {
        return shipping.next(line.requested.max(earliest).max(today));
    }
    let acceptable = |ship: &Day| arrival(model, line, candidate, *ship) >= earliest;
    let in_time = |ship: &Day| arrival(model, line, candidate, *ship) <= line.requested;
    let ships = || (today..).filter(|&day| shipping.is_open(day));
    let last = ships().take_while(in_time).filter(acceptable).last();
    last.unwrap_or_else(|| ships().find(acceptable).expect("a day to ship"))
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
