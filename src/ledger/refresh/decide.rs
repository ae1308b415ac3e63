//! What becomes of one reservation: the six cases of semantics 9, and nothing else.
//!
//! All reservations of one order line are judged together, because the snapshot has one demand for it:
//! either it counts for all of them, or ours all count and it is given back once.

use super::{
    known::{Known, Theirs},
    translate::{Translation, Unknown},
};
use crate::{
    ledger::{
        reservation::{Reservation, State},
        standing::{Fate, Plan, Standing, effective},
        world::World,
    },
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::Snapshot,
};
use std::{collections::BTreeMap, sync::Arc};

/// The reservations of one order line, in order of number.
#[derive(Debug)]
pub(super) struct Group<'a>(Vec<&'a Arc<Reservation>>);

impl<'a> Group<'a> {
    /// The group of a reservation.
    pub(super) fn of(world: &'a World, member: &'a Arc<Reservation>) -> Self {
        let of_order = world.reservations_of(&member.facts.order);
        Self(of_order.filter(|other| other.facts.line == member.facts.line).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Arc<Reservation>> {
        self.0.iter().copied()
    }

    fn is_first(&self, member: &Reservation) -> bool {
        self.0.first().is_some_and(|first| first.number == member.number)
    }

    /// Whether something was changed here after the revision that the snapshot holds.
    fn is_newer_than(&self, theirs: &Theirs) -> bool {
        self.0.iter().any(|member| theirs.revision < member.facts.revision)
    }
}

/// The reservation as it stands to the new snapshot, in its indices and days.
pub(super) fn decide(
    before: &Arc<Reservation>,
    group: &Group<'_>,
    translation: &Translation<'_>,
    known: &mut Known,
) -> Result<Reservation, Unknown> {
    let key = Known::key(&before.facts);
    let own = translation.postings(before.own())?;
    let facts = translation.facts(&before.facts)?;
    let theirs = known.demand(&key);
    let fate = match &theirs {
        Some(theirs) if group.is_newer_than(theirs) => Fate::Superseding,
        Some(_) => Fate::Absorbed,
        None if is_held(before) => Fate::Carried,
        None if known.is_gone(&key) || known.contains(&before.facts) => Fate::Dropped,
        None => Fate::Carried,
    };
    let is_pegged = known.is_pegged(&key) || was_pegged(before, translation);
    let plan = if is_pegged { Plan::Theirs } else { Plan::Ours };
    let theirs = theirs.filter(|_| group.is_first(before)).map(|theirs| theirs.postings);
    let standing = Standing { fate, plan, own, theirs: theirs.unwrap_or_default() };
    let postings = effective(&standing, &facts.legs, translation.to);
    let after = Reservation { facts, standing: None, at_risk: false, ..(**before).clone() };
    Ok(if is_plain(&standing, &postings) {
        Reservation { postings: standing.own, ..after }
    } else {
        Reservation { postings, standing: Some(Arc::new(standing)), ..after }
    })
}

/// Whether a supply was pegged to the order line already: one that has been received since is no longer
/// among the supplies, but must not be planned again. A snapshot that is older may not have it yet.
fn was_pegged(before: &Reservation, translation: &Translation<'_>) -> bool {
    let source = before.facts.source.as_deref();
    let mark = |snapshot: &Snapshot| snapshot.watermarks.of(source);
    let goes_on = mark(translation.from) <= mark(translation.to);
    before.standing.as_deref().is_some_and(|standing| standing.plan == Plan::Theirs) && goes_on
}

fn is_held(reservation: &Reservation) -> bool {
    match reservation.state {
        State::Held { .. } => true,
        State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => false,
    }
}

/// Whether a standing says no more than the postings do.
fn is_plain(standing: &Standing, postings: &[Posting]) -> bool {
    match (standing.fate, standing.plan) {
        (Fate::Carried, _) if standing.own.is_empty() => true,
        // What a leg takes may come in other parts than those it was posted in.
        (Fate::Carried, Plan::Ours) => sums(&standing.own) == sums(postings),
        // What is over and left nothing behind is dropped without a word.
        (Fate::Dropped, _) => standing.own.is_empty(),
        (Fate::Carried, Plan::Theirs) | (Fate::Absorbed | Fate::Superseding, _) => false,
    }
}

/// What postings come to, by account and day.
fn sums(postings: &[Posting]) -> BTreeMap<(AccountIx, Day), Quantity> {
    let mut sums: BTreeMap<_, Quantity> = BTreeMap::new();
    for posting in postings {
        *sums.entry((posting.account, posting.day)).or_default() += posting.quantity;
    }
    sums
}
