//! The writer's part of a promise at a million accounts: `cargo bench --bench ledger`.
//!
//! Each promise is one line of one piece at a place of its own. `PROMISED_ACCOUNTS` is the number of stock
//! accounts (10,000 in test mode).

#![expect(clippy::disallowed_methods, reason = "benches measure time")]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use promised::{
    engine::{Commitment, Completeness, Config, Engine, PromiseCommand, draft},
    journal::{Local, Memory},
    ledger::{Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World, digest},
    model::Quantity,
    promising::{
        Planner,
        query::Query,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{
    collections::{BTreeMap, VecDeque},
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

/// Promises between two publications.
const BATCHES: [usize; 3] = [1, 64, 1_024];

/// Promises that a caller has under way.
const IN_FLIGHT: usize = 4_096;

const LOCATIONS: usize = 100;

fn n_accounts() -> usize {
    if common::is_test() {
        return 10_000;
    }
    std::env::var("PROMISED_ACCOUNTS").map_or(1_000_000, |text| text.parse().expect("a number"))
}

/// Stock of every item at every location, in twenty entries each.
fn snapshot(n_accounts: usize) -> Arc<Snapshot> {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "bench".to_string(),
        as_of: "2026-11-23".parse().expect("a date"),
        horizon_days: 365,
        currency: "EUR".to_string(),
        watermarks: BTreeMap::new(),
    });
    let n_items = n_accounts / LOCATIONS;
    for schema in TABLES {
        match schema.name {
            "items" => {
                let mapping = builder.open(schema, &["item"]);
                for item in 0..n_items {
                    builder.row(&mapping, item as u64 + 1, &[Some(&format!("I{item}"))]);
                }
            }
            "locations" => {
                let mapping = builder.open(schema, &["location"]);
                for location in 0..LOCATIONS {
                    builder.row(&mapping, location as u64 + 1, &[Some(&format!("L{location}"))]);
                }
            }
            "on_hand" => {
                let mapping = builder.open(schema, &["item", "location", "quantity"]);
                for at in 0..n_items * LOCATIONS {
                    let (item, location) = key(at, n_items);
                    builder.row(
                        &mapping,
                        at as u64 + 1,
                        &[Some(&item), Some(&location), Some("9000")],
                    );
                }
            }
            _ => (),
        }
    }
    Arc::new(builder.finish().snapshot.expect("it has no error"))
}

fn key(at: usize, n_items: usize) -> (String, String) {
    (format!("I{}", at % n_items), format!("L{}", at / n_items % LOCATIONS))
}

/// A request of one line at one of the accounts, in no order.
fn request(n: usize, n_accounts: usize) -> Request {
    let at = n.wrapping_mul(0x9e37_79b1) % n_accounts;
    let (item, location) = key(at, n_accounts / LOCATIONS);
    let requested = "2026-12-01".parse().expect("a date");
    let line = OrderLine {
        location: Some(location),
        ..OrderLine::new(&format!("O{n}"), &item, Quantity::units(1), requested)
    };
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    }
}

fn command(n: usize, n_accounts: usize) -> PromiseCommand {
    PromiseCommand {
        request_id: format!("R{n}"),
        request: request(n, n_accounts),
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    }
}

/// A plan in the memory of the one before, as the engine's threads make it, and what is to be kept of it.
fn lines(
    planner: &mut Planner,
    world: &World,
    request: &Request,
    query: &Query,
) -> Vec<ProposedLine> {
    draft::lines(request, query, &planner.plan(world, query), 0)
}

/// Plans and commits a number of requests, one after the other.
fn promise_all(
    ledger: &mut Ledger,
    numbers: std::ops::Range<usize>,
    n_accounts: usize,
) -> Duration {
    let mut planner = Planner::default();
    let resolved = |at| {
        let request = request(at, n_accounts);
        let query = request.resolve(&ledger.world().snapshot).expect("it is known");
        (request, query)
    };
    let requests: Vec<_> = numbers.map(resolved).collect();
    let began = Instant::now();
    for (request, query) in &requests {
        let lines = lines(&mut planner, ledger.world(), request, query);
        commit(ledger, lines);
    }
    began.elapsed()
}

fn commit(ledger: &mut Ledger, lines: Vec<ProposedLine>) {
    let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
    let admitted = ledger.admit(proposal).expect("there is enough for all");
    black_box(admitted.commit(Stamp::default()));
}

/// Commits one after the other; a world is published after each batch.
fn commit_all(ledger: &mut Ledger, drafts: Vec<Vec<ProposedLine>>, batch: usize) -> Duration {
    let began = Instant::now();
    let mut published = ledger.world().clone();
    for (at, lines) in drafts.into_iter().enumerate() {
        commit(ledger, lines);
        if at % batch == 0 {
            published = ledger.world().clone();
        }
    }
    black_box(published);
    began.elapsed()
}

fn ledger(criterion: &mut Criterion) {
    let n = n_accounts();
    let snapshot = snapshot(n);
    let mut group = criterion.benchmark_group("ledger");
    group.throughput(Throughput::Elements(1));
    for batch in BATCHES {
        group.bench_function(BenchmarkId::new("admit_and_commit", batch), |bench| {
            let world = World::new(Arc::clone(&snapshot));
            let mut ledger = Ledger::new(world.clone());
            let mut next = 0;
            bench.iter_custom(|iterations| {
                let count = usize::try_from(iterations).expect("a small number");
                let mut planner = Planner::default();
                let drafts: Vec<_> = (next..next + count)
                    .map(|at| {
                        let request = request(at, n);
                        let query = request.resolve(&snapshot).expect("it is known");
                        lines(&mut planner, &world, &request, &query)
                    })
                    .collect();
                next += count;
                commit_all(&mut ledger, drafts, batch)
            });
        });
    }
    let mut ledger = Ledger::new(World::new(Arc::clone(&snapshot)));
    let mut next = 0;
    group.bench_function("plan_and_commit", |bench| {
        bench.iter_custom(|iterations| {
            let count = usize::try_from(iterations).expect("a small number");
            next += count;
            promise_all(&mut ledger, next - count..next, n)
        });
    });
    // What it costs beside what was touched: a copy of the world, put in the place of the one before.
    // Debug builds check all of the book at each commit.
    let n_kept = if common::is_test() { 500 } else { n };
    let mut ledger = Ledger::new(World::new(Arc::clone(&snapshot)));
    promise_all(&mut ledger, 0..n_kept, n);
    group.bench_function("publish", |bench| {
        let mut published = Arc::new(ledger.world().clone());
        bench.iter(|| published = black_box(Arc::new(ledger.world().clone())));
        assert_eq!(published.n_reservations(), n_kept);
    });
    group.finish();
}

/// Planned on this thread, done by the writer, answered by the journal's thread.
fn engine(criterion: &mut Criterion) {
    let n = n_accounts();
    let snapshot = snapshot(n);
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(1));
    let journal = Box::new(Memory::default());
    let config = Config { checkpoint_every: u64::MAX, ..Config::new() };
    let engine = Engine::start(snapshot, journal, config).expect("an empty journal");
    let mut next = 0;
    group.bench_function("promise_in_memory", |bench| {
        bench.iter_custom(|iterations| {
            let count = usize::try_from(iterations).expect("a small number");
            let commands: Vec<_> = (next..next + count).map(|at| command(at, n)).collect();
            next += count;
            run(&engine, commands)
        });
    });
    group.finish();
    engine.stop();
}

fn run(engine: &Engine, commands: Vec<PromiseCommand>) -> Duration {
    let began = Instant::now();
    let mut waiting = VecDeque::with_capacity(IN_FLIGHT);
    for command in commands {
        if waiting.len() == IN_FLIGHT {
            let answer: promised::engine::Answer<_> = waiting.pop_front().expect("it is full");
            black_box(answer.wait().expect("there is enough for all"));
        }
        waiting.push_back(engine.promise(command));
    }
    for answer in waiting {
        black_box(answer.wait().expect("there is enough for all"));
    }
    began.elapsed()
}

/// Opening a data directory with a promise an account: the checkpoint read, its digest compared.
fn restart(criterion: &mut Criterion) {
    let n = n_accounts();
    let snapshot = snapshot(n);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let config = || Config { checkpoint_every: n as u64 / 2, ..Config::new() };
    let digest = {
        let (journal, _) = Local::open(dir.path()).expect("an empty directory");
        let engine = Engine::start(Arc::clone(&snapshot), Box::new(journal), config());
        let engine = engine.expect("an empty journal");
        run(&engine, (0..n).map(|at| command(at, n)).collect());
        let digest = digest::of(&engine.pin());
        engine.stop();
        digest
    };
    let mut group = criterion.benchmark_group("restart");
    group.sample_size(10);
    group.bench_function("a_promise_an_account", |bench| {
        bench.iter_custom(|iterations| {
            let mut took = Duration::ZERO;
            for _ in 0..iterations {
                let began = Instant::now();
                let (journal, _) = Local::open(dir.path()).expect("it was closed");
                let engine = Engine::start(Arc::clone(&snapshot), Box::new(journal), config());
                let engine = engine.expect("it recovers");
                took += began.elapsed();
                assert_eq!(digest::of(&engine.pin()), digest, "the very same state");
                engine.stop();
            }
            took
        });
    });
    group.finish();
}

criterion_group!(benches, ledger, engine, restart);
criterion_main!(benches);
