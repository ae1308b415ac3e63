//! Where supply comes from: work definitions, resources, suppliers, transfers, local rules.

use super::houses::{calendar, lane};
use super::{Maker, Row, t};

/// With `percent` chance for every item and location a way to replenish it.
pub fn make(maker: &mut Maker, percent: u64) {
    if !maker.chance(percent) {
        return;
    }
    suppliers(maker);
    for location in maker.locations.clone() {
        resources(maker, &location);
        for index in 0..maker.items.len() {
            if maker.chance(70) && index + 1 < maker.items.len() {
                work_definition(maker, index, &location);
            }
        }
    }
    for item in maker.items.clone() {
        item_suppliers(maker, &item);
    }
    if maker.locations.len() > 1 && maker.chance(80) {
        between_locations(maker);
    }
    for item in maker.items.clone() {
        for location in maker.locations.clone() {
            if maker.chance(35) {
                local_rule(maker, &item, &location);
            }
        }
    }
}

fn suppliers(maker: &mut Maker) {
    for supplier in ["SUP1", "SUP2"] {
        let columns = [("supplier", t(supplier)), ("calendar", calendar(maker, 40))];
        maker.add("suppliers", &columns);
    }
}

fn item_suppliers(maker: &mut Maker, item: &str) {
    for supplier in ["SUP1", "SUP2"] {
        if !maker.chance(38) {
            continue;
        }
        let capacity = maker.maybe_range(55, 1, 6);
        let mut locations = vec![String::new()];
        if maker.chance(40) {
            locations = vec![maker.pick(&maker.locations.clone())];
            if maker.chance(30) {
                locations.push(String::new());
            }
        }
        for location in locations {
            let columns = [
                ("item", t(item)),
                ("supplier", t(supplier)),
                ("location", location),
                ("lead_time_days", t(maker.range(1, 9))),
                ("minimum_quantity", maker.maybe_range(30, 1, 10)),
                ("lot_multiple", maker.maybe_range(30, 2, 5)),
                ("unit_cost", maker.maybe_range(60, 1, 9)),
                ("capacity_per_day", capacity.clone()),
                ("priority", maker.maybe_range(40, 1, 2)),
            ];
            maker.add("item_suppliers", &columns);
        }
        for _ in 0..maker.pick(&[0, 1, 2, 3]) {
            let columns = [
                ("item", t(item)),
                ("supplier", t(supplier)),
                ("date", maker.date_in(0, 20)),
                ("quantity", t(maker.range(0, 6))),
            ];
            maker.add_once("supplier_capacity", &["item", "supplier", "date"], &columns);
        }
    }
}

/// Two resources a location.
fn resources(maker: &mut Maker, location: &str) {
    for index in 1..=2 {
        let resource = format!("{location}R{index}");
        let columns = [
            ("resource", resource.clone()),
            ("location", t(location)),
            ("calendar", calendar(maker, 30)),
            ("hours_per_day", maker.pick(&["4", "8", "2.5", "2", "1"].map(t))),
            ("cost_per_hour", maker.maybe_range(50, 1, 5)),
        ];
        maker.add("resources", &columns);
        for table in ["resource_capacity", "resource_load"] {
            for _ in 0..maker.below(5) {
                let (date, hours) = (maker.date_in(0, 12), maker.range(0, 5));
                let columns = [("resource", resource.clone()), ("date", date), ("hours", t(hours))];
                maker.add_once(table, &["resource", "date"], &columns);
            }
        }
    }
}

/// One or two work definitions of an item, of components that come after it: no cycles.
fn work_definition(maker: &mut Maker, index: usize, location: &str) {
    for version in 1..=maker.pick(&[1, 1, 1, 2]) {
        let item = maker.items[index].clone();
        let name = format!("W{version}{item}{location}");
        let lot = maker.pick(&["", "", "2", "5"]);
        let maximum = match lot {
            "" => maker.maybe_range(20, 4, 9),
            "2" => maker.maybe(30, 6),
            _ => maker.maybe(30, 10),
        };
        let [from, to] = maker.window(12);
        let columns = [
            ("work_definition", name.clone()),
            ("item", item),
            ("location", t(location)),
            ("priority", maker.maybe_range(50, 1, 2)),
            ("fixed_days", maker.maybe_pick(50, &["0", "1", "2"].map(t))),
            ("variable_days_per_unit", maker.maybe_pick(20, &["0.1", "0.25"].map(t))),
            ("minimum_quantity", maker.maybe_range(20, 1, 4)),
            ("maximum_quantity", maximum),
            ("lot_multiple", t(lot)),
            ("yield", maker.maybe_pick(15, &["0.9", "0.5", "0.8"].map(t))),
            ("unit_cost", maker.maybe_range(40, 1, 5)),
            from,
            to,
        ];
        maker.add("work_definitions", &columns);
        components(maker, &name, index);
        operations(maker, &name, location);
    }
}

fn components(maker: &mut Maker, name: &str, index: usize) {
    let after = maker.items[index + 1..].to_vec();
    for _ in 0..maker.pick(&[0, 1, 1, 2]) {
        let component = maker.pick(&after);
        let operation = maker.pick(&["", "10", "20"]);
        let basis = maker.maybe_pick(20, &[t("lot"), t("unit")]);
        let [from, to] = maker.window(10);
        let row = |component: &str, of: &str, quantity: String, rank: &str| {
            [
                ("work_definition", t(name)),
                ("component", t(component)),
                ("operation", t(operation)),
                ("quantity", quantity),
                ("basis", basis.clone()),
                ("substitute_of", t(of)),
                ("substitute_rank", t(rank)),
                from.clone(),
                to.clone(),
            ]
        };
        let quantity = maker.pick(&["1", "2", "0.5", "1.5", "3"].map(t));
        let columns = row(&component, "", quantity, "");
        if maker.add_once("work_definition_components", COMPONENT, &columns) && maker.chance(30) {
            let substitute = maker.pick(&after);
            let quantity = maker.pick(&["1", "2", "0.5"].map(t));
            if substitute != component {
                let columns = row(&substitute, &component, quantity, "1");
                maker.add_once("work_definition_components", SUBSTITUTE, &columns);
            }
        }
    }
}

/// Stricter than the key: a component once a work definition.
const COMPONENT: &[&str] = &["work_definition", "component", "substitute_of"];
const SUBSTITUTE: &[&str] = &["work_definition", "component", "operation", "substitute_of"];

/// No operation, one, or two; with a second resource or an alternate one.
fn operations(maker: &mut Maker, name: &str, location: &str) {
    for operation in maker.pick(&[vec![], vec![10], vec![10], vec![10, 20]]) {
        let offset = maker.maybe_range(20, 0, 2);
        let first = maker.range(1, 2);
        let row = |maker: &mut Maker, resource: i64, rank: String, offset: String| {
            let columns = [
                ("work_definition", t(name)),
                ("operation", t(operation)),
                ("resource", format!("{location}R{resource}")),
                ("hours", maker.pick(&["0.5", "1", "2", "0.25"].map(t))),
                ("basis", maker.maybe_pick(25, &[t("lot"), t("unit")])),
                ("alternate_rank", rank),
                ("offset_days", offset),
            ];
            maker.add("work_definition_operations", &columns);
        };
        row(maker, first, String::new(), offset.clone());
        if maker.chance(35) {
            let rank = maker.maybe(60, 1);
            // Another rank is another way to do it, with an offset of its own.
            let offset = if rank.is_empty() { offset } else { maker.maybe_range(30, 0, 2) };
            row(maker, 3 - first, rank, offset);
        }
    }
}

/// Lanes between locations: most of them from one to the others, so that searches stay small.
fn between_locations(maker: &mut Maker) {
    let locations = maker.locations.clone();
    let hub = maker.pick(&locations);
    for origin in &locations {
        for destination in &locations {
            let often = if *origin == hub { 85 } else { 20 };
            if origin != destination && maker.chance(often) {
                lane(maker, origin, destination);
            }
        }
    }
}

/// A local rule of makes, buys and transfers, and its assignment.
fn local_rule(maker: &mut Maker, item: &str, location: &str) {
    let rule = format!("LR{}", maker.rows("sourcing_assignments").len() + 1);
    for _ in 0..maker.pick(&[1, 1, 2, 2, 3]) {
        let source_type = maker.pick(&["transfer", "transfer", "make", "buy"]);
        let source = source(maker, source_type, item, location);
        let [from, to] = maker.window(12);
        let columns = [
            ("rule", rule.clone()),
            ("source_type", t(source_type)),
            ("source", source),
            ("rank", maker.maybe_range(70, 1, 3)),
            ("allocation_percent", maker.maybe_pick(25, &["30", "70"].map(t))),
            from,
            to,
        ];
        maker.add_once("sourcing_rules", &["rule", "source_type", "source"], &columns);
    }
    let mut columns = vec![("rule", rule.clone())];
    match maker.below(6) {
        0 => columns.extend(maker.category()),
        1 => {}
        _ => columns.push(("item", t(item))),
    }
    columns.push(("location", t(location)));
    let key = ["item", "category", "location", "zone", "customer", "demand_class"];
    maker.add_once("sourcing_assignments", &key, &columns);
}

/// A named source of the kind, or any.
fn source(maker: &mut Maker, source_type: &str, item: &str, location: &str) -> String {
    let here = |row: &Row| row["item"] == item && row["location"] == location;
    let names: Vec<String> = match source_type {
        "make" => {
            let rows = maker.rows("work_definitions").into_iter().filter(here);
            rows.map(|row| row["work_definition"].clone()).collect()
        }
        "buy" => vec![t("SUP1"), t("SUP2")],
        _ => maker.locations.iter().filter(|each| *each != location).cloned().collect(),
    };
    maker.maybe_pick(60, &names)
}
