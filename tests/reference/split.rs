//! Splits of a line (semantics 5 and 11 "Splits"): by date, by ship-from, by substitute.

use super::book::Draft;
use super::candidates::Candidate;
use super::choice::Choice;
use super::fill::largest;
use super::leg::{Attempt, Fills, Leg};
use super::line::Line;
use super::model::Model;
use super::text::{Day, round_down, round_up};

/// Legs so far, what is left to promise, and how many legs may still come.
#[derive(Clone)]
struct Partly {
    legs: Vec<Leg>,
    draft: Draft,
    rest: i64,
    legs_left: usize,
}

impl Partly {
    fn with(&self, (leg, draft): (Leg, Draft)) -> Partly {
        let mut legs = self.legs.clone();
        let rest = self.rest - leg.covers;
        legs.push(leg);
        Partly { legs, draft, rest, legs_left: self.legs_left - 1 }
    }

    /// More promised before less, then the earlier.
    fn worth(&self) -> (i64, Day) {
        (self.rest, self.legs.iter().map(|leg| leg.arrival).max().unwrap_or(Day::MAX))
    }
}

/// A line that may be split over some candidates: one candidate is a split by date, the ship-froms
/// of an item one by ship-from, all with those of the substitutes one by substitute.
pub struct Split<'a> {
    pub model: &'a Model,
    pub line: &'a Line,
    pub candidates: &'a [Candidate],
}

impl Split<'_> {
    /// What can be on time goes on time, in the order of the candidates; the rest on its earliest
    /// date. "Nothing on time: no split" with two legs; with more, "what is not on time, be it all,
    /// is split again".
    pub fn choice(&self, draft: &Draft) -> Option<Choice> {
        let asked = self.line.quantity;
        let legs_left = self.line.max_splits;
        if !self.line.split || legs_left < 2 {
            return None;
        }
        let none = Partly { legs: Vec::new(), draft: draft.clone(), rest: asked, legs_left };
        let on_time = self.on_time(none);
        if on_time.legs.is_empty() && legs_left == 2 {
            return None;
        }
        let all = if on_time.rest == 0 { on_time } else { self.with_rest(&on_time) };
        let found = !all.legs.is_empty();
        found.then_some(Choice { legs: all.legs, draft: all.draft, asked })
    }

    fn attempt<'b>(&'b self, partly: &'b Partly, candidate: &'b Candidate) -> Attempt<'b> {
        Attempt { model: self.model, draft: &partly.draft, line: self.line, candidate }
    }

    /// Each candidate gives the most it can on time; the last leg takes the whole rest.
    fn on_time(&self, mut partly: Partly) -> Partly {
        for candidate in self.candidates {
            if partly.rest > 0 && partly.legs_left > 1 {
                let attempt = self.attempt(&partly, candidate);
                let part = self.part(&attempt, partly.rest, attempt.first_day(), true);
                if let Some(part) = part.filter(|(leg, _)| leg.days_late == 0 && leg.acceptable) {
                    partly = partly.with(part);
                }
            }
        }
        let whole = |candidate: &Candidate| {
            let attempt = self.attempt(&partly, candidate);
            let leg = attempt.leg_on(partly.rest, attempt.first_day(), &mut Fills::new());
            leg.filter(|(leg, _)| leg.days_late == 0 && leg.acceptable)
        };
        if partly.rest > 0 && !partly.legs.is_empty() {
            let last = self.candidates.iter().find_map(whole);
            partly = last.map_or(partly.clone(), |last| partly.with(last));
        }
        partly
    }

    /// The rest by the candidate that promises the most of it, then the earliest, then the first.
    fn with_rest(&self, partly: &Partly) -> Partly {
        let tails = self.candidates.iter().map(|candidate| self.late(partly, candidate));
        tails.min_by_key(Partly::worth).unwrap_or_else(|| partly.clone())
    }

    /// "With `max_splits` above 2 what is not on time is split again, each leg at the first day
    /// that has at least the minimum"; the last leg takes the rest in whole, on its earliest date.
    /// "The latest acceptable date judges each leg": those after it are left out.
    fn late(&self, partly: &Partly, candidate: &Candidate) -> Partly {
        let mut partly = partly.clone();
        while partly.rest > 0 && partly.legs_left > 0 {
            let attempt = self.attempt(&partly, candidate);
            let next = if partly.legs_left > 1 {
                let mut days = attempt.first_day()..attempt.last_day();
                days.find_map(|ship| self.part(&attempt, partly.rest, ship, true))
            } else {
                attempt.earliest(partly.rest).or_else(|| self.most(&attempt, partly.rest))
            };
            match next.filter(|(leg, _)| leg.acceptable) {
                Some(next) => partly = partly.with(next),
                None => break,
            }
        }
        partly
    }

    /// "If the rest never comes in whole, the last leg is the most that ever comes, on the first
    /// day on which all of that is there."
    fn most(&self, attempt: &Attempt, rest: i64) -> Option<(Leg, Draft)> {
        let days = attempt.first_day()..attempt.last_day();
        let parts = days.filter_map(|ship| self.part(attempt, rest, ship, false));
        parts.min_by_key(|(leg, _)| -leg.covers)
    }

    /// The largest leg on a day: a multiple of the lot, at least the minimum. "If the rest would be
    /// under the minimum, the leg before it is cut so far that it is not, or else there is no
    /// split."
    fn part(&self, attempt: &Attempt, rest: i64, ship: Day, cut: bool) -> Option<(Leg, Draft)> {
        let lot = self.model.items[&self.line.item].lot_multiple;
        let minimum = round_up(self.line.min_split, lot);
        let leg = |covers: i64| attempt.leg_on(covers, ship, &mut Fills::new());
        if let Some(all) = leg(rest) {
            return Some(all);
        }
        if minimum >= rest {
            return None;
        }
        leg(minimum)?;
        let step = lot.unwrap_or(1);
        let (_, most) = largest(round_down(rest - 1, lot) / step, |lots| leg(lots * step))?;
        let left = rest - most.0.covers;
        if !cut || left >= minimum {
            return Some(most);
        }
        let less = round_down(rest - minimum, lot);
        if less >= minimum { leg(less) } else { None }
    }
}
