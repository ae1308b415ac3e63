//! Dead letters: lines that nobody could take in, each with why, as NDJSON.

use super::super::failure::Failure;
use super::Faulty;
use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

/// The file of dead letters; it grows.
pub(super) struct Letters {
    path: PathBuf,
    file: File,
}

#[derive(serde::Serialize)]
struct Letter<'a> {
    position: Option<&'a str>,
    line: &'a str,
    fault: &'a str,
}

impl Letters {
    /// Opens or makes the file.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| unwritten(path, &error))?;
        Ok(Self { path: path.to_path_buf(), file })
    }

    /// Adds a line; it is on the disk before anything behind it is taken in.
    pub(super) fn add(&mut self, faulty: &Faulty) -> Result<(), Failure> {
        let Faulty { position, text, fault, .. } = faulty;
        let letter = Letter { position: position.as_deref(), line: text, fault };
        let mut line = serde_json::to_vec(&letter).expect("texts are JSON");
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        written.map_err(|error| unwritten(&self.path, &error))
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    let cause = format!("cannot write {}: {error}", path.display());
    Failure::new(cause, "name a file that can be written, and make room on the disk")
}
