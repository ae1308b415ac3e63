//! The rows of a large table, read side by side and taken one after the other.
//!
//! To read a row needs nothing but the tables before it, so threads share that work. A row that there is
//! anything to say about is read once more where it is taken, in its place: faults come in the order of the
//! table, and the snapshot is the same, however many threads there are.

use super::{Builder, Mapping};
use crate::snapshot::{cells::Cells, problem::Problems, row::Row};
use rayon::prelude::*;

/// Rows that one thread reads at least before others share them.
const ROWS_AT_ONCE: usize = 256;

/// How the rows of a table are read and taken.
pub(super) struct Table<R> {
    /// Reads a row; nothing where it is faulty, or depends on rows before it.
    pub(super) read: fn(&Builder, &mut Row<'_>) -> Option<R>,
    /// Takes what was read of the row of a number, with its first and its last cell.
    pub(super) take: fn(&mut Builder, R, u64, [&str; 2]),
}

impl Builder {
    /// Takes rows that follow each other, the first of this number.
    pub(super) fn many<R: Send>(
        &mut self,
        mapping: &Mapping,
        first: u64,
        rows: &dyn Cells,
        table: &Table<R>,
    ) {
        let n_columns = mapping.positions.len();
        let ordered = |at| mapping.ordered(|position| rows.cell(at, position));
        let read = |at: usize| {
            let (ordered, mut problems) = (ordered(at), Problems::default());
            let cells = &ordered[..n_columns];
            let mut row = Row::new(mapping.schema, cells, first + at as u64, &mut problems);
            let read = (table.read)(self, &mut row);
            read.filter(|_| problems.is_empty())
        };
        let all: Vec<Option<R>> =
            (0..rows.n_rows()).into_par_iter().with_min_len(ROWS_AT_ONCE).map(read).collect();
        for ((at, read), number) in all.into_iter().enumerate().zip(first..) {
            let ordered = ordered(at);
            match read {
                Some(read) => {
                    let text = |column: usize| ordered[column].map_or("", str::trim);
                    *self.rows.entry(mapping.schema.name).or_default() += 1;
                    (table.take)(self, read, number, [text(0), text(n_columns - 1)]);
                }
                None => self.ordered_row(mapping, number, &ordered[..n_columns]),
            }
        }
    }
}
