//! Issue 17 item 10: work without end. Needs are counted, not time.

use crate::support;
use promised::{
    ledger::World as Live,
    limits,
    loader::{self, Silent},
    promising::{
        Planner,
        answer::{LineResult, Reason},
        request::{Remedies, Request},
    },
};
use std::{path::Path, process::Command, sync::Arc};

#[path = "../../benches/make_to_order/model.rs"]
mod make_to_order;

fn is_cut_short(result: &LineResult) -> bool {
    result.reasons.contains(&Reason::Effort)
}

/// Promises all orders of a file, one after the other; the most needs that a line opened. None may meet the limit.
fn all_of(snapshot: &Path, orders: &Path) -> u32 {
    let loaded = loader::open(snapshot, &Silent).expect("it loads");
    let orders = loader::orders(orders).expect("they load");
    let mut live = Live::new(Arc::new(loaded.snapshot.expect("it is without fault")));
    let mut planner = Planner::default();
    let mut most = 0;
    for line in orders.lines {
        let request = Request {
            lines: vec![line],
            objective: None,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        };
        let query = request.resolve(&live.snapshot).expect("it names what exists");
        let promise = planner.plan(&live, &query);
        assert!(!promise.lines.iter().any(is_cut_short), "{:?}", request.lines);
        most = most.max(planner.most_needs());
        live = support::commit(live, &request, &promise);
    }
    if std::env::var_os("PROMISED_SHOW").is_some() {
        eprintln!("{}: {most} needs", snapshot.display());
    }
    most
}

/// Half of the limit and more is left for what is larger.
fn check_all_of(snapshot: &Path, orders: &Path) {
    let most = all_of(snapshot, orders);
    assert!(most <= limits::NEEDS_MAX / 2, "{most} needs");
}

#[test]
fn no_line_of_the_snapshots_meets_the_limit() {
    for name in ["adventureworks", "tiny", "allocation-demo"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name);
        check_all_of(&folder, &folder.join("orders.csv"));
    }
}

#[test]
fn no_line_of_what_generate_makes_meets_the_limit() {
    let folder = tempfile::tempdir().expect("there is room");
    for (seed, depth) in [("1", "3"), ("2", "4")] {
        let folder = folder.path().join(seed);
        let generated = Command::new(env!("CARGO_BIN_EXE_promised"))
            .arg("generate")
            .arg(&folder)
            .args(["--items", "80", "--orders", "300", "--seed", seed, "--depth", depth])
            .output()
            .expect("it runs");
        assert!(generated.status.success(), "{generated:?}");
        check_all_of(&folder, &folder.join("orders.csv"));
    }
}

#[test]
fn no_line_made_to_order_meets_the_limit() {
    for (seed, split) in [(1, false), (2, true)] {
        let folder = tempfile::tempdir().expect("there is room");
        let shape = make_to_order::Shape {
            items: 60,
            orders: 900,
            stations: None,
            utilisation: 90,
            split,
            seed,
        };
        make_to_order::Model::new(&shape).write(&shape, folder.path()).expect("it is written");
        check_all_of(&folder.path().join("snapshot"), &folder.path().join("orders.csv"));
    }
}
