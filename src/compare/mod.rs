//! Two worlds side by side: how each order line stands in both, and what that comes to.
//!
//! [`compare`] looks at promises as they are kept, so anything that ends in a [`World`] can be compared:
//! live and a scenario, two scenarios, an orders file before and after a change. It plans nothing. Lines
//! are matched by order and line; a line that one world does not know counts there as not asked for.

mod group;
mod kpi;
mod standing;
mod why;

pub use group::{Dimension, Group};
pub use kpi::Kpi;
pub use standing::Standing;

use crate::ledger::{Reservation, World};
use std::{collections::BTreeMap, sync::Arc};

/// One order line in both worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// How it stands in the first; none if that does not know it.
    pub before: Option<Standing>,
    /// How it stands in the second.
    pub after: Option<Standing>,
    /// Whether it is better off.
    pub verdict: Verdict,
    /// What made the difference, in a planner's words; empty where there is none.
    pub why: String,
}

impl Pair {
    /// How large the difference is: in quantity first, then in days.
    pub fn difference(&self) -> (i64, i32) {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                let days = match (before.days_late, after.days_late) {
                    (Some(before), Some(after)) => (after - before).abs(),
                    (None, _) | (_, None) => 0,
                };
                ((after.promised - before.promised).raw().abs(), days)
            }
            (None, _) | (_, None) => (0, 0),
        }
    }
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wins => "wins",
            Self::Same => "same",
            Self::Loses => "loses",
            Self::Added => "added",
            Self::Gone => "gone",
        }
    }
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// More of it is promised, or sooner.
    Wins,
    /// As good as before.
    Same,
    /// Less of it is promised, or later.
    Loses,
    /// Only the second world knows it.
    Added,
    /// Only the first world knows it.
    Gone,
}

/// Two worlds compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Every line that is known in either, by order and line.
    pub pairs: Vec<Pair>,
    /// The first world in sum.
    pub before: Kpi,
    /// The second world in sum.
    pub after: Kpi,
    /// The same by class, customer, item and location.
    pub groups: Vec<Group>,
}

/// Compares two worlds.
pub fn compare(before: &World, after: &World) -> Compared {
    let mut lines: BTreeMap<Key, [Option<&Arc<Reservation>>; 2]> = BTreeMap::new();
    for (at, world) in [before, after].into_iter().enumerate() {
        for reservation in world.reservations_from(0).filter(|found| is_live(found)) {
            let key = (reservation.facts.order.clone(), reservation.facts.line.clone());
            lines.entry(key).or_default()[at] = Some(reservation);
        }
    }
    let context = why::Context::new(before, after);
    let pairs: Vec<_> = lines
        .into_values()
        .map(|[first, second]| {
            let standing = |world: &World, found: Option<&Arc<Reservation>>| {
                found.map(|found| Standing::of(&world.snapshot, found))
            };
            let (one, other) = (standing(before, first), standing(after, second));
            let verdict = verdict(one.as_ref(), other.as_ref());
            let why = context.explain(verdict, first, second);
            Pair { before: one, after: other, verdict, why }
        })
        .collect();
    let groups = group::groups(&pairs);
    Compared {
        before: Kpi::of(pairs.iter().filter_map(|pair| pair.before.as_ref())),
        after: Kpi::of(pairs.iter().filter_map(|pair| pair.after.as_ref())),
        groups,
        pairs,
    }
}

/// The figures of one world.
pub fn kpi(world: &World) -> Kpi {
    let live = world.reservations_from(0).filter(|found| is_live(found));
    let standings: Vec<_> = live.map(|found| Standing::of(&world.snapshot, found)).collect();
    Kpi::of(standings.iter())
}

/// An order and a line of it.
type Key = (Arc<str>, Arc<str>);

/// Whether a promise stands: neither given back nor shipped nor expired.
fn is_live(reservation: &Reservation) -> bool {
    !reservation.state.is_final()
}

fn verdict(before: Option<&Standing>, after: Option<&Standing>) -> Verdict {
    match (before, after) {
        (Some(before), Some(after)) => after.against(before),
        (None, Some(_)) => Verdict::Added,
        (Some(_), None) => Verdict::Gone,
        (None, None) => Verdict::Same,
    }
}
