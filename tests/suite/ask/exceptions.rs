//! Issue 21, item 4: exceptions, what limits them, their groups, who has seen them.

use super::{super::rpc::told, change, promised};
use promised::rpc::proto;
use proto::{
    exception::{Kind, Level},
    exception_service_client::ExceptionServiceClient,
};

async fn list(
    server: &super::Server,
    request: proto::ListExceptionsRequest,
) -> proto::ListExceptionsResponse {
    let mut client = ExceptionServiceClient::new(server.channel());
    client.list(request).await.unwrap().into_inner()
}

fn ids(answer: &proto::ListExceptionsResponse) -> Vec<&str> {
    answer.exceptions.iter().map(|one| one.exception_id.as_str()).collect()
}

#[tokio::test]
async fn late_promises_are_told_with_what_they_wait_for_as_fields() {
    let server = promised().await;
    let answer = list(&server, proto::ListExceptionsRequest::default()).await;
    assert_eq!(ids(&answer), ["late/P2", "late/P3"], "the most value first, then the most days");
    assert_eq!((answer.total, answer.groups.len()), (2, 1));
    let group = &answer.groups[0];
    assert_eq!((&*group.key, group.count, group.value), ("late", 2, 240.0));
    let all = answer.all.clone().unwrap();
    assert_eq!((&*all.key, all.count, all.promises, all.value), ("", 2, 2, 240.0));
    // Of SPLIT two of six are on time: what is late of it is four, and worth that much.
    let split = &answer.exceptions[1];
    assert_eq!((split.quantity, split.value), (4.0, 120.0));
    let late = &answer.exceptions[0];
    assert_eq!((late.kind(), late.days, late.quantity, late.value), (Kind::Late, 6, 4.0, 120.0));
    let limiting = late.limiting.clone().unwrap();
    assert_eq!((&*limiting.supply, &*limiting.item, &*limiting.location), ("PO-1", "VALVE", "HAM"));
    assert_eq!((&*late.order, &*late.line, &*late.customer), ("LATE", "1", "NORDWIND"));
    assert_eq!((late.level(), &late.promise_ids), (Level::Medium, &vec!["P2".to_string()]));
    assert!(late.cause.contains("PO-1"), "{}", late.cause);
    let remedy = &late.remedies[0];
    assert_eq!((&*remedy.supply, remedy.days), ("PO-1", 6));
    assert!(remedy.option.is_none(), "it follows from what limits it, and was not tried");
    server.stop().await;
}

#[tokio::test]
async fn remedies_are_tried_where_that_is_asked_for() {
    let server = promised().await;
    let request = proto::ListExceptionsRequest { try_remedies: true, ..Default::default() };
    let answer = list(&server, request).await;
    for one in &answer.exceptions {
        assert_eq!(one.remedies[0].supply, "PO-1");
        let option = one.remedies[0].option.as_ref().expect("it was tried");
        assert!(option.days_late <= 0, "{option:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_another_promise_has_planned_is_looked_through() {
    let server = promised().await;
    // P6 buys a lot of seals at once, and pumps of P7 are made with what it leaves of them.
    for (order, item, quantity) in [("SEALS", "SEAL", 20.0), ("PUMPS", "PUMP", 4.0)] {
        let line = proto::OrderLine {
            order: order.to_string(),
            item: item.to_string(),
            quantity,
            location: "BER".to_string(),
            requested_date: "2026-11-24".to_string(),
            ..Default::default()
        };
        let request = proto::PromiseRequest { lines: vec![line], ..Default::default() };
        server.promises().promise(request).await.unwrap();
    }
    let kinds = vec![Kind::Late.into()];
    let late = list(&server, proto::ListExceptionsRequest { kinds, ..Default::default() }).await;
    let find = |id: &str| late.exceptions.iter().find(|one| one.exception_id == id).unwrap();
    let bought = "SEAL at BER is bought from ACME";
    assert_eq!(find("late/P6").cause, bought);
    let pumps = find("late/P7");
    let limiting = pumps.limiting.clone().unwrap();
    assert_eq!((&*limiting.supplier, &*limiting.item), ("ACME", "SEAL"), "{}", pumps.cause);
    let why = "SEAL at BER waits for what P6 has planned for 2026-11-28: ";
    assert_eq!(pumps.cause, format!("{why}{bought}"));
    server.stop().await;
}

#[tokio::test]
async fn a_slip_is_one_line_and_everybody_it_hurts_is_named() {
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let answer = list(&server, proto::ListExceptionsRequest::default()).await;
    let mut all = ids(&answer);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            "at_risk/P2",
            "at_risk/P3",
            "late/P2",
            "late/P3",
            "overcommitted/VALVE@HAM/2026-12-01",
            "supply_late/PO-1",
        ]
    );
    let find = |id: &str| answer.exceptions.iter().find(|one| one.exception_id == id).unwrap();
    let slip = find("supply_late/PO-1");
    assert_eq!((slip.days, slip.promises, &*slip.cause), (14, 2, "PO-1 14 days later"));
    assert_eq!(slip.promise_ids, ["P3", "P2"]);
    let hurt = find("at_risk/P2");
    assert_eq!((&*hurt.cause, hurt.days), ("PO-1 14 days later", 14));
    assert_eq!(hurt.limiting.clone().unwrap().supply, "PO-1");
    let position = answer.version.clone().unwrap().sequence;
    assert_eq!(hurt.sequence, position, "since the entry that made it so");
    assert!(hurt.since.is_some());
    let short = find("overcommitted/VALVE@HAM/2026-12-01");
    assert_eq!((short.quantity, short.promises), (8.0, 2));
    // In a scenario things may stand better.
    let mut scenarios =
        proto::scenario_service_client::ScenarioServiceClient::new(server.channel());
    let create = proto::CreateScenarioRequest { name: "back".to_string(), ..Default::default() };
    let made = scenarios.create(create).await.unwrap().into_inner();
    let cells = [("supply", "PO-1"), ("days", "-14")];
    let cells = cells.map(|(name, value)| (name.to_string(), value.to_string()));
    let changes = vec![proto::Change { change: "supply_moved".to_string(), cells: cells.into() }];
    let ask = proto::ChangeScenarioRequest {
        scenario_id: made.scenario_id.clone(),
        changes,
        ..Default::default()
    };
    scenarios.change(ask).await.unwrap();
    let there =
        proto::ListExceptionsRequest { scenario_id: made.scenario_id, ..Default::default() };
    assert_eq!(ids(&list(&server, there).await), ["late/P2", "late/P3"]);
    server.stop().await;
}

#[tokio::test]
async fn days_at_risk_are_those_by_which_the_promise_itself_comes_later() {
    let server = promised().await;
    // Two of the rest of PO-1, nine days after it has come: five of the fourteen days of the slip are theirs.
    let line = proto::OrderLine {
        order: "LAST".to_string(),
        item: "VALVE".to_string(),
        quantity: 2.0,
        requested_date: "2026-12-10".to_string(),
        ..Default::default()
    };
    let request = proto::PromiseRequest { lines: vec![line], ..Default::default() };
    server.promises().promise(request).await.unwrap();
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let kinds = vec![Kind::AtRisk.into()];
    let request = proto::ListExceptionsRequest { kinds, ..Default::default() };
    let answer = list(&server, request.clone()).await;
    let days = |answer: &proto::ListExceptionsResponse, id: &str| {
        let found = answer.exceptions.iter().find(|one| one.exception_id == id).unwrap();
        let remedy = found.remedies[0].clone();
        (found.days, found.could_be.clone(), remedy.supply, remedy.days)
    };
    let later = |days: i32| (days, "2026-12-15".to_string(), "PO-1".to_string(), days);
    assert_eq!(days(&answer, "at_risk/P2"), later(14));
    assert_eq!(days(&answer, "at_risk/P6"), later(5));
    // LATE was six days late as promised, and comes fourteen later still: that much sooner PO-1 must come.
    let kinds = vec![Kind::Late.into()];
    let late = list(&server, proto::ListExceptionsRequest { kinds, ..Default::default() }).await;
    let late = late.exceptions.iter().find(|one| one.exception_id == "late/P2").unwrap();
    assert_eq!((late.days, &*late.could_be, late.remedies[0].days), (6, "2026-12-15", 20));
    // The event that told of it says the same.
    let mut client = proto::event_service_client::EventServiceClient::new(server.channel());
    let until_sequence = Some(answer.version.unwrap().sequence);
    let types = vec!["promise.at_risk".to_string()];
    let watch = proto::WatchEventsRequest {
        from_sequence: Some(0),
        types,
        until_sequence,
        ..Default::default()
    };
    let mut events = client.watch(watch).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(event) = events.message().await.unwrap() {
        let found = event.jeopardy.unwrap();
        told.push((event.subject, found.promised, found.now, found.days));
    }
    let of_last = told.iter().find(|(subject, ..)| subject == "P6").unwrap();
    assert_eq!((&*of_last.1, &*of_last.2, of_last.3), ("2026-12-10", "2026-12-15", 5));
    // So much comes that the older promises have theirs at once, and the last one waits on.
    let add = [
        ("supply", "PO-9"),
        ("type", "purchase_order"),
        ("item", "VALVE"),
        ("location", "HAM"),
        ("date", "2026-12-03"),
        ("quantity", "4"),
    ];
    change(&server, "supply_added", &add).await;
    let answer = list(&server, request.clone()).await;
    assert_eq!(days(&answer, "at_risk/P2").0, 2, "{:?}", answer.exceptions);
    // Nothing comes in the place of what does not come at all.
    change(&server, "supply_cancelled", &[("supply", "PO-1")]).await;
    let answer = list(&server, request).await;
    let last = answer.exceptions.iter().find(|one| one.exception_id == "at_risk/P6").unwrap();
    assert_eq!((last.days, &*last.could_be), (0, ""));
    assert_eq!(last.level(), Level::High);
    server.stop().await;
}

#[tokio::test]
async fn they_are_filtered_grouped_sorted_and_paged() {
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let ask = |kinds: &[Kind], group_by: &str| proto::ListExceptionsRequest {
        kinds: kinds.iter().map(|kind| i32::from(*kind)).collect(),
        group_by: group_by.to_string(),
        ..Default::default()
    };
    let answer = list(&server, ask(&[Kind::Late, Kind::AtRisk], "customer")).await;
    assert_eq!(answer.total, 4);
    let group = &answer.groups[0];
    // SPLIT is late in part and at risk as a whole: it counts once, with all of it.
    assert_eq!((&*group.key, group.count, group.value, group.promises), ("NORDWIND", 4, 300.0, 2));
    let everything = list(&server, ask(&[], "kind")).await.all.unwrap();
    assert_eq!((everything.count, everything.value, everything.promises), (6, 300.0, 2));
    let answer = list(&server, ask(&[Kind::Late], "supply")).await;
    assert_eq!(answer.groups[0].key, "PO-1");
    let first = proto::ListExceptionsRequest {
        order_by: "exception_id".to_string(),
        page_size: 4,
        ..Default::default()
    };
    let page = list(&server, first.clone()).await;
    assert_eq!((page.exceptions.len(), page.total), (4, 6));
    let token = page.next_page_token;
    assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{token}");
    let next = proto::ListExceptionsRequest { page_token: token.clone(), ..first };
    assert_eq!(
        ids(&list(&server, next).await),
        ["overcommitted/VALVE@HAM/2026-12-01", "supply_late/PO-1"]
    );
    let mut client = ExceptionServiceClient::new(server.channel());
    let other = proto::ListExceptionsRequest { page_token: token, ..Default::default() };
    let other = client.list(other).await.unwrap_err();
    assert!(told(&other).contains("page_token: "));
    let wrong =
        proto::ListExceptionsRequest { group_by: "colour".to_string(), ..Default::default() };
    let wrong = client.list(wrong).await.unwrap_err();
    assert!(told(&wrong).contains("group_by: \"colour\" is not one of kind, level"));
    server.stop().await;
}

#[tokio::test]
async fn who_has_seen_an_exception_is_kept_and_a_snoozed_one_waits() {
    let server = promised().await;
    let mut client = ExceptionServiceClient::new(server.channel());
    let seen = proto::AcknowledgeRequest {
        request_id: "a".to_string(),
        exception_id: "late/P2".to_string(),
        by: "anna".to_string(),
        note: "told the customer".to_string(),
    };
    let answer = client.acknowledge(seen.clone()).await.unwrap().into_inner();
    let seen_by = answer.exception.unwrap().acknowledged.unwrap();
    assert_eq!((&*seen_by.by, &*seen_by.note), ("anna", "told the customer"));
    let again = client.acknowledge(seen).await.unwrap().into_inner();
    assert_eq!(again.version.unwrap().sequence, answer.version.unwrap().sequence, "done once");
    let listed = list(&server, proto::ListExceptionsRequest::default()).await;
    assert_eq!(listed.total, 2, "what was seen stays");
    let until = server.engine().civil().as_second() + 3_600;
    let snooze = proto::SnoozeRequest {
        exception_id: "late/P3".to_string(),
        by: "anna".to_string(),
        until: Some(prost_types::Timestamp { seconds: until, nanos: 0 }),
        ..Default::default()
    };
    client.snooze(snooze.clone()).await.unwrap();
    assert_eq!(ids(&list(&server, proto::ListExceptionsRequest::default()).await), ["late/P2"]);
    let all = proto::ListExceptionsRequest { snoozed: true, ..Default::default() };
    assert_eq!(list(&server, all).await.total, 2);
    let past = proto::SnoozeRequest { until: Some(prost_types::Timestamp::default()), ..snooze };
    let past = client.snooze(past).await.unwrap_err();
    assert!(told(&past).contains("until: is past"));
    let none = proto::AcknowledgeRequest {
        exception_id: "late/P77".to_string(),
        by: "anna".to_string(),
        ..Default::default()
    };
    let none = client.acknowledge(none).await.unwrap_err();
    assert!(told(&none).starts_with("NotFound EXCEPTION_NOT_FOUND"));
    server.stop().await;
}

#[tokio::test]
async fn holds_that_end_soon_and_forced_promises_are_told() {
    let server = promised().await;
    let line = |order: &str, quantity: f64| proto::OrderLine {
        order: order.to_string(),
        item: "VALVE".to_string(),
        quantity,
        requested_date: "2026-12-10".to_string(),
        ..Default::default()
    };
    let hold = proto::PromiseRequest {
        lines: vec![line("HOLD", 1.0)],
        hold_for: Some(prost_types::Duration { seconds: 300, nanos: 0 }),
        ..Default::default()
    };
    server.promises().promise(hold).await.unwrap();
    let force = proto::PromiseRequest {
        lines: vec![line("FORCE", 40.0)],
        force: Some(proto::Force { by: "anna".to_string(), why: "the boss said so".to_string() }),
        ..Default::default()
    };
    server.promises().promise(force).await.unwrap();
    let ask = |kind: Kind| proto::ListExceptionsRequest {
        kinds: vec![kind.into()],
        ..Default::default()
    };
    let holds = list(&server, ask(Kind::HoldExpiring)).await;
    assert_eq!(ids(&holds), ["hold_expiring/P6"]);
    let forced = list(&server, ask(Kind::Forced)).await;
    assert_eq!(
        (ids(&forced), forced.exceptions[0].cause.as_str()),
        (vec!["forced/P7"], "anna forced it: the boss said so")
    );
    let short = list(&server, ask(Kind::Overcommitted)).await;
    assert_eq!(ids(&short), ["overcommitted/VALVE@HAM/2026-12-10"]);
    server.stop().await;
}
