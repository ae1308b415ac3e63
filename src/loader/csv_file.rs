//! One text file: a header, then rows (RFC 4180, with the delimiter and encoding that the manifest says or the file shows).
//!
//! Rows are read some thousand at a time, and while the sink takes those, the next ones are read.

use super::{
    dialect,
    encoding::Utf8,
    reading::{Count, Read as Done, Text},
    records::{Records, Stop},
    rows::RowText,
    sink::RowSink,
};
use crate::{
    limits::{HEADER_ROWS, RECORD_BYTES_MAX, ROWS_MAX},
    snapshot::cells::Cells,
};
use csv::ByteRecord;
use encoding_rs::UTF_8;
use std::{
    io::{BufReader, Read},
    str,
};

/// Rows handed over at once.
const BATCH_ROWS: usize = 16_384;

/// Bytes in which the header is looked for.
const LOOK_BYTES: usize = 1 << 16;

/// Reads a file into a sink, and returns the number of rows of the table so far and what it was taken for.
///
/// A row that cannot be read is a fault, and the next one follows; the file is given up only where
/// nobody can say where the next row begins.
pub(super) fn read(text: Text<'_>, sink: &mut dyn RowSink) -> Done {
    let Text { name, input, count, format, rows_before, progress } = text;
    let mut table = CsvTable { name, header: Vec::new(), row: rows_before, sink };
    let mut done = Done { rows: rows_before, first_row: 2, told: Vec::new() };
    let unreadable = |table: &mut CsvTable<'_>, error| table.stop(None, &Stop::Unreadable(error));
    let decoded = match Utf8::new(input, format.encoding) {
        Ok(decoded) => decoded,
        Err(error) => {
            unreadable(&mut table, error);
            return done;
        }
    };
    if decoded.encoding() != UTF_8 {
        done.told.push(decoded.encoding().name().to_string());
    }
    let mut file = BufReader::with_capacity(LOOK_BYTES, decoded);
    let dialect = match dialect::look(&mut file, format.delimiter, &*table.sink) {
        Ok(dialect) => dialect,
        Err(error) => {
            unreadable(&mut table, error);
            return done;
        }
    };
    done.told.extend(name_of(dialect.delimiter));
    let mut records = Records::new(file, dialect.delimiter);
    if let Some(rows_above) = table.read_header(&mut records) {
        done.first_row += dialect.lines_before + rows_above;
        if 0 < rows_above {
            done.told.push(format!("header in row {}", done.first_row - 1));
        }
        table.read_rows(&mut records, &count, progress);
    }
    progress.advance(count.take());
    done.rows = table.row;
    done
}

/// What people call a delimiter that is not a comma.
fn name_of(delimiter: u8) -> Option<String> {
    match delimiter {
        b',' => None,
        b';' => Some("semicolons".to_string()),
        b'\t' => Some("tabs".to_string()),
        other => Some(format!("columns separated by {:?}", char::from(other))),
    }
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
    /// So many empty lines come before the row after it.
    EmptyLines(u64),
    /// The table has all the rows that it may have.
    Rows,
    /// There is no way on.
    Stop(Stop),
}

impl End {
    fn is_last(&self) -> bool {
        match self {
            Self::File | Self::Rows | Self::Stop(_) => true,
            Self::Full | Self::Miscounted(_) | Self::NotText(_) | Self::EmptyLines(_) => false,
        }
    }
}

/// Rows that follow each other, each with the right number of fields.
struct Batch {
    rows: RowText,
    end: End,
}

impl Batch {
    fn read<R: Read>(records: &mut Records<R>, n_columns: usize, rows_left: &mut u64) -> Self {
        let mut batch = Self { rows: RowText::with_room(BATCH_ROWS, n_columns), end: End::Full };
        let mut record = ByteRecord::new();
        while batch.rows.n_rows() < BATCH_ROWS {
            batch.end = match records.next(&mut record) {
                Ok(false) => End::File,
                Err(stop) => End::Stop(stop),
                Ok(true) if *rows_left == 0 => End::Rows,
                Ok(true) if 0 < records.empty_lines() => {
                    let lines = records.empty_lines();
                    records.hold(std::mem::take(&mut record));
                    End::EmptyLines(lines)
                }
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
        let n_columns = self.rows.n_columns();
        if record.len() < n_columns || record.iter().skip(n_columns).any(|field| !is_blank(field)) {
            return self.push_blank(record);
        }
        // Separators behind the last column are of a spreadsheet that was wider once.
        let ends = || (0..n_columns).map(|at| record.range(at).expect("a field of it").end);
        let Ok(text) = str::from_utf8(&record.as_slice()[..ends().next_back().unwrap_or(0)]) else {
            return End::NotText(record.clone());
        };
        if !ends().all(|end| text.is_char_boundary(end)) {
            return End::NotText(record.clone());
        }
        self.rows.push(text, ends());
        End::Full
    }

    /// Appends a row of empty cells for a record of nothing but blanks, whatever their number: it is none. Any
    /// other record of another number of fields than the header's is a fault.
    fn push_blank(&mut self, record: &ByteRecord) -> End {
        if !is_blank(record.as_slice()) {
            return End::Miscounted(record.clone());
        }
        self.rows.push_blank();
        End::Full
    }
}

fn is_blank(field: &[u8]) -> bool {
    field.iter().all(u8::is_ascii_whitespace)
}

/// What a file is that has the name of a CSV file, and begins like something else; with the mend.
fn foreign(start: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 4] = [
        (b"\x1f\x8b", "text, not a packed file; let its name end in .csv.gz"),
        (b"PK\x03\x04", "text, not a workbook or a zip file; let its name end in .xlsx or .zip"),
        (b"\xd0\xcf\x11\xe0", "text, not a spreadsheet; save the sheet as CSV (UTF-8)"),
        (b"PAR1", "text, not Parquet; let its name end in .parquet"),
    ];
    let found = kinds.iter().find(|(magic, _)| start.starts_with(magic));
    // No text has a NUL in it but one of two bytes a character.
    let wide = || start.contains(&0).then_some(ENCODED);
    found.map(|(_, expected)| *expected).or_else(wide)
}

/// The fields of a record without blanks around them; nothing where one is no text.
fn texts(record: &ByteRecord) -> Option<Vec<&str>> {
    record.iter().map(|field| str::from_utf8(field).ok().map(str::trim)).collect()
}

/// What is expected of a header that is no text.
const ENCODED: &str =
    "a header line in UTF-8; save the file as UTF-8, or name its encoding in manifest.json";

/// A file under the reader's hands.
struct CsvTable<'a> {
    name: String,
    header: Vec<String>,
    /// The number of the row taken last.
    row: u64,
    sink: &'a mut dyn RowSink,
}

impl CsvTable<'_> {
    /// Reads the header, and says how many rows stand above it; nothing if no row behind it is of any use.
    fn read_header<R: Read>(&mut self, records: &mut Records<R>) -> Option<u64> {
        let mut record = ByteRecord::new();
        match records.next(&mut record) {
            Ok(true) => {}
            Ok(false) => {
                self.give_up(None, "a header line with the names of the columns");
                return None;
            }
            Err(stop) => {
                self.stop(None, &stop);
                return None;
            }
        }
        if let Some(expected) = foreign(record.as_slice()) {
            self.give_up(None, expected);
            return None;
        }
        let rows_above = records.empty_lines() + self.skip_titles(records, &mut record);
        let Some(mut header) = texts(&record) else {
            self.give_up(None, ENCODED);
            return None;
        };
        // Separators behind the last name are of a spreadsheet that was wider once.
        while 1 < header.len() && header.last().is_some_and(|name| name.is_empty()) {
            header.pop();
        }
        self.header = header.iter().map(ToString::to_string).collect();
        self.sink.open(&header).is_usable().then_some(rows_above)
    }

    /// Goes on from the first record to the header, where that stands below it; gives how many rows it went.
    fn skip_titles<R: Read>(&self, records: &mut Records<R>, first: &mut ByteRecord) -> u64 {
        let (mut record, mut rows) = (first.clone(), 0);
        for _ in 1..HEADER_ROWS {
            if texts(&record).is_some_and(|names| self.sink.is_header(&names)) {
                *first = record;
                return rows;
            }
            // What cannot be read is told where rows are read.
            let Ok(true) = records.next(&mut record) else { break };
            rows += 1 + records.empty_lines();
        }
        0
    }

    /// Reads all rows behind the header.
    fn read_rows<R: Read + Send>(
        &mut self,
        records: &mut Records<R>,
        count: &Count,
        progress: &dyn super::Progress,
    ) {
        let n_columns = self.header.len();
        let mut rows_left = (ROWS_MAX as u64).saturating_sub(self.row);
        let mut next = Batch::read(records, n_columns, &mut rows_left);
        loop {
            progress.advance(count.take());
            let mut batch = next;
            if batch.end.is_last() {
                self.take(&mut batch);
                break;
            }
            let read = || Batch::read(records, n_columns, &mut rows_left);
            (next, ()) = rayon::join(read, || self.take(&mut batch));
        }
    }

    /// Hands a batch to the sink, and says what is wrong with the row after it.
    fn take(&mut self, batch: &mut Batch) {
        let n_rows = batch.rows.n_rows() as u64;
        self.sink.rows(self.row + 1, &batch.rows);
        self.row += n_rows;
        match std::mem::replace(&mut batch.end, End::Full) {
            End::Full | End::File => (),
            End::EmptyLines(lines) => self.row += lines,
            End::Rows => self.give_up(None, &format!("a table of at most {ROWS_MAX} rows")),
            End::Stop(stop) => self.stop(Some(self.row + 1), &stop),
            End::Miscounted(record) => {
                self.row += 1;
                self.miscounted(&record);
                self.lose(&record);
            }
            End::NotText(record) => {
                self.row += 1;
                self.not_text(&record);
                self.lose(&record);
            }
        }
    }

    fn miscounted(&mut self, record: &ByteRecord) {
        let Self { name, header, .. } = self;
        let (expected, found) = (header.len(), record.len());
        let only = (found == 1).then(|| record.get(0)).flatten();
        let only = only.and_then(|cell| str::from_utf8(cell).ok()).unwrap_or_default().trim();
        let mend = if only.ends_with("selected.") {
            "SET FEEDBACK OFF leaves it out"
        } else if !only.is_empty() && only.chars().all(|c| "-=+|".contains(c)) {
            "a line that is drawn is no row: take it out"
        } else if expected < found {
            "put a text that holds a separator into quotes"
        } else {
            "separate empty cells at its end too, or save the sheet as .xlsx"
        };
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
                let expected = format!(
                    "text in UTF-8; save {} as UTF-8, or name its encoding in manifest.json: \
                     \"format\": {{\"encoding\": \"windows-1252\"}}",
                    self.name
                );
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
