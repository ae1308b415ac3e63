//! The largest part of a quantity that fits, where all smaller parts fit too.
//!
//! A part that does not fit says what it lacked: goods of a component, hours of a resource. By so much
//! less, rounded down, is tried next. What a plan needs grows evenly with its quantity as a rule, so a
//! handful of tries finds what a bisection over millionths would find in dozens; where it does not,
//! bisection follows.

use super::{fill::Search, trial::Tail};
use crate::model::Quantity;
use std::ops::RangeInclusive;

/// Tries that go by what was lacking, before bisection takes over.
const GUESSES: u32 = 4;

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

/// How the next try is found.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// By what the last one lacked, so many times yet.
    Down(u32),
    /// The next one after one that fits: as a rule it lacks something again.
    Up,
    /// By halves.
    Between,
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
    /// says how much it is. What all of it lacks tells where to look for the part.
    pub(super) fn as_much_as_fits(
        &mut self,
        whole: Quantity,
        unit: Quantity,
        mut fits: impl FnMut(&mut Self, Quantity) -> bool,
    ) -> Quantity {
        let before = self.memo.lack.before();
        let start = self.point();
        self.memo.lack.n_asking += 1;
        let is_whole = fits(self, whole);
        let lacking = self.memo.lack.here();
        let known = self.memo.lack.least.take();
        let mut part = if is_whole { whole } else { Quantity::ZERO };
        if !is_whole {
            self.cut(start);
            let parts = (1..=(whole.raw() - 1) / unit.raw(), unit);
            let guess = lacking.map(|lacking| (whole - lacking).raw() / unit.raw());
            let of = |n: i64| Quantity::micros(n * unit.raw());
            // What is in the way of a part that is tried is not in the way of the line.
            let found = self.unexplained(|search| {
                search.largest_asked(parts, guess, |search, n| fits(search, of(n)))
            });
            if let Some((n, tail)) = found {
                part = of(n);
                // Who wants to know what is in the way of the part that is taken looks at it again.
                if !self.explains() {
                    self.trial.put_back(tail);
                } else if !fits(self, part) {
                    self.cut(start);
                    part = Quantity::ZERO;
                }
            }
        }
        let lack = &mut self.memo.lack;
        lack.n_asking -= 1;
        lack.least = before;
        if let Some(known) = known.filter(|_| !is_whole && lack.is_asked()) {
            lack.least = Some(lack.least.map_or(known, |least| least.min(known)));
        }
        part
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
        let before = self.memo.lack.least.take();
        self.memo.lack.n_asking += 1;
        // What is in the way of a part that is tried is not in the way of the line.
        let found = self.unexplained(|search| search.largest_asked((range, unit), None, fits));
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

    /// Gives what was tried with it, too. Where there is a guess that is good as a rule it comes first, else the limit.
    fn largest_asked(
        &mut self,
        (range, unit): (RangeInclusive<i64>, Quantity),
        guess: Option<i64>,
        mut fits: impl FnMut(&mut Self, i64) -> bool,
    ) -> Option<(i64, Tail)> {
        let mut tail = None;
        let mut test = |search: &mut Self, n: i64| {
            let start = search.point();
            search.memo.lack.least = None;
            let fit = fits(search, n);
            if fit {
                tail = Some(search.trial.take_out(start));
            } else {
                search.cut(start);
            }
            fit
        };
        let (mut least, mut limit) = range.into_inner();
        if limit < least || !test(self, least) {
            return None;
        }
        let (mut next, mut way) = (Some(guess.unwrap_or(limit)), Way::Down(GUESSES));
        while least < limit {
            let middle = least + (limit - least + 1) / 2;
            let n = next.unwrap_or(middle).clamp(least + 1, limit);
            let fit = test(self, n);
            if fit {
                least = n
            } else {
                limit = n - 1
            }
            (next, way) = match way {
                Way::Down(1..) if fit => (Some(n + 1), Way::Up),
                Way::Down(guesses @ 1..) => {
                    let lacking = self.memo.lack.here();
                    let lots =
                        lacking.map(|lacking| (lacking.up_to(unit).raw() / unit.raw()).max(1));
                    (lots.map(|lots| n - lots), Way::Down(guesses - 1))
                }
                Way::Down(0) | Way::Up | Way::Between => (None, Way::Between),
            };
        }
        tail.map(|tail| (least, tail))
    }
}

#[cfg(test)]
#[path = "largest_tests.rs"]
mod tests;
