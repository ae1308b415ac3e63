//! The operations port of a server: where it is, what is counted, and what speaks against the server's being ready.

use super::{failure::Failure, keep, progress};
use crate::{
    engine::{Engine, refresh::Refresher},
    loader::Progress,
    rpc::{
        Calls,
        cluster::Cluster,
        operations::{self, Doubt, Operations},
    },
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{
    fmt::Write as _,
    net::{SocketAddr, ToSocketAddrs},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;

/// Where it is if nobody says so.
const DEFAULT: &str = "127.0.0.1:9464";

/// The same beside a server on any free port.
const ANY: &str = "127.0.0.1:0";

/// How often what was counted is folded, so that it takes no memory between scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Ends of buckets for what takes microseconds to seconds.
const SECONDS: [f64; 14] =
    [5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.5, 2.0, 10.0];

/// A metric: its name, its kind, and what it says.
type Metric = (&'static str, &'static str, &'static str);

/// All but those of calls, which `rpc` counts. Each is told of from the first scrape on.
const METRICS: &[Metric] = &[
    ("promised_auth_refused_total", "counter", "Calls refused to principals, by reason"),
    ("promised_batch_entries", "histogram", "Entries that one sync made durable"),
    ("promised_build_info", "gauge", "The version that runs; always 1"),
    (
        "promised_changes_since_snapshot",
        "gauge",
        "Changes of planning data made to the snapshot that serves",
    ),
    ("promised_cluster_epoch", "gauge", "Under which leader of the cluster"),
    ("promised_cluster_etcd_bytes", "gauge", "The largest database of etcd's members"),
    ("promised_cluster_gap_seconds", "gauge", "How long nobody led before this node did"),
    (
        "promised_cluster_lag_entries",
        "gauge",
        "Entries of the cluster that this node has not applied",
    ),
    ("promised_cluster_leader", "gauge", "Whether this node leads its cluster"),
    (
        "promised_commit_seconds",
        "histogram",
        "From the hand-over of a batch of commands to their answers",
    ),
    ("promised_disk_free_bytes", "gauge", "What is free on the disk of the data directory"),
    ("promised_events_lag", "gauge", "Positions that the slowest reader of events is behind"),
    (
        "promised_feed_dead_letters_total",
        "counter",
        "Messages of a source that went to its dead letters",
    ),
    ("promised_feed_messages_total", "counter", "Messages of a source that came"),
    ("promised_feed_runs", "gauge", "1 while the feed of a source has its broker, else 0"),
    ("promised_generation", "gauge", "How many snapshots have served, the first being 1"),
    ("promised_held_quantity", "gauge", "Quantity held, by demand class"),
    ("promised_holds", "gauge", "Promises that are held"),
    ("promised_journal_position", "gauge", "The position of the last entry"),
    ("promised_lines_total", "counter", "Order lines answered, by how they fare"),
    ("promised_plan_bounds_total", "counter", "Needs of which a first day was worked out"),
    (
        "promised_plan_changes_total",
        "counter",
        "Postings that plans tried and took back, each a change of a profile",
    ),
    ("promised_plan_days_total", "counter", "Days on which plans tried all of a line"),
    ("promised_plan_needs_total", "counter", "Needs that plans filled or tried to"),
    ("promised_plan_seconds", "histogram", "How long a request's lines took to plan"),
    ("promised_promises_at_risk", "gauge", "Live promises at risk"),
    ("promised_promises_live", "gauge", "Promises that are held or confirmed"),
    ("promised_queue_depth", "gauge", "Commands that wait for the writer"),
    (
        "promised_races_lost_total",
        "counter",
        "Races that plans lost, by why and where they are made again",
    ),
    ("promised_refresh_progress", "gauge", "How far the refresh under way is, 0 to 1"),
    (
        "promised_refresh_stand_still_seconds",
        "summary",
        "How long the swap of a snapshot held the writer",
    ),
    ("promised_refresh_under_way", "gauge", "Whether a snapshot is being taken in"),
    ("promised_refreshes_total", "counter", "Snapshots that were taken in, by outcome"),
    ("promised_refused_total", "counter", "Calls refused, by reason"),
    ("promised_replans_total", "counter", "Plans that lost their race and were made again"),
    ("promised_resident_bytes", "gauge", "Memory of the process"),
    ("promised_scenario_bytes", "gauge", "What scenarios hold beyond live"),
    ("promised_searches_cut_by_depth_total", "counter", "Searches that met the limit of depth"),
    ("promised_snapshot_age_seconds", "gauge", "Seconds since the snapshot that serves arrived"),
    ("promised_snapshot_bytes", "gauge", "What the snapshot that serves takes"),
    (
        "promised_snapshot_bytes_built",
        "gauge",
        "What the snapshot that is being built takes so far",
    ),
    ("promised_source_age_seconds", "gauge", "Seconds since the watermark of a source"),
    ("promised_spans_dropped_total", "counter", "Spans of traces that did not arrive, by reason"),
    ("promised_spans_exported_total", "counter", "Spans of traces that a collector has taken"),
    ("promised_sync_seconds", "histogram", "How long the journal's syncs took"),
    ("promised_table_rows", "gauge", "Rows of a table of the snapshot that serves"),
    ("promised_tls_certificate_expires_seconds", "gauge", "Seconds until the certificate ends"),
    ("promised_webhook_failures_total", "counter", "Deliveries to webhooks that failed"),
];

/// What the command line says about it.
#[derive(Debug, clap::Args)]
pub(super) struct Operating {
    /// The operations port: /livez, /readyz and /metrics; none for none, 127.0.0.1:9464 if not given
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// A further address of /metrics, as Prometheus text
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    /// Not ready while a source's watermark is older than this: 30m
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    ready_source_older_than: Option<Duration>,
}

/// The port, and what is told there.
pub(super) struct Operated {
    pub(super) operations: Arc<Operations>,
    /// Where it is; none if there is none.
    pub(super) at: Option<SocketAddr>,
    pub(super) calls: Calls,
    handle: PrometheusHandle,
}

impl Operating {
    /// Opens the port. `any` is whether the server itself takes any free port.
    ///
    /// # Errors
    /// The address that was asked for cannot be had.
    pub(super) async fn open(&self, any: bool) -> Result<Operated, Failure> {
        let handle = recorder()?;
        let (operations, calls) = (Operations::new(), Calls::default());
        let (of_render, of_calls) = (handle.clone(), calls.clone());
        operations.metrics(move || rendered(&of_render, &of_calls));
        let upkeep = handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP_EVERY).await;
                upkeep.run_upkeep();
            }
        });
        let at = match self.listener(any).await? {
            None => None,
            Some(listener) => {
                let at = listener.local_addr().ok();
                tokio::spawn(operations::serve(listener, Arc::clone(&operations)));
                at
            }
        };
        if let Some(address) = self.metrics {
            let listener =
                TcpListener::bind(address).await.map_err(|error| taken(&address, &error))?;
            if let Ok(at) = listener.local_addr() {
                tracing::info!(%at, "metrics are served");
            }
            tokio::spawn(operations::serve(listener, Arc::clone(&operations)));
        }
        Ok(Operated { operations, at, calls, handle })
    }

    async fn listener(&self, any: bool) -> Result<Option<TcpListener>, Failure> {
        let asked = self.admin.as_deref();
        if asked == Some("none") {
            return Ok(None);
        }
        let address = asked.unwrap_or(if any { ANY } else { DEFAULT });
        let resolved = address.to_socket_addrs().map_err(|error| Failure::Misused {
            cause: format!("--admin {address}: {error}"),
            mend: format!("a host and a port are expected, such as {DEFAULT}, or none"),
        })?;
        let mut refused = None;
        for address in resolved {
            match TcpListener::bind(address).await {
                Ok(listener) => return Ok(Some(listener)),
                Err(error) => refused = Some((address, error)),
            }
        }
        let Some((address, error)) = refused else { return Ok(None) };
        if asked.is_some() {
            return Err(taken(&address, &error));
        }
        tracing::warn!(
            %address, %error,
            "no operations port: its address is taken; --admin names another one, or none"
        );
        Ok(None)
    }
}

fn taken(address: &SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot listen on {address}: {error}"),
        "stop what uses the port (ss -ltnp shows it), or name another one",
    )
}

/// Counting begins here.
fn recorder() -> Result<PrometheusHandle, Failure> {
    let failure = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot count: {error}"), "report this")
    };
    let mut builder = PrometheusBuilder::new();
    for (name, kind, _) in METRICS {
        if *kind == "histogram" {
            let name = Matcher::Full((*name).to_string());
            builder =
                builder.set_buckets_for_metric(name, &SECONDS).map_err(|error| failure(&error))?;
        }
    }
    let handle = builder.install_recorder().map_err(|error| failure(&error))?;
    for (name, kind, about) in METRICS {
        match *kind {
            "counter" => metrics::describe_counter!(*name, *about),
            "gauge" => metrics::describe_gauge!(*name, *about),
            _ => metrics::describe_histogram!(*name, *about),
        }
    }
    metrics::gauge!("promised_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// What was counted, and every metric of which nothing was counted yet.
fn rendered(handle: &PrometheusHandle, calls: &Calls) -> String {
    let mut text = handle.render();
    for (name, kind, about) in METRICS {
        if !text.contains(&format!("# TYPE {name} ")) {
            _ = writeln!(text, "# HELP {name} {about}\n# TYPE {name} {kind}");
        }
    }
    text + &calls.render()
}

impl Operated {
    /// The server serves; from now on its metrics are looked up there.
    pub(super) fn serving(
        &self,
        refresher: &Arc<Refresher>,
        operating: &Operating,
        cluster: Option<Arc<Cluster>>,
    ) {
        let (handle, calls, of_metrics) =
            (self.handle.clone(), self.calls.clone(), Arc::clone(refresher));
        self.operations.metrics(move || {
            gauges(&of_metrics);
            rendered(&handle, &calls)
        });
        let (refresher, at_most) = (Arc::clone(refresher), operating.ready_source_older_than);
        self.operations.serving(move || {
            let mut doubts = doubts(&refresher, at_most);
            if cluster.as_ref().is_some_and(|cluster| cluster.is_stale()) {
                // It answers questions as of where it is; commands are refused.
                doubts.push(Doubt { reason: "no_quorum".to_string(), is_grave: false });
            }
            doubts
        });
    }
}

/// What speaks against a server that serves.
fn doubts(refresher: &Refresher, at_most: Option<Duration>) -> Vec<Doubt> {
    let engine = refresher.engine();
    let mut doubts = Vec::new();
    if engine.is_disk_full() {
        doubts.push(Doubt { reason: "disk_full".to_string(), is_grave: false });
    }
    for (source, at) in refresher.status().watermarks {
        let age = age(engine, at);
        if let Some(at_most) = at_most.filter(|at_most| at_most.as_secs_f64() < age) {
            let reason =
                format!("source {source} is {age:.0} s old; at most {} s", at_most.as_secs());
            doubts.push(Doubt { reason, is_grave: true });
        }
    }
    doubts
}

fn age(engine: &Engine, at: jiff::Timestamp) -> f64 {
    engine.now().duration_since(at).as_secs_f64()
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
        let age = age(refresher.engine(), *at);
        metrics::gauge!("promised_source_age_seconds", "source" => source.clone()).set(age);
    }
    let progress = status.build.as_ref().map_or(0.0, |build| build.progress());
    metrics::gauge!("promised_refresh_progress").set(progress);
    set("promised_changes_since_snapshot", status.changes);
    set("promised_snapshot_bytes", status.bytes_live);
    set("promised_resident_bytes", status.bytes_resident);
    set("promised_queue_depth", refresher.engine().queue_depth() as u64);
    set("promised_events_lag", refresher.engine().readers_behind());
    set("promised_scenario_bytes", refresher.engine().scenarios().memory().bytes);
    if let Some(free) = refresher.disk_free() {
        set("promised_disk_free_bytes", free);
    }
    metrics::gauge!("promised_snapshot_age_seconds").set(status.age_seconds);
}

/// Tells both the terminal and the operations port how far loading is.
pub(super) struct Loading {
    bar: progress::LoadingBar,
    operations: Arc<Operations>,
    table: parking_lot::Mutex<String>,
    bytes: AtomicU64,
    read: AtomicU64,
}

impl Loading {
    pub(super) fn new(operations: &Arc<Operations>) -> Self {
        Self {
            bar: progress::LoadingBar::new(),
            operations: Arc::clone(operations),
            table: parking_lot::Mutex::default(),
            bytes: AtomicU64::new(0),
            read: AtomicU64::new(0),
        }
    }

    fn tell(&self) {
        let (bytes, read) = (self.bytes.load(Ordering::Relaxed), self.read.load(Ordering::Relaxed));
        #[expect(clippy::cast_precision_loss, reason = "a share of it is enough")]
        let progress = if bytes == 0 { 0.0 } else { (read as f64 / bytes as f64).min(1.0) };
        self.operations.loading(&self.table.lock(), progress);
    }
}

impl Progress for Loading {
    fn table(&self, name: &str, bytes_total: u64) {
        self.bar.table(name, bytes_total);
        *self.table.lock() = name.to_string();
        self.bytes.store(bytes_total, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
        self.tell();
    }

    fn advance(&self, bytes: u64) {
        self.bar.advance(bytes);
        self.read.fetch_add(bytes, Ordering::Relaxed);
        self.tell();
    }

    fn done(&self) {
        self.bar.done();
        *self.table.lock() = "promises".to_string();
        self.bytes.store(0, Ordering::Relaxed);
        self.tell();
    }
}
