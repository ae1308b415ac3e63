//! Files become a snapshot: a directory of tables (contract 1) and files of order lines (contract 2).
//!
//! All file formats end here. Whatever a cell was in its file, text, decimal or timestamp, behind this
//! module it has a text in the file's column order, and one parser (`snapshot::row`) reads it; so a table
//! means the same in every format. A number or a date may be asked for as such, where that is the same. The loader knows no table by name but `orders`, and checks no
//! reference and no range: that is the builder's work.
//!
//! Invariant: a fault inside a table is a `Problem` with its place and never ends the load; only what
//! leaves nothing to read (no directory, no manifest) is an [`Error`]. Start at [`open`].

mod encoding;
mod format;
mod guard;
mod hint;
mod piece;
mod place;
mod progress;
mod records;
mod rejects;
mod rows;
mod sink;
mod dialect;
mod manifest_fault;
mod error;
mod given;
mod named;
mod reading;
mod csv_file;
mod packed;
mod parquet_file;
mod translate;
mod workbook;
mod source;
mod orders;
mod manifest;
mod changes;
mod directory;
mod clean;
mod whole;
mod raw;

pub use changes::{Changes, changes, changes_with};
pub use clean::copy;
pub use error::Error;
pub use format::{Foreign, Format, Formats};
pub use manifest::id;
pub use manifest_fault::{ManifestFault, ManifestFaults};
pub use orders::{OrderFile, order_columns, orders, orders_with, orders_with_all_faults};
pub use progress::{Progress, Silent};
pub use raw::{Raw, RawTable, raw};
pub use rejects::{LeftOut, Reject, write as write_rejects};
pub use whole::Whole;

use crate::snapshot::{Builder, Loaded, Problem, Severity, schema::TABLES};
use directory::Directory;
use manifest::Description;
use place::Spans;
use reading::TableFiles;
use sink::TableSink;
use std::path::Path;

/// Whether a file is a table by its name, or may hold some, be it one that cannot be read.
pub fn names_table(name: &str) -> bool {
    directory::names_table(name)
}

/// Files of a directory that have the name of a table and cannot be read as one.
///
/// # Errors
/// There is no such directory.
pub fn unreadable(path: &Path) -> Result<Vec<Problem>, Error> {
    let directory = Directory::list(path)?;
    let problems = TABLES.iter().flat_map(|schema| directory.unreadable(schema));
    Ok(problems.map(|(problem, _)| problem).chain(directory.closed()).collect())
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TakenFor {
    /// The table.
    pub table: &'static str,
    /// The file, or the sheet of one.
    pub file: String,
    /// Rows of it, empty ones among them.
    pub rows: u64,
    /// How it is written, where that is not plain; which columns have other names.
    pub taken_for: Vec<String>,
}

/// A snapshot as it was read.
#[derive(Debug)]
pub struct Opened {
    /// What came of it.
    pub loaded: Loaded,
    /// What was taken for what, file by file.
    pub taken: Vec<TakenFor>,
    /// How its files are written, and files of orders and changes given with it.
    pub formats: Formats,
    /// Rows that were refused, fault by fault.
    pub rejects: Vec<Reject>,
    /// The same rows, to be left out again.
    pub left_out: LeftOut,
}

/// Loads the snapshot in a directory, a zip file or a workbook: its manifest, then every table.
///
/// All faults of all tables are in the answer, as many as there are; a fault of the manifest ends the
/// load, because nothing can be said about dates without it.
///
/// # Errors
/// There is no such directory, or no manifest that can be used.
///
/// ```
/// use promised::loader::{self, Silent};
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &Silent)?;
/// assert_eq!(loaded.problems.errors(), 0);
/// assert_eq!(loaded.rows["items"], 4);
/// let snapshot = loaded.snapshot.expect("there was no error");
/// assert_eq!(snapshot.currency(), "EUR");
/// # Ok::<(), promised::loader::Error>(())
/// ```
pub fn open(path: &Path, progress: &dyn Progress) -> Result<Loaded, Error> {
    Ok(open_told(path, progress)?.loaded)
}

/// The same, with what was taken for what.
///
/// # Errors
/// As for [`open`].
pub fn open_told(path: &Path, progress: &dyn Progress) -> Result<Opened, Error> {
    let whole = Whole::of(path)?;
    let opened = open_once(whole.path(), progress, &LeftOut::default(), false)?;
    progress.done();
    Ok(opened.0)
}

/// The same without the rows that have a fault, and those that refer to them. Where no single row is to blame, the faults
/// stay.
///
/// # Errors
/// As for [`open`].
pub fn open_leaving_out(path: &Path, progress: &dyn Progress) -> Result<Opened, Error> {
    let whole = Whole::of(path)?;
    let (mut left_out, mut rejects) = (LeftOut::default(), Vec::new());
    let mut n_passes = 0;
    loop {
        let (mut opened, numbers) = open_once(whole.path(), progress, &left_out, true)?;
        n_passes += 1;
        let of_rows = opened.loaded.problems.listed().iter().map(Reject::of);
        let errors = opened.loaded.problems.listed().iter().zip(of_rows);
        let errors = errors.filter(|(problem, _)| problem.severity == Severity::Error);
        let found: Option<Vec<Reject>> = errors.map(|(_, reject)| reject).collect();
        let is_done = opened.loaded.problems.errors() == 0 || n_passes == rejects::PASSES_MAX;
        let Some(found) = found.filter(|_| !is_done) else {
            progress.done();
            (opened.rejects, opened.left_out) = (rejects, left_out);
            return Ok(opened);
        };
        let n_before = left_out.len();
        for (table, row) in numbers {
            left_out.0.entry(table).or_default().insert(row);
        }
        rejects.extend(found);
        if left_out.len() == n_before {
            // The same rows again: they are not to blame.
            progress.done();
            return Ok(opened);
        }
    }
}

/// Rows with a fault, by table and by their number in it.
type Numbers = Vec<(String, u64)>;

fn open_once(
    path: &Path,
    progress: &dyn Progress,
    left_out: &LeftOut,
    lists_all: bool,
) -> Result<(Opened, Numbers), Error> {
    let directory = Directory::list(path)?;
    let Description { manifest, formats, pegged_only, warnings } = manifest::read(path)?;
    let mut builder = Builder::new(manifest);
    if pegged_only {
        builder.set_pegged_only();
    }
    if lists_all {
        builder.list_all();
    }
    for problem in warnings.into_iter().chain(directory.strangers()).chain(directory.closed()) {
        builder.problem(problem);
    }
    let mut spans = Spans::new();
    for schema in TABLES {
        for (problem, schema) in directory.unreadable(schema) {
            builder.problem(problem);
            builder.lose_rest(schema);
        }
        let pieces = directory.pieces(schema);
        if !pieces.is_empty() {
            let source = TableFiles {
                pieces,
                format: &formats.of(schema.name),
                renames: formats.renames.get(schema.name),
                left_out: left_out.0.get(schema.name),
                progress,
            };
            let sink = &mut TableSink::new(&mut builder, schema);
            spans.insert(schema.name, source::read_all(&source, sink));
        } else if schema.required && !directory.has(schema) {
            builder.miss(schema);
        } else if directory.closed().next().is_some() {
            builder.lose_rest(schema);
        }
    }
    let mut loaded = builder.finish();
    let errors = loaded.problems.listed().iter();
    let errors = errors.filter(|problem| problem.severity == Severity::Error);
    let numbers =
        errors.filter_map(|problem| Some((problem.table.clone(), problem.row?))).collect();
    place::tell(&mut loaded.problems, &spans);
    hint::add(&mut loaded.problems);
    let (rejects, left_out) = (Vec::new(), LeftOut::default());
    let opened = Opened { loaded, taken: taken(spans), formats, rejects, left_out };
    Ok((opened, numbers))
}

fn taken(spans: Spans) -> Vec<TakenFor> {
    let of_table = |(table, spans): (&'static str, Vec<place::Span>)| {
        spans.into_iter().map(move |span| {
            let (file, rows) = (span.file, span.rows);
            TakenFor { table, file, rows, taken_for: span.told }
        })
    };
    spans.into_iter().flat_map(of_table).collect()
}
