//! Bad trees and rules of allocation: the fault names the rule and the node.

use crate::{
    reference::{Row, World},
    support,
};
use expect_test::{Expect, expect};

const TREE: &str = "demand_class parent\nALL -\nGOLD ALL\nSILVER ALL";

fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines().map(|line| line.split_whitespace().map(String::from));
    let header: Vec<String> = lines.next().unwrap().collect();
    let cell = |(_, cell): &(String, String)| cell != "-";
    lines.map(|cells| header.iter().cloned().zip(cells).filter(cell).collect()).collect()
}

#[track_caller]
fn check(classes: &str, rules: &str, want: Expect) {
    let tables = [
        ("items", "item\nA"),
        ("locations", "location\nDC"),
        ("demand_classes", classes),
        ("allocation_rules", rules),
        ("allocation_assignments", "rule\nR"),
    ];
    let tables = tables.into_iter().map(|(name, text)| (name.to_string(), rows(text))).collect();
    let world = World { as_of: jiff::civil::date(2026, 11, 23), horizon_days: 10, tables };
    let faults = support::try_snapshot(&world).expect_err("it is refused");
    want.assert_eq(&(faults.join("\n") + "\n"));
}

const SHARES: &str = "rule demand_class value\nR GOLD 60\nR SILVER 40";

#[test]
fn a_tree_with_a_cycle() {
    check(
        "demand_class parent\nALL -\nGOLD SILVER\nSILVER GOLD",
        SHARES,
        expect![[r#"
            error: demand_classes, parent = "GOLD > SILVER > GOLD": a tree; this path is a cycle
        "#]],
    );
}

#[test]
fn a_tree_with_two_roots() {
    check(
        "demand_class parent\nALL -\nGOLD -\nSILVER ALL",
        SHARES,
        expect![[r#"
        error: demand_classes, parent = "ALL, GOLD": one class without parent, for allocation rules such as R; give the others a parent
    "#]],
    );
}

#[test]
fn shares_above_a_hundred_percent() {
    check(
        TREE,
        "rule demand_class value\nR GOLD 60\nR SILVER 41",
        expect![[r#"
        error: allocation_rules row 1, value = "101 percent": at most 100 percent in all from one date on; this share is the largest (rule R, class GOLD)
    "#]],
    );
    let remaining = "rule demand_class value basis\nR GOLD 101 remaining\nR SILVER 90 remaining";
    check(
        TREE,
        remaining,
        expect![[r#"
        error: allocation_rules row 1, value = "101 percent": at most 100 percent in all from one date on; this share is the largest (rule R, class GOLD)
    "#]],
    );
}

#[test]
fn a_negative_share() {
    check(
        TREE,
        "rule demand_class value\nR GOLD -1\nR SILVER 40",
        expect![[r#"
        error: allocation_rules row 1, value = "-1": a number that is not negative (rule R, class GOLD)
    "#]],
    );
}

#[test]
fn a_class_that_is_unknown() {
    check(
        TREE,
        "rule demand_class value\nR BRONZE 10\nR SILVER 40",
        expect![[r#"
        error: allocation_rules row 1, demand_class = "BRONZE": a demand class of the tree (rule R, class BRONZE)
    "#]],
    );
}

#[test]
fn two_rows_of_one_node_and_date() {
    let twice = "rule demand_class effective_from value\n\
                 R GOLD 2026-11-01 60\nR GOLD 2026-11-01 50\nR SILVER 2026-11-01 40";
    check(
        TREE,
        twice,
        expect![[r#"
            error: allocation_rules row 2, effective_from = "2026-11-01": one row a rule, class and date (rule R, class GOLD has one from that date)
        "#]],
    );
    let kinds = "rule demand_class effective_from value kind\n\
                 R GOLD 2026-11-01 60 share\nR GOLD 2026-11-01 50 cap";
    check(
        TREE,
        kinds,
        expect![[r#"
            error: allocation_rules row 2, effective_from = "2026-11-01": one row a rule, class and date (rule R, class GOLD has one from that date)
        "#]],
    );
}

#[test]
fn rows_that_disagree() {
    let methods = "rule demand_class value method\nR GOLD 60 percent\nR SILVER 1 ratio";
    check(
        TREE,
        methods,
        expect![[r#"
        error: allocation_rules row 2, method: one method for all shares of a date (rule R, class SILVER)
    "#]],
    );
    let settings = "rule demand_class value steal\nR GOLD 60 true\nR SILVER 1 false";
    check(
        TREE,
        settings,
        expect![[r#"
            error: allocation_rules row 2, steal = "false": the basis, steal and fence of the rule's other rows (rule R, class SILVER)
        "#]],
    );
}

/// Issue 17 item 7: an assignment to a category that no item has assigns nothing, yet: a warning at the column.
#[test]
fn an_assignment_to_a_category_that_no_item_has_is_a_warning() {
    let tables = [
        ("items", "item category\nA X"),
        ("locations", "location\nDC"),
        ("demand_classes", TREE),
        ("allocation_rules", SHARES),
        ("allocation_assignments", "rule category\nR X\nR NONE"),
        ("atp_rules", "rule\nT"),
        ("atp_rule_assignments", "rule category\nT NONE"),
        ("sourcing_rules", "rule source_type source\nS transfer DC"),
        ("sourcing_assignments", "rule category\nS NONE"),
    ];
    let tables = tables.into_iter().map(|(name, text)| (name.to_string(), rows(text))).collect();
    let world = World { as_of: jiff::civil::date(2026, 11, 23), horizon_days: 10, tables };
    let (snapshot, problems) = support::built(&world);
    assert!(snapshot.is_some(), "{problems:?}");
    let want = expect![[r#"
        warning: atp_rule_assignments row 1, category = "NONE": a category that some item has; no item has this one, so the row assigns nothing
        warning: sourcing_assignments row 1, category = "NONE": a category that some item has; no item has this one, so the row assigns nothing
        warning: allocation_assignments row 2, category = "NONE": a category that some item has; no item has this one, so the row assigns nothing
    "#]];
    want.assert_eq(&(problems.join("\n") + "\n"));
}
