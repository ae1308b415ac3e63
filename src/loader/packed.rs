//! Files that are opened to be read, be they packed or not, with a count of what was read of them and a bound to what
//! they may become.

use super::{
    piece::{Packing, Piece, Shape},
    reading::Count,
};
use crate::limits::{PACKED_BYTES_BEYOND, PACKED_GROWTH_MAX};
use flate2::{
    Crc,
    read::{DeflateDecoder, MultiGzDecoder},
};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};
use zip::{CompressionMethod, ZipArchive};

/// A file that is open: what is in it, and its bytes.
pub(super) struct OpenFile {
    pub(super) shape: Shape,
    pub(super) bytes: Box<dyn Read + Send>,
}

/// Opens a file; what is read of it is counted as it lies on the disk.
///
/// # Errors
/// It cannot be read, or is not packed as its name says.
pub(super) fn open(piece: &Piece, count: &Count) -> io::Result<OpenFile> {
    let file = File::open(&piece.path)?;
    let most = most(file.metadata()?.len());
    let counted = |file| Counted { file, count: count.clone() };
    let bounded = |bytes: Box<dyn Read + Send>| Bounded { bytes, left: most, most };
    let (shape, bytes): (Shape, Box<dyn Read + Send>) = match piece.packing {
        Packing::Plain => (piece.shape, Box::new(counted(file))),
        Packing::Gzip => {
            (piece.shape, Box::new(bounded(Box::new(MultiGzDecoder::new(counted(file))))))
        }
        Packing::Zip => {
            let (shape, entry) = only(&piece.path, &file)?;
            let shape = if piece.shape == Shape::Unknown { shape } else { piece.shape };
            (shape, Box::new(bounded(entry.open(counted(file))?)))
        }
    };
    Ok(OpenFile { shape, bytes })
}

/// The bytes as a file of their own, which can be read from anywhere.
///
/// # Errors
/// There is no room for it.
pub(super) fn laid_down(piece: &Piece, opened: OpenFile) -> io::Result<File> {
    if piece.packing == Packing::Plain {
        return File::open(&piece.path);
    }
    let (mut file, mut bytes) = (tempfile::tempfile()?, opened.bytes);
    io::copy(&mut bytes, &mut file)?;
    file.flush()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Bytes that a packed file of so many may become.
fn most(packed: u64) -> u64 {
    packed.saturating_mul(PACKED_GROWTH_MAX).saturating_add(PACKED_BYTES_BEYOND)
}

/// Refuses a zip file that becomes more than it may, be it a workbook or a snapshot: all of it is unpacked once.
///
/// # Errors
/// It is damaged, or becomes too large.
pub(super) fn check(file: &File) -> io::Result<()> {
    let most = most(file.metadata()?.len());
    let mut archive = ZipArchive::new(file)?;
    let mut left = most;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at)?.take(left + 1);
        let n = io::copy(&mut entry, &mut io::sink())?;
        left = left.checked_sub(n).ok_or_else(|| too_large(most))?;
    }
    Ok(())
}

fn too_large(most: u64) -> io::Error {
    io::Error::other(format!(
        "it unpacks to more than the {most} bytes that a file of its size may become"
    ))
}

/// Where an entry of a zip file lies.
struct Entry {
    start: u64,
    packed: u64,
    length: u64,
    crc32: u32,
    method: CompressionMethod,
}

impl Entry {
    fn open(&self, mut file: Counted) -> io::Result<Box<dyn Read + Send>> {
        file.file.seek(SeekFrom::Start(self.start))?;
        let bytes = file.take(self.packed);
        let bytes: Box<dyn Read + Send> = if self.method == CompressionMethod::Stored {
            Box::new(bytes)
        } else if self.method == CompressionMethod::Deflated {
            Box::new(DeflateDecoder::new(bytes))
        } else {
            let other = self.method;
            return Err(io::Error::other(format!("it is packed by {other}; pack it by deflate")));
        };
        Ok(Box::new(Checked { bytes, crc: Crc::new(), want: (self.length, self.crc32) }))
    }
}

/// The one file in a zip file, and what it is by its name.
fn only(path: &Path, file: &File) -> io::Result<(Shape, Entry)> {
    let mut archive = ZipArchive::new(file)?;
    let mut found = None;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at)?;
        let name = entry.name()?.into_owned();
        let is_hidden = name.starts_with("__MACOSX/")
            || name.rsplit('/').next().is_some_and(|last| last.starts_with('.'));
        if entry.is_dir() || is_hidden {
            continue;
        }
        if entry.encrypted() {
            return Err(io::Error::other("it asks for a password; pack it without one"));
        }
        let start = entry.data_start().ok_or_else(|| io::Error::other("it has no data"))?;
        let one = Entry {
            start,
            packed: entry.compressed_size(),
            length: entry.size(),
            crc32: entry.crc32(),
            method: entry.compression(),
        };
        let shape = name.rsplit_once('.').and_then(|(_, ending)| Shape::of(ending));
        if found.replace((shape, one)).is_some() {
            return Err(io::Error::other("it holds more than one file; a table is packed alone"));
        }
    }
    let (shape, entry) = found.ok_or_else(|| io::Error::other("it holds no file"))?;
    // The name outside may say what the one inside does not.
    let outside = Piece::of(path).map(|piece| piece.shape).filter(|shape| *shape != Shape::Unknown);
    let shape = outside.or(shape);
    let shape =
        shape.ok_or_else(|| io::Error::other("the file in it is no .csv, .parquet or .xlsx"))?;
    Ok((shape, entry))
}

/// Counts what is read.
struct Counted {
    file: File,
    count: Count,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.count.add(n as u64);
        Ok(n)
    }
}

/// Ends with an error where more comes than may.
struct Bounded {
    bytes: Box<dyn Read + Send>,
    left: u64,
    most: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| too_large(self.most))?;
        Ok(n)
    }
}

/// Ends with an error where the bytes are not those that were packed.
struct Checked {
    bytes: Box<dyn Read + Send>,
    crc: Crc,
    want: (u64, u32),
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.crc.update(&buffer[..n]);
        if n == 0
            && !buffer.is_empty()
            && (u64::from(self.crc.amount()), self.crc.sum()) != self.want
        {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is damaged: its check sum does not fit",
            ));
        }
        Ok(n)
    }
}
