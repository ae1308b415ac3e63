//! What bounds a line: what keeps each leg from one day earlier than promised, and what is not promised from
//! coming at all (semantics 12.4 "Reasons").

use super::{
    answer::{LineOption, OptionLeg, Reason},
    attempt::Attempt,
    candidates::{Candidate, instead_candidates},
    kept::Explained,
    query::Line,
    request::DateType,
    search::Search,
    substitutes,
};
use crate::{
    allocation,
    model::{Day, Quantity},
};

/// So many ways of a line are looked at where there is none that is promised.
const CANDIDATES_EXPLAINED: usize = 3;

impl Search<'_> {
    /// What is available for a line on the need day of a candidate's target.
    pub(super) fn available_on_target(&self, line: &Line, candidate: &Candidate<'_>) -> Quantity {
        let route = &candidate.route;
        let day = route.search_from(line).and_then(|ship| route.need(ship));
        let account = self.snapshot().stock(line.item, route.location);
        let class = line.classes.first().copied();
        day.map_or(Quantity::ZERO, |day| {
            allocation::available(&self.trial.overlay, account, class, day)
        })
    }

    /// What bounds the best option of a line that is not on time; or the line, where there is no option.
    /// `own` are its candidates for the item itself. Leaves nothing behind.
    pub(super) fn blockers_of(
        &mut self,
        line: &Line,
        best: Option<&LineOption>,
        own: &[Candidate<'_>],
    ) -> Vec<Reason> {
        let start = self.point();
        let mut reasons = Vec::new();
        let legs = best.map_or(&[][..], |option| &option.legs);
        for leg in legs {
            let of_leg = self.blockers_of_leg(line, leg, own);
            add(&mut reasons, of_leg);
        }
        let rest = line.quantity - legs.iter().map(|leg| leg.covers).sum();
        if rest.is_positive() {
            let of_rest = self.blockers_of_rest(line, rest, own);
            add(&mut reasons, of_rest);
        }
        self.cut(start);
        if rest.is_positive() && reasons.is_empty() {
            // The rest by itself is in nobody's way: it is the line that does not come in whole.
            reasons = self.blockers_of_rest(line, line.quantity, own);
            self.cut(start);
        }
        reasons
    }

    /// What keeps a leg from one day earlier; then the leg is taken, for those after it.
    fn blockers_of_leg(
        &mut self,
        line: &Line,
        leg: &OptionLeg,
        own: &[Candidate<'_>],
    ) -> Vec<Reason> {
        let snapshot = self.snapshot();
        let mut instead = Vec::new();
        if leg.turn != 0 {
            let turn = |other: &substitutes::Instead| other.turn == leg.turn;
            let found = substitutes::in_order(snapshot, line).into_iter().find(turn);
            instead.extend(found.map(|found| instead_candidates(snapshot, line, found).0));
        }
        let all = instead.first().map_or(own, Vec::as_slice);
        let is_way = |candidate: &&Candidate<'_>| {
            let method = candidate.route.lane.map(|lane| lane.method);
            (candidate.route.location, method) == (leg.location, leg.method)
        };
        let Some(candidate) = all.iter().find(is_way) else {
            return Vec::new();
        };
        let Some(attempt) = self.attempt(line, candidate) else {
            return Vec::new();
        };
        let reasons =
            if 0 < leg.days_late { self.why_not_sooner(&attempt, leg) } else { Vec::new() };
        self.leg_on(&attempt, leg.covers, leg.ship);
        reasons
    }

    fn why_not_sooner(&mut self, attempt: &Attempt<'_>, leg: &OptionLeg) -> Vec<Reason> {
        let (line, route) = (attempt.line, attempt.candidate.route);
        let date = leg.dated(line.date_type);
        let is_sooner = |ship| {
            let arrival = route.arrival(ship);
            arrival.is_some_and(|arrival| line.date_type.of(ship, arrival) < date)
        };
        let n_sooner = attempt.days.first_not(is_sooner);
        let mut reasons = Vec::new();
        if let Some(before) = n_sooner.checked_sub(1) {
            reasons = self.blockers_on(attempt, leg.covers, attempt.days.nth(before));
        }
        if reasons.is_empty() {
            reasons.push(self.earliest_reason(attempt, leg));
        }
        reasons
    }

    /// Why a leg is late that ships as soon as anything can.
    fn earliest_reason(&self, attempt: &Attempt<'_>, leg: &OptionLeg) -> Reason {
        let (location, method) = (leg.location, leg.method);
        let is_in_time = |day: Day| {
            attempt.candidate.route.target(attempt.line).is_some_and(|target| day <= target)
        };
        match attempt.line.date_type {
            // It leaves by the day on which it should be there: what is too long is the way.
            DateType::Arrival if is_in_time(leg.ship) => {
                Reason::EarliestArrival { location, method, day: leg.arrival }
            }
            DateType::Arrival | DateType::Ship => Reason::EarliestShip { location, day: leg.ship },
        }
    }

    /// What keeps the rest of a line from coming at all: what is in its way on the last day on which it might.
    fn blockers_of_rest(
        &mut self,
        line: &Line,
        rest: Quantity,
        own: &[Candidate<'_>],
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for candidate in own.iter().take(CANDIDATES_EXPLAINED) {
            let attempt = self.attempt(line, candidate);
            let Some(attempt) = attempt.filter(|attempt| 0 < attempt.days.len()) else {
                add(&mut reasons, self.out_of_reach(line, candidate));
                continue;
            };
            let last = self.days_in_time(&attempt).checked_sub(1);
            let of_way = match last {
                Some(last) => self.blockers_until(&attempt, rest, last),
                None => self.out_of_reach(line, candidate).into_iter().collect(),
            };
            add(&mut reasons, of_way);
        }
        reasons
    }

    /// What is in the way on the last of some days; where nothing is, since a later day need not have more than an
    /// earlier one, on the latest on which something is.
    fn blockers_until(
        &mut self,
        attempt: &Attempt<'_>,
        rest: Quantity,
        last: usize,
    ) -> Vec<Reason> {
        let first = if attempt.is_monotone() { last } else { 0 };
        let found = (first..=last).rev().find_map(|at| {
            let found = self.blockers_on(attempt, rest, attempt.days.nth(at));
            (!found.is_empty()).then_some(found)
        });
        found.unwrap_or_default()
    }

    /// Why a candidate has no day that may be tried: it would be after the horizon, or too late.
    fn out_of_reach(&self, line: &Line, candidate: &Candidate<'_>) -> Option<Reason> {
        let route = &candidate.route;
        let first = route.search_from(line);
        let need = first.map_or(Some(line.requested), |first| route.need(first));
        let end = self.snapshot().epoch().end();
        match need.filter(|&need| end <= need) {
            Some(day) => Some(Reason::AfterHorizon { day }),
            None => {
                let day = first.or(route.first_ship())?;
                Some(Reason::EarliestShip { location: route.location, day })
            }
        }
    }

    /// What is in the way of a line's target day, by the way of the best option, or by every one where there
    /// is none. Remedies are looked for there.
    pub(super) fn blockers_on_target(
        &mut self,
        line: &Line,
        best: Option<&LineOption>,
        own: &[Candidate<'_>],
    ) -> Vec<Reason> {
        let best = best.and_then(|option| option.legs.last());
        let is_best = |candidate: &&Candidate<'_>| {
            best.is_none_or(|leg| {
                leg.location == candidate.route.location
                    && leg.method == candidate.route.lane.map(|lane| lane.method)
            })
        };
        let mut explained: Vec<_> = own.iter().filter(is_best).take(CANDIDATES_EXPLAINED).collect();
        if explained.is_empty() {
            // The best is a substitute: what is in the way of the item itself is in the way everywhere.
            explained = own.iter().take(CANDIDATES_EXPLAINED).collect();
        }
        let mut reasons = Vec::new();
        for candidate in explained {
            if let Some(attempt) = self.attempt(line, candidate)
                && let Some(first) = attempt.days.first()
            {
                let of_way = self.blockers_on(&attempt, line.quantity, first);
                add(&mut reasons, of_way);
            }
        }
        reasons
    }

    /// What is in the way of so much of a line on a ship day. Leaves nothing behind.
    fn blockers_on(&mut self, attempt: &Attempt<'_>, covers: Quantity, ship: Day) -> Vec<Reason> {
        let mut reasons = self.supply_reasons(attempt, covers, ship);
        reasons.extend(self.cap_reason(attempt, covers, ship));
        if !self.house_has_room(attempt, ship) {
            let later = |day: &Day| ship < *day && self.house_has_room(attempt, *day);
            let until = attempt.days.iter().find(later);
            let location = attempt.candidate.route.location;
            reasons.push(Reason::HouseFull { location, day: ship, until });
        }
        reasons
    }
}

impl Search<'_> {
    /// What is in the way of the supply of so much of a line on a ship day.
    fn supply_reasons(
        &mut self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> Vec<Reason> {
        let need = attempt.need_on(self, covers, ship);
        let state = self.trial.overlay.state();
        // What a forecast has for a line depends on the day on which it ships.
        let is_known = |known: &&Explained| !attempt.has_forecast && known.is_of(need, state);
        if attempt.free.on(need.day).is_some() {
            return Vec::new();
        }
        if let Some(known) = self.memo.explained.as_ref().filter(is_known) {
            return known.reasons.clone();
        }
        let mut is_looked_through = true;
        let reasons = self.explain(|search| {
            let start = search.point();
            search.supply(attempt, covers, ship);
            search.cut(start);
            let effort = search.memo.effort;
            is_looked_through = !effort.is_over() && !effort.is_plain();
        });
        if !attempt.has_forecast && is_looked_through {
            self.memo.explained = Some(Explained { need, state, reasons: reasons.clone() });
        }
        reasons
    }
}

fn add(reasons: &mut Vec<Reason>, more: impl IntoIterator<Item = Reason>) {
    for reason in more {
        if !reasons.iter().any(|known| known.repeats(&reason)) {
            reasons.push(reason);
        }
    }
}
