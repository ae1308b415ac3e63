//! A whole backlog run: its parts side by side on all cores, one result whatever their number.

use super::clock;
use crate::{
    backlog::{self, Changed, Outcome, Part, Spec, Strategy, search, search::Found},
    ledger::{Reservation, World},
    model::Money,
    promising::request::OrderLine,
};
use rayon::prelude::*;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// What a run is to make best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// The sequence as it is given.
    #[default]
    Sequence,
    /// The highest total profit that is found in that time, never less than the sequence given yields.
    MostValue(Duration),
}

/// What a run would do.
#[derive(Clone, Debug)]
pub struct Run {
    /// The lines, in the order of their numbers.
    pub changed: Vec<Changed>,
    /// The world as it would be.
    pub world: World,
    /// Into how many independent parts the orders fell.
    pub parts: usize,
    /// How many lines had which strategy.
    pub strategies: BTreeMap<Strategy, usize>,
    /// What the sequence given is worth and what was found; the same without a search.
    pub value: (Money, Money),
}

impl Run {
    /// The lines that were to win and cannot.
    pub fn cannot_win(&self) -> impl Iterator<Item = &Changed> {
        self.changed.iter().filter(|line| line.outcome == Outcome::CannotWin)
    }
}

/// Runs a backlog on a world, which stays as it is. `asked` says what a line's customer asked for; lines
/// of which it knows nothing stand.
pub fn run(
    world: &World,
    spec: &Spec,
    objective: Objective,
    asked: impl Fn(&Reservation) -> Option<OrderLine>,
) -> Run {
    let units = backlog::units(world, spec, asked);
    let mut strategies = BTreeMap::new();
    for job in units.iter().flat_map(|unit| &unit.jobs) {
        *strategies.entry(job.strategy).or_default() += 1;
    }
    let parts = backlog::parts(world, units);
    let found: Vec<Found> = match objective {
        Objective::Sequence => run_parts(world, spec, &parts),
        Objective::MostValue(budget) => search_parts(world, spec, &parts, budget),
    };
    let sum = |of: fn(&Found) -> Money| found.iter().map(of).sum();
    let value = (sum(|found| found.given), sum(|found| found.value));
    let mut changed: Vec<Changed> = found.into_iter().flat_map(|found| found.changed).collect();
    changed.sort_by_key(|line| line.before.number);
    let mut after = world.clone();
    for line in &changed {
        if !Arc::ptr_eq(&line.before, &line.after) {
            after.put(Arc::clone(&line.after));
        }
    }
    Run { changed, world: after, parts: parts.len(), strategies, value }
}

/// Parts that one thread takes at a time share a copy of the world: they do not see each other.
fn run_parts(world: &World, spec: &Spec, parts: &[Part]) -> Vec<Found> {
    let share = parts.len().div_ceil(rayon::current_num_threads() * 4).max(1);
    let run_share = |parts: &[Part]| {
        let mut world = world.clone();
        let one = |units: &Part| {
            let changed = backlog::run::run_on(&mut world, spec.fallback, units);
            let value = search::value(&changed);
            Found { changed, value, given: value, tried: 1 }
        };
        parts.iter().map(one).collect::<Vec<_>>()
    };
    parts.par_chunks(share).flat_map_iter(run_share).collect()
}

/// Every part gets its share of the time, by the number of its lines.
fn search_parts(world: &World, spec: &Spec, parts: &[Part], budget: Duration) -> Vec<Found> {
    let lines = parts.iter().map(Vec::len).sum::<usize>().max(1);
    let threads = rayon::current_num_threads();
    let one = |units: &Part| {
        let share = budget.mul_f64(units.len() as f64 * threads as f64 / lines as f64);
        let share = share.min(budget);
        let start = clock::now();
        let go_on = || {
            let spent = clock::now().duration_since(start);
            spent.unsigned_abs() < share
        };
        search::search(world, spec.fallback, units, go_on)
    };
    parts.par_iter().map(one).collect()
}
