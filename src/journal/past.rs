//! A step in the life of a promise, as bytes: what a checkpoint keeps of its history.

use super::{
    error::Malformed,
    reservation::{read_state, write_state},
    symbols::{read_day, write_day},
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{Mover, Past, reservation::Step},
    model::Quantity,
    snapshot::Snapshot,
};

const CONFIRM: u8 = 1;
const CANCEL: u8 = 2;
const AMEND: u8 = 3;
const FULFIL: u8 = 4;
const EXPIRE: u8 = 5;
const EXTEND: u8 = 6;
const REOPEN: u8 = 7;
const REVERT: u8 = 8;

const BY_RUN: u8 = 1;
const BY_CHANGE: u8 = 2;
const BY_ALLOCATION: u8 = 3;
const BY_TAKING_BACK: u8 = 4;

pub(super) fn write_step(writer: &mut EntryWriter, step: Step) {
    writer.tag(match step {
        Step::Confirm => CONFIRM,
        Step::Cancel => CANCEL,
        Step::Amend => AMEND,
        Step::Fulfil => FULFIL,
        Step::Expire => EXPIRE,
        Step::Extend => EXTEND,
        Step::Reopen => REOPEN,
        Step::Revert => REVERT,
    });
}

pub(super) fn read_step(reader: &mut EntryReader<'_>) -> Result<Step, Malformed> {
    Ok(match reader.tag()? {
        CONFIRM => Step::Confirm,
        CANCEL => Step::Cancel,
        AMEND => Step::Amend,
        FULFIL => Step::Fulfil,
        EXPIRE => Step::Expire,
        EXTEND => Step::Extend,
        REOPEN => Step::Reopen,
        REVERT => Step::Revert,
        _ => return Err(reader.invalid("step")),
    })
}

pub(super) fn write_past(writer: &mut EntryWriter, snapshot: &Snapshot, past: &Past) {
    let Past { step, at, position, state, quantity, ship, by, mover } = past;
    writer.option(*step, write_step);
    writer.signed(*at);
    writer.unsigned(*position);
    write_state(writer, *state);
    writer.signed(quantity.raw());
    writer.option(*ship, |writer, date| write_day(writer, snapshot, snapshot.epoch().day(date)));
    writer.option(by.as_deref(), EntryWriter::text);
    writer.option(*mover, |writer, mover| {
        writer.tag(match mover {
            Mover::Run => BY_RUN,
            Mover::Change => BY_CHANGE,
            Mover::Allocation => BY_ALLOCATION,
            Mover::TakenBack => BY_TAKING_BACK,
        });
    });
}

fn read_mover(reader: &mut EntryReader<'_>) -> Result<Mover, Malformed> {
    Ok(match reader.tag()? {
        BY_RUN => Mover::Run,
        BY_CHANGE => Mover::Change,
        BY_ALLOCATION => Mover::Allocation,
        BY_TAKING_BACK => Mover::TakenBack,
        _ => return Err(reader.invalid("what changed a promise")),
    })
}

/// A step as it is written now.
pub(super) fn read_past(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Past, Malformed> {
    let past = read_past_unmoved(reader, snapshot)?;
    Ok(Past { mover: reader.option(read_mover)?, ..past })
}

/// A step as it was written before it said what changed the promise.
pub(super) fn read_past_unmoved(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Past, Malformed> {
    let past = read_past_of_nobody(reader, snapshot)?;
    Ok(Past { by: reader.option(|reader| Ok(reader.text()?.into()))?, ..past })
}

/// A step as it was written before it said on whose word it was done.
pub(super) fn read_past_of_nobody(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Past, Malformed> {
    let step = reader.option(read_step)?;
    Ok(Past {
        step,
        at: reader.signed()?,
        position: reader.unsigned()?,
        state: read_state(reader)?,
        quantity: Quantity::micros(reader.signed()?),
        ship: reader.option(|reader| Ok(snapshot.epoch().date(read_day(reader, snapshot)?)))?,
        by: None,
        mover: None,
    })
}
