//! An order line with every default filled in (contract 2).

use super::Row;
use super::master::Reader;
use super::model::Model;
use super::rules::{self, Objective};
use super::text::{Day, UNIT, fraction_up, round_up};
use jiff::Timestamp;

#[derive(Clone)]
pub struct Line {
    pub order: String,
    pub line: String,
    pub item: String,
    /// In the item's own unit.
    pub quantity: i64,
    pub requested: Day,
    pub by_arrival: bool,
    pub customer: String,
    /// The line's zone, else its customer's; empty: no destination.
    pub zone: String,
    pub location: String,
    pub class: String,
    /// The line's, else its customer's; 1 is the most important.
    pub priority: Option<i32>,
    pub earliest: Option<Day>,
    pub latest: Option<Day>,
    pub ship_set: String,
    pub arrival_set: String,
    pub ship_together: String,
    pub split: bool,
    pub min_split: i64,
    pub max_splits: usize,
    /// Of so much each leg of the item itself is a multiple.
    pub step: i64,
    pub substitutes: bool,
    pub ship_method: String,
    pub objective: Objective,
    pub unit_price: i64,
    /// How many of the unit that the item is kept in one of the priced one is.
    pub priced: (i128, i128),
    pub ordered_at: Option<Timestamp>,
}

pub fn read(model: &Model, row: &Row) -> Line {
    let row = &Reader { row, as_of: model.as_of };
    let item = row.text("item");
    let rule = model.line_rule(&item);
    let customer = row.text("customer");
    let of_customer = model.customers.get(&customer);
    let or = |own: String, other: Option<&String>| {
        if own.is_empty() { other.cloned().unwrap_or_default() } else { own }
    };
    let asked = row.micro("quantity").expect("quantity");
    let quantity = model.in_kept(&item, &row.text("uom"), asked);
    let ordered_at = row.text("ordered_at");
    Line {
        order: row.text("order"),
        line: or(row.text("line"), Some(&"1".to_string())),
        quantity,
        requested: row.day("requested_date").expect("requested_date"),
        by_arrival: row.text("date_type") == "arrival",
        zone: or(row.text("zone"), of_customer.map(|customer| &customer.zone)),
        class: or(row.text("demand_class"), of_customer.map(|customer| &customer.demand_class)),
        priority: row.whole("priority").or(of_customer.and_then(|customer| customer.priority)),
        location: row.text("location"),
        earliest: row.day("earliest_date"),
        latest: row.day("latest_date"),
        ship_set: row.text("ship_set"),
        arrival_set: row.text("arrival_set"),
        ship_together: row.text("ship_together"),
        split: row.flag("split").unwrap_or(rule.split),
        min_split: minimum_split((model, row), (&rule, &item), quantity),
        step: step(model, row, &item),
        max_splits: row.whole("max_splits").or(rule.max_splits).unwrap_or(2) as usize,
        substitutes: row.flag("substitutes").unwrap_or(rule.substitutes),
        ship_method: row.text("ship_method"),
        objective: rules::objective(&row.text("objective")).unwrap_or(rule.objective),
        unit_price: row.micro("unit_price").unwrap_or(model.items[&item].list_price),
        priced: match row.micro("unit_price") {
            Some(_) => model.unit(&item, &row.text("uom")),
            None => model.unit(&item, ""),
        },
        ordered_at: (!ordered_at.is_empty()).then(|| ordered_at.parse().expect("RFC 3339")),
        item,
        customer,
    }
}

/// "Legs of the item itself are multiples of its lot and of the line's unit both"; "a line in a unit of its
/// own is split in whole units of it, unless its quantity is not whole".
fn step(model: &Model, row: &Reader, item: &str) -> i64 {
    let lot = model.items[item].lot_multiple.unwrap_or(1);
    let uom = row.text("uom");
    let is_whole = row.micro("quantity").expect("quantity") % UNIT == 0;
    let (own, unit) = model.unit(item, &uom);
    let is_exact = own * i128::from(UNIT) % unit == 0;
    if uom.is_empty() || uom == model.items[item].uom || !is_whole || !is_exact {
        return lot;
    }
    let unit = (own * i128::from(UNIT) / unit) as i64;
    (1..).map(|n| n * unit).find(|most| most % lot == 0).expect("a common multiple")
}

/// "Limits on the line override the rule's" (section 11); at least one lot, at least one
/// micro-unit.
fn minimum_split(
    (model, row): (&Model, &Reader),
    (rule, item): (&rules::AtpRule, &str),
    quantity: i64,
) -> i64 {
    let percent = i128::from(rule.min_split_percent.unwrap_or(0));
    let share = fraction_up(quantity, percent, 100 * i128::from(UNIT));
    let of_rule =
        share.max(rule.min_split_quantity.map_or(0, |least| model.in_kept(item, "", least)));
    let own = row.micro("min_split_quantity");
    own.map_or(of_rule, |own| model.in_kept(item, &row.text("uom"), own)).max(1)
}

/// A quantity of the ordered item in units of what ships instead: times the ratio, rounded up, and
/// up to a whole lot.
pub fn converted(quantity: i64, ratio: (i128, i128), lot: Option<i64>) -> i64 {
    if ratio == (1, 1) {
        return quantity;
    }
    round_up(fraction_up(quantity, ratio.0, ratio.1), lot)
}
