//! Points in time within a day: what is worked one after the other shares the hours of a day (semantics 12.3).
//!
//! A day is one long, whatever hours a resource has on it. Where in the day something begins or must be done is
//! told to 12 decimals.

use crate::model::{quantity::Quantity, time::Day};
use std::fmt;

/// How far into a day: 0 is its beginning, 1 its end.
///
/// ```
/// use promised::model::{DayPart, Quantity};
/// let (two, eight) = (Quantity::units(2), Quantity::units(8));
/// let morning = DayPart::of(two, eight);
/// assert_eq!(morning.to_string(), "0.25");
/// assert_eq!(morning.hours(eight), two);
/// assert_eq!(DayPart::END.and(morning), None, "a day has an end");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayPart(u64);

impl DayPart {
    /// Parts in a day: 12 decimals.
    const WHOLE: u64 = 1_000_000_000_000;

    /// When the day begins.
    pub const BEGIN: Self = Self(0);

    /// When the day ends.
    pub const END: Self = Self(Self::WHOLE);

    /// The part of a day that so many of its hours are, to 12 decimals, halves up; nothing of a day without hours.
    pub fn of(hours: Quantity, of_day: Quantity) -> Self {
        let (hours, of_day) = (i128::from(hours.raw()), i128::from(of_day.raw()));
        if hours <= 0 || of_day <= 0 {
            return Self::BEGIN;
        }
        let parts = (2 * hours * i128::from(Self::WHOLE) + of_day) / (2 * of_day);
        Self(u64::try_from(parts.min(i128::from(Self::WHOLE))).expect("at most a whole day"))
    }

    /// The hours of a day that lie before this part of it, to the nearest micro-hour, halves up.
    pub fn hours(self, of_day: Quantity) -> Quantity {
        if self == Self::END {
            return of_day;
        }
        let whole = i128::from(Self::WHOLE);
        let product = i128::from(of_day.raw()) * i128::from(self.0);
        let hours = (2 * product + whole).div_euclid(2 * whole);
        Quantity::micros(i64::try_from(hours).expect("no more than the day has"))
    }

    /// So much earlier in the day, at its beginning at the earliest.
    #[must_use]
    pub fn less(self, part: Self) -> Self {
        Self(self.0.saturating_sub(part.0))
    }

    /// So much later in the day; none after its end.
    pub fn and(self, part: Self) -> Option<Self> {
        let sum = self.0 + part.0;
        (sum <= Self::WHOLE).then_some(Self(sum))
    }

    /// Earlier by more than what is rounded away on the way to it.
    #[must_use]
    pub fn a_little_less(self) -> Self {
        Self(self.0.saturating_sub(8))
    }

    /// In parts of 10^12 of a day.
    pub fn raw(self) -> u64 {
        self.0
    }

    /// In hundredths of a day, halves up.
    pub fn percent(self) -> u64 {
        let hundredth = Self::WHOLE / 100;
        (self.0 + hundredth / 2) / hundredth
    }
}

impl fmt::Display for DayPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{}.{:012}", self.0 / Self::WHOLE, self.0 % Self::WHOLE);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A day and how far into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// How far into it.
    pub part: DayPart,
}

impl Moment {
    /// The beginning of a day.
    pub fn begin(day: Day) -> Self {
        Self { day, part: DayPart::BEGIN }
    }

    /// The end of a day.
    pub fn end(day: Day) -> Self {
        Self { day, part: DayPart::END }
    }

    /// How long after another moment, in parts of 10^12 of a day; below 0 where it is before it.
    pub fn since(self, other: Self) -> i64 {
        let whole = i64::from(self.day.0 - other.day.0) * DayPart::WHOLE.cast_signed();
        whole + self.part.0.cast_signed() - other.part.0.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(hours: i64, of_day: i64) -> DayPart {
        DayPart::of(Quantity::units(hours), Quantity::units(of_day))
    }

    #[test]
    fn parts_of_a_day_have_12_decimals_and_its_hours_6() {
        let show = |hours, of_day| part(hours, of_day).to_string();
        assert_eq!(show(8, 24), "0.333333333333");
        assert_eq!(show(16, 24), "0.666666666667");
        assert_eq!((show(0, 8), show(8, 8), show(9, 8)), ("0".into(), "1".into(), "1".into()));
        assert_eq!(show(1, 0), "0");
        assert_eq!(part(16, 24).hours(Quantity::units(24)), Quantity::units(16));
        assert_eq!(part(8, 24).hours(Quantity::units(7)).to_string(), "2.333333");
        // Halves up: half of 0.000001 is 0.000001.
        assert_eq!(part(1, 2).hours(Quantity::micros(1)), Quantity::micros(1));
        assert_eq!(part(1, 3).percent(), 33);
    }

    #[test]
    fn a_day_has_a_beginning_and_an_end() {
        assert_eq!(part(1, 4).less(part(1, 2)), DayPart::BEGIN);
        assert_eq!(part(1, 2).less(part(1, 4)), part(1, 4));
        assert_eq!(part(1, 2).and(part(1, 2)), Some(DayPart::END));
        assert_eq!(part(3, 4).and(part(1, 2)), None);
        assert!(Moment::end(Day(1)) < Moment::begin(Day(2)));
        let noon = Moment { day: Day(3), part: part(1, 2) };
        assert_eq!(noon.since(Moment::begin(Day(2))), 1_500_000_000_000);
        assert_eq!(Moment::begin(Day(2)).since(noon), -1_500_000_000_000);
    }
}
