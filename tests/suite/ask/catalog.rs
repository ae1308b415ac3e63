//! Issue 21, item 1: names, items, places, rules and why, the events of an account, capacity and who takes it.

use super::{super::rpc::told, promised};
use promised::rpc::proto;
use proto::{
    availability_service_client::AvailabilityServiceClient,
    catalog_service_client::CatalogServiceClient, get_capacity_request::Owner, hit::Kind,
};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_string()).collect()
}

#[tokio::test]
async fn things_are_found_by_a_part_of_their_name_exact_keys_first() {
    let server = promised().await;
    let mut catalog = CatalogServiceClient::new(server.channel());
    let mut find = async |text: &str, kinds: &[Kind], limit: u32| {
        let kinds = kinds.iter().map(|kind| i32::from(*kind)).collect();
        let request =
            proto::FindRequest { text: text.to_string(), kinds, limit, ..Default::default() };
        let found = catalog.find(request).await.unwrap().into_inner();
        let one = |hit: &proto::Hit| format!("{} {}", hit.kind().as_str_name(), hit.key);
        found.hits.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(find("pump", &[], 0).await, ["ITEM PUMP", "ITEM BODY"], "BODY is a pump body");
    assert_eq!(find("BE", &[], 0).await, ["RESOURCE BENCH", "LOCATION BER"]);
    assert_eq!(find("nord", &[], 0).await, ["CUSTOMER NORDWIND"]);
    assert_eq!(find("acme", &[Kind::Supplier], 0).await, ["SUPPLIER ACME"]);
    assert_eq!(find("po-", &[], 0).await, ["SUPPLY PO-1"]);
    assert_eq!(find("MAKE", &[], 0).await, ["ORDER MAKE"]);
    assert_eq!(find("pump", &[Kind::Location], 0).await, strings(&[]));
    let request = |text: &str, token: &str| proto::FindRequest {
        text: text.to_string(),
        limit: 1,
        page_token: token.to_string(),
        ..Default::default()
    };
    let first = catalog.find(request("pump", "")).await.unwrap().into_inner();
    let token = first.next_page_token;
    let second = catalog.find(request("pump", &token)).await.unwrap().into_inner();
    assert_eq!((&*first.hits[0].key, &*second.hits[0].key), ("PUMP", "BODY"));
    assert_eq!(second.next_page_token, "");
    let other = catalog.find(request("valve", &token)).await.unwrap_err();
    assert!(told(&other).starts_with("InvalidArgument INVALID_FIELDS\npage_token: "), "{other}");
    let none = catalog.find(request("", "")).await.unwrap_err();
    assert!(told(&none).contains("text: is required"));
    server.stop().await;
}

#[tokio::test]
async fn items_places_and_customers_are_told_with_what_belongs_to_them() {
    let server = promised().await;
    let mut catalog = CatalogServiceClient::new(server.channel());
    let item = proto::GetItemRequest { item: "PUMP".to_string(), ..Default::default() };
    let item = catalog.get_item(item).await.unwrap().into_inner();
    assert_eq!(
        (item.description.as_str(), item.list_price, item.unit_cost),
        ("Pump", 100.0, Some(60.0))
    );
    assert_eq!(item.locations, ["BER", "HAM"]);
    let work = &item.works[0];
    assert_eq!((&*work.work_definition, &*work.location), ("ASSEMBLE", "BER"));
    assert_eq!(
        (&work.components, &work.resources),
        (&strings(&["BODY", "SEAL"]), &strings(&["BENCH"]))
    );
    let seal = proto::GetItemRequest { item: "SEAL".to_string(), ..Default::default() };
    let seal = catalog.get_item(seal).await.unwrap().into_inner();
    assert_eq!((&*seal.offers[0].supplier, seal.offers[0].lead_time_days), ("ACME", 5));
    let place = proto::GetLocationRequest { location: "BER".to_string(), ..Default::default() };
    let place = catalog.get_location(place).await.unwrap().into_inner();
    assert_eq!(
        (&*place.name, &*place.kind, &place.resources),
        ("Plant Berlin", "plant", &strings(&["BENCH"]))
    );
    let who = proto::GetCustomerRequest { customer: "NORDWIND".to_string(), ..Default::default() };
    let who = catalog.get_customer(who).await.unwrap().into_inner();
    assert_eq!((&*who.name, &*who.zone, who.promises_live), ("Nordwind AG", "NORTH", 3));
    let nobody = proto::GetCustomerRequest { customer: "NOBODY".to_string(), ..Default::default() };
    let nobody = catalog.get_customer(nobody).await.unwrap_err();
    assert!(told(&nobody).contains("customer: \"NOBODY\" is not known to the snapshot"));
    let rules = proto::GetRulesRequest {
        item: "PUMP".to_string(),
        location: "BER".to_string(),
        customer: "NORDWIND".to_string(),
        ..Default::default()
    };
    let rules = catalog.get_rules(rules).await.unwrap().into_inner();
    let atp = rules.atp.unwrap();
    assert_eq!((&*atp.rule, &*atp.why), ("", "no ATP rule is assigned: the default rule holds"));
    assert!(rules.sourcing_local.unwrap().why.contains("makes it by every work definition"));
    assert!(
        rules.sourcing_global.unwrap().why.contains("every location that keeps or makes the item")
    );
    assert!(rules.allocation.unwrap().why.contains("everybody may take all there is"));
    server.stop().await;
}

#[tokio::test]
async fn every_event_of_an_account_is_told_with_its_document_and_the_balance_after_it() {
    let server = promised().await;
    let mut availability = AvailabilityServiceClient::new(server.channel());
    let mut events = async |item: &str, location: &str, from: &str| {
        let (item, location) = (item.to_string(), location.to_string());
        let request = proto::GetAccountRequest {
            item,
            location,
            from: from.to_string(),
            ..Default::default()
        };
        let found = availability.get_account(request).await.unwrap().into_inner();
        let one = |event: &proto::AccountEvent| {
            use proto::account_event::Document;
            let document = match &event.document {
                Some(Document::Supply(of) | Document::Demand(of) | Document::PromiseId(of)) => {
                    of.as_str()
                }
                None => "-",
            };
            let proto::AccountEvent { date, kind, quantity, balance, .. } = event;
            format!("{date} {kind} {document} {quantity} {balance}")
        };
        found.events.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(
        events("VALVE", "HAM", "").await,
        [
            "2026-11-23 on_hand - 5 5",
            "2026-11-26 promise P3 -2 3",
            "2026-11-27 sales_order SO-1/1 -3 0",
            "2026-12-01 purchase_order PO-1 20 20",
            "2026-12-01 promise P2 -4 16",
            "2026-12-01 promise P3 -4 12",
        ]
    );
    assert_eq!(
        events("VALVE", "HAM", "2026-12-01").await,
        [
            "2026-12-01 on_hand - 0 0",
            "2026-12-01 purchase_order PO-1 20 20",
            "2026-12-01 promise P2 -4 16",
            "2026-12-01 promise P3 -4 12",
        ]
    );
    assert_eq!(
        events("SEAL", "BER", "").await,
        [
            "2026-12-02 planned P4 100 100",
            "2026-12-02 promise P4 -50 50",
            "2026-12-03 promise P5 -12 38",
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn capacity_tells_who_takes_it() {
    let server = promised().await;
    let mut availability = AvailabilityServiceClient::new(server.channel());
    let request = proto::GetCapacityRequest {
        owner: Some(Owner::Resource("BENCH".to_string())),
        from: "2026-12-03".to_string(),
        days: 3,
        ..Default::default()
    };
    let found = availability.get_capacity(request).await.unwrap().into_inner();
    let day = |day: &proto::get_capacity_response::Day| {
        let takers: Vec<_> =
            day.takers.iter().map(|taker| format!("{} {}", taker.order, taker.hours)).collect();
        format!("{} {} {} {} [{}]", day.date, day.capacity, day.load, day.free, takers.join(", "))
    };
    let days: Vec<_> = found.days.iter().map(day).collect();
    assert_eq!(
        days,
        ["2026-12-03 4 2 2 [MAKE 2]", "2026-12-04 4 4 0 [MAKE 4]", "2026-12-05 4 0 4 []"]
    );
    let request = proto::GetCapacityRequest {
        owner: Some(Owner::Supplier("ACME".to_string())),
        item: "SEAL".to_string(),
        ..Default::default()
    };
    let found = availability.get_capacity(request).await.unwrap().into_inner();
    assert!(found.unlimited, "ACME has no limit a day");
    let nobody = proto::GetCapacityRequest::default();
    let nobody = availability.get_capacity(nobody).await.unwrap_err();
    assert!(told(&nobody).contains("resource: is required, or a supplier and an item"));
    server.stop().await;
}

#[tokio::test]
async fn a_promise_is_told_with_all_its_terms_so_that_amend_takes_them_back() {
    let server = promised().await;
    let line = proto::OrderLine {
        order: "TERMS".to_string(),
        item: "VALVE".to_string(),
        quantity: 2.0,
        requested_date: "2026-12-03".to_string(),
        latest_date: "2026-12-20".to_string(),
        unit_price: Some(33.5),
        split: Some(true),
        max_splits: Some(3),
        ship_set: "S1".to_string(),
        customer: "NORDWIND".to_string(),
        ..Default::default()
    };
    let request = proto::PromiseRequest { lines: vec![line.clone()], ..Default::default() };
    let made = server.promises().promise(request).await.unwrap().into_inner();
    let promise_id = made.promises[0].promise_id.clone();
    let get = proto::GetPromiseRequest { promise_id: promise_id.clone(), ..Default::default() };
    let found = server.promises().get(get).await.unwrap().into_inner();
    let terms = found.promises[0].terms.clone().unwrap();
    assert_eq!(
        (&*terms.latest_date, terms.unit_price, terms.split, terms.max_splits, &*terms.ship_set),
        ("2026-12-20", Some(33.5), Some(true), Some(3), "S1")
    );
    let amended = proto::OrderLine { quantity: 3.0, ..terms };
    let amend = proto::AmendRequest { promise_id, line: Some(amended), ..Default::default() };
    let after = server.promises().amend(amend).await.unwrap().into_inner();
    let terms = after.promise.unwrap().terms.unwrap();
    assert_eq!(
        (terms.quantity, terms.unit_price, &*terms.latest_date),
        (3.0, Some(33.5), "2026-12-20")
    );
    server.stop().await;
}
