//! Rows of our tables on their way into a snapshot, each with the place that it comes from; and what was left out.

use super::super::failure::Failure;
use crate::{
    loader::{self, Reject, Silent},
    snapshot::schema::{self, Column},
};
use jiff::civil::Date;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::Path,
};

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowPlace {
    /// The table of the other system.
    pub(super) table: String,
    pub(super) file: String,
    pub(super) row: u64,
}

/// A row of one of our tables.
#[derive(Clone, Debug)]
struct Row {
    cells: BTreeMap<Column, String>,
    place: RowPlace,
}

/// A snapshot that is being made.
#[derive(Debug)]
pub(super) struct SnapshotDraft {
    pub(super) as_of: Date,
    pub(super) snapshot_id: String,
    tables: BTreeMap<&'static str, Vec<Row>>,
    /// Rows that are there once, or added up: by table and what they have in common.
    known: HashMap<(&'static str, String), usize>,
    left_out: Vec<Reject>,
    /// Rows of each table of the other system that were read.
    read: BTreeMap<String, u64>,
    /// Places of rows that something was made of.
    taken: BTreeSet<RowPlace>,
    pub(super) currency: Option<String>,
    /// Up to when sources are contained.
    pub(super) watermarks: BTreeMap<String, String>,
}

/// What became of a table of the other system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableReport {
    pub(super) table: String,
    pub(super) read: u64,
    pub(super) taken: u64,
    pub(super) left_out: u64,
}

impl SnapshotDraft {
    pub(super) fn new(as_of: Date, snapshot_id: String) -> Self {
        Self {
            as_of,
            snapshot_id,
            tables: BTreeMap::new(),
            known: HashMap::new(),
            left_out: Vec::new(),
            read: BTreeMap::new(),
            taken: BTreeSet::new(),
            currency: None,
            watermarks: BTreeMap::new(),
        }
    }

    /// Notes that so many rows of a table were read.
    pub(super) fn read(&mut self, table: &str, rows: u64) {
        *self.read.entry(table.to_string()).or_default() += rows;
    }

    /// Notes that a row was used, though no row of ours stands for it alone.
    pub(super) fn touch(&mut self, place: &RowPlace) {
        self.taken.insert(place.clone());
    }

    /// Adds a row; empty cells are left away.
    pub(super) fn add<'c>(
        &mut self,
        table: &'static str,
        cells: impl IntoIterator<Item = (Column, &'c str)>,
        place: &RowPlace,
    ) {
        let cells = cells.into_iter().map(|(column, text)| (column, text.trim()));
        let cells = cells.filter(|(_, text)| !text.is_empty());
        let cells = cells.map(|(column, text)| (column, text.to_string())).collect();
        self.taken.insert(place.clone());
        self.tables.entry(table).or_default().push(Row { cells, place: place.clone() });
    }

    /// The same, unless there is a row with the same cells in some columns.
    pub(super) fn add_once<'c>(
        &mut self,
        table: &'static str,
        cells: impl IntoIterator<Item = (Column, &'c str)>,
        (key, place): (&[Column], &RowPlace),
    ) {
        let cells: Vec<(Column, &str)> = cells.into_iter().collect();
        let of = |column: &Column| {
            cells.iter().find(|(other, _)| other == column).map_or("", |(_, text)| text.trim())
        };
        let key = key.iter().map(of).collect::<Vec<_>>().join("\0");
        if self.known.contains_key(&(table, key.clone())) {
            self.taken.insert(place.clone());
        } else {
            let at = self.tables.get(table).map_or(0, Vec::len);
            self.known.insert((table, key), at);
            self.add(table, cells, place);
        }
    }

    /// Adds a row whose number is added to that of the row with the same other cells, if there is one.
    pub(super) fn add_up<'c>(
        &mut self,
        table: &'static str,
        cells: impl IntoIterator<Item = (Column, &'c str)>,
        (sum, place): (Column, &RowPlace),
    ) {
        use crate::model::Quantity;
        let cells = cells.into_iter().filter(|(_, text)| !text.is_empty());
        let cells: BTreeMap<Column, String> =
            cells.map(|(column, text)| (column, text.trim().to_string())).collect();
        let others = cells.iter().filter(|(column, _)| **column != sum);
        let key = others.map(|(column, text)| format!("{}={text}", column.name()));
        let key = (table, key.collect::<Vec<_>>().join("\0"));
        let number = |text: Option<&String>| Quantity::parse(text?).ok();
        self.taken.insert(place.clone());
        let rows = self.tables.entry(table).or_default();
        if let Some(row) = self.known.get(&key).and_then(|at| rows.get_mut(*at))
            && let (Some(one), Some(more)) = (number(row.cells.get(&sum)), number(cells.get(&sum)))
        {
            row.cells.insert(sum, (one + more).to_string());
            return;
        }
        self.known.insert(key, rows.len());
        rows.push(Row { cells, place: place.clone() });
    }

    /// Notes that a row is left out, or a cell of it.
    pub(super) fn leave_out(
        &mut self,
        place: &RowPlace,
        (column, value): (&str, &str),
        reason: impl Into<String>,
    ) {
        self.left_out.push(Reject {
            table: place.table.clone(),
            file: place.file.clone(),
            row: place.row,
            column: column.to_string(),
            value: value.to_string(),
            reason: reason.into(),
        });
    }

    /// Notes that files are no tables.
    pub(super) fn leave_out_files(&mut self, names: &[String]) {
        for name in names {
            let place = RowPlace { table: String::new(), file: name.clone(), row: 0 };
            self.leave_out(&place, ("", ""), "no table; .csv, .txt and .xlsx are read");
        }
    }

    /// Adds what somebody else has left out.
    pub(super) fn left_out(&mut self, reject: Reject) {
        self.left_out.push(reject);
    }

    /// Writes the snapshot into a directory, without what does not hold together; gives what was left out, and what became
    /// of each table.
    pub(super) fn write(mut self, out: &Path) -> Result<(Vec<Reject>, Vec<TableReport>), Failure> {
        let unwritten = |error: std::io::Error| {
            let cause = format!("cannot write {}: {error}", out.display());
            Failure::new(cause, "name a directory that can be written, and make room on the disk")
        };
        let staged = tempfile::tempdir().map_err(unwritten)?;
        self.stage(staged.path()).map_err(unwritten)?;
        let unloadable = |error| super::super::data::unloadable(&error);
        let opened = loader::open_leaving_out(staged.path(), &Silent).map_err(unloadable)?;
        for reject in &opened.rejects {
            let row = usize::try_from(reject.row).unwrap_or(0).saturating_sub(2);
            let rows = self.tables.get(reject.table.as_str());
            let Some(found) = rows.and_then(|rows| rows.get(row)) else {
                self.left_out.push(reject.clone());
                continue;
            };
            let RowPlace { table, file, row } = found.place.clone();
            self.taken.remove(&found.place);
            let reason = format!("{}: {}", reject.table, reject.reason);
            self.left_out.push(Reject { table, file, row, reason, ..reject.clone() });
        }
        if opened.loaded.problems.errors() != 0 {
            let first = opened.loaded.problems.listed().iter().find_map(|problem| {
                (problem.severity == crate::snapshot::Severity::Error).then(|| problem.to_string())
            });
            return Err(Failure::new(
                first.unwrap_or_else(|| "it is no snapshot".to_string()),
                "add what is missing to the export",
            ));
        }
        fs::create_dir_all(out).map_err(unwritten)?;
        loader::copy(staged.path(), &opened.left_out, out).map_err(unloadable)?;
        let told = self.told();
        Ok((self.left_out, told))
    }

    fn stage(&self, to: &Path) -> std::io::Result<()> {
        let manifest = serde_json::json!({
            "snapshot_id": self.snapshot_id,
            "as_of": self.as_of.to_string(),
            "currency": self.currency,
            "watermarks": self.watermarks,
        });
        fs::write(to.join("manifest.json"), manifest.to_string())?;
        for (table, rows) in &self.tables {
            let schema = schema::table(table).expect("one of our tables");
            let used: Vec<Column> = schema
                .columns()
                .filter(|column| {
                    schema.must_have.contains(column)
                        || rows.iter().any(|row| row.cells.contains_key(column))
                })
                .collect();
            let mut csv = csv::Writer::from_path(to.join(format!("{table}.csv")))?;
            csv.write_record(used.iter().map(|column| column.name()))?;
            for row in rows {
                csv.write_record(
                    used.iter().map(|column| row.cells.get(column).map_or("", String::as_str)),
                )?;
            }
            csv.flush()?;
        }
        Ok(())
    }

    fn told(&self) -> Vec<TableReport> {
        let told = self.read.iter().map(|(table, read)| {
            let taken = self.taken.iter().filter(|place| place.table == *table).count() as u64;
            TableReport {
                table: table.clone(),
                read: *read,
                taken,
                left_out: read.saturating_sub(taken),
            }
        });
        told.collect()
    }
}
