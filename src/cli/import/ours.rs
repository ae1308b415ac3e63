//! What a recipe has made of a database: tables that have our names already, and rows that it has left out itself.

use super::super::{data, failure::Failure};
use super::{
    draft::{RowPlace, SnapshotDraft},
    tables,
};
use crate::{
    loader::{self, Format, Reject},
    snapshot::schema,
};
use jiff::civil::Date;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Takes the tables of a recipe's directory.
pub(super) fn apply(
    from: &Path,
    as_of: Option<Date>,
    draft: &mut SnapshotDraft,
) -> Result<(), Failure> {
    let manifest = std::fs::read_to_string(from.join("manifest.json")).ok();
    let manifest: Option<serde_json::Value> =
        manifest.and_then(|text| serde_json::from_str(&text).ok());
    if let (None, Some(found)) =
        (as_of, manifest.as_ref().and_then(|fields| fields.get("as_of")?.as_str()?.parse().ok()))
    {
        draft.as_of = found;
    }
    let currency = manifest.as_ref().and_then(|fields| fields.get("currency")?.as_str());
    draft.currency = currency.map(ToString::to_string);
    let marks = manifest.as_ref().and_then(|fields| fields.get("watermarks")?.as_object().cloned());
    for (source, at) in marks.into_iter().flatten() {
        if let Some(at) = at.as_str() {
            draft.watermarks.insert(source, at.to_string());
        }
    }
    let read = tables::read(from, &Format::default(), &BTreeSet::new());
    let read = read.map_err(|error| data::unloadable(&error))?;
    draft.leave_out_files(&read.strangers);
    for table in read.tables {
        let Some((first, _)) = table.rows.first() else { continue };
        draft.read(&first.table, table.rows.len() as u64);
        let schema = schema::TABLES.iter().find(|schema| tables::plain(schema.name) == table.name);
        let Some(schema) = schema else {
            let whole = RowPlace { row: 0, ..first.clone() };
            draft.leave_out(&whole, ("", ""), "no table of a snapshot");
            continue;
        };
        for (place, row) in &table.rows {
            let cells: Vec<_> = schema
                .columns()
                .map(|column| (column, tables::text(row, &tables::plain(column.name()))))
                .collect();
            draft.add(
                schema.name,
                cells.iter().map(|(column, text)| (*column, text.as_str())),
                place,
            );
        }
    }
    // What the recipe left out by itself.
    let beside = PathBuf::from(format!("{}.rejects.csv", from.display()));
    let known = loader::raw(&beside, &Format::default()).ok();
    let known = known.and_then(|mut known| known.tables.pop());
    for (row, cells) in known.into_iter().flat_map(|raw| raw.rows.into_iter().skip(1)) {
        let [table, key, reason] =
            [0, 1, 2].map(|at: usize| cells.get(at).cloned().unwrap_or_default());
        let file = beside.file_name().unwrap_or_default().to_string_lossy().into_owned();
        draft.left_out(Reject { table, file, row, column: String::new(), value: key, reason });
    }
    Ok(())
}
