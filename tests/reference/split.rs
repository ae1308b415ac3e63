//! Splits of a line (semantics 12.4): over dates, ship-froms and substitutes.

use super::book::Draft;
use super::candidates::Candidate;
use super::choice::Choice;
use super::leg::{Attempt, Fills, Leg};
use super::line::Line;
use super::model::Model;
use super::text::{Day, fraction_up, round_down, round_up};
use super::when;
use std::cmp::Reverse;

/// Legs so far, what is left to promise, and how many legs may still come.
#[derive(Clone)]
struct Partly {
    legs: Vec<Leg>,
    draft: Draft,
    rest: i64,
    legs_left: usize,
}

/// A leg that was found, and the state after it.
type Found = (Leg, Draft);

impl Partly {
    fn with(&self, (leg, draft): Found) -> Partly {
        let mut legs = self.legs.clone();
        let rest = self.rest - leg.covers;
        legs.push(leg);
        Partly { legs, draft, rest, legs_left: self.legs_left - 1 }
    }
}

/// A line that may be split over some candidates.
pub struct Split<'a> {
    pub model: &'a Model,
    pub line: &'a Line,
    pub candidates: &'a [Candidate],
}

impl Split<'_> {
    /// As many legs as are allowed, "with fewer legs than allowed if that promises more"; "with two legs
    /// allowed and nothing on time there is no split".
    pub fn choice(&self, draft: &Draft) -> Option<Choice> {
        let allowed = self.line.max_splits;
        if !self.line.split || allowed < 2 {
            return None;
        }
        let none = Partly {
            legs: Vec::new(),
            draft: draft.clone(),
            rest: self.line.quantity,
            legs_left: allowed,
        };
        if allowed == 2 && self.largest_on_time(&none).is_none() {
            return None;
        }
        let in_legs = |legs_left| self.in_legs(Partly { legs_left, ..none.clone() });
        let all = (1..=allowed).rev().map(in_legs);
        let most = all.min_by_key(|partly| partly.rest).expect("a number of legs");
        let asked = self.line.quantity;
        let Partly { legs, draft, .. } = most;
        (!legs.is_empty()).then_some(Choice { legs, draft, asked })
    }

    fn in_legs(&self, mut partly: Partly) -> Partly {
        while self.wants_more(&partly) && partly.legs_left > 1 {
            let Some(next) = self.largest_on_time(&partly) else { break };
            partly = self.placed(partly, next);
        }
        while self.wants_more(&partly) && partly.legs_left > 1 {
            let Some(next) = self.first_by_date(&partly) else { break };
            partly = self.placed(partly, next);
        }
        if self.wants_more(&partly) && partly.legs_left > 0 {
            let last = self.all_of_it(&partly).or_else(|| self.most_of_it(&partly));
            partly = last.map_or(partly.clone(), |last| partly.with(last));
        }
        partly
    }

    fn minimum(&self) -> i64 {
        round_up(self.line.min_split, Some(self.line.step))
    }

    fn wants_more(&self, partly: &Partly) -> bool {
        partly.rest > 0 && (partly.rest >= self.minimum() || partly.legs.is_empty())
    }

    fn attempt<'b>(&'b self, partly: &'b Partly, candidate: &'b Candidate) -> Attempt<'b> {
        Attempt { model: self.model, draft: &partly.draft, line: self.line, candidate }
    }

    /// "The item before its substitutes in their order, then rank, cost of the leg, name."
    fn tie(leg: &Leg) -> (usize, i64, i64, String, String) {
        let candidate = &leg.candidate;
        let names = (candidate.location.clone(), candidate.ship_method());
        (candidate.turn, candidate.rank, leg.cost, names.0, names.1)
    }

    fn date(&self, leg: &Leg) -> Day {
        when::date_asked(self.line, leg.ship, leg.arrival)
    }

    /// "Those that carry most, a place once."
    fn largest_on_time(&self, partly: &Partly) -> Option<Found> {
        let unused = self.candidates.iter().filter(|candidate| {
            partly.legs.iter().all(|leg| leg.candidate.location != candidate.location)
        });
        let found = unused.filter_map(|candidate| {
            let day = self.attempt(partly, candidate).first_day();
            self.part(partly, candidate, day)
        });
        let on_time = found.filter(|(leg, _)| leg.days_late == 0 && leg.acceptable);
        on_time.min_by_key(|(leg, _)| (Reverse(leg.covers), Self::tie(leg)))
    }

    /// "Each goes on the first day on which a place that may ship has at least the minimum; a place may come
    /// again on another day."
    fn first_by_date(&self, partly: &Partly) -> Option<Found> {
        let first = |candidate: &Candidate| {
            let is_new = |ship: &Day| {
                let same =
                    |leg: &&Leg| leg.candidate.location == candidate.location && leg.ship == *ship;
                partly.legs.iter().find(same).is_none()
            };
            let mut days = self.days(partly, candidate).filter(is_new);
            days.find_map(|ship| self.part(partly, candidate, ship))
        };
        let found = self.candidates.iter().filter_map(first);
        let acceptable = found.filter(|(leg, _)| leg.acceptable);
        acceptable.min_by_key(|(leg, _)| (self.date(leg), Self::tie(leg)))
    }

    fn days(&self, partly: &Partly, candidate: &Candidate) -> std::ops::Range<Day> {
        let attempt = self.attempt(partly, candidate);
        attempt.first_day()..attempt.last_day()
    }

    /// "The last takes all the rest, on time if one place can, else on its earliest date, of equal dates from
    /// the best-ranked."
    fn all_of_it(&self, partly: &Partly) -> Option<Found> {
        let may = self.candidates.iter().filter(|candidate| self.may_end(partly, candidate));
        let found =
            may.filter_map(|candidate| self.attempt(partly, candidate).earliest(partly.rest));
        let acceptable = found.filter(|(leg, _)| leg.acceptable);
        acceptable.min_by_key(|(leg, _)| {
            let late = (leg.days_late > 0).then(|| self.date(leg));
            (late, Self::tie(leg))
        })
    }

    /// "The last leg is the most that there is by the latest acceptable date", on the first day on which all
    /// of that is there.
    fn most_of_it(&self, partly: &Partly) -> Option<Found> {
        let most = |candidate: &Candidate| {
            let parts =
                self.days(partly, candidate).filter_map(|ship| self.part(partly, candidate, ship));
            let acceptable = parts.filter(|(leg, _)| leg.acceptable);
            acceptable.min_by_key(|(leg, _)| (Reverse(leg.covers), leg.ship))
        };
        let found = self.candidates.iter().filter_map(most);
        found.min_by_key(|(leg, _)| (Reverse(leg.covers), self.date(leg), Self::tie(leg)))
    }

    /// The leg; or a smaller one and the last: "a leg is cut to leave the rest its minimum only if that rest
    /// then comes in whole, by another leg that is allowed, by the latest acceptable date".
    fn placed(&self, partly: Partly, (leg, draft): Found) -> Partly {
        let (ship, candidate) = (leg.ship, leg.candidate.clone());
        let with_all = partly.with((leg, draft));
        let minimum = self.minimum();
        if with_all.rest == 0 || with_all.rest >= minimum {
            return with_all;
        }
        let most = self.size_within(&candidate, partly.rest - minimum);
        if most < minimum {
            return with_all;
        }
        let attempt = self.attempt(&partly, &candidate);
        let Some(cut) = attempt.leg_on(most, ship, &mut Fills::new()) else { return with_all };
        let with_cut = partly.with(cut);
        match self.all_of_it(&with_cut) {
            Some(last) => with_cut.with(last),
            None => with_all,
        }
    }

    /// The item itself goes in whole steps; of a substitute the last leg is rounded up to its lot.
    fn may_end(&self, partly: &Partly, candidate: &Candidate) -> bool {
        candidate.turn > 0 || partly.rest % self.line.step == 0
    }

    /// The lot of a substitute, if it has one of its own.
    fn own_lot(&self, candidate: &Candidate) -> Option<i64> {
        self.model.items[&candidate.item].lot_multiple.filter(|_| candidate.turn > 0)
    }

    /// What so many steps of the line, or lots of a substitute, cover of the line.
    fn covers(&self, candidate: &Candidate, n: i64) -> i64 {
        let (many, one) = candidate.ratio;
        match self.own_lot(candidate) {
            Some(lot) => (i128::from(n * lot) * one / many) as i64,
            None => n * self.line.step,
        }
    }

    /// How many of them are no more than so much.
    fn count_within(&self, candidate: &Candidate, most: i64) -> i64 {
        let step = match self.own_lot(candidate) {
            Some(lot) => (fraction_up(most + 1, candidate.ratio.0, candidate.ratio.1) - 1) / lot,
            None => return round_down(most, Some(self.line.step)) / self.line.step,
        };
        (0..=step + 1).rev().find(|&n| self.covers(candidate, n) <= most).unwrap_or(0)
    }

    fn size_within(&self, candidate: &Candidate, most: i64) -> i64 {
        self.covers(candidate, self.count_within(candidate, most))
    }

    /// The largest leg on a day, at least the minimum.
    fn part(&self, partly: &Partly, candidate: &Candidate, ship: Day) -> Option<Found> {
        let (rest, minimum) = (partly.rest, self.minimum());
        let attempt = self.attempt(partly, candidate);
        let leg = |covers: i64| attempt.leg_on(covers, ship, &mut Fills::new());
        if rest < minimum {
            return None;
        }
        if self.may_end(partly, candidate)
            && let Some(all) = leg(rest)
        {
            return Some(all);
        }
        // By halves: what can be given can be given in part.
        let mut most = self.count_within(candidate, rest - 1);
        let mut least = self.count_within(candidate, minimum - 1) + 1;
        if most < least {
            return None;
        }
        let mut found = leg(self.covers(candidate, least))?;
        while least < most {
            let middle = least + (most - least + 1) / 2;
            match leg(self.covers(candidate, middle)) {
                Some(larger) => (least, found) = (middle, larger),
                None => most = middle - 1,
            }
        }
        Some(found)
    }
}
