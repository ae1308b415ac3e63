//! Working calendars: a weekly pattern plus dated exceptions, turned into look-up tables (semantics 1).
//!
//! All questions are O(1). The table covers day 0 up to `n_days`; what would lie beyond is `None`,
//! and so is a day before day 0: nothing can be done there.

use crate::model::time::Day;

/// The working days of one calendar, from day 0 on.
///
/// ```
/// use promised::model::{Calendar, Day};
/// // Monday to Friday; day 0 is a Monday.
/// let weekdays = Calendar::new(14, |day| day.0 % 7 < 5);
/// assert_eq!(weekdays.next(Day(5)), Some(Day(7)));
/// assert_eq!(weekdays.add(Day(4), 1), Some(Day(7)));
/// assert_eq!(weekdays.count(Day(0), Day(14)), 10);
/// assert_eq!(weekdays.add(Day(11), 1), None, "the table ends");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// For every day, the number of working days before it; one more entry than days.
    before: Vec<u16>,
    /// The working days, in order.
    working: Vec<u16>,
}

impl Calendar {
    /// A calendar over `n_days` days that works on the days that `works` accepts.
    pub fn new(n_days: usize, works: impl Fn(Day) -> bool) -> Self {
        assert!(n_days <= usize::from(u16::MAX));
        let mut before = Vec::with_capacity(n_days + 1);
        let mut working = Vec::new();
        let narrow = |n: usize| u16::try_from(n).expect("at most u16::MAX days");
        for position in 0..n_days {
            before.push(narrow(working.len()));
            if works(Day::at(position)) {
                working.push(narrow(position));
            }
        }
        before.push(narrow(working.len()));
        Self { before, working }
    }

    /// A calendar that always works.
    pub fn every_day(n_days: usize) -> Self {
        Self::new(n_days, |_| true)
    }

    /// Whether the calendar never works.
    pub fn is_empty(&self) -> bool {
        self.working.is_empty()
    }

    /// Whether a day is a working day.
    pub fn works(&self, day: Day) -> bool {
        match day.position() {
            Some(at) if at + 1 < self.before.len() => self.before[at] < self.before[at + 1],
            Some(_) | None => false,
        }
    }

    /// Whether the table tells of a day, be it before day 0.
    pub fn reaches(&self, day: Day) -> bool {
        day.position().is_none_or(|at| at + 1 < self.before.len())
    }

    /// The calendar that works on the days on which both do.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let n_days = self.before.len().min(other.before.len()).saturating_sub(1);
        Self::new(n_days, |day| self.works(day) && other.works(day))
    }

    /// The day itself or the first working day after it. A day before day 0 counts as day 0.
    pub fn next(&self, day: Day) -> Option<Day> {
        self.nth(self.rank(day)?)
    }

    /// The day itself or the last working day before it.
    pub fn previous(&self, day: Day) -> Option<Day> {
        let n_before = self.rank(day.max(Day(-1)).plus(1))?;
        self.nth(n_before.checked_sub(1)?)
    }

    /// The `n`-th working day strictly after a day; for `n = 0` the day itself or the next working day.
    pub fn add(&self, day: Day, n: u16) -> Option<Day> {
        if n == 0 {
            return self.next(day);
        }
        self.nth(self.rank(day.plus(1))? + usize::from(n) - 1)
    }

    /// The latest day from which `add(day, n)` gives `end`, which must be a working day.
    ///
    /// It need not be a working day itself: one working day before Monday lasts through Sunday.
    pub fn subtract(&self, end: Day, n: u16) -> Option<Day> {
        debug_assert!(self.works(end));
        if n == 0 {
            return Some(end);
        }
        let first = (self.rank(end)? + 1).checked_sub(usize::from(n))?;
        let day = self.nth(first)?.plus(-1);
        (Day::ZERO <= day).then_some(day)
    }

    /// The number of working days from a day on and before another; days past the table have none.
    pub fn count(&self, from: Day, end: Day) -> usize {
        let rank = |day| self.rank(day).unwrap_or(self.working.len());
        rank(end).saturating_sub(rank(from))
    }

    /// The number of working days before a day.
    fn rank(&self, day: Day) -> Option<usize> {
        let at = day.max(Day::ZERO).position()?;
        self.before.get(at).map(|&n| usize::from(n))
    }

    fn nth(&self, n: usize) -> Option<Day> {
        self.working.get(n).map(|&at| Day(i32::from(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Monday to Friday over two weeks, day 0 a Monday.
    fn weekdays() -> Calendar {
        Calendar::new(14, |day| day.0 % 7 < 5)
    }

    #[test]
    fn working_days_are_counted_strictly_after() {
        let calendar = weekdays();
        assert_eq!(calendar.add(Day(4), 0), Some(Day(4)));
        assert_eq!(calendar.add(Day(4), 1), Some(Day(7)));
        assert_eq!(calendar.add(Day(5), 0), Some(Day(7)));
        assert_eq!(calendar.add(Day(5), 1), Some(Day(7)));
        assert_eq!(calendar.add(Day(11), 1), None);
        assert_eq!(calendar.next(Day(-3)), Some(Day(0)));
        assert_eq!(calendar.previous(Day(6)), Some(Day(4)));
        assert_eq!(calendar.previous(Day(-1)), None);
    }

    #[test]
    fn the_latest_start_may_be_a_day_off() {
        let calendar = weekdays();
        assert_eq!(calendar.subtract(Day(7), 1), Some(Day(6)));
        assert_eq!(calendar.subtract(Day(8), 1), Some(Day(7)));
        assert_eq!(calendar.subtract(Day(0), 1), None);
    }

    proptest! {
        #[test]
        fn look_ups_agree_with_counting(
            pattern in proptest::collection::vec(any::<bool>(), 1..40), day in 0i32..40, n in 0u16..10,
        ) {
            let calendar = Calendar::new(pattern.len(), |day| pattern[day.0 as usize]);
            let works = |day: i32| pattern.get(day as usize).copied().unwrap_or(false);
            let within = (day as usize) <= pattern.len();
            let next = (day..40).find(|&day| works(day)).filter(|_| within);
            prop_assert_eq!(calendar.next(Day(day)), next.map(Day));
            let added = if n == 0 { next } else {
                (day + 1..40).filter(|&day| works(day)).nth(usize::from(n) - 1)
            };
            let reachable = (day as usize) < pattern.len();
            prop_assert_eq!(calendar.add(Day(day), n), added.filter(|_| reachable || n == 0).map(Day));
            if let Some(end) = added.filter(|_| reachable || n == 0) {
                let latest = (0..=end).rev().find(|&from| calendar.add(Day(from), n) == Some(Day(end)));
                prop_assert_eq!(calendar.subtract(Day(end), n), latest.map(Day));
            }
        }
    }
}
