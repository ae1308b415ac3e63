//! Which number is tried next where the largest of a range that fits is looked for.

use crate::model::Quantity;
use std::ops::RangeInclusive;

/// Tries that go by what was lacking, before bisection takes over.
pub(super) const GUESSES: u32 = 4;

/// So far around a guess numbers are tried, in growing steps, before it is given up.
const NEAR: i64 = 16;

/// How a try was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum HowFound {
    /// By a guess; if that fails too, the next one is so far below.
    Near(i64),
    /// Above one that fits; the next one is so far above.
    Above(i64),
    /// All of it.
    All,
    /// The least, before so many guesses: what comes too late comes too late in any quantity.
    Least(u32),
    /// By what the last one lacked, so many times yet.
    Down(u32),
    /// The next one after one that fits: as a rule it lacks something again.
    Up,
    /// Where nothing is lacking, if that grows evenly.
    Even,
    /// By halves.
    Between,
}

/// What is known of the numbers of a range of which the largest that fits is looked for.
#[derive(Debug)]
pub(super) struct Between {
    least: i64,
    /// The largest of the range.
    most: i64,
    /// The largest that fits so far; below the least where none was seen to.
    low: i64,
    /// The least that does not fit.
    end: i64,
    unit: Quantity,
    /// What that one lacked.
    lacking: Option<Quantity>,
    /// The one that did not fit before it, and what it lacked.
    before: Option<(i64, Quantity)>,
    /// Whether nothing is guessed.
    by_halves: bool,
}

impl Between {
    pub(super) fn new(range: &RangeInclusive<i64>, unit: Quantity) -> Self {
        let (least, most) = (*range.start(), *range.end());
        let (low, end) = (least - 1, most + 1);
        Self { least, most, low, end, unit, lacking: None, before: None, by_halves: false }
    }

    /// The same where less need not fit where more does: the least, then halves, so that what is found depends on nothing
    /// else.
    pub(super) fn by_halves(self, by_halves: bool) -> Self {
        Self { by_halves, ..self }
    }

    /// The same where one more than the range does not fit, and lacks so much.
    pub(super) fn lacking(self, lacking: Option<Quantity>) -> Self {
        Self { lacking, ..self }
    }

    pub(super) fn is_found(&self) -> bool {
        self.end <= self.low + 1
    }

    pub(super) fn fits(&mut self, n: i64) {
        self.low = n;
    }

    pub(super) fn fails(&mut self, n: i64, lacking: Option<Quantity>) {
        self.before = self.lacking.map(|lacking| (self.end, lacking));
        (self.end, self.lacking) = (n, lacking);
    }

    /// The next number to be tried, after one that was found in a way.
    pub(super) fn next(&self, way: HowFound, fit: bool) -> (i64, HowFound) {
        let none_fits = self.low < self.least;
        match way {
            HowFound::All if self.by_halves => (self.least, HowFound::Between),
            _ if self.by_halves => self.half(),
            HowFound::Near(1) | HowFound::Even if fit => self.above(1),
            HowFound::Above(step) if fit => self.above(step),
            HowFound::Near(step) if none_fits && step <= NEAR && self.least <= self.end - step => {
                (self.end - step, HowFound::Near(4 * step))
            }
            HowFound::Near(_) if none_fits => self.down(GUESSES),
            // What even a little is too much for comes too late in any quantity.
            HowFound::Even if none_fits => (self.least, HowFound::Least(0)),
            HowFound::Near(_) | HowFound::Above(_) | HowFound::Even => self.half(),
            HowFound::All => self.down(GUESSES),
            HowFound::Down(1..) if fit => (self.low + 1, HowFound::Up),
            HowFound::Down(0) | HowFound::Up | HowFound::Between if fit => self.half(),
            HowFound::Down(guesses) => self.even().unwrap_or_else(|| match guesses {
                _ if none_fits => (self.least, HowFound::Least(guesses)),
                0 => self.half(),
                _ => self.down(guesses - 1),
            }),
            HowFound::Least(0) => self.half(),
            HowFound::Least(guesses) => self.down(guesses - 1),
            HowFound::Up | HowFound::Between => self.even().unwrap_or_else(|| self.half()),
        }
    }

    fn half(&self) -> (i64, HowFound) {
        (self.low + (self.end - self.low) / 2, HowFound::Between)
    }

    /// One above the largest that fits.
    fn above(&self, step: i64) -> (i64, HowFound) {
        let n = self.low + step;
        match n < self.end && step <= NEAR {
            true => (n, HowFound::Above(4 * step)),
            false if self.most < self.end => (self.most, HowFound::All),
            false => self.half(),
        }
    }

    pub(super) fn down(&self, guesses: u32) -> (i64, HowFound) {
        let lots = |lacking: Quantity| (lacking.up_to(self.unit).raw() / self.unit.raw()).max(1);
        let guess = self.lacking.map(|lacking| self.end - lots(lacking));
        // It tells nothing if so much is known to fit.
        if self.least <= self.low && guess.is_some_and(|guess| guess <= self.low) {
            return self.half();
        }
        if self.low < self.least && guess.is_none_or(|guess| guess <= self.least) {
            return (self.least, HowFound::Least(guesses));
        }
        (guess.unwrap_or(self.end - 1).clamp(self.low + 1, self.end - 1), HowFound::Down(guesses))
    }

    /// Where nothing is lacking any more, if what is lacking goes on to shrink as it did between the last two that do not
    /// fit.
    fn even(&self) -> Option<(i64, HowFound)> {
        let ((above, more), lacking) = (self.before?, self.lacking?);
        let less = i128::from(more.raw()) - i128::from(lacking.raw());
        let down = i128::from(lacking.raw()) * i128::from(above - self.end);
        if less <= 0 || down <= 0 {
            return None;
        }
        let n = i128::from(self.end) - (down + less - 1) / less;
        let n = i64::try_from(n).ok().filter(|n| self.low < *n && *n < self.end)?;
        Some((n, HowFound::Even))
    }
}
