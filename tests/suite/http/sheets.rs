//! Issue 20, item 1: `GET /v1/...` as CSV and JSON.

use super::Client;
use crate::rpc::Server;

const LINES: &str = r#"{"requestId": "r1", "lines": [
  {"order": "A1", "item": "VALVE", "quantity": 4, "requestedDate": "2026-11-25", "customer": "NORDWIND"},
  {"order": "A2", "item": "VALVE", "quantity": 1, "requestedDate": "2026-11-25"}]}"#;

async fn client() -> (Server, Client) {
    let server = Server::tiny().await;
    let client = Client::connect(&server.url).await;
    (server, client)
}

#[tokio::test]
async fn availability_is_a_row_a_day() {
    let (server, mut client) = client().await;
    let answer =
        client.get("/v1/availability.csv?item=VALVE&location=HAM&from=2026-11-30&days=2").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/csv; charset=utf-8"),
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.text(),
        "item,location,date,supply,demand,balance,available\n\
         VALVE,HAM,2026-11-30,0,0,2,2\n\
         VALVE,HAM,2026-12-01,20,0,22,22\n"
    );
    assert_eq!(
        (answer.header("promised-snapshot"), answer.header("promised-position")),
        ("tiny", "0")
    );
    let json = client
        .get("/v1/availability.json?item=VALVE&location=HAM&from=2026-12-01&days=1")
        .await
        .json();
    assert_eq!(json[0]["available"], 22);
    assert_eq!(json[0]["date"], "2026-12-01");
    let excel = client
        .get("/v1/availability.csv?item=VALVE&location=HAM&days=1&excel=1&separator=%3B")
        .await;
    assert!(excel.text().starts_with("\u{feff}item;location;date"), "{}", excel.text());
    server.stop().await;
}

#[tokio::test]
async fn a_quick_question_is_one_row() {
    let (server, mut client) = client().await;
    let answer =
        client.get("/v1/quick-check.csv?item=VALVE&location=HAM&quantity=4&date=2026-11-25").await;
    assert_eq!(
        answer.text(),
        "item,location,quantity,date,available,earliest_date\nVALVE,HAM,4,2026-11-25,2,2026-12-01\n"
    );
    let json = client.get("/v1/quick-check?item=VALVE&location=HAM&quantity=4").await.json();
    assert_eq!(json[0]["earliest_date"], "2026-12-01");
    assert_eq!(json[0].get("date"), None, "empty cells are left out");
    server.stop().await;
}

#[tokio::test]
async fn promises_are_a_row_a_leg_and_all_of_them() {
    let (server, mut client) = client().await;
    assert_eq!(client.post("/promised.v1.PromiseService/Promise", LINES).await.status, 200);
    let answer = client.get("/v1/promises.csv").await;
    let mut rows = answer.text().lines();
    let header: Vec<_> = rows.next().unwrap().split(',').collect();
    assert_eq!(header[..4], ["order", "line", "status", "option"]);
    assert_eq!(
        header[16..],
        [
            "reason",
            "promise_id",
            "state",
            "customer",
            "demand_class",
            "requested_date",
            "date_type",
            "quantity_requested",
            "unit_price",
            "held_until",
            "at_risk",
            "created_at",
        ]
    );
    let first: Vec<_> = rows.next().unwrap().split(',').collect();
    assert_eq!(first[..9], ["A1", "1", "late", "0", "1", "VALVE", "HAM", "standard", "4"]);
    assert_eq!(first[17..20], ["P1", "confirmed", "NORDWIND"]);
    assert_eq!(rows.count(), 1);
    let json = client.get("/v1/promises.json?order=A2").await.json();
    assert_eq!((json.as_array().unwrap().len(), &json[0]["at_risk"]), (1, &false.into()));
    let none = client.get("/v1/promises.json?state=cancelled").await;
    assert_eq!(none.json(), serde_json::json!([]));
    server.stop().await;
}

#[tokio::test]
async fn more_rows_than_a_page_all_come() {
    let much = |_: String| "item,location,quantity\nVALVE,HAM,100000\n".to_string();
    let tables = crate::push::copy("tiny-much", &[("on_hand.csv", &much)]);
    let server = Server::start(tables.path(), promised::engine::Config::new()).await;
    let mut client = Client::connect(&server.url).await;
    for batch in 0..3 {
        let line = |n: usize| {
            format!(
                r#"{{"order": "B{batch}-{n}", "item": "VALVE", "quantity": 1, "requestedDate": "2026-12-02"}}"#
            )
        };
        let lines: Vec<_> = (0..700).map(line).collect();
        let body = format!(r#"{{"requestId": "b{batch}", "lines": [{}]}}"#, lines.join(","));
        assert_eq!(client.post("/promised.v1.PromiseService/Promise", &body).await.status, 200);
    }
    assert_eq!(client.get("/v1/promises.csv").await.text().lines().count(), 1 + 2_100);
    assert_eq!(client.get("/v1/promises.json").await.json().as_array().unwrap().len(), 2_100);
    server.stop().await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let (server, mut client) = client().await;
    for (path, want) in [
        (
            "/v1/availability.csv?itm=VALVE",
            "400 invalid_argument: itm: is no parameter here; there are item, location, class, from, days, scenario",
        ),
        ("/v1/availability.csv", "400 invalid_argument: item: is required"),
        (
            "/v1/availability.csv?item=NOTHING",
            "400 invalid_argument: item: \"NOTHING\" is not known to the snapshot",
        ),
        (
            "/v1/availability.csv?item=VALVE&days=many",
            "400 invalid_argument: days: \"many\" is not a whole number",
        ),
        ("/v1/promises.csv?state=sold", "400 invalid_argument: states[0]: \"SOLD\" is not one of"),
        ("/v1/promises.csv?page_size=3", "400 invalid_argument: page_size: is no parameter here"),
        ("/v1/promises.csv?scenario=S1-1", "404 not_found: scenario \"S1-1\""),
        ("/v1/availability.csv?item=VALVE&separator=x", "400 invalid_argument: separator"),
        ("/v1/nothing.csv", "404 not_found: there is no \"nothing\"; there are"),
    ] {
        let told = client.get(path).await.error();
        assert!(told.starts_with(want), "{path}: {told}");
    }
    let answer = client.post("/v1/promises.csv", "{}").await;
    assert_eq!(answer.status, 405);
    server.stop().await;
}
