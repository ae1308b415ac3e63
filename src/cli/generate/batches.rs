//! A Parquet file that is being written, and the columns of its row group that comes next.

use super::cell::{CellKind, FileCell};
use crate::limits::SCALE;
use jiff::civil::Date;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::Result,
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{Type, TypePtr},
};
use std::{fs::File, io::BufWriter, sync::Arc};

/// Rows of one row group.
const ROWS: usize = 65_536;

/// A Parquet file and the columns of the row group that comes next.
pub(super) struct Batches {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Column>,
    n_rows: usize,
}

impl Batches {
    /// A file with these columns.
    pub(super) fn begin(file: File, columns: &[(&str, CellKind)]) -> Result<Self> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind));
        let fields = fields.collect::<Result<_>>()?;
        let schema = Type::group_type_builder("table").with_fields(fields).build()?;
        // The name of the program, not its version, so that the same seed gives the same bytes.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("promised generate".to_string())
            .build();
        let file = BufWriter::new(file);
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        let columns = columns.iter().map(|(_, kind)| Column::of(*kind)).collect();
        Ok(Self { writer, columns, n_rows: 0 })
    }

    /// Takes a row: one cell for each column.
    pub(super) fn push(&mut self, cells: &[FileCell<'_>]) -> Result<()> {
        assert_eq!(cells.len(), self.columns.len());
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell);
        }
        self.n_rows += 1;
        if self.n_rows < ROWS { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let mut writer = group.next_column()?.expect("a column of the file for each of ours");
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        self.n_rows = 0;
        Ok(())
    }

    /// Writes what is left: everything is in the file afterwards.
    pub(super) fn finish(mut self) -> Result<()> {
        self.write()?;
        self.writer.close().map(|_| ())
    }
}

/// A column of the file; none of its rows needs a value.
fn field(name: &str, kind: CellKind) -> Result<TypePtr> {
    let (physical, logical) = match kind {
        CellKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        CellKind::Whole => (Physical::INT64, None),
        CellKind::Number => (Physical::DOUBLE, None),
        CellKind::Date => (Physical::INT32, Some(LogicalType::Date)),
        CellKind::Flag => (Physical::BOOLEAN, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    builder.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
}

enum Column {
    Text(Rows<ByteArray>),
    Whole(Rows<i64>),
    Number(Rows<f64>),
    Date(Rows<i32>),
    Flag(Rows<bool>),
}

/// The values of some rows, and for each row whether it has one.
struct Rows<T> {
    values: Vec<T>,
    levels: Vec<i16>,
}

impl<T> Rows<T> {
    fn new() -> Self {
        Self { values: Vec::new(), levels: Vec::new() }
    }

    fn push(&mut self, value: Option<T>) {
        self.levels.push(value.is_some().into());
        self.values.extend(value);
    }

    fn write<D: DataType<T = T>>(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        writer.typed::<D>().write_batch(&self.values, Some(&self.levels), None)?;
        self.values.clear();
        self.levels.clear();
        Ok(())
    }
}

impl Column {
    fn of(kind: CellKind) -> Self {
        match kind {
            CellKind::Text => Self::Text(Rows::new()),
            CellKind::Whole => Self::Whole(Rows::new()),
            CellKind::Number => Self::Number(Rows::new()),
            CellKind::Date => Self::Date(Rows::new()),
            CellKind::Flag => Self::Flag(Rows::new()),
        }
    }

    fn push(&mut self, cell: FileCell<'_>) {
        match self {
            Self::Text(rows) => rows.push(text_of(cell).map(ByteArray::from)),
            Self::Whole(rows) => rows.push(whole_of(cell)),
            Self::Number(rows) => rows.push(number_of(cell)),
            Self::Date(rows) => rows.push(days_of(cell)),
            Self::Flag(rows) => rows.push(flag_of(cell)),
        }
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        match self {
            Self::Text(rows) => rows.write::<ByteArrayType>(writer),
            Self::Whole(rows) => rows.write::<Int64Type>(writer),
            Self::Number(rows) => rows.write::<DoubleType>(writer),
            Self::Date(rows) => rows.write::<Int32Type>(writer),
            Self::Flag(rows) => rows.write::<BoolType>(writer),
        }
    }
}

// A cell that does not suit its column is left out; the same rows as CSV would show the mistake at once.

fn text_of(cell: FileCell<'_>) -> Option<&str> {
    match cell {
        FileCell::Text(word) => Some(word).filter(|word| !word.is_empty()),
        FileCell::Empty
        | FileCell::Whole(_)
        | FileCell::Micros(_)
        | FileCell::Date(_)
        | FileCell::Flag(_) => None,
    }
}

fn whole_of(cell: FileCell<'_>) -> Option<i64> {
    match cell {
        FileCell::Whole(number) => i64::try_from(number).ok(),
        FileCell::Empty
        | FileCell::Text(_)
        | FileCell::Micros(_)
        | FileCell::Date(_)
        | FileCell::Flag(_) => None,
    }
}

fn number_of(cell: FileCell<'_>) -> Option<f64> {
    match cell {
        FileCell::Micros(micros) => Some(micros as f64 / SCALE as f64),
        FileCell::Empty
        | FileCell::Text(_)
        | FileCell::Whole(_)
        | FileCell::Date(_)
        | FileCell::Flag(_) => None,
    }
}

fn days_of(cell: FileCell<'_>) -> Option<i32> {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    match cell {
        FileCell::Date(date) => {
            date.since((jiff::Unit::Day, EPOCH)).ok().map(|span| span.get_days())
        }
        FileCell::Empty
        | FileCell::Text(_)
        | FileCell::Whole(_)
        | FileCell::Micros(_)
        | FileCell::Flag(_) => None,
    }
}

fn flag_of(cell: FileCell<'_>) -> Option<bool> {
    match cell {
        FileCell::Flag(flag) => Some(flag),
        FileCell::Empty
        | FileCell::Text(_)
        | FileCell::Whole(_)
        | FileCell::Micros(_)
        | FileCell::Date(_) => None,
    }
}
