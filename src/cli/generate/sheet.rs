//! A table on its way to a file, row by row: CSV or Parquet, never more than one batch in memory.

pub(super) use super::cell::{CellKind, FileCell};

use super::{super::failure::Failure, batches::Batches};
use crate::model::Quantity;
use indicatif::ProgressBar;
use std::{cell::Cell as Counter, fmt::Write as _, fs::File, path::PathBuf};

/// In which format tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FileFormat {
    /// Text, one line a row
    Csv,
    /// Parquet, compressed with Snappy
    Parquet,
}

/// Rows between two looks at the progress bar.
const ROWS_A_TICK: u64 = 4_096;

/// Where tables are written to.
pub(super) struct Output {
    directory: PathBuf,
    format: FileFormat,
    bar: ProgressBar,
    n_rows: Counter<u64>,
}

impl Output {
    /// Tables of a format in a directory that is there.
    pub(super) fn new(directory: PathBuf, format: FileFormat, bar: ProgressBar) -> Self {
        Self { directory, format, bar, n_rows: Counter::new(0) }
    }

    /// Writes a small file that is no table.
    pub(super) fn file(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.directory.join(name);
        std::fs::write(&path, text).map_err(|error| unwritable(&path.display().to_string(), &error))
    }

    /// Begins a table: its file and its header.
    pub(super) fn table(
        &self,
        table: &str,
        columns: &[(&str, CellKind)],
    ) -> Result<Sheet<'_>, Failure> {
        self.bar.set_message(table.to_string());
        Sheet::create(self, table, columns)
    }

    /// The number of rows written so far, over all tables that are finished.
    pub(super) fn n_rows(&self) -> u64 {
        self.n_rows.get()
    }

    /// Takes the progress bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A table that is being written.
pub(super) struct Sheet<'a> {
    output: &'a Output,
    name: String,
    file: SheetFile,
    n_rows: u64,
}

enum SheetFile {
    Csv { writer: Box<csv::Writer<File>>, text: String },
    Parquet(Box<Batches>),
}

impl<'a> Sheet<'a> {
    fn create(
        output: &'a Output,
        table: &str,
        columns: &[(&str, CellKind)],
    ) -> Result<Self, Failure> {
        let format = output.format;
        let ending = match format {
            FileFormat::Csv => "csv",
            FileFormat::Parquet => "parquet",
        };
        let name = output.directory.join(format!("{table}.{ending}")).display().to_string();
        let file = File::create(&name).map_err(|error| unwritable(&name, &error))?;
        let file = match format {
            FileFormat::Csv => {
                let mut writer =
                    csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(file);
                let header = columns.iter().map(|(column, _)| column);
                writer.write_record(header).map_err(|error| unwritable(&name, &error))?;
                SheetFile::Csv { writer: Box::new(writer), text: String::new() }
            }
            FileFormat::Parquet => {
                let batches = Batches::begin(file, columns);
                SheetFile::Parquet(Box::new(batches.map_err(|error| unwritable(&name, &error))?))
            }
        };
        Ok(Self { output, name, file, n_rows: 0 })
    }

    /// Writes a row: one cell for each column.
    pub(super) fn row(&mut self, cells: &[FileCell<'_>]) -> Result<(), Failure> {
        self.n_rows += 1;
        if self.n_rows.is_multiple_of(ROWS_A_TICK) {
            self.output.bar.inc(ROWS_A_TICK);
        }
        match &mut self.file {
            SheetFile::Csv { writer, text } => {
                for cell in cells {
                    text.clear();
                    let field = in_text(cell, text);
                    writer.write_field(field).map_err(|error| unwritable(&self.name, &error))?;
                }
                let ended = writer.write_record(None::<&[u8]>);
                ended.map_err(|error| unwritable(&self.name, &error))
            }
            SheetFile::Parquet(batches) => {
                batches.push(cells).map_err(|error| unwritable(&self.name, &error))
            }
        }
    }

    /// Ends the table: everything is in the file afterwards.
    pub(super) fn finish(self) -> Result<(), Failure> {
        self.output.n_rows.set(self.output.n_rows.get() + self.n_rows);
        match self.file {
            SheetFile::Csv { mut writer, .. } => {
                writer.flush().map_err(|error| unwritable(&self.name, &error))
            }
            SheetFile::Parquet(batches) => {
                batches.finish().map_err(|error| unwritable(&self.name, &error))
            }
        }
    }
}

/// The failure to write a file.
pub(super) fn unwritable(name: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        format!("cannot write {name}: {error}"),
        "a directory you may write to, with room for the tables",
    )
}

fn in_text<'a>(cell: &'a FileCell<'_>, text: &'a mut String) -> &'a str {
    let written = match *cell {
        FileCell::Empty => Ok(()),
        FileCell::Text(word) => return word,
        FileCell::Whole(number) => write!(text, "{number}"),
        FileCell::Micros(micros) => write!(text, "{}", Quantity::micros(micros.cast_signed())),
        FileCell::Date(date) => write!(text, "{date}"),
        FileCell::Flag(flag) => write!(text, "{flag}"),
    };
    written.expect("text takes every text");
    text
}
