//! Rows of a file, many at a time, as a loader hands them over.

use super::{
    mapping::Mapping,
    problem::{Problem, Severity},
};
use jiff::civil::Date;
use std::ops::Range;

/// Cells of some rows that follow each other; each has a text, whatever it was in its file.
///
/// Where a file has numbers and dates as such, they need not go through text: what is asked for by its type is
/// the same as what its text would be read as, or there is no such answer and the text is to be asked.
pub trait Cells: Sync {
    /// How many rows there are.
    fn n_rows(&self) -> usize;

    /// The cell of a row in a column of the file, as text; none where there is nothing.
    fn cell(&self, row: usize, position: usize) -> Option<&str>;

    /// The cell as a number in millionths.
    fn number(&self, _row: usize, _position: usize) -> Option<i64> {
        None
    }

    /// The cell as a date.
    fn date(&self, _row: usize, _position: usize) -> Option<Date> {
        None
    }

    /// Whether a row has nothing but blanks in some columns of the file.
    fn is_blank(&self, row: usize, columns: Range<usize>) -> bool {
        // A number needs no text of it, which would be made of its whole column.
        let has_any = |at| {
            self.number(row, at).is_some()
                || self.cell(row, at).is_some_and(|text| !text.trim().is_empty())
        };
        !columns.into_iter().any(has_any)
    }
}

/// A single row, by its texts.
#[derive(Clone, Copy, Debug)]
pub struct OneRow<'a>(pub &'a [Option<&'a str>]);

impl Cells for OneRow<'_> {
    fn n_rows(&self) -> usize {
        1
    }

    fn cell(&self, _row: usize, position: usize) -> Option<&str> {
        self.0.get(position).copied().flatten()
    }
}

/// Rows of empty cells alone: a spreadsheet leaves them behind. They are none, but they count in the numbers of rows.
#[derive(Clone, Copy, Debug)]
pub struct Blank {
    first: u64,
    n_rows: u64,
}

impl Blank {
    /// What is to be said of them, once a table.
    pub fn warning(self, table: &str) -> Problem {
        let Self { first, n_rows } = self;
        let (rows, are) = if n_rows == 1 { ("row", "is") } else { ("rows", "are") };
        Problem {
            severity: Severity::Warning,
            table: table.to_string(),
            row: Some(first),
            file: None,
            column: None,
            value: String::new(),
            expected: format!(
                "rows with a value; {n_rows} {rows} of empty cells alone {are} left out"
            ),
        }
    }
}

/// The runs of rows that are not blank, each with the number of its first row; blank ones are counted.
pub fn filled<'a>(
    mapping: &'a Mapping,
    first: u64,
    rows: &'a dyn Cells,
    blank: &'a mut Option<Blank>,
) -> impl Iterator<Item = (u64, RowSpan<'a>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_blank = |row: &usize| rows.is_blank(*row, mapping.all());
        let start = (at..rows.n_rows()).find(|row| !is_blank(row)).unwrap_or(rows.n_rows());
        if at < start {
            let found = blank.get_or_insert(Blank { first: first + at as u64, n_rows: 0 });
            found.n_rows += (start - at) as u64;
        }
        at = (start..rows.n_rows()).find(is_blank).unwrap_or(rows.n_rows());
        (start < at).then(|| (first + start as u64, RowSpan { rows, start, n_rows: at - start }))
    })
}

/// Some of the rows of a file that follow each other.
#[derive(Clone, Copy)]
pub struct RowSpan<'a> {
    rows: &'a dyn Cells,
    start: usize,
    n_rows: usize,
}

impl<'a> RowSpan<'a> {
    /// Some rows among others, from a position on.
    pub fn of(rows: &'a dyn Cells, start: usize, n_rows: usize) -> Self {
        Self { rows, start, n_rows }
    }
}

impl Cells for RowSpan<'_> {
    fn n_rows(&self) -> usize {
        self.n_rows
    }

    fn cell(&self, row: usize, position: usize) -> Option<&str> {
        self.rows.cell(self.start + row, position)
    }

    fn number(&self, row: usize, position: usize) -> Option<i64> {
        self.rows.number(self.start + row, position)
    }

    fn date(&self, row: usize, position: usize) -> Option<Date> {
        self.rows.date(self.start + row, position)
    }
}
