//! A promise in two parts: each carries what was asked, cost and price by its quantity (semantics 12.1, *Parts
//! and money*), and parts are what an order may be: whole lots, and whole units of the line.

use super::{
    refusal::Refusal,
    reservation::{Facts, Reservation},
    terms::Term,
};
use crate::{
    model::{Money, Quantity},
    snapshot::Snapshot,
};

impl Facts {
    /// The facts of what stays, and of a part that goes, of a whole; the legs are the caller's to divide. What
    /// cannot be divided to the micro-unit is with what stays, so that both add up to the whole.
    pub(super) fn divided(&self, part: Quantity, whole: Quantity) -> (Facts, Facts) {
        assert!(part.is_positive() && part <= whole, "a part is not more than the whole");
        let share = |money: Money| {
            let micros = Quantity::micros(money.raw().abs()).scaled_down(part, whole);
            Money::micros(micros.raw() * money.raw().signum())
        };
        let (cost, price) = (share(self.cost), share(self.cost + self.profit));
        let profit = price - cost;
        let stays = Facts {
            quantity_requested: (self.quantity_requested - part).max(Quantity::ZERO),
            cost: self.cost - cost,
            profit: self.profit - profit,
            ..self.clone()
        };
        (stays, Facts { quantity_requested: part, cost, profit, ..self.clone() })
    }
}

/// The part asked for, in the item's own unit, as it is kept; all of it where none is named.
///
/// # Errors
/// It is nothing, more than is promised, or no whole number of lots and of the line's units.
pub(super) fn part_of(
    before: &Reservation,
    part: Option<Quantity>,
    snapshot: &Snapshot,
) -> Result<Quantity, Refusal> {
    let (number, promised) = (before.number, before.quantity);
    let items = &snapshot.items;
    let shown = |kept: Quantity| items.shown(before.facts.item, kept);
    // What is shown of all of it is all of it.
    let part = part.map(|own| {
        if own == shown(promised) { promised } else { items.keep(before.facts.item, own) }
    });
    let Some(quantity) = part.filter(|part| *part != promised) else {
        // A backlog run may have left nothing of a promise; all of it can be given back all the same.
        return Ok(promised);
    };
    if !quantity.is_positive() || promised < quantity {
        let (quantity, promised) = (shown(quantity), shown(promised));
        return Err(Refusal::QuantityOutOfRange { number, quantity, promised });
    }
    match step(before, snapshot).filter(|step| quantity.down_to(*step) != quantity) {
        Some(lot) => {
            let (quantity, lot) = (shown(quantity), shown(lot));
            Err(Refusal::NotInLots { number, quantity, lot })
        }
        None => Ok(quantity),
    }
}

/// Of so much a part is a multiple: of the item's lot and of the unit that the line was in; of all of it where both have
/// no multiple within it.
fn step(before: &Reservation, snapshot: &Snapshot) -> Option<Quantity> {
    let (items, item) = (&snapshot.items, before.facts.item);
    let lot = items.lot_multiple(item);
    let unit = before.facts.terms.text(Term::Uom).filter(|unit| *unit != items.uom(item));
    let unit = unit.and_then(|unit| items.convert(item, Quantity::ONE, unit));
    let is_divisor = |unit: &Quantity| {
        let asked = before.facts.quantity_requested;
        unit.is_positive() && asked.down_to(*unit) == asked
    };
    match (lot, unit.filter(is_divisor)) {
        (Some(lot), Some(unit)) => Some(lot.common_multiple(unit).unwrap_or(before.quantity)),
        (lot, unit) => lot.or(unit),
    }
}
