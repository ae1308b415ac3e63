//! Changes of planning data as bytes: their kind and cells, as words; and what they meant for promises.

use super::{
    error::Malformed,
    reservation::{read_reservation, write_reservation},
    symbols::{read_account, write_account},
    wire::{EntryReader, EntryWriter},
};
use crate::{
    change::Change,
    ledger::{
        Origin,
        refresh::{NetChange, Short},
    },
    snapshot::Snapshot,
};

pub(super) fn write_changes(writer: &mut EntryWriter, changes: &[Change]) {
    writer.count(changes.len());
    for change in changes {
        writer.text(change.kind().word());
        let cells: Vec<_> = change.cells().collect();
        writer.count(cells.len());
        for (column, value) in cells {
            writer.text(column);
            writer.text(&value);
        }
    }
}

pub(super) fn read_change(reader: &mut EntryReader<'_>) -> Result<Change, Malformed> {
    let word = reader.text()?;
    let cells = reader.list(|reader| Ok((reader.text()?, reader.text()?)))?;
    let cell =
        |column: &str| cells.iter().find(|(other, _)| *other == column).map(|(_, value)| *value);
    Change::read(0, word, cell).map_err(|_| reader.invalid("change"))
}

pub(super) fn write_origin(writer: &mut EntryWriter, origin: &Origin) {
    writer.option(origin.source.as_ref(), |writer, source| writer.text(source));
    writer.signed(origin.known_at);
}

pub(super) fn read_origin(reader: &mut EntryReader<'_>) -> Result<Origin, Malformed> {
    let source = reader.option(|reader| Ok(reader.text()?.into()))?;
    Ok(Origin { source, known_at: reader.signed()? })
}

pub(super) fn write_changed(writer: &mut EntryWriter, snapshot: &Snapshot, changed: &NetChange) {
    let NetChange { changes, origin, judged, flagged, short, eased } = changed;
    write_changes(writer, changes);
    write_origin(writer, origin);
    for after in [judged, flagged] {
        writer.count(after.len());
        after.iter().for_each(|after| write_reservation(writer, snapshot, after));
    }
    writer.count(short.len());
    for Short { account, numbers } in short {
        write_account(writer, snapshot, *account);
        writer.count(numbers.len());
        numbers.iter().for_each(|number| writer.unsigned(*number));
    }
    writer.count(eased.len());
    eased.iter().for_each(|number| writer.unsigned(*number));
}

pub(super) fn read_changed(
    reader: &mut EntryReader<'_>,
    snapshot: &Snapshot,
) -> Result<NetChange, Malformed> {
    let after = |reader: &mut EntryReader<'_>| read_reservation(reader, snapshot);
    Ok(NetChange {
        changes: reader.list(read_change)?.into(),
        origin: read_origin(reader)?,
        judged: reader.list(after)?,
        flagged: reader.list(after)?,
        short: reader.list(|reader| {
            let account = read_account(reader, snapshot)?;
            Ok(Short { account, numbers: reader.list(EntryReader::unsigned)? })
        })?,
        eased: reader.list(EntryReader::unsigned)?,
    })
}
