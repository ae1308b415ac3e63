//! How a server takes new data in, and what it tells those who watch it: `--watch`, `--metrics`.

use super::failure::Failure;
use crate::{
    engine::{
        Engine,
        refresh::{Own, Refresher, Rows, Settings, Store, latest, watch},
    },
    loader,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// Readers of metrics at once.
const READERS_MAX: usize = 64;

/// How long one may take to ask and to read: one that is silent keeps no other waiting.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// How long nobody is accepted after that failed.
const NO_FILE_SLEEP: Duration = Duration::from_millis(100);

/// What the command line says about new data.
#[derive(Debug, clap::Args)]
pub(super) struct Refreshing {
    /// A directory in which new snapshots appear, each a directory of its own, manifest.json last
    #[arg(long, value_name = "DIR")]
    watch: Option<PathBuf>,
    /// The address to serve metrics on, as Prometheus text
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
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

impl Refreshing {
    /// Whether it names where snapshots come from.
    pub(super) fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// The snapshot to begin with where the command line names none: the one that the data directory
    /// accepted last, else the one that was written last into the watched directory.
    pub(super) fn newest(&self, data: Option<&Path>) -> Result<PathBuf, Failure> {
        if let Some(data) = data {
            let store = Store::open(Some(data)).map_err(unkept)?;
            let kept = store.list().map_err(unkept)?;
            if let Some(newest) = kept.first() {
                return Ok(store.path(&newest.snapshot_id));
            }
        }
        let watched = self.watch.as_deref().map(latest).transpose();
        let watched = watched.map_err(|error| {
            Failure::new(format!("cannot watch: {error}"), "--watch a directory that can be read")
        })?;
        watched.flatten().ok_or_else(|| {
            Failure::new(
                "there is no snapshot to serve",
                "name one: promised serve SNAPSHOT; a server started again finds the one that it has in --data",
            )
        })
    }

    /// A refresher of the engine, with the snapshot that it was started with.
    pub(super) fn refresher(
        engine: &Engine,
        (store, settings): (Store, Settings),
        (tables, rows): (&Path, Rows),
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

    /// Where metrics are served, if anywhere; counting begins here.
    pub(super) fn metrics(&self) -> Result<Option<(SocketAddr, PrometheusHandle)>, Failure> {
        let Some(address) = self.metrics else {
            return Ok(None);
        };
        let handle = PrometheusBuilder::new().install_recorder().map_err(|error| {
            Failure::new(format!("cannot count: {error}"), "start the server without --metrics")
        })?;
        Ok(Some((address, handle)))
    }
}

/// Serves metrics as Prometheus text, whatever is asked for, until the runtime ends.
pub(super) async fn serve_metrics(
    address: SocketAddr,
    handle: PrometheusHandle,
    refresher: Arc<Refresher>,
) {
    let readers = Arc::new(Semaphore::new(READERS_MAX));
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, %address, "no metrics: the address cannot be had");
            return;
        }
    };
    if let Ok(at) = listener.local_addr() {
        tracing::info!(%at, "metrics are served");
    }
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No file can be opened just now: asking again at once would only keep a core busy.
            tokio::time::sleep(NO_FILE_SLEEP).await;
            continue;
        };
        // Too many at once: the newest goes without.
        let Ok(turn) = Arc::clone(&readers).try_acquire_owned() else { continue };
        let (handle, refresher) = (handle.clone(), Arc::clone(&refresher));
        tokio::spawn(async move {
            let answered = async {
                let mut stream = asked(stream).await?;
                gauges(&refresher);
                answer(&mut stream, handle.render()).await
            };
            match tokio::time::timeout(READ_WITHIN, answered).await {
                Ok(Ok(())) => (),
                Ok(Err(error)) => tracing::debug!(%error, "a reader of metrics went away"),
                Err(_) => tracing::debug!("a reader of metrics took too long"),
            }
            drop(turn);
        });
    }
}

/// What is not counted as it happens is looked up when somebody asks.
fn gauges(refresher: &Refresher) {
    let status = refresher.status();
    let set = |name: &'static str, value: u64| {
        // Gauges are floats; up to 2^53 they are exact.
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!(name).set(value as f64);
    };
    set("promised_generation", status.generation);
    set("promised_journal_position", status.position);
    set("promised_promises_live", status.promises_live);
    set("promised_promises_at_risk", status.promises_at_risk);
    set("promised_refresh_under_way", u64::from(status.build.is_some()));
    set(
        "promised_snapshot_bytes_built",
        status.build.as_ref().map_or(0, |build| build.bytes_built),
    );
    for (table, rows) in &status.rows {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("promised_table_rows", "table" => table.clone()).set(*rows as f64);
    }
    for (source, at) in &status.watermarks {
        let age = refresher.engine().now().duration_since(*at).as_secs_f64();
        metrics::gauge!("promised_source_age_seconds", "source" => source.clone()).set(age);
    }
    let progress = status.build.as_ref().map_or(0.0, |build| build.progress());
    metrics::gauge!("promised_refresh_progress").set(progress);
    set("promised_changes_since_snapshot", status.changes);
    set("promised_snapshot_bytes", status.bytes_live);
    set("promised_resident_bytes", status.bytes_resident);
    metrics::gauge!("promised_snapshot_age_seconds").set(status.age_seconds);
}

/// Waits for the question. Whatever is asked for, the answer is the same: it need not be read to its end.
async fn asked(mut stream: TcpStream) -> std::io::Result<TcpStream> {
    let _n = stream.read(&mut [0; 1_024]).await?;
    Ok(stream)
}

async fn answer(stream: &mut TcpStream, text: String) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
