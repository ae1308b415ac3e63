//! Files: tables in all their formats, manifests, orders, changes, workbooks, zip files.

use promised::loader::{self, Silent};
use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A file of Parquet or a workbook is read within so many bytes, however much it says that it has.
const FILE_BYTES_MAX: usize = 1 << 20;

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|dir| dir.join("snapshots/tiny"))
        .find(|dir| dir.is_dir())
        .unwrap()
}

/// Where files are written; in memory, where the system has such a place.
fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// The tiny snapshot; a table of it is written anew each time and put back afterwards.
struct Snapshot {
    dir: TempDir,
}

impl Snapshot {
    fn new() -> Self {
        let dir = place();
        for entry in fs::read_dir(tiny()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
        Self { dir }
    }

    /// Loads it with one file of these bytes instead of another one.
    fn with(&self, instead_of: &str, name: &str, bytes: &[u8]) {
        let (old, new) = (self.dir.path().join(instead_of), self.dir.path().join(name));
        let kept = fs::read(&old).ok();
        drop(fs::remove_file(&old));
        fs::write(&new, bytes).unwrap();
        load(self.dir.path());
        fs::remove_file(&new).unwrap();
        if let Some(kept) = kept {
            fs::write(old, kept).unwrap();
        }
    }
}

thread_local! {
    static SNAPSHOT: RefCell<Snapshot> = RefCell::new(Snapshot::new());
    static ALONE: TempDir = place();
}

/// Whatever can be loaded can be told of, and what has no error is a snapshot.
fn load(path: &Path) {
    match loader::open_told(path, &Silent) {
        Ok(opened) => {
            let problems = &opened.loaded.problems;
            assert_eq!(opened.loaded.snapshot.is_some(), problems.errors() == 0);
            problems.listed().iter().for_each(|problem| drop(problem.to_string()));
        }
        Err(error) => drop(error.to_string()),
    }
}

/// The tables, by a byte.
pub(crate) const TABLES: [&str; 15] = [
    "customers",
    "demands",
    "item_suppliers",
    "items",
    "locations",
    "on_hand",
    "resources",
    "shipping_lanes",
    "suppliers",
    "supplies",
    "work_definition_components",
    "work_definition_operations",
    "work_definitions",
    "zones",
    "",
];

/// The first byte says which table, and whether that is one that the tiny snapshot has; the rest is its file.
pub fn tables(bytes: &[u8]) {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let all = promised::snapshot::schema::TABLES;
    let name = match TABLES[usize::from(*which) % TABLES.len()] {
        "" => all[usize::from(*which) % all.len()].name,
        name => name,
    };
    let file = format!("{name}.csv");
    SNAPSHOT.with_borrow(|snapshot| snapshot.with(&file, &file, bytes));
}

pub fn manifest(bytes: &[u8]) {
    SNAPSHOT.with_borrow(|snapshot| snapshot.with("manifest.json", "manifest.json", bytes));
}

/// A file of its own, by name.
fn alone(name: &str, bytes: &[u8], read: impl Fn(&Path)) {
    ALONE.with(|dir| {
        let file = dir.path().join(name);
        fs::write(&file, bytes).unwrap();
        read(&file);
    });
}

pub fn orders(bytes: &[u8]) {
    alone("orders.csv", bytes, |file| {
        if let Ok(orders) = loader::orders(file) {
            orders.problems.listed().iter().for_each(|problem| drop(problem.to_string()));
        }
    });
}

pub fn changes(bytes: &[u8]) {
    alone("changes.csv", bytes, |file| {
        if let Ok(changes) = loader::changes(file) {
            assert_eq!(changes.changes.len(), changes.rows.len());
        }
    });
}

/// A table in Parquet. `-malloc_limit_mb` and `-rss_limit_mb` hold it to the memory that it may take.
pub fn parquet(bytes: &[u8]) {
    if bytes.len() <= FILE_BYTES_MAX {
        SNAPSHOT.with_borrow(|snapshot| snapshot.with("items.csv", "items.parquet", bytes));
    }
}

pub fn workbook(bytes: &[u8]) {
    if bytes.len() <= FILE_BYTES_MAX {
        SNAPSHOT.with_borrow(|snapshot| snapshot.with("items.csv", "items.xlsx", bytes));
    }
}

/// A snapshot in one zip file, and a table in one.
pub fn packed(bytes: &[u8]) {
    if FILE_BYTES_MAX < bytes.len() {
        return;
    }
    alone("snapshot.zip", bytes, load);
    SNAPSHOT.with_borrow(|snapshot| {
        snapshot.with("items.csv", "items.csv.zip", bytes);
        snapshot.with("items.csv", "items.csv.gz", bytes);
    });
}
