//! Issue 18 item 11: a full disk is known before it hurts, and a data directory that is gone is noticed.

use super::super::{
    disk::Disk,
    edge::process::{Place, listed, request, said},
    engine_support::{Hands, command},
    ledger_book, ledger_model,
};
use promised::{
    engine::{Config, Engine, Error, Stopped},
    ledger::digest,
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, mpsc},
};

fn started(disk: &Disk, config: Config) -> Engine {
    let (journal, _) = disk.open().unwrap();
    let snapshot = Arc::new(ledger_model::snapshot(ledger_book::TABLES));
    Engine::start(snapshot, Box::new(journal), config).unwrap()
}

fn promise(engine: &Engine, id: &str) -> Result<usize, Error> {
    let outcome = engine.promise(command(id, &[("PUMP", 1)])).wait()?;
    Ok(outcome.reservations.iter().flatten().count())
}

/// Commands are refused while nothing can be allocated, reads and first answers go on, and so do commands as soon as
/// there is room; what was acknowledged is there after a restart.
#[test]
fn a_full_disk_refuses_commands_and_nothing_else() {
    let disk = Disk::default();
    let engine = started(&disk, Hands::default().config());
    assert_eq!(promise(&engine, "one").unwrap(), 1);
    disk.set_room(false);
    // The journal hears of it with the next group at the latest.
    assert_eq!(promise(&engine, "two").unwrap(), 1);
    assert!(matches!(promise(&engine, "three"), Err(Error::DiskFull)));
    let position = engine.pin().position;
    assert_eq!(promise(&engine, "one").unwrap(), 1, "a first answer needs no room");
    assert!(matches!(promise(&engine, "four"), Err(Error::DiskFull)));
    assert_eq!(engine.pin().position, position);
    disk.set_room(true);
    // It is looked for room each second.
    while matches!(promise(&engine, "five"), Err(Error::DiskFull)) {
        std::thread::yield_now();
    }
    let digest = digest::of(&engine.pin());
    engine.stop();
    disk.restart();
    let engine = started(&disk, Hands::default().config());
    assert_eq!(digest::of(&engine.pin()), digest);
    engine.stop();
}

/// Holds that are due stay until there is room for their ends.
#[test]
fn nothing_expires_where_there_is_no_room_for_it() {
    let (disk, hands) = (Disk::default(), Hands::default());
    let engine = started(&disk, hands.config());
    let hold = promised::engine::Commitment::Hold { for_seconds: 60 };
    let held = promised::engine::PromiseCommand { commitment: hold, ..command("", &[("PUMP", 1)]) };
    engine.promise(held).wait().unwrap();
    disk.set_room(false);
    assert_eq!(promise(&engine, "last").unwrap(), 1);
    hands.set(3_600);
    let position = engine.tick().wait().unwrap();
    assert_eq!(engine.tick().wait().unwrap(), position);
    disk.set_room(true);
    while engine.tick().wait().unwrap() == position {
        std::thread::yield_now();
    }
    engine.stop();
}

/// A directory that is gone is noticed where nothing is done, and no command is acknowledged into it.
#[test]
fn a_journal_that_has_lost_its_place_ends_the_engine() {
    for is_idle in [true, false] {
        let disk = Disk::default();
        let (tell, told) = mpsc::channel();
        let on_stop = Box::new(move |why| drop(tell.send(why)));
        let engine = started(&disk, Config { on_stop, ..Hands::default().config() });
        assert_eq!(promise(&engine, "one").unwrap(), 1);
        disk.lose();
        if !is_idle {
            assert!(matches!(promise(&engine, "two"), Err(Error::OutcomeUnknown | Error::Stopped)));
        }
        let why = told.recv().unwrap();
        assert!(matches!(why, Stopped::Journal(_)), "{why:?}");
        engine.stop();
    }
}

/// Another file system at a path, until this is dropped; nothing where we may not mount.
struct Mounted(PathBuf);

impl Mounted {
    fn tmpfs(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"]).arg(at);
        let is_mounted = mount.output().is_ok_and(|done| done.status.success());
        is_mounted.then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Fills a disk to the last block.
fn fill(at: &Path) {
    let mut ballast = fs::File::create(at).unwrap();
    for size in [1 << 20, 4_096, 1] {
        while ballast.write_all(&vec![1; size]).is_ok() {}
    }
}

/// On the real binary: commands are refused by reason, reads go on, room comes back, and a restart finds all.
#[tokio::test]
async fn a_server_on_a_full_disk_goes_on_when_there_is_room() {
    let place = Place::new();
    let data = place.dir.path().join("data");
    let Some(_disk) = Mounted::tmpfs(&data, "48m") else { return };
    let server = place.start(&[]).await;
    server.promises().promise(request("1", 1.0)).await.unwrap();
    fill(&data.join("ballast"));
    let mut n = 1;
    let refused = loop {
        n += 1;
        match server.promises().promise(request(&n.to_string(), 0.001)).await {
            Ok(_) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(said(&refused), "ResourceExhausted DISK_FULL");
    let acknowledged = listed(&server).await.len();
    assert_eq!(acknowledged, n - 1);
    fs::remove_file(data.join("ballast")).unwrap();
    while server.promises().promise(request("after", 1.0)).await.is_err() {
        tokio::task::yield_now().await;
    }
    server.kill();
    let server = place.start(&[]).await;
    assert_eq!(listed(&server).await.len(), acknowledged + 1);
    server.kill();
}

/// On the real binary: the directory is removed, or something is mounted over it; exit code 74, and what was
/// acknowledged is there when it is back.
#[tokio::test]
async fn a_server_without_its_directory_ends() {
    let place = Place::new();
    let data = place.dir.path().join("data");
    let server = place.start(&[]).await;
    server.promises().promise(request("1", 1.0)).await.unwrap();
    fs::rename(&data, place.dir.path().join("elsewhere")).unwrap();
    assert_eq!(server.exit().await.0, Some(74));
    fs::rename(place.dir.path().join("elsewhere"), &data).unwrap();
    let server = place.start(&[]).await;
    assert_eq!(listed(&server).await.len(), 1);
    let Some(over) = Mounted::tmpfs(&data, "32m") else { return server.kill() };
    let refused = server.promises().promise(request("2", 1.0)).await.unwrap_err();
    assert!(matches!(refused.code(), tonic::Code::Unavailable), "{refused}");
    assert_eq!(server.exit().await.0, Some(74));
    drop(over);
    let server = place.start(&[]).await;
    // It may have become durable, but nobody was told so.
    assert!(listed(&server).await.iter().any(|(order, _)| order == "O-1"));
    server.kill();
}
