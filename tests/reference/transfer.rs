//! Moving goods from another location (semantics 6.2 and 11 "Transfer").

use super::book::{Draft, Place};
use super::fill::{self, Filling};
use super::master::Lane;
use super::model::Model;
use super::moment::Moment;
use super::replenish::Source;
use super::text::{Day, times};
use super::when;

/// A way to move: by which lane, when it leaves stock at the origin, when it is there.
struct Move {
    /// None: the snapshot has no lanes at all.
    lane: Option<Lane>,
    need: Day,
    there: Day,
}

/// Moves `quantity` here by the day: "`fill` there, by the latest day from which the goods arrive
/// in time".
pub fn transfer(
    filling: &Filling,
    source: &Source,
    (origin, method): (&str, &str),
    draft: &Draft,
    quantity: i64,
    by: Moment,
) -> Option<Draft> {
    let search = filling.search;
    let day = by.day;
    let last = source.last_day(day);
    let moves = moves(filling, origin, method, last);
    let of = (filling.search.model, filling.place.item.as_str());
    let cost = |each: &Move| freight(of, each, quantity);
    let name = |each: &Move| each.lane.as_ref().map(|lane| lane.ship_method.clone());
    // "Of several ship methods the cheapest that is in time"
    let chosen = moves.into_iter().min_by_key(|each| (cost(each), name(each)))?;
    if !source.is_valid(chosen.there) || !filling.is_in_time(chosen.there, day) {
        return None;
    }
    let there = Place::new(&filling.place.item, origin);
    // "A transfer that leaves and arrives on one day passes the part on; any other is needed at the
    // end of the day on which it leaves stock."
    let one_day = chosen.need == day && chosen.there == day;
    let leaves = if one_day { by } else { Moment::end(chosen.need) };
    let mark = draft.mark();
    let (mut draft, short) =
        fill::fill(search, draft, &there, quantity, leaves, &filling.path, true);
    if short > 0 {
        return None;
    }
    draft.spent += cost(&chosen);
    draft.post_stock(&filling.place, chosen.there, quantity);
    draft.plan(mark);
    Some(draft)
}

/// Freight: "quantity x cost per unit + cost per shipment, for every lane used".
fn freight((model, item): (&Model, &str), chosen: &Move, quantity: i64) -> i64 {
    let lane = chosen.lane.as_ref();
    lane.map_or(0, |lane| model.worth(item, quantity, lane.cost_per_unit) + lane.cost_per_shipment)
}

/// By every ship method the latest departure that arrives by `last`, "among those that need not
/// depart before today".
fn moves(filling: &Filling, origin: &str, method: &str, last: Day) -> Vec<Move> {
    let model = filling.search.model;
    let here = &filling.place.location;
    let lanes: Vec<Option<Lane>> = if model.lanes.is_empty() {
        vec![None]
    } else {
        let all = model.lanes.iter();
        let all = all.filter(|lane| lane.origin == origin && lane.destination == *here);
        all.filter(|lane| method.is_empty() || lane.ship_method == method)
            .cloned()
            .map(Some)
            .collect()
    };
    lanes.into_iter().filter_map(|lane| latest(filling, origin, lane, last)).collect()
}

/// "From dock to dock: pick-pack and shipping calendar of the origin, the lane's calendar,
/// receiving calendar of the destination; the departure is the latest that arrives by the need
/// day."
fn latest(filling: &Filling, origin: &str, lane: Option<Lane>, last: Day) -> Option<Move> {
    let model = filling.search.model;
    let arrival = |ship: Day| match &lane {
        Some(lane) => {
            let there = model.calendar(&lane.calendar).add(ship, lane.transit_days);
            model.receiving(&filling.place.location).next(there)
        }
        None => ship,
    };
    let mut days = (filling.search.today..=last).rev();
    let ship =
        days.find(|&day| when::leaves(model, origin, lane.as_ref(), day) && arrival(day) <= last)?;
    let there = arrival(ship);
    let need = when::need_day(model, origin, ship);
    (need >= filling.search.today).then_some(Move { lane, need, there })
}
