//! What is given back when a promise, or a part of it, is not wanted any more.
//!
//! A promise takes from stock, and may have had things made, bought or moved for it. What it took is
//! given back at once. What was planned for it goes too if nobody counts on it; else it stays as it
//! is, with all it needs, and is everyone's: a lot half of which is promised to another customer is
//! not taken from under them (L1). The next snapshot, which knows the real work orders, drops it.

use super::{
    reservation::{Facts, Leg, Reservation, State},
    standing::{Standing, effective, reverse, take_leg},
};
use crate::{
    model::{Posting, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// The two parts of a reservation that is divided.
#[derive(Debug)]
pub(super) struct Parts {
    /// What stays of its own postings: all that was planned for it, and what the other legs take.
    pub(super) kept: Vec<Posting>,
    /// The legs that stay.
    pub(super) kept_legs: Vec<Leg>,
    /// What the part that goes took from stock, and from the house's order lines.
    pub(super) gone: Vec<Posting>,
    /// The legs, or parts of legs, that go.
    pub(super) legs: Vec<Leg>,
}

/// Divides a reservation: the latest legs go first. All that was planned for it stays with what is kept.
pub(super) fn divide(reservation: &Reservation, quantity: Quantity, snapshot: &Snapshot) -> Parts {
    assert!(quantity.is_positive() && quantity <= reservation.quantity);
    let mut kept = reservation.own().to_vec();
    let mut kept_legs = reservation.facts.legs.clone();
    let (mut gone, mut legs) = (Vec::new(), Vec::new());
    let mut left = quantity;
    while left.is_positive() {
        let leg = kept_legs.last_mut().expect("the legs add up to the reservation's quantity");
        let covers = left.min(leg.covers);
        let quantity = leg.quantity - leg.quantity.scaled(leg.covers - covers, leg.covers);
        take_leg(&mut kept, leg, quantity, snapshot, &mut gone);
        legs.insert(0, Leg { quantity, covers, ..leg.clone() });
        leg.quantity -= quantity;
        leg.covers -= covers;
        left -= covers;
        if leg.covers == Quantity::ZERO {
            kept_legs.pop();
        }
    }
    Parts { kept, kept_legs, gone, legs }
}

/// The reservation without a part of it: a change of ours, newer than what the snapshot may hold.
pub(super) fn without_part(
    reservation: &Reservation,
    quantity: Quantity,
    snapshot: &Snapshot,
) -> Reservation {
    let Parts { kept, kept_legs, .. } = divide(reservation, quantity, snapshot);
    let revision = reservation.facts.revision + 1;
    let facts = Facts { legs: kept_legs, revision, ..(*reservation.facts).clone() };
    let rest = Reservation {
        quantity: reservation.quantity - quantity,
        facts: Arc::new(facts),
        ..reservation.clone()
    };
    match &reservation.standing {
        None => Reservation { postings: kept.into(), ..rest },
        Some(standing) => standing.changed(kept.into()).give(rest, snapshot),
    }
}

/// The two reservations that a hold becomes of which a part is confirmed: the part that stays, and the
/// part that goes, under a number of its own. Together they post what the whole did.
pub(super) fn two(
    reservation: &Reservation,
    goes: (Quantity, u64),
    snapshot: &Snapshot,
) -> (Reservation, Reservation) {
    let (quantity, number) = goes;
    let Parts { kept, kept_legs, gone, legs } = divide(reservation, quantity, snapshot);
    let facts = |legs| Arc::new(Facts { legs, ..(*reservation.facts).clone() });
    let left = reservation.quantity - quantity;
    let stays = Reservation { quantity: left, facts: facts(kept_legs), ..reservation.clone() };
    let goes = Reservation { number, quantity, facts: facts(legs), ..reservation.clone() };
    match &reservation.standing {
        None => (
            Reservation { postings: kept.into(), ..stays },
            Reservation { postings: gone.into(), ..goes },
        ),
        Some(standing) => {
            let first = Standing { own: kept.into(), ..(**standing).clone() };
            let second = Standing { own: gone.into(), theirs: Arc::from([]), ..first.clone() };
            (first.give(stays, snapshot), second.give(goes, snapshot))
        }
    }
}

impl Standing {
    /// A reservation that stands like this.
    pub(super) fn give(self, reservation: Reservation, snapshot: &Snapshot) -> Reservation {
        let postings = effective(&self, &reservation.facts.legs, snapshot);
        Reservation { postings, standing: Some(Arc::new(self)), ..reservation }
    }
}

/// What a reservation that ends must leave behind, whatever becomes of what it planned: where the
/// customer cancelled it, what the snapshot's demand takes for it is given back.
pub(super) fn left_behind(reservation: &Reservation, state: State) -> Vec<Posting> {
    match (&reservation.standing, state) {
        (Some(standing), State::Cancelled) => reverse(&standing.theirs).collect(),
        (Some(_) | None, _) => Vec::new(),
    }
}

/// The reservation in a final state; of its own only `planned` is left.
///
/// Its legs stay in the facts: they are what the customer was told.
pub(super) fn ended(
    reservation: &Reservation,
    state: State,
    planned: Vec<Posting>,
    snapshot: &Snapshot,
) -> Reservation {
    assert!(state.is_final());
    let is_ours = state == State::Cancelled;
    let revision = reservation.facts.revision + i32::from(is_ours);
    let facts = Arc::new(Facts { revision, ..(*reservation.facts).clone() });
    let ended = Reservation { state, quantity: Quantity::ZERO, facts, ..reservation.clone() };
    match &reservation.standing {
        None => Reservation { postings: planned.into(), ..ended },
        Some(standing) if is_ours => standing.changed(planned.into()).give(ended, snapshot),
        Some(standing) => {
            Standing { own: planned.into(), ..(**standing).clone() }.give(ended, snapshot)
        }
    }
}
