//! Issue 21: what planners miss. A real client over gRPC against `snapshots/tiny`, with its orders promised.

mod catalog;
mod changes;
mod cli;
mod day;
mod day_rows;
mod day_told;
mod events;
mod exceptions;
mod figures;
mod forgotten;
pub(crate) mod hooks;
mod json;
mod pegging;
mod units;

use super::rpc::Server;
use promised::rpc::proto;
use proto::order_line::DateType;
use std::collections::HashMap;

/// A server with the orders of `snapshots/tiny/orders.csv` promised: P1 STOCK, P2 LATE, P3 SPLIT, P4 BUY, P5 MAKE.
pub async fn promised() -> Server {
    let server = Server::tiny().await;
    promise_orders(&server).await;
    server
}

pub async fn promise_orders(server: &Server) {
    let rows = [
        ("STOCK", "PUMP", 2.0, "2026-11-26", DateType::Arrival, "NORDWIND", None),
        ("LATE", "VALVE", 4.0, "2026-11-25", DateType::Ship, "NORDWIND", None),
        ("SPLIT", "VALVE", 6.0, "2026-11-26", DateType::Ship, "NORDWIND", Some(true)),
        ("BUY", "SEAL", 50.0, "2026-12-02", DateType::Ship, "SUEDBAU", None),
        ("MAKE", "PUMP", 6.0, "2026-12-04", DateType::Ship, "SUEDBAU", None),
    ];
    for (order, item, quantity, date, kind, customer, split) in rows {
        let line = proto::OrderLine {
            order: order.to_string(),
            item: item.to_string(),
            quantity,
            requested_date: date.to_string(),
            date_type: kind.into(),
            customer: customer.to_string(),
            split,
            ..Default::default()
        };
        let request = proto::PromiseRequest {
            request_id: order.to_string(),
            lines: vec![line],
            ..Default::default()
        };
        server.promises().promise(request).await.unwrap();
    }
}

/// Changes planning data.
pub async fn change(
    server: &Server,
    kind: &str,
    cells: &[(&str, &str)],
) -> proto::ApplyChangesResponse {
    let cells: HashMap<String, String> =
        cells.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
    let request = proto::ApplyChangesRequest {
        changes: vec![proto::Change { change: kind.to_string(), cells }],
        source: "erp".to_string(),
        ..Default::default()
    };
    let channel = server.channel();
    let mut client = proto::snapshot_service_client::SnapshotServiceClient::new(channel);
    client.apply_changes(request).await.unwrap().into_inner()
}
