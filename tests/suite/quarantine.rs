//! What is suspicious about a snapshot, limit by limit; and which of the old ones are kept.

use super::{
    engine_support::Hands,
    push::{copy, tiny},
};
use promised::{
    engine::{
        Commitment, Completeness, Config, Engine, PromiseCommand,
        refresh::{
            self, Aim, CameBy, JumpLimits, RefreshOutcome, RefreshRecord, RefreshSettings,
            Refresher, Store, Submission,
        },
    },
    journal::{Journal, Local, Memory},
    ledger::digest,
    loader,
    model::Quantity,
    promising::request::{OrderLine, Remedies, Request},
};
use std::{path::Path, sync::Arc, time::Duration};

fn config() -> Config {
    let hands = Hands::default();
    hands.set(8 * 3_600);
    hands.config()
}

/// An engine that serves tiny, with all that takes new data in.
pub fn serve(
    journal: Box<dyn Journal>,
    data: Option<&Path>,
    settings: RefreshSettings,
) -> (Engine, Arc<Refresher>) {
    serve_by(config(), journal, (data, settings))
}

fn serve_by(
    config: Config,
    journal: Box<dyn Journal>,
    (data, settings): (Option<&Path>, RefreshSettings),
) -> (Engine, Arc<Refresher>) {
    let loaded = loader::open(&tiny(), &loader::Silent).unwrap();
    let config = Config { snapshots: refresh::source(data), ..config };
    let engine = Engine::start(Arc::new(loaded.snapshot.unwrap()), journal, config).unwrap();
    let store = Store::open(data).unwrap();
    let refresher = Refresher::new(engine.clone(), store, settings).unwrap();
    let rows = loaded.rows.into_iter().map(|(table, rows)| (table.to_string(), rows)).collect();
    refresher.started_with(&tiny(), rows).unwrap();
    (engine, refresher)
}

fn promise(engine: &Engine, order: &str) {
    let line = OrderLine::new(order, "VALVE", Quantity::units(1), "2026-12-10".parse().unwrap());
    let command = PromiseCommand {
        request_id: String::new(),
        request: Request {
            lines: vec![line],
            objective: None,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        },
        commitment: Commitment::Confirm,
        completeness: Completeness::AllOrNothing,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    };
    assert_eq!(engine.promise(command).wait().unwrap().reservations.iter().flatten().count(), 1);
}

fn submit(refresher: &Arc<Refresher>, tables: &Path) -> Arc<RefreshRecord> {
    let tables = tables.to_path_buf();
    refresher.submit(&Submission { tables, way: CameBy::Push, aim: Aim::Activate }).unwrap()
}

const NO_LIMITS: JumpLimits = JumpLimits {
    on_hand_down_percent: 100,
    supply_down_percent: 100,
    tables_vanished: false,
    names_vanished: false,
    promises_dropped_percent: 100,
};

type Change<'a> = (&'a str, &'a dyn Fn(String) -> String);

/// Held by these limits alone, with these words; taken in without them.
#[track_caller]
fn check(changes: &[Change<'_>], limits: JumpLimits, want: &str) {
    let made = copy("next", changes);
    for (quarantine, outcome) in
        [(limits, RefreshOutcome::Quarantined), (NO_LIMITS, RefreshOutcome::Activated)]
    {
        let settings = RefreshSettings { quarantine, ..RefreshSettings::default() };
        let (engine, refresher) = serve(Box::new(Memory::default()), None, settings);
        promise(&engine, "A");
        let before = engine.pin();
        let record = submit(&refresher, made.path());
        assert_eq!((record.outcome, record.errors), (outcome, 0), "{:?}", record.faults);
        if outcome == RefreshOutcome::Quarantined {
            assert_eq!(record.suspicions, [want]);
            // That it was held back is noted in the journal, after the answer perhaps: the world has a new position.
            let (before, now) = (&before.snapshot, &engine.pin().snapshot);
            assert!(Arc::ptr_eq(before, now), "the very same data serve");
            assert!(refresher.store().quarantined("next").exists());
            let kept = refresher.record(Some(record.number)).unwrap().unwrap();
            assert_eq!(kept.suspicions, [want]);
        } else {
            assert_eq!(engine.pin().snapshot.id(), "next");
        }
        engine.stop();
    }
}

#[test]
fn stock_that_is_gone_is_suspicious() {
    check(
        &[("on_hand.csv", &|_| "item,location,quantity\nPUMP,HAM,3\nVALVE,HAM,5\n".into())],
        JumpLimits { on_hand_down_percent: 50, ..NO_LIMITS },
        "the total on hand is down by 55 percent; 50 are allowed",
    );
}

#[test]
fn supply_that_is_gone_is_suspicious() {
    check(
        &[("supplies.csv", &|text| text.replace("2026-12-01,20", "2026-12-01,8"))],
        JumpLimits { supply_down_percent: 59, ..NO_LIMITS },
        "the total of scheduled supply is down by 60 percent; 59 are allowed",
    );
}

#[test]
fn a_table_that_is_empty_is_suspicious() {
    let header = |text: String| format!("{}\n", text.lines().next().unwrap());
    check(
        &[("supplies.csv", &header)],
        JumpLimits { tables_vanished: true, ..NO_LIMITS },
        "table supplies had 1 rows and has none",
    );
}

#[test]
fn an_item_with_promises_that_is_gone_is_suspicious() {
    let without = |text: String| {
        text.lines()
            .filter(|line| !line.contains("VALVE"))
            .map(|line| format!("{line}\n"))
            .collect()
    };
    let files = ["items.csv", "on_hand.csv", "supplies.csv", "demands.csv", "item_suppliers.csv"];
    let changes = files.map(|file| (file, &without as &dyn Fn(String) -> String));
    check(
        &changes,
        JumpLimits { names_vanished: true, ..NO_LIMITS },
        "1 item with promises vanished: VALVE",
    );
}

/// Waits until the journal has checkpoints that do not need a snapshot any more.
fn wait_until_unneeded(engine: &Engine, id: &str) {
    while engine.snapshots_needed().unwrap().contains(id) {
        engine.tick().wait().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

#[test]
fn the_last_snapshots_are_kept_and_no_more() {
    let (hands, settings) =
        (Hands::default(), RefreshSettings { keep_snapshots: 4, ..RefreshSettings::default() });
    let by = (None, settings);
    let (engine, refresher) = serve_by(hands.config(), Box::new(Memory::default()), by);
    let id = |n: i64| if n == 0 { engine.pin().snapshot.id().to_string() } else { format!("s{n}") };
    let ids: Vec<_> = (0..=8).map(id).collect();
    for n in 1..=8 {
        hands.set(8 * 3_600 + i64::try_from(n).unwrap());
        assert_eq!(
            submit(&refresher, copy(&ids[n], &[]).path()).outcome,
            RefreshOutcome::Activated
        );
        if 2 <= n {
            wait_until_unneeded(&engine, &ids[n - 2]);
        }
    }
    let kept = refresher.store().list().unwrap();
    let kept: Vec<_> = kept.iter().map(|kept| kept.snapshot_id.as_str()).collect();
    assert_eq!(kept, ["s8", "s7", "s6", "s5"]);
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(refresher.find(id).is_ok(), 5 <= n, "whether one can go back to {id}");
        assert!(refresher.store().has_served(id), "that {id} has served is not forgotten");
    }
    engine.stop();
}

#[test]
fn no_snapshot_that_a_restart_needs_is_removed() {
    let data = tempfile::tempdir().unwrap();
    let settings = RefreshSettings { keep_snapshots: 1, ..RefreshSettings::default() };
    let journal = || Box::new(Local::open(data.path()).unwrap().0);
    let (engine, refresher) = serve(journal(), Some(data.path()), settings.clone());
    for n in 0..5 {
        promise(&engine, &format!("O{n}"));
        let record = submit(&refresher, copy(&format!("s{n}"), &[]).path());
        assert_eq!(record.outcome, RefreshOutcome::Activated);
        let needed = engine.snapshots_needed().unwrap();
        assert!(needed.contains(&format!("s{n}")), "{needed:?}");
        for id in &needed {
            assert!(refresher.store().has(id), "{id} of {needed:?}");
        }
    }
    let digest = digest::of(&engine.pin());
    engine.stop();
    drop((engine, refresher));

    let (engine, refresher) = serve(journal(), Some(data.path()), settings);
    assert_eq!(digest::of(&engine.pin()), digest, "L6, over five swaps");
    assert_eq!(engine.pin().snapshot.id(), "s4");
    promise(&engine, "after");
    assert_eq!(refresher.record(None).unwrap().unwrap().number, 5, "tiny came in before");
    engine.stop();
}

/// A data set that is replaced every hour must not grow the server by one each time.
#[test]
fn a_generation_that_nobody_reads_any_more_is_freed() {
    let settings = RefreshSettings { quarantine: NO_LIMITS, ..RefreshSettings::default() };
    let (engine, refresher) = serve(Box::new(Memory::default()), None, settings);
    promise(&engine, "A");
    let mut generations = Vec::new();
    for id in ["second", "third", "fourth"] {
        generations.push(Arc::downgrade(&engine.pin().snapshot));
        submit(&refresher, copy(id, &[]).path());
        promise(&engine, id);
    }
    let held = || generations.iter().filter(|one| one.upgrade().is_some()).count();
    for _ in 0..200 {
        if held() == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(held(), 0, "of {} that served before", generations.len());
    engine.stop();
}
