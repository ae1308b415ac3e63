//! Snapshots on disk: those accepted, kept to go back to and to replay a journal with, those in
//! quarantine, and those that are still being pushed.
//!
//! A snapshot is a directory of its tables, as they came. Invariant: a directory under `snapshots/` or `quarantine/` is
//! complete; it gets its name by one rename, after all its files are there. What is read is what is kept: tables
//! that lie elsewhere are copied first ([`Store::own`]) and read from the copy, and what is kept is known by hashes of
//! its files, so that what was altered since is no longer it.

mod about;

use super::{
    super::SnapshotSource,
    files::{Content, content, sum_of, take},
    keep::{self, Keep},
};
pub use about::Accepted;

use crate::loader;
use about::{ABOUT, Label, check, file_name, write_about};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

/// A file of a snapshot that is being pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
}

/// The ending of a directory that is not yet complete.
const HALF: &str = "half";

/// The beginning of the name of a copy of our own; no id makes a name that begins so.
const COPY: &str = "%copy-";

/// Tables in the store that are nobody's yet: gone when it is dropped, unless they were kept.
#[derive(Debug)]
pub struct Own(PathBuf);

impl Own {
    /// Where they are.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.0) {
            tracing::warn!(%error, dir = %self.0.display(), "a copy of a snapshot stays on disk");
        }
    }
}

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
        let store = Self { dir, _temporary: temporary };
        store.tidy()?;
        Ok(store)
    }

    /// Bytes that are free on its disk, if that can be told.
    pub(super) fn disk_free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.dir).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Removes what a process that ended left unfinished.
    fn tidy(&self) -> io::Result<()> {
        for part in ["snapshots", "quarantine", "incoming"] {
            for entry in fs::read_dir(self.dir.join(part))? {
                let path = entry?.path();
                let is_copy =
                    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(COPY));
                if is_copy || path.extension().is_some_and(|end| end == HALF) {
                    remove(&path)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a directory is one of ours: nobody else writes into it.
    pub fn is_ours(&self, tables: &Path) -> bool {
        tables.starts_with(&self.dir)
    }

    /// A copy of tables that lie elsewhere, which nobody changes any more.
    ///
    /// # Errors
    /// They cannot be read, are no files, or were written while they were read.
    pub fn own(&self, tables: &Path) -> io::Result<Own> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let n = LAST.fetch_add(1, Ordering::Relaxed);
        let own = Own(self.dir.join("incoming").join(format!("{COPY}{}-{n}", std::process::id())));
        take(tables, own.path())?;
        Ok(own)
    }

    /// Removes what is kept beyond what is to be.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub(super) fn bound(&self, keep: Keep, now: SystemTime) -> io::Result<()> {
        keep::tidy(&self.dir, keep, now)
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
        let content = self.about(id).map(|about| about.content).unwrap_or_default();
        let text = serde_json::to_string(&content).map_err(io::Error::other)?;
        fs::write(self.known(id), text)
    }

    /// The files by which a snapshot is known that is kept, or has served; none where they are not known.
    pub fn known_content(&self, id: &str) -> Option<Content> {
        let kept = self.about(id).map(|about| about.content);
        let served = || serde_json::from_str(&fs::read_to_string(self.known(id)).ok()?).ok();
        kept.or_else(served).filter(|content: &Content| !content.is_empty())
    }

    fn about(&self, id: &str) -> Option<Label> {
        let text = fs::read_to_string(self.path(id).join(ABOUT)).ok()?;
        serde_json::from_str(&text).ok()
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
        if let Some(kept) = self.about(&about.snapshot_id) {
            // What it was when it was accepted first is what it is.
            let content = if kept.content.is_empty() { content(&target)? } else { kept.content };
            return write_about(&target, about, content);
        }
        let half = self.half(&target, tables)?;
        write_about(&half, about, content(&half)?)?;
        File::open(&half)?.sync_all()?;
        remove(&target)?;
        fs::rename(&half, &target)?;
        // From now on a journal may name it: also after the power was gone.
        File::open(self.dir.join("snapshots"))?.sync_all()
    }

    /// Gives up a snapshot that was accepted and came not to serve, for it was refused: its tables go into
    /// quarantine, and no restart takes it for one that serves.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn withdraw(&self, id: &str) -> io::Result<()> {
        let (kept, target) = (self.path(id), self.quarantined(id));
        remove(&target)?;
        fs::rename(kept, &target)?;
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
        let half = self.half(&target, tables)?;
        remove(&target)?;
        fs::rename(half, target)
    }

    /// Tables beside where they are to be, under a name that says that they are not there yet.
    fn half(&self, target: &Path, tables: &Path) -> io::Result<PathBuf> {
        let half = target.with_extension(HALF);
        remove(&half)?;
        if tables.starts_with(self.dir.join("incoming")) {
            // What came in is ours already, and each file of it durable.
            fs::rename(tables, &half)?;
        } else {
            take(tables, &half)?;
        }
        Ok(half)
    }

    /// Checks that a snapshot that is kept is what was accepted.
    ///
    /// # Errors
    /// A file of it was altered, removed or added since, or cannot be read.
    pub fn check(&self, id: &str) -> io::Result<()> {
        check(&self.path(id)).map(drop)
    }

    /// The check sum of a snapshot that is kept, as a journal names it.
    pub(super) fn sum(&self, id: &str) -> Option<Arc<str>> {
        self.known_content(id).map(|content| sum_of(&content).into())
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
                let about: Label = serde_json::from_str(&text).map_err(io::Error::other)?;
                found.extend(about.accepted);
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

/// Whether a data directory has an accepted snapshot of an id; nothing in it is touched.
pub fn is_kept(data: &Path, id: &str) -> bool {
    data.join("snapshots").join(file_name(id)).join(ABOUT).exists()
}

/// The accepted snapshots of a data directory, for a journal that names them.
pub fn source(data: Option<&Path>) -> SnapshotSource {
    let dir = data.map(|data| data.join("snapshots"));
    Arc::new(move |id| {
        let tables = dir.as_ref()?.join(file_name(id));
        let content = match check(&tables) {
            Ok(content) => content,
            Err(error) => {
                tracing::error!(%error, snapshot = id, "a snapshot that the journal names cannot be used");
                return None;
            }
        };
        match loader::open(&tables, &loader::Silent) {
            Ok(loaded) => loaded.snapshot.map(|mut snapshot| {
                snapshot.sum = Some(sum_of(&content).into());
                snapshot
            }),
            Err(error) => {
                tracing::error!(%error, snapshot = id, "a snapshot that the journal names is not kept");
                None
            }
        }
    })
}

/// The ending of a file that is not yet complete.
pub(super) const PART: &str = ".part";

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
