//! Files of changes become [`Change`]s.
//!
//! Keys stay text, as in order lines: what is known is for the snapshot to say.

use super::{
    Error, Silent,
    sink::Sink,
    source::{self, Format},
};
use crate::{
    change::{Change, Fault, SCHEMA},
    snapshot::{
        Mapping,
        cells::{Blank, Cells, filled},
        problem::{Problem, Problems, Severity},
    },
};
use std::{fs::File, path::Path};

/// What a file of changes holds.
#[derive(Debug, Default)]
pub struct Changes {
    /// The changes without a fault, in file order.
    pub changes: Vec<Change>,
    /// All faults of all rows.
    pub problems: Problems,
}

/// Reads a file of changes, CSV or Parquet by the ending of its name.
///
/// # Errors
/// The file cannot be read, or is of another format.
pub fn changes(path: &Path) -> Result<Changes, Error> {
    if Format::of(path).is_none() {
        return Err(Error::UnknownFormat { path: path.to_path_buf() });
    }
    if let Err(source) = File::open(path) {
        return Err(Error::Unreadable { path: path.to_path_buf(), source });
    }
    let mut sink = ChangeSink::default();
    source::read_all(&[path.to_path_buf()], &mut sink, &Silent);
    if let Some(blank) = sink.blank {
        sink.changes.problems.push(blank.warning(SCHEMA.name));
    }
    Ok(sink.changes)
}

/// A fault of a change as one of its row.
pub fn problem(fault: Fault) -> Problem {
    Problem {
        severity: Severity::Error,
        table: SCHEMA.name.to_string(),
        row: Some(fault.change as u64 + 1),
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

impl Sink for ChangeSink {
    fn table(&self) -> &'static str {
        SCHEMA.name
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
                    Ok(change) => self.changes.changes.push(change),
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
