//! Demand classes, and allocation rules of every form.

use super::{Maker, t};

/// A tree of three tiers.
pub fn make_tree(maker: &mut Maker) {
    let tree = [("ALL", ""), ("A", "ALL"), ("B", "ALL"), ("A1", "A"), ("A2", "A"), ("B1", "B")];
    for (class, parent) in tree {
        let columns = [
            ("demand_class", t(class)),
            ("parent", t(parent)),
            ("rank", t(maker.range(1, 6))),
            ("lateness_penalty_per_unit_day", maker.maybe_range(30, 1, 3)),
        ];
        maker.add("demand_classes", &columns);
        maker.classes.push(t(class));
    }
}

/// Customers in the tree, and one or two allocation rules.
pub fn make_rules(maker: &mut Maker) {
    let classes = maker.classes.clone();
    for index in 0..maker.customers.len() {
        let class = maker.maybe_pick(60, &classes);
        let customer = &mut maker.tables.get_mut("customers").expect("customers")[index];
        if !class.is_empty() {
            customer.insert(t("demand_class"), class);
        }
    }
    for index in 1..=maker.range(1, 2) {
        rule(maker, &format!("A{index}"));
    }
}

fn rule(maker: &mut Maker, rule: &str) {
    let (items, locations) = (maker.items.clone(), maker.locations.clone());
    let mut columns = vec![("rule", t(rule))];
    match maker.below(4) {
        0 | 1 => columns.push(("item", maker.pick(&items))),
        2 => columns.extend(maker.category()),
        _ => {}
    }
    if maker.chance(25) {
        columns.push(("location", maker.pick(&locations)));
    }
    let key = ["item", "category", "location"];
    if !maker.add_once("allocation_assignments", &key, &columns) {
        return;
    }
    let mut dates = vec![maker.maybe(50, maker.date(-5))];
    if maker.chance(40) {
        dates.push(maker.date_in(2, 10));
    }
    match maker.below(10) {
        0..=5 => shares(maker, rule, &dates),
        6 => remaining(maker, rule, &dates),
        7 => limits(maker, rule, &dates, "protect"),
        8 => limits(maker, rule, &dates, "cap"),
        _ => {
            limits(maker, rule, &dates, "protect");
            limits(maker, rule, &dates, "cap");
        }
    }
}

/// Shares by one method, the same nodes at every date.
fn shares(maker: &mut Maker, rule: &str, dates: &[String]) {
    let method = maker.pick(&["percent", "percent", "ratio", "quantity"]);
    let (steal, fence) = (maker.maybe(60, true), maker.maybe_range(20, 0, 5));
    for date in dates {
        for class in maker.classes.clone() {
            let columns = [
                ("rule", t(rule)),
                ("demand_class", class),
                ("effective_from", date.clone()),
                ("kind", maker.maybe(40, "share")),
                ("method", if method == "percent" { maker.maybe(50, method) } else { t(method) }),
                ("value", maker.pick(&["5", "10", "15", "12.5", "16"].map(t))),
                ("steal", steal.clone()),
                ("allocation_fence_days", fence.clone()),
            ];
            maker.add("allocation_rules", &columns);
        }
    }
}

fn remaining(maker: &mut Maker, rule: &str, dates: &[String]) {
    for date in dates {
        for class in ["A", "A1", "B1"] {
            let columns = [
                ("rule", t(rule)),
                ("demand_class", t(class)),
                ("effective_from", date.clone()),
                ("value", maker.pick(&["20", "50", "80"].map(t))),
                ("basis", t("remaining")),
            ];
            maker.add("allocation_rules", &columns);
        }
    }
}

/// Protected quantities or caps of some nodes; a node has one of them only.
fn limits(maker: &mut Maker, rule: &str, dates: &[String], kind: &str) {
    let nodes = if kind == "cap" { ["A", "B1"] } else { ["A2", "B"] };
    for date in dates {
        for class in nodes {
            let columns = [
                ("rule", t(rule)),
                ("demand_class", t(class)),
                ("effective_from", date.clone()),
                ("kind", t(kind)),
                ("value", t(maker.range(3, 15))),
            ];
            maker.add("allocation_rules", &columns);
        }
    }
}
