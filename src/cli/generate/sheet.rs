//! A table on its way to a file, row by row: CSV or Parquet, never more than one batch in memory.

use super::super::failure::Failure;
use crate::{limits::SCALE, model::Quantity};
use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, RecordBatch,
        StringBuilder,
    },
    datatypes::{DataType, Field, Schema},
};
use indicatif::ProgressBar;
use jiff::civil::Date;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use std::{
    cell::Cell as Counter, fmt::Write as _, fs::File, io::BufWriter, path::PathBuf, sync::Arc,
};

/// In which format tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Text, one line a row
    Csv,
    /// Parquet, compressed with Snappy
    Parquet,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names and words.
    Text,
    /// Counts, days and ranks.
    Whole,
    /// Quantities and money.
    Number,
    /// Dates.
    Date,
    /// Yes or no.
    Flag,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A name or a word.
    Text(&'a str),
    /// A count, a number of days or a rank.
    Whole(u64),
    /// A quantity or money in millionths.
    Micros(u64),
    /// A date.
    Date(Date),
    /// Yes or no.
    Flag(bool),
}

/// Rows of one batch, and of one row group, of a Parquet file.
const BATCH_ROWS: usize = 65_536;

/// Rows between two looks at the progress bar.
const ROWS_A_TICK: u64 = 4_096;

/// Where tables are written to.
pub(super) struct Output {
    directory: PathBuf,
    format: Format,
    bar: ProgressBar,
    n_rows: Counter<u64>,
}

impl Output {
    /// Tables of a format in a directory that is there.
    pub(super) fn new(directory: PathBuf, format: Format, bar: ProgressBar) -> Self {
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
        columns: &[(&str, Kind)],
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
    file: Target,
    n_rows: u64,
}

enum Target {
    Csv { writer: Box<csv::Writer<File>>, text: String },
    Parquet(Box<Batches>),
}

impl<'a> Sheet<'a> {
    fn create(output: &'a Output, table: &str, columns: &[(&str, Kind)]) -> Result<Self, Failure> {
        let format = output.format;
        let ending = match format {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        };
        let name = output.directory.join(format!("{table}.{ending}")).display().to_string();
        let file = File::create(&name).map_err(|error| unwritable(&name, &error))?;
        let file = match format {
            Format::Csv => {
                let mut writer =
                    csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(file);
                let header = columns.iter().map(|(column, _)| column);
                writer.write_record(header).map_err(|error| unwritable(&name, &error))?;
                Target::Csv { writer: Box::new(writer), text: String::new() }
            }
            Format::Parquet => {
                let batches = Batches::begin(file, columns);
                Target::Parquet(Box::new(batches.map_err(|error| unwritable(&name, &error))?))
            }
        };
        Ok(Self { output, name, file, n_rows: 0 })
    }

    /// Writes a row: one cell for each column.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Failure> {
        self.n_rows += 1;
        if self.n_rows.is_multiple_of(ROWS_A_TICK) {
            self.output.bar.inc(ROWS_A_TICK);
        }
        match &mut self.file {
            Target::Csv { writer, text } => {
                for cell in cells {
                    text.clear();
                    let field = in_text(cell, text);
                    writer.write_field(field).map_err(|error| unwritable(&self.name, &error))?;
                }
                let ended = writer.write_record(None::<&[u8]>);
                ended.map_err(|error| unwritable(&self.name, &error))
            }
            Target::Parquet(batches) => {
                batches.push(cells).map_err(|error| unwritable(&self.name, &error))
            }
        }
    }

    /// Ends the table: everything is in the file afterwards.
    pub(super) fn finish(self) -> Result<(), Failure> {
        self.output.n_rows.set(self.output.n_rows.get() + self.n_rows);
        match self.file {
            Target::Csv { mut writer, .. } => {
                writer.flush().map_err(|error| unwritable(&self.name, &error))
            }
            Target::Parquet(batches) => {
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

fn in_text<'a>(cell: &'a Cell<'_>, text: &'a mut String) -> &'a str {
    let written = match *cell {
        Cell::Empty => Ok(()),
        Cell::Text(word) => return word,
        Cell::Whole(number) => write!(text, "{number}"),
        Cell::Micros(micros) => write!(text, "{}", Quantity::micros(micros.cast_signed())),
        Cell::Date(date) => write!(text, "{date}"),
        Cell::Flag(flag) => write!(text, "{flag}"),
    };
    written.expect("text takes every text");
    text
}

/// A Parquet file and the columns of the batch that comes next.
struct Batches {
    writer: ArrowWriter<BufWriter<File>>,
    schema: Arc<Schema>,
    columns: Vec<Column>,
    n_rows: usize,
}

enum Column {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Date(Date32Builder),
    Flag(BooleanBuilder),
}

impl Batches {
    fn begin(file: File, columns: &[(&str, Kind)]) -> parquet::errors::Result<Self> {
        let field = |(name, kind): &(&str, Kind)| {
            let kind = match kind {
                Kind::Text => DataType::Utf8,
                Kind::Whole => DataType::Int64,
                Kind::Number => DataType::Float64,
                Kind::Date => DataType::Date32,
                Kind::Flag => DataType::Boolean,
            };
            Field::new(*name, kind, true)
        };
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        // The name of the program, not its version, so that the same seed gives the same bytes.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("promised generate".to_string())
            .build();
        let file = BufWriter::new(file);
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
        let columns = columns.iter().map(|(_, kind)| Column::of(*kind)).collect();
        Ok(Self { writer, schema, columns, n_rows: 0 })
    }

    fn push(&mut self, cells: &[Cell<'_>]) -> parquet::errors::Result<()> {
        assert_eq!(cells.len(), self.columns.len());
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell);
        }
        self.n_rows += 1;
        if self.n_rows < BATCH_ROWS { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> parquet::errors::Result<()> {
        let arrays = self.columns.iter_mut().map(Column::take).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        self.n_rows = 0;
        self.writer.write(&batch)?;
        self.writer.flush()
    }

    fn finish(mut self) -> parquet::errors::Result<()> {
        self.write()?;
        self.writer.close().map(|_| ())
    }
}

impl Column {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, cell: Cell<'_>) {
        match self {
            Self::Text(builder) => builder.append_option(text_of(cell)),
            Self::Whole(builder) => builder.append_option(whole_of(cell)),
            Self::Number(builder) => builder.append_option(number_of(cell)),
            Self::Date(builder) => builder.append_option(days_of(cell)),
            Self::Flag(builder) => builder.append_option(flag_of(cell)),
        }
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Whole(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
        }
    }
}

// A cell that does not suit its column is left out; the same rows as CSV would show the mistake at once.

fn text_of(cell: Cell<'_>) -> Option<&str> {
    match cell {
        Cell::Text(word) => Some(word).filter(|word| !word.is_empty()),
        Cell::Empty | Cell::Whole(_) | Cell::Micros(_) | Cell::Date(_) | Cell::Flag(_) => None,
    }
}

fn whole_of(cell: Cell<'_>) -> Option<i64> {
    match cell {
        Cell::Whole(number) => i64::try_from(number).ok(),
        Cell::Empty | Cell::Text(_) | Cell::Micros(_) | Cell::Date(_) | Cell::Flag(_) => None,
    }
}

fn number_of(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Micros(micros) => Some(micros as f64 / SCALE as f64),
        Cell::Empty | Cell::Text(_) | Cell::Whole(_) | Cell::Date(_) | Cell::Flag(_) => None,
    }
}

fn days_of(cell: Cell<'_>) -> Option<i32> {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    match cell {
        Cell::Date(date) => date.since((jiff::Unit::Day, EPOCH)).ok().map(|span| span.get_days()),
        Cell::Empty | Cell::Text(_) | Cell::Whole(_) | Cell::Micros(_) | Cell::Flag(_) => None,
    }
}

fn flag_of(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Flag(flag) => Some(flag),
        Cell::Empty | Cell::Text(_) | Cell::Whole(_) | Cell::Micros(_) | Cell::Date(_) => None,
    }
}
