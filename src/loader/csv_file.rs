//! One CSV file: a header, then rows (RFC 4180, UTF-8, with or without a byte order mark).
//!
//! Rows are read some thousand at a time, and while the sink takes those, the next ones are read.

use super::{
    records::{Records, Stop},
    sink::Sink,
    source::Part,
};
use crate::{
    limits::{RECORD_BYTES_MAX, ROWS_MAX},
    snapshot::cells::Cells,
};
use csv::ByteRecord;
use std::{io::Read, str};

/// Rows handed over at once.
const BATCH_ROWS: usize = 16_384;

/// Reads a file into a sink, and returns the number of rows of the table so far.
///
/// A row that cannot be read is a fault, and the next one follows; the file is given up only where
/// nobody can say where the next row begins.
pub(super) fn read(part: Part<'_>, sink: &mut dyn Sink) -> u64 {
    let Part { name, file, rows_before, progress } = part;
    let mut table = CsvTable { name, header: Vec::new(), row: rows_before, sink };
    let mut records = Records::new(file);
    if table.read_header(&mut records) {
        let n_columns = table.header.len();
        let mut rows_left = (ROWS_MAX as u64).saturating_sub(rows_before);
        let mut next = Batch::read(&mut records, n_columns, &mut rows_left);
        loop {
            progress.advance(records.bytes_read());
            let mut batch = next;
            if batch.end.is_last() {
                table.take(&mut batch);
                break;
            }
            let read = || Batch::read(&mut records, n_columns, &mut rows_left);
            (next, ()) = rayon::join(read, || table.take(&mut batch));
        }
    }
    progress.advance(records.bytes_read());
    table.row
}

/// Why a batch ends where it does.
enum End {
    /// It is full.
    Full,
    /// The file ends.
    File,
    /// The row after it has so many fields.
    Miscounted(ByteRecord),
    /// The row after it is not UTF-8.
    NotText(ByteRecord),
    /// The table has all the rows that it may have.
    Rows,
    /// There is no way on.
    Stop(Stop),
}

impl End {
    fn is_last(&self) -> bool {
        match self {
            Self::File | Self::Rows | Self::Stop(_) => true,
            Self::Full | Self::Miscounted(_) | Self::NotText(_) => false,
        }
    }
}

/// Rows that follow each other, each with the right number of fields.
struct Batch {
    text: String,
    /// Where each field ends, row by row.
    ends: Vec<usize>,
    n_columns: usize,
    end: End,
}

impl Cells for Batch {
    fn n_rows(&self) -> usize {
        self.ends.len() / self.n_columns
    }

    fn cell(&self, row: usize, position: usize) -> Option<&str> {
        let at = row * self.n_columns + position;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..self.ends[at]])
    }
}

impl Batch {
    fn read<R: Read>(records: &mut Records<R>, n_columns: usize, rows_left: &mut u64) -> Self {
        let ends = Vec::with_capacity(BATCH_ROWS * n_columns);
        let mut batch = Self { text: String::new(), ends, n_columns, end: End::Full };
        let mut record = ByteRecord::new();
        while batch.n_rows() < BATCH_ROWS {
            batch.end = match records.next(&mut record) {
                Ok(false) => End::File,
                Err(stop) => End::Stop(stop),
                Ok(true) if *rows_left == 0 => End::Rows,
                Ok(true) => {
                    *rows_left -= 1;
                    batch.push(&record)
                }
            };
            if !matches!(batch.end, End::Full) {
                break;
            }
        }
        batch
    }

    /// Appends a record, or says why it cannot be.
    ///
    /// The record is checked as one text, which is faster than field by field; a character torn apart by a
    /// comma still shows, as a field that does not begin or end between two characters.
    fn push(&mut self, record: &ByteRecord) -> End {
        if record.len() != self.n_columns {
            return self.push_blank(record);
        }
        let Ok(text) = str::from_utf8(record.as_slice()) else {
            return End::NotText(record.clone());
        };
        let ends = || (0..record.len()).map(|at| record.range(at).expect("a field of it").end);
        if !ends().all(|end| text.is_char_boundary(end)) {
            return End::NotText(record.clone());
        }
        let start = self.text.len();
        self.ends.extend(ends().map(|end| start + end));
        self.text.push_str(text);
        End::Full
    }

    /// Appends a row of empty cells for a record of nothing but blanks, whatever their number: it is none. Any
    /// other record of another number of fields than the header's is a fault.
    fn push_blank(&mut self, record: &ByteRecord) -> End {
        if !record.as_slice().iter().all(u8::is_ascii_whitespace) {
            return End::Miscounted(record.clone());
        }
        let end = self.text.len();
        self.ends.extend(std::iter::repeat_n(end, self.n_columns));
        End::Full
    }
}

/// What a file is that has the name of a CSV file, and begins like something else; with the mend.
fn foreign(start: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 4] = [
        (b"\x1f\x8b", "text, not a packed file; unpack it (gunzip)"),
        (b"PK\x03\x04", "text, not a spreadsheet or a zip file; save the sheet as CSV (UTF-8)"),
        (b"\xd0\xcf\x11\xe0", "text, not a spreadsheet; save the sheet as CSV (UTF-8)"),
        (b"PAR1", "text, not Parquet; let its name end in .parquet"),
    ];
    let found = kinds.iter().find(|(magic, _)| start.starts_with(magic));
    // No text has a NUL in it but one of two bytes a character.
    let wide = || start.contains(&0).then_some("a header line in UTF-8; save the file as UTF-8");
    found.map(|(_, expected)| *expected).or_else(wide)
}

/// A file under the reader's hands.
struct CsvTable<'a> {
    name: String,
    header: Vec<String>,
    /// The number of the row taken last.
    row: u64,
    sink: &'a mut dyn Sink,
}

impl CsvTable<'_> {
    /// Reads the header; false if no row behind it is of any use.
    fn read_header<R: Read>(&mut self, records: &mut Records<R>) -> bool {
        let mut record = ByteRecord::new();
        match records.next(&mut record) {
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
        if let Some(expected) = foreign(record.as_slice()) {
            self.give_up(None, expected);
            return false;
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
        self.sink.open(&header).is_usable()
    }

    /// Hands a batch to the sink, and says what is wrong with the row after it.
    fn take(&mut self, batch: &mut Batch) {
        let n_rows = batch.n_rows() as u64;
        self.sink.rows(self.row + 1, batch);
        self.row += n_rows;
        match std::mem::replace(&mut batch.end, End::Full) {
            End::Full | End::File => (),
            End::Rows => self.give_up(None, &format!("a table of at most {ROWS_MAX} rows")),
            End::Stop(stop) => self.stop(Some(self.row + 1), &stop),
            End::Miscounted(record) => {
                self.row += 1;
                self.miscounted(record.len());
                self.lose(&record);
            }
            End::NotText(record) => {
                self.row += 1;
                self.not_text(&record);
                self.lose(&record);
            }
        }
    }

    fn miscounted(&mut self, found: usize) {
        let Self { name, header, .. } = self;
        let (expected, mend) = (header.len(), "put a text that holds a comma into quotes");
        self.sink.fault(
            Some(self.row),
            format!("{expected} fields, as in the header of {name}; the row has {found}; {mend}"),
        );
    }

    /// Tells the table which name the record may have.
    fn lose(&mut self, record: &ByteRecord) {
        self.sink.lose_row(&mut record.iter().filter_map(|cell| str::from_utf8(cell).ok()));
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
        self.sink.give_up(row, format!("{expected}; {name} is not read any further"));
    }
}
