//! Planned supply: the work orders, purchases and transfers that promises have planned (semantics 12.1).
//!
//! A promise's postings say by a number which of its planned supplies they belong to; what it takes itself
//! has none. A [`Planned`] says the rest. Planned supply belongs to all who count on it, whoever planned it:
//! one that its own promise takes nothing of any more is *spare*, and stays as long as a live promise counts on
//! it. `counted.rs` says who does, `withdraw.rs` takes away what nobody counts on, `spare.rs` knows where to look.
//!
//! Invariant L7: every planned supply is taken of by its own promise, or a live promise counts on it, or it has
//! begun.

mod counted;
mod plan;
mod spare;
mod told_apart;
mod withdraw;

pub(super) use counted::is_counted_on;
pub(super) use plan::given;
pub use plan::{Planned, PlannedKind};
pub(super) use spare::{Numbers, shared, spare, uncounted};
pub(super) use told_apart::told_apart;
pub(super) use withdraw::{Begun, idle_on};
pub use withdraw::{Idle, idle};

use super::{
    reservation::{Reservation, State},
    standing::{Fate, Standing},
};
use crate::{
    model::{Posting, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

impl Reservation {
    /// Those of its planned supplies of which something is left for others, and how much.
    pub(super) fn unshipped_rest(&self) -> impl Iterator<Item = (&Planned, Quantity)> {
        let spare: Vec<u32> = self.spare().map(|planned| planned.number).collect();
        let rest = move |planned: &Planned| {
            let given = given(&self.postings, planned.number)?.quantity;
            let is_spare = spare.contains(&planned.number);
            Some(if is_spare { given } else { given - planned.used })
        };
        let unshipped = self.plan.iter().filter(|planned| planned.shipped.is_none());
        let all = unshipped.filter_map(move |planned| Some((planned, rest(planned)?)));
        all.filter(|(_, rest)| rest.is_positive())
    }

    /// Those of its planned supplies that neither it takes anything of, nor what of its own they were planned
    /// for.
    pub fn spare(&self) -> impl Iterator<Item = &Planned> {
        let is_over = match self.state {
            State::Cancelled | State::Expired => true,
            State::Held { .. } | State::Confirmed | State::Fulfilled => self.is_dropped(),
        };
        let has_parent = |planned: &Planned| {
            planned.parent == 0 || self.plan.iter().any(|other| other.number == planned.parent)
        };
        let unshipped = self.plan.iter().filter(|planned| planned.shipped.is_none());
        unshipped.filter(move |planned| {
            is_over || planned.used == Quantity::ZERO || !has_parent(planned)
        })
    }

    /// What it would post without one of its planned supplies; itself otherwise as it is.
    fn without_planned(&self, number: u32) -> Reservation {
        let without = |postings: &Arc<[Posting]>| -> Arc<[Posting]> {
            postings.iter().filter(|posting| posting.planned != number).copied().collect()
        };
        let plan = self.plan.iter().filter(|planned| planned.number != number).copied().collect();
        let standing = self.standing.as_deref().map(|standing| {
            let own = without(&standing.own);
            Arc::new(Standing { own, ..standing.clone() })
        });
        Reservation { postings: without(&self.postings), plan, standing, ..self.clone() }
    }

    /// What it planned, which is everybody's then, and nothing that it takes itself.
    pub fn left_behind(&self) -> Reservation {
        let planned = |posting: &&Posting| posting.planned != 0;
        let postings: Arc<[Posting]> = self.postings.iter().filter(planned).copied().collect();
        // What the source's own supply has taken the place of posts nothing. What has shipped may have been counted
        // where it gave, and wait to be counted where it took.
        let is_ours =
            |planned: &&Planned| postings.iter().any(|posting| posting.planned == planned.number);
        let plan: Vec<Planned> = self.plan.iter().filter(is_ours).copied().collect();
        let rest = |one: &Planned| Planned { taken: Quantity::ZERO, taken_since: i64::MIN, ..*one };
        let plan: Vec<Planned> = plan.iter().map(rest).collect();
        let plan = unused(&plan);
        Reservation { quantity: Quantity::ZERO, postings, plan, standing: None, ..self.clone() }
    }

    /// It without any planned supply.
    pub(super) fn without_plan(&self) -> Reservation {
        let own = |postings: &Arc<[Posting]>| -> Arc<[Posting]> {
            postings.iter().filter(|posting| posting.planned == 0).copied().collect()
        };
        let standing = self
            .standing
            .as_deref()
            .map(|standing| Arc::new(Standing { own: own(&standing.own), ..standing.clone() }));
        let plan = Arc::from([]);
        Reservation { postings: own(&self.postings), plan, standing, ..self.clone() }
    }

    /// The same for a promise that goes on: the source's own demand of its line stays silent.
    pub(super) fn bare(&self, snapshot: &Snapshot) -> Reservation {
        let left = self.left_behind();
        let is_known = |standing: &&Arc<Standing>| match standing.fate {
            Fate::Absorbed | Fate::Superseding => true,
            Fate::Carried | Fate::Dropped => false,
        };
        match self.standing.as_ref().filter(is_known) {
            Some(standing) => standing.renewed(Arc::clone(&left.postings)).give(left, snapshot),
            None => left,
        }
    }
}

/// A plan of which a promise takes nothing any more.
pub(super) fn unused(plan: &[Planned]) -> Arc<[Planned]> {
    let unused = |planned: &Planned| match planned.parent {
        0 => Planned { used: Quantity::ZERO, ..*planned },
        _ => *planned,
    };
    plan.iter().map(unused).collect()
}

/// A promise that is planned anew, in the place of what stays of it as it was.
pub fn beside(old: &Reservation, new: Reservation, snapshot: &Snapshot) -> Reservation {
    let last = old.plan.iter().map(|planned| planned.number).max().unwrap_or(0);
    let moved = |number: u32| if number == 0 { 0 } else { number + last };
    let postings = new.postings.iter();
    let postings = postings.map(|posting| Posting { planned: moved(posting.planned), ..*posting });
    let plan = new.plan.iter().map(|planned| Planned {
        number: moved(planned.number),
        parent: moved(planned.parent),
        ..*planned
    });
    let own: Arc<[Posting]> = old.own().iter().copied().chain(postings).collect();
    let plan = old.plan.iter().copied().chain(plan).collect();
    match &old.standing {
        Some(standing) => {
            let standing = Standing { own, ..(**standing).clone() };
            standing.give(Reservation { plan, ..new }, snapshot)
        }
        None => Reservation { postings: own, plan, standing: None, ..new },
    }
}
