//! Backlog runs: promise a set of orders again, under other priorities and strategies (semantics 10).
//!
//! A run reads a [`World`] and gives the promises as they would be; it changes nothing. The orders fall
//! into `parts` that share no account, and each part is run by itself, so any number of them may
//! run side by side and the result is the same. Start at [`Spec`], then `run.rs`.
//!
//! Invariant: strategies keep their word. `win` and `gain` never end with less or later than they had,
//! `fill` never with more or sooner, `lose` with nothing.

pub mod attribute;
mod capped;
pub mod filter;
pub mod parts;
pub mod spec;
pub mod run;
pub mod search;

pub use attribute::{Attribute, Sequence};
pub use filter::Filter;
pub use parts::{RunPart, parts};
pub use run::{LineOutcome, RunLine, run};
pub use spec::{Fallback, Segment, Spec, Strategy};

use crate::{
    ledger::{Reservation, Term, World, standing::Fate},
    promising::{
        query::Query,
        request::{Remedies, Request},
        terms,
    },
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A promised line that a run is about: how it stands, and what to do with it.
#[derive(Clone, Debug)]
pub struct Job {
    /// As it stands.
    pub before: Arc<Reservation>,
    /// How it is promised again.
    pub strategy: Strategy,
    /// Whether it may not become better than it is.
    pub kept: bool,
}

/// Lines that are promised together, the lines of a set or one line, before it is looked at what they ask.
#[derive(Clone, Debug)]
pub struct OrderGroup {
    /// Its lines, in the order of their numbers.
    jobs: Vec<Job>,
    /// Of its first line by the sequence.
    strategy: Strategy,
    /// Whether somebody said that it comes before others.
    is_first: bool,
}

/// Lines that are promised together, and what they ask.
#[derive(Clone, Debug)]
pub struct AskedGroup {
    /// Its lines, in the order of their numbers.
    pub jobs: Vec<Job>,
    /// How they are promised again.
    pub strategy: Strategy,
    /// Whether a search must leave it where it is: somebody said that it comes before others.
    pub is_first: bool,
    /// What its customers asked for, as far as the strategy allows it; none where nothing is asked for.
    pub(super) query: Option<Query>,
}

/// The groups of a run with what they ask, in the order in which they are served.
pub fn asked_groups(world: &World, spec: &Spec) -> Vec<AskedGroup> {
    groups(world, spec).into_iter().filter_map(|group| group.asked(world, spec.now)).collect()
}

/// The groups of a run in the order in which they are served: by strategy, then by the sequence.
///
/// Lines that the filter leaves out or that are locked are in none, and neither are those of a set with
/// such a line: a set is promised again as a whole or not at all. Only promises that stand are: those
/// held or confirmed, and of those the ones that no snapshot's demand stands for yet.
pub fn groups(world: &World, spec: &Spec) -> Vec<OrderGroup> {
    let snapshot = &world.snapshot;
    let (mut keyed, mut broken) = (Vec::new(), BTreeSet::new());
    for before in world.reservations_from(0).filter(|found| !found.state.is_final()) {
        // What a snapshot's demand stands for is the source's to promise again.
        let fate = before.standing.as_deref().map(|standing| standing.fate);
        let is_ours = fate.is_none_or(|fate| fate == Fate::Superseding);
        if !is_ours || !spec.filter.fits(snapshot, before) || spec.is_locked(snapshot, before) {
            broken.extend(set_of(before));
            continue;
        }
        let facts = &before.facts;
        let first = spec.first.iter().position(|(order, line)| {
            **order == *facts.order && (line.is_empty() || **line == *facts.line)
        });
        let place = spec.sequence.key(snapshot, before);
        let job = Job {
            before: Arc::clone(before),
            strategy: spec.strategy(snapshot, before),
            kept: spec.is_kept(snapshot, before),
        };
        keyed.push(((first.unwrap_or(usize::MAX), place, before.number), job));
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut groups = gather(keyed.into_iter().map(|((first, ..), job)| (first, job)));
    groups.retain(|group| set_of(&group.jobs[0].before).is_none_or(|set| !broken.contains(&set)));
    groups.sort_by_key(|group| group.strategy);
    groups
}

/// Lines of one set become one group, where its first line stands.
fn gather(jobs: impl Iterator<Item = (usize, Job)>) -> Vec<OrderGroup> {
    let mut groups: Vec<OrderGroup> = Vec::new();
    let mut sets: BTreeMap<SetKey, usize> = BTreeMap::new();
    for (first, job) in jobs {
        let set = set_of(&job.before);
        match set.as_ref().and_then(|set| sets.get(set)) {
            Some(&at) => groups[at].jobs.push(job),
            None => {
                if let Some(set) = set {
                    sets.insert(set, groups.len());
                }
                let (strategy, is_first) = (job.strategy, first != usize::MAX);
                groups.push(OrderGroup { jobs: vec![job], strategy, is_first });
            }
        }
    }
    for group in &mut groups {
        group.jobs.sort_by_key(|job| job.before.number);
    }
    groups
}

/// Order, and which set of it.
type SetKey = (Arc<str>, (Term, Box<str>));

fn set_of(found: &Reservation) -> Option<SetKey> {
    let (kind, name) = found.facts.terms.set()?;
    Some((Arc::clone(&found.facts.order), (kind, name.into())))
}

impl OrderGroup {
    /// The group with what it asks; none where that is no request any more, so that it has to stand.
    pub fn asked(self, world: &World, now: Option<Timestamp>) -> Option<AskedGroup> {
        let Self { jobs, strategy, is_first } = self;
        let is_capped = |job: &Job| job.kept || strategy == Strategy::Fill;
        let asks_nothing = strategy == Strategy::Lose
            || jobs.iter().any(|job| is_capped(job) && !job.before.quantity.is_positive());
        if asks_nothing {
            return Some(AskedGroup { jobs, strategy, is_first, query: None });
        }
        let line = |job: &Job| {
            let asked = terms::order_line(&world.snapshot, &job.before);
            if is_capped(job) { capped::capped(world, &job.before, asked) } else { asked }
        };
        let lines = jobs.iter().map(line).collect();
        let remedies = Remedies::None;
        let request = Request { lines, objective: None, alternatives: 0, remedies, now };
        let query = Some(request.resolve(&world.snapshot).ok()?);
        Some(AskedGroup { jobs, strategy, is_first, query })
    }
}
