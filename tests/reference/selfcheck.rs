//! The worked examples of `semantics.md` as planner's tables.

use super::text::UNIT;
use super::{ResultRow, Row, World};
use std::collections::BTreeMap;

/// A planner's table: a header line, then rows; cells are separated by blanks, `-` is an empty
/// cell, `~` a blank inside one.
pub fn table(text: &str) -> Vec<Row> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().expect("a header").split_whitespace().collect();
    let cell = |(name, value): (&&str, &str)| {
        let value = if value == "-" { "" } else { value };
        (name.to_string(), value.replace('~', " "))
    };
    let row = |line: &str| header.iter().zip(line.split_whitespace()).map(cell).collect();
    lines.map(row).collect()
}

/// A world of named planner's tables, as of Monday 2026-11-23.
pub fn world(horizon_days: i32, tables: &[(&str, &str)]) -> World {
    let tables = tables.iter().map(|(name, text)| (name.to_string(), table(text)));
    let as_of = "2026-11-23".parse().expect("a date");
    World { as_of, horizon_days, tables: BTreeMap::from_iter(tables) }
}

/// `status leg item location quantity ship arrival late` of every row, a line each.
pub fn told(results: &[Vec<ResultRow>]) -> Vec<String> {
    let date = |date: Option<jiff::civil::Date>| match date {
        Some(date) => format!("{:02}-{:02}", date.month(), date.day()),
        None => "-".to_string(),
    };
    let tell = |row: &ResultRow| {
        let quantity = row.quantity as f64 / UNIT as f64;
        let (ship, arrival) = (date(row.ship_date), date(row.arrival_date));
        let place = format!("{} {}", row.item, row.location);
        format!("{} {} {place} {quantity} {ship} {arrival} {}", row.status, row.leg, row.days_late)
    };
    results.iter().flatten().map(tell).collect()
}

fn units(values: &[i64]) -> Vec<i64> {
    values.iter().map(|value| value / UNIT).collect()
}

const ITEM: (&str, &str) = ("items", "item unit_cost list_price\n PUMP 2 10");
const LOCATION: (&str, &str) = ("locations", "location\n BER");

/// Section 2, the example of a vendor: ATP is 12, 12, 12, 12, 13, 16, 16.
#[test]
fn atp_of_the_worked_example() {
    let world = world(7, &[ITEM, LOCATION, ON_HAND, SUPPLIES, DEMANDS]);
    assert_eq!(units(&super::atp(&world, "PUMP", "BER")), [12, 12, 12, 12, 13, 16, 16]);
}

const ON_HAND: (&str, &str) = ("on_hand", "item location quantity\n PUMP BER 20");
const SUPPLIES: (&str, &str) = (
    "supplies",
    "supply type            item location date       quantity
     PO1    purchase_order  PUMP BER      2026-11-25 10
     PO2    purchase_order  PUMP BER      2026-11-27 1
     PO3    purchase_order  PUMP BER      2026-11-28 3",
);
const DEMANDS: (&str, &str) = (
    "demands",
    "demand type         item location date       quantity
     SO/1   sales_order  PUMP BER      2026-11-23 3
     SO/2   sales_order  PUMP BER      2026-11-26 15",
);

/// Lines in file order, each seeing those before it; the earliest day for q is the first with ATP
/// >= q.
#[test]
fn orders_against_the_worked_example() {
    let world = world(7, &[ITEM, LOCATION, ON_HAND, SUPPLIES, DEMANDS]);
    let orders = table(
        "order item quantity requested_date
         A     PUMP 12       2026-11-24
         B     PUMP 2        2026-11-24
         C     PUMP 3        2026-11-24",
    );
    let expected = [
        "on_time 1 PUMP BER 12 11-24 11-24 0",
        "late 1 PUMP BER 2 11-28 11-28 4",
        "unavailable 0   0 - - 0",
    ];
    assert_eq!(told(&super::promise(&world, &orders)), expected);
}

/// `backward` writes a shortage off; `none` looks at the day alone.
#[test]
fn other_kinds_of_consumption() {
    let demand = ("demands", "demand item location date quantity\n A/1 PUMP BER 2026-11-24 30");
    for (consumption, expected) in [
        ("both", [0, 0, 0, 0, 1, 4, 4]),
        ("backward", [0, 0, 10, 10, 11, 14, 14]),
        ("none", [20, 0, 10, 0, 1, 3, 0]),
    ] {
        let rules = format!("rule consumption\n R {consumption}");
        let rules = [("atp_rules", rules.as_str()), ("atp_rule_assignments", "rule\n R")];
        let world = world(7, &[&[ITEM, LOCATION, ON_HAND, SUPPLIES, demand], &rules[..]].concat());
        assert_eq!(units(&super::atp(&world, "PUMP", "BER")), expected, "{consumption}");
    }
}

/// Section 7, the example of a vendor: 220 for Northeast of a supply of 200 takes 40 (own), 10
/// (HighVolume), 30 (VisionOps), 20 (Southeast), 20 (Southwest), 30 (LowVolume); 70 are left for
/// the sources.
fn vision_ops() -> World {
    world(
        10,
        &[
            ("items", "item\n PUMP"),
            LOCATION,
            ("on_hand", "item location quantity\n PUMP BER 200"),
            ("item_suppliers", "item supplier lead_time_days location\n PUMP ACME 5 BER"),
            ("suppliers", "supplier\n ACME"),
            (
                "demand_classes",
                "demand_class parent     rank
                 VisionOps    -          1
                 HighVolume   VisionOps  2
                 LowVolume    VisionOps  3
                 Northeast    HighVolume 9
                 Northwest    HighVolume 7
                 Southwest    HighVolume 10
                 Southeast    HighVolume 15",
            ),
            (
                "allocation_rules",
                "rule demand_class value steal
                 R    VisionOps    15    true
                 R    HighVolume   5     true
                 R    LowVolume    15    true
                 R    Northeast    20    true
                 R    Northwest    25    true
                 R    Southeast    10    true
                 R    Southwest    10    true",
            ),
            ("allocation_assignments", "rule item\n R PUMP"),
        ],
    )
}

#[test]
fn allocation_of_the_worked_example() {
    let model = super::model::Model::of(&vision_ops());
    let place = super::book::Place::new("PUMP", "BER");
    let draft = super::book::Draft::default();
    let units = 220 * UNIT;
    let takes = super::allocation::takes(&model, &draft, &place, "Northeast", units, (0, None));
    let takes: Vec<(&str, i64)> = takes.iter().map(|(n, q)| (n.as_str(), q / UNIT)).collect();
    let expected = [
        ("Northeast", 40),
        ("HighVolume", 10),
        ("VisionOps", 30),
        ("Southeast", 20),
        ("Southwest", 20),
        ("LowVolume", 30),
    ];
    assert_eq!(takes, expected);
}

/// The same through the engine: 150 at once, all 220 when the rest can be bought; Northwest keeps
/// its 50.
#[test]
fn promises_of_the_worked_example() {
    let orders = table(
        "order item quantity requested_date demand_class
         A     PUMP 151      2026-11-23     Northeast
         B     PUMP 220      2026-11-23     Northeast
         C     PUMP 50       2026-11-23     Northwest
         D     PUMP 1        2026-11-24     Northeast",
    );
    let expected = [
        "late 1 PUMP BER 220 11-28 11-28 5",
        "on_time 1 PUMP BER 50 11-23 11-23 0",
        "late 1 PUMP BER 1 11-28 11-28 4",
    ];
    assert_eq!(told(&super::promise(&vision_ops(), &orders[1..])), expected);
    let late = told(&super::promise(&vision_ops(), &orders[..1]));
    assert_eq!(late, ["late 1 PUMP BER 151 11-28 11-28 5"]);
}
