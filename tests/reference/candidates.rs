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

/// The line's location (1), else the global rule that fits (2), else wherever the item is kept or
/// made (3).
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

/// "Most specific first: item+customer, item+zone, item+demand class, category+customer,
/// category+zone, category+demand class, item, category, customer, zone, demand class, everything.
/// The first that matches wins; levels are not merged."
fn global_rule(model: &Model, line: &Line, item: &str) -> Option<String> {
    let item = &model.items[item];
    let own = vec![[item.item.clone(), String::new()]];
    let category = vec![[String::new(), item.category.clone()]];
    let whats = if item.category.is_empty() { own } else { [own, category].concat() };
    let (any_item, anybody) = (<[String; 2]>::default(), <[String; 3]>::default());
    let whoms = destinations(model, line);
    let mut levels = Vec::new();
    for what in &whats {
        levels.extend(whoms.iter().map(|whom| (what.clone(), whom.clone())));
    }
    levels.extend(whats.iter().map(|what| (what.clone(), anybody.clone())));
    levels.extend(whoms.iter().map(|whom| (any_item.clone(), whom.clone())));
    levels.push((any_item, anybody));
    levels.iter().find_map(|(what, whom)| {
        let fits = |row: &&Assignment| {
            row.location.is_empty()
                && [row.item.clone(), row.category.clone()] == *what
                && [row.customer.clone(), row.zone.clone(), row.demand_class.clone()] == *whom
        };
        model.sourcing_assignments.iter().find(fits).map(|row| row.rule.clone())
    })
}

/// Customer, zone, demand class: one of them named. "Assignments by zone and by demand class hold
/// for descendants too, the nearest first" (section 11).
fn destinations(model: &Model, line: &Line) -> Vec<[String; 3]> {
    let none = String::new;
    let customer = Some(line.customer.clone()).filter(|customer| !customer.is_empty());
    let zones = model.zone_and_ancestors(&line.zone).into_iter();
    let classes = model.class_and_ancestors(&line.class).into_iter();
    let by_customer = customer.into_iter().map(|customer| [customer, none(), none()]);
    let by_zone = zones.map(|zone| [none(), zone, none()]);
    let by_class = classes.map(|class| [none(), none(), class]);
    by_customer.chain(by_zone).chain(by_class).collect()
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
