//! What a set pays once (semantics 12.4): freight of a shipment and handling of all that leaves one place on
//! one day by one lane.
//!
//! Its lines share it by what they are worth, rounded down to the millionth; the first takes the remainder.

use super::{answer::LineOption, query::Line};
use crate::{
    model::{Day, Money},
    snapshot::{
        LocationIx, MethodIx, Snapshot,
        location::{Destination, Lane},
    },
};
use std::collections::BTreeMap;

/// What leaves together.
type Shipment = (LocationIx, Day, Option<(Destination, MethodIx)>);

/// Has the lines of a set, which have an option of one leg each, share what falls due once.
pub(super) fn share(snapshot: &Snapshot, lines: &[Line], options: &mut [LineOption]) {
    let mut shipments: BTreeMap<Shipment, (Option<Lane>, Vec<usize>)> = BTreeMap::new();
    for (at, (line, option)) in lines.iter().zip(options.iter()).enumerate() {
        let leg = &option.legs[0];
        let lane = lane(snapshot, line, leg.location, leg.method);
        let by = lane.map(|lane| (lane.destination, lane.method));
        let shipment = shipments.entry((leg.location, leg.ship, by));
        shipment.or_insert((lane, Vec::new())).1.push(at);
    }
    for ((location, ..), (lane, members)) in shipments {
        if members.len() == 1 {
            continue;
        }
        let freight = lane.map_or(Money::ZERO, |lane| lane.cost_per_shipment);
        let handling = snapshot.locations.rows[location].handling_cost;
        let weights = weights(options, &members);
        let shares = parts(freight, &weights).into_iter().zip(parts(handling, &weights));
        for (&at, shares) in members.iter().zip(shares) {
            replace(&mut options[at], (freight, handling), shares);
        }
    }
}

/// The lane by which a leg of a line travels.
fn lane(
    snapshot: &Snapshot,
    line: &Line,
    from: LocationIx,
    method: Option<MethodIx>,
) -> Option<Lane> {
    let (method, &zone) = (method?, line.zones.first()?);
    let lanes = snapshot.lanes.to_zone(from, zone, &snapshot.zones);
    lanes.iter().find(|lane| lane.method == method).copied()
}

/// What the lines are worth: quantity x price, or the quantity where no line has a price.
fn weights(options: &[LineOption], members: &[usize]) -> Vec<i64> {
    let price = |&at: &usize| options[at].economics.price.raw();
    if members.iter().map(price).any(|price| 0 < price) {
        return members.iter().map(price).collect();
    }
    members.iter().map(|&at| options[at].quantity().raw()).collect()
}

/// An amount in proportion to weights, rounded down; the first takes what is left.
fn parts(amount: Money, weights: &[i64]) -> Vec<Money> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let part = |&weight: &i64| {
        let part = i128::from(amount.raw()) * i128::from(weight) / sum.max(1);
        Money::micros(i64::try_from(part).expect("no more than the amount"))
    };
    let mut parts: Vec<Money> = weights.iter().map(part).collect();
    let given: Money = parts.iter().copied().sum();
    parts[0] += amount - given;
    parts
}

/// Puts a line's shares in the place of what it would pay alone.
fn replace(option: &mut LineOption, whole: (Money, Money), (freight, handling): (Money, Money)) {
    let costs = &mut option.legs[0].economics.costs;
    costs.freight += freight - whole.0;
    costs.handling += handling - whole.1;
    option.economics = option.legs[0].economics;
}
