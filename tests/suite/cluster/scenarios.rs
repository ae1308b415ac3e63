//! Issue 24 item 4, contract 8: what-ifs and backlog runs are made on any node, at the position that it has, and are there until
//! they end, whoever leads; any node answers for them; and the leader makes them live, exactly as they were seen.

use super::{
    etcds,
    place::{LAST, Place, is_wanted, until},
};
use promised::rpc::proto;
use proto::{
    availability_service_client::AvailabilityServiceClient,
    backlog_service_client::BacklogServiceClient, promise_service_client::PromiseServiceClient,
    scenario_service_client::ScenarioServiceClient,
};
use std::future::Future;
use tonic::{Code, Response, Status, transport::Channel};
use tonic_types::StatusExt;

/// What a node answers, asked again while nobody leads or a node is not known yet.
pub(super) fn asked<T, F>(place: &Place, at: usize, ask: impl Fn(Channel) -> F) -> Result<T, Status>
where
    F: Future<Output = Result<Response<T>, Status>>,
{
    until("an answer", || {
        let address = place.servers[at].address.clone();
        let answered = place.runtime.block_on(async {
            let channel = Channel::from_shared(address).unwrap().connect().await.ok()?;
            Some(ask(channel).await)
        })?;
        match answered {
            Err(status) if status.code() == Code::Unavailable => None,
            answered => Some(answered.map(Response::into_inner)),
        }
    })
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn line(order: &str, item: &str, quantity: f64) -> Vec<proto::OrderLine> {
    let requested_date = "2026-11-23".to_string();
    let (order, item, location) = (order.to_string(), item.to_string(), "BER".to_string());
    vec![proto::OrderLine { order, item, quantity, requested_date, location, ..Default::default() }]
}

/// How much of an item there is, in a scenario or live.
pub(super) fn available(place: &Place, at: usize, (item, scenario_id): (&str, &str)) -> f64 {
    let query = proto::Query {
        item: item.to_string(),
        location: "BER".to_string(),
        quantity: 1.0,
        date: "2026-11-23".to_string(),
        ..Default::default()
    };
    let scenario_id = scenario_id.to_string();
    let check = proto::QuickCheckRequest { queries: vec![query], scenario_id, columns: None };
    let answer = asked(place, at, |channel| {
        let check = check.clone();
        async move { AvailabilityServiceClient::new(channel).quick_check(check).await }
    });
    answer.unwrap().answers[0].available
}

fn created(place: &Place, at: usize, name: &str) -> String {
    let create = proto::CreateScenarioRequest { name: name.to_string(), ..Default::default() };
    let made = asked(place, at, |channel| {
        let create = create.clone();
        async move { ScenarioServiceClient::new(channel).create(create).await }
    });
    made.unwrap().scenario_id
}

fn got(place: &Place, at: usize, id: &str) -> Result<proto::Scenario, Status> {
    let get = proto::GetScenarioRequest { scenario_id: id.to_string() };
    asked(place, at, |channel| {
        let get = get.clone();
        async move { ScenarioServiceClient::new(channel).get(get).await }
    })
}

/// Waits until all nodes know where a scenario is: they tell once a second.
fn known(place: &Place, id: &str) {
    (0..3).for_each(|at| {
        until("a scenario that all know", || got(place, at, id).ok());
    });
}

fn changed(place: &Place, at: usize, (id, quantity): (&str, &str)) -> proto::Scenario {
    let cells = [("item", "S0"), ("location", "BER"), ("quantity", quantity)];
    let cells = cells.map(|(name, text)| (name.to_string(), text.to_string())).into();
    let change = proto::Change { change: "on_hand_set".to_string(), cells };
    let change = proto::ChangeScenarioRequest {
        scenario_id: id.to_string(),
        changes: vec![change],
        ..Default::default()
    };
    let done = asked(place, at, |channel| {
        let change = change.clone();
        async move { ScenarioServiceClient::new(channel).change(change).await }
    });
    done.unwrap()
}

fn applied(
    place: &Place,
    at: usize,
    (id, request_id): (&str, &str),
) -> Result<proto::ApplyScenarioResponse, Status> {
    let apply = proto::ApplyScenarioRequest {
        scenario_id: id.to_string(),
        request_id: request_id.to_string(),
        ..Default::default()
    };
    asked(place, at, |channel| {
        let apply = apply.clone();
        async move { ScenarioServiceClient::new(channel).apply(apply).await }
    })
}

#[test]
fn scenarios_are_on_the_node_that_made_them_and_any_node_answers_for_them() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("scenarios on nodes that follow");
    };
    let mut place = Place::start(program);
    let leader = place.leader();
    let (maker, other) = ((leader + 1) % 3, (leader + 2) % 3);
    let id = created(&place, maker, "more");
    known(&place, &id);
    // Changed through another node, and seen through all.
    changed(&place, other, (&id, "9"));
    for at in 0..3 {
        assert_eq!(available(&place, at, ("S0", &id)), 9.0, "{at}");
        assert_eq!(available(&place, at, ("S0", "")), LAST as f64, "{at}");
    }
    // Orders in it, through the leader; nobody but it has them.
    let order = proto::PromiseRequest {
        request_id: "in".to_string(),
        lines: line("IN", "S0", 4.0),
        scenario_id: id.clone(),
        ..Default::default()
    };
    let promised = asked(&place, leader, |channel| {
        let order = order.clone();
        async move { PromiseServiceClient::new(channel).promise(order).await }
    });
    assert!(!promised.unwrap().promises[0].promise_id.is_empty());
    assert_eq!(available(&place, other, ("S0", &id)), 5.0);
    // All nodes list it, once.
    for at in 0..3 {
        let list = asked(&place, at, |channel| async move {
            ScenarioServiceClient::new(channel).list(proto::ListScenariosRequest {}).await
        });
        let list = list.unwrap().scenarios;
        assert_eq!(list.iter().filter(|one| one.scenario_id == id).count(), 1, "{at}: {list:?}");
    }
    // Two that are on two nodes cannot be compared, and it is told why.
    let elsewhere = created(&place, other, "elsewhere");
    known(&place, &elsewhere);
    let compare = proto::CompareRequest {
        scenario_id: id.clone(),
        with_scenario_id: elsewhere,
        ..Default::default()
    };
    let apart = asked(&place, leader, |channel| {
        let compare = compare.clone();
        async move { ScenarioServiceClient::new(channel).compare(compare).await }
    });
    assert_eq!(reason(&apart.unwrap_err()), "SCENARIOS_APART");
    // It is made live by the leader, as it was seen, whoever is asked; and a repetition gets the first answer.
    let first = applied(&place, other, (&id, "apply")).unwrap();
    assert!(first.applied && 0 < first.sequence, "{first:?}");
    for at in 0..3 {
        assert_eq!(applied(&place, at, (&id, "apply")).unwrap(), first, "{at}");
        until("what was made live", || (available(&place, at, ("S0", "")) == 5.0).then_some(()));
    }
    assert_eq!(reason(&applied(&place, leader, (&id, "again")).unwrap_err()), "SCENARIO_APPLIED");
    // What was planned before that does not fit any more: nothing is done, and a repetition hears the same.
    let late = created(&place, maker, "late");
    changed(&place, maker, (&late, "7"));
    until("another state", || {
        let id = created(&place, maker, "between");
        changed(&place, maker, (&id, "8"));
        applied(&place, maker, (&id, &id)).unwrap().applied.then_some(())
    });
    let what = applied(&place, maker, (&late, "late")).unwrap();
    assert_eq!(applied(&place, maker, (&late, "late")).unwrap(), what);
    // The leader is gone: it is there as before. Its own node is started anew: it wakes there.
    let kept = created(&place, maker, "kept");
    changed(&place, maker, (&kept, "6"));
    known(&place, &kept);
    place.kill(leader);
    until("another leader", || {
        let status = place.status(maker)?;
        (!status.leader.is_empty() && status.leader != place.servers[leader].name).then_some(())
    });
    // What was promised in it when it was made live is promised there too.
    assert_eq!(available(&place, other, ("S0", &kept)), 2.0);
    place.kill(maker);
    place.up(maker);
    place.up(leader);
    place.leader();
    known(&place, &kept);
    (0..3).for_each(|at| assert_eq!(available(&place, at, ("S0", &kept)), 2.0, "{at}"));
}

#[test]
fn a_backlog_run_on_a_node_that_follows_is_made_live_by_the_leader() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("runs on nodes that follow");
    };
    let place = Place::start(program);
    let leader = place.leader();
    let (maker, other) = ((leader + 1) % 3, (leader + 2) % 3);
    // The last of a stock is promised to an order that need not have it.
    for (order, priority) in [("LOW", 9), ("HIGH", 1)] {
        let mut lines = line(order, "S1", LAST as f64);
        lines[0].priority = Some(priority);
        let promise =
            proto::PromiseRequest { request_id: order.to_string(), lines, ..Default::default() };
        let done = asked(&place, leader, |channel| {
            let promise = promise.clone();
            async move { PromiseServiceClient::new(channel).promise(promise).await }
        });
        done.unwrap();
    }
    let position = place.status(leader).unwrap().position;
    place.listed(maker, position);
    let run = proto::RunBacklogRequest {
        request_id: "run".to_string(),
        apply: true,
        ..Default::default()
    };
    let ask = |at: usize| {
        let ran = asked(&place, at, |channel| {
            let run = run.clone();
            async move { BacklogServiceClient::new(channel).run(run).await }
        });
        ran.unwrap()
    };
    let ran = ask(maker);
    let live = ran.applied.clone().unwrap();
    assert!(live.applied && position < live.sequence, "{ran:?}");
    assert_eq!(ask(maker).applied.unwrap(), live, "a repetition gets the first answer");
    for at in 0..3 {
        until("the run that was made live", || {
            let all = place.listed(at, live.sequence);
            let quantity = |order: &str| -> f64 {
                all.iter().filter(|one| one.order == order).map(|one| one.quantity).sum()
            };
            (quantity("HIGH") == LAST as f64 || quantity("LOW") == LAST as f64).then_some(())
        });
    }
    // Any node tells of it, and knows the run by its id.
    let listed = asked(&place, other, |channel| async move {
        BacklogServiceClient::new(channel).list_runs(proto::ListRunsRequest {}).await
    });
    let listed = listed.unwrap().runs;
    assert_eq!(listed.iter().filter(|run| run.run_id == ran.run_id).count(), 1, "{listed:?}");
}
