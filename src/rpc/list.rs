//! PromiseService.List: the filter and the page of a request, and the page of promises that answers it.

use super::{
    decode, encode,
    fields::FieldReader,
    paging, proto, reservation,
    status::{Failure, shown},
    text::Words,
};
use crate::{
    backlog,
    engine::{
        ListFilter, Page,
        list::list,
        sorted::{Sort, SortKey, sorted},
    },
    ledger::World,
    limits::PAGE_MAX,
    model::{Day, Index},
    snapshot::{Names, Snapshot},
};
use serde::{Deserialize, Serialize};

/// Promises on a page if the request does not say.
const PAGE_DEFAULT: usize = 100;

/// Where a list goes on, and all that match, as counted for the first page.
type Next = (At, u64);

#[derive(Serialize, Deserialize)]
enum At {
    Number(u64),
    Place(SortKey),
}

/// The page that a request asks for.
pub(super) fn answer(
    world: &World,
    message: proto::ListPromisesRequest,
) -> Result<proto::ListPromisesResponse, Failure> {
    let of = digest(&message);
    let (filter, sort, token, limit) = decode::collect(|reader| {
        let limit = match reader.at_most("page_size", message.page_size, PAGE_MAX) {
            0 => PAGE_DEFAULT,
            limit => limit,
        };
        let token: Option<Next> = paging::read(reader, (&message.page_token, &of));
        let sort = Sort::parse(&message.order_by).unwrap_or_else(|fault| {
            reader.fault("order_by", fault);
            Sort::default()
        });
        (filter(reader, message, &world.snapshot), sort, token, limit)
    })?;
    let total = match &token {
        Some((_, total)) => *total,
        None => filter.of(world).count() as u64,
    };
    let (found, next) = match (sort.is_plain(), token.map(|(at, _)| at)) {
        (true, at) => {
            let from = match at {
                Some(At::Number(number)) => number,
                Some(At::Place(_)) | None => 0,
            };
            let page = list(world, &filter, Page { from, limit });
            (page.reservations, page.next.map(At::Number))
        }
        (false, at) => {
            let after = match &at {
                Some(At::Place(place)) => Some(place),
                Some(At::Number(_)) | None => None,
            };
            let (found, next) = sorted(world, (&filter, &sort), (after, limit));
            (found, next.map(At::Place))
        }
    };
    let words = Words::new(&world.snapshot);
    let next = next.map(|at| paging::token(of, (at, total)));
    Ok(proto::ListPromisesResponse {
        promises: found.iter().map(|kept| reservation::told(words, world, kept)).collect(),
        next_page_token: next.unwrap_or_default(),
        version: Some(encode::version(world, world.position)),
        total,
    })
}

/// What a list is: its filter and its order, not how much of it is told at once.
fn digest(message: &proto::ListPromisesRequest) -> String {
    let (page_size, page_token) = (0, String::new());
    let of = proto::ListPromisesRequest { page_size, page_token, ..message.clone() };
    paging::digest(&of)
}

fn filter(
    reader: &mut FieldReader<'_>,
    message: proto::ListPromisesRequest,
    snapshot: &Snapshot,
) -> ListFilter {
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
    let query = conditions(reader, "query", &message.query, snapshot);
    ListFilter {
        query,
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

/// Conditions in the grammar of backlog runs; what cannot be read, and a key that the snapshot does not know, is a fault.
pub(super) fn conditions(
    reader: &mut FieldReader<'_>,
    field: &str,
    text: &str,
    snapshot: &Snapshot,
) -> backlog::Filter {
    let read = backlog::Filter::parse(text);
    match read.and_then(|filter| filter.unknown(snapshot).map_or(Ok(filter), Err)) {
        Ok(filter) => filter,
        Err(fault) => {
            reader.fault(field, fault);
            backlog::Filter::default()
        }
    }
}

/// The index of a key that may be missing; one that the snapshot does not know is a fault.
pub(super) fn known<I: Index>(
    reader: &mut FieldReader<'_>,
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
