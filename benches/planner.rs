//! What planners' questions cost: `cargo bench --bench planner`. Tiny under `cargo test --benches`.
//!
//! Pegging of an account with many takers against few; figures over many promises; commits while thresholds are
//! watched; the share of a core that the look for what could come sooner takes. Each prints a line.

#![expect(clippy::disallowed_methods, reason = "benches measure time")]

mod common;

use promised::{
    engine::{
        Commitment, Completeness, Config, Engine, PromiseCommand, draft,
        refresh::{RefreshSettings, Refresher, Store},
        sweep::Sweep,
    },
    insight::{
        figures::{DIMENSIONS, DateBasis, FiguresQuery, MEASURES, query},
        matching::{SupplyDocument, Who},
        takes::Takes,
    },
    journal::Memory,
    ledger::{Admission, Ledger, Proposal, Stamp, Start, World},
    model::Quantity,
    promising::{
        Planner,
        request::{OrderLine, Remedies, Request},
    },
    rpc::{self, edge::Limits, proto},
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{
    collections::BTreeMap,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

/// So many: the large number, or the small one where it is only tried.
fn sized(large: usize, small: usize) -> usize {
    if common::is_test() { small } else { large }
}

/// Items I0, I1, ... at DC, with so much of each on hand, and one that must be bought, 20 days ahead, for each.
fn snapshot(n_items: usize, on_hand: &str) -> Arc<Snapshot> {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "bench".to_string(),
        as_of: "2026-11-23".parse().expect("a date"),
        horizon_days: 365,
        currency: "EUR".to_string(),
        watermarks: BTreeMap::new(),
    });
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
                builder.row(&mapping, 1, &[Some("DC")]);
            }
            "on_hand" => {
                let mapping = builder.open(schema, &["item", "location", "quantity"]);
                for item in 0..n_items {
                    let name = format!("I{item}");
                    let row = [Some(name.as_str()), Some("DC"), Some(on_hand)];
                    builder.row(&mapping, item as u64 + 1, &row);
                }
            }
            "suppliers" => {
                let mapping = builder.open(schema, &["supplier"]);
                builder.row(&mapping, 1, &[Some("S")]);
            }
            "item_suppliers" => {
                let mapping = builder.open(schema, &["item", "supplier", "lead_time_days"]);
                for item in 0..n_items {
                    let name = format!("I{item}");
                    builder.row(&mapping, item as u64 + 1, &[Some(&name), Some("S"), Some("20")]);
                }
            }
            _ => (),
        }
    }
    Arc::new(builder.finish().snapshot.expect("it has no error"))
}

fn request(n: usize, item: usize) -> Request {
    let requested = "2026-12-01".parse().expect("a date");
    let line = OrderLine::new(&format!("O{n}"), &format!("I{item}"), Quantity::units(1), requested);
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    }
}

/// A world of so many promises, the n-th of which is of the item that is said.
fn promised(snapshot: &Arc<Snapshot>, n: usize, item: impl Fn(usize) -> usize) -> World {
    let mut ledger = Ledger::new(World::new(Arc::clone(snapshot)));
    let mut planner = Planner::default();
    for at in 0..n {
        let request = request(at, item(at));
        let query = request.resolve(snapshot).expect("it is known");
        let lines = draft::lines(&request, &query, &planner.plan(ledger.world(), &query), 0);
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        let admitted = ledger.admit(proposal).expect("there is enough for all");
        black_box(admitted.commit(Stamp::default()));
    }
    ledger.into_world()
}

/// The median of some times.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// What a promise in the middle of an account's takers counts on, and who counts on what is on hand.
fn pegging() {
    let cost = |n: usize| {
        let snapshot = snapshot(1, "1000000");
        let mut takes = Takes::default();
        takes.keep_up(&promised(&snapshot, n, |_| 0));
        let account = snapshot.stock(
            snapshot.items.names.get("I0").expect("it is there"),
            snapshot.locations.names.get("DC").expect("it is there"),
        );
        let first = Instant::now();
        let matching = takes.matching(account.ix());
        let first = first.elapsed();
        let takers = matching.all_takers();
        let ask = |at: usize| {
            let (who, day) = takers[at * 7_919 % takers.len()];
            assert!(matches!(who, Who::Promise { .. }));
            let began = Instant::now();
            black_box(takes.world().reservations_from(1).next());
            let documents = black_box(matching.documents_of(who, day));
            assert_eq!(documents[0].0, SupplyDocument::OnHand);
            began.elapsed()
        };
        (median((0..sized(10_001, 11)).map(ask).collect()), first)
    };
    let (few, many) = (sized(2_000, 20), sized(100_000, 100));
    let ((small, _), (large, first)) = (cost(few), cost(many));
    println!(
        "pegging: {small:?} with {few} takers, {large:?} with {many}; the first look at those {first:?}"
    );
}

/// All measures over all promises, by item and by nothing.
fn figures() {
    let n = sized(1_000_000, 300);
    let n_items = sized(1_000, 10);
    let world = promised(&snapshot(n_items, "1000000"), n, |at| at % n_items);
    let asked = |measures: usize, dimensions: usize| FiguresQuery {
        measures: MEASURES.iter().take(measures).map(|(_, of)| *of).collect(),
        group_by: DIMENSIONS.iter().take(dimensions).map(|(_, of)| *of).collect(),
        bucket: None,
        filter: Default::default(),
        from: None,
        to: None,
        basis: DateBasis::Request,
        top: 0,
    };
    for (name, asked) in [("three in all", asked(3, 0)), ("all by item", asked(20, 1))] {
        let one = |_| {
            let began = Instant::now();
            black_box(query(&world, &asked, &BTreeMap::new()));
            began.elapsed()
        };
        println!(
            "figures: {n} promises, {name}: {:?}",
            median((0..sized(21, 1)).map(one).collect())
        );
    }
}

fn command(n: usize, item: usize) -> PromiseCommand {
    PromiseCommand {
        request_id: format!("R{n}"),
        request: request(n, item),
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    }
}

/// Promises one after the other, with nobody watching and with thresholds on as many accounts; in turns.
async fn thresholds() {
    let (n_watched, n_items) = (sized(10_000, 20), sized(10_000, 20));
    let config = Config { checkpoint_every: u64::MAX, ..Config::new() };
    let tables = snapshot(n_items, "1000000");
    let engine = Engine::start(tables, Box::new(Memory::default()), config).expect("empty");
    let store = Store::open(None).expect("a temporary directory can be had");
    let refresher =
        Refresher::new(engine.clone(), store, RefreshSettings::default()).expect("an empty store");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async {
        drop(stopped.await);
        rpc::Shutdown::Drain(Duration::from_secs(1))
    };
    let serving =
        tokio::spawn(rpc::serve_within(refresher, (listener, Limits::default()), shutdown));
    let threshold = |at: usize| proto::Threshold {
        item: format!("I{at}"),
        location: "DC".to_string(),
        at_least: 1_000.0,
        ..Default::default()
    };
    let request = proto::WatchAvailabilityRequest {
        thresholds: (0..n_watched).map(threshold).collect(),
        ..Default::default()
    };
    let mut next = 0;
    let mut run = async || {
        let n = sized(20_000, 20);
        let began = Instant::now();
        for at in next..next + n {
            engine.promise(command(at, at % n_items)).await.expect("there is enough for all");
        }
        next += n;
        began.elapsed().as_secs_f64() / n as f64 * 1e6
    };
    run().await;
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for _ in 0..sized(5, 1) {
        alone.push(run().await);
        let url = format!("http://{address}");
        let mut client =
            proto::availability_service_client::AvailabilityServiceClient::connect(url)
                .await
                .expect("it listens");
        let mut stream =
            client.watch_availability(request.clone()).await.expect("it watches").into_inner();
        for _ in 0..n_watched {
            black_box(stream.message().await.expect("each is told"));
        }
        watched.push(run().await);
    }
    alone.sort_unstable_by(f64::total_cmp);
    watched.sort_unstable_by(f64::total_cmp);
    let (alone, watched) = (alone[alone.len() / 2], watched[watched.len() / 2]);
    println!(
        "thresholds: {alone:.1} us a promise, {watched:.1} us with {n_watched} watched: {:+.1} %",
        100.0 * (watched / alone - 1.0)
    );
    stop.send(()).expect("it serves until it is told");
    serving.await.expect("no panic").expect("it ends");
    engine.stop();
}

/// How long one look for what could come sooner works, where every promise is late and its account has gained.
fn sooner() {
    let n = sized(10_000, 30);
    let n_items = sized(100, 3);
    let tables = snapshot(n_items, "1");
    let engine = Engine::start(tables, Box::new(Memory::default()), Config::new()).expect("empty");
    for at in 0..n {
        engine.promise(command(at, at % n_items)).wait().expect("all can be bought");
    }
    let mut sweep = Sweep::default();
    let at_once = Duration::from_millis(100);
    let mut looks = Vec::new();
    for _ in 0..sized(50, 2) {
        let began = Instant::now();
        black_box(sweep.look(&engine, at_once));
        looks.push(began.elapsed());
    }
    let worst = looks.iter().max().copied().unwrap_or_default();
    let (total, rest) =
        looks.iter().fold((Duration::ZERO, Duration::ZERO), |(work, rest), look| {
            (work + *look, rest + (*look * 9).max(Duration::from_secs(1)))
        });
    let share = 100.0 * total.as_secs_f64() / (total + rest).as_secs_f64();
    println!("sooner: {n} late promises, a look works {worst:?} at most, {share:.1} % of a core");
    engine.stop();
}

fn main() {
    pegging();
    figures();
    let runtime = tokio::runtime::Runtime::new().expect("threads can be had");
    runtime.block_on(thresholds());
    sooner();
}
