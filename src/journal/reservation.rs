//! Reservations as bytes: what they post, who they are for, what was told.

use super::{
    error::Malformed,
    symbols::{
        CLASS, CUSTOMER, ITEM, LOCATION, METHOD, ZONE, read_day, read_name, read_number,
        read_posting, read_stock, write_account, write_day, write_name, write_posting,
    },
    version::VERSION_FIRST,
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{
        Planned, Reservation, State, Terms,
        planned::PlannedKind,
        reservation::{DateType, Facts, Force, Leg, Supplied},
        standing::{Fate, Plan, SourceRow, Standing},
    },
    model::{Money, Posting, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

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

const KIND_MADE: u8 = 0;
const KIND_BOUGHT: u8 = 1;
const KIND_MOVED: u8 = 2;
const KIND_RETURNED: u8 = 3;

const TARGET_SHIP: u8 = 0;
const TARGET_ARRIVAL: u8 = 1;

pub(super) fn write_reservation(
    writer: &mut EntryWriter,
    snapshot: &Snapshot,
    reservation: &Arc<Reservation>,
) {
    writer.unsigned(reservation.number);
    write_state(writer, reservation.state);
    writer.signed(reservation.quantity.raw());
    writer.tag(reservation.at_risk.into());
    writer.option(reservation.shipped, EntryWriter::signed);
    write_postings(writer, snapshot, &reservation.postings);
    writer.count(reservation.plan.len());
    reservation.plan.iter().for_each(|planned| write_planned(writer, snapshot, planned));
    writer.option(reservation.standing.as_deref(), |writer, standing| {
        write_standing(writer, snapshot, standing);
    });
    write_facts(writer, snapshot, &reservation.facts);
}

pub(super) fn read_reservation(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Arc<Reservation>, Malformed> {
    let number = reader.unsigned()?;
    let state = read_state(reader)?;
    let quantity = Quantity::micros(reader.signed()?);
    let at_risk = match reader.tag()? {
        0 => false,
        1 => true,
        _ => return Err(reader.invalid("flag")),
    };
    let shipped = match reader.version() {
        VERSION_FIRST => None,
        _ => reader.option(EntryReader::signed)?,
    };
    let postings = read_postings(reader, snapshot)?;
    let plan = match reader.version() {
        VERSION_FIRST => Vec::new(),
        _ => reader.list(|reader| read_planned(reader, snapshot))?,
    };
    // Most promises plan nothing: they share one list.
    let plan = if plan.is_empty() { Arc::default() } else { plan.into() };
    let standing = reader.option(|reader| Ok(Arc::new(read_standing(reader, snapshot)?)))?;
    let facts = Arc::new(read_facts(reader, snapshot)?);
    Ok(Arc::new(Reservation {
        number,
        state,
        quantity,
        postings,
        plan,
        facts,
        standing,
        at_risk,
        shipped,
    }))
}

fn write_planned(writer: &mut EntryWriter, snapshot: &Snapshot, planned: &Planned) {
    let Planned { number, kind, parent, begins, used, shipped, taken, taken_since } = planned;
    writer.unsigned((*number).into());
    writer.tag(match kind {
        PlannedKind::Made => KIND_MADE,
        PlannedKind::Bought => KIND_BOUGHT,
        PlannedKind::Moved => KIND_MOVED,
        PlannedKind::Returned => KIND_RETURNED,
    });
    writer.unsigned((*parent).into());
    write_day(writer, snapshot, *begins);
    writer.signed(used.raw());
    writer.option(*shipped, EntryWriter::signed);
    writer.signed(taken.raw());
    writer.signed(*taken_since);
}

fn read_planned(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<Planned, Malformed> {
    Ok(Planned {
        number: read_number(reader)?,
        kind: match reader.tag()? {
            KIND_MADE => PlannedKind::Made,
            KIND_BOUGHT => PlannedKind::Bought,
            KIND_MOVED => PlannedKind::Moved,
            KIND_RETURNED => PlannedKind::Returned,
            _ => return Err(reader.invalid("kind of planned supply")),
        },
        parent: read_number(reader)?,
        begins: read_day(reader, snapshot)?,
        used: Quantity::micros(reader.signed()?),
        shipped: reader.option(EntryReader::signed)?,
        taken: Quantity::micros(reader.signed()?),
        taken_since: reader.signed()?,
    })
}

fn write_row(writer: &mut EntryWriter, snapshot: &Snapshot, row: SourceRow) {
    writer.signed(row.revision.into());
    write_account(writer, snapshot, row.account.ix());
    write_day(writer, snapshot, row.due);
    writer.signed(row.quantity.raw());
}

fn read_row(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<SourceRow, Malformed> {
    Ok(SourceRow {
        revision: read_small(reader)?,
        account: read_stock(reader, snapshot)?,
        due: read_day(reader, snapshot)?,
        quantity: Quantity::micros(reader.signed()?),
    })
}

fn write_postings(writer: &mut EntryWriter, snapshot: &Snapshot, postings: &[Posting]) {
    writer.count(postings.len());
    for posting in postings {
        write_posting(writer, snapshot, posting);
    }
}

fn read_postings(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Arc<[Posting]>, Malformed> {
    Ok(reader.list(|reader| read_posting(reader, snapshot))?.into())
}

fn write_standing(writer: &mut EntryWriter, snapshot: &Snapshot, standing: &Standing) {
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
    writer.option(standing.row, |writer, row| write_row(writer, snapshot, row));
    writer.signed(standing.counted);
}

fn read_standing(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<Standing, Malformed> {
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
    let theirs = read_postings(reader, snapshot)?;
    let (row, counted) = match reader.version() {
        VERSION_FIRST => (None, i64::MIN),
        _ => (reader.option(|reader| read_row(reader, snapshot))?, reader.signed()?),
    };
    Ok(Standing { fate, plan, own, theirs, row, counted })
}

pub(super) fn write_state(writer: &mut EntryWriter, state: State) {
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

pub(super) fn read_state(reader: &mut EntryReader<'_>) -> Result<State, Malformed> {
    Ok(match reader.tag()? {
        STATE_HELD => State::Held { until: reader.signed()? },
        STATE_CONFIRMED => State::Confirmed,
        STATE_FULFILLED => State::Fulfilled,
        STATE_CANCELLED => State::Cancelled,
        STATE_EXPIRED => State::Expired,
        _ => return Err(reader.invalid("state")),
    })
}

fn write_facts(writer: &mut EntryWriter, snapshot: &Snapshot, facts: &Facts) {
    writer.option(facts.source.as_deref(), EntryWriter::text);
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
    writer.tag(match facts.date_type {
        DateType::Ship => TARGET_SHIP,
        DateType::Arrival => TARGET_ARRIVAL,
    });
    writer.option(facts.unit_price, |writer, price| writer.signed(price.raw()));
    writer.text(facts.terms.as_str());
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

fn read_facts(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<Facts, Malformed> {
    Ok(Facts {
        source: reader.option(|reader| Ok(reader.text()?.into()))?,
        revision: read_small(reader)?,
        order: reader.text()?.into(),
        line: reader.text()?.into(),
        customer: reader.option(|r| read_name(r, &snapshot.customers.names, CUSTOMER))?,
        zone: reader.option(|r| read_name(r, &snapshot.zones.names, ZONE))?,
        class: reader.option(|r| read_name(r, &snapshot.classes.names, CLASS))?,
        item: read_name(reader, &snapshot.items.names, ITEM)?,
        quantity_requested: Quantity::micros(reader.signed()?),
        priority: reader.option(read_small)?,
        requested: read_day(reader, snapshot)?,
        date_type: match reader.tag()? {
            TARGET_SHIP => DateType::Ship,
            TARGET_ARRIVAL => DateType::Arrival,
            _ => return Err(reader.invalid("date type")),
        },
        unit_price: reader.option(|reader| reader.signed().map(Money::micros))?,
        terms: Terms::read(reader.text()?).ok_or_else(|| reader.invalid("terms of a line"))?,
        legs: reader.list(|reader| read_leg(reader, snapshot))?,
        rank: read_small(reader)?,
        cost: Money::micros(reader.signed()?),
        profit: Money::micros(reader.signed()?),
        created: reader.signed()?,
        force: reader
            .option(|reader| Ok(Force { by: reader.text()?.into(), why: reader.text()?.into() }))?,
    })
}

pub(super) fn write_leg(writer: &mut EntryWriter, snapshot: &Snapshot, leg: &Leg) {
    write_name(writer, &snapshot.items.names, leg.item);
    write_name(writer, &snapshot.locations.names, leg.location);
    writer.option(leg.method, |w, ix| write_name(w, &snapshot.methods.names, ix));
    writer.signed(leg.quantity.raw());
    writer.signed(leg.covers.raw());
    for day in [leg.need, leg.ship, leg.arrival] {
        write_day(writer, snapshot, day);
    }
    writer.signed(leg.days_late.into());
    writer.unsigned(leg.supply.number().into());
    writer.signed(leg.rank.into());
}

pub(super) fn read_leg(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Leg, Malformed> {
    let leg = Leg {
        item: read_name(reader, &snapshot.items.names, ITEM)?,
        location: read_name(reader, &snapshot.locations.names, LOCATION)?,
        method: reader.option(|r| read_name(r, &snapshot.methods.names, METHOD))?,
        quantity: Quantity::micros(reader.signed()?),
        covers: Quantity::micros(reader.signed()?),
        need: read_day(reader, snapshot)?,
        ship: read_day(reader, snapshot)?,
        arrival: read_day(reader, snapshot)?,
        days_late: read_small(reader)?,
        supply: Supplied::default(),
        rank: 0,
    };
    if reader.version() == VERSION_FIRST {
        return Ok(leg);
    }
    let supply =
        u32::try_from(reader.unsigned()?).map_err(|_| reader.invalid("supply of a leg"))?;
    Ok(Leg { supply: Supplied::of_number(supply), rank: read_small(reader)?, ..leg })
}

pub(super) fn read_small(reader: &mut EntryReader<'_>) -> Result<i32, Malformed> {
    i32::try_from(reader.signed()?).map_err(|_| reader.invalid("number of 32 bits"))
}
