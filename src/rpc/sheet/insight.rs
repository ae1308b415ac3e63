//! Rows about what needs a planner, and figures.

use super::{Cell, SheetRow};
use crate::rpc::{proto, text::instant};

/// The columns of exceptions.
pub const EXCEPTIONS: &[&str] = &[
    "exception_id",
    "kind",
    "level",
    "subject",
    "since",
    "cause",
    "order",
    "line",
    "promise_id",
    "customer",
    "item",
    "location",
    "supply",
    "supplier",
    "resource",
    "demand_class",
    "days",
    "quantity",
    "value",
    "remedy",
    "acknowledged_by",
    "snoozed_until",
];

/// A row an exception.
pub fn exceptions(all: &[proto::Exception]) -> Vec<SheetRow> {
    all.iter().map(exception).collect()
}

fn exception(one: &proto::Exception) -> SheetRow {
    let limiting = one.limiting.clone().unwrap_or_default();
    let seen = one.acknowledged.clone().unwrap_or_default();
    // Only what is about one promise names it.
    let promise = one.promise_ids.first().filter(|_| !one.order.is_empty());
    let remedy = one.remedies.first().map(|remedy| remedy.text.clone());
    let text = |text: &str| Cell::text(text);
    vec![
        text(&one.exception_id),
        Cell::text(one.kind().as_str_name().to_lowercase()),
        Cell::text(one.level().as_str_name().to_lowercase()),
        text(&one.subject),
        Cell::text(instant(one.since.as_ref())),
        text(&one.cause),
        text(&one.order),
        text(&one.line),
        Cell::text(promise.cloned().unwrap_or_default()),
        text(&one.customer),
        text(&one.item),
        text(&one.location),
        text(&limiting.supply),
        text(&limiting.supplier),
        text(&limiting.resource),
        Cell::text(if limiting.demand_class.is_empty() {
            one.demand_class.clone()
        } else {
            limiting.demand_class
        }),
        Cell::Whole(one.days.into()),
        Cell::Number(one.quantity),
        Cell::Number(one.value),
        Cell::text(remedy.unwrap_or_default()),
        text(&seen.by),
        Cell::text(instant(seen.until.as_ref())),
    ]
}

/// A row a group: its keys, then a cell a measure.
pub fn figures(answer: &proto::QueryResponse) -> Vec<SheetRow> {
    let row = |row: &proto::query_response::Row| {
        let keys = row.keys.iter().map(|key| Cell::text(key.as_str()));
        keys.chain(row.values.iter().map(|value| Cell::Number(*value))).collect()
    };
    answer.rows.iter().map(row).collect()
}
