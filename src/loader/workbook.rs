//! A sheet of a workbook: its first row that names all that the table must have is the header, else the first that is not empty.
//!
//! A cell is what people see in it as far as that is not a matter of taste: a date as a date, a whole number without a
//! point. A formula that gives an error is a fault of its cell.

use super::{
    guard::guarded,
    named::named_after,
    packed,
    reading::{OpenPart, Read as Done},
    rows::RowText,
    sink::RowSink,
};
use crate::{
    limits::{HEADER_ROWS, RECORD_BYTES_MAX, ROWS_MAX},
    snapshot::cells::Cells,
};
use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use std::{
    fs::File,
    io::{BufReader, Read as _, Seek as _},
    path::Path,
};

/// Rows handed over at once.
const BATCH_ROWS: usize = 16_384;

/// A workbook that is open.
type Book = Xlsx<BufReader<File>>;

fn open(mut file: File) -> Result<Book, String> {
    let mut start = Vec::new();
    let read = (&mut file).take(4).read_to_end(&mut start).and_then(|_| file.rewind());
    read.map_err(|error| error.to_string())?;
    match start.as_slice() {
        b"\xd0\xcf\x11\xe0" => {
            return Err(
                "it is an old workbook, or has a password; save it as .xlsx without one".into()
            );
        }
        b"PK\x03\x04" => {}
        _ => return Err("it is no workbook; if it is text, let its name end in .csv".into()),
    }
    packed::check(&file).map_err(|error| error.to_string())?;
    guarded(|| Xlsx::new(BufReader::new(file)))
}

/// The names of a workbook's sheets.
///
/// # Errors
/// It is no workbook, or damaged.
pub(super) fn sheets(path: &Path) -> Result<Vec<String>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    Ok(open(file)?.sheet_names())
}

/// All cells of a sheet as text, row by row, without empty rows; for what is no table.
///
/// # Errors
/// It is no workbook, or damaged, or has no such sheet.
pub(super) fn cells(path: &Path, sheet: &str) -> Result<Vec<(u64, Vec<String>)>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut book = open(file)?;
    let mut rows = Vec::new();
    walk(&mut book, sheet, &mut |number, cells| {
        let width = cells.last().map_or(0, |(column, _)| column + 1);
        let mut row = vec![String::new(); width];
        for (column, cell) in cells.drain(..) {
            row[column] = match cell {
                Cell::Text(text) => text,
                Cell::Error(_) => String::new(),
            };
        }
        rows.push((number, row));
        true
    })?;
    Ok(rows)
}

/// Reads a sheet into a sink, the first one where none is named.
pub(super) fn read(part: OpenPart<'_>, sheet: Option<&str>, sink: &mut dyn RowSink) -> Done {
    let OpenPart { name, file, rows_before, progress } = part;
    let bytes = file.metadata().map_or(0, |about| about.len());
    let mut table = Table {
        rows_before,
        above: Vec::new(),
        header: Vec::new(),
        header_row: 0,
        next: rows_before + 1,
        batch: RowText::with_room(0, 1),
        sink,
    };
    if let Err(error) = table.read(file, sheet) {
        table.flush();
        table.sink.give_up(None, format!("a workbook that can be read; {name} cannot ({error})"));
    }
    progress.advance(bytes);
    let mut told = Vec::new();
    if let (None, Some(sheet)) = (sheet, part_sheet(&table)) {
        told.push(sheet);
    }
    Done { rows: table.next - 1, first_row: table.header_row + 1, told }
}

/// Where the header stands, if not in the first row.
fn part_sheet(table: &Table<'_>) -> Option<String> {
    (1 < table.header_row).then(|| format!("header in row {}", table.header_row))
}

/// What is in a cell that is not empty.
enum Cell {
    Text(String),
    /// What a formula gives instead of a value.
    Error(String),
}

/// Takes a row by its number and its cells by column; false where nobody wants more.
type Give<'g> = dyn FnMut(u64, &mut Vec<(usize, Cell)>) -> bool + 'g;

/// Gives the rows of a sheet that have anything in them, each with its number, the first being 1, and its cells by
/// column; ends early where nobody wants more.
fn walk(book: &mut Book, sheet: &str, give: &mut Give<'_>) -> Result<(), String> {
    let mut cells = guarded(|| book.worksheet_cells_reader(sheet))?;
    let (mut row, mut bytes, mut under_way) = (0, 0, Vec::new());
    while let Some(cell) = guarded(|| cells.next_cell())? {
        let (at, column) = cell.get_position();
        if at != row {
            if !under_way.is_empty() && !give(u64::from(row) + 1, &mut under_way) {
                return Ok(());
            }
            under_way.clear();
            (row, bytes) = (at, 0);
        }
        let Some(found) = text(cell.get_value().clone().into()) else { continue };
        let (Cell::Text(text) | Cell::Error(text)) = &found;
        bytes += text.len();
        if RECORD_BYTES_MAX < bytes {
            return Err(format!("row {} has more than {RECORD_BYTES_MAX} bytes", row + 1));
        }
        under_way.push((column as usize, found));
    }
    if !under_way.is_empty() {
        give(u64::from(row) + 1, &mut under_way);
    }
    Ok(())
}

/// What a cell says; none where it is empty.
fn text(value: Data) -> Option<Cell> {
    let text = match value {
        Data::Empty => return None,
        Data::Error(error) => return Some(Cell::Error(error.to_string())),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(at) => date(at),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
    };
    (!text.trim().is_empty()).then_some(Cell::Text(text))
}

/// A date, a point in time, or a time of day.
fn date(at: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let time = match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    match (at.as_f64() < 1.0, (hour, minute, second) == (0, 0, 0)) {
        (true, _) => time,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02}T{time}"),
    }
}

/// A sheet under the reader's hands.
struct Table<'a> {
    rows_before: u64,
    /// Rows that were read before the header is found.
    above: Vec<(u64, Vec<(usize, Cell)>)>,
    header: Vec<String>,
    /// The row of the header, the sheet's first being 1; 0 until it is found.
    header_row: u64,
    /// The number of the row after the last one that was taken.
    next: u64,
    batch: RowText,
    sink: &'a mut dyn RowSink,
}

impl Table<'_> {
    fn read(&mut self, file: File, sheet: Option<&str>) -> Result<(), String> {
        let mut book = open(file)?;
        let names = book.sheet_names();
        // A cover may come before the sheet that has the table's name.
        let is_own = |name: &&String| {
            named_after(name).is_some_and(|schema| schema.name == self.sink.table())
        };
        let own = names.iter().find(is_own);
        let sheet = sheet.or(own.or(names.first()).map(String::as_str)).ok_or("it has no sheet")?;
        walk(&mut book, sheet, &mut |row, cells| self.take(row, cells))?;
        self.settle_without_header();
        if self.header_row == 0 {
            let expected = format!("a header with the names of the columns in sheet {sheet}");
            self.sink.give_up(None, expected);
        }
        self.flush();
        Ok(())
    }

    /// Takes a row; false where no further one is of any use.
    fn take(&mut self, row: u64, cells: &mut Vec<(usize, Cell)>) -> bool {
        if self.header_row == 0 {
            return self.look_for_header(row, cells);
        }
        let number = self.rows_before + (row - self.header_row);
        if ROWS_MAX as u64 <= number {
            self.sink.give_up(None, format!("a table of at most {ROWS_MAX} rows"));
            return false;
        }
        if self.next + self.batch.n_rows() as u64 != number || BATCH_ROWS <= self.batch.n_rows() {
            self.flush();
            self.next = number;
        }
        let mut fields = vec![""; self.header.len()];
        let mut errors = Vec::new();
        for (column, cell) in cells.iter() {
            let Some(field) = fields.get_mut(*column) else { continue };
            match cell {
                Cell::Text(text) => *field = text,
                Cell::Error(error) => errors.push((*column, error.clone())),
            }
        }
        if errors.is_empty() {
            self.batch.push_fields(fields.into_iter());
            return true;
        }
        self.flush();
        for (column, error) in errors {
            let expected = "a value; the formula of this cell gives an error";
            self.sink.cell_fault(number, &self.header[column], error, expected);
        }
        self.sink.lose_row(&mut fields.into_iter().filter(|field| !field.is_empty()));
        self.next = number + 1;
        true
    }

    /// Takes a row for the header if it is one: titles may stand above it.
    fn look_for_header(&mut self, row: u64, cells: &mut Vec<(usize, Cell)>) -> bool {
        let texts = cells.iter().filter_map(|(_, cell)| match cell {
            Cell::Text(text) => Some(text.trim()),
            Cell::Error(_) => None,
        });
        if self.sink.is_header(&texts.collect::<Vec<_>>()) {
            self.above.clear();
            return self.take_header(row, cells);
        }
        self.above.push((row, std::mem::take(cells)));
        self.above.len() < HEADER_ROWS || self.settle_without_header()
    }

    /// No row names what the table must have: the first is the header, and what it lacks is told.
    fn settle_without_header(&mut self) -> bool {
        let mut above = std::mem::take(&mut self.above).into_iter();
        let Some((row, mut cells)) = above.next() else { return true };
        self.take_header(row, &mut cells)
            && above.all(|(row, mut cells)| self.take(row, &mut cells))
    }

    fn take_header(&mut self, row: u64, cells: &mut Vec<(usize, Cell)>) -> bool {
        self.header_row = row;
        let width = cells.last().map_or(0, |(column, _)| column + 1);
        self.header = vec![String::new(); width];
        for (column, cell) in cells.drain(..) {
            if let Cell::Text(text) = cell {
                self.header[column] = text.trim().to_string();
            }
        }
        self.batch = RowText::with_room(0, width);
        let names: Vec<&str> = self.header.iter().map(String::as_str).collect();
        self.sink.open(&names).is_usable()
    }

    /// Hands over the rows that wait.
    fn flush(&mut self) {
        if 0 < self.batch.n_rows() {
            self.sink.rows(self.next, &self.batch);
            self.next += self.batch.n_rows() as u64;
            self.batch.clear();
        }
    }
}
