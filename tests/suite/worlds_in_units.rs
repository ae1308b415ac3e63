//! Worlds whose items come in units over several steps: pieces in boxes, boxes on pallets, pieces cut into parts.

use crate::{
    reference::{Row, World},
    worlds::{Dice, Kind, Tables, add, world},
};

/// A world of a kind, whose items have units and whose lines name some of them.
pub fn in_units(seed: u64, kind: Kind) -> (World, Vec<Row>) {
    let (mut world, mut orders) = world(seed, kind);
    let dice = &mut Dice(seed ^ 0x0075_6e69_7473);
    let tables = &mut world.tables;
    let of_all = chain(dice, tables, "", "EA");
    let items: Vec<String> = tables["items"].iter().map(|row| row["item"].clone()).collect();
    let units: Vec<(String, Vec<String>)> = items
        .into_iter()
        .map(|item| {
            let mut units = of_all.clone();
            if dice.one_in(2) {
                units.extend(own(dice, tables, &item));
            }
            (item, units)
        })
        .collect();
    for row in tables.get_mut("items").expect("there are some") {
        row.insert("uom".to_string(), "EA".to_string());
    }
    for order in &mut orders {
        if dice.one_in(2) {
            continue;
        }
        let (_, units) =
            units.iter().find(|(item, _)| *item == order["item"]).expect("it is known");
        let unit = units[dice.up_to(units.len())].clone();
        let quantity = if dice.one_in(4) { "1.5".to_string() } else { dice.roll(1, 4).to_string() };
        order.extend([("uom".to_string(), unit), ("quantity".to_string(), quantity)]);
    }
    (world, orders)
}

/// Boxes of a unit and pallets of boxes, of an item or of all; gives their names.
fn chain(dice: &mut Dice, tables: &mut Tables, item: &str, unit: &str) -> Vec<String> {
    let [of_box, of_pallet] = ["BOX", "PALLET"].map(|name| format!("{name}{item}"));
    let (n_pieces, n_boxes) = (dice.pick(&["2", "3", "6", "7"]), dice.pick(&["2", "5", "0.5"]));
    step(tables, item, (&of_box, unit), n_pieces);
    // Rounded as a source has it: it is the inverse of the row before it.
    let inverse = match n_pieces {
        "3" => Some("0.333333"),
        "6" => Some("0.166667"),
        "7" => Some("0.142857"),
        _ => None,
    };
    if let Some(inverse) = inverse.filter(|_| dice.one_in(3)) {
        step(tables, item, (unit, &of_box), inverse);
    }
    if dice.one_in(2) {
        step(tables, item, (&of_pallet, &of_box), n_boxes);
    } else {
        // The other way round: a box is so many pallets.
        let share = if n_boxes == "0.5" { "2" } else { "0.5" };
        step(tables, item, (&of_box, &of_pallet), share);
    }
    vec![of_box, of_pallet]
}

/// Units of an item's own, in place of those of all or beside them.
fn own(dice: &mut Dice, tables: &mut Tables, item: &str) -> Vec<String> {
    if dice.one_in(2) {
        return chain(dice, tables, item, "EA");
    }
    // A piece is cut into parts of which one is not exact in pieces: the item is kept in them.
    let (part, crumb) = (format!("PART{item}"), format!("CRUMB{item}"));
    step(tables, item, ("EA", &part), dice.pick(&["3", "12"]));
    step(tables, item, (&part, &crumb), dice.pick(&["2", "10"]));
    vec![part, crumb]
}

fn step(tables: &mut Tables, item: &str, (from, to): (&str, &str), factor: &str) {
    let row = [("item", item), ("from_uom", from), ("to_uom", to), ("factor", factor)];
    add(tables, "uom_conversions", &row.map(|(name, text)| (name, text.to_string())));
}
