//! A whole backlog run: its parts side by side on all cores, one result whatever their number.

use super::{background, clock::Stopwatch};
use crate::{
    backlog::{
        self, AskedGroup, LineOutcome, RunLine, RunPart, Spec, Strategy, search, search::BestRun,
    },
    ledger::World,
    model::Money,
    promising::{
        Planner,
        patience::{GivenUp, Patience, heard_out},
    },
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

/// What a run is to make best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunGoal {
    /// The sequence as it is given.
    #[default]
    Sequence,
    /// The highest total profit that is found in that time, never less than the sequence given yields.
    MostValue(Duration),
}

/// What a run would do.
#[derive(Clone, Debug)]
pub struct BacklogRun {
    /// The lines, in the order of their numbers.
    pub changed: Vec<RunLine>,
    /// The world as it would be.
    pub world: World,
    /// Into how many independent parts the orders fell.
    pub parts: usize,
    /// How many lines had which strategy.
    pub strategies: BTreeMap<Strategy, usize>,
    /// What the sequence given is worth and what was found; the same without a search.
    pub value: (Money, Money),
}

impl BacklogRun {
    /// The lines that were to win and cannot.
    pub fn cannot_win(&self) -> impl Iterator<Item = &RunLine> {
        self.changed.iter().filter(|line| line.outcome == LineOutcome::CannotWin)
    }
}

/// Runs a backlog on a world, which stays as it is, with the threads for work in the background, as long as
/// somebody waits for it.
///
/// # Errors
/// It was given up.
pub fn run_in_background(
    world: &World,
    spec: &Spec,
    objective: RunGoal,
    patience: &Patience,
) -> Result<BacklogRun, GivenUp> {
    heard_out(|| background::pool().install(|| run_within(world, spec, objective, patience)))
}

/// Runs a backlog on a world, which stays as it is.
pub fn run(world: &World, spec: &Spec, objective: RunGoal) -> BacklogRun {
    run_within(world, spec, objective, &Patience::endless())
}

/// The same, as long as somebody waits for it, within [`heard_out`].
pub fn run_within(
    world: &World,
    spec: &Spec,
    objective: RunGoal,
    patience: &Patience,
) -> BacklogRun {
    let groups = backlog::groups(world, spec);
    let groups: Vec<AskedGroup> =
        groups.into_par_iter().filter_map(|group| group.asked(world, spec.now)).collect();
    let mut strategies = BTreeMap::new();
    for job in groups.iter().flat_map(|group| &group.jobs) {
        *strategies.entry(job.strategy).or_default() += 1;
    }
    let n_lines = groups.iter().map(|group| group.jobs.len()).sum();
    let parts = backlog::parts(world, groups);
    patience.expect(n_lines, parts.len());
    let shares: Vec<(Vec<BestRun>, World)> = match objective {
        RunGoal::Sequence => run_parts(world, spec, &parts, patience),
        RunGoal::MostValue(budget) => search_parts(world, spec, &parts, (budget, patience)),
    };
    let mut after = world.clone();
    shares.iter().for_each(|(_, share)| after.merge(share, world));
    let found = || shares.iter().flat_map(|(found, _)| found);
    let value = (found().map(|one| one.given).sum(), found().map(|one| one.value).sum());
    let mut changed: Vec<RunLine> =
        shares.into_iter().flat_map(|(found, _)| found).flat_map(|one| one.changed).collect();
    changed.par_sort_unstable_by_key(|line| line.before.number);
    settle(&mut after, &mut changed);
    // What one gave up may be what another one lacked.
    if world.reservations_from(0).any(|found| found.at_risk) {
        let both = changed.iter().flat_map(|line| [&line.before, &line.after]);
        let postings = both.flat_map(|found| found.postings.iter());
        after.reassess(postings.map(|posting| posting.account).collect::<BTreeSet<_>>());
    }
    BacklogRun { changed, world: after, parts: parts.len(), strategies, value }
}

/// Withdraws the planned supply that nobody counts on any more where lines gave it back, as it is on live.
fn settle(after: &mut World, changed: &mut [RunLine]) {
    let given = changed.iter().filter(|line| line.before != line.after).flat_map(|line| {
        let gives = line.after.postings.iter().filter(|posting| posting.quantity.is_positive());
        line.before.postings.iter().chain(line.before.theirs()).chain(gives)
    });
    after.settle(given.map(|posting| posting.account).collect());
    for line in changed {
        let now = after.reservation(line.before.number).expect("a run loses nobody");
        line.after = Arc::clone(now);
    }
}

/// Parts that one thread takes at a time share a copy of the world: they do not see each other.
fn run_parts(
    world: &World,
    spec: &Spec,
    parts: &[RunPart],
    patience: &Patience,
) -> Vec<(Vec<BestRun>, World)> {
    let lines: usize = parts.iter().map(Vec::len).sum();
    let share = (lines / (rayon::current_num_threads() * 4)).max(1);
    let run_share = |parts: &[RunPart]| {
        let (mut world, mut planner) = (world.clone(), Planner::patient(patience));
        let one = |groups: &RunPart| {
            let groups: Vec<&AskedGroup> = groups.iter().collect();
            let changed = backlog::run::run_on(&mut world, spec.fallback, &groups, &mut planner);
            patience.did_part();
            BestRun::given(changed)
        };
        (parts.iter().map(one).collect(), world)
    };
    shares_of(parts, share).into_par_iter().map(run_share).collect()
}

/// Runs of neighbouring parts with about so many groups each.
fn shares_of(parts: &[RunPart], groups: usize) -> Vec<&[RunPart]> {
    let (mut shares, mut from, mut sum) = (Vec::new(), 0, 0);
    for (at, part) in parts.iter().enumerate() {
        sum += part.len();
        if groups <= sum || at + 1 == parts.len() {
            shares.push(&parts[from..=at]);
            (from, sum) = (at + 1, 0);
        }
    }
    shares
}

/// Every part gets its share of the time, by the number of its lines.
fn search_parts(
    world: &World,
    spec: &Spec,
    parts: &[RunPart],
    (budget, patience): (Duration, &Patience),
) -> Vec<(Vec<BestRun>, World)> {
    let lines = parts.iter().map(Vec::len).sum::<usize>().max(1);
    let threads = rayon::current_num_threads();
    let one = |groups: &RunPart| {
        let share = budget.mul_f64(groups.len() as f64 * threads as f64 / lines as f64);
        let share = share.min(budget);
        let watch = Stopwatch::start();
        let go_on = || {
            patience.go_on();
            watch.elapsed() < share
        };
        let found = search::search(world, spec.fallback, groups, go_on);
        let mut after = world.clone();
        found.changed.iter().for_each(|line| after.put(line.after.clone()));
        patience.did(found.changed.len());
        patience.did_part();
        (vec![found], after)
    };
    parts.par_iter().map(one).collect()
}
