//! Contract 6: dimensions of figures. Brands, countries and regions are kept of the tables, channel and seller of an order with its
//! promise; promising never reads them.

use super::rpc::{Server, valves};
use promised::{
    loader::{self, Silent},
    rpc::proto,
};
use std::fs;

#[test]
fn brands_countries_and_regions_are_kept_of_the_tables() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("manifest.json", r#"{"snapshot_id": "s", "as_of": "2026-11-23"}"#);
    write("items.csv", "item,brand\nPUMP,Acme\nVALVE,\nSEAL,Acme\n");
    write("locations.csv", "location\nBER\n");
    write("customers.csv", "customer,country,region\nC1,DE,Nord\nC2,,\n");
    let loaded = loader::open(dir.path(), &Silent).expect("it has a manifest");
    let snapshot = loaded.snapshot.expect("it is without fault");
    let brands = snapshot.items.names.indices().map(|item| snapshot.items.brand(item));
    assert_eq!(brands.collect::<Vec<_>>(), ["Acme", "", "Acme"]);
    let places = snapshot.customers.rows.iter();
    let places = places.map(|(_, row)| (&*row.country, &*row.region));
    assert_eq!(places.collect::<Vec<_>>(), [("DE", "Nord"), ("", "")]);
}

#[test]
fn channel_and_seller_are_columns_of_orders() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let orders = dir.path().join("orders.csv");
    let text = "order,item,quantity,requested_date,channel,seller\nA,PUMP,1,2026-11-24,web,\n\
        B,PUMP,1,2026-11-24,,Kim\n";
    fs::write(&orders, text).unwrap();
    let orders = loader::orders(&orders).expect("it can be read");
    assert_eq!((orders.problems.errors(), orders.problems.warnings()), (0, 0));
    let told = orders.lines.iter().map(|line| (line.channel.as_deref(), line.seller.as_deref()));
    assert_eq!(told.collect::<Vec<_>>(), [(Some("web"), None), (None, Some("Kim"))]);
}

#[tokio::test]
async fn a_promise_keeps_channel_and_seller_through_its_changes() {
    let server = Server::tiny().await;
    let line =
        proto::OrderLine { channel: "web".to_string(), seller: "Kim".to_string(), ..valves("A") };
    let request = |id: &str, line: &proto::OrderLine| proto::PromiseRequest {
        request_id: id.to_string(),
        lines: vec![line.clone()],
        ..proto::PromiseRequest::default()
    };
    let made = server.promises().promise(request("a", &line)).await.unwrap().into_inner();
    let get = proto::GetPromiseRequest {
        promise_id: made.promises[0].promise_id.clone(),
        ..proto::GetPromiseRequest::default()
    };
    let kept = server.promises().get(get.clone()).await.unwrap().into_inner().promises.remove(0);
    assert_eq!((kept.channel.as_str(), kept.seller.as_str()), ("web", "Kim"));
    // The same id for an order of another channel is another request.
    let other = proto::OrderLine { channel: "phone".to_string(), ..line.clone() };
    let refused = server.promises().promise(request("a", &other)).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::AlreadyExists, "{refused:?}");
    let amend = proto::AmendRequest {
        request_id: "b".to_string(),
        promise_id: get.promise_id.clone(),
        line: Some(proto::OrderLine { seller: "Lee".to_string(), ..line }),
        ..proto::AmendRequest::default()
    };
    let amended = server.promises().amend(amend).await.unwrap().into_inner();
    let kept = amended.promise.expect("it is kept");
    assert_eq!((kept.channel.as_str(), kept.seller.as_str()), ("web", "Lee"));
}
