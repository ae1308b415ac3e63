//! Issue 21, items 3 and 4: changes that name supplies by what they have in common; how many at most by when.

use super::{super::rpc::told, change, promised};
use promised::rpc::proto;

#[tokio::test]
async fn supplier_x_is_two_weeks_late_is_one_row() {
    let server = promised().await;
    for (supply, date) in [("PO-2", "2026-12-05"), ("PO-3", "2026-12-20")] {
        let cells = [
            ("supply", supply),
            ("type", "purchase_order"),
            ("item", "SEAL"),
            ("location", "BER"),
            ("date", date),
            ("quantity", "10"),
            ("supplier", "ACME"),
        ];
        change(&server, "supply_added", &cells).await;
    }
    let answer = change(&server, "supply_moved", &[("supplier", "ACME"), ("days", "14")]).await;
    assert_eq!(answer.met, [2]);
    let some = [("item", "SEAL"), ("date_from", "2027-01-01"), ("days", "-1")];
    let answer = change(&server, "supply_moved", &some).await;
    assert_eq!(answer.met, [1], "PO-3 was moved to 2027-01-03");
    let one = change(&server, "supply_moved", &[("supply", "PO-2"), ("days", "1")]).await;
    assert_eq!(one.met, [1]);
    let typed = [("type", "purchase_order"), ("location", "HAM"), ("quantity", "7")];
    let cut = change(&server, "supply_cut", &typed).await;
    assert_eq!(cut.met, [1], "PO-1");
    let mut client = proto::snapshot_service_client::SnapshotServiceClient::new(server.channel());
    let mut refused = async |cells: &[(&str, &str)]| {
        let own = |(name, value): &(&str, &str)| ((*name).to_string(), (*value).to_string());
        let cells = cells.iter().map(own).collect();
        let changes = vec![proto::Change { change: "supply_moved".to_string(), cells }];
        let request = proto::ApplyChangesRequest { changes, ..Default::default() };
        told(&client.apply_changes(request).await.unwrap_err())
    };
    let none = refused(&[("supplier", "ACME"), ("item", "VALVE"), ("days", "1")]).await;
    assert!(
        none.contains(
            "changes[0].cells[supplier]: \"ACME\" is not what some supply has: none fits"
        ),
        "{none}"
    );
    let unknown = refused(&[("supplier", "NOBODY"), ("days", "1")]).await;
    assert!(unknown.contains("\"NOBODY\" is not a known supplier"), "{unknown}");
    let nothing = refused(&[("days", "1")]).await;
    assert!(nothing.contains("supply"), "{nothing}");
    let both = refused(&[("supply", "PO-1"), ("supplier", "ACME"), ("days", "1")]).await;
    assert!(both.contains("supply_moved has no such column"), "{both}");
    server.stop().await;
}

#[tokio::test]
async fn a_repetition_of_such_a_change_does_nothing_more() {
    let server = promised().await;
    let cells = [
        ("item".to_string(), "VALVE".to_string()),
        ("days".to_string(), "14".to_string()),
        ("date_to".to_string(), "2026-12-01".to_string()),
    ];
    let request = proto::ApplyChangesRequest {
        request_id: "slip".to_string(),
        changes: vec![proto::Change { change: "supply_moved".to_string(), cells: cells.into() }],
        ..Default::default()
    };
    let mut client = proto::snapshot_service_client::SnapshotServiceClient::new(server.channel());
    let first = client.apply_changes(request.clone()).await.unwrap().into_inner();
    let again = client.apply_changes(request).await.unwrap().into_inner();
    assert_eq!(
        (&first.met, first.version),
        (&again.met, again.version),
        "it met PO-1 then, and nothing now"
    );
    server.stop().await;
}

#[tokio::test]
async fn at_most_how_many_by_when() {
    let server = promised().await;
    let most = async |item: &str, quantity: f64, date: &str| {
        let line = proto::OrderLine {
            order: "MOST".to_string(),
            item: item.to_string(),
            quantity,
            requested_date: date.to_string(),
            ..Default::default()
        };
        let request =
            proto::CheckAvailabilityRequest { lines: vec![line], most: true, ..Default::default() };
        let answer = server.promises().check_availability(request).await.unwrap().into_inner();
        (answer.results[0].most_by_requested_date, answer.results[0].left_out.clone())
    };
    assert_eq!(most("VALVE", 5.0, "2026-12-01").await.0, Some(12.0), "20 come, 8 are promised");
    assert_eq!(most("VALVE", 5.0, "2026-11-25").await.0, Some(0.0));
    // One is left in HAM; four bodies are left in BER.
    assert_eq!(most("PUMP", 40.0, "2026-12-20").await.0, Some(5.0));
    let line = proto::OrderLine {
        order: "PLAIN".to_string(),
        item: "VALVE".to_string(),
        quantity: 1.0,
        requested_date: "2026-12-01".to_string(),
        ..Default::default()
    };
    let plain = proto::CheckAvailabilityRequest { lines: vec![line], ..Default::default() };
    let plain = server.promises().check_availability(plain).await.unwrap().into_inner();
    assert_eq!(plain.results[0].most_by_requested_date, None, "only where it is asked for");
    server.stop().await;
}
