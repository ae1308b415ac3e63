//! A snapshot that comes in one file: a zip file of its directory, or a workbook with a sheet a table.

use super::{Error, directory::names_workbook, manifest, packed, workbook};
use serde_json::{Map, Value};
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use zip::ZipArchive;

/// A snapshot's directory; one that was unpacked goes when this is dropped.
#[derive(Debug)]
pub struct Whole {
    dir: PathBuf,
    _own: Option<TempDir>,
}

impl Whole {
    /// The directory of a snapshot: itself, or what a file unpacks to.
    ///
    /// # Errors
    /// It is a file that is no zip file and no workbook, or is damaged.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let is_workbook = match ending.as_deref() {
            Some("zip") if path.is_file() => false,
            Some("xlsx" | "xlsm") if path.is_file() => true,
            _ => return Ok(Self { dir: path.to_path_buf(), _own: None }),
        };
        let unopened = |why: String| Error::Unopened { path: path.to_path_buf(), why };
        let own = tempfile::tempdir().map_err(|error| unopened(error.to_string()))?;
        let dir =
            if is_workbook { of_workbook(path, own.path()) } else { of_zip(path, own.path()) };
        Ok(Self { dir: dir.map_err(unopened)?, _own: Some(own) })
    }

    /// What is in a zip file, be it a snapshot or not.
    pub(super) fn unpacked(path: &Path) -> Result<Self, Error> {
        let unopened = |why: String| Error::Unopened { path: path.to_path_buf(), why };
        let own = tempfile::tempdir().map_err(|error| unopened(error.to_string()))?;
        unpack(path, own.path()).map_err(|error| unopened(error.to_string()))?;
        Ok(Self { dir: own.path().to_path_buf(), _own: Some(own) })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.dir
    }
}

/// Unpacks the files of a zip file.
fn unpack(path: &Path, to: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    packed::check(&file)?;
    let mut archive = ZipArchive::new(file)?;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at)?;
        // A name that leads out of the directory is none.
        let Some(name) = entry.enclosed_name().filter(|_| !entry.is_dir()) else { continue };
        if name.starts_with("__MACOSX") {
            continue;
        }
        let target = to.join(name);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        io::copy(&mut entry, &mut File::create(target)?)?;
    }
    Ok(())
}

/// The directory in a zip file; it may lie in one folder in it.
fn of_zip(path: &Path, to: &Path) -> Result<PathBuf, String> {
    unpack(path, to).map_err(|error| error.to_string())?;
    if to.join(manifest::FILE_NAME).is_file() {
        return Ok(to.to_path_buf());
    }
    let folders = fs::read_dir(to).map_err(|error| error.to_string())?;
    let folders = folders.filter_map(|entry| Some(entry.ok()?.path()));
    let mut with_manifest = folders.filter(|path| path.join(manifest::FILE_NAME).is_file());
    with_manifest.next().ok_or_else(|| "there is no manifest.json in it".to_string())
}

/// Puts a workbook, and what its sheet `manifest` says as a file, into a directory.
fn of_workbook(path: &Path, to: &Path) -> Result<PathBuf, String> {
    let sheets = workbook::sheets(path)?;
    let is_manifest = |sheet: &&String| sheet.trim().eq_ignore_ascii_case("manifest");
    let sheet = sheets.iter().find(is_manifest).ok_or(
        "it has no sheet manifest with two columns, such as snapshot_id, week-48 and as_of, 2026-11-23",
    )?;
    let rows = workbook::cells(path, sheet)?;
    let manifest: Map<String, Value> = rows.into_iter().filter_map(|(_, row)| entry(row)).collect();
    let put = || -> io::Result<()> {
        fs::copy(path, to.join(name(path)))?;
        let mut file = File::create(to.join(manifest::FILE_NAME))?;
        file.write_all(Value::Object(manifest).to_string().as_bytes())
    };
    put().map_err(|error| error.to_string())?;
    Ok(to.to_path_buf())
}

/// What a workbook is called beside its manifest: as its owner knows it, unless that would be the name of something else there.
fn name(path: &Path) -> &OsStr {
    let is_free = |name: &&OsStr| names_workbook(&name.to_string_lossy());
    path.file_name().filter(is_free).unwrap_or("workbook.xlsx".as_ref())
}

/// A key and its value: what is no number, list or object is a text.
fn entry(row: Vec<String>) -> Option<(String, Value)> {
    let mut cells = row.into_iter();
    let (key, text) = (cells.next()?.trim().to_string(), cells.next().unwrap_or_default());
    // The header of the two columns, where there is one.
    if key.is_empty() || key.eq_ignore_ascii_case("key") {
        return None;
    }
    let is_text = matches!(key.as_str(), "snapshot_id" | "as_of" | "currency" | "mode");
    let value = if is_text { None } else { serde_json::from_str(&text).ok() };
    Some((key, value.unwrap_or(Value::String(text))))
}
