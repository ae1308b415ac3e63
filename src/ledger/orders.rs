//! Which promises an order has: an index that is cheap to add to and to copy.
//!
//! Numbers are kept under a hash of their order in sorted runs, as a log-structured store does: new ones in a
//! short tail, which becomes a run when it is full, and runs of like length are merged. Adding touches memory
//! in sequence only, where a tree of hashes would copy nodes all over the place for every promise. A search
//! looks into each run where the hash should stand.
//!
//! What is found may be of another order with the same hash, or forgotten since: the caller looks.

use crate::model::index::partition_near;
use rustc_hash::FxHasher;
use std::{hash::Hasher, sync::Arc};

/// Entries of the tail.
const TAIL: usize = 64;

/// A run that is so long is merged no more: no single promise has to wait for a longer merge.
const RUN_MAX: usize = 1 << 18;

/// A hash of an order's key, and the number of a promise of it.
type Entry = (u64, u64);

/// The numbers of promises by order. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    /// Not sorted.
    tail: Arc<Vec<Entry>>,
    /// Sorted each, and ever shorter from first to last.
    runs: Arc<Vec<Arc<[Entry]>>>,
    /// Entries of promises that are forgotten.
    n_gone: usize,
    len: usize,
}

fn hash(order: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(order.as_bytes());
    hasher.finish()
}

impl Orders {
    /// Adds a number; `is_kept` says of others whether they are still wanted.
    pub(super) fn add(&mut self, order: &str, number: u64, is_kept: impl Fn(u64) -> bool) {
        self.len += 1;
        let tail = Arc::make_mut(&mut self.tail);
        tail.push((hash(order), number));
        if tail.len() < TAIL {
            return;
        }
        let mut run = std::mem::take(tail);
        run.sort_unstable();
        let runs = Arc::make_mut(&mut self.runs);
        while let Some(last) = runs.pop_if(|last| last.len() <= run.len() && last.len() < RUN_MAX) {
            run = merged(&last, &run);
            // Where much is gone a look at each pays; else it is carried along.
            if self.len < 4 * self.n_gone {
                let before = run.len();
                run.retain(|(_, number)| is_kept(*number));
                self.n_gone -= before - run.len();
                self.len -= before - run.len();
            }
        }
        runs.push(run.into());
    }

    /// Notes that a number is not wanted any more.
    pub(super) fn lose(&mut self) {
        self.n_gone += 1;
    }

    /// The numbers under an order's hash, in order.
    pub(super) fn numbers(&self, order: &str) -> Vec<u64> {
        let wanted = hash(order);
        let mut numbers: Vec<u64> = self
            .tail
            .iter()
            .filter(|(hash, _)| *hash == wanted)
            .map(|(_, number)| *number)
            .collect();
        for run in self.runs.iter() {
            let from = first(run, wanted);
            let same = run[from..].iter().take_while(|(hash, _)| *hash == wanted);
            numbers.extend(same.map(|(_, number)| *number));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

fn merged(one: &[Entry], other: &[Entry]) -> Vec<Entry> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one, other);
    while let (Some(first), Some(second)) = (one.first(), other.first()) {
        if first <= second {
            merged.push(*first);
            one = &one[1..];
        } else {
            merged.push(*second);
            other = &other[1..];
        }
    }
    merged.extend_from_slice(one);
    merged.extend_from_slice(other);
    merged
}

/// Where a hash begins in a run. Hashes are spread evenly, so it is near where its value says.
fn first(run: &[Entry], wanted: u64) -> usize {
    let guess = (u128::from(wanted) * run.len() as u128) >> u64::BITS;
    let guess = usize::try_from(guess).expect("within the run");
    partition_near(run, guess, |entry| entry.0 < wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_run_is_searched_wherever_the_hash_lies() {
        // Uneven on purpose: guesses are far off on either side.
        for hashes in [vec![5, 5, 5, 9], vec![u64::MAX - 2; 9], (0..300).map(|n| n * n).collect()] {
            let run: Vec<Entry> = hashes.iter().zip(0..).map(|(hash, n)| (*hash, n)).collect();
            for wanted in hashes.iter().flat_map(|hash| [hash.saturating_sub(1), *hash, hash + 1]) {
                let expected = run.partition_point(|entry| entry.0 < wanted);
                assert_eq!(first(&run, wanted), expected, "{wanted} in {hashes:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_number_is_found_under_its_order(
            steps in proptest::collection::vec((0u8..4, 0u64..40), 0..2_000),
        ) {
            let mut orders = Orders::default();
            let (mut model, mut kept) = (BTreeMap::<u64, BTreeSet<u64>>::new(), BTreeSet::new());
            let mut copies = Vec::new();
            for (number, (step, order)) in steps.into_iter().enumerate() {
                let number = number as u64;
                if step == 0 && let Some(gone) = kept.pop_first() {
                    for numbers in model.values_mut() {
                        numbers.remove(&gone);
                    }
                    orders.lose();
                }
                kept.insert(number);
                orders.add(&order.to_string(), number, |number| kept.contains(&number));
                model.entry(order).or_default().insert(number);
                if number.is_multiple_of(500) {
                    copies.push((orders.clone(), model.clone()));
                }
            }
            copies.push((orders, model));
            for (orders, model) in copies {
                for (order, numbers) in model {
                    let found: BTreeSet<_> = orders.numbers(&order.to_string()).into_iter().collect();
                    prop_assert!(found.is_superset(&numbers), "{order}: {found:?} {numbers:?}");
                }
            }
        }
    }
}
