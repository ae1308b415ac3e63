//! New data while serving: push, quarantine, roll back, records; over gRPC, against a real server.

use super::{engine_support::Hands, rpc::Server};
use promised::{
    engine::{
        Commitment, Completeness, PromiseCommand,
        refresh::{Aim, CameBy, RefreshOutcome, Submission, Watcher},
    },
    journal::codec::check_sum,
    ledger::reservation::Force,
    model::Quantity,
    promising::request::{OrderLine, Request},
    rpc::proto::{
        self,
        push_request::{Begin, Chunk, Finish, Part},
        refresh_summary::Outcome as Wire,
        snapshot_service_client::SnapshotServiceClient,
    },
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tonic::Code;

pub fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny")
}

/// A copy of the tiny snapshot under another id, with some files changed.
pub fn copy(id: &str, changes: &[(&str, &dyn Fn(String) -> String)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(tiny()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("orders") || name.ends_with(".md") {
            continue;
        }
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if name == "manifest.json" {
            let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
            manifest["snapshot_id"] = id.into();
            text = manifest.to_string();
        }
        if let Some((_, change)) = changes.iter().find(|(file, _)| *file == name) {
            text = change(text);
        }
        fs::write(dir.path().join(name), text).unwrap();
    }
    write_last(dir.path());
    dir
}

/// Has the manifest of a directory be written after all else in it.
fn write_last(dir: &Path) {
    let manifest = dir.join("manifest.json");
    fs::write(&manifest, fs::read(&manifest).unwrap()).unwrap();
}

/// The messages that push a directory, each file in two chunks.
pub fn chunks(id: &str, dir: &Path, finish: Finish) -> Vec<proto::PushRequest> {
    let mut parts = vec![Part::Begin(Begin { snapshot_id: id.to_string(), files: Vec::new() })];
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let file = entry.file_name().into_string().unwrap();
        let data = fs::read(entry.path()).unwrap();
        let half = data.len() / 2;
        for (offset, data, last) in [(0, &data[..half], false), (half, &data[half..], true)] {
            let crc32c = u32::from_le_bytes(check_sum(data));
            let (file, offset) = (file.clone(), offset as u64);
            parts.push(Part::Chunk(Chunk { file, offset, data: data.to_vec(), crc32c, last }));
        }
    }
    parts.push(Part::Finish(finish));
    parts.into_iter().map(|part| proto::PushRequest { part: Some(part) }).collect()
}

async fn push(
    server: &Server,
    parts: Vec<proto::PushRequest>,
) -> Result<proto::RefreshSummary, tonic::Status> {
    let mut client = SnapshotServiceClient::new(server.channel());
    let answer = client.push(tokio_stream::iter(parts)).await?;
    Ok(answer.into_inner().summary.unwrap())
}

/// A server at eight in the morning of tiny's date: what is promised is newer than the snapshot.
async fn server() -> Server {
    let hands = Hands::default();
    hands.set(8 * 3_600);
    Server::tiny_with(hands.config()).await
}

/// Promises two valves, and gives how many reservations that made: none once they are sold out.
async fn promise(server: &Server, order: &str) -> usize {
    let line = OrderLine::new(order, "VALVE", Quantity::units(2), "2026-11-25".parse().unwrap());
    let command = PromiseCommand {
        request_id: String::new(),
        request: Request {
            lines: vec![line],
            objective: None,
            alternatives: 0,
            remedies: Default::default(),
            now: None,
        },
        commitment: Commitment::Confirm,
        completeness: Completeness::AllOrNothing,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    };
    let outcome = server.engine().promise(command).await.unwrap();
    outcome.reservations.iter().flatten().count()
}

#[tokio::test]
async fn a_pushed_snapshot_serves_and_promises_are_carried_over() {
    let server = server().await;
    promise(&server, "A").await;
    let dir = copy("tiny-2", &[]);
    let summary = push(&server, chunks("tiny-2", dir.path(), Finish::default())).await.unwrap();
    assert_eq!(summary.outcome(), Wire::Activated, "{summary:?}");
    assert_eq!((summary.carried, summary.absorbed, summary.dropped, summary.at_risk), (1, 0, 0, 0));
    assert_eq!((summary.generation, summary.sequence), (2, 2));
    let world = server.engine().pin();
    assert_eq!((world.snapshot.id(), world.position), ("tiny-2", 2));
    promise(&server, "B").await;

    let mut client = SnapshotServiceClient::new(server.channel());
    let status = client.get_status(proto::GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((status.generation, status.promises_live, status.promises_at_risk), (2, 2, 0));
    assert_eq!(status.version.unwrap().snapshot_id, "tiny-2");
    let request = proto::GetReconciliationRequest { number: summary.number };
    let record = client.get_reconciliation(request).await.unwrap().into_inner();
    assert_eq!(record.carried, ["P1"]);

    let activate = proto::ActivateRequest { snapshot_id: "tiny".into(), force: None };
    let kept = client.list(proto::ListSnapshotsRequest {}).await.unwrap().into_inner().snapshots;
    let first = kept.last().unwrap().snapshot_id.clone();
    let activate = proto::ActivateRequest { snapshot_id: first.clone(), ..activate };
    let back = client.activate(activate).await.unwrap().into_inner().summary.unwrap();
    assert_eq!((back.outcome(), back.carried, back.generation), (Wire::Activated, 2, 3));
    assert_eq!(server.engine().pin().snapshot.id(), first);
}

#[tokio::test]
async fn a_broken_snapshot_changes_nothing_but_the_report() {
    let server = server().await;
    promise(&server, "A").await;
    let before = server.engine().pin();
    let broken = copy("broken", &[("on_hand.csv", &|text| text + "NOSUCH,HAM,5\n")]);
    let summary = push(&server, chunks("broken", broken.path(), Finish::default())).await.unwrap();
    assert_eq!(summary.outcome(), Wire::Quarantined);
    assert!(0 < summary.errors && summary.faults.iter().any(|fault| fault.contains("on_hand row")));
    let empty =
        copy("empty", &[("on_hand.csv", &|text| format!("{}\n", text.lines().next().unwrap()))]);
    let summary = push(&server, chunks("empty", empty.path(), Finish::default())).await.unwrap();
    assert_eq!((summary.outcome(), summary.errors), (Wire::Quarantined, 0));
    assert!(summary.suspicions[0].starts_with("table on_hand had"), "{:?}", summary.suspicions);
    let after = server.engine().pin();
    // That they were held is noted; what is planned on and what is promised is the very same.
    assert!(std::sync::Arc::ptr_eq(&before.snapshot, &after.snapshot));
    let promises = |world: &promised::ledger::World| -> Vec<_> {
        world.reservations_from(0).cloned().collect()
    };
    assert_eq!(promises(&before), promises(&after));

    let force = Some(proto::Force { by: "ann".into(), why: "sold out".into() });
    let activate = proto::ActivateRequest { snapshot_id: "empty".into(), force };
    let mut client = SnapshotServiceClient::new(server.channel());
    let forced = client.activate(activate).await.unwrap().into_inner().summary.unwrap();
    assert_eq!((forced.outcome(), forced.at_risk), (Wire::Activated, 1));
    assert_eq!((&*forced.forced_by, &*forced.forced_why), ("ann", "sold out"));
}

#[tokio::test]
async fn an_interrupted_push_is_resumed_and_damage_is_seen() {
    let server = server().await;
    let dir = copy("tiny-2", &[]);
    let mut parts = chunks("tiny-2", dir.path(), Finish::default());
    let rest = parts.split_off(5);
    let broken = push(&server, parts).await.unwrap_err();
    assert_eq!(broken.code(), Code::Aborted);
    let mut client = SnapshotServiceClient::new(server.channel());
    let request = proto::GetUploadRequest { snapshot_id: "tiny-2".into() };
    let there = client.get_upload(request).await.unwrap().into_inner().files;
    assert_eq!(there.len(), 2);
    for file in &there {
        let bytes = fs::read(dir.path().join(&file.file)).unwrap();
        assert_eq!(
            (file.length, file.crc32c),
            (bytes.len() as u64, u32::from_le_bytes(check_sum(&bytes)))
        );
    }
    let begin = Part::Begin(Begin { snapshot_id: "tiny-2".into(), ..Default::default() });
    let mut resumed = vec![proto::PushRequest { part: Some(begin) }];
    resumed.extend(rest);
    let mut damaged = resumed.clone();
    if let Some(Part::Chunk(chunk)) = &mut damaged[1].part {
        chunk.data.push(b'x');
    }
    assert_eq!(push(&server, damaged).await.unwrap_err().code(), Code::DataLoss);
    assert_eq!(push(&server, resumed).await.unwrap().outcome(), Wire::Activated);
}

#[tokio::test]
async fn what_is_not_a_push_is_named() {
    let server = server().await;
    let chunk = |file: &str| {
        let (data, crc32c) = (Vec::new(), u32::from_le_bytes(check_sum(b"")));
        let part = Part::Chunk(Chunk { file: file.into(), offset: 0, data, crc32c, last: true });
        proto::PushRequest { part: Some(part) }
    };
    let begin = proto::PushRequest {
        part: Some(Part::Begin(Begin { snapshot_id: "x".into(), ..Default::default() })),
    };
    for parts in [
        vec![chunk("items.csv")],
        vec![begin.clone(), chunk("../items.csv")],
        vec![begin.clone(), chunk(".hidden")],
        vec![begin.clone(), begin.clone()],
        vec![begin.clone(), proto::PushRequest { part: None }],
    ] {
        assert_eq!(push(&server, parts).await.unwrap_err().code(), Code::InvalidArgument);
    }
    let force = Finish { aim: proto::Aim::Force.into(), force: None };
    let dir = copy("y", &[]);
    let parts = chunks("y", dir.path(), force);
    assert_eq!(push(&server, parts).await.unwrap_err().code(), Code::InvalidArgument);
    let validate = Finish { aim: proto::Aim::Validate.into(), force: None };
    let validated = push(&server, chunks("y", dir.path(), validate)).await.unwrap();
    assert_eq!(validated.outcome(), Wire::Validated);
    let mut client = SnapshotServiceClient::new(server.channel());
    let unknown = proto::ActivateRequest { snapshot_id: "nobody".into(), force: None };
    assert_eq!(client.activate(unknown).await.unwrap_err().code(), Code::NotFound);
    let unknown = proto::GetReconciliationRequest { number: 99 };
    assert_eq!(client.get_reconciliation(unknown).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn an_id_that_came_before_is_not_taken_for_other_data() {
    let server = server().await;
    let one = copy("tiny-2", &[]);
    let pushed = push(&server, chunks("tiny-2", one.path(), Finish::default())).await.unwrap();
    assert_eq!(pushed.outcome(), Wire::Activated);
    let other = copy("tiny-2", &[("on_hand.csv", &|text| text + "SEAL,HAM,5\n")]);
    let refused = push(&server, chunks("tiny-2", other.path(), Finish::default())).await;
    assert_eq!(refused.unwrap_err().code(), Code::AlreadyExists);
    // The same data may come again, in whatever order.
    let again = push(&server, chunks("tiny-2", one.path(), Finish::default())).await.unwrap();
    assert_eq!((again.outcome(), again.generation), (Wire::Activated, 3));
    // The one that was loaded at the start is kept as it was, too.
    let first = server.refresher().store().list().unwrap().last().unwrap().snapshot_id.clone();
    let edited = chunks(
        &first,
        copy(&first, &[("on_hand.csv", &|text| text + "SEAL,HAM,5\n")]).path(),
        Finish::default(),
    );
    assert_eq!(push(&server, edited).await.unwrap_err().code(), Code::AlreadyExists);
}

#[tokio::test]
async fn what_appears_in_a_watched_directory_is_taken_in_once_it_is_complete() {
    let server = server().await;
    let (refresher, dir) = (Arc::clone(server.refresher()), tempfile::tempdir().unwrap());
    tokio::task::spawn_blocking(move || {
        let mut watcher = Watcher::new(dir.path());
        let serves = || refresher.engine().pin().snapshot.id().to_string();
        let first = serves();
        assert_eq!(watcher.look(&refresher), 0, "nothing is there");
        let made = copy("watched", &[("on_hand.csv", &|text| text + "SEAL,HAM,5\n")]);
        let appears = dir.path().join("one");
        fs::create_dir(&appears).unwrap();
        for entry in fs::read_dir(made.path()).unwrap() {
            let name = entry.unwrap().file_name();
            if name != "manifest.json" {
                fs::copy(made.path().join(&name), appears.join(&name)).unwrap();
            }
        }
        assert_eq!((watcher.look(&refresher), watcher.look(&refresher)), (0, 0), "no manifest yet");
        fs::copy(made.path().join("manifest.json"), appears.join("manifest.json")).unwrap();
        assert_eq!((watcher.look(&refresher), serves()), (0, first), "it may still be written");
        assert_eq!((watcher.look(&refresher), serves()), (1, "watched".to_string()));
        assert_eq!(watcher.look(&refresher), 0, "once");
        // Written anew, with a fault: it is looked at again, and held.
        let items = fs::read_to_string(appears.join("on_hand.csv")).unwrap();
        fs::write(appears.join("on_hand.csv"), items + "NOSUCH,HAM,5\n").unwrap();
        write_last(&appears);
        assert_eq!((watcher.look(&refresher), watcher.look(&refresher)), (0, 1));
        assert_eq!(serves(), "watched");
        let record = refresher.record(None).unwrap().unwrap();
        assert_eq!(
            (record.outcome, record.way, record.errors),
            (RefreshOutcome::Quarantined, CameBy::Watch, 1)
        );
        fs::remove_dir_all(dir.path()).unwrap();
        assert_eq!(watcher.look(&refresher), 0, "a directory that is gone is no reason to stop");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_before_a_restart_is_not_taken_in_again() {
    let server = server().await;
    let (refresher, dir) = (Arc::clone(server.refresher()), tempfile::tempdir().unwrap());
    let appears = |id: &str| {
        let made = copy(id, &[]);
        fs::rename(made.keep(), dir.path().join(id)).unwrap();
    };
    appears("one");
    let looks = |watcher: &mut Watcher| [watcher.look(&refresher), watcher.look(&refresher)];
    let watched = tokio::task::block_in_place(|| {
        let taken = looks(&mut Watcher::new(dir.path()));
        let pushed = copy("pushed", &[]);
        let submission = Submission {
            tables: pushed.path().to_path_buf(),
            way: CameBy::Push,
            aim: Aim::Activate,
        };
        assert_eq!(refresher.submit(&submission).unwrap().outcome, RefreshOutcome::Activated);
        // As after a restart: somebody looks who has seen nothing yet.
        let mut watcher = Watcher::new(dir.path());
        let again = looks(&mut watcher);
        assert_eq!(refresher.engine().pin().snapshot.id(), "pushed", "it is not gone back from");
        appears("two");
        [taken, again, looks(&mut watcher)]
    });
    assert_eq!(watched, [[0, 1], [0, 0], [0, 1]]);
    assert_eq!(refresher.engine().pin().snapshot.id(), "two");
}

/// Issue 26 item 4: how directories come to be, and what is taken in while they do.
#[tokio::test(flavor = "multi_thread")]
async fn directories_that_are_renamed_copied_slowly_or_away_for_a_while_are_watched_safely() {
    let server = server().await;
    let (refresher, dir) = (Arc::clone(server.refresher()), tempfile::tempdir().unwrap());
    tokio::task::block_in_place(|| {
        let root = dir.path().join("share");
        fs::create_dir(&root).unwrap();
        let serves = || refresher.engine().pin().snapshot.id().to_string();
        let mut watcher = Watcher::new(&root);
        let mut looks = |n: usize| (0..n).map(|_| watcher.look(&refresher)).sum::<usize>();
        // A tool that renames: under another name it is none yet.
        for name in ["week.tmp", ".week", "week.partial"] {
            fs::rename(copy("renamed", &[]).keep(), root.join(name)).unwrap();
        }
        assert_eq!(looks(4), 0, "none of them is done");
        fs::rename(root.join("week.tmp"), root.join("week")).unwrap();
        assert_eq!((looks(2), serves()), (1, "renamed".to_string()));
        // Under yet another name it is the same.
        fs::rename(root.join("week"), root.join("week-48")).unwrap();
        assert_eq!(looks(4), 0);
        // One that copies slowly, without order: the manifest is there before the tables.
        let made = copy("slow", &[]);
        let slow = root.join("slow");
        fs::create_dir(&slow).unwrap();
        fs::copy(made.path().join("manifest.json"), slow.join("manifest.json")).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        for entry in fs::read_dir(made.path()).unwrap() {
            let name = entry.unwrap().file_name();
            if name != "manifest.json" {
                assert_eq!(looks(4), 0, "before {name:?}");
                fs::copy(made.path().join(&name), slow.join(&name)).unwrap();
            }
        }
        assert_eq!((looks(10), serves()), (0, "renamed".to_string()), "it may still be written");
        assert_eq!((looks(1), serves()), (1, "slow".to_string()));
        // A file that is on its way under another name.
        fs::rename(copy("last", &[]).keep(), root.join("last")).unwrap();
        fs::write(root.join("last/.on_hand.csv.Xa31bC"), "item,loc").unwrap();
        assert_eq!(looks(12), 0, "on_hand is not done");
        fs::remove_file(root.join("last/.on_hand.csv.Xa31bC")).unwrap();
        assert_eq!((looks(2), serves()), (1, "last".to_string()));
        // A share that goes away and comes back, with other times of what was there.
        let away = dir.path().join("away");
        fs::rename(&root, &away).unwrap();
        assert_eq!(looks(2), 0);
        for name in ["week-48", "slow", "last"] {
            write_last(&away.join(name));
        }
        fs::rename(copy("next", &[]).keep(), away.join("next")).unwrap();
        fs::rename(&away, &root).unwrap();
        assert_eq!((looks(1), serves()), (0, "last".to_string()), "as if seen for the first time");
        assert_eq!((looks(1), serves()), (1, "next".to_string()), "and nothing is gone back to");
        assert_eq!(looks(4), 0);
    });
}

#[test]
fn promises_go_on_while_snapshots_are_swapped() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(server());
    let refresher = server.refresher();
    let submit = |dir: &tempfile::TempDir| {
        let tables = dir.path().to_path_buf();
        let force = Force { by: "test".into(), why: "test".into() };
        let submission = Submission { tables, way: CameBy::Watch, aim: Aim::Force(force) };
        refresher.submit_in_background(submission)
    };
    let dirs: Vec<_> = (0..6).map(|n| copy(&format!("tiny-{n}"), &[])).collect();
    let (mut asked, mut made) = (0, 0);
    for dir in &dirs {
        let handle = submit(dir);
        while !handle.is_finished() {
            asked += 1;
            made += runtime.block_on(promise(&server, &format!("O{asked}")));
        }
        assert_eq!(handle.join().unwrap().unwrap().outcome, RefreshOutcome::Activated);
    }
    assert!(0 < made);
    let world = server.engine().pin();
    assert_eq!(world.n_reservations(), made);
    assert_eq!(promised::ledger::audit::divergences(&world), [], "L2");
    assert_eq!(promised::ledger::audit::overdrawn(&world), [], "L1");
    assert_eq!(world.generation(), 7);
}
