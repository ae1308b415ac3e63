//! The division of supply in whole lots among the nodes of a share rule (semantics 12.4 "Shares in lots").
//!
//! Lots are counted over time: by each day a node has had its share of all supply up to that day, in whole
//! lots; a supply gives what is missing to that. The share that no node claims is the root's and takes part;
//! the rest of a lot is the root's until a later supply makes it whole.

use crate::{
    model::{Day, Quantity},
    snapshot::{
        ClassIx, Snapshot,
        allocation_rule::{AllocationRule, Method, Share},
    },
};
use std::{cmp::Reverse, collections::BTreeMap};

/// Exact shares are worked out in so many parts of a micro-unit.
const PARTS: i128 = 1_000_000_000_000;

/// They are compared in so many: what division has lost of them decides nothing.
const COMPARED: i128 = 1_000_000;

/// What there is to know of one node.
#[derive(Clone, Copy, Debug)]
struct Node {
    class: ClassIx,
    /// The share of all supply, in parts that are compared.
    share: i128,
    /// Lots that it has had.
    had: i64,
    /// Lots that it is to have had.
    due: i64,
    /// Lots that it may still get; none where nothing bounds it.
    lacks: Option<i64>,
}

impl Node {
    fn missing(&self) -> i64 {
        let missing = (self.due - self.had).max(0);
        self.lacks.map_or(missing, |lacks| missing.min(lacks))
    }
}

/// Divides the supplies of one account, day by day.
#[derive(Debug)]
pub(super) struct LotDivider<'a> {
    snapshot: &'a Snapshot,
    rule: &'a AllocationRule,
    root: ClassIx,
    lot: Quantity,
    /// All supply so far.
    supply: Quantity,
    /// What came in each period, by its first day.
    periods: BTreeMap<Day, Quantity>,
    had: BTreeMap<ClassIx, i64>,
    /// Lots of each period that a node has had.
    had_of: BTreeMap<(Day, ClassIx), i64>,
}

impl<'a> LotDivider<'a> {
    /// A divider that has divided nothing yet.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        rule: &'a AllocationRule,
        root: ClassIx,
        lot: Quantity,
    ) -> Self {
        Self {
            snapshot,
            rule,
            root,
            lot,
            supply: Quantity::ZERO,
            periods: BTreeMap::new(),
            had: BTreeMap::new(),
            had_of: BTreeMap::new(),
        }
    }

    /// What the nodes get of all that counts on a day; the rest, which may be less than nothing where earlier
    /// rests make a lot whole, is the root's.
    pub(super) fn divide(&mut self, day: Day, supply: Quantity) -> Vec<(ClassIx, Quantity)> {
        let shares = if self.rule.is_fenced(day) { &[] } else { self.rule.shares_on(day) };
        self.supply += supply;
        if let Some(share) = shares.first() {
            *self.periods.entry(share.from).or_default() += supply;
        }
        let mut nodes = self.nodes(shares);
        self.set_due(&mut nodes);
        let gifts = self.gifts(&nodes);
        let mut parts = Vec::new();
        for (node, lots) in nodes.iter().zip(gifts).filter(|(_, lots)| 0 < *lots) {
            *self.had.entry(node.class).or_default() += lots;
            if let Some(share) = shares.first() {
                *self.had_of.entry((share.from, node.class)).or_default() += lots;
            }
            if node.class != self.root {
                parts.push((node.class, Quantity::micros(lots * self.lot.raw())));
            }
        }
        parts
    }

    /// All nodes that have, or had, a share, and the root, in the order that decides between equals.
    fn nodes(&self, in_force: &[Share]) -> Vec<Node> {
        let mut shares: BTreeMap<ClassIx, i128> = BTreeMap::new();
        let mut nobodys = self.supply;
        for (&from, &supply) in &self.periods {
            nobodys -= supply;
            let (of_nodes, left) = exact(self.rule.shares_on(from), supply);
            for (class, share) in of_nodes.into_iter().chain([(self.root, left)]) {
                *shares.entry(class).or_default() += share;
            }
        }
        *shares.entry(self.root).or_default() += i128::from(nobodys.raw()) * PARTS;
        let node = |(class, share): (ClassIx, i128)| Node {
            class,
            share: (share + PARTS / COMPARED / 2).div_euclid(PARTS / COMPARED),
            had: self.had.get(&class).copied().unwrap_or(0),
            due: 0,
            lacks: self.lacks(in_force, class),
        };
        let mut nodes: Vec<Node> = shares.into_iter().map(node).collect();
        let classes = &self.snapshot.classes;
        nodes.sort_by_key(|node| {
            (node.class == self.root, classes.rows[node.class].rank, classes.names.name(node.class))
        });
        nodes
    }

    /// What a node lacks of a period of quantities, in whole lots.
    fn lacks(&self, in_force: &[Share], class: ClassIx) -> Option<i64> {
        let first = in_force.first().filter(|share| share.method == Method::Quantity)?;
        if class == self.root {
            return None;
        }
        let own = in_force.iter().find(|share| share.class == class);
        let had = self.had_of.get(&(first.from, class)).copied().unwrap_or(0);
        Some(own.map_or(0, |own| (own.value.raw() / self.lot.raw() - had).max(0)))
    }

    /// Largest remainder of all whole lots so far.
    fn set_due(&self, nodes: &mut [Node]) {
        let lot = i128::from(self.lot.raw()) * COMPARED;
        let mut left = self.supply.raw() / self.lot.raw();
        let mut remainders = Vec::new();
        for (at, node) in nodes.iter_mut().enumerate() {
            let whole = node.share.div_euclid(lot);
            node.due = i64::try_from(whole).expect("no more than all supply");
            left -= node.due;
            remainders.push((Reverse(node.share - whole * lot), at));
        }
        remainders.sort_unstable();
        let n_left = usize::try_from(left.max(0)).expect("less than a lot a node");
        for &(_, at) in remainders.iter().take(n_left) {
            nodes[at].due += 1;
        }
    }

    /// What is missing, by the largest difference to the share, as far as whole lots are there.
    fn gifts(&self, nodes: &[Node]) -> Vec<i64> {
        let had: i64 = nodes.iter().map(|node| node.had).sum();
        let there = self.supply.raw() / self.lot.raw() - had;
        let mut gifts: Vec<i64> = nodes.iter().map(Node::missing).collect();
        let mut too_many = gifts.iter().sum::<i64>() - there.max(0);
        let lot = i128::from(self.lot.raw()) * COMPARED;
        // What would be given last is not: nodes keep what they have had beyond what is due, a lot or so each.
        while 0 < too_many {
            let last = |at: &usize| {
                let before = i128::from(nodes[*at].had + gifts[*at] - 1);
                (nodes[*at].share - before * lot, Reverse(*at))
            };
            let given = (0..nodes.len()).filter(|&at| 0 < gifts[at]);
            let Some(at) = given.min_by_key(last) else {
                break;
            };
            gifts[at] -= 1;
            too_many -= 1;
        }
        gifts
    }
}

/// The exact shares of what came in a period, in parts, and what no node claims of it.
fn exact(shares: &[Share], supply: Quantity) -> (Vec<(ClassIx, i128)>, i128) {
    let sum: i128 = shares.iter().map(|share| i128::from(share.value.raw())).sum();
    let supply = i128::from(supply.raw());
    let hundred = i128::from(Quantity::units(100).raw());
    let Some(first) = shares.first().filter(|_| 0 < sum) else {
        return (Vec::new(), supply * PARTS);
    };
    let (total, whole) = match first.method {
        Method::Ratio => (supply, sum),
        Method::Percent => (supply, sum.max(hundred)),
        Method::Quantity => (supply.min(sum), sum),
    };
    let of = |value: i128| {
        // In two steps: the product of all three would not fit.
        let product = total * value;
        let (units, rest) = (product.div_euclid(whole), product.rem_euclid(whole));
        units * PARTS + rest * PARTS / whole
    };
    let of_nodes = shares.iter().map(|share| (share.class, of(share.value.raw().into())));
    (of_nodes.collect(), of(whole - sum) + (supply - total) * PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Index;

    #[test]
    fn the_parts_of_a_period_are_exact_to_a_millionth_of_a_micro_unit() {
        let share = |at, value| Share {
            class: ClassIx::from_usize(at),
            from: Day(0),
            method: Method::Ratio,
            value: Quantity::units(value),
        };
        let (parts, left) = exact(&[share(0, 1), share(1, 2)], Quantity::units(4));
        assert_eq!(left, 0);
        let thirds = 4_000_000 * PARTS / 3;
        assert_eq!(parts[0].1, thirds);
        assert!((parts[1].1 - 2 * thirds).abs() <= 1);
    }
}
