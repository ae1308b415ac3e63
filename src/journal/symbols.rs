//! Indices and days of a snapshot, written as names and dates, and found again.
//!
//! Only this file knows which index means what; the codec asks it. A name that the snapshot does not
//! have is a fault that names it.

use super::{
    error::Malformed,
    version::VERSION_FIRST,
    wire::{EntryReader, EntryWriter},
};
use crate::{
    model::{AccountIx, Day, Index, Posting, Quantity, StockAccount},
    snapshot::{Account, Adopted, Names, Part, Snapshot, capacity::Owner},
};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

const STOCK: u8 = 0;
const RESOURCE: u8 = 1;
const SUPPLIER: u8 = 2;
const HOUSE: u8 = 3;
const PART: u8 = 4;

const NODE: u8 = 0;
const CAP: u8 = 1;
const KEPT: u8 = 2;
const SEEN: u8 = 3;
const SEEN_BY_ANYBODY: u8 = 4;

/// What days are counted from in a journal.
const ORIGIN: Date = date(1970, 1, 1);

pub(super) fn write_name<I: Index>(writer: &mut EntryWriter, names: &Names<I>, index: I) {
    writer.symbol(names.name(index));
}

/// What a name is the name of, and where one that a snapshot has lost is adopted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    word: &'static str,
    adopted: fn(&mut Adopted) -> &mut BTreeSet<Box<str>>,
}

pub(super) const ITEM: Kind = Kind { word: "item", adopted: |all| &mut all.items };
pub(super) const LOCATION: Kind = Kind { word: "location", adopted: |all| &mut all.locations };
pub(super) const CUSTOMER: Kind = Kind { word: "customer", adopted: |all| &mut all.customers };
pub(super) const ZONE: Kind = Kind { word: "zone", adopted: |all| &mut all.zones };
pub(super) const CLASS: Kind = Kind { word: "demand class", adopted: |all| &mut all.classes };
pub(super) const METHOD: Kind = Kind { word: "ship method", adopted: |all| &mut all.methods };

pub(super) fn read_name<I: Index>(
    reader: &mut EntryReader<'_>,
    names: &Names<I>,
    kind: Kind,
) -> Result<I, Malformed> {
    let name = reader.symbol()?;
    let adopt = |all: &mut Adopted| {
        (kind.adopted)(all).insert(name.into());
    };
    match names.get(name) {
        Some(known) => Ok(known),
        None => reader.instead(unknown(kind.word, name, adopt), any(names)),
    }
}

/// Any index, for who reads on behind a name that nobody knows.
fn any<I: Index>(names: &Names<I>) -> Option<I> {
    (!names.is_empty()).then(|| I::from_usize(0))
}

/// Any account, for the same.
fn any_account(snapshot: &Snapshot) -> Option<AccountIx> {
    let (item, location) = (any(&snapshot.items.names)?, any(&snapshot.locations.names)?);
    Some(snapshot.stock(item, location).ix())
}

/// A name that a snapshot does not know, and what it would have to adopt to know it.
fn unknown(kind: &'static str, name: &str, adopt: impl FnOnce(&mut Adopted)) -> Malformed {
    let mut adopted = Box::<Adopted>::default();
    adopt(&mut adopted);
    Malformed::Unknown { kind, name: name.to_string(), adopted }
}

/// The snapshot's day that the journal's day 0 is.
fn origin(snapshot: &Snapshot) -> i64 {
    snapshot.epoch().day(ORIGIN).0.into()
}

pub(super) fn write_day(writer: &mut EntryWriter, snapshot: &Snapshot, day: Day) {
    writer.signed(i64::from(day.0) - origin(snapshot));
}

pub(super) fn read_day(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Day, Malformed> {
    let day = reader.signed()?.saturating_add(origin(snapshot));
    i32::try_from(day).map(Day).map_err(|_| reader.invalid("day"))
}

pub(super) fn write_posting(writer: &mut EntryWriter, snapshot: &Snapshot, posting: &Posting) {
    write_account(writer, snapshot, posting.account);
    write_day(writer, snapshot, posting.day);
    writer.signed(posting.quantity.raw());
    writer.unsigned(posting.planned.into());
}

pub(super) fn read_posting(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Posting, Malformed> {
    let account = read_account(reader, snapshot)?;
    let day = read_day(reader, snapshot)?;
    let quantity = Quantity::micros(reader.signed()?);
    let planned = if reader.version() == VERSION_FIRST { 0 } else { read_number(reader)? };
    Ok(Posting { account, day, quantity, planned })
}

/// The number of a planned supply.
pub(super) fn read_number(reader: &mut EntryReader<'_>) -> Result<u32, Malformed> {
    u32::try_from(reader.unsigned()?).map_err(|_| reader.invalid("number of a planned supply"))
}

pub(super) fn write_account(writer: &mut EntryWriter, snapshot: &Snapshot, account: AccountIx) {
    match snapshot.account(account) {
        Account::Stock(item, location) => {
            writer.tag(STOCK);
            write_name(writer, &snapshot.items.names, item);
            write_name(writer, &snapshot.locations.names, location);
        }
        Account::Capacity(capacity) => match snapshot.capacities[capacity].owner {
            Owner::Resource(resource) => {
                writer.tag(RESOURCE);
                write_name(writer, &snapshot.resources.names, resource);
            }
            Owner::Supplier(supplier, item) => {
                writer.tag(SUPPLIER);
                write_name(writer, &snapshot.suppliers.names, supplier);
                write_name(writer, &snapshot.items.names, item);
            }
            Owner::House(location) => {
                writer.tag(HOUSE);
                write_name(writer, &snapshot.locations.names, location);
            }
        },
        Account::Part(whole, part) => {
            writer.tag(PART);
            write_account(writer, snapshot, whole.ix());
            let (tag, class) = match part {
                Part::Node(class) => (NODE, Some(class)),
                Part::Cap(class) => (CAP, Some(class)),
                Part::Protected(class) => (KEPT, Some(class)),
                Part::Seen(Some(class)) => (SEEN, Some(class)),
                Part::Seen(None) => (SEEN_BY_ANYBODY, None),
            };
            writer.tag(tag);
            if let Some(class) = class {
                write_name(writer, &snapshot.classes.names, class);
            }
        }
    }
}

/// The part of a stock account that follows in the journal.
fn read_part(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<AccountIx, Malformed> {
    let whole = snapshot.as_whole(read_account(reader, snapshot)?);
    let whole = whole.ok_or_else(|| reader.invalid("account that has parts"))?;
    let class = |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.classes.names, CLASS);
    let part = match reader.tag()? {
        NODE => Part::Node(class(reader)?),
        CAP => Part::Cap(class(reader)?),
        KEPT => Part::Protected(class(reader)?),
        SEEN => Part::Seen(Some(class(reader)?)),
        SEEN_BY_ANYBODY => Part::Seen(None),
        _ => return Err(reader.invalid("part of an account")),
    };
    Ok(snapshot.part(whole, part).ix())
}

/// An account that must be one of stock.
pub(super) fn read_stock(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<StockAccount, Malformed> {
    let account = read_account(reader, snapshot)?;
    snapshot.as_stock(account).ok_or_else(|| reader.invalid("account of stock"))
}

pub(super) fn read_account(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<AccountIx, Malformed> {
    let item = |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.items.names, ITEM);
    let location =
        |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.locations.names, LOCATION);
    match reader.tag()? {
        STOCK => Ok(snapshot.stock(item(reader)?, location(reader)?).ix()),
        RESOURCE => read_resource(reader, snapshot),
        SUPPLIER => read_limit(reader, snapshot),
        HOUSE => read_house(reader, snapshot),
        PART => read_part(reader, snapshot),
        _ => Err(reader.invalid("kind of account")),
    }
}

fn read_resource(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<AccountIx, Malformed> {
    let name = reader.symbol()?;
    let adopt = |all: &mut Adopted| {
        // Where it stood nobody says: anywhere will do for who only wants its name.
        let at = snapshot.locations.rows.iter().next();
        let at = at.map_or("", |(at, _)| snapshot.locations.names.name(at));
        all.locations.insert(at.into());
        all.resources.insert(name.into(), at.into());
    };
    match snapshot.resources.names.get(name) {
        Some(known) => Ok(snapshot.capacity(snapshot.resources.rows[known].capacity).ix()),
        None => reader.instead(unknown("resource", name, adopt), any_account(snapshot)),
    }
}

/// The order lines of a location.
fn read_house(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<AccountIx, Malformed> {
    let name = reader.symbol()?;
    let adopt = |all: &mut Adopted| {
        all.locations.insert(name.into());
        all.houses.insert(name.into());
    };
    let location = snapshot.locations.names.get(name);
    let found = location.and_then(|location| snapshot.capacity_of(Owner::House(location)));
    match (found, location) {
        (Some(found), _) => Ok(snapshot.capacity(found).ix()),
        (None, Some(_)) => {
            let unknown = unknown("limit of order lines at", name, adopt);
            reader.instead(unknown, any_account(snapshot))
        }
        (None, None) => reader.instead(unknown(LOCATION.word, name, adopt), any_account(snapshot)),
    }
}

/// What a supplier can give of an item.
fn read_limit(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<AccountIx, Malformed> {
    let name: Box<str> = reader.symbol()?.into();
    let item_name: Box<str> = reader.symbol()?.into();
    let adopt = |all: &mut Adopted| {
        all.items.insert(item_name.clone());
        all.offers.insert((name.clone(), item_name.clone()));
    };
    let supplier = snapshot.suppliers.names.get(&name);
    let item = snapshot.items.names.get(&item_name);
    let unknown = match (supplier, item) {
        (None, _) => unknown("supplier", &name, adopt),
        (Some(_), None) => unknown(ITEM.word, &item_name, adopt),
        (Some(supplier), Some(item)) => {
            match snapshot.capacity_of(Owner::Supplier(supplier, item)) {
                Some(found) => return Ok(snapshot.capacity(found).ix()),
                None => unknown("limited supplier of the item", &name, adopt),
            }
        }
    };
    reader.instead(unknown, any_account(snapshot))
}
