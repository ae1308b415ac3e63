//! ATP rules; on-hand, scheduled supply and demand.

use super::{Kind, Maker, t};

/// ATP rules and their assignments.
pub fn make(maker: &mut Maker) {
    if maker.chance(25) {
        return;
    }
    for index in 1..=maker.range(1, 3) {
        let rule = format!("R{index}");
        atp_rule(maker, &rule);
        let (items, locations) = (maker.items.clone(), maker.locations.clone());
        let mut columns = vec![("rule", rule)];
        match maker.below(4) {
            0 | 1 => columns.push(("item", maker.pick(&items))),
            2 => columns.extend(maker.category()),
            _ => {}
        }
        if maker.chance(30) {
            columns.push(("location", maker.pick(&locations)));
        }
        maker.add_once("atp_rule_assignments", &["item", "category", "location"], &columns);
    }
    rule_of_an_item(maker);
}

/// `items.atp_rule`, where nothing else is assigned to the item alone.
fn rule_of_an_item(maker: &mut Maker) {
    let rows = maker.rows("atp_rule_assignments");
    let item = maker.items[0].clone();
    let alone = |row: &super::Row| row.get("item") == Some(&item) && !row.contains_key("location");
    if maker.chance(15) && !rows.iter().any(alone) {
        let items = maker.tables.get_mut("items").expect("items");
        items[0].insert(t("atp_rule"), t("R1"));
    }
}

fn atp_rule(maker: &mut Maker, rule: &str) {
    let supply_types = "on_hand purchase_order work_order in_transit";
    let demand_types = ["sales_order forecast", "sales_order", "sales_order safety_stock"].map(t);
    let deep = maker.kind != Kind::Stock;
    let columns = [
        ("rule", t(rule)),
        ("mode", maker.maybe_pick(12, &["infinite", "lead_time", "supply"].map(t))),
        ("supply_types", maker.maybe(15, supply_types)),
        ("demand_types", maker.maybe_pick(15, &demand_types)),
        ("consumption", maker.maybe_pick(25, &["backward", "none", "both"].map(t))),
        ("past_due_supply_days", maker.maybe_range(25, 0, 4)),
        ("past_due_supply_delay_days", maker.maybe_range(15, 0, 3)),
        ("past_due_demand_days", maker.maybe_range(25, 0, 4)),
        ("infinite_fence_days", maker.maybe_range(12, 6, 34)),
        ("atp_fence_days", maker.maybe_range(if deep { 25 } else { 5 }, 1, 12)),
        ("lead_time_days", maker.maybe_range(50, 0, 6)),
        ("search_sources", maker.maybe_pick(15, &[t("false"), t("true")])),
        ("replenish_by", maker.maybe_pick(25, &["need_day", "commitment"].map(t))),
        ("objective", maker.maybe_pick(40, &["earliest", "lowest_cost", "highest_profit"].map(t))),
        ("split", maker.maybe(40, true)),
        ("min_split_quantity", maker.maybe_range(20, 1, 5)),
        ("min_split_percent", maker.maybe_pick(20, &["10", "25", "50"].map(t))),
        ("max_splits", maker.maybe_range(25, 1, 4)),
        ("substitutes", maker.maybe(45, true)),
    ];
    maker.add("atp_rules", &columns);
}

/// On-hand, scheduled supply and demand of some items at some locations.
pub fn make_stock(maker: &mut Maker) {
    let few = if maker.kind == Kind::Capable { 45 } else { 80 };
    for item in maker.items.clone() {
        for location in maker.locations.clone() {
            if maker.chance(few) {
                on_hand(maker, &item, &location);
            }
            for _ in 0..maker.below(if few > 50 { 5 } else { 3 }) {
                supply(maker, &item, &location);
            }
            for _ in 0..maker.below(3) {
                demand(maker, &item, &location);
            }
            if maker.chance(10) {
                safety_stock(maker, &item, &location);
            }
        }
    }
}

fn on_hand(maker: &mut Maker, item: &str, location: &str) {
    for lot in 1..=maker.pick(&[1, 1, 1, 2, 3]) {
        let expires = maker.date_in(-2, 25);
        let columns = [
            ("item", t(item)),
            ("location", t(location)),
            ("quantity", maker.quantity(18)),
            ("lot", if lot == 1 { maker.maybe(30, "LOT1") } else { format!("LOT{lot}") }),
            ("expires_on", maker.maybe(12, expires)),
            ("status", maker.maybe_pick(12, &["hold", "available"].map(t))),
        ];
        maker.add("on_hand", &columns);
    }
}

fn supply(maker: &mut Maker, item: &str, location: &str) {
    let id = format!("S{}", maker.rows("supplies").len() + 1);
    let types = ["purchase_order", "work_order", "planned_order", "in_transit", "return"].map(t);
    let (soon, any) = (maker.soon(), maker.date_in(-6, 32));
    let columns = [
        ("supply", id),
        ("type", maker.pick(&types)),
        ("item", t(item)),
        ("location", t(location)),
        ("date", if maker.chance(80) { soon } else { any }),
        ("quantity", maker.quantity(15)),
        ("unit_cost", maker.maybe_range(15, 1, 12)),
    ];
    maker.add("supplies", &columns);
}

fn demand(maker: &mut Maker, item: &str, location: &str) {
    let id = format!("D{}/1", maker.rows("demands").len() + 1);
    let types = ["sales_order", "forecast", "work_order_component", "transfer_order"].map(t);
    let (soon, any) = (maker.soon(), maker.date_in(-6, 32));
    let (customers, classes) = (maker.customers.clone(), maker.classes.clone());
    let columns = [
        ("demand", id),
        ("type", maker.maybe_pick(60, &types)),
        ("item", t(item)),
        ("location", t(location)),
        ("date", if maker.chance(85) { soon } else { any }),
        ("quantity", maker.quantity(8)),
        ("customer", maker.maybe_pick(40, &customers)),
        ("demand_class", maker.maybe_pick(50, &classes)),
        ("priority", maker.maybe_range(60, 1, 3)),
    ];
    maker.add("demands", &columns);
}

/// One or two levels.
fn safety_stock(maker: &mut Maker, item: &str, location: &str) {
    for _ in 0..maker.range(1, 2) {
        let columns = [
            ("demand", format!("SS{}", maker.rows("demands").len() + 1)),
            ("type", t("safety_stock")),
            ("item", t(item)),
            ("location", t(location)),
            ("date", maker.date_in(-4, 12)),
            ("quantity", t(maker.range(0, 6))),
        ];
        let columns = columns.map(|(name, value)| (name, value));
        maker.add_once("demands", &["type", "item", "location", "date"], &columns);
    }
}
