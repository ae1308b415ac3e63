//! Issue 26 item 1: files as people have them.

mod book;
mod exported;
mod pushed;
mod rejects;
mod ugly;
pub(crate) mod written;

pub(crate) use book::workbook;
pub(crate) use written::zip;

use promised::loader::{self, Silent};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Items and places that the files of a test may name.
pub(crate) const BASE: [(&str, &str); 2] =
    [("items.csv", "item\nPUMP\nVALVE\n4711\n"), ("locations.csv", "location\nBER\nHAM\n")];

/// A directory of files beside those two tables; an empty manifest is a plain one.
pub(crate) fn directory(manifest: &str, files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let rest = if manifest.is_empty() { String::new() } else { format!(", {manifest}") };
    let manifest =
        format!(r#"{{"snapshot_id": "s", "as_of": "2026-11-23", "horizon_days": 30{rest}}}"#);
    fs::write(dir.path().join("manifest.json"), manifest).unwrap();
    let is_given = |name: &str| {
        files.iter().any(|(given, _)| given.split('.').next() == name.split('.').next())
    };
    for (name, text) in BASE.iter().filter(|(name, _)| !is_given(name)) {
        fs::write(dir.path().join(name), text).unwrap();
    }
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// All that is said of a directory, a line a problem, and what each file was taken for where that is not plain.
pub(crate) fn said(dir: &Path) -> String {
    let opened = loader::open_told(dir, &Silent).expect("the directory has a manifest");
    let mut lines: Vec<_> =
        opened.loaded.problems.listed().iter().map(ToString::to_string).collect();
    assert_eq!(opened.loaded.snapshot.is_some(), opened.loaded.problems.errors() == 0);
    let told = opened.taken.iter().filter(|taken| !taken.taken_for.is_empty());
    lines.extend(told.map(|taken| format!("{}: {}", taken.file, taken.taken_for.join(", "))));
    lines.join("\n")
}

#[track_caller]
pub(crate) fn check(manifest: &str, files: &[(&str, &[u8])], want: &str) {
    let want: Vec<_> = want.trim().lines().map(str::trim).collect();
    assert_eq!(said(directory(manifest, files).path()), want.join("\n"));
}

/// Stock on hand as it was read, `item location quantity` a row.
pub(crate) fn on_hand(dir: &Path) -> String {
    let loaded = loader::open(dir, &Silent).expect("the directory has a manifest");
    let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    let snapshot = loaded.snapshot.unwrap_or_else(|| panic!("{}", said.join("\n")));
    let mut rows = Vec::new();
    for item in snapshot.items.names.indices() {
        for location in snapshot.locations.names.indices() {
            let account = snapshot.stock(item, location);
            let on_hand = promised::allocation::profile(&snapshot, account)
                .available(promised::model::Day::ZERO);
            if on_hand != promised::model::Quantity::ZERO {
                let (item, location) =
                    (snapshot.items.names.name(item), snapshot.locations.names.name(location));
                rows.push(format!("{item} {location} {on_hand}"));
            }
        }
    }
    rows.join(", ")
}

pub(crate) fn promised(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.args(args);
    command
}

/// A server of its own on a free port; it ends with the test.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Served {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = promised(args);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(3).unwrap_or_default().trim_end_matches(':');
        let url = format!("http://{address}");
        Self { child, url }
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
