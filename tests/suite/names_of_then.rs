//! A repeated request hears its first answer in the names of then, whatever the snapshot that serves by now has lost or
//! numbers otherwise (L4).

use super::engine_support::{Hands, cancel, command, line};
use super::ledger_model::snapshot_named;
use promised::{
    engine::{ChangeOutcome, Config, Engine, PromiseOutcome},
    journal::{Journal, Local, Memory},
    ledger::{Reservation, World, refresh::Refresh},
    snapshot::Snapshot,
};
use std::{path::Path, sync::Arc, time::Duration};

fn snapshot(id: &str, items: &[&str]) -> Arc<Snapshot> {
    let rows = |of: &dyn Fn(&str) -> String| -> String {
        items.iter().map(|item| format!("\n{}", of(item))).collect()
    };
    let all = format!("item{}", rows(&|item| item.to_string()));
    let on_hand = format!("item,location,quantity{}", rows(&|item| format!("{item},BER,10")));
    let tables =
        [("items", all.as_str()), ("locations", "location\nBER"), ("on_hand", on_hand.as_str())];
    Arc::new(snapshot_named(id, "2026-11-23", None, &tables))
}

fn start(
    hands: &Hands,
    data: Option<&Path>,
    (given, other): (&Arc<Snapshot>, &Arc<Snapshot>),
) -> Engine {
    let other = Arc::clone(other);
    let kept = move |id: &str| (other.id() == id).then(|| (*other).clone());
    let config = Config {
        keep_over_for: Duration::from_secs(100),
        checkpoint_every: 1,
        snapshots: Arc::new(kept),
        ..hands.config()
    };
    let journal: Box<dyn Journal> = match data {
        Some(data) => Box::new(Local::open(data).unwrap().0),
        None => Box::new(Memory::default()),
    };
    Engine::start(Arc::clone(given), journal, config).unwrap()
}

fn names(world: &World, found: &Reservation) -> String {
    let snapshot = &world.snapshot;
    let name = |item| snapshot.items.names.name(item);
    let legs = found.facts.legs.iter().map(|leg| name(leg.item));
    let accounts = found.postings.iter().map(|posting| snapshot.account_name(posting.account));
    let all: Vec<String> = legs.map(str::to_string).chain(accounts).collect();
    format!("{} {} {}", found.id(), name(found.facts.item), all.join(" "))
}

fn say(done: &PromiseOutcome) -> String {
    let legs = done.promise.lines.iter().flat_map(|line| line.option.iter());
    let legs = legs.flat_map(|option| &option.legs);
    let legs = legs.map(|leg| done.world.snapshot.items.names.name(leg.item).to_string());
    let of = |found: &Arc<Reservation>| names(&done.world, found);
    let all = done.reservations.iter().flatten().map(of).chain(legs).collect::<Vec<_>>();
    format!("{} at {}", all.join(", "), done.position)
}

fn say_change(done: &ChangeOutcome) -> String {
    format!("{} at {}", names(&done.world, &done.reservation), done.position)
}

fn answers(engine: &Engine) -> [String; 3] {
    let promised = engine.promise(command("R1", &[("ALONE", 2)])).wait().unwrap();
    let cancelled = engine.cancel(cancel("R2", 1, None)).wait().unwrap();
    let mut command = command("R3", &[]);
    command.request.lines = vec![promised_line()];
    let other = engine.promise(command).wait().unwrap();
    [say(&promised), say_change(&cancelled), say(&other)]
}

fn promised_line() -> promised::promising::request::OrderLine {
    let mut line = line("PUMP", 1);
    line.order = "O2".to_string();
    line
}

fn swap(engine: &Engine, next: &Arc<Snapshot>) {
    let refresh = Refresh::begin(&engine.pin(), Arc::clone(next)).unwrap();
    engine.swap(Box::new(refresh), None).wait().unwrap();
}

#[test]
fn a_repeated_request_hears_its_first_answer_in_the_names_of_then() {
    let data = tempfile::tempdir().unwrap();
    let hands = Hands::default();
    let one = snapshot("one", &["ALONE", "PUMP", "VALVE"]);
    let two = snapshot("two", &["VALVE", "PUMP"]);
    let engine = start(&hands, Some(data.path()), (&one, &two));
    let first = answers(&engine);
    assert!(first[0].starts_with("P1 ALONE ALONE ALONE@BER"), "{first:?}");
    hands.set(101);
    engine.tick().wait().unwrap();
    assert!(engine.pin().reservation(1).is_none(), "it is forgotten");
    assert_eq!(answers(&engine), first);
    // Its item goes, and the others are numbered otherwise.
    swap(&engine, &two);
    assert!(engine.pin().snapshot.items.names.get("ALONE").is_none());
    assert_eq!(answers(&engine), first, "by those who did it");
    engine.stop();
    let again = start(&hands, Some(data.path()), (&two, &one));
    let position = again.pin().position;
    assert_eq!(answers(&again), first, "after a restart");
    assert_eq!(again.pin().position, position, "a repetition does nothing");
    swap(&again, &one);
    assert_eq!(answers(&again), first, "where the names are back");
    again.stop();
}

/// A server without `--data` keeps entries as they were made: a repetition hears them in the names of then too.
#[test]
fn what_is_kept_in_memory_is_told_in_the_names_of_then() {
    let hands = Hands::default();
    let one = snapshot("one", &["ALONE", "PUMP", "VALVE"]);
    let two = snapshot("two", &["VALVE", "PUMP"]);
    let engine = start(&hands, None, (&one, &two));
    let first = answers(&engine);
    hands.set(101);
    engine.tick().wait().unwrap();
    swap(&engine, &two);
    assert_eq!(answers(&engine), first, "by those who did it");
    // What was done before the swap is in the journal by now.
    let other = engine.promise(command("R4", &[("PUMP", 1)])).wait().unwrap();
    assert_eq!(answers(&engine), first, "from the journal");
    swap(&engine, &one);
    let again = engine.promise(command("R4", &[("PUMP", 1)])).wait().unwrap();
    assert_eq!(say(&again), say(&other));
    assert_eq!(answers(&engine), first, "where the names are back");
    engine.stop();
}
