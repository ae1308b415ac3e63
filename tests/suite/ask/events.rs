//! Issue 21, item 5: one feed by journal position, the same in a replay; thresholds.

use super::{super::rpc::told, change, promise_orders, promised};
use promised::rpc::proto;
use proto::event_service_client::EventServiceClient;

/// The events from a position up to another.
async fn events(server: &super::Server, request: proto::WatchEventsRequest) -> Vec<proto::Event> {
    let mut client = EventServiceClient::new(server.channel());
    let mut stream = client.watch(request).await.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(event) = stream.message().await.unwrap() {
        all.push(event);
    }
    all
}

fn words(events: &[proto::Event]) -> Vec<String> {
    events
        .iter()
        .map(|one| format!("{}.{} {} {}", one.position, one.number, one.r#type, one.subject))
        .collect()
}

#[tokio::test]
async fn a_replay_gives_what_was_told_live_in_every_field() {
    let server = super::Server::tiny().await;
    let mut client = EventServiceClient::new(server.channel());
    let live = proto::WatchEventsRequest { until_sequence: Some(6), ..Default::default() };
    let mut live = client.watch(live).await.unwrap().into_inner();
    promise_orders(&server).await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let mut told_live = Vec::new();
    while let Some(event) = live.message().await.unwrap() {
        told_live.push(event);
    }
    let again = proto::WatchEventsRequest {
        from_sequence: Some(0),
        until_sequence: Some(6),
        ..Default::default()
    };
    let replayed = events(&server, again).await;
    assert_eq!(told_live, replayed);
    assert_eq!(
        words(&replayed),
        [
            "1.0 promise.made P1",
            "2.0 promise.made P2",
            "3.0 promise.made P3",
            "4.0 promise.made P4",
            "5.0 promise.made P5",
            "6.0 data.changed erp",
            "6.1 supply.late PO-1",
            "6.2 account.overcommitted VALVE@HAM",
            "6.3 promise.at_risk P2",
            "6.4 promise.at_risk P3",
        ]
    );
    let hurt = &replayed[8];
    assert_eq!((&*hurt.cause, hurt.sequence), ("PO-1 14 days later", 6));
    let jeopardy = hurt.jeopardy.clone().unwrap();
    assert_eq!((&*jeopardy.order, jeopardy.days, jeopardy.value), ("LATE", 14, 120.0));
    assert_eq!(jeopardy.remedy.unwrap().supply, "PO-1");
    assert_eq!(hurt.promise.clone().unwrap().promise_id, "P2");
    let exceptions: Vec<_> = replayed
        .iter()
        .filter_map(|event| Some(event.exception.as_ref()?.exception_id.as_str()))
        .collect();
    let ids =
        ["supply_late/PO-1", "overcommitted/VALVE@HAM/2026-12-01", "at_risk/P2", "at_risk/P3"];
    assert_eq!(exceptions, ids);
    let slip = replayed[6].exception.clone().unwrap();
    assert_eq!((slip.days, slip.promises, slip.sequence), (14, 2, 6));
    server.stop().await;
}

#[tokio::test]
async fn who_has_seen_an_exception_is_told_with_it() {
    use proto::exception_service_client::ExceptionServiceClient;
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let mut client = ExceptionServiceClient::new(server.channel());
    let ids = ["late/P2", "supply_late/PO-1", "overcommitted/VALVE@HAM/2026-12-01"];
    for id in ids {
        let seen = proto::AcknowledgeRequest {
            exception_id: id.to_string(),
            by: "anna".to_string(),
            ..Default::default()
        };
        client.acknowledge(seen).await.unwrap();
    }
    let asked = proto::WatchEventsRequest {
        from_sequence: Some(7),
        until_sequence: Some(9),
        ..Default::default()
    };
    let told = events(&server, asked).await;
    let seen = |event: &proto::Event| {
        let exception = event.exception.clone().unwrap();
        (exception.exception_id, exception.acknowledged.unwrap().by)
    };
    let all: Vec<_> = told.iter().map(seen).collect();
    assert_eq!(all, ids.map(|id| (id.to_string(), "anna".to_string())));
    server.stop().await;
}

#[tokio::test]
async fn types_customers_and_items_are_filtered_and_many_are_one_digest() {
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let all = |types: &[&str]| proto::WatchEventsRequest {
        from_sequence: Some(1),
        until_sequence: Some(6),
        types: types.iter().map(|kind| (*kind).to_string()).collect(),
        ..Default::default()
    };
    let made = proto::WatchEventsRequest { customer: "SUEDBAU".to_string(), ..all(&["promise.*"]) };
    assert_eq!(words(&events(&server, made).await), ["4.0 promise.made P4", "5.0 promise.made P5"]);
    let item = proto::WatchEventsRequest {
        item: "VALVE".to_string(),
        ..all(&["supply.late", "promise.at_risk"])
    };
    assert_eq!(events(&server, item).await.len(), 3);
    let few = proto::WatchEventsRequest { digest_over: 1, ..all(&["promise.at_risk"]) };
    let few = events(&server, few).await;
    assert_eq!(few.len(), 1);
    let digest = few[0].digest.clone().unwrap();
    assert_eq!(
        (digest.promises, digest.value, digest.promise_ids),
        (2, 300.0, vec!["P3".to_string(), "P2".to_string()])
    );
    let mut client = EventServiceClient::new(server.channel());
    let wrong = client.watch(all(&["promise.lost"])).await.unwrap_err();
    assert!(told(&wrong).contains("types[0]: \"promise.lost\" is not one of promise.made"));
    let ahead = proto::WatchEventsRequest { from_sequence: Some(99), ..Default::default() };
    let ahead = client.watch(ahead).await.unwrap_err();
    assert!(told(&ahead).starts_with("OutOfRange POSITION_NOT_KEPT"), "{ahead}");
    server.stop().await;
}

#[tokio::test]
async fn exceptions_are_told_as_they_come_and_go() {
    use proto::exception_service_client::ExceptionServiceClient;
    let server = promised().await;
    let mut client = ExceptionServiceClient::new(server.channel());
    let kinds = vec![proto::exception::Kind::AtRisk.into()];
    let watch = proto::WatchExceptionsRequest { kinds, ..Default::default() };
    let mut stream = client.watch(watch).await.unwrap().into_inner();
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let mut came = Vec::new();
    for _ in 0..2 {
        let one = stream.message().await.unwrap().unwrap();
        assert!(!one.gone);
        came.push(one.exception.unwrap().exception_id);
    }
    assert_eq!(came, ["at_risk/P2", "at_risk/P3"]);
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "-14")]).await;
    let one = stream.message().await.unwrap().unwrap();
    assert!(one.gone);
    drop(stream);
    server.stop().await;
}

/// What a stream of crossings says, as many as are wanted.
async fn crossings(
    stream: &mut tonic::Streaming<proto::AvailabilityCrossed>,
    n: usize,
) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..n {
        let one = stream.message().await.unwrap().unwrap();
        assert_eq!(one.position, one.sequence);
        all.push(format!("{} {} {} {}", one.position, one.item, one.available, one.enough));
    }
    all
}

#[tokio::test]
async fn thresholds_are_told_when_they_are_crossed_and_a_replay_says_the_same() {
    use proto::availability_service_client::AvailabilityServiceClient;
    let server = super::Server::tiny().await;
    let threshold = |item: &str, location: &str, at_least: f64| proto::Threshold {
        item: item.to_string(),
        location: location.to_string(),
        date: "2026-11-26".to_string(),
        at_least,
        ..Default::default()
    };
    let request = |from_sequence| proto::WatchAvailabilityRequest {
        thresholds: vec![threshold("VALVE", "HAM", 2.0), threshold("PUMP", "HAM", 3.0)],
        from_sequence,
    };
    let mut client = AvailabilityServiceClient::new(server.channel());
    let mut live = client.watch_availability(request(None)).await.unwrap().into_inner();
    assert_eq!(crossings(&mut live, 2).await, ["0 VALVE 2 true", "0 PUMP 3 true"]);
    promise_orders(&server).await;
    let told = crossings(&mut live, 2).await;
    assert_eq!(told, ["1 PUMP 1 false", "3 VALVE 0 false"], "P1 takes two pumps, P3 the valves");
    let cancel = proto::CancelRequest { promise_id: "P3".to_string(), ..Default::default() };
    server.promises().cancel(cancel).await.unwrap();
    assert_eq!(crossings(&mut live, 1).await, ["6 VALVE 2 true"]);
    let mut again = client.watch_availability(request(Some(0))).await.unwrap().into_inner();
    assert_eq!(
        crossings(&mut again, 5).await,
        ["0 VALVE 2 true", "0 PUMP 3 true", "1 PUMP 1 false", "3 VALVE 0 false", "6 VALVE 2 true"]
    );
    let wrong = proto::WatchAvailabilityRequest {
        thresholds: vec![threshold("NOTHING", "HAM", 0.0)],
        from_sequence: None,
    };
    let wrong = told_fault(&client.watch_availability(wrong).await.unwrap_err());
    assert!(wrong.contains("thresholds[0].item: \"NOTHING\" is not known"), "{wrong}");
    assert!(
        wrong.contains("thresholds[0].at_least: 0 is not a quantity greater than 0"),
        "{wrong}"
    );
    drop((live, again));
    server.stop().await;
}

fn told_fault(status: &tonic::Status) -> String {
    told(status)
}

#[tokio::test]
async fn what_comes_about_by_itself_is_noted_and_told() {
    use promised::engine::sweep::Sweep;
    use std::time::Duration;
    let server = promised().await;
    let mut sweep = Sweep::default();
    let minute = Duration::from_secs(60);
    assert!(sweep.look(server.engine(), minute).is_empty(), "nothing could be sooner");
    // Two valves come back and two more are found: LATE could go at once.
    let cancel = proto::CancelRequest { promise_id: "P3".to_string(), ..Default::default() };
    server.promises().cancel(cancel).await.unwrap();
    change(
        &server,
        "on_hand_adjusted",
        &[("item", "VALVE"), ("location", "HAM"), ("quantity", "2")],
    )
    .await;
    let notes = sweep.look(server.engine(), minute);
    assert_eq!(notes.len(), 1, "{notes:?}");
    server.engine().note(notes).await.unwrap();
    assert!(sweep.look(server.engine(), minute).is_empty(), "told once");
    let request = proto::WatchEventsRequest {
        from_sequence: Some(8),
        until_sequence: Some(8),
        ..Default::default()
    };
    let told = events(&server, request).await;
    assert_eq!(words(&told), ["8.0 promise.sooner_possible P2"]);
    let jeopardy = told[0].jeopardy.clone().unwrap();
    assert_eq!(
        (&*jeopardy.promised, &*jeopardy.now, jeopardy.days),
        ("2026-12-01", "2026-11-25", -6)
    );
    let mut client = proto::exception_service_client::ExceptionServiceClient::new(server.channel());
    let kinds = vec![proto::exception::Kind::CouldBeSooner.into()];
    let list = proto::ListExceptionsRequest { kinds, ..Default::default() };
    let found = client.list(list.clone()).await.unwrap().into_inner();
    let sooner = &found.exceptions[0];
    assert_eq!(
        (&*sooner.exception_id, sooner.days, &*sooner.could_be),
        ("could_be_sooner/P2", 6, "2026-11-25")
    );
    assert_eq!(sooner.sequence, 8, "since the entry that found it");
    // Somebody else takes them: it cannot be sooner any more.
    let line = proto::OrderLine {
        order: "OTHER".to_string(),
        item: "VALVE".to_string(),
        quantity: 3.0,
        requested_date: "2026-11-25".to_string(),
        ..Default::default()
    };
    let other = proto::PromiseRequest { lines: vec![line], ..Default::default() };
    server.promises().promise(other).await.unwrap();
    server.engine().note(sweep.look(server.engine(), minute)).await.unwrap();
    assert_eq!(client.list(list).await.unwrap().into_inner().total, 0);
    server.stop().await;
}

/// What becomes of a part is told of the promise that it is from then on: what stays held is not confirmed, and what has
/// not shipped is not fulfilled.
#[tokio::test]
async fn the_parts_of_a_promise_are_told_apart() {
    let server = super::Server::tiny().await;
    let mut promises = server.promises();
    let line = proto::OrderLine {
        order: "SO-1".to_string(),
        item: "VALVE".to_string(),
        quantity: 3.0,
        requested_date: "2026-11-25".to_string(),
        ..proto::OrderLine::default()
    };
    let hold = proto::PromiseRequest {
        request_id: "R1".to_string(),
        lines: vec![line],
        hold_for: Some(prost_types::Duration { seconds: 600, nanos: 0 }),
        ..proto::PromiseRequest::default()
    };
    promises.promise(hold).await.unwrap();
    let (promise_id, quantity) = ("P1".to_string(), Some(2.0));
    let request_id = "R2".to_string();
    let confirm = proto::ConfirmRequest {
        request_id,
        promise_id: promise_id.clone(),
        quantity,
        ..Default::default()
    };
    promises.confirm(confirm).await.unwrap();
    let request_id = "R3".to_string();
    let fulfil =
        proto::FulfilRequest { request_id, promise_id, quantity: Some(1.0), ..Default::default() };
    promises.fulfil(fulfil).await.unwrap();
    let all = proto::WatchEventsRequest {
        from_sequence: Some(0),
        until_sequence: Some(3),
        ..Default::default()
    };
    let told = events(&server, all).await;
    let told: Vec<String> =
        told.iter().map(|one| format!("{} {}: {}", one.r#type, one.subject, one.cause)).collect();
    assert_eq!(
        told,
        [
            "promise.made P1: held",
            "promise.confirmed P1: confirmed",
            "promise.made P2: held: the rest of a hold",
            "promise.fulfilled P3: shipped",
            "promise.amended P1: a part has shipped, 1 is left",
        ]
    );
}
