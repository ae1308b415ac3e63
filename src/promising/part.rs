//! How much of a line one candidate can ship on a day, or by the latest acceptable date (semantics 12.4).
//!
//! Legs of the item itself are whole steps of the line (lots, boxes); a leg of a substitute is in whole
//! lots of its own, and covers what those are worth.

use super::{answer::OptionLeg, attempt::Attempt, search::Search};
use crate::model::{Day, Posting, Quantity, Ratio};

/// What is to be divided: so much is left, and a leg is at least so much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) rest: Quantity,
    pub(super) minimum: Quantity,
}

/// The sizes that a leg may have: the n-th of them is a number of steps or of the substitute's lots.
#[derive(Clone, Copy, Debug)]
enum Sizes {
    /// So much of the line at a time.
    Steps(Quantity),
    /// Whole lots of a substitute, of which so many stand for one of the item.
    Lots(Quantity, Ratio),
}

impl Sizes {
    /// How much of the line the n-th size covers.
    fn covers(self, n: i64) -> Quantity {
        match self {
            Self::Steps(step) => Quantity::micros(n * step.raw()),
            Self::Lots(lot, ratio) => ratio.undo(Quantity::micros(n * lot.raw())),
        }
    }

    /// The smallest size that covers so much.
    fn at_least(self, covers: Quantity) -> i64 {
        match self {
            Self::Steps(step) => covers.up_to(step).raw() / step.raw(),
            Self::Lots(lot, ratio) => ratio.apply(covers).up_to(lot).raw() / lot.raw(),
        }
    }

    /// The largest size that covers no more.
    fn at_most(self, covers: Quantity) -> i64 {
        match self {
            Self::Steps(step) => covers.raw() / step.raw(),
            // A lot more would cover a micro-unit more, or it is worth none.
            Self::Lots(lot, ratio) => {
                let beyond = ratio.apply(covers + Quantity::micros(1)) - Quantity::micros(1);
                beyond.raw() / lot.raw()
            }
        }
    }
}

/// A leg that was tried, and what it would take. Nothing of it is left in the search.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) leg: OptionLeg,
    postings: Vec<Posting>,
}

impl Search<'_> {
    /// Tries a leg and forgets it.
    pub(super) fn tried(
        &mut self,
        leg: impl FnOnce(&mut Self) -> Option<OptionLeg>,
    ) -> Option<Tried> {
        let start = self.point();
        let leg = leg(self);
        let postings = self.postings_since(start).to_vec();
        self.cut(start);
        leg.map(|leg| Tried { leg, postings })
    }

    /// Takes what a leg that was tried takes.
    pub(super) fn retake(&mut self, tried: &Tried) {
        self.trial.overlay.post_all(&tried.postings);
    }

    fn sizes(&self, attempt: &Attempt<'_>) -> Sizes {
        let candidate = attempt.candidate;
        let own_lot = self.snapshot().items.lot_multiple(candidate.item);
        match own_lot.filter(|_| candidate.turn != 0) {
            Some(lot) => Sizes::Lots(lot, candidate.ratio),
            None => Sizes::Steps(attempt.line.step),
        }
    }

    /// Whether a candidate may take all that is left: the item itself in whole steps only.
    pub(super) fn may_end(&self, attempt: &Attempt<'_>, rest: Quantity) -> bool {
        attempt.candidate.turn != 0 || rest.down_to(attempt.line.step) == rest
    }

    /// The smallest leg of a candidate.
    pub(super) fn least(&self, attempt: &Attempt<'_>, minimum: Quantity) -> Quantity {
        let sizes = self.sizes(attempt);
        sizes.covers(sizes.at_least(minimum))
    }

    /// The largest leg of a candidate that is no more than so much.
    pub(super) fn size_within(&self, attempt: &Attempt<'_>, most: Quantity) -> Quantity {
        let sizes = self.sizes(attempt);
        sizes.covers(sizes.at_most(most))
    }

    /// The largest leg on a day, at least the minimum.
    pub(super) fn part(
        &mut self,
        open: Open,
        attempt: &Attempt<'_>,
        ship: Day,
    ) -> Option<OptionLeg> {
        let Open { rest, minimum } = open;
        if rest < minimum {
            return None;
        }
        if self.may_end(attempt, rest)
            && let Some(all) = self.leg_on(attempt, rest, ship)
        {
            return Some(all);
        }
        let sizes = self.sizes(attempt);
        let range = sizes.at_least(minimum)..=sizes.at_most(rest - Quantity::micros(1));
        let range = (range, sizes.covers(1));
        let fits = |search: &mut Self, n| search.leg_on(attempt, sizes.covers(n), ship).is_some();
        let found = if self.is_steady_for(attempt) {
            let guess = sizes.at_most(self.most_on(attempt, rest, ship));
            self.largest_near(guess, range, fits)?
        } else {
            self.largest_by_halves(range, fits)?
        };
        self.leg_on(attempt, sizes.covers(found), ship)
    }

    /// How many of an attempt's days lie within the horizon and by the latest acceptable date.
    pub(super) fn days_in_time(&self, attempt: &Attempt<'_>) -> usize {
        let line = attempt.line;
        let route = attempt.candidate.route;
        let end = self.snapshot().epoch().end();
        let is_in_time = |ship| {
            let date = route.arrival(ship).map(|arrival| line.date_type.of(ship, arrival));
            let need = route.need(ship);
            need.is_some_and(|need| need < end)
                && date.is_some_and(|date| line.latest.is_none_or(|latest| date <= latest))
        };
        attempt.days.first_not(is_in_time)
    }

    /// The most that there is by the latest acceptable date, on the first day on which all of that is there.
    pub(super) fn most(&mut self, open: Open, attempt: &Attempt<'_>) -> Option<OptionLeg> {
        let n_days = self.days_in_time(attempt);
        // The last day has the most, unless a day, or a period of its class, has room of its own.
        let last_alone = attempt.is_monotone()
            && !attempt.has_house()
            && !self.is_capped(attempt)
            && self.is_steady_for(attempt);
        let skipped = if last_alone { n_days.saturating_sub(1) } else { 0 };
        let mut most = Quantity::ZERO;
        for at in skipped..n_days {
            let found = self.tried(|search| search.part(open, attempt, attempt.days.nth(at)));
            most = most.max(found.map_or(Quantity::ZERO, |tried| tried.leg.covers));
        }
        if most.is_positive() { self.earliest(attempt, most) } else { None }
    }
}
