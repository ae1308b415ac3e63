//! Issue 18 item 9: what a request may make the server hold is counted before it is unpacked, and refused with the
//! figure.

use super::{
    super::{
        rpc::{Server, told, valves},
        worlds::Dice,
    },
    raw::{Raw, framed, framed_message, send, status},
};
use bytes::Bytes;
use promised::{
    limits::{CHANGES_MAX, LINES_MAX},
    rpc::{edge::Limits, proto},
};
use proto::{
    availability_service_client::AvailabilityServiceClient,
    scenario_service_client::ScenarioServiceClient,
};
use tonic::{Status, codec::CompressionEncoding::Gzip};

const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";
const STREAM: &str = "/promised.v1.PromiseService/PromiseStream";

#[track_caller]
fn refused_with_figure(status: &Status, limit: &str) {
    assert!(told(status).starts_with("ResourceExhausted MEMORY"), "{status}");
    assert!(status.message().contains(&format!("([limits] {limit})")), "{status}");
}

fn check_of(n_lines: usize) -> proto::CheckAvailabilityRequest {
    let lines = (0..n_lines).map(|n| valves(&n.to_string())).collect();
    proto::CheckAvailabilityRequest { lines, ..Default::default() }
}

/// One location a thousand times: nine kilobytes that would be half a gigabyte.
#[tokio::test]
async fn a_table_of_one_location_a_thousand_times_is_refused() {
    let server = Server::tiny().await;
    let mut client = AvailabilityServiceClient::new(server.channel());
    let request = |n: usize| proto::GetAvailabilityRequest {
        item: "VALVE".into(),
        locations: vec!["BER".into(); n],
        days: 365,
        ..Default::default()
    };
    refused_with_figure(
        &client.get_availability(request(2_000)).await.unwrap_err(),
        "bytes_a_call",
    );
    assert_eq!(client.get_availability(request(2)).await.unwrap().into_inner().tables.len(), 2);
    drop(client);
    server.stop().await;
}

/// Two bytes a line on the wire, half a kilobyte in memory; packed they are next to nothing.
#[tokio::test]
async fn empty_lines_by_the_million_are_refused_before_they_are_unpacked() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let lines = [0x0a, 0x00].repeat(2_000_000);
    let (code, words) = raw.call(CHECK, &[], framed(&lines)).await.unwrap();
    assert_eq!(code, "8", "{words}");
    assert!(words.contains("bytes_a_call"), "{words}");
    let lines = vec![proto::OrderLine::default(); 100_000];
    let request = proto::CheckAvailabilityRequest { lines, ..Default::default() };
    let mut packed = server.promises().send_compressed(Gzip);
    refused_with_figure(&packed.check_availability(request).await.unwrap_err(), "bytes_a_call");
    // What was refused is not held.
    assert_eq!(raw.call(CHECK, &[], framed_message(&check_of(1))).await.unwrap().0, "0");
    drop((raw, packed));
    server.stop().await;
}

/// Lines times alternatives: the answer is what is large.
#[tokio::test]
async fn an_answer_that_would_be_too_large_is_refused() {
    let server = Server::tiny().await;
    let mut client = server.promises();
    let request = proto::CheckAvailabilityRequest { alternatives: 100, ..check_of(LINES_MAX) };
    refused_with_figure(&client.check_availability(request).await.unwrap_err(), "bytes_a_call");
    drop(client);
    server.stop().await;
}

/// An order of many lines is read by pages, not at once.
#[tokio::test]
async fn an_order_that_is_too_large_is_refused_with_the_figure() {
    let limits = Limits { bytes_a_call: 12 << 10, ..Limits::default() };
    let server = Server::tiny_within(limits).await;
    let mut client = server.promises();
    for first in [0, 4, 8, 12, 16] {
        let line = |n: usize| proto::OrderLine {
            line: (first + n).to_string(),
            quantity: 1.0,
            requested_date: "2026-12-20".into(),
            ..valves("BIG")
        };
        let request =
            proto::PromiseRequest { lines: (0..4).map(line).collect(), ..Default::default() };
        client.promise(request).await.unwrap();
    }
    let get = proto::GetPromiseRequest { order: "BIG".into(), ..Default::default() };
    refused_with_figure(&client.get(get).await.unwrap_err(), "bytes_a_call");
    let one =
        proto::GetPromiseRequest { order: "BIG".into(), line: "7".into(), ..Default::default() };
    assert_eq!(client.get(one).await.unwrap().into_inner().promises.len(), 1);
    drop(client);
    server.stop().await;
}

/// What a scenario may change at once has the limit that a net change has.
#[tokio::test]
async fn a_scenario_takes_so_many_changes_at_once() {
    let server = Server::tiny().await;
    let mut client = ScenarioServiceClient::new(server.channel());
    let made = client.create(proto::CreateScenarioRequest::default()).await.unwrap();
    let change = proto::Change { change: "supply_removed".into(), cells: Default::default() };
    let request = proto::ChangeScenarioRequest {
        scenario_id: made.into_inner().scenario_id,
        changes: vec![change; CHANGES_MAX + 1],
        priorities: Vec::new(),
    };
    let refused = client.change(request.clone()).await.unwrap_err();
    assert_eq!(
        told(&refused),
        "InvalidArgument INVALID_FIELDS\nchanges: 10001 are more than 10000"
    );
    let priorities = vec![proto::OrderPriority::default(); LINES_MAX + 1];
    let request = proto::ChangeScenarioRequest { changes: Vec::new(), priorities, ..request };
    let refused = client.change(request).await.unwrap_err();
    assert!(told(&refused).contains("priorities: 10001 are more than 10000"), "{refused}");
    drop(client);
    server.stop().await;
}

/// A stream whose answers nobody reads is not read either, once it holds what it may.
#[tokio::test]
async fn a_stream_whose_answers_nobody_reads_holds_little() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let (answer, mut requests) = raw.begin(STREAM, &[]).await.unwrap();
    let request = |n: usize| {
        let lines = (0..100)
            .map(|line| proto::OrderLine { line: line.to_string(), ..valves(&n.to_string()) });
        framed_message(&proto::PromiseRequest { lines: lines.collect(), ..Default::default() })
    };
    // As many as have their room, with what lies in the windows: then nothing moves any more.
    let (mut n_sent, patience) = (0, std::time::Duration::from_secs(2));
    while tokio::time::timeout(patience, send(&mut requests, request(n_sent), false)).await.is_ok()
    {
        n_sent += 1;
    }
    let n_done = server.engine().pin().position;
    assert!(n_done <= 400, "{n_done} commands of 100 lines, and nobody has read an answer");
    assert!(n_sent < 1_000, "{n_sent}");
    assert_eq!(raw.call(CHECK, &[], framed_message(&check_of(1))).await.unwrap().0, "0");
    drop((answer, requests, raw));
    server.stop().await;
}

/// All together: what one connection holds another one cannot.
#[tokio::test]
async fn connections_and_all_together_have_their_limits() {
    let limits = Limits {
        bytes_a_call: 8 << 20,
        bytes_a_connection: 2 << 20,
        bytes_under_way: 3 << 20,
        ..Limits::default()
    };
    let server = Server::tiny_within(limits).await;
    // Each announces a message and sends none of it.
    let mut waiting = Vec::new();
    for want in ["", "bytes_under_way"] {
        let mut raw = Raw::connect(&server.url).await;
        let (answer, mut stream) = raw.begin(CHECK, &[]).await.unwrap();
        send(&mut stream, Bytes::from_static(&[0, 0, 0x1c, 0, 0]), false).await.unwrap();
        if !want.is_empty() {
            let (_, (code, words)) = status(answer.await.unwrap()).await;
            assert!(code == "8" && words.contains(want), "{code} {words}");
            continue;
        }
        // The first has its place; a second call of its connection has not.
        let (code, words) =
            raw.call(CHECK, &[], Bytes::from_static(&[0, 0, 0x1c, 0, 0])).await.unwrap();
        assert!(code == "8" && words.contains("bytes_a_connection"), "{code} {words}");
        waiting.push((raw, answer, stream));
    }
    drop(waiting);
    server.stop().await;
}

/// One caller's worst beside an innocent one: whatever it is, the innocent one is answered.
#[tokio::test]
async fn one_callers_worst_beside_an_innocent_one() {
    let server = Server::tiny().await;
    let mut innocent = Raw::connect(&server.url).await;
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let mut raw = Raw::connect(&server.url).await;
        let mut open = Vec::new();
        for _ in 0..dice.up_to(30) {
            let path = [CHECK, STREAM, "/promised.v1.ScenarioService/Change", "/x"][dice.up_to(4)];
            let Ok((answer, mut stream)) = raw.begin(path, &[("grpc-timeout", "2S")]).await else {
                break;
            };
            let bytes: Bytes = match dice.up_to(6) {
                0 => framed(&[0x0a, 0x00].repeat(50_000)),
                1 => framed(&(0..200).map(|_| dice.next().to_le_bytes()[0]).collect::<Vec<_>>()),
                2 => Bytes::from_static(&[1, 0xff, 0xff, 0xff, 0xff]),
                3 => Bytes::from_static(&[0, 0, 1]),
                4 => framed_message(&check_of(50)),
                _ => vec![0; 40_000].into(),
            };
            stream.reserve_capacity(bytes.len());
            let _sent = stream.send_data(bytes, dice.up_to(2) == 0);
            if dice.up_to(3) == 0 {
                stream.send_reset(h2::Reason::CANCEL);
            }
            open.push((answer, stream));
        }
        let answered = innocent.call(CHECK, &[], framed_message(&check_of(1))).await;
        assert_eq!(answered.expect("it is there").0, "0", "seed {seed}");
    }
    drop(innocent);
    server.stop().await;
}
