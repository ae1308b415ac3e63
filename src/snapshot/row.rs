//! One row of a table, read cell by cell, by the names of its columns.
//!
//! Every reader returns a value, also for a bad cell, and notes the fault; when the row is read, ask
//! [`Row::is_faulty`] once. So a row with three bad cells gives three faults, and the reading code has
//! no branch a cell. Keys and references are read here, numbers, dates and words of lists in `values.rs`.

mod values;

pub use values::choice;

use super::{
    cells::Cells,
    gaps::Gaps,
    mapping::Mapping,
    names::Names,
    problem::{Problem, Problems, Severity},
    schema::{Column, Keyed, TableName},
};
use crate::{limits::KEY_LEN_MAX, model::Index};

/// Faults of a table after which nobody is told of keys that are alike.
const HINTS_MAX: usize = 100;

/// A row under the reader's hands.
pub struct Row<'a> {
    mapping: &'a Mapping,
    rows: &'a dyn Cells,
    /// Its position among those rows.
    at: usize,
    number: u64,
    faulty: bool,
    seen: Option<&'a mut LastNames>,
    /// What could not be read of the tables before; nothing where rows refer to none.
    gaps: Option<&'a Gaps>,
    problems: &'a mut Problems,
}

/// Which name was found last in each column, and in which row: names that follow each other are mostly the same.
///
/// For tables whose columns name things of one other table each.
#[derive(Debug)]
pub struct LastNames([Option<(usize, usize)>; Column::ALL.len()]);

impl Default for LastNames {
    fn default() -> Self {
        Self([None; Column::ALL.len()])
    }
}

impl<'a> Row<'a> {
    /// The row at a position among others; `number` counts all of the table from 1.
    pub fn new(
        mapping: &'a Mapping,
        number: u64,
        (rows, at): (&'a dyn Cells, usize),
        problems: &'a mut Problems,
    ) -> Self {
        Self { mapping, rows, at, number, faulty: false, seen: None, gaps: None, problems }
    }

    /// The same row, which may refer to rows that could not be read.
    #[must_use]
    pub fn knowing(self, gaps: &'a Gaps) -> Self {
        Self { gaps: Some(gaps), ..self }
    }

    /// The same row, which looks first at what other rows of the same file have found.
    #[must_use]
    pub fn remembering(self, seen: &'a mut LastNames) -> Self {
        Self { seen: Some(seen), ..self }
    }

    /// The number of the row, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether all rows of a table were read.
    pub fn is_whole(&self, table: TableName) -> bool {
        self.gaps.is_none_or(|gaps| gaps.is_whole(table))
    }

    /// Whether a table lost a row that may have this name.
    pub fn may_be_lost(&self, table: TableName, key: &str) -> bool {
        self.gaps.is_some_and(|gaps| gaps.may_name(table, key))
    }

    /// Whether a table had no error so far.
    pub fn is_clean(&self, table: TableName) -> bool {
        self.is_whole(table) && self.problems.is_clean(table.name())
    }

    /// Whether any cell read so far was bad.
    pub fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// The text of a cell; empty text counts as missing.
    fn given(&self, column: Column) -> Option<&'a str> {
        self.cell(column).map(trimmed).filter(|text| !text.is_empty())
    }

    /// Notes a fault of a cell.
    pub fn fault(&mut self, column: Column, expected: impl Into<String>) {
        self.note(Severity::Error, column, expected.into());
        self.faulty = true;
    }

    /// Notes that a cell names what a table does not have; a fault, unless that table has lost a row that
    /// may be the one.
    pub fn unknown(&mut self, column: Column, table: TableName, expected: impl Into<String>) {
        if self.may_be_lost(table, self.text(column)) {
            self.faulty = true;
            self.problems.unchecked(table.name());
        } else {
            self.fault(column, expected);
        }
    }

    /// Notes that a row before has the same key: the fault of the last column of the key that is given, since
    /// nothing else of the row is to blame. `expected` names them all.
    pub fn fault_of_key(&mut self, key: &[Column], expected: impl Into<String>) {
        let last = key.iter().rev().find(|column| self.given(**column).is_some());
        self.fault(*last.unwrap_or(&key[0]), expected);
    }

    /// Notes the same of the earlier row too, where neither of the two can be taken for the right one.
    pub fn fault_of_both(&mut self, earlier: u64, key: &[Column], expected: &str) {
        let number = std::mem::replace(&mut self.number, earlier);
        self.fault_of_key(key, expected);
        self.number = number;
        self.fault_of_key(key, expected);
    }

    /// Notes something odd about a cell that does not spoil the row.
    pub fn warn(&mut self, column: Column, expected: impl Into<String>) {
        self.note(Severity::Warning, column, expected.into());
    }

    fn note(&mut self, severity: Severity, column: Column, expected: String) {
        let value = self.cell(column).unwrap_or("").chars().take(80).collect();
        self.problems.push(Problem {
            severity,
            table: self.mapping.schema.name.to_string(),
            row: Some(self.number),
            file: None,
            column: Some(column.name().to_string()),
            value,
            expected,
        });
    }

    /// The cell of a column as it stands in the file.
    fn cell(&self, column: Column) -> Option<&'a str> {
        self.rows.cell(self.at, self.mapping.position(column)?)
    }

    /// Free text; empty where missing.
    pub fn text(&self, column: Column) -> &'a str {
        self.given(column).unwrap_or("")
    }

    /// A key of this table or of another: present and not too long.
    pub fn key(&mut self, column: Column) -> &'a str {
        let key = self.text(column);
        if key.is_empty() {
            self.fault(column, "a key; it must not be empty");
        } else if KEY_LEN_MAX < key.len() {
            self.fault(column, format!("a key of at most {KEY_LEN_MAX} bytes"));
        } else if key.chars().any(char::is_control) {
            self.fault(column, "a key without control characters");
        }
        key
    }

    /// The key of this row, which no row before it may have.
    pub fn define<I: Index>(&mut self, column: Column, names: &mut Names<I>) -> I {
        let key = self.key(column);
        if self.faulty {
            return I::from_usize(0);
        }
        names.define(key).unwrap_or_else(|index| {
            self.fault(column, "a key that no other row has");
            index
        })
    }

    /// Finds the name in a cell, which is this one.
    fn find<I: Index>(&mut self, column: Column, names: &Names<I>, key: &str) -> Option<I> {
        let Some(seen) = &mut self.seen else {
            return names.get(key);
        };
        if let (Some((at, index)), Some(position)) =
            (seen.0[column as usize], self.mapping.position(column))
            && self.rows.cell(at, position).is_some_and(|before| trimmed(before) == key)
        {
            return Some(I::from_usize(index));
        }
        let found = names.get(key)?;
        seen.0[column as usize] = Some((self.at, found.to_usize()));
        Some(found)
    }

    /// A reference that must be there.
    pub fn reference<I: Keyed>(&mut self, column: Column, names: &Names<I>) -> I {
        let key = self.given(column);
        key.and_then(|key| self.find(column, names, key)).unwrap_or_else(|| {
            let what = I::TABLE.noun();
            let expected = format!("a known {what}; add it to its table or correct the key");
            match key {
                Some(key) => {
                    let expected = expected + &self.hint(names, key);
                    self.unknown(column, I::TABLE, expected);
                }
                None => self.fault(column, expected),
            }
            I::from_usize(0)
        })
    }

    /// A reference that may be missing, but not wrong.
    pub fn reference_or_none<I: Keyed>(&mut self, column: Column, names: &Names<I>) -> Option<I> {
        let key = self.given(column)?;
        let found = self.find(column, names, key);
        if found.is_none() {
            let expected = format!("a known {}, or nothing", I::TABLE.noun());
            self.unknown(column, I::TABLE, expected + &self.hint(names, key));
        }
        found
    }

    /// Names a known key that differs from an unknown one by case or zeros only. For the first faults of a table: all
    /// keys are looked through.
    fn hint<I: Index>(&self, names: &Names<I>, key: &str) -> String {
        if HINTS_MAX < self.problems.errors_of(self.mapping.schema.name) {
            return String::new();
        }
        if is_shown_short(key) {
            return "; a spreadsheet shows a long number so: format the column as text there"
                .into();
        }
        let alike = names.alike(key);
        alike.map_or_else(String::new, |alike| {
            format!("; {alike} differs from it by case or zeros only")
        })
    }
}

/// A text without blanks at its ends; most have none.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Whether a key is a number as spreadsheets show long ones: 4.5E+12.
fn is_shown_short(key: &str) -> bool {
    let parts = key.split_once("E+").or_else(|| key.split_once("e+"));
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    parts.is_some_and(|(number, power)| is_number(number) && is_number(power))
}
