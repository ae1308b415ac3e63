//! Capacity expires: what is not used on its day is gone (semantics 2).
//!
//! Used for hours of a resource, units a day of a supplier, order lines a day of a warehouse. One
//! number a day; for every block of 64 days one bit a day that says whether anything is left, and the
//! sum of what is. A search over a full resource skips 64 days at a step, and so does how far a quantity
//! reaches, forwards or back; what there is between two days is added up day by day.
//!
//! Invariant: `blocks` is a function of `left`; [`Capacity::post`] keeps it so.

use crate::model::{quantity::Quantity, time::Day};

/// What is left of a capacity, day by day.
///
/// ```
/// use promised::model::{Capacity, Day, Quantity};
/// let mut hours = Capacity::new([8, 0, 8, 8].map(Quantity::units));
/// hours.post(Day(2), -Quantity::units(5));
/// assert_eq!(hours.available(Day(2)), Quantity::units(3));
/// assert_eq!(hours.earliest(Day(1), Quantity::units(4)), Some(Day(3)));
/// // What is not used on its day is gone; ten hours of work reach back over three days.
/// assert_eq!(hours.reaches_back(Day(0), Day(3), Quantity::units(10)), Some(Day(2)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    left: Vec<i64>,
    blocks: Vec<Block>,
}

/// What there is on 64 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Block {
    /// The days on which anything is left.
    open: u64,
    /// What is left on those days.
    sum: i64,
}

const BLOCK: usize = 64;

impl Capacity {
    /// A capacity of so much a day, from day 0 on; negative where more is claimed than there is.
    pub fn new(left: impl IntoIterator<Item = Quantity>) -> Self {
        let left: Vec<i64> = left.into_iter().map(Quantity::raw).collect();
        let mut blocks = vec![Block::default(); left.len().div_ceil(BLOCK)];
        for (at, left) in left.iter().enumerate().filter(|(_, left)| 0 < **left) {
            blocks[at / BLOCK].open |= 1 << (at % BLOCK);
            blocks[at / BLOCK].sum += left;
        }
        Self { left, blocks }
    }

    /// Makes this profile equal to another one, keeping the memory it has.
    pub fn copy_from(&mut self, other: &Capacity) {
        self.left.clone_from(&other.left);
        self.blocks.clone_from(&other.blocks);
    }

    /// Bytes of its days.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.left[..]) + size_of_val(&self.blocks[..])
    }

    /// The days that it has.
    pub(super) fn days(&self) -> impl Iterator<Item = Day> + use<> {
        (0i32..).map(Day).take(self.left.len())
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
        let mut block = until / BLOCK;
        let mut bits = self.blocks[block].open & (u64::MAX >> (BLOCK - 1 - until % BLOCK));
        while bits == 0 {
            block = block.checked_sub(1)?;
            bits = self.blocks[block].open;
        }
        Some(Day::at(block * BLOCK + BLOCK - 1 - bits.leading_zeros() as usize))
    }

    /// All that is left from a day on, up to and including another.
    pub fn between(&self, from: Day, until: Day) -> Quantity {
        let end = until.plus(1).max(Day::ZERO).position().map_or(0, |end| end.min(self.left.len()));
        let start = from.max(Day::ZERO).position().map_or(end, |start| start.min(end));
        Quantity::micros(self.left[start..end].iter().map(|&left| left.max(0)).sum())
    }

    /// The last day from which all of a quantity is left up to and including a day; none if there is
    /// none at or after `from`. For a quantity of nothing it is the day itself.
    pub fn reaches_back(&self, from: Day, until: Day, quantity: Quantity) -> Option<Day> {
        let from = from.max(Day::ZERO).position()?;
        let last = self.left.len().checked_sub(1)?;
        let mut wanted = quantity.raw();
        if wanted <= 0 {
            return Some(until);
        }
        let mut at = until.position()?.min(last);
        while from <= at {
            let block = self.blocks[at / BLOCK];
            let whole = at % BLOCK == BLOCK - 1 || at == last;
            if whole && block.sum < wanted {
                wanted -= block.sum;
                at = (at / BLOCK * BLOCK).checked_sub(1)?;
                continue;
            }
            wanted -= self.left[at].max(0);
            if wanted <= 0 {
                return Some(Day::at(at));
            }
            at = at.checked_sub(1)?;
        }
        None
    }

    /// The first day up to and including which all of a quantity is left from a day on.
    pub fn reaches(&self, from: Day, quantity: Quantity) -> Option<Day> {
        let mut at = from.max(Day::ZERO).position()?;
        let mut wanted = quantity.raw();
        if wanted <= 0 {
            return Some(from.max(Day::ZERO));
        }
        while at < self.left.len() {
            let block = self.blocks[at / BLOCK];
            if at % BLOCK == 0 && block.sum < wanted {
                wanted -= block.sum;
                at += BLOCK;
                continue;
            }
            wanted -= self.left[at].max(0);
            if wanted <= 0 {
                return Some(Day::at(at));
            }
            at += 1;
        }
        None
    }

    /// This capacity with another base below it.
    #[must_use]
    pub(crate) fn rebased(&self, old: &Capacity, new: &Capacity) -> Self {
        let days = (0..new.left.len()).map(Day::at);
        Self::new(days.map(|day| new.balance(day) + self.balance(day) - old.balance(day)))
    }

    /// Gives (positive) or takes (negative) on a day.
    pub fn post(&mut self, day: Day, quantity: Quantity) {
        let at = day.position().expect("postings lie within the horizon");
        let before = self.left[at];
        let after = before + quantity.raw();
        self.left[at] = after;
        let block = &mut self.blocks[at / BLOCK];
        block.sum += after.max(0) - before.max(0);
        let bit = 1 << (at % BLOCK);
        if 0 < after {
            block.open |= bit;
        } else {
            block.open &= !bit;
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

        #[test]
        fn sums_agree_with_counting(
            left in proptest::collection::vec(-1i64..3, 1..200), from in -2i32..210, span in 0i32..200,
            wanted in 0i64..150, taken in 0usize..200,
        ) {
            let mut machine = capacity(&left);
            let mut left = left;
            if taken < left.len() {
                machine.post(Day::at(taken), Quantity::units(-2));
                left[taken] -= 2;
            }
            let sum = |from: i32, to: i32| -> i64 {
                let within = (from.max(0)..=to).filter_map(|day| left.get(day as usize));
                within.map(|&left| left.max(0)).sum()
            };
            let until = from.max(0) + span;
            let quantity = Quantity::units(wanted);
            let back = (from.max(0)..=until).rev().find(|&day| wanted <= sum(day, until));
            prop_assert_eq!(machine.reaches_back(Day(from), Day(until), quantity), back.map(Day));
            prop_assert_eq!(machine.between(Day(from), Day(until)), Quantity::units(sum(from, until)));
            let end = Day::at(left.len()).0;
            let on = (from.max(0)..=end.max(from)).find(|&day| wanted <= sum(from, day));
            prop_assert_eq!(machine.reaches(Day(from), quantity), on.map(Day));
        }
    }
}
