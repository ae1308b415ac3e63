//! All promises as a file, CSV or Parquet, in parts as they are written.

use super::{
    proto::{ExportResponse, export_request::Format},
    reservation,
    secure::caller::Sight,
    sheet::{self, Cell, Csv, PROMISES, SheetRow},
    status::Failure,
    text::Words,
};
use crate::{backlog::filter::Filter, ledger::World};
use jiff::civil::Date;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::{ParquetError, Result as Written},
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{Type, TypePtr},
};
use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::mpsc::Sender;
use tonic::{Code, Status};

/// Bytes of a part.
const PART_BYTES: usize = 256 << 10;

/// Rows of one row group.
const GROUP_ROWS: usize = 65_536;

/// Where parts go.
pub(super) type Parts = Sender<Result<ExportResponse, Status>>;

/// Writes the promises that a filter accepts. Who takes no more parts ends it.
pub(super) fn write(world: &World, what: (&Filter, &Sight), format: Format, parts: &Parts) {
    let done = AtomicU64::new(0);
    let of = world.n_reservations() as u64;
    let mut file = InParts { parts, part: Vec::new(), done: &done, of };
    let written = match format {
        Format::Parquet => parquet(all(world, what, &done), &mut file),
        Format::Unspecified | Format::Csv => csv(all(world, what, &done), &mut file),
    };
    if let Err(error) = written.and_then(|()| file.send())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let failure = Failure::new(Code::Internal, "EXPORT", error.to_string());
        // A caller that has gone away does not mind.
        drop(parts.blocking_send(Err(failure.into())));
    }
}

/// A file that is sent part by part.
struct InParts<'a> {
    parts: &'a Parts,
    part: Vec<u8>,
    /// Promises that were looked at.
    done: &'a AtomicU64,
    /// Promises that there are.
    of: u64,
}

impl InParts<'_> {
    fn send(&mut self) -> io::Result<()> {
        if self.part.is_empty() {
            return Ok(());
        }
        let part = ExportResponse {
            data: std::mem::take(&mut self.part),
            promises_done: self.done.load(Ordering::Relaxed),
            promises: self.of,
        };
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.parts.blocking_send(Ok(part)).map_err(gone)
    }
}

impl Write for InParts<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if PART_BYTES <= self.part.len() {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Cells that tell of cost and profit.
const ECONOMICS: [&str; 2] = ["cost", "profit"];

fn all<'a>(
    world: &'a World,
    (filter, sight): (&'a Filter, &'a Sight),
    done: &'a AtomicU64,
) -> impl Iterator<Item = SheetRow> + 'a {
    let words = Words::new(&world.snapshot);
    let looked = world.reservations_from(0).inspect(|_| {
        done.fetch_add(1, Ordering::Relaxed);
    });
    let wanted = looked.filter(|one| filter.fits(&world.snapshot, one));
    let seen = wanted.filter(|one| sight.sees(world, one));
    let rows = seen.flat_map(move |promise| sheet::promise(&reservation::encode(words, promise)));
    rows.map(|mut row| {
        for (cell, name) in row.iter_mut().zip(PROMISES) {
            if ECONOMICS.contains(name) && !sight.economics {
                *cell = Cell::Empty;
            }
        }
        row
    })
}

fn csv(rows: impl Iterator<Item = SheetRow>, file: &mut InParts<'_>) -> io::Result<()> {
    let csv = Csv::default();
    file.write_all(&csv.header(PROMISES))?;
    for row in rows {
        file.write_all(&csv.rows([&row]))?;
    }
    Ok(())
}

fn parquet(rows: impl Iterator<Item = SheetRow>, file: &mut InParts<'_>) -> io::Result<()> {
    let broken = |error: ParquetError| {
        let ParquetError::External(error) = error else { return io::Error::other(error) };
        error.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error)
    };
    write_parquet(rows, SendFile(file)).map_err(broken)
}

/// The file for a writer that wants to be sent between threads: it is used on one.
struct SendFile<'a, 'b>(&'a mut InParts<'b>);

impl Write for SendFile<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn write_parquet<W: Write + Send>(rows: impl Iterator<Item = SheetRow>, file: W) -> Written<()> {
    let fields = PROMISES.iter().map(|name| field(name, Kind::of(name)));
    let fields = fields.collect::<Written<_>>()?;
    let schema = Type::group_type_builder("promises").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("promised export".to_string())
        .build();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let group: Vec<SheetRow> = rows.by_ref().take(GROUP_ROWS).collect();
        let mut columns = writer.next_row_group()?;
        for (at, name) in PROMISES.iter().enumerate() {
            let mut column = columns.next_column()?.expect("a column of the file for each of ours");
            write_column(&mut column, Kind::of(name), group.iter().map(|row| &row[at]))?;
            column.close()?;
        }
        columns.close()?;
    }
    writer.close().map(|_| ())
}

/// What a column of the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Whole,
    Date,
    Flag,
}

impl Kind {
    /// What a column of promises holds.
    fn of(name: &str) -> Self {
        match name {
            "quantity" | "cost" | "profit" | "quantity_requested" | "unit_price" => Self::Number,
            "option" | "leg" | "days_late" | "rank" => Self::Whole,
            "ship_date" | "arrival_date" | "requested_date" => Self::Date,
            "at_risk" => Self::Flag,
            _ => Self::Text,
        }
    }
}

/// A column of the file; none of its rows needs a value.
fn field(name: &str, kind: Kind) -> Written<TypePtr> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    builder.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
}

fn write_column<'a>(
    writer: &mut SerializedColumnWriter<'_>,
    kind: Kind,
    cells: impl Iterator<Item = &'a Cell>,
) -> Written<()> {
    match kind {
        Kind::Text => put::<ByteArrayType>(writer, cells.map(text)),
        Kind::Whole => put::<Int64Type>(writer, cells.map(whole)),
        Kind::Number => put::<DoubleType>(writer, cells.map(number)),
        Kind::Date => put::<Int32Type>(writer, cells.map(days)),
        Kind::Flag => put::<BoolType>(writer, cells.map(flag)),
    }
}

fn text(cell: &Cell) -> Option<ByteArray> {
    if let Cell::Text(text) = cell { Some(ByteArray::from(text.as_str())) } else { None }
}

fn whole(cell: &Cell) -> Option<i64> {
    if let Cell::Whole(number) = cell { Some(*number) } else { None }
}

fn number(cell: &Cell) -> Option<f64> {
    if let Cell::Number(number) = cell { Some(*number) } else { None }
}

fn flag(cell: &Cell) -> Option<bool> {
    if let Cell::Flag(flag) = cell { Some(*flag) } else { None }
}

/// Days since 1970.
fn days(cell: &Cell) -> Option<i32> {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    let Cell::Text(text) = cell else { return None };
    let date: Date = text.parse().ok()?;
    date.since((jiff::Unit::Day, EPOCH)).ok().map(|span| span.get_days())
}

fn put<D: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<D::T>>,
) -> Written<()> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for value in cells {
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    writer.typed::<D>().write_batch(&values, Some(&levels), None).map(|_| ())
}
