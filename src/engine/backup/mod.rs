//! Backups of a server that goes on: the journal as it is at one instant, and the snapshots that it names.
//!
//! A backup is a directory: `journal`, `snapshots/`, `identity.json`, and `backup.json`, which is written last: one without
//! it is not whole. What was done in scenarios is not in it.

mod restore;

pub use restore::restore;

use super::{Engine, refresh::Store};
use crate::{
    journal::{self, RawEntry, checkpoint, frames},
    ledger::Fact,
};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// What is written last.
pub const ABOUT: &str = "backup.json";

/// The journal.
const JOURNAL: &str = "journal";

/// Which ledger it is.
const IDENTITY: &str = "identity.json";

/// Bytes that are handed on at once.
const CHUNK: usize = 256 << 10;

/// Looks at checkpoints again where one was forgotten meanwhile, so often.
const TRIES: usize = 5;

/// What a backup is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BackupManifest {
    /// The last entry in it.
    pub position: u64,
    /// The snapshot that served then.
    pub snapshot_id: String,
    /// When it was made, RFC 3339.
    pub at: String,
    /// By which version.
    pub version: String,
    /// The oldest position that can be restored.
    #[serde(default)]
    pub from_position: u64,
    /// From which position on which snapshot served, where that changed.
    #[serde(default)]
    pub activations: Vec<SnapshotStart>,
}

/// A snapshot begins to serve.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SnapshotStart {
    /// By which entry.
    pub position: u64,
    /// Which.
    pub snapshot_id: String,
}

/// Why there is no backup, or nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The server keeps nothing, or has ended.
    #[error("this server keeps no journal; start it with --data DIR")]
    NoJournal,
    /// The reader has gone.
    #[error("nobody takes it any more")]
    Gone,
    /// It is no backup, or not a whole one.
    #[error("{} is no whole backup: {why}", path.display())]
    NotWhole {
        /// The directory.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// There is something already.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The position is not in it.
    #[error("position {position} is not in this backup; it has {first} to {last}")]
    NotKept {
        /// What was asked for.
        position: u64,
        /// The oldest that there is.
        first: u64,
        /// The latest.
        last: u64,
    },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |error| Error::Io { path: path.to_path_buf(), error }
}

/// Takes the bytes of files, one file after the other.
pub trait Sink {
    /// More bytes of a file, by its name within the backup; `last` where they end it.
    ///
    /// # Errors
    /// They cannot be written, or nobody wants them any more.
    fn put(&mut self, file: &str, bytes: &[u8], last: bool) -> Result<(), Error>;
}

/// Writes into a sink what is written into a file of it, in chunks.
struct Out<'a> {
    sink: &'a mut dyn Sink,
    file: String,
    bytes: Vec<u8>,
    /// What went wrong with the sink: a writer can only say that something did.
    failed: Option<Error>,
}

impl<'a> Out<'a> {
    fn new(sink: &'a mut dyn Sink, file: &str) -> Self {
        Self { sink, file: file.to_string(), bytes: Vec::with_capacity(CHUNK), failed: None }
    }

    fn hand_on(&mut self, last: bool) -> Result<(), Error> {
        self.sink.put(&self.file, &self.bytes, last)?;
        self.bytes.clear();
        Ok(())
    }

    fn end(mut self) -> Result<(), Error> {
        self.hand_on(true)
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if CHUNK <= self.bytes.len()
            && let Err(error) = self.hand_on(false)
        {
            self.failed = Some(error);
            return Err(io::Error::other("the backup was given up"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts all of a server's state into a sink, as it is at one instant; the server goes on meanwhile.
///
/// # Errors
/// Something cannot be read, or the sink takes no more.
pub fn backup(
    engine: &Engine,
    store: &Store,
    sink: &mut dyn Sink,
) -> Result<BackupManifest, Error> {
    let reader = engine.journal().ok_or(Error::NoJournal)?;
    let mut out = Out::new(sink, JOURNAL);
    let written = journal_of(engine, &*reader, &mut out);
    let about = match (written, out.failed.take()) {
        (_, Some(failed)) => return Err(failed),
        (written, None) => written?,
    };
    out.end()?;
    let named: BTreeSet<&str> = about.activations.iter().map(|one| &*one.snapshot_id).collect();
    for id in named.into_iter().filter(|id| store.has(id)) {
        let dir = store.path(id);
        let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        tree(&dir, &format!("snapshots/{name}"), sink)?;
    }
    let identity = serde_json::json!({ "ledger": &**engine.pin().ledger(), "start": 0 });
    sink.put(IDENTITY, identity.to_string().as_bytes(), true)?;
    let text = serde_json::to_vec_pretty(&about).expect("it is a table of texts and numbers");
    sink.put(ABOUT, &text, true)?;
    Ok(about)
}

/// Puts one snapshot into a sink, as its store keeps it.
///
/// # Errors
/// There is none of that id, it cannot be read, or the sink takes no more.
pub fn snapshot(store: &Store, id: &str, sink: &mut dyn Sink) -> Result<(), Error> {
    let path = store.path(id);
    if !store.has(id) {
        return Err(Error::NotWhole { path, why: "it is not kept here".to_string() });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    tree(&path, &format!("snapshots/{name}"), sink)
}

fn journal_of(
    engine: &Engine,
    reader: &dyn journal::Reader,
    out: &mut Out<'_>,
) -> Result<BackupManifest, Error> {
    let io = |error| Error::Io { path: JOURNAL.into(), error };
    let storage = |error: io::Error| journal::Error::storage("write a backup", error);
    frames::begin(out).map_err(io)?;
    let (checkpoint, first_id) = checkpoint_of(reader, out)?;
    let live = engine.pin();
    let (mut position, mut serving) = (checkpoint, first_id);
    let mut activations =
        vec![SnapshotStart { position: checkpoint, snapshot_id: serving.clone() }];
    reader.read_from(reader.first()?, &mut |record| {
        let RawEntry::Bytes { position: at, bytes } = record else {
            return Err(journal::Error::Broken { why: "it is kept in memory only".to_string() });
        };
        frames::entry(out, at, bytes).map_err(storage)?;
        position = position.max(at);
        if checkpoint < at
            && record.head()?.kind == super::recovery::ACTIVATED
            && let Fact::Activated(activation) = &record.entry(&live.snapshot)?.fact
        {
            serving = activation.snapshot_id.to_string();
            activations.push(SnapshotStart { position: at, snapshot_id: serving.clone() });
        }
        Ok(())
    })?;
    Ok(BackupManifest {
        position,
        snapshot_id: serving,
        at: engine.now().to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        from_position: checkpoint,
        activations,
    })
}

/// Writes the older of the checkpoints, so that as much as can be restored is there; its position and its snapshot.
fn checkpoint_of(reader: &dyn journal::Reader, out: &mut Out<'_>) -> Result<(u64, String), Error> {
    for _ in 0..TRIES {
        let Some(oldest) = reader.checkpoints()?.last().copied() else {
            return Err(Error::NoJournal);
        };
        let mut parts = Vec::new();
        let read = reader.read_parts(oldest, &mut |bytes| {
            parts.push(bytes.to_vec());
            Ok(())
        });
        if read.is_err() && reader.checkpoints()?.last() != Some(&oldest) {
            // It was forgotten between the two looks.
            continue;
        }
        read?;
        let id = checkpoint::head(reader, oldest)?.snapshot_id;
        let io = |error| Error::Io { path: JOURNAL.into(), error };
        let mut n_parts = 0;
        for bytes in &parts {
            frames::part(out, oldest, n_parts, bytes).map_err(io)?;
            n_parts += 1;
        }
        frames::seal(out, oldest, n_parts).map_err(io)?;
        return Ok((oldest, id));
    }
    Err(journal::Error::Broken {
        why: "checkpoints are made faster than they are read".to_string(),
    }
    .into())
}

/// Puts the files of a directory, and of those in it.
fn tree(dir: &Path, name: &str, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut entries: Vec<_> = fs::read_dir(dir)
        .and_then(|entries| entries.collect::<io::Result<Vec<_>>>())
        .map_err(at(dir))?
        .into_iter()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{name}/{own}");
        if path.is_dir() {
            tree(&path, &name, sink)?;
        } else {
            file(&path, &name, sink)?;
        }
    }
    Ok(())
}

fn file(path: &Path, name: &str, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut file = File::open(path).map_err(at(path))?;
    let mut bytes = vec![0; CHUNK];
    loop {
        let n = file.read(&mut bytes).map_err(at(path))?;
        if n == 0 {
            return sink.put(name, &[], true);
        }
        sink.put(name, &bytes[..n], false)?;
    }
}

/// A directory that takes a backup.
#[derive(Debug)]
pub struct BackupDirectory {
    dir: PathBuf,
    open: Option<(String, File)>,
}

impl BackupDirectory {
    /// A new or an empty one.
    ///
    /// # Errors
    /// It cannot be made, or has something in it.
    pub fn new(dir: &Path) -> Result<Self, Error> {
        fs::create_dir_all(dir).map_err(at(dir))?;
        if fs::read_dir(dir).map_err(at(dir))?.next().is_some() {
            return Err(Error::NotEmpty(dir.to_path_buf()));
        }
        Ok(Self { dir: dir.to_path_buf(), open: None })
    }
}

/// Whether a name stays within its directory.
fn is_within(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

impl Sink for BackupDirectory {
    fn put(&mut self, name: &str, bytes: &[u8], last: bool) -> Result<(), Error> {
        let path = self.dir.join(name);
        if !is_within(name) {
            return Err(Error::NotWhole { path, why: "it would lie elsewhere".to_string() });
        }
        let mut file = match self.open.take() {
            Some((open, file)) if open == name => file,
            Some(_) | None => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(at(parent))?;
                }
                File::create(&path).map_err(at(&path))?
            }
        };
        file.write_all(bytes).map_err(at(&path))?;
        if last {
            file.sync_all().map_err(at(&path))?;
        } else {
            self.open = Some((name.to_string(), file));
        }
        Ok(())
    }
}
