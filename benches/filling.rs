//! How planning slows as a plant fills up: `cargo bench --bench filling -- [--lines 40000]`.
//!
//! Random orders for every item of a snapshot are promised one after the other, each planned against the live
//! world and committed before the next, as `promised promise` does. A row a stretch of orders: what a promise took,
//! and what planning counted for it. `--item` orders one item over and over instead.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a bench is read by us alone"
)]

mod common;

use clap::Parser;
use promised::{
    engine::{clock::Stopwatch, draft},
    ledger::{Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World},
    loader,
    model::{Day, Index, Quantity},
    promising::{
        Planner, Spent,
        answer::LineStatus,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{CustomerIx, ItemIx, Snapshot},
};
use std::{path::PathBuf, sync::Arc, time::Duration};

#[derive(Parser)]
struct Args {
    /// The snapshot that is filled.
    #[arg(long)]
    snapshot: Option<PathBuf>,
    /// How many orders.
    #[arg(long, default_value_t = 40_000)]
    lines: usize,
    /// How many orders a row is for.
    #[arg(long, default_value_t = 5_000)]
    stretch: usize,
    /// Orders this item alone.
    #[arg(long)]
    item: Option<String>,
    /// How much an order is for at most.
    #[arg(long, default_value_t = 10)]
    most: i64,
    /// Orders arrive within so many days.
    #[arg(long, default_value_t = 60)]
    days: i32,
    /// Shows the so many most expensive promises.
    #[arg(long, default_value_t = 0)]
    worst: usize,
    /// `cargo bench` says so; without it a few orders are enough.
    #[arg(long, hide = true)]
    bench: bool,
}

/// splitmix64: the same orders everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// One promise: how long it took, how it fared, what planning counted.
struct Done {
    time: Duration,
    status: LineStatus,
    spent: Spent,
    item: String,
    requested: Day,
    days_late: i32,
}

fn order(snapshot: &Snapshot, args: &Args, random: &mut Random, at: usize) -> OrderLine {
    let items = &snapshot.items.names;
    let any = random.below(items.len() as u64) as usize;
    let item = args.item.clone().unwrap_or_else(|| items.name(ItemIx::from_usize(any)).to_string());
    let day = Day(random.below(args.days as u64) as i32);
    let quantity = Quantity::units(1 + random.below(args.most as u64) as i64);
    let customers = &snapshot.customers.names;
    let customer = random.below(customers.len().max(1) as u64) as usize;
    let customer = (!customers.is_empty())
        .then(|| customers.name(CustomerIx::from_usize(customer)).to_string());
    let date = snapshot.epoch().date(day);
    OrderLine { customer, ..OrderLine::new(&format!("R{at}"), &item, quantity, date) }
}

fn request(line: OrderLine) -> Request {
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn show(name: &str, done: &[Done]) {
    let mut times: Vec<_> = done.iter().map(|one| one.time).collect();
    times.sort();
    let at = |share: f64| micros(times[((times.len() - 1) as f64 * share) as usize]);
    let n = done.len() as f64;
    let mean = micros(times.iter().sum()) / n;
    let per = |of: fn(&Spent) -> u64| done.iter().map(|one| of(&one.spent)).sum::<u64>() as f64 / n;
    let mean_of = |status: LineStatus| {
        let of: Vec<_> = done.iter().filter(|one| one.status == status).collect();
        let sum: Duration = of.iter().map(|one| one.time).sum();
        (of.len(), micros(sum) / of.len().max(1) as f64)
    };
    let ((n_on_time, on_time), (n_late, late)) =
        (mean_of(LineStatus::OnTime), mean_of(LineStatus::Late));
    println!(
        "{name}: {mean:.0} us a promise (p50 {:.0}, p99 {:.0}, worst {:.0}); {n_on_time} on time of {on_time:.0} us, {n_late} late of {late:.0} us; \
         a promise: {:.1} days, {:.1} fills, {:.1} bounds, {:.1} changes",
        at(0.5),
        at(0.99),
        at(1.0),
        per(|t| t.days),
        per(|t| t.fills),
        per(|t| t.bounds),
        per(|t| t.changes),
    );
}

fn main() {
    let mut args = Args::parse();
    if !args.bench {
        (args.lines, args.stretch) = (60, 30);
    }
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots/adventureworks");
    let dir = args.snapshot.clone().unwrap_or_else(own);
    let loaded = loader::open(&dir, &loader::Silent).expect("the snapshot can be read");
    let snapshot = Arc::new(loaded.snapshot.expect("it has no error"));
    let mut ledger = Ledger::new(World::new(Arc::clone(&snapshot)));
    let mut planner = Planner::default();
    let mut random = Random(1);
    let mut done = Vec::new();
    for at in 0..args.lines {
        let line = order(&snapshot, &args, &mut random, at);
        let watch = Stopwatch::start();
        let before = planner.spent();
        let request = request(line);
        let query = request.resolve(&snapshot).expect("orders name what exists");
        let promise = planner.plan(ledger.world(), &query);
        let lines = draft::lines(&request, &query, &promise, 0);
        if lines.iter().any(|line| matches!(line, ProposedLine::Reserve(_))) {
            let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
            let admitted = ledger.admit(proposal).expect("what is planned is admitted (P2)");
            admitted.commit(Stamp::default());
        }
        let line = &promise.lines[0];
        done.push(Done {
            time: watch.elapsed(),
            status: line.status,
            spent: planner.spent() - before,
            item: request.lines[0].item.clone(),
            requested: query.lines()[0].requested,
            days_late: line.option.as_ref().map_or(0, |option| option.days_late),
        });
    }
    for (at, stretch) in done.chunks(args.stretch).enumerate() {
        show(&format!("{} to {}", at * args.stretch, at * args.stretch + stretch.len()), stretch);
    }
    let (first, last) =
        (&done[..args.stretch.min(done.len())], &done[done.len().saturating_sub(args.stretch)..]);
    let sum = |of: &[Done]| {
        of.iter().map(|one| one.time).sum::<Duration>().as_secs_f64() / of.len() as f64
    };
    println!("last stretch over first: {:.1}", sum(last) / sum(first));
    done.sort_by_key(|one| std::cmp::Reverse(one.time));
    for one in done.iter().take(args.worst) {
        let Done { time, status, spent, item, requested, days_late } = one;
        println!(
            "{:.0} us {item} for {requested:?}: {status:?}, {days_late} days late, {spent:?}",
            micros(*time)
        );
    }
}
