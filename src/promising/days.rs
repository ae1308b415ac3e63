//! Ship days that may be tried: those of a calendar from one on, but for some among the first.
//!
//! A cut-off that is missed closes single days soon after the order; a later one may be open all the same, or closed by
//! a row of its own (semantics 12.3, *Cut-offs*).

use crate::{
    limits::CUTOFF_DAYS_MAX,
    model::{Calendar, Day},
};

/// Days of a calendar that are closed, by their position from some first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Closed(u128);

impl Closed {
    /// How many positions can be told apart; all later ones are open.
    const POSITIONS: usize = 128;

    const REACH: () = assert!((CUTOFF_DAYS_MAX as usize) < Self::POSITIONS - 1, "one a day");

    /// Closes a position.
    fn close(&mut self, at: usize) {
        let () = Self::REACH;
        assert!(at < Self::POSITIONS, "cut-offs reach back so far");
        self.0 |= 1 << at;
    }

    /// The same with the first so many left out.
    fn skipping(self, n: usize) -> Self {
        Self(u32::try_from(n).ok().and_then(|n| self.0.checked_shr(n)).unwrap_or(0))
    }

    /// Those among the first so many.
    fn among(self, n: usize) -> Self {
        if n < Self::POSITIONS { Self(self.0 & ((1 << n) - 1)) } else { self }
    }

    fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The position of the `at`-th that is open.
    fn open(self, at: usize) -> usize {
        let mut position = at;
        let mut closed = self.0;
        while closed != 0 && closed.trailing_zeros() as usize <= position {
            position += 1;
            closed &= closed - 1;
        }
        position
    }
}

/// Ship days that may be tried, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days<'a> {
    calendar: &'a Calendar,
    /// The first of the calendar, open or closed.
    from: Day,
    /// How many of the calendar there are, open and closed.
    n: usize,
    closed: Closed,
}

impl<'a> Days<'a> {
    /// The days of a calendar from one on and before another; closed ones are told by their position.
    pub(super) fn new(calendar: &'a Calendar, (from, end): (Day, Day), closed: Closed) -> Self {
        let none = Self { calendar, from, n: 0, closed: Closed::default() };
        calendar.next(from).map_or(none, |from| {
            let n = calendar.count(from, end);
            Self { calendar, from, n, closed: closed.among(n) }
        })
    }

    /// All but those that `is_closed` says are, as long as it says anything, of none that is closed yet.
    pub(super) fn without(self, is_closed: impl Fn(Day) -> Option<bool>) -> Self {
        let mut closed = self.closed;
        for (at, day) in self.first_few(Closed::POSITIONS).iter().enumerate() {
            match is_closed(day) {
                Some(true) => closed.close(at),
                Some(false) => (),
                None => break,
            }
        }
        Self { closed, ..self }
    }

    /// Those from a day on.
    pub(super) fn from(self, day: Day) -> Self {
        let skipped = self.calendar.count(self.from, day).min(self.n);
        let n = self.n - skipped;
        let from = self.calendar.next(self.from.max(day)).unwrap_or(self.from);
        Self { from, n, closed: self.closed.skipping(skipped).among(n), ..self }
    }

    /// The first so many.
    pub(super) fn first_few(self, n_open: usize) -> Self {
        if self.len() <= n_open {
            return self;
        }
        let n = self.closed.open(n_open);
        Self { n, closed: self.closed.among(n), ..self }
    }

    pub(super) fn len(&self) -> usize {
        self.n - self.closed.count()
    }

    /// The day at a position below `len`.
    pub(super) fn nth(&self, at: usize) -> Day {
        let n = u16::try_from(self.closed.open(at));
        let n = n.expect("a calendar has at most u16::MAX days");
        self.calendar.add(self.from, n).expect("counted within the calendar")
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Day> {
        (0..self.len()).map(|at| self.nth(at))
    }

    /// The position of the first day for which a condition that once fails no longer holds.
    pub(super) fn first_not(&self, holds: impl Fn(Day) -> bool) -> usize {
        let (mut least, mut limit) = (0, self.len());
        while least < limit {
            let middle = least + (limit - least) / 2;
            if holds(self.nth(middle)) {
                least = middle + 1;
            } else {
                limit = middle;
            }
        }
        least
    }

    /// The first day.
    pub(super) fn first(&self) -> Option<Day> {
        (0 < self.len()).then(|| self.nth(0))
    }

    /// The days that are in both, where both are of one calendar.
    pub(super) fn and(self, other: Self) -> Self {
        let later = self.from.max(other.from);
        let (ours, theirs) = (self.from(later), other.from(later));
        let n = ours.n.min(theirs.n);
        let closed = Closed(ours.closed.0 | theirs.closed.0).among(n);
        Self { n, closed, ..ours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_are_those_of_the_calendar_that_are_not_closed(
            pattern in proptest::collection::vec(any::<bool>(), 1..60), closed in any::<u64>(),
            other in any::<u64>(), from in 0i32..60, end in 0i32..70, later in 0i32..60, few in 0usize..20,
        ) {
            let calendar = Calendar::new(pattern.len(), |day| pattern[day.0 as usize]);
            let naive = |from: i32, closed: u64| -> Vec<Day> {
                let works = (from..end).map(Day).filter(|day| calendar.works(*day)).enumerate();
                let open = works.filter(|(at, _)| 64 <= *at || closed & (1 << at) == 0);
                open.map(|(_, day)| day).collect()
            };
            let days = |from: i32, closed: u64| {
                Days::new(&calendar, (Day(from), Day(end)), Closed(closed.into()))
            };
            let (ours, theirs) = (naive(from, closed), naive(later, other));
            let all = days(from, closed);
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), ours.clone());
            prop_assert_eq!(all.first(), ours.first().copied());
            let rest: Vec<_> = ours.iter().copied().filter(|day| Day(later) <= *day).collect();
            prop_assert_eq!(all.from(Day(later)).iter().collect::<Vec<_>>(), rest.clone());
            let first: Vec<_> = ours.iter().copied().take(few).collect();
            prop_assert_eq!(all.first_few(few).iter().collect::<Vec<_>>(), first);
            let both: Vec<_> = ours.iter().copied().filter(|day| theirs.contains(day)).collect();
            prop_assert_eq!(all.and(days(later, other)).iter().collect::<Vec<_>>(), both);
            let position = ours.iter().position(|day| Day(later) <= *day).unwrap_or(ours.len());
            prop_assert_eq!(all.first_not(|day| day < Day(later)), position);
        }
    }
}
