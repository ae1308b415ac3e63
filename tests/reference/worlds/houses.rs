//! Items, locations, calendars, zones, customers, lanes, global sourcing, substitutes.

use super::{Kind, Maker, t};

pub fn make(maker: &mut Maker) {
    calendars(maker);
    items(maker);
    locations(maker);
}

fn calendars(maker: &mut Maker) {
    for (name, days) in [
        ("WEEK", "Mon Tue Wed Thu Fri"),
        ("SIX", "Mon Tue Wed Thu Fri Sat"),
        ("ODD", "Mon Wed Fri"),
    ] {
        maker.add("calendars", &[("calendar", t(name)), ("working_days", t(days))]);
        maker.calendars.push(t(name));
        for _ in 0..maker.below(7) {
            let (date, working) = (maker.date_in(-2, 25), maker.chance(35));
            maker.add_once(
                "calendar_exceptions",
                &["calendar", "date"],
                &[("calendar", t(name)), ("date", date), ("working", t(working))],
            );
        }
    }
}

/// A calendar with some chance.
pub fn calendar(maker: &mut Maker, percent: u64) -> String {
    let all = maker.calendars.clone();
    maker.maybe_pick(percent, &all)
}

fn items(maker: &mut Maker) {
    let count = if maker.kind == Kind::Stock { maker.range(1, 3) } else { maker.range(2, 4) };
    let often_in_lots = if maker.kind == Kind::Allocation { 35 } else { 12 };
    for index in 1..=count {
        let item = format!("I{index}");
        let columns = [
            ("item", item.clone()),
            ("category", maker.maybe_pick(60, &[t("C1"), t("C2")])),
            ("uom", t("EA")),
            ("lot_multiple", maker.maybe(often_in_lots, 2)),
            ("list_price", maker.maybe_range(80, 5, 40)),
            ("unit_cost", maker.maybe_range(80, 1, 12)),
        ];
        maker.add("items", &columns);
        if maker.chance(30) {
            unit_of_measure(maker, &item);
        }
        maker.items.push(item);
    }
}

/// A conversion of the item's own, or one for all items.
fn unit_of_measure(maker: &mut Maker, item: &str) {
    let own = maker.chance(60);
    let (of, from) = if own { (t(item), format!("CASE{item}")) } else { (t(""), t("BOX")) };
    let factor = maker.pick(&[2, 4, 12]);
    let columns = [("item", of), ("from_uom", from), ("to_uom", t("EA")), ("factor", t(factor))];
    maker.add_once("uom_conversions", &["from_uom", "to_uom"], &columns);
}

fn locations(maker: &mut Maker) {
    let count = if maker.kind == Kind::Stock { maker.range(1, 2) } else { maker.range(1, 3) };
    let zones = ["UTC", "Europe/Berlin", "America/New_York"].map(t);
    for index in 1..=count {
        let columns = [
            ("location", format!("L{index}")),
            ("shipping_calendar", calendar(maker, 50)),
            ("receiving_calendar", calendar(maker, 30)),
            ("manufacturing_calendar", calendar(maker, 50)),
            ("cutoff_time", maker.maybe_pick(35, &["12:00", "15:30", "09:00"].map(t))),
            ("time_zone", maker.maybe_pick(40, &zones)),
            ("pick_pack_days", maker.maybe_range(30, 0, 2)),
            ("handling_cost", maker.maybe_range(30, 1, 5)),
            ("order_lines_per_day", maker.maybe_range(20, 1, 3)),
        ];
        maker.add("locations", &columns);
        maker.locations.push(format!("L{index}"));
    }
}

/// Zones, customers, lanes to zones, and (for some) global sourcing.
pub fn make_destinations(maker: &mut Maker) {
    for (zone, parent) in [("Z", ""), ("ZA", "Z"), ("ZB", "Z"), ("ZAA", "ZA")] {
        maker.add("zones", &[("zone", t(zone)), ("parent", t(parent))]);
        maker.zones.push(t(zone));
    }
    let zones = maker.zones.clone();
    for index in 1..=maker.range(1, 3) {
        let columns = [
            ("customer", format!("CU{index}")),
            ("zone", maker.maybe_pick(85, &zones)),
            ("receiving_calendar", calendar(maker, 25)),
        ];
        maker.add("customers", &columns);
        maker.customers.push(format!("CU{index}"));
    }
    if maker.chance(90) {
        lanes(maker);
    }
    if maker.chance(60) {
        global_sourcing(maker);
    }
}

fn lanes(maker: &mut Maker) {
    for origin in maker.locations.clone() {
        let mut destinations = vec![t("Z")];
        destinations.extend(maker.zones.clone().into_iter().skip(1).filter(|_| maker.chance(35)));
        if maker.chance(15) {
            destinations.remove(0);
        }
        for zone in destinations {
            lane(maker, &origin, &zone);
        }
    }
}

/// One or two ship methods between two places.
pub fn lane(maker: &mut Maker, origin: &str, destination: &str) {
    let methods = maker.pick(&[vec!["truck"], vec!["air"], vec!["truck", "air"], vec![""]]);
    for method in methods {
        let transit = if method == "air" { maker.range(0, 1) } else { maker.range(0, 4) };
        let columns = [
            ("origin", t(origin)),
            ("destination", t(destination)),
            ("ship_method", t(method)),
            ("transit_days", t(transit)),
            ("calendar", calendar(maker, 35)),
            ("cost_per_unit", maker.maybe_range(70, 1, 4)),
            ("cost_per_shipment", maker.maybe_range(30, 1, 9)),
        ];
        maker.add_once("shipping_lanes", &["origin", "destination", "ship_method"], &columns);
    }
}

/// Some rules of who ships, assigned at levels that differ.
fn global_sourcing(maker: &mut Maker) {
    for index in 1..=maker.range(1, 3) {
        let rule = format!("G{index}");
        for location in maker.locations.clone() {
            if maker.chance(75) {
                let rank = maker.range(1, 2);
                let [from, to] = maker.window(15);
                let method = maker.maybe_pick(10, &[t("truck"), t("air")]);
                let columns = [
                    ("rule", rule.clone()),
                    ("source_type", t("transfer")),
                    ("source", location),
                    ("rank", t(rank)),
                    ("ship_method", method),
                    from,
                    to,
                ];
                maker.add("sourcing_rules", &columns);
            }
        }
        if maker.rows("sourcing_rules").iter().any(|row| row["rule"] == rule) {
            global_assignment(maker, &rule);
        }
    }
}

const ASSIGNMENT: [&str; 6] = ["item", "category", "location", "zone", "customer", "demand_class"];

fn global_assignment(maker: &mut Maker, rule: &str) {
    let (items, zones, customers) =
        (maker.items.clone(), maker.zones.clone(), maker.customers.clone());
    let classes = maker.classes.clone();
    let mut columns = vec![("rule", t(rule))];
    match maker.below(3) {
        0 => columns.push(("item", maker.pick(&items))),
        1 => columns.extend(maker.category()),
        _ => {}
    }
    match maker.below(4) {
        0 => columns.push(("zone", maker.pick(&zones))),
        1 => columns.push(("customer", maker.pick(&customers))),
        2 if !classes.is_empty() => columns.push(("demand_class", maker.pick(&classes))),
        _ => {}
    }
    maker.add_once("sourcing_assignments", &ASSIGNMENT, &columns);
}

/// What may ship instead; never the same pair twice, in either direction.
pub fn make_substitutes(maker: &mut Maker) {
    let (items, customers) = (maker.items.clone(), maker.customers.clone());
    for _ in 0..maker.range(2, 5) {
        let (item, substitute) = (maker.pick(&items), maker.pick(&items));
        let rows = maker.rows("item_substitutes");
        let again = rows.iter().any(|row| row["item"] == substitute && row["substitute"] == item);
        if item == substitute || again {
            continue;
        }
        let [from, to] = maker.window(15);
        let columns = [
            ("item", item),
            ("substitute", substitute),
            ("rank", maker.maybe_range(60, 1, 3)),
            ("ratio", maker.maybe_pick(35, &["2", "0.5", "3", "1.5"].map(t))),
            ("reciprocal", maker.maybe(40, true)),
            ("customer", maker.maybe_pick(10, &customers)),
            from,
            to,
        ];
        maker.add_once("item_substitutes", &["item", "substitute"], &columns);
    }
}
