//! Issue 18 item 8: what callers hear when something is not done, each clause of it.

use super::{
    super::{
        disk::Disk,
        engine_support::{Shared, command},
        ledger_book,
        rpc::{Server, told, valves},
    },
    raw::{Raw, framed, framed_message, send, status},
};
use bytes::Bytes;
use promised::{
    engine::{Commitment, Engine, PromiseCommand},
    journal::{self, Batch, Journal, Reader},
    rpc::proto::{self, scenario_service_client::ScenarioServiceClient},
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tonic::{Code, codec::CompressionEncoding::Gzip};

const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";
const STREAM: &str = "/promised.v1.PromiseService/PromiseStream";

/// A call of which the server hears the deadline first, before its request is there.
#[tokio::test]
async fn a_deadline_that_the_server_notices_is_told_as_one() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    for path in [CHECK, STREAM] {
        let (answer, _stream) = raw.begin(path, &[("grpc-timeout", "20m")]).await.unwrap();
        let (_, (code, words)) = status(answer.await.unwrap()).await;
        assert_eq!(code, "4", "{path}: {words}");
        assert!(words.starts_with("the deadline passed"), "{words}");
    }
    drop(raw);
    server.stop().await;
}

/// Announced as too large, too large when unpacked, or with more than a call may hold.
#[tokio::test]
async fn what_is_too_large_is_resource_exhausted_with_the_figure() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let announced = Bytes::from_static(&[0, 0x05, 0, 0, 0]);
    let (code, words) = raw.call(CHECK, &[], announced).await.unwrap();
    assert_eq!(
        (code.as_str(), words.as_str()),
        ("8", "a request has at most 67108864 bytes; this one has 83886080; divide it")
    );
    let mut client = server.promises().send_compressed(Gzip);
    let lines = vec![proto::OrderLine { item: "X".repeat(65 << 20), ..valves("A") }];
    let request = proto::CheckAvailabilityRequest { lines, ..Default::default() };
    let refused = client.check_availability(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    assert!(refused.message().contains("67108864 bytes"), "{refused}");
    drop((raw, client));
    server.stop().await;
}

#[tokio::test]
async fn a_method_that_there_is_not_is_named() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    for path in ["/promised.v1.PromiseService/Promis", "/promised.v1.PromisService/Promise"] {
        let (code, words) = raw.call(path, &[], framed(&[])).await.unwrap();
        let want = format!("there is no method {path}; server reflection names those there are");
        assert_eq!((code.as_str(), words), ("12", want));
    }
    drop(raw);
    server.stop().await;
}

#[tokio::test]
async fn metadata_of_64_kib_is_carried() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let value = "v".repeat(64 << 10);
    let request =
        proto::CheckAvailabilityRequest { lines: vec![valves("A")], ..Default::default() };
    let (code, words) =
        raw.call(CHECK, &[("x-trace", &value)], framed_message(&request)).await.unwrap();
    assert_eq!(code, "0", "{words}");
    drop(raw);
    server.stop().await;
}

/// Every fault of an amendment, under the field that holds it.
#[tokio::test]
async fn an_amendment_names_all_that_is_wrong_with_its_line() {
    let server = Server::tiny().await;
    let mut client = server.promises();
    let request = proto::PromiseRequest { lines: vec![valves("A")], ..Default::default() };
    let promised = client.promise(request).await.unwrap().into_inner();
    let id = promised.promises[0].promise_id.clone();
    let amend = |line| proto::AmendRequest {
        promise_id: id.clone(),
        line: Some(line),
        ..Default::default()
    };
    let wrong = proto::OrderLine { order: "B".into(), line: "2".into(), ..valves("A") };
    let refused = client.amend(amend(wrong.clone())).await.unwrap_err();
    assert_eq!(
        told(&refused),
        "InvalidArgument INVALID_FIELDS\n\
         line.order: \"B\" is not \"A\", the key of what was promised\n\
         line.line: \"2\" is not \"1\", the key of what was promised"
    );
    let wrong = proto::OrderLine { item: "NONE".into(), customer: "NOBODY".into(), ..wrong };
    let refused = client.amend(amend(wrong)).await.unwrap_err();
    let fields: Vec<_> = told(&refused)
        .lines()
        .skip(1)
        .map(|line| line.split(':').next().unwrap().to_string())
        .collect();
    assert_eq!(fields, ["line.order", "line.line", "line.item", "line.customer"]);
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn priorities_and_names_that_make_no_sense_are_refused() {
    let server = Server::tiny().await;
    let mut client = server.promises();
    for (line, want) in [
        (
            proto::OrderLine { priority: Some(0), ..valves("A") },
            "lines[0].priority: 0 is not a priority from 1, the most important, to 1000000000",
        ),
        (
            proto::OrderLine { priority: Some(-5), ..valves("A") },
            "lines[0].priority: -5 is not a priority from 1, the most important, to 1000000000",
        ),
        (valves("D\0\n"), "lines[0].order: \"D\\0\\n\" has control characters in it"),
        (
            proto::OrderLine { ship_set: "\u{1b}[2J".into(), ..valves("A") },
            "lines[0].ship_set: \"\\u{1b}[2J\" has control characters in it",
        ),
    ] {
        let request = proto::PromiseRequest { lines: vec![line], ..Default::default() };
        let refused = client.promise(request).await.unwrap_err();
        assert_eq!(told(&refused), format!("InvalidArgument INVALID_FIELDS\n{want}"));
    }
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let made = scenarios.create(proto::CreateScenarioRequest::default()).await.unwrap();
    let request = proto::ChangeScenarioRequest {
        scenario_id: made.into_inner().scenario_id,
        priorities: vec![proto::OrderPriority {
            order: "A".into(),
            priority: Some(0),
            ..Default::default()
        }],
        ..Default::default()
    };
    let refused = scenarios.change(request).await.unwrap_err();
    assert!(told(&refused).contains("priorities[0].priority: 0 is not"), "{}", told(&refused));
    drop((client, scenarios));
    server.stop().await;
}

/// Bytes that are no message, alone and in the middle of a stream: what came before is answered.
#[tokio::test]
async fn bytes_that_cannot_be_decoded_are_the_callers_fault() {
    let server = Server::tiny().await;
    let mut raw = Raw::connect(&server.url).await;
    let (code, words) = raw.call(CHECK, &[], framed(&[0xff, 0xff])).await.unwrap();
    assert_eq!(code, "3");
    assert!(words.starts_with("the request is no promised.v1.CheckAvailabilityRequest"), "{words}");
    // No message at all, half of one, and one packed in a way that was not said.
    for bytes in [&[][..], &[0, 0, 0, 0, 9, 1], &[1, 0, 0, 0, 1, 1], &[7, 0, 0, 0, 1, 1]] {
        let (code, words) = raw.call(CHECK, &[], Bytes::from_static(bytes)).await.unwrap();
        assert_eq!(code, "3", "{bytes:?}: {words}");
    }
    let (answer, mut stream) = raw.begin(STREAM, &[]).await.unwrap();
    let good = proto::PromiseRequest { lines: vec![valves("A")], ..Default::default() };
    send(&mut stream, framed_message(&good), false).await.unwrap();
    send(&mut stream, framed(&[0xff, 0xff]), false).await.unwrap();
    let (messages, (code, words)) = status(answer.await.unwrap()).await;
    assert_eq!((messages.len(), code.as_str()), (1, "3"), "{words}");
    drop((raw, stream));
    server.stop().await;
}

/// A process that is killed while nothing is under way has nothing cut off.
#[test]
fn a_killed_idle_server_has_lost_no_batch() {
    let disk = Disk::default();
    let (journal, _) = disk.open().unwrap();
    // As a kill does: nothing is closed.
    std::mem::forget(journal);
    disk.restart();
    let (_journal, opened) = disk.open().unwrap();
    assert_eq!((opened.position, opened.cut), (0, false));
}

/// A journal that counts how many entries come at once.
#[derive(Clone, Default)]
struct Counting(Shared, std::sync::Arc<parking_lot::Mutex<Vec<usize>>>);

impl Journal for Counting {
    fn position(&self) -> u64 {
        self.0.position()
    }
    fn append(&mut self, batch: Batch<'_>) -> Result<(), journal::Error> {
        self.1.lock().push(batch.entries.len());
        self.0.append(batch)
    }
    fn put_part(&mut self, at: u64, part: u32, bytes: &[u8]) -> Result<(), journal::Error> {
        self.0.put_part(at, part, bytes)
    }
    fn seal(&mut self, at: u64, n_parts: u32) -> Result<(), journal::Error> {
        self.0.seal(at, n_parts)
    }
    fn forget_before(&mut self, position: u64) -> Result<(), journal::Error> {
        self.0.forget_before(position)
    }
    fn reader(&self) -> std::sync::Arc<dyn Reader> {
        self.0.reader()
    }
}

/// Ten thousand holds that end in the same instant end in several groups, each as large as others.
#[test]
fn holds_that_are_due_together_end_in_bounded_groups() {
    let hands = super::super::engine_support::Hands::default();
    let journal = Counting::default();
    // Houses of any size: ten thousand lines may ship on one day.
    let any_size = |&(name, rows): &(&'static str, &'static str)| match name {
        "locations" => (name, "location\nBER\nHAM"),
        _ => (name, rows),
    };
    let tables: Vec<_> = ledger_book::TABLES.iter().map(any_size).collect();
    let snapshot = std::sync::Arc::new(super::super::ledger_model::snapshot(&tables));
    let engine = Engine::start(snapshot, Box::new(journal.clone()), hands.config()).unwrap();
    let n = 10_000;
    let held: Vec<_> = (0..n)
        .map(|_| {
            let hold = Commitment::Hold { for_seconds: 60 };
            engine.promise(PromiseCommand { commitment: hold, ..small("") })
        })
        .collect();
    let held = held.into_iter().filter(|_| true).map(|answer| answer.wait().unwrap());
    let n_held = held.filter(|outcome| outcome.reservations[0].is_some()).count();
    assert_eq!(n_held, n);
    journal.1.lock().clear();
    // Time passes step by step: a leap would move the holds.
    (0..125).for_each(|_| {
        hands.pass(1);
        engine.tick().wait().unwrap();
    });
    let mut before = 0;
    while before != engine.tick().wait().unwrap() {
        before = engine.pin().position;
    }
    let sizes = journal.1.lock().clone();
    assert_eq!(sizes.iter().sum::<usize>(), n);
    assert!(sizes.iter().all(|size| *size <= 4_096), "{sizes:?}");
    engine.stop();
}

/// A promise of next to nothing.
fn small(id: &str) -> PromiseCommand {
    let mut small = command(id, &[("PUMP", 1)]);
    small.request.lines[0].quantity = promised::model::Quantity::micros(1);
    small
}

/// A panic of whoever reads a journal is no damage of the store.
#[test]
fn a_panic_of_ours_is_not_told_as_a_damaged_store() {
    let book = super::super::journal_local::history();
    let disk = Disk::default();
    let (mut journal, _) = disk.open().unwrap();
    super::super::journal_local::append(&mut journal, &book, &book.entries).unwrap();
    let reader = journal.reader();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        reader.read_from(1, &mut |_| panic!("as this test wants it"))
    }));
    let words = panicked.unwrap_err().downcast_ref::<&str>().copied();
    assert_eq!(words, Some("as this test wants it"));
    // And it reads on.
    let mut n = 0;
    reader
        .read_from(1, &mut |_| {
            n += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(n, book.entries.len());
}
