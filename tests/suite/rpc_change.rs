//! Net change over gRPC and by `promised change`: live at once, once a request id, all or nothing.

use super::{
    engine_support::Hands,
    rpc::{Server, valves},
};
use promised::{ledger::digest, rpc::proto};
use proto::{promise_request::Commitment, snapshot_service_client::SnapshotServiceClient};
use std::process::{Command, Output, Stdio};
use tonic::Code;

async fn server() -> Server {
    let hands = Hands::default();
    hands.set(8 * 3_600);
    Server::tiny_with(hands.config()).await
}

fn change(kind: &str, cells: &[(&str, &str)]) -> proto::Change {
    let own = |(name, text): &(&str, &str)| (name.to_string(), text.to_string());
    proto::Change { change: kind.into(), cells: cells.iter().map(own).collect() }
}

fn request(id: &str, changes: Vec<proto::Change>) -> proto::ApplyChangesRequest {
    proto::ApplyChangesRequest { request_id: id.into(), changes, ..Default::default() }
}

async fn promise(server: &Server, order: &str, quantity: f64) -> String {
    let request = proto::PromiseRequest {
        lines: vec![proto::OrderLine { quantity, ..valves(order) }],
        commitment: Commitment::Confirm.into(),
        ..Default::default()
    };
    let made = server.promises().promise(request).await.unwrap().into_inner();
    made.promises[0].promise_id.clone()
}

#[tokio::test]
async fn changes_are_live_once_and_told_account_by_account() {
    let server = server().await;
    let mut snapshots = SnapshotServiceClient::new(server.channel());
    let (one, two) = (promise(&server, "A", 2.0).await, promise(&server, "B", 4.0).await);
    let late = vec![change("supply_moved", &[("supply", "PO-1"), ("days", "14")])];
    let before = digest::of(&server.engine.pin());
    let preview = proto::ApplyChangesRequest { validate_only: true, ..request("", late.clone()) };
    let preview = snapshots.apply_changes(preview).await.unwrap().into_inner();
    assert_eq!((preview.applied, &preview.at_risk), (false, &vec![two.clone()]));
    assert_eq!(digest::of(&server.engine.pin()), before);

    let made = snapshots.apply_changes(request("1", late.clone())).await.unwrap().into_inner();
    assert!(made.applied);
    assert_eq!(
        (made.short[0].account.as_str(), &made.short[0].promise_ids),
        ("VALVE@HAM", &vec![two.clone()])
    );
    assert_eq!(made.version.as_ref().unwrap().sequence, 3);
    let again = snapshots.apply_changes(request("1", late)).await.unwrap().into_inner();
    assert_eq!(again, made, "a repetition does nothing");
    assert_eq!(server.engine.pin().position, 3);
    let status = snapshots.get_status(proto::GetStatusRequest {}).await.unwrap().into_inner();
    assert!(
        status.age_seconds < 86_400.0,
        "it is counted from its start on: {}",
        status.age_seconds
    );
    assert_eq!((status.promises_live, status.promises_at_risk, status.changes), (2, 1, 1));

    let order = change(
        "demand_created",
        &[
            ("demand", "A/1"),
            ("item", "VALVE"),
            ("location", "HAM"),
            ("date", "2026-11-25"),
            ("quantity", "2"),
        ],
    );
    let more =
        change("on_hand_adjusted", &[("item", "VALVE"), ("location", "HAM"), ("quantity", "9")]);
    let made = snapshots.apply_changes(request("2", vec![order, more])).await.unwrap().into_inner();
    assert_eq!((made.absorbed, made.no_longer_at_risk), (vec![one.clone()], vec![two]));
    let gone = change("demand_cancelled", &[("demand", "A/1")]);
    let made = snapshots.apply_changes(request("3", vec![gone])).await.unwrap().into_inner();
    assert_eq!(made.dropped, [one]);

    let bad = vec![
        change("supply_cut", &[("supply", "PO-9"), ("quantity", "1")]),
        change("on_hand_set", &[("item", "VALVE"), ("location", "HAM"), ("quantity", "1")]),
    ];
    let before = digest::of(&server.engine.pin());
    for (request, code) in [
        (request("4", bad.clone()), Code::InvalidArgument),
        (request("3", vec![bad[1].clone()]), Code::AlreadyExists),
        (request("5", vec![]), Code::InvalidArgument),
        (request("5", vec![change("supply_lost", &[])]), Code::InvalidArgument),
    ] {
        assert_eq!(snapshots.apply_changes(request).await.unwrap_err().code(), code);
    }
    assert_eq!(digest::of(&server.engine.pin()), before);
    server.stop().await;
}

async fn command(server: &Server, file: &std::path::Path, more: &'static [&'static str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.arg("change").arg(file).args(["--server", &server.url]).args(more);
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_command_changes_and_tells() {
    let server = server().await;
    promise(&server, "B", 4.0).await;
    let dir = tempfile::tempdir().unwrap();
    let late = dir.path().join("late.csv");
    std::fs::write(&late, "change,supply,days\nsupply_moved,PO-1,14\n").unwrap();
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let said = command(&server, &late, &["--validate"]).await;
    assert!(said.status.success());
    assert_eq!(
        text(&said),
        "1 change can be made on tiny at sequence 1; nothing was changed\n  VALVE@HAM is short; at risk: P1\n"
    );
    let said = command(&server, &late, &["--source", "erp", "--request-id", "erp-1"]).await;
    assert_eq!(
        text(&said),
        "1 change live: tiny at sequence 2\n  VALVE@HAM is short; at risk: P1\n"
    );
    std::fs::write(&late, "change,supply,days\nsupply_moved,PO-9,14\n").unwrap();
    let refused = command(&server, &late, &[]).await;
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("PO-9") && told.contains("none was made"), "{told}");
    server.stop().await;
}
