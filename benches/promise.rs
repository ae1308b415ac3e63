//! Plans of one line against a real snapshot: `cargo bench`.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use promised::{ledger::World, loader, promising};
use std::{hint::black_box, path::Path, sync::Arc};

/// The whole order stream of AdventureWorks, each line against the untouched snapshot, in turn.
fn plan(criterion: &mut Criterion) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/adventureworks");
    let loaded = loader::open(&dir, &loader::Silent).expect("the snapshot is in the repository");
    let snapshot = Arc::new(loaded.snapshot.expect("it has no error"));
    let orders = loader::orders(&dir.join("orders.csv")).expect("so are its orders");
    let query = |line| promising::request::Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: promising::request::Remedies::None,
        now: None,
    };
    let queries: Vec<_> = orders
        .lines
        .into_iter()
        .map(|line| query(line).resolve(&snapshot).expect("its orders name what it has"))
        .collect();
    let world = World::new(snapshot);
    let mut planner = promising::Planner::default();
    let mut next = queries.iter().cycle();
    criterion.bench_function("plan/adventureworks", |bench| {
        bench.iter(|| planner.plan(&world, black_box(next.next().expect("a cycle never ends"))));
    });
}

criterion_group!(benches, plan);
criterion_main!(benches);
