//! An option as it is sent: its legs, what they cost, and the tree of their pegs.

use super::{AnswerEncoder, Pegging, day_part, money, quantity};
use crate::rpc::{proto, text};
use crate::{
    model::Quantity,
    promising::{
        answer::{Costs, Economics, LineOption, OptionLeg, Peg, PegSource, Worked},
        request::OrderLine,
    },
};
use std::{iter::Peekable, slice::Iter};

impl AnswerEncoder<'_> {
    pub(super) fn option(
        &self,
        line: &OrderLine,
        option: &LineOption,
        summary: String,
    ) -> proto::Option {
        proto::Option {
            rank: option.rank,
            summary,
            legs: option.legs.iter().map(|leg| self.leg(line, leg)).collect(),
            economics: Some(self.economics(&option.economics)),
            days_late: option.days_late,
        }
    }

    fn economics(&self, economics: &Economics) -> proto::Economics {
        proto::Economics {
            price: money(economics.price),
            cost: money(economics.cost()),
            profit: money(economics.profit()),
            costs: Some(costs(&economics.costs)),
            currency: self.words.snapshot().currency().to_string(),
        }
    }

    fn leg(&self, line: &OrderLine, leg: &OptionLeg) -> proto::Leg {
        let pegs = match self.pegging {
            Pegging::Shown => self.forest(&mut leg.pegs.iter().peekable(), 0),
            Pegging::Hidden => Vec::new(),
        };
        proto::Leg {
            item: self.words.item(leg.item).to_string(),
            location: self.words.location(leg.location).to_string(),
            ship_method: self.words.method(leg.method).to_string(),
            quantity: quantity(self.words.quantity(leg.item, leg.quantity)),
            covers: self.of_line(line, leg.covers),
            ship_date: self.words.date(leg.ship),
            arrival_date: self.words.date(leg.arrival),
            pegs,
            need_date: self.words.date(leg.need),
            days_late: leg.days_late,
            supply: text::supply(leg.supplied()),
            rank: leg.rank,
            cost: Some(money(leg.economics.cost())),
            profit: Some(money(leg.economics.profit())),
        }
    }

    /// The pegs of one depth with those below them. The core lists a tree in pre-order.
    fn forest(&self, pegs: &mut Peekable<Iter<'_, Peg>>, depth: u8) -> Vec<proto::Peg> {
        let mut siblings = Vec::new();
        while let Some(peg) = pegs.next_if(|peg| depth <= peg.depth) {
            let below = self.forest(pegs, peg.depth + 1);
            siblings.push(self.peg(peg, below));
        }
        siblings
    }

    fn peg(&self, peg: &Peg, below: Vec<proto::Peg>) -> proto::Peg {
        proto::Peg {
            item: self.words.item(peg.item).to_string(),
            location: self.words.location(peg.location).to_string(),
            quantity: quantity(self.words.quantity(peg.item, peg.quantity)),
            date: self.words.date(peg.day),
            source: Some(self.source(peg)),
            cost: Some(costs(&peg.cost)),
            pegs: below,
        }
    }

    fn source(&self, peg: &Peg) -> proto::peg::Source {
        use proto::peg;
        let words = self.words;
        let item = peg.item;
        let shown = |kept: Quantity| quantity(words.quantity(item, kept));
        match &peg.source {
            PegSource::Stock { supplies, borrowed, nodes, .. } => {
                let supply = |(supply, of_it): &(_, Quantity)| peg::stock::Supply {
                    supply: words.supply(*supply),
                    quantity: shown(*of_it),
                    planned_by: String::new(),
                    date: words.due((peg.item, peg.location), *supply),
                };
                let supplies = supplies.iter().map(supply).collect();
                let share = |(class, of_it): &(_, Quantity)| peg::stock::Share {
                    demand_class: words.class(*class).to_string(),
                    quantity: shown(*of_it),
                };
                let shares = nodes.iter().map(share).collect();
                peg::Source::Stock(peg::Stock { supplies, borrowed: shown(*borrowed), shares })
            }
            PegSource::Make { work, start, started, hours } => {
                let hours_of = |worked: &Worked| peg::make::Hours {
                    resource: words.resource(worked.resource).to_string(),
                    date: words.date(worked.day),
                    hours: quantity(worked.hours),
                    from: day_part(worked.from),
                    to: day_part(worked.to),
                };
                peg::Source::Make(peg::Make {
                    work_definition: words.work(*work).to_string(),
                    start_date: words.date(*start),
                    started: shown(*started),
                    hours: hours.iter().map(hours_of).collect(),
                })
            }
            PegSource::Transfer { from, method, ship } => peg::Source::Transfer(peg::Transfer {
                from: words.location(*from).to_string(),
                ship_method: words.method(*method).to_string(),
                ship_date: words.date(*ship),
            }),
            PegSource::Buy { supplier, bought, order_by } => peg::Source::Buy(peg::Buy {
                supplier: words.supplier(*supplier).to_string(),
                bought: shown(*bought),
                order_by: words.date(*order_by),
            }),
            PegSource::Infinite => peg::Source::Infinite(peg::Infinite {}),
            PegSource::LeadTime => peg::Source::LeadTime(peg::LeadTime {}),
        }
    }
}

fn costs(costs: &Costs) -> proto::Costs {
    proto::Costs {
        supply: money(costs.supply),
        make: money(costs.make),
        freight: money(costs.freight),
        handling: money(costs.handling),
        lateness: money(costs.lateness),
        total: money(costs.total()),
    }
}
