//! A digest of what a command asks for, to tell a repetition from another command under the same id (L4).
//!
//! Every field that changes what is done is fed, in a fixed order, so a digest in a journal means the
//! same to a later version. Not fed: the id itself, and the deadline. What is fed stands with each command; here is what
//! they have in common.

use super::command::IfMovedOn;
use crate::{
    ledger::{digest::Digest, reservation::Force},
    model::Quantity,
    promising::{
        meaning::{self, optional_number, optional_text},
        request::{DateType, OrderLine},
    },
};

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

pub(super) fn begin(verb: &str) -> Digest {
    let mut digest = Digest::default();
    digest.text(verb);
    digest
}

pub(super) fn part(verb: &str, number: u64, quantity: Option<Quantity>) -> u128 {
    let mut digest = begin(verb);
    digest.bytes(&number.to_le_bytes());
    optional_number(&mut digest, quantity.map(Quantity::raw));
    digest.value()
}

pub(super) fn force(digest: &mut Digest, force: Option<&Force>) {
    optional_text(digest, force.map(|force| &*force.by));
    optional_text(digest, force.map(|force| &*force.why));
}

/// A line as the digests of the first version of entries have it: ids of then are known by them.
pub(super) fn first_line(digest: &mut Digest, line: &OrderLine) {
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
