//! One part of a backlog run: give back, then serve, each group by its strategy.

use super::{AskedGroup, Fallback, Job, Strategy};
use crate::{
    allocation::complete,
    ledger::{Reservation, World, planned, reservation::Facts},
    model::{Money, Quantity},
    promising::{Planner, answer::Promise, draft},
};
use std::sync::Arc;

/// A line before and after a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLine {
    /// As it stood.
    pub before: Arc<Reservation>,
    /// As it would stand; equal to `before` where nothing changes.
    pub after: Arc<Reservation>,
    /// How it came out.
    pub outcome: LineOutcome,
}

/// How a line came out of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// As its strategy says.
    Served,
    /// It was to win, and cannot be in full on the requested date.
    CannotWin,
}

/// Runs the groups of a part in their order. The world is read, not changed.
pub fn run(world: &World, fallback: Fallback, groups: &[AskedGroup]) -> Vec<RunLine> {
    let groups: Vec<_> = groups.iter().collect();
    run_on(&mut world.clone(), fallback, &groups, &mut Planner::default())
}

/// The same, leaving the world as the run would leave it, in the memory of a planner.
pub fn run_on(
    world: &mut World,
    fallback: Fallback,
    groups: &[&AskedGroup],
    planner: &mut Planner,
) -> Vec<RunLine> {
    let pooled = groups.iter().filter(|group| gives_back_first(group.strategy));
    let mut released: Vec<&Job> = pooled.flat_map(|group| &group.jobs).collect();
    // What was promised later may live on what was made for an earlier line: it goes first.
    released.sort_by_key(|job| std::cmp::Reverse(job.before.number));
    for job in released {
        give_back(world, &job.before);
    }
    let mut changed = Vec::new();
    for group in groups {
        changed.extend(serve(world, fallback, group, planner));
        planner.patience().did(group.jobs.len());
    }
    changed
}

fn gives_back_first(strategy: Strategy) -> bool {
    match strategy {
        Strategy::Lose | Strategy::Redistribute | Strategy::Fill => true,
        Strategy::Win | Strategy::Gain => false,
    }
}

/// Takes a promise out of a world, all but what others live on.
fn give_back(world: &mut World, before: &Reservation) {
    world.give_back(before);
    let rest = world.reservation(before.number).expect("it is there");
    let facts = Arc::new(Facts {
        legs: Vec::new(),
        cost: Money::ZERO,
        profit: Money::ZERO,
        ..(*before.facts).clone()
    });
    let none = Reservation { facts, at_risk: false, ..(**rest).clone() };
    world.put(Arc::new(none));
}

fn serve(
    world: &mut World,
    fallback: Fallback,
    group: &AskedGroup,
    planner: &mut Planner,
) -> Vec<RunLine> {
    if !gives_back_first(group.strategy) {
        for job in group.jobs.iter().rev() {
            give_back(world, &job.before);
        }
    }
    let promise = group.query.as_ref().map(|query| planner.plan(world, query));
    let plan = promise.map(|promise| planned(world, group, promise));
    let (accepted, outcome) = judge(group, fallback, plan);
    let mut changed = Vec::with_capacity(group.jobs.len());
    for (at, job) in group.jobs.iter().enumerate() {
        let after = match &accepted {
            Accepted::Before => Arc::clone(&job.before),
            Accepted::Nothing => Arc::clone(world.reservation(job.before.number).expect("known")),
            Accepted::New(lines) => with_kept(world, &lines[at]),
        };
        let after = if *after == *job.before { Arc::clone(&job.before) } else { newer(&after) };
        world.put(Arc::clone(&after));
        changed.push(RunLine { before: Arc::clone(&job.before), after, outcome });
    }
    changed
}

/// A changed promise is newer than what a source may know of it.
fn newer(after: &Reservation) -> Arc<Reservation> {
    let revision = after.facts.revision + 1;
    let facts = Arc::new(Facts { revision, ..(*after.facts).clone() });
    Arc::new(Reservation { facts, ..after.clone() })
}

/// What becomes of a group.
enum Accepted {
    Before,
    Nothing,
    New(Vec<Planned>),
}

/// A line as it is planned anew.
struct Planned {
    after: Reservation,
    in_full_on_time: bool,
}

fn judge(
    group: &AskedGroup,
    fallback: Fallback,
    plan: Option<Vec<Planned>>,
) -> (Accepted, LineOutcome) {
    let Some(lines) = plan else {
        return match group.strategy {
            Strategy::Win => (Accepted::Before, LineOutcome::CannotWin),
            Strategy::Gain => (Accepted::Before, LineOutcome::Served),
            Strategy::Redistribute | Strategy::Fill | Strategy::Lose => {
                (Accepted::Nothing, LineOutcome::Served)
            }
        };
    };
    let pairs = || group.jobs.iter().zip(&lines);
    let is_no_worse = pairs().all(|(job, line)| !is_worse(&line.after, &job.before));
    match group.strategy {
        Strategy::Win if lines.iter().all(|line| line.in_full_on_time) => {
            (Accepted::New(lines), LineOutcome::Served)
        }
        Strategy::Win => match fallback {
            Fallback::Gain if is_no_worse => (Accepted::New(lines), LineOutcome::CannotWin),
            Fallback::Gain | Fallback::Keep => (Accepted::Before, LineOutcome::CannotWin),
        },
        Strategy::Gain if !is_no_worse => (Accepted::Before, LineOutcome::Served),
        Strategy::Gain | Strategy::Redistribute | Strategy::Fill | Strategy::Lose => {
            (Accepted::New(lines), LineOutcome::Served)
        }
    }
}

/// The lines of a group as they were planned on a world that they have been given back to.
fn planned(world: &World, group: &AskedGroup, promise: Promise) -> Vec<Planned> {
    let both = group.jobs.iter().zip(promise.lines);
    both.map(|(job, result)| {
        let Some(option) = result.option else {
            let none = world.reservation(job.before.number).expect("it was given back");
            return Planned { after: (**none).clone(), in_full_on_time: false };
        };
        let before = &*job.before;
        let facts = draft::kept(&option, &before.facts);
        let on_time = facts.legs.iter().all(|leg| leg.days_late <= 0);
        let plan = draft::plan(&option).into();
        let mut postings = draft::postings(&option);
        complete(&world.snapshot, &mut postings);
        let after = Reservation {
            plan,
            quantity: facts.legs.iter().map(|leg| leg.covers).sum(),
            postings: postings.into(),
            facts: Arc::new(facts),
            at_risk: false,
            standing: None,
            ..before.clone()
        };
        let in_full = before.facts.quantity_requested <= after.quantity;
        Planned { in_full_on_time: on_time && in_full, after }
    })
    .collect()
}

/// A new promise, with what others live on of the old one.
fn with_kept(world: &World, line: &Planned) -> Arc<Reservation> {
    let kept = world.reservation(line.after.number).expect("it was given back");
    let is_kept = Arc::ptr_eq(&kept.postings, &line.after.postings);
    let after = line.after.clone();
    Arc::new(if is_kept { after } else { planned::beside(kept, after, &world.snapshot) })
}

/// Whether a promise is less than, or some of it later than, another one of the same line. Sooner than
/// on time is no better, later but on time no worse.
pub fn is_worse(after: &Reservation, before: &Reservation) -> bool {
    // How much of it is at most so many days late.
    let within = |found: &Reservation, days: i32| -> Quantity {
        let legs = found.facts.legs.iter().filter(|leg| leg.days_late.max(0) <= days);
        legs.map(|leg| leg.covers).sum()
    };
    let days = before.facts.legs.iter().map(|leg| leg.days_late.max(0));
    let is_later = days.into_iter().any(|days| within(after, days) < within(before, days));
    after.quantity < before.quantity || is_later
}
