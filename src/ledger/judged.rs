//! What a promised line adds to figures: sums of whole numbers, judged by the date that was asked for or promised.
//!
//! Figures are sums of these over live promises; of what is forgotten they are kept ([`super::folded`]).

pub use super::sums::{DateBasis, Judged, N_SUMS, Sum};

use super::{Mover, Past, Reservation, State, World, reservation::DateType};
use crate::model::Day;
use jiff::civil::Date;

/// A line is a promise that is held, confirmed or fulfilled, and still known to its source.
pub fn counts(promise: &Reservation) -> bool {
    match promise.state {
        State::Held { .. } | State::Confirmed | State::Fulfilled => !promise.is_dropped(),
        State::Cancelled | State::Expired => false,
    }
}

/// The day by which a promise is judged.
pub fn due(world: &World, promise: &Reservation, basis: DateBasis) -> Day {
    let facts = &promise.facts;
    let epoch = world.snapshot.epoch();
    match basis {
        DateBasis::Request => facts.requested,
        DateBasis::FirstPromise => {
            let first = world.first_ship(promise);
            first.map_or(facts.requested, |date| epoch.day(date))
        }
        DateBasis::LastPromise => {
            facts.legs.iter().map(|leg| leg.ship).max().unwrap_or(facts.requested)
        }
    }
}

/// The day on which the last of a promise is there, of the kind that a basis speaks of: what was shipped, as it
/// shipped.
pub fn done(world: &World, promise: &Reservation, basis: DateBasis) -> Option<Day> {
    let by_arrival = basis == DateBasis::Request && promise.facts.date_type == DateType::Arrival;
    let day = |leg: &super::reservation::Leg| if by_arrival { leg.arrival } else { leg.ship };
    let last = promise.facts.legs.iter().map(day).max()?;
    let shipped = promise.shipped.filter(|_| promise.state == State::Fulfilled && !by_arrival);
    let shipped = shipped.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let zone = jiff::tz::TimeZone::UTC;
    Some(shipped.map_or(last, |at| world.snapshot.epoch().day(at.to_zoned(zone).date())))
}

/// What a promise adds, judged by the day of a basis.
/// Moves of its dates are looked up only where they are asked for.
pub fn judge(
    world: &World,
    promise: &Reservation,
    (basis, due): (DateBasis, Day),
    with_moves: bool,
) -> Judged {
    let facts = &promise.facts;
    let last = done(world, promise, basis);
    let late = last.map_or(0, |last| last.since(due).max(0));
    let is_full = facts.quantity_requested <= promise.quantity;
    let is_on_time = late == 0 && is_full && last.is_some();
    let is_open = promise.state != State::Fulfilled;
    let is_backlog = is_open && due < Day::ZERO;
    let is_held = matches!(promise.state, State::Held { .. });
    let (moves, days) = if with_moves { moved(world, promise) } else { (0, 0) };
    let shown = |kept| world.snapshot.items.shown(facts.item, kept).raw();
    let (quantity, value) = (shown(promise.quantity), (facts.profit + facts.cost).raw());
    let given = |holds: bool, term: i64| if holds { term } else { 0 };
    let at_risk = promise.at_risk;
    let mut sums = [0; N_SUMS];
    let mut set = |sum: Sum, term: i64| sums[sum as usize] = term;
    set(Sum::Lines, 1);
    set(Sum::Quantity, quantity);
    set(Sum::Value, value);
    set(Sum::Cost, facts.cost.raw());
    set(Sum::Profit, facts.profit.raw());
    set(Sum::OnTimeLines, given(is_on_time, 1));
    set(Sum::OnTimeQuantity, given(is_on_time, quantity));
    set(Sum::OnTimeValue, given(is_on_time, value));
    set(Sum::DaysLate, i64::from(late));
    set(Sum::AtRiskLines, given(at_risk, 1));
    set(Sum::AtRiskValue, given(at_risk, value));
    set(Sum::BacklogLines, given(is_backlog, 1));
    set(Sum::BacklogValue, given(is_backlog, value));
    set(Sum::HeldLines, given(is_held, 1));
    set(Sum::DateChanges, moves);
    set(Sum::DaysMoved, days);
    set(Sum::UnmovedLines, given(moves == 0, 1));
    set(Sum::LimitedValue, given(0 < late, value));
    set(Sum::Asked, shown(facts.quantity_requested));
    Judged(sums)
}

/// The steps by which the last day of a promise was moved, with the dates before and after.
fn moves(steps: &[Past]) -> impl Iterator<Item = (Date, Date, &Past)> {
    let dated = steps.iter().filter(|past| !past.state.is_final());
    let dated = dated.filter_map(|past| Some((past.ship?, past)));
    let pairs = dated.clone().zip(dated.skip(1));
    pairs
        .filter(|((before, _), (after, _))| before != after)
        .map(|((before, _), (after, past))| (before, after, past))
}

/// How often the last day of a promise was moved, and by how many days in all.
fn moved(world: &World, promise: &Reservation) -> (i64, i64) {
    let epoch = world.snapshot.epoch();
    let days = |(before, after, _): (Date, Date, &Past)| {
        i64::from(epoch.day(after).since(epoch.day(before)).abs())
    };
    let all = moves(world.past_steps(promise.number)).map(days);
    all.fold((0, 0), |(moves, sum), days| (moves + 1, sum + days))
}

/// What moved the last day of a promise last, in a word: its customer, or what else did; empty where nothing has.
pub fn moved_by(world: &World, promise: &Reservation) -> &'static str {
    let last = moves(world.past_steps(promise.number)).last();
    last.map_or("", |(_, _, past)| past.mover.map_or("customer", Mover::word))
}
