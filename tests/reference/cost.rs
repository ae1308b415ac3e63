//! What stock costs (semantics 12.4 "Cost of stock").

use super::book::Place;
use super::model::Model;
use super::stock::Kind;

/// "Quantity x the item's unit_cost; where the item has none, x the average unit_cost, weighted by quantity,
/// of the snapshot's supplies that count on the account and have one (none: 0)."
pub fn of_stock(model: &Model, place: &Place, quantity: i64) -> i64 {
    if let Some(unit_cost) = model.items[&place.item].given_unit_cost {
        return model.worth(&place.item, quantity, unit_cost);
    }
    let supplies = model.at(place).events.iter().filter(|event| event.kind == Kind::Supply);
    let priced: Vec<(i128, i128)> = supplies
        .filter_map(|supply| Some((supply.quantity.into(), supply.unit_cost?.into())))
        .collect();
    let units: i128 = priced.iter().map(|(quantity, _)| quantity).sum();
    if units == 0 {
        return 0;
    }
    let sum: i128 = priced.iter().map(|(quantity, cost)| quantity * cost).sum();
    // To the nearest millionth, halves up.
    let (numerator, denominator) = model.kept[&place.item];
    let (sum, units) = (sum * denominator, units * numerator);
    let divisor = units * 1_000_000;
    ((i128::from(quantity) * sum + divisor / 2) / divisor) as i64
}
