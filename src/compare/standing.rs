//! How one order line stands in one world.

use crate::{
    ledger::{Reservation, reservation::Leg},
    model::{Index, Money, Quantity},
    snapshot::{Names, Snapshot},
};
use jiff::civil::Date;
use std::sync::Arc;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// More of it is promised, or sooner, or what it counts on is there again.
    Wins,
    /// As good as before.
    Same,
    /// Less of it is promised, or later, or what it counts on is gone.
    Loses,
    /// Only the second world knows it.
    Added,
    /// Only the first world knows it.
    Gone,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wins => "wins",
            Self::Same => "same",
            Self::Loses => "loses",
            Self::Added => "added",
            Self::Gone => "gone",
        }
    }
}

/// What is promised of one order line, in the caller's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStanding {
    /// The order.
    pub order: Arc<str>,
    /// The line of it.
    pub line: Arc<str>,
    /// For whom; empty where not known.
    pub customer: String,
    /// The demand class; empty where it has none.
    pub class: String,
    /// The item ordered.
    pub item: String,
    /// The ship-from of its first leg; empty where nothing is promised.
    pub location: String,
    /// How much was asked for.
    pub asked: Quantity,
    /// How much is promised, in the unit asked in.
    pub promised: Quantity,
    /// How much of it on time.
    pub on_time: Quantity,
    /// How late its last leg is, in calendar days; none where nothing is promised.
    pub days_late: Option<i32>,
    /// The last day on which it ships, or arrives where that was asked; none where nothing is promised.
    pub date: Option<Date>,
    /// What the promised part sells at.
    pub revenue: Money,
    /// The part of that which is on time.
    pub revenue_on_time: Money,
    /// What it costs.
    pub cost: Money,
    /// Revenue less cost.
    pub profit: Money,
    /// Whether the supply it counts on is gone.
    pub at_risk: bool,
}

impl LineStanding {
    /// How a promise stands.
    pub fn of(snapshot: &Snapshot, reservation: &Reservation) -> Self {
        let facts = &*reservation.facts;
        let of_leg = |leg: &Leg| leg.dated(facts.date_type);
        let legs = &facts.legs;
        let all: Quantity = legs.iter().map(|leg| leg.covers).sum();
        let punctual: Quantity =
            legs.iter().filter(|leg| leg.days_late <= 0).map(|leg| leg.covers).sum();
        let part = |whole: Quantity| {
            if punctual == all || all == Quantity::ZERO {
                whole
            } else {
                whole.scaled_down(punctual, all)
            }
        };
        let revenue = facts.profit + facts.cost;
        let shown = |kept: Quantity| snapshot.items.shown(facts.item, kept);
        let promised = reservation.quantity;
        let revenue_on_time = Money::micros(part(Quantity::micros(revenue.raw())).raw());
        Self {
            order: Arc::clone(&facts.order),
            line: Arc::clone(&facts.line),
            customer: name(&snapshot.customers.names, facts.customer),
            class: name(&snapshot.classes.names, facts.class),
            item: snapshot.items.names.name(facts.item).to_string(),
            location: name(&snapshot.locations.names, legs.first().map(|leg| leg.location)),
            asked: shown(facts.quantity_requested),
            promised: shown(promised),
            on_time: shown(part(promised)),
            days_late: legs.iter().map(|leg| leg.days_late).max(),
            date: legs.iter().map(of_leg).max().map(|day| snapshot.epoch().date(day)),
            revenue,
            revenue_on_time,
            cost: facts.cost,
            profit: facts.profit,
            at_risk: reservation.at_risk,
        }
    }

    /// Of which order line.
    pub(super) fn key(&self) -> (&str, &str) {
        (&self.order, &self.line)
    }

    /// Whether all of it is promised on time.
    pub fn is_on_time(&self) -> bool {
        self.asked <= self.on_time
    }

    /// Whether it is better off than it was: more of it first, then sooner, then more on time.
    pub(super) fn against(&self, before: &LineStanding) -> Verdict {
        let lateness = |standing: &LineStanding| standing.days_late.unwrap_or(i32::MAX);
        // Whether there is a date at all was decided by the quantity.
        let dates = before.date.cmp(&self.date);
        let order = self
            .promised
            .cmp(&before.promised)
            .then_with(|| lateness(before).max(0).cmp(&lateness(self).max(0)))
            .then_with(|| self.on_time.cmp(&before.on_time))
            .then_with(|| before.at_risk.cmp(&self.at_risk));
        // Being earlier than on time is worth nothing.
        let is_late = 0 < lateness(self).max(lateness(before));
        match if is_late { order.then(dates) } else { order } {
            std::cmp::Ordering::Less => Verdict::Loses,
            std::cmp::Ordering::Equal => Verdict::Same,
            std::cmp::Ordering::Greater => Verdict::Wins,
        }
    }
}

fn name<I: Index>(names: &Names<I>, index: Option<I>) -> String {
    index.map_or_else(String::new, |index| names.name(index).to_string())
}
