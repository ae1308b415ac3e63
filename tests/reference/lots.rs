//! Shares in whole lots (semantics 12.4 "Shares in lots"), with exact fractions and a lot at a time.

use super::allocation;
use super::model::Model;
use super::rules::AllocationRow;
use super::shares::rows_for;
use super::stock::Event;
use super::text::{Day, UNIT};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A fraction in lowest terms, the denominator positive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(numerator: i128, denominator: i128) -> Fraction {
        let (mut a, mut b) = (numerator.abs(), denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = a.max(1);
        Fraction(numerator / divisor, denominator / divisor)
    }

    fn plus(self, other: Fraction) -> Fraction {
        Fraction::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn minus(self, other: Fraction) -> Fraction {
        self.plus(Fraction(-other.0, other.1))
    }

    fn floor(self) -> i64 {
        self.0.div_euclid(self.1) as i64
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> std::cmp::Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

/// What each node gets on each day on which something comes; the rest is the root's.
pub fn divided(
    model: &Model,
    supplies: &[Event],
    shares: &[AllocationRow],
    lot: i64,
) -> Vec<(Day, String, i64)> {
    let root = allocation::root(model);
    let mut days: Vec<Day> = supplies.iter().map(|supply| supply.day).collect();
    days.sort();
    days.dedup();
    let mut had: BTreeMap<String, i64> = BTreeMap::new();
    let mut had_of: BTreeMap<(Day, String), i64> = BTreeMap::new();
    let mut parts = Vec::new();
    for day in days {
        let so_far: Vec<&Event> = supplies.iter().filter(|supply| supply.day <= day).collect();
        let today = so_far.iter().filter(|supply| supply.day == day);
        let mut rest: i64 = today.map(|supply| supply.quantity).sum();
        // "A sum below zero is the root's" (section 12.2, Stock).
        let so_far: Vec<&Event> = so_far.into_iter().filter(|supply| supply.quantity > 0).collect();
        let all: i64 = so_far.iter().map(|supply| supply.quantity).sum();
        let claims = claims(&so_far, shares, (&root, all));
        let due = largest_remainder(model, &claims, (&root, lot), all / lot);
        let rows = rows_for(shares, day);
        let may_get = |node: &String, had_of: &BTreeMap<(Day, String), i64>| {
            let Some(first) = rows.first().filter(|row| row.method == "quantity") else {
                return i64::MAX;
            };
            if *node == root {
                return i64::MAX;
            }
            let value =
                rows.iter().find(|row| row.demand_class == *node).map_or(0, |row| row.value);
            value / lot - had_of.get(&(first.from, node.clone())).copied().unwrap_or(0)
        };
        // "What is missing is given by the largest difference to the share, as far as whole lots are there."
        while had.values().sum::<i64>() < all / lot {
            let of = |node: &String| had.get(node).copied().unwrap_or(0);
            let missing =
                claims.keys().filter(|node| of(node) < due[*node] && may_get(node, &had_of) > 0);
            let difference = |node: &&String| {
                let share = claims[*node].minus(Fraction::new(i128::from(of(node) * lot), 1));
                (Reverse(share), order(model, node, &root))
            };
            let Some(node) = missing.min_by_key(difference).cloned() else { break };
            *had.entry(node.clone()).or_default() += 1;
            if let Some(first) = rows.first() {
                *had_of.entry((first.from, node.clone())).or_default() += 1;
            }
            if node != root {
                rest -= lot;
                parts.push((day, node, lot));
            }
        }
        parts.push((day, root.clone(), rest));
    }
    parts
}

/// "Ties by rank, then name, the root last."
fn order(model: &Model, node: &str, root: &str) -> (bool, i64, String) {
    (node == root, i64::from(model.classes[node].rank), node.to_string())
}

/// The exact share of all supply, "the share that no node claims taking part as the root's".
fn claims(
    so_far: &[&Event],
    shares: &[AllocationRow],
    (root, all): (&String, i64),
) -> BTreeMap<String, Fraction> {
    let mut of_period: BTreeMap<Day, i64> = BTreeMap::new();
    for supply in so_far {
        if let Some(first) = rows_for(shares, supply.day).first() {
            *of_period.entry(first.from).or_default() += supply.quantity;
        }
    }
    let mut claims: BTreeMap<String, Fraction> = BTreeMap::new();
    for (from, supply) in of_period {
        let rows: Vec<&AllocationRow> = shares.iter().filter(|row| row.from == from).collect();
        let sum: i128 = rows.iter().map(|row| i128::from(row.value)).sum();
        let (total, whole) = match rows[0].method.as_str() {
            "ratio" => (i128::from(supply), sum),
            "quantity" => (i128::from(supply).min(sum), sum),
            _ => (i128::from(supply), sum.max(100 * i128::from(UNIT))),
        };
        for row in rows.iter().filter(|_| sum > 0) {
            let share = Fraction::new(total * i128::from(row.value), whole);
            let before = claims.get(&row.demand_class).copied().unwrap_or(Fraction(0, 1));
            claims.insert(row.demand_class.clone(), before.plus(share));
        }
    }
    let others = claims.iter().filter(|(node, _)| *node != root).map(|(_, share)| *share);
    let claimed = others.fold(Fraction(0, 1), Fraction::plus);
    claims.insert(root.clone(), Fraction::new(i128::from(all), 1).minus(claimed));
    claims
}

fn largest_remainder(
    model: &Model,
    claims: &BTreeMap<String, Fraction>,
    (root, lot): (&String, i64),
    lots: i64,
) -> BTreeMap<String, i64> {
    let in_lots = |node: &String| Fraction::new(claims[node].0, claims[node].1 * i128::from(lot));
    let mut due: BTreeMap<String, i64> =
        claims.keys().map(|node| (node.clone(), in_lots(node).floor())).collect();
    let mut by_remainder: Vec<&String> = claims.keys().collect();
    by_remainder.sort_by_key(|node| {
        let remainder = in_lots(node).minus(Fraction::new(i128::from(due[*node]), 1));
        (Reverse(remainder), order(model, node, root))
    });
    let left = (lots - due.values().sum::<i64>()).max(0) as usize;
    for node in by_remainder.into_iter().take(left) {
        *due.get_mut(node).expect("a node") += 1;
    }
    due
}
