//! Look-up, check, plan, commit and fork, by the number of stock accounts (architecture 12).
//!
//! `PROMISED_BENCH_ACCOUNTS=10000,1000000 cargo bench --bench engine`; 1,000 accounts if nothing is said, as in
//! `cargo test --benches`, which runs each once. Accounts are drawn at random, so that a large snapshot shows
//! its cache misses. Data come from `promised generate` and are never measured.

mod common;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use promised::{
    engine::draft,
    ledger::{Admission, Ledger, Proposal, Stamp, Start, World},
    loader,
    model::{AccountIx, Day, Quantity},
    promising::{
        self, Planner,
        availability::{AtpQuestion, quick},
        query::Query,
        request::{OrderLine, Request},
    },
    snapshot::{ItemIx, LocationIx, Snapshot},
};
use std::{hint::black_box, process::Command, sync::Arc};

/// Entries of an account.
const ENTRIES: u64 = 20;

/// Questions that are drawn beforehand and asked in turn.
const N_QUESTIONS: u64 = 1 << 20;

/// Promises are committed in batches, as the writer does it.
const BATCH: usize = 64;

/// One promise for every second account, as after a day of orders.
const PROMISED_SHARE: u64 = 2;

fn sizes() -> Vec<u64> {
    let text = std::env::var("PROMISED_BENCH_ACCOUNTS").unwrap_or_else(|_| "1000".to_string());
    let number = |word: &str| word.trim().parse().expect("PROMISED_BENCH_ACCOUNTS=10000,1000000");
    text.split(',').map(number).collect()
}

fn snapshot(n_accounts: u64) -> Arc<Snapshot> {
    let directory = tempfile::tempdir().expect("room for the data");
    let path = directory.path().join("data");
    let (items, entries) = (n_accounts.to_string(), ENTRIES.to_string());
    let made = Command::new(env!("CARGO_BIN_EXE_promised"))
        .arg("generate")
        .arg(&path)
        .args(["--items", &items, "--entries", &entries, "--locations", "1", "--depth", "0"])
        .args(["--orders", "1000", "--format", "parquet"])
        .output()
        .expect("the binary was built with this bench");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let loaded = loader::open(&path, &loader::Silent).expect("it was just written");
    Arc::new(loaded.snapshot.expect("what is generated is valid"))
}

/// Numbers that look random, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[derive(Clone, Copy)]
struct Question {
    item: ItemIx,
    location: LocationIx,
    quantity: Quantity,
    day: Day,
}

fn questions(snapshot: &Snapshot, n: u64) -> Vec<Question> {
    let mut random = Random(1);
    let n_accounts = snapshot.stocks.len() as u64;
    let mut question = || {
        let (item, location) = snapshot.stocks.pair(AccountIx(random.below(n_accounts)));
        let quantity = Quantity::units(1 + i64::try_from(random.below(10)).expect("below ten"));
        let day = Day(i32::try_from(random.below(60)).expect("below sixty"));
        Question { item, location, quantity, day }
    };
    (0..n).map(|_| question()).collect()
}

/// The request of a question: one line that ships from its location.
fn request(snapshot: &Snapshot, number: usize, question: &Question) -> Request {
    let item = snapshot.items.names.name(question.item);
    let requested = snapshot.epoch().date(question.day);
    let location = snapshot.locations.names.name(question.location);
    let mut line = OrderLine::new(&format!("O{number}"), item, question.quantity, requested);
    line.location = Some(location.to_string());
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Default::default(),
        now: None,
    }
}

fn resolved(snapshot: &Snapshot, number: usize, question: &Question) -> (Request, Query) {
    let request = request(snapshot, number, question);
    let query = request.resolve(snapshot).expect("its keys are the snapshot's");
    (request, query)
}

fn promise(ledger: &mut Ledger, planner: &mut Planner, (request, query): &(Request, Query)) {
    let promise = planner.plan(ledger.world(), query);
    let lines = draft::lines(request, query, &promise, 0);
    let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
    if let Ok(admitted) = ledger.admit(proposal) {
        admitted.commit(Stamp::default());
    }
}

fn check(world: &World, question: &Question) -> promising::availability::Quick {
    let &Question { item, location, quantity, day } = question;
    quick(world, AtpQuestion { item, location, class: None }, quantity, day)
}

fn engine(criterion: &mut Criterion) {
    for n_accounts in sizes() {
        let snapshot = snapshot(n_accounts);
        let asked = questions(&snapshot, N_QUESTIONS.min(4 * n_accounts));
        look_up(criterion, &snapshot, &asked);
        let world = World::new(Arc::clone(&snapshot));
        checks(criterion, "check", &world, &asked);
        plan(criterion, &world, &asked);
        let mut ledger = Ledger::new(world);
        let mut planner = Planner::default();
        let n_promises = usize::try_from(n_accounts / PROMISED_SHARE).expect("it fits in memory");
        for (number, question) in asked.iter().cycle().take(n_promises).enumerate() {
            promise(&mut ledger, &mut planner, &resolved(&snapshot, number, question));
        }
        checks(criterion, "check_promised", ledger.world(), &asked);
        fork(criterion, n_accounts, ledger.world());
        commit(criterion, ledger, &asked);
    }
}

fn look_up(criterion: &mut Criterion, snapshot: &Snapshot, asked: &[Question]) {
    let names = &snapshot.items.names;
    let keys: Vec<String> =
        asked.iter().map(|question| names.name(question.item).to_string()).collect();
    let mut next = keys.iter().cycle();
    let id = format!("look_up/{}", snapshot.stocks.len());
    criterion.bench_function(&id, |bench| {
        bench.iter(|| names.get(black_box(next.next().expect("a cycle never ends"))));
    });
}

fn checks(criterion: &mut Criterion, what: &str, world: &World, asked: &[Question]) {
    let mut next = asked.iter().cycle();
    let id = format!("{what}/{}", world.snapshot.stocks.len());
    criterion.bench_function(&id, |bench| {
        bench.iter(|| check(world, black_box(next.next().expect("a cycle never ends"))));
    });
}

fn plan(criterion: &mut Criterion, world: &World, asked: &[Question]) {
    let snapshot = &world.snapshot;
    let resolve = |question| resolved(snapshot, 0, question).1;
    let queries: Vec<Query> = asked.iter().take(100_000).map(resolve).collect();
    let mut next = queries.iter().cycle();
    let mut planner = Planner::default();
    let id = format!("plan/{}", snapshot.stocks.len());
    criterion.bench_function(&id, |bench| {
        bench.iter(|| planner.plan(world, black_box(next.next().expect("a cycle never ends"))));
    });
}

/// Plans and commits, with the published world held meanwhile, so that what it shares is copied.
fn commit(criterion: &mut Criterion, mut ledger: Ledger, asked: &[Question]) {
    let snapshot = Arc::clone(&ledger.world().snapshot);
    let mut next = asked.iter().cycle();
    let (mut number, mut planner) = (0, Planner::default());
    let mut batch = || {
        let drawn = (0..BATCH).map(|_| {
            number += 1;
            resolved(&snapshot, number, next.next().expect("a cycle never ends"))
        });
        drawn.collect::<Vec<_>>()
    };
    let id = format!("commit_batch_{BATCH}/{}", snapshot.stocks.len());
    criterion.bench_function(&id, |bench| {
        bench.iter_batched(
            &mut batch,
            |batch| {
                let published = ledger.world().clone();
                for step in &batch {
                    promise(&mut ledger, &mut planner, step);
                }
                published
            },
            BatchSize::SmallInput,
        );
    });
}

fn fork(criterion: &mut Criterion, n_accounts: u64, world: &World) {
    let id = format!("fork/{n_accounts}");
    criterion.bench_function(&id, |bench| bench.iter(|| world.clone()));
}

criterion_group!(benches, engine);
criterion_main!(benches);
