//! Item 2: how far a principal's roles go: by class, customer, location, source; cost and profit for those who were
//! granted them.

use super::place::{Place, Server, said, with};
use promised::rpc::proto::{
    self, allocation_service_client::AllocationServiceClient,
    availability_service_client::AvailabilityServiceClient,
    promise_service_client::PromiseServiceClient, snapshot_service_client::SnapshotServiceClient,
};
use tonic::{Status, transport::Channel};
use tonic_types::StatusExt;

/// Key accounts, local stores and guests; the first two are resellers.
const KEY: &str = "AW00000001";
const LOCAL: &str = "AW00000002";
const GUEST: &str = "AW00011001";

fn line(order: &str, customer: &str) -> proto::OrderLine {
    proto::OrderLine {
        order: order.to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        customer: customer.to_string(),
        unit_price: Some(35.0),
        ..proto::OrderLine::default()
    }
}

fn promise(order: &str, customer: &str) -> proto::PromiseRequest {
    let (request_id, lines) = (order.to_string(), vec![line(order, customer)]);
    proto::PromiseRequest { request_id, lines, ..Default::default() }
}

/// The reason, the field and the value of a refusal.
fn told(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().expect("it says why");
    let part = |name: &str| info.metadata.get(name).cloned().unwrap_or_default();
    format!("{} {}={}", info.reason, part("field"), part("value"))
}

async fn client(server: &Server) -> PromiseServiceClient<Channel> {
    PromiseServiceClient::new(server.plain().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_named_brought_or_left_out() {
    let place = Place::new();
    let reseller = place.token("reseller", &["--role", "promise", "--class", "reseller"]);
    let two = place.token("two", &["--role", "promise", "--class", "club,guest"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    // A customer brings its class: one below that of the token is within.
    client.promise(with(&reseller, promise("A", KEY))).await.unwrap();
    client.promise(with(&reseller, promise("B", LOCAL))).await.unwrap();
    let refused = client.promise(with(&reseller, promise("C", GUEST))).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS lines[0].customer=AW00011001");
    let named = |class: &str| {
        let line = proto::OrderLine { demand_class: class.to_string(), ..line("D", "") };
        proto::CheckAvailabilityRequest { lines: vec![line], ..Default::default() }
    };
    client.check_availability(with(&reseller, named("key_account"))).await.unwrap();
    let refused = client.check_availability(with(&reseller, named("web"))).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS lines[0].demand_class=web");
    // Nothing named: the one class there is, or a choice to make; never all of them.
    let key = place.token("key", &["--role", "promise", "--class", "key_account"]);
    server.signal(rustix::process::Signal::HUP);
    server.says("the tokens have changed").await;
    client.promise(with(&key, promise("E", ""))).await.unwrap();
    let list = proto::ListPromisesRequest { order: "E".to_string(), ..Default::default() };
    let kept = client.list(with(&key, list)).await.unwrap().into_inner();
    assert_eq!(kept.promises[0].demand_class, "key_account");
    let refused = client.promise(with(&two, promise("F", ""))).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS lines[0].demand_class=");
    // Another class is not asked for in other ways either.
    let mut availability = AvailabilityServiceClient::new(server.plain().await);
    let query = proto::Query {
        item: "HL-U509".to_string(),
        location: "PLANT".to_string(),
        quantity: 1.0,
        date: "2014-04-10".to_string(),
        demand_class: "guest".to_string(),
    };
    let quick = proto::QuickCheckRequest { queries: vec![query], ..Default::default() };
    let refused = availability.quick_check(with(&reseller, quick)).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS queries[0].demand_class=guest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promises_of_others_are_neither_seen_nor_touched() {
    let place = Place::new();
    let admin = place.token("admin", &["--role", "admin"]);
    let guest = place.token("guest", &["--role", "promise", "--customer", GUEST]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    let own = client.promise(with(&guest, promise("OWN", GUEST))).await.unwrap().into_inner();
    let other = client.promise(with(&admin, promise("OTHER", KEY))).await.unwrap().into_inner();
    let (own, other) = (own.promises[0].promise_id.clone(), other.promises[0].promise_id.clone());
    let of = |promise_id: &str| proto::GetPromiseRequest {
        promise_id: promise_id.to_string(),
        ..Default::default()
    };
    assert!(client.get(with(&guest, of(&own))).await.is_ok());
    let refused = client.get(with(&guest, of(&other))).await.unwrap_err();
    assert_eq!(told(&refused), format!("OUT_OF_BOUNDS promise_id={other}"));
    let cancel = proto::CancelRequest { promise_id: other.clone(), ..Default::default() };
    assert!(
        told(&client.cancel(with(&guest, cancel)).await.unwrap_err()).starts_with("OUT_OF_BOUNDS")
    );
    let cancel = proto::CancelRequest { order: "OTHER".to_string(), ..Default::default() };
    let refused = client.cancel(with(&guest, cancel)).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS order=OTHER");
    // A line of somebody else's order is not promised again in his place.
    let refused = client.promise(with(&guest, promise("OTHER", GUEST))).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS lines[0].order=OTHER");
    let list = |token: &str| with(token, proto::ListPromisesRequest::default());
    let all = client.list(list(&guest)).await.unwrap().into_inner();
    assert_eq!(all.promises.iter().map(|it| it.order.as_str()).collect::<Vec<_>>(), ["OWN"]);
    assert_eq!(client.list(list(&admin)).await.unwrap().into_inner().promises.len(), 2);
    assert!(
        client
            .cancel(with(&guest, proto::CancelRequest { promise_id: own, ..Default::default() }))
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_location_or_a_source_of_others_is_refused() {
    let place = Place::new();
    let here = place.token("here", &["--role", "promise", "--location", "PLANT"]);
    let there = place.token("there", &["--role", "promise", "--location", "ELSEWHERE"]);
    let erp = place.token("erp", &["--role", "load", "--source", "erp"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    client.promise(with(&here, promise("A", KEY))).await.unwrap();
    let at = proto::OrderLine { location: "PLANT".to_string(), ..line("B", KEY) };
    let check = proto::CheckAvailabilityRequest { lines: vec![at], ..Default::default() };
    let refused = client.check_availability(with(&there, check)).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS lines[0].location=PLANT");
    let mut snapshots = SnapshotServiceClient::new(server.plain().await);
    let change = |source: &str| {
        let cells = [("item", "HL-U509"), ("location", "PLANT"), ("quantity", "100")];
        let cells = cells.map(|(name, value)| (name.to_string(), value.to_string()));
        let change = proto::Change { change: "on_hand_set".to_string(), cells: cells.into() };
        proto::ApplyChangesRequest {
            changes: vec![change],
            source: source.to_string(),
            ..Default::default()
        }
    };
    snapshots.apply_changes(with(&erp, change("erp"))).await.unwrap();
    snapshots.apply_changes(with(&erp, change(""))).await.unwrap();
    let refused = snapshots.apply_changes(with(&erp, change("wms"))).await.unwrap_err();
    assert_eq!(told(&refused), "OUT_OF_BOUNDS source=wms");
    let activate = proto::ActivateRequest { snapshot_id: "x".to_string(), force: None };
    let refused = snapshots.activate(with(&erp, activate)).await.unwrap_err();
    assert_eq!(
        said(&refused),
        "PermissionDenied OUT_OF_BOUNDS",
        "a snapshot speaks for all sources"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cost_and_profit_are_for_those_who_were_granted_them() {
    let place = Place::new();
    let plain = place.token("plain", &["--role", "promise"]);
    let granted = place.token("granted", &["--role", "promise", "--economics"]);
    let admin = place.token("admin", &["--role", "admin"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    let check = || proto::CheckAvailabilityRequest {
        lines: vec![line("A", KEY)],
        pegging: true,
        alternatives: 2,
        ..Default::default()
    };
    let told = |answer: &proto::CheckAvailabilityResponse| {
        let option = answer.results[0].default_option.as_ref().unwrap();
        let leg = &option.legs[0];
        let pegs = leg.pegs.iter().any(|peg| peg.cost.is_some());
        (
            option.economics.is_some(),
            leg.cost.is_some(),
            leg.profit.is_some(),
            pegs,
            option.summary.contains("cost"),
        )
    };
    let answer = client.check_availability(with(&plain, check())).await.unwrap().into_inner();
    assert_eq!(told(&answer), (false, false, false, false, false), "{answer:?}");
    let summary = &answer.results[0].default_option.as_ref().unwrap().summary;
    assert!(summary.ends_with("on time"), "{summary}");
    for token in [&granted, &admin] {
        let answer = client.check_availability(with(token, check())).await.unwrap().into_inner();
        assert_eq!(told(&answer), (true, true, true, true, true), "{answer:?}");
    }
    client.promise(with(&granted, promise("B", KEY))).await.unwrap();
    let get = |token: &str| {
        with(token, proto::GetPromiseRequest { order: "B".to_string(), ..Default::default() })
    };
    let kept = client.get(get(&plain)).await.unwrap().into_inner().promises.remove(0);
    assert_eq!((kept.cost, kept.profit), (0.0, 0.0));
    let kept = client.get(get(&granted)).await.unwrap().into_inner().promises.remove(0);
    assert_ne!(kept.profit, 0.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shares_of_other_classes_are_left_out() {
    let place = Place::new();
    let web = place.token("web", &["--role", "read", "--class", "web"]);
    let all = place.token("all", &["--role", "read"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = AllocationServiceClient::new(server.plain().await);
    let classes = async |client: &mut AllocationServiceClient<Channel>, token: &str| {
        let request = proto::GetAllocationRequest {
            item: "BK-M82S-42".to_string(),
            location: "PLANT".to_string(),
            ..Default::default()
        };
        let answer = client.get_allocation(with(token, request)).await.unwrap().into_inner();
        format!("{answer:?}")
    };
    let seen = classes(&mut client, &all).await;
    assert!(seen.contains("key_account") && seen.contains("guest"), "{seen}");
    let seen = classes(&mut client, &web).await;
    assert!(!seen.contains("\"key_account\"") && seen.contains("guest"), "{seen}");
}
