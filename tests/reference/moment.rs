//! Hours within a day (semantics 12.3): "a day is one long", parts are kept to 12 decimals.

use super::text::Day;

/// One day, in parts.
pub const DAY: i64 = 1_000_000_000_000;

/// "Before the part p of a day (1 is its end)".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    pub day: Day,
    pub part: i64,
}

impl Moment {
    /// "A line's need is at the end of its need day."
    pub fn end(day: Day) -> Moment {
        Moment { day, part: DAY }
    }
}

/// "An operation that takes h of the H hours that its resource has on a day takes the part h/H of it."
pub fn part(hours: i64, of_day: i64) -> i64 {
    if of_day == 0 { 0 } else { nearest(i128::from(hours) * i128::from(DAY), i128::from(of_day)) }
}

/// "p x H is rounded to the nearest micro-hour (halves up)."
pub fn hours(part: i64, of_day: i64) -> i64 {
    nearest(i128::from(part) * i128::from(of_day), i128::from(DAY))
}

fn nearest(a: i128, b: i128) -> i64 {
    (2 * a + b).div_euclid(2 * b) as i64
}
