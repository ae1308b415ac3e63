//! Promises whole make-to-order order files: `cargo bench --bench make_to_order -- --utilisation 95`.
//!
//! Each line is planned against the live world and committed to the ledger before the next, as
//! `promised promise` does; times are those of one promise, plan and commit. `--write DIR` writes the
//! snapshot and the orders instead, for `promised promise DIR/snapshot DIR/orders.csv`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a bench is read by us alone"
)]

#[path = "../common/mod.rs"]
mod common;
mod model;

use clap::Parser;
use model::{AS_OF, HORIZON_DAYS, Model, Order, Shape};
use promised::{
    engine::{clock::Stopwatch, draft},
    ledger::{Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World},
    model::Quantity,
    promising::{
        self,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

#[derive(Parser)]
struct Args {
    #[command(flatten)]
    shape: Shape,
    /// Writes the model into a directory and promises nothing.
    #[arg(long)]
    write: Option<PathBuf>,
    /// `cargo bench` says so.
    #[arg(long, hide = true)]
    bench: bool,
    /// `cargo test --benches` says so: a small model, once.
    #[arg(long, hide = true)]
    test: bool,
}

fn snapshot(model: &Model) -> Snapshot {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "make-to-order".into(),
        as_of: AS_OF,
        horizon_days: HORIZON_DAYS,
        currency: "USD".into(),
        watermarks: BTreeMap::new(),
    });
    for schema in TABLES {
        for (_, columns, rows) in model.tables.iter().filter(|(name, ..)| *name == schema.name) {
            let mapping = builder.open(schema, columns);
            for (number, row) in rows.iter().enumerate() {
                let cells: Vec<_> = row.iter().map(|cell| Some(cell.as_str())).collect();
                builder.row(&mapping, number as u64 + 1, &cells);
            }
        }
    }
    let loaded = builder.finish();
    loaded.snapshot.expect("the model is without fault")
}

fn request(order: &Order, shape: &Shape) -> Request {
    let quantity = Quantity::units(order.quantity as i64);
    let line = OrderLine {
        location: Some("PLANT".into()),
        split: Some(shape.split),
        ..OrderLine::new(&order.order, &order.item, quantity, order.requested)
    };
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    }
}

fn main() {
    let mut args = Args::parse();
    if args.test {
        (args.shape.items, args.shape.orders) = (20, 100);
    }
    let model = Model::new(&args.shape);
    if let Some(dir) = &args.write {
        return model.write(&args.shape, dir).expect("the directory can be written");
    }
    let snapshot = Arc::new(snapshot(&model));
    let mut ledger = Ledger::new(World::new(Arc::clone(&snapshot)));
    let (mut times, mut on_time) = (Vec::new(), 0);
    let mut planner = promising::Planner::default();
    let all = Stopwatch::start();
    for order in &model.orders {
        let watch = Stopwatch::start();
        let request = request(order, &args.shape);
        let query = request.resolve(&snapshot).expect("orders name what exists");
        let promise = planner.plan(ledger.world(), &query);
        on_time += usize::from(promise.lines[0].status == promising::answer::LineStatus::OnTime);
        let lines = draft::lines(&request, &query, &promise, 0);
        if lines.iter().any(|line| matches!(line, ProposedLine::Reserve(_))) {
            let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
            let admitted = ledger.admit(proposal).expect("what is planned is admitted (P2)");
            admitted.commit(Stamp::default());
        }
        times.push(watch.elapsed());
    }
    let total = all.elapsed();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "{} items, {} orders, {} %{}: {:.2} s, {on_time} on time; a promise: p50 {:.0} us, p99 {:.0} us, worst {:.0} us",
        args.shape.items,
        args.shape.orders,
        args.shape.utilisation,
        if args.shape.split { ", split" } else { "" },
        total.as_secs_f64(),
        micros(at(0.5)),
        micros(at(0.99)),
        micros(at(1.0))
    );
}
