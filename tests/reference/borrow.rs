//! Stock that only a later commitment waits for (semantics 6.1 `replenish_by`, and 11).

use super::book::{Account, Draft};
use super::fill::{Filling, largest};
use super::moment::Moment;
use super::rules::Consumption;
use super::stock::{self, Kind};
use super::text::Day;

/// Takes up to `wanted` more than ATP on the day, as far as the sources can replace it by the days
/// on which the balance would go below zero. Returns the rest.
pub fn borrow(filling: &Filling, draft: &Draft, wanted: i64, day: Day) -> (Draft, i64) {
    let may = filling.rule.replenish_by_commitment
        && filling.rule.consumption == Consumption::Both
        && !filling.sources.is_empty()
        && filling.search.model.at(&filling.place).allocation.is_empty();
    let most = if may { wanted.min(waiting(filling, draft, day)) } else { 0 };
    if most <= 0 {
        return (draft.clone(), wanted);
    }
    match largest(most, |quantity| replaced(filling, draft, quantity, day)) {
        Some((taken, after)) => (after, wanted - taken),
        None => (draft.clone(), wanted),
    }
}

/// The most of which no later day misses more than its commitments take: "what only safety stock or
/// forecast waits for is never lent". What is available without borrowing has been taken before.
fn waiting(filling: &Filling, draft: &Draft, day: Day) -> i64 {
    let end = stock::look_ahead_end(filling.search.model, filling.rule);
    let balance: Vec<i64> = balance(filling, draft).into_iter().map(|on| on.max(0)).collect();
    let committed = commitments(filling, draft);
    let least = |until: Day| (day..=until).map(|on| balance[on as usize]).min().unwrap_or(0);
    let allows = |later: Day| {
        let (before, after) = (least(later - 1), least(later));
        let on: i64 = committed.iter().filter(|each| each.0 == later).map(|each| each.1).sum();
        // Of so much taken, so much is missed on that day.
        if before - after <= on { i64::MAX } else { after + on }
    };
    let bounds = (day + 1..end).map(allows);
    bounds.chain([balance[day as usize]]).min().unwrap_or(0)
}

fn balance(filling: &Filling, draft: &Draft) -> Vec<i64> {
    let net = stock::net(filling.search.model, draft, &filling.place);
    stock::balance(&net, Consumption::Both)
}

/// "Any demand that is not forecast or safety stock"; every promise's taking is one; what is given back of a line's own
/// demand is none any more.
fn commitments(filling: &Filling, draft: &Draft) -> Vec<(Day, i64)> {
    let events = filling.search.model.at(&filling.place).events.iter();
    let demands = events.filter(|event| event.kind == Kind::Commitment);
    let postings = draft.on(&Account::Stock(filling.place.clone()));
    let taken = postings.into_iter().filter(|one| one.quantity < 0 || one.planned == 0);
    demands
        .map(|event| (event.day, -event.quantity))
        .chain(taken.map(|posting| (posting.day, -posting.quantity)))
        .collect()
}

/// Takes `quantity` on the day; each dip below zero that it causes or deepens, the first one first,
/// "is a shortage with its own, later day" for the sources. None where a dip cannot be replaced.
fn replaced(filling: &Filling, draft: &Draft, quantity: i64, day: Day) -> Option<Draft> {
    let end = stock::look_ahead_end(filling.search.model, filling.rule);
    let before = balance(filling, draft);
    let mut after = draft.clone();
    after.post_stock(&filling.place, day, -quantity);
    for later in day + 1..end {
        let now = balance(filling, &after)[later as usize];
        let dip = before[later as usize].min(0) - now.min(0);
        if dip > 0 {
            after = filling.all_from_sources(&after, dip, Moment::end(later))?;
        }
    }
    Some(after)
}
