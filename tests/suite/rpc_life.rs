//! Issue 16, items 4, 7, 9 and 10, over gRPC: what answers say, and say again.

use super::rpc::{Server, told, valves};
use promised::rpc::proto;
use proto::{
    backlog_service_client::BacklogServiceClient, line_result::Status as Fares, order_line::Repeat,
    reservation::State, scenario_service_client::ScenarioServiceClient,
};
use tonic_types::StatusExt;

fn line(order: &str, number: &str, item: &str, quantity: f64) -> proto::OrderLine {
    proto::OrderLine {
        line: number.to_string(),
        item: item.to_string(),
        quantity,
        requested_date: "2026-12-20".to_string(),
        ..valves(order)
    }
}

fn promise(request_id: &str, lines: Vec<proto::OrderLine>) -> proto::PromiseRequest {
    let request_id = request_id.to_string();
    proto::PromiseRequest { request_id, lines, ..proto::PromiseRequest::default() }
}

async fn ask(server: &Server, request: proto::PromiseRequest) -> proto::PromiseResponse {
    server.promises().promise(request).await.unwrap().into_inner()
}

/// Without what a repetition leaves out.
fn plain(mut answer: proto::PromiseResponse) -> proto::PromiseResponse {
    for result in answer.promises.iter_mut().filter_map(|line| line.result.as_mut()) {
        // A line that is promised already is told why in a repetition too.
        if result.status() != Fares::AlreadyPromised {
            result.reasons.clear();
        }
        result.alternatives.clear();
        let legs = result.default_option.iter_mut().flat_map(|option| &mut option.legs);
        legs.for_each(|leg| leg.pegs.clear());
    }
    answer
}

#[tokio::test]
async fn a_repeated_promise_says_every_figure_again() {
    let server = Server::tiny().await;
    // One is made and one is bought, one is late, one cannot be.
    let lines = vec![
        line("A", "1", "PUMP", 6.0),
        line("A", "2", "SEAL", 50.0),
        valves("A3"),
        line("A", "4", "VALVE", 500.0),
    ];
    let asked = proto::PromiseRequest { pegging: true, alternatives: 3, ..promise("a", lines) };
    let first = ask(&server, asked.clone()).await;
    let again = ask(&server, asked).await;
    assert_eq!(plain(again.clone()), plain(first.clone()));
    let result = again.promises[0].result.as_ref().unwrap();
    let option = result.default_option.as_ref().unwrap();
    let costs = option.economics.as_ref().unwrap().costs.as_ref().unwrap();
    assert!(0.0 < costs.make, "the terms of the cost are those of then");
    assert!(!option.legs[0].supply.is_empty(), "how it is supplied is said again");
    let late = again.promises[2].result.as_ref().unwrap();
    assert_eq!(late.available_on_requested_date, 2.0);
    assert_eq!(again.promises[3].result.as_ref().unwrap().status(), Fares::Unavailable);
    server.stop().await;
}

#[tokio::test]
async fn what_was_refused_once_is_refused_under_its_id_for_ever() {
    let server = Server::tiny().await;
    let asked = promise("no", vec![line("A", "1", "VALVE", 500.0)]);
    let first = ask(&server, asked.clone()).await;
    assert_eq!(first.promises[0].result.as_ref().unwrap().status(), Fares::Unavailable);
    let cells = [("item", "VALVE"), ("location", "HAM"), ("quantity", "900")];
    let own = |(name, text): (&str, &str)| (name.to_string(), text.to_string());
    let more =
        proto::Change { change: "on_hand_set".into(), cells: cells.map(own).into_iter().collect() };
    let mut snapshots =
        proto::snapshot_service_client::SnapshotServiceClient::new(server.channel());
    let change = proto::ApplyChangesRequest { changes: vec![more], ..Default::default() };
    snapshots.apply_changes(change).await.unwrap();
    assert_eq!(plain(ask(&server, asked).await), plain(first));
    let other = ask(&server, promise("yes", vec![line("A", "1", "VALVE", 500.0)])).await;
    assert!(other.promises[0].committed);
    server.stop().await;
}

#[tokio::test]
async fn a_line_promised_before_is_told_so_and_the_rest_goes_on() {
    let server = Server::tiny().await;
    ask(&server, promise("a", vec![line("A", "1", "SEAL", 5.0)])).await;
    let both = vec![line("A", "1", "SEAL", 5.0), line("A", "2", "SEAL", 5.0)];
    let again = ask(&server, promise("b", both)).await;
    let [one, two] = &again.promises[..] else { panic!("{again:?}") };
    assert_eq!(
        (one.promise_id.as_str(), one.committed, one.state()),
        ("P1", false, State::Confirmed)
    );
    let result = one.result.as_ref().unwrap();
    assert_eq!(result.status(), Fares::AlreadyPromised);
    assert_eq!(result.reasons[0].text, "promised before: P1 is confirmed, 5, ships on 2026-12-20");
    assert_eq!((two.promise_id.as_str(), two.committed), ("P2", true));
    let replace =
        proto::OrderLine { repeat: Repeat::Replace.into(), ..line("A", "1", "SEAL", 7.0) };
    let replaced = ask(&server, promise("c", vec![replace])).await;
    assert_eq!(
        (replaced.promises[0].promise_id.as_str(), replaced.promises[0].committed),
        ("P1", true)
    );
    server.stop().await;
}

#[tokio::test]
async fn a_question_does_not_compete_with_what_is_promised_of_its_line() {
    let server = Server::tiny().await;
    let asked = proto::OrderLine { quantity: 2.0, ..valves("A") };
    ask(&server, promise("a", vec![asked.clone()])).await;
    let check = |line| proto::CheckAvailabilityRequest {
        lines: vec![line],
        ..proto::CheckAvailabilityRequest::default()
    };
    let fares = |answer: proto::CheckAvailabilityResponse| answer.results[0].status();
    let mut promises = server.promises();
    let answer = promises.check_availability(check(asked.clone())).await.unwrap().into_inner();
    assert_eq!(fares(answer), Fares::OnTime);
    let add = proto::OrderLine { repeat: Repeat::Add.into(), ..asked.clone() };
    let answer = promises.check_availability(check(add)).await.unwrap().into_inner();
    assert_eq!(fares(answer), Fares::Late);
    let refuse = proto::OrderLine { repeat: Repeat::Refuse.into(), ..asked };
    let answer = promises.check_availability(check(refuse)).await.unwrap().into_inner();
    assert_eq!(fares(answer), Fares::AlreadyPromised);
    server.stop().await;
}

#[tokio::test]
async fn a_line_of_a_failed_all_or_nothing_is_not_committed() {
    let server = Server::tiny().await;
    let lines = vec![line("A", "1", "SEAL", 5.0), line("A", "2", "VALVE", 500.0)];
    let asked = proto::PromiseRequest { all_or_nothing: true, ..promise("a", lines) };
    let answer = ask(&server, asked.clone()).await;
    let first = &answer.promises[0];
    assert_eq!((first.committed, first.promise_id.as_str()), (false, ""));
    assert_eq!(first.result.as_ref().unwrap().status(), Fares::OnTime);
    assert_eq!(plain(ask(&server, asked).await), plain(answer));
    server.stop().await;
}

#[tokio::test]
async fn with_best_effort_faulty_lines_are_told_and_the_others_done() {
    let server = Server::tiny().await;
    let lines = vec![
        line("A", "1", "SEAL", -1.0),
        line("A", "2", "SEAL", 5.0),
        line("A", "3", "NOTHING", 5.0),
        line("A", "4", "SEAL", 5.0),
    ];
    let asked = proto::PromiseRequest { best_effort: true, ..promise("a", lines.clone()) };
    let answer = ask(&server, asked.clone()).await;
    let said: Vec<_> = answer
        .promises
        .iter()
        .map(|line| {
            let fault = line.error.as_ref().map(|error| error.violations[0].field.clone());
            format!(
                "{}/{} {} {}",
                line.order,
                line.line,
                line.promise_id,
                fault.unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(said, ["A/1  quantity", "A/2 P1 ", "A/3  item", "A/4 P2 "]);
    assert!(answer.promises[0].result.is_none());
    let status = answer.promises[0].status.clone().expect("beside the error");
    assert_eq!((status.code, status.details.len()), (3, 2));
    assert_eq!(answer.promises[1].status, None);
    assert_eq!(plain(ask(&server, asked).await), plain(answer), "they are told again");
    // Without it the request is refused as a whole, and where nothing is left of it.
    let refused = server.promises().promise(promise("b", lines)).await.unwrap_err();
    assert!(told(&refused).starts_with("InvalidArgument INVALID_FIELDS"), "{}", told(&refused));
    let none = proto::PromiseRequest {
        best_effort: true,
        ..promise("c", vec![line("A", "1", "SEAL", -1.0)])
    };
    assert!(server.promises().promise(none).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn a_brief_answer_has_status_dates_and_quantities_alone() {
    let server = Server::tiny().await;
    let lines = (1..=2_000).map(|n| line("A", &n.to_string(), "SEAL", 1.0)).collect();
    let asked = proto::PromiseRequest { brief: true, pegging: true, ..promise("a", lines) };
    let answer = ask(&server, asked).await;
    let result = answer.promises[0].result.as_ref().unwrap();
    let option = result.default_option.as_ref().unwrap();
    assert_eq!((option.summary.as_str(), option.economics.is_none()), ("", true));
    assert_eq!((option.legs[0].ship_date.as_str(), option.legs[0].quantity), ("2026-12-20", 1.0));
    assert!(option.legs[0].pegs.is_empty());
    use prost::Message;
    let bytes = answer.encoded_len();
    assert!(bytes < 4 << 20, "10000 lines fit into the 4 MB of default clients: {bytes} for 2000");
    assert!(bytes * 5 < 4 << 20, "{bytes}");
    server.stop().await;
}

#[tokio::test]
async fn many_promises_or_an_order_are_confirmed_cancelled_fulfilled_extended_in_one_step() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let hold_for = Some(prost_types::Duration { seconds: 60, nanos: 0 });
    let lines = vec![line("A", "1", "SEAL", 5.0), line("A", "2", "SEAL", 6.0)];
    ask(&server, proto::PromiseRequest { hold_for, ..promise("h", lines) }).await;
    let sequence = server.engine().pin().position;
    let extend = proto::ExtendHoldRequest {
        request_id: "e".into(),
        order: "A".into(),
        hold_for: Some(prost_types::Duration { seconds: 600, nanos: 0 }),
        ..Default::default()
    };
    let extended = promises.extend_hold(extend).await.unwrap().into_inner();
    assert_eq!(extended.promises.len(), 2);
    let confirm = proto::ConfirmRequest { order: "A".into(), ..Default::default() };
    let confirmed = promises.confirm(confirm).await.unwrap().into_inner();
    let states: Vec<_> = confirmed.promises.iter().map(|one| one.state()).collect();
    assert_eq!(states, [State::Confirmed, State::Confirmed]);
    assert_eq!(confirmed.version.unwrap().sequence, sequence + 2, "one entry each");
    let ids = vec!["P1".to_string(), "P2".to_string()];
    let fulfil = proto::FulfilRequest { promise_ids: ids.clone(), ..Default::default() };
    let fulfilled = promises.fulfil(fulfil).await.unwrap().into_inner();
    assert_eq!(fulfilled.promises.len(), 2);
    let cancel = proto::CancelRequest { promise_ids: ids, ..Default::default() };
    let refused = promises.cancel(cancel).await.unwrap_err();
    assert_eq!(told(&refused), "FailedPrecondition STATE_FORBIDS");
    // Issue 25, Go: programs need not read the sentence.
    let facts = refused.get_details_error_info().unwrap().metadata;
    assert_eq!((&*facts["promise_id"], &*facts["state"]), ("P1", "fulfilled"));
    let get =
        proto::GetPromiseRequest { order: "A".into(), line: "9".into(), ..Default::default() };
    let facts = promises.get(get).await.unwrap_err().get_details_error_info().unwrap();
    assert_eq!((&*facts.metadata["order"], &*facts.metadata["line"]), ("A", "9"));
    let both = proto::CancelRequest {
        promise_ids: vec!["P1".into()],
        quantity: Some(1.0),
        ..Default::default()
    };
    let refused = promises.cancel(both).await.unwrap_err();
    assert!(told(&refused).contains("quantity: is only to be given together with promise_id"));
    server.stop().await;
}

#[tokio::test]
async fn a_part_is_whole_lots() {
    let server = Server::tiny().await;
    ask(&server, promise("a", vec![line("A", "1", "VALVE", 3.0)])).await;
    let cancel = |quantity| proto::CancelRequest {
        promise_id: "P1".into(),
        quantity: Some(quantity),
        ..Default::default()
    };
    let refused = server.promises().cancel(cancel(0.1)).await.unwrap_err();
    assert_eq!(told(&refused), "InvalidArgument NOT_IN_LOTS");
    assert_eq!(refused.message(), "0.1 of P1: a multiple of 1 is a part of it");
    assert!(server.promises().cancel(cancel(1.0)).await.is_ok());
    let confirm = proto::ConfirmRequest {
        promise_id: "P1".into(),
        quantity: Some(0.3),
        ..Default::default()
    };
    assert!(server.promises().confirm(confirm).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn a_scenario_and_a_run_are_applied_once() {
    let server = Server::tiny().await;
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let mut backlogs = BacklogServiceClient::new(server.channel());
    ask(&server, promise("a", vec![valves("A")])).await;
    let run = proto::RunBacklogRequest {
        request_id: "run".into(),
        apply: true,
        sequence: "requested_date".into(),
        ..Default::default()
    };
    let first = backlogs.run(run.clone()).await.unwrap().into_inner();
    assert!(first.applied.as_ref().unwrap().applied);
    let sequence = server.engine().pin().position;
    // Defaults written out are the same run.
    let spelled = proto::RunBacklogRequest { otherwise: "redistribute".into(), ..run.clone() };
    let again = backlogs.run(spelled).await.unwrap().into_inner();
    assert_eq!(again, first);
    assert_eq!(server.engine().pin().position, sequence, "nothing was done a second time");
    let other = proto::RunBacklogRequest { sequence: "priority".into(), ..run };
    assert_eq!(told(&backlogs.run(other).await.unwrap_err()), "AlreadyExists REQUEST_ID_REUSED");
    // A scenario that is gone since it was applied.
    let made =
        scenarios.create(proto::CreateScenarioRequest::default()).await.unwrap().into_inner();
    let apply = proto::ApplyScenarioRequest {
        request_id: "apply".into(),
        scenario_id: made.scenario_id.clone(),
        again: false,
        etag: String::new(),
    };
    let first = scenarios.apply(apply.clone()).await.unwrap().into_inner();
    let discard = proto::DiscardScenarioRequest { scenario_id: made.scenario_id };
    scenarios.discard(discard).await.unwrap();
    assert_eq!(scenarios.apply(apply).await.unwrap().into_inner(), first);
    server.stop().await;
}

#[tokio::test]
async fn an_application_that_did_not_fit_is_told_so_again() {
    let server = Server::tiny().await;
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    ask(&server, promise("a", vec![valves("A")])).await;
    let made =
        scenarios.create(proto::CreateScenarioRequest::default()).await.unwrap().into_inner();
    let scenario_id = made.scenario_id;
    let cancel = |scenario_id: &str| proto::CancelRequest {
        promise_id: "P1".into(),
        quantity: Some(1.0),
        scenario_id: scenario_id.into(),
        ..Default::default()
    };
    server.promises().cancel(cancel(&scenario_id)).await.unwrap();
    // Live has moved on meanwhile.
    server.promises().cancel(cancel("")).await.unwrap();
    let apply = proto::ApplyScenarioRequest {
        request_id: "apply".into(),
        scenario_id: scenario_id.clone(),
        again: false,
        etag: String::new(),
    };
    let first = scenarios.apply(apply.clone()).await.unwrap().into_inner();
    assert!(!first.applied);
    let discard = proto::DiscardScenarioRequest { scenario_id };
    scenarios.discard(discard).await.unwrap();
    assert_eq!(scenarios.apply(apply).await.unwrap().into_inner(), first);
    server.stop().await;
}
