//! The answers of PromiseService, as messages in the words of the world that has them.

use super::{
    decode::{self, PromiseWanted},
    edge::memory::hold,
    encode::{self, AnswerEncoder, Detail, Pegging},
    proto, reservation,
    status::Failure,
    text::Words,
    upkeep,
};
use crate::{
    engine::{ChangeOutcome, PromiseOutcome},
    ledger::{self, World},
    promising::{answer::Promise, request::OrderLine},
};
use std::sync::Arc;
use tonic::Code;

/// Bytes that a promise and its copy in an answer are reckoned to take, with its history and without.
const PROMISE_BYTES: [usize; 2] = [768, 2_048];

/// The promises that a request asks for.
pub(super) fn get_of(
    world: &World,
    message: proto::GetPromiseRequest,
) -> Result<proto::GetPromiseResponse, Failure> {
    let with_history = message.history;
    let wanted = decode::get(message)?;
    let words = Words::new(&world.snapshot);
    let promises: Vec<_> = match &wanted {
        PromiseWanted::Number(number) => world.reservation(*number).into_iter().collect(),
        PromiseWanted::Order(order, line) => {
            let of_line = |kept: &ledger::Reservation| {
                line.as_ref().is_none_or(|line| **line == *kept.facts.line)
            };
            world.reservations_of(order).filter(|kept| of_line(kept)).collect()
        }
    };
    if promises.is_empty() {
        return Err(not_found(&wanted));
    }
    hold(promises.len() * PROMISE_BYTES[usize::from(with_history)])?;
    let encode = |kept: &&Arc<ledger::Reservation>| {
        if with_history {
            upkeep::with_history(words, world, kept)
        } else {
            reservation::told(words, world, kept)
        }
    };
    Ok(proto::GetPromiseResponse {
        promises: promises.iter().map(encode).collect(),
        version: Some(encode::version(world, world.position)),
    })
}

fn not_found(wanted: &PromiseWanted) -> Failure {
    let text = match wanted {
        PromiseWanted::Number(number) => {
            format!("there is no promise {}", ledger::reservation::id(*number))
        }
        PromiseWanted::Order(order, Some(line)) => {
            format!("there is no promise for line {line} of order {order}")
        }
        PromiseWanted::Order(order, None) => format!("there is no promise for order {order}"),
    };
    let failure = Failure::new(Code::NotFound, "PROMISE_NOT_FOUND", text);
    match wanted {
        PromiseWanted::Number(number) => {
            failure.with("promise_id", ledger::reservation::id(*number))
        }
        PromiseWanted::Order(order, Some(line)) => failure.with("order", order).with("line", line),
        PromiseWanted::Order(order, None) => failure.with("order", order),
    }
}

pub(super) fn promised(
    request_id: String,
    (lines, pegging, form): (&[OrderLine], Pegging, Detail),
    outcome: &PromiseOutcome,
) -> proto::PromiseResponse {
    let encoder = AnswerEncoder { words: Words::new(&outcome.world.snapshot), lines, pegging };
    let results = match form {
        Detail::Full => encoder.results(&outcome.promise),
        Detail::Brief => encoder.brief(&outcome.promise),
    };
    proto::PromiseResponse {
        promises: reservation::promised(outcome, results),
        sets: encoder.sets(&outcome.promise),
        version: Some(encode::version(&outcome.world, outcome.position)),
        request_id,
        now: outcome.promise.now.map(|at| reservation::instant(at.as_microsecond())),
    }
}

pub(super) fn amended(
    lines: &[OrderLine],
    pegging: Pegging,
    outcome: &ChangeOutcome,
) -> proto::AmendResponse {
    let words = Words::new(&outcome.world.snapshot);
    let encoder = AnswerEncoder { words, lines, pegging };
    let results = |promise: &Promise| encoder.results(promise);
    proto::AmendResponse {
        changed: outcome.changed,
        promise: Some(reservation::told(words, &outcome.world, &outcome.reservation)),
        result: outcome.promise.as_ref().and_then(|promise| results(promise).pop()),
        version: Some(encode::version(&outcome.world, outcome.position)),
    }
}

pub(super) fn after(outcome: &ChangeOutcome) -> (Words<'_>, Option<proto::DataVersion>) {
    let world: &World = &outcome.world;
    (Words::new(&world.snapshot), Some(encode::version(world, outcome.position)))
}
