//! What is given back when a promise, or a part of it, is not wanted any more.
//!
//! A promise takes from stock, and may have had things made, bought or moved for it. What it took is
//! given back at once. What was planned for it goes too if nobody counts on it; else it stays as it
//! is, with all it needs, and is everyone's: a lot half of which is promised to another customer is
//! not taken from under them (L1). The next snapshot, which knows the real work orders, drops it.

use super::reservation::{Facts, Leg, Reservation, State};
use crate::{
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// The two parts of a reservation that is divided.
#[derive(Debug)]
pub(super) struct Parts {
    /// What stays.
    pub(super) kept: Reservation,
    /// What the part that goes took from stock, and from the house's order lines.
    pub(super) gone: Vec<Posting>,
    /// The legs, or parts of legs, that go.
    pub(super) legs: Vec<Leg>,
}

/// Divides a reservation: the latest legs go first. All that was planned for it stays with what is kept.
pub(super) fn divide(reservation: &Reservation, quantity: Quantity, snapshot: &Snapshot) -> Parts {
    assert!(quantity.is_positive() && quantity <= reservation.quantity);
    let mut kept_postings = reservation.postings.to_vec();
    let mut kept_legs = reservation.facts.legs.clone();
    let (mut gone, mut legs) = (Vec::new(), Vec::new());
    let mut left = quantity;
    while left.is_positive() {
        let leg = kept_legs.last_mut().expect("the legs add up to the reservation's quantity");
        let covers = left.min(leg.covers);
        let quantity = leg.quantity - leg.quantity.scaled(leg.covers - covers, leg.covers);
        let stock = snapshot.stock(leg.item, leg.location);
        take_out(&mut kept_postings, (stock, leg.need), quantity, &mut gone);
        legs.insert(0, Leg { quantity, covers, ..leg.clone() });
        leg.quantity -= quantity;
        leg.covers -= covers;
        left -= covers;
        if leg.covers == Quantity::ZERO {
            if let Some(house) = snapshot.capacities.house(leg.location) {
                let place = (snapshot.capacity(house), leg.ship);
                take_out(&mut kept_postings, place, Quantity::ONE, &mut gone);
            }
            kept_legs.pop();
        }
    }
    let facts = Facts { legs: kept_legs, ..(*reservation.facts).clone() };
    let kept = Reservation {
        quantity: reservation.quantity - quantity,
        postings: kept_postings.into(),
        facts: Arc::new(facts),
        ..reservation.clone()
    };
    Parts { kept, gone, legs }
}

/// Moves up to `quantity` of what is taken at a place from one list of postings to another.
fn take_out(
    from: &mut Vec<Posting>,
    (account, day): (AccountIx, Day),
    quantity: Quantity,
    to: &mut Vec<Posting>,
) {
    let mut left = quantity;
    for posting in
        from.iter_mut().filter(|posting| (posting.account, posting.day) == (account, day))
    {
        let part = left.min(-posting.quantity);
        if part.is_positive() {
            posting.quantity += part;
            left -= part;
            to.push(Posting { account, day, quantity: -part });
        }
    }
    from.retain(|posting| posting.quantity != Quantity::ZERO);
}

/// The reservation in a final state without anything of its own.
///
/// Its legs stay in the facts: they are what the customer was told.
pub(super) fn ended(
    reservation: &Reservation,
    state: State,
    postings: Arc<[Posting]>,
) -> Reservation {
    assert!(state.is_final());
    Reservation { state, quantity: Quantity::ZERO, postings, ..reservation.clone() }
}
