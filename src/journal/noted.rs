//! Notes and acknowledgements as bytes.

use super::{
    error::Malformed,
    wire::{EntryReader, EntryWriter},
};
use crate::ledger::{Acknowledgement, Mark, Note, Since};
use jiff::civil::Date;

const HOLD_EXPIRING: u8 = 1;
const SOURCE_STALE: u8 = 2;
const SOURCE_FRESH: u8 = 3;
const SOONER_POSSIBLE: u8 = 4;
const SOONER_NO_MORE: u8 = 5;
const QUARANTINED: u8 = 6;
const DIVERGED: u8 = 7;
const CURSOR: u8 = 8;

pub(super) fn write_note(writer: &mut EntryWriter, note: &Note) {
    let (tag, source, known_at) = match note {
        Note::HoldExpiring { number, until } => {
            writer.tag(HOLD_EXPIRING);
            writer.unsigned(*number);
            writer.signed(*until);
            return;
        }
        Note::SoonerPossible { number, date } => {
            writer.tag(SOONER_POSSIBLE);
            writer.unsigned(*number);
            return writer.text(&date.to_string());
        }
        Note::SoonerNoMore { number } => {
            writer.tag(SOONER_NO_MORE);
            return writer.unsigned(*number);
        }
        Note::Quarantined { snapshot_id, why } => {
            return write_told(writer, QUARANTINED, [snapshot_id, why]);
        }
        Note::Diverged { account, why } => return write_told(writer, DIVERGED, [account, why]),
        Note::Cursor { of, at } => return write_told(writer, CURSOR, [of, at]),
        Note::SourceStale { source, known_at } => (SOURCE_STALE, source, known_at),
        Note::SourceFresh { source, known_at } => (SOURCE_FRESH, source, known_at),
    };
    writer.tag(tag);
    writer.text(source);
    writer.signed(*known_at);
}

fn write_told(writer: &mut EntryWriter, tag: u8, texts: [&str; 2]) {
    writer.tag(tag);
    texts.into_iter().for_each(|text| writer.text(text));
}

pub(super) fn read_note(reader: &mut EntryReader<'_>) -> Result<Note, Malformed> {
    Ok(match reader.tag()? {
        HOLD_EXPIRING => Note::HoldExpiring { number: reader.unsigned()?, until: reader.signed()? },
        SOONER_POSSIBLE => {
            Note::SoonerPossible { number: reader.unsigned()?, date: read_date(reader)? }
        }
        SOONER_NO_MORE => Note::SoonerNoMore { number: reader.unsigned()? },
        QUARANTINED => {
            Note::Quarantined { snapshot_id: reader.text()?.into(), why: reader.text()?.into() }
        }
        DIVERGED => Note::Diverged { account: reader.text()?.into(), why: reader.text()?.into() },
        CURSOR => Note::Cursor { of: reader.text()?.into(), at: reader.text()?.into() },
        SOURCE_STALE => {
            Note::SourceStale { source: reader.text()?.into(), known_at: reader.signed()? }
        }
        SOURCE_FRESH => {
            Note::SourceFresh { source: reader.text()?.into(), known_at: reader.signed()? }
        }
        _ => return Err(reader.invalid("kind of note")),
    })
}

pub(super) fn read_date(reader: &mut EntryReader<'_>) -> Result<Date, Malformed> {
    let text = reader.text()?;
    text.parse().map_err(|_| reader.invalid("date"))
}

pub(super) fn write_mark(writer: &mut EntryWriter, (number, mark): (u64, Mark)) {
    writer.unsigned(number);
    writer.option(mark.at_risk, write_since);
    writer.option(mark.sooner, |writer, (date, since)| {
        writer.text(&date.to_string());
        write_since(writer, since);
    });
}

pub(super) fn read_mark(reader: &mut EntryReader<'_>) -> Result<(u64, Mark), Malformed> {
    let number = reader.unsigned()?;
    let at_risk = reader.option(read_since)?;
    let sooner = reader.option(|reader| Ok((read_date(reader)?, read_since(reader)?)))?;
    Ok((number, Mark { at_risk, sooner }))
}

fn write_since(writer: &mut EntryWriter, since: Since) {
    writer.signed(since.at);
    writer.unsigned(since.position);
}

fn read_since(reader: &mut EntryReader<'_>) -> Result<Since, Malformed> {
    Ok(Since { at: reader.signed()?, position: reader.unsigned()? })
}

pub(super) fn write_seen(writer: &mut EntryWriter, seen: &Acknowledgement) {
    let Acknowledgement { exception, by, note, until } = seen;
    [exception, by, note].into_iter().for_each(|text| writer.text(text));
    writer.option(*until, EntryWriter::signed);
}

pub(super) fn read_seen(reader: &mut EntryReader<'_>) -> Result<Acknowledgement, Malformed> {
    Ok(Acknowledgement {
        exception: reader.text()?.into(),
        by: reader.text()?.into(),
        note: reader.text()?.into(),
        until: reader.option(EntryReader::signed)?,
    })
}
