//! Capacity expires: what is not used on its day is gone (semantics 2).
//!
//! Used for hours of a resource, units a day of a supplier, order lines a day of a warehouse. One
//! number a day, and one bit a day that says whether anything is left, so that a search over a full
//! resource skips 64 days at a step.

use crate::model::{quantity::Quantity, time::Day};

/// What is left of a capacity, day by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    left: Vec<i64>,
    open: Vec<u64>,
}

impl Capacity {
    /// A capacity of so much a day, from day 0 on; negative where more is claimed than there is.
    pub fn new(left: impl IntoIterator<Item = Quantity>) -> Self {
        let left: Vec<i64> = left.into_iter().map(Quantity::raw).collect();
        let mut open = vec![0; left.len().div_ceil(64)];
        for (at, _) in left.iter().enumerate().filter(|(_, left)| 0 < **left) {
            open[at / 64] |= 1 << (at % 64);
        }
        Self { left, open }
    }

    /// Makes this profile equal to another one, keeping the memory it has.
    pub fn copy_from(&mut self, other: &Capacity) {
        self.left.clone_from(&other.left);
        self.open.clone_from(&other.open);
    }

    /// What is left on a day: never negative, nothing outside the horizon.
    pub fn available(&self, day: Day) -> Quantity {
        self.balance(day).max(Quantity::ZERO)
    }

    /// What is left on a day, negative where it is overcommitted.
    pub fn balance(&self, day: Day) -> Quantity {
        let left = day.position().and_then(|at| self.left.get(at)).copied();
        Quantity::micros(left.unwrap_or(0))
    }

    /// The first day at or after `from` on which all of a quantity is left.
    pub fn earliest(&self, from: Day, quantity: Quantity) -> Option<Day> {
        let from = from.max(Day::ZERO).position()?;
        let left = self.left.get(from..)?;
        left.iter().position(|&left| quantity.raw() <= left).map(|n| Day::at(from + n))
    }

    /// The last day at or before `until` on which anything is left.
    pub fn last_open(&self, until: Day) -> Option<Day> {
        let until = until.position()?.min(self.left.len().checked_sub(1)?);
        let mut word = until / 64;
        let mut bits = self.open[word] & (u64::MAX >> (63 - until % 64));
        while bits == 0 {
            word = word.checked_sub(1)?;
            bits = self.open[word];
        }
        Some(Day::at(word * 64 + 63 - bits.leading_zeros() as usize))
    }

    /// This capacity with another base below it.
    pub(super) fn rebased(&self, old: &Capacity, new: &Capacity) -> Self {
        let days = (0..new.left.len()).map(Day::at);
        Self::new(days.map(|day| new.balance(day) + self.balance(day) - old.balance(day)))
    }

    /// Gives (positive) or takes (negative) on a day.
    pub fn post(&mut self, day: Day, quantity: Quantity) {
        let at = day.position().expect("postings lie within the horizon");
        self.left[at] += quantity.raw();
        let bit = 1 << (at % 64);
        if 0 < self.left[at] {
            self.open[at / 64] |= bit;
        } else {
            self.open[at / 64] &= !bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn capacity(left: &[i64]) -> Capacity {
        Capacity::new(left.iter().map(|&left| Quantity::units(left)))
    }

    #[test]
    fn capacity_expires() {
        let machine = capacity(&[6, -1, 8, 0]);
        let show = (0..5).map(|day| machine.available(Day(day)).to_string()).collect::<Vec<_>>();
        assert_eq!(show.join(" "), "6 0 8 0 0");
        assert_eq!(machine.earliest(Day(1), Quantity::units(3)), Some(Day(2)));
        assert_eq!(machine.earliest(Day(-4), Quantity::units(9)), None);
    }

    proptest! {
        #[test]
        fn full_days_are_skipped(left in proptest::collection::vec(0i64..2, 1..200), until in 0i32..220, taken in 0usize..200) {
            let mut machine = capacity(&left);
            let mut left = left;
            if taken < left.len() {
                machine.post(Day::at(taken), Quantity::units(-1));
                left[taken] -= 1;
            }
            let want = (0..=until).rev().find(|&day| left.get(day as usize).is_some_and(|&left| 0 < left));
            prop_assert_eq!(machine.last_open(Day(until)), want.map(Day));
        }
    }
}
