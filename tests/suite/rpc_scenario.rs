//! What-if over gRPC: a supply slips in a scenario, live stays; a backlog run, compared, applied, replayed.

use crate::rpc::{Server, valves};
use promised::{ledger::digest, rpc::proto};
use proto::{
    backlog_service_client::BacklogServiceClient, promise_request::Commitment,
    scenario_service_client::ScenarioServiceClient,
};
use std::collections::HashMap;
use tonic::Code;

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
    let change =
        proto::ChangeScenarioRequest { scenario_id: id.clone(), changes: vec![slip("14")] };
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
    let apply = proto::ApplyScenarioRequest { request_id: "apply".into(), scenario_id: id.clone() };
    let applied = scenarios.apply(apply.clone()).await.unwrap().into_inner();
    assert!(applied.applied, "{applied:?}");
    let again = scenarios.apply(apply).await.unwrap().into_inner();
    assert_eq!(again.sequence, applied.sequence, "a repetition does nothing");
    let now = ship(promises.check_availability(ask("")).await.unwrap().into_inner());
    assert_eq!(now, "2026-12-15", "the slip is live now");
    server.stop().await;
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
    let before = digest::of(&server.engine.pin());
    let apply = proto::ApplyScenarioRequest { request_id: "1".into(), scenario_id: ran.run_id };
    let applied = backlogs.apply(apply).await.unwrap().into_inner();
    assert!(!applied.applied);
    assert_eq!(applied.unfit_promise_ids, [promise_id]);
    assert_eq!(digest::of(&server.engine.pin()), before);
    let gone = proto::DiscardScenarioRequest { scenario_id: "S99".into() };
    assert_eq!(scenarios.discard(gone).await.unwrap_err().code(), Code::NotFound);
    let create = proto::CreateScenarioRequest::default();
    let id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let mut bad = slip("14");
    bad.cells.insert("supply".into(), "PO-9".into());
    bad.cells.insert("colour".into(), "red".into());
    let change = proto::ChangeScenarioRequest { scenario_id: id, changes: vec![bad, slip("soon")] };
    let refused = scenarios.change(change).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    server.stop().await;
}
