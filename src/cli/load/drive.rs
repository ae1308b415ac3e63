//! The threads, connections and clients of a load test: who asks when.
//!
//! Each thread has a runtime of its own with its share of the connections and clients, so that the
//! generator costs little beside the server it shares a machine with. Start at [`run`].

use super::{
    How,
    caller::{Caller, Services},
    mix::CallKind,
    pace::Pace,
    questions::Maker,
    record::Measurements,
    stream::Stream,
};
use crate::{
    cli::{
        failure::Failure,
        peer::{self, Bearer, Connection},
    },
    engine::clock,
};
use std::{cell::RefCell, rc::Rc, time::Duration};
use tokio::task::{JoinSet, LocalSet};
use tonic::transport::Endpoint;

/// Bytes that a stream and a connection may have under way; large batches are not held up.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 8 << 20;

/// A call that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The part of the load that one thread makes.
#[derive(Clone, Debug)]
struct Share {
    endpoint: Endpoint,
    maker: Maker,
    /// The name of the run, which its promises bear.
    run: String,
    /// The numbers of its clients.
    clients: Vec<u64>,
    connections: u64,
    in_flight: u64,
    /// Calls a second, in an open loop.
    rate: Option<f64>,
    warm_up: Duration,
    end: Duration,
}

/// Puts the load on the server, and gives what was measured.
pub(super) fn run(server: &str, how: &How, maker: Maker) -> Result<Measurements, Failure> {
    let shares = shares(endpoint(server)?, how, maker);
    let threads: Vec<_> =
        shares.into_iter().map(|share| std::thread::spawn(move || with_runtime(share))).collect();
    let mut record = Measurements::default();
    for thread in threads {
        let measured = thread.join().map_err(|_| {
            Failure::new("a thread of the load generator failed", "run it again, and report it")
        })?;
        record.add(&measured?);
    }
    Ok(record)
}

fn endpoint(server: &str) -> Result<Endpoint, Failure> {
    Ok(peer::endpoint(server)?
        .tcp_nodelay(true)
        .timeout(PATIENCE)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW))
}

fn shares(endpoint: Endpoint, how: &How, maker: Maker) -> Vec<Share> {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let connections = how.connections.min(how.clients);
    let threads = how.threads.unwrap_or(cores).min(connections);
    let run = clock::now().as_microsecond().to_string();
    let warm_up = Duration::from_secs(how.warm_up);
    let share = |thread: u64| Share {
        endpoint: endpoint.clone(),
        maker: maker.clone(),
        run: run.clone(),
        clients: (0..how.clients).filter(|client| client % threads == thread).collect(),
        connections: (0..connections).filter(|one| one % threads == thread).count() as u64,
        in_flight: how.in_flight,
        rate: how.rate.map(|rate| rate as f64 / threads as f64),
        warm_up,
        end: warm_up + Duration::from_secs(how.seconds),
    };
    (0..threads).map(share).collect()
}

fn with_runtime(share: Share) -> Result<Measurements, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::new(format!("cannot start a runtime: {error}"), "raise the limit of open files")
    })?;
    LocalSet::new().block_on(&runtime, drive(share))
}

async fn connect(endpoint: &Endpoint) -> Result<Connection, Failure> {
    let bearer = Bearer::of_command_line()?;
    let channel = endpoint.connect().await.map_err(|error| {
        let mut causes = vec![error.to_string()];
        let mut below = std::error::Error::source(&error);
        while let Some(error) = below {
            causes.push(error.to_string());
            below = error.source();
        }
        Failure::new(
            format!("cannot connect to {}: {}", endpoint.uri(), causes.join(": ")),
            "promised serve, and --server with its address",
        )
    })?;
    Ok(Connection::new(channel, bearer))
}

/// The clients of one thread, on its runtime.
async fn drive(share: Share) -> Result<Measurements, Failure> {
    let mut lines = Vec::new();
    for _ in 0..share.connections {
        lines.push(Services::new(connect(&share.endpoint).await?));
    }
    let mut callers = Vec::new();
    for (&client, line) in share.clients.iter().zip(lines.iter().cycle()) {
        let mut line = line.clone();
        if share.maker.mix().has(CallKind::Stream) {
            let opened = Stream::open(line.promises.clone()).await;
            line.stream = Some(opened.map_err(|status| {
                Failure::new(format!("cannot open a stream: {status}"), "a server of promised.v1")
            })?);
        }
        for at in 0..share.in_flight {
            let number = client * share.in_flight + at;
            callers.push(Caller::new(line.clone(), share.maker.client(&share.run, number)));
        }
    }
    Ok(measure(&share, callers).await)
}

async fn measure(share: &Share, callers: Vec<Caller>) -> Measurements {
    let watch = clock::Stopwatch::start();
    let pace = Rc::new(match share.rate {
        None => Pace::closed(watch, share.end),
        Some(rate) => Pace::open(watch, share.end, rate, callers.len()),
    });
    let record = Rc::new(RefCell::new(Measurements::default()));
    let mut tasks = JoinSet::new();
    for caller in callers {
        let task = ask(caller, Rc::clone(&pace), Rc::clone(&record), (watch, share.warm_up));
        tasks.spawn_local(task);
    }
    tasks.join_all().await;
    record.take()
}

/// One caller, until the run is over. Calls that were due in the warm-up are not counted.
async fn ask(
    mut caller: Caller,
    pace: Rc<Pace>,
    record: Rc<RefCell<Measurements>>,
    (watch, warm_up): (clock::Stopwatch, Duration),
) {
    while let Some(due) = pace.next().await {
        let kind = caller.kind();
        if pace.is_over() {
            record.borrow_mut().gave_up(kind, watch.elapsed().saturating_sub(due));
            continue;
        }
        let done = caller.call(kind).await;
        let latency = watch.elapsed().saturating_sub(due);
        if due < warm_up {
            continue;
        }
        match done {
            Ok(outcome) => record.borrow_mut().answered(kind, latency, outcome),
            Err(status) => {
                let error = format!("{:?}: {}", status.code(), status.message());
                record.borrow_mut().failed(kind, error);
            }
        }
    }
}
