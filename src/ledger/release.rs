//! What is given back when a promise, or a part of it, is not wanted any more.
//!
//! A promise takes from stock, and may have had things made, bought or moved for it. What it took is
//! given back at once. What was planned for it is spare then, and everyone's: the entry that gives it back
//! withdraws it, unless others count on it (`planned/withdraw.rs`).

use super::{
    effective::{effective, take_leg},
    planned::{Planned, given},
    reservation::{Facts, Leg, Reservation, State},
    standing::Standing,
};
use crate::{
    model::{Posting, Quantity, StockAccount},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// The two parts of a reservation that is divided.
#[derive(Debug)]
pub(super) struct Parts {
    /// What stays of its own postings: all that was planned for it, and what the other legs take.
    pub(super) kept: Vec<Posting>,
    /// What was planned, of which what stays takes no more than it needs.
    pub(super) plan: Vec<Planned>,
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
    let mut plan = reservation.plan.to_vec();
    let mut kept_legs = reservation.facts.legs.clone();
    let (mut gone, mut legs) = (Vec::new(), Vec::new());
    let mut left = quantity;
    while left.is_positive() {
        let leg = kept_legs.last_mut().expect("the legs add up to the reservation's quantity");
        let covers = left.min(leg.covers);
        let quantity = leg.quantity - leg.quantity.scaled(leg.covers - covers, leg.covers);
        take_leg(&mut kept, leg, quantity, snapshot, &mut gone);
        use_less(&mut plan, &kept, (snapshot.stock(leg.item, leg.location), quantity));
        legs.insert(0, Leg { quantity, covers, ..leg.clone() });
        leg.quantity -= quantity;
        leg.covers -= covers;
        left -= covers;
        if leg.covers == Quantity::ZERO {
            kept_legs.pop();
        }
    }
    Parts { kept, plan, kept_legs, gone, legs }
}

/// Has a promise take less of what was planned for it on an account, of the last of it first.
fn use_less(plan: &mut [Planned], own: &[Posting], (account, less): (StockAccount, Quantity)) {
    let mut left = less;
    let is_there = |planned: &&mut Planned| {
        let given = given(own, planned.number);
        planned.parent == 0 && given.is_some_and(|given| given.account == account)
    };
    for planned in plan.iter_mut().rev().filter(is_there) {
        let part = left.min(planned.used);
        planned.used -= part;
        left -= part;
    }
}

/// The reservation without a part of it: a change of ours, newer than what the snapshot may hold.
pub(super) fn without_part(
    reservation: &Reservation,
    quantity: Quantity,
    snapshot: &Snapshot,
) -> Reservation {
    let Parts { kept, plan, kept_legs, .. } = divide(reservation, quantity, snapshot);
    let revision = reservation.facts.revision + 1;
    let (stays, _) = reservation.facts.divided(quantity, reservation.quantity);
    let facts = Facts { legs: kept_legs, revision, ..stays };
    let rest = Reservation {
        quantity: reservation.quantity - quantity,
        plan: plan.into(),
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
    let Parts { kept, plan, kept_legs, gone, legs } = divide(reservation, quantity, snapshot);
    let left = reservation.quantity - quantity;
    let (stays, goes) = reservation.facts.divided(quantity, reservation.quantity);
    let stays = Arc::new(Facts { legs: kept_legs, ..stays });
    let goes = Arc::new(Facts { legs, ..goes });
    let stays = Reservation { quantity: left, facts: stays, ..reservation.clone() };
    let stays = Reservation { plan: plan.into(), ..stays };
    let goes = Reservation { number, quantity, facts: goes, ..reservation.clone() };
    let goes = Reservation { plan: Arc::from([]), ..goes };
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
        let postings = effective(&self, &reservation, snapshot);
        Reservation { postings, standing: Some(Arc::new(self)), ..reservation }
    }
}

/// The reservation in a final state: only what it planned is left, for whoever counts on it. What the
/// snapshot's demand takes for its order line counts again as it stands.
///
/// Its legs stay in the facts: they are what the customer was told.
pub(super) fn ended(reservation: &Reservation, state: State) -> Reservation {
    assert!(state.is_final());
    let revision = reservation.facts.revision + i32::from(state == State::Cancelled);
    let facts = Arc::new(Facts { revision, ..(*reservation.facts).clone() });
    Reservation { state, facts, ..reservation.left_behind() }
}
