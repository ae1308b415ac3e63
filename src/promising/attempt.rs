//! A line and a candidate, with all that is the same for every day that is tried (semantics 2 and 11).

use super::{
    candidates::Candidate,
    classes::Asker,
    days::Days,
    free::Free,
    query::{Line, Set, Together},
    search::{Need, Search, Stand},
};
use crate::{
    model::{CapacityAccount, Consumption, Day, DayPart, Quantity},
    snapshot::forecast::Shipped,
};

/// A line and one of its candidates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    pub(super) line: &'a Line,
    pub(super) candidate: &'a Candidate<'a>,
    /// The ship days that may be tried.
    pub(super) days: Days<'a>,
    /// When what it needs is there without a look at supply.
    pub(super) free: Free,
    /// What demand takes, where supply is looked at.
    consumption: Consumption,
    /// Whose class governs the item that ships, from when on, and where the ATP fence is compared: with the
    /// need day of the first day that the line would take.
    stand: Stand,
    /// Whether its class can have on each day what it could have on the day before.
    accumulates: bool,
    /// Whether what ships consumes a forecast: one day's may be left, and the next one's not.
    pub(super) has_forecast: bool,
    /// The account of the house's order lines, if they are limited.
    pub(super) house: Option<CapacityAccount>,
}

impl Attempt<'_> {
    /// Whether a later day never fits less than an earlier one, but for the house's order lines.
    pub(super) fn is_monotone(&self) -> bool {
        let is_kept = self.consumption != Consumption::None;
        !self.free.is_searched() || (is_kept && self.accumulates && !self.has_forecast)
    }

    /// What ships on a day, of which forecasts know.
    pub(super) fn shipped(&self, ship: Day) -> Shipped {
        let class = self.line.classes.first().copied();
        Shipped { customer: self.line.customer, class, ship }
    }

    /// Whether the house ships only so many order lines a day.
    pub(super) fn has_house(&self) -> bool {
        self.house.is_some()
    }

    /// What leaves the ship-from for so much of the line: in its item's own unit, in whole lots.
    pub(super) fn leaves(&self, search: &Search<'_>, covers: Quantity) -> Quantity {
        let quantity = self.candidate.ratio.apply(covers);
        let lot = search.snapshot().items.lot_multiple(self.candidate.item);
        let is_substitute = self.candidate.item != self.line.item;
        lot.filter(|_| is_substitute).map_or(quantity, |lot| quantity.up_to(lot))
    }

    pub(super) fn need(&self, quantity: Quantity, day: Day) -> Need {
        let (item, location) = (self.candidate.item, self.candidate.route.location);
        Need { stand: self.stand, item, location, quantity, day, part: DayPart::END }
    }

    /// What must leave stock, and when, for so much of the line to ship on a day.
    pub(super) fn need_on(&self, search: &Search<'_>, covers: Quantity, ship: Day) -> Need {
        self.need(self.leaves(search, covers), self.need_day(ship))
    }

    /// The day on which goods leave stock. A rule that consumes nothing may ship before they could be
    /// picked and packed.
    pub(super) fn need_day(&self, ship: Day) -> Day {
        self.candidate.route.need(ship).unwrap_or(self.candidate.route.today)
    }
}

impl Search<'_> {
    /// Readies a line for a candidate; none if there is no day on which it could ship.
    pub(super) fn attempt<'a>(
        &self,
        line: &'a Line,
        candidate: &'a Candidate<'a>,
    ) -> Option<Attempt<'a>> {
        let snapshot = self.snapshot();
        let route = &candidate.route;
        let rule = snapshot.rule(candidate.item, route.location);
        let end = snapshot.epoch().end();
        let (free, first) = Free::on_route(rule, route)?;
        let house = snapshot.capacities.house(route.location);
        let house = house.map(|house| snapshot.capacity(house));
        let first = first.max(candidate.validity.from);
        let days = match line.set {
            // A ship set may leave on any day from which all its lines are in time.
            Some(Set { together: Together::Ship | Together::IfPossible, .. }) => {
                route.allowed(line, first)?
            }
            Some(_) | None => route.days_for(line, first, |ship| {
                let need = route.need(ship).unwrap_or(route.today);
                free.on(need).is_some() || self.has_room(house, ship)
            })?,
        };
        let from = days.first()?;
        let is_within = |ship| {
            ship < candidate.validity.end()
                && (free.from().is_some() || route.need(ship).is_some_and(|need| need < end))
        };
        // Where no rule has a fence nobody looks at it, and all ship days ask the same.
        let stand = Stand {
            asker: Asker::new(candidate.item, line.customer, line.classes.first().copied()),
            today: route.today,
            target: if self.has_fences { route.need(from).unwrap_or(from) } else { Day::ZERO },
        };
        Some(Attempt {
            line,
            candidate,
            days: days.first_few(days.first_not(is_within)),
            free,
            consumption: rule.consumption,
            stand,
            accumulates: self.time_never_hurts(candidate.item, route.location),
            has_forecast: !snapshot
                .forecasts
                .of(snapshot.stock(candidate.item, route.location))
                .is_empty(),
            house,
        })
    }

    /// Whether classes may get so much of an attempt's item in a period, and no more.
    pub(super) fn is_capped(&self, attempt: &Attempt<'_>) -> bool {
        let Attempt { candidate, .. } = attempt;
        let account = self.snapshot().stock(candidate.item, candidate.route.location);
        self.snapshot().allocation_rule(account).is_some_and(|rule| !rule.caps.is_empty())
    }
}
