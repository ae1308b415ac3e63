//! One part of a backlog run: give back, then serve, each unit by its strategy.

use super::{Fallback, Job, Strategy, Unit};
use crate::{
    ledger::{
        Reservation, World,
        reservation::{Facts, Leg, Target},
    },
    model::{Day, Money, Quantity},
    promising::{
        self, draft,
        request::{OrderLine, Remedies, Request},
    },
};
use std::sync::Arc;

/// A line before and after a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it stood.
    pub before: Arc<Reservation>,
    /// As it would stand; equal to `before` where nothing changes.
    pub after: Arc<Reservation>,
    /// How it came out.
    pub outcome: Outcome,
}

/// How a line came out of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As its strategy says.
    Served,
    /// It was to win, and cannot be in full on the requested date.
    CannotWin,
}

/// Runs the units of a part in their order. The world is read, not changed.
pub fn run(world: &World, fallback: Fallback, units: &[Unit]) -> Vec<Changed> {
    run_on(&mut world.clone(), fallback, units)
}

/// The same, leaving the world as the run would leave it.
pub fn run_on(world: &mut World, fallback: Fallback, units: &[Unit]) -> Vec<Changed> {
    let pooled = units.iter().filter(|unit| gives_back_first(unit.strategy));
    let mut released: Vec<&Job> = pooled.flat_map(|unit| &unit.jobs).collect();
    // What was promised later may live on what was made for an earlier line: it goes first.
    released.sort_by_key(|job| std::cmp::Reverse(job.before.number));
    for job in released {
        give_back(world, &job.before);
    }
    let mut changed = Vec::new();
    for unit in units {
        serve(world, fallback, unit, &mut changed);
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
    let rest = world.given_back(before);
    let facts = Arc::new(Facts {
        legs: Vec::new(),
        cost: Money::ZERO,
        profit: Money::ZERO,
        ..(*before.facts).clone()
    });
    let none = Reservation { quantity: Quantity::ZERO, facts, at_risk: false, ..rest };
    world.put(Arc::new(Reservation { state: before.state, ..none }));
}

fn serve(world: &mut World, fallback: Fallback, unit: &Unit, changed: &mut Vec<Changed>) {
    if !gives_back_first(unit.strategy) {
        for job in unit.jobs.iter().rev() {
            give_back(world, &job.before);
        }
    }
    let plan = if unit.strategy == Strategy::Lose { None } else { planned(world, unit) };
    let (accepted, outcome) = judge(unit, fallback, plan);
    for (at, job) in unit.jobs.iter().enumerate() {
        let after = match &accepted {
            Accepted::Before => Arc::clone(&job.before),
            Accepted::Nothing => Arc::clone(world.reservation(job.before.number).expect("known")),
            Accepted::New(lines) => with_kept(world, &lines[at]),
        };
        let after = if *after == *job.before { Arc::clone(&job.before) } else { newer(&after) };
        world.put(Arc::clone(&after));
        changed.push(Changed { before: Arc::clone(&job.before), after, outcome });
    }
}

/// A changed promise is newer than what a source may know of it.
fn newer(after: &Reservation) -> Arc<Reservation> {
    let revision = after.facts.revision + 1;
    let facts = Arc::new(Facts { revision, ..(*after.facts).clone() });
    Arc::new(Reservation { facts, ..after.clone() })
}

/// What becomes of a unit.
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

fn judge(unit: &Unit, fallback: Fallback, plan: Option<Vec<Planned>>) -> (Accepted, Outcome) {
    let Some(lines) = plan else {
        let accepted = match unit.strategy {
            Strategy::Win | Strategy::Gain => Accepted::Before,
            Strategy::Redistribute | Strategy::Fill | Strategy::Lose => Accepted::Nothing,
        };
        return (accepted, Outcome::Served);
    };
    let pairs = || unit.jobs.iter().zip(&lines);
    let is_no_worse = pairs().all(|(job, line)| !is_worse(&line.after, &job.before));
    match unit.strategy {
        Strategy::Win if lines.iter().all(|line| line.in_full_on_time) => {
            (Accepted::New(lines), Outcome::Served)
        }
        Strategy::Win => match fallback {
            Fallback::Gain if is_no_worse => (Accepted::New(lines), Outcome::CannotWin),
            Fallback::Gain | Fallback::Keep => (Accepted::Before, Outcome::CannotWin),
        },
        Strategy::Gain if !is_no_worse => (Accepted::Before, Outcome::Served),
        Strategy::Gain | Strategy::Redistribute | Strategy::Fill | Strategy::Lose => {
            (Accepted::New(lines), Outcome::Served)
        }
    }
}

/// Plans a unit on a world that it has been given back to; none if there is nothing to plan.
fn planned(world: &World, unit: &Unit) -> Option<Vec<Planned>> {
    let is_capped = |job: &Job| job.kept || unit.strategy == Strategy::Fill;
    if unit.jobs.iter().any(|job| is_capped(job) && !job.before.quantity.is_positive()) {
        return None;
    }
    let line = |job: &Job| if is_capped(job) { capped(world, job) } else { job.asked.clone() };
    let lines = unit.jobs.iter().map(line).collect();
    let request = Request { lines, objective: None, alternatives: 0, remedies: Remedies::None };
    let query = request.resolve(&world.snapshot).ok()?;
    let promise = promising::plan(world, &query);
    let resolved = request.lines.iter().zip(query.lines());
    let both = resolved.zip(&promise.lines).zip(&unit.jobs);
    Some(
        both.map(|(((asked, line), result), job)| {
            let Some(option) = &result.option else {
                let none = world.reservation(job.before.number).expect("it was given back");
                return Planned { after: (**none).clone(), in_full_on_time: false };
            };
            let draft = draft::draft(asked, line, option, job.before.facts.created);
            let facts = Facts {
                quantity_requested: job.before.facts.quantity_requested,
                requested: job.before.facts.requested,
                revision: job.before.facts.revision,
                ..draft.facts
            };
            let on_time = facts.legs.iter().all(|leg| leg.days_late <= 0);
            let after = Reservation {
                quantity: draft.quantity,
                postings: draft.postings.into(),
                facts: Arc::new(facts),
                at_risk: false,
                ..(*job.before).clone()
            };
            let in_full = job.before.facts.quantity_requested <= after.quantity;
            Planned { in_full_on_time: on_time && in_full, after }
        })
        .collect(),
    )
}

/// The line as it may at most become: no more than is promised, and no sooner.
fn capped(world: &World, job: &Job) -> OrderLine {
    let date = last_day(&job.before).map(|day| world.snapshot.epoch().date(day));
    OrderLine {
        quantity: job.before.quantity,
        uom: None,
        earliest: date.max(job.asked.earliest),
        ..job.asked.clone()
    }
}

/// A new promise, with what others live on of the old one.
fn with_kept(world: &World, planned: &Planned) -> Arc<Reservation> {
    let kept = world.reservation(planned.after.number).expect("it was given back");
    let mut after = planned.after.clone();
    if !kept.postings.is_empty() && !Arc::ptr_eq(&kept.postings, &after.postings) {
        after.postings = kept.postings.iter().chain(after.postings.iter()).copied().collect();
    }
    Arc::new(after)
}

/// The last day on which a promise ships, or arrives where that was asked.
fn last_day(found: &Reservation) -> Option<Day> {
    let of_leg = |leg: &Leg| match found.facts.target {
        Target::Ship => leg.ship,
        Target::Arrival => leg.arrival,
    };
    found.facts.legs.iter().map(of_leg).max()
}

/// Whether a promise is less than, or later than, another one of the same line. Sooner than on time is
/// no better, later but on time no worse.
pub fn is_worse(after: &Reservation, before: &Reservation) -> bool {
    let late = |found: &Reservation| {
        found.facts.legs.iter().map(|leg| leg.days_late.max(0)).max().unwrap_or(0)
    };
    let is_later = late(before) < late(after) && before.quantity.is_positive();
    after.quantity < before.quantity || is_later
}
