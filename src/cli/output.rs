//! Standard output: locked and buffered once, in the format asked for, with or without colour.

use super::{failure::Failure, render, terminal::printable};
use std::io::{self, BufWriter, Write};

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum AnswerFormat {
    /// For people
    Table,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

/// Standard output for a whole command. Flush it at the end: what fails there is a failure too.
pub(super) fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// The failure to write a CSV row to standard output.
pub(super) fn csv_failure(error: csv::Error) -> Failure {
    let text = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() {
        return error.into();
    }
    Failure::new(format!("cannot write CSV: {text}"), "--format json")
}

/// Reads a date of an argument.
pub(super) fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "a date such as 2026-11-23 is expected".to_string())
}

/// A few facts by their names: a line each for people, a row for spreadsheets, an object for programs.
pub(super) fn facts(
    format: AnswerFormat,
    facts: &[(&str, serde_json::Value)],
) -> Result<(), Failure> {
    let mut out = stdout();
    match format {
        AnswerFormat::Table => {
            for (name, value) in facts {
                writeln!(out, "{name} {}", text(value))?;
            }
        }
        AnswerFormat::Csv => {
            let mut rows = csv::Writer::from_writer(&mut out);
            rows.write_record(facts.iter().map(|(name, _)| name)).map_err(csv_failure)?;
            rows.write_record(facts.iter().map(|(_, value)| text(value))).map_err(csv_failure)?;
            rows.flush()?;
        }
        AnswerFormat::Json => {
            let object: serde_json::Map<_, _> =
                facts.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            writeln!(out, "{}", json(&object))?;
        }
    }
    Ok(out.flush()?)
}

/// A sentence for people, the facts in it for spreadsheets and programs.
pub(super) fn told(
    format: AnswerFormat,
    sentence: &str,
    named: &[(&str, serde_json::Value)],
) -> Result<(), Failure> {
    if format != AnswerFormat::Table {
        return facts(format, named);
    }
    let mut out = stdout();
    writeln!(out, "{sentence}")?;
    Ok(out.flush()?)
}

/// Rows by the names of their columns: a table for people, CSV for spreadsheets, a list of objects for programs.
pub(super) fn list(
    format: AnswerFormat,
    columns: &[render::Heading<'_>],
    rows: &[Vec<serde_json::Value>],
) -> Result<(), Failure> {
    let names = || columns.iter().map(|(name, _)| *name);
    let mut out = stdout();
    match format {
        AnswerFormat::Table => {
            let rows = rows.iter().map(|row| row.iter().map(|one| render::cell(text(one), None)));
            let headings: Vec<_> = names().map(|name| name.replace('_', " ")).collect();
            let columns = headings.iter().zip(columns);
            let columns: Vec<_> = columns.map(|(name, (_, align))| (&**name, *align)).collect();
            write!(out, "{}", render::table(&columns, rows.map(Iterator::collect)))?;
        }
        AnswerFormat::Csv => {
            let mut written = csv::Writer::from_writer(&mut out);
            written.write_record(names()).map_err(csv_failure)?;
            for row in rows {
                written.write_record(row.iter().map(text)).map_err(csv_failure)?;
            }
            written.flush()?;
        }
        AnswerFormat::Json => {
            let object = |row: &Vec<serde_json::Value>| -> serde_json::Map<_, _> {
                names().map(str::to_string).zip(row.iter().cloned()).collect()
            };
            writeln!(out, "{}", json(&rows.iter().map(object).collect::<Vec<_>>()))?;
        }
    }
    Ok(out.flush()?)
}

/// A value in a cell.
fn text(value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(text) => printable(text),
        None => value.to_string(),
    }
}

/// A number of things: "1 error", "2 errors".
pub(super) fn count(n: u64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// An answer as indented JSON.
pub(super) fn json(answer: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(answer).expect("memory takes it, and all keys are text")
}
