//! Answers as rows, for spreadsheets and people: the columns are those of the contract (3 and 7), as CSV or JSON.
//!
//! Rows are made of messages, so the same question gives the same rows over HTTP and on the command line.

mod account;
mod insight;
mod results;
mod promises;

pub use account::{ALLOCATION, AVAILABILITY, QUICK_CHECK, allocation, availability, quick_check};
pub use insight::{EXCEPTIONS, exceptions, figures};
pub use promises::{PROMISES, promise};
pub use results::{RESULTS, RESULTS_TOGETHER, fares, line as result, together, with_results};

use serde_json::Value;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, dates, ids.
    Text(String),
    /// A quantity or an amount, of six decimals at most.
    Number(f64),
    /// A count.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
}

/// The cells of a row, in the order of its columns.
pub type SheetRow = Vec<Cell>;

impl Cell {
    /// Words; nothing where there are none.
    pub fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::Empty } else { Self::Text(words) }
    }

    /// A number where there is one.
    pub fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }

    /// As it stands in CSV.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(words) => words.clone(),
            Self::Number(number) => rounded(*number).to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(words) => words.as_str().into(),
            // Written as in CSV: 4, not 4.0.
            Self::Number(number) => {
                serde_json::from_str(&rounded(*number).to_string()).unwrap_or_default()
            }
            Self::Whole(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }
}

/// What doubles make of six decimals is taken back.
fn rounded(number: f64) -> f64 {
    const MICRO: f64 = 1e6;
    let rounded = (number * MICRO).round() / MICRO;
    // Beyond that there are no decimals to round.
    if number.abs() < 1e9 { rounded + 0.0 } else { number }
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Csv {
    /// Between cells.
    pub separator: u8,
    /// Whether a spreadsheet opens it: it is told the encoding then, and no cell is taken for a formula.
    pub excel: bool,
}

impl Default for Csv {
    fn default() -> Self {
        Self { separator: b',', excel: false }
    }
}

impl Csv {
    /// The line of the columns' names.
    pub fn header(self, columns: &[&str]) -> Vec<u8> {
        let mark = if self.excel { "\u{feff}" } else { "" };
        let mut out = mark.as_bytes().to_vec();
        out.extend(self.lines([columns.iter().map(|name| (*name).to_string()).collect()]));
        out
    }

    /// Lines of rows.
    pub fn rows<'a>(self, rows: impl IntoIterator<Item = &'a SheetRow>) -> Vec<u8> {
        self.lines(rows.into_iter().map(|row| row.iter().map(|cell| self.cell(cell)).collect()))
    }

    fn cell(self, cell: &Cell) -> String {
        let shown = cell.shown();
        let is_text = matches!(cell, Cell::Text(_));
        if self.excel && is_text && shown.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            return format!("'{shown}");
        }
        shown
    }

    fn lines(self, rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
        let mut writer =
            csv::WriterBuilder::new().delimiter(self.separator).from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).expect("memory takes it");
        }
        writer.into_inner().expect("memory takes it")
    }
}

/// A row as an object of JSON: a key a column, empty cells left out.
pub fn object(columns: &[&str], row: &SheetRow) -> String {
    let cells = columns.iter().zip(row).filter(|(_, cell)| **cell != Cell::Empty);
    let members = cells.map(|(name, cell)| format!("{}:{}", Value::from(*name), cell.json()));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(csv: Csv, row: SheetRow, want: &str) {
        assert_eq!(String::from_utf8(csv.rows([&row])).unwrap(), want);
    }

    #[test]
    fn rows_are_rfc_4180_and_spreadsheets_get_no_formulas() {
        let text = |words: &str| Cell::text(words);
        let row = vec![
            text("=1+1"),
            text("a,\"b\""),
            Cell::Number(-0.1 - 0.2),
            Cell::Empty,
            Cell::Flag(true),
        ];
        check(Csv::default(), row.clone(), "=1+1,\"a,\"\"b\"\"\",-0.3,,true\n");
        check(
            Csv { separator: b';', excel: true },
            row.clone(),
            "'=1+1;\"a,\"\"b\"\"\";-0.3;;true\n",
        );
        let columns = ["a", "b", "c", "d", "e"];
        assert_eq!(object(&columns, &row), r#"{"a":"=1+1","b":"a,\"b\"","c":-0.3,"e":true}"#);
        let header = Csv { excel: true, ..Csv::default() }.header(&["x", "y"]);
        assert_eq!(header, "\u{feff}x,y\n".as_bytes());
        assert_eq!(object(&["n"], &vec![Cell::Number(4.0)]), r#"{"n":4}"#);
    }
}
