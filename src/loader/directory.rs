//! Which file of a directory holds which table.
//!
//! A table `NAME` is in `NAME.csv`, `NAME.parquet`, or any number of `NAME.PART.csv` and
//! `NAME.PART.parquet`, which are read in the order of their names.

use super::{Error, manifest, orders, source::Format};
use crate::snapshot::{
    problem::{Problem, Severity},
    schema::{self, Schema},
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Files that belong to a snapshot and hold none of its tables; they may have any ending.
const COMPANIONS: &[&str] = &["README", "LICENSE", "LICENCE", "NOTICE"];

/// The files of a snapshot's directory.
pub(super) struct Directory {
    tables: BTreeMap<&'static str, Vec<PathBuf>>,
    strangers: Vec<String>,
}

/// What a file is, by its name.
enum Role {
    Part(&'static Schema),
    Companion,
    Stranger,
}

impl Directory {
    /// Looks at the names of all files.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub(super) fn list(path: &Path) -> Result<Self, Error> {
        let names =
            names(path).map_err(|source| Error::Directory { path: path.to_path_buf(), source })?;
        let mut directory = Self { tables: BTreeMap::new(), strangers: Vec::new() };
        for name in names {
            match role(&name) {
                Role::Part(schema) => {
                    directory.tables.entry(schema.name).or_default().push(path.join(name));
                }
                Role::Companion => {}
                Role::Stranger => directory.strangers.push(name),
            }
        }
        Ok(directory)
    }

    /// The files of a table, in reading order.
    pub(super) fn files(&self, schema: &Schema) -> &[PathBuf] {
        self.tables.get(schema.name).map_or(&[], Vec::as_slice)
    }

    /// A warning for each file that is none of ours.
    pub(super) fn strangers(&self) -> impl Iterator<Item = Problem> {
        self.strangers.iter().map(|name| Problem {
            severity: Severity::Warning,
            table: name.clone(),
            row: None,
            column: None,
            value: String::new(),
            expected: "a file named after a table, such as items.csv; it is not read".to_string(),
        })
    }
}

/// The names of all files but sub-directories, sorted.
fn names(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        // A link that leads nowhere stays in the list, so that reading it gives a fault.
        if !entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn role(name: &str) -> Role {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let is_table = Format::of(Path::new(name)).is_some();
    match schema::table(stem) {
        Some(schema) if is_table => Role::Part(schema),
        _ if name == manifest::FILE_NAME || name.starts_with('.') => Role::Companion,
        _ if is_table && stem == orders::TABLE.name => Role::Companion,
        _ if COMPANIONS.iter().any(|companion| name.starts_with(companion)) => Role::Companion,
        _ => Role::Stranger,
    }
}
