//! One Parquet file, batch by batch; only the columns that the table has are decoded.

mod compact;
mod delta;
mod kind;
mod pages;
mod text;
mod column;
mod decode;
mod batches;

use super::{guard::guarded, reading::OpenPart, sink::RowSink};
use crate::{
    limits::{PARQUET_ROWS_A_BYTE_MAX, PARQUET_ROWS_BEYOND, ROWS_MAX},
    snapshot::cells::Cells,
};
use batches::{Batches, FileIndex};
use column::ColumnBatch;
use jiff::civil::Date;
use std::fmt;

/// Reads a file into a sink, and returns the number of rows of the table so far.
///
/// Parquet has no way on behind a damaged page, so the first one ends the file.
pub(super) fn read(part: OpenPart<'_>, sink: &mut dyn RowSink) -> u64 {
    let mut table = ParquetTable {
        name: &part.name,
        row: part.rows_before,
        header: Vec::new(),
        wanted: Vec::new(),
        places: Vec::new(),
        sink,
    };
    if let Err(expected) = table.read(&part) {
        table.sink.give_up(None, expected);
    }
    table.row
}

/// A file under the reader's hands.
struct ParquetTable<'a> {
    name: &'a str,
    /// The number of the row read last.
    row: u64,
    header: Vec<String>,
    /// The positions of the columns that are decoded, rising.
    wanted: Vec<usize>,
    /// For each column of the file its place among those.
    places: Vec<Option<usize>>,
    sink: &'a mut dyn RowSink,
}

impl ParquetTable<'_> {
    /// Reads the file; what ends it early comes back as what was expected.
    fn read(&mut self, part: &OpenPart<'_>) -> Result<(), String> {
        let file = part.file.try_clone().map_err(|error| self.damaged(&error))?;
        let bytes_total = file.metadata().map_or(0, |metadata| metadata.len());
        let index = guarded(|| FileIndex::read(file)).map_err(|error| self.damaged(&error))?;
        let rows_total = u64::try_from(index.n_rows()).map_err(|error| self.damaged(&error))?;
        let rows_most = bytes_total.saturating_mul(PARQUET_ROWS_A_BYTE_MAX) + PARQUET_ROWS_BEYOND;
        if rows_most < rows_total {
            return Err(format!(
                "at most {rows_most} rows in a Parquet file of {bytes_total} bytes; {} says it has \
                 {rows_total}",
                self.name
            ));
        }
        if (ROWS_MAX as u64).saturating_sub(self.row) < rows_total {
            return Err(format!("a table of at most {ROWS_MAX} rows; {} has more", self.name));
        }
        let Some(mut batches) = self.open(index)? else { return Ok(()) };
        let mut meter = Meter { bytes_total, rows_total, bytes: 0 };
        // While the sink takes a batch, the next one is decoded.
        let mut next = decode(&mut batches);
        while let Some(columns) = next.map_err(|error| self.damaged(&error))? {
            (next, ()) = rayon::join(|| decode(&mut batches), || self.take(&columns));
            part.progress.advance(meter.step(self.row - part.rows_before));
        }
        // A damaged file may well end early without a word.
        match self.row - part.rows_before {
            rows if rows == rows_total => Ok(()),
            _ => Err(self.damaged(&format!("it announces {rows_total} rows"))),
        }
    }

    /// Hands the header to the sink; nothing if no row is of any use.
    fn open(&mut self, index: FileIndex) -> Result<Option<Batches>, String> {
        let columns = guarded(|| Ok::<_, String>(index.columns()));
        let columns = columns.map_err(|error| self.damaged(&error))?;
        let header: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mapping = self.sink.open(&header);
        if !mapping.is_usable() {
            return Ok(None);
        }
        let wanted = mapping.wanted();
        for &position in &wanted {
            let (column, is_flat) = &columns[position];
            if !is_flat {
                return Err(format!("one value a row in {column}; {} has a nested one", self.name));
            }
        }
        let batches = guarded(|| index.batches(&wanted));
        let place = |position| wanted.iter().position(|wanted| *wanted == position);
        self.places = (0..columns.len()).map(place).collect();
        self.header = columns.into_iter().map(|(name, _)| name).collect();
        self.wanted = wanted;
        batches.map(Some).map_err(|error| self.damaged(&error))
    }

    /// Hands the rows of a batch to the sink, those between two that cannot be written as text at once.
    fn take(&mut self, columns: &[ColumnBatch]) {
        let n_rows = columns.first().map_or(0, ColumnBatch::len);
        let mut start = 0;
        while start < n_rows {
            let is_lost = |at: &usize| columns.iter().any(|column| column.is_lost(*at));
            let end = (start..n_rows).find(is_lost).unwrap_or(n_rows);
            let rows = BatchRows { columns, places: &self.places, start, end };
            self.sink.rows(self.row + 1, &rows);
            self.row += (end - start) as u64;
            if end < n_rows {
                self.row += 1;
                self.lost(columns, end);
            }
            start = end + 1;
        }
    }

    /// Names each cell of a row whose value has no text.
    fn lost(&mut self, columns: &[ColumnBatch], at: usize) {
        for (column, &position) in columns.iter().zip(&self.wanted) {
            if column.is_lost(at) {
                let name = &self.header[position];
                let expected = "a value that can be written as text in UTF-8";
                self.sink.cell_fault(self.row, name, String::new(), expected);
            }
        }
    }

    fn damaged(&self, error: &dyn fmt::Display) -> String {
        format!(
            "a whole Parquet file, uncompressed or by snappy, zstd, gzip or lz4; {} cannot be read \
             beyond row {} ({error}); write it again",
            self.name, self.row
        )
    }
}

/// The next rows of a file; none at its end.
fn decode(batches: &mut Batches) -> Result<Option<Vec<ColumnBatch>>, String> {
    guarded(|| batches.next())
}

/// Rows of a batch.
struct BatchRows<'a> {
    columns: &'a [ColumnBatch],
    /// For each column of the file its place among those that are decoded.
    places: &'a [Option<usize>],
    start: usize,
    end: usize,
}

impl Cells for BatchRows<'_> {
    fn n_rows(&self) -> usize {
        self.end - self.start
    }

    fn cell(&self, row: usize, position: usize) -> Option<&str> {
        self.columns[self.places[position]?].cell(self.start + row)
    }

    fn number(&self, row: usize, position: usize) -> Option<i64> {
        self.columns[self.places[position]?].number(self.start + row)
    }

    fn date(&self, row: usize, position: usize) -> Option<Date> {
        self.columns[self.places[position]?].date(self.start + row)
    }
}

/// Bytes by rows: Parquet does not read from front to end, and rows are the fairest measure.
struct Meter {
    bytes_total: u64,
    rows_total: u64,
    bytes: u64,
}

impl Meter {
    /// The bytes since the last step, when so many rows of the file are read.
    fn step(&mut self, rows: u64) -> u64 {
        let share = u128::from(self.bytes_total) * u128::from(rows.min(self.rows_total));
        let bytes = u64::try_from(share / u128::from(self.rows_total.max(1))).unwrap_or(0);
        let step = bytes - self.bytes;
        self.bytes = bytes;
        step
    }
}
