//! Pegs: what a leg is made of, and which scheduled supplies its stock comes from.

use super::{
    answer::{Peg, PegSource},
    fill::{Need, Point, Search},
};
use crate::{
    model::{AccountIx, Day, Money, ProfileRef, Quantity},
    snapshot::{kinds::DemandKind, stock::Supply},
};

impl Search<'_> {
    /// Takes the pegs made since a point out of the search.
    pub(super) fn take_pegs(&mut self, point: Point) -> Vec<Peg> {
        self.pegs.split_off(point.n_pegs())
    }

    /// How much of an account's listed supply is consumed by a day: by that much the next to take on
    /// the day stands back in the queue for it.
    pub(super) fn consumed(&self, account: AccountIx, day: Day) -> Quantity {
        let supplies = self.snapshot().supplies.of(account);
        if supplies.is_empty() {
            return Quantity::ZERO;
        }
        let by_then = |at: Option<Day>| at.is_some_and(|at| at <= day);
        let supplied: Quantity =
            supplies.iter().filter(|s| by_then(s.day)).map(|supply| supply.quantity).sum();
        let demands = self.snapshot().demands.of(account).iter();
        // Safety stock holds goods back and consumes none.
        let safety = demands.filter(|d| d.kind == DemandKind::SafetyStock && by_then(d.day));
        let safety: Quantity = safety.map(|demand| demand.quantity).sum();
        let ProfileRef::Stock(stock) = self.overlay.profile(account) else {
            unreachable!("an item at a location has a stock account");
        };
        (supplied - safety - stock.balance(day)).max(Quantity::ZERO)
    }

    /// What stock costs: each supply its own price, where it has one, else the item's.
    pub(super) fn stock_cost(&self, need: Need, account: AccountIx, after: Quantity) -> Money {
        let of_item = self.snapshot().items.rows[need.item].unit_cost;
        let supplies = self.snapshot().supplies.of(account);
        if supplies.iter().all(|supply| supply.unit_cost.is_none()) {
            return need.quantity.at(of_item);
        }
        let mut left = need.quantity;
        let mut cost = Money::ZERO;
        for (supply, part) in drawn(supplies, after, need.quantity) {
            cost += part.at(supply.unit_cost.unwrap_or(of_item));
            left -= part;
        }
        cost + left.at(of_item)
    }

    /// Says which scheduled supplies the stock pegs draw on: first in, first out, as they are priced.
    pub(super) fn name_supplies(&self, pegs: &mut [Peg]) {
        for peg in pegs {
            let account = self.snapshot().stock(peg.item, peg.location);
            if let PegSource::Stock { supplies, after, .. } = &mut peg.source {
                let all = drawn(self.snapshot().supplies.of(account), *after, peg.quantity);
                *supplies = all.filter_map(|(supply, part)| Some((supply.supply?, part))).collect();
            }
        }
    }
}

/// The parts of supplies, in order of day, that a quantity draws on after so much of them is consumed.
fn drawn(
    supplies: &[Supply],
    after: Quantity,
    quantity: Quantity,
) -> impl Iterator<Item = (&Supply, Quantity)> {
    let (mut skip, mut left) = (after, quantity);
    let counted = supplies.iter().filter(|supply| supply.day.is_some());
    let part_of = move |supply: &Supply| {
        let skipped = skip.min(supply.quantity);
        let part = left.min(supply.quantity - skipped);
        skip -= skipped;
        left -= part;
        part
    };
    let parts = counted.scan(part_of, |part_of, supply| Some((supply, part_of(supply))));
    parts.filter(|(_, part)| part.is_positive())
}
