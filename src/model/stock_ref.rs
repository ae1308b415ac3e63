//! What can be asked of a stock profile, whoever keeps it and however (semantics 2).

use super::{
    day_change::{Consumption, DayChange},
    packed_ref::Packed,
    quantity::Quantity,
    time::Day,
};

/// A stock profile that somebody else keeps: one position a day with an entry.
///
/// ```
/// use promised::model::{Consumption, Day, Quantity, Stock, profile::DayChange};
/// let changes = [(0, 10), (4, -4), (7, 20)];
/// let changes = changes.map(|(day, n)| DayChange::posted(Day(day), Quantity::units(n)));
/// let stock = Stock::new(Consumption::Both, changes);
/// let asked = stock.as_ref();
/// assert_eq!(asked.balance(Day(5)), Quantity::units(6));
/// assert_eq!(asked.net_on(Day(4)), -Quantity::units(4));
/// assert_eq!(asked.earliest(Day(0), Quantity::units(26)), Some(Day(7)));
/// assert_eq!(asked.earliest(Day(0), Quantity::units(27)), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StockRef<'a> {
    entries: Entries<'a>,
    /// How shortages are treated.
    pub consumption: Consumption,
}

#[derive(Clone, Copy, Debug)]
enum Entries<'a> {
    Plain(Plain<'a>),
    Packed(Packed<'a>),
}

/// Slices of equal length.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The days with an entry, ascending.
    pub days: &'a [u16],
    /// The balance after each day.
    pub cum: &'a [i64],
    /// What can be taken on each day; may be negative where the account is overcommitted.
    pub low: &'a [i64],
    /// The commitments on each day.
    pub committed: &'a [i64],
}

impl<'a> StockRef<'a> {
    /// The profile of slices.
    pub fn plain(plain: Plain<'a>, consumption: Consumption) -> Self {
        Self { entries: Entries::Plain(plain), consumption }
    }

    /// The profile of a packed one.
    pub(super) fn packed(packed: Packed<'a>, consumption: Consumption) -> Self {
        Self { entries: Entries::Packed(packed), consumption }
    }

    /// The profile of an account on which nothing happens.
    pub fn empty(consumption: Consumption) -> Self {
        Self::plain(Plain { days: &[], cum: &[], low: &[], committed: &[] }, consumption)
    }

    /// The days with an entry, ascending.
    #[inline]
    pub fn days(&self) -> &'a [u16] {
        match self.entries {
            Entries::Plain(plain) => plain.days,
            Entries::Packed(packed) => packed.days(),
        }
    }

    /// The balance after the entry at a position.
    #[inline]
    pub fn cum(&self, at: usize) -> i64 {
        match self.entries {
            Entries::Plain(plain) => plain.cum[at],
            Entries::Packed(packed) => packed.cum(at),
        }
    }

    /// What can be taken on the entry at a position; may be negative where the account is overcommitted.
    #[inline]
    pub fn low(&self, at: usize) -> i64 {
        match self.entries {
            Entries::Plain(plain) => plain.low[at],
            Entries::Packed(packed) => packed.low(at),
        }
    }

    /// The commitments on the entry at a position.
    #[inline]
    pub fn committed(&self, at: usize) -> i64 {
        match self.entries {
            Entries::Plain(plain) => plain.committed[at],
            Entries::Packed(packed) => packed.committed(at),
        }
    }

    /// Its days, balances, lows and commitments as slices, where they are kept as such.
    pub(super) fn as_plain(&self) -> Option<Plain<'a>> {
        match self.entries {
            Entries::Plain(plain) => Some(plain),
            Entries::Packed(_) => None,
        }
    }

    /// The first position at or after one whose low is not below what is wanted; the lows never fall.
    #[inline]
    fn first_with(&self, start: usize, wanted: i64) -> usize {
        match self.entries {
            Entries::Plain(plain) => {
                start + plain.low[start..].partition_point(|&low| low < wanted)
            }
            Entries::Packed(packed) => packed.first_with(start, wanted),
        }
    }

    /// The position of the last entry on or before a day.
    fn last_until(&self, day: Day) -> Option<usize> {
        self.days().partition_point(|&at| i32::from(at) <= day.0).checked_sub(1)
    }

    /// The most that can be taken on a day without starving a later commitment; never negative.
    pub fn available(&self, day: Day) -> Quantity {
        let low = match self.last_until(day) {
            Some(at) if self.consumption != Consumption::None || self.is_on(at, day) => {
                self.low(at)
            }
            Some(_) | None => 0,
        };
        Quantity::micros(low.max(0))
    }

    fn is_on(&self, at: usize, day: Day) -> bool {
        i32::from(self.days()[at]) == day.0
    }

    /// The first day at or after `from` on which all of a quantity can be taken.
    pub fn earliest(&self, from: Day, quantity: Quantity) -> Option<Day> {
        if quantity <= self.available(from) {
            return Some(from);
        }
        let start = self.days().partition_point(|&at| i32::from(at) <= from.0);
        let wanted = quantity.raw();
        let found = match self.consumption {
            Consumption::Both | Consumption::Backward => self.first_with(start, wanted),
            Consumption::None => {
                let n_days = self.days().len();
                (start..n_days).find(|&at| wanted <= self.low(at)).unwrap_or(n_days)
            }
        };
        self.days().get(found).map(|&day| Day(i32::from(day)))
    }

    /// The running balance after a day, negative where more is committed than there is.
    pub fn balance(&self, day: Day) -> Quantity {
        Quantity::micros(self.last_until(day).map_or(0, |at| self.cum(at)))
    }

    /// What happens on the entry at a position.
    pub(super) fn net(&self, at: usize) -> i64 {
        self.cum(at) - if at == 0 { 0 } else { self.cum(at - 1) }
    }

    /// Supply less demand on one day.
    pub fn net_on(&self, day: Day) -> Quantity {
        match self.last_until(day) {
            Some(at) if self.is_on(at, day) => Quantity::micros(self.net(at)),
            Some(_) | None => Quantity::ZERO,
        }
    }

    /// What can be taken on a day so that each day on which more is then missing has commitments for all of
    /// that (semantics 6, `replenish_by`): what only forecast or safety stock waits for is never lent.
    pub fn available_before_commitments(&self, day: Day) -> Quantity {
        let at = self.last_until(day);
        let mut free = at.map_or(0, |at| self.cum(at));
        // The least balance so far: a day takes from what is lent only what it takes below that.
        let mut least = free.max(0);
        for later in at.map_or(0, |at| at + 1)..self.days().len() {
            let left = least.min(self.cum(later).max(0));
            let committed = self.committed(later);
            if committed < least - left {
                free = free.min(left + committed);
            }
            least = left;
        }
        Quantity::micros(free.max(0))
    }

    /// Whether something is taken on some day that is no commitment and that nothing which comes that day covers:
    /// it is never lent, and more commitments beside it let more be lent.
    pub fn holds_back(&self) -> bool {
        (0..self.days().len()).any(|at| self.net(at) + self.committed(at) < 0)
    }

    /// The most that can be taken on any day before one; on any day at all where there is none.
    pub fn most_before(&self, day: Option<Day>) -> Quantity {
        let end = day.map_or(self.days().len(), |day| {
            self.days().partition_point(|&at| i32::from(at) < day.0)
        });
        let most = match self.consumption {
            Consumption::Both | Consumption::Backward => end.checked_sub(1).map(|at| self.low(at)),
            Consumption::None => (0..end).map(|at| self.low(at)).max(),
        };
        Quantity::micros(most.map_or(0, |most| most.max(0)))
    }

    /// No less than what [`Self::available_before_commitments`] says of any day from one on: each later day has left as much,
    /// but for what commitments take until then.
    pub fn lent_from(&self, day: Day) -> Quantity {
        // The last entry before the day still tells what is there on it.
        let first = self.days().partition_point(|&at| i32::from(at) < day.0).saturating_sub(1);
        let (mut most, mut free) = (0, i64::MAX / 2);
        for at in (first..self.days().len()).rev() {
            free = self.cum(at).max(0).min(free);
            most = most.max(free);
            free += self.committed(at);
        }
        Quantity::micros(most)
    }

    /// The first day at or after one on which the balance is the lowest from that one on. For profiles whose shortages
    /// eat earlier supply.
    pub fn lowest_from(&self, day: Day) -> Day {
        let first = self.last_until(day);
        let from = first.map_or(0, |at| at + 1);
        let before = first.map_or(0, |at| self.cum(at));
        let n_days = self.days().len();
        if from == n_days || before <= self.low(from) {
            return day;
        }
        let lowest = (from..n_days).find(|&at| self.cum(at) == self.low(from));
        lowest.map_or(day, |at| Day(i32::from(self.days()[at])))
    }

    /// The least balance from a day on and before another.
    pub fn least_between(&self, from: Day, end: Day) -> Quantity {
        let first = self.last_until(from);
        let end = self.days().partition_point(|&at| i32::from(at) < end.0);
        let least = (first.unwrap_or(0)..end).map(|at| self.cum(at)).min().unwrap_or(0);
        Quantity::micros(if first.is_none() { least.min(0) } else { least })
    }

    /// The days from one on on which the balance is lower than on all of them before, that one first.
    pub fn falls(self, from: Day) -> impl Iterator<Item = Fall> {
        let first = self.last_until(from);
        let start = first.map_or(0, |at| at + 1);
        let mut least = first.map_or(0, |at| self.cum(at));
        let now = Fall { day: from, balance: Quantity::micros(least) };
        let later = (start..self.days().len()).filter_map(move |at| {
            let cum = self.cum(at);
            let is_lower = cum < least;
            least = least.min(cum);
            let (day, balance) = (Day(i32::from(self.days()[at])), Quantity::micros(cum));
            is_lower.then_some(Fall { day, balance })
        });
        std::iter::once(now).chain(later)
    }

    /// The first day after one on which the balance is higher than on it.
    pub fn rises_after(&self, day: Day) -> Option<Day> {
        let first = self.last_until(day);
        let before = first.map_or(0, |at| self.cum(at));
        let later = first.map_or(0, |at| at + 1)..self.days().len();
        let mut higher = later.filter(|&at| before < self.cum(at));
        higher.next().map(|at| Day(i32::from(self.days()[at])))
    }

    /// What is missing from a day on if a quantity is taken from the balance: each day on which more
    /// is missing than before, with all that is.
    pub fn missing(self, from: Day, taken: Quantity) -> impl Iterator<Item = (Day, Quantity)> {
        let start = self.days().partition_point(|&at| i32::from(at) < from.0);
        let mut least = taken.raw();
        (start..self.days().len()).filter_map(move |at| {
            let is_less = self.cum(at) < least;
            least = least.min(self.cum(at));
            let day = Day(i32::from(self.days()[at]));
            is_less.then(|| (day, taken - Quantity::micros(least)))
        })
    }

    /// The days after one whose balance is below zero, with that balance.
    pub fn below_zero_after(self, day: Day) -> impl Iterator<Item = (Day, Quantity)> {
        let start = self.days().partition_point(|&at| i32::from(at) <= day.0);
        let later = (start..self.days().len()).filter(move |&at| self.cum(at) < 0);
        later.map(move |at| (Day(i32::from(self.days()[at])), Quantity::micros(self.cum(at))))
    }

    /// The days with an entry and what happens on them.
    pub fn changes(self) -> impl Iterator<Item = DayChange> + use<'a> {
        (0..self.days().len()).map(move |at| DayChange {
            day: Day(i32::from(self.days()[at])),
            net: Quantity::micros(self.net(at)),
            committed: Quantity::micros(self.committed(at)),
        })
    }
}

/// A day on which a balance is lower than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fall {
    /// The day.
    pub day: Day,
    /// The balance from then on.
    pub balance: Quantity,
}
