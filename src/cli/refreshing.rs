//! How a server takes new data in: `--watch`, and the store of what it took.

use super::failure::Failure;
use crate::{
    engine::{
        Engine,
        refresh::{Own, RefreshSettings, Refresher, RowCounts, Store, latest, watch},
    },
    loader,
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What the command line says about new data.
#[derive(Debug, clap::Args)]
pub(super) struct Refreshing {
    /// A directory in which new snapshots appear, each a directory of its own, manifest.json last
    #[arg(long, value_name = "DIR")]
    watch: Option<PathBuf>,
}

/// A directory that is watched, until this is dropped.
pub(super) struct Watching {
    stop: Arc<AtomicBool>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It is not waited for: it may stand before a share that does not answer.
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What to do where snapshots cannot be kept.
const UNKEPT: &str = "name a --data directory that can be written, or free its disk";

/// Why snapshots cannot be kept.
fn unkept(error: std::io::Error) -> Failure {
    Failure::new(format!("cannot keep snapshots: {error}"), UNKEPT)
}

/// The tables that a server starts with, as they lie in its store.
pub(super) enum Started {
    /// They were kept before.
    Kept(PathBuf),
    /// A copy of our own.
    Own(Own),
}

impl Started {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Own(own) => own.path(),
        }
    }
}

/// The store of snapshots, and the tables that are to serve in it, before they are read: a journal that names their id
/// must not be replayed over other data.
pub(super) fn store(data: Option<&Path>, tables: &Path) -> Result<(Store, Started), Failure> {
    let store = Store::open(data).map_err(unkept)?;
    let id = loader::id(tables);
    if store.is_taken(&id, tables).map_err(unkept)? {
        let kept = store.path(&id);
        return Err(Failure::new(
            format!("a snapshot {id:?} with other data is kept in {}", kept.display()),
            "give this one a snapshot_id of its own: then it takes the place of the one that serves",
        ));
    }
    let started = if store.has(&id) {
        store.check(&id).map_err(|error| {
            Failure::new(
                error,
                "put the file back as it was, or start with the snapshot under a snapshot_id of its own",
            )
        })?;
        Started::Kept(store.path(&id))
    } else if store.is_ours(tables) {
        Started::Kept(tables.to_path_buf())
    } else {
        Started::Own(store.own(tables).map_err(|error| {
            let cause = format!("cannot read {}: {error}", tables.display());
            Failure::new(cause, "name a directory with manifest.json and its tables")
        })?)
    };
    Ok((store, started))
}

/// The snapshot that a data directory accepted last.
pub(super) fn kept(data: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    let Some(data) = data else { return Ok(None) };
    let store = Store::open(Some(data)).map_err(unkept)?;
    let kept = store.list().map_err(unkept)?;
    Ok(kept.first().map(|newest| store.path(&newest.snapshot_id)))
}

pub(super) fn nothing_to_serve() -> Failure {
    Failure::new(
        "there is no snapshot to serve",
        "name one: promised serve SNAPSHOT; a server started again finds the one that it has in --data",
    )
}

impl Refreshing {
    /// Whether it names where snapshots come from.
    pub(super) fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// The snapshot to begin with where the command line names none: the one that the data directory
    /// accepted last, else the one that was written last into the watched directory.
    pub(super) fn newest(&self, data: Option<&Path>) -> Result<PathBuf, Failure> {
        if let Some(kept) = kept(data)? {
            return Ok(kept);
        }
        let watched = self.watch.as_deref().map(latest).transpose();
        let watched = watched.map_err(|error| {
            Failure::new(format!("cannot watch: {error}"), "--watch a directory that can be read")
        })?;
        watched.flatten().ok_or_else(nothing_to_serve)
    }

    /// A refresher of the engine, with the snapshot that it was started with.
    pub(super) fn refresher(
        engine: &Engine,
        (store, settings): (Store, RefreshSettings),
        (tables, rows): (&Path, RowCounts),
    ) -> Result<Arc<Refresher>, Failure> {
        let refresher = Refresher::new(engine.clone(), store, settings);
        let refresher = refresher.map_err(|error| Failure::new(error, UNKEPT))?;
        refresher.started_with(tables, rows).map_err(|error| Failure::new(error, UNKEPT))?;
        Ok(refresher)
    }

    /// Watches the directory, if one is named.
    pub(super) fn watch(&self, refresher: &Arc<Refresher>) -> Option<Watching> {
        let dir = self.watch.clone()?;
        let stop = Arc::new(AtomicBool::new(false));
        let (told, refresher) = (Arc::clone(&stop), Arc::clone(refresher));
        let thread = std::thread::Builder::new().name("watch".to_string());
        let thread = thread.spawn(move || watch(&refresher, &dir, &told));
        drop(thread.expect("one thread can be had"));
        Some(Watching { stop })
    }
}
