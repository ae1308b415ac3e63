//! Small random worlds and order lines, valid by the contract; the same seed gives the same world.

mod classes;
mod files;
mod houses;
mod lines;
mod shelves;
mod shops;

pub use files::write;

use super::text::date_of;
use super::{Row, World};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a world is about; each has a little of the simpler ones in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Stock, ATP rules, calendars, cut-offs.
    Stock,
    /// Ship-froms, lanes, customers, objectives, costs.
    Sourcing,
    /// Make, buy and transfer.
    Capable,
    /// Ship and arrival sets, splits, substitutes.
    Sets,
    /// Demand classes.
    Allocation,
}

pub const KINDS: [Kind; 5] =
    [Kind::Stock, Kind::Sourcing, Kind::Capable, Kind::Sets, Kind::Allocation];

/// A world and a few order lines for it.
pub fn world(seed: u64, kind: Kind) -> (World, Vec<Row>) {
    let mut maker = Maker::new(seed, kind);
    houses::make(&mut maker);
    shelves::make(&mut maker);
    if kind == Kind::Allocation || maker.chance(15) {
        classes::make_tree(&mut maker);
    }
    if kind == Kind::Sourcing || maker.chance(25) {
        houses::make_destinations(&mut maker);
    }
    match kind {
        Kind::Capable => shops::make(&mut maker, 100),
        Kind::Allocation => shops::make(&mut maker, 25),
        Kind::Sets => shops::make(&mut maker, 40),
        Kind::Stock | Kind::Sourcing => shops::make(&mut maker, 15),
    }
    if !maker.classes.is_empty() {
        classes::make_rules(&mut maker);
    }
    if kind == Kind::Sets || maker.chance(20) {
        houses::make_substitutes(&mut maker);
    }
    shelves::make_stock(&mut maker);
    let orders = lines::make(&mut maker);
    maker.tables.retain(|_, rows| !rows.is_empty());
    let world =
        World { as_of: maker.as_of, horizon_days: maker.horizon, tables: maker.tables.clone() };
    (world, orders)
}

/// A world in the making, and the dice.
pub struct Maker {
    state: u64,
    kind: Kind,
    as_of: Date,
    horizon: i32,
    tables: BTreeMap<String, Vec<Row>>,
    items: Vec<String>,
    locations: Vec<String>,
    calendars: Vec<String>,
    zones: Vec<String>,
    customers: Vec<String>,
    classes: Vec<String>,
}

impl Maker {
    fn new(seed: u64, kind: Kind) -> Maker {
        let mut maker = Maker {
            state: seed.wrapping_mul(31).wrapping_add(kind as u64),
            kind,
            as_of: Date::constant(2026, 11, 23),
            horizon: 0,
            tables: BTreeMap::new(),
            items: Vec::new(),
            locations: Vec::new(),
            calendars: Vec::new(),
            zones: Vec::new(),
            customers: Vec::new(),
            classes: Vec::new(),
        };
        maker.as_of = date_of(maker.below(28) as i32, maker.as_of);
        maker.horizon = maker.range(12, 30) as i32;
        maker
    }

    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// From `low` to `high`, both included.
    fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    /// The value with some chance, else empty.
    fn maybe(&mut self, percent: u64, value: impl ToString) -> String {
        if self.chance(percent) { value.to_string() } else { String::new() }
    }

    /// One of the names with some chance, else empty.
    fn maybe_pick(&mut self, percent: u64, from: &[String]) -> String {
        if !from.is_empty() && self.chance(percent) { self.pick(from) } else { String::new() }
    }

    /// A number from `low` to `high` with some chance, else empty.
    fn maybe_range(&mut self, percent: u64, low: i64, high: i64) -> String {
        let number = self.range(low, high);
        self.maybe(percent, number)
    }

    /// A quantity from 1 to `most`, now and then with a fraction.
    fn quantity(&mut self, most: i64) -> String {
        let whole = self.range(1, most);
        if self.chance(12) { format!("{whole}.{}", self.pick(&[5, 25])) } else { whole.to_string() }
    }

    fn date(&self, day: i64) -> String {
        date_of(day as i32, self.as_of).to_string()
    }

    /// A date from `low` days after `as_of` to `high`.
    fn date_in(&mut self, low: i64, high: i64) -> String {
        let day = self.range(low, high);
        self.date(day)
    }

    /// A date somewhere in the horizon, most often in its first half.
    fn soon(&mut self) -> String {
        let end = i64::from(self.horizon) / if self.chance(70) { 2 } else { 1 };
        self.date_in(0, end - 1)
    }

    /// With some chance a validity: from some day, or to some day.
    fn window(&mut self, percent: u64) -> [(&'static str, String); 2] {
        let (from, to) = (self.date_in(-3, 8), self.date_in(5, 20));
        let (from, to) = (self.maybe(50, from), self.maybe(60, to));
        if from > to && !to.is_empty() || !self.chance(percent) {
            return [("effective_from", String::new()), ("effective_to", String::new())];
        }
        [("effective_from", from), ("effective_to", to)]
    }

    /// A category that some item has, as a column; none if none has one.
    fn category(&mut self) -> Option<(&'static str, String)> {
        let rows = self.rows("items");
        let all: Vec<String> = rows.iter().filter_map(|row| row.get("category").cloned()).collect();
        (!all.is_empty()).then(|| ("category", self.pick(&all)))
    }

    /// The ship methods that a lane has.
    fn methods(&self) -> Vec<String> {
        let rows = self.rows("shipping_lanes");
        rows.iter().filter_map(|row| row.get("ship_method").cloned()).collect()
    }

    /// Adds a row; empty columns are left out.
    fn add(&mut self, table: &str, columns: &[(&str, String)]) {
        let row = row(columns);
        self.tables.entry(table.to_string()).or_default().push(row);
    }

    /// Adds a row unless one with the same key is there; true if it was added.
    fn add_once(&mut self, table: &str, key: &[&str], columns: &[(&str, String)]) -> bool {
        let row = row(columns);
        let rows = self.tables.entry(table.to_string()).or_default();
        let same = |other: &Row| key.iter().all(|column| other.get(*column) == row.get(*column));
        if rows.iter().any(same) {
            return false;
        }
        rows.push(row);
        true
    }

    fn rows(&self, table: &str) -> Vec<Row> {
        self.tables.get(table).cloned().unwrap_or_default()
    }
}

fn row(columns: &[(&str, String)]) -> Row {
    let filled = columns.iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(column, value)| (column.to_string(), value.clone())).collect()
}

/// `"x"` as a column's text.
fn t(value: impl ToString) -> String {
    value.to_string()
}
