//! The raw tables: CSV files with a header line, read by column name.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::{Fallible, decimal};

/// The directory of raw tables.
pub(crate) struct Raw {
    directory: PathBuf,
}

impl Raw {
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    /// Reads one table whole; the largest has 121,317 rows.
    pub(crate) fn table(&self, name: &'static str) -> Fallible<Table> {
        let path = self.directory.join(format!("{name}.csv"));
        let fail = |error: csv::Error| format!("{}: {error}", path.display());
        let mut reader = ReaderBuilder::new().from_path(&path).map_err(fail)?;
        let header = reader.headers().map_err(fail)?.clone();
        let columns = header.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        let records = reader.records().collect::<Result<_, _>>().map_err(fail)?;
        Ok(Table { name, columns, records })
    }
}

/// One raw table in memory.
pub(crate) struct Table {
    name: &'static str,
    columns: BTreeMap<String, usize>,
    records: Vec<StringRecord>,
}

impl Table {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }

    /// The rows by their number in `column`, which must be a key.
    pub(crate) fn by_key(&self, column: &str) -> Fallible<BTreeMap<u32, Row<'_>>> {
        let mut rows = BTreeMap::new();
        for row in self.rows() {
            let key = row.id(column)?;
            if rows.insert(key, row).is_some() {
                return Err(format!("{}: {column} {key} stands twice", self.name).into());
            }
        }
        Ok(rows)
    }
}

/// One row of a raw table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    pub(crate) fn text(&self, column: &str) -> Fallible<&'a str> {
        let at = self.table.columns.get(column);
        at.and_then(|at| self.record.get(*at)).ok_or_else(|| self.fault(column, "no such column"))
    }

    /// A raw id; ids are whole and positive.
    pub(crate) fn id(&self, column: &str) -> Fallible<u32> {
        self.text(column)?.parse().map_err(|error| self.fault(column, error))
    }

    /// An id that may be empty.
    pub(crate) fn optional_id(&self, column: &str) -> Fallible<Option<u32>> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.id(column).map(Some) }
    }

    /// A decimal number in millionths.
    pub(crate) fn number(&self, column: &str) -> Fallible<i64> {
        decimal::parse(self.text(column)?).map_err(|error| self.fault(column, error))
    }

    pub(crate) fn date(&self, column: &str) -> Fallible<Date> {
        self.text(column)?.parse().map_err(|error| self.fault(column, error))
    }

    /// A date that may be empty (for a validity that has no end).
    pub(crate) fn optional_date(&self, column: &str) -> Fallible<Option<Date>> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.date(column).map(Some) }
    }

    pub(crate) fn flag(&self, column: &str) -> Fallible<bool> {
        match self.text(column)? {
            "True" => Ok(true),
            "False" => Ok(false),
            other => Err(self.fault(column, format!("{other:?} is not True or False"))),
        }
    }

    fn fault(&self, column: &str, what: impl std::fmt::Display) -> Box<dyn std::error::Error> {
        let line = self.record.position().map_or(0, csv::Position::line);
        format!("{} line {line}, column {column}: {what}", self.table.name).into()
    }
}

/// Looks up a row that another row refers to.
pub(crate) fn find<'a, T>(rows: &'a BTreeMap<u32, T>, id: u32, what: &str) -> Fallible<&'a T> {
    rows.get(&id).ok_or_else(|| format!("{what} {id} is referred to but does not exist").into())
}
