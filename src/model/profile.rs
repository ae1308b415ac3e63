//! The time-phased balance of anything that can be promised: the heart of the engine (semantics 2).
//!
//! Stock accumulates. A [`Stock`] profile keeps, for each day on which something happens, the running
//! balance and the *low*: the least balance from that day to the horizon, which is what may be taken
//! on that day without starving a later commitment. Under [`Consumption::Both`] the lows never fall
//! from one day to the next, so "how much on day d" and "when is there q" are both binary searches.
//!
//! Invariant: `low` is a function of `days`, `cum` and the consumption; [`Stock::post`] restores it.

pub use super::day_change::{Consumption, DayChange};

use crate::model::{
    capacity::Capacity,
    quantity::Quantity,
    stock_ref::{Plain, StockRef},
    time::Day,
};
use std::collections::BTreeMap;

/// A stock profile of our own, that can be posted to.
///
/// ```
/// use promised::model::{Consumption, Day, Quantity, Stock, profile::DayChange};
/// let supply = [(0, 10), (7, 20)].map(|(day, n)| DayChange::posted(Day(day), Quantity::units(n)));
/// let mut pumps = Stock::new(Consumption::Both, supply);
/// pumps.post(Day(3), -Quantity::units(8));
/// // What a later day has promised is not there before it either.
/// assert_eq!(pumps.as_ref().available(Day(0)), Quantity::units(2));
/// assert_eq!(pumps.as_ref().earliest(Day(0), Quantity::units(5)), Some(Day(7)));
/// pumps.unpost(Day(3), -Quantity::units(8));
/// assert_eq!(pumps.as_ref().available(Day(0)), Quantity::units(10));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    days: Vec<u16>,
    cum: Vec<i64>,
    low: Vec<i64>,
    committed: Vec<i64>,
    consumption: Consumption,
}

impl Stock {
    /// The profile of these changes, which come in order of day, one a day.
    pub fn new(consumption: Consumption, changes: impl IntoIterator<Item = DayChange>) -> Self {
        let mut stock = Self { consumption, ..Self::default() };
        let mut balance = 0;
        for change in changes {
            balance += change.net.raw();
            stock.days.push(narrow(change.day));
            stock.cum.push(balance);
            stock.committed.push(change.committed.raw());
        }
        assert!(stock.days.is_sorted());
        stock.low = vec![0; stock.days.len()];
        stock.restore_low();
        stock
    }

    /// The profile's questions.
    pub fn as_ref(&self) -> StockRef<'_> {
        let Self { days, cum, low, committed, consumption } = self;
        StockRef::plain(Plain { days, cum, low, committed }, *consumption)
    }

    /// A profile of our own, equal to another one.
    pub fn of(other: StockRef<'_>) -> Self {
        let mut stock = Self::default();
        stock.copy_from(other);
        stock
    }

    /// Makes this profile equal to another one, keeping the memory it has.
    pub fn copy_from(&mut self, other: StockRef<'_>) {
        let Self { days, cum, low, committed, consumption } = self;
        fn refill<T>(ours: &mut Vec<T>, theirs: impl Iterator<Item = T>) {
            ours.clear();
            ours.extend(theirs);
        }
        *consumption = other.consumption;
        refill(days, other.days().iter().copied());
        if let Some(plain) = other.as_plain() {
            refill(cum, plain.cum.iter().copied());
            refill(low, plain.low.iter().copied());
            return refill(committed, plain.committed.iter().copied());
        }
        let n_days = other.days().len();
        refill(cum, (0..n_days).map(|at| other.cum(at)));
        refill(low, (0..n_days).map(|at| other.low(at)));
        refill(committed, (0..n_days).map(|at| other.committed(at)));
    }

    /// Gives (positive) or takes (negative) a quantity on a day. What is taken is a commitment.
    pub fn post(&mut self, day: Day, quantity: Quantity) {
        self.change(DayChange::posted(day, quantity));
    }

    /// Takes a posting back: the balance and the commitments are as if it had never been.
    pub fn unpost(&mut self, day: Day, quantity: Quantity) {
        self.change(DayChange::posted(day, quantity).reversed());
    }

    /// Adds a change of any kind.
    pub fn change(&mut self, change: DayChange) {
        let at = self.days.partition_point(|&at| i32::from(at) < change.day.0);
        if self.days.get(at).is_none_or(|&at| i32::from(at) != change.day.0) {
            let before = if at == 0 { 0 } else { self.cum[at - 1] };
            let low = self.low.get(at).map_or(before, |&later| before.min(later));
            self.days.insert(at, narrow(change.day));
            self.cum.insert(at, before);
            self.low.insert(at, low);
            self.committed.insert(at, 0);
        }
        self.committed[at] += change.committed.raw();
        let net = change.net.raw();
        if net == 0 && self.consumption == Consumption::Both {
            return;
        }
        raise(&mut self.cum[at..], net);
        match self.consumption {
            Consumption::Both => {
                raise(&mut self.low[at..], net);
                self.restore_low_before(at);
            }
            Consumption::Backward | Consumption::None => self.restore_low(),
        }
    }

    /// This profile with another base below it: what makes it differ from `old` makes it differ from `new` in the same way.
    /// All three are of one account.
    #[must_use]
    pub fn rebased(&self, old: StockRef<'_>, new: StockRef<'_>) -> Self {
        let mut days: BTreeMap<Day, (Quantity, Quantity)> = BTreeMap::new();
        for change in self.as_ref().changes().chain(new.changes()) {
            let day = days.entry(change.day).or_default();
            *day = (day.0 + change.net, day.1 + change.committed);
        }
        for change in old.changes() {
            let day = days.entry(change.day).or_default();
            *day = (day.0 - change.net, day.1 - change.committed);
        }
        let changes =
            days.into_iter().map(|(day, (net, committed))| DayChange { day, net, committed });
        Self::new(new.consumption, changes)
    }

    /// Recomputes all lows.
    fn restore_low(&mut self) {
        match self.consumption {
            Consumption::Both => {
                let mut least = i64::MAX;
                for (low, cum) in self.low.iter_mut().zip(&self.cum).rev() {
                    least = least.min(*cum);
                    *low = least;
                }
            }
            Consumption::Backward => self.restore_low_backward(),
            Consumption::None => {
                for at in 0..self.days.len() {
                    self.low[at] = self.as_ref().net(at);
                }
            }
        }
    }

    /// Recomputes the lows before an entry whose own is right.
    fn restore_low_before(&mut self, changed: usize) {
        let mut least = self.low[changed];
        for at in (0..changed).rev() {
            least = least.min(self.cum[at]);
            // An unchanged low means that all earlier ones are unchanged too.
            if self.low[at] == least {
                break;
            }
            self.low[at] = least;
        }
    }

    fn restore_low_backward(&mut self) {
        let mut balance = 0;
        for at in 0..self.days.len() {
            balance = (balance + self.as_ref().net(at)).max(0);
            self.low[at] = balance;
        }
        for at in (1..self.days.len()).rev() {
            self.low[at - 1] = self.low[at - 1].min(self.low[at]);
        }
    }
}

/// Adds to every balance of some.
fn raise(balances: &mut [i64], net: i64) {
    for balance in balances {
        *balance += net;
    }
}

fn narrow(day: Day) -> u16 {
    u16::try_from(day.0).expect("postings lie within the horizon")
}

/// The profile of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Accumulates: what is left today is there tomorrow.
    Stock(Stock),
    /// Expires: what is not used on its day is gone.
    Capacity(Capacity),
}

impl Profile {
    /// Gives (positive) or takes (negative) a quantity on a day.
    pub fn post(&mut self, day: Day, quantity: Quantity) {
        match self {
            Self::Stock(stock) => stock.post(day, quantity),
            Self::Capacity(capacity) => capacity.post(day, quantity),
        }
    }

    /// Takes a posting back.
    pub fn unpost(&mut self, day: Day, quantity: Quantity) {
        match self {
            Self::Stock(stock) => stock.unpost(day, quantity),
            Self::Capacity(capacity) => capacity.post(day, -quantity),
        }
    }
}

/// The profile of one account, kept by somebody else.
#[derive(Clone, Copy, Debug)]
pub enum ProfileRef<'a> {
    /// Accumulates.
    Stock(StockRef<'a>),
    /// Expires.
    Capacity(&'a Capacity),
}

impl<'a> ProfileRef<'a> {
    /// A profile of our own, equal to this one.
    pub fn to_owned(self) -> Profile {
        match self {
            Self::Stock(stock) => Profile::Stock(Stock::of(stock)),
            Self::Capacity(capacity) => Profile::Capacity(capacity.clone()),
        }
    }

    /// Bytes that a profile of our own takes that is equal to this one.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Stock(stock) => {
                let a_day = size_of::<u16>() + 3 * size_of::<i64>();
                size_of::<Profile>() + a_day * stock.days().len()
            }
            Self::Capacity(capacity) => size_of::<Profile>() + capacity.bytes(),
        }
    }

    /// The most that can be taken on a day.
    pub fn available(&self, day: Day) -> Quantity {
        match self {
            Self::Stock(stock) => stock.available(day),
            Self::Capacity(capacity) => capacity.available(day),
        }
    }

    /// The first day at or after `from` on which all of a quantity can be taken.
    pub fn earliest(&self, from: Day, quantity: Quantity) -> Option<Day> {
        match self {
            Self::Stock(stock) => stock.earliest(from, quantity),
            Self::Capacity(capacity) => capacity.earliest(from, quantity),
        }
    }
}

impl Profile {
    /// The profile's questions.
    pub fn as_ref(&self) -> ProfileRef<'_> {
        match self {
            Self::Stock(stock) => ProfileRef::Stock(stock.as_ref()),
            Self::Capacity(capacity) => ProfileRef::Capacity(capacity),
        }
    }
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
