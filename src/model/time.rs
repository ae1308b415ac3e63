//! Days. The core counts them from the snapshot's `as_of`; dates exist only at the edge of this file.

use jiff::civil::Date;
use std::fmt;

/// A day, counted from the snapshot's `as_of`: day 0. Days before it are negative.
///
/// ```
/// use promised::model::Day;
/// let friday = Day(4);
/// assert_eq!(friday.plus(3), Day(7));
/// assert_eq!(Day(7).since(friday), 3);
/// assert_eq!(Day(-1).position(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

impl Day {
    /// The snapshot's `as_of`.
    pub const ZERO: Day = Day(0);
    /// Before all others.
    pub const MIN: Day = Day(i32::MIN);
    /// Later than any day that can be reached.
    pub const MAX: Day = Day(i32::MAX);

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
///
/// ```
/// use jiff::civil::date;
/// use promised::model::{Day, Epoch};
/// let epoch = Epoch::new(date(2026, 11, 23), 365);
/// assert_eq!(epoch.day(date(2026, 11, 30)), Day(7));
/// assert_eq!(epoch.date(Day(-1)), date(2026, 11, 22));
/// assert!(epoch.contains(Day(364)) && !epoch.contains(epoch.end()));
/// ```
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
        Day(number(date) - number(self.as_of))
    }

    /// The date of a day; days beyond the year 9999 stop there.
    pub fn date(&self, day: Day) -> Date {
        date_of(number(self.as_of).saturating_add(day.0))
    }
}

/// What a text is where a date is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// Not a date at all.
    NotADate,
    /// A date with a time of day that is not its start, or with an offset.
    PointInTime,
}

impl fmt::Display for DateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADate => "a date such as 2026-11-23",
            Self::PointInTime => "a date such as 2026-11-23, not a point in time",
        })
    }
}

/// Reads a date: year-month-day, alone or with the start of the day as `T00:00` or `T00:00:00` (semantics 12.2, *Dates*).
///
/// # Errors
/// What is wrong with the text.
///
/// ```
/// use jiff::civil::date;
/// use promised::model::time::{DateFault, parse_date};
/// assert_eq!(parse_date("2026-11-23T00:00:00"), Ok(date(2026, 11, 23)));
/// assert_eq!(parse_date("2026-11-23T08:30:00"), Err(DateFault::PointInTime));
/// assert_eq!(parse_date("23.11.2026"), Err(DateFault::NotADate));
/// ```
pub fn parse_date(text: &str) -> Result<Date, DateFault> {
    let (date, time) = text.split_at_checked(DATE_LEN).ok_or(DateFault::NotADate)?;
    let date = plain_date(date).ok_or(DateFault::NotADate)?;
    let Some(time) = time.strip_prefix(['T', ' ', 't']) else {
        return if time.is_empty() { Ok(date) } else { Err(DateFault::NotADate) };
    };
    let second = time.strip_prefix("00:00").map(|rest| rest.strip_prefix(":00").unwrap_or(rest));
    let is_start = |rest: &str| {
        let zeros = rest.strip_prefix('.').map(|zeros| zeros.trim_end_matches('0'));
        rest.is_empty() || (1 < rest.len() && zeros == Some("") && time.starts_with("00:00:00"))
    };
    if second.is_some_and(is_start) { Ok(date) } else { Err(DateFault::PointInTime) }
}

/// A date as [`parse_date`] reads it; none where a text is not one.
pub fn read_date(text: &str) -> Option<Date> {
    parse_date(text).ok()
}

/// The bytes of a date alone.
const DATE_LEN: usize = 10;

fn plain_date(text: &str) -> Option<Date> {
    let bytes: &[u8; DATE_LEN] = text.as_bytes().try_into().ok()?;
    let number = |digits: &[u8]| {
        let digit =
            |n: i16, byte: &u8| byte.is_ascii_digit().then(|| n * 10 + i16::from(byte - b'0'));
        digits.iter().try_fold(0, digit)
    };
    let two = |digits: &[u8]| i8::try_from(number(digits)?).ok();
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    Date::new(number(&bytes[..4])?, two(&bytes[5..7])?, two(&bytes[8..])?).ok()
}

/// The date so many days after the first of January 1970; beyond the years that dates have, the nearest.
pub fn since_1970(days: i32) -> Date {
    date_of(number(jiff::civil::date(1970, 1, 1)).saturating_add(days))
}

/// How many days after the first of January 1970 a date is.
pub fn days_since_1970(date: Date) -> i32 {
    number(date) - number(jiff::civil::date(1970, 1, 1))
}

// Dates stand in every question and answer, and a general difference of two costs more than the look-up
// that it is for. Counting from the first of March puts the leap day at the end of its year.

/// Days of 400 years, after which the calendar repeats.
const CYCLE: i32 = 146_097;

/// Years before year 0 from which days are counted: a whole number of cycles, so nothing is negative.
const YEARS_BEFORE: i32 = 25 * 400;

/// A date as a number: each is one more than that of the day before.
fn number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) + YEARS_BEFORE - i32::from(month < 3);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year
}

/// The date of a number, or the nearest that there is.
fn date_of(wanted: i32) -> Date {
    let wanted = wanted.clamp(number(Date::MIN), number(Date::MAX));
    let (cycle, of_cycle) = (wanted / CYCLE, wanted % CYCLE);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = (month + 2) % 12 + 1;
    let year = cycle * 400 + year - YEARS_BEFORE + i32::from(month < 3);
    let narrow = |n: i32| i8::try_from(n).expect("a month and a day are small");
    let year = i16::try_from(year).expect("within the years of a date");
    Date::new(year, narrow(month), narrow(day)).expect("the number of a date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let got =
            parse_date(text).map_or_else(|fault| format!("{fault:?}"), |date| date.to_string());
        assert_eq!(got, want, "{text}");
    }

    /// Issue 17 item 4: a point in time where a date is asked for.
    #[test]
    fn a_date_may_say_that_its_day_begins_and_nothing_else() {
        for start in
            ["", "T00:00", "T00:00:00", " 00:00", " 00:00:00", "T00:00:00.0", "T00:00:00.000000"]
        {
            check(&format!("2026-11-23{start}"), "2026-11-23");
        }
        let other = [
            "T00:01",
            "T14:30:00Z",
            "T00:00:00Z",
            "T00:00:00+01:00",
            "T00:00:00.001",
            " 23:59:59",
            "T00:00:00.",
            "T00:00.0",
            "T",
        ];
        for time in other {
            check(&format!("2026-11-23{time}"), "PointInTime");
        }
        for text in [
            "",
            "2026-11-2",
            "2026-02-30",
            "20261123",
            "23.11.2026",
            "2026-11-231",
            "2026-11-23Z",
            "2026-11-2é",
        ] {
            check(text, "NotADate");
        }
    }

    proptest! {
        #[test]
        fn days_are_counted_as_the_calendar_does(as_of in -4_371_587i32..2_932_896, n in any::<i32>()) {
            let origin = jiff::civil::date(1970, 1, 1);
            let as_of = origin.saturating_add(as_of.days());
            let epoch = Epoch::new(as_of, 365);
            let n = n % 10_000_000;
            let date = as_of.saturating_add(i64::from(n).clamp(-7_304_484, 7_304_484).days());
            prop_assert_eq!(epoch.date(Day(n)), date);
            let days = date.since((jiff::Unit::Day, as_of)).expect("days apart").get_days();
            prop_assert_eq!(epoch.day(date), Day(days));
        }
    }
}
