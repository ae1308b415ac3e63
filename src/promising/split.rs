//! Splits of a line over dates, ship-froms and substitutes (semantics 12.4).
//!
//! With so many legs allowed, those on time come first, the largest first; then each on the first day on
//! which a place has at least the minimum; the last takes all the rest, or else the most that there is by
//! the latest acceptable date. With fewer legs if that promises more: so more legs never promise less.

use super::{
    answer::{LineOption, OptionLeg},
    attempt::Attempt,
    leg::is_acceptable,
    part::{Open, Tried},
    query::Line,
    search::Search,
};
use crate::{
    model::{Day, Quantity},
    snapshot::LocationIx,
};
use std::cmp::Reverse;

/// Legs so far, what is left of the line, and how many legs may still come.
#[derive(Debug)]
struct Partly<'a> {
    line: &'a Line,
    minimum: Quantity,
    legs: Vec<OptionLeg>,
    rest: Quantity,
    legs_left: u16,
}

impl Partly<'_> {
    fn open(&self) -> Open {
        Open { rest: self.rest, minimum: self.minimum }
    }

    /// Whether another leg is wanted: a rest under the minimum is none, unless it is the whole line.
    fn wants_more(&self) -> bool {
        self.rest.is_positive() && (self.minimum <= self.rest || self.legs.is_empty())
    }

    fn uses(&self, location: LocationIx) -> bool {
        self.legs.iter().any(|leg| leg.location == location)
    }

    fn uses_on(&self, location: LocationIx, ship: Day) -> bool {
        self.legs.iter().any(|leg| (leg.location, leg.ship) == (location, ship))
    }
}

/// What decides between equal legs: the item before its substitutes, then rank, cost and names.
type Tie<'a> = (u16, i32, i64, &'a str, &'a str);

/// A leg that may come next, from one of the attempts.
struct Next {
    at: usize,
    tried: Tried,
}

impl Search<'_> {
    /// A line split over some candidates; none if the line may not be split or there is nothing to
    /// split. Leaves nothing behind.
    pub(super) fn split(&mut self, line: &Line, attempts: &[Attempt<'_>]) -> Option<LineOption> {
        let limits = line.split?;
        if limits.legs == 2 && self.nothing_on_time(line, attempts) {
            return None;
        }
        let mut best: Option<LineOption> = None;
        let mut legs_allowed = limits.legs;
        while 0 < legs_allowed {
            let found = self.in_legs(line, attempts, legs_allowed);
            let n_legs = found.as_ref().map_or(0, |option| option.legs.len());
            let quantity = |option: &Option<LineOption>| {
                option.as_ref().map_or(Quantity::ZERO, LineOption::quantity)
            };
            if quantity(&best) < quantity(&found) {
                best = found;
            }
            if quantity(&best) == line.quantity {
                break;
            }
            // What did not use all its legs is the same with as many as it used, and one more.
            let n_legs = u16::try_from(n_legs).expect("at most the legs allowed");
            legs_allowed = n_legs.min(legs_allowed - 1);
        }
        best
    }

    fn nothing_on_time(&mut self, line: &Line, attempts: &[Attempt<'_>]) -> bool {
        let open = Open { rest: line.quantity, minimum: self.minimum(line) };
        attempts.iter().all(|attempt| self.on_time_part(open, attempt).is_none())
    }

    fn minimum(&self, line: &Line) -> Quantity {
        line.split.map_or(Quantity::ZERO, |limits| limits.minimum)
    }

    /// The legs of a line if so many are allowed; none if nothing comes.
    fn in_legs(
        &mut self,
        line: &Line,
        attempts: &[Attempt<'_>],
        legs_left: u16,
    ) -> Option<LineOption> {
        let start = self.point();
        let minimum = self.minimum(line);
        let mut partly = Partly { line, minimum, legs: Vec::new(), rest: line.quantity, legs_left };
        while partly.wants_more() && 1 < partly.legs_left {
            let Some(next) = self.next_on_time(&partly, attempts) else {
                break;
            };
            self.place_leg(&mut partly, attempts, next);
        }
        while partly.wants_more() && 1 < partly.legs_left {
            let Some(next) = self.next_by_date(&partly, attempts) else {
                break;
            };
            self.place_leg(&mut partly, attempts, next);
        }
        if partly.wants_more() && 0 < partly.legs_left {
            let last = self.all_of(partly.line, partly.rest, attempts);
            let last = last.or_else(|| self.most_of(&partly, attempts));
            last.iter().for_each(|tried| self.take_leg(&mut partly, tried));
        }
        if partly.legs.is_empty() {
            return None;
        }
        Some(self.option_of(start, partly.legs))
    }

    fn take_leg(&mut self, partly: &mut Partly<'_>, tried: &Tried) {
        self.retake(tried);
        partly.rest -= tried.leg.covers;
        partly.legs_left -= 1;
        partly.legs.push(tried.leg.clone());
    }

    /// Takes a leg; cut short where it would leave less than the minimum and the rest then comes in whole.
    fn place_leg(&mut self, partly: &mut Partly<'_>, attempts: &[Attempt<'_>], next: Next) {
        let left = partly.rest - next.tried.leg.covers;
        if left.is_positive() && left < partly.minimum {
            let pair = self.cut_short(partly, attempts, &next);
            if let Some((first, last)) = pair {
                self.take_leg(partly, &first);
                return self.take_leg(partly, &last);
            }
        }
        self.take_leg(partly, &next.tried);
    }

    /// A leg so much smaller that the rest is at least the minimum, and the leg that takes all of that.
    fn cut_short(
        &mut self,
        partly: &Partly<'_>,
        attempts: &[Attempt<'_>],
        next: &Next,
    ) -> Option<(Tried, Tried)> {
        let attempt = &attempts[next.at];
        let most = partly.rest - partly.minimum;
        if most < partly.minimum {
            return None;
        }
        let covers = self.size_within(attempt, most);
        if covers < partly.minimum {
            return None;
        }
        let first = self.tried(|search| search.leg_on(attempt, covers, next.tried.leg.ship))?;
        let start = self.point();
        self.retake(&first);
        let last = self.all_of(partly.line, partly.rest - covers, attempts);
        self.cut(start);
        Some((first, last?))
    }

    /// The largest leg on time from a place that no leg comes from yet.
    fn next_on_time(&mut self, partly: &Partly<'_>, attempts: &[Attempt<'_>]) -> Option<Next> {
        let attempts = &self.as_now(attempts);
        let mut found = Vec::new();
        for (at, attempt) in attempts.iter().enumerate() {
            if !partly.uses(attempt.candidate.route.location) {
                let tried = self.on_time_part(partly.open(), attempt);
                found.extend(tried.map(|tried| Next { at, tried }));
            }
        }
        let key = |next: &Next| (Reverse(next.tried.leg.covers), self.tie(&next.tried.leg));
        found.into_iter().min_by(|a, b| key(a).cmp(&key(b)))
    }

    fn on_time_part(&mut self, open: Open, attempt: &Attempt<'_>) -> Option<Tried> {
        let ship = attempt.days.first()?;
        let tried = self.tried(|search| search.part(open, attempt, ship))?;
        let is_on_time = tried.leg.days_late == 0 && is_acceptable(attempt.line, &tried.leg);
        is_on_time.then_some(tried)
    }

    /// The leg on the first day on which a place has at least the minimum; a place comes once on a day.
    fn next_by_date(&mut self, partly: &Partly<'_>, attempts: &[Attempt<'_>]) -> Option<Next> {
        let attempts = &self.as_now(attempts);
        let line = partly.line;
        let mut first: Option<Day> = None;
        let mut days = Vec::new();
        for (at, attempt) in attempts.iter().enumerate() {
            let date = |leg: &OptionLeg| leg.dated(line.date_type);
            let Some(leg) = self.first_part(partly, attempt) else {
                continue;
            };
            if first.is_none_or(|first| date(&leg) < first) {
                first = Some(date(&leg));
                days.clear();
            }
            if first == Some(date(&leg)) {
                days.push((at, leg.ship));
            }
        }
        let mut found = Vec::new();
        for (at, ship) in days {
            let open = partly.open();
            let tried = self.tried(|search| search.part(open, &attempts[at], ship));
            found.extend(tried.map(|tried| Next { at, tried }));
        }
        let key = |next: &Next| self.tie(&next.tried.leg);
        found.into_iter().min_by(|a, b| key(a).cmp(&key(b)))
    }

    /// The smallest leg of a candidate on the first day that has it, in time and not yet used.
    fn first_part(&mut self, partly: &Partly<'_>, attempt: &Attempt<'_>) -> Option<OptionLeg> {
        let location = attempt.candidate.route.location;
        let least = self.least(attempt, partly.minimum).min(partly.rest);
        // All of it may fit where the least does not.
        let all = partly.rest;
        let also_all = !self.is_steady_for(attempt) && self.may_end(attempt, all);
        let mut from = 0;
        loop {
            let of = |search: &mut Self, covers| {
                search.tried(|search| search.earliest_from(attempt, covers, from))
            };
            let all = if also_all { of(self, all) } else { None };
            let tried =
                of(self, least).into_iter().chain(all).min_by_key(|tried| tried.leg.ship)?;
            if !partly.uses_on(location, tried.leg.ship) {
                return Some(tried.leg).filter(|leg| is_acceptable(attempt.line, leg));
            }
            from = attempt.days.first_not(|ship| ship <= tried.leg.ship);
        }
    }

    /// All of a rest from one place, on time if one can, else on its earliest date.
    fn all_of(&mut self, line: &Line, rest: Quantity, attempts: &[Attempt<'_>]) -> Option<Tried> {
        let attempts = &self.as_now(attempts);
        let mut found = Vec::new();
        for attempt in attempts {
            if self.may_end(attempt, rest) {
                let tried = self.tried(|search| search.earliest(attempt, rest));
                found.extend(tried.filter(|tried| is_acceptable(line, &tried.leg)));
            }
        }
        let date = |leg: &OptionLeg| {
            let date = leg.dated(line.date_type);
            (leg.days_late != 0).then_some(date)
        };
        let key = |tried: &Tried| (date(&tried.leg), self.tie(&tried.leg));
        found.into_iter().min_by(|a, b| key(a).cmp(&key(b)))
    }

    /// The most that one place has by the latest acceptable date.
    fn most_of(&mut self, partly: &Partly<'_>, attempts: &[Attempt<'_>]) -> Option<Tried> {
        let attempts = &self.as_now(attempts);
        let open = partly.open();
        let mut found = Vec::new();
        for attempt in attempts {
            found.extend(self.tried(|search| search.most(open, attempt)));
        }
        let date = |leg: &OptionLeg| leg.dated(partly.line.date_type);
        let key =
            |tried: &Tried| (Reverse(tried.leg.covers), date(&tried.leg), self.tie(&tried.leg));
        found.into_iter().min_by(|a, b| key(a).cmp(&key(b)))
    }

    /// The attempts after the legs so far: a house that is full by now starts from other days.
    fn as_now<'a>(&self, attempts: &[Attempt<'a>]) -> Vec<Attempt<'a>> {
        let now = |attempt: &Attempt<'a>| match attempt.has_house() {
            true => self.attempt(attempt.line, attempt.candidate).unwrap_or(*attempt),
            false => *attempt,
        };
        attempts.iter().map(now).collect()
    }

    fn tie(&self, leg: &OptionLeg) -> Tie<'_> {
        let snapshot = self.snapshot();
        let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
        let place = snapshot.locations.names.name(leg.location);
        (leg.turn, leg.rank, leg.economics.cost().raw(), place, method)
    }
}
