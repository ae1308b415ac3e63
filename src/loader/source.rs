//! The files of one table, read one after the other into its sink.

use super::{
    csv_file,
    format::Formats,
    given::GivenFile,
    packed, parquet_file,
    piece::{Packing, Piece, Shape},
    place::{Span, Spans},
    progress::Silent,
    reading::{Count, OpenPart, Read, TableFiles, Text},
    sink::RowSink,
    translate::Translator,
    workbook,
};
use crate::snapshot::schema::Schema;
use std::{fs, io};

/// Reads all files of a table; rows are counted through them.
pub(super) fn read_all(source: &TableFiles<'_>, sink: &mut dyn RowSink) -> Vec<Span> {
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

/// Reads the files of a table of its own, and has what is said of it name rows as people count them.
pub(super) fn read_given(
    given: &GivenFile,
    formats: &Formats,
    (schema, sink): (&'static Schema, &mut dyn RowSink),
) -> Spans {
    let source = TableFiles {
        pieces: std::slice::from_ref(&given.piece),
        format: &formats.of(schema.name),
        renames: formats.renames.get(schema.name),
        left_out: None,
        progress: &Silent,
    };
    Spans::from([(schema.name, read_all(&source, sink))])
}

/// Reads one file.
fn read(
    source: &TableFiles<'_>,
    piece: &Piece,
    (rows_before, sink): (u64, &mut dyn RowSink),
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
            let rows = parquet_file::read(OpenPart { name, file, rows_before, progress }, sink);
            // It has no header line that a spreadsheet would count.
            Ok(Read { rows, first_row: 1, told: Vec::new() })
        }
        Shape::Workbook => {
            let file = packed::laid_down(piece, opened)?;
            let part = OpenPart { name, file, rows_before, progress };
            Ok(workbook::read(part, piece.sheet.as_deref(), sink))
        }
        Shape::Unknown => Err(io::Error::other("nobody can say what is in it")),
    }
}
