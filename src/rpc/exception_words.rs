//! Exceptions as messages: their words, what limits them, what would help.

use super::{
    encode,
    exception_remedy::{self as remedy, limits, name},
    pegging, proto, reservation,
    text::Words,
};
use crate::{
    insight::exceptions::{Exception, ExceptionKind, ExceptionLevel, LEVELS, Limiting},
    ledger::World,
    promising::patience::{GivenUp, Patience},
};

/// Promises that an exception names.
const PROMISES_NAMED: usize = 100;

/// What limits something, in a word: the most telling of what is known.
pub(super) fn limit_word(world: &World, limiting: &Limiting) -> String {
    let limits = limits(world, limiting);
    let words = [
        ("class ", limits.demand_class),
        ("supply ", limits.supply),
        ("resource ", limits.resource),
        ("supplier ", limits.supplier),
        ("item ", limits.item),
        ("location ", limits.location),
    ];
    let found = words.into_iter().find(|(_, word)| !word.is_empty());
    found.map(|(kind, word)| format!("{kind}{word}")).unwrap_or_default()
}

/// An exception as a message; without what takes a search.
pub(super) fn told(world: &World, one: &Exception) -> proto::Exception {
    let words = Words::new(&world.snapshot);
    let snapshot = &world.snapshot;
    let facts = one.promise.as_ref().map(|promise| &promise.facts);
    let id = |number: &u64| crate::ledger::reservation::id(*number);
    proto::Exception {
        exception_id: one.id.clone(),
        kind: kind_wire(one.kind).into(),
        level: level_wire(one.level).into(),
        subject: one.subject.clone(),
        since: (one.since.at != 0).then(|| reservation::instant(one.since.at)),
        sequence: one.since.position,
        cause: one.cause.clone(),
        promise_ids: one.promises.iter().take(PROMISES_NAMED).map(id).collect(),
        quantity: encode::quantity(one.quantity),
        value: encode::money(one.value),
        remedies: remedy::plain(world, one).into_iter().collect(),
        acknowledged: one.acknowledged.as_ref().map(|(seen, at)| proto::Acknowledgement {
            by: seen.by.to_string(),
            note: seen.note.to_string(),
            at: Some(reservation::instant(*at)),
            until: seen.until.map(reservation::instant),
        }),
        limiting: Some(limits(world, &one.limiting)),
        order: facts.map(|facts| facts.order.to_string()).unwrap_or_default(),
        line: facts.map(|facts| facts.line.to_string()).unwrap_or_default(),
        customer: name(&snapshot.customers.names, facts.and_then(|facts| facts.customer)),
        days: one.days,
        item: name(&snapshot.items.names, one.item),
        location: name(&snapshot.locations.names, one.location),
        demand_class: name(&snapshot.classes.names, facts.and_then(|facts| facts.class)),
        promises: encode::count(one.promises.len()),
        date: words.date_or_empty(one.day),
        could_be: words.date_or_empty(one.could_be),
    }
}

/// What would make a promise on time, as a search finds it.
pub(super) fn remedies(
    world: &World,
    one: &Exception,
    patience: &Patience,
) -> Result<Vec<proto::Remedy>, GivenUp> {
    let is_sought = matches!(one.kind, ExceptionKind::AtRisk | ExceptionKind::Late);
    match one.promise.as_ref().filter(|_| is_sought) {
        Some(promise) => remedies_of(world, promise, patience),
        None => Ok(Vec::new()),
    }
}

/// The same of a promise. One whose line does not resolve any more has none.
pub(super) fn remedies_of(
    world: &World,
    promise: &crate::ledger::Reservation,
    patience: &Patience,
) -> Result<Vec<proto::Remedy>, GivenUp> {
    let now = pegging::now(world, promise, patience)?;
    Ok(now.map(|now| now.remedies).unwrap_or_default())
}

/// The same in our words.
pub(super) fn kind_of(kind: proto::exception::Kind) -> Option<ExceptionKind> {
    use proto::exception::Kind as Wire;
    match kind {
        Wire::Unspecified => None,
        Wire::AtRisk => Some(ExceptionKind::AtRisk),
        Wire::Late => Some(ExceptionKind::Late),
        Wire::CouldBeSooner => Some(ExceptionKind::CouldBeSooner),
        Wire::SupplyLate => Some(ExceptionKind::SupplyLate),
        Wire::Overcommitted => Some(ExceptionKind::Overcommitted),
        Wire::OverConsumed => Some(ExceptionKind::OverConsumed),
        Wire::HoldExpiring => Some(ExceptionKind::HoldExpiring),
        Wire::SourceStale => Some(ExceptionKind::SourceStale),
        Wire::Forced => Some(ExceptionKind::Forced),
    }
}

fn kind_wire(kind: ExceptionKind) -> proto::exception::Kind {
    use proto::exception::Kind as Wire;
    match kind {
        ExceptionKind::AtRisk => Wire::AtRisk,
        ExceptionKind::Late => Wire::Late,
        ExceptionKind::CouldBeSooner => Wire::CouldBeSooner,
        ExceptionKind::SupplyLate => Wire::SupplyLate,
        ExceptionKind::Overcommitted => Wire::Overcommitted,
        ExceptionKind::OverConsumed => Wire::OverConsumed,
        ExceptionKind::HoldExpiring => Wire::HoldExpiring,
        ExceptionKind::SourceStale => Wire::SourceStale,
        ExceptionKind::Forced => Wire::Forced,
    }
}

/// The same in our words.
pub(super) fn level_of(level: proto::exception::Level) -> Option<ExceptionLevel> {
    use proto::exception::Level as Wire;
    match level {
        Wire::Unspecified => None,
        Wire::Low => Some(ExceptionLevel::Low),
        Wire::Medium => Some(ExceptionLevel::Medium),
        Wire::High => Some(ExceptionLevel::High),
        Wire::Critical => Some(ExceptionLevel::Critical),
    }
}

/// A level on the wire.
pub(super) fn level_wire(level: ExceptionLevel) -> proto::exception::Level {
    use proto::exception::Level as Wire;
    match level {
        ExceptionLevel::Low => Wire::Low,
        ExceptionLevel::Medium => Wire::Medium,
        ExceptionLevel::High => Wire::High,
        ExceptionLevel::Critical => Wire::Critical,
    }
}

/// A level as people write it.
pub(super) fn level_word(level: ExceptionLevel) -> &'static str {
    LEVELS.iter().find(|(_, of)| *of == level).map_or("", |(word, _)| word)
}
