//! Which column of a file is which column of a table.

use super::{
    problem::{Problem, Problems, Severity},
    schema::{Column, Schema},
};

/// What is said of a column that is none of ours.
pub const UNKNOWN: &str = "an unknown column; it is not read";

/// What is said of a column that a file must have, and has not.
pub const MISSING: &str = "this column; it is required";

/// Where each column of a table stands in a file.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The table.
    pub schema: &'static Schema,
    /// For each column there is its position in the file, if the schema has it and it is there.
    positions: [Option<usize>; Column::ALL.len()],
    /// The columns of the file, known or not.
    n_columns: usize,
    is_usable: bool,
}

impl Mapping {
    /// Finds a schema's columns in a header, and notes what is wrong with it.
    pub fn new(schema: &'static Schema, header: &[&str], problems: &mut Problems) -> Self {
        let mut is_usable = true;
        let mut note = |severity, column: &str, expected: &str| {
            is_usable &= severity == Severity::Warning;
            problems.push(Problem {
                severity,
                table: schema.name.to_string(),
                row: None,
                file: None,
                column: Some(column.to_string()),
                value: String::new(),
                expected: expected.to_string(),
            });
        };
        for (at, name) in header.iter().enumerate() {
            if schema.column(name).is_none() {
                note(Severity::Warning, name, UNKNOWN);
            } else if header[..at].contains(name) {
                note(Severity::Error, name, "each column once");
            }
        }
        for column in schema.must_have.iter().filter(|column| !header.contains(&column.name())) {
            note(Severity::Error, column.name(), MISSING);
        }
        let mut positions = [None; Column::ALL.len()];
        for column in schema.columns() {
            positions[column as usize] = header.iter().position(|name| *name == column.name());
        }
        Self { schema, positions, n_columns: header.len(), is_usable }
    }

    /// The columns of a schema in its own order.
    pub fn in_order(schema: &'static Schema) -> Self {
        let mut positions = [None; Column::ALL.len()];
        let n_columns = schema.columns().count();
        for (at, column) in schema.columns().enumerate() {
            positions[column as usize] = Some(at);
        }
        Self { schema, positions, n_columns, is_usable: true }
    }

    /// Whether rows are of any use: no required column is missing, and none is there twice.
    pub fn is_usable(&self) -> bool {
        self.is_usable
    }

    /// The positions in the file of all its columns, also of those that are not read.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.n_columns
    }

    /// The position in the file of a column of the schema, if it is there.
    pub fn position(&self, column: Column) -> Option<usize> {
        debug_assert!(self.schema.columns().any(|one| one == column), "{column:?}");
        self.positions[column as usize]
    }

    /// The positions of all columns that are there, rising.
    pub fn wanted(&self) -> Vec<usize> {
        let mut wanted: Vec<_> = self.positions.iter().copied().flatten().collect();
        wanted.sort_unstable();
        wanted
    }
}
