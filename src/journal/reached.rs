//! How far sources have been read, and how far what the server does by itself has come, as bytes.

use super::{
    error::Malformed,
    wire::{EntryReader, EntryWriter},
};
use crate::ledger::World;
use std::sync::Arc;

pub(super) fn write_positions(
    writer: &mut EntryWriter,
    (source, positions): (&Arc<str>, &[Arc<str>]),
) {
    writer.text(source);
    writer.count(positions.len());
    positions.iter().for_each(|position| writer.text(position));
}

pub(super) fn read_positions(
    world: &mut World,
    reader: &mut EntryReader<'_>,
) -> Result<(), Malformed> {
    let source = reader.text()?.into();
    for _ in 0..reader.count()? {
        world.hear(&source, &reader.text()?.into());
    }
    Ok(())
}

pub(super) fn write_cursor(writer: &mut EntryWriter, (of, at): (&Arc<str>, &Arc<str>)) {
    writer.text(of);
    writer.text(at);
}

pub(super) fn read_cursor(
    world: &mut World,
    reader: &mut EntryReader<'_>,
) -> Result<(), Malformed> {
    let of = reader.text()?.into();
    world.reach(&of, &reader.text()?.into());
    Ok(())
}

pub(super) fn read_served(
    world: &mut World,
    reader: &mut EntryReader<'_>,
) -> Result<(), Malformed> {
    world.restore_served(reader.text()?.into());
    Ok(())
}
