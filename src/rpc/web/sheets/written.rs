//! Rows of a sheet as bytes, page after page, in the form that was asked for.

use super::RowFormat;
use crate::rpc::sheet::{SheetRow, object};

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
