//! Item 4: what takes long keeps nobody else waiting, and what nobody waits for stops.

use super::process::{Place, connect};
use crate::push::tiny;
use promised::{
    compare::compare_within,
    ledger::{
        Reservation, State, World,
        reservation::{DateType, Facts},
    },
    loader,
    model::{Day, Money, Quantity},
    promising::{
        Planner,
        patience::{GivenUp, Patience, heard_out},
        preview::preview_within,
        query::Query,
        request::{OrderLine, Remedies, Request},
    },
    rpc::proto::{self, snapshot_service_client::SnapshotServiceClient},
};
use rustix::process::Signal;
use std::{path::Path, process::Command, sync::Arc, time::Duration};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

/// A world that makes things, and a query of many lines.
fn much() -> (World, Query) {
    let loaded = loader::open(&tiny(), &loader::Silent).unwrap();
    let snapshot = Arc::new(loaded.snapshot.unwrap());
    let requested = "2026-12-04".parse().unwrap();
    let line = |n: i64| {
        let item = ["PUMP", "VALVE", "SEAL"][n as usize % 3];
        OrderLine::new(&format!("O{n}"), item, Quantity::units(1 + n % 7), requested)
    };
    let lines = (0..60).map(line).collect();
    let remedies = Remedies::Sought;
    let request = Request { lines, objective: None, alternatives: 0, remedies, now: None };
    let query = request.resolve(&snapshot).expect("its items are known");
    (World::new(snapshot), query)
}

#[test]
fn a_plan_that_is_given_up_opens_no_more_needs() {
    let (world, query) = much();
    let mut planner = Planner::default();
    let whole = planner.plan(&world, &query);
    let within =
        |planner: &mut Planner, needs| planner.plan_within(&world, &query, &Patience::of(needs));
    // How many needs it takes, by bisection: with one less it is given up.
    let (mut low, mut high) = (0, 1 << 40);
    while low < high {
        let middle = low + (high - low) / 2;
        match within(&mut planner, middle) {
            Ok(_) => high = middle,
            Err(GivenUp) => low = middle + 1,
        }
    }
    assert!(100 < low, "{low} needs");
    assert_eq!(within(&mut planner, low - 1).err(), Some(GivenUp));
    // What was given up leaves no trace: neither a worse answer nor one.
    assert_eq!(within(&mut planner, low).unwrap(), whole);
    assert_eq!(planner.plan(&world, &query), whole);
    let (patience, waiting) = Patience::until_dropped();
    drop(waiting);
    assert_eq!(planner.plan_within(&world, &query, &patience).err(), Some(GivenUp));
}

#[test]
fn a_comparison_that_is_given_up_looks_at_no_more_lines() {
    let (mut after, query) = much();
    let before = after.clone();
    for (n, found) in Planner::default().plan(&before, &query).lines.iter().enumerate() {
        if found.option.is_some() {
            after.put(promised(n as u64 + 1, &after));
        }
    }
    let n = after.n_reservations() as u64;
    assert!(10 < n, "{n}");
    let looked = |lines| {
        let patience = Patience::of(lines);
        heard_out(|| compare_within(&before, &after, &patience).pairs.len() as u64)
    };
    assert_eq!(looked(n), Ok(n));
    assert_eq!(looked(n - 1), Err(GivenUp));
    let (patience, waiting) = Patience::until_dropped();
    drop(waiting);
    let given_up = heard_out(|| compare_within(&before, &after, &patience).pairs.len());
    assert_eq!(given_up, Err(GivenUp));
    // So is a preview: not even the changes are made.
    let snapshot = &before.snapshot;
    let place =
        (snapshot.items.names.get("VALVE").unwrap(), snapshot.locations.names.get("HAM").unwrap());
    let given_up = heard_out(|| preview_within(&before, place, &[], &patience).promises.len());
    assert_eq!(given_up, Err(GivenUp));
    assert_eq!(
        heard_out(|| preview_within(&before, place, &[], &Patience::endless()).promises.len()),
        Ok(0)
    );
}

/// A promise of nothing in particular.
fn promised(number: u64, world: &World) -> Arc<Reservation> {
    let facts = Facts {
        source: None,
        revision: 0,
        order: format!("O{number}").into(),
        line: "1".into(),
        customer: None,
        zone: None,
        class: None,
        item: world.snapshot.items.names.get("VALVE").unwrap(),
        quantity_requested: Quantity::ONE,
        priority: None,
        requested: Day(3),
        date_type: DateType::Ship,
        unit_price: None,
        terms: promised::ledger::Terms::default(),
        legs: Vec::new(),
        rank: 1,
        cost: Money::ZERO,
        profit: Money::ZERO,
        created: 0,
        force: None,
    };
    Arc::new(Reservation {
        number,
        state: State::Confirmed,
        quantity: Quantity::ONE,
        postings: [].into(),
        plan: [].into(),
        facts: Arc::new(facts),
        standing: None,
        at_risk: false,
        shipped: None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_does_not_come_keeps_no_other_call_of_its_connection_waiting() {
    let place = Place::new();
    let server = place.start(&[]).await;
    // A push of which a file is there, but does not come: as good as one that is very large.
    let incoming = place.dir.path().join("data/incoming/slow");
    std::fs::create_dir_all(&incoming).unwrap();
    let pipe = incoming.join("items.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let channel = connect(&server.url).await;
    let asked = {
        let mut snapshots = SnapshotServiceClient::new(channel.clone());
        let request = proto::GetUploadRequest { snapshot_id: "slow".to_string() };
        tokio::spawn(async move { snapshots.get_upload(request).await })
    };
    let mut health = HealthClient::new(channel.clone());
    for _ in 0..10 {
        health.check(HealthCheckRequest::default()).await.unwrap();
        let status = proto::GetStatusRequest::default();
        SnapshotServiceClient::new(channel.clone()).get_status(status).await.unwrap();
    }
    assert!(!asked.is_finished());
    std::fs::write(&pipe, "item\n").unwrap();
    let files = asked.await.unwrap().unwrap().into_inner().files;
    assert_eq!(files.len(), 1);
    server.kill();
}

/// A question of many lines of what AdventureWorks makes, with remedies: minutes of work.
fn heavy() -> proto::CheckAvailabilityRequest {
    let orders = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/adventureworks/orders.csv");
    let mut orders = csv::Reader::from_path(orders).unwrap();
    let header = orders.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (item, customer, date) = (at("item"), at("customer"), at("requested_date"));
    let lines = orders.records().take(3_000).enumerate().map(|(n, row)| {
        let row = row.unwrap();
        proto::OrderLine {
            order: format!("H{n}"),
            item: row[item].to_string(),
            customer: row[customer].to_string(),
            quantity: 900.0,
            requested_date: row[date].to_string(),
            ..Default::default()
        }
    });
    proto::CheckAvailabilityRequest { lines: lines.collect(), remedies: true, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_up_stops_and_keeps_neither_others_nor_the_end_waiting() {
    let place = Place::serving("adventureworks");
    let server = place.start(&[]).await;
    let ask = |timeout: Duration| {
        let mut promises = server.promises();
        let mut request = tonic::Request::new(heavy());
        request.set_timeout(timeout);
        tokio::spawn(async move { promises.check_availability(request).await.map(drop) })
    };
    // While it is computed, others on the same connection are answered.
    let asked = ask(Duration::from_secs(600));
    let mut health = HealthClient::new(server.channel.clone());
    for _ in 0..20 {
        health.check(HealthCheckRequest::default()).await.unwrap();
    }
    assert!(!asked.is_finished(), "it takes long");
    // Cancelled, or too late: nothing of it is computed any more.
    asked.abort();
    for asked in [0; 3].map(|_| ask(Duration::from_millis(20))) {
        asked.await.unwrap().unwrap_err();
    }
    let mut quiet = 0;
    for _ in 0..200 {
        let before = server.computed();
        tokio::time::sleep(Duration::from_millis(100)).await;
        quiet = if server.computed() - before <= 2 { quiet + 1 } else { 0 };
        if quiet == 5 {
            break;
        }
    }
    assert_eq!(quiet, 5, "it still computes");
    // One under way does not hold up the end either: it is cut off in time.
    let asked = ask(Duration::from_secs(600));
    health.check(HealthCheckRequest::default()).await.unwrap();
    server.signal(Signal::TERM);
    let (code, took) = server.exit().await;
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "{took:?}");
    asked.await.unwrap().unwrap_err();
}
