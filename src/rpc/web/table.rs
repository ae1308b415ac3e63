//! Order lines in the body of a request: CSV as in a file, or an array of such rows in JSON.

use super::super::status::{Failure, Faults};
use crate::{
    limits::LINES_MAX,
    loader::{self, Formats},
    promising::request::OrderLine,
    snapshot::{
        mapping::UNKNOWN,
        problem::{Problem, Severity},
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, io::Write as _};
use tonic::Code;

/// Order and line of a row.
pub(super) type Name = (String, String);

/// What is wrong with a cell.
pub(super) struct CellFault {
    /// The row, the first one after the header being 0.
    pub(super) at: usize,
    pub(super) column: String,
    pub(super) text: String,
}

/// What a body says.
pub(super) struct OrderTable {
    /// The lines without a fault, and their rows.
    pub(super) lines: Vec<(usize, OrderLine)>,
    /// What each row is called.
    pub(super) names: Vec<Name>,
    pub(super) faults: Vec<CellFault>,
}

/// Reads the lines of a body. It waits for a disk.
///
/// # Errors
/// It is no table at all.
pub(super) fn orders(bytes: &[u8], is_json: bool) -> Result<OrderTable, Failure> {
    let of_rows = if is_json { Some(rows(bytes)?) } else { None };
    let csv = of_rows.as_deref().unwrap_or(bytes);
    let unkept = |error: std::io::Error| {
        let text = format!("the lines cannot be laid down to be read: {error}");
        Failure::new(Code::ResourceExhausted, "DISK_FULL", text).later()
    };
    let dir = tempfile::tempdir().map_err(unkept)?;
    let path = dir.path().join("orders.csv");
    std::fs::File::create(&path).and_then(|mut file| file.write_all(csv)).map_err(unkept)?;
    // Of so few lines that they may be done at all every fault is told.
    let lists_all = csv.iter().filter(|byte| **byte == b'\n').count() <= 2 * LINES_MAX;
    let read = match lists_all {
        true => loader::orders_with_all_faults(&path, None, &Formats::default()),
        false => loader::orders(&path),
    };
    let read = read.map_err(|error| not_a_table(&error))?;
    let names = names(csv, read.named);
    let mut faults = Vec::new();
    let mut of_table = Faults::default();
    for problem in read.problems.listed() {
        let Problem { row, column, value, expected, severity, .. } = problem;
        let column = column.as_deref().unwrap_or_default();
        match (row, severity) {
            (None, _) if expected == UNKNOWN => of_table.note(of_column(column), unknown()),
            (None, Severity::Error) => of_table.note(of_column(column), expected),
            (Some(row), Severity::Error) => {
                let text = if value.is_empty() {
                    format!("{expected} is expected")
                } else {
                    format!("{value:?} is not {expected}")
                };
                faults.push(CellFault { at: at(*row), column: column.to_string(), text });
            }
            // What is only to be minded changes no line.
            (_, Severity::Warning) => (),
        }
    }
    if !of_table.is_empty() {
        // Of the table as a whole: whoever writes a column means something by it.
        return Err(Failure::invalid(of_table));
    }
    if 0 < read.problems.silenced().map(|(_, n)| n).sum::<u64>() && !faults.is_empty() {
        let text = format!("have {} faults; too many to tell them all", read.problems.errors());
        return Err(Failure::invalid_field("orders", text));
    }
    let lines = read.rows.into_iter().map(at).zip(read.lines).collect();
    Ok(OrderTable { lines, names, faults })
}

/// A column of the table as a whole.
fn of_column(name: &str) -> String {
    if name.is_empty() { "orders".to_string() } else { format!("column {name}") }
}

/// What is said of a column that is none of ours.
fn unknown() -> String {
    let known: Vec<_> = loader::order_columns().map(|column| column.name()).collect();
    format!("is no column of order lines; there are {}", known.join(", "))
}

/// The position of a row that a spreadsheet counts: its first one after the header is 2.
fn at(row: u64) -> usize {
    usize::try_from(row.saturating_sub(2)).unwrap_or(usize::MAX)
}

fn not_a_table(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Code::InvalidArgument,
        "NOT_DECODABLE",
        format!("the body is no table of order lines: {error}"),
    )
}

/// Order and line of every row, as they were read; of a row that is torn, as far as it can be.
fn names(csv: &[u8], named: BTreeMap<u64, Name>) -> Vec<Name> {
    let mut names: Vec<Name> = torn(csv).into_iter().map(Option::unwrap_or_default).collect();
    for (row, name) in named {
        let at = at(row);
        if names.len() <= at {
            names.resize(at + 1, Name::default());
        }
        names[at] = name;
    }
    names
}

/// Order and line of every row; nothing of one that is blank.
fn torn(csv: &[u8]) -> Vec<Option<Name>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let column =
        |name| header.iter().position(|known| known.trim_start_matches('\u{feff}') == name);
    let (order, line) = (column("order"), column("line"));
    let rows = reader.records().map_while(Result::ok);
    rows.map(|row| {
        if row.iter().all(str::is_empty) {
            return None;
        }
        let cell =
            |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().to_string();
        let line = Some(cell(line)).filter(|line| !line.is_empty());
        Some((cell(order), line.unwrap_or_else(|| "1".to_string())))
    })
    .collect()
}

/// Rows in JSON as CSV: every key is a column.
fn rows(json: &[u8]) -> Result<Vec<u8>, Failure> {
    let rows: Vec<serde_json::Map<String, Value>> =
        serde_json::from_slice(json).map_err(|error| {
            let text = format!("the body is no array of order lines: {error}");
            Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text)
        })?;
    let mut columns: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(serde_json::Map::keys) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    if columns.is_empty() {
        columns.extend(["order", "item", "quantity", "requested_date"]);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).expect("memory takes it");
    for (at, row) in rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(columns.len());
        for name in &columns {
            cells.push(match row.get(*name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
                Some(Value::Array(_) | Value::Object(_)) => {
                    let text = "a text, a number, true or false is expected";
                    return Err(Failure::invalid_field(
                        &format!("line {}, column {name}", at + 2),
                        text,
                    ));
                }
            });
        }
        writer.write_record(&cells).expect("memory takes it");
    }
    Ok(writer.into_inner().expect("memory takes it"))
}
