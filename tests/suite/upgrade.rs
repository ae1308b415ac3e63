//! Issue 16, item 11 (upgrade): a data directory that commit 677cf1c made opens, says what it said then, and is
//! told once that other rules hold. How it was made stands in `tests/golden/677cf1c/make.sh`.

use super::engine_support::{command, line};
use promised::{
    engine::{Clock, Config, Engine, Error, clock::SteadyTime, refresh::source, selfcheck},
    journal::{Journal, Local},
    ledger::{Fact, World, rules},
    loader,
    promising::request::OrderLine,
    rpc,
    snapshot::Snapshot,
};
use serde_json::Value;
use std::{path::Path, sync::Arc};

/// What 677cf1c left behind.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/677cf1c");

/// The last entry in it.
const LAST: u64 = 20;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for found in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(found.file_name());
        if found.file_type().unwrap().is_dir() {
            copy(&found.path(), &to);
        } else {
            std::fs::copy(found.path(), to).unwrap();
        }
    }
}

fn directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&Path::new(GOLDEN).join("data"), dir.path());
    dir
}

fn snapshot(dir: &Path) -> Arc<Snapshot> {
    let tables = dir.join("snapshots/tiny-2");
    Arc::new(loader::open(&tables, &loader::Silent).unwrap().snapshot.unwrap())
}

/// A minute after the last of it.
fn config(dir: &Path) -> Config {
    let now: jiff::Timestamp = "2026-11-29T13:22:34Z".parse().unwrap();
    let clock = Clock::new(move || now, SteadyTime::default);
    Config { clock, snapshots: source(Some(dir)), ..Config::new() }
}

fn started(dir: &Path) -> Engine {
    let (journal, _) = Local::open(dir).unwrap();
    Engine::start(snapshot(dir), Box::new(journal), config(dir)).unwrap()
}

/// A promise as JSON, without what later versions say more of it.
fn plain(world: &World, number: u64, like: &Value) -> Value {
    let mut said = rpc::promise_json(&world.snapshot, world.reservation(number).unwrap());
    let known = like.as_object().unwrap();
    said.as_object_mut().unwrap().retain(|key, _| known.contains_key(key));
    numbers(&said)
}

/// The same with all numbers written alike: 2 and 2.0 are one.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => serde_json::json!(number.as_f64().unwrap()),
        Value::Array(values) => values.iter().map(numbers).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), numbers(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn every_promise_is_as_it_was_said_to_be() {
    let dir = directory();
    let engine = started(dir.path());
    let said = std::fs::read_to_string(Path::new(GOLDEN).join("list.json")).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    let promises = said["promises"].as_array().unwrap();
    assert_eq!(promises.len(), engine.pin().n_reservations());
    for (number, before) in (1..).zip(promises) {
        assert_eq!(plain(&engine.pin(), number, before), numbers(before), "P{number}");
    }
    engine.stop();
}

#[test]
fn the_rules_are_adopted_once_and_by_an_entry() {
    let dir = directory();
    let engine = started(dir.path());
    let ruled = engine.ruled().expect("the first start says so");
    assert_eq!((ruled.position, engine.pin().position), (LAST + 1, LAST + 1));
    let Fact::Ruled { rules, at_risk } = &ruled.fact else { panic!("{ruled:?}") };
    assert_eq!((*rules, engine.pin().rules()), (rules::RULES, rules::RULES));
    for number in at_risk.iter() {
        assert!(engine.pin().reservation(*number).unwrap().at_risk, "P{number}");
    }
    engine.stop();
    drop(engine);
    let again = started(dir.path());
    assert!(again.ruled().is_none());
    assert_eq!((again.pin().position, again.pin().rules()), (LAST + 1, rules::RULES));
    again.stop();
}

#[test]
fn every_earlier_position_can_be_had_again() {
    let dir = directory();
    let engine = started(dir.path());
    for position in 0..=LAST {
        let world = engine.world_at(position).unwrap();
        assert_eq!((world.position, world.rules()), (position, rules::RULES_FIRST));
    }
    assert_eq!(engine.world_at(13).unwrap().reservation(1).unwrap().state.to_string(), "fulfilled");
    engine.stop();
}

#[test]
fn a_request_of_then_gets_its_first_answer() {
    let dir = directory();
    let engine = started(dir.path());
    let asked = |quantity| {
        let line = OrderLine {
            line: "1".to_string(),
            order: "AFTER".to_string(),
            requested: "2026-12-16".parse().unwrap(),
            customer: Some("SUEDBAU".to_string()),
            location: None,
            ..line("SEAL", quantity)
        };
        let mut command = command("after", &[]);
        command.request.lines = vec![line];
        engine.promise(command).wait()
    };
    let first = asked(20).unwrap();
    let kept = first.reservations[0].as_ref().unwrap();
    assert_eq!((first.position, &*kept.facts.order, kept.number), (19, "AFTER", 11));
    assert!(matches!(asked(21), Err(Error::RequestIdReused { .. })));
    engine.stop();
}

#[test]
fn a_check_says_that_all_is_well_and_writes_nothing() {
    let dir = directory();
    let (mut journal, _) = Local::open(dir.path()).unwrap();
    let kept = source(Some(dir.path()));
    let checked = selfcheck::replay(&mut journal, &snapshot(dir.path()), &kept).unwrap();
    assert_eq!((checked.divergences.len(), journal.position()), (0, LAST));
}

#[test]
fn what_follows_says_what_stands_before_it() {
    let dir = directory();
    let engine = started(dir.path());
    engine.cancel(super::engine_support::cancel("after-all", 11, None)).wait().unwrap();
    engine.stop();
    drop(engine);
    let found = promised::journal::local::check(dir.path()).unwrap();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    assert_eq!((found.first, found.last), (1, LAST + 2));
}
