//! Commands that ask a running server what planners miss: exceptions, figures, events, how many at most by when.

pub(super) mod check;
mod exceptions_shown;
pub(super) mod exceptions;
pub(super) mod export;
pub(super) mod figures;
pub(super) mod late;
pub(super) mod watch;
pub(super) mod webhook;

pub(super) use crate::rpc::text::instant;

use super::{
    failure::Failure,
    money,
    output::{self, AnswerFormat},
    render::{self, Align, cell},
};
use std::io::Write;

/// The address of a server that nobody has named.
pub(super) const SERVER: &str = "http://127.0.0.1:50051";

/// A table with a heading and rows of text: for people, or as CSV.
pub(super) struct TextTable {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
    /// A line under all rows, for people.
    sums: Option<Vec<String>>,
    /// The columns of amounts, and their currency.
    amounts: Vec<usize>,
    currency: String,
}

impl TextTable {
    pub(super) fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_string(), *align)).collect();
        let (rows, sums, amounts, currency) = (Vec::new(), None, Vec::new(), String::new());
        Self { columns, rows, sums, amounts, currency }
    }

    /// The same, in which columns of these names are amounts.
    pub(super) fn with_amounts(mut self, is_amount: impl Fn(&str) -> bool, currency: &str) -> Self {
        let columns = self.columns.iter().enumerate();
        let amounts = columns.filter(|(_, (name, _))| is_amount(name)).map(|(at, _)| at);
        self.amounts = amounts.collect();
        self.currency = currency.to_string();
        self
    }

    /// Puts a line of sums under all rows, for people.
    pub(super) fn sum(&mut self, sums: Vec<String>) {
        assert_eq!(sums.len(), self.columns.len());
        self.sums = Some(sums);
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    /// Writes it in a format; JSON is written by whoever has the message.
    pub(super) fn write(self, format: AnswerFormat, out: &mut impl Write) -> Result<(), Failure> {
        if format == AnswerFormat::Csv {
            let mut writer = csv::Writer::from_writer(out);
            let names = self.columns.iter().map(|(name, _)| name);
            writer.write_record(names).map_err(output::csv_failure)?;
            for row in &self.rows {
                writer.write_record(row).map_err(output::csv_failure)?;
            }
            return Ok(writer.flush()?);
        }
        let is_amount = |at: usize| self.amounts.contains(&at);
        let heading = |(at, (name, _)): (usize, &(String, Align))| match is_amount(at) {
            true => money::heading(name, &self.currency),
            false => name.clone(),
        };
        let headings: Vec<String> = self.columns.iter().enumerate().map(heading).collect();
        let columns: Vec<_> = headings
            .iter()
            .zip(&self.columns)
            .map(|(name, (_, align))| (&**name, *align))
            .collect();
        let line = |row: &Vec<String>| -> Vec<_> {
            let shown = row.iter().enumerate().map(|(at, text)| match is_amount(at) {
                true => cell(money::of_text(text), None),
                false => cell(text, None),
            });
            shown.collect()
        };
        let rows = self.rows.iter().map(line);
        let table = match &self.sums {
            Some(sums) => render::table_with_sums(&columns, rows, line(sums)),
            None => render::table(&columns, rows),
        };
        Ok(write!(out, "{table}")?)
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
