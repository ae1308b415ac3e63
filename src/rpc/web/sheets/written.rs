//! Rows of a sheet as bytes, page after page, in the form that was asked for.

use super::super::parameters::Parameters;
use crate::rpc::{
    sheet::{Csv, SheetRow, object},
    status::{Failure, shown},
};
use http::{HeaderMap, header};

/// How rows are told.
#[derive(Clone, Copy)]
pub(in crate::rpc::web) enum RowFormat {
    Csv(Csv),
    Json,
}

impl RowFormat {
    /// By the suffix of an address, else by what the caller takes.
    pub(super) fn of(
        suffix: Option<&str>,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Self, Failure> {
        let takes_csv = headers
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/csv")));
        match suffix {
            Some("json") => Ok(Self::Json),
            None if !takes_csv => Ok(Self::Json),
            _ => Ok(Self::Csv(csv(parameters)?)),
        }
    }

    pub(in crate::rpc::web) fn kind(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// How CSV is written for whoever asks.
pub(in crate::rpc::web) fn csv(parameters: &Parameters) -> Result<Csv, Failure> {
    let separator = match parameters.get("separator") {
        None => b',',
        Some("tab" | "\t") => b'\t',
        Some(one) => match one.as_bytes() {
            [sign @ (b';' | b'|' | b',')] => *sign,
            _ => {
                let text = format!("{} is not one of , ; | tab", shown(one));
                return Err(Failure::invalid_field("separator", text));
            }
        },
    };
    Ok(Csv { separator, excel: parameters.is_on("excel")? })
}

/// Writes rows in the form asked for.
pub(in crate::rpc::web) struct Writer {
    form: RowFormat,
    columns: Vec<String>,
    is_begun: bool,
}

impl Writer {
    pub(in crate::rpc::web) fn new(form: RowFormat, columns: Vec<String>) -> Self {
        Self { form, columns, is_begun: false }
    }

    /// What stands before the first row.
    pub(in crate::rpc::web) fn begin(&self) -> Vec<u8> {
        match self.form {
            RowFormat::Csv(csv) => csv.header(&self.names()),
            RowFormat::Json => vec![b'['],
        }
    }

    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    /// Rows after those that are written.
    pub(in crate::rpc::web) fn rows(&mut self, rows: &[SheetRow]) -> Vec<u8> {
        let names: Vec<String> = self.columns.clone();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match self.form {
            RowFormat::Csv(csv) => csv.rows(rows),
            RowFormat::Json => {
                let mut text = Vec::new();
                for row in rows {
                    let between =
                        if std::mem::replace(&mut self.is_begun, true) { ",\n" } else { "\n" };
                    text.extend_from_slice(between.as_bytes());
                    text.extend_from_slice(object(&names, row).as_bytes());
                }
                text
            }
        }
    }

    /// What stands after the last row.
    pub(in crate::rpc::web) fn end(&self) -> &'static [u8] {
        match self.form {
            RowFormat::Csv(_) => b"",
            RowFormat::Json => b"\n]\n",
        }
    }
}
