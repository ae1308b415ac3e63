//! Oracle's files for bulk import (FBDI): CSV without a header, whose columns the user's own templates name.
//!
//! A template is a workbook; each of its sheets has a row with the names of the columns, and the CSV of that sheet has its
//! name. What kind of data it is is told by the template's file name.

use super::{
    map::ColumnMap,
    tables::{ForeignTable, plain, table},
};
use crate::loader::{self, Format, Raw, RawTable};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Columns that must be known in a row to be taken for the names of all.
const NAMES_MIN: usize = 2;

/// What stands for a value that is taken away.
const NULL: &str = "#NULL";

/// A sheet of a template.
struct Sheet {
    /// The kind of data: the template's plain name.
    kind: String,
    /// The plain names of its columns.
    columns: Vec<String>,
}

/// An export by its templates.
pub(super) struct Read {
    pub(super) tables: Vec<ForeignTable>,
    /// Tables that no template has.
    pub(super) unknown: Vec<RawTable>,
    /// Files that are no tables.
    pub(super) strangers: Vec<String>,
}

/// The tables of an export, by the names that templates give their columns.
///
/// # Errors
/// The export or a template cannot be read.
pub(super) fn read(
    templates: &Path,
    (export, format): (&Path, &Format),
    map: &ColumnMap,
) -> Result<Read, loader::Error> {
    let fields = map.fields();
    let mut sheets: BTreeMap<String, Sheet> = BTreeMap::new();
    for entry in list(templates)? {
        let stem = entry.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for raw in loader::raw(&entry, &Format::default())?.tables {
            if let Some(columns) = names(&raw, &fields) {
                sheets.insert(plain(&raw.name), Sheet { kind: plain(&stem), columns });
            }
        }
    }
    let (mut tables, mut unknown) = (Vec::new(), Vec::new());
    let Raw { tables: found, strangers } = loader::raw(export, format)?;
    for raw in found {
        match sheets.get(&plain(&raw.name)) {
            Some(sheet) => tables.push(named(raw, sheet)),
            None => unknown.push(raw),
        }
    }
    Ok(Read { tables, unknown, strangers })
}

/// The workbooks among the templates.
fn list(templates: &Path) -> Result<Vec<std::path::PathBuf>, loader::Error> {
    let unlisted = |source| loader::Error::Directory { path: templates.to_path_buf(), source };
    let entries = std::fs::read_dir(templates).map_err(unlisted)?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths: Vec<_> = paths.map_err(unlisted)?;
    paths.retain(|path| {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        ending == "xlsm" || ending == "xlsx"
    });
    paths.sort();
    Ok(paths)
}

/// The row of a sheet that has most of the columns that we know.
fn names(raw: &RawTable, fields: &BTreeSet<String>) -> Option<Vec<String>> {
    let plain_row = |cells: &Vec<String>| cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>();
    let rows = raw.rows.iter().map(|(_, cells)| plain_row(cells));
    let known = |row: &Vec<String>| row.iter().filter(|name| fields.contains(*name)).count();
    // The first of equal ones: values below it may be like names.
    let best = rows.rev().max_by_key(known)?;
    (NAMES_MIN <= known(&best)).then_some(best)
}

/// The rows of a CSV under the names of its sheet.
fn named(mut raw: RawTable, sheet: &Sheet) -> ForeignTable {
    let is_header = |cells: &[String]| {
        let same = cells.iter().zip(&sheet.columns).filter(|(cell, name)| plain(cell) == **name);
        2 * same.count() > sheet.columns.len().min(cells.len())
    };
    raw.rows.retain(|(_, cells)| !is_header(cells));
    for cell in raw.rows.iter_mut().flat_map(|(_, cells)| cells) {
        if cell.as_str() == NULL {
            cell.clear();
        }
    }
    ForeignTable { name: sheet.kind.clone(), ..table(raw, &sheet.columns, 0) }
}
