//! Allocation by demand class (semantics 7): who may take what of the stock of an item at a
//! location.

use super::book::{Draft, Place};
use super::forecast;
use super::model::Model;
use super::rules::{self, AllocationRow, AtpRule};
use super::shares;
use super::stock;
use super::text::{Day, UNIT};
use std::collections::BTreeMap;

/// The rows of the allocation rule of an item at a location; none where it has no rule.
pub fn find_rows(model: &Model, place: &Place) -> Vec<AllocationRow> {
    let assignments = &model.allocation_assignments;
    let name = rules::assigned(assignments, &model.items[&place.item], &place.location);
    let all = model.allocation_rules.iter();
    all.filter(|row| Some(&row.rule) == name.as_ref()).cloned().collect()
}

fn of_kind(model: &Model, place: &Place, kind: &str) -> Vec<AllocationRow> {
    let rows = model.at(place).allocation.iter();
    rows.filter(|row| row.kind == kind).cloned().collect()
}

/// What a demand of a class takes of the stock on a day, up to `wanted`, node by node (section 7, 1
/// to 4). "A take is also bounded by the availability of the whole account" (section 11).
pub fn takes(
    model: &Model,
    draft: &Draft,
    place: &Place,
    class: &str,
    wanted: i64,
    (day, consumed): (Day, Option<(Day, i64)>),
) -> Vec<(String, i64)> {
    let whole = available(model, draft, place, class)[day as usize];
    // Where a class sees but a part of the whole (protected quantities, shares of what is left), what is kept stays so.
    let is_bounded = !of_kind(model, place, "protect").is_empty()
        || of_kind(model, place, "share").iter().any(|row| row.remaining);
    let consumed = consumed.filter(|_| !is_bounded);
    let own = consumed.map_or(0, |consumed| forecast::own(model, draft, place, consumed, day));
    let whole = whole.max(own);
    let wanted = wanted.min(whole);
    let shares = of_kind(model, place, "share");
    let Some(first) = shares.first() else {
        return vec![(String::new(), wanted)];
    };
    if first.remaining {
        let limit = percent_of_remaining(model, &shares, class, whole, day);
        return vec![(String::new(), wanted.min(limit))];
    }
    let nets = shares::node_nets(model, draft, place);
    walk(model, &model.at(place).rule, &nets, &sequence(model, class, first.steal), wanted, day)
}

/// The nodes in turn, each giving what is available in its own profile.
pub fn walk(
    model: &Model,
    rule: &AtpRule,
    nets: &BTreeMap<String, Vec<i64>>,
    sequence: &[String],
    wanted: i64,
    day: Day,
) -> Vec<(String, i64)> {
    let end = stock::look_ahead_end(model, rule);
    let mut takes = Vec::new();
    let mut rest = wanted;
    for node in sequence {
        let there = stock::available(&nets[node], rule.consumption, end)[day as usize];
        let taken = rest.min(there);
        if taken > 0 {
            takes.push((node.clone(), taken));
            rest -= taken;
        }
    }
    takes
}

/// Its own node (1); its parent, ... the root (2); where the rule lets it steal, "nodes of its own
/// tier with lower priority, lowest priority first" (3); "the same one tier up, comparing with its
/// ancestor there" (4). "A line without class, or of the root class, takes from the root, then from
/// all nodes, largest rank number first, then by name."
pub fn sequence(model: &Model, class: &str, steal: bool) -> Vec<String> {
    let chain = model.class_and_ancestors(class);
    if chain.len() <= 1 {
        let mut all: Vec<String> = model.classes.keys().cloned().collect();
        all.sort_by_key(|node| (*node != root(model), -model.classes[node].rank, node.clone()));
        return all;
    }
    let mut sequence = chain.clone();
    for ancestor in &chain {
        if steal {
            sequence.extend(weaker(model, ancestor));
        }
    }
    sequence
}

/// Nodes of the same tier with a larger rank number, the largest first, then by name.
fn weaker(model: &Model, node: &str) -> Vec<String> {
    let tier = |node: &str| model.class_and_ancestors(node).len();
    let rank = |node: &String| model.classes[node].rank;
    let all = model.classes.keys();
    let mut weaker: Vec<String> = all
        .filter(|other| tier(other) == tier(node) && rank(other) > rank(&node.to_string()))
        .cloned()
        .collect();
    weaker.sort_by_key(|node| (-rank(node), node.clone()));
    weaker
}

/// The class without parent.
pub fn root(model: &Model) -> String {
    let mut classes = model.classes.iter();
    classes.find(|(_, class)| class.parent.is_empty()).expect("a root class").0.clone()
}

/// `basis` remaining: "a class may use at most its percent of what is left in all"; "the root and
/// lines without class are not limited, a class without a row gets nothing".
fn percent_of_remaining(
    model: &Model,
    shares: &[AllocationRow],
    class: &str,
    whole: i64,
    day: Day,
) -> i64 {
    if model.class_and_ancestors(class).len() <= 1 {
        return whole;
    }
    let rows = shares::in_force(shares, day);
    let own = rows.iter().find(|row| row.demand_class == class);
    let percent = own.map_or(0, |row| row.value);
    (i128::from(whole) * i128::from(percent) / i128::from(100 * UNIT)) as i64
}

/// ATP of the whole account as a class sees it: what is protected from the class counts as demand.
pub fn available(model: &Model, draft: &Draft, place: &Place, class: &str) -> Vec<i64> {
    let rule = &model.at(place).rule;
    let mut net = stock::net(model, draft, place);
    for row in of_kind(model, place, "protect") {
        let (from, to) = period(model, place, &row);
        let day = from.max(0);
        if day >= to || day >= model.horizon || !yields(model, class, &row.demand_class) {
            continue;
        }
        let promised = promised(model, draft, place, &row.demand_class, (from, to));
        net[day as usize] -= (row.value - promised).max(0);
    }
    stock::available(&net, rule.consumption, stock::look_ahead_end(model, rule))
}

/// Whether a class leaves alone what is protected for a node: it is not under the node, and its
/// "priority is not higher than the node's".
fn yields(model: &Model, class: &str, node: &str) -> bool {
    let chain = model.class_and_ancestors(class);
    let higher = !chain.is_empty() && model.classes[class].rank < model.classes[node].rank;
    !chain.contains(&node.to_string()) && !higher
}

/// "From its date to the rule's next": the day after the last one is the second.
fn period(model: &Model, place: &Place, row: &AllocationRow) -> (Day, Day) {
    let dates = model.at(place).allocation.iter().map(|row| row.from);
    let later = dates.filter(|&from| from > row.from);
    (row.from, later.min().unwrap_or(Day::MAX))
}

/// What the classes under a node have been promised with a ship day in the period; the snapshot's
/// sales orders are promises of their date.
fn promised(
    model: &Model,
    draft: &Draft,
    place: &Place,
    node: &str,
    (from, to): (Day, Day),
) -> i64 {
    let under = |class: &str| model.class_and_ancestors(class).contains(&node.to_string());
    let within = |day: Day| from <= day && day < to;
    let legs = draft.legs.iter();
    let ship = |leg: &super::book::PromisedLeg| leg.ship.min(model.horizon - 1);
    let legs = legs.filter(|leg| leg.place == *place && under(&leg.class) && within(ship(leg)));
    let orders = model.at(place).events.iter();
    // Caps and protected quantities go by the own date of what is dated after the horizon.
    let date = |each: &stock::Event| if each.date < model.horizon { each.day } else { each.date };
    let orders = orders.filter(|each| each.sales_order && under(&each.class) && within(date(each)));
    legs.map(|leg| leg.quantity).sum::<i64>() - orders.map(|order| order.quantity).sum::<i64>()
}

/// `cap`: "the classes under the node get at most `value` units with a ship day in the period; caps
/// hold at every level of the tree". None: not restricted.
pub fn room_under_caps(
    model: &Model,
    draft: &Draft,
    place: &Place,
    class: &str,
    ship: Day,
) -> Option<i64> {
    let chain = model.class_and_ancestors(class);
    // "Caps and protected quantities go on as on the last day."
    let ship = ship.min(model.horizon - 1);
    let mut rooms = Vec::new();
    for row in of_kind(model, place, "cap") {
        let (from, to) = period(model, place, &row);
        if chain.contains(&row.demand_class) && from <= ship && ship < to {
            let promised = promised(model, draft, place, &row.demand_class, (from, to));
            rooms.push((row.value - promised).max(0));
        }
    }
    rooms.into_iter().min()
}
