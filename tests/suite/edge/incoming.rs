//! Item 5: what comes in is whole, is what was meant, is what serves after a restart, and is not lost.

use super::process::{Place, said};
use crate::{
    engine_support::Hands,
    push::{copy, tiny},
    rpc::Server,
};
use jiff::SignedDuration;
use promised::{
    engine::{
        Config, Engine,
        refresh::{
            self, Aim, CameBy, RefreshOutcome, RefreshRecord, RefreshSettings, Refresher, Store,
            Submission, Watcher,
        },
    },
    journal::{Memory, codec::check_sum},
    loader,
    rpc::proto::{
        self,
        push_request::{Begin, Chunk, Finish, Part, begin},
        refresh_summary::Outcome as Wire,
        snapshot_service_client::SnapshotServiceClient,
    },
};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Eight in the morning of tiny's date.
fn morning() -> Hands {
    let hands = Hands::default();
    hands.set(8 * 3_600);
    hands
}

/// An engine that serves tiny, with a store in a directory.
fn serve(hands: &Hands, data: &Path, config: Config) -> (Engine, Arc<Refresher>) {
    let loaded = loader::open(&tiny(), &loader::Silent).unwrap();
    let config = Config { snapshots: refresh::source(Some(data)), clock: hands.clock(), ..config };
    let journal = Box::new(Memory::default());
    let engine = Engine::start(Arc::new(loaded.snapshot.unwrap()), journal, config).unwrap();
    let store = Store::open(Some(data)).unwrap();
    let refresher = Refresher::new(engine.clone(), store, RefreshSettings::default()).unwrap();
    let rows = loaded.rows.into_iter().map(|(table, rows)| (table.to_string(), rows)).collect();
    refresher.started_with(&tiny(), rows).unwrap();
    (engine, refresher)
}

fn submit(refresher: &Arc<Refresher>, tables: &Path, aim: Aim) -> Arc<RefreshRecord> {
    let (tables, way) = (tables.to_path_buf(), CameBy::Watch);
    refresher.submit(&Submission { tables, way, aim }).unwrap()
}

/// Changes a field of the manifest.
fn manifest(field: &'static str, value: serde_json::Value) -> impl Fn(String) -> String {
    move |text| {
        let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        manifest[field] = value.clone();
        manifest.to_string()
    }
}

#[test]
fn what_is_dated_after_now_or_before_the_live_one_is_suspicious() {
    let now = Hands::at(8 * 3_600);
    let mark = |minutes| {
        let at = now + SignedDuration::from_mins(minutes);
        serde_json::json!({"erp": at.to_string()})
    };
    let cases: [(&str, serde_json::Value, Option<&str>); 6] = [
        ("as_of", "2026-11-24".into(), None),
        ("as_of", "2026-11-25".into(), Some("as_of is 2026-11-25, and today is 2026-11-23 (UTC)")),
        (
            "as_of",
            "2026-11-22".into(),
            Some("as_of is 2026-11-22, before 2026-11-23, that of the one that serves"),
        ),
        ("watermarks", mark(5), None),
        (
            "watermarks",
            mark(6),
            Some("the watermark of erp is 2026-11-23T08:06:00Z, and it is 2026-11-23T08:00:00Z"),
        ),
        ("watermarks", mark(-600), None),
    ];
    for (field, value, want) in cases {
        let data = tempfile::tempdir().unwrap();
        let (engine, refresher) = serve(&morning(), data.path(), Config::new());
        let next = copy("next", &[("manifest.json", &manifest(field, value.clone()))]);
        let record = submit(&refresher, next.path(), Aim::Activate);
        let outcome =
            if want.is_some() { RefreshOutcome::Quarantined } else { RefreshOutcome::Activated };
        assert_eq!((record.outcome, record.errors), (outcome, 0), "{field} {value}");
        assert_eq!(record.suspicions, want.map(str::to_string).into_iter().collect::<Vec<_>>());
        engine.stop();
    }
}

#[test]
fn one_that_has_served_may_be_gone_back_to_however_old_it_is() {
    let data = tempfile::tempdir().unwrap();
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    let next = copy("next", &[("manifest.json", &manifest("as_of", "2026-11-24".into()))]);
    assert_eq!(submit(&refresher, next.path(), Aim::Activate).outcome, RefreshOutcome::Activated);
    let tables = refresher.find("tiny").unwrap();
    let back = Submission { tables, way: CameBy::Activate, aim: Aim::Activate };
    assert_eq!(refresher.submit(&back).unwrap().outcome, RefreshOutcome::Activated);
    engine.stop();
}

#[test]
fn too_many_dropped_promises_are_suspicious() {
    let promised = |hands: &Hands, n: usize| {
        let data = tempfile::tempdir().unwrap();
        let (engine, refresher) = serve(hands, data.path(), Config::new());
        for at in 0..n {
            let mut command = crate::engine_support::command("", &[("VALVE", 1)]);
            command.request.lines[0].order = format!("A{at}");
            command.request.lines[0].location = Some("HAM".into());
            command.request.lines[0].requested = "2026-12-10".parse().unwrap();
            assert_eq!(
                engine.promise(command).wait().unwrap().reservations.iter().flatten().count(),
                1
            );
        }
        (data, engine, refresher)
    };
    // The next snapshot knows of all orders up to noon, and has none of these.
    let noon = serde_json::json!({"erp": Hands::at(12 * 3_600).to_string()});
    for (n, want) in [(9, RefreshOutcome::Activated), (12, RefreshOutcome::Quarantined)] {
        let hands = morning();
        let (_data, engine, refresher) = promised(&hands, n);
        hands.set(13 * 3_600);
        let next = copy("next", &[("manifest.json", &manifest("watermarks", noon.clone()))]);
        let record = submit(&refresher, next.path(), Aim::Activate);
        assert_eq!(record.outcome, want, "{n} promises, {:?}", record.suspicions);
        let kept = refresher.store().list().unwrap();
        let is_kept = kept.iter().any(|kept| kept.snapshot_id == "next");
        assert_eq!(
            is_kept,
            want == RefreshOutcome::Activated,
            "a refused one is not kept to serve"
        );
        if want == RefreshOutcome::Quarantined {
            let text =
                format!("{n} of {n} promises still to ship are dropped; 20 percent are allowed");
            assert_eq!(record.suspicions, [text]);
            let force = promised::ledger::reservation::Force { by: "ann".into(), why: "so".into() };
            let tables = refresher.find("next").unwrap();
            let forced = submit(&refresher, &tables, Aim::Force(force));
            assert_eq!(forced.outcome, RefreshOutcome::Activated);
        }
        engine.stop();
    }
}

#[test]
fn a_finished_one_waits_for_its_place_in_a_full_queue() {
    use crate::engine_support::Shared;
    let data = tempfile::tempdir().unwrap();
    let journal = Shared::default();
    let loaded = loader::open(&tiny(), &loader::Silent).unwrap();
    let config = Config { queue_at_most: 1, clock: morning().clock(), ..Config::new() };
    let engine =
        Engine::start(Arc::new(loaded.snapshot.unwrap()), Box::new(journal.clone()), config)
            .unwrap();
    let store = Store::open(Some(data.path())).unwrap();
    let refresher = Refresher::new(engine.clone(), store, RefreshSettings::default()).unwrap();
    journal.close();
    // The journal stands still: one group is with it, one with the writer, and the queue is full.
    let mut waiting = Vec::new();
    loop {
        let asked = engine.cancel(crate::engine_support::cancel("", 9, None));
        let mut asked = asked;
        match crate::simulation::ready(&mut asked) {
            Some(Err(promised::engine::Error::Busy)) if 5_000 < waiting.len() => break,
            Some(_) => (),
            None => waiting.push(asked),
        }
    }
    let next = copy("next", &[]);
    let submission =
        Submission { tables: next.path().to_path_buf(), way: CameBy::Push, aim: Aim::Activate };
    let done = refresher.submit_in_background(submission);
    journal.open();
    assert_eq!(done.join().unwrap().unwrap().outcome, RefreshOutcome::Activated);
    engine.stop();
}

#[test]
fn a_watched_one_that_could_not_be_taken_in_is_tried_again() {
    let data = tempfile::tempdir().unwrap();
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    let watched = tempfile::tempdir().unwrap();
    let next = copy("next", &[]);
    fs::rename(next.keep(), watched.path().join("next")).unwrap();
    // Nothing can be brought in for a while: the place for it is not what it should be.
    let place = data.path().join("incoming");
    fs::remove_dir_all(&place).unwrap();
    fs::write(&place, "").unwrap();
    let mut watcher = Watcher::new(watched.path());
    assert_eq!((0..4).map(|_| watcher.look(&refresher)).sum::<usize>(), 0);
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    assert_eq!((0..9).map(|_| watcher.look(&refresher)).sum::<usize>(), 1, "once");
    assert_eq!(engine.pin().snapshot.id(), "next");
    engine.stop();
}

#[test]
fn a_named_pipe_in_a_watched_directory_blocks_nobody() {
    let data = tempfile::tempdir().unwrap();
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    let watched = tempfile::tempdir().unwrap();
    let (bad, good) = (watched.path().join("bad"), watched.path().join("good"));
    fs::rename(copy("bad", &[]).keep(), &bad).unwrap();
    fs::remove_file(bad.join("on_hand.csv")).unwrap();
    assert!(Command::new("mkfifo").arg(bad.join("on_hand.csv")).status().unwrap().success());
    let mut watcher = Watcher::new(watched.path());
    watcher.look(&refresher);
    assert_eq!(watcher.look(&refresher), 0, "it is no snapshot");
    fs::rename(copy("good", &[]).keep(), &good).unwrap();
    assert_eq!((0..2).map(|_| watcher.look(&refresher)).sum::<usize>(), 1);
    assert_eq!(engine.pin().snapshot.id(), "good");
    engine.stop();
}

#[test]
fn what_serves_is_what_is_kept_and_half_a_copy_is_nothing() {
    let data = tempfile::tempdir().unwrap();
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    let next = copy("next", &[]);
    // A table changes after it was copied, before it is read: what is read is the copy.
    let own = refresher.store().own(next.path()).unwrap();
    fs::write(next.path().join("on_hand.csv"), "item,location,quantity\nPUMP,HAM,900\n").unwrap();
    assert_eq!(submit(&refresher, own.path(), Aim::Activate).outcome, RefreshOutcome::Activated);
    drop(own);
    let kept = refresher.store().path("next");
    let kept = loader::open(&kept, &loader::Silent).unwrap().snapshot.unwrap();
    let of = |snapshot: &promised::snapshot::Snapshot| {
        let item = snapshot.items.names.get("PUMP").unwrap();
        let location = snapshot.locations.names.get("HAM").unwrap();
        snapshot
            .supplies
            .of(snapshot.stock(item, location))
            .iter()
            .map(|one| one.quantity)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&kept), of(&engine.pin().snapshot));
    engine.stop();
    // A process that ended in the middle of a copy: nothing of it can be forced live.
    for part in ["quarantine/torn.half", "snapshots/torn.half", "incoming/%copy-1-1"] {
        let half = data.path().join(part);
        fs::create_dir_all(&half).unwrap();
        fs::copy(tiny().join("items.csv"), half.join("items.csv")).unwrap();
    }
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    assert!(matches!(refresher.find("torn"), Err(refresh::Error::Unknown(_))));
    let left = |part: &str| fs::read_dir(data.path().join(part)).unwrap().count();
    assert_eq!((left("quarantine"), left("incoming")), (0, 0));
    engine.stop();
}

#[test]
fn an_id_of_256_bytes_can_be_kept() {
    let data = tempfile::tempdir().unwrap();
    let (engine, refresher) = serve(&morning(), data.path(), Config::new());
    let id = "ü".repeat(128);
    let next = copy(&id, &[]);
    assert_eq!(submit(&refresher, next.path(), Aim::Activate).outcome, RefreshOutcome::Activated);
    assert!(refresher.store().has(&id) && refresher.store().has_served(&id));
    assert_eq!(engine.pin().snapshot.id(), id);
    engine.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_snapshot_that_was_altered_does_not_serve_again() {
    let place = Place::new();
    let server = place.start(&[]).await;
    server.promises().promise(super::process::request("R1", 1.0)).await.unwrap();
    server.kill();
    let kept = place.dir.path().join("data/snapshots/edge/on_hand.csv");
    let first = fs::read(&kept).unwrap();
    fs::write(&kept, "item,location,quantity\nA,BER,9\nB,BER,9\n").unwrap();
    let start = |arguments: &[&Path]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap()
    };
    let data = place.dir.path().join("data");
    let output = start(&[&data]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("on_hand.csv is not what was accepted: it was altered since"), "{told}");
    // What is written beside it is altered alike: the journal knows better.
    let about = data.join("snapshots/edge/.accepted.json");
    let text = fs::read_to_string(&about).unwrap();
    let mut altered: serde_json::Value = serde_json::from_str(&text).unwrap();
    altered["content"]["on_hand.csv"] = refresh::hash(&kept).unwrap().into();
    fs::write(&about, altered.to_string()).unwrap();
    let output = start(&[&data]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let want = "snapshot \"edge\" is not the one that the journal names";
    assert!(told.contains(want), "{told}");
    // With its tables as they were it serves again.
    fs::write(&kept, first).unwrap();
    fs::write(&about, text).unwrap();
    place.start(&[]).await.kill();
}

/// The messages of a push of some files; each file is whole in one chunk.
fn pushed(id: &str, files: &[(String, Vec<u8>)], listed: bool) -> Vec<Part> {
    let file = |(name, data): &(String, Vec<u8>)| begin::File {
        file: name.clone(),
        length: data.len() as u64,
        crc32c: u32::from_le_bytes(check_sum(data)),
        blake3: blake3::hash(data).to_hex().to_string(),
    };
    let files_told = if listed { files.iter().map(file).collect() } else { Vec::new() };
    let begin = Part::Begin(Begin { snapshot_id: id.to_string(), files: files_told });
    let chunk = |(name, data): &(String, Vec<u8>)| {
        Part::Chunk(Chunk {
            file: name.clone(),
            offset: 0,
            data: data.clone(),
            crc32c: u32::from_le_bytes(check_sum(data)),
            last: true,
        })
    };
    [begin].into_iter().chain(files.iter().map(chunk)).collect()
}

fn files_of(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

async fn push(server: &Server, parts: Vec<Part>) -> Result<proto::RefreshSummary, tonic::Status> {
    let parts = parts.into_iter().map(|part| proto::PushRequest { part: Some(part) });
    let parts: Vec<_> = parts.collect();
    let mut client = SnapshotServiceClient::new(server.channel());
    Ok(client.push(tokio_stream::iter(parts)).await?.into_inner().summary.unwrap())
}

fn finish() -> Part {
    Part::Finish(Finish::default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_pushes_of_one_id_do_not_mix_and_an_aborted_one_leaves_nothing_behind() {
    let server = Server::tiny_with(Config { clock: morning().clock(), ..Config::new() }).await;
    let dir = copy("twice", &[]);
    let files = files_of(dir.path());
    // The first one is under way, with a table that the second one does not have.
    let (sender, receiver) = mpsc::channel(4);
    let extra = [("item_substitutes.csv".to_string(), b"item,substitute\nVALVE,PUMP\n".to_vec())];
    for part in pushed("twice", &extra, false) {
        sender.send(proto::PushRequest { part: Some(part) }).await.unwrap();
    }
    let mut client = SnapshotServiceClient::new(server.channel());
    let first = tokio::spawn(async move { client.push(ReceiverStream::new(receiver)).await });
    let mut snapshots = SnapshotServiceClient::new(server.channel());
    loop {
        let there = proto::GetUploadRequest { snapshot_id: "twice".to_string() };
        if !snapshots.get_upload(there).await.unwrap().into_inner().files.is_empty() {
            break;
        }
    }
    let whole = || [pushed("twice", &files, true), vec![finish()]].concat();
    let refused = push(&server, whole()).await;
    assert_eq!(said(&refused.unwrap_err()), "Aborted PUSH_UNDER_WAY");
    // It is broken off.
    drop(sender);
    let broken = first.await.unwrap().unwrap_err();
    assert_eq!(said(&broken), "Aborted PUSH_INCOMPLETE");
    let summary = push(&server, whole()).await.unwrap();
    assert_eq!(summary.outcome(), Wire::Activated, "{summary:?}");
    assert!(!summary.rows.contains_key("item_substitutes"), "{:?}", summary.rows);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_is_resumed_with_the_files_that_it_names_and_half_a_file_is_none() {
    let server = Server::tiny_with(Config { clock: morning().clock(), ..Config::new() }).await;
    let dir = copy("resumed", &[]);
    let files = files_of(dir.path());
    let broken = push(&server, pushed("resumed", &files, true)).await.unwrap_err();
    assert_eq!(said(&broken), "Aborted PUSH_INCOMPLETE");
    // All files are there, and need not be sent again.
    let begin = pushed("resumed", &files, true).into_iter().take(1);
    let resumed: Vec<_> = begin.chain([finish()]).collect();
    let incomplete = pushed("resumed", &files[1..], true).into_iter().take(1).chain([finish()]);
    drop(incomplete);
    assert_eq!(push(&server, resumed).await.unwrap().outcome(), Wire::Activated);
    // A file that has not come to its end is no table.
    let mut torn = pushed("torn", &files, false);
    if let Some(Part::Chunk(chunk)) = torn.last_mut() {
        chunk.last = false;
    }
    torn.push(finish());
    let refused = push(&server, torn).await.unwrap_err();
    assert_eq!(said(&refused), "FailedPrecondition PUSH_INCOMPLETE");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_id_with_other_data_is_refused_before_the_upload() {
    let server = Server::tiny_with(Config { clock: morning().clock(), ..Config::new() }).await;
    let dir = copy("used", &[]);
    let mut files = files_of(dir.path());
    let whole = [pushed("used", &files, true), vec![finish()]].concat();
    assert_eq!(push(&server, whole.clone()).await.unwrap().outcome(), Wire::Activated);
    // The same data again is no other.
    assert_eq!(push(&server, whole).await.unwrap().outcome(), Wire::Activated);
    files[0].1.push(b'\n');
    // Only the beginning is sent: the answer does not wait for more.
    let begin = pushed("used", &files, true).remove(0);
    let begin = proto::PushRequest { part: Some(begin) };
    let stream = tokio_stream::StreamExt::chain(tokio_stream::once(begin), tokio_stream::pending());
    let refused = SnapshotServiceClient::new(server.channel()).push(stream).await.unwrap_err();
    assert_eq!(said(&refused), "AlreadyExists SNAPSHOT_ID_REUSED");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_source_knows_of_the_future_is_refused() {
    let server = Server::tiny_with(Config { clock: morning().clock(), ..Config::new() }).await;
    let change = |minutes: i64| {
        let at = Hands::at(8 * 3_600 + 60 * minutes);
        let cells = [("item", "PUMP"), ("location", "HAM"), ("quantity", "1")];
        proto::ApplyChangesRequest {
            changes: vec![proto::Change {
                change: "on_hand_adjusted".to_string(),
                cells: cells.map(|(name, text)| (name.to_string(), text.to_string())).into(),
            }],
            known_at: Some(prost_types::Timestamp { seconds: at.as_second(), nanos: 0 }),
            ..Default::default()
        }
    };
    let mut client = SnapshotServiceClient::new(server.channel());
    client.apply_changes(change(5)).await.unwrap();
    let refused = client.apply_changes(change(6)).await.unwrap_err();
    assert_eq!(said(&refused), "InvalidArgument INVALID_FIELDS");
    assert!(refused.message().contains("more than 5 minutes after now"), "{}", refused.message());
    server.stop().await;
}
