//! `objective: most_value`: a better sequence than the one given (local search).
//!
//! The sequence given is the start, and what is found replaces it only where its total is higher, so the
//! result is never worse. A part of few groups is tried in every order: there the result is the best that
//! any sequence gives. The value of a run is the profit of all its lines, lateness penalties included.

use super::{
    AskedGroup, Fallback,
    run::{RunLine, run, run_on},
};
use crate::{ledger::World, model::Money, promising::Planner};

/// Parts of at most so many groups are tried in every order.
pub const EXACT_MAX: usize = 6;

/// A run and what it is worth.
#[derive(Debug)]
pub struct BestRun {
    /// The lines.
    pub changed: Vec<RunLine>,
    /// Their value.
    pub value: Money,
    /// The value of the sequence given.
    pub given: Money,
    /// How many sequences were tried.
    pub tried: u64,
    /// The memory in which they were.
    planner: Planner,
}

impl BestRun {
    /// What a sequence gives, found without a search.
    pub fn given(changed: Vec<RunLine>) -> Self {
        let given = value(&changed);
        Self { changed, value: given, given, tried: 1, planner: Planner::default() }
    }
}

/// The profit of all lines of a run.
pub fn value(changed: &[RunLine]) -> Money {
    changed.iter().map(|line| line.after.facts.profit).sum()
}

/// Searches for the sequence of a part that is worth most, for as long as `go_on` says so.
///
/// Groups change places only with groups of the same strategy: strategies keep their word. Those of which
/// somebody said that they come first stay there.
pub fn search(
    world: &World,
    fallback: Fallback,
    groups: &[AskedGroup],
    mut go_on: impl FnMut() -> bool,
) -> BestRun {
    let mut best = BestRun::given(run(world, fallback, groups));
    let mut order: Vec<usize> = (0..groups.len()).collect();
    if groups.len() <= EXACT_MAX {
        let mut orders = Vec::new();
        permute(groups, &mut order, 0, &mut orders);
        for order in orders.into_iter().skip(1) {
            if !go_on() {
                break;
            }
            best.try_order(world, fallback, groups, &order);
        }
        return best;
    }
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    while go_on() {
        let (from, to) = (roll(&mut dice, groups.len()), roll(&mut dice, groups.len()));
        if from == to || !may_change_places(&groups[order[from]], &groups[order[to]]) {
            continue;
        }
        let mut other = order.clone();
        let moved = other.remove(from);
        other.insert(to, moved);
        if best.try_order(world, fallback, groups, &other) {
            order = other;
        }
    }
    best
}

impl BestRun {
    /// Tries a sequence, and takes it if it is worth more.
    fn try_order(
        &mut self,
        world: &World,
        fallback: Fallback,
        groups: &[AskedGroup],
        order: &[usize],
    ) -> bool {
        let sequence: Vec<&AskedGroup> = order.iter().map(|at| &groups[*at]).collect();
        let changed = run_on(&mut world.clone(), fallback, &sequence, &mut self.planner);
        let value = value(&changed);
        self.tried += 1;
        let is_better = self.value < value;
        if is_better {
            (self.changed, self.value) = (changed, value);
        }
        is_better
    }
}

/// All orders in which groups of one strategy change places; the one given comes first.
fn permute(groups: &[AskedGroup], order: &mut Vec<usize>, at: usize, orders: &mut Vec<Vec<usize>>) {
    if at == order.len() {
        orders.push(order.clone());
        return;
    }
    for other in at..order.len() {
        let (one, two) = (&groups[order[at]], &groups[order[other]]);
        if at == other || may_change_places(one, two) {
            order.swap(at, other);
            permute(groups, order, at + 1, orders);
            order.swap(at, other);
        }
    }
}

fn may_change_places(one: &AskedGroup, other: &AskedGroup) -> bool {
    one.strategy == other.strategy && !one.is_first && !other.is_first
}

/// splitmix64: the same moves on every machine.
fn roll(dice: &mut u64, below: usize) -> usize {
    *dice = dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *dice;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let below = u64::try_from(below).expect("few units");
    usize::try_from((z ^ (z >> 31)) % below).expect("below a length")
}
