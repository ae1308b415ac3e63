//! Commands that ask a running server what planners miss: exceptions, figures, events, how many at most by when.

pub(super) mod check;
pub(super) mod exceptions;
pub(super) mod export;
pub(super) mod figures;
pub(super) mod late;
pub(super) mod watch;
pub(super) mod webhook;

pub(super) use crate::rpc::text::instant;

use super::{
    failure::Failure,
    output::{self, Format},
    render::{self, Align, cell},
};
use std::io::Write;

/// The address of a server that nobody has named.
pub(super) const SERVER: &str = "http://127.0.0.1:50051";

/// A table with a heading and rows of text: for people, or as CSV.
pub(super) struct Sheet {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    pub(super) fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_string(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    /// Writes it in a format; JSON is written by whoever has the message.
    pub(super) fn write(self, format: Format, out: &mut impl Write) -> Result<(), Failure> {
        if format == Format::Csv {
            let mut writer = csv::Writer::from_writer(out);
            let names = self.columns.iter().map(|(name, _)| name);
            writer.write_record(names).map_err(output::csv_failure)?;
            for row in &self.rows {
                writer.write_record(row).map_err(output::csv_failure)?;
            }
            return Ok(writer.flush()?);
        }
        let columns: Vec<_> =
            self.columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(|text| cell(text, None)).collect());
        Ok(write!(out, "{}", render::table(&columns, rows))?)
    }
}

/// A word of an enum as people write it: LATE is late.
pub(super) fn word(name: &str) -> String {
    name.to_lowercase()
}

/// A number of the wire as text.
pub(super) fn number(value: f64) -> String {
    value.to_string()
}
