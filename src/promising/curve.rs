//! How much is needed, or must be made, by which days.

use crate::{
    limits::BALANCE_MAX,
    model::{Day, Quantity},
};

/// So much in all by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CurveStep {
    pub(super) by: Day,
    pub(super) all: Quantity,
}

/// Sums by days, each later and larger than the one before it. To leave one out asks for less.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Those that are told apart, and room for as many that come from another curve.
    steps: [CurveStep; 2 * Self::STEPS_MAX],
    n: usize,
}

impl Default for Curve {
    fn default() -> Self {
        let none = CurveStep { by: Day::ZERO, all: Quantity::ZERO };
        Self { steps: [none; 2 * Self::STEPS_MAX], n: 0 }
    }
}

impl Curve {
    /// So many steps are told apart.
    const STEPS_MAX: usize = 12;

    /// So much by a day.
    pub(super) fn of(by: Day, all: Quantity) -> Self {
        let mut curve = Self::default();
        curve.raise(by, all);
        curve
    }

    /// Asks for nothing any more.
    pub(super) fn clear(&mut self) {
        self.n = 0;
    }

    pub(super) fn steps(&self) -> &[CurveStep] {
        &self.steps[..self.n]
    }

    /// All of it.
    pub(super) fn all(&self) -> Quantity {
        self.steps().last().map_or(Quantity::ZERO, |last| last.all)
    }

    /// How much of it by a day.
    pub(super) fn by(&self, day: Day) -> Quantity {
        let n = self.steps().partition_point(|step| step.by <= day);
        n.checked_sub(1).map_or(Quantity::ZERO, |at| self.steps[at].all)
    }

    /// Asks for so much at least by a day.
    pub(super) fn raise(&mut self, by: Day, all: Quantity) {
        if all <= self.by(by) {
            return;
        }
        let from = self.steps().partition_point(|step| step.by < by);
        let later = &self.steps()[from..];
        let n_less = later.iter().take_while(|step| step.all <= all).count();
        self.steps.copy_within(from + n_less..self.n, from + 1);
        self.steps[from] = CurveStep { by, all };
        self.n = self.n + 1 - n_less;
        self.thin();
    }

    /// Asks for what another one asks for, too.
    pub(super) fn add(&mut self, other: &Self) {
        let ours = self.clone();
        let (mut a, mut b) = (ours.steps().iter().peekable(), other.steps().iter().peekable());
        let (mut of_a, mut of_b) = (Quantity::ZERO, Quantity::ZERO);
        self.clear();
        while let Some(by) = [a.peek(), b.peek()].into_iter().flatten().map(|step| step.by).min() {
            of_a = a.next_if(|step| step.by == by).map_or(of_a, |step| step.all);
            of_b = b.next_if(|step| step.by == by).map_or(of_b, |step| step.all);
            // As much as a balance can be is more than there ever is.
            let all = (of_a + of_b).min(Quantity::micros(BALANCE_MAX));
            self.steps[self.n] = CurveStep { by, all };
            self.n += 1;
        }
        self.thin();
    }

    /// Leaves out what matters least where there are too many.
    fn thin(&mut self) {
        while Self::STEPS_MAX < self.n {
            let rise = |at: usize| {
                let before =
                    at.checked_sub(1).map_or(Quantity::ZERO, |before| self.steps[before].all);
                self.steps[at].all - before
            };
            // Never the last one: it is all.
            let least = (0..self.n - 1).min_by_key(|&at| rise(at)).expect("there are several");
            self.steps.copy_within(least + 1..self.n, least);
            self.n -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(steps: &[(i32, i64)]) -> Curve {
        let mut curve = Curve::default();
        steps.iter().for_each(|&(day, n)| curve.raise(Day(day), Quantity::units(n)));
        curve
    }

    proptest! {
        #[test]
        fn a_sum_asks_for_no_more_than_both(
            a in proptest::collection::vec((0i32..40, 0i64..50), 0..20),
            b in proptest::collection::vec((0i32..40, 0i64..50), 0..20),
        ) {
            let most = |steps: &[(i32, i64)], by: i32| {
                let until = steps.iter().filter(|(day, _)| *day <= by);
                Quantity::units(until.map(|(_, n)| *n).max().unwrap_or(0))
            };
            let mut both = of(&a);
            both.add(&of(&b));
            for day in 0..40 {
                prop_assert!(of(&a).by(Day(day)) <= most(&a, day));
                prop_assert!(both.by(Day(day)) <= most(&a, day) + most(&b, day));
            }
            prop_assert_eq!(of(&a).all(), most(&a, 40));
            prop_assert_eq!(both.all(), most(&a, 40) + most(&b, 40));
            prop_assert!(both.steps().len() <= Curve::STEPS_MAX);
            let rises = both.steps().windows(2);
            prop_assert!(rises.into_iter().all(|pair| pair[0].by < pair[1].by && pair[0].all <= pair[1].all));
        }
    }
}
