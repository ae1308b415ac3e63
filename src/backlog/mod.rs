//! Backlog runs: promise a set of orders again, under other priorities and strategies (semantics 10).
//!
//! A run reads a [`World`] and gives the promises as they would be; it changes nothing. The orders fall
//! into `parts` that share no account, and each part is run by itself, so any number of them may
//! run side by side and the result is the same. Start at [`Spec`], then `run.rs`.
//!
//! Invariant: strategies keep their word. `win` and `gain` never end with less or later than they had,
//! `fill` never with more or sooner, `lose` with nothing.

pub mod attribute;
pub mod filter;
pub mod parts;
pub mod run;
pub mod search;
pub mod spec;

pub use attribute::{Attribute, Sequence};
pub use filter::Filter;
pub use parts::{Part, parts};
pub use run::{Changed, Outcome, run};
pub use spec::{Fallback, Segment, Spec, Strategy};

use crate::{
    ledger::{Reservation, World},
    promising::request::OrderLine,
};
use std::sync::Arc;

/// A promised line that a run is about: how it stands, what its customer asked for, what to do with it.
#[derive(Clone, Debug)]
pub struct Job {
    /// As it stands.
    pub before: Arc<Reservation>,
    /// What the customer asked for.
    pub asked: OrderLine,
    /// How it is promised again.
    pub strategy: Strategy,
    /// Whether it may not become better than it is.
    pub kept: bool,
}

/// Lines that are promised together: the lines of a set, or one line.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its lines, in the order of their numbers.
    pub jobs: Vec<Job>,
    /// Of its first line.
    pub strategy: Strategy,
}

/// The units of a run in the order in which they are served: by strategy, then by the sequence.
///
/// Lines that the filter leaves out or that are locked are in none. Only promises that stand are: those
/// held or confirmed, and of those the ones that no snapshot's demand stands for yet.
pub fn units(
    world: &World,
    spec: &Spec,
    asked: impl Fn(&Reservation) -> Option<OrderLine>,
) -> Vec<Unit> {
    let snapshot = &world.snapshot;
    let mut jobs = Vec::new();
    for before in world.reservations_from(0).filter(|found| !found.state.is_final()) {
        // What a snapshot's demand stands for is the source's to promise again.
        let is_ours = before.standing.is_none();
        if !is_ours || !spec.filter.fits(snapshot, before) || spec.is_locked(snapshot, before) {
            continue;
        }
        let Some(asked) = asked(before) else { continue };
        jobs.push(Job {
            before: Arc::clone(before),
            asked,
            strategy: spec.strategy(snapshot, before),
            kept: spec.is_kept(snapshot, before),
        });
    }
    let key = |job: &Job| {
        let facts = &job.before.facts;
        let at = spec.first.iter().position(|(order, line)| {
            **order == *facts.order && (line.is_empty() || **line == *facts.line)
        });
        (at.unwrap_or(usize::MAX), spec.sequence.key(snapshot, &job.before), job.before.number)
    };
    let mut keyed: Vec<_> = jobs.into_iter().map(|job| (key(&job), job)).collect();
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut units = gather(keyed.into_iter().map(|(_, job)| job));
    units.sort_by_key(|unit| unit.strategy);
    units
}

/// Lines of one set become one unit, where its first line stands.
fn gather(jobs: impl Iterator<Item = Job>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut sets: std::collections::BTreeMap<SetKey, usize> = std::collections::BTreeMap::new();
    for job in jobs {
        let set = set_of(&job.asked);
        match set.as_ref().and_then(|set| sets.get(set)) {
            Some(&at) => units[at].jobs.push(job),
            None => {
                if let Some(set) = set {
                    sets.insert(set, units.len());
                }
                units.push(Unit { strategy: job.strategy, jobs: vec![job] });
            }
        }
    }
    for unit in &mut units {
        unit.jobs.sort_by_key(|job| job.before.number);
    }
    units
}

/// Order, whether it is an arrival set, name.
type SetKey = (String, bool, String);

fn set_of(asked: &OrderLine) -> Option<SetKey> {
    let key = |is_arrival: bool, name: &Option<String>| {
        let name = name.clone().filter(|name| !name.is_empty())?;
        Some((asked.order.clone(), is_arrival, name))
    };
    key(false, &asked.ship_set).or_else(|| key(true, &asked.arrival_set))
}
