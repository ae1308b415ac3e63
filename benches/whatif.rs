//! What-if and backlog runs at size: `cargo bench --bench whatif`.
//!
//! A fork of a world of a million stock accounts and what it takes in memory; a question in a scenario beside
//! the same on live; a million lines promised again under an allocation rule; a hundred thousand lines on
//! products of 13 nodes, made to order; and checks that go on while a run is under way. `PROMISED_LINES` and
//! `PROMISED_ACCOUNTS` are the sizes (small in test mode). Setting up, which promises all lines once, is not
//! measured.

#![expect(clippy::disallowed_methods, reason = "benches measure time")]

mod common;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use promised::promising::patience::Patience;
use promised::{
    backlog::{Sequence, Spec},
    change::Change,
    engine::{
        Config, Engine,
        backlog::{RunGoal, run, run_in_background},
        draft,
        scenarios::ScenarioBase,
    },
    journal::Memory,
    ledger::{Admission, Ledger, Proposal, Stamp, Start, World},
    model::Quantity,
    promising::{
        Planner,
        query::Query,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{
    collections::BTreeMap,
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

fn size(variable: &str, usual: usize, in_tests: usize) -> usize {
    if common::is_test() {
        return in_tests;
    }
    std::env::var(variable).map_or(usual, |text| text.parse().expect("a number"))
}

/// Numbers that look random, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % bound as u64).expect("below a usize")
    }
}

/// Tables: their columns, and their rows.
type Tables = BTreeMap<&'static str, (Vec<&'static str>, Vec<Vec<String>>)>;

fn add(tables: &mut Tables, table: &'static str, cells: &[(&'static str, String)]) {
    let columns = || cells.iter().map(|(column, _)| *column).collect();
    let (_, rows) = tables.entry(table).or_insert_with(|| (columns(), Vec::new()));
    rows.push(cells.iter().map(|(_, cell)| cell.clone()).collect());
}

fn built(tables: &Tables) -> Arc<Snapshot> {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "bench".to_string(),
        as_of: jiff::civil::date(2026, 11, 23),
        horizon_days: 365,
        currency: "EUR".to_string(),
        watermarks: BTreeMap::new(),
    });
    for schema in TABLES {
        let Some((columns, rows)) = tables.get(schema.name) else { continue };
        let mapping = builder.open(schema, columns);
        for (number, row) in (1..).zip(rows) {
            let cells: Vec<_> = row.iter().map(|cell| Some(cell.as_str())).collect();
            builder.row(&mapping, number, &cells);
        }
    }
    let finished = builder.finish();
    Arc::new(finished.snapshot.expect("it has no error"))
}

const CLASSES: [&str; 3] = ["KEY", "GOLD", "WEB"];

/// Items at one place with two purchase orders each, shared among three classes that may steal.
fn shared(n_items: usize) -> Arc<Snapshot> {
    let mut tables = Tables::new();
    add(&mut tables, "locations", &[("location", "DC".into())]);
    add(
        &mut tables,
        "demand_classes",
        &[("demand_class", "ALL".into()), ("parent", String::new()), ("rank", "0".into())],
    );
    for (rank, class) in CLASSES.iter().enumerate() {
        let rank = (rank + 1).to_string();
        add(
            &mut tables,
            "demand_classes",
            &[("demand_class", (*class).into()), ("parent", "ALL".into()), ("rank", rank)],
        );
        add(
            &mut tables,
            "allocation_rules",
            &[
                ("rule", "SHARES".into()),
                ("demand_class", (*class).into()),
                ("value", "25".into()),
                ("steal", "true".into()),
            ],
        );
    }
    add(&mut tables, "allocation_assignments", &[("rule", "SHARES".into())]);
    for item in 0..n_items {
        let item = format!("I{item}");
        add(
            &mut tables,
            "items",
            &[("item", item.clone()), ("list_price", "10".into()), ("unit_cost", "4".into())],
        );
        add(
            &mut tables,
            "on_hand",
            &[("item", item.clone()), ("location", "DC".into()), ("quantity", "10".into())],
        );
        for (number, date) in [(1, "2026-12-01"), (2, "2027-01-11")] {
            let id = format!("PO-{item}-{number}");
            add(
                &mut tables,
                "supplies",
                &[
                    ("supply", id),
                    ("type", "purchase_order".into()),
                    ("item", item.clone()),
                    ("location", "DC".into()),
                    ("date", date.into()),
                    ("quantity", "10".into()),
                ],
            );
        }
    }
    built(&tables)
}

const PLANTS: usize = 20;

/// Products of 13 nodes (three assemblies of three bought parts), made in one of twenty plants.
fn made(n_products: usize) -> Arc<Snapshot> {
    let mut tables = Tables::new();
    add(&mut tables, "suppliers", &[("supplier", "VENDOR".into())]);
    for plant in 0..PLANTS {
        let place = format!("P{plant}");
        add(&mut tables, "locations", &[("location", place.clone())]);
        for resource in 0..4 {
            let name = format!("P{plant}-R{resource}");
            add(
                &mut tables,
                "resources",
                &[("resource", name), ("location", place.clone()), ("hours_per_day", "24".into())],
            );
        }
    }
    for product in 0..n_products {
        let plant = product % PLANTS;
        let top = format!("F{product}");
        making(&mut tables, &top, plant, 0);
        for assembly in 0..3 {
            let sub = format!("{top}-{assembly}");
            making(&mut tables, &sub, plant, 1);
            for part in 0..3 {
                let part = format!("{sub}-{part}");
                add(&mut tables, "items", &[("item", part.clone()), ("unit_cost", "1".into())]);
                add(
                    &mut tables,
                    "item_suppliers",
                    &[
                        ("item", part.clone()),
                        ("supplier", "VENDOR".into()),
                        ("lead_time_days", "5".into()),
                    ],
                );
                add(
                    &mut tables,
                    "work_definition_components",
                    &[
                        ("work_definition", sub.clone()),
                        ("component", part),
                        ("quantity", "2".into()),
                    ],
                );
            }
            add(
                &mut tables,
                "work_definition_components",
                &[("work_definition", top.clone()), ("component", sub), ("quantity", "1".into())],
            );
        }
    }
    built(&tables)
}

fn making(tables: &mut Tables, item: &str, plant: usize, level: usize) {
    let place = format!("P{plant}");
    add(tables, "items", &[("item", item.into()), ("unit_cost", "1".into())]);
    add(
        tables,
        "work_definitions",
        &[
            ("work_definition", item.into()),
            ("item", item.into()),
            ("location", place),
            ("fixed_days", "1".into()),
        ],
    );
    for operation in 0..2 {
        let resource = format!("P{plant}-R{}", 2 * level + operation);
        add(
            tables,
            "work_definition_operations",
            &[
                ("work_definition", item.into()),
                ("operation", (10 * (operation + 1)).to_string()),
                ("resource", resource),
                ("hours", "0.02".into()),
            ],
        );
    }
}

fn line(random: &mut Random, n: usize, item: &str) -> OrderLine {
    let days = i64::try_from(random.below(40)).expect("a few days");
    let requested = jiff::civil::date(2026, 12, 1);
    let requested = requested.checked_add(jiff::Span::new().days(days)).expect("a date");
    let quantity = Quantity::units(1 + i64::try_from(random.below(4)).expect("a few"));
    OrderLine {
        priority: Some(1 + i32::try_from(random.below(5)).expect("a few")),
        ..OrderLine::new(&format!("O{n}"), item, quantity, requested)
    }
}

fn resolved(snapshot: &Snapshot, line: OrderLine) -> (Request, Query) {
    let lines = vec![line];
    let request =
        Request { lines, objective: None, alternatives: 0, remedies: Remedies::None, now: None };
    let query = request.resolve(snapshot).expect("its keys are the snapshot's");
    (request, query)
}

/// Promises lines one after the other.
fn promised(snapshot: &Arc<Snapshot>, lines: impl Iterator<Item = OrderLine>) -> World {
    let mut ledger = Ledger::new(World::new(Arc::clone(snapshot)));
    let mut planner = Planner::default();
    for line in lines {
        let (request, query) = resolved(snapshot, line);
        let promise = planner.plan(ledger.world(), &query);
        let lines = draft::lines(&request, &query, &promise, 0);
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        if let Ok(admitted) = ledger.admit(proposal) {
            black_box(admitted.commit(Stamp::default()));
        }
    }
    ledger.world().clone()
}

/// Ten lines an item, half as much again as there is.
fn shared_world(n_lines: usize) -> World {
    let n_items = (n_lines / 12).max(1);
    let (snapshot, random) = (shared(n_items), &mut Random(1));
    let lines = (0..n_lines).map(|n| {
        let item = format!("I{}", random.below(n_items));
        let class = CLASSES[random.below(3)].to_string();
        OrderLine { demand_class: Some(class), ..line(random, n, &item) }
    });
    promised(&snapshot, lines)
}

fn made_world(n_lines: usize) -> World {
    let n_products = (n_lines / 100).max(PLANTS);
    let (snapshot, random) = (made(n_products), &mut Random(2));
    let lines = (0..n_lines).map(|n| {
        let product = random.below(n_products);
        let location = Some(format!("P{}", product % PLANTS));
        OrderLine { location, ..line(random, n, &format!("F{product}")) }
    });
    promised(&snapshot, lines)
}

fn spec() -> Spec {
    let sequence = Sequence::parse("demand_class,priority,requested_date").expect("attributes");
    Spec { sequence, ..Spec::default() }
}

fn runs(criterion: &mut Criterion) {
    let atp = size("PROMISED_LINES", 1_000_000, 500);
    let ctp = size("PROMISED_LINES", 1_000_000, 1_000) / 10;
    let mut group = criterion.benchmark_group("backlog");
    group.sample_size(10);
    for (name, n_lines, make) in [
        ("allocation", atp, shared_world as fn(usize) -> World),
        ("make_13_nodes", ctp, made_world),
    ] {
        let world = make(n_lines);
        let parts = run(&world, &spec(), RunGoal::Sequence).parts;
        eprintln!("{name}: {} lines promised, {parts} parts", world.n_reservations());
        group.bench_function(BenchmarkId::new(name, n_lines), |bench| {
            bench.iter_with_large_drop(|| run(&world, &spec(), RunGoal::Sequence));
        });
        checks_meanwhile(name, &world);
    }
    group.finish();
}

/// How long checks take while nothing else happens, and while a run is under way.
fn checks_meanwhile(name: &str, world: &World) {
    let items: Vec<String> = world
        .reservations_from(0)
        .take(1_000)
        .map(|found| world.snapshot.items.names.name(found.facts.item).to_string())
        .collect();
    let random = &mut Random(3);
    let queries: Vec<_> = (0..10_000)
        .map(|n| {
            let item = &items[random.below(items.len())];
            resolved(&world.snapshot, line(random, n, item)).1
        })
        .collect();
    let measure = |until: &dyn Fn(usize) -> bool| {
        let (mut took, mut planner) = (Vec::new(), Planner::default());
        for at in 0.. {
            if until(at) {
                break;
            }
            let began = Instant::now();
            black_box(planner.plan(world, &queries[at % queries.len()]));
            took.push(began.elapsed());
            // A caller has other things to do too.
            std::thread::sleep(Duration::from_micros(200));
        }
        took.sort_unstable();
        let at = |share: usize| took.get(took.len() * share / 1_000).copied().unwrap_or_default();
        (took.len(), at(500), at(990))
    };
    let n_alone = size("PROMISED_CHECKS", 5_000, 50);
    let alone = measure(&|at| n_alone <= at);
    let is_done = AtomicBool::new(false);
    let during = std::thread::scope(|scope| {
        scope.spawn(|| {
            let patience = Patience::endless();
            black_box(run_in_background(world, &spec(), RunGoal::Sequence, &patience))
                .expect("endless patience gives nothing up");
            is_done.store(true, Ordering::SeqCst);
        });
        measure(&|_| is_done.load(Ordering::SeqCst))
    });
    eprintln!("{name}: checks (number, p50, p99) alone {alone:?}, during a run {during:?}");
}

/// A fork, its memory, and a question in it.
fn scenarios(criterion: &mut Criterion) {
    let n_accounts = size("PROMISED_ACCOUNTS", 1_000_000, 1_000);
    let world = promised(&shared(n_accounts), {
        let random = &mut Random(4);
        let lines: Vec<_> = (0..n_accounts / 10)
            .map(|n| {
                let item = format!("I{}", random.below(n_accounts));
                line(random, n, &item)
            })
            .collect();
        lines.into_iter()
    });
    let snapshot = Arc::clone(&world.snapshot);
    let config = Config { checkpoint_every: u64::MAX, ..Config::new() };
    let engine = Engine::start(Arc::clone(&snapshot), Box::new(Memory::default()), config);
    let engine = engine.expect("an empty journal");
    let now = engine.now();
    let mut group = criterion.benchmark_group("scenario");
    group.bench_function(BenchmarkId::new("fork", n_accounts), |bench| {
        bench.iter(|| {
            let made = engine.scenarios().create("bench", ScenarioBase::Live(&world), 60, now);
            let made = made.expect("there is room");
            engine.scenarios().discard(&made.id, now).expect("it was made");
        });
    });
    fork_memory(&engine, &world);
    let change = |at: usize| {
        let cells = [("supply", format!("PO-I{at}-1")), ("days", "14".to_string())];
        let cell = |name: &str| {
            cells.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str())
        };
        Change::read(0, "supply_moved", cell).expect("a change")
    };
    let changes: Vec<_> = (0..10).map(change).collect();
    let changed = world.with_changes(&changes).expect("they are known");
    let random = &mut Random(5);
    let queries: Vec<_> = (0..1 << 16)
        .map(|n| {
            let item = format!("I{}", random.below(n_accounts));
            resolved(&snapshot, line(random, n, &item)).1
        })
        .collect();
    for (name, world) in [("question_on_live", &world), ("question_in_scenario", &changed)] {
        let (mut at, mut planner) = (0, Planner::default());
        group.bench_function(BenchmarkId::new(name, n_accounts), |bench| {
            bench.iter(|| {
                at += 1;
                planner.plan(world, &queries[at % queries.len()])
            });
        });
    }
    group.finish();
    engine.stop();
}

/// Resident memory of as many forks as there may be.
fn fork_memory(engine: &Engine, world: &World) {
    let resident = || -> u64 {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0) * 4_096
    };
    let n = size("PROMISED_FORKS", 10_000, 100);
    let before = resident();
    for _ in 0..n {
        let made = engine.scenarios().create("bench", ScenarioBase::Live(world), 60, engine.now());
        black_box(made.expect("there is room"));
    }
    let grown = resident().saturating_sub(before);
    eprintln!("{n} forks: {grown} bytes more resident, {} each", grown / n as u64);
}

criterion_group!(benches, scenarios, runs);
criterion_main!(benches);
