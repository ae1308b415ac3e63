//! A hold that has ended is confirmed all the same, if what it held is still there (semantics 12.1, *First
//! answers*): its line is promised anew as it was, under a number of its own. The old one stays as it is.

use super::{error::Error, planning, plans::committed};
use crate::{
    ledger::{
        Admission, Entry, Ledger, Proposal, ProposedLine, Refusal, Reservation, Stamp, Start,
        World,
        reservation::{Facts, Step},
    },
    model::Quantity,
    promising::{
        answer::{LineOption, Promise},
        draft,
        repeat::{self, Asking, Earlier},
        request::{OrderLine, Remedies, Request},
        terms,
    },
};
use std::sync::Arc;

/// Confirms a hold that has ended, or a part of it.
///
/// # Errors
/// It cannot be promised as it was any more, or its line was promised otherwise meanwhile.
pub(super) fn confirm(
    ledger: &mut Ledger,
    (number, part): (u64, Option<Quantity>),
    stamp: Stamp,
) -> Result<Entry, Error> {
    let world = ledger.world();
    let found = world.reservation(number).ok_or(Refusal::DoesNotExist { number });
    let before = Arc::clone(found.map_err(Error::Refused)?);
    let ended = Error::Refused(Refusal::HoldEnded { number, at: ended_at(world, &before) });
    let held: Quantity = before.facts.legs.iter().map(|leg| leg.covers).sum();
    let items = &world.snapshot.items;
    let shown = |kept: Quantity| items.shown(before.facts.item, kept);
    let part =
        part.map(|own| if own == shown(held) { held } else { items.keep(before.facts.item, own) });
    let quantity = part.unwrap_or(held);
    if !quantity.is_positive() || held < quantity {
        let (quantity, promised) = (shown(quantity), shown(held));
        let refusal = Refusal::QuantityOutOfRange { number, quantity, promised };
        return Err(Error::Refused(refusal));
    }
    let request = request(world, &before, quantity);
    if repeat::earlier(world, &request, Asking::Promise) != [Earlier::Nothing] {
        return Err(ended);
    }
    let query = request.resolve(&world.snapshot).map_err(Error::Invalid)?;
    let promise = planning::plan(world, &query);
    let mut lines = draft::lines(&request, &query, &promise, stamp.at);
    let (Some(ProposedLine::Reserve(mut draft)), true) =
        (lines.pop(), is_as_it_was(&promise, &before))
    else {
        return Err(ended);
    };
    draft.facts = Facts {
        legs: draft.facts.legs,
        rank: draft.facts.rank,
        cost: draft.facts.cost,
        profit: draft.facts.profit,
        created: stamp.at,
        revision: 0,
        quantity_requested: part.unwrap_or(before.facts.quantity_requested),
        force: None,
        ..(*before.facts).clone()
    };
    let proposal = Proposal {
        lines: vec![ProposedLine::Reserve(draft)],
        start: Start::Confirmed,
        admission: Admission::Fits,
    };
    match ledger.admit(proposal) {
        Ok(admitted) => Ok(committed(admitted, &promise, &stamp)),
        Err(_) => Err(ended),
    }
}

/// When a hold ended, in microseconds since 1970 UTC.
fn ended_at(world: &World, found: &Reservation) -> i64 {
    let history = world.history(found);
    let end = history.iter().rev().find(|past| past.step == Some(Step::Expire));
    end.map_or(found.facts.created, |past| past.at)
}

/// The line as it was promised: where it had one leg, at its place, by its method and on its day.
fn request(world: &World, before: &Reservation, quantity: Quantity) -> Request {
    let snapshot = &world.snapshot;
    let line = OrderLine { quantity, ..terms::order_line(snapshot, before) };
    let line = match &before.facts.legs[..] {
        [leg] => {
            let date = Some(snapshot.epoch().date(leg.dated(before.facts.date_type)));
            OrderLine {
                location: Some(snapshot.locations.names.name(leg.location).to_string()),
                ship_method: leg.method.map(|ix| snapshot.methods.names.name(ix).to_string()),
                earliest: date,
                latest: date,
                ship_set: None,
                arrival_set: None,
                ..line
            }
        }
        _ => line,
    };
    let (lines, remedies) = (vec![line], Remedies::None);
    Request { lines, objective: None, alternatives: 0, remedies, now: None }
}

/// Whether each leg of a plan leaves where, how and when one of those before did.
fn is_as_it_was(promise: &Promise, before: &Reservation) -> bool {
    let Some(LineOption { legs, .. }) = promise.lines.first().and_then(|line| line.option.as_ref())
    else {
        return false;
    };
    let planned =
        legs.iter().map(|leg| (leg.item, leg.location, leg.method, leg.ship, leg.arrival));
    let before = &before.facts.legs;
    planned.into_iter().all(|planned| {
        let mut known =
            before.iter().map(|leg| (leg.item, leg.location, leg.method, leg.ship, leg.arrival));
        known.any(|known| known == planned)
    })
}
