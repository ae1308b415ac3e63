//! A fault in the data: where it is, what is wrong, what was expected.

use std::fmt;

/// Whether a snapshot can be used in spite of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The snapshot cannot be used.
    Error,
    /// The snapshot can be used; what was left out or assumed is said.
    Warning,
}

/// One fault, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The table, or the file where no table is known.
    pub table: String,
    /// The row of the table: the first row after the header is 1. None for the table as a whole.
    pub row: Option<u64>,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// The value found.
    pub value: String,
    /// What was expected, and what to do.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}", self.table)?;
        if let Some(row) = self.row {
            write!(f, " row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        if !self.value.is_empty() {
            write!(f, " = {:?}", self.value)?;
        }
        write!(f, ": {}", self.expected)
    }
}

/// All faults of a snapshot, in the order found; those past a limit a table are counted only.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    errors: u64,
    warnings: u64,
    silenced: std::collections::BTreeMap<String, u64>,
    per_table: std::collections::BTreeMap<(String, Severity), usize>,
}

impl Problems {
    /// Notes a problem.
    pub fn push(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        let seen = self.per_table.entry((problem.table.clone(), problem.severity)).or_default();
        *seen += 1;
        if *seen <= crate::limits::PROBLEMS_MAX {
            self.listed.push(problem);
        } else {
            *self.silenced.entry(problem.table).or_default() += 1;
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }

    /// The problems that are spelled out.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// Tables with more problems than are spelled out, and how many more.
    pub fn silenced(&self) -> impl Iterator<Item = (&str, u64)> {
        self.silenced.iter().map(|(table, n)| (table.as_str(), *n))
    }

    /// The number of errors.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// The number of warnings.
    pub fn warnings(&self) -> u64 {
        self.warnings
    }
}
