//! A table while it is read: its files with their format, one of them open, and what came of it.

use super::{Progress, format::Format, piece::Piece};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Bytes that were read and not told of yet.
#[derive(Clone, Default)]
pub(super) struct Count(Arc<AtomicU64>);

impl Count {
    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// The files of a table, and what is said of them.
pub(super) struct TableFiles<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) format: &'a Format,
    /// Columns that the files name otherwise: foreign name to ours.
    pub(super) renames: Option<&'a BTreeMap<String, String>>,
    /// Rows that are not to be read.
    pub(super) left_out: Option<&'a BTreeSet<u64>>,
    pub(super) progress: &'a dyn Progress,
}

/// One file of a table, open, which can be read from anywhere.
pub(super) struct OpenPart<'a> {
    /// The file's name, for messages.
    pub(super) name: String,
    /// The open file.
    pub(super) file: File,
    /// The rows of the table in the files before this one.
    pub(super) rows_before: u64,
    /// Hears how much is read.
    pub(super) progress: &'a dyn Progress,
}

/// One text file of a table, open.
pub(super) struct Text<'a> {
    /// The file's name, for messages.
    pub(super) name: String,
    /// Its bytes, unpacked.
    pub(super) input: Box<dyn io::Read + Send>,
    /// What was read of it.
    pub(super) count: Count,
    pub(super) format: &'a Format,
    /// The rows of the table in the files before this one.
    pub(super) rows_before: u64,
    /// Hears how much is read.
    pub(super) progress: &'a dyn Progress,
}

/// What came of reading a file.
pub(super) struct Read {
    /// The number of rows of the table so far.
    pub(super) rows: u64,
    /// What a spreadsheet calls the first row behind the header.
    pub(super) first_row: u64,
    /// What the file was taken for, where that is not plain.
    pub(super) told: Vec<String>,
}
