//! The rows of a large table, read side by side and taken one after the other.
//!
//! To read a row needs nothing but the tables before it, so threads share that work. A row that there is
//! anything to say about is read once more where it is taken, in its place: faults come in the order of the
//! table, and the snapshot is the same, however many threads there are.

use super::Builder;
use crate::snapshot::{cells::Cells, mapping::Mapping, problem::Problems, row::Row};
use rayon::prelude::*;

/// Rows that one thread reads at least before others share them.
const ROWS_AT_ONCE: usize = 256;

/// How the rows of a table are read and taken.
pub(super) struct Table<R> {
    /// Reads a row; nothing where it is faulty, or depends on rows before it.
    pub(super) read: fn(&Builder, &mut Row<'_>) -> Option<R>,
    /// Takes what was read of a row.
    pub(super) take: fn(&mut Builder, R, &Row<'_>),
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
        let read = |at: usize| {
            let mut problems = Problems::default();
            let mut row = Row::new(mapping, first + at as u64, (rows, at), &mut problems);
            let read = (table.read)(self, &mut row);
            read.filter(|_| problems.is_empty())
        };
        let all: Vec<Option<R>> =
            (0..rows.n_rows()).into_par_iter().with_min_len(ROWS_AT_ONCE).map(read).collect();
        let mut silent = Problems::default();
        for ((at, read), number) in all.into_iter().enumerate().zip(first..) {
            match read {
                Some(read) => {
                    (table.take)(self, read, &Row::new(mapping, number, (rows, at), &mut silent));
                }
                None => self.one(mapping, number, (rows, at)),
            }
        }
    }
}
