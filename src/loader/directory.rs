//! Which file of a directory holds which table.
//!
//! A table `NAME` is in `NAME.csv`, `NAME.parquet`, `NAME.xlsx` (its first sheet), or any number of `NAME.PART.csv` and the
//! like, packed (`.gz`, `.zip`) or not, which are read in the order of their names; or in a sheet of that name of any other
//! workbook. Names count in any case, with blanks or dashes for underscores or without. What has the name of a table and cannot be read as one is an error, and so are two
//! files that are one table: a table that seems to be empty, or half of one, would be a quiet disaster.

use super::{
    Error, manifest,
    named::{almost_named_after, named_after},
    orders,
    piece::{Name, Packing, Piece, Shape},
    workbook,
};
use crate::snapshot::{
    problem::{Problem, Severity},
    schema::Schema,
};
use std::{collections::BTreeMap, fs, io, path::Path};

/// Files that belong to a snapshot and hold none of its tables; they may have any ending.
const COMPANIONS: &[&str] = &["README", "LICENSE", "LICENCE", "NOTICE"];

/// Endings of files that are no data, whatever table they are named after.
const NO_DATA: &[&str] = &[
    "bak", "crc", "log", "md", "md5", "old", "orig", "part", "sha256", "sql", "swp", "tmp", "yaml",
    "yml",
];

/// The files of a snapshot's directory.
#[derive(Default)]
pub(super) struct Directory {
    tables: BTreeMap<&'static str, Vec<Piece>>,
    /// Of each table and part the file that holds it.
    parts: BTreeMap<(&'static str, String), String>,
    /// Files with the name of a table that cannot be read, with what was expected.
    unreadable: BTreeMap<&'static str, Vec<(String, String)>>,
    /// Workbooks that cannot be opened, and why.
    closed: Vec<(String, String)>,
    /// Files and sheets that are none of ours.
    strangers: Vec<String>,
}

/// What a file is, by its name.
enum Role {
    Part(&'static Schema, Name),
    /// A workbook whose sheets are named after tables.
    Workbook,
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
        let mut directory = Self::default();
        for (name, kind) in names {
            let path = path.join(&name);
            match role(&name, kind) {
                Role::Part(schema, Name { part, shape, packing, .. }) => {
                    let piece = Piece { path, shape, packing, sheet: None, called: None };
                    directory.add(schema, part, piece);
                }
                Role::Workbook => directory.add_workbook(&path, &name),
                Role::Unreadable(schema, expected) => directory.refuse(schema, name, expected),
                Role::Companion => {}
                Role::Stranger => directory.strangers.push(name),
            }
        }
        Ok(directory)
    }

    /// Adds a file, or a sheet, of a table, unless another one holds it.
    fn add(&mut self, schema: &'static Schema, part: String, piece: Piece) {
        let name = piece.name();
        if let Some(other) = self.parts.get(&(schema.name, part.clone())) {
            let expected = format!("one file of a table; {other} holds it too: remove one of them");
            return self.refuse(schema, name, &expected);
        }
        self.parts.insert((schema.name, part), name);
        self.tables.entry(schema.name).or_default().push(piece);
    }

    /// Adds the sheets of a workbook that are named after tables.
    fn add_workbook(&mut self, path: &Path, name: &str) {
        let sheets = match workbook::sheets(path) {
            Ok(sheets) => sheets,
            Err(error) => return self.closed.push((name.to_string(), error)),
        };
        for sheet in sheets {
            let called = sheet.trim().to_ascii_lowercase();
            match (named_after(&called), almost_named_after(&called)) {
                (Some(schema), _) => {
                    let (shape, packing) = (Shape::Workbook, Packing::Plain);
                    let (path, sheet) = (path.to_path_buf(), Some(sheet));
                    let piece = Piece { path, shape, packing, sheet, called: None };
                    self.add(schema, String::new(), piece);
                }
                (None, Some(schema)) => {
                    self.refuse(schema, format!("{name}, sheet {sheet}"), SINGULAR);
                }
                (None, None) if called == orders::TABLE.name || called == "manifest" => {}
                (None, None) => self.strangers.push(format!("{name}, sheet {sheet}")),
            }
        }
    }

    fn refuse(&mut self, schema: &'static Schema, name: String, expected: &str) {
        let of_table = self.unreadable.entry(schema.name).or_default();
        of_table.push((name, expected.to_string()));
    }

    /// The files of a table, in reading order.
    pub(super) fn pieces(&self, schema: &Schema) -> &[Piece] {
        self.tables.get(schema.name).map_or(&[], Vec::as_slice)
    }

    /// Whether there is anything that has the table's name.
    pub(super) fn has(&self, schema: &Schema) -> bool {
        // A workbook that cannot be opened may hold any of them.
        let is_named =
            self.tables.contains_key(schema.name) || self.unreadable.contains_key(schema.name);
        is_named || !self.closed.is_empty()
    }

    /// An error for each file that has a table's name and cannot be read.
    pub(super) fn unreadable(
        &self,
        schema: &'static Schema,
    ) -> impl Iterator<Item = (Problem, &'static Schema)> {
        let files = self.unreadable.get(schema.name).into_iter().flatten();
        files.map(move |(name, expected)| {
            (of_file(Severity::Error, (schema.name, name), expected), schema)
        })
    }

    /// An error for each workbook that cannot be opened: any table may be in it.
    pub(super) fn closed(&self) -> impl Iterator<Item = Problem> {
        self.closed.iter().map(|(name, error)| {
            let expected = format!("a workbook that can be read ({error}); save it again as .xlsx");
            of_file(Severity::Error, (name, ""), &expected)
        })
    }

    /// A warning for each file that is none of ours.
    pub(super) fn strangers(&self) -> impl Iterator<Item = Problem> {
        let expected = "a file named after a table, such as items.csv; it is not read";
        self.strangers.iter().map(|name| of_file(Severity::Warning, (name, ""), expected))
    }
}

/// What is to be said of a file as a whole.
fn of_file(severity: Severity, (table, value): (&str, &str), expected: &str) -> Problem {
    Problem {
        severity,
        table: table.to_string(),
        row: None,
        file: None,
        column: None,
        value: value.to_string(),
        expected: expected.to_string(),
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
    // A spreadsheet that is open leaves such a file beside the one that it has open.
    if name.starts_with("~$") {
        return Role::Companion;
    }
    let stem = name.split('.').next().unwrap_or(name);
    let endings = name[stem.len()..].trim_start_matches('.');
    let taken = Name::of(name).filter(|_| kind == Kind::File);
    let schema = named_after(stem);
    if let (Some(schema), Some(taken)) = (schema, taken) {
        return Role::Part(schema, taken);
    }
    if let Some(schema) = schema.filter(|_| !is_no_data(endings, kind)) {
        return Role::Unreadable(schema, mend(endings, kind));
    }
    let taken = Name::of(name).filter(|_| kind == Kind::File);
    if let (Some(_), Some(schema)) = (&taken, almost_named_after(stem)) {
        return Role::Unreadable(schema, SINGULAR);
    }
    match taken {
        _ if kind == Kind::Directory => Role::Companion,
        _ if name == manifest::FILE_NAME || name.starts_with('.') => Role::Companion,
        Some(taken) if taken.stem == orders::TABLE.name => Role::Companion,
        Some(Name { shape: Shape::Workbook, packing: Packing::Plain, .. }) => Role::Workbook,
        _ if COMPANIONS.iter().any(|companion| name.starts_with(companion)) => Role::Companion,
        _ => Role::Stranger,
    }
}

/// Whether a file is a table by its name, or may hold some, be it one that cannot be read.
pub(super) fn names_table(name: &str) -> bool {
    matches!(role(name, Kind::File), Role::Part(..) | Role::Workbook | Role::Unreadable(..))
}

/// Whether a file holds tables in its sheets, by its name.
pub(super) fn names_workbook(name: &str) -> bool {
    matches!(role(name, Kind::File), Role::Workbook)
}

/// What to do with what is almost called as a table.
const SINGULAR: &str = "the table's own name, such as supplies; rename it";

/// Whether a name after a table's is that of a file that holds no rows.
fn is_no_data(endings: &str, kind: Kind) -> bool {
    let last = endings.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    // A plain directory may hold anything; one that ends as a table does was meant to be one.
    (kind == Kind::Directory && endings.is_empty())
        || last.ends_with('~')
        || NO_DATA.contains(&last.as_str())
}

/// What to do with a file that cannot be read as a table.
fn mend(endings: &str, kind: Kind) -> &'static str {
    let last = endings.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    match last.as_str() {
        _ if kind == Kind::Directory => {
            "a file; name the parts of a table as files beside the others, such as on_hand.1.parquet"
        }
        "gz" => "what is packed in its name, such as on_hand.csv.gz; rename the file",
        "zst" | "bz2" | "xz" | "7z" => "a file that is not packed, or by gzip or zip; unpack it",
        "xls" | "ods" => "a workbook as .xlsx, or a .csv file; save it as one of them",
        _ => "a .csv, .xlsx or .parquet file; save it as one of them",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: &str) {
        let kind = if name.ends_with('/') { Kind::Directory } else { Kind::File };
        let got = match role(name.trim_end_matches('/'), kind) {
            Role::Part(schema, _) => format!("part of {}", schema.name),
            Role::Workbook => "workbook".to_string(),
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
            "on_hand.1.csv.zip",
            "on_hand.zip",
            "on_hand.xlsx",
            "on_hand.CSV",
            "ON_HAND.csv",
            "On Hand.csv",
            "on-hand.txt",
            "onhand.parquet",
            "on_hand.tsv",
        ] {
            check(name, "part of on_hand");
        }
        check("stock.xlsx", "workbook");
        for name in ["on_hand", "on_hand.parquet/", "on_hand.xls", "on_hand.csv.7z"] {
            check(name, "unreadable on_hand");
        }
        check("supply.csv", "unreadable supplies");
        check("Work Definition.xlsx", "unreadable work_definitions");
        check("Supply.md", "stranger");
        for name in
            ["on_hand.csv.bak", "on_hand.csv~", "on_hand.md", "stock.csv", "on_hand_old.csv"]
        {
            check(name, "stranger");
        }
        for name in [
            "manifest.json",
            "orders.csv",
            "Orders.xlsx",
            "~$stock.xlsx",
            "README.md",
            "on_hand/",
            "old/",
            ".on_hand.csv.swp",
        ] {
            check(name, "companion");
        }
    }
}
