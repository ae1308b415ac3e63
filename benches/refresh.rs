//! New data while serving: `cargo bench --bench refresh`.
//!
//! `net_change`: lists of 100 changes through the engine, in memory and with a journal on disk, under a
//! promise for every tenth account; each list is visible when it is answered. `swap`: how long commands
//! stand still at a swap, while promises go on, each of which plans a purchase. `PROMISED_ACCOUNTS=1000000
//! PROMISED_PROMISES=1000000` are the sizes to measure; 2,000 and 1,000 if nothing is said.

#![expect(clippy::disallowed_methods, reason = "benches measure time")]

mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use promised::{
    change::Change,
    engine::{
        Answer, Commitment, Completeness, Config, Engine, NetCommand, PromiseCommand,
        refresh::{Aim, CameBy, RefreshSettings, Refresher, Store, Submission},
    },
    journal::{Journal, Local, Memory},
    loader,
    model::Quantity,
    promising::request::{OrderLine, Remedies, Request},
    snapshot::Snapshot,
};
use std::{
    collections::VecDeque,
    fmt::Write as _,
    fs,
    hint::black_box,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const LOCATIONS: usize = 100;

/// Changes of one list.
const LIST_LEN: usize = 100;

/// Swaps that are measured.
const SWAPS: usize = 3;

/// Lists, or promises, that a caller has under way.
const IN_FLIGHT: usize = 64;

/// A size from the environment; small if nothing is said, as in `cargo test --benches`.
fn number(name: &str, small: usize) -> usize {
    std::env::var(name).map_or(small, |text| text.parse().expect("a number"))
}

/// Where what is promised comes from.
#[derive(Clone, Copy, PartialEq)]
enum Supply {
    OnHand,
    Purchases,
}

/// Writes tables: stock of every item everywhere, or a supplier of it, and a purchase order each.
fn write(dir: &Path, id: &str, n_accounts: usize, from: Supply) {
    let n_items = n_accounts / LOCATIONS;
    let mut tables = ["item\n", "location\n", "item,location,quantity\n"].map(String::from);
    let mut offers = "item,supplier,location,lead_time_days\n".to_string();
    let mut supplies = "supply,type,item,location,date,quantity\n".to_string();
    (0..n_items).for_each(|item| writeln!(tables[0], "I{item}").expect("memory"));
    (0..LOCATIONS).for_each(|place| writeln!(tables[1], "L{place}").expect("memory"));
    for at in 0..n_items * LOCATIONS {
        let (item, place) = key(at, n_accounts);
        match from {
            Supply::OnHand => writeln!(tables[2], "{item},{place},9000").expect("memory"),
            Supply::Purchases => writeln!(offers, "{item},S,{place},2").expect("memory"),
        }
        writeln!(supplies, "S{at},purchase_order,{item},{place},2026-12-20,500").expect("memory");
    }
    let manifest = format!(
        "{{\"snapshot_id\": \"{id}\", \"as_of\": \"2026-11-23\", \"horizon_days\": 365, \
         \"watermarks\": {{\"erp\": \"2026-11-23T00:00:00Z\"}}}}"
    );
    let [items, locations, on_hand] = &tables;
    let files = [
        ("items.csv", items),
        ("locations.csv", locations),
        ("on_hand.csv", on_hand),
        ("supplies.csv", &supplies),
        ("suppliers.csv", &"supplier\nS\n".to_string()),
        ("item_suppliers.csv", &offers),
        ("manifest.json", &manifest),
    ];
    for (name, text) in files {
        fs::write(dir.join(name), text).expect("a directory that can be written");
    }
}

fn key(at: usize, n_accounts: usize) -> (String, String) {
    let n_items = n_accounts / LOCATIONS;
    (format!("I{}", at % n_items), format!("L{}", at / n_items % LOCATIONS))
}

fn load(dir: &Path) -> Arc<Snapshot> {
    let loaded = loader::open(dir, &loader::Silent).expect("it was written");
    Arc::new(loaded.snapshot.expect("it has no fault"))
}

fn command(n: usize, n_accounts: usize) -> PromiseCommand {
    let (item, location) = key(n.wrapping_mul(0x9e37_79b1) % n_accounts, n_accounts);
    let requested = "2026-12-01".parse().expect("a date");
    let line = OrderLine {
        location: Some(location),
        ..OrderLine::new(&format!("O{n}"), &item, Quantity::units(1), requested)
    };
    PromiseCommand {
        request_id: format!("R{n}"),
        request: Request {
            lines: vec![line],
            objective: None,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        },
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    }
}

/// A list that corrects stock and moves purchase orders, each at another place.
fn list(n: usize, n_accounts: usize) -> NetCommand {
    let change = |at: usize| {
        let place = (n * LIST_LEN + at).wrapping_mul(0x85eb_ca6b) % n_accounts;
        let (item, location) = key(place, n_accounts);
        let (supply, days) = (format!("S{place}"), if n.is_multiple_of(2) { "1" } else { "-1" });
        let cells: [(&str, &str); 3] = if at.is_multiple_of(2) {
            [("item", &item), ("location", &location), ("quantity", "1")]
        } else {
            [("supply", &supply), ("days", days), ("", "")]
        };
        let kind = if at.is_multiple_of(2) { "on_hand_adjusted" } else { "supply_moved" };
        let cell = |name: &'static str| {
            cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text)
        };
        Change::read(at, kind, cell).expect("a change")
    };
    NetCommand {
        request_id: format!("N{n}"),
        changes: (0..LIST_LEN).map(change).collect(),
        source: Some("erp".into()),
        known_at: None,
        position: None,
        after: None,
        deadline: None,
    }
}

/// Sends all and waits for all, so many under way at once.
fn run<T>(commands: impl Iterator<Item = Answer<T>>) {
    let mut waiting = VecDeque::with_capacity(IN_FLIGHT);
    for answer in commands {
        waiting.push_back(answer);
        if waiting.len() == IN_FLIGHT {
            black_box(waiting.pop_front().expect("it is full").wait().expect("it is done"));
        }
    }
    for answer in waiting {
        black_box(answer.wait().expect("it is done"));
    }
}

fn start(snapshot: Arc<Snapshot>, journal: Box<dyn Journal>) -> Engine {
    let config = Config { checkpoint_every: u64::MAX, ..Config::new() };
    Engine::start(snapshot, journal, config).expect("an empty journal")
}

fn net_change(criterion: &mut Criterion) {
    if std::env::args().any(|arg| arg == "swap") {
        return;
    }
    let n = number("PROMISED_ACCOUNTS", 2_000);
    let tables = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    write(tables.path(), "bench", n, Supply::OnHand);
    let snapshot = load(tables.path());
    let mut group = criterion.benchmark_group("net_change");
    group.sample_size(20);
    group.throughput(Throughput::Elements(LIST_LEN as u64));
    for name in ["in_memory", "on_disk"] {
        let data = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let journal: Box<dyn Journal> = match name {
            "in_memory" => Box::new(Memory::default()),
            _ => Box::new(Local::open(data.path()).expect("an empty directory").0),
        };
        let engine = start(Arc::clone(&snapshot), journal);
        run((0..n / 10).map(|at| engine.promise(command(at, n))));
        let mut next = 0;
        group.bench_function(format!("lists_of_100_{name}"), |bench| {
            bench.iter_custom(|iterations| {
                let count = usize::try_from(iterations).expect("a small number");
                let lists: Vec<_> = (next..next + count).map(|at| list(at, n)).collect();
                next += count;
                let began = Instant::now();
                run(lists.into_iter().map(|list| engine.change(list)));
                began.elapsed()
            });
        });
        // One at a time: what one list takes until everybody sees it.
        group.bench_function(format!("visible_{name}"), |bench| {
            bench.iter_custom(|iterations| {
                let mut took = Duration::ZERO;
                for _ in 0..iterations {
                    let list = list(next, n);
                    next += 1;
                    let began = Instant::now();
                    let done = engine.change(list).wait().expect("it can be made");
                    took += began.elapsed();
                    assert!(done.position <= engine.pin().position, "it is visible");
                }
                took
            });
        });
        engine.stop();
    }
    group.finish();
}

fn swap(_: &mut Criterion) {
    if std::env::args().any(|arg| arg == "net_change") {
        return;
    }
    let n = number("PROMISED_ACCOUNTS", 2_000);
    let n_promises = number("PROMISED_PROMISES", 1_000);
    let tables = ["one", "two"].map(|id| {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        write(dir.path(), id, n, Supply::Purchases);
        dir
    });
    let engine = start(load(tables[0].path()), Box::new(Memory::default()));
    let store = Store::open(None).expect("a temporary directory");
    let refresher = Refresher::new(engine.clone(), store, RefreshSettings::default()).expect("new");
    run((0..n_promises).map(|at| engine.promise(command(at, n))));
    let plans = engine.pin().reservations_from(0).next().is_some_and(|one| !one.plan.is_empty());
    assert!(plans, "each promise plans a purchase");
    let (stop, busy) = (Arc::new(AtomicBool::new(false)), engine.clone());
    let told = Arc::clone(&stop);
    let customers = std::thread::spawn(move || {
        let mut next = n_promises;
        while !told.load(Ordering::Relaxed) {
            run((next..next + IN_FLIGHT).map(|at| busy.promise(command(at, n))));
            next += IN_FLIGHT;
            // Some ten thousand a second: an open shop, not a stampede.
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    // Not Criterion's: it would swap as often as stand-stills fit into its seconds, and each build takes many.
    for turn in 1..=SWAPS {
        let tables = tables[turn % 2].path().to_path_buf();
        let submission = Submission { tables, way: CameBy::Activate, aim: Aim::Activate };
        let record = refresher.submit(&submission).expect("it is taken in");
        let (took, kept) = (record.took, record.reconciliation.carried.len());
        println!(
            "swap {turn}: {n} accounts, {kept} promises kept, stood still for {} us; loaded in {} ms, \
             reconciled in {} ms",
            took.stand_still_micros, took.load_millis, took.reconcile_millis
        );
    }
    stop.store(true, Ordering::Relaxed);
    customers.join().expect("they are served");
    engine.stop();
}

criterion_group!(benches, net_change, swap);
criterion_main!(benches);
