//! Many snapshots served one after the other, old ones pruned, the power cut again and again: what is read back
//! is what was there, and nothing that was done before is done again.

use super::{
    disk::Disk,
    engine_support::{Hands, command},
    push,
};
use promised::{
    change::Change,
    engine::{
        CancelCommand, Config, Engine, RearrangeCommand, SnapshotSource,
        refresh::{
            Accepted, Aim, CameBy, RefreshOutcome, RefreshSettings, Refresher, Store, Submission,
            source,
        },
    },
    ledger::{audit, digest, reservation::Force},
    loader,
    snapshot::Snapshot,
};
use std::{path::Path, sync::Arc};

/// A lot of valves, another number in each snapshot.
fn tables(n: usize) -> tempfile::TempDir {
    let valves = |_: String| {
        let quantity = 400 + n;
        format!("item,location,quantity\nPUMP,HAM,90\nBODY,BER,10\nVALVE,HAM,{quantity}\n")
    };
    push::copy(&format!("tiny-{n}"), &[("on_hand.csv", &valves)])
}

fn load(dir: &Path) -> Arc<Snapshot> {
    Arc::new(loader::open(dir, &loader::Silent).unwrap().snapshot.unwrap())
}

fn config(hands: &Hands, data: &Path, checkpoint_every: u64) -> Config {
    let snapshots: SnapshotSource = source(Some(data));
    Config { snapshots, checkpoint_every, by: || Some("desk".into()), ..hands.config() }
}

/// The power goes: another engine begins with what is durable at this instant.
fn again(disk: &Disk, data: &Path, given: &Arc<Snapshot>) -> Engine {
    let disk = disk.cut();
    let (journal, _) = disk.open().unwrap();
    let config = config(&Hands::default(), data, u64::MAX);
    Engine::start(Arc::clone(given), Box::new(journal), config).unwrap()
}

fn promise(engine: &Engine, id: &str) -> u64 {
    let mut command = command(id, &[("VALVE", 2), ("PUMP", 1)]);
    for line in &mut command.request.lines {
        (line.order, line.location) = (id.to_string(), Some("HAM".to_string()));
    }
    engine.promise(command).wait().unwrap().position
}

fn more_valves() -> RearrangeCommand {
    // Without promises that change hands it holds for any snapshot.
    let cells = [("item", "VALVE"), ("location", "HAM"), ("quantity", "7")];
    let cell = |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
    let changes = vec![[Change::read(0, "on_hand_adjusted", cell).unwrap()].into()];
    RearrangeCommand {
        request_id: "R".into(),
        changes,
        exchanges: vec![],
        planned_on: None,
        asked: None,
        told: None,
        undoes: None,
        deadline: None,
    }
}

fn submit(refresher: &Refresher, dir: &Path) {
    let force = Force { by: "test".into(), why: "the numbers jump".into() };
    let aim = Aim::Force(force);
    let submission = Submission { tables: dir.to_path_buf(), way: CameBy::Push, aim };
    assert_eq!(refresher.submit(&submission).unwrap().outcome, RefreshOutcome::Activated);
}

/// Twenty refreshes with promises, cancellations and a rearrangement between them; the power is cut after each.
#[test]
fn many_refreshes_and_a_restart_after_each() {
    let (disk, hands) = (Disk::seeded(7), Hands::default());
    let data = tempfile::tempdir().unwrap();
    let dirs: Vec<_> = (0..21).map(tables).collect();
    let first = load(dirs[0].path());
    let (journal, _) = disk.open().unwrap();
    let config = config(&hands, data.path(), 3);
    let engine = Engine::start(Arc::clone(&first), Box::new(journal), config).unwrap();
    let settings = RefreshSettings { keep_snapshots: 2, ..RefreshSettings::default() };
    let store = Store::open(Some(data.path())).unwrap();
    let refresher = Refresher::new(engine.clone(), store, settings).unwrap();
    refresher.started_with(dirs[0].path(), Default::default()).unwrap();
    let mut rearranged = None;
    for (n, dir) in dirs.iter().enumerate().skip(1) {
        hands.set(n as i64 * 60);
        promise(&engine, &format!("A{n}"));
        if n == 9 {
            rearranged = Some(engine.rearrange(more_valves()).wait().unwrap());
            promise(&engine, "after R");
        }
        submit(&refresher, dir.path());
        promise(&engine, &format!("B{n}"));
        if n % 4 == 0 {
            let number = engine.pin().next_number() - 2;
            let request_id = format!("C{n}");
            let cancel = CancelCommand { request_id, number, quantity: None, deadline: None };
            engine.cancel(cancel).wait().unwrap();
        }
        let live = digest::of(&engine.pin());
        let other = again(&disk, data.path(), &first);
        let world = other.pin();
        assert_eq!(digest::of(&world), live, "L6 after refresh {n}");
        assert_eq!(world.snapshot.id(), format!("tiny-{n}"));
        assert_eq!(audit::divergences(&world), [], "L2");
        // On whose word stands in entries and in checkpoints.
        assert_eq!(world.made_by(1), Some("desk"));
        // Commands before the checkpoint are known too, those of another snapshot, and a rearrangement.
        let before = world.position;
        assert!(promise(&other, "A1") < before);
        if let Some(position) = rearranged {
            assert_eq!(other.rearrange(more_valves()).wait().unwrap(), position);
        }
        assert_eq!(other.pin().position, before, "a repetition does nothing");
        let needed = other.snapshots_needed().unwrap();
        other.stop();
        let kept = refresher.store();
        assert!(needed.iter().all(|id| kept.has(id)), "{needed:?} are needed");
    }
    engine.stop();
    let kept = refresher.store().list().unwrap().len();
    assert!(kept < 10, "{kept} of 21 are kept: old ones go");
}

/// What takes new data in for an engine that was started with a directory of tables.
fn started_with(engine: &Engine, data: &Path, tables: &Path) -> Arc<Refresher> {
    let store = Store::open(Some(data)).unwrap();
    let refresher = Refresher::new(engine.clone(), store, RefreshSettings::default()).unwrap();
    refresher.started_with(tables, Default::default()).unwrap();
    refresher
}

/// The process ends when the next snapshot is kept, and before the journal says that it serves.
#[test]
fn a_snapshot_that_did_not_come_to_serve_is_taken_in_at_the_next_start() {
    let disk = Disk::seeded(11);
    let data = tempfile::tempdir().unwrap();
    let dirs: Vec<_> = (0..2).map(tables).collect();
    let first = load(dirs[0].path());
    let engine = again(&disk, data.path(), &first);
    let refresher = started_with(&engine, data.path(), dirs[0].path());
    let about = |id: &str| Accepted {
        snapshot_id: id.into(),
        as_of: "2026-11-23".into(),
        accepted_at: "2026-11-23T00:00:00Z".into(),
        rows: Default::default(),
    };
    refresher.store().accept(&about("tiny-1"), dirs[1].path()).unwrap();
    // Another one was not even kept in full.
    let half = data.path().join("snapshots/tiny-2.half");
    std::fs::create_dir(&half).unwrap();
    let text = std::fs::read_to_string(refresher.store().path("tiny-1").join(".accepted.json"));
    std::fs::write(half.join(".accepted.json"), text.unwrap().replace("tiny-1", "tiny-2")).unwrap();
    engine.stop();

    for (given, serves) in [(0, "tiny-0"), (1, "tiny-1"), (0, "tiny-1"), (1, "tiny-1")] {
        let (journal, _) = disk.open().unwrap();
        let config = config(&Hands::default(), data.path(), 3);
        let engine = Engine::start(Arc::clone(&first), Box::new(journal), config).unwrap();
        let refresher = started_with(&engine, data.path(), dirs[given].path());
        assert_eq!(engine.pin().snapshot.id(), serves, "started with tiny-{given}");
        let kept = refresher.store().list().unwrap();
        assert!(kept.iter().all(|one| one.snapshot_id != "tiny-2"), "{kept:?}");
        engine.stop();
    }
}
