//! One leg: some of a line, from one candidate, on one day (semantics 2, 4 and 11).
//!
//! An [`Attempt`] is a line and a candidate with all that is the same for every day that is tried. A
//! leg that is found stays tried in the search; whoever does not want it cuts it off.

use super::{
    answer::{Costs, Economics, Leg},
    candidates::Candidate,
    classes::Asker,
    days::Days,
    fill::{Need, Search, Stand, Want},
    query::{Line, Set, Together},
    route::dated,
    trace::Via,
};
use crate::{
    ledger::reservation::Supplied,
    model::{AccountIx, Consumption, Day, DayPart, Quantity},
    snapshot::{atp_rule::Mode, forecast::Shipped},
};

/// A line and one of its candidates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    pub(super) line: &'a Line,
    pub(super) candidate: &'a Candidate<'a>,
    /// The ship days that may be tried.
    pub(super) days: Days<'a>,
    /// How it is supplied.
    supply: Supply,
    /// Whose class governs the item that ships, from when on, and where the ATP fence is compared: with the
    /// need day of the first day that the line would take.
    stand: Stand,
    /// Whether its class can have on each day what it could have on the day before.
    accumulates: bool,
    /// Whether what ships consumes a forecast: one day's may be left, and the next one's not.
    has_forecast: bool,
    /// The account of the house's order lines, if they are limited.
    house: Option<AccountIx>,
}

/// How an attempt is supplied, by the ATP rule of the item at the ship-from.
#[derive(Clone, Copy, Debug)]
enum Supply {
    /// From stock and sources, until the infinite fence if there is one.
    Searched { fence: Option<Day>, consumption: Consumption },
    /// Without limit, without consuming anything.
    Free(FreeRule),
}

/// A rule that consumes nothing.
#[derive(Clone, Copy, Debug)]
enum FreeRule {
    Infinite,
    LeadTime,
}

impl Attempt<'_> {
    /// Whether a later day never fits less than an earlier one, but for the house's order lines.
    pub(super) fn is_monotone(&self) -> bool {
        match self.supply {
            Supply::Searched { consumption, .. } => {
                consumption != Consumption::None && self.accumulates && !self.has_forecast
            }
            Supply::Free(_) => true,
        }
    }

    /// What ships on a day, of which forecasts know.
    fn shipped(&self, ship: Day) -> Shipped {
        let class = self.line.classes.first().copied();
        Shipped { customer: self.line.customer, class, ship }
    }

    /// Whether the house ships only so many order lines a day.
    pub(super) fn has_house(&self) -> bool {
        self.house.is_some()
    }

    /// What leaves the ship-from for so much of the line: in its item's own unit, in whole lots.
    fn leaves(&self, search: &Search<'_>, covers: Quantity) -> Quantity {
        let quantity = self.candidate.ratio.apply(covers);
        let lot = search.snapshot().items.lot_multiple(self.candidate.item);
        let is_substitute = self.candidate.item != self.line.item;
        lot.filter(|_| is_substitute).map_or(quantity, |lot| quantity.up_to(lot))
    }

    fn need(&self, quantity: Quantity, day: Day) -> Need {
        let (item, location) = (self.candidate.item, self.candidate.route.location);
        Need { stand: self.stand, item, location, quantity, day, part: DayPart::END }
    }

    /// What must leave stock, and when, for so much of the line to ship on a day.
    pub(super) fn need_on(&self, search: &Search<'_>, covers: Quantity, ship: Day) -> Need {
        self.need(self.leaves(search, covers), self.need_day(ship))
    }

    /// The day on which goods leave stock. A rule that consumes nothing may ship before they could be
    /// picked and packed.
    fn need_day(&self, ship: Day) -> Day {
        self.candidate.route.need(ship).unwrap_or(self.candidate.route.today)
    }

    /// The rule by which nothing is consumed on a need day, if any.
    fn free_rule(&self, need_day: Day) -> Option<FreeRule> {
        match self.supply {
            Supply::Searched { fence, .. } => {
                fence.filter(|&fence| fence <= need_day).map(|_| FreeRule::Infinite)
            }
            Supply::Free(rule) => Some(rule),
        }
    }
}

impl<'w> Search<'w> {
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
        let fence = rule.infinite_from();
        let searched = Supply::Searched { fence, consumption: rule.consumption };
        let first = route.first_ship();
        let (supply, first, is_bounded) = match rule.mode {
            Mode::Supply => (searched, first?, fence.is_none()),
            Mode::Infinite => (Supply::Free(FreeRule::Infinite), first?, false),
            Mode::LeadTime => {
                let first = route.after_lead_time(rule.lead_time_days)?;
                (Supply::Free(FreeRule::LeadTime), first, false)
            }
        };
        let house = snapshot.capacities.house(route.location);
        let house = house.map(|house| snapshot.capacity(house));
        let first = first.max(candidate.validity.from);
        let days = match line.set {
            // A ship set may leave on any day from which all its lines are in time.
            Some(Set { together: Together::Ship | Together::IfPossible, .. }) => {
                route.allowed(line, first)?
            }
            Some(_) | None => route.days_for(line, first, |ship| {
                let is_free =
                    fence.is_some_and(|fence| route.need(ship).is_some_and(|need| fence <= need));
                is_free || matches!(supply, Supply::Free(_)) || self.has_room(house, ship)
            })?,
        };
        let from = days.first()?;
        let is_within = |ship| {
            ship < candidate.validity.end()
                && (!is_bounded || route.need(ship).is_some_and(|need| need < end))
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
            supply,
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

    /// Whether so much of a line can be supplied on a ship day, but for its house's order line. Leaves
    /// nothing behind.
    pub(super) fn can_supply(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> bool {
        let quantity = attempt.leaves(self, covers);
        let need = attempt.need(quantity, attempt.need_day(ship));
        if attempt.free_rule(need.day).is_some() {
            return true;
        }
        if self.snapshot().epoch().end() <= need.day {
            return false;
        }
        let start = self.point();
        let need = self.consume(need, attempt.shipped(ship));
        let is_there = self.can_fill_or_keep(need, attempt.candidate.route.today);
        self.cut(start);
        is_there
    }

    /// Supplies so much of a line on a ship day, without its house's order line; else leaves nothing.
    pub(super) fn supply(&mut self, attempt: &Attempt<'_>, covers: Quantity, ship: Day) -> bool {
        let quantity = attempt.leaves(self, covers);
        let need = attempt.need(quantity, attempt.need_day(ship));
        if let Some(rule) = attempt.free_rule(need.day) {
            self.supply_free(need, rule);
            return true;
        }
        if self.snapshot().epoch().end() <= need.day {
            return false;
        }
        let start = self.point();
        let need = self.consume(need, attempt.shipped(ship));
        let is_there = self.fill_or_keep(need, attempt.candidate.route.today);
        if !is_there {
            self.cut(start);
        }
        is_there
    }

    /// How much of a quantity the greedy search finds for a ship day: a good guess of the most there can
    /// be. Leaves nothing behind.
    pub(super) fn most_on(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> Quantity {
        let need = attempt.need_on(self, covers, ship);
        let start = self.point();
        let need = self.consume(need, attempt.shipped(ship));
        let short = self.fill(need, Want::Most);
        self.cut(start);
        attempt.candidate.ratio.undo(need.quantity - short)
    }

    fn supply_free(&mut self, need: Need, rule: FreeRule) {
        let via = match rule {
            FreeRule::Infinite => Via::Infinite,
            FreeRule::LeadTime => Via::LeadTime,
        };
        self.push(need, via);
    }

    /// Whether the house ships another order line on a day.
    pub(super) fn house_has_room(&self, attempt: &Attempt<'_>, ship: Day) -> bool {
        self.has_room(attempt.house, ship)
    }

    /// The order lines of days after the horizon are not counted.
    fn has_room(&self, house: Option<AccountIx>, ship: Day) -> bool {
        let has_room = |house| Quantity::ONE <= self.trial.overlay.profile(house).available(ship);
        self.snapshot().epoch().end() <= ship || house.is_none_or(has_room)
    }

    /// The leg that ships so much of a line on a day; where there is none, nothing is left.
    pub(super) fn leg_on(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> Option<Leg> {
        let route = &attempt.candidate.route;
        let arrival = route.arrival(ship)?;
        let start = self.point();
        let is_free = attempt.free_rule(attempt.need_day(ship)).is_some();
        let need = attempt.need_on(self, covers, ship);
        let has_room = || {
            let room = self.room_under_caps(need, ship);
            self.house_has_room(attempt, ship) && room.is_none_or(|room| need.quantity <= room)
        };
        if !(is_free || has_room()) || !self.supply(attempt, covers, ship) {
            return None;
        }
        if !is_free {
            self.count_leg(need, ship);
        }
        let is_counted = !is_free && ship < self.snapshot().epoch().end();
        if let Some(house) = attempt.house.filter(|_| is_counted) {
            self.post(house, ship, -Quantity::ONE);
        }
        let mut leg = Leg {
            item: attempt.candidate.item,
            location: route.location,
            method: route.lane.map(|lane| lane.method),
            quantity: attempt.leaves(self, covers),
            covers,
            need: attempt.need_day(ship),
            ship,
            arrival,
            days_late: route.days_late(attempt.line, ship, arrival),
            rank: route.rank,
            turn: attempt.candidate.turn,
            economics: Economics::default(),
            supply: Supplied::default(),
            pegs: self.take_pegs(start),
        };
        leg.economics = self.economics(attempt, &leg);
        Some(leg)
    }

    /// The leg that ships so much of a line on the smallest day (semantics 6).
    pub(super) fn earliest(&mut self, attempt: &Attempt<'_>, covers: Quantity) -> Option<Leg> {
        self.earliest_from(attempt, covers, 0)
    }

    /// The same from a position among the days on.
    pub(super) fn earliest_from(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        from: usize,
    ) -> Option<Leg> {
        let days = &attempt.days;
        if days.len() <= from {
            return None;
        }
        // Most lines ship on the first day: those are tried once.
        if let Some(leg) = self.leg_on(attempt, covers, days.nth(from)) {
            return Some(leg);
        }
        let first = self.first_supplied(attempt, covers, (days, from + 1));
        (first..days.len()).find_map(|at| self.leg_on(attempt, covers, days.nth(at)))
    }

    /// The position of the first of some days, at or after one, on which so much of a line can be supplied,
    /// where that can be told without trying all of them. On later days its house may still be full.
    pub(super) fn first_supplied(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        (days, from): (&Days<'_>, usize),
    ) -> usize {
        if !attempt.is_monotone() || self.memo.effort.is_plain() {
            return from;
        }
        // Past the horizon nothing is there until the infinite fence: each of the two runs of days goes on to
        // fit once it does.
        let end = self.snapshot().epoch().end();
        let is_within = |ship| attempt.need_day(ship) < end;
        let n_within = days.first_not(is_within).max(from);
        let found = self.gallop(n_within - from, |search, at| {
            search.can_supply(attempt, covers, days.nth(from + at))
        });
        // What is given up on one day may be found on a later one: day by day from here on.
        if self.memo.effort.is_plain() {
            return from;
        }
        let is_free = |ship| attempt.free_rule(attempt.need_day(ship)).is_some();
        found.map_or_else(
            || days.first_not(|ship| is_within(ship) || !is_free(ship)),
            |at| from + at,
        )
    }

    /// The first of `n` that fits, where every one after it fits too: gallop, then bisect.
    fn gallop(
        &mut self,
        n: usize,
        mut fits: impl FnMut(&mut Self, usize) -> bool,
    ) -> Option<usize> {
        let mut test = |at: usize| fits(self, at);
        let last = n.checked_sub(1)?;
        let (mut below, mut at, mut step) = (0, 0, 1);
        while !test(at) {
            if at == last {
                return None;
            }
            below = at + 1;
            at = (at + step).min(last);
            step *= 2;
        }
        while below < at {
            let middle = below + (at - below) / 2;
            if test(middle) {
                at = middle;
            } else {
                below = middle + 1;
            }
        }
        Some(at)
    }

    fn economics(&self, attempt: &Attempt<'_>, leg: &Leg) -> Economics {
        let items = &self.snapshot().items;
        let snapshot = self.snapshot();
        let line = attempt.line;
        let mut costs = Costs::default();
        for peg in &leg.pegs {
            costs += peg.cost;
        }
        if let Some(lane) = attempt.candidate.route.lane {
            costs.freight +=
                items.worth(leg.item, leg.quantity, lane.cost_per_unit) + lane.cost_per_shipment;
        }
        costs.handling += snapshot.locations.rows[leg.location].handling_cost;
        if let Some(&class) = line.classes.first() {
            let days = Quantity::units(i64::from(leg.days_late));
            let penalty = snapshot.classes.rows[class].lateness_penalty;
            costs.lateness += items.worth(line.item, leg.covers.times(days), penalty);
        }
        Economics { costs, price: leg.covers.at_each(line.priced, line.unit_price) }
    }
}

/// Whether a leg is not after the line's latest acceptable date.
pub(super) fn is_acceptable(line: &Line, leg: &Leg) -> bool {
    line.latest.is_none_or(|latest| dated(line, leg.ship, leg.arrival) <= latest)
}
