//! The rows of a file, some at a time, of the columns that are wanted.

use super::{column::Column, decode, kind::Kind};
use parquet::{
    basic::Repetition,
    column::reader::{ColumnReader, get_column_reader},
    errors::{ParquetError, Result},
    file::{
        metadata::{ParquetMetaData, ParquetMetaDataReader},
        serialized_reader::SerializedPageReader,
    },
    schema::types::{SchemaDescriptor, Type},
};
use std::{fs::File, sync::Arc};

/// Rows decoded at once.
const ROWS: usize = 16_384;

/// A file whose end has been read: what is in it, and where.
pub(super) struct Index {
    file: Arc<File>,
    metadata: ParquetMetaData,
}

impl Index {
    /// Reads it.
    pub(super) fn read(file: File) -> Result<Self> {
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&file)?;
        Ok(Self { file: Arc::new(file), metadata })
    }

    /// The rows that the file says it has.
    pub(super) fn n_rows(&self) -> i64 {
        self.metadata.file_metadata().num_rows()
    }

    /// The columns, by name, and whether their rows have one value or none.
    pub(super) fn columns(&self) -> Vec<(String, bool)> {
        let fields = self.schema().root_schema().get_fields();
        fields.iter().map(|field| (field.name().to_string(), is_flat(field))).collect()
    }

    fn schema(&self) -> &SchemaDescriptor {
        self.metadata.file_metadata().schema_descr()
    }

    /// The rows of some of the columns, none of which is nested.
    pub(super) fn batches(self, wanted: &[usize]) -> Result<Batches, String> {
        let schema = self.schema();
        let leaf = |root: usize| {
            (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == root)
        };
        let column = |root: &usize| {
            let leaf = leaf(*root).ok_or("a column has no place in the file")?;
            Ok((leaf, Kind::of(&schema.column(leaf))?))
        };
        let columns = wanted.iter().map(column).collect::<Result<_, String>>()?;
        Ok(Batches { index: self, columns, group: 0, readers: Vec::new(), rows_left: 0 })
    }
}

fn is_flat(field: &Type) -> bool {
    let info = field.get_basic_info();
    field.is_primitive() && info.has_repetition() && info.repetition() != Repetition::REPEATED
}

/// Reads rows, row group by row group.
pub(super) struct Batches {
    index: Index,
    /// Which columns, by their place in each row group, and what they are.
    columns: Vec<(usize, Kind)>,
    /// The row group after the one that is being read.
    group: usize,
    /// A reader for each column, in that row group.
    readers: Vec<ColumnReader>,
    rows_left: usize,
}

impl Batches {
    /// The next rows; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Column>>> {
        while self.rows_left == 0 {
            if self.group == self.index.metadata.num_row_groups() {
                return Ok(None);
            }
            self.open_group()?;
        }
        let n_rows = self.rows_left.min(ROWS);
        let columns = self.columns.iter().zip(&mut self.readers);
        let columns = columns.map(|((_, kind), reader)| decode::column(reader, *kind, n_rows));
        let columns = columns.collect::<Result<_>>()?;
        self.rows_left -= n_rows;
        Ok(Some(columns))
    }

    fn open_group(&mut self) -> Result<()> {
        let group = self.index.metadata.row_group(self.group);
        self.group += 1;
        let fault = |_| ParquetError::General("a row group has fewer rows than none".to_string());
        self.rows_left = usize::try_from(group.num_rows()).map_err(fault)?;
        let reader = |(leaf, _): &(usize, Kind)| {
            let (chunk, file) = (group.column(*leaf), Arc::clone(&self.index.file));
            let pages = SerializedPageReader::new(file, chunk, self.rows_left, None)?;
            Ok(get_column_reader(self.index.schema().column(*leaf), Box::new(pages)))
        };
        self.readers = self.columns.iter().map(reader).collect::<Result<_>>()?;
        Ok(())
    }
}
