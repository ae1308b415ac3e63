//! The files of one table, read one after the other into its sink.

use super::{
    Progress, csv_file,
    format::Format,
    packed, parquet_file,
    piece::{Packing, Piece, Shape},
    place::Span,
    sink::Sink,
    translate::Translator,
    workbook,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
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
pub(super) struct Source<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) format: &'a Format,
    /// Columns that the files name otherwise: foreign name to ours.
    pub(super) renames: Option<&'a BTreeMap<String, String>>,
    /// Rows that are not to be read.
    pub(super) left_out: Option<&'a BTreeSet<u64>>,
    pub(super) progress: &'a dyn Progress,
}

/// One file of a table, open, which can be read from anywhere.
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

/// Reads all files of a table; rows are counted through them.
pub(super) fn read_all(source: &Source<'_>, sink: &mut dyn Sink) -> Vec<Span> {
    let size = |piece: &Piece| fs::metadata(&piece.path).map_or(0, |metadata| metadata.len());
    source.progress.table(sink.table(), source.pieces.iter().map(size).sum());
    let (mut rows, mut spans) = (0, Vec::new());
    for piece in source.pieces {
        let mut translator = Translator::new(sink, source, piece.shape);
        let packed = match piece.packing {
            Packing::Plain => None,
            Packing::Gzip => Some("packed by gzip".to_string()),
            Packing::Zip => Some("packed by zip".to_string()),
        };
        let mut read = match read(source, piece, (rows, &mut translator)) {
            Ok(read) => Read { told: packed.into_iter().chain(read.told).collect(), ..read },
            Err(error) => {
                let expected = format!("a file {} that can be read ({error})", piece.name());
                translator.give_up(None, expected);
                Read { rows, first_row: 2, told: Vec::new() }
            }
        };
        read.told.extend(translator.told());
        let Read { rows: now, first_row, told } = read;
        spans.push(Span { file: piece.name(), before: rows, rows: now - rows, first_row, told });
        rows = now;
    }
    spans
}

/// Reads one file.
fn read(
    source: &Source<'_>,
    piece: &Piece,
    (rows_before, sink): (u64, &mut dyn Sink),
) -> io::Result<Read> {
    let count = Count::default();
    let opened = packed::open(piece, &count)?;
    let (name, progress) = (piece.name(), source.progress);
    match opened.shape {
        Shape::Csv => {
            let (input, format) = (opened.bytes, source.format);
            let text = Text { name, input, count, format, rows_before, progress };
            Ok(csv_file::read(text, sink))
        }
        Shape::Parquet => {
            let file = packed::laid_down(piece, opened)?;
            let rows = parquet_file::read(Part { name, file, rows_before, progress }, sink);
            // It has no header line that a spreadsheet would count.
            Ok(Read { rows, first_row: 1, told: Vec::new() })
        }
        Shape::Workbook => {
            let file = packed::laid_down(piece, opened)?;
            let part = Part { name, file, rows_before, progress };
            Ok(workbook::read(part, piece.sheet.as_deref(), sink))
        }
        Shape::Unknown => Err(io::Error::other("nobody can say what is in it")),
    }
}
