//! The rows of a large table, read side by side and taken one after the other.
//!
//! To read a row needs nothing but the tables before it, so threads share that work; what was read is taken while
//! the next rows are read. A row that there is anything to say about is read once more where it is taken, in
//! its place: faults come in the order of the table, and the snapshot is the same, however many threads there
//! are.

use super::{Builder, stock::Pending};
use crate::snapshot::{
    cells::Cells,
    mapping::Mapping,
    problem::Problems,
    row::{LastNames, Row},
};
use rayon::prelude::*;
use std::ops::Range;

/// Rows that are read while as many before them are taken.
const ROWS_A_STEP: usize = 1_024;

/// Rows that one thread reads at least before others share them.
const ROWS_AT_ONCE: usize = 128;

/// How the rows of a table are read and taken.
pub(super) struct TableReader<R> {
    /// Reads a row; nothing where it is faulty, or depends on rows before it. It asks for names of one other
    /// table a column, and looks at nothing that is pending.
    pub(super) read: fn(&Builder, &mut Row<'_>) -> Option<R>,
    /// Takes what was read of a row.
    pub(super) take: fn(&mut Pending, R, &Row<'_>),
}

/// Rows of one file that follow each other.
#[derive(Clone, Copy)]
struct Rows<'a> {
    mapping: &'a Mapping,
    /// The number of the first one.
    first: u64,
    cells: &'a dyn Cells,
}

impl<'a> Rows<'a> {
    fn number(self, at: usize) -> u64 {
        self.first + at as u64
    }

    fn row(self, at: usize, problems: &'a mut Problems) -> Row<'a> {
        Row::new(self.mapping, self.number(at), (self.cells, at), problems)
    }
}

impl<R: Send> TableReader<R> {
    /// Reads some of the rows.
    fn read(&self, builder: &Builder, rows: Rows<'_>, which: Range<usize>) -> Vec<Option<R>> {
        let read = |seen: &mut LastNames, at: usize| {
            let mut problems = Problems::default();
            let row = rows.row(at, &mut problems).knowing(&builder.gaps);
            let mut row = row.remembering(seen);
            let read = (self.read)(builder, &mut row);
            read.filter(|_| problems.is_empty())
        };
        which
            .into_par_iter()
            .with_min_len(ROWS_AT_ONCE)
            .map_init(LastNames::default, read)
            .collect()
    }

    /// Takes what was read of all of some rows.
    fn take(&self, pending: &mut Pending, rows: Rows<'_>, (start, all): (usize, Vec<Option<R>>)) {
        let mut silent = Problems::default();
        for (at, read) in (start..).zip(all.into_iter().flatten()) {
            (self.take)(pending, read, &rows.row(at, &mut silent));
        }
    }
}

impl Builder {
    /// Takes rows that follow each other, the first of this number.
    pub(super) fn many<R: Send>(
        &mut self,
        mapping: &Mapping,
        first: u64,
        cells: &dyn Cells,
        table: &TableReader<R>,
    ) {
        let (rows, n_rows) = (Rows { mapping, first, cells }, cells.n_rows());
        let step = |start: usize| start.min(n_rows)..n_rows.min(start + ROWS_A_STEP);
        let mut pending = std::mem::take(&mut self.stock);
        let mut next = table.read(self, rows, step(0));
        for start in (0..n_rows).step_by(ROWS_A_STEP) {
            let read = std::mem::take(&mut next);
            let after = step(start + ROWS_A_STEP);
            if read.iter().all(Option::is_some) {
                let take = || table.take(&mut pending, rows, (start, read));
                (next, ()) = rayon::join(|| table.read(self, rows, after), take);
            } else {
                self.stock = pending;
                self.mixed(table, rows, (start, read));
                pending = std::mem::take(&mut self.stock);
                next = table.read(self, rows, after);
            }
        }
        self.stock = pending;
    }

    /// Takes rows of which some are faulty, or depend on those before them.
    fn mixed<R: Send>(
        &mut self,
        table: &TableReader<R>,
        rows: Rows<'_>,
        (start, all): (usize, Vec<Option<R>>),
    ) {
        let mut silent = Problems::default();
        for (at, read) in (start..).zip(all) {
            match read {
                Some(read) => (table.take)(&mut self.stock, read, &rows.row(at, &mut silent)),
                None => self.one(rows.mapping, rows.number(at), (rows.cells, at)),
            }
        }
    }
}
