//! A line that may not become better than it is.

use crate::{
    ledger::{Reservation, World},
    model::Day,
    promising::request::OrderLine,
};

/// The line as it may at most become: no more than is promised, and no sooner.
pub(super) fn capped(world: &World, before: &Reservation, asked: OrderLine) -> OrderLine {
    let date = last_day(before).map(|day| world.snapshot.epoch().date(day));
    OrderLine { quantity: before.quantity, earliest: date.max(asked.earliest), ..asked }
}

/// The last day on which a promise ships, or arrives where that was asked.
fn last_day(found: &Reservation) -> Option<Day> {
    found.facts.legs.iter().map(|leg| leg.dated(found.facts.date_type)).max()
}
