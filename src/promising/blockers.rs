//! What is in the way of a line's target day.

use super::{
    answer::{LineOption, Reason},
    candidates::Candidate,
    classes,
    fill::Search,
    leg::Attempt,
    query::Line,
};
use crate::model::{Day, Quantity};

impl Search<'_> {
    /// What is available for a line on the need day of a candidate's target.
    pub(super) fn available_on_target(&self, line: &Line, candidate: &Candidate<'_>) -> Quantity {
        let route = &candidate.route;
        let day = route.search_from(line).and_then(|ship| route.need(ship));
        let account = self.snapshot().stock(line.item, route.location);
        let class = line.classes.first().copied();
        day.map_or(Quantity::ZERO, |day| {
            classes::available(&self.trial.overlay, account, class, day)
        })
    }

    /// What is in the way of the best option's ship-from, or of every one where there is no option.
    pub(super) fn blockers_of(
        &mut self,
        line: &Line,
        best: Option<&LineOption>,
        all: &[Candidate<'_>],
    ) -> Vec<Reason> {
        const CANDIDATES_EXPLAINED: usize = 3;
        let best = best.and_then(|option| option.legs.last());
        let is_best = |candidate: &&Candidate<'_>| {
            best.is_none_or(|leg| {
                leg.location == candidate.route.location
                    && leg.method == candidate.route.lane.map(|lane| lane.method)
            })
        };
        let mut explained: Vec<_> = all.iter().filter(is_best).take(CANDIDATES_EXPLAINED).collect();
        if explained.is_empty() {
            // The best is a substitute: what is in the way of the item itself is in the way everywhere.
            explained = all.iter().take(CANDIDATES_EXPLAINED).collect();
        }
        let mut reasons = Vec::new();
        for candidate in explained {
            for reason in self.blockers(line, candidate) {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        reasons
    }

    /// What is in the way of a candidate's target day.
    fn blockers(&mut self, line: &Line, candidate: &Candidate<'_>) -> Vec<Reason> {
        let route = candidate.route;
        let mut reasons = Vec::new();
        // The first day that may be tried at all: before it the order is too late, or the lane does not leave.
        let first = route.search_from(line);
        let is_late = |ship: &Day| {
            let arrival = route.arrival(*ship);
            arrival.is_some_and(|arrival| 0 < route.days_late(line, *ship, arrival))
        };
        if let Some(first) = first.filter(is_late) {
            reasons.push(Reason::EarliestShip { location: route.location, day: first });
        }
        let attempt = self.attempt(line, candidate);
        if let Some(attempt) = attempt.filter(|attempt| 0 < attempt.days.len()) {
            reasons.extend(self.blockers_on_first_day(&attempt));
        } else {
            let need = first.map_or(Some(line.requested), |first| route.need(first));
            let end = self.snapshot().epoch().end();
            let after = need.filter(|&need| end <= need);
            reasons.extend(after.map(|day| Reason::AfterHorizon { day }));
        }
        reasons
    }

    fn blockers_on_first_day(&mut self, attempt: &Attempt<'_>) -> Vec<Reason> {
        let Some(first) = attempt.days.first() else {
            return Vec::new();
        };
        let mut reasons = self.explain(|search| {
            let start = search.point();
            search.supply(attempt, attempt.line.quantity, first);
            search.cut(start);
        });
        reasons.extend(self.cap_reason(attempt, attempt.line.quantity, first));
        if !self.house_has_room(attempt, first) {
            let until = attempt.days.iter().find(|&ship| self.house_has_room(attempt, ship));
            let location = attempt.candidate.route.location;
            reasons.push(Reason::HouseFull { location, until });
        }
        reasons
    }
}
