//! Files become a snapshot: a directory of tables (contract 1) and files of order lines (contract 2).
//!
//! All file formats end here. Whatever a cell was in its file, text, decimal or timestamp, behind this
//! module it has a text in the file's column order, and one parser (`snapshot::row`) reads it; so a table
//! means the same in every format. A number or a date may be asked for as such, where that is the same. The loader knows no table by name but `orders`, and checks no
//! reference and no range: that is the builder's work.
//!
//! Invariant: a fault inside a table is a `Problem` with its place and never ends the load; only what
//! leaves nothing to read (no directory, no manifest) is an [`Error`]. Start at [`open`].

mod changes;
mod csv_file;
mod directory;
mod error;
mod guard;
mod manifest;
mod orders;
mod parquet_file;
mod progress;
mod records;
mod sink;
mod source;

pub use changes::{Changes, changes, problem as change_problem};
pub use error::Error;
pub use manifest::{Fault, Faults, id};
pub use orders::{Orders, orders, orders_with};
pub use progress::{Progress, Silent};

use crate::snapshot::{Builder, Loaded, Problem, schema::TABLES};
use directory::Directory;
use manifest::Description;
use sink::TableSink;
use std::path::Path;

/// Whether a file is a table by its name, be it one that cannot be read.
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
    Ok(problems.map(|(problem, _)| problem).collect())
}

/// Loads the snapshot in a directory: its manifest, then every table.
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
    let directory = Directory::list(path)?;
    let Description { manifest, renames, pegged_only, warnings } = manifest::read(path)?;
    let mut builder = Builder::new(manifest);
    if pegged_only {
        builder.set_pegged_only();
    }
    for problem in warnings.into_iter().chain(directory.strangers()) {
        builder.problem(problem);
    }
    for schema in TABLES {
        for (problem, schema) in directory.unreadable(schema) {
            builder.problem(problem);
            builder.lose_rest(schema);
        }
        let files = directory.files(schema);
        if !files.is_empty() {
            let sink = &mut TableSink::new(&mut builder, schema, renames.get(schema.name));
            source::read_all(files, sink, progress);
        } else if schema.required && !directory.has(schema) {
            builder.miss(schema);
        }
    }
    let loaded = builder.finish();
    progress.done();
    Ok(loaded)
}
