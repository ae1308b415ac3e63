//! What stock costs (semantics 11 "Costs of an option").

use super::book::{Account, Draft, Place};
use super::model::Model;
use super::stock::{Event, Kind};
use super::text::{Day, times};

/// "supply = quantity x unit cost (of the scheduled supply if it has one, of the item otherwise)".
/// First in, first out: the stretch of the cumulative supply that follows all that is consumed up
/// to the day.
pub fn of_stock(model: &Model, draft: &Draft, place: &Place, quantity: i64, day: Day) -> i64 {
    let of_item = model.items[&place.item].unit_cost;
    let mut skip = consumed(model, draft, place, day);
    let mut rest = quantity;
    let mut cost = 0;
    for (supplied, unit_cost) in supplied(model, place) {
        let skipped = skip.min(supplied);
        let taken = rest.min(supplied - skipped);
        skip -= skipped;
        rest -= taken;
        cost += times(taken, unit_cost.unwrap_or(of_item));
    }
    cost + times(rest, of_item)
}

/// Everything demanded or taken on the days up to `day`, less what promises have made, bought or moved
/// by then: that is used up first.
fn consumed(model: &Model, draft: &Draft, place: &Place, day: Day) -> i64 {
    let is_demand = |event: &&Event| matches!(event.kind, Kind::Commitment | Kind::Forecast);
    let demands = model.at(place).events.iter().filter(is_demand);
    let demanded: i64 = demands.filter(|e| e.day <= day).map(|e| -e.quantity).sum();
    let postings = draft.on(&Account::Stock(place.clone()));
    let posted: i64 = postings.iter().filter(|p| p.day <= day).map(|p| p.quantity).sum();
    (demanded - posted).max(0)
}

/// The supply of the tables, in the order of day: on hand first, then scheduled supply.
fn supplied(model: &Model, place: &Place) -> Vec<(i64, Option<i64>)> {
    let events = model.at(place).events.iter();
    let mut supplied: Vec<&Event> = events.filter(|event| event.kind == Kind::Supply).collect();
    supplied.sort_by_key(|event| event.day);
    supplied.into_iter().map(|event| (event.quantity, event.unit_cost)).collect()
}
