//! Where an order line can ship from (semantics 4).

use super::line::Line;
use super::master::{Lane, Window};
use super::model::Model;
use super::rules::Assignment;

/// An item that could ship from a location by a ship method.
#[derive(Clone)]
pub struct Candidate {
    pub item: String,
    /// Units of `item` for one of the ordered item, as a fraction.
    pub ratio: (i128, i128),
    /// 0 is the ordered item itself, 1 its first substitute, ...
    pub turn: usize,
    pub location: String,
    pub rank: i64,
    /// None: no destination is named, or the snapshot has no lanes at all.
    pub lane: Option<Lane>,
    /// All of them must hold on the ship day.
    pub windows: Vec<Window>,
}

impl Candidate {
    pub fn ship_method(&self) -> String {
        self.lane.as_ref().map(|lane| lane.ship_method.clone()).unwrap_or_default()
    }
}

/// A ship-from before its lanes are looked up.
struct ShipFrom {
    location: String,
    rank: i64,
    ship_method: String,
    window: Window,
}

/// Every candidate for an item (the ordered one, or a substitute of it), in the order of rank,
/// location, ship method.
pub fn candidates(model: &Model, line: &Line, item: &str) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for from in ship_froms(model, line, item) {
        for lane in lanes(model, line, &from) {
            candidates.push(Candidate {
                item: item.to_string(),
                ratio: (1, 1),
                turn: 0,
                location: from.location.clone(),
                rank: from.rank,
                lane,
                windows: vec![from.window],
            });
        }
    }
    candidates.sort_by_key(|each| (each.rank, each.location.clone(), each.ship_method()));
    candidates
}

/// 1. the line's location; 2. else the global rule that fits; 3. else wherever the item is kept or
/// made.
fn ship_froms(model: &Model, line: &Line, item: &str) -> Vec<ShipFrom> {
    let plain = |location: &String| ShipFrom {
        location: location.clone(),
        rank: 1,
        ship_method: String::new(),
        window: Window::default(),
    };
    if !line.location.is_empty() {
        return vec![plain(&line.location)];
    }
    if let Some(rule) = global_rule(model, line, item) {
        let rows = model.sourcing_rules.iter().filter(|row| row.rule == rule);
        // "Global sourcing rules hold transfers from a named location" (section 11)
        let rows = rows.filter(|row| row.source_type == "transfer" && !row.source.is_empty());
        let from_rule = |row: &super::sources::SourcingRow| ShipFrom {
            rank: i64::from(row.rank),
            ship_method: row.ship_method.clone(),
            window: row.window,
            ..plain(&row.source)
        };
        return rows.map(from_rule).collect();
    }
    let all = model.locations.keys();
    all.filter(|location| keeps_or_makes(model, item, location)).map(plain).collect()
}

/// "Most specific first ...; the first that matches wins; levels are not merged." By zone and by
/// demand class also for descendants, the nearest first (section 11).
fn global_rule(model: &Model, line: &Line, item: &str) -> Option<String> {
    let item = &model.items[item];
    let zones = model.zone_and_ancestors(&line.zone);
    let classes = model.class_and_ancestors(&line.class);
    let customer = Vec::from_iter((!line.customer.is_empty()).then(|| line.customer.clone()));
    let none = vec![String::new()];
    let find = |by_item: bool, by_category: bool, destinations: &[String], column: usize| {
        if by_category && item.category.is_empty() {
            return None;
        }
        let wanted_item = if by_item { item.item.as_str() } else { "" };
        let wanted_category = if by_category { item.category.as_str() } else { "" };
        let shape = |row: &Assignment, destination: &String| {
            let mut columns = [String::new(), String::new(), String::new()];
            columns[column] = destination.clone();
            row.location.is_empty()
                && row.item == wanted_item
                && row.category == wanted_category
                && [row.customer.clone(), row.zone.clone(), row.demand_class.clone()] == columns
        };
        destinations.iter().find_map(|destination| {
            let rows = &model.sourcing_assignments;
            rows.iter().find(|row| shape(row, destination)).map(|row| row.rule.clone())
        })
    };
    let (by_customer, by_zone, by_class) = (0, 1, 2);
    find(true, false, &customer, by_customer)
        .or_else(|| find(true, false, &zones, by_zone))
        .or_else(|| find(true, false, &classes, by_class))
        .or_else(|| find(false, true, &customer, by_customer))
        .or_else(|| find(false, true, &zones, by_zone))
        .or_else(|| find(false, true, &classes, by_class))
        .or_else(|| find(true, false, &none, by_customer))
        .or_else(|| find(false, true, &none, by_customer))
        .or_else(|| find(false, false, &customer, by_customer))
        .or_else(|| find(false, false, &zones, by_zone))
        .or_else(|| find(false, false, &classes, by_class))
        .or_else(|| find(false, false, &none, by_customer))
}

/// "A location *keeps or makes* an item if any row of the snapshot names both" (section 11).
pub fn keeps_or_makes(model: &Model, item: &str, location: &str) -> bool {
    let both = |of: &str, at: &str| of == item && at == location;
    model.on_hand.iter().any(|row| both(&row.item, &row.location))
        || model.supplies.iter().any(|row| both(&row.item, &row.location))
        || model.demands.iter().any(|row| both(&row.item, &row.location))
        || model.work_definitions.iter().any(|row| both(&row.item, &row.location))
        || model.item_suppliers.iter().any(|row| both(&row.item, &row.location))
        || model.sourcing_assignments.iter().any(|row| both(&row.item, &row.location))
}

/// "A lane is the one from the ship-from to the customer's zone or its nearest ancestor that has
/// one; where the line names neither customer nor zone, no lane is needed. Every ship method of the
/// lane is an option of its own, unless the line names one."
fn lanes(model: &Model, line: &Line, from: &ShipFrom) -> Vec<Option<Lane>> {
    if line.zone.is_empty() || model.lanes.is_empty() {
        return vec![None];
    }
    let to = |zone: &String| {
        let rows = model.lanes.iter();
        let rows = rows.filter(|row| row.origin == from.location && row.destination == *zone);
        rows.cloned().collect::<Vec<Lane>>()
    };
    let zones = model.zone_and_ancestors(&line.zone);
    let lanes = zones.iter().map(to).find(|lanes| !lanes.is_empty()).unwrap_or_default();
    let wanted = |name: &str, lane: &Lane| name.is_empty() || name == lane.ship_method;
    lanes
        .into_iter()
        .filter(|lane| wanted(&line.ship_method, lane) && wanted(&from.ship_method, lane))
        .map(Some)
        .collect()
}
