//! Days. The core counts them from the snapshot's `as_of`; dates exist only at the edge of this file.

use jiff::civil::Date;
use std::fmt;

/// A day, counted from the snapshot's `as_of`: day 0. Days before it are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The snapshot's `as_of`.
    pub const ZERO: Day = Day(0);

    /// The day `n` calendar days later.
    #[must_use]
    pub const fn plus(self, n: i32) -> Day {
        Day(self.0 + n)
    }

    /// Calendar days from an earlier day to this one; negative if it is later.
    pub const fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// The day as a position in arrays that start at day 0, if it is not before it.
    pub fn position(self) -> Option<usize> {
        usize::try_from(self.0).ok()
    }

    /// The day at a position of an array that starts at day 0.
    pub fn at(position: usize) -> Day {
        Day(i32::try_from(position).expect("arrays over days are shorter than i32::MAX"))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "day {}", self.0)
    }
}

/// What ties days to dates: the date of day 0, and how far the snapshot looks ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    as_of: Date,
    horizon_days: u16,
}

impl Epoch {
    /// Day 0 and the number of days of the horizon.
    pub fn new(as_of: Date, horizon_days: u16) -> Self {
        assert!(0 < horizon_days);
        assert!(horizon_days <= crate::limits::HORIZON_DAYS_MAX);
        Self { as_of, horizon_days }
    }

    /// The date of day 0.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The first day after the horizon.
    pub fn end(&self) -> Day {
        Day(i32::from(self.horizon_days))
    }

    /// The number of days of the horizon.
    pub fn n_days(&self) -> usize {
        usize::from(self.horizon_days)
    }

    /// Whether a day lies within the horizon.
    pub fn contains(&self, day: Day) -> bool {
        Day::ZERO <= day && day < self.end()
    }

    /// The day of a date; any date has one.
    pub fn day(&self, date: Date) -> Day {
        let span = date.since((jiff::Unit::Day, self.as_of)).expect("two dates are days apart");
        Day(span.get_days())
    }

    /// The date of a day; days beyond the year 9999 stop there.
    pub fn date(&self, day: Day) -> Date {
        self.as_of.saturating_add(jiff::Span::new().days(day.0))
    }
}
