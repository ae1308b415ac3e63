//! Tables of another system, by name, with their rows as objects.

use super::draft::RowPlace;
use crate::{
    limits::HEADER_ROWS,
    loader::{self, Format, RawTable},
};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, path::Path};

/// A row by the names of its columns.
pub(super) type Object = Map<String, Value>;

/// A table of the other system.
#[derive(Clone, Debug)]
pub(super) struct ForeignTable {
    /// Its plain name.
    pub(super) name: String,
    pub(super) rows: Vec<(RowPlace, Object)>,
    /// Whether numbers are such in its file, and no texts.
    pub(super) has_numbers: bool,
}

/// The tables of an export.
#[derive(Clone, Debug, Default)]
pub(super) struct ForeignTables {
    pub(super) tables: Vec<ForeignTable>,
    /// Files that are none.
    pub(super) strangers: Vec<String>,
}

/// A name without case, blanks, underscores and the star of a required column.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '*' | '\u{a0}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The tables of a directory of files with headers, a workbook, a zip file, or an object of lists in JSON. Where titles stand
/// above a header, it is found by the fields that somebody reads, in their plain names.
///
/// # Errors
/// They cannot be read.
pub(super) fn read(
    path: &Path,
    format: &Format,
    fields: &BTreeSet<String>,
) -> Result<ForeignTables, loader::Error> {
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json {
        return Ok(ForeignTables { tables: of_json(path)?, strangers: Vec::new() });
    }
    let loader::Raw { tables, strangers } = loader::raw(path, format)?;
    let tables = tables.into_iter().map(|raw| with_header(raw, fields)).collect();
    Ok(ForeignTables { tables, strangers })
}

/// A table one of whose first rows names its columns. Parts of a table, `demand.part1.csv`, are tables of one name.
fn with_header(raw: RawTable, fields: &BTreeSet<String>) -> ForeignTable {
    let named = |(_, cells): &(u64, Vec<String>)| -> usize {
        cells.iter().filter(|cell| fields.contains(&plain(cell))).count()
    };
    // The first of those that name most of them; values below it may be like names.
    let first =
        raw.rows.iter().take(HEADER_ROWS).enumerate().rev().max_by_key(|(_, row)| named(row));
    let at = first.filter(|(_, row)| 1 < named(row)).map_or(0, |(at, _)| at);
    let names = raw.rows.get(at).into_iter().flat_map(|(_, cells)| cells);
    let header: Vec<String> = names.map(|cell| plain(cell)).collect();
    table(raw, &header, at + 1)
}

/// A table whose columns have these plain names, without so many rows at its beginning.
pub(super) fn table(raw: RawTable, header: &[String], n_above: usize) -> ForeignTable {
    let RawTable { name, file, rows, has_numbers } = raw;
    let place = |row| RowPlace { table: name.clone(), file: file.clone(), row };
    let object = |cells: Vec<String>| {
        let cells = cells.into_iter().map(Value::String);
        let mut object: Object = header.iter().cloned().zip(cells).collect();
        for name in header {
            object.entry(name.clone()).or_insert(Value::Null);
        }
        object
    };
    let rows = rows.into_iter().skip(n_above);
    let rows = rows.map(|(row, cells)| (place(row), object(cells))).collect();
    ForeignTable { name: plain(&name), rows, has_numbers }
}

fn of_json(path: &Path) -> Result<Vec<ForeignTable>, loader::Error> {
    let unreadable = |source| loader::Error::Unreadable { path: path.to_path_buf(), source };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let tables: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|source| loader::Error::NotJson { path: path.to_path_buf(), source })?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut read = Vec::new();
    for (name, rows) in tables {
        let rows = rows.as_array().cloned().unwrap_or_default();
        let mut table = ForeignTable { name: plain(&name), rows: Vec::new(), has_numbers: true };
        for (value, row) in rows.into_iter().zip(1..) {
            let Value::Object(object) = value else { continue };
            let place = RowPlace { table: name.clone(), file: file.clone(), row };
            let object = object.into_iter().map(|(key, value)| (plain(&key), value)).collect();
            table.rows.push((place, object));
        }
        read.push(table);
    }
    Ok(read)
}

/// The text of a field, by its plain name; empty where there is none.
pub(super) fn text(row: &Object, field: &str) -> String {
    match row.get(field) {
        Some(Value::String(text)) => text.trim().to_string(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => String::new(),
    }
}
