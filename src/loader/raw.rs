//! Tables of others as they lie in their files, row by row, whatever is in them: what imports read.

use super::{
    Error, Whole, dialect,
    encoding::Utf8,
    packed,
    piece::{Piece, Shape},
    records::Records,
    source::Count,
    workbook,
};
use csv::ByteRecord;
use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
};

/// A table of texts.
#[derive(Clone, Debug)]
pub struct RawTable {
    /// The name of its file without endings, or of its sheet.
    pub name: String,
    /// The file, as messages call it.
    pub file: String,
    /// All rows that have anything in them, the header among them, each with its number as a spreadsheet counts it.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// All tables in a directory, a zip file, a workbook or a single file; in the order of their names.
///
/// # Errors
/// One cannot be read.
pub fn raw(path: &Path) -> Result<Vec<RawTable>, Error> {
    if path.is_dir() {
        return of_directory(path);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    if ending.as_deref() == Some("zip") {
        let own = Whole::unpacked(path)?;
        return of_directory(own.path());
    }
    of_file(path)
}

fn of_directory(path: &Path) -> Result<Vec<RawTable>, Error> {
    let unlisted = |source| Error::Directory { path: path.to_path_buf(), source };
    let entries = fs::read_dir(path).map_err(unlisted)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(unlisted)?;
    paths.sort();
    let mut tables = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            tables.extend(of_directory(&path)?);
        } else if !name.starts_with(['.', '~']) && Piece::of(&path).is_some() {
            tables.extend(of_file(&path)?);
        }
    }
    Ok(tables)
}

fn of_file(path: &Path) -> Result<Vec<RawTable>, Error> {
    let unopened = |why: String| Error::Unopened { path: path.to_path_buf(), why };
    let Some(piece) = Piece::of(path) else {
        return Err(Error::UnknownFormat { path: path.to_path_buf() });
    };
    let file = piece.name();
    if piece.shape == Shape::Workbook {
        let sheets = workbook::sheets(path).map_err(unopened)?;
        let table = |sheet: String| {
            let rows = workbook::cells(path, &sheet).map_err(unopened)?;
            Ok(RawTable { file: format!("{file}, sheet {sheet}"), name: sheet, rows })
        };
        return sheets.into_iter().map(table).collect();
    }
    let opened =
        packed::open(&piece, &Count::default()).map_err(|error| unopened(error.to_string()))?;
    if opened.shape != Shape::Csv {
        return Err(unopened("imports read .csv and .xlsx".to_string()));
    }
    let rows = texts(opened.bytes).map_err(unopened)?;
    let name = file.split('.').next().unwrap_or(&file).to_string();
    Ok(vec![RawTable { name, file, rows }])
}

/// The rows of a text file.
fn texts(bytes: Box<dyn std::io::Read + Send>) -> Result<Vec<(u64, Vec<String>)>, String> {
    let decoded = Utf8::new(bytes, None).map_err(|error| error.to_string())?;
    let mut file = BufReader::with_capacity(1 << 16, decoded);
    let delimiter = dialect::look_plainly(&mut file).map_err(|error| error.to_string())?;
    let mut records = Records::new(file, delimiter);
    let (mut record, mut rows, mut number) = (ByteRecord::new(), Vec::new(), 0);
    loop {
        match records.next(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => {}
            Err(stop) => return Err(format!("row {}: {stop:?}", number + 1)),
        }
        number += 1 + records.empty_lines();
        let cells = record.iter().map(|cell| match std::str::from_utf8(cell) {
            Ok(text) => Ok(text.trim().to_string()),
            Err(_) => Err(format!("row {number}: text in UTF-8 or UTF-16 is expected")),
        });
        let cells: Vec<String> = cells.collect::<Result<_, _>>()?;
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((number, cells));
        }
    }
}
