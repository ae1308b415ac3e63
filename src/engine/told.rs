//! First answers: what is kept of an answer beside its fact, and the answer made of both again.
//!
//! What cannot be said again is left out, never made up: alternatives, pegging, reasons and remedies.

use crate::{
    ledger::{
        Entry, Fact, Made, Reservation, Told,
        reservation::{Facts, Leg},
        told::{LegAmounts, ToldLine, ToldSet},
    },
    model::{Money, Posting},
    promising::{
        answer::{
            Costs, Economics, LineOption, LineResult, LineStatus, OptionLeg, Promise, SetResult,
        },
        draft, repeat,
    },
};
use jiff::Timestamp;
use std::sync::Arc;

/// What is kept of a promise's answer beside its fact.
pub(super) fn answer(promise: &Promise, fact: &Fact) -> Arc<Told> {
    let made = made(fact);
    let lines = promise.lines.iter().zip(&made);
    let lines = lines.map(|(result, made)| told_line(result, made.reservation().is_some()));
    let lines = lines.collect();
    let sets = promise.sets.iter().map(|set| ToldSet {
        lines: set.lines.clone(),
        together: set.together,
        day: set.day,
    });
    let now = promise.now.map(Timestamp::as_microsecond);
    Arc::new(Told::Lines { lines, sets: sets.collect(), now })
}

fn told_line(result: &LineResult, is_kept: bool) -> ToldLine {
    let legs = || result.option.iter().flat_map(|option| &option.legs);
    ToldLine {
        status: result.status,
        available: result.available_on_requested,
        offered: if is_kept { Vec::new() } else { legs().map(draft::leg).collect() },
        amounts: legs().map(|leg| amounts(&leg.economics)).collect(),
    }
}

fn amounts(economics: &Economics) -> LegAmounts {
    let Economics { costs, price } = *economics;
    let Costs { supply, make, freight, handling, lateness } = costs;
    LegAmounts { supply, make, freight, handling, lateness, price }
}

fn economics(amounts: &LegAmounts) -> Economics {
    let LegAmounts { supply, make, freight, handling, lateness, price } = *amounts;
    Economics { costs: Costs { supply, make, freight, handling, lateness }, price }
}

/// What a fact says of each line of its command.
fn made(fact: &Fact) -> Vec<Made> {
    if let Fact::Promised { lines } = fact {
        lines.clone()
    } else if let Fact::Amended { after } = fact {
        vec![Made::Reserved(Arc::clone(after))]
    } else if let Fact::Unchanged { .. } = fact {
        vec![Made::Unavailable]
    } else {
        // No other is made of a plan.
        Vec::new()
    }
}

/// The promise that an entry tells of, as it was told.
pub(super) fn promise_of(entry: &Entry) -> Promise {
    let lines = made(&entry.fact);
    match entry.told.as_deref() {
        Some(Told::Lines { lines: told, sets, now }) => {
            let again = |(made, told): (&Made, &ToldLine)| said_again(made, told);
            let set = |set: &ToldSet| SetResult {
                lines: set.lines.clone(),
                together: set.together,
                day: set.day,
            };
            Promise {
                lines: lines.iter().zip(told).map(again).collect(),
                sets: sets.iter().map(set).collect(),
                now: now.and_then(|at| Timestamp::from_microsecond(at).ok()),
            }
        }
        Some(Told::Message(_)) | None => {
            let lines = lines.iter().map(as_far_as_known).collect();
            Promise { lines, sets: Vec::new(), now: None }
        }
    }
}

/// The answer to a line, as it was.
fn said_again(made: &Made, told: &ToldLine) -> LineResult {
    if let Made::Already(found) = made {
        return repeat::already(found);
    }
    let legs = made.reservation().map_or(&told.offered, |kept| &kept.facts.legs);
    let leg_of = |(leg, amounts): (&Leg, _)| OptionLeg {
        economics: economics(amounts),
        ..leg.clone().into()
    };
    let legs: Vec<_> = legs.iter().zip(&told.amounts).map(leg_of).collect();
    let postings = made.reservation().map(|kept| kept.postings.to_vec()).unwrap_or_default();
    let option = (!legs.is_empty()).then(|| as_option(legs, postings));
    LineResult {
        available_on_requested: told.available,
        option,
        ..LineResult::nothing(told.status)
    }
}

/// An option of legs whose pegs are not kept.
fn as_option(legs: Vec<OptionLeg>, postings: Vec<Posting>) -> LineOption {
    let mut economics = Economics::default();
    for leg in &legs {
        economics.costs += leg.economics.costs;
        economics.price += leg.economics.price;
    }
    let worst = |of: fn(&OptionLeg) -> i32| legs.iter().map(of).max().unwrap_or(0);
    let (rank, days_late) = (worst(|leg| leg.rank), worst(|leg| leg.days_late));
    let turn = legs.iter().map(|leg| leg.turn).max().unwrap_or(0);
    LineOption { legs, rank, turn, days_late, economics, postings }
}

/// The answer to a line of an entry that keeps no answer: what the promise itself tells.
fn as_far_as_known(made: &Made) -> LineResult {
    match made {
        Made::Reserved(reservation) | Made::Replaced(reservation) => {
            let option = Some(option_of(reservation));
            LineResult { option, ..LineResult::nothing(status_of(reservation)) }
        }
        Made::Already(found) => repeat::already(found),
        Made::Faulty(_) | Made::Unavailable => LineResult::nothing(LineStatus::Unavailable),
        Made::Refused => LineResult::nothing(LineStatus::Refused),
    }
}

fn days_late(reservation: &Reservation) -> i32 {
    reservation.facts.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0)
}

fn status_of(reservation: &Reservation) -> LineStatus {
    let facts = &*reservation.facts;
    if reservation.quantity < facts.quantity_requested {
        LineStatus::Partial
    } else if 0 < days_late(reservation) {
        LineStatus::Late
    } else {
        LineStatus::OnTime
    }
}

fn option_of(reservation: &Reservation) -> LineOption {
    let facts: &Facts = &reservation.facts;
    // The terms of the cost are not kept, only their sum.
    let costs = Costs { supply: facts.cost, ..Costs::default() };
    let price: Money = facts.profit + facts.cost;
    LineOption {
        legs: facts.legs.iter().map(|leg| Leg { rank: facts.rank, ..leg.clone() }.into()).collect(),
        rank: facts.rank,
        turn: 0,
        days_late: days_late(reservation),
        economics: Economics { costs, price },
        postings: reservation.postings.to_vec(),
    }
}
