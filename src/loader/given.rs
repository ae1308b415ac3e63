//! A file that is named on its own, or standard input: `-`.

use super::{
    Error,
    piece::{Packing, Piece, Shape},
};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};
use tempfile::NamedTempFile;
use zip::ZipArchive;

/// What standard input is called in messages.
const STANDARD_INPUT: &str = "standard input";

/// A file to read rows from; standard input lies in one of its own as long as this lives.
pub(super) struct GivenFile {
    pub(super) piece: Piece,
    _own: Option<NamedTempFile>,
}

impl GivenFile {
    /// Finds out what a file is: by its name, or, of standard input, by how it begins.
    ///
    /// # Errors
    /// It cannot be read, or is of another format.
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable { path: path.to_path_buf(), source };
        if path == Path::new("-") {
            return standard_input().map_err(unreadable);
        }
        let Some(piece) = Piece::of(path) else {
            return Err(Error::UnknownFormat { path: path.to_path_buf() });
        };
        File::open(path).map_err(unreadable)?;
        Ok(Self { piece, _own: None })
    }
}

fn standard_input() -> io::Result<GivenFile> {
    let mut own = NamedTempFile::new()?;
    io::copy(&mut io::stdin().lock(), own.as_file_mut())?;
    let (shape, packing) = look(own.as_file_mut())?;
    let path = own.path().to_path_buf();
    let piece = Piece { path, shape, packing, sheet: None, called: Some(STANDARD_INPUT) };
    Ok(GivenFile { piece, _own: Some(own) })
}

/// What a file is by how it begins.
fn look(file: &mut File) -> io::Result<(Shape, Packing)> {
    let mut start = [0; 4];
    file.seek(SeekFrom::Start(0))?;
    let mut n = 0;
    while n < start.len() {
        match file.read(&mut start[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(match &start[..n] {
        b"PAR1" => (Shape::Parquet, Packing::Plain),
        [0x1f, 0x8b, ..] => (Shape::Csv, Packing::Gzip),
        b"PK\x03\x04" => match ZipArchive::new(&*file)?.by_name("xl/workbook.xml") {
            Ok(_) => (Shape::Workbook, Packing::Plain),
            Err(_) => (Shape::Unknown, Packing::Zip),
        },
        _ => (Shape::Csv, Packing::Plain),
    })
}
