//! One leg: some of a line, from one candidate, on one day (semantics 2, 4 and 11).
//!
//! A leg that is found stays tried in the search; whoever does not want it cuts it off.

use super::{
    answer::{Costs, Economics, OptionLeg},
    attempt::Attempt,
    days::Days,
    query::Line,
    search::{Search, Want},
};
use crate::{
    ledger::reservation::{Leg, Supplied},
    model::{CapacityAccount, Day, Quantity},
};

impl Search<'_> {
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
        if attempt.free.on(need.day).is_some() {
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
        if let Some(via) = attempt.free.on(need.day) {
            self.push(need, via);
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

    /// Whether the house ships another order line on a day.
    pub(super) fn house_has_room(&self, attempt: &Attempt<'_>, ship: Day) -> bool {
        self.has_room(attempt.house, ship)
    }

    /// The order lines of days after the horizon are not counted.
    pub(super) fn has_room(&self, house: Option<CapacityAccount>, ship: Day) -> bool {
        let has_room = |house| Quantity::ONE <= self.trial.overlay.profile(house).available(ship);
        self.snapshot().epoch().end() <= ship || house.is_none_or(has_room)
    }

    /// The leg that ships so much of a line on a day; where there is none, nothing is left.
    pub(super) fn leg_on(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> Option<OptionLeg> {
        let route = &attempt.candidate.route;
        let arrival = route.arrival(ship)?;
        let start = self.point();
        let is_free = attempt.free.on(attempt.need_day(ship)).is_some();
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
        let kept = Leg {
            item: attempt.candidate.item,
            location: route.location,
            method: route.lane.map(|lane| lane.method),
            quantity: attempt.leaves(self, covers),
            covers,
            need: attempt.need_day(ship),
            ship,
            arrival,
            days_late: route.days_late(attempt.line, ship, arrival),
            supply: Supplied::default(),
            rank: route.rank,
        };
        let (turn, pegs) = (attempt.candidate.turn, self.take_pegs(start));
        let mut leg = OptionLeg { turn, pegs, ..kept.into() };
        leg.economics = self.economics(attempt, &leg);
        Some(leg)
    }

    /// The leg that ships so much of a line on the smallest day (semantics 6).
    pub(super) fn earliest(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
    ) -> Option<OptionLeg> {
        self.earliest_from(attempt, covers, 0)
    }

    /// The same from a position among the days on.
    pub(super) fn earliest_from(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        from: usize,
    ) -> Option<OptionLeg> {
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
        // Past the horizon nothing is there until the rule has everything: each of the two runs of days goes on
        // to fit once it does.
        let end = self.snapshot().epoch().end();
        let is_within = |ship| attempt.need_day(ship) < end;
        let n_within = days.first_not(is_within).max(from);
        // Up to where it is known to fail nothing is tried, and what is tried first is not far behind it.
        let today = attempt.candidate.route.today;
        let need = attempt.need(attempt.leaves(self, covers), today);
        let fails = self.failing_before(need, today);
        let from = fails.map_or(from, |floor| {
            days.first_not(|ship| attempt.need_day(ship) < floor).clamp(from, n_within)
        });
        let found = self.gallop(n_within - from, |search, at| {
            search.can_supply(attempt, covers, days.nth(from + at))
        });
        // What is given up on one day may be found on a later one: day by day from here on.
        if self.memo.effort.is_plain() {
            return from;
        }
        let is_free = |ship| attempt.free.on(attempt.need_day(ship)).is_some();
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

    fn economics(&self, attempt: &Attempt<'_>, leg: &OptionLeg) -> Economics {
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
pub(super) fn is_acceptable(line: &Line, leg: &OptionLeg) -> bool {
    line.latest.is_none_or(|latest| leg.dated(line.date_type) <= latest)
}
