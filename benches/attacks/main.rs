//! What strangers can do to a server, in seconds and megabytes: `just attacks` (issue 18).
//!
//! The real binary on loopback, one attack after the other, each bounded, and beside each an innocent caller who
//! asks one question after the other: a line says how long the attack took, what the process grew by, how many
//! answers the innocent one had, how many it missed, and its slowest. `cargo test --benches` runs it once, small.

#[path = "../common/mod.rs"]
mod common;
#[allow(clippy::unwrap_used, unreachable_pub, reason = "the tests' own client")]
#[path = "../../tests/suite/strangers/raw.rs"]
mod raw;

use bytes::Bytes;
use promised::rpc::proto;
use raw::{Raw, framed, framed_message, send, socket, status};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";
const STREAM: &str = "/promised.v1.PromiseService/PromiseStream";
const TABLE: &str = "/promised.v1.AvailabilityService/GetAvailability";

/// A server of its own process.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/tiny");
        let mut process = Command::new(env!("CARGO_BIN_EXE_promised"))
            .args(["serve", tiny, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary was built with this bench");
        let mut line = String::new();
        let out = process.stdout.as_mut().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let address = line.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
        let url = format!("http://{}", address.expect("it says where it listens"));
        Self { process, url }
    }

    /// The most that it has held in memory, in MiB.
    fn peak(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let text = text.unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kib.unwrap_or(0) / 1_024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours, and the next attack has one of its own.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

fn line(order: usize) -> proto::OrderLine {
    proto::OrderLine {
        order: order.to_string(),
        item: "VALVE".to_string(),
        quantity: 1.0,
        requested_date: "2026-11-25".to_string(),
        ..proto::OrderLine::default()
    }
}

fn question() -> Bytes {
    framed_message(&proto::CheckAvailabilityRequest { lines: vec![line(0)], ..Default::default() })
}

fn short(n: usize) -> Bytes {
    framed_message(&proto::PromiseRequest { request_id: n.to_string(), ..Default::default() })
}

/// How an innocent caller fares, one question after the other until it is told to stop.
async fn innocent(url: String, stop: Arc<AtomicBool>) -> (usize, usize, Duration) {
    let (mut answered, mut missed, mut slowest) = (0, 0, Duration::ZERO);
    let mut raw = Raw::connect(&url).await;
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        match raw.call(CHECK, &[], question()).await {
            Ok((code, _)) if code == "0" => answered += 1,
            Ok(_) => missed += 1,
            Err(_) => {
                missed += 1;
                raw = Raw::connect(&url).await;
            }
        }
        slowest = slowest.max(began.elapsed());
    }
    (answered, missed, slowest)
}

/// Runs an attack beside an innocent caller, and prints its line.
async fn run<F: Future<Output = String>>(name: &str, attack: impl FnOnce(String) -> F) {
    let server = Server::start();
    let before = server.peak();
    let stop = Arc::new(AtomicBool::new(false));
    let beside = tokio::spawn(innocent(server.url.clone(), Arc::clone(&stop)));
    let began = Instant::now();
    let came = tokio::time::timeout(Duration::from_secs(120), attack(server.url.clone())).await;
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    let (answered, missed, slowest) = beside.await.expect("it does not panic");
    let came = came.unwrap_or_else(|_| "not over after two minutes".to_string());
    println!(
        "{name:<28} {:>7.2} s  +{:>4} MiB  innocent: {answered:>6} answers, {missed} missed, slowest {:>7.1} ms  {came}",
        took.as_secs_f64(),
        server.peak().saturating_sub(before),
        slowest.as_secs_f64() * 1_000.0,
    );
}

async fn bomb(url: String, path: &str, body: Bytes) -> String {
    let mut raw = Raw::connect(&url).await;
    match raw.call(path, &[], body).await {
        Ok((code, words)) => format!("code {code}: {words}"),
        Err(error) => format!("connection lost: {error}"),
    }
}

/// Streams of many small frames, of which every second one's answers nobody reads.
async fn streams(url: String, n_streams: usize, n: usize) -> String {
    let mut raw = Raw::connect(&url).await;
    let mut open = Vec::new();
    for _ in 0..n_streams {
        match raw.begin(STREAM, &[]).await {
            Ok(stream) => open.push(stream),
            Err(error) => return format!("connection lost: {error}"),
        }
    }
    let mut running = Vec::new();
    for (at, (answer, mut requests)) in open.into_iter().enumerate() {
        running.push(tokio::spawn(async move {
            let sending = async {
                for one in 0..n {
                    send(&mut requests, short(one), one + 1 == n).await.ok()?;
                }
                Some(n)
            };
            if at % 2 == 0 {
                let reading = async {
                    match answer.await {
                        Ok(answer) => status(answer).await.0.len(),
                        Err(_) => 0,
                    }
                };
                return tokio::join!(sending, reading).1;
            }
            // Held back, it gives up after a while.
            drop(tokio::time::timeout(Duration::from_secs(2), sending).await);
            0
        }));
    }
    let mut n_answers = 0;
    for one in running {
        n_answers += one.await.unwrap_or(0);
    }
    let is_there = raw.call(CHECK, &[], question()).await.is_ok_and(|(code, _)| code == "0");
    format!("{n_answers} answers; the connection {}", if is_there { "lives" } else { "is lost" })
}

/// Callers with deadlines of a millisecond beside patient ones, all on one connection.
async fn impatient(url: String, n: usize) -> String {
    let mut raw = Raw::connect(&url).await;
    let (mut lost, mut patient) = (Vec::new(), 0);
    for _ in 0..n {
        let mut given_up = Vec::new();
        for _ in 0..64 {
            if let Ok(call) = raw.begin(CHECK, &[("grpc-timeout", "1m")]).await {
                given_up.push(call);
            }
        }
        for (_, mut stream) in given_up {
            stream.send_reset(h2::Reason::CANCEL);
        }
        match raw.call(CHECK, &[], question()).await {
            Ok((code, _)) if code == "0" => patient += 1,
            other => {
                lost.push(other.map_or_else(
                    |error| error.to_string(),
                    |(code, words)| format!("{code}: {words}"),
                ));
                raw = Raw::connect(&url).await;
            }
        }
    }
    format!("patient: {patient} answered, {} lost {}", lost.len(), lost.join("; "))
}

async fn resets(url: String, n: usize) -> String {
    let mut raw = Raw::connect(&url).await;
    for at in 0..n {
        match raw.begin(CHECK, &[]).await {
            Ok((_, mut stream)) => stream.send_reset(h2::Reason::CANCEL),
            Err(error) => return format!("after {at}: {error}"),
        }
    }
    format!("{n} resets")
}

async fn silence(url: String, n: usize) -> String {
    let mut silent = Vec::new();
    for _ in 0..n {
        silent.push(socket(&url).await);
    }
    let began = Instant::now();
    let mut raw = Raw::connect(&url).await;
    let answered = raw.call(CHECK, &[], question()).await.is_ok();
    format!(
        "a new caller is answered: {answered}, after {:.1} ms",
        began.elapsed().as_secs_f64() * 1e3
    )
}

async fn unread(url: String, seconds: u64) -> String {
    let mut raw = Raw::connect(&url).await;
    let Ok((_answer, mut requests)) = raw.begin(STREAM, &[]).await else {
        return "no stream".to_string();
    };
    let mut n = 0;
    let flood = async {
        loop {
            let lines = (0..100).map(|at| proto::OrderLine { line: at.to_string(), ..line(n) });
            let request = proto::PromiseRequest {
                lines: lines.collect(),
                pegging: true,
                ..Default::default()
            };
            if send(&mut requests, framed_message(&request), false).await.is_err() {
                return;
            }
            n += 1;
        }
    };
    drop(tokio::time::timeout(Duration::from_secs(seconds), flood).await);
    format!("{n} requests of 100 lines taken")
}

/// Tables with a chain of zones: what `validate` takes for it.
fn chain(n: usize) -> String {
    let dir = tempfile::tempdir().expect("room for a few tables");
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("room");
    write("manifest.json", r#"{"snapshot_id": "s", "as_of": "2026-11-23"}"#);
    write("items.csv", "item\nA\n");
    write("locations.csv", "location\nL\n");
    let zone = |at: usize| {
        format!("Z{at},{}\n", at.checked_sub(1).map(|at| format!("Z{at}")).unwrap_or_default())
    };
    write("zones.csv", &format!("zone,parent\n{}", (0..n).map(zone).collect::<String>()));
    let began = Instant::now();
    let output =
        Command::new(env!("CARGO_BIN_EXE_promised")).arg("validate").arg(dir.path()).output();
    let code = output.ok().and_then(|output| output.status.code());
    format!("{:.2} s, exit code {code:?}", began.elapsed().as_secs_f64())
}

#[tokio::main]
async fn main() {
    let is_small = common::is_test();
    let size = |large: usize, small: usize| if is_small { small } else { large };
    let table = proto::GetAvailabilityRequest {
        item: "VALVE".to_string(),
        locations: vec!["BER".to_string(); size(10_000, 2_000)],
        days: 365,
        ..Default::default()
    };
    let table = framed_message(&table);
    run("one location, many times", |url| bomb(url, TABLE, table)).await;
    let lines = framed(&[0x0a, 0x00].repeat(size(30_000_000, 1_000_000)));
    run("empty lines", |url| bomb(url, CHECK, lines)).await;
    run("an announced gigabyte", |url| bomb(url, CHECK, Bytes::from_static(&[0, 0x40, 0, 0, 0])))
        .await;
    run("2 streams of small frames", |url| streams(url, 2, size(20_000, 2_000))).await;
    run("200 streams of small frames", |url| streams(url, 200, size(5_000, 50))).await;
    run("deadlines of 1 ms", |url| impatient(url, size(1_000, 20))).await;
    run("resets", |url| resets(url, size(200_000, 2_000))).await;
    run("silent connections", |url| silence(url, size(1_000, 300))).await;
    run("answers that nobody reads", |url| unread(url, if is_small { 1 } else { 10 })).await;
    println!("{:<28} {}", "a chain of zones", chain(size(8_000, 800)));
}
