//! Issue 21 on items that are kept in another unit than their own (semantics 12.2, *Units*): accounts, pegging, exceptions,
//! events, thresholds and figures speak of the item's own unit. Eggs are sold in dozens and kept in pieces.

use super::Server;
use promised::{engine::Config, rpc::proto};
use proto::{
    analytics_service_client::AnalyticsServiceClient,
    availability_service_client::AvailabilityServiceClient,
    exception_service_client::ExceptionServiceClient,
    get_pegging_request::{Account, Of},
};

async fn eggs() -> Server {
    let dir = tempfile::tempdir().unwrap();
    let tables = [
        ("manifest.json", r#"{"snapshot_id": "eggs", "as_of": "2026-11-23", "horizon_days": 30}"#),
        ("items.csv", "item,uom,unit_cost,list_price\nEGG,DOZ,12,24\n"),
        ("locations.csv", "location\nHAM\n"),
        ("uom_conversions.csv", "from_uom,to_uom,factor\nDOZ,PCS,12\n"),
        ("on_hand.csv", "item,location,quantity\nEGG,HAM,2\n"),
        (
            "supplies.csv",
            "supply,type,item,location,date,quantity,supplier\nPO,purchase_order,EGG,HAM,2026-11-30,1,HEN\n",
        ),
        ("suppliers.csv", "supplier\nHEN\n"),
    ];
    for (name, text) in tables {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let server = Server::start(dir.path(), Config::new()).await;
    let line = |order: &str, quantity: f64| proto::OrderLine {
        order: order.to_string(),
        item: "EGG".to_string(),
        quantity,
        uom: "PCS".to_string(),
        requested_date: "2026-11-24".to_string(),
        ..Default::default()
    };
    // Six pieces, then 24, of which 18 are there.
    let lines = vec![line("SIX", 6.0), line("ALL", 24.0)];
    let request = proto::PromiseRequest { lines, ..Default::default() };
    server.promises().promise(request).await.unwrap();
    server
}

#[tokio::test]
async fn accounts_and_pegging() {
    let server = eggs().await;
    let mut client = AvailabilityServiceClient::new(server.channel());
    let request = proto::GetAccountRequest {
        item: "EGG".to_string(),
        location: "HAM".to_string(),
        ..Default::default()
    };
    let found = client.get_account(request).await.unwrap().into_inner();
    let told: Vec<_> = found
        .events
        .iter()
        .map(|one| format!("{} {} {} {}", one.date, one.kind, one.quantity, one.balance))
        .collect();
    let want = [
        "2026-11-23 on_hand 2 2",
        "2026-11-24 promise -0.5 1.5",
        "2026-11-30 purchase_order 1 2.5",
        "2026-11-30 promise -2 0.5",
    ];
    assert_eq!((found.uom.as_str(), told), ("DOZ", want.map(String::from).to_vec()));
    let place = Account { item: "EGG".to_string(), location: "HAM".to_string() };
    for (of, used, unpegged) in
        [(Of::OnHand(place), vec![0.5, 1.5], 0.0), (Of::Supply("PO".to_string()), vec![0.5], 0.5)]
    {
        let request = proto::GetPeggingRequest { of: Some(of), ..Default::default() };
        let found = server.promises().get_pegging(request).await.unwrap().into_inner();
        let quantities: Vec<_> = found.used_by.iter().map(|one| one.quantity).collect();
        assert_eq!((quantities, found.unpegged), (used, unpegged));
    }
    let of = Some(Of::PromiseId("P2".to_string()));
    let request = proto::GetPeggingRequest { of, ..Default::default() };
    let found = server.promises().get_pegging(request).await.unwrap().into_inner();
    let peg = &found.legs[0].pegs[0];
    let Some(proto::peg::Source::Stock(stock)) = &peg.source else { panic!("{peg:?}") };
    assert_eq!((peg.quantity, stock.supplies[0].quantity), (2.0, 0.5));
    server.stop().await;
}

#[tokio::test]
async fn exceptions_thresholds_and_figures() {
    let server = eggs().await;
    let cells = [("supply", "PO"), ("quantity", "0.25")];
    super::change(&server, "supply_cut", &cells).await;
    let mut client = ExceptionServiceClient::new(server.channel());
    let found = client.list(proto::ListExceptionsRequest::default()).await.unwrap().into_inner();
    let mut told: Vec<_> = found
        .exceptions
        .iter()
        .map(|one| format!("{} {} {}", one.exception_id, one.quantity, one.cause))
        .collect();
    told.sort_unstable();
    assert_eq!(told[0], "at_risk/P2 2 PO 0.75 less");
    assert_eq!(
        told[2],
        "overcommitted/EGG@HAM/2026-11-30 0.25 EGG@HAM is 0.25 short from 2026-11-30 on: PO 0.75 less"
    );
    let mut client = AvailabilityServiceClient::new(server.channel());
    let threshold = |at_least: f64| proto::Threshold {
        item: "EGG".to_string(),
        location: "HAM".to_string(),
        date: "2026-11-25".to_string(),
        at_least,
        ..Default::default()
    };
    let thresholds = vec![threshold(0.5), threshold(1.5)];
    let request = proto::WatchAvailabilityRequest { thresholds, ..Default::default() };
    let mut crossed = client.watch_availability(request).await.unwrap().into_inner();
    for _ in 0..2 {
        let one = crossed.message().await.unwrap().unwrap();
        assert!(one.available < 2.0 && !one.enough, "{one:?}");
    }
    let request = proto::QueryRequest {
        measures: vec!["quantity".to_string(), "fill".to_string()],
        ..Default::default()
    };
    let total = AnalyticsServiceClient::new(server.channel()).query(request).await.unwrap();
    assert_eq!(total.into_inner().total.unwrap().values, [2.5, 1.0]);
    server.stop().await;
}
