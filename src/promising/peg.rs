//! Pegs: what a leg is made of, and which scheduled supplies its stock comes from.

use super::{
    answer::{Peg, PegSource},
    fill::{Point, Search},
};
use crate::{
    model::{Day, Quantity},
    snapshot::SupplyIx,
};

impl Search<'_> {
    /// Takes the pegs made since a point out of the search.
    pub(super) fn take_pegs(&mut self, point: Point) -> Vec<Peg> {
        self.pegs.split_off(point.n_pegs())
    }

    /// Says which scheduled supplies the stock pegs draw on.
    ///
    /// A balance has no memory of lots, so the peg follows the planner's habit: stock is given out in
    /// order of date, so what is taken on a day comes from the latest supply by then, and what no
    /// scheduled supply covers is on hand.
    pub(super) fn name_supplies(&self, pegs: &mut [Peg]) {
        for peg in pegs {
            let quantity = peg.quantity;
            let (item, location, day) = (peg.item, peg.location, peg.day);
            if let PegSource::Stock { supplies, .. } = &mut peg.source {
                let account = self.snapshot().stock(item, location);
                *supplies = self.latest_supplies(account, day, quantity);
            }
        }
    }

    fn latest_supplies(
        &self,
        account: crate::model::AccountIx,
        day: Day,
        quantity: Quantity,
    ) -> Vec<(SupplyIx, Quantity)> {
        let on_hand = self.overlay.profile(account).available(Day::ZERO);
        let mut left = quantity - quantity.min(on_hand);
        let mut drawn = Vec::new();
        let counted = self.snapshot().supplies.of(account).iter().rev();
        for supply in counted.filter(|supply| supply.day.is_some_and(|at| at <= day)) {
            let (Some(ix), true) = (supply.supply, left.is_positive()) else {
                continue;
            };
            let part = supply.quantity.min(left);
            drawn.push((ix, part));
            left -= part;
        }
        drawn.reverse();
        drawn
    }
}
