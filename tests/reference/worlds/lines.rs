//! Order lines.

use super::{Kind, Maker, Row, row, t};

/// 5 to 12 lines of orders with one to three lines each.
pub fn make(maker: &mut Maker) -> Vec<Row> {
    let count = maker.range(5, 12) as usize;
    let mut lines = Vec::new();
    while lines.len() < count {
        let order = format!("O{}", lines.len() + 1);
        let of_order = order_of(maker, &order);
        lines.extend(of_order);
    }
    lines
}

/// Lines of one order go to one customer; some of them may form a set.
fn order_of(maker: &mut Maker, order: &str) -> Vec<Row> {
    let sets = maker.kind == Kind::Sets && maker.chance(40);
    let count = if sets { maker.range(2, 3) } else { maker.pick(&[1, 1, 1, 2]) };
    let set = maker.pick(&["ship_set", "arrival_set", "ship_together"]);
    let (customers, zones) = (maker.customers.clone(), maker.zones.clone());
    let customer = maker.maybe_pick(70, &customers);
    let zone = maker.maybe_pick(25, &zones);
    let day = maker.range(-3, i64::from(maker.horizon) * 2 / 3);
    let mut lines = Vec::new();
    for line in 1..=count {
        let together = sets && (line < 3 || maker.chance(50));
        let columns = [
            ("order", t(order)),
            ("line", if line == 1 { maker.maybe(50, 1) } else { t(line) }),
            ("customer", customer.clone()),
            ("zone", zone.clone()),
            (set, if together { t("X") } else { String::new() }),
        ];
        let columns = [columns.to_vec(), wishes(maker, day), terms(maker)].concat();
        lines.push(row(&columns));
    }
    lines
}

/// What, how much, and when.
fn wishes(maker: &mut Maker, day: i64) -> Vec<(&'static str, String)> {
    let item = maker.pick(&maker.items.clone());
    let (quantity, uom) = how_much(maker, &item);
    let near = maker.range(-1, 2);
    let far = maker.range(10, 36);
    let requested = if maker.chance(6) { far } else { day + near };
    let earliest = requested + maker.range(-4, 3);
    let latest = requested.max(0) + maker.range(-1, 6);
    vec![
        ("item", item),
        ("quantity", quantity),
        ("uom", uom),
        ("requested_date", maker.date(requested)),
        ("date_type", maker.maybe_pick(60, &["arrival", "ship"].map(t))),
        ("earliest_date", maker.maybe(12, maker.date(earliest))),
        ("latest_date", maker.maybe(15, maker.date(latest))),
    ]
}

/// A multiple of the item's lot, or boxes where there is a conversion.
fn how_much(maker: &mut Maker, item: &str) -> (String, String) {
    let conversions = maker.rows("uom_conversions");
    let fits = |row: &Row| row.get("item").is_none_or(|of| of == item);
    let items = maker.rows("items");
    let of_lots = items.iter().any(|row| row["item"] == item && row.contains_key("lot_multiple"));
    let conversion = conversions.iter().find(|row| fits(row));
    if let Some(conversion) = conversion.filter(|_| maker.chance(20)) {
        return (t(maker.range(1, 3)), conversion["from_uom"].clone());
    }
    let uom = maker.maybe(30, "EA");
    if of_lots {
        return (t(2 * maker.range(1, 6)), uom);
    }
    let often = if maker.kind == Kind::Sets { 60 } else { 30 };
    let most = if maker.chance(often) { 22 } else { 9 };
    (maker.quantity(most), uom)
}

/// From where, for whom, and how.
fn terms(maker: &mut Maker) -> Vec<(&'static str, String)> {
    let (locations, classes) = (maker.locations.clone(), maker.classes.clone());
    let forced = if maker.zones.is_empty() { 30 } else { 15 };
    let often = if maker.kind == Kind::Sets { 55 } else { 20 };
    let objectives = ["earliest", "lowest_cost", "highest_profit", "sourcing_rank"].map(t);
    let day = maker.range(-1, 2);
    let clock = maker.pick(&["08:59:00Z", "11:30:00Z", "15:30:00+01:00", "23:30:00-05:00"]);
    let ordered_at = format!("{}T{clock}", maker.date(day));
    let methods = maker.methods();
    vec![
        ("location", maker.maybe_pick(forced, &locations)),
        ("demand_class", maker.maybe_pick(60, &classes)),
        ("split", maker.maybe_pick(often, &["true", "true", "false"].map(t))),
        ("min_split_quantity", maker.maybe_range(10, 1, 4)),
        ("max_splits", maker.maybe_range(25, 2, 4)),
        ("substitutes", maker.maybe_pick(often, &["true", "true", "false"].map(t))),
        ("ship_method", maker.maybe_pick(6, &methods)),
        ("objective", maker.maybe_pick(40, &objectives)),
        ("unit_price", maker.maybe_range(25, 5, 30)),
        ("ordered_at", maker.maybe(30, ordered_at)),
    ]
}
