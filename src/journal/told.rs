//! What a caller was told, as bytes.

use super::{
    error::Malformed,
    reservation::{read_leg, write_leg},
    symbols::{read_day, write_day},
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{
        Told,
        told::{LegAmounts, LineStatus, Together, ToldLine, ToldSet},
    },
    model::{Money, Quantity},
    snapshot::Snapshot,
};

const LINES: u8 = 1;
const MESSAGE: u8 = 2;
/// Lines whose today went by an instant.
const LINES_AT: u8 = 3;

/// A status by its tag.
const STATUSES: [(u8, LineStatus); 6] = [
    (1, LineStatus::OnTime),
    (2, LineStatus::Late),
    (3, LineStatus::Partial),
    (4, LineStatus::Unavailable),
    (5, LineStatus::Refused),
    (6, LineStatus::AlreadyPromised),
];

pub(super) fn write_told(writer: &mut EntryWriter, snapshot: &Snapshot, told: &Told) {
    match told {
        Told::Message(bytes) => {
            writer.tag(MESSAGE);
            writer.count(bytes.len());
            writer.raw(bytes);
        }
        Told::Lines { lines, sets, now } => {
            writer.tag(if now.is_some() { LINES_AT } else { LINES });
            now.iter().for_each(|at| writer.signed(*at));
            writer.count(lines.len());
            lines.iter().for_each(|line| write_line(writer, snapshot, line));
            writer.count(sets.len());
            sets.iter().for_each(|set| write_set(writer, snapshot, set));
        }
    }
}

pub(super) fn read_told(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<Told, Malformed> {
    Ok(match reader.tag()? {
        MESSAGE => {
            let n = reader.count()?;
            Told::Message(reader.raw(n)?.into())
        }
        kind @ (LINES | LINES_AT) => Told::Lines {
            now: if kind == LINES_AT { Some(reader.signed()?) } else { None },
            lines: reader.list(|reader| read_line(reader, snapshot))?,
            sets: reader.list(|reader| read_set(reader, snapshot))?,
        },
        _ => return Err(reader.invalid("kind of answer")),
    })
}

fn write_line(writer: &mut EntryWriter, snapshot: &Snapshot, line: &ToldLine) {
    let ToldLine { status, available, offered, amounts } = line;
    let tag = STATUSES.iter().find(|(_, known)| known == status).map(|(tag, _)| *tag);
    writer.tag(tag.expect("every status has a tag"));
    writer.signed(available.raw());
    writer.count(offered.len());
    offered.iter().for_each(|leg| write_leg(writer, snapshot, leg));
    writer.count(amounts.len());
    for amounts in amounts {
        let LegAmounts { supply, make, freight, handling, lateness, price } = amounts;
        [supply, make, freight, handling, lateness, price]
            .into_iter()
            .for_each(|amount| writer.signed(amount.raw()));
    }
}

fn read_line(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<ToldLine, Malformed> {
    let tag = reader.tag()?;
    let status = STATUSES.iter().find(|(known, _)| *known == tag).map(|(_, status)| *status);
    let money = |reader: &mut EntryReader<'_>| reader.signed().map(Money::micros);
    Ok(ToldLine {
        status: status.ok_or_else(|| reader.invalid("status of a line"))?,
        available: Quantity::micros(reader.signed()?),
        offered: reader.list(|reader| read_leg(reader, snapshot))?,
        amounts: reader.list(|reader| {
            Ok(LegAmounts {
                supply: money(reader)?,
                make: money(reader)?,
                freight: money(reader)?,
                handling: money(reader)?,
                lateness: money(reader)?,
                price: money(reader)?,
            })
        })?,
    })
}

fn write_set(writer: &mut EntryWriter, snapshot: &Snapshot, set: &ToldSet) {
    let ToldSet { lines, together, day } = set;
    writer.count(lines.len());
    lines.iter().for_each(|line| writer.count(*line));
    writer.tag(match together {
        Together::Arrive => 0,
        Together::Ship => 1,
        Together::IfPossible => 2,
    });
    writer.option(*day, |writer, day| write_day(writer, snapshot, day));
}

fn read_set(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<ToldSet, Malformed> {
    let line = |reader: &mut EntryReader<'_>| {
        usize::try_from(reader.unsigned()?).map_err(|_| reader.invalid("line of a set"))
    };
    Ok(ToldSet {
        lines: reader.list(line)?,
        together: match reader.tag()? {
            0 => Together::Arrive,
            1 => Together::Ship,
            2 => Together::IfPossible,
            _ => return Err(reader.invalid("kind of set")),
        },
        day: reader.option(|reader| read_day(reader, snapshot))?,
    })
}
