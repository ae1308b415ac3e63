//! Item 2: an id of one ledger, or of one start of a server, means nothing in another one.

use super::process::{Place, Server, request, said};
use crate::{engine_support::Hands, push::tiny};
use promised::{
    change::Change,
    engine::{Engine, Identity, scenarios::ScenarioBase},
    journal::Memory,
    loader,
    rpc::proto::{self, scenario_service_client::ScenarioServiceClient},
};
use std::sync::Arc;
use tonic::Status;

async fn ledger(server: &Server) -> String {
    let answer = server.promises().list(proto::ListPromisesRequest::default()).await.unwrap();
    answer.into_inner().version.unwrap().ledger
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_order_and_line_guard_every_command_that_names_a_promise() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let id = ledger(&server).await;
    assert_eq!(id.len(), 16);
    let mut held = request("R1", 1.0);
    held.hold_for = Some(prost_types::Duration { seconds: 600, nanos: 0 });
    server.promises().promise(held).await.unwrap();
    let mut promises = server.promises();
    // (order, line, ledger) of a guard, and whether it is the promise that is meant.
    let guards = [
        ("O-R1", "1", &*id, true),
        ("", "", &*id, true),
        ("O-R1", "", "", true),
        ("O-R2", "", "", false),
        ("O-R1", "2", "", false),
        ("O-R1", "1", "0123456789abcdef", false),
    ];
    for (order, line, ledger, is_meant) in guards {
        let (order, line, ledger) = (order.to_string(), line.to_string(), ledger.to_string());
        let promise_id = "P1".to_string();
        let confirm = proto::ConfirmRequest {
            promise_id: promise_id.clone(),
            quantity: Some(0.1),
            order: order.clone(),
            line: line.clone(),
            ledger: ledger.clone(),
            ..Default::default()
        };
        let cancel = proto::CancelRequest {
            promise_id: promise_id.clone(),
            quantity: Some(0.01),
            order: order.clone(),
            line: line.clone(),
            ledger: ledger.clone(),
            ..Default::default()
        };
        let fulfil = proto::FulfilRequest {
            promise_id: "P9".to_string(),
            order,
            line,
            ledger: ledger.clone(),
            ..Default::default()
        };
        let told = |answer: Result<(), Status>| {
            answer.map_or_else(|status| said(&status), |()| "done".into())
        };
        let want = if is_meant { "done" } else { "FailedPrecondition OTHER_PROMISE" };
        let cancelled = promises.cancel(cancel).await.map(drop);
        assert_eq!(told(cancelled), want, "{confirm:?}");
        let wrong_ledger = !ledger.is_empty() && ledger != id;
        let fulfilled = told(promises.fulfil(fulfil).await.map(drop));
        let want = if wrong_ledger {
            "FailedPrecondition OTHER_PROMISE"
        } else {
            "NotFound PROMISE_NOT_FOUND"
        };
        assert_eq!(fulfilled, want);
        let amend = proto::AmendRequest {
            promise_id,
            line: request("R1", 1.0).lines.pop(),
            ledger,
            ..Default::default()
        };
        let amended = told(promises.amend(amend).await.map(drop));
        let want = if wrong_ledger { "FailedPrecondition OTHER_PROMISE" } else { "done" };
        assert_eq!(amended, want);
        if !is_meant {
            assert_eq!(
                told(promises.confirm(confirm).await.map(drop)),
                "FailedPrecondition OTHER_PROMISE"
            );
        }
    }
    // The ledger stays the same over restarts, and is another one in another directory.
    server.kill();
    let again = place.start(&[]).await;
    assert_eq!(ledger(&again).await, id);
    again.kill();
    let other = Place::new();
    let server = other.start(&[]).await;
    assert_ne!(ledger(&server).await, id);
    server.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_ids_have_the_start_in_them_and_are_applied_as_they_were_seen() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let create = || proto::CreateScenarioRequest { name: "more".into(), ..Default::default() };
    let one = scenarios.create(create()).await.unwrap().into_inner();
    let other = scenarios.create(create()).await.unwrap().into_inner();
    assert_eq!((&*one.scenario_id, &*other.scenario_id), ("S1-1", "S1-2"));
    let more = |id: &str, quantity: &str| {
        let cells = [("item", "A"), ("location", "BER"), ("quantity", quantity)];
        proto::ChangeScenarioRequest {
            scenario_id: id.to_string(),
            changes: vec![proto::Change {
                change: "on_hand_adjusted".to_string(),
                cells: cells.map(|(name, text)| (name.to_string(), text.to_string())).into(),
            }],
            ..Default::default()
        }
    };
    let seen = scenarios.change(more("S1-1", "1")).await.unwrap().into_inner();
    assert_ne!(seen.etag, one.etag);
    // Somebody else changes it meanwhile.
    let changed = scenarios.change(more("S1-1", "500")).await.unwrap().into_inner();
    let apply = |etag: &str| proto::ApplyScenarioRequest {
        request_id: "apply".to_string(),
        scenario_id: "S1-1".to_string(),
        etag: etag.to_string(),
        ..Default::default()
    };
    let refused = scenarios.apply(apply(&seen.etag)).await.unwrap_err();
    assert_eq!(said(&refused), "Aborted SCENARIO_CHANGED");
    assert!(scenarios.apply(apply(&changed.etag)).await.unwrap().into_inner().applied);
    // A repetition gets its first answer.
    assert!(scenarios.apply(apply(&seen.etag)).await.unwrap().into_inner().applied);
    server.kill();
    // After a restart nobody's id is another one's.
    let again = place.start(&[]).await;
    let mut scenarios = ScenarioServiceClient::new(again.channel.clone());
    let new = scenarios.create(create()).await.unwrap().into_inner();
    assert_eq!(new.scenario_id, "S2-1");
    let gone = scenarios.apply(proto::ApplyScenarioRequest {
        scenario_id: "S1-9".to_string(),
        ..Default::default()
    });
    assert_eq!(said(&gone.await.unwrap_err()), "NotFound SCENARIO_ENDED");
    let unknown = scenarios.discard(proto::DiscardScenarioRequest { scenario_id: "S7-1".into() });
    assert_eq!(said(&unknown.await.unwrap_err()), "NotFound SCENARIO_UNKNOWN");
    again.kill();
}

#[test]
fn two_servers_without_a_data_directory_have_nothing_in_common() {
    let (one, other) = (Identity::new(), Identity::new());
    assert_ne!(one.ledger, other.ledger);
    assert!(1_700_000_000 < one.start, "seconds: no later start has the same");
}

fn engine() -> Engine {
    let loaded = loader::open(&tiny(), &loader::Silent).unwrap();
    let config = Hands::default().config();
    let journal = Box::new(Memory::default());
    Engine::start(Arc::new(loaded.snapshot.unwrap()), journal, config).unwrap()
}

#[test]
fn a_scenario_counts_what_each_step_changes_and_that_is_the_whole() {
    let engine = engine();
    for n in 0..6 {
        let mut command = crate::engine_support::command("", &[("VALVE", 1)]);
        command.request.lines[0].location = Some("HAM".into());
        command.request.lines[0].order = format!("A{n}");
        engine.promise(command).wait().unwrap();
    }
    let now = engine.now();
    let live = engine.pin();
    let id = engine.scenarios().create("", ScenarioBase::Live(&live), 999, now).unwrap().id.clone();
    let change = |quantity: i64| {
        let text = quantity.to_string();
        let cell = |name: &str| match name {
            "item" => Some("VALVE"),
            "location" => Some("HAM"),
            "quantity" => Some(&*text),
            _ => None,
        };
        Change::read(0, "on_hand_set", cell).unwrap()
    };
    for step in 0..40 {
        let priority = promised::engine::within::Reprioritised {
            order: format!("A{}", step % 6),
            line: None,
            priority: Some(step),
        };
        let changes = [change(i64::from(step % 9))];
        let scenario = engine.change_in(&id, &changes, &[priority]).unwrap();
        assert_eq!(scenario.differs.changes, usize::try_from(step).unwrap() + 1);
        assert_eq!(scenario.differs.promises, scenario.exchanges().len());
        let risky = |world: &promised::ledger::World, number| {
            world.reservation(number).is_some_and(|one| one.at_risk)
        };
        let new = (1..=6).filter(|n| risky(&scenario.world, *n) && !risky(&scenario.base, *n));
        assert_eq!(scenario.differs.at_risk, new.count(), "step {step}");
        let exact = scenario.world.bytes_beyond(&scenario.base);
        assert!(exact <= scenario.differs.bytes, "never too little: {exact}");
    }
    engine.stop();
}

#[test]
fn what_live_replaces_and_empty_scenarios_hold_is_counted() {
    let engine = engine();
    let (now, live) = (engine.now(), engine.pin());
    for _ in 0..3 {
        engine.scenarios().create("", ScenarioBase::Live(&live), 999, now).unwrap();
    }
    let before = engine.scenarios().memory().bytes;
    for n in 0..1_100 {
        let mut command = crate::engine_support::command("", &[("SEAL", 1)]);
        command.request.lines[0].order = format!("B{n}");
        drop(engine.promise(command).wait().unwrap());
    }
    engine.promise(crate::engine_support::command("", &[("SEAL", 1)])).wait().unwrap();
    let live = engine.pin();
    let held = engine.scenarios().list(now)[0].base.bytes_beyond(&live);
    let after = engine.scenarios().memory().bytes;
    assert!(
        before + held <= after && after <= before + 2 * held + 4_096,
        "{before}, {held}, {after}"
    );
    // Another one, taken now: what both hold is counted once.
    engine.scenarios().create("", ScenarioBase::Live(&live), 999, now).unwrap();
    assert!(engine.scenarios().memory().bytes <= after + 4_096);
    engine.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_in_a_scenario_survives_a_restart_and_what_does_not_fit_is_told() {
    let place = Place::new();
    let server = place.start(&[]).await;
    for n in 1..=2 {
        server.promises().promise(request(&format!("R{n}"), 900.0)).await.unwrap();
    }
    let mut scenarios = ScenarioServiceClient::new(server.channel.clone());
    let create = proto::CreateScenarioRequest { name: "plan".into(), ..Default::default() };
    let id = scenarios.create(create.clone()).await.unwrap().into_inner().scenario_id;
    let discarded = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    scenarios
        .discard(proto::DiscardScenarioRequest { scenario_id: discarded.clone() })
        .await
        .unwrap();
    let change = |kind: &str, cells: &[(&str, &str)]| proto::Change {
        change: kind.to_string(),
        cells: cells.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect(),
    };
    let place_of = [("item", "A"), ("location", "BER"), ("quantity", "100")];
    let supply = [
        ("supply", "N-1"),
        ("type", "purchase_order"),
        ("item", "A"),
        ("location", "BER"),
        ("date", "2026-11-30"),
        ("quantity", "5000"),
    ];
    let steps = [
        (vec![change("on_hand_set", &place_of)], vec![]),
        (
            vec![],
            vec![proto::OrderPriority {
                order: "O-R2".into(),
                line: String::new(),
                priority: Some(1),
            }],
        ),
        (vec![change("supply_added", &supply)], vec![]),
    ];
    for (changes, priorities) in steps {
        let scenario_id = id.clone();
        let request = proto::ChangeScenarioRequest { scenario_id, changes, priorities };
        scenarios.change(request).await.unwrap();
    }
    let mut backlogs =
        proto::backlog_service_client::BacklogServiceClient::new(server.channel.clone());
    let run = proto::RunBacklogRequest {
        scenario_id: id.clone(),
        sequence: "priority".into(),
        ..Default::default()
    };
    backlogs.run(run).await.unwrap();
    let told = |server: &Server| {
        let (mut promises, id) = (server.promises(), id.clone());
        async move {
            let list = proto::ListPromisesRequest { scenario_id: id, ..Default::default() };
            let list = promises.list(list).await.unwrap().into_inner();
            list.promises
                .iter()
                .map(|one| (one.order.clone(), one.quantity, one.at_risk))
                .collect::<Vec<_>>()
        }
    };
    let before = told(&server).await;
    server.kill();
    let again = place.start(&[]).await;
    let mut scenarios = ScenarioServiceClient::new(again.channel.clone());
    assert_eq!(told(&again).await, before, "at the first question");
    let listed = scenarios.list(proto::ListScenariosRequest::default()).await.unwrap().into_inner();
    let ids: Vec<_> = listed.scenarios.iter().map(|one| one.scenario_id.clone()).collect();
    assert_eq!(ids, std::slice::from_ref(&id));
    assert_eq!(listed.scenarios[0].left_out, [""; 0]);
    let gone = scenarios.discard(proto::DiscardScenarioRequest { scenario_id: discarded });
    assert_eq!(said(&gone.await.unwrap_err()), "NotFound SCENARIO_ENDED");
    // Live changes so that a step does not fit any more: then it is left out after the next restart.
    let mut snapshots =
        proto::snapshot_service_client::SnapshotServiceClient::new(again.channel.clone());
    let taken = proto::ApplyChangesRequest {
        changes: vec![change("supply_added", &supply)],
        ..Default::default()
    };
    snapshots.apply_changes(taken).await.unwrap();
    again.kill();
    let third = place.start(&[]).await;
    let mut scenarios = ScenarioServiceClient::new(third.channel.clone());
    let listed = scenarios.list(proto::ListScenariosRequest::default()).await.unwrap().into_inner();
    let left_out = &listed.scenarios[0].left_out;
    assert_eq!(left_out.len(), 1, "{left_out:?}");
    assert!(left_out[0].starts_with("step 3: ") && left_out[0].contains("N-1"), "{left_out:?}");
    third.kill();
}
