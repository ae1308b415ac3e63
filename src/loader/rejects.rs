//! Rows that are refused, where the caller says that the rest is to go on.
//!
//! A row that goes may take others along: those that refer to it. So the tables are read again without what was refused,
//! until nothing is refused any more, or something is wrong that no row is to blame for.

use crate::snapshot::problem::{Problem, Severity};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

/// Passes at most: no chain of references is as long.
pub(super) const PASSES_MAX: usize = 64;

/// A fault for which a row was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The table.
    pub table: String,
    /// The file.
    pub file: String,
    /// The row of the file, as a spreadsheet counts it.
    pub row: u64,
    /// The column, where one is to blame.
    pub column: String,
    /// The value found.
    pub value: String,
    /// What was expected.
    pub reason: String,
}

impl Reject {
    /// An error of a row; none where it is of a whole table, or no error.
    pub fn of(problem: &Problem) -> Option<Self> {
        if problem.severity == Severity::Warning {
            return None;
        }
        Some(Self {
            table: problem.table.clone(),
            file: problem.file.clone().unwrap_or_default(),
            row: problem.row?,
            column: problem.column.clone().unwrap_or_default(),
            value: problem.value.clone(),
            reason: problem.expected.clone(),
        })
    }
}

/// Rows that are not read, by table; they count through all files of it.
#[derive(Clone, Debug, Default)]
pub struct LeftOut(pub(super) BTreeMap<String, BTreeSet<u64>>);

impl LeftOut {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes rejects as CSV.
///
/// # Errors
/// They cannot be written.
pub fn write(rejects: &[Reject], to: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(["table", "file", "row", "column", "value", "reason"])?;
    for Reject { table, file, row, column, value, reason } in rejects {
        let row = if *row == 0 { String::new() } else { row.to_string() };
        csv.write_record([table, file, &row, column, value, reason])?;
    }
    csv.flush()
}
