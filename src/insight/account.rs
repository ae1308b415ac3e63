//! Every dated event of a stock account, with the document behind it and the balance after it.

use super::takes::Takes;
use crate::{
    ledger::Reservation,
    model::{Day, Quantity},
    snapshot::{
        ClassIx, CustomerIx, DemandIx, ItemIx, LocationIx, SupplierIx, SupplyIx,
        kinds::{DemandKind, SupplyKind},
    },
};
use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

/// What is behind an event.
#[derive(Clone, Debug)]
pub enum Document {
    /// What was there before the first day asked for.
    OnHand,
    /// A scheduled supply.
    Supply(SupplyIx, SupplyKind, Option<SupplierIx>),
    /// A demand of the snapshot.
    Demand(DemandIx, DemandKind, Option<CustomerIx>),
    /// A promise takes.
    Promise(Arc<Reservation>),
    /// A promise has planned it.
    Planned(Arc<Reservation>),
    /// Forecast that promises and orders have consumed, so that it takes no more.
    Consumed,
}

/// Something that comes to an account or leaves it.
#[derive(Clone, Debug)]
pub struct Movement {
    /// When.
    pub day: Day,
    /// How much; what goes is negative.
    pub quantity: Quantity,
    /// What is behind it.
    pub document: Document,
    /// Whose share takes.
    pub class: Option<ClassIx>,
    /// The balance after it.
    pub balance: Quantity,
}

/// The events of an item at a location, from a day on and before another.
pub fn events(
    takes: &Takes,
    (item, location): (ItemIx, LocationIx),
    (from, end): (Day, Day),
) -> Vec<Movement> {
    let mut all = raw(takes, item, location);
    all.extend(unexplained(takes, (item, location), &all));
    // Of a day what comes first.
    all.sort_by_key(|event| (event.day, event.quantity < Quantity::ZERO, order(&event.document)));
    let mut balance = Quantity::ZERO;
    for event in &mut all {
        balance += event.quantity;
        event.balance = balance;
    }
    let first = all.partition_point(|event| event.day < from);
    let before = first.checked_sub(1).map_or(Quantity::ZERO, |last| all[last].balance);
    let opening = (Day::ZERO < from).then_some(Movement {
        day: from,
        quantity: before,
        document: Document::OnHand,
        class: None,
        balance: before,
    });
    let within = all.into_iter().skip(first).take_while(|event| event.day < end);
    opening.into_iter().chain(within).collect()
}

/// What stands where in the order of a day.
fn order(document: &Document) -> (u8, Reverse<u64>, u64) {
    let number = |found: &Reservation| (Reverse(0), found.number);
    match document {
        Document::OnHand => (0, Reverse(0), 0),
        Document::Supply(..) => (1, Reverse(0), 0),
        Document::Consumed => (2, Reverse(0), 0),
        Document::Planned(found) => {
            let (zero, number) = number(found);
            (3, zero, number)
        }
        Document::Demand(..) => (4, Reverse(0), 0),
        Document::Promise(found) => {
            let (zero, number) = number(found);
            (5, zero, number)
        }
    }
}

/// What documents and promises say, without balances.
fn raw(takes: &Takes, item: ItemIx, location: LocationIx) -> Vec<Movement> {
    let snapshot = &takes.world().snapshot;
    let account = snapshot.stock(item, location).ix();
    let mut all = Vec::new();
    let mut on_hand = Quantity::ZERO;
    let event = |day, quantity, document, class| Movement {
        day,
        quantity,
        document,
        class,
        balance: Quantity::ZERO,
    };
    for supply in snapshot.supplies.of(account).iter() {
        match (supply.day, supply.supply) {
            (Some(_), None) => on_hand += supply.quantity,
            (Some(day), Some(index)) => {
                let document = Document::Supply(index, supply.kind, supply.supplier);
                all.push(event(day, supply.quantity, document, None));
            }
            (None, _) => (),
        }
    }
    if on_hand != Quantity::ZERO {
        all.push(event(Day::ZERO, on_hand, Document::OnHand, None));
    }
    for demand in snapshot.demands.of(account).iter() {
        if let Some(day) = demand.day {
            let document = Document::Demand(demand.demand, demand.kind, demand.customer);
            all.push(event(day, -demand.quantity, document, demand.class));
        }
    }
    for promise in takes.of(account) {
        for posting in promise.postings.iter().filter(|posting| posting.account == account) {
            let is_planned = posting.planned != 0 && posting.quantity.is_positive();
            let document = match is_planned {
                true => Document::Planned(Arc::clone(promise)),
                false => Document::Promise(Arc::clone(promise)),
            };
            all.push(event(posting.day, posting.quantity, document, promise.facts.class));
        }
    }
    all
}

/// What the balance has beyond what documents say: forecast that was consumed.
fn unexplained(
    takes: &Takes,
    (item, location): (ItemIx, LocationIx),
    all: &[Movement],
) -> Vec<Movement> {
    let world = takes.world();
    let account = world.snapshot.stock(item, location);
    let profile = world.stock(account);
    let mut said: BTreeMap<Day, Quantity> = BTreeMap::new();
    for event in all {
        *said.entry(event.day).or_insert(Quantity::ZERO) -= event.quantity;
    }
    for change in profile.changes() {
        *said.entry(change.day).or_insert(Quantity::ZERO) += change.net;
    }
    let rest = said.into_iter().filter(|(_, rest)| *rest != Quantity::ZERO);
    let event = |(day, quantity)| Movement {
        day,
        quantity,
        document: Document::Consumed,
        class: None,
        balance: Quantity::ZERO,
    };
    rest.map(event).collect()
}
