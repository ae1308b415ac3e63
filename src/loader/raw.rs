//! Tables of others as they lie in their files, row by row, whatever is in them: what imports read.

use super::{
    Error, Format, Whole, dialect,
    encoding::Utf8,
    packed,
    piece::{Packing, Piece, Shape},
    reading::Count,
    records::Records,
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
    /// Whether numbers are such in the file, and no texts.
    pub has_numbers: bool,
}

/// What an export holds.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Its tables, in the order of their names.
    pub tables: Vec<RawTable>,
    /// Files that are none.
    pub strangers: Vec<String>,
}

/// Endings of text files that are tables in an export.
const TEXTS: [&str; 3] = ["txt", "tsv", "tab"];

/// All tables in a directory, a zip file, a workbook or a single file.
///
/// # Errors
/// One cannot be read.
pub fn raw(path: &Path, format: &Format) -> Result<Raw, Error> {
    let mut found = Raw::default();
    if path.is_dir() {
        of_directory(path, format, &mut found)?;
        return Ok(found);
    }
    if ending(path) == "zip" {
        let own = Whole::unpacked(path)?;
        of_directory(own.path(), format, &mut found)?;
        return Ok(found);
    }
    found.tables = of_file(path, format)?;
    Ok(found)
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// A file by its name; none where it is no table.
fn piece(path: &Path) -> Option<Piece> {
    let of_text = || {
        let (shape, packing) = (Shape::Csv, Packing::Plain);
        let path = path.to_path_buf();
        Piece { path, shape, packing, sheet: None, called: None }
    };
    Piece::of(path).or_else(|| TEXTS.contains(&&*ending(path)).then(of_text))
}

fn of_directory(path: &Path, format: &Format, found: &mut Raw) -> Result<(), Error> {
    let unlisted = |source| Error::Directory { path: path.to_path_buf(), source };
    let entries = fs::read_dir(path).map_err(unlisted)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(unlisted)?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(['.', '~']) || name == "manifest.json" {
            continue;
        }
        if path.is_dir() {
            of_directory(&path, format, found)?;
        } else if piece(&path).is_some() {
            found.tables.extend(of_file(&path, format)?);
        } else {
            found.strangers.push(name);
        }
    }
    Ok(())
}

fn of_file(path: &Path, format: &Format) -> Result<Vec<RawTable>, Error> {
    let unopened = |why: String| Error::Unopened { path: path.to_path_buf(), why };
    let Some(piece) = piece(path) else {
        return Err(Error::UnknownFormat { path: path.to_path_buf() });
    };
    let file = piece.name();
    if piece.shape == Shape::Workbook {
        let sheets = workbook::sheets(path).map_err(unopened)?;
        let table = |sheet: String| {
            let rows = workbook::cells(path, &sheet).map_err(unopened)?;
            let (file, has_numbers) = (format!("{file}, sheet {sheet}"), true);
            Ok(RawTable { file, name: sheet, rows, has_numbers })
        };
        return sheets.into_iter().map(table).collect();
    }
    let opened =
        packed::open(&piece, &Count::default()).map_err(|error| unopened(error.to_string()))?;
    if opened.shape != Shape::Csv {
        return Err(unopened("imports read .csv, .txt and .xlsx".to_string()));
    }
    let rows = texts(opened.bytes, format).map_err(unopened)?;
    let name = file.split('.').next().unwrap_or(&file).to_string();
    Ok(vec![RawTable { name, file, rows, has_numbers: false }])
}

/// Whether a cell says nothing: it is empty, or a line that is drawn.
fn is_rule(cell: &str) -> bool {
    cell.is_empty() || (1 < cell.len() && cell.bytes().all(|byte| byte == b'-'))
}

/// The rows of a text file.
fn texts(
    bytes: Box<dyn std::io::Read + Send>,
    format: &Format,
) -> Result<Vec<(u64, Vec<String>)>, String> {
    let decoded = Utf8::new(bytes, format.encoding).map_err(|error| error.to_string())?;
    let mut file = BufReader::with_capacity(1 << 16, decoded);
    let seen = dialect::look_plainly(&mut file).map_err(|error| error.to_string())?;
    let delimiter = format.delimiter.unwrap_or(seen);
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
            Err(_) => Err(format!(
                "row {number}: text in UTF-8 is expected; say how it is written: --encoding windows-1252"
            )),
        });
        let cells: Vec<String> = cells.collect::<Result<_, _>>()?;
        if cells.iter().any(|cell| !is_rule(cell)) {
            rows.push((number, cells));
        }
    }
}
