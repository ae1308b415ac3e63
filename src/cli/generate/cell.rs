//! The cells of a table that is being written.

use jiff::civil::Date;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    /// Names and words.
    Text,
    /// Counts, days and ranks.
    Whole,
    /// Quantities and money.
    Number,
    /// Dates.
    Date,
    /// Yes or no.
    Flag,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum FileCell<'a> {
    /// Nothing.
    Empty,
    /// A name or a word.
    Text(&'a str),
    /// A count, a number of days or a rank.
    Whole(u64),
    /// A quantity or money in millionths.
    Micros(u64),
    /// A date.
    Date(Date),
    /// Yes or no.
    Flag(bool),
}
