//! The division of supply among the nodes of a share rule (semantics 7 and 11).
//!
//! Largest remainder, exact to the micro-unit; of equal remainders the first name. What is left over
//! belongs to the root and is not mentioned here. Supplies come in the order of their days: under
//! `quantity` an earlier one fills nodes that a later one then need not.

use crate::{
    model::{Day, Quantity},
    snapshot::{
        ClassIx,
        allocation_rule::{AllocationRule, Method, Share},
    },
};
use std::collections::BTreeMap;

/// Divides the supplies of one account, in their order.
#[derive(Debug)]
pub(super) struct Divider<'a> {
    rule: &'a AllocationRule,
    /// What each node got so far of each period of a quantity rule, by the period's first day.
    got: BTreeMap<(Day, ClassIx), Quantity>,
    parts: Vec<(ClassIx, Quantity)>,
    remainders: Vec<(i128, usize)>,
}

impl<'a> Divider<'a> {
    /// A divider that has divided nothing yet.
    pub(super) fn new(rule: &'a AllocationRule) -> Self {
        Self { rule, got: BTreeMap::new(), parts: Vec::new(), remainders: Vec::new() }
    }

    /// The nodes' parts of a supply that counts on a day; what they leave is the root's, beside its
    /// own share. Their sum is never more than the supply.
    pub(super) fn divide(&mut self, day: Day, supply: Quantity) -> &[(ClassIx, Quantity)] {
        self.parts.clear();
        // What is missing on hand is missing to all.
        if supply < Quantity::ZERO {
            return &self.parts;
        }
        let shares = if self.rule.is_fenced(day) { &[] } else { self.rule.shares_on(day) };
        let Some(Share { from, method, .. }) = shares.first().copied() else {
            return &self.parts;
        };
        for share in shares {
            let before = self.got.get(&(from, share.class)).copied().unwrap_or_default();
            self.parts.push((share.class, share.value - before));
        }
        let sum = self.parts.iter().map(|(_, weight)| i128::from(weight.raw())).sum();
        let whole = i128::from(supply.raw());
        let total = match method {
            Method::Ratio => whole,
            Method::Quantity => whole.min(sum),
            Method::Percent => whole.min(whole * sum / i128::from(Quantity::units(100).raw())),
        };
        self.apportion(total, sum);
        if method == Method::Quantity {
            for &(class, part) in &self.parts {
                *self.got.entry((from, class)).or_default() += part;
            }
        }
        &self.parts
    }

    /// Turns the weights in `parts`, whose sum is given, into parts of a total.
    fn apportion(&mut self, total: i128, sum: i128) {
        if sum == 0 {
            self.parts.clear();
            return;
        }
        self.remainders.clear();
        let mut left = total;
        for (at, (_, weight)) in self.parts.iter_mut().enumerate() {
            let product = total * i128::from(weight.raw());
            let part = product / sum;
            self.remainders.push((product - part * sum, at));
            *weight = Quantity::micros(i64::try_from(part).expect("a part of a quantity"));
            left -= part;
        }
        self.remainders.sort_unstable_by_key(|&(remainder, at)| (-remainder, at));
        let n_left = usize::try_from(left).expect("less than one micro-unit a node");
        for &(_, at) in &self.remainders[..n_left] {
            self.parts[at].1 += Quantity::micros(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Index;
    use proptest::prelude::*;

    fn rule(method: Method, values: &[Quantity]) -> AllocationRule {
        let share = |(at, &value): (usize, &Quantity)| Share {
            class: ClassIx::from_usize(at),
            from: Day(0),
            method,
            value,
        };
        let shares = values.iter().enumerate().map(share).collect();
        AllocationRule { shares, ..AllocationRule::default() }
    }

    /// Values and supplies in words; wanted: the parts of each supply.
    #[track_caller]
    fn check(method: Method, values: &str, supplies: &str, want: &str) {
        let numbers = |text: &str| -> Vec<Quantity> {
            text.split(' ').map(|number| Quantity::parse(number).expect("a number")).collect()
        };
        let rule = rule(method, &numbers(values));
        let mut divider = Divider::new(&rule);
        let mut got = Vec::new();
        for supply in numbers(supplies) {
            let parts = divider.divide(Day(0), supply).iter();
            got.push(parts.map(|(_, part)| part.to_string()).collect::<Vec<_>>().join(" "));
        }
        assert_eq!(got.join(" | "), want);
    }

    #[test]
    fn percent_leaves_the_rest_to_the_root() {
        check(Method::Percent, "15 5 20", "200", "30 10 40");
        check(Method::Percent, "33.333333 33.333333 33.333334", "1", "0.333333 0.333333 0.333334");
        check(Method::Percent, "12.5 12.5", "0.000003", "0 0");
        check(Method::Percent, "50 50", "0.000003", "0.000002 0.000001");
    }

    #[test]
    fn ratio_divides_all_of_it() {
        check(Method::Ratio, "1 1 1", "100", "33.333334 33.333333 33.333333");
        check(Method::Ratio, "2 1", "0.000001", "0.000001 0");
        check(Method::Ratio, "0 0", "5", "");
    }

    #[test]
    fn quantity_fills_what_the_nodes_still_lack() {
        check(Method::Quantity, "50 75", "100 40 10", "40 60 | 10 15 | ");
        check(Method::Quantity, "10 20", "100", "10 20");
    }

    proptest! {
        #[test]
        fn no_more_than_there_is(
            method in prop::sample::select(&[Method::Percent, Method::Ratio, Method::Quantity]),
            values in prop::collection::vec(0i64..12_500_000, 1..8),
            supplies in prop::collection::vec(0i64..1_000_000_000_000, 1..5),
        ) {
            let values: Vec<_> = values.into_iter().map(Quantity::micros).collect();
            let rule = rule(method, &values);
            let all: Quantity = values.iter().copied().sum();
            let mut divider = Divider::new(&rule);
            for supply in supplies.into_iter().map(Quantity::micros) {
                let parts = divider.divide(Day(0), supply).to_vec();
                let sum: Quantity = parts.iter().map(|(_, part)| *part).sum();
                prop_assert!(sum <= supply);
                prop_assert!(parts.iter().all(|(_, part)| Quantity::ZERO <= *part));
                prop_assert!(method != Method::Ratio || sum == supply || all == Quantity::ZERO);
            }
        }
    }
}
