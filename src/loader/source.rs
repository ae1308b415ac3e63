//! The files of one table, read one after the other into its sink.

use super::{Progress, csv_file, parquet_file, sink::Sink};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// The formats of table files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// RFC 4180 text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format of a file, by the ending of its name.
    pub(super) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// One file of a table, open.
pub(super) struct Part<'a> {
    /// The file's name, for messages.
    pub(super) name: String,
    /// The open file.
    pub(super) file: File,
    /// The rows of the table in the files before this one.
    pub(super) rows_before: u64,
    /// Hears how much is read.
    pub(super) progress: &'a dyn Progress,
}

/// Reads all files of a table; rows are counted through them.
pub(super) fn read_all(paths: &[PathBuf], sink: &mut dyn Sink, progress: &dyn Progress) {
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    progress.table(sink.table(), paths.iter().map(size).sum());
    let mut rows = 0;
    for path in paths {
        let name = path.file_name().map_or_else(String::new, |name| name.display().to_string());
        match File::open(path) {
            Ok(file) => rows = read(path, Part { name, file, rows_before: rows, progress }, sink),
            Err(error) => sink.give_up(None, format!("a file {name} that can be read ({error})")),
        }
    }
}

/// Reads one file, and returns the number of rows of the table so far.
fn read(path: &Path, part: Part<'_>, sink: &mut dyn Sink) -> u64 {
    match Format::of(path) {
        Some(Format::Csv) => csv_file::read(part, sink),
        Some(Format::Parquet) => parquet_file::read(part, sink),
        None => part.rows_before,
    }
}
