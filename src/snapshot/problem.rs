//! A fault in the data: where it is, what is wrong, what was expected.

use crate::limits::{PROBLEM_TEXT_MAX, PROBLEMS_MAX};
use std::{borrow::Cow, collections::BTreeSet, fmt};

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
    /// The row of the table: the first row after the header is 1. None for the table as a whole. Where the file is
    /// named, it is the row of that file as a spreadsheet counts it: the header is row 1.
    pub row: Option<u64>,
    /// The file that the row stands in.
    pub file: Option<String>,
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
        write!(f, "{severity}: {}", visible(&self.table))?;
        if let Some(row) = self.row {
            write!(f, " row {row}")?;
            if let Some(file) = self.file.as_deref().filter(|file| !is_plain(file, &self.table)) {
                write!(f, " of {}", visible(file))?;
            }
        }
        if let Some(column) = &self.column {
            write!(f, ", {}", visible(column))?;
        }
        if !self.value.is_empty() {
            write!(f, " = {:?}", self.value)?;
        }
        write!(f, ": {}", visible(&self.expected))
    }
}

/// Whether a file is the one that anybody would look into: the table's only one.
fn is_plain(file: &str, table: &str) -> bool {
    let mut parts = file.split('.');
    let is_ending =
        |part: &str| ["csv", "parquet", "xlsx", "zip"].contains(&&*part.to_ascii_lowercase());
    parts.next().is_some_and(|stem| stem.eq_ignore_ascii_case(table))
        && parts.next().is_some_and(is_ending)
}

/// A text of a file, for a terminal or a log: nothing in it moves the cursor.
fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        return text.chars().map(visible).collect();
    }
    Cow::Borrowed(text)
}

/// Cuts what a file has of a text down to what a person reads.
fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
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
    unchecked: BTreeSet<&'static str>,
    lists_all: bool,
}

impl Problems {
    /// Notes a problem.
    pub fn push(&mut self, mut problem: Problem) {
        let Problem { table, column, value, expected, .. } = &mut problem;
        for text in [table, value, expected].into_iter().chain(column) {
            cut(text, PROBLEM_TEXT_MAX);
        }
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        let seen = self.per_table.entry((problem.table.clone(), problem.severity)).or_default();
        *seen += 1;
        if self.lists_all || *seen <= PROBLEMS_MAX {
            self.listed.push(problem);
        } else {
            *self.silenced.entry(problem.table).or_default() += 1;
        }
    }

    /// Spells all of them out from now on, however many they are.
    pub fn list_all(&mut self) {
        self.lists_all = true;
    }

    /// The errors of a table so far.
    pub fn errors_of(&self, table: &str) -> usize {
        self.per_table.get(&(table.to_string(), Severity::Error)).copied().unwrap_or(0)
    }

    /// Puts those that are spelled out in other words.
    pub fn rewrite(&mut self, rewrite: impl FnMut(&mut Problem)) {
        self.listed.iter_mut().for_each(rewrite);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }

    /// Whether a table has no error so far.
    pub fn is_clean(&self, table: &str) -> bool {
        !self.per_table.contains_key(&(table.to_string(), Severity::Error))
    }

    /// Notes that names of a table could not be looked up, because it could not be read.
    pub fn unchecked(&mut self, table: &'static str) {
        self.unchecked.insert(table);
    }

    /// A warning for each table whose names could not be looked up.
    pub fn tell_unchecked(&mut self) {
        for table in std::mem::take(&mut self.unchecked) {
            self.push(Problem {
                severity: Severity::Warning,
                table: table.to_string(),
                row: None,
                file: None,
                column: None,
                value: String::new(),
                expected:
                    "a table without lost rows; names of it that others use were not looked up"
                        .to_string(),
            });
        }
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
