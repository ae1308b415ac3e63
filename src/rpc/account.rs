//! AvailabilityService.GetAccount and GetCapacity: what stands behind a balance.

use super::{
    catalog::required, decode, edge::memory::hold, encode, fields::FieldReader, proto,
    status::Failure, text::Words,
};
use crate::{
    engine::Engine,
    insight::{
        account::{self, Document, Movement},
        capacity::{self, CapacityDay, CapacityTaker},
    },
    ledger::World,
    limits::HORIZON_DAYS_MAX,
    model::{Day, Quantity},
    snapshot::{
        CapacityIx, ItemIx, Snapshot,
        capacity::Owner,
        kinds::{DEMAND_KINDS, SUPPLY_KINDS},
    },
};
use proto::{
    account_event, get_capacity_request,
    get_capacity_response::{self, taker},
};

/// Bytes that an event and its copy in the answer are reckoned to take.
const EVENT_BYTES: usize = 384;

/// Days of capacity if the request does not say.
const DAYS_DEFAULT: usize = 30;

/// The days that a request asks for, within the horizon.
fn days(
    reader: &mut FieldReader<'_>,
    (from, n_days): (&str, u32),
    default: Option<usize>,
    snapshot: &Snapshot,
) -> (Day, Day) {
    let epoch = snapshot.epoch();
    let first = reader.date_or_none("from", from).map_or(Day::ZERO, |date| epoch.day(date));
    if !epoch.contains(first) {
        let (start, last) = (epoch.as_of(), epoch.date(epoch.end().plus(-1)));
        reader.fault("from", format!("{from} is not within the horizon, {start} to {last}"));
    }
    let n_days = match reader.at_most("days", n_days, usize::from(HORIZON_DAYS_MAX)) {
        0 => default,
        n_days => Some(n_days),
    };
    let end = n_days.map(|n| first.plus(i32::try_from(n).unwrap_or(i32::MAX)));
    (first, end.map_or(epoch.end(), |end| end.min(epoch.end())))
}

/// The events of an account.
pub(super) fn events(
    engine: &Engine,
    world: &World,
    message: &proto::GetAccountRequest,
) -> Result<proto::GetAccountResponse, Failure> {
    let snapshot = &*world.snapshot;
    let asked = decode::collect(|reader| {
        let item = required(reader, "item", &snapshot.items.names, &message.item);
        let location = required(reader, "location", &snapshot.locations.names, &message.location);
        let days = days(reader, (&message.from, message.days), None, snapshot);
        Some(((item?, location?), days))
    })?;
    let (place, days) = asked.expect("what is missing or unknown is a fault");
    let found = engine.ask_takes(world, |takes| account::events(takes, place, days));
    hold(found.len() * EVENT_BYTES)?;
    let words = Words::new(snapshot);
    Ok(proto::GetAccountResponse {
        item: message.item.clone(),
        location: message.location.clone(),
        uom: snapshot.items.uom(place.0).to_string(),
        events: found.iter().map(|one| event(words, place.0, one)).collect(),
        version: Some(encode::version(world, world.position)),
    })
}

fn event(words: Words<'_>, item: ItemIx, event: &Movement) -> proto::AccountEvent {
    let snapshot = words.snapshot();
    let mut told = proto::AccountEvent {
        date: words.date(event.day),
        quantity: encode::quantity(words.quantity(item, event.quantity)),
        balance: encode::quantity(words.quantity(item, event.balance)),
        demand_class: event.class.map_or("", |class| words.class(class)).to_string(),
        ..proto::AccountEvent::default()
    };
    let customer = |customer: Option<_>| {
        customer.map_or("", |customer| snapshot.customers.names.name(customer)).to_string()
    };
    match &event.document {
        Document::OnHand => told.kind = "on_hand".to_string(),
        Document::Consumed => told.kind = "forecast".to_string(),
        Document::Supply(supply, kind, supplier) => {
            told.document = Some(account_event::Document::Supply(words.supply(*supply)));
            let word = SUPPLY_KINDS.iter().find(|(_, of)| of == kind);
            told.kind = word.map_or("", |(word, _)| word).to_string();
            told.supplier = supplier.map_or("", |of| words.supplier(of)).to_string();
        }
        Document::Demand(demand, kind, who) => {
            let key = words.demand(*demand);
            if let Some((order, line)) = key.rsplit_once('/').filter(|_| kind.is_commitment()) {
                (told.order, told.line) = (order.to_string(), line.to_string());
            }
            told.document = Some(account_event::Document::Demand(key));
            let word = DEMAND_KINDS.iter().find(|(_, of)| of == kind);
            told.kind = word.map_or("", |(word, _)| word).to_string();
            told.customer = customer(*who);
        }
        Document::Promise(promise) | Document::Planned(promise) => {
            told.document = Some(account_event::Document::PromiseId(promise.id()));
            let is_planned = matches!(event.document, Document::Planned(_));
            told.kind = if is_planned { "planned" } else { "promise" }.to_string();
            (told.order, told.line) =
                (promise.facts.order.to_string(), promise.facts.line.to_string());
            told.customer = customer(promise.facts.customer);
        }
    }
    told
}

/// Capacity and load.
pub(super) fn capacity(
    engine: &Engine,
    world: &World,
    message: &proto::GetCapacityRequest,
) -> Result<proto::GetCapacityResponse, Failure> {
    let snapshot = &*world.snapshot;
    let (owner, days) = decode::collect(|reader| {
        let days = days(reader, (&message.from, message.days), Some(DAYS_DEFAULT), snapshot);
        (owner(reader, message, snapshot), days)
    })?;
    let version = Some(encode::version(world, world.position));
    let Some(capacity) = owner.flatten() else {
        return Ok(proto::GetCapacityResponse { days: Vec::new(), version, unlimited: true });
    };
    let rows = engine.ask_takes(world, |takes| capacity::days(takes, capacity, days));
    hold(rows.iter().map(|row| (1 + row.takers.len()) * EVENT_BYTES).sum())?;
    let of = match snapshot.capacities[capacity].owner {
        Owner::Supplier(_, item) => Some(item),
        Owner::Resource(_) | Owner::House(_) => None,
    };
    let words = Words::new(snapshot);
    let days = rows.iter().map(|row| day(words, row, of)).collect();
    Ok(proto::GetCapacityResponse { days, version, unlimited: false })
}

/// Whose capacity is asked for: none within where it has no limit.
fn owner(
    reader: &mut FieldReader<'_>,
    message: &proto::GetCapacityRequest,
    snapshot: &Snapshot,
) -> Option<Option<CapacityIx>> {
    match &message.owner {
        None => {
            reader.fault("resource", "is required, or a supplier and an item");
            None
        }
        Some(get_capacity_request::Owner::Resource(resource)) => {
            let found = required(reader, "resource", &snapshot.resources.names, resource)?;
            Some(Some(snapshot.resources.rows[found].capacity))
        }
        Some(get_capacity_request::Owner::Supplier(supplier)) => {
            let found = required(reader, "supplier", &snapshot.suppliers.names, supplier);
            let item = required(reader, "item", &snapshot.items.names, &message.item);
            let (found, item) = (found?, item?);
            let offers = snapshot.suppliers.by_item.of(item).iter();
            let mut offers = offers.map(|offer| snapshot.suppliers.offers.get(*offer));
            let Some(offer) = offers.find(|offer| offer.supplier == found) else {
                reader.fault("item", format!("supplier {supplier} does not offer it"));
                return None;
            };
            let adopted = || snapshot.capacities.adopted(Owner::Supplier(found, item));
            Some(offer.capacity.or_else(adopted))
        }
    }
}

/// A day of a resource, or of what a supplier has of an item.
fn day(words: Words<'_>, row: &CapacityDay, item: Option<ItemIx>) -> get_capacity_response::Day {
    let shown = |of: Quantity| encode::quantity(item.map_or(of, |item| words.quantity(item, of)));
    let amount = |of: Quantity| if item.is_none() { (shown(of), 0.0) } else { (0.0, shown(of)) };
    let taker = |taker: &CapacityTaker| match taker {
        CapacityTaker::Scheduled(taken) => {
            let (hours, quantity) = amount(*taken);
            let by = Some(taker::By::WorkOrder("scheduled".to_string()));
            get_capacity_response::Taker { by, hours, quantity, ..Default::default() }
        }
        CapacityTaker::Promise(promise, taken) => {
            let (hours, quantity) = amount(*taken);
            let facts = &promise.facts;
            get_capacity_response::Taker {
                by: Some(taker::By::PromiseId(promise.id())),
                hours,
                quantity,
                order: facts.order.to_string(),
                line: facts.line.to_string(),
                days_late: facts.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0),
            }
        }
    };
    get_capacity_response::Day {
        date: words.date(row.day),
        capacity: shown(row.capacity),
        load: shown(row.load),
        free: shown(row.free()),
        takers: row.takers.iter().map(taker).collect(),
    }
}
