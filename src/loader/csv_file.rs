//! One CSV file: a header, then rows (RFC 4180, UTF-8, with or without a byte order mark).

use super::{
    records::{Records, Stop},
    sink::Sink,
    source::Part,
};
use crate::limits::{RECORD_BYTES_MAX, ROWS_MAX};
use csv::ByteRecord;
use std::{io::Read, str};

/// Reads a file into a sink, and returns the number of rows of the table so far.
///
/// A row that cannot be read is a fault, and the next one follows; the file is given up only where
/// nobody can say where the next row begins.
pub(super) fn read(part: Part<'_>, sink: &mut dyn Sink) -> u64 {
    let Part { name, file, rows_before, progress } = part;
    let mut table = CsvTable {
        name,
        header: Vec::new(),
        row: rows_before,
        records: Records::new(file, progress),
        sink,
    };
    if table.read_header() {
        table.read_rows();
    }
    table.row
}

/// A file under the reader's hands.
struct CsvTable<'a, R> {
    name: String,
    header: Vec<String>,
    /// The number of the row read last.
    row: u64,
    records: Records<'a, R>,
    sink: &'a mut dyn Sink,
}

impl<R: Read> CsvTable<'_, R> {
    /// Reads the header; false if no row behind it is of any use.
    fn read_header(&mut self) -> bool {
        let mut record = ByteRecord::new();
        match self.records.next(&mut record) {
            Ok(true) => {}
            Ok(false) => {
                self.give_up(None, "a header line with the names of the columns");
                return false;
            }
            Err(stop) => {
                self.stop(None, &stop);
                return false;
            }
        }
        let Ok(header) = record.iter().map(str::from_utf8).collect::<Result<Vec<_>, _>>() else {
            self.give_up(None, "a header line in UTF-8; save the file as UTF-8");
            return false;
        };
        let header: Vec<_> = header.into_iter().map(str::trim).collect();
        if let [only] = header[..]
            && only.contains([';', '\t', '|'])
        {
            self.give_up(None, "columns separated by commas; save the file as comma-separated");
            return false;
        }
        self.header = header.iter().map(ToString::to_string).collect();
        self.sink.open(&header).is_some()
    }

    fn read_rows(&mut self) {
        let mut record = ByteRecord::new();
        let mut cells = Vec::with_capacity(self.header.len());
        loop {
            match self.records.next(&mut record) {
                Ok(false) => return,
                Ok(true) if self.row == ROWS_MAX as u64 => {
                    return self.give_up(None, &format!("a table of at most {ROWS_MAX} rows"));
                }
                Ok(true) => self.row += 1,
                Err(stop) => return self.stop(Some(self.row + 1), &stop),
            }
            cells = self.take(&record, cells);
        }
    }

    /// Hands one record to the sink; returns the vector of cells, empty, to be filled again.
    fn take<'r, 'next>(
        &mut self,
        record: &'r ByteRecord,
        mut cells: Vec<Option<&'r str>>,
    ) -> Vec<Option<&'next str>> {
        if record.len() != self.header.len() {
            self.miscounted(record.len());
        } else if fill(&mut cells, record) {
            self.sink.row(self.row, &cells);
        } else {
            self.not_text(record);
        }
        // Nothing but the lifetime changes: the compiler keeps the allocation.
        cells.clear();
        cells.into_iter().map(|_| None).collect()
    }

    fn miscounted(&mut self, found: usize) {
        let Self { name, header, .. } = self;
        let (expected, mend) = (header.len(), "put a text that holds a comma into quotes");
        self.sink.fault(
            Some(self.row),
            format!("{expected} fields, as in the header of {name}; the row has {found}; {mend}"),
        );
    }

    /// Names each cell of a record that is not UTF-8.
    fn not_text(&mut self, record: &ByteRecord) {
        for (column, cell) in self.header.iter().zip(record) {
            if str::from_utf8(cell).is_err() {
                let value = String::from_utf8_lossy(cell).chars().take(80).collect();
                let expected = format!("text in UTF-8; save {} as UTF-8", self.name);
                self.sink.cell_fault(self.row, column, value, &expected);
            }
        }
    }

    fn stop(&mut self, row: Option<u64>, stop: &Stop) {
        let limit = RECORD_BYTES_MAX;
        match stop {
            Stop::TooLong => {
                let what = format!(
                    "a record of at most {limit} bytes; look for a missing line break, or a quote \
                     that is not closed"
                );
                self.give_up(row, &what);
            }
            Stop::Unclosed => {
                self.give_up(row, "a quote that is closed; the one opened here never is");
            }
            Stop::Unreadable(error) => {
                self.give_up(row, &format!("a file that can be read ({error})"))
            }
        }
    }

    /// Notes why the rest of the file is not read.
    fn give_up(&mut self, row: Option<u64>, expected: &str) {
        let name = &self.name;
        self.sink.fault(row, format!("{expected}; {name} is not read any further"));
    }
}

/// Fills the cells from a record; false if one of them is not UTF-8.
///
/// The record is checked as one text, which is faster than cell by cell; a character torn apart by a
/// comma still shows, as a cell that does not begin or end between two characters.
fn fill<'r>(cells: &mut Vec<Option<&'r str>>, record: &'r ByteRecord) -> bool {
    let Ok(text) = str::from_utf8(record.as_slice()) else { return false };
    for position in 0..record.len() {
        let cell = record.range(position).and_then(|range| text.get(range));
        if cell.is_none() {
            return false;
        }
        cells.push(cell);
    }
    true
}
