//! Notes and acknowledgements as bytes.

use super::{
    error::Fault,
    wire::{Reader, Writer},
};
use crate::ledger::{Acknowledgement, Note};

const HOLD_EXPIRING: u8 = 1;
const SOURCE_STALE: u8 = 2;
const SOURCE_FRESH: u8 = 3;

pub(super) fn write_note(writer: &mut Writer, note: &Note) {
    let (tag, source, known_at) = match note {
        Note::HoldExpiring { number, until } => {
            writer.tag(HOLD_EXPIRING);
            writer.unsigned(*number);
            writer.signed(*until);
            return;
        }
        Note::SourceStale { source, known_at } => (SOURCE_STALE, source, known_at),
        Note::SourceFresh { source, known_at } => (SOURCE_FRESH, source, known_at),
    };
    writer.tag(tag);
    writer.text(source);
    writer.signed(*known_at);
}

pub(super) fn read_note(reader: &mut Reader<'_>) -> Result<Note, Fault> {
    Ok(match reader.tag()? {
        HOLD_EXPIRING => Note::HoldExpiring { number: reader.unsigned()?, until: reader.signed()? },
        SOURCE_STALE => {
            Note::SourceStale { source: reader.text()?.into(), known_at: reader.signed()? }
        }
        SOURCE_FRESH => {
            Note::SourceFresh { source: reader.text()?.into(), known_at: reader.signed()? }
        }
        _ => return Err(reader.invalid("kind of note")),
    })
}

pub(super) fn write_seen(writer: &mut Writer, seen: &Acknowledgement) {
    let Acknowledgement { exception, by, note, until } = seen;
    [exception, by, note].into_iter().for_each(|text| writer.text(text));
    writer.option(*until, Writer::signed);
}

pub(super) fn read_seen(reader: &mut Reader<'_>) -> Result<Acknowledgement, Fault> {
    Ok(Acknowledgement {
        exception: reader.text()?.into(),
        by: reader.text()?.into(),
        note: reader.text()?.into(),
        until: reader.option(Reader::signed)?,
    })
}
