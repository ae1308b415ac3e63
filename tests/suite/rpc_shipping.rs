//! Issue 16, items 1, 2, 5 and 10, over gRPC: what ships by order and line, what comes back, what is only asked, live and
//! in scenarios.

use super::rpc::{Server, told, valves};
use crate::engine_support::Hands;
use promised::{engine::Config, rpc::proto};
use proto::{
    past_step::Step as Past, reservation::State, scenario_service_client::ScenarioServiceClient,
};

/// A server in whose hands the clock stands.
async fn at_work() -> Server {
    Server::tiny_with(Config { clock: Hands::default().clock(), ..Config::new() }).await
}

fn seals(order: &str, line: &str, quantity: f64) -> proto::OrderLine {
    proto::OrderLine {
        line: line.to_string(),
        item: "SEAL".to_string(),
        quantity,
        requested_date: "2026-12-20".to_string(),
        ..valves(order)
    }
}

async fn promise(server: &Server, id: &str, lines: Vec<proto::OrderLine>) {
    let request_id = id.to_string();
    let request = proto::PromiseRequest { request_id, lines, ..Default::default() };
    server.promises().promise(request).await.unwrap();
}

async fn states(server: &Server, scenario_id: &str) -> Vec<(String, State, f64)> {
    let request =
        proto::ListPromisesRequest { scenario_id: scenario_id.into(), ..Default::default() };
    let listed = server.promises().list(request).await.unwrap().into_inner();
    let one = |one: proto::Reservation| (one.promise_id.clone(), one.state(), one.quantity);
    listed.promises.into_iter().map(one).collect()
}

#[tokio::test]
async fn an_order_line_ships_by_its_name() {
    let server = at_work().await;
    promise(&server, "a", vec![seals("A", "1", 5.0), seals("A", "2", 6.0)]).await;
    let fulfil = |line: &str, quantity: Option<f64>| proto::FulfilRequest {
        order: "A".into(),
        line: line.into(),
        quantity,
        ..Default::default()
    };
    // Without a line its first one is meant where a quantity is given.
    let done = server.promises().fulfil(fulfil("", Some(2.0))).await.unwrap().into_inner();
    let (gone, rest) = (done.promise.unwrap(), done.rest.unwrap());
    assert_eq!((&*gone.promise_id, gone.state(), gone.quantity), ("P3", State::Fulfilled, 2.0));
    assert_eq!((&*rest.promise_id, rest.state(), rest.quantity), ("P1", State::Confirmed, 3.0));
    let done = server.promises().fulfil(fulfil("2", None)).await.unwrap().into_inner();
    assert_eq!(done.promise.unwrap().promise_id, "P2");
    assert_eq!((done.rest, done.promises.len()), (None, 0));
    let more = server.promises().fulfil(fulfil("1", Some(4.0))).await.unwrap_err();
    assert_eq!(told(&more), "FailedPrecondition QUANTITY_OUT_OF_RANGE");
    assert_eq!(more.message(), "4 of P1: 3 are promised");
    let again = server.promises().fulfil(fulfil("2", None)).await.unwrap_err();
    assert_eq!(told(&again), "FailedPrecondition STATE_FORBIDS");
    let nothing = server.promises().fulfil(fulfil("9", None)).await.unwrap_err();
    assert_eq!(nothing.code(), tonic::Code::NotFound, "{nothing:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_shipment_is_taken_back_once_and_only_that_which_is_meant() {
    let server = at_work().await;
    promise(&server, "a", vec![seals("A", "1", 5.0)]).await;
    let reopen = |order: &str, promise_id: &str| proto::ReopenRequest {
        order: order.into(),
        promise_id: promise_id.into(),
        request_id: format!("reopen {order} {promise_id}"),
        ..Default::default()
    };
    let early = server.promises().reopen(reopen("A", "P1")).await.unwrap_err();
    assert_eq!(told(&early), "FailedPrecondition STATE_FORBIDS");
    let ship = proto::FulfilRequest { promise_id: "P1".into(), ..Default::default() };
    server.promises().fulfil(ship).await.unwrap();
    let other = server.promises().reopen(reopen("B", "P1")).await.unwrap_err();
    assert_eq!(told(&other), "FailedPrecondition OTHER_PROMISE");
    let none = server.promises().reopen(reopen("", "P7")).await.unwrap_err();
    assert_eq!(told(&none), "NotFound PROMISE_NOT_FOUND");
    let first = server.promises().reopen(reopen("A", "P1")).await.unwrap().into_inner();
    assert_eq!(first.promise.as_ref().unwrap().state(), State::Confirmed);
    let again = server.promises().reopen(reopen("A", "P1")).await.unwrap().into_inner();
    assert_eq!(again, first, "under one id it has one answer");
    server.stop().await;
}

#[tokio::test]
async fn nothing_has_shipped_tomorrow() {
    let server = at_work().await;
    promise(&server, "a", vec![seals("A", "1", 5.0)]).await;
    let ship = |seconds: i64| {
        let at = Hands::at(seconds);
        proto::FulfilRequest {
            promise_id: "P1".into(),
            quantity: Some(1.0),
            shipped_at: Some(prost_types::Timestamp { seconds: at.as_second(), nanos: 0 }),
            ..Default::default()
        }
    };
    let refused = server.promises().fulfil(ship(301)).await.unwrap_err();
    assert!(told(&refused).starts_with("InvalidArgument INVALID_FIELDS\nshipped_at: "));
    assert!(refused.message().contains("more than 5 minutes after now"), "{refused:?}");
    server.promises().fulfil(ship(300)).await.unwrap();
    server.promises().fulfil(ship(-86_400)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn what_ships_and_comes_back_in_a_scenario_is_live_when_that_is_applied() {
    let server = at_work().await;
    let lines = vec![seals("A", "1", 5.0), seals("A", "2", 6.0), seals("B", "1", 7.0)];
    promise(&server, "a", lines).await;
    let gone = proto::FulfilRequest { promise_id: "P3".into(), ..Default::default() };
    server.promises().fulfil(gone).await.unwrap();
    let live = states(&server, "").await;
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let made = scenarios.create(proto::CreateScenarioRequest::default()).await.unwrap();
    let scenario_id = made.into_inner().scenario_id;
    let part = proto::FulfilRequest {
        order: "A".into(),
        line: "1".into(),
        quantity: Some(2.0),
        scenario_id: scenario_id.clone(),
        ..Default::default()
    };
    let part = server.promises().fulfil(part).await.unwrap().into_inner();
    assert_eq!(part.promise.unwrap().promise_id, "P4");
    let many = proto::FulfilRequest {
        promise_ids: vec!["P2".into()],
        scenario_id: scenario_id.clone(),
        ..Default::default()
    };
    server.promises().fulfil(many).await.unwrap();
    let back = proto::ReopenRequest {
        promise_id: "P3".into(),
        scenario_id: scenario_id.clone(),
        ..Default::default()
    };
    let back = server.promises().reopen(back).await.unwrap().into_inner();
    assert_eq!(back.promise.unwrap().state(), State::Confirmed);
    assert_eq!(states(&server, "").await, live, "nothing done in a scenario touches live");
    let seen = states(&server, &scenario_id).await;
    let want = [
        ("P1".to_string(), State::Confirmed, 3.0),
        ("P2".to_string(), State::Fulfilled, 6.0),
        ("P3".to_string(), State::Confirmed, 7.0),
        ("P4".to_string(), State::Fulfilled, 2.0),
    ];
    assert_eq!(seen, want);
    let apply = proto::ApplyScenarioRequest { scenario_id, ..Default::default() };
    let applied = scenarios.apply(apply).await.unwrap().into_inner();
    assert!(applied.applied, "{applied:?}");
    assert_eq!(states(&server, "").await, want);
    let get = |promise_id: &str| proto::GetPromiseRequest {
        promise_id: promise_id.into(),
        history: true,
        ..Default::default()
    };
    for (id, step) in [("P2", Past::Fulfilled), ("P3", Past::Reopened)] {
        let found = server.promises().get(get(id)).await.unwrap().into_inner();
        let steps = &found.promises[0].history;
        assert_eq!(steps.last().unwrap().step(), step, "{steps:?}");
    }
    // What it made live can be taken back.
    let position = server.engine().pin().position;
    let revert = proto::RevertRequest { position, ..Default::default() };
    scenarios.revert(revert).await.unwrap();
    let back = states(&server, "").await;
    assert_eq!(back[..3], live[..], "{back:?}");
    assert_eq!((back[3].1, back[3].2), (State::Cancelled, 0.0));
    server.stop().await;
}

#[tokio::test]
async fn an_amendment_that_is_only_asked_for_changes_nothing() {
    let server = at_work().await;
    // All that there is: asked again it does not compete with itself.
    promise(&server, "a", vec![proto::OrderLine { quantity: 2.0, ..valves("A") }]).await;
    let position = server.engine().pin().position;
    let ask = |quantity: f64, scenario_id: &str| proto::AmendRequest {
        promise_id: "P1".into(),
        line: Some(proto::OrderLine { quantity, ..valves("A") }),
        check_only: true,
        scenario_id: scenario_id.into(),
        ..Default::default()
    };
    let asked = server.promises().amend(ask(2.0, "")).await.unwrap().into_inner();
    let option = asked.result.unwrap().default_option.unwrap();
    assert_eq!((option.days_late, option.legs[0].ship_date.as_str()), (0, "2026-11-25"));
    let asked = server.promises().amend(ask(4.0, "")).await.unwrap().into_inner();
    let option = asked.result.unwrap().default_option.unwrap();
    assert_eq!(option.legs[0].ship_date.as_str(), "2026-12-01");
    assert_eq!((asked.promise.unwrap().quantity, asked.changed), (2.0, false));
    let world = server.engine().pin();
    assert_eq!(
        (world.position, world.reservation(1).unwrap().quantity.to_string()),
        (position, "2".into())
    );
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let made =
        scenarios.create(proto::CreateScenarioRequest::default()).await.unwrap().into_inner();
    let asked = server.promises().amend(ask(4.0, &made.scenario_id)).await.unwrap().into_inner();
    assert!(!asked.changed);
    assert_eq!(states(&server, &made.scenario_id).await[0].2, 2.0);
    server.stop().await;
}

/// Issue 18, item 2: the guard stands on every command that names promises, this one too.
#[tokio::test]
async fn a_hold_is_extended_only_where_it_is_the_one_that_is_meant() {
    let server = at_work().await;
    let hold_for = Some(prost_types::Duration { seconds: 60, nanos: 0 });
    let lines = vec![seals("A", "1", 5.0)];
    let request = proto::PromiseRequest { lines, hold_for, ..Default::default() };
    server.promises().promise(request).await.unwrap();
    let extend = |order: &str, line: &str, ledger: &str| proto::ExtendHoldRequest {
        promise_ids: vec!["P1".into()],
        order: order.into(),
        line: line.into(),
        ledger: ledger.into(),
        ..Default::default()
    };
    for (order, line, ledger) in [("B", "", ""), ("A", "2", ""), ("", "", "0123456789abcdef")] {
        let refused = server.promises().extend_hold(extend(order, line, ledger)).await;
        assert_eq!(told(&refused.unwrap_err()), "FailedPrecondition OTHER_PROMISE");
    }
    server.promises().extend_hold(extend("A", "1", "")).await.unwrap();
    server.stop().await;
}
