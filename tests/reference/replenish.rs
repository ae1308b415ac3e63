//! The local sources of an item at a location, in their order (semantics 6 and 11 "Sourcing").

use super::book::Place;
use super::candidates::keeps_or_makes;
use super::master::Window;
use super::model::Model;
use super::rules::{self, AtpRule};
use super::sources::{ItemSupplier, SourcingRow, WorkDefinition};
use super::text::Day;

#[derive(Clone)]
pub enum Kind {
    Make(WorkDefinition),
    Buy(ItemSupplier),
    /// From a location, by a ship method; empty: by any.
    Transfer(String, String),
}

#[derive(Clone)]
pub struct Source {
    pub kind: Kind,
    pub rank: i32,
    pub percent: i64,
    pub priority: i32,
    pub name: String,
    pub windows: Vec<Window>,
}

impl Source {
    /// "A local source is judged on the day its goods are there; if a validity ends before the need
    /// day, the last valid day is the end and the goods are kept."
    pub fn last_day(&self, need: Day) -> Day {
        self.windows.iter().filter_map(|window| window.to).fold(need, Day::min)
    }

    pub fn is_valid(&self, day: Day) -> bool {
        self.windows.iter().all(|window| window.holds(day))
    }

    /// What several rows name in the same way is one source.
    fn is_same(&self, other: &Source) -> bool {
        let kind = match (&self.kind, &other.kind) {
            (Kind::Make(_), Kind::Make(_)) | (Kind::Buy(_), Kind::Buy(_)) => true,
            (Kind::Transfer(_, method), Kind::Transfer(_, other)) => method == other,
            _ => false,
        };
        kind && self.name == other.name && self.windows == other.windows
    }

    pub fn is_transfer(&self) -> bool {
        matches!(self.kind, Kind::Transfer(..))
    }
}

/// "In rank order (then priority, then name)"; "inside one rank `allocation_percent` orders the
/// sources (largest first)". What rows name twice is asked once, where it stands first.
pub fn sources(model: &Model, place: &Place, rule: &AtpRule) -> Vec<Source> {
    if !rule.search_sources {
        return Vec::new();
    }
    let mut sources = match local_rule(model, place) {
        Some(rule) => {
            let rows = model.sourcing_rules.iter().filter(|row| row.rule == rule);
            rows.flat_map(|row| of_row(model, place, row)).collect()
        }
        None => without_assignment(model, place),
    };
    sources.sort_by_key(|each| (each.rank, -each.percent, each.priority, each.name.clone()));
    let mut once: Vec<Source> = Vec::new();
    for source in sources {
        if !once.iter().any(|before| before.is_same(&source)) {
            once.push(source);
        }
    }
    once
}

/// A local assignment has a location: item+location, category+location or location.
fn local_rule(model: &Model, place: &Place) -> Option<String> {
    let all = model.sourcing_assignments.iter();
    let local: Vec<_> = all.filter(|row| row.location == place.location).cloned().collect();
    rules::assigned(&local, &model.items[&place.item], &place.location)
}

/// "Every work definition of (item, location) by priority, then every item_suppliers row that fits
/// by priority" (contract 1).
fn without_assignment(model: &Model, place: &Place) -> Vec<Source> {
    let row = |source_type: &str, rank: i32| SourcingRow {
        rule: String::new(),
        source_type: source_type.to_string(),
        source: String::new(),
        rank,
        allocation_percent: 100,
        ship_method: String::new(),
        window: Window::default(),
    };
    [of_row(model, place, &row("make", 1)), of_row(model, place, &row("buy", 2))].concat()
}

/// The sources of one row of a rule; an empty source is any.
fn of_row(model: &Model, place: &Place, row: &SourcingRow) -> Vec<Source> {
    let source = |kind: Kind, priority: i32, name: &str, windows: Vec<Window>| Source {
        kind,
        rank: row.rank,
        percent: row.allocation_percent,
        priority,
        name: name.to_string(),
        windows,
    };
    let asked = |name: &str| row.source.is_empty() || row.source == name;
    match row.source_type.as_str() {
        "make" => {
            let all = work_definitions(model, place).into_iter();
            let all = all.filter(|each| asked(&each.work_definition));
            let make = |each: WorkDefinition| {
                let (name, windows) = (each.work_definition.clone(), vec![row.window, each.window]);
                source(Kind::Make(each.clone()), each.priority, &name, windows)
            };
            all.map(make).collect()
        }
        "buy" => {
            let all = item_suppliers(model, place).into_iter();
            let all = all.filter(|each| asked(&each.supplier));
            let buy = |each: ItemSupplier| {
                let name = each.supplier.clone();
                source(Kind::Buy(each.clone()), each.priority, &name, vec![row.window])
            };
            all.map(buy).collect()
        }
        _ => {
            let transfer = |origin: String| {
                let kind = Kind::Transfer(origin.clone(), row.ship_method.clone());
                source(kind, 1, &origin, vec![row.window])
            };
            let named = vec![row.source.clone()];
            let all = if row.source.is_empty() { origins(model, place) } else { named };
            all.into_iter().map(transfer).collect()
        }
    }
}

fn work_definitions(model: &Model, place: &Place) -> Vec<WorkDefinition> {
    let here = |row: &&WorkDefinition| row.item == place.item && row.location == place.location;
    model.work_definitions.iter().filter(here).cloned().collect()
}

/// A row without location fits every location for which the supplier has none of its own.
fn item_suppliers(model: &Model, place: &Place) -> Vec<ItemSupplier> {
    let of_item = |row: &&ItemSupplier| row.item == place.item;
    let rows: Vec<_> = model.item_suppliers.iter().filter(of_item).collect();
    let own = |supplier: &str| {
        rows.iter().any(|row| row.supplier == supplier && row.location == place.location)
    };
    let fits = |row: &&&ItemSupplier| {
        row.location == place.location || (row.location.is_empty() && !own(&row.supplier))
    };
    rows.iter().filter(fits).map(|row| (*row).clone()).collect()
}

/// Where an item could be moved from if no origin is named: any other location that keeps or makes it.
fn origins(model: &Model, place: &Place) -> Vec<String> {
    let all = model.locations.keys().filter(|origin| **origin != place.location);
    all.filter(|origin| keeps_or_makes(model, &place.item, origin)).cloned().collect()
}
