//! Entries as bytes, and bytes as entries.
//!
//! An entry begins with its version and ends with a check sum; tags are constants of this file and are
//! never given a second meaning. Reading never panics, whatever the bytes are, and what is read is
//! equal to what was written, as long as the snapshot knows the names.

use super::{
    activated,
    changes::{read_change, read_changed, write_changed, write_changes},
    error::Fault,
    record::Head,
    symbols::{read_day, read_name, read_posting, write_day, write_name, write_posting},
    wire::{Reader, Writer},
};
use crate::{
    ledger::{
        Entry, Fact, Leap, Made, RequestStamp, Reservation, Stamp, State,
        reservation::{Facts, Force, Leg, Target},
        standing::{Fate, Plan, Standing},
    },
    model::{Money, Posting, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// The version that is written; older ones stay readable.
pub(super) const VERSION: u8 = 1;

/// Bytes of the check sum.
const CHECK_LEN: usize = 4;

const PROMISED: u8 = 1;
const CONFIRMED: u8 = 2;
const PARTLY_RELEASED: u8 = 3;
const RELEASED: u8 = 4;
const AMENDED: u8 = 5;
const FULFILLED: u8 = 6;
const EXPIRED: u8 = 7;
const ACTIVATED: u8 = 8;
const REARRANGED: u8 = 12;
const CHANGED: u8 = 13;
const FORGOTTEN: u8 = 14;
const LEAPT: u8 = 15;

/// Every kind of fact, in a word: the same as [`Fact::kind`].
const KINDS: [(u8, &str); 12] = [
    (PROMISED, "promised"),
    (CONFIRMED, "confirmed"),
    (PARTLY_RELEASED, "partly_released"),
    (RELEASED, "released"),
    (AMENDED, "amended"),
    (FULFILLED, "fulfilled"),
    (EXPIRED, "expired"),
    (ACTIVATED, "activated"),
    (REARRANGED, "rearranged"),
    (CHANGED, "changed"),
    (FORGOTTEN, "forgotten"),
    (LEAPT, "leapt"),
];

const MADE_RESERVED: u8 = 0;
const MADE_UNAVAILABLE: u8 = 1;
const MADE_REFUSED: u8 = 2;

const STATE_HELD: u8 = 0;
const STATE_CONFIRMED: u8 = 1;
const STATE_FULFILLED: u8 = 2;
const STATE_CANCELLED: u8 = 3;
const STATE_EXPIRED: u8 = 4;

const FATE_CARRIED: u8 = 0;
const FATE_ABSORBED: u8 = 1;
const FATE_SUPERSEDING: u8 = 2;
const FATE_DROPPED: u8 = 3;

const PLAN_OURS: u8 = 0;
const PLAN_THEIRS: u8 = 1;

const TARGET_SHIP: u8 = 0;
const TARGET_ARRIVAL: u8 = 1;

/// The bytes of an entry.
pub fn encode(entry: &Entry, snapshot: &Snapshot) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.tag(VERSION);
    writer.unsigned(entry.position);
    writer.signed(entry.stamp.at);
    writer.option(entry.stamp.request.as_ref(), |writer, request| {
        writer.text(&request.id);
        writer.raw(&request.digest.to_le_bytes());
    });
    write_fact(&mut writer, snapshot, &entry.fact);
    let check = check_sum(writer.bytes());
    writer.raw(&check);
    writer.into_bytes()
}

/// The entry of some bytes.
///
/// # Errors
/// Why they are none.
pub fn decode(bytes: &[u8], snapshot: &Snapshot) -> Result<Entry, Fault> {
    let mut reader = opened(bytes)?;
    let (position, stamp) = read_stamp(&mut reader)?;
    let fact = read_fact(&mut reader, snapshot)?;
    reader.end()?;
    Ok(Entry { position, stamp, fact })
}

/// What the entry of some bytes says of itself.
///
/// # Errors
/// Why they are none.
pub fn head(bytes: &[u8]) -> Result<Head, Fault> {
    let mut reader = opened(bytes)?;
    let (position, stamp) = read_stamp(&mut reader)?;
    let tag = reader.tag()?;
    let kind = KINDS.iter().find(|(known, _)| *known == tag).map(|(_, word)| *word);
    let kind = kind.ok_or_else(|| reader.invalid("kind of fact"))?;
    Ok(Head { position, at: stamp.at, request: stamp.request, kind })
}

/// A reader behind the version, of bytes whose check sum matches.
pub(super) fn opened(bytes: &[u8]) -> Result<Reader<'_>, Fault> {
    let Some((body, check)) = bytes.split_last_chunk::<CHECK_LEN>() else {
        return Err(Fault::Truncated { offset: bytes.len() });
    };
    if check_sum(body) != *check {
        return Err(Fault::CheckSum);
    }
    let mut reader = Reader::new(body);
    match reader.tag()? {
        VERSION => Ok(reader),
        version => Err(Fault::Version(version)),
    }
}

fn read_stamp(reader: &mut Reader<'_>) -> Result<(u64, Stamp), Fault> {
    let position = reader.unsigned()?;
    let at = reader.signed()?;
    let request = reader.option(|reader| {
        let id = reader.text()?.into();
        let digest = reader.raw(16)?.try_into().expect("sixteen bytes were read");
        Ok(RequestStamp { id, digest: u128::from_le_bytes(digest) })
    })?;
    Ok((position, Stamp { at, request }))
}

/// The check sum of bytes: CRC-32C, which finds every damage within four bytes side by side.
pub fn check_sum(bytes: &[u8]) -> [u8; CHECK_LEN] {
    crc32c::crc32c(bytes).to_le_bytes()
}

fn write_fact(writer: &mut Writer, snapshot: &Snapshot, fact: &Fact) {
    let (tag, after) = match fact {
        Fact::Promised { lines } => {
            writer.tag(PROMISED);
            writer.count(lines.len());
            for made in lines {
                write_made(writer, snapshot, made);
            }
            return;
        }
        Fact::Confirmed { kept, rest } => {
            writer.tag(CONFIRMED);
            write_reservation(writer, snapshot, kept);
            writer.option(rest.as_ref(), |writer, rest| write_reservation(writer, snapshot, rest));
            return;
        }
        Fact::Activated(activation) => {
            writer.tag(ACTIVATED);
            activated::write(writer, activation);
            return;
        }
        Fact::Rearranged { changes, after } => {
            writer.tag(REARRANGED);
            write_changes(writer, changes);
            writer.count(after.len());
            after.iter().for_each(|after| write_reservation(writer, snapshot, after));
            return;
        }
        Fact::Changed(changed) => {
            writer.tag(CHANGED);
            write_changed(writer, snapshot, changed);
            return;
        }
        Fact::Forgotten { numbers } => {
            writer.tag(FORGOTTEN);
            writer.count(numbers.len());
            numbers.iter().for_each(|number| writer.unsigned(*number));
            return;
        }
        Fact::Leapt(leap) => {
            writer.tag(LEAPT);
            writer.signed(leap.by);
            writer.unsigned(leap.from_position);
            writer.unsigned(leap.from_number);
            return;
        }
        Fact::PartlyReleased { after } => (PARTLY_RELEASED, after),
        Fact::Released { after } => (RELEASED, after),
        Fact::Amended { after } => (AMENDED, after),
        Fact::Fulfilled { after } => (FULFILLED, after),
        Fact::Expired { after } => (EXPIRED, after),
    };
    writer.tag(tag);
    write_reservation(writer, snapshot, after);
}

fn read_fact(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Fact, Fault> {
    let after = |reader: &mut Reader<'_>| read_reservation(reader, snapshot);
    Ok(match reader.tag()? {
        PROMISED => Fact::Promised { lines: reader.list(|reader| read_made(reader, snapshot))? },
        CONFIRMED => Fact::Confirmed { kept: after(reader)?, rest: reader.option(after)? },
        PARTLY_RELEASED => Fact::PartlyReleased { after: after(reader)? },
        RELEASED => Fact::Released { after: after(reader)? },
        AMENDED => Fact::Amended { after: after(reader)? },
        FULFILLED => Fact::Fulfilled { after: after(reader)? },
        ACTIVATED => Fact::Activated(Arc::new(activated::read(reader)?)),
        EXPIRED => Fact::Expired { after: after(reader)? },
        REARRANGED => Fact::Rearranged {
            changes: reader.list(read_change)?.into(),
            after: reader.list(after)?,
        },
        CHANGED => Fact::Changed(Arc::new(read_changed(reader, snapshot)?)),
        FORGOTTEN => Fact::Forgotten { numbers: reader.list(Reader::unsigned)?.into() },
        LEAPT => Fact::Leapt(Leap {
            by: reader.signed()?,
            from_position: reader.unsigned()?,
            from_number: reader.unsigned()?,
        }),
        _ => return Err(reader.invalid("kind of fact")),
    })
}

fn write_made(writer: &mut Writer, snapshot: &Snapshot, made: &Made) {
    match made {
        Made::Reserved(reservation) => {
            writer.tag(MADE_RESERVED);
            write_reservation(writer, snapshot, reservation);
        }
        Made::Unavailable => writer.tag(MADE_UNAVAILABLE),
        Made::Refused => writer.tag(MADE_REFUSED),
    }
}

fn read_made(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Made, Fault> {
    Ok(match reader.tag()? {
        MADE_RESERVED => Made::Reserved(read_reservation(reader, snapshot)?),
        MADE_UNAVAILABLE => Made::Unavailable,
        MADE_REFUSED => Made::Refused,
        _ => return Err(reader.invalid("fate of a line")),
    })
}

pub(super) fn write_reservation(
    writer: &mut Writer,
    snapshot: &Snapshot,
    reservation: &Arc<Reservation>,
) {
    writer.unsigned(reservation.number);
    write_state(writer, reservation.state);
    writer.signed(reservation.quantity.raw());
    writer.tag(reservation.at_risk.into());
    write_postings(writer, snapshot, &reservation.postings);
    writer.option(reservation.standing.as_deref(), |writer, standing| {
        write_standing(writer, snapshot, standing);
    });
    write_facts(writer, snapshot, &reservation.facts);
}

pub(super) fn read_reservation(
    reader: &mut Reader<'_>,
    snapshot: &Snapshot,
) -> Result<Arc<Reservation>, Fault> {
    let number = reader.unsigned()?;
    let state = read_state(reader)?;
    let quantity = Quantity::micros(reader.signed()?);
    let at_risk = match reader.tag()? {
        0 => false,
        1 => true,
        _ => return Err(reader.invalid("flag")),
    };
    let postings = read_postings(reader, snapshot)?;
    let standing = reader.option(|reader| Ok(Arc::new(read_standing(reader, snapshot)?)))?;
    let facts = Arc::new(read_facts(reader, snapshot)?);
    Ok(Arc::new(Reservation { number, state, quantity, postings, facts, standing, at_risk }))
}

fn write_postings(writer: &mut Writer, snapshot: &Snapshot, postings: &[Posting]) {
    writer.count(postings.len());
    for posting in postings {
        write_posting(writer, snapshot, posting);
    }
}

fn read_postings(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Arc<[Posting]>, Fault> {
    Ok(reader.list(|reader| read_posting(reader, snapshot))?.into())
}

fn write_standing(writer: &mut Writer, snapshot: &Snapshot, standing: &Standing) {
    writer.tag(match standing.fate {
        Fate::Carried => FATE_CARRIED,
        Fate::Absorbed => FATE_ABSORBED,
        Fate::Superseding => FATE_SUPERSEDING,
        Fate::Dropped => FATE_DROPPED,
    });
    writer.tag(match standing.plan {
        Plan::Ours => PLAN_OURS,
        Plan::Theirs => PLAN_THEIRS,
    });
    write_postings(writer, snapshot, &standing.own);
    write_postings(writer, snapshot, &standing.theirs);
}

fn read_standing(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Standing, Fault> {
    let fate = match reader.tag()? {
        FATE_CARRIED => Fate::Carried,
        FATE_ABSORBED => Fate::Absorbed,
        FATE_SUPERSEDING => Fate::Superseding,
        FATE_DROPPED => Fate::Dropped,
        _ => return Err(reader.invalid("fate")),
    };
    let plan = match reader.tag()? {
        PLAN_OURS => Plan::Ours,
        PLAN_THEIRS => Plan::Theirs,
        _ => return Err(reader.invalid("plan")),
    };
    let own = read_postings(reader, snapshot)?;
    Ok(Standing { fate, plan, own, theirs: read_postings(reader, snapshot)? })
}

pub(super) fn write_state(writer: &mut Writer, state: State) {
    match state {
        State::Held { until } => {
            writer.tag(STATE_HELD);
            writer.signed(until);
        }
        State::Confirmed => writer.tag(STATE_CONFIRMED),
        State::Fulfilled => writer.tag(STATE_FULFILLED),
        State::Cancelled => writer.tag(STATE_CANCELLED),
        State::Expired => writer.tag(STATE_EXPIRED),
    }
}

pub(super) fn read_state(reader: &mut Reader<'_>) -> Result<State, Fault> {
    Ok(match reader.tag()? {
        STATE_HELD => State::Held { until: reader.signed()? },
        STATE_CONFIRMED => State::Confirmed,
        STATE_FULFILLED => State::Fulfilled,
        STATE_CANCELLED => State::Cancelled,
        STATE_EXPIRED => State::Expired,
        _ => return Err(reader.invalid("state")),
    })
}

fn write_facts(writer: &mut Writer, snapshot: &Snapshot, facts: &Facts) {
    writer.option(facts.source.as_deref(), Writer::text);
    writer.signed(facts.revision.into());
    writer.text(&facts.order);
    writer.text(&facts.line);
    writer.option(facts.customer, |w, ix| write_name(w, &snapshot.customers.names, ix));
    writer.option(facts.zone, |w, ix| write_name(w, &snapshot.zones.names, ix));
    writer.option(facts.class, |w, ix| write_name(w, &snapshot.classes.names, ix));
    write_name(writer, &snapshot.items.names, facts.item);
    writer.signed(facts.quantity_requested.raw());
    writer.option(facts.priority, |writer, priority| writer.signed(priority.into()));
    write_day(writer, snapshot, facts.requested);
    writer.tag(match facts.target {
        Target::Ship => TARGET_SHIP,
        Target::Arrival => TARGET_ARRIVAL,
    });
    writer.option(facts.unit_price, |writer, price| writer.signed(price.raw()));
    writer.text(&facts.terms);
    writer.count(facts.legs.len());
    for leg in &facts.legs {
        write_leg(writer, snapshot, leg);
    }
    writer.signed(facts.rank.into());
    writer.signed(facts.cost.raw());
    writer.signed(facts.profit.raw());
    writer.signed(facts.created);
    writer.option(facts.force.as_ref(), |writer, force| {
        writer.text(&force.by);
        writer.text(&force.why);
    });
}

fn read_facts(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Facts, Fault> {
    Ok(Facts {
        source: reader.option(|reader| Ok(reader.text()?.into()))?,
        revision: read_small(reader)?,
        order: reader.text()?.into(),
        line: reader.text()?.into(),
        customer: reader.option(|r| read_name(r, &snapshot.customers.names, "customer"))?,
        zone: reader.option(|r| read_name(r, &snapshot.zones.names, "zone"))?,
        class: reader.option(|r| read_name(r, &snapshot.classes.names, "demand class"))?,
        item: read_name(reader, &snapshot.items.names, "item")?,
        quantity_requested: Quantity::micros(reader.signed()?),
        priority: reader.option(read_small)?,
        requested: read_day(reader, snapshot)?,
        target: match reader.tag()? {
            TARGET_SHIP => Target::Ship,
            TARGET_ARRIVAL => Target::Arrival,
            _ => return Err(reader.invalid("date type")),
        },
        unit_price: reader.option(|reader| reader.signed().map(Money::micros))?,
        terms: reader.text()?.into(),
        legs: reader.list(|reader| read_leg(reader, snapshot))?,
        rank: read_small(reader)?,
        cost: Money::micros(reader.signed()?),
        profit: Money::micros(reader.signed()?),
        created: reader.signed()?,
        force: reader
            .option(|reader| Ok(Force { by: reader.text()?.into(), why: reader.text()?.into() }))?,
    })
}

fn write_leg(writer: &mut Writer, snapshot: &Snapshot, leg: &Leg) {
    write_name(writer, &snapshot.items.names, leg.item);
    write_name(writer, &snapshot.locations.names, leg.location);
    writer.option(leg.method, |w, ix| write_name(w, &snapshot.methods.names, ix));
    writer.signed(leg.quantity.raw());
    writer.signed(leg.covers.raw());
    for day in [leg.need, leg.ship, leg.arrival] {
        write_day(writer, snapshot, day);
    }
    writer.signed(leg.days_late.into());
}

fn read_leg(reader: &mut Reader<'_>, snapshot: &Snapshot) -> Result<Leg, Fault> {
    Ok(Leg {
        item: read_name(reader, &snapshot.items.names, "item")?,
        location: read_name(reader, &snapshot.locations.names, "location")?,
        method: reader.option(|r| read_name(r, &snapshot.methods.names, "ship method"))?,
        quantity: Quantity::micros(reader.signed()?),
        covers: Quantity::micros(reader.signed()?),
        need: read_day(reader, snapshot)?,
        ship: read_day(reader, snapshot)?,
        arrival: read_day(reader, snapshot)?,
        days_late: read_small(reader)?,
    })
}

fn read_small(reader: &mut Reader<'_>) -> Result<i32, Fault> {
    i32::try_from(reader.signed()?).map_err(|_| reader.invalid("number of 32 bits"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_sum_is_the_well_known_one() {
        assert_eq!(super::check_sum(b"123456789"), 0xe306_9283u32.to_le_bytes());
    }
}
