//! An override: what cannot be promised on time is promised on the date asked for all the same.
//!
//! No search and no calendar stands behind such an option. It takes from the ship-from's stock on its
//! need day, whatever the balance; the ledger records who wanted it so, and why.

use crate::{
    ledger::{
        World,
        reservation::{Leg, Supplied},
    },
    model::{Day, Posting},
    promising::{
        answer::{Costs, Economics, LineOption, LineStatus, OptionLeg, Peg, PegSource, Promise},
        query::{Line, Query},
        request::DateType,
    },
    snapshot::LocationIx,
};

/// Puts an option on the date asked for in the place of each line that is not promised on time.
///
/// A line that names no ship-from takes the one of its best option, else the first location that keeps
/// the item; where there is none either, it stays as it is. Gives the positions of the lines overridden.
pub(super) fn override_late(world: &World, query: &Query, promise: &mut Promise) -> Vec<usize> {
    let mut overridden = Vec::new();
    for (at, (line, result)) in query.lines().iter().zip(&mut promise.lines).enumerate() {
        if matches!(result.status, LineStatus::OnTime | LineStatus::AlreadyPromised) {
            continue;
        }
        let options = result.option.iter().chain(&result.alternatives);
        let best = options.flat_map(|option| &option.legs).next().cloned();
        let keeper = || world.snapshot.stocks.keepers(line.item).next();
        let from_best = || best.as_ref().map(|leg| leg.location);
        let Some(location) = line.location.or_else(from_best).or_else(keeper) else {
            continue;
        };
        result.option = Some(option(world, line, location, best.as_ref()));
        result.status = LineStatus::OnTime;
        overridden.push(at);
    }
    overridden
}

fn option(
    world: &World,
    line: &Line,
    location: LocationIx,
    like: Option<&OptionLeg>,
) -> LineOption {
    let like = like.filter(|leg| leg.location == location);
    let pick_pack = like.map_or(0, |leg| leg.ship.since(leg.need));
    let transit = like.map_or(0, |leg| leg.arrival.since(leg.ship));
    let last = world.snapshot.epoch().end().plus(-1);
    let within = |day: Day| day.max(Day::ZERO).min(last);
    let ship = within(match line.date_type {
        DateType::Ship => line.requested,
        DateType::Arrival => line.requested.plus(-transit),
    });
    let need = within(ship.plus(-pick_pack));
    let cost = Costs {
        supply: {
            let items = &world.snapshot.items;
            items.worth(line.item, line.quantity, items.unit_cost(line.item))
        },
        ..Costs::default()
    };
    let kept = Leg {
        item: line.item,
        location,
        method: line.method.or_else(|| like.and_then(|leg| leg.method)),
        quantity: line.quantity,
        need,
        ship,
        arrival: ship.plus(transit),
        days_late: 0,
        rank: 1,
        covers: line.quantity,
        supply: Supplied::default(),
    };
    let price = line.quantity.at_each(line.priced, line.unit_price);
    let leg = OptionLeg {
        kept,
        turn: 0,
        economics: Economics { costs: cost, price },
        pegs: vec![Peg {
            depth: 0,
            planned: 0,
            item: line.item,
            location,
            quantity: line.quantity,
            day: need,
            source: PegSource::Infinite,
            cost,
        }],
    };
    let account = world.snapshot.stock(line.item, location).ix();
    LineOption::new(
        vec![leg],
        vec![Posting { account, day: need, quantity: -line.quantity, planned: 0 }],
    )
}
