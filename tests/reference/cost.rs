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
    for (supplied, unit_cost) in supplied(model, draft, place) {
        let skipped = skip.min(supplied);
        let taken = rest.min(supplied - skipped);
        skip -= skipped;
        rest -= taken;
        cost += times(taken, unit_cost.unwrap_or(of_item));
    }
    cost + times(rest, of_item)
}

/// Everything demanded or taken on the days up to `day`.
fn consumed(model: &Model, draft: &Draft, place: &Place, day: Day) -> i64 {
    let is_demand = |event: &&Event| matches!(event.kind, Kind::Commitment | Kind::Forecast);
    let demands = model.at(place).events.iter().filter(is_demand);
    let demanded: i64 = demands.filter(|e| e.day <= day).map(|e| -e.quantity).sum();
    let postings = draft.on(&Account::Stock(place.clone()));
    let taken = postings.iter().filter(|posting| posting.day <= day && posting.quantity < 0);
    demanded + taken.map(|posting| -posting.quantity).sum::<i64>()
}

/// What comes in, in the order of day: on hand first, then scheduled supply, then what promises
/// made.
fn supplied(model: &Model, draft: &Draft, place: &Place) -> Vec<(i64, Option<i64>)> {
    let mut supplied: Vec<(Day, i64, Option<i64>)> = Vec::new();
    let events = model.at(place).events.iter();
    for event in events.filter(|event| event.kind == Kind::Supply) {
        supplied.push((event.day, event.quantity, event.unit_cost));
    }
    for posting in draft.on(&Account::Stock(place.clone())) {
        if posting.quantity > 0 {
            supplied.push((posting.day, posting.quantity, None));
        }
    }
    supplied.sort_by_key(|each| each.0);
    supplied.into_iter().map(|(_, quantity, unit_cost)| (quantity, unit_cost)).collect()
}
