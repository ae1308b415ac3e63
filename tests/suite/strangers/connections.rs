//! Issue 18 item 10: connections of strangers. Back-pressure is flow control and nothing else; what some give up
//! takes nothing from others; silent ones go, and lock nobody out.

use super::{
    super::{
        edge::process::Place,
        rpc::{Server, valves},
    },
    raw::{Raw, framed_message, send, socket, status},
};
use bytes::Bytes;
use promised::rpc::{edge::Limits, proto};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";
const STREAM: &str = "/promised.v1.PromiseService/PromiseStream";

fn question() -> Bytes {
    framed_message(&proto::CheckAvailabilityRequest {
        lines: vec![valves("A")],
        ..Default::default()
    })
}

/// A request that is refused at once, as short as they are.
fn short(n: usize) -> Bytes {
    framed_message(&proto::PromiseRequest { request_id: n.to_string(), ..Default::default() })
}

async fn is_answered(raw: &mut Raw) -> bool {
    raw.call(CHECK, &[], question()).await.is_ok_and(|(code, _)| code == "0")
}

/// Two streams of 20,000 requests, one DATA frame each, and calls beside them: one is read to its end, the other by
/// nobody until its caller is held back.
#[tokio::test]
async fn streams_of_many_small_frames_are_held_back_and_harm_nobody() {
    const N: usize = 20_000;
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let (read, mut read_requests) = raw.begin(STREAM, &[]).await.unwrap();
    let (unread, mut unread_requests) = raw.begin(STREAM, &[]).await.unwrap();
    // Nobody reads these answers, so sooner or later nothing more is taken.
    let held_back = tokio::spawn(async move {
        for n in 0..N {
            send(&mut unread_requests, short(n), n + 1 == N).await.unwrap();
        }
    });
    let sending = async {
        for n in 0..N {
            send(&mut read_requests, short(n), n + 1 == N).await.unwrap();
        }
    };
    let reading = async { status(read.await.unwrap()).await };
    let ((), (answers, (code, words))) = tokio::join!(sending, reading);
    assert_eq!((answers.len(), code.as_str()), (N, "0"), "{words}");
    assert!(is_answered(&mut raw).await);
    // Now the answers are read, and the rest is sent.
    let (answers, (code, words)) = status(unread.await.unwrap()).await;
    assert_eq!((answers.len(), code.as_str()), (N, "0"), "{words}");
    held_back.await.unwrap();
    drop(raw);
    server.stop().await;
}

/// Hundreds of calls given up before the server has looked at them, again and again, beside one that is patient.
#[tokio::test]
async fn calls_that_some_give_up_cost_the_others_nothing() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    for _ in 0..20 {
        let mut given_up = Vec::new();
        for _ in 0..200 {
            given_up.push(raw.begin(CHECK, &[("grpc-timeout", "1m")]).await.unwrap());
        }
        for (_, mut stream) in given_up {
            stream.send_reset(h2::Reason::CANCEL);
        }
        assert!(is_answered(&mut raw).await);
    }
    drop(raw);
    server.stop().await;
}

/// A flood of resets is no more than a load: who sends it may lose the connection, nobody else notices.
#[tokio::test]
async fn a_flood_of_resets_is_the_floods_loss() {
    let server = Server::tiny().await;
    let mut innocent = Raw::connect(&server.url).await;
    let mut flood = Raw::connect(&server.url).await;
    for n in 0..20_000 {
        let Ok((_, mut stream)) = flood.begin(CHECK, &[]).await else { break };
        stream.send_reset(h2::Reason::CANCEL);
        if n % 1_000 == 0 {
            assert!(is_answered(&mut innocent).await);
        }
    }
    assert!(is_answered(&mut innocent).await);
    drop((flood, innocent));
    server.stop().await;
}

fn limits() -> Limits {
    Limits {
        handshake: Duration::from_millis(300),
        silent: Duration::from_millis(600),
        ..Limits::default()
    }
}

/// What a stranger says before it falls silent.
const SAID: [&[u8]; 3] = [
    b"",
    b"PRI * HTTP/2.0\r\n",
    // The whole preface, and empty settings: it has begun, and never says that it is there.
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
];

/// Who says nothing is hung up on; who is only quiet is not.
#[tokio::test]
async fn silent_connections_are_closed_and_quiet_ones_are_not() {
    let server = Server::tiny_within(limits()).await;
    let mut quiet = Raw::connect(&server.url).await;
    for _ in 0..2 {
        for said in SAID {
            let mut silent = socket(&server.url).await;
            silent.write_all(said).await.unwrap();
            let mut rest = Vec::new();
            // It ends by itself, in whichever way.
            let _closed = silent.read_to_end(&mut rest).await;
        }
    }
    assert!(is_answered(&mut quiet).await);
    drop(quiet);
    server.stop().await;
}

/// A thousand that say nothing lock nobody out: the oldest of them give way.
#[tokio::test]
async fn a_thousand_silent_ones_lock_nobody_out() {
    let server = Server::tiny().await;
    let mut silent = Vec::new();
    for _ in 0..400 {
        silent.push(socket(&server.url).await);
    }
    let mut raw = Raw::connect(&server.url).await;
    assert!(is_answered(&mut raw).await);
    // The first of them has given way.
    let _closed = silent[0].read_to_end(&mut Vec::new()).await;
    drop((raw, silent));
    server.stop().await;
}

/// Beyond the limit of connections a new one is closed at once, until another one goes.
#[tokio::test]
async fn connections_have_a_limit() {
    let server = Server::tiny_within(Limits { connections: 3, ..Limits::default() }).await;
    // The server's own client is the first.
    let mut raw = Raw::connect(&server.url).await;
    assert!(is_answered(&mut raw).await);
    let mut third = Raw::connect(&server.url).await;
    assert!(is_answered(&mut third).await);
    let mut fourth = socket(&server.url).await;
    assert_eq!(fourth.read(&mut [0; 64]).await.unwrap_or(0), 0);
    drop(third);
    loop {
        let mut next = socket(&server.url).await;
        next.write_all(SAID[2]).await.unwrap();
        if next.read(&mut [0; 64]).await.is_ok_and(|n| 0 < n) {
            break;
        }
    }
    assert!(is_answered(&mut raw).await);
    drop(raw);
    server.stop().await;
}

/// Who opens the metrics and asks nothing keeps nobody else from them.
#[tokio::test]
async fn a_silent_reader_of_metrics_keeps_no_other_waiting() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let place = Place::new();
    let server = place.start(&["--metrics", &free.to_string()]).await;
    let open = || async {
        loop {
            // It listens a moment after the server does.
            if let Ok(stream) = tokio::net::TcpStream::connect(free).await {
                return stream;
            }
            tokio::task::yield_now().await;
        }
    };
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(open().await);
    }
    let mut reader = open().await;
    reader.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.contains("promised_"), "{text}");
    drop(silent);
    server.kill();
}
