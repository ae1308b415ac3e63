//! Pages that take no more memory than their file is worth.
//!
//! A page says how large it becomes, a dictionary how many values it has, a delta how many lengths follow: a few
//! bytes may say anything. What they say is held against a budget before room is made for it.

use super::{
    compact::Header,
    delta::{self, Encoded},
};
use crate::limits::{PARQUET_BYTES_BEYOND, PARQUET_GROWTH_MAX};
use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use parquet::{
    basic::{Compression, Encoding, Type},
    column::page::{Page, PageMetadata, PageReader},
    data_type::ByteArray,
    errors::{ParquetError, Result},
    file::{
        metadata::ColumnChunkMetaData,
        reader::{ChunkReader, Length},
        serialized_reader::SerializedPageReader,
    },
    schema::types::ColumnDescPtr,
};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// How a file of gzip begins, and one of LZ4 in frames.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const LZ4_MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

/// Levels of old files.
#[expect(deprecated, reason = "old files have it")]
const BIT_PACKED: Encoding = Encoding::BIT_PACKED;

/// Bytes that one of LZ4 becomes at most.
const LZ4_GROWTH_MAX: u64 = 255;

/// How much memory the open pages of a file may take together.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    taken: AtomicU64,
}

impl Budget {
    /// That of a file of so many bytes.
    pub(super) fn of(n_bytes: u64) -> Arc<Self> {
        let most = PARQUET_BYTES_BEYOND.saturating_add(n_bytes.saturating_mul(PARQUET_GROWTH_MAX));
        Arc::new(Self { most, taken: AtomicU64::new(0) })
    }
}

/// What one column takes of the budget, until it is dropped.
///
/// Only the thread that decodes a file counts; another one may drop what is behind it.
#[derive(Debug)]
pub(super) struct BudgetShare {
    budget: Arc<Budget>,
    /// What stays for the whole row group: the dictionary.
    dictionary: AtomicU64,
    /// The page that is open.
    page: AtomicU64,
    /// Pages before it whose values may be in the rows that are read now.
    behind: AtomicU64,
}

impl BudgetShare {
    /// A share of nothing so far.
    pub(super) fn of(budget: &Arc<Budget>) -> Arc<Self> {
        let zero = || AtomicU64::new(0);
        Arc::new(Self {
            budget: Arc::clone(budget),
            dictionary: zero(),
            page: zero(),
            behind: zero(),
        })
    }

    fn take(&self, n_bytes: u64, of: &AtomicU64) -> Result<()> {
        let taken = self.budget.taken.load(Relaxed).saturating_add(n_bytes);
        if self.budget.most < taken {
            let most = self.budget.most;
            return Err(fault(&format!("its open pages take more than {most} bytes of memory")));
        }
        self.budget.taken.store(taken, Relaxed);
        of.fetch_add(n_bytes, Relaxed);
        Ok(())
    }

    /// Makes room for the next page.
    fn turn(&self, n_bytes: u64) -> Result<()> {
        self.behind.fetch_add(self.page.swap(0, Relaxed), Relaxed);
        self.take(n_bytes, &self.page)
    }

    /// The rows that were read are gone, and with them the pages behind.
    pub(super) fn settle(&self) {
        self.budget.taken.fetch_sub(self.behind.swap(0, Relaxed), Relaxed);
    }
}

impl Drop for BudgetShare {
    fn drop(&mut self) {
        let parts = [&self.dictionary, &self.page, &self.behind];
        let taken = parts.iter().map(|part| part.load(Relaxed)).sum();
        self.budget.taken.fetch_sub(taken, Relaxed);
    }
}

fn fault(text: &str) -> ParquetError {
    ParquetError::General(text.to_string())
}

/// A file whose pages say how large they are before they are opened.
struct Bounded {
    file: Arc<File>,
    share: Arc<BudgetShare>,
    compression: Compression,
    /// What the page says that is read now: bytes when it is open, and those of them that are not packed.
    open: AtomicU64,
    plain: AtomicU64,
}

impl Length for Bounded {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for Bounded {
    type T = BufReader<File>;

    /// Where the header of a page begins.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let mut reader = self.file.get_read(start)?;
        let header = Header::read(reader.fill_buf()?);
        let header = header.ok_or_else(|| fault("a page that says how large it is"))?;
        self.share.turn(header.open.max(header.packed))?;
        self.open.store(header.open, Relaxed);
        self.plain.store(header.plain, Relaxed);
        Ok(reader)
    }

    /// A page as it is in the file.
    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let page = self.file.get_bytes(start, length)?;
        let plain = usize::try_from(self.plain.load(Relaxed)).unwrap_or(usize::MAX);
        self.check_growth(page.get(plain..).unwrap_or_default())?;
        Ok(page)
    }
}

impl Bounded {
    /// Two ways of compressing go on for as long as there is something, whatever the page has said.
    fn check_growth(&self, packed: &[u8]) -> Result<()> {
        let open = self.open.load(Relaxed);
        match self.compression {
            Compression::GZIP(_) if packed.starts_with(&GZIP_MAGIC) => {
                let mut inflated = MultiGzDecoder::new(packed).take(open + 1);
                // A damaged one is told of by who opens it.
                match io::copy(&mut inflated, &mut io::sink()) {
                    Ok(n_bytes) if open < n_bytes => Err(fault("a page is larger than it says")),
                    Ok(_) | Err(_) => Ok(()),
                }
            }
            Compression::LZ4 if packed.starts_with(&LZ4_MAGIC) => {
                self.share.take(packed.len() as u64 * LZ4_GROWTH_MAX, &self.share.page)
            }
            Compression::UNCOMPRESSED
            | Compression::GZIP(_)
            | Compression::SNAPPY
            | Compression::LZO
            | Compression::BROTLI(_)
            | Compression::ZSTD(_)
            | Compression::LZ4
            | Compression::LZ4_RAW => Ok(()),
        }
    }
}

/// The pages of one column in one row group.
pub(super) struct Pages {
    pages: SerializedPageReader<Bounded>,
    share: Arc<BudgetShare>,
    column: ColumnDescPtr,
}

impl Pages {
    /// Those of a column without nested values.
    pub(super) fn open(
        file: &Arc<File>,
        share: &Arc<BudgetShare>,
        chunk: &ColumnChunkMetaData,
        n_rows: usize,
    ) -> Result<Self> {
        let bounded = Bounded {
            file: Arc::clone(file),
            share: Arc::clone(share),
            compression: chunk.compression(),
            open: AtomicU64::new(0),
            plain: AtomicU64::new(0),
        };
        let pages = SerializedPageReader::new(Arc::new(bounded), chunk, n_rows, None)?;
        Ok(Self { pages, share: Arc::clone(share), column: chunk.column_descr_ptr() })
    }

    fn check(&self, page: &Page) -> Result<()> {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => self.check_dictionary(buf, *num_values),
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                let n_levels = if self.column.max_def_level() == 0 { 0 } else { *num_values };
                let levels = v1_levels_len(*def_level_encoding, buf, n_levels);
                self.check_texts(*encoding, buf, levels, *num_values)
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let levels = def_levels_byte_len.saturating_add(*rep_levels_byte_len);
                self.check_texts(*encoding, buf, levels, *num_values)
            }
        }
    }

    /// A dictionary has as many values as there is room for in it, and keeps its page.
    fn check_dictionary(&self, page: &[u8], n_values: u32) -> Result<()> {
        let least = match self.column.physical_type() {
            Type::BOOLEAN => 0,
            Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::FIXED_LEN_BYTE_ARRAY => u64::try_from(self.column.type_length()).unwrap_or(0),
        };
        let n_values = u64::from(n_values);
        if least == 0 || (page.len() as u64) < n_values.saturating_mul(least) {
            return Err(fault("a dictionary has more values than room for them"));
        }
        let share = &self.share;
        share.dictionary.fetch_add(share.page.swap(0, Relaxed), Relaxed);
        share.take(n_values.saturating_mul(size_of::<ByteArray>() as u64), &share.dictionary)
    }

    /// Texts that are given by differences may become any size.
    fn check_texts(
        &self,
        encoding: Encoding,
        page: &[u8],
        levels: u32,
        n_values: u32,
    ) -> Result<()> {
        let encoded = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => Encoded::Lengths,
            Encoding::DELTA_BYTE_ARRAY => Encoded::Beginnings,
            Encoding::PLAIN
            | Encoding::PLAIN_DICTIONARY
            | Encoding::RLE
            | Encoding::DELTA_BINARY_PACKED
            | Encoding::RLE_DICTIONARY
            | Encoding::BYTE_STREAM_SPLIT
            | Encoding::ALP
            | BIT_PACKED => return Ok(()),
        };
        let texts = page.get(levels as usize..).unwrap_or_default();
        let n_bytes = delta::texts_len(texts, encoded, n_values.into());
        let n_bytes =
            n_bytes.ok_or_else(|| fault("the lengths of texts are not those of a page"))?;
        self.share.take(n_bytes.saturating_add(8 * u64::from(n_values)), &self.share.page)
    }
}

/// Bytes that the levels of a page of the first kind take: runs after their length, or a bit a value.
fn v1_levels_len(encoding: Encoding, page: &[u8], n_levels: u32) -> u32 {
    match page.first_chunk() {
        _ if n_levels == 0 => 0,
        Some(len) if encoding == Encoding::RLE => u32::from_le_bytes(*len).saturating_add(4),
        Some(_) | None => n_levels.div_ceil(8),
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        page.iter().try_for_each(|page| self.check(page))?;
        Ok(page)
    }

    // Rows are read one after the other; nobody looks ahead, and a look would not be counted.

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(fault("pages are read in their order"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(fault("pages are read in their order"))
    }
}
