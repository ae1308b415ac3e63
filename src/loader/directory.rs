//! Which file of a directory holds which table.
//!
//! A table `NAME` is in `NAME.csv`, `NAME.parquet`, or any number of `NAME.PART.csv` and
//! `NAME.PART.parquet`, which are read in the order of their names. What has the name of a table and cannot be
//! read as one is an error: a table that seems to be empty would be a quiet disaster.

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

/// Endings of files that are no data, whatever table they are named after.
const NO_DATA: &[&str] = &[
    "bak", "crc", "log", "md", "md5", "old", "orig", "part", "sha256", "sql", "swp", "tmp", "yaml",
    "yml",
];

/// The files of a snapshot's directory.
pub(super) struct Directory {
    tables: BTreeMap<&'static str, Vec<PathBuf>>,
    /// Files with the name of a table that cannot be read, with what was expected.
    unreadable: BTreeMap<&'static str, Vec<(String, &'static str)>>,
    strangers: Vec<String>,
}

/// What a file is, by its name.
enum Role {
    Part(&'static Schema),
    Unreadable(&'static Schema, &'static str),
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
        let mut directory =
            Self { tables: BTreeMap::new(), unreadable: BTreeMap::new(), strangers: Vec::new() };
        for (name, kind) in names {
            match role(&name, kind) {
                Role::Part(schema) => {
                    directory.tables.entry(schema.name).or_default().push(path.join(name));
                }
                Role::Unreadable(schema, expected) => {
                    let of_table = directory.unreadable.entry(schema.name).or_default();
                    of_table.push((name, expected));
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

    /// Whether there is anything that has the table's name.
    pub(super) fn has(&self, schema: &Schema) -> bool {
        self.tables.contains_key(schema.name) || self.unreadable.contains_key(schema.name)
    }

    /// An error for each file that has a table's name and cannot be read.
    pub(super) fn unreadable(
        &self,
        schema: &'static Schema,
    ) -> impl Iterator<Item = (Problem, &'static Schema)> {
        let files = self.unreadable.get(schema.name).into_iter().flatten();
        files.map(move |(name, expected)| {
            let problem = Problem {
                severity: Severity::Error,
                table: schema.name.to_string(),
                row: None,
                column: None,
                value: name.clone(),
                expected: (*expected).to_string(),
            };
            (problem, schema)
        })
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

/// Whether a name is that of a file or of a directory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
}

/// All names, sorted.
fn names(path: &Path) -> io::Result<Vec<(String, Kind)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        // A link that leads nowhere stays in the list, so that reading it gives a fault.
        let kind = if entry.path().is_dir() { Kind::Directory } else { Kind::File };
        names.push((entry.file_name().to_string_lossy().into_owned(), kind));
    }
    names.sort_unstable_by(|(one, _), (next, _)| one.cmp(next));
    Ok(names)
}

fn role(name: &str, kind: Kind) -> Role {
    let (stem, endings) = name.split_once('.').unwrap_or((name, ""));
    let is_table = kind == Kind::File && Format::of(Path::new(name)).is_some();
    if let Some(schema) = named_after(stem)
        && !(is_table && schema.name == stem)
        && !is_no_data(endings, kind)
    {
        return Role::Unreadable(schema, mend(endings, kind, schema.name == stem));
    }
    match schema::table(stem) {
        Some(schema) if is_table => Role::Part(schema),
        _ if kind == Kind::Directory => Role::Companion,
        _ if name == manifest::FILE_NAME || name.starts_with('.') => Role::Companion,
        _ if is_table && stem == orders::TABLE.name => Role::Companion,
        _ if COMPANIONS.iter().any(|companion| name.starts_with(companion)) => Role::Companion,
        _ => Role::Stranger,
    }
}

/// Whether a file is a table by its name, be it one that cannot be read.
pub(super) fn names_table(name: &str) -> bool {
    matches!(role(name, Kind::File), Role::Part(_) | Role::Unreadable(..))
}

/// The table that a stem means: its name, in any case, with blanks or dashes in it or without.
fn named_after(stem: &str) -> Option<&'static Schema> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !matches!(c, '_' | '-' | ' '))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let stem = plain(stem);
    schema::TABLES.iter().find(|schema| plain(schema.name) == stem)
}

/// Whether a name after a table's is that of a file that holds no rows.
fn is_no_data(endings: &str, kind: Kind) -> bool {
    let last = endings.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    // A plain directory may hold anything; one that ends as a table does was meant to be one.
    (kind == Kind::Directory && endings.is_empty())
        || last.ends_with('~')
        || NO_DATA.contains(&last.as_str())
}

/// What to do with a file that cannot be read as a table.
fn mend(endings: &str, kind: Kind, is_exact: bool) -> &'static str {
    let last = endings.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    match last.as_str() {
        _ if kind == Kind::Directory => {
            "a file; name the parts of a table as files beside the others, such as on_hand.1.parquet"
        }
        "gz" | "zip" | "zst" | "bz2" | "xz" | "7z" => "a file that is not packed; unpack it",
        "xlsx" | "xls" | "xlsm" | "ods" => "a .csv file; save the sheet as CSV (UTF-8)",
        "csv" | "parquet" if !is_exact => "the table's own name, in small letters; rename the file",
        "csv" | "parquet" => "an ending in small letters; rename the file",
        _ => "a .csv or .parquet file; save it as one of them",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: &str) {
        let kind = if name.ends_with('/') { Kind::Directory } else { Kind::File };
        let got = match role(name.trim_end_matches('/'), kind) {
            Role::Part(schema) => format!("part of {}", schema.name),
            Role::Unreadable(schema, _) => format!("unreadable {}", schema.name),
            Role::Companion => "companion".to_string(),
            Role::Stranger => "stranger".to_string(),
        };
        assert_eq!(got, want, "{name}");
    }

    #[test]
    fn what_has_the_name_of_a_table_is_one_or_an_error() {
        check("on_hand.csv", "part of on_hand");
        check("on_hand.7.parquet", "part of on_hand");
        for name in [
            "on_hand.csv.gz",
            "on_hand.xlsx",
            "on_hand.CSV",
            "ON_HAND.csv",
            "On Hand.csv",
            "on-hand.csv",
            "onhand.parquet",
            "on_hand",
            "on_hand.tsv",
            "on_hand.parquet/",
            "on_hand.1.csv.zip",
        ] {
            check(name, "unreadable on_hand");
        }
        for name in
            ["on_hand.csv.bak", "on_hand.csv~", "on_hand.md", "stock.csv", "on_hand_old.csv"]
        {
            check(name, "stranger");
        }
        for name in
            ["manifest.json", "orders.csv", "README.md", "on_hand/", "old/", ".on_hand.csv.swp"]
        {
            check(name, "companion");
        }
    }
}
