//! Issue 18 item 12: chains of zones and classes cost what they are long (counted in
//! `snapshot/builder/forest.rs`), and how deep they may be is told.

use super::super::{scenarios, support};

fn chain(table: &str, key: &str, n: usize) -> String {
    let mut text = format!("[{table}]\n{key} | parent\nZ0 |\n");
    for row in 1..n {
        text += &format!("Z{row} | Z{}\n", row - 1);
    }
    text
}

#[track_caller]
fn check(table: &str, key: &str, (n, said): (usize, &[&str])) {
    let usual = "\n[items]\nitem\nA\n[locations]\nlocation\nHAM\n";
    let world = scenarios::read(&format!("\n{}{usual}", chain(table, key, n))).world;
    let (_, problems) = support::built(&world);
    assert_eq!(problems, said, "{table} {n}");
}

#[test]
fn a_chain_has_64_tiers_at_most() {
    check("zones", "zone", (64, &[]));
    check("zones", "zone", (65, &["error: zones, parent = \"65\": a tree of at most 64 tiers"]));
    check(
        "zones",
        "zone",
        (8_000, &["error: zones, parent = \"8000\": a tree of at most 64 tiers"]),
    );
    check("demand_classes", "demand_class", (64, &[]));
    for n in [65, 4_000] {
        let said = format!("error: demand_classes, parent = \"{n}\": a tree of at most 64 tiers");
        check("demand_classes", "demand_class", (n, &[&said]));
    }
}
