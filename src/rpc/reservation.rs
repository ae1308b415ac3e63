//! What the ledger keeps of a promise, as a message.

pub(super) use super::encode::{date_type, instant};
use super::{
    encode, proto,
    secure::principal::ANONYMOUS,
    status::{Failure, Faults},
    text::{self, Words},
};
use crate::{
    engine::PromiseOutcome,
    ledger::{Made, Reservation, State, Term, World, reservation::Leg},
    promising::terms,
    snapshot::{ItemIx, Names},
};
use prost_types::Timestamp;

/// A reservation as a message, in the words of the snapshot of its world.
pub(super) fn told(
    words: Words<'_>,
    world: &World,
    reservation: &Reservation,
) -> proto::Reservation {
    let by = name_of(world.made_by(reservation.number));
    proto::Reservation { by, ..encode(words, reservation) }
}

/// The name of the principal on whose word something was done.
pub(super) fn name_of(by: Option<&str>) -> String {
    by.unwrap_or(ANONYMOUS).to_string()
}

/// The same without who made it, which the world knows.
pub(super) fn encode(words: Words<'_>, reservation: &Reservation) -> proto::Reservation {
    let facts = &*reservation.facts;
    let snapshot = words.snapshot();
    let force = facts.force.as_ref();
    proto::Reservation {
        promise_id: reservation.id(),
        state: state(reservation.state).into(),
        held_until: held_until(reservation.state),
        order: facts.order.to_string(),
        line: facts.line.to_string(),
        item: words.item(facts.item).to_string(),
        quantity_requested: encode::quantity(words.quantity(facts.item, facts.quantity_requested)),
        quantity: encode::quantity(words.quantity(facts.item, reservation.quantity)),
        requested_date: words.date(facts.requested),
        date_type: date_type(facts.date_type).into(),
        customer: name(&snapshot.customers.names, facts.customer),
        zone: name(&snapshot.zones.names, facts.zone),
        demand_class: name(&snapshot.classes.names, facts.class),
        priority: facts.priority,
        legs: facts.legs.iter().map(|kept| leg(words, facts.item, kept)).collect(),
        rank: facts.rank,
        cost: encode::money(facts.cost),
        profit: encode::money(facts.profit),
        created_at: Some(instant(facts.created)),
        at_risk: reservation.at_risk,
        force: force
            .map(|force| proto::Force { by: force.by.to_string(), why: force.why.to_string() }),
        terms: Some(encode::order_line(&terms::order_line(snapshot, reservation))),
        history: Vec::new(),
        channel: reservation.facts.terms.text(Term::Channel).unwrap_or_default().to_string(),
        seller: reservation.facts.terms.text(Term::Seller).unwrap_or_default().to_string(),
        unit_price: facts.unit_price.map(encode::money),
        by: String::new(),
        value: encode::money(facts.cost + facts.profit),
        currency: snapshot.currency().to_string(),
    }
}

/// What was promised for each line of a request.
pub(super) fn promised(
    outcome: &PromiseOutcome,
    results: Vec<proto::LineResult>,
) -> Vec<proto::PromisedLine> {
    assert_eq!(results.len(), outcome.made.len());
    let promised = |(result, made): (proto::LineResult, &Made)| {
        let reservation = made.promise().map(|found| &**found);
        let kept = reservation.map(|kept| kept.state);
        let failure = match made {
            Made::Faulty(faults) => Some(Failure::of_line(faults)),
            Made::Reserved(_)
            | Made::Replaced(_)
            | Made::Already(_)
            | Made::Unavailable
            | Made::Refused => None,
        };
        proto::PromisedLine {
            promise_id: reservation.map(Reservation::id).unwrap_or_default(),
            order: result.order.clone(),
            line: result.line.clone(),
            state: kept.map_or(proto::reservation::State::Unspecified, state).into(),
            held_until: kept.and_then(held_until),
            committed: made.reservation().is_some(),
            result: failure.is_none().then_some(result),
            status: failure.as_ref().map(Failure::as_status),
            error: failure.map(Failure::into_proto),
        }
    };
    results.into_iter().zip(&outcome.made).map(promised).collect()
}

/// A line that could not be read.
pub(super) fn faulty(order: String, line: String, faults: Faults) -> proto::PromisedLine {
    let line = if line.is_empty() { "1".to_string() } else { line };
    let failure = Failure::invalid(faults);
    let status = Some(failure.as_status());
    let error = Some(failure.into_proto());
    proto::PromisedLine { order, line, error, status, ..proto::PromisedLine::default() }
}

fn name<I: crate::model::Index>(names: &Names<I>, index: Option<I>) -> String {
    index.map(|index| names.name(index).to_string()).unwrap_or_default()
}

pub(super) fn leg(words: Words<'_>, ordered: ItemIx, leg: &Leg) -> proto::Leg {
    proto::Leg {
        item: words.item(leg.item).to_string(),
        location: words.location(leg.location).to_string(),
        ship_method: words.method(leg.method).to_string(),
        quantity: encode::quantity(words.quantity(leg.item, leg.quantity)),
        covers: encode::quantity(words.quantity(ordered, leg.covers)),
        ship_date: words.date(leg.ship),
        arrival_date: words.date(leg.arrival),
        pegs: Vec::new(),
        need_date: words.date(leg.need),
        days_late: leg.days_late,
        supply: text::supply(leg.supply),
        rank: leg.rank,
        cost: None,
        profit: None,
    }
}

pub(super) fn state(state: State) -> proto::reservation::State {
    use proto::reservation::State as Wire;
    match state {
        State::Held { .. } => Wire::Held,
        State::Confirmed => Wire::Confirmed,
        State::Fulfilled => Wire::Fulfilled,
        State::Cancelled => Wire::Cancelled,
        State::Expired => Wire::Expired,
    }
}

/// The kinds of state that a filter of the wire names; the instant of a hold is not compared.
pub(super) fn filtered(state: proto::reservation::State) -> Option<State> {
    use proto::reservation::State as Wire;
    match state {
        Wire::Unspecified => None,
        Wire::Held => Some(State::Held { until: 0 }),
        Wire::Confirmed => Some(State::Confirmed),
        Wire::Fulfilled => Some(State::Fulfilled),
        Wire::Cancelled => Some(State::Cancelled),
        Wire::Expired => Some(State::Expired),
    }
}

fn held_until(state: State) -> Option<Timestamp> {
    match state {
        State::Held { until } => Some(instant(until)),
        State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => None,
    }
}
