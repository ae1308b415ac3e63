//! A digest of what a command asks for, to tell a repetition from another command under the same id (L4).
//!
//! Every field that changes what is done is fed, in a fixed order, so a digest in a journal means the
//! same to a later version. Not fed: the id itself, and the deadline.

use super::command::{
    AmendCommand, CancelCommand, Commitment, Completeness, ConfirmCommand, FulfilCommand,
    NetCommand, PromiseCommand, RearrangeCommand, ReopenCommand, Which,
};
use crate::{
    ledger::{digest::Digest, reservation::Force},
    model::Quantity,
    promising::request::{DateType, OrderLine, Request},
    snapshot::atp_rule::Objective,
};

pub(super) fn promise(command: &PromiseCommand) -> u128 {
    let mut digest = begin("promise");
    request(&mut digest, &command.request);
    digest.number(match command.commitment {
        Commitment::Hold { for_seconds } => for_seconds,
        Commitment::Confirm => 0,
    });
    digest.number(match command.completeness {
        Completeness::BestEffort => 0,
        Completeness::AllOrNothing => 1,
    });
    force(&mut digest, command.force.as_ref());
    digest.value()
}

pub(super) fn confirm(command: &ConfirmCommand) -> u128 {
    part("confirm", command.number, command.quantity)
}

pub(super) fn cancel(command: &CancelCommand) -> u128 {
    part("cancel", command.number, command.quantity)
}

pub(super) fn fulfil(command: &FulfilCommand) -> u128 {
    let FulfilCommand { which, quantity, shipped_at, .. } = command;
    let mut digest = match which {
        Which::Number(number) => {
            let mut digest = begin("fulfil");
            digest.bytes(&number.to_le_bytes());
            digest
        }
        Which::Line { order, line } => {
            let mut digest = begin("fulfil line");
            digest.text(order);
            digest.text(line);
            digest
        }
    };
    optional_number(&mut digest, quantity.map(Quantity::raw));
    if let Some(at) = shipped_at {
        digest.number(at.as_microsecond());
    }
    digest.value()
}

pub(super) fn reopen(command: &ReopenCommand) -> u128 {
    part("reopen", command.number, None)
}

pub(super) fn amend(command: &AmendCommand) -> u128 {
    let mut digest = begin("amend");
    digest.bytes(&command.number.to_le_bytes());
    line(&mut digest, &command.line);
    objective(&mut digest, command.objective);
    force(&mut digest, command.force.as_ref());
    digest.value()
}

fn begin(verb: &str) -> Digest {
    let mut digest = Digest::default();
    digest.text(verb);
    digest
}

fn part(verb: &str, number: u64, quantity: Option<Quantity>) -> u128 {
    let mut digest = begin(verb);
    digest.bytes(&number.to_le_bytes());
    optional_number(&mut digest, quantity.map(Quantity::raw));
    digest.value()
}

fn optional_number(digest: &mut Digest, number: Option<i64>) {
    digest.number(number.is_some().into());
    digest.number(number.unwrap_or(0));
}

fn optional_text(digest: &mut Digest, text: Option<&str>) {
    digest.number(text.is_some().into());
    digest.text(text.unwrap_or(""));
}

fn force(digest: &mut Digest, force: Option<&Force>) {
    optional_text(digest, force.map(|force| &*force.by));
    optional_text(digest, force.map(|force| &*force.why));
}

fn objective(digest: &mut Digest, objective: Option<Objective>) {
    let number = objective.map(|objective| match objective {
        Objective::SourcingRank => 0,
        Objective::Earliest => 1,
        Objective::LowestCost => 2,
        Objective::HighestProfit => 3,
    });
    optional_number(digest, number);
}

fn request(digest: &mut Digest, request: &Request) {
    objective(digest, request.objective);
    digest.number(request.lines.len().try_into().unwrap_or(i64::MAX));
    for one in &request.lines {
        line(digest, one);
    }
}

fn date(digest: &mut Digest, date: Option<jiff::civil::Date>) {
    optional_number(
        digest,
        date.map(|date| {
            i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
        }),
    );
}

fn line(digest: &mut Digest, line: &OrderLine) {
    digest.text(&line.order);
    digest.text(&line.line);
    digest.text(&line.item);
    digest.number(line.quantity.raw());
    date(digest, Some(line.requested));
    date(digest, line.earliest);
    date(digest, line.latest);
    let keys = [
        &line.uom,
        &line.customer,
        &line.zone,
        &line.location,
        &line.demand_class,
        &line.ship_set,
        &line.arrival_set,
        &line.ship_method,
        &line.source,
    ];
    for key in keys {
        optional_text(digest, key.as_deref());
    }
    let numbers = [
        line.priority.map(i64::from),
        line.date_type.map(|kind| match kind {
            DateType::Ship => 0,
            DateType::Arrival => 1,
        }),
        line.split.map(i64::from),
        line.min_split_quantity.map(Quantity::raw),
        line.max_splits.map(i64::from),
        line.substitutes.map(i64::from),
        line.unit_price.map(|price| price.raw()),
        line.ordered_at.map(|at| at.as_microsecond()),
    ];
    for number in numbers {
        optional_number(digest, number);
    }
    objective(digest, line.objective);
    // Digests of lines without it are those of versions that did not know it.
    if let Some(together) = &line.ship_together {
        digest.text("ship_together");
        digest.text(together);
    }
}

/// The digest of a rearrangement.
pub(super) fn rearrange(command: &RearrangeCommand) -> u128 {
    let mut digest = Digest::default();
    digest.text("rearrange");
    command.changes.iter().flat_map(|list| list.iter()).for_each(|one| one.digest(&mut digest));
    for exchange in &command.exchanges {
        for found in exchange.before.iter().chain([&exchange.after]) {
            digest.number(i64::try_from(found.number).unwrap_or(i64::MAX));
            digest.number(found.quantity.raw());
            for posting in found.postings.iter() {
                digest.number(i64::try_from(posting.account.0).unwrap_or(i64::MAX));
                digest.number(posting.day.0.into());
                digest.number(posting.quantity.raw());
            }
        }
    }
    digest.value()
}

/// The digest of changes of planning data.
pub(super) fn net(command: &NetCommand) -> u128 {
    let mut digest = begin("changes");
    command.changes.iter().for_each(|change| change.digest(&mut digest));
    optional_text(&mut digest, command.source.as_deref());
    optional_number(&mut digest, command.known_at.map(|at| at.as_microsecond()));
    digest.value()
}
