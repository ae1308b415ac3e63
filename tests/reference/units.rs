//! Units of measure (semantics 12.2, *Units*): which unit an item is kept in, and what its quantities and rates are there.

use super::model::Model;
use super::text::{UNIT, fraction_up, times};
use std::collections::BTreeMap;

/// So many of one unit are so many of another.
pub type Ratio = (i128, i128);

/// Every unit that an item's own leads to, with how many of its own one of it is, in whole numbers: over all rows of the
/// item, then over those of all items, each both ways, from the item's own unit on until nothing new is reached.
pub fn reached(model: &Model, item: &str) -> BTreeMap<String, Ratio> {
    let own = model.items[item].uom.clone();
    let mut reached: BTreeMap<String, Ratio> = BTreeMap::from([(own, (1, 1))]);
    for of in [item, ""] {
        let rows: Vec<_> = model.unit_conversions.iter().filter(|row| row.item == of).collect();
        for _ in 0..=rows.len() {
            for row in &rows {
                let factor = (i128::from(row.factor), i128::from(UNIT));
                let known = |unit: &String| reached.get(unit).copied();
                let found = match (known(&row.from), known(&row.to)) {
                    (None, Some(to)) => {
                        Some((row.from.clone(), (factor.0 * to.0, factor.1 * to.1)))
                    }
                    (Some(from), None) => {
                        Some((row.to.clone(), (factor.1 * from.0, factor.0 * from.1)))
                    }
                    _ => None,
                };
                reached.extend(found.map(|(unit, ratio)| (unit, reduced(ratio))));
            }
        }
    }
    reached
}

fn reduced((a, b): Ratio) -> Ratio {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x, b / x)
}

/// "An item is kept in its own unit if every unit reached is exact to the micro-unit in it, else in the coarsest in which all
/// are": how many of that one of its own is.
pub fn kept(model: &Model, item: &str) -> Ratio {
    let reached = reached(model, item);
    let carries = |unit: &Ratio| {
        let mut all = reached.values();
        all.all(|of| of.0 * unit.1 * i128::from(UNIT) % (of.1 * unit.0) == 0)
    };
    if carries(&(1, 1)) {
        return (1, 1);
    }
    let able = reached.values().filter(|unit| carries(unit));
    let coarsest = able.max_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));
    let (numerator, denominator) = *coarsest.expect("a unit carries all");
    (denominator, numerator)
}

impl Model {
    /// How many of the unit that an item is kept in one of another is, of its own where none is named.
    pub fn unit(&self, item: &str, uom: &str) -> Ratio {
        let kept = self.kept[item];
        if uom.is_empty() {
            return kept;
        }
        let own = reached(self, item)[uom];
        reduced((own.0 * kept.0, own.1 * kept.1))
    }

    /// "A quantity that comes in a coarser unit and lies within half a micro-unit of it of whole finest units is those";
    /// any other is rounded up.
    pub fn in_kept(&self, item: &str, uom: &str, quantity: i64) -> i64 {
        let (numerator, denominator) = self.unit(item, uom);
        let exactly = i128::from(quantity) * numerator;
        let one = i128::from(UNIT) * denominator;
        let whole = (exactly + one / 2).div_euclid(one);
        let is_coarser = denominator <= numerator;
        if is_coarser && 2 * (exactly - whole * one).abs() <= numerator {
            return (whole * i128::from(UNIT)) as i64;
        }
        fraction_up(quantity, numerator, denominator)
    }

    /// What so much of an item costs at a price for one of its own unit.
    pub fn worth(&self, item: &str, quantity: i64, price: i64) -> i64 {
        let (numerator, denominator) = self.kept[item];
        if (numerator, denominator) == (1, 1) {
            return times(quantity, price);
        }
        let divisor = i128::from(UNIT) * numerator;
        let product = i128::from(quantity) * i128::from(price) * denominator;
        -((-product).div_euclid(divisor)) as i64
    }

    /// "Rates are per unit of the item's own": for so much of it, rounded up.
    pub fn rate(&self, item: &str, quantity: i64, rate: i64) -> i64 {
        let (numerator, denominator) = self.kept[item];
        fraction_up(quantity, i128::from(rate) * denominator, i128::from(UNIT) * numerator)
    }

    /// Puts every quantity of an item into the unit that it is kept in.
    pub fn keep(&mut self) {
        self.kept = self.items.keys().map(|item| (item.clone(), kept(self, item))).collect();
        if self.kept.values().all(|kept| *kept == (1, 1)) {
            return;
        }
        let of = Model { kept: self.kept.clone(), ..self.bare() };
        let keep = |item: &str, quantity: &mut i64| *quantity = of.in_kept(item, "", *quantity);
        let may = |item: &str, quantity: &mut Option<i64>| {
            *quantity = quantity.map(|quantity| of.in_kept(item, "", quantity));
        };
        self.on_hand.iter_mut().for_each(|row| keep(&row.item, &mut row.quantity));
        self.supplies.iter_mut().for_each(|row| keep(&row.item, &mut row.quantity));
        self.demands.iter_mut().for_each(|row| keep(&row.item, &mut row.quantity));
        self.supplier_capacity.iter_mut().for_each(|row| keep(&row.item, &mut row.amount));
        for row in &mut self.item_suppliers {
            may(&row.item, &mut row.minimum_quantity);
            may(&row.item, &mut row.lot_multiple);
            may(&row.item, &mut row.capacity_per_day);
        }
        for row in &mut self.work_definitions {
            may(&row.item, &mut row.minimum_quantity);
            may(&row.item, &mut row.maximum_quantity);
            may(&row.item, &mut row.lot_multiple);
        }
        for (item, row) in &mut self.items {
            may(item, &mut row.lot_multiple);
        }
        for row in self.components.iter_mut().filter(|row| row.per_lot) {
            keep(&row.component, &mut row.quantity);
        }
    }
}
