//! Forms of allocation, worked out by hand. As of Monday 2026-11-23.

use super::World;
use super::checks::lines;
use super::selfcheck::world;
use super::text::UNIT;

/// 100 of an item on hand and a rule of the given rows for the classes ALL, GOLD and SILVER.
fn with_rule(rows: &str) -> World {
    world(
        12,
        &[
            ("items", "item\n A"),
            ("locations", "location\n BER"),
            ("on_hand", "item location quantity\n A BER 100"),
            (
                "supplies",
                "supply type item location date quantity\n P planned_order A BER 2026-11-25 40",
            ),
            ("demand_classes", "demand_class parent rank\n ALL - 1\n GOLD ALL 2\n SILVER ALL 3"),
            ("allocation_rules", rows),
            ("allocation_assignments", "rule\n R"),
        ],
    )
}

/// The answers to lines of a class and a quantity each, all requested for day 0.
fn answers(rule: &str, orders: &[(&str, i64)]) -> Vec<String> {
    let mut table = "order item quantity requested_date demand_class\n".to_string();
    for (index, (class, quantity)) in orders.iter().enumerate() {
        table += &format!("{index} A {quantity} 2026-11-23 {class}\n");
    }
    let short = |told: String| told.replace(" A BER", "").replace("unavailable 0   0 - - 0", "no");
    lines(&with_rule(rule), &table).into_iter().map(short).collect()
}

/// What is protected for gold is demand for silver and for everybody; not for gold, nor for who is
/// higher.
#[test]
fn protect() {
    let rule = "rule demand_class effective_from kind value\n R GOLD 2026-11-01 protect 30";
    let orders = [("SILVER", 111), ("SILVER", 70), ("GOLD", 10), ("-", 11), ("SILVER", 10)];
    let expected = [
        "no",
        "on_time 1 70 11-23 11-23 0",
        "on_time 1 10 11-23 11-23 0",
        "late 1 11 11-25 11-25 2",
        "late 1 10 11-25 11-25 2",
    ];
    assert_eq!(answers(rule, &orders), expected);
    let higher = [("ALL", 101), ("ALL", 1)];
    let expected = ["late 1 101 11-25 11-25 2", "on_time 1 1 11-23 11-23 0"];
    assert_eq!(answers(rule, &higher)[0], expected[0]);
}

/// A cap is for the ship days of a period, and holds for the classes under the node.
#[test]
fn cap() {
    let rule = "rule demand_class effective_from kind value
                R ALL 2026-11-20 cap 50
                R SILVER 2026-11-20 cap 20
                R ALL 2026-11-27 cap 60
                R SILVER 2026-11-27 cap 10";
    let orders = [("SILVER", 15), ("SILVER", 10), ("SILVER", 5), ("GOLD", 31), ("-", 50)];
    let expected = [
        "on_time 1 15 11-23 11-23 0",
        "late 1 10 11-27 11-27 4",
        "on_time 1 5 11-23 11-23 0",
        "late 1 31 11-27 11-27 4",
        "on_time 1 50 11-23 11-23 0",
    ];
    assert_eq!(answers(rule, &orders), expected);
}

/// At most its percent of what is left.
#[test]
fn remaining() {
    let rule = "rule demand_class value basis
                R    SILVER       40    remaining";
    let orders = [("SILVER", 40), ("SILVER", 24), ("SILVER", 30), ("GOLD", 1), ("ALL", 30)];
    let expected = [
        "on_time 1 40 11-23 11-23 0",
        "on_time 1 24 11-23 11-23 0",
        "late 1 30 11-25 11-25 2",
        "no",
        "on_time 1 30 11-23 11-23 0",
    ];
    assert_eq!(answers(rule, &orders), expected);
}

/// The supplies of a period fill the nodes in date order, in proportion to what they lack.
#[test]
fn quantity() {
    let rule = "rule demand_class method   value
                R    GOLD         quantity 50
                R    SILVER       quantity 75";
    let model = super::model::Model::of(&with_rule(rule));
    let place = super::book::Place::new("A", "BER");
    let draft = super::book::Draft::default();
    let nets = super::shares::node_nets(&model, &draft, &place);
    let net = |node: &str, day: usize| nets[node][day] / UNIT;
    assert_eq!([net("GOLD", 0), net("SILVER", 0), net("ALL", 0)], [40, 60, 0]);
    assert_eq!([net("GOLD", 2), net("SILVER", 2), net("ALL", 2)], [10, 15, 15]);
}
