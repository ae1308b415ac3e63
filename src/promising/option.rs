//! One candidate, its smallest day, and what that costs (semantics 4 to 6).

use super::{
    answer::{Costs, Economics, Leg, LineOption, PegSource, Reason},
    candidates::Candidate,
    fill::{Need, Point, Search, Want},
    query::Line,
};
use crate::{
    model::{Consumption, Day, Quantity},
    snapshot::atp_rule::{AtpRule, Mode},
};

/// When an option ships, and how it is supplied there.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// From stock and sources.
    Supplied(Day),
    /// By a rule that consumes nothing.
    Free(Day, Rule),
}

/// A rule that consumes nothing.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Infinite,
    LeadTime,
}

impl Search<'_> {
    /// The option of a candidate on its smallest day; none within the horizon. Leaves nothing behind.
    pub(super) fn option(&mut self, line: &Line, candidate: &Candidate<'_>) -> Option<LineOption> {
        let start = self.point();
        let found = self.smallest_day(line, candidate)?;
        let option = self.written(line, candidate, (start, found));
        self.cut(start);
        option
    }

    /// The option that a search has found, with what it has tried since a point.
    fn written(
        &mut self,
        line: &Line,
        candidate: &Candidate<'_>,
        (start, found): (Point, Found),
    ) -> Option<LineOption> {
        let (Found::Supplied(ship) | Found::Free(ship, _)) = found;
        let arrival = candidate.route.arrival(ship)?;
        // A rule that consumes nothing may ship before goods could be picked and packed.
        let need = candidate.route.need(ship).unwrap_or(candidate.route.today);
        if let Found::Free(_, rule) = found {
            let source = match rule {
                Rule::Infinite => PegSource::Infinite,
                Rule::LeadTime => PegSource::LeadTime,
            };
            let unit_cost = self.snapshot().items.rows[line.item].unit_cost;
            let cost = Costs { supply: line.quantity.at(unit_cost), ..Costs::default() };
            self.push_peg(self.need(line, candidate, need), source, cost);
        }
        let leg = Leg {
            item: line.item,
            location: candidate.route.location,
            method: candidate.route.lane.map(|lane| lane.method),
            quantity: line.quantity,
            need,
            ship,
            arrival,
            days_late: candidate.route.days_late(line, ship, arrival),
            pegs: self.take_pegs(start),
        };
        Some(LineOption {
            rank: candidate.route.rank,
            days_late: leg.days_late,
            economics: self.economics(line, candidate, &leg),
            postings: self.postings_since(start).to_vec(),
            legs: vec![leg],
        })
    }

    fn need(&self, line: &Line, candidate: &Candidate<'_>, day: Day) -> Need {
        let location = candidate.route.location;
        Need { item: line.item, location, quantity: line.quantity, day }
    }

    /// Readies the search for a candidate: its today, and the day that the ATP fence is compared with.
    fn stand_at(&mut self, candidate: &Candidate<'_>, from: Day) {
        self.today = candidate.route.today;
        self.target = candidate.route.need(from).unwrap_or(from);
    }

    /// The rule of the item at the candidate's ship-from.
    fn rule_at(&self, line: &Line, candidate: &Candidate<'_>) -> &AtpRule {
        self.rule(self.need(line, candidate, Day::ZERO))
    }

    /// The smallest day, with the supply for it tried in the overlay; where there is none, nothing is.
    fn smallest_day(&mut self, line: &Line, candidate: &Candidate<'_>) -> Option<Found> {
        let route = &candidate.route;
        let from = route.search_from(line)?;
        self.stand_at(candidate, from);
        let rule = self.rule_at(line, candidate);
        let (mode, fence) = (rule.mode, rule.infinite_fence_days);
        let monotone = rule.consumption != Consumption::None;
        match mode {
            Mode::Infinite => {
                return held(candidate, from).map(|day| Found::Free(day, Rule::Infinite));
            }
            Mode::LeadTime => {
                let first = route.after_lead_time(rule.lead_time_days)?;
                let ship = route.ship_at_or_after(line, first)?;
                return held(candidate, ship).map(|day| Found::Free(day, Rule::LeadTime));
            }
            Mode::Supply => {}
        }
        let end = self.snapshot().epoch().end();
        let limit = fence.map_or(end, |days| end.min(Day(i32::from(days))));
        let ships: Vec<Day> = route
            .ships(from)
            .take_while(|&ship| ship < end && route.need(ship).is_some_and(|need| need < limit))
            .filter(|&ship| candidate.holds(ship))
            .collect();
        if let Some(day) = self.first_fit(line, candidate, &ships, monotone) {
            return Some(Found::Supplied(day));
        }
        let fence = Day(i32::from(fence?));
        let beyond = |ship: &Day| route.need(*ship).is_some_and(|need| fence <= need);
        let ship = route.ships(from).find(|ship| beyond(ship) && candidate.holds(*ship))?;
        Some(Found::Free(ship, Rule::Infinite))
    }

    /// The first of some ship days on which the line fits, which stays tried: gallop and bisect where
    /// more time never hurts, then on to a day on which the house has room.
    fn first_fit(
        &mut self,
        line: &Line,
        candidate: &Candidate<'_>,
        ships: &[Day],
        monotone: bool,
    ) -> Option<Day> {
        let first = if monotone { self.gallop(line, candidate, ships)? } else { 0 };
        let mut ships = ships[first..].iter().copied();
        ships.find(|&ship| self.house_has_room(candidate, ship) && self.fits(line, candidate, ship))
    }

    /// The position of the first ship day on which supply suffices.
    fn gallop(&mut self, line: &Line, candidate: &Candidate<'_>, ships: &[Day]) -> Option<usize> {
        let mut test = |at: usize| {
            let start = self.point();
            let day = candidate.route.need(ships[at]).expect("ship days have a need day");
            let fits = !self.fill(self.need(line, candidate, day), Want::Whole).is_positive();
            self.cut(start);
            fits
        };
        let last = ships.len().checked_sub(1)?;
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

    fn house_has_room(&self, candidate: &Candidate<'_>, ship: Day) -> bool {
        let snapshot = self.snapshot();
        let house = snapshot.capacities.house(candidate.route.location);
        house.is_none_or(|house| {
            Quantity::ONE <= self.overlay.profile(snapshot.capacity(house)).available(ship)
        })
    }

    /// Fills a line for a ship day and takes one of the house's order lines; else leaves nothing.
    fn fits(&mut self, line: &Line, candidate: &Candidate<'_>, ship: Day) -> bool {
        let start = self.point();
        let Some(day) = candidate.route.need(ship) else {
            return false;
        };
        if self.fill(self.need(line, candidate, day), Want::Whole).is_positive() {
            self.cut(start);
            return false;
        }
        let snapshot = self.snapshot();
        if let Some(house) = snapshot.capacities.house(candidate.route.location) {
            self.post(snapshot.capacity(house), ship, -Quantity::ONE);
        }
        true
    }

    fn economics(&self, line: &Line, candidate: &Candidate<'_>, leg: &Leg) -> Economics {
        let snapshot = self.snapshot();
        let mut costs = Costs::default();
        for peg in &leg.pegs {
            costs += peg.cost;
        }
        if let Some(lane) = candidate.route.lane {
            costs.freight += leg.quantity.at(lane.cost_per_unit) + lane.cost_per_shipment;
        }
        costs.handling += snapshot.locations.rows[leg.location].handling_cost;
        if let Some(&class) = line.classes.first() {
            let days = Quantity::units(i64::from(leg.days_late));
            let penalty = snapshot.classes.rows[class].lateness_penalty;
            costs.lateness += leg.quantity.times(days).at(penalty);
        }
        Economics { costs, price: leg.quantity.at(line.unit_price) }
    }

    /// What is available for a line on the need day of a candidate's target.
    pub(super) fn available_on_target(&self, line: &Line, candidate: &Candidate<'_>) -> Quantity {
        let route = &candidate.route;
        let day = route.search_from(line).and_then(|ship| route.need(ship));
        let account = self.snapshot().stock(line.item, route.location);
        day.map_or(Quantity::ZERO, |day| self.overlay.profile(account).available(day))
    }

    /// What is in the way of a candidate's target day.
    pub(super) fn blockers(&mut self, line: &Line, candidate: &Candidate<'_>) -> Vec<Reason> {
        let route = candidate.route;
        let (Some(from), Some(first)) = (route.search_from(line), route.first_ship()) else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        if route.target(line).is_none_or(|target| target < first) {
            reasons.push(Reason::EarliestShip { location: route.location, day: first });
        }
        self.stand_at(candidate, from);
        let Some(day) = route.need(from) else {
            return reasons;
        };
        let need = self.need(line, candidate, day);
        reasons.extend(self.explain(|search| {
            let start = search.point();
            search.fill(need, Want::Whole);
            search.cut(start);
        }));
        if !self.house_has_room(candidate, from) {
            let until = route.ships(from).find(|&ship| self.house_has_room(candidate, ship));
            reasons.push(Reason::HouseFull { location: route.location, until });
        }
        reasons
    }
}

/// A ship day or the first after it on which the candidate's rule holds.
fn held(candidate: &Candidate<'_>, ship: Day) -> Option<Day> {
    candidate.route.ships(ship).find(|&ship| candidate.holds(ship))
}
