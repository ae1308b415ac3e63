//! The largest part of a quantity that fits, where all smaller parts fit too.
//!
//! A part that does not fit says what it lacked: goods of a component, hours of a resource. By so much
//! less, rounded down, is tried next. What a plan needs grows evenly with its quantity as a rule, so a
//! handful of tries finds what a bisection over millionths would find in dozens; where it does not,
//! bisection follows.
//!
//! Where smaller parts need not fit ([`steady`](super::steady)) nothing is guessed: there is no part where the least does not
//! fit, else halves tell it.

use super::{
    between::{Between, GUESSES, HowFound},
    parts::{Giver, Of},
    search::Search,
    trial::Tail,
};
use crate::model::{Moment, Quantity};
use rustc_hash::FxBuildHasher;
use std::{hash::BuildHasher, ops::RangeInclusive};

/// What the tries that failed lacked, and in which proportion that is needed.
#[derive(Debug, Default)]
pub(super) struct Lack {
    /// How many searches for a largest part are under way: only they want to know.
    n_asking: u32,
    /// For every work order down to where the search is: what it is to make, and what it needs for that.
    shares: Vec<(Quantity, Quantity)>,
    /// The least that the ways tried so far lacked, as so much of what the line orders.
    least: Option<Quantity>,
}

impl Lack {
    /// Whether anybody wants to know.
    pub(super) fn is_asked(&self) -> bool {
        0 < self.n_asking
    }

    /// What was lacking before something is tried, to be given to [`Lack::after`].
    pub(super) fn before(&mut self) -> Option<Quantity> {
        self.least.take()
    }

    /// What is lacking after something was tried as well: nothing more if it found all that it needed.
    pub(super) fn after(&mut self, before: Option<Quantity>, short: Quantity) {
        if short.is_positive() {
            self.note(short);
            self.least = [self.least, before].into_iter().flatten().min();
        } else {
            self.least = before;
        }
    }

    /// Notes that so much is lacking here.
    pub(super) fn note(&mut self, short: Quantity) {
        if self.is_asked() {
            let up = |short: Quantity, &(made, needed): &(Quantity, Quantity)| {
                short.scaled_down(made, needed)
            };
            let short = self.shares.iter().rev().fold(short, up);
            self.least = Some(self.least.map_or(short, |least| least.min(short)));
        }
    }

    /// What was noted, as so much of what is made here.
    pub(super) fn here(&self) -> Option<Quantity> {
        let down = |short: Quantity, &(made, needed): &(Quantity, Quantity)| {
            short.scaled_down(needed, made)
        };
        self.least.map(|short| self.shares.iter().fold(short, down))
    }
}

impl Search<'_> {
    /// Searches for what a work order needs of something, so much for what it makes.
    pub(super) fn in_share<T>(
        &mut self,
        (made, needed): (Quantity, Quantity),
        search: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.memo.lack.shares.push((made, needed));
        let found = search(self);
        self.memo.lack.shares.pop();
        found
    }

    /// Tries all of a quantity or, if that does not fit, the largest part of it in whole units; leaves that tried, and
    /// says how much it is. What was found before of who gives it by a moment, or what is lacking of all of it, tells
    /// where to look.
    pub(super) fn as_much_as_fits(
        &mut self,
        (giver, moment): (Giver, Moment),
        (whole, unit): (Quantity, Quantity),
        mut fits: impl FnMut(&mut Self, Quantity) -> bool,
    ) -> Quantity {
        let before = self.memo.lack.before();
        self.memo.lack.n_asking += 1;
        let n_all = (whole.raw() - 1) / unit.raw() + 1;
        let of = |n: i64| Quantity::micros(n * unit.raw()).min(whole);
        let fits = |search: &mut Self, n: i64| fits(search, of(n));
        let found = if self.explains() {
            self.explained_part((n_all, unit), fits)
        } else {
            self.part_near((giver, Of { moment, whole: n_all }), unit, fits)
        };
        let part = of(found.unwrap_or(0));
        let lack = &mut self.memo.lack;
        lack.n_asking -= 1;
        let known = std::mem::replace(&mut lack.least, before);
        if part < whole && lack.is_asked() {
            lack.least = [known, lack.least].into_iter().flatten().min();
            lack.note(whole - part);
        }
        part
    }

    /// Who wants to know what is in the way wants to know it of all; what is in the way of a part that is tried is not
    /// in the way of the line.
    fn explained_part(
        &mut self,
        (n_all, unit): (i64, Quantity),
        mut fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        let start = self.point();
        if fits(self, n_all) {
            return Some(n_all);
        }
        self.cut(start);
        let known = self.memo.lack.least;
        let by_halves = !self.is_steady_here();
        let between = Between::new(&(1..=n_all - 1), unit).by_halves(by_halves);
        let between = between.lacking(self.memo.lack.here());
        let found = self.unexplained(|search| {
            let is_told = by_halves || between.is_found();
            let first = if is_told { (1, HowFound::Between) } else { between.down(GUESSES) };
            search.sought(between, first, &mut fits)
        });
        self.memo.lack.least = known;
        // The part that is taken is looked at again.
        let (n, _) = found?;
        if fits(self, n) {
            return Some(n);
        }
        self.cut(start);
        None
    }

    fn part_near(
        &mut self,
        (giver, of): (Giver, Of),
        unit: Quantity,
        mut fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        let place = (giver, self.way_down());
        let by_halves = !self.is_steady_here();
        // Where less need not fit, of this or of what it is for, nothing that was asked before says what is found.
        let is_off = self.memo.bounds.is_off || !self.is_steady_above();
        let near = self.memo.parts.guess(&place, of).filter(|_| !is_off);
        let first = near.map_or((of.whole, HowFound::All), |near| (near, HowFound::Near(1)));
        let mut known = None;
        let between = Between::new(&(1..=of.whole), unit).by_halves(by_halves);
        let found = self.sought(between, first, |search, n| {
            let fit = fits(search, n);
            if n == of.whole {
                known = search.memo.lack.least;
            }
            fit
        });
        self.memo.lack.least = known;
        let (n, tail) = found?;
        self.memo.parts.note(place, of, n);
        self.trial.put_back(tail);
        Some(n)
    }

    /// The way down to where the search is.
    fn way_down(&self) -> u64 {
        FxBuildHasher.hash_one((self.path(), &self.memo.parts.asked))
    }

    /// The largest number of a range that fits, each number being so many units; none if not even the
    /// least does, which is asked first: what comes too late comes too late in any quantity. Leaves
    /// nothing behind.
    pub(super) fn largest(
        &mut self,
        range: RangeInclusive<i64>,
        unit: Quantity,
        fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        self.largest_of(
            Between::new(&range, unit),
            (*range.start(), HowFound::Least(GUESSES + 1)),
            fits,
        )
    }

    /// The same where smaller numbers need not fit.
    pub(super) fn largest_by_halves(
        &mut self,
        (range, unit): (RangeInclusive<i64>, Quantity),
        fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        let between = Between::new(&range, unit).by_halves(true);
        self.largest_of(between, (*range.start(), HowFound::Between), fits)
    }

    fn largest_of(
        &mut self,
        between: Between,
        least: (i64, HowFound),
        fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        let before = self.memo.lack.least.take();
        self.memo.lack.n_asking += 1;
        // What is in the way of a part that is tried is not in the way of the line.
        let found = self.unexplained(|search| search.sought(between, least, fits));
        self.memo.lack.n_asking -= 1;
        self.memo.lack.least = before;
        found.map(|(n, _)| n)
    }

    /// The largest number of a range that fits, where a guess is good as a rule. Leaves nothing behind.
    pub(super) fn largest_near(
        &mut self,
        guess: i64,
        (range, unit): (RangeInclusive<i64>, Quantity),
        mut fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<i64> {
        let (least, most) = range.into_inner();
        if !(least..=most).contains(&guess) {
            return self.largest(least..=most, unit, fits);
        }
        let mut test = |n: i64| {
            let start = self.point();
            let fit = fits(self, n);
            self.cut(start);
            fit
        };
        if !test(guess) {
            return self.largest(least..=guess - 1, unit, fits);
        }
        if guess == most || !test(guess + 1) {
            return Some(guess);
        }
        self.largest(guess + 1..=most, unit, fits)
    }

    /// The largest number that fits, and what was tried with it. Leaves nothing behind.
    fn sought(
        &mut self,
        mut between: Between,
        (mut n, mut way): (i64, HowFound),
        mut fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<(i64, Tail)> {
        let mut found = None;
        while !between.is_found() {
            let start = self.point();
            self.memo.lack.least = None;
            let fit = fits(self, n);
            if fit {
                between.fits(n);
                found = Some((n, self.trial.take_out(start)));
            } else {
                between.fails(n, self.memo.lack.here());
                self.cut(start);
            }
            if !between.is_found() {
                (n, way) = between.next(way, fit);
            }
        }
        found
    }
}

#[cfg(test)]
#[path = "largest_tests.rs"]
mod tests;
