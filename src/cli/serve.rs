//! `promised serve`: answers over gRPC until it is told to stop.

mod args;
mod duties;
mod load;

pub(super) use args::Args;

use super::{
    ask,
    clustered::{Joined, Seat},
    config::{self, GivenFlags, SettingShown},
    ended::ended,
    failure::{BROKEN, Failure},
    feed::{self, Feed},
    joining,
    listening::bind,
    operating::Operated,
    reloading::Again,
    saved,
    secured::Security,
    signals::{Signals, exit_after},
    supervised,
};
use crate::{
    engine::Stopped,
    rpc::{self, ServerTerms, Shutdown, edge, saved::Saved, webhook::Hook},
};
use load::{LoadedServer, StartLine, load};
use std::{
    io::Write,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{net::TcpSocket, sync::oneshot};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// The process ends so long after the time that it was given, or after the engine's end, whatever still runs.
const GRACE: Duration = Duration::from_millis(800);

/// How long the last traces may take to be sent.
const FLUSH: Duration = Duration::from_millis(300);

/// Settles what counts of flags, environment and file, and serves.
pub(super) fn run(given: &GivenFlags) -> Result<(), Failure> {
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
    let shown = settled.shown.iter().map(SettingShown::row).collect();
    let security = args.secured.security(front, (&settled.file, shown))?;
    let security = Security { between_nodes, ..security };
    let runs = config::needed(saved::of_config(&settled.file))?;
    let feeds = config::needed(feed::of_config(&settled.file))?;
    let hooks = config::needed(ask::webhook::of_config(&settled.file))?;
    let again = Again::new(given, &settled);
    serve_as(args, (&security, again), (runs, feeds, hooks))
}

/// Loads the snapshot and serves it.
fn serve_as(
    args: &Args,
    (security, again): (&Security, Again),
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
    let limits = edge::LiveLimits::from(args.limits());
    let others = joined.as_ref().map(Joined::look_again);
    security.watch(&runtime, (again, limits.clone(), others));
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
    loaded: oneshot::Receiver<Result<LoadedServer, Failure>>,
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
            Ok(Ok(LoadedServer { refresher, beside: of, told })) => {
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
        limits: edge::LiveLimits::default(),
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
fn tell_of_start(told: &StartLine, at: SocketAddr, operated: &Operated) {
    let mut out = std::io::stdout();
    let _told = writeln!(out, "{} on {at}: {}", told.before, told.after);
    if let Some(at) = operated.at {
        let _told = writeln!(out, "operations on {at}");
    }
    supervised::ready(&format!("serving on {at}"));
}
