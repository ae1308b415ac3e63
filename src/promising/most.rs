//! How many there could be at most by a date: from stock, made, moved and bought (contract 7, `most`).
//!
//! It is a line for as much as there may be, in as many legs as there may be, none after the date asked for: what
//! comes of it is the most that planning finds.

use super::{
    answer::{LineResult, Reason},
    query::Query,
    request::{OrderLine, Remedies, Repeat, Request},
};
use crate::{
    limits::{AMOUNT_MAX, SPLITS_MAX},
    model::Quantity,
    snapshot::Snapshot,
};

/// The question behind a line.
pub fn asked(line: &OrderLine) -> Request {
    let line = OrderLine {
        quantity: Quantity::units(AMOUNT_MAX),
        uom: None,
        unit_price: line.unit_price.filter(|_| line.uom.is_none()),
        price_uom: None,
        parts_uom: None,
        latest: Some(line.requested),
        split: Some(true),
        min_split_quantity: None,
        max_splits: u16::try_from(SPLITS_MAX).ok(),
        ship_set: None,
        arrival_set: None,
        ship_together: None,
        repeat: Some(Repeat::Replace),
        ..line.clone()
    };
    let (objective, alternatives, remedies, now) = (None, 0, Remedies::None, None);
    Request { lines: vec![line], objective, alternatives, remedies, now }
}

/// How many there could be, in the item's own unit.
pub fn found(result: &LineResult) -> Quantity {
    let legs = result.option.iter().flat_map(|option| &option.legs);
    legs.filter(|leg| leg.days_late == 0).map(|leg| leg.covers).sum()
}

/// What was not looked at, in words.
pub fn left_out(
    snapshot: &Snapshot,
    (line, query): (&OrderLine, &Query),
    result: &LineResult,
) -> Vec<String> {
    let mut all = Vec::new();
    let item = query.lines()[0].item;
    let rule = snapshot.rule_of_lines(item);
    if !line.substitutes.unwrap_or(rule.substitutes)
        && !snapshot.items.substitutes.of(item).is_empty()
    {
        all.push("what may be shipped instead of the item".to_string());
    }
    if !rule.search_sources {
        all.push(
            "what could be made, moved or bought: the ATP rule does not search sources".to_string(),
        );
    }
    if line.location.is_some() {
        all.push("other locations than the one asked for".to_string());
    }
    let is_shared = snapshot
        .stocks
        .keepers(item)
        .any(|location| snapshot.allocation_rule(snapshot.stock(item, location)).is_some());
    if is_shared {
        all.push("what is kept for other demand classes".to_string());
    }
    if result.reasons.contains(&Reason::Effort) {
        all.push("parts and alternates beyond the limit of effort".to_string());
    }
    all
}
