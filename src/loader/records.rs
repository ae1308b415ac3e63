//! The records of a CSV file, in bounded memory.
//!
//! The `csv` crate reads a record however long it is, and takes a quote that is never closed for a
//! record that ends with the file. Both would be quiet disasters: a gigabyte in one cell, or thousands of
//! rows inside another. So the bytes come from a [`Tape`], which hands out no more than a record may
//! have, and which writes a line of its own behind the file's last: that line must come back alone.

use crate::limits::RECORD_BYTES_MAX;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// What is handed out behind the last byte of the file: a record of one field, EOT.
const TRAILER: &[u8] = b"\n\x04";

/// Bytes read from the file at once.
const BUFFER_BYTES: usize = 1 << 18;

/// Why a file cannot be read on.
#[derive(Debug)]
pub(super) enum Stop {
    /// A record is longer than a record may be.
    TooLong,
    /// A quote is open at the end of the file.
    Unclosed,
    /// The system cannot read.
    Unreadable(io::Error),
}

/// The file, with a bound and a trailer.
struct Tape<R> {
    file: R,
    /// Bytes handed out so far.
    given: u64,
    /// How many bytes may be handed out until the record under way must have ended.
    bound: u64,
    /// The part of the trailer that is not handed out yet.
    trailer: &'static [u8],
    /// Whether a record did not end in time.
    overrun: bool,
}

impl<R: Read> Read for Tape<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The reader asks only when it has used all it has: what is given is all in this record.
        if self.bound < self.given {
            self.overrun = true;
            return Err(io::Error::other("the record is too long"));
        }
        let mut n = self.file.read(buffer)?;
        if n == 0 {
            n = self.trailer.read(buffer)?;
        }
        self.given += n as u64;
        Ok(n)
    }
}

/// Reads a CSV file record by record.
pub(super) struct Records<R> {
    reader: Reader<Tape<R>>,
    /// Empty lines before the record read last: none of them is a record, but people count them.
    empty_lines: u64,
    /// A record that was read and is to be read again.
    held: Option<ByteRecord>,
}

impl<R: Read> Records<R> {
    /// The records of a file, the header first.
    pub(super) fn new(file: R, delimiter: u8) -> Self {
        let tape = Tape { file, given: 0, bound: 0, trailer: TRAILER, overrun: false };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(tape);
        Self { reader, empty_lines: 0, held: None }
    }

    /// Empty lines before the record that was read last.
    pub(super) fn empty_lines(&self) -> u64 {
        self.empty_lines
    }

    /// Has a record that was read come again; nothing lies before it then.
    pub(super) fn hold(&mut self, record: ByteRecord) {
        self.held = Some(record);
    }

    /// Reads the next record; false at the end of the file.
    ///
    /// # Errors
    /// The record has no end that can be trusted. There is no way on from there.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> Result<bool, Stop> {
        self.empty_lines = 0;
        if let Some(held) = self.held.take() {
            *record = held;
            return Ok(true);
        }
        let (start, line) = (self.reader.position().byte(), self.reader.position().line());
        self.reader.get_mut().bound = start + RECORD_BYTES_MAX as u64;
        let result = self.reader.read_byte_record(record);
        let end = self.reader.position().byte();
        let lines = self.reader.position().line() - line;
        if 1 < lines {
            let of_it = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
            self.empty_lines = lines.saturating_sub(1 + of_it);
        }
        let tape = self.reader.get_ref();
        match result {
            Err(_) if tape.overrun => Err(Stop::TooLong),
            Err(error) => Err(Stop::Unreadable(error.into())),
            Ok(false) => Ok(false),
            Ok(true) if (RECORD_BYTES_MAX as u64) < end - start => Err(Stop::TooLong),
            Ok(true) if !tape.trailer.is_empty() || end < tape.given => Ok(true),
            Ok(true) if record.as_slice() == &TRAILER[1..] => Ok(false),
            Ok(true) => Err(Stop::Unclosed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field as the tables below write it: long ones by their length.
    fn short(field: &[u8]) -> String {
        if 20 < field.len() {
            return format!("{} bytes", field.len());
        }
        field.escape_ascii().to_string()
    }

    #[track_caller]
    fn check(file: &[u8], want: &str) {
        let mut records = Records::new(file, b',');
        let mut record = ByteRecord::new();
        let mut got = Vec::new();
        let end = loop {
            match records.next(&mut record) {
                Ok(true) => {
                    let empty = "~".repeat(usize::try_from(records.empty_lines()).unwrap());
                    got.push(empty + &record.iter().map(short).collect::<Vec<_>>().join("|"));
                }
                Ok(false) => break "end".to_string(),
                Err(stop) => break format!("{stop:?}"),
            }
        };
        got.push(end);
        assert_eq!(got.join(" / "), want);
    }

    #[test]
    fn records_end_where_rfc_4180_says() {
        check(b"", "end");
        check(b"\n\n", "end");
        check(b"\xef\xbb\xbf", "end");
        check(b"\xef\xbb\xbfa,b\n1,2", "a|b / 1|2 / end");
        check(b"a,b\r\n1,2\r\n", "a|b / 1|2 / end");
        check(b"a\r\n\r\n1\r\n2\r\n\r\n", "a / ~1 / 2 / end");
        check(b"a\n\n\n1\n\"2\n\n3\"\n\n4\n", "a / ~~1 / 2\\n\\n3 / ~4 / end");
        check(b"a,b\n\"1\n2\",\"an \"\"x\"\"\"\n", r#"a|b / 1\n2|an \"x\" / end"#);
        check(b"a,b\n\"1\",\"\"", "a|b / 1| / end");
        check(b"a\n\x04", r"a / \x04 / end");
    }

    #[test]
    fn a_quote_that_is_never_closed_is_no_record() {
        check(b"a,b\n1,\"2\n3,4\n", "a|b / Unclosed");
        check(b"a,b\n1,2\n\"", "a|b / 1|2 / Unclosed");
        check(b"a,b\n1,\"2\"\"", "a|b / Unclosed");
    }

    #[test]
    fn a_record_is_bounded() {
        let long = "x".repeat(RECORD_BYTES_MAX - 1);
        check(format!("{long}\n1\n").as_bytes(), "1048575 bytes / 1 / end");
        check(format!("a\n{long}xx\n1\n").as_bytes(), "a / TooLong");
        check(format!("a\n\"{long}xx\n1\n").as_bytes(), "a / TooLong");
    }
}
