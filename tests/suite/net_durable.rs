//! Net change through the engine and a journal on a disk: once a request id, and there again after a restart.

use super::{
    change_random::change,
    disk::{Disk, Fault},
    engine_support::{Hands, command},
    ledger_book::TABLES,
    ledger_model::snapshot,
};
use promised::{
    change::Change,
    engine::{Engine, Error, NetCommand, Steps},
    journal::Journal,
    ledger::digest,
    model::Day,
};
use std::sync::Arc;

fn one(cells: &[(&'static str, &str)]) -> Change {
    change(&cells.iter().map(|(name, text)| (*name, text.to_string())).collect::<Vec<_>>())
}

fn net(request_id: &str, changes: Vec<Change>) -> NetCommand {
    let request_id = request_id.to_string();
    NetCommand {
        request_id,
        changes,
        source: None,
        known_at: None,
        position: None,
        after: None,
        deadline: None,
    }
}

fn on_hand(quantity: &str) -> Change {
    one(&[("change", "on_hand_set"), ("item", "PUMP"), ("location", "BER"), ("quantity", quantity)])
}

fn open(disk: &Disk, checkpoint_every: u64) -> (Engine, Steps) {
    let (journal, _) = disk.open().unwrap();
    let config = promised::engine::Config { checkpoint_every, ..Hands::default().config() };
    Engine::stepped(Arc::new(snapshot(TABLES)), Box::new(journal), config).unwrap()
}

#[test]
fn changes_are_live_once_and_there_again_after_a_restart() {
    // With a checkpoint before the changes, and with one behind them.
    for checkpoint_every in [1_000, 2] {
        let disk = Disk::seeded(7);
        let (engine, mut steps) = open(&disk, checkpoint_every);
        let promised = engine.promise(command("A", &[("PUMP", 4)]));
        steps.settle().unwrap();
        promised.wait().unwrap();
        let demand = one(&[
            ("change", "demand_created"),
            ("demand", "O1/1"),
            ("item", "PUMP"),
            ("location", "BER"),
            ("date", "2026-11-23"),
            ("quantity", "4"),
        ]);
        let first = engine.change(net("B", vec![demand.clone(), on_hand("7")]));
        steps.settle().unwrap();
        let first = first.wait().unwrap();
        assert_eq!((first.position, first.changed.judged.len()), (2, 1));
        assert_eq!(first.changed.at_risk().into_iter().collect::<Vec<_>>(), [1]);
        let pump = |engine: &Engine| {
            let world = engine.pin();
            let item = world.snapshot.items.names.get("PUMP").unwrap();
            let place = world.snapshot.locations.names.get("BER").unwrap();
            world.profile(world.snapshot.stock(item, place)).available(Day(0)).to_string()
        };
        assert_eq!(pump(&engine), "0");
        let faulty = engine.change(net("", vec![on_hand("9"), on_hand("10")]));
        steps.settle().unwrap();
        assert!(matches!(faulty.wait(), Err(Error::Faulty(faults)) if faults.len() == 1));
        let live = digest::of(&engine.pin());
        drop((engine, steps));

        let (engine, mut steps) = open(&disk, checkpoint_every);
        assert_eq!(digest::of(&engine.pin()), live, "every {checkpoint_every}");
        let again = engine.change(net("B", vec![demand.clone(), on_hand("7")]));
        let other = engine.change(net("B", vec![on_hand("7")]));
        let more = engine.change(net("C", vec![on_hand("20")]));
        steps.settle().unwrap();
        let again = again.wait().unwrap();
        assert_eq!((again.position, &again.changed), (2, &first.changed));
        assert!(matches!(other.wait(), Err(Error::RequestIdReused { .. })));
        assert_eq!(more.wait().unwrap().changed.eased, [1]);
        assert_eq!(pump(&engine), "12");
    }
}

/// How many units of PUMP a world has at once, and how many hours of PAINT on the second day.
fn told(engine: &Engine) -> (String, String) {
    let world = engine.pin();
    let snapshot = &world.snapshot;
    let item = snapshot.items.names.get("PUMP").unwrap();
    let place = snapshot.locations.names.get("BER").unwrap();
    let paint = snapshot.resources.names.get("PAINT").unwrap();
    let paint = snapshot.capacity(snapshot.resources.rows[paint].capacity);
    let pumps = world.profile(snapshot.stock(item, place)).available(Day(0));
    (pumps.to_string(), world.profile(paint).available(Day(1)).to_string())
}

#[test]
fn a_crash_at_any_sync_leaves_all_of_a_list_or_nothing_of_it() {
    let lists = |n: u32| {
        let hours = n.to_string();
        let cells = [("resource", "PAINT"), ("date", "2026-11-24"), ("quantity", &hours)];
        let paint = [&[("change", "capacity_set")], &cells[..]].concat();
        net(&format!("N{n}"), vec![on_hand(&(20 + n).to_string()), one(&paint)])
    };
    let mut crashed = 0;
    for fault in [Fault::Before, Fault::Torn, Fault::After, Fault::Failed] {
        for sync in 1..=7 {
            let disk = Disk::seeded(sync);
            let (engine, mut steps) = open(&disk, 2);
            disk.plan(sync, fault);
            let mut acknowledged = 0;
            for n in 1..=4 {
                let answer = engine.change(lists(n));
                if steps.settle().is_err() {
                    crashed += 1;
                    break;
                }
                answer.wait().unwrap();
                acknowledged = n;
            }
            drop((engine, steps));
            disk.restart();
            let (engine, mut steps) = open(&disk, 2);
            // 20 and more on hand, 9 demanded on the fourth day, 5 supplied.
            let all = |n: u32| ((16 + n).to_string(), n.to_string());
            let untouched = ("6".to_string(), "8".to_string());
            let may = [acknowledged, acknowledged + 1]
                .map(|n| if n == 0 { untouched.clone() } else { all(n) });
            assert!(
                may.contains(&told(&engine)),
                "{fault:?} at {sync}: {:?} of {may:?}",
                told(&engine)
            );
            let again = engine.change(lists(acknowledged + 1));
            steps.settle().unwrap();
            again.wait().unwrap();
            assert_eq!(told(&engine), all(acknowledged + 1), "done once, then or now");
            assert_eq!(engine.pin().position, u64::from(acknowledged) + 1);
        }
    }
    assert!(20 < crashed, "{crashed}");
}

#[test]
fn a_restart_reads_past_swaps_and_changes_before_its_checkpoint() {
    let disk = Disk::seeded(8);
    let (engine, mut steps) = open(&disk, 2);
    for n in 0..7 {
        let done = engine.change(net(&format!("N{n}"), vec![on_hand(&(10 + n).to_string())]));
        steps.settle().unwrap();
        done.wait().unwrap();
    }
    let live = digest::of(&engine.pin());
    drop((engine, steps));
    let (journal, _) = disk.open().unwrap();
    assert!(journal.reader().checkpoints().unwrap().into_iter().max() >= Some(4));
    drop(journal);
    let (engine, _steps) = open(&disk, 2);
    assert_eq!(digest::of(&engine.pin()), live);
}
