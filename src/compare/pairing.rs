//! Which promise of one world is which of another.

use crate::{
    ledger::{Reservation, World},
    promising::patience::Patience,
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// An order and a line of it.
type Key = (Arc<str>, Arc<str>);

/// The promises that stand in either world, paired: those of one number that are of one order line, in
/// the order of their numbers, then the others by order and line. Of several promises of one line the first is
/// paired with the first.
pub(super) fn pairs(
    before: &World,
    after: &World,
    patience: &Patience,
) -> Vec<[Option<Arc<Reservation>>; 2]> {
    let mut pairs = Vec::with_capacity(before.n_reservations());
    let mut rest: BTreeMap<Key, [VecDeque<&Arc<Reservation>>; 2]> = BTreeMap::new();
    for found in before.reservations_from(0).filter(|found| found.is_live()) {
        patience.go_on();
        match counterpart(found, after) {
            Some(other) => pairs.push([Some(Arc::clone(found)), Some(Arc::clone(other))]),
            None => rest.entry(key(found)).or_default()[0].push_back(found),
        }
    }
    for found in after.reservations_from(0).filter(|found| found.is_live()) {
        patience.go_on();
        if counterpart(found, before).is_none() {
            rest.entry(key(found)).or_default()[1].push_back(found);
        }
    }
    for [mut ours, mut theirs] in rest.into_values() {
        while !ours.is_empty() || !theirs.is_empty() {
            pairs.push([ours.pop_front().cloned(), theirs.pop_front().cloned()]);
        }
    }
    pairs
}

/// The promise of the same number, if it stands and is of the same order line.
fn counterpart<'w>(found: &Reservation, other: &'w World) -> Option<&'w Arc<Reservation>> {
    let of_number = other.reservation(found.number)?;
    let is_same = |one: &Arc<str>, two: &Arc<str>| Arc::ptr_eq(one, two) || one == two;
    let (one, two) = (&found.facts, &of_number.facts);
    let is_it =
        of_number.is_live() && is_same(&one.order, &two.order) && is_same(&one.line, &two.line);
    is_it.then_some(of_number)
}

fn key(found: &Reservation) -> Key {
    (Arc::clone(&found.facts.order), Arc::clone(&found.facts.line))
}
