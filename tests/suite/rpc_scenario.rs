//! What-if over gRPC: a supply slips in a scenario, live stays; a backlog run, compared, applied, replayed.

use crate::rpc::{Server, valves};
use promised::{engine::Config, ledger::digest, rpc::proto};
use proto::{
    backlog_service_client::BacklogServiceClient, promise_request::Commitment,
    scenario_service_client::ScenarioServiceClient, snapshot_service_client::SnapshotServiceClient,
};
use std::collections::HashMap;
use tonic::Code;
use tonic_types::StatusExt;

fn promise(order: &str, quantity: f64) -> proto::PromiseRequest {
    proto::PromiseRequest {
        request_id: format!("promise {order}"),
        lines: vec![proto::OrderLine { quantity, ..valves(order) }],
        commitment: Commitment::Confirm.into(),
        ..proto::PromiseRequest::default()
    }
}

fn slip(days: &str) -> proto::Change {
    let cells = [("supply", "PO-1"), ("days", days)];
    let own = |(name, text): (&str, &str)| (name.to_string(), text.to_string());
    proto::Change { change: "supply_moved".into(), cells: cells.map(own).into_iter().collect() }
}

fn apply(request_id: &str, scenario_id: &str) -> proto::ApplyScenarioRequest {
    let (request_id, scenario_id) = (request_id.into(), scenario_id.into());
    proto::ApplyScenarioRequest { request_id, scenario_id, ..Default::default() }
}

#[tokio::test]
async fn a_scenario_is_tried_compared_and_applied() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let mut backlogs = BacklogServiceClient::new(server.channel.clone());
    for (order, quantity) in [("A", 2.0), ("B", 4.0)] {
        promises.promise(promise(order, quantity)).await.unwrap();
    }
    let live = digest::of(&server.engine.pin());
    let create = proto::CreateScenarioRequest { name: "slip".into(), ..Default::default() };
    let one = scenarios.create(create).await.unwrap().into_inner();
    let id = one.scenario_id.clone();
    let change = proto::ChangeScenarioRequest {
        scenario_id: id.clone(),
        changes: vec![slip("14")],
        ..Default::default()
    };
    let changed = scenarios.change(change).await.unwrap().into_inner();
    assert_eq!((changed.changes, changed.promises_changed), (1, 0));
    let ask = |scenario_id: &str| proto::CheckAvailabilityRequest {
        lines: vec![valves("ASK")],
        scenario_id: scenario_id.into(),
        ..Default::default()
    };
    let ship = |answer: proto::CheckAvailabilityResponse| {
        answer.results[0].default_option.as_ref().unwrap().legs[0].ship_date.clone()
    };
    let now = ship(promises.check_availability(ask("")).await.unwrap().into_inner());
    let then = ship(promises.check_availability(ask(&id)).await.unwrap().into_inner());
    assert_eq!((now.as_str(), then.as_str()), ("2026-12-01", "2026-12-15"));
    let run = proto::RunBacklogRequest {
        scenario_id: id.clone(),
        first: vec!["B".into()],
        ..Default::default()
    };
    let ran = backlogs.run(run).await.unwrap().into_inner();
    assert_eq!((ran.run_id.as_str(), ran.lines), (id.as_str(), 2));
    let compare = proto::CompareRequest { scenario_id: id.clone(), ..Default::default() };
    let compared = scenarios.compare(compare).await.unwrap().into_inner();
    assert_eq!(compared.after, ran.compared.unwrap().after);
    assert_eq!(digest::of(&server.engine.pin()), live, "live is as it was");
    let loser = compared.lines.iter().find(|line| line.verdict == "loses").expect("B has to wait");
    assert_eq!(
        (loser.order.as_str(), loser.after.as_ref().unwrap().date.as_str()),
        ("B", "2026-12-15")
    );
    assert!(!loser.why.is_empty());
    let apply = apply("apply", &id);
    let applied = scenarios.apply(apply.clone()).await.unwrap().into_inner();
    assert!(applied.applied, "{applied:?}");
    let again = scenarios.apply(apply).await.unwrap().into_inner();
    assert_eq!(again.sequence, applied.sequence, "a repetition does nothing");
    let other = scenarios.apply(self::apply("other", &id)).await.unwrap_err();
    assert_eq!(other.code(), Code::FailedPrecondition);
    assert_eq!(reason(&other), "SCENARIO_APPLIED");
    let now = ship(promises.check_availability(ask("")).await.unwrap().into_inner());
    assert_eq!(now, "2026-12-15", "the slip is live now");
    server.stop().await;
}

/// What live posts.
fn effect(server: &Server) -> String {
    format!("{:?}", digest::effect(&server.engine.pin()).collect::<Vec<_>>())
}

#[tokio::test]
async fn what_live_has_moved_on_from_is_named_and_not_applied() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let mut backlogs = BacklogServiceClient::new(server.channel.clone());
    let made = promises.promise(promise("A", 4.0)).await.unwrap().into_inner();
    let promise_id = made.promises[0].promise_id.clone();
    let run = proto::RunBacklogRequest { otherwise: "lose".into(), ..Default::default() };
    let ran = backlogs.run(run).await.unwrap().into_inner();
    let cancel = proto::CancelRequest {
        request_id: "cancel".into(),
        promise_id: promise_id.clone(),
        ..Default::default()
    };
    promises.cancel(cancel).await.unwrap();
    let before = effect(&server);
    let applied = backlogs.apply(apply("1", &ran.run_id)).await.unwrap().into_inner();
    assert!(!applied.applied);
    assert_eq!(applied.unfit_promise_ids, [promise_id]);
    assert_eq!(effect(&server), before, "what was answered is kept, and nothing else");
    let gone = proto::DiscardScenarioRequest { scenario_id: "S99".into() };
    assert_eq!(scenarios.discard(gone).await.unwrap_err().code(), Code::NotFound);
    let create = proto::CreateScenarioRequest::default();
    let id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let mut bad = slip("14");
    bad.cells.insert("supply".into(), "PO-9".into());
    bad.cells.insert("colour".into(), "red".into());
    let change = proto::ChangeScenarioRequest {
        scenario_id: id,
        changes: vec![bad, slip("soon")],
        ..Default::default()
    };
    let refused = scenarios.change(change).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    server.stop().await;
}

fn reason(status: &tonic::Status) -> String {
    status.get_error_details().error_info().expect("every failure has a reason").reason.clone()
}

#[tokio::test]
async fn every_question_and_every_order_may_be_of_a_scenario() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let kept = promises.promise(promise("LIVE", 2.0)).await.unwrap().into_inner();
    let live = digest::of(&server.engine.pin());
    let create = proto::CreateScenarioRequest::default();
    let id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    // Added, held and confirmed, amended, cancelled; seen by Get and List.
    let hold = proto::PromiseRequest {
        scenario_id: id.clone(),
        commitment: Commitment::Hold.into(),
        ..promise("IN", 4.0)
    };
    let made = promises.promise(hold).await.unwrap().into_inner();
    let promise_id = made.promises[0].promise_id.clone();
    let confirm = proto::ConfirmRequest {
        promise_id: promise_id.clone(),
        scenario_id: id.clone(),
        ..Default::default()
    };
    let confirmed = promises.confirm(confirm).await.unwrap().into_inner().promise.unwrap();
    assert_eq!(confirmed.state(), proto::reservation::State::Confirmed);
    let amend = proto::AmendRequest {
        promise_id: promise_id.clone(),
        line: Some(proto::OrderLine { quantity: 3.0, ..valves("IN") }),
        scenario_id: id.clone(),
        ..Default::default()
    };
    assert!(promises.amend(amend).await.unwrap().into_inner().changed);
    let cancel = proto::CancelRequest {
        promise_id: kept.promises[0].promise_id.clone(),
        scenario_id: id.clone(),
        ..Default::default()
    };
    promises.cancel(cancel).await.unwrap();
    let priorities =
        vec![proto::OrderPriority { order: "IN".into(), priority: Some(1), ..Default::default() }];
    let change =
        proto::ChangeScenarioRequest { scenario_id: id.clone(), priorities, ..Default::default() };
    scenarios.change(change).await.unwrap();
    let get = |scenario_id: &str| proto::GetPromiseRequest {
        order: "IN".into(),
        scenario_id: scenario_id.into(),
        ..Default::default()
    };
    let found = promises.get(get(&id)).await.unwrap().into_inner().promises.remove(0);
    assert_eq!((found.quantity, found.priority), (3.0, Some(1)));
    assert_eq!(promises.get(get("")).await.unwrap_err().code(), Code::NotFound);
    let list = proto::ListPromisesRequest { scenario_id: id.clone(), ..Default::default() };
    assert_eq!(promises.list(list).await.unwrap().into_inner().promises.len(), 2);
    assert_eq!(digest::of(&server.engine.pin()), live, "live is as it was");
    // An order that nobody knows, a scenario that nobody knows, one at a position nobody wrote.
    let priorities = vec![proto::OrderPriority { order: "NO".into(), ..Default::default() }];
    let change =
        proto::ChangeScenarioRequest { scenario_id: id.clone(), priorities, ..Default::default() };
    assert_eq!(scenarios.change(change).await.unwrap_err().code(), Code::InvalidArgument);
    let nobody = promises.get(get("S99")).await.unwrap_err();
    assert_eq!((nobody.code(), reason(&nobody).as_str()), (Code::NotFound, "SCENARIO_UNKNOWN"));
    let create = proto::CreateScenarioRequest { at_sequence: 99, ..Default::default() };
    let beyond = scenarios.create(create).await.unwrap_err();
    assert_eq!((beyond.code(), reason(&beyond).as_str()), (Code::OutOfRange, "POSITION_NOT_KEPT"));
    // What was added and cancelled becomes live together.
    let applied = scenarios.apply(apply("apply", &id)).await.unwrap().into_inner();
    assert!(applied.applied, "{applied:?}");
    let found = promises.get(get("")).await.unwrap().into_inner().promises.remove(0);
    assert_eq!((found.quantity, found.priority), (3.0, Some(1)));
    let early = proto::CreateScenarioRequest { at_sequence: 1, ..Default::default() };
    let early = scenarios.create(early).await.unwrap().into_inner();
    assert_eq!(early.taken_at_sequence, 1);
    let list = proto::ListPromisesRequest { scenario_id: early.scenario_id, ..Default::default() };
    let of_then = promises.list(list).await.unwrap().into_inner().promises;
    assert_eq!(of_then[0].order, "LIVE");
    server.stop().await;
}

#[tokio::test]
async fn what_was_made_on_another_snapshot_is_not_applied() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let mut backlogs = BacklogServiceClient::new(server.channel.clone());
    let mut snapshots = SnapshotServiceClient::new(server.channel.clone());
    promises.promise(promise("A", 4.0)).await.unwrap();
    let run = proto::RunBacklogRequest { otherwise: "lose".into(), ..Default::default() };
    let ran = backlogs.run(run).await.unwrap().into_inner();
    // The same snapshot serves again: what was planned before is of another serving all the same.
    let activate = proto::ActivateRequest { snapshot_id: "tiny".into(), force: None };
    snapshots.activate(activate).await.unwrap();
    let before = effect(&server);
    let told = scenarios.apply(apply("1", &ran.run_id)).await.unwrap().into_inner();
    assert!(!told.applied);
    assert_eq!(told.outcome(), proto::apply_scenario_response::Outcome::LiveRefreshed);
    assert!(told.why.contains("refreshed"), "{}", told.why);
    assert_eq!(effect(&server), before);
    let again = proto::ApplyScenarioRequest { again: true, ..apply("2", &ran.run_id) };
    assert!(scenarios.apply(again).await.unwrap().into_inner().applied);
    server.stop().await;
}

fn instant(text: &str) -> prost_types::Timestamp {
    let at: jiff::Timestamp = text.parse().unwrap();
    prost_types::Timestamp { seconds: at.as_second(), nanos: 0 }
}

/// The lines of a folder's order stream for one item.
fn lines_for(folder: &std::path::Path, item: &str) -> Vec<proto::OrderLine> {
    let mut rows = csv::Reader::from_path(folder.join("orders.csv")).unwrap();
    let rows = rows.deserialize().map(|row| row.unwrap());
    let rows = rows.filter(|row: &HashMap<String, String>| row["item"] == item);
    let line = |row: HashMap<String, String>| proto::OrderLine {
        order: row["order"].clone(),
        line: row["line"].clone(),
        item: row["item"].clone(),
        quantity: row["quantity"].parse().unwrap(),
        requested_date: row["requested_date"].clone(),
        date_type: proto::order_line::DateType::Arrival.into(),
        customer: row["customer"].clone(),
        unit_price: row.get("unit_price").map(|price| price.parse().unwrap()),
        ordered_at: row.get("ordered_at").map(|at| instant(at)),
        ..Default::default()
    };
    rows.map(line).collect()
}

/// Promises lines, each in a request of its own.
async fn promise_all(server: &Server, lines: Vec<proto::OrderLine>) {
    for (at, line) in lines.into_iter().enumerate() {
        let request = proto::PromiseRequest {
            request_id: format!("{at}"),
            lines: vec![line],
            ..Default::default()
        };
        server.promises().promise(request).await.unwrap();
    }
}

#[tokio::test]
async fn a_purchase_order_slips_and_key_accounts_are_served_first() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/adventureworks");
    let server = Server::start(&folder, Config::new()).await;
    let mut promises = server.promises();
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let mut backlogs = BacklogServiceClient::new(server.channel.clone());
    promise_all(&server, lines_for(&folder, "HL-U509-B")).await;
    let live = digest::of(&server.engine.pin());
    let create = proto::CreateScenarioRequest { name: "blue helmets".into(), ..Default::default() };
    let id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let cells = [("supply", "PO-4001-8791"), ("days", "14")];
    let cells = cells.map(|(name, text)| (name.to_string(), text.to_string()));
    let slip = proto::Change { change: "supply_moved".into(), cells: cells.into_iter().collect() };
    let change = proto::ChangeScenarioRequest {
        scenario_id: id.clone(),
        changes: vec![slip],
        ..Default::default()
    };
    let changed = scenarios.change(change).await.unwrap().into_inner();
    assert!(0 < changed.at_risk && changed.promises_changed == 0, "{changed:?}");
    // Who is hit, by how much, and why.
    let compare = proto::CompareRequest { scenario_id: id.clone(), ..Default::default() };
    let hit = scenarios.compare(compare.clone()).await.unwrap().into_inner();
    assert_eq!(u64::from(hit.losers), hit.after.as_ref().unwrap().at_risk);
    let loser = &hit.lines[0];
    assert_eq!(
        loser.why,
        "300 less of HL-U509-B@PLANT by 2014-07-02 (supply_moved supply PO-4001-8791, days 14)"
    );
    assert!(hit.groups.iter().any(|group| group.dimension == "customer"));
    // Key accounts first, the others get what is left.
    let run = proto::RunBacklogRequest {
        scenario_id: id.clone(),
        sequence: "demand_class,requested_date".into(),
        ..Default::default()
    };
    let ran = backlogs.run(run).await.unwrap().into_inner();
    let compared = ran.compared.unwrap();
    let (before, after) = (compared.before.as_ref().unwrap(), compared.after.as_ref().unwrap());
    assert_eq!((after.at_risk, after.lines, after.fill_rate), (0, before.lines, before.fill_rate));
    let class = |key: &str| {
        let of = compared
            .groups
            .iter()
            .find(|group| (group.dimension == "demand_class") && group.key == key);
        of.map(|group| (group.before.unwrap().on_time_share, group.after.unwrap().on_time_share))
    };
    let (was, is) = class("reseller").expect("they are served first");
    assert!(was <= is, "{was} {is}");
    let (was, is) = class("web").expect("they pay for it");
    assert!(is < was, "{was} {is}");
    assert!(compared.lines.iter().all(|line| !line.why.is_empty()));
    assert_eq!(digest::of(&server.engine.pin()), live, "live is as it was");
    let applied = scenarios.apply(apply("apply", &id)).await.unwrap().into_inner();
    assert!(applied.applied, "{applied:?}");
    let late = compared.lines.iter().find(|line| line.verdict == "loses").unwrap();
    let get = proto::GetPromiseRequest { order: late.order.clone(), ..Default::default() };
    let kept = promises.get(get).await.unwrap().into_inner().promises.remove(0);
    assert_eq!(kept.legs.last().unwrap().arrival_date, late.after.as_ref().unwrap().date);
    server.stop().await;
}

#[tokio::test]
async fn what_would_hold_too_much_memory_is_refused_with_the_figures() {
    let at_most = 8_000;
    let config = Config { scenario_bytes_at_most: at_most, ..Config::new() };
    let server = Server::tiny_with(config).await;
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let mut made = 0;
    let refused = loop {
        match scenarios.create(proto::CreateScenarioRequest::default()).await {
            Ok(_) => made += 1,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused), "SCENARIOS_TOO_LARGE");
    let listed = scenarios.list(proto::ListScenariosRequest {}).await.unwrap().into_inner();
    let each = listed.scenarios[0].bytes;
    assert_eq!(listed.scenarios.len(), made);
    assert_eq!((listed.bytes, listed.bytes_at_most), (made as u64 * each, at_most));
    let would_hold = listed.bytes + each;
    let want = format!(
        "all scenarios together would hold {would_hold} bytes beyond live, and {at_most} is what they may; \
         discard some, or serve with a larger --scenario-memory"
    );
    assert_eq!(refused.message(), want);
    server.stop().await;
}

#[tokio::test]
async fn who_keeps_his_date_and_is_at_risk_is_told_so() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/allocation-demo");
    let server = Server::start(&folder, Config::new()).await;
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    promise_all(&server, lines_for(&folder, "BK-M82S-42")).await;
    let create = proto::CreateScenarioRequest { name: "slip".into(), ..Default::default() };
    let id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let cells = [("supply", "WO-72501"), ("days", "10")];
    let cells = cells.map(|(name, text)| (name.to_string(), text.to_string()));
    let slip = proto::Change { change: "supply_moved".into(), cells: cells.into_iter().collect() };
    let change = proto::ChangeScenarioRequest {
        scenario_id: id.clone(),
        changes: vec![slip],
        ..Default::default()
    };
    scenarios.change(change).await.unwrap();
    let compare = proto::CompareRequest { scenario_id: id, ..Default::default() };
    let compared = scenarios.compare(compare).await.unwrap().into_inner();
    let key = compared.lines.iter().find(|line| line.order == "KEY").unwrap();
    let date = |side: &Option<proto::LineStanding>| side.as_ref().unwrap().date.clone();
    assert_eq!(date(&key.before), date(&key.after));
    assert_eq!(key.verdict, "loses");
    assert_eq!(key.why, "is at risk: more is promised of what it takes than there will be");
}
