//! Rows of a file, many at a time, as a loader hands them over.

use jiff::civil::Date;

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
