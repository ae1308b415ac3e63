//! Finding things by a part of their key or name, in any case.
//!
//! A [`Book`] holds all keys and names of a snapshot in one text, sorted by key, in small letters: what begins with
//! a text is found by bisection, what has it inside by one walk over the text that ends when enough is found.

use crate::{
    ledger::World,
    model::Index,
    snapshot::{
        Account, CustomerIx, ItemIx, LocationIx, ResourceIx, Snapshot, SupplierIx, SupplyIx,
    },
};
use std::collections::BTreeSet;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// An item.
    Item,
    /// A location.
    Location,
    /// A customer.
    Customer,
    /// A supplier.
    Supplier,
    /// A resource.
    Resource,
    /// An order that has promises.
    Order,
    /// A scheduled supply.
    Supply,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: KeyKind,
    /// Its key.
    pub key: String,
    /// Its name; empty where it has none beside its key.
    pub name: String,
    /// What tells it apart.
    pub hint: String,
}

/// All keys and names of a snapshot.
#[derive(Debug, Default)]
pub struct Book {
    text: String,
    /// Where each entry begins in the text, what it is, and the length of its key.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    key: u32,
    kind: KeyKind,
    index: u32,
}

/// Ends an entry; no key has it.
const END: char = '\n';

/// Stands between key and name.
const BETWEEN: char = '\t';

impl Book {
    /// The book of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut all: Vec<(String, String, KeyKind, usize)> = Vec::new();
        let mut add = |kind, index: usize, key: &str, name: &str| {
            let clean = |text: &str| text.to_lowercase().replace([END, BETWEEN], " ");
            all.push((clean(key), clean(name), kind, index));
        };
        for item in snapshot.items.names.indices() {
            let key = snapshot.items.names.name(item);
            add(KeyKind::Item, item.to_usize(), key, snapshot.items.description(item));
        }
        for location in snapshot.locations.names.indices() {
            let key = snapshot.locations.names.name(location);
            let row = snapshot.locations.rows.get(location);
            add(KeyKind::Location, location.to_usize(), key, row.map_or("", |row| &row.name));
        }
        for customer in snapshot.customers.names.indices() {
            let key = snapshot.customers.names.name(customer);
            let row = snapshot.customers.rows.get(customer);
            add(KeyKind::Customer, customer.to_usize(), key, row.map_or("", |row| &row.name));
        }
        for supplier in snapshot.suppliers.names.indices() {
            let key = snapshot.suppliers.names.name(supplier);
            let row = snapshot.suppliers.rows.get(supplier);
            add(KeyKind::Supplier, supplier.to_usize(), key, row.map_or("", |row| &row.name));
        }
        for resource in snapshot.resources.names.indices() {
            add(
                KeyKind::Resource,
                resource.to_usize(),
                snapshot.resources.names.name(resource),
                "",
            );
        }
        for at in 0..snapshot.supplies.names.len() {
            let supply = SupplyIx::from_usize(at);
            if snapshot.supplies.account(supply).is_some() {
                add(KeyKind::Supply, at, &snapshot.supplies.names.name(supply), "");
            }
        }
        all.sort();
        let mut book = Self::default();
        let narrow = |at: usize| u32::try_from(at).expect("the names of a snapshot fit 4 GiB");
        for (key, name, kind, index) in all {
            let (start, index) = (narrow(book.text.len()), narrow(index));
            book.entries.push(Entry { start, key: narrow(key.len()), kind, index });
            book.text.push_str(&key);
            book.text.push(BETWEEN);
            book.text.push_str(&name);
            book.text.push(END);
        }
        book
    }

    fn key(&self, entry: &Entry) -> &str {
        &self.text[entry.start as usize..(entry.start + entry.key) as usize]
    }

    /// The places of entries that a text finds: exact keys, then what begins with it, then what has it inside; each
    /// once, at most so many.
    fn places(&self, wanted: &str, kinds: &[KeyKind], most: usize) -> Vec<usize> {
        let is_wanted = |at: &usize| kinds.is_empty() || kinds.contains(&self.entries[*at].kind);
        let first = self.entries.partition_point(|entry| self.key(entry) < wanted);
        let begins = (first..self.entries.len())
            .take_while(|at| self.key(&self.entries[*at]).starts_with(wanted));
        // Sorted by key, exact ones come first.
        let mut found: Vec<usize> = begins.filter(is_wanted).take(most).collect();
        let known: BTreeSet<usize> = found.iter().copied().collect();
        let mut from = 0;
        while found.len() < most
            && let Some(hit) = self.text.get(from..).and_then(|rest| rest.find(wanted))
        {
            let place = from + hit;
            let at = self.entries.partition_point(|entry| entry.start as usize <= place) - 1;
            if is_wanted(&at)
                && !known.contains(&at)
                && !self.key(&self.entries[at]).starts_with(wanted)
            {
                found.push(at);
            }
            // On with the next entry.
            from = self.entries.get(at + 1).map_or(self.text.len(), |next| next.start as usize);
        }
        found
    }
}

/// What a text finds, at most so many; the orders of a world among it.
pub fn find(
    book: &Book,
    world: &World,
    text: &str,
    (kinds, most): (&[KeyKind], usize),
) -> Vec<Hit> {
    let wanted = text.to_lowercase();
    let places = book.places(&wanted, kinds, most);
    let mut hits: Vec<Hit> =
        places.into_iter().map(|at| hit(&world.snapshot, &book.entries[at])).collect();
    if kinds.is_empty() || kinds.contains(&KeyKind::Order) {
        hits.extend(orders(world, &wanted, most));
    }
    let rank = |hit: &Hit| {
        let key = hit.key.to_lowercase();
        (key != wanted, !key.starts_with(&wanted))
    };
    hits.sort_by_cached_key(rank);
    hits.truncate(most);
    hits
}

/// The orders with promises that a text finds: those that begin with it first, each once.
fn orders(world: &World, wanted: &str, most: usize) -> Vec<Hit> {
    let (mut begin, mut inside) = (BTreeSet::new(), BTreeSet::new());
    for found in world.reservations_from(0) {
        let order = &found.facts.order;
        let small = order.to_lowercase();
        if small.starts_with(wanted) {
            begin.insert(order.clone());
        } else if inside.len() < most && small.contains(wanted) {
            inside.insert(order.clone());
        }
        if most < begin.len() {
            begin.pop_last();
        }
    }
    let hit = |order: std::sync::Arc<str>| {
        let all: Vec<_> = world.reservations_of(&order).collect();
        let customer = all.iter().find_map(|found| found.facts.customer);
        let customer =
            customer.map_or("", |customer| world.snapshot.customers.names.name(customer));
        let n = all.len();
        let what = if n == 1 { "1 promise".to_string() } else { format!("{n} promises") };
        let hint = if customer.is_empty() { what } else { format!("{customer}, {what}") };
        Hit { kind: KeyKind::Order, key: order.to_string(), name: String::new(), hint }
    };
    begin.into_iter().chain(inside).take(most).map(hit).collect()
}

fn hit(snapshot: &Snapshot, entry: &Entry) -> Hit {
    let at = entry.index as usize;
    let (key, name, hint) = match entry.kind {
        KeyKind::Item => {
            let item = ItemIx::from_usize(at);
            let category = snapshot.items.category(item);
            let hint = category.map_or("", |category| snapshot.items.categories.name(category));
            let name = snapshot.items.description(item);
            (snapshot.items.names.name(item).to_string(), name.to_string(), hint.to_string())
        }
        KeyKind::Location => {
            let location = LocationIx::from_usize(at);
            let row = snapshot.locations.rows.get(location);
            let kinds = crate::snapshot::kinds::LOCATION_KINDS;
            let kind = row.and_then(|row| kinds.iter().find(|(_, kind)| *kind == row.kind));
            let name = row.map_or(String::new(), |row| row.name.to_string());
            let hint = kind.map_or("", |(word, _)| word);
            (snapshot.locations.names.name(location).to_string(), name, hint.to_string())
        }
        KeyKind::Customer => {
            let customer = CustomerIx::from_usize(at);
            let row = snapshot.customers.rows.get(customer);
            let class = row.and_then(|row| row.class);
            let hint = class.map_or("", |class| snapshot.classes.names.name(class));
            let name = row.map_or(String::new(), |row| row.name.to_string());
            (snapshot.customers.names.name(customer).to_string(), name, hint.to_string())
        }
        KeyKind::Supplier => {
            let supplier = SupplierIx::from_usize(at);
            let row = snapshot.suppliers.rows.get(supplier);
            let name = row.map_or(String::new(), |row| row.name.to_string());
            (snapshot.suppliers.names.name(supplier).to_string(), name, String::new())
        }
        KeyKind::Resource => {
            let resource = ResourceIx::from_usize(at);
            let row = snapshot.resources.rows.get(resource);
            let hint = row.map_or("", |row| snapshot.locations.names.name(row.location));
            (snapshot.resources.names.name(resource).to_string(), String::new(), hint.to_string())
        }
        KeyKind::Supply => {
            let supply = SupplyIx::from_usize(at);
            (snapshot.supplies.names.name(supply), String::new(), supply_hint(snapshot, supply))
        }
        KeyKind::Order => unreachable!("orders are no names of a snapshot"),
    };
    Hit { kind: entry.kind, key, name, hint }
}

/// "40 PUMP at HAM on 2026-12-01".
fn supply_hint(snapshot: &Snapshot, supply: SupplyIx) -> String {
    let Some(account) = snapshot.supplies.account(supply) else { return String::new() };
    let Some(row) = snapshot.supplies.of(account).iter().find(|row| row.supply == Some(supply))
    else {
        return String::new();
    };
    let Account::Stock(item, location) = snapshot.account(account) else { return String::new() };
    let (item, location) =
        (snapshot.items.names.name(item), snapshot.locations.names.name(location));
    format!("{} {item} at {location} on {}", row.quantity, snapshot.epoch().date(row.due))
}
