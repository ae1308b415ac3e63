//! Splits of a line by date, by ship-from and by substitute (semantics 5 and 11).
//!
//! One rule serves all three: over one candidate it splits by date, over the ship-froms of the item by
//! ship-from, over those of the substitutes too by substitute. What can be on time goes on time, in the
//! order of the candidates; the rest goes late by the one candidate that brings most of it, soonest.

use super::{
    answer::{Leg, LineOption},
    fill::Search,
    leg::{Attempt, is_acceptable},
    query::{Line, SplitLimits},
};
use crate::{
    model::{Day, Posting, Quantity},
    snapshot::Snapshot,
};

/// Legs so far, what is left of the line, and how many legs may still come.
#[derive(Clone, Debug)]
struct Partly<'a> {
    line: &'a Line,
    minimum: Quantity,
    lot: Quantity,
    legs: Vec<Leg>,
    rest: Quantity,
    legs_left: u16,
}

/// Whether a leg may leave so little that the next would be under the minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remainder {
    /// No: the leg is cut so far that it is not.
    Enough,
    /// Yes: nothing comes after it.
    Any,
}

impl<'a> Partly<'a> {
    fn new(line: &'a Line, limits: SplitLimits, snapshot: &Snapshot) -> Self {
        let lot = snapshot.items.lot_multiple(line.item);
        Self {
            line,
            minimum: limits.minimum,
            lot: lot.unwrap_or(Quantity::micros(1)),
            legs: Vec::new(),
            rest: line.quantity,
            legs_left: limits.legs,
        }
    }

    fn push(&mut self, leg: Leg) {
        self.rest -= leg.covers;
        self.legs_left -= 1;
        self.legs.push(leg);
    }

    fn is_whole(&self) -> bool {
        !self.rest.is_positive()
    }

    /// The largest leg that leaves the next one its minimum; none if no leg that is one does.
    fn cut(&self) -> Option<Quantity> {
        let most = (self.rest - self.minimum).down_to(self.lot);
        (self.minimum <= most).then_some(most)
    }

    /// What is better: more of it, then sooner.
    fn worth(&self) -> (Quantity, Day) {
        (self.rest, self.legs.iter().map(|leg| leg.arrival).max().unwrap_or(Day::MAX))
    }

    fn is_on_time(&self, leg: &Leg) -> bool {
        leg.days_late == 0 && is_acceptable(self.line, leg)
    }
}

impl Search<'_> {
    /// A line split over some candidates; none if the line may not be split or there is nothing to
    /// split. Leaves nothing behind.
    pub(super) fn split(&mut self, attempts: &[Attempt<'_>]) -> Option<LineOption> {
        let line = attempts.first()?.line;
        let limits = line.split?;
        let start = self.point();
        let mut partly = Partly::new(line, limits, self.snapshot());
        self.on_time(&mut partly, attempts);
        if partly.legs.is_empty() && limits.legs == 2 {
            return None;
        }
        if !partly.is_whole() {
            partly = self.with_rest(&partly, attempts);
        }
        if partly.legs.is_empty() {
            return None;
        }
        Some(self.option_of(start, partly.legs))
    }

    /// Each candidate gives the most it can on time; the last leg takes the whole rest.
    fn on_time(&mut self, partly: &mut Partly<'_>, attempts: &[Attempt<'_>]) {
        for attempt in attempts {
            if partly.is_whole() || partly.legs_left < 2 {
                break;
            }
            let start = self.point();
            let first = attempt.days.first();
            match first.and_then(|day| self.part(partly, attempt, day, Remainder::Enough)) {
                Some(leg) if partly.is_on_time(&leg) => partly.push(leg),
                Some(_) | None => self.cut(start),
            }
        }
        if partly.is_whole() || partly.legs.is_empty() {
            return;
        }
        for attempt in attempts {
            let start = self.point();
            let first = attempt.days.first();
            match first.and_then(|day| self.leg_on(attempt, partly.rest, day)) {
                Some(leg) if partly.is_on_time(&leg) => return partly.push(leg),
                Some(_) | None => self.cut(start),
            }
        }
    }

    /// The rest by the candidate that brings most of it, then soonest, then by the first.
    fn with_rest<'a>(&mut self, partly: &Partly<'a>, attempts: &[Attempt<'_>]) -> Partly<'a> {
        let start = self.point();
        let mut best: Option<(Partly<'a>, Vec<Posting>)> = None;
        for attempt in attempts {
            let mut tail = partly.clone();
            self.late(&mut tail, attempt);
            let postings = self.postings_since(start).to_vec();
            self.cut(start);
            if best.as_ref().is_none_or(|(best, _)| tail.worth() < best.worth()) {
                best = Some((tail, postings));
            }
        }
        let (best, postings) = best.expect("a line is split over one candidate at least");
        postings.into_iter().for_each(|posting| self.trial.overlay.post(posting));
        best
    }

    /// Each leg on the first day that has at least the minimum; the last takes the rest in whole on
    /// its earliest day, or else the most of it that ever comes. Legs after the latest acceptable date
    /// are left out.
    fn late(&mut self, partly: &mut Partly<'_>, attempt: &Attempt<'_>) {
        while !partly.is_whole() && 0 < partly.legs_left {
            let start = self.point();
            let next = if partly.legs_left == 1 {
                let whole = self.earliest(attempt, partly.rest);
                whole.or_else(|| self.most(partly, attempt))
            } else {
                self.next_part(partly, attempt)
            };
            match next {
                Some(leg) if is_acceptable(partly.line, &leg) => partly.push(leg),
                Some(_) | None => return self.cut(start),
            }
        }
    }

    /// The largest leg on the first day that has at least the minimum. A rest of less than two
    /// minima is not divided.
    fn next_part(&mut self, partly: &Partly<'_>, attempt: &Attempt<'_>) -> Option<Leg> {
        if partly.cut().is_none() {
            return self.earliest(attempt, partly.rest);
        }
        let start = self.point();
        let first = self.earliest(attempt, partly.minimum)?.ship;
        self.cut(start);
        self.part(partly, attempt, first, Remainder::Enough)
    }

    /// The most that ever comes, on the first day on which all of that is there.
    fn most(&mut self, partly: &Partly<'_>, attempt: &Attempt<'_>) -> Option<Leg> {
        let mut most = Quantity::ZERO;
        // The last day has the most, unless a day, or a period of its class, has room of its own.
        let last_alone = attempt.is_monotone() && !attempt.has_house() && !self.is_capped(attempt);
        let skipped = if last_alone { attempt.days.len().saturating_sub(1) } else { 0 };
        for day in attempt.days.iter().skip(skipped) {
            let start = self.point();
            let leg = self.part(partly, attempt, day, Remainder::Any);
            most = most.max(leg.map_or(Quantity::ZERO, |leg| leg.covers));
            self.cut(start);
        }
        if most.is_positive() { self.earliest(attempt, most) } else { None }
    }

    /// The largest leg on a day: whole lots, at least the minimum.
    fn part(
        &mut self,
        partly: &Partly<'_>,
        attempt: &Attempt<'_>,
        ship: Day,
        remainder: Remainder,
    ) -> Option<Leg> {
        if let Some(all) = self.leg_on(attempt, partly.rest, ship) {
            return Some(all);
        }
        let cut = partly.cut();
        if partly.rest <= partly.minimum || (cut.is_none() && remainder == Remainder::Enough) {
            return None;
        }
        let lots = |quantity: Quantity| quantity.raw() / partly.lot.raw();
        let quantity = |lots: i64| Quantity::micros(lots * partly.lot.raw());
        let below = (partly.rest - Quantity::micros(1)).down_to(partly.lot);
        let most = cut.filter(|_| remainder == Remainder::Enough).unwrap_or(below);
        let guess = lots(self.most_on(attempt, partly.rest, ship));
        let range = lots(partly.minimum)..=lots(most);
        let found = self.largest_near(guess, (range, partly.lot), |search, lots| {
            search.leg_on(attempt, quantity(lots), ship).is_some()
        })?;
        self.leg_on(attempt, quantity(found), ship)
    }
}
