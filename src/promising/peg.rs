//! Pegs: what a leg is made of, what that costs, and which scheduled supplies its stock comes from.

use super::{
    answer::{Costs, Peg, PegSource, Worked},
    search::Search,
    trace::{FoundNode, Via},
    trial::Point,
};
use crate::model::{Day, Money, Quantity, StockAccount};

impl Search<'_> {
    /// Takes what was found since a point out of the search, as pegs.
    pub(super) fn take_pegs(&mut self, point: Point) -> Vec<Peg> {
        let pegs =
            self.trial.trace.since(point.trace()).iter().map(|found| self.peg(found)).collect();
        self.trial.trace.cut(point.trace());
        pegs
    }

    fn peg(&self, found: &FoundNode) -> Peg {
        let &FoundNode { depth, planned, item, location, quantity, day, via } = found;
        let (source, cost) = match via {
            Via::Stock { balance, borrowed, nodes } => {
                // What is borrowed costs what its replacement costs: those pegs carry it.
                let supply = match borrowed.is_positive() {
                    true => Money::ZERO,
                    false => self.stock_cost(found),
                };
                let nodes = self.trial.trace.nodes(nodes).to_vec();
                let source = PegSource::Stock { supplies: Vec::new(), balance, borrowed, nodes };
                (source, Costs { supply, ..Costs::default() })
            }
            Via::Make { work, start, started, hours } => {
                let mut hours = self.trial.trace.hours(hours).to_vec();
                // They were found latest first.
                hours.reverse();
                hours.sort_by_key(|worked| (worked.day, worked.from));
                let make = self.snapshot().items.worth(
                    item,
                    started,
                    self.snapshot().works.rows[work].unit_cost,
                );
                let make = make + self.cost_of(&hours);
                let source = PegSource::Make { work, start, started, hours };
                (source, Costs { make, ..Costs::default() })
            }
            Via::Transfer { from, method, ship, freight } => {
                let source = PegSource::Transfer { from, method, ship };
                (source, Costs { freight, ..Costs::default() })
            }
            Via::Buy { offer, bought, order_by } => {
                let offer = self.snapshot().suppliers.offers.get(offer);
                let unit_cost = offer.unit_cost.unwrap_or(self.unit_cost(found));
                let source = PegSource::Buy { supplier: offer.supplier, bought, order_by };
                (
                    source,
                    Costs {
                        supply: self.snapshot().items.worth(item, quantity, unit_cost),
                        ..Costs::default()
                    },
                )
            }
            Via::Infinite => (PegSource::Infinite, self.free_cost(found)),
            Via::LeadTime => (PegSource::LeadTime, self.free_cost(found)),
        };
        Peg { depth, planned, item, location, quantity, day, source, cost }
    }

    fn unit_cost(&self, found: &FoundNode) -> Money {
        self.snapshot().items.unit_cost(found.item)
    }

    /// What goods cost of which nobody asks where they come from.
    fn free_cost(&self, found: &FoundNode) -> Costs {
        let supply = self.snapshot().items.worth(found.item, found.quantity, self.unit_cost(found));
        Costs { supply, ..Costs::default() }
    }

    fn cost_of(&self, hours: &[Worked]) -> Money {
        let rows = &self.snapshot().resources.rows;
        hours.iter().map(|worked| worked.hours.at(rows[worked.resource].cost_per_hour)).sum()
    }

    /// How much of an account's listed supply is consumed by a day on which its balance is this: by that
    /// much the next to take on the day stands back in the queue for it.
    fn consumed(&self, account: StockAccount, day: Day, balance: Quantity) -> Quantity {
        let supplies = self.snapshot().supplies.of(account);
        if supplies.is_empty() {
            return Quantity::ZERO;
        }
        // Safety stock holds goods back and consumes none.
        let safety = self.snapshot().demands.of(account).safety_until(day);
        (supplies.sum_until(day) - safety - balance).max(Quantity::ZERO)
    }

    /// What stock costs, whichever of it is taken: the item's unit cost or, where it has none, the average of
    /// the account's supplies that have one (semantics 12.4).
    fn stock_cost(&self, found: &FoundNode) -> Money {
        match self.snapshot().items.given_unit_cost(found.item) {
            Some(unit_cost) => self.snapshot().items.worth(found.item, found.quantity, unit_cost),
            None => self.average_cost(found),
        }
    }

    fn average_cost(&self, found: &FoundNode) -> Money {
        let account = self.snapshot().stock(found.item, found.location);
        let last = self.snapshot().epoch().end().plus(-1);
        let own = self.snapshot().items.own(found.item);
        found.quantity.at_average(own, self.snapshot().supplies.of(account).priced_until(last))
    }

    /// Says which scheduled supplies the stock pegs draw on: first in, first out, whatever they cost.
    pub(super) fn name_supplies(&self, pegs: &mut [Peg]) {
        for peg in pegs {
            let account = self.snapshot().stock(peg.item, peg.location);
            if let PegSource::Stock { supplies, balance, .. } = &mut peg.source {
                let after = self.consumed(account, peg.day, *balance);
                let drawn = self.snapshot().supplies.of(account).drawn(after, peg.quantity);
                let named = drawn.into_iter().filter_map(|(from, part)| Some((from.supply?, part)));
                *supplies = named.collect();
            }
        }
    }
}
