//! The profiles of the nodes of an allocation rule (semantics 7, `kind` share, `basis` original).

use super::allocation;
use super::book::{Account, Draft, Place};
use super::forecast;
use super::loaded::Loaded;
use super::lots;
use super::model::Model;
use super::rules::{AllocationRow, AtpRule};
use super::stock::{self, Event, Kind};
use super::text::{Day, UNIT};
use std::collections::BTreeMap;

/// What comes and goes on every day, for each node.
pub type Nets = BTreeMap<String, Vec<i64>>;

/// The nets as loaded, with everything promised so far; what sources gave or lost is the root's.
pub fn node_nets(model: &Model, draft: &Draft, place: &Place) -> Nets {
    let root = allocation::root(model);
    let mut nets = model.at(place).nets.clone();
    for posting in draft.on(&Account::Stock(place.clone())) {
        let node = if posting.node.is_empty() { &root } else { &posting.node };
        if posting.day < model.horizon {
            nets.get_mut(node).expect("a node")[posting.day as usize] += posting.quantity;
        }
    }
    give_back(model, draft, place, &mut nets);
    nets
}

/// "What is consumed comes back to the nodes that the forecast took from, last first."
fn give_back(model: &Model, draft: &Draft, place: &Place, nets: &mut Nets) {
    let loaded = model.at(place);
    if loaded.nets.is_empty() {
        return;
    }
    let first = forecast::rests_at_first(loaded);
    for (index, rest) in forecast::rests(model, draft, place).into_iter().enumerate() {
        let mut back = first[index] - rest;
        for (_, node, taken) in loaded.forecast_takes.iter().rev().filter(|take| take.0 == index) {
            let part = back.min(*taken);
            nets.get_mut(node).expect("a node")[loaded.periods[index].day as usize] += part;
            back -= part;
        }
    }
}

/// "Every supply is divided among the nodes"; safety stock is the root's; then the demands of the
/// snapshot take by the rule. Nothing where the rule has no shares.
pub fn divide(
    model: &Model,
    loaded: &Loaded,
    lot: Option<i64>,
) -> (Nets, Vec<(usize, String, i64)>) {
    let shares: Vec<AllocationRow> =
        loaded.allocation.iter().filter(|row| row.kind == "share").cloned().collect();
    if shares.is_empty() {
        return (Nets::new(), Vec::new());
    }
    let of_kind = |kinds: &[Kind]| -> Vec<Event> {
        loaded.events.iter().filter(|event| kinds.contains(&event.kind)).cloned().collect()
    };
    let empty = || vec![0; model.horizon as usize];
    let mut nets: Nets = model.classes.keys().map(|node| (node.clone(), empty())).collect();
    let mut add = |node: &str, day: Day, quantity: i64| {
        nets.get_mut(node).expect("a node")[day as usize] += quantity;
    };
    for (day, node, quantity) in divided(model, &of_kind(&[Kind::Supply]), &shares, lot) {
        add(&node, day, quantity);
    }
    for event in of_kind(&[Kind::SafetyStock]) {
        add(&allocation::root(model), event.day, event.quantity);
    }
    let demands = of_kind(&[Kind::Commitment, Kind::Forecast]);
    let takes = consume_demands(model, loaded, demands, shares[0].steal, &mut nets);
    (nets, takes)
}

/// "The demands of a snapshot are consumed by the same rule, in the order of priority, date, id";
/// one without priority comes last; "what its class may not take, the root takes (and may go
/// negative)".
fn consume_demands(
    model: &Model,
    loaded: &Loaded,
    mut demands: Vec<Event>,
    steal: bool,
    nets: &mut Nets,
) -> Vec<(usize, String, i64)> {
    let rule = &loaded.rule;
    let mut rests = forecast::rests_at_first(loaded);
    let mut forecast_takes = Vec::new();
    let root = allocation::root(model);
    let order = |event: &Event| (event.priority.unwrap_or(i32::MAX), event.date, event.id.clone());
    demands.sort_by_key(order);
    for demand in demands {
        let (mut wanted, day) = (-demand.quantity, demand.day as usize);
        let own = |period: &forecast::Period| {
            (&period.customer, &period.class, period.from)
                == (&demand.customer, &demand.class, demand.date)
        };
        let period = loaded.periods.iter().position(own);
        let period = period.filter(|_| demand.kind == Kind::Forecast);
        if let Some(index) = period {
            wanted = wanted.min(rests[index]);
            rests[index] -= wanted;
        }
        let sequence = allocation::sequence(model, &demand.class, steal);
        let whole: Vec<i64> =
            (0..model.horizon as usize).map(|d| nets.values().map(|net| net[d]).sum()).collect();
        let end = stock::look_ahead_end(model, rule);
        let bound = stock::available(&whole, rule.consumption, end)[day];
        let bounded = wanted.min(bound);
        let takes = allocation::walk(model, rule, nets, &sequence, bounded, demand.day);
        let taken: i64 = takes.iter().map(|(_, quantity)| quantity).sum();
        for (node, quantity) in takes.into_iter().chain([(root.clone(), wanted - taken)]) {
            nets.get_mut(&node).expect("a node")[day] -= quantity;
            forecast_takes.extend(period.map(|index| (index, node, quantity)));
        }
    }
    forecast_takes
}

/// Each supply in the order of date: what every node gets of it, and the rest the root's. "Supply
/// dated up to and including `allocation_fence_days` after `as_of` is the root's."
fn divided(
    model: &Model,
    supplies: &[Event],
    shares: &[AllocationRow],
    lot: Option<i64>,
) -> Vec<(Day, String, i64)> {
    if let Some(lot) = lot {
        return lots::divided(model, supplies, shares, lot);
    }
    let mut parts = Vec::new();
    let mut got: BTreeMap<(Day, String), i64> = BTreeMap::new();
    for supply in supplies {
        // "A sum below zero is the root's" (section 12.2, Stock).
        let below = supply.quantity < 0;
        let rows = if below { Vec::new() } else { rows_for(shares, supply.day) };
        let mut rest = supply.quantity;
        for (node, quantity) in of_supply(&rows, supply.quantity, &got) {
            *got.entry((rows[0].from, node.clone())).or_default() += quantity;
            rest -= quantity;
            parts.push((supply.day, node, quantity));
        }
        parts.push((supply.day, allocation::root(model), rest));
    }
    parts
}

/// The rows by which supply of a day is divided; none inside the fence.
pub fn rows_for(shares: &[AllocationRow], day: Day) -> Vec<AllocationRow> {
    let fenced = shares[0].fence.is_some_and(|fence| day <= fence);
    if fenced { Vec::new() } else { in_force(shares, day) }
}

/// The rows of the rule's period a day is in: those of the latest date up to it.
pub fn in_force(rows: &[AllocationRow], day: Day) -> Vec<AllocationRow> {
    let latest = rows.iter().map(|row| row.from).filter(|&from| from <= day).max();
    rows.iter().filter(|row| Some(row.from) == latest).cloned().collect()
}

/// The nodes' parts of one supply: by percent of it, by ratio (all of it), or, by quantity, "in
/// proportion to what the nodes still lack" of the period.
fn of_supply(
    rows: &[AllocationRow],
    supply: i64,
    got: &BTreeMap<(Day, String), i64>,
) -> Vec<(String, i64)> {
    let weight = |row: &AllocationRow| {
        let key = (row.from, row.demand_class.clone());
        let lacks = row.value - got.get(&key).copied().unwrap_or(0);
        let weight = if row.method == "quantity" { lacks } else { row.value };
        (row.demand_class.clone(), weight)
    };
    let weights: Vec<(String, i64)> = rows.iter().map(weight).collect();
    let sum: i128 = weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
    let supply = i128::from(supply);
    let total = match rows.first().map(|row| row.method.as_str()) {
        Some("ratio") => supply,
        Some("quantity") => supply.min(sum),
        _ => supply.min(supply * sum / (100 * i128::from(UNIT))),
    };
    proportional(total, &weights)
}

/// "Largest remainder, exact to the micro-unit"; of equal remainders the first name.
fn proportional(total: i128, weights: &[(String, i64)]) -> Vec<(String, i64)> {
    let sum: i128 = weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
    if sum == 0 {
        return Vec::new();
    }
    let product = |weight: i64| total * i128::from(weight);
    let mut parts: Vec<(String, i128, i128)> = weights
        .iter()
        .map(|(node, weight)| (node.clone(), product(*weight) / sum, product(*weight) % sum))
        .collect();
    let left = total - parts.iter().map(|(_, part, _)| part).sum::<i128>();
    parts.sort_by_key(|(node, _, remainder)| (-remainder, node.clone()));
    for part in parts.iter_mut().take(left as usize) {
        part.1 += 1;
    }
    parts.into_iter().map(|(node, part, _)| (node, part as i64)).collect()
}
