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
        effective::effective,
        planned::{Planned, given},
        reservation::{Reservation, State},
        standing::{Fate, Plan, Standing},
        world::World,
    },
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::Snapshot,
};
use std::{collections::BTreeMap, sync::Arc};

/// The reservations of one order line, in order of number.
#[derive(Debug)]
pub(super) struct LineGroup<'a>(Vec<&'a Arc<Reservation>>);

impl<'a> LineGroup<'a> {
    /// The group of a reservation.
    pub(super) fn of(world: &'a World, member: &'a Arc<Reservation>) -> Self {
        let of_order = world.reservations_of(&member.facts.order);
        Self(of_order.filter(|other| other.facts.line == member.facts.line).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Arc<Reservation>> {
        self.0.iter().copied()
    }

    /// Whether a reservation is the first of those that stand for the line.
    fn is_first(&self, member: &Reservation, stands: &dyn Fn(&Reservation) -> bool) -> bool {
        let mut members = self.0.iter().filter(|other| stands(other));
        members.next().is_some_and(|first| first.number == member.number)
    }

    /// Whether it was promised over the row that the snapshot holds, and that is as it was then.
    fn is_over_row(&self, theirs: &Theirs, translation: &Translation<'_>) -> bool {
        let mut members = self.0.iter().filter(|other| !is_over(other));
        let row = |member: &Reservation| member.standing.as_deref().and_then(|one| one.row);
        members.any(|member| {
            row(member).is_some_and(|row| translation.row(row).ok() == Some(theirs.row))
        })
    }

    /// Whether something was changed here after the revision that the snapshot holds.
    fn is_newer_than(&self, theirs: &Theirs) -> bool {
        let mut members = self.0.iter().filter(|other| !is_over(other));
        members.any(|member| theirs.row.revision < member.facts.revision)
    }
}

/// The reservation as it stands to the new snapshot, in its indices and days.
pub(super) fn decide(
    before: &Arc<Reservation>,
    group: &LineGroup<'_>,
    translation: &Translation<'_>,
    known: &mut Known,
) -> Result<Reservation, Unknown> {
    let key = Known::key(&before.facts);
    let plan = left_planned(before, translation);
    let own = translation.postings(before.own())?;
    let own = without_overdue(own, &before.plan, &plan);
    let facts = translation.facts(&before.facts)?;
    let theirs = known.demand(&key);
    let mark = translation.to.watermarks.of_stock(before.facts.source.as_deref());
    let fate = match &theirs {
        // What is over takes nothing: only what others count on of its plan is left.
        _ if is_over(before) => Fate::Carried,
        _ if has_been_counted(before, mark) => Fate::Dropped,
        Some(_) if before.shipped.is_some() => Fate::Superseding,
        None if before.shipped.is_some() => Fate::Carried,
        Some(theirs) if group.is_over_row(theirs, translation) => Fate::Superseding,
        Some(theirs) if group.is_newer_than(theirs) => Fate::Superseding,
        Some(_) => Fate::Absorbed,
        None if is_held(before) => Fate::Carried,
        None if known.is_gone(&key) || known.contains(&before.facts) => Fate::Dropped,
        None => Fate::Carried,
    };
    // By the rules of old entries a plan goes with its shipment.
    let is_counted =
        before.state == State::Fulfilled && fate == Fate::Dropped && before.shipped.is_none();
    // Planned supply that is told apart gives way quantity for quantity.
    let is_pegged = before.plan.is_empty() && known.is_pegged(&key);
    let is_pegged = is_pegged || was_pegged(before, translation) || is_counted;
    let whose = if is_pegged { Plan::Theirs } else { Plan::Ours };
    let is_silent = |theirs: &&Theirs| group.is_over_row(theirs, translation);
    let row = theirs.as_ref().filter(|_| !is_over(before)).filter(is_silent);
    let row = row.map(|theirs| theirs.row);
    let stands = |member: &Reservation| !is_over(member) && !has_been_counted(member, mark);
    let theirs = theirs.filter(|_| stands(before) && group.is_first(before, &stands));
    let theirs = theirs.map(|theirs| theirs.postings).unwrap_or_default();
    let has_shipped =
        before.shipped.is_some() || before.plan.iter().any(|planned| planned.shipped.is_some());
    let counted = if has_shipped { mark } else { i64::MIN };
    let standing = Standing { fate, plan: whose, own, theirs, row, counted };
    let plan = translation.plan(&plan, before.own())?;
    let quantity = translation.promised(before)?;
    let after =
        Reservation { facts, plan, quantity, standing: None, at_risk: false, ..(**before).clone() };
    let postings = effective(&standing, &after, translation.to);
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

/// The planned supplies that a snapshot leaves to a promise: without those that were to be there before it and from
/// which nothing has shipped. They have come, and are on hand then, or they have not. What the source's own
/// supply took over is ours again where the snapshot is older.
fn left_planned(before: &Reservation, translation: &Translation<'_>) -> Arc<[Planned]> {
    let own = before.own();
    let mark = translation.to.watermarks.of(before.facts.source.as_deref());
    let is_left = |planned: &&Planned| {
        let gives = given(own, planned.number);
        let is_overdue = gives.is_some_and(|gives| translation.day(gives.day) < Day::ZERO);
        planned.shipped.is_some() || !is_overdue
    };
    let is_older = |planned: &Planned| planned.taken.is_positive() && mark < planned.taken_since;
    if before.plan.iter().all(|planned| is_left(&planned) && !is_older(planned)) {
        return Arc::clone(&before.plan);
    }
    let ours = |planned: &Planned| match is_older(planned) {
        true => Planned { taken: Quantity::ZERO, taken_since: i64::MIN, ..*planned },
        false => *planned,
    };
    before.plan.iter().filter(is_left).map(ours).collect()
}

/// Postings without those of planned supplies that are left no more.
fn without_overdue(own: Arc<[Posting]>, was: &[Planned], is: &[Planned]) -> Arc<[Posting]> {
    if was.len() == is.len() {
        return own;
    }
    let is_left = |posting: &&Posting| {
        posting.planned == 0 || is.iter().any(|planned| planned.number == posting.planned)
    };
    own.iter().filter(is_left).copied().collect()
}

/// Whether it was cancelled or has expired.
fn is_over(reservation: &Reservation) -> bool {
    match reservation.state {
        State::Cancelled | State::Expired => true,
        State::Held { .. } | State::Confirmed | State::Fulfilled => false,
    }
}

/// Whether it has shipped, and a snapshot that knows all up to an instant has that in its stock.
fn has_been_counted(reservation: &Reservation, mark: i64) -> bool {
    reservation.shipped.is_some_and(|at| at <= mark)
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
