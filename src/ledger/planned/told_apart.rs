//! Postings of which nobody said which planned supply they belong to: those of old entries, and of callers
//! that plan by themselves.

use super::{Planned, PlannedKind, unused};
use crate::{
    ledger::{
        effective::take_takings,
        reservation::{Leg, Reservation},
        standing::{Fate, Standing},
        world::World,
    },
    model::{Posting, Quantity},
    snapshot::{Account, Snapshot},
};
use std::sync::Arc;

/// Says which postings a promise's legs take; all others are one planned supply, if they give anything.
pub(in crate::ledger) fn told_apart(
    postings: Vec<Posting>,
    legs: &[Leg],
    snapshot: &Snapshot,
) -> (Vec<Posting>, Vec<Planned>) {
    let is_given = |posting: &Posting| {
        let is_stock = matches!(snapshot.account(posting.account), Account::Stock(..));
        is_stock && Quantity::ZERO < posting.quantity
    };
    let is_told = postings.iter().any(|posting| posting.planned != 0);
    if is_told || !postings.iter().any(is_given) {
        return (postings, Vec::new());
    }
    let mut rest = postings;
    let mut all = take_takings(&mut rest, legs, snapshot);
    if rest.is_empty() {
        return (all, Vec::new());
    }
    let begins = rest.iter().map(|posting| posting.day).min().expect("something is given");
    let given: Quantity = rest.iter().filter(|one| is_given(one)).map(|one| one.quantity).sum();
    let taken: Quantity = legs.iter().map(|leg| leg.quantity).sum();
    let planned = Planned { used: given.min(taken), ..Planned::new(1, PlannedKind::Made, begins) };
    all.extend(rest.into_iter().map(|posting| Posting { planned: 1, ..posting }));
    (all, vec![planned])
}

impl World {
    /// Says of promises that were made under earlier rules what they planned.
    pub(in crate::ledger) fn tell_apart(&mut self) {
        let untold: Vec<_> = self.reservations_from(0).filter(|one| one.plan.is_empty()).collect();
        let told = untold.into_iter().filter_map(|one| told(one, &self.snapshot));
        for told in told.collect::<Vec<_>>() {
            self.put(Arc::new(told));
        }
    }
}

/// A reservation that says what it planned; none where it planned nothing.
fn told(untold: &Reservation, snapshot: &Snapshot) -> Option<Reservation> {
    // What is over takes nothing itself any more.
    let is_over = untold.state.is_final() && untold.quantity == Quantity::ZERO;
    let legs = if is_over { &[] } else { &untold.facts.legs[..] };
    let (own, plan) = told_apart(untold.own().to_vec(), legs, snapshot);
    if plan.is_empty() {
        return None;
    }
    let plan = if is_over { unused(&plan) } else { plan.into() };
    let told = Reservation { plan, ..untold.clone() };
    Some(match &untold.standing {
        None => Reservation { postings: own.into(), ..told },
        // By the rules of then a plan went with its order.
        Some(standing) if standing.fate == Fate::Dropped => {
            let own = own.into_iter().filter(|posting| posting.planned == 0).collect();
            let standing = Standing { own, ..(**standing).clone() };
            standing.give(Reservation { plan: Arc::from([]), ..told }, snapshot)
        }
        Some(standing) => Standing { own: own.into(), ..(**standing).clone() }.give(told, snapshot),
    })
}
