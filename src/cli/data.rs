//! Opens what a command works on: the snapshot, the order lines, with their faults said in full.

use super::{failure::Failure, output, progress, rejects::Rejects, similar};
use crate::{
    engine::{clock::Stopwatch, refresh::RowCounts},
    loader::{self, Formats, Progress, Reject},
    model::Index,
    promising::request::{OrderLine, Repeat},
    snapshot::{Names, Problems, Severity, Snapshot},
};
use std::{error::Error as _, io::Write, path::Path, time::Duration};

/// Faults of a snapshot that are shown by commands other than `validate`.
const FAULTS_SHOWN: usize = 10;

/// A snapshot that was opened, and how long that took.
pub(super) struct OpenedSnapshot {
    pub(super) snapshot: Snapshot,
    pub(super) rows: RowCounts,
    pub(super) took: Duration,
    /// How its files are written, and those of orders and changes given with it.
    pub(super) formats: Formats,
    /// Rows that were left out.
    pub(super) rejects: Vec<Reject>,
}

/// Order lines of a file, each with its row.
pub(super) struct OrderLines {
    pub(super) lines: Vec<OrderLine>,
    pub(super) rows: Vec<u64>,
    pub(super) file: String,
    /// Rows that were left out.
    pub(super) rejects: Vec<Reject>,
}

/// Opens a snapshot to work on it: errors end the command, warnings are counted.
pub(super) fn snapshot(path: &Path) -> Result<OpenedSnapshot, Failure> {
    snapshot_named(path, path, &progress::LoadingBar::new())
}

/// The same without the rows that have a fault, where the caller says so.
pub(super) fn snapshot_without(path: &Path, rejects: &Rejects) -> Result<OpenedSnapshot, Failure> {
    if !rejects.are_taken() {
        return snapshot(path);
    }
    let watch = Stopwatch::start();
    let read = loader::open_leaving_out(path, &progress::LoadingBar::new());
    opened(read.map_err(|error| unloadable(&error))?, path, &watch)
}

/// The same of a copy of it; people are told of the original, and `progress` of how far it is.
pub(super) fn snapshot_named(
    path: &Path,
    original: &Path,
    progress: &dyn Progress,
) -> Result<OpenedSnapshot, Failure> {
    let watch = Stopwatch::start();
    let read = loader::open_told(path, progress).map_err(|error| unloadable(&error))?;
    opened(read, original, &watch)
}

fn opened(
    read: loader::Opened,
    original: &Path,
    watch: &Stopwatch,
) -> Result<OpenedSnapshot, Failure> {
    let loader::Opened { loaded, formats, rejects, .. } = read;
    let name = original.display();
    let (errors, warnings) = (loaded.problems.errors(), loaded.problems.warnings());
    let Some(snapshot) = loaded.snapshot else {
        show_first(&loaded.problems)?;
        return Err(Failure::new(
            format!("the snapshot {name} has {}", output::count(errors, "error")),
            format!("promised validate {name} lists them all"),
        ));
    };
    if 0 < warnings {
        let note = output::count(warnings, "warning");
        let note = format!("note: {note}; promised validate {name} tells more");
        writeln!(std::io::stderr(), "{note}")?;
    }
    let rows = loaded.rows.into_iter().map(|(table, rows)| (table.to_string(), rows)).collect();
    Ok(OpenedSnapshot { snapshot, rows, took: watch.elapsed(), formats, rejects })
}

fn show_first(problems: &Problems) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    let errors = problems.listed().iter().filter(|problem| problem.severity == Severity::Error);
    for problem in errors.take(FAULTS_SHOWN) {
        writeln!(err, "{problem}")?;
    }
    Ok(())
}

/// Reads order lines, written as a snapshot says; every faulty row is shown, and none is promised if there is one.
pub(super) fn orders(path: &Path, formats: &Formats) -> Result<OrderLines, Failure> {
    orders_with(path, (None, formats), &Rejects::default())
}

/// The same, where lines mean something of an old promise, and where faulty rows may be left out.
pub(super) fn orders_with(
    path: &Path,
    (repeat, formats): (Option<Repeat>, &Formats),
    rejects: &Rejects,
) -> Result<OrderLines, Failure> {
    let read = match rejects.are_taken() {
        true => loader::orders_with_all_faults(path, repeat, formats),
        false => loader::orders_with(path, repeat, formats),
    };
    let read = read.map_err(|error| unloadable(&error))?;
    let loader::OrderFile { lines, rows, file, problems, .. } = read;
    let errors = problems.listed().iter().filter(|one| one.severity == Severity::Error);
    let of_rows: Option<Vec<Reject>> = errors.map(Reject::of).collect();
    let left_out = of_rows.filter(|_| rejects.are_taken());
    match left_out {
        Some(rejects) => Ok(OrderLines { lines, rows, file, rejects }),
        None => {
            refuse_faulty_orders(path, &problems)?;
            Ok(OrderLines { lines, rows, file, rejects: Vec::new() })
        }
    }
}

/// Shows all that is wrong with an orders file; an error in it ends the command.
pub(super) fn refuse_faulty_orders(path: &Path, problems: &Problems) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    for problem in problems.listed() {
        writeln!(err, "{problem}")?;
    }
    for (table, n) in problems.silenced() {
        writeln!(err, "{table}: {n} more")?;
    }
    match problems.errors() {
        0 => Ok(()),
        n => Err(Failure::new(
            format!("{} has {}; nothing was promised", path.display(), output::count(n, "fault")),
            "correct the rows named above and run it again",
        )),
    }
}

/// The index of a name, or a failure that says which names are close to it.
pub(super) fn find<I: Index>(names: &Names<I>, name: &str, table: &str) -> Result<I, Failure> {
    names.get(name).ok_or_else(|| {
        let known: Vec<_> = names.indices().map(|index| names.name(index)).collect();
        let elsewhere = format!("a key of the table {table}");
        let mend = similar::mend(name, &known, &elsewhere);
        Failure::new(format!("the table {table} has no {name:?}"), mend)
    })
}

/// The loader's errors say their mend after a semicolon; the causes below them come with the cause.
pub(super) fn unloadable(error: &loader::Error) -> Failure {
    let text = error.to_string();
    let (cause, mend) = text.rsplit_once("; ").unwrap_or((&text, "correct what is named above"));
    let mut cause = cause.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        cause.push_str(&format!(": {error}"));
        below = error.source();
    }
    Failure::new(cause, mend)
}
