//! Changes of planning data as bytes: their kind and cells, as words.

use super::{
    error::Fault,
    wire::{Reader, Writer},
};
use crate::change::Change;

pub(super) fn write_changes(writer: &mut Writer, changes: &[Change]) {
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

pub(super) fn read_change(reader: &mut Reader<'_>) -> Result<Change, Fault> {
    let word = reader.text()?;
    let cells = reader.list(|reader| Ok((reader.text()?, reader.text()?)))?;
    let cell =
        |column: &str| cells.iter().find(|(other, _)| *other == column).map(|(_, value)| *value);
    Change::read(0, word, cell).map_err(|_| reader.invalid("change"))
}
