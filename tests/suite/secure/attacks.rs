//! Attacks on the real binary, beside an innocent caller whose calls go on: thousands of connections, floods of pings, what
//! unpacks to a thousand times its size. Counts and bytes are held here; times stand in `just attacks`.

use super::{
    super::strangers::raw::{Raw, framed, framed_message, send, socket, status},
    place::{Place, Server},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use promised::rpc::proto;
use std::io::Write;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";

/// What a connection of HTTP/2 begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Bytes that a server may grow by, whoever calls: what all calls may hold, and 250 MB.
const GROWTH_MAX: u64 = (64 << 20) + (250 << 20);

const SETTINGS: [&str; 2] = ["--limits-bytes-under-way", "64M"];

fn question() -> Bytes {
    let line = proto::OrderLine {
        order: "A".to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        ..Default::default()
    };
    framed_message(&proto::CheckAvailabilityRequest { lines: vec![line], ..Default::default() })
}

async fn is_answered(raw: &mut Raw) -> bool {
    raw.call(CHECK, &[], question()).await.is_ok_and(|(code, _)| code == "0")
}

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

/// As many open files as this process may have.
fn files() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum.or(limit.current);
    // Where it may not have more, the test is left out.
    let _raised = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_connections_lock_nobody_out() {
    if files() < 2_500 {
        eprintln!("skipped: this process may not have 2,500 files");
        return;
    }
    let place = Place::new();
    let server = place.serve(&SETTINGS);
    let mut innocent = Raw::connect(&url(&server)).await;
    let mut crowd = Vec::new();
    for n in 0..2_000 {
        let mut stream = socket(&url(&server)).await;
        // Half of them begin, and say no more.
        if n % 2 == 0 {
            drop(stream.write_all(PREFACE).await);
        }
        crowd.push(stream);
        if n % 100 == 0 {
            assert!(is_answered(&mut innocent).await, "after {n} connections");
        }
    }
    // A newcomer is let in as well.
    let mut newcomer = Raw::connect(&url(&server)).await;
    assert!(is_answered(&mut newcomer).await);
    assert!(is_answered(&mut innocent).await);
    assert!(server.grown() < GROWTH_MAX, "{}", server.grown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_pings_and_settings_is_the_floods_loss() {
    let place = Place::new();
    let server = place.serve(&SETTINGS);
    let mut innocent = Raw::connect(&url(&server)).await;
    let ping = b"\0\0\x08\x06\0\0\0\0\0abcdefgh";
    let settings = b"\0\0\0\x04\0\0\0\0\0";
    for frame in [&ping[..], settings] {
        let mut flood = socket(&url(&server)).await;
        flood.write_all(PREFACE).await.unwrap();
        let many = frame.repeat(1_000);
        // Nobody reads what is answered; the flood ends when the server closes, or holds it back, or has had enough.
        for _ in 0..200 {
            let sent =
                tokio::time::timeout(std::time::Duration::from_millis(200), flood.write_all(&many));
            if !matches!(sent.await, Ok(Ok(()))) {
                break;
            }
        }
        for _ in 0..20 {
            assert!(is_answered(&mut innocent).await);
        }
    }
    assert!(server.grown() < GROWTH_MAX, "{}", server.grown());
}

/// An eighth of a gigabyte of noughts, packed.
fn bomb() -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    let block = vec![0; 1 << 20];
    (0..128).for_each(|_| packer.write_all(&block).unwrap());
    packer.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_unpacks_to_a_thousand_times_its_size_is_refused_and_takes_no_memory() {
    let place = Place::new();
    let server = place.serve(&SETTINGS);
    let mut innocent = Raw::connect(&url(&server)).await;
    let bomb = bomb();
    assert!(bomb.len() < 4 << 20);
    let mut packed = framed(&bomb).to_vec();
    packed[0] = 1;
    for _ in 0..3 {
        let mut raw = Raw::connect(&url(&server)).await;
        let headers = [("grpc-encoding", "gzip")];
        let (answer, mut stream) = raw.begin(CHECK, &headers).await.unwrap();
        let _sent = send(&mut stream, packed.clone().into(), true).await;
        let refused = match answer.await {
            Ok(answer) => status(answer).await.1.0 != "0",
            Err(_) => true,
        };
        assert!(refused);
        assert!(is_answered(&mut innocent).await);
        let mut stream = socket(&url(&server)).await;
        let head = format!(
            "POST {CHECK} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            bomb.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let _sent = stream.write_all(&bomb).await;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer:.200}");
        assert!(is_answered(&mut innocent).await);
    }
    assert!(server.grown() < GROWTH_MAX, "{}", server.grown());
}
