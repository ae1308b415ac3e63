//! What a reservation posts by its standing (semantics 9); nothing else decides that.

use super::{
    planned::given,
    reservation::{Leg, Reservation},
    standing::{Fate, Plan, Standing},
};
use crate::{
    allocation::{announced, complete, count, node_of},
    model::{Day, Posting, Quantity},
    snapshot::{Account, Snapshot},
};
use std::{ops::Range, sync::Arc};

/// What a promise takes and gives, by its own postings or by the demand that absorbed it.
pub fn moves(reservation: &Reservation) -> impl Iterator<Item = Posting> {
    let absorbed = match reservation.standing.as_deref() {
        Some(Standing { fate: Fate::Absorbed, theirs, .. }) => &theirs[..],
        Some(_) | None => &[],
    };
    reservation.postings.iter().chain(absorbed).copied()
}

/// Postings turned round.
pub fn reverse(postings: &[Posting]) -> impl Iterator<Item = Posting> {
    postings.iter().map(|posting| Posting { quantity: -posting.quantity, ..*posting })
}

/// What a reservation posts by its standing.
pub fn effective(
    standing: &Standing,
    reservation: &Reservation,
    snapshot: &Snapshot,
) -> Arc<[Posting]> {
    let (mut takings, mut planned) = parted(standing, &reservation.facts.legs, snapshot);
    // What has shipped is in the count.
    let is_left = |posting: &Posting| {
        reservation.shipped_with(posting.planned).is_none_or(|at| standing.counted < at)
    };
    takings.retain(is_left);
    planned.retain(is_left);
    without_taken(&mut planned, reservation);
    let takes = match standing.fate {
        Fate::Carried | Fate::Superseding => takings,
        Fate::Absorbed | Fate::Dropped => Vec::new(),
    };
    let plans = match standing.plan {
        Plan::Theirs => Vec::new(),
        Plan::Ours => planned,
    };
    let ours = takes.into_iter().chain(plans);
    let mut all: Vec<_> = ours.filter_map(|posting| within_horizon(posting, snapshot)).collect();
    if standing.fate == Fate::Superseding {
        all.extend(reverse(&standing.theirs));
    }
    complete(snapshot, &mut all);
    all.into()
}

/// Leaves of what was planned the part whose place the source's own supply has not taken.
fn without_taken(postings: &mut Vec<Posting>, reservation: &Reservation) {
    for planned in reservation.plan.iter().filter(|planned| planned.taken.is_positive()) {
        let Some(lot) = given(postings, planned.number).map(|gives| gives.quantity) else {
            continue;
        };
        let left = (lot - planned.taken).max(Quantity::ZERO);
        for posting in postings.iter_mut().filter(|posting| posting.planned == planned.number) {
            let whole = posting.quantity.max(-posting.quantity);
            let part = whole.scaled(left, lot);
            posting.quantity = if posting.quantity < Quantity::ZERO { -part } else { part };
        }
    }
    postings.retain(|posting| posting.quantity != Quantity::ZERO);
}

/// What a promise takes itself, and what it planned. Where old entries do not say which is which, its legs do,
/// and by the rules of those a plan goes with its order.
fn parted(standing: &Standing, legs: &[Leg], snapshot: &Snapshot) -> (Vec<Posting>, Vec<Posting>) {
    if standing.own.iter().any(|posting| posting.planned != 0) {
        return standing.own.iter().partition(|posting| posting.planned == 0);
    }
    let mut planned = standing.own.to_vec();
    let takings = take_takings(&mut planned, legs, snapshot);
    if standing.fate == Fate::Dropped {
        planned.clear();
    }
    (takings, planned)
}

/// A posting on the day on which it counts: what is past due and accumulates counts on day 0, what
/// expires is gone with its day, and what lies after the horizon is not yet looked at.
fn within_horizon(posting: Posting, snapshot: &Snapshot) -> Option<Posting> {
    if snapshot.epoch().contains(posting.day) {
        return Some(posting);
    }
    match snapshot.account(posting.account) {
        Account::Stock(..) if posting.day < Day::ZERO => {
            Some(Posting { day: Day::ZERO, ..posting })
        }
        Account::Part(whole, part) => {
            let day = count::day_counted(snapshot, (whole, part), posting.day)?;
            Some(Posting { day, ..posting })
        }
        Account::Stock(..) | Account::Capacity(_) => None,
    }
}

/// Takes out of a promise's postings those by which its legs leave stock and house: what a demand of
/// the snapshot takes too. What is left is what was planned: made, bought, moved.
pub(super) fn take_takings(
    postings: &mut Vec<Posting>,
    legs: &[Leg],
    snapshot: &Snapshot,
) -> Vec<Posting> {
    let mut taken = Vec::new();
    for leg in legs {
        take_leg(postings, leg, leg.quantity, snapshot, &mut taken);
    }
    taken
}

/// Moves what a leg, or a part of it, takes from one list of postings to another. The house's order
/// line goes with the last of the leg.
pub(super) fn take_leg(
    from: &mut Vec<Posting>,
    leg: &Leg,
    part: Quantity,
    snapshot: &Snapshot,
    to: &mut Vec<Posting>,
) {
    let stock = snapshot.stock(leg.item, leg.location);
    let start = to.len();
    let taken = take_out(from, part, to, |posting| {
        (posting.account, posting.day) == (stock.ix(), leg.need)
            && posting.planned == 0
            && posting.quantity < Quantity::ZERO
    });
    let takes = start..to.len();
    take_parts(from, (leg, part, taken), snapshot, to);
    announce_first(takes, snapshot, to);
    if part == leg.quantity
        && let Some(house) = snapshot.capacities.house(leg.location)
    {
        let place = (snapshot.capacity(house).ix(), leg.ship);
        take_out(from, Quantity::ONE, to, |posting| {
            (posting.account, posting.day) == place && posting.quantity < Quantity::ZERO
        });
    }
}

/// What goes with what a leg takes from stock under an allocation rule: of the nodes that it drew on,
/// the last one first, and of what counts the leg for its class.
fn take_parts(
    from: &mut Vec<Posting>,
    (leg, part, taken): (&Leg, Quantity, Quantity),
    snapshot: &Snapshot,
    to: &mut Vec<Posting>,
) {
    let stock = snapshot.stock(leg.item, leg.location);
    if snapshot.allocation_rule(stock).is_none() {
        return;
    }
    let is_taken = |posting: &Posting| {
        let is_own = posting.planned == 0 && posting.day == leg.need;
        is_own && posting.quantity < Quantity::ZERO
    };
    take_out(from, taken, to, |posting| {
        is_taken(posting)
            && node_of(snapshot, posting.account).is_some_and(|(whole, _)| whole == stock)
    });
    take_out(from, taken, to, |posting| {
        is_taken(posting)
            && announced(snapshot, posting.account).is_some_and(|(whole, _)| whole == stock)
    });
    for place in count::places(snapshot, stock, leg.ship) {
        take_out(from, part, to, |posting| (posting.account, Some(posting.day)) == place);
    }
}

/// Puts what announces each take under an allocation rule before it, as plans have it: it is judged by what is there then.
fn announce_first(takes: Range<usize>, snapshot: &Snapshot, to: &mut Vec<Posting>) {
    let is_word = |posting: &Posting| announced(snapshot, posting.account).is_some();
    let behind = to.split_off(takes.end);
    let (words, others): (Vec<_>, Vec<_>) = behind.into_iter().partition(is_word);
    let taken = to.split_off(takes.start);
    let n_words = words.len();
    // Both were taken out in one order.
    let mut words = words.into_iter();
    for (at, take) in taken.iter().enumerate() {
        let n_due = if at + 1 == taken.len() { n_words } else { 1 };
        to.extend(words.by_ref().take(n_due));
        to.push(*take);
    }
    to.extend(words.chain(others));
}

/// Moves up to `quantity` of some postings, the last ones first, from one list to another; gives how
/// much that was.
fn take_out(
    from: &mut Vec<Posting>,
    quantity: Quantity,
    to: &mut Vec<Posting>,
    wanted: impl Fn(&Posting) -> bool,
) -> Quantity {
    let mut left = quantity;
    for posting in from.iter_mut().rev().filter(|posting| wanted(posting)) {
        let part = left.min(posting.quantity.max(-posting.quantity));
        let part_of_it = if posting.quantity < Quantity::ZERO { -part } else { part };
        if part.is_positive() {
            posting.quantity -= part_of_it;
            left -= part;
            to.push(Posting { quantity: part_of_it, ..*posting });
        }
    }
    from.retain(|posting| posting.quantity != Quantity::ZERO);
    quantity - left
}
