//! Tables of another system, by name, with their rows as objects.

use super::draft::Place;
use crate::loader::{self, RawTable};
use serde_json::{Map, Value};
use std::path::Path;

/// A row by the names of its columns.
pub(super) type Object = Map<String, Value>;

/// A table of the other system.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Its plain name.
    pub(super) name: String,
    pub(super) rows: Vec<(Place, Object)>,
}

/// A name without case, blanks, underscores and the star of a required column.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '*' | '\u{a0}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The tables of a directory of files with headers, a workbook, a zip file, or an object of lists in JSON.
///
/// # Errors
/// They cannot be read.
pub(super) fn read(path: &Path) -> Result<Vec<Table>, loader::Error> {
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json {
        return of_json(path);
    }
    Ok(loader::raw(path)?.into_iter().map(with_header).collect())
}

/// A table whose first row names its columns. Parts of a table, `demand.part1.csv`, are tables of one name.
fn with_header(raw: RawTable) -> Table {
    let RawTable { name, file, rows } = raw;
    let mut rows = rows.into_iter();
    let header: Vec<String> = rows
        .next()
        .map(|(_, cells)| cells.iter().map(|cell| plain(cell)).collect())
        .unwrap_or_default();
    table((&name, &file), &header, rows)
}

/// A table whose columns have these plain names.
pub(super) fn table(
    (name, file): (&str, &str),
    header: &[String],
    rows: impl Iterator<Item = (u64, Vec<String>)>,
) -> Table {
    let place = |row| Place { table: name.to_string(), file: file.to_string(), row };
    let object = |cells: Vec<String>| {
        let cells = cells.into_iter().map(Value::String);
        let mut object: Object = header.iter().cloned().zip(cells).collect();
        for name in header {
            object.entry(name.clone()).or_insert(Value::Null);
        }
        object
    };
    let rows = rows.map(|(row, cells)| (place(row), object(cells))).collect();
    Table { name: plain(name), rows }
}

fn of_json(path: &Path) -> Result<Vec<Table>, loader::Error> {
    let unreadable = |source| loader::Error::Unreadable { path: path.to_path_buf(), source };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let tables: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|source| loader::Error::NotJson { path: path.to_path_buf(), source })?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut read = Vec::new();
    for (name, rows) in tables {
        let rows = rows.as_array().cloned().unwrap_or_default();
        let mut table = Table { name: plain(&name), rows: Vec::new() };
        for (value, row) in rows.into_iter().zip(1..) {
            let Value::Object(object) = value else { continue };
            let place = Place { table: name.clone(), file: file.clone(), row };
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
