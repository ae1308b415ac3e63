//! Net change through the engine and a journal on a disk: once a request id, and there again after a restart.

use super::{
    change_random::change,
    disk::Disk,
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
    NetCommand { request_id, changes, source: None, known_at: None, deadline: None }
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
