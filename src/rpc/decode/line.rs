//! Order lines of a request, decoded.

use crate::rpc::{
    fields::{FieldReader, collect},
    proto,
    status::Faults,
};
use crate::{
    limits::{LINES_MAX, SPLITS_MAX},
    promising::request::{DateType, OrderLine, Repeat},
    snapshot::atp_rule::Objective,
};
use std::collections::BTreeMap;

/// Takes the lines out of a request that cannot be read, and gives what is wrong with each by its position.
pub(in crate::rpc) fn take_faulty(request: &mut proto::PromiseRequest) -> BTreeMap<usize, Faults> {
    let mut faulty = BTreeMap::new();
    if !request.best_effort || LINES_MAX < request.lines.len() {
        return faulty;
    }
    for (at, message) in request.lines.iter().enumerate() {
        if let Err(faults) = collect(|reader| line(reader, message.clone())) {
            faulty.insert(at, faults);
        }
    }
    // Where nothing is left, the request is refused as a whole.
    if faulty.len() == request.lines.len() {
        return BTreeMap::new();
    }
    let mut at = 0;
    request.lines.retain(|_| {
        at += 1;
        !faulty.contains_key(&(at - 1))
    });
    faulty
}

pub(super) fn lines(
    reader: &mut FieldReader<'_>,
    messages: Vec<proto::OrderLine>,
) -> Vec<OrderLine> {
    if messages.is_empty() {
        reader.fault("lines", "is required: at least one line");
    }
    if LINES_MAX < messages.len() {
        reader.fault("lines", format!("{} lines are more than {LINES_MAX}", messages.len()));
        return Vec::new();
    }
    let mut read = Vec::with_capacity(messages.len());
    for (position, message) in messages.into_iter().enumerate() {
        read.push(line(&mut reader.at("lines", position), message));
    }
    read
}

pub(super) fn line(reader: &mut FieldReader<'_>, message: proto::OrderLine) -> OrderLine {
    OrderLine {
        order: reader.key("order", message.order),
        line: reader.key_or_none("line", message.line).unwrap_or_else(|| "1".to_string()),
        item: reader.key("item", message.item),
        quantity: reader.quantity("quantity", message.quantity),
        uom: reader.key_or_none("uom", message.uom),
        requested: reader.date("requested_date", &message.requested_date),
        date_type: date_type(reader, message.date_type),
        customer: reader.key_or_none("customer", message.customer),
        zone: reader.key_or_none("zone", message.zone),
        location: reader.key_or_none("location", message.location),
        demand_class: reader.key_or_none("demand_class", message.demand_class),
        priority: reader.priority("priority", message.priority),
        earliest: reader.date_or_none("earliest_date", &message.earliest_date),
        latest: reader.date_or_none("latest_date", &message.latest_date),
        ship_set: reader.key_or_none("ship_set", message.ship_set),
        ship_together: reader.key_or_none("ship_together", message.ship_together),
        arrival_set: reader.key_or_none("arrival_set", message.arrival_set),
        split: message.split,
        min_split_quantity: reader
            .quantity_or_none("min_split_quantity", message.min_split_quantity),
        max_splits: max_splits(reader, message.max_splits),
        substitutes: message.substitutes,
        ship_method: reader.key_or_none("ship_method", message.ship_method),
        objective: objective(reader, message.objective),
        unit_price: reader.money_or_none("unit_price", message.unit_price),
        price_uom: None,
        parts_uom: None,
        ordered_at: reader.instant_or_none("ordered_at", message.ordered_at),
        source: reader.key_or_none("source", message.source),
        repeat: repeat(reader, message.repeat),
        channel: reader.key_or_none("channel", message.channel),
        seller: reader.key_or_none("seller", message.seller),
    }
}

/// The stand-in for a line that is missing, which the noted fault keeps from being used.
pub(super) fn nothing() -> OrderLine {
    line(&mut FieldReader::root(&mut Faults::default()), proto::OrderLine::default())
}

fn date_type(reader: &mut FieldReader<'_>, number: i32) -> Option<DateType> {
    use proto::order_line::DateType as Wire;
    match reader.choice("date_type", number)? {
        Wire::Unspecified => None,
        Wire::Ship => Some(DateType::Ship),
        Wire::Arrival => Some(DateType::Arrival),
    }
}

fn repeat(reader: &mut FieldReader<'_>, number: i32) -> Option<Repeat> {
    use proto::order_line::Repeat as Wire;
    match reader.choice("repeat", number)? {
        Wire::Unspecified => None,
        Wire::Refuse => Some(Repeat::Refuse),
        Wire::Add => Some(Repeat::Add),
        Wire::Replace => Some(Repeat::Replace),
    }
}

fn max_splits(reader: &mut FieldReader<'_>, legs: Option<u32>) -> Option<u16> {
    let legs = reader.at_most("max_splits", legs?, SPLITS_MAX);
    if legs == 0 {
        reader.fault("max_splits", "0 is not a number of at least 1");
    }
    u16::try_from(legs).ok()
}

/// The objective of a request or a line.
pub(in crate::rpc) fn objective(reader: &mut FieldReader<'_>, number: i32) -> Option<Objective> {
    match reader.choice("objective", number)? {
        proto::Objective::Unspecified => None,
        proto::Objective::SourcingRank => Some(Objective::SourcingRank),
        proto::Objective::Earliest => Some(Objective::Earliest),
        proto::Objective::LowestCost => Some(Objective::LowestCost),
        proto::Objective::HighestProfit => Some(Objective::HighestProfit),
    }
}
