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
    snapshot::{Account, Names, Part, Snapshot, capacity::Owner},
};
use jiff::civil::{Date, date};

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

pub(super) fn read_name<I: Index>(
    reader: &mut EntryReader<'_>,
    names: &Names<I>,
    kind: &'static str,
) -> Result<I, Malformed> {
    let name = reader.symbol()?;
    names.get(name).ok_or_else(|| Malformed::Unknown { kind, name: name.to_string() })
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
    let class =
        |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.classes.names, "demand class");
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
    let item = |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.items.names, "item");
    let location =
        |reader: &mut EntryReader<'_>| read_name(reader, &snapshot.locations.names, "location");
    match reader.tag()? {
        STOCK => Ok(snapshot.stock(item(reader)?, location(reader)?).ix()),
        RESOURCE => {
            let resource = read_name(reader, &snapshot.resources.names, "resource")?;
            Ok(snapshot.capacity(snapshot.resources.rows[resource].capacity).ix())
        }
        SUPPLIER => {
            let supplier = read_name(reader, &snapshot.suppliers.names, "supplier")?;
            let item = item(reader)?;
            let found = snapshot.capacity_of(Owner::Supplier(supplier, item));
            let fault = || Malformed::Unknown {
                kind: "limited supplier of the item",
                name: snapshot.suppliers.names.name(supplier).to_string(),
            };
            found.map(|capacity| snapshot.capacity(capacity).ix()).ok_or_else(fault)
        }
        HOUSE => {
            let location = location(reader)?;
            let fault = || Malformed::Unknown {
                kind: "limit of order lines at",
                name: snapshot.locations.names.name(location).to_string(),
            };
            let found = snapshot.capacity_of(Owner::House(location));
            found.map(|capacity| snapshot.capacity(capacity).ix()).ok_or_else(fault)
        }
        PART => read_part(reader, snapshot),
        _ => Err(reader.invalid("kind of account")),
    }
}
