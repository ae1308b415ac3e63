//! Files of changes become [`Change`]s.
//!
//! Keys stay text, as in order lines: what is known is for the snapshot to say.

use super::{
    Error, Formats,
    given::GivenFile,
    hint,
    place::{self, place},
    sink::RowSink,
    source::read_given,
};
use crate::{
    change::{Change, Fault, SCHEMA},
    snapshot::{
        Mapping,
        cells::{Blank, Cells, filled},
        problem::{Problem, Problems, Severity},
        schema::Schema,
    },
};
use std::path::Path;

/// What a file of changes holds.
#[derive(Debug, Default)]
pub struct Changes {
    /// The changes without a fault, in file order.
    pub changes: Vec<Change>,
    /// The row of each of them, as a spreadsheet counts it.
    pub rows: Vec<u64>,
    /// The file, as messages call it.
    pub file: String,
    /// All faults of all rows.
    pub problems: Problems,
}

/// Reads a file of changes, what it is by the ending of its name; `-` is standard input.
///
/// # Errors
/// The file cannot be read, or is of another format.
pub fn changes(path: &Path) -> Result<Changes, Error> {
    changes_with(path, &Formats::default())
}

/// The same, where a snapshot says how it is written.
///
/// # Errors
/// As for [`changes`].
pub fn changes_with(path: &Path, formats: &Formats) -> Result<Changes, Error> {
    let given = GivenFile::of(path)?;
    let mut sink = ChangeSink::default();
    let spans = read_given(&given, formats, (&SCHEMA, &mut sink));
    let ChangeSink { mut changes, blank, .. } = sink;
    if let Some(blank) = blank {
        changes.problems.push(blank.warning(SCHEMA.name));
    }
    let row = |row: u64| place(&spans[SCHEMA.name], row).map_or(row, |(_, row)| row);
    changes.rows.iter_mut().for_each(|number| *number = row(*number));
    changes.file = given.piece.name();
    place::tell(&mut changes.problems, &spans);
    hint::add(&mut changes.problems);
    Ok(changes)
}

impl Changes {
    /// A fault of a change as one of the row that it stands in.
    pub fn problem(&self, fault: Fault) -> Problem {
        let row = self.rows.get(fault.change).copied();
        let problem = problem(fault);
        match row {
            Some(row) => Problem { row: Some(row), file: Some(self.file.clone()), ..problem },
            None => problem,
        }
    }
}

/// A fault of a change as one of its row.
fn problem(fault: Fault) -> Problem {
    Problem {
        severity: Severity::Error,
        table: SCHEMA.name.to_string(),
        row: Some(fault.change as u64 + 1),
        file: None,
        column: Some(fault.field.to_string()),
        value: fault.value,
        expected: fault.expected,
    }
}

/// The sink of changes.
#[derive(Default)]
struct ChangeSink {
    changes: Changes,
    mapping: Option<Mapping>,
    blank: Option<Blank>,
}

impl RowSink for ChangeSink {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn open(&mut self, header: &[&str]) -> &Mapping {
        self.mapping.insert(Mapping::new(&SCHEMA, header, &mut self.changes.problems))
    }

    fn rows(&mut self, first: u64, rows: &dyn Cells) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        for (first, run) in filled(mapping, first, rows, &mut self.blank) {
            for (at, number) in (0..run.n_rows()).zip(first..) {
                let cell = |name: &'static str| {
                    let column = SCHEMA.column(name)?;
                    run.cell(at, mapping.position(column)?)
                };
                let place = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
                match Change::read(place, cell("change").unwrap_or_default(), cell) {
                    Ok(change) => {
                        self.changes.changes.push(change);
                        self.changes.rows.push(number);
                    }
                    Err(faults) => faults
                        .into_iter()
                        .for_each(|fault| self.changes.problems.push(problem(fault))),
                }
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.changes.problems.push(problem);
    }
}
