//! `promised serve`: answers over gRPC until it is told to stop.

mod duties;
mod load;

use super::{
    BROKEN, ask,
    backup::Backups,
    bounds::BoundArgs,
    clustered::{Clustered, Joined, Seat},
    config::{self, Given},
    ended::ended,
    failure::Failure,
    feed::{self, Feed, Feeds},
    joining,
    keep::{self, KeepArgs},
    kept::RefreshArgs,
    listening::{Addresses, addresses, bind},
    logging::Logging,
    operating::{Operated, Operating},
    refreshing::{Refreshing, Watching},
    saved,
    secured::{Secured, Security},
    signals::{Signals, exit_after},
    supervised,
    told::ExceptionArgs,
};
use crate::{
    engine::{Stopped, Today, refresh::Refresher, sweep::Sweeper},
    rpc::{
        self, ServerTerms, Shutdown, edge,
        saved::Saved,
        secure::access::AccessRules,
        webhook::{Hook, Hooks},
    },
};
use load::load;
use std::{
    io::Write,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{net::TcpSocket, sync::oneshot};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// How often all balances are recomputed in the background.
const SELF_CHECK_EVERY: Duration = Duration::from_secs(3_600);

/// The process ends so long after the time that it was given, or after the engine's end, whatever still runs.
const GRACE: Duration = Duration::from_millis(800);

/// How long the last traces may take to be sent.
const FLUSH: Duration = Duration::from_millis(300);

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised serve snapshots/adventureworks
      serves on 127.0.0.1:50051; Ctrl-C stops it
  promised serve snapshots/adventureworks --data data
      keeps its promises in the directory data, and has them again after a crash
  promised serve --data data
      goes on with the snapshot and the promises that are there
  promised serve snapshots/tiny --listen 0.0.0.0:8080 --access-tokens tokens.toml --tls-certificate cert.pem --tls-key key.pem
      for other machines too: encrypted, and for those who have a token (`promised token new`)
  promised serve snapshots/adventureworks --scenario-memory 512M
      refuses more what-if than fits into that
  grpcurl -plaintext localhost:50051 list
      what it serves; no proto file is needed

Every flag is also a key of promised.toml (--config) and a variable PROMISED_*, and a flag has the last word: --drain is
drain in [serve], --limits-silent is silent in [limits]. `promised config show` tells each value and where it comes from.

SIGTERM or Ctrl-C: health says NOT_SERVING, new calls are refused, those under way finish within --drain; a
second one ends it at once. With --data nothing is answered as promised before it is on disk. Without it promises are kept in
memory only: they are gone when the server stops. Log lines go to standard error; RUST_LOG=debug
gives more of them. A request has 64 MiB at most, its metadata 128 KiB; what calls may make the server hold is
set by --limits-*, and refused with the figure (RESOURCE_EXHAUSTED, reason MEMORY). A disk without room refuses commands
(reason DISK_FULL) until there is some.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables; without it the one that --data or --watch has
    #[arg(value_name = "SNAPSHOT")]
    tables: Option<PathBuf>,
    /// The same as SNAPSHOT, as a setting
    #[arg(long, value_name = "DIR", conflicts_with = "tables")]
    snapshot: Option<PathBuf>,
    /// The configuration; promised.toml in the working directory is read by itself
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051", value_parser = addresses)]
    listen: Addresses,
    /// By what today goes: as_of of the snapshot, or the clock, by which a line that does not say when it was ordered is ordered now
    #[arg(long, value_name = "WHAT", default_value = "as_of", value_parser = today)]
    today: Today,
    /// The memory that all what-if scenarios together may hold beyond live: 512M, 4G
    #[arg(long, value_name = "SIZE", default_value = "4G", value_parser = size)]
    scenario_memory: u64,
    /// How long calls under way have to finish when the server is told to stop: 5s
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = keep::time)]
    drain: Duration,
    /// A clock that jumps forward by no more than this is followed at once; beyond it after a minute: 1h
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = keep::time)]
    clock_jump: Duration,
    #[command(flatten)]
    secured: Secured,
    #[command(flatten)]
    backups: Backups,
    #[command(flatten)]
    logging: Logging,
    #[command(flatten)]
    bounds: BoundArgs,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    kept: RefreshArgs,
    #[command(flatten)]
    told: ExceptionArgs,
    #[command(flatten)]
    refreshing: Refreshing,
    #[command(flatten)]
    operating: Operating,
    #[command(flatten)]
    clustered: Clustered,
    /// A name that it is called by over HTTP beside its address, such as one of a proxy; several by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    names: Vec<String>,
}

impl Args {
    /// What strangers may use.
    pub(super) fn limits(&self) -> edge::Limits {
        self.bounds.limits()
    }

    /// What of who may call can change while it serves.
    pub(super) fn rules(&self, file: &config::File) -> Result<AccessRules, Vec<config::Fault>> {
        self.secured.rules(file)
    }

    /// The file of tokens.
    pub(super) fn tokens(&self) -> Option<PathBuf> {
        self.secured.tokens()
    }
}

fn today(text: &str) -> Result<Today, String> {
    match text {
        "as_of" => Ok(Today::AsOf),
        "clock" => Ok(Today::Clock),
        _ => Err("as_of or clock is expected".to_string()),
    }
}

/// A number of bytes, in units of 1,024 times 1,024 and so on.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let bytes = || {
        let unit = text.chars().last()?;
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        let shift = match unit {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => return None,
        };
        number.checked_mul(1 << shift).filter(|bytes| 0 < *bytes)
    };
    bytes().ok_or_else(|| "a size such as 512M or 4G is expected".to_string())
}

/// Settles what counts of flags, environment and file, and serves.
pub(super) fn run(given: &Given) -> Result<(), Failure> {
    let settled = config::needed(config::settle(given))?;
    let args = &settled.args;
    let is_somewhere = args.snapshot.is_some() || args.keep.data.is_some();
    if !is_somewhere && !args.refreshing.is_watching() {
        return Err(Failure::Misused {
            cause: "there is nothing to serve".to_string(),
            mend: "name it: promised serve SNAPSHOT, or --data or --watch with a directory that has one"
                .to_string(),
        });
    }
    args.logging.begin();
    let data = args.keep.data.as_deref();
    let between_nodes = args.clustered.between_nodes(&args.secured)?;
    args.clustered.check(data, between_nodes.is_some() || args.secured.is_insecure())?;
    // Who may call is known before anything else: a server that is open by mistake does not even begin.
    let front = (&*args.listen.resolved, args.keep.data.as_deref());
    let security = args.secured.security(front, (given, &settled))?;
    let security = Security { between_nodes, ..security };
    let runs = config::needed(saved::of_config(&settled.file))?;
    let feeds = config::needed(feed::of_config(&settled.file))?;
    let hooks = config::needed(ask::webhook::of_config(&settled.file))?;
    serve_as(args, &security, (runs, feeds, hooks))
}

/// What a server has when it has loaded.
struct Loaded {
    refresher: Arc<Refresher>,
    /// Until they are dropped.
    beside: (Option<Watching>, Sweeper, Hooks, Feeds),
    /// What people are told, but for the address.
    told: Lines,
}

/// The line that says that a server serves, before and after its address.
struct Lines {
    before: String,
    after: String,
}

/// Loads the snapshot and serves it.
fn serve_as(
    args: &Args,
    security: &Security,
    (runs, feeds, hooks): (Vec<Saved>, Vec<Feed>, Vec<Hook>),
) -> Result<(), Failure> {
    supervised::doing("loading");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            format!("cannot start threads: {error}"),
            "raise the limit of threads (ulimit -u)",
        )
    })?;
    // The address is taken before the snapshot is loaded, so that one in use is told at once.
    let socket = bind(&args.listen)?;
    // So is the data directory, and a second server on it is told before it loads anything.
    let of_node = (args.keep.data.as_deref(), security.between_nodes.clone());
    let joined = args.clustered.join(of_node, args.snapshot.as_deref())?;
    let journal = match &joined {
        Some(joined) => joined.journal(),
        None => {
            joining::tell_of_past(args.keep.data.as_deref());
            args.keep.open()?
        }
    };
    let is_any_port = args.listen.resolved.iter().all(|address| address.port() == 0);
    let operated = runtime.block_on(args.operating.open(is_any_port))?;
    let limits = edge::Live::from(args.limits());
    let others = joined.as_ref().map(Joined::look_again);
    security.watch(&runtime, (limits.clone(), others));
    let duties = duties::duties(args, (&runs, &feeds, &hooks));
    let (tell, mut writer_ended) = oneshot::channel();
    let (found, loaded) = oneshot::channel();
    let engine = OnceLock::new();
    let served = std::thread::scope(|scope| {
        let (operations, engine, joined) = (&operated.operations, &engine, joined.as_ref());
        scope.spawn(move || {
            let loaded = load((args, joined), (journal, tell), (hooks, feeds), operations);
            if let Ok(loaded) = &loaded {
                // It is set once.
                drop(engine.set(loaded.refresher.engine().clone()));
            }
            // A server that was told to stop meanwhile does not wait for it.
            drop(found.send(loaded));
        });
        let of_node = (args.keep.data.as_deref(), duties);
        let seat = Seat::new((joined, &args.clustered), of_node);
        let of_args = terms(args, security, &operated);
        let terms = ServerTerms { runs, limits, cluster: seat.cluster(), ..of_args };
        let of_server = (socket, args, terms, &seat);
        let serving = serve(of_server, loaded, &operated, &mut writer_ended);
        let served = runtime.block_on(serving);
        if engine.get().is_none() && served.is_ok() {
            // What was to be loaded is not waited for: a journal stands an end at any time.
            std::process::exit(0);
        }
        served
    });
    if let Some(engine) = engine.get() {
        engine.stop();
    }
    // What still computes has nobody to tell.
    runtime.shutdown_background();
    let why = served?.or(writer_ended.try_recv().ok());
    why.map_or(Ok(()), ended)
}

/// Serves to the end; why the engine ended, if it has.
async fn serve(
    (socket, args, terms, seat): (TcpSocket, &Args, ServerTerms, &Seat<'_>),
    loaded: oneshot::Receiver<Result<Loaded, Failure>>,
    operated: &Operated,
    writer_ended: &mut oneshot::Receiver<Stopped>,
) -> Result<Option<Stopped>, Failure> {
    let broken = |error: std::io::Error| {
        Failure::new(format!("cannot listen: {error}"), "--listen with another port")
    };
    let listener = socket.listen(BACKLOG).map_err(broken)?;
    let at = listener.local_addr().map_err(broken)?;
    let (mut signals, mut impatient) = (Signals::new()?, Signals::new()?);
    let (mut why, drain, traces) = (None, args.drain, terms.traces.clone());
    let (fail, failed) = oneshot::channel();
    // What it was started with lives as long as it serves.
    let mut beside = None;
    let ready = async {
        match loaded.await {
            Ok(Ok(Loaded { refresher, beside: of, told })) => {
                beside = Some(of);
                seat.take(&refresher, at);
                let cluster = seat.cluster().map(|(cluster, _)| cluster);
                operated.serving(&refresher, &args.operating, cluster);
                tell_of_start(&told, at, operated);
                refresher
            }
            Ok(Err(failure)) => {
                drop(fail.send(failure));
                std::future::pending().await
            }
            // It panicked, and said so.
            Err(_) => std::process::exit(BROKEN.into()),
        }
    };
    let shutdown = async {
        tokio::select! {
            _code = signals.next() => {
                tracing::info!("told to stop; calls under way have {} s to finish", drain.as_secs());
                operated.operations.draining();
                supervised::stopping();
                exit_after(drain + GRACE, 0);
                // First of all: another node leads while calls under way finish here.
                seat.hand_over().await;
                Shutdown::Drain(drain)
            }
            Ok(ended) = writer_ended => {
                why = Some(ended);
                exit_after(GRACE, BROKEN.into());
                Shutdown::Dead
            }
        }
    };
    let twice = async {
        impatient.next().await;
        impatient.next().await
    };
    tokio::select! {
        served = rpc::serve_when(ready, (listener, terms), shutdown) => served.map_err(|error| {
            Failure::new(format!("the server failed: {error}"), "start it again")
        })?,
        Ok(failure) = failed => return Err(failure),
        code = twice => {
            tracing::warn!("told to stop twice; calls under way are dropped");
            // What was acknowledged is durable; a journal stands an end at any time.
            std::process::exit(code);
        }
    }
    drop(beside);
    if let Some(traces) = traces {
        traces.flush(FLUSH);
    }
    Ok(why)
}

/// What a server goes by.
fn terms(args: &Args, security: &Security, operated: &Operated) -> ServerTerms {
    ServerTerms {
        limits: edge::Live::default(),
        names: args.names.clone(),
        calls: operated.calls.clone(),
        tls: security.tls.clone(),
        access: Arc::clone(&security.access),
        data: args.keep.data.clone(),
        slow_call: args.logging.slow_call,
        traces: args.logging.traces(),
        runs: Vec::new(),
        cluster: None,
    }
}

/// Says where it serves, and then where it can be operated. A server goes on where nobody reads what it prints.
fn tell_of_start(told: &Lines, at: SocketAddr, operated: &Operated) {
    let mut out = std::io::stdout();
    let _told = writeln!(out, "{} on {at}: {}", told.before, told.after);
    if let Some(at) = operated.at {
        let _told = writeln!(out, "operations on {at}");
    }
    supervised::ready(&format!("serving on {at}"));
}
