//! Why nothing could be loaded at all. What is wrong *inside* a table is a `Problem`, not an error.

use super::manifest_fault::ManifestFaults;
use std::{io, path::PathBuf};

/// Why a directory or a file could not be loaded. Each message says the mend; the cause is the source.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are the file, what is wrong in it, and the cause")]
pub enum Error {
    /// The directory is not there, is a file, or may not be read.
    #[error("cannot read the directory {path}; give the directory that holds manifest.json")]
    Directory { path: PathBuf, source: io::Error },

    /// The directory has no manifest.
    #[error(
        "there is no manifest.json in {path}; write one with at least \
         {{\"snapshot_id\": \"NAME\", \"as_of\": \"2026-11-23\"}}"
    )]
    NoManifest { path: PathBuf },

    /// The manifest is no JSON object.
    #[error("{path} is not a JSON object; correct it where the cause says")]
    NotJson { path: PathBuf, source: serde_json::Error },

    /// Fields of the manifest are missing or wrong: all of them.
    #[error("{path} cannot be used: {faults}")]
    Manifest { path: PathBuf, faults: ManifestFaults },

    /// A file is not there, or may not be read.
    #[error("cannot read {path}; check the path and the permissions")]
    Unreadable { path: PathBuf, source: io::Error },

    /// A file of order lines or changes of another format.
    #[error(
        "cannot read rows from {path}; name a file that ends in .csv, .xlsx or .parquet, packed (.gz, .zip) or not"
    )]
    UnknownFormat { path: PathBuf },

    /// A snapshot in one file that cannot be opened.
    #[error(
        "{path} cannot be opened: {why}; give a directory, a .zip or a workbook (.xlsx) with a manifest"
    )]
    Unopened { path: PathBuf, why: String },
}
