//! Facts as bytes. Tags are constants of this file and are never given a second meaning.

use super::{
    activated,
    changes::{read_change, read_changed, write_changed, write_changes},
    error::Malformed,
    noted::{read_note, read_seen, write_note, write_seen},
    past::{read_step, write_step},
    reservation::{read_reservation, write_reservation},
    version::VERSION_FIRST,
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{Activation, Also, Fact, Leap, LineFault, Made, Reservation},
    snapshot::Snapshot,
};
use std::sync::Arc;

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
const UNCHANGED: u8 = 16;
const NOTED: u8 = 17;
const ACKNOWLEDGED: u8 = 18;
const RULED: u8 = 19;
const ANSWERED: u8 = 20;
const REVERTED: u8 = 22;
const STEPPED: u8 = 21;
/// An activation with the check sum of its tables behind it.
const ACTIVATED_WITH_SUM: u8 = 23;

/// Every kind of fact, in a word: the same as [`Fact::kind`].
const KINDS: [(u8, &str); 20] = [
    (PROMISED, "promised"),
    (CONFIRMED, "confirmed"),
    (PARTLY_RELEASED, "partly_released"),
    (RELEASED, "released"),
    (AMENDED, "amended"),
    (FULFILLED, "fulfilled"),
    (EXPIRED, "expired"),
    (ACTIVATED, "activated"),
    (ACTIVATED_WITH_SUM, "activated"),
    (REARRANGED, "rearranged"),
    (CHANGED, "changed"),
    (FORGOTTEN, "forgotten"),
    (LEAPT, "leapt"),
    (STEPPED, "stepped"),
    (UNCHANGED, "unchanged"),
    (NOTED, "noted"),
    (ACKNOWLEDGED, "acknowledged"),
    (RULED, "ruled"),
    (ANSWERED, "answered"),
    (REVERTED, "reverted"),
];

const MADE_RESERVED: u8 = 0;
const MADE_UNAVAILABLE: u8 = 1;
const MADE_REFUSED: u8 = 2;
const MADE_REPLACED: u8 = 3;
const MADE_ALREADY: u8 = 4;
const MADE_FAULTY: u8 = 5;

/// The kind of the fact that follows, in a word.
pub(super) fn read_kind(reader: &mut EntryReader<'_>) -> Result<&'static str, Malformed> {
    let tag = reader.tag()?;
    let kind = KINDS.iter().find(|(known, _)| *known == tag).map(|(_, word)| *word);
    kind.ok_or_else(|| reader.invalid("kind of fact"))
}

pub(super) fn write_fact(writer: &mut EntryWriter, snapshot: &Snapshot, fact: &Fact) {
    match fact {
        Fact::Promised { lines } => {
            writer.tag(PROMISED);
            writer.count(lines.len());
            lines.iter().for_each(|made| write_made(writer, snapshot, made));
        }
        Fact::Confirmed { kept, rest } => {
            write_one(writer, snapshot, (CONFIRMED, kept));
            writer.option(rest.as_ref(), |writer, rest| write_reservation(writer, snapshot, rest));
        }
        Fact::Rearranged { changes, after } => {
            writer.tag(REARRANGED);
            write_changes(writer, changes);
            write_many(writer, snapshot, after);
        }
        Fact::Reverted { of, changes, after } => {
            writer.tag(REVERTED);
            writer.unsigned(*of);
            write_changes(writer, changes);
            write_many(writer, snapshot, after);
        }
        Fact::Changed(changed) => {
            writer.tag(CHANGED);
            write_changed(writer, snapshot, changed);
        }
        Fact::Stepped { step, after } => {
            writer.tag(STEPPED);
            write_step(writer, *step);
            write_many(writer, snapshot, after);
        }
        Fact::Unchanged { stands } => write_one(writer, snapshot, (UNCHANGED, stands)),
        Fact::PartlyReleased { after } => write_one(writer, snapshot, (PARTLY_RELEASED, after)),
        Fact::Released { after } => write_one(writer, snapshot, (RELEASED, after)),
        Fact::Amended { after } => write_one(writer, snapshot, (AMENDED, after)),
        Fact::Fulfilled { after, rest } => {
            write_one(writer, snapshot, (FULFILLED, after));
            writer.option(rest.as_ref(), |writer, rest| write_reservation(writer, snapshot, rest));
        }
        Fact::Expired { after } => write_one(writer, snapshot, (EXPIRED, after)),
        Fact::Activated(_)
        | Fact::Answered
        | Fact::Noted { .. }
        | Fact::Acknowledged(_)
        | Fact::Ruled { .. }
        | Fact::Leapt(_)
        | Fact::Forgotten { .. } => write_plain(writer, fact),
    }
}

/// A fact that has no reservation in it.
fn write_plain(writer: &mut EntryWriter, fact: &Fact) {
    match fact {
        Fact::Activated(activation) => {
            let sum = activation.sum.as_deref();
            writer.tag(if sum.is_some() { ACTIVATED_WITH_SUM } else { ACTIVATED });
            activated::write(writer, activation);
            sum.into_iter().for_each(|sum| writer.text(sum));
        }
        Fact::Answered => writer.tag(ANSWERED),
        Fact::Noted { notes } => {
            writer.tag(NOTED);
            writer.count(notes.len());
            notes.iter().for_each(|note| write_note(writer, note));
        }
        Fact::Acknowledged(seen) => {
            writer.tag(ACKNOWLEDGED);
            write_seen(writer, seen);
        }
        Fact::Ruled { rules, at_risk } => {
            writer.tag(RULED);
            writer.unsigned((*rules).into());
            write_numbers(writer, at_risk);
        }
        Fact::Leapt(leap) => {
            writer.tag(LEAPT);
            writer.signed(leap.by);
            writer.unsigned(leap.from_position);
            writer.unsigned(leap.from_number);
        }
        Fact::Forgotten { numbers } => {
            writer.tag(FORGOTTEN);
            write_numbers(writer, numbers);
        }
        Fact::Promised { .. }
        | Fact::Confirmed { .. }
        | Fact::Rearranged { .. }
        | Fact::Changed(_)
        | Fact::Stepped { .. }
        | Fact::Unchanged { .. }
        | Fact::PartlyReleased { .. }
        | Fact::Released { .. }
        | Fact::Amended { .. }
        | Fact::Fulfilled { .. }
        | Fact::Reverted { .. }
        | Fact::Expired { .. } => unreachable!("it has reservations"),
    }
}

fn write_one(writer: &mut EntryWriter, snapshot: &Snapshot, (tag, after): (u8, &Arc<Reservation>)) {
    writer.tag(tag);
    write_reservation(writer, snapshot, after);
}

fn write_many(writer: &mut EntryWriter, snapshot: &Snapshot, after: &[Arc<Reservation>]) {
    writer.count(after.len());
    after.iter().for_each(|after| write_reservation(writer, snapshot, after));
}

fn write_numbers(writer: &mut EntryWriter, numbers: &[u64]) {
    writer.count(numbers.len());
    numbers.iter().for_each(|number| writer.unsigned(*number));
}

pub(super) fn read_fact(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Fact, Malformed> {
    let after = |reader: &mut EntryReader<'_>| read_reservation(reader, snapshot);
    Ok(match reader.tag()? {
        PROMISED => Fact::Promised { lines: reader.list(|reader| read_made(reader, snapshot))? },
        CONFIRMED => Fact::Confirmed { kept: after(reader)?, rest: reader.option(after)? },
        PARTLY_RELEASED => Fact::PartlyReleased { after: after(reader)? },
        RELEASED => Fact::Released { after: after(reader)? },
        AMENDED => Fact::Amended { after: after(reader)? },
        FULFILLED => {
            let shipped = after(reader)?;
            let rest = match reader.version() {
                VERSION_FIRST => None,
                _ => reader.option(after)?,
            };
            Fact::Fulfilled { after: shipped, rest }
        }
        ACTIVATED => Fact::Activated(Arc::new(activated::read(reader)?)),
        ACTIVATED_WITH_SUM => {
            let activation = activated::read(reader)?;
            let sum = Some(reader.text()?.into());
            Fact::Activated(Arc::new(Activation { sum, ..activation }))
        }
        EXPIRED => Fact::Expired { after: after(reader)? },
        REARRANGED => Fact::Rearranged {
            changes: reader.list(read_change)?.into(),
            after: reader.list(after)?,
        },
        CHANGED => Fact::Changed(Arc::new(read_changed(reader, snapshot)?)),
        FORGOTTEN => Fact::Forgotten { numbers: reader.list(EntryReader::unsigned)?.into() },
        LEAPT => Fact::Leapt(Leap {
            by: reader.signed()?,
            from_position: reader.unsigned()?,
            from_number: reader.unsigned()?,
        }),
        STEPPED => Fact::Stepped { step: read_step(reader)?, after: reader.list(after)? },
        UNCHANGED => Fact::Unchanged { stands: after(reader)? },
        ANSWERED => Fact::Answered,
        REVERTED => Fact::Reverted {
            of: reader.unsigned()?,
            changes: reader.list(read_change)?.into(),
            after: reader.list(after)?,
        },
        NOTED => Fact::Noted { notes: reader.list(read_note)?.into() },
        ACKNOWLEDGED => Fact::Acknowledged(Arc::new(read_seen(reader)?)),
        RULED => Fact::Ruled {
            rules: u32::try_from(reader.unsigned()?).map_err(|_| reader.invalid("version"))?,
            at_risk: reader.list(EntryReader::unsigned)?.into(),
        },
        _ => return Err(reader.invalid("kind of fact")),
    })
}

fn write_made(writer: &mut EntryWriter, snapshot: &Snapshot, made: &Made) {
    let (tag, reservation) = match made {
        Made::Reserved(reservation) => (MADE_RESERVED, Some(reservation)),
        Made::Replaced(reservation) => (MADE_REPLACED, Some(reservation)),
        Made::Already(reservation) => (MADE_ALREADY, Some(reservation)),
        Made::Faulty(faults) => {
            writer.tag(MADE_FAULTY);
            writer.count(faults.len());
            for LineFault { field, description } in faults.iter() {
                writer.text(field);
                writer.text(description);
            }
            return;
        }
        Made::Unavailable => (MADE_UNAVAILABLE, None),
        Made::Refused => (MADE_REFUSED, None),
    };
    writer.tag(tag);
    if let Some(reservation) = reservation {
        write_reservation(writer, snapshot, reservation);
    }
}

fn read_made(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<Made, Malformed> {
    Ok(match reader.tag()? {
        MADE_RESERVED => Made::Reserved(read_reservation(reader, snapshot)?),
        MADE_REPLACED => Made::Replaced(read_reservation(reader, snapshot)?),
        MADE_ALREADY => Made::Already(read_reservation(reader, snapshot)?),
        MADE_FAULTY => Made::Faulty(reader.list(read_fault)?.into()),
        MADE_UNAVAILABLE => Made::Unavailable,
        MADE_REFUSED => Made::Refused,
        _ => return Err(reader.invalid("fate of a line")),
    })
}

fn read_fault(reader: &mut EntryReader<'_>) -> Result<LineFault, Malformed> {
    Ok(LineFault { field: reader.text()?.into(), description: reader.text()?.into() })
}

pub(super) fn write_also(writer: &mut EntryWriter, snapshot: &Snapshot, also: &Also) {
    writer.option(also.step, write_step);
    write_reservation(writer, snapshot, &also.after);
}

pub(super) fn read_also(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Also, Malformed> {
    Ok(Also { step: reader.option(read_step)?, after: read_reservation(reader, snapshot)? })
}
