//! Snapshots on disk: those accepted, kept to go back to and to replay a journal with, those in
//! quarantine, and those that are still being pushed.
//!
//! A snapshot is a directory of its tables, as they came. Invariant: a directory under `snapshots/` is
//! complete; it gets its name by one rename, after all its files are there.

use super::{super::SnapshotSource, suspicion::Rows};
use crate::loader;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is known of a snapshot that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its id.
    pub snapshot_id: String,
    /// Its date.
    pub as_of: String,
    /// When it was accepted, RFC 3339.
    pub accepted_at: String,
    /// The rows of each table.
    pub rows: Rows,
}

/// A file of a snapshot that is being pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
}

/// What is known of a snapshot beside its tables.
const ABOUT: &str = ".accepted.json";

/// The ending of a directory that is not yet complete.
const HALF: &str = "half";

/// The directory of a server's snapshots.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    /// Keeps a directory that is to vanish with us.
    _temporary: Option<tempfile::TempDir>,
}

impl Store {
    /// The store in a data directory; without one a directory that vanishes with the process.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn open(data: Option<&Path>) -> io::Result<Self> {
        let (dir, temporary) = match data {
            Some(data) => (data.to_path_buf(), None),
            None => {
                let temporary = tempfile::Builder::new().prefix("promised-").tempdir()?;
                (temporary.path().to_path_buf(), Some(temporary))
            }
        };
        for part in ["snapshots", "quarantine", "incoming", "reports", "known"] {
            fs::create_dir_all(dir.join(part))?;
        }
        Ok(Self { dir, _temporary: temporary })
    }

    /// Where reports are kept.
    pub(super) fn reports(&self) -> PathBuf {
        self.dir.join("reports")
    }

    /// Where the tables of an accepted snapshot are.
    pub fn path(&self, id: &str) -> PathBuf {
        self.dir.join("snapshots").join(file_name(id))
    }

    /// Where the tables of a snapshot in quarantine are.
    pub fn quarantined(&self, id: &str) -> PathBuf {
        self.dir.join("quarantine").join(file_name(id))
    }

    /// Where the tables of a snapshot that is being pushed are.
    pub fn incoming(&self, id: &str) -> PathBuf {
        self.dir.join("incoming").join(file_name(id))
    }

    /// Whether a snapshot was accepted and is still kept.
    pub fn has(&self, id: &str) -> bool {
        self.path(id).join(ABOUT).exists()
    }

    /// Whether a snapshot has ever served, be it no longer kept.
    pub fn has_served(&self, id: &str) -> bool {
        self.known(id).exists()
    }

    /// Notes that a snapshot serves. Not before it does: one that was accepted when the process ended, and
    /// did not come to serve, is still to be taken in.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note_served(&self, id: &str) -> io::Result<()> {
        fs::write(self.known(id), "")
    }

    /// The mark of a snapshot that has served; it outlives the snapshot.
    fn known(&self, id: &str) -> PathBuf {
        self.dir.join("known").join(file_name(id))
    }

    /// Whether another snapshot of this id is kept: the id is the same, and the data is not.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn is_taken(&self, id: &str, tables: &Path) -> io::Result<bool> {
        let kept = self.path(id);
        Ok(kept != tables && self.has(id) && content(&kept)? != content(tables)?)
    }

    /// Keeps a directory of tables among the accepted ones. One of the same id is never overwritten, for a
    /// journal may name it: where it has the same data, it stays as it is.
    ///
    /// # Errors
    /// It cannot be read or written, or the id [is taken](Store::is_taken).
    pub fn accept(&self, about: &Accepted, tables: &Path) -> io::Result<()> {
        let target = self.path(&about.snapshot_id);
        if self.is_taken(&about.snapshot_id, tables)? {
            let text = format!("a snapshot {:?} with other data is kept", about.snapshot_id);
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        if self.has(&about.snapshot_id) {
            return write_about(&target, about);
        }
        let half = target.with_extension(HALF);
        remove(&half)?;
        if tables.starts_with(self.dir.join("incoming")) {
            // What was pushed is ours already, and each file of it durable.
            fs::rename(tables, &half)?;
        } else {
            take(tables, &half)?;
        }
        write_about(&half, about)?;
        File::open(&half)?.sync_all()?;
        remove(&target)?;
        fs::rename(&half, &target)?;
        // From now on a journal may name it: also after the power was gone.
        File::open(self.dir.join("snapshots"))?.sync_all()
    }

    /// Keeps a directory of tables in quarantine.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn hold(&self, id: &str, tables: &Path) -> io::Result<()> {
        let target = self.quarantined(id);
        if target == tables {
            return Ok(());
        }
        remove(&target)?;
        take(tables, &target)
    }

    /// The accepted snapshots, the latest first.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn list(&self) -> io::Result<Vec<Accepted>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.dir.join("snapshots"))? {
            let path = entry?.path();
            // What the process did not come to finish is none, and is made again from the beginning.
            if path.extension().is_some_and(|end| end == HALF) {
                continue;
            }
            let about = path.join(ABOUT);
            if let Ok(text) = fs::read_to_string(&about) {
                found.push(serde_json::from_str::<Accepted>(&text).map_err(io::Error::other)?);
            }
        }
        found.sort_by(|a, b| b.accepted_at.cmp(&a.accepted_at));
        Ok(found)
    }

    /// Forgets accepted snapshots beyond a number, but never one that is needed.
    ///
    /// # Errors
    /// One cannot be removed.
    pub fn prune(&self, keep: usize, is_needed: impl Fn(&str) -> bool) -> io::Result<()> {
        for old in self.list()?.into_iter().skip(keep) {
            if !is_needed(&old.snapshot_id) {
                remove(&self.path(&old.snapshot_id))?;
            }
        }
        Ok(())
    }

    /// The files of a snapshot that is being pushed that are complete.
    ///
    /// # Errors
    /// They cannot be listed.
    pub fn staged(&self, id: &str) -> io::Result<Vec<Staged>> {
        let dir = self.incoming(id);
        let mut staged = Vec::new();
        if !dir.exists() {
            return Ok(staged);
        }
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.ends_with(PART) {
                staged.push(Staged { name, length: entry.metadata()?.len() });
            }
        }
        staged.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(staged)
    }
}

/// The accepted snapshots of a data directory, for a journal that names them.
pub fn source(data: Option<&Path>) -> SnapshotSource {
    let dir = data.map(|data| data.join("snapshots"));
    Arc::new(move |id| {
        let tables = dir.as_ref()?.join(file_name(id));
        match loader::open(&tables, &loader::Silent) {
            Ok(loaded) => loaded.snapshot,
            Err(error) => {
                tracing::error!(%error, snapshot = id, "a snapshot that the journal names is not kept");
                None
            }
        }
    })
}

/// The ending of a file that is not yet complete.
pub(super) const PART: &str = ".part";

/// A directory's name for an id: letters, digits and a few signs stay, others become `%` and two digits.
fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'+' => {
                name.push(char::from(byte));
            }
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    name
}

fn write_about(dir: &Path, about: &Accepted) -> io::Result<()> {
    let text = serde_json::to_string_pretty(about).map_err(io::Error::other)?;
    let half = dir.join(format!("{ABOUT}.half"));
    fs::write(&half, text)?;
    File::open(&half)?.sync_all()?;
    fs::rename(half, dir.join(ABOUT))
}

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether a file of a snapshot's directory is one of the snapshot: its manifest and its tables, not what
/// lies beside them.
pub fn belongs(name: &str) -> bool {
    let is_data = [".csv", ".parquet", ".json"].iter().any(|end| name.ends_with(end));
    is_data && !name.starts_with('.') && !name.starts_with("orders.")
}

/// The files of a snapshot, with what they are to have to be the same: a hash that nobody finds another file for.
fn content(dir: &Path) -> io::Result<BTreeMap<String, blake3::Hash>> {
    let mut content = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if belongs(&name) {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(File::open(entry.path())?)?;
            content.insert(name, hasher.finalize());
        }
    }
    Ok(content)
}

/// The check sum of a file: CRC-32C.
///
/// # Errors
/// It cannot be read.
pub fn check_sum(path: &Path) -> io::Result<u32> {
    const CHUNK_LEN: usize = 1 << 20;
    let (mut file, mut sum, mut chunk) = (File::open(path)?, 0, vec![0; CHUNK_LEN]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(sum),
            n => sum = crc32c::crc32c_append(sum, &chunk[..n]),
        }
    }
}

/// Copies the files of a snapshot's directory, to stay.
fn take(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if belongs(&entry.file_name().to_string_lossy()) {
            let target = to.join(entry.file_name());
            // A table that is written over in place would change under a link; a copy does not.
            fs::copy(entry.path(), &target)?;
            File::open(target)?.sync_all()?;
        }
    }
    Ok(())
}
