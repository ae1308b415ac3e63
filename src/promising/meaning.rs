//! A digest of what a request means, to tell a repetition from another request under the same id (L4).
//!
//! Defaults that hold whatever the snapshot says are written out, so that a line says the same whether it
//! names them or not. Every field that changes what is done is fed, in a fixed order: a digest in a journal
//! means the same to a later version.

use super::request::{DateType, OrderLine, Repeat, Request};
use crate::{
    model::{Quantity, digest::Digest},
    snapshot::atp_rule::Objective,
};
use jiff::civil::Date;

/// Feeds the lines of a request.
pub fn request(digest: &mut Digest, request: &Request) {
    digest.number(request.lines.len().try_into().unwrap_or(i64::MAX));
    for one in &request.lines {
        line(digest, one, request.objective);
    }
}

/// Feeds a line, which goes by an objective where it names none.
pub fn line(digest: &mut Digest, line: &OrderLine, objective: Option<Objective>) {
    digest.text(&line.order);
    digest.text(&line.line);
    digest.text(&line.item);
    digest.number(line.quantity.raw());
    for day in [Some(line.requested), line.earliest, line.latest] {
        optional_number(digest, day.map(date));
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
        optional_text(digest, key.as_deref().filter(|key| !key.is_empty()));
    }
    let numbers = [
        line.priority.map(i64::from),
        Some(match line.date_type.unwrap_or_default() {
            DateType::Ship => 0,
            DateType::Arrival => 1,
        }),
        line.split.map(i64::from),
        line.min_split_quantity.map(Quantity::raw),
        line.max_splits.map(i64::from),
        line.substitutes.map(i64::from),
        line.unit_price.map(|price| price.raw()),
        line.ordered_at.map(|at| at.as_microsecond()),
        line.objective.or(objective).map(number_of),
        Some(match line.repeat.unwrap_or_default() {
            Repeat::Refuse => 0,
            Repeat::Add => 1,
            Repeat::Replace => 2,
        }),
    ];
    for number in numbers {
        optional_number(digest, number);
    }
    // Digests of lines without it are those of versions that did not know it.
    if let Some(together) = &line.ship_together {
        digest.text("ship_together");
        digest.text(together);
    }
    for (name, dimension) in [("channel", &line.channel), ("seller", &line.seller)] {
        if let Some(dimension) = dimension.as_deref().filter(|text| !text.is_empty()) {
            digest.text(name);
            digest.text(dimension);
        }
    }
}

/// A number for an objective that is the same for ever.
pub fn number_of(objective: Objective) -> i64 {
    match objective {
        Objective::SourcingRank => 0,
        Objective::Earliest => 1,
        Objective::LowestCost => 2,
        Objective::HighestProfit => 3,
    }
}

/// A number for a date.
pub fn date(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// Feeds a number, or that there is none.
pub fn optional_number(digest: &mut Digest, number: Option<i64>) {
    digest.number(number.is_some().into());
    digest.number(number.unwrap_or(0));
}

/// Feeds a text, or that there is none.
pub fn optional_text(digest: &mut Digest, text: Option<&str>) {
    digest.number(text.is_some().into());
    digest.text(text.unwrap_or(""));
}
