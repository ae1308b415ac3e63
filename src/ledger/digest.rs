//! A digest of the state that does not depend on how the state is kept.
//!
//! FNV-1a in 128 bits: no security, but stable for ever and equal on every machine, so that a replica,
//! a replay (L6) and the naive twin of the tests can be compared by one number.

pub use crate::model::digest::Digest;

use super::{
    history::Past,
    reservation::{Reservation, State},
    world::World,
};
use crate::{
    allocation,
    model::{AccountIx, Day, Epoch, Posting, ProfileRef, Quantity},
};

/// The digest of a world's position, reservations, balances, positions of sources and cursors; of its snapshot only
/// the id and the changes made to it.
///
/// Worlds over the same snapshot with the same promises have the same digest, whatever way led there.
pub fn of(world: &World) -> u128 {
    ended(promised(world), effect(world), world)
}

/// The same, worked out on two cores: for who waits for it.
pub fn of_side_by_side(world: &World) -> u128 {
    let effect = || effect(world).collect::<Vec<_>>();
    let (promised, effect) = rayon::join(|| promised(world), effect);
    ended(promised, effect.into_iter(), world)
}

/// Of the digest what comes before what promises have changed.
fn promised(world: &World) -> Digest {
    let mut digest = Digest::default();
    digest.text(world.snapshot.id());
    digest.bytes(&world.snapshot.changes().to_le_bytes());
    digest.bytes(&world.position.to_le_bytes());
    digest.bytes(&world.next_number().to_le_bytes());
    for reservation in world.reservations_from(0) {
        feed_reservation(&mut digest, reservation);
    }
    for (number, steps) in world.histories() {
        digest.bytes(&number.to_le_bytes());
        for past in steps {
            feed_past(&mut digest, past, world.snapshot.epoch());
        }
    }
    digest
}

/// The rest of it.
fn ended(mut digest: Digest, effect: impl Iterator<Item = Posting>, world: &World) -> u128 {
    effect.for_each(|posting| feed_posting(&mut digest, posting));
    for row in world.folded() {
        row.dates.iter().for_each(|date| digest.text(&date.to_string()));
        row.feed_words(&mut digest);
        row.sums.iter().flat_map(|sums| sums.0).for_each(|sum| digest.bytes(&sum.to_le_bytes()));
    }
    for (source, positions) in world.positions().all() {
        digest.text(source);
        positions.iter().for_each(|position| digest.text(position));
    }
    // Which snapshots served before is known of newer checkpoints alone.
    for (of, at) in world.cursors() {
        digest.text(of);
        digest.text(at);
    }
    digest.value()
}

/// What promises have changed, account by account and day by day: the view against the snapshot.
pub fn effect(world: &World) -> impl Iterator<Item = Posting> {
    world.view.changed().flat_map(|(account, _)| effect_on(world, account))
}

/// What promises have changed on one account, day by day.
pub fn effect_on(world: &World, account: AccountIx) -> impl Iterator<Item = Posting> {
    let (ours, theirs) = (world.profile(account), allocation::profile(&world.snapshot, account));
    let days = days_of(ours, theirs, world.snapshot.epoch().n_days()).into_iter();
    let change = move |day| net_on(ours, day) - net_on(theirs, day);
    let changes = days.map(move |day| Posting { account, day, quantity: change(day), planned: 0 });
    changes.filter(|posting| posting.quantity != Quantity::ZERO)
}

/// The days on which two profiles can differ.
fn days_of(ours: ProfileRef<'_>, theirs: ProfileRef<'_>, n_days: usize) -> Vec<Day> {
    match (ours, theirs) {
        (ProfileRef::Stock(ours), ProfileRef::Stock(theirs)) => {
            let mut days = [ours.days(), theirs.days()].concat();
            days.sort_unstable();
            days.dedup();
            days.into_iter().map(|day| Day(day.into())).collect()
        }
        (ProfileRef::Capacity(_), _) | (_, ProfileRef::Capacity(_)) => {
            (0..n_days).map(Day::at).collect()
        }
    }
}

fn net_on(profile: ProfileRef<'_>, day: Day) -> Quantity {
    match profile {
        ProfileRef::Stock(stock) => stock.net_on(day),
        ProfileRef::Capacity(capacity) => capacity.balance(day),
    }
}

fn feed_posting(digest: &mut Digest, posting: Posting) {
    digest.bytes(&posting.account.0.to_le_bytes());
    digest.number(posting.day.0.into());
    digest.number(posting.quantity.raw());
}

fn feed_past(digest: &mut Digest, past: &Past, epoch: Epoch) {
    // What moved it is known of newer checkpoints alone, and nothing that is promised follows from it.
    let Past { step, at, position, state, quantity, ship, by, mover: _ } = past;
    digest.text(&step.map(|step| step.to_string()).unwrap_or_default());
    digest.number(*at);
    digest.bytes(&position.to_le_bytes());
    digest.text(&state.to_string());
    digest.number(quantity.raw());
    digest.number(ship.map_or(-1, |date| epoch.day(date).0.into()));
    // Checkpoints of old have sums of histories that do not know it.
    if let Some(by) = by {
        digest.text(by);
    }
}

fn feed_reservation(digest: &mut Digest, reservation: &Reservation) {
    digest.bytes(&reservation.number.to_le_bytes());
    digest.text(&reservation.state.to_string());
    digest.number(match reservation.state {
        State::Held { until } => until,
        State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => 0,
    });
    digest.number(reservation.quantity.raw());
    digest.number(reservation.at_risk.into());
    for &posting in reservation.postings.iter() {
        feed_posting(digest, posting);
    }
    if let Some(standing) = &reservation.standing {
        digest.number(standing.fate as i64);
        digest.number(standing.plan as i64);
        for &posting in standing.own.iter().chain(standing.theirs.iter()) {
            feed_posting(digest, posting);
        }
    }
    let facts = &*reservation.facts;
    digest.text(facts.source.as_deref().unwrap_or(""));
    digest.number(facts.revision.into());
    digest.text(&facts.order);
    digest.text(&facts.line);
    digest.number(facts.quantity_requested.raw());
    digest.number(facts.requested.0.into());
    digest.number(facts.created);
    for leg in &facts.legs {
        digest.number(leg.quantity.raw());
        digest.number(leg.covers.raw());
        for day in [leg.need, leg.ship, leg.arrival] {
            digest.number(day.0.into());
        }
    }
}
