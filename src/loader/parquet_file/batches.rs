//! The rows of a file, some at a time, of the columns that are wanted.

use super::{
    column::ColumnBatch,
    compact, decode,
    kind::ValueMeaning,
    pages::{Budget, BudgetShare, Pages},
};
use crate::limits::PARQUET_FOOTER_BYTES_MAX;
use parquet::{
    basic::Repetition,
    column::reader::{ColumnReader, get_column_reader},
    errors::{ParquetError, Result},
    file::{
        metadata::{ParquetMetaData, ParquetMetaDataReader},
        reader::{ChunkReader, Length},
    },
    schema::types::{SchemaDescriptor, Type},
};
use std::{fs::File, sync::Arc};

/// Rows decoded at once.
const ROWS: usize = 16_384;

/// How a Parquet file ends.
const MAGIC: &[u8] = b"PAR1";

/// A file whose end has been read: what is in it, and where.
pub(super) struct FileIndex {
    file: Arc<File>,
    metadata: ParquetMetaData,
}

impl FileIndex {
    /// Reads it.
    pub(super) fn read(file: File) -> Result<Self> {
        check_footer(&file)?;
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
            Ok((leaf, ValueMeaning::of(&schema.column(leaf))?))
        };
        let columns = wanted.iter().map(column).collect::<Result<_, String>>()?;
        let budget = Budget::of(self.file.len());
        let (readers, shares) = (Vec::new(), Vec::new());
        Ok(Batches { index: self, columns, group: 0, readers, rows_left: 0, budget, shares })
    }
}

/// The end of a file may say anything; what room is made by is checked before.
fn check_footer(file: &File) -> Result<()> {
    const TAIL: usize = 8;
    let len = file.len();
    // A file that is too short or ends otherwise is told of by who reads it.
    let Some(start) = len.checked_sub(TAIL as u64) else { return Ok(()) };
    let tail = file.get_bytes(start, TAIL)?;
    let n_bytes = tail.first_chunk().map_or(0, |n| u64::from(u32::from_le_bytes(*n)));
    let Some(start) = start.checked_sub(n_bytes) else { return Ok(()) };
    if !tail.ends_with(MAGIC) {
        return Ok(());
    }
    if PARQUET_FOOTER_BYTES_MAX < n_bytes {
        let text =
            format!("its end says in more than {PARQUET_FOOTER_BYTES_MAX} bytes what is in it");
        return Err(ParquetError::General(text));
    }
    let footer = file.get_bytes(start, usize::try_from(n_bytes)?)?;
    if compact::has_sound_schema(&footer) {
        return Ok(());
    }
    Err(ParquetError::General("its columns are not told one by one".to_string()))
}

fn is_flat(field: &Type) -> bool {
    let info = field.get_basic_info();
    field.is_primitive() && info.has_repetition() && info.repetition() != Repetition::REPEATED
}

/// Reads rows, row group by row group.
pub(super) struct Batches {
    index: FileIndex,
    /// Which columns, by their place in each row group, and what they are.
    columns: Vec<(usize, ValueMeaning)>,
    /// The row group after the one that is being read.
    group: usize,
    /// A reader for each column, in that row group.
    readers: Vec<ColumnReader>,
    rows_left: usize,
    budget: Arc<Budget>,
    /// What each column takes of it, in that row group.
    shares: Vec<Arc<BudgetShare>>,
}

impl Batches {
    /// The next rows; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Vec<ColumnBatch>>> {
        while self.rows_left == 0 {
            if self.group == self.index.metadata.num_row_groups() {
                return Ok(None);
            }
            self.open_group()?;
        }
        self.shares.iter().for_each(|share| share.settle());
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
        // What the group before took is given back first.
        self.readers.clear();
        self.shares = self.columns.iter().map(|_| BudgetShare::of(&self.budget)).collect();
        let reader = |((leaf, _), share): (&(usize, ValueMeaning), _)| {
            let chunk = group.column(*leaf);
            let pages = Pages::open(&self.index.file, share, chunk, self.rows_left)?;
            Ok(get_column_reader(self.index.schema().column(*leaf), Box::new(pages)))
        };
        let readers = self.columns.iter().zip(&self.shares).map(reader);
        self.readers = readers.collect::<Result<_>>()?;
        Ok(())
    }
}
