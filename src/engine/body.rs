//! A digest of what a command asks for, to tell a repetition from another command under the same id (L4).
//!
//! Every field that changes what is done is fed, in a fixed order, so a digest in a journal means the
//! same to a later version. Not fed: the id itself, and the deadline.

use super::{
    apply::IfMovedOn,
    command::{
        AmendCommand, CancelCommand, Commitment, Completeness, ConfirmCommand, Faulty,
        FulfilCommand, ManyCommand, ManyStep, NetCommand, PromiseCommand, RearrangeCommand,
        ReopenCommand, Selection, Which,
    },
};
use crate::{
    ledger::{Acknowledgement, digest::Digest, reservation::Force},
    model::Quantity,
    promising::{
        meaning::{self, optional_number, optional_text},
        request::{DateType, OrderLine},
    },
};

pub(super) fn promise(command: &PromiseCommand) -> u128 {
    let mut digest = begin("promise lines");
    meaning::request(&mut digest, &command.request);
    terms(&mut digest, command);
    digest.number(match command.faulty {
        Faulty::Refuse => 0,
        Faulty::LeaveOut => 1,
    });
    digest.value()
}

fn terms(digest: &mut Digest, command: &PromiseCommand) {
    digest.number(match command.commitment {
        Commitment::Hold { for_seconds } => for_seconds,
        Commitment::Confirm => 0,
    });
    digest.number(match command.completeness {
        Completeness::BestEffort => 0,
        Completeness::AllOrNothing => 1,
    });
    force(digest, command.force.as_ref());
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
    let mut digest = begin("amend line");
    digest.bytes(&command.number.to_le_bytes());
    meaning::line(&mut digest, &command.line, command.objective);
    force(&mut digest, command.force.as_ref());
    digest.value()
}

/// The digest of an acknowledgement.
pub(super) fn seen(seen: &Acknowledgement) -> u128 {
    let mut digest = begin("acknowledge");
    [&seen.exception, &seen.by, &seen.note].into_iter().for_each(|text| digest.text(text));
    digest.bytes(&seen.until.unwrap_or(i64::MIN).to_le_bytes());
    digest.value()
}

/// The digest of a step of many promises.
pub(super) fn many(command: &ManyCommand) -> u128 {
    let mut digest = begin("many");
    match &command.selection {
        Selection::Numbers(numbers) => {
            numbers.iter().for_each(|number| digest.bytes(&number.to_le_bytes()));
        }
        Selection::Order { order, line } => {
            digest.text(order);
            optional_text(&mut digest, line.as_deref());
        }
    }
    let (verb, seconds) = match command.step {
        ManyStep::Confirm => ("confirm", 0),
        ManyStep::Cancel => ("cancel", 0),
        ManyStep::Fulfil => ("fulfil", 0),
        ManyStep::Extend { for_seconds } => ("extend", for_seconds),
    };
    digest.text(verb);
    digest.number(seconds);
    digest.value()
}

/// The digest of what somebody asks to make live; what it is by now does not matter.
pub fn apply(scenario_id: &str, if_moved_on: IfMovedOn) -> u128 {
    let mut digest = begin("apply");
    digest.text(scenario_id);
    digest.number(match if_moved_on {
        IfMovedOn::Tell => 0,
        IfMovedOn::DoAgain => 1,
    });
    digest.value()
}

/// The digest of what is to be taken back.
pub fn revert(position: u64) -> u128 {
    let mut digest = begin("revert");
    digest.bytes(&position.to_le_bytes());
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

fn force(digest: &mut Digest, force: Option<&Force>) {
    optional_text(digest, force.map(|force| &*force.by));
    optional_text(digest, force.map(|force| &*force.why));
}

/// The digest of a rearrangement that nobody asked for by a name.
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

/// The digests of the first version of entries: ids of then are known by them.
pub(super) mod first {
    use super::*;

    pub(in crate::engine) fn promise(command: &PromiseCommand) -> u128 {
        let mut digest = begin("promise");
        optional_number(&mut digest, command.request.objective.map(meaning::number_of));
        digest.number(command.request.lines.len().try_into().unwrap_or(i64::MAX));
        command.request.lines.iter().for_each(|one| line(&mut digest, one));
        terms(&mut digest, command);
        digest.value()
    }

    pub(in crate::engine) fn fulfil(command: &FulfilCommand) -> Option<u128> {
        match command.which {
            Which::Number(number) => Some(part("fulfil", number, None)),
            Which::Line { .. } => None,
        }
    }

    pub(in crate::engine) fn amend(command: &AmendCommand) -> u128 {
        let mut digest = begin("amend");
        digest.bytes(&command.number.to_le_bytes());
        line(&mut digest, &command.line);
        optional_number(&mut digest, command.objective.map(meaning::number_of));
        force(&mut digest, command.force.as_ref());
        digest.value()
    }

    fn line(digest: &mut Digest, line: &OrderLine) {
        digest.text(&line.order);
        digest.text(&line.line);
        digest.text(&line.item);
        digest.number(line.quantity.raw());
        for day in [Some(line.requested), line.earliest, line.latest] {
            optional_number(digest, day.map(meaning::date));
        }
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
        optional_number(digest, line.objective.map(meaning::number_of));
        // The first version did not know it.
        if let Some(together) = &line.ship_together {
            digest.text("ship_together");
            digest.text(together);
        }
    }
}
