//! PromiseService.List: the filter and the page of a request, and the page of promises that answers it.

use super::{
    decode, encode,
    fields::Reader,
    proto, reservation,
    status::{Failure, shown},
    text::Words,
};
use crate::{
    engine::{Filter, Page, list::list},
    ledger::World,
    limits::PAGE_MAX,
    model::{Day, Index},
    snapshot::{Names, Snapshot},
};

/// Promises on a page if the request does not say.
const PAGE_DEFAULT: usize = 100;

/// The page that a request asks for.
pub(super) fn answer(
    world: &World,
    message: proto::ListPromisesRequest,
) -> Result<proto::ListPromisesResponse, Failure> {
    let (filter, page) = decode::collect(|reader| {
        let page = page(reader, &message);
        (filter(reader, message, &world.snapshot), page)
    })?;
    let found = list(world, &filter, page);
    let words = Words::new(&world.snapshot);
    Ok(proto::ListPromisesResponse {
        promises: found.reservations.iter().map(|kept| reservation::encode(words, kept)).collect(),
        next_page_token: found.next.map(|next| next.to_string()).unwrap_or_default(),
        version: Some(encode::version(world, world.position)),
    })
}

fn page(reader: &mut Reader<'_>, message: &proto::ListPromisesRequest) -> Page {
    let limit = match reader.at_most("page_size", message.page_size, PAGE_MAX) {
        0 => PAGE_DEFAULT,
        limit => limit,
    };
    if message.page_token.is_empty() {
        return Page { from: 0, limit };
    }
    let from = message.page_token.parse().unwrap_or_else(|_| {
        let text = format!("{} is not a token that List gave", shown(&message.page_token));
        reader.fault("page_token", text);
        0
    });
    Page { from, limit }
}

fn filter(
    reader: &mut Reader<'_>,
    message: proto::ListPromisesRequest,
    snapshot: &Snapshot,
) -> Filter {
    let day = |date| snapshot.epoch().day(date);
    let from = reader.date_or_none("ship_date_from", &message.ship_date_from).map(day);
    let to = reader.date_or_none("ship_date_to", &message.ship_date_to).map(day);
    let ships = match (from, to) {
        (None, None) => None,
        (from, to) => Some(from.unwrap_or(Day(i32::MIN))..=to.unwrap_or(Day(i32::MAX))),
    };
    let mut states = Vec::new();
    for (position, number) in message.states.iter().enumerate() {
        let state = reader.choice(&format!("states[{position}]"), *number);
        states.extend(state.and_then(reservation::filtered));
    }
    Filter {
        order: reader.key_or_none("order", message.order),
        customer: known(reader, "customer", &snapshot.customers.names, &message.customer),
        item: known(reader, "item", &snapshot.items.names, &message.item),
        location: known(reader, "location", &snapshot.locations.names, &message.location),
        class: known(reader, "demand_class", &snapshot.classes.names, &message.demand_class),
        states,
        at_risk: message.at_risk,
        ships,
    }
}

/// The index of a key that may be missing; one that the snapshot does not know is a fault.
pub(super) fn known<I: Index>(
    reader: &mut Reader<'_>,
    field: &str,
    names: &Names<I>,
    key: &str,
) -> Option<I> {
    if key.is_empty() {
        return None;
    }
    let found = names.get(key);
    if found.is_none() {
        reader.fault(field, format!("{} is not known to the snapshot", shown(key)));
    }
    found
}
