//! A backup becomes a data directory again, as it was after some position.

use super::{ABOUT, BackupManifest, Error, IDENTITY, JOURNAL, at};
use crate::journal::{frames, local::Import};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::BufReader,
    path::Path,
};

/// What is known of a snapshot beside its tables.
const ACCEPTED: &str = ".accepted.json";

/// Makes a data directory of a backup, as it was after a position, or at its end.
///
/// # Errors
/// The backup is not whole or does not have the position, or there is something in the directory.
pub fn restore(backup: &Path, data: &Path, position: Option<u64>) -> Result<BackupManifest, Error> {
    let not_whole = |why: String| Error::NotWhole { path: backup.to_path_buf(), why };
    let text =
        fs::read(backup.join(ABOUT)).map_err(|error| not_whole(format!("{ABOUT}: {error}")))?;
    let about: BackupManifest =
        serde_json::from_slice(&text).map_err(|error| not_whole(format!("{ABOUT}: {error}")))?;
    let until = position.unwrap_or(about.position);
    let (first, last) = (about.from_position, about.position);
    if !(first..=last).contains(&until) {
        return Err(Error::NotKept { position: until, first, last });
    }
    fs::create_dir_all(data).map_err(at(data))?;
    if fs::read_dir(data).map_err(at(data))?.next().is_some() {
        return Err(Error::NotEmpty(data.to_path_buf()));
    }
    let path = backup.join(JOURNAL);
    let mut input = BufReader::new(File::open(&path).map_err(at(&path))?);
    frames::check_begin(&mut input).map_err(at(&path))?;
    let mut import = Import::begin(data, until)?;
    while let Some(frame) = frames::next(&mut input).map_err(at(&path))? {
        import.take(&frame)?;
    }
    let reached = import.finish()?;
    if reached != until {
        return Err(not_whole(format!("its journal ends at position {reached}")));
    }
    let serving = snapshots(backup, data, &about, until)?;
    let identity = backup.join(IDENTITY);
    fs::copy(&identity, data.join(IDENTITY)).map_err(at(&identity))?;
    Ok(BackupManifest { position: until, snapshot_id: serving, ..about })
}

/// Copies the snapshots that are needed up to a position; which one served there.
fn snapshots(
    backup: &Path,
    data: &Path,
    about: &BackupManifest,
    until: u64,
) -> Result<String, Error> {
    let (before, later): (Vec<_>, Vec<_>) =
        about.activations.iter().partition(|one| one.position <= until);
    let needed: BTreeSet<&str> = before.iter().map(|one| one.snapshot_id.as_str()).collect();
    let left_out: BTreeSet<&str> = later
        .iter()
        .map(|one| one.snapshot_id.as_str())
        .filter(|id| !needed.contains(id))
        .collect();
    let from = backup.join("snapshots");
    if from.is_dir() {
        for entry in fs::read_dir(&from).map_err(at(&from))? {
            let dir = entry.map_err(at(&from))?.path();
            let is_left_out = id_of(&dir).is_some_and(|id| left_out.contains(id.as_str()));
            if !is_left_out && let Some(name) = dir.file_name() {
                copy(&dir, &data.join("snapshots").join(name))?;
            }
        }
    }
    let serving = before.last().map(|one| one.snapshot_id.clone());
    Ok(serving.unwrap_or_else(|| about.snapshot_id.clone()))
}

fn id_of(dir: &Path) -> Option<String> {
    let text = fs::read(dir.join(ACCEPTED)).ok()?;
    let about: serde_json::Value = serde_json::from_slice(&text).ok()?;
    about.get("snapshot_id")?.as_str().map(ToString::to_string)
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let path = entry.map_err(at(from))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(at(&path))?;
        }
    }
    Ok(())
}
