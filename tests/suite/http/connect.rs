//! Issue 20, item 1: the Connect protocol: unary calls in JSON and protobuf, errors that curl can read, refusals.

use super::Client;
use crate::rpc::Server;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use promised::rpc::proto;
use prost::Message;
use serde_json::{Value, json};
use std::io::{Read, Write};

const QUICK: &str = "/promised.v1.AvailabilityService/QuickCheck";
const PROMISE: &str = "/promised.v1.PromiseService/Promise";
const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";
const VALVE: &str =
    r#"{"queries": [{"item": "VALVE", "location": "HAM", "quantity": 4, "date": "2026-11-25"}]}"#;
const LINE: &str = r#"{"requestId": "r1", "lines": [{"order": "A1", "item": "VALVE", "quantity": 4, "requestedDate": "2026-11-25", "customer": "NORDWIND"}]}"#;

async fn client() -> (Server, Client) {
    let server = Server::tiny().await;
    let client = Client::connect(&server.url).await;
    (server, client)
}

#[tokio::test]
async fn a_question_in_json_is_answered_in_json() {
    let (server, mut client) = client().await;
    let answer = client.post(QUICK, VALVE).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let json = answer.json();
    assert_eq!(json["answers"][0]["earliestDate"], "2026-12-01", "{json}");
    assert_eq!(json["version"]["snapshotId"], "tiny");
    // snake_case is read as well, and the connection is kept.
    let snake = r#"{"request_id": "r0", "lines": [{"order": "S", "item": "PUMP", "quantity": "1", "requested_date": "2026-11-25"}]}"#;
    let answer = client.post(PROMISE, snake).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["promises"][0]["promiseId"], "P1");
    server.stop().await;
}

#[tokio::test]
async fn a_promise_over_http_is_the_same_as_over_grpc() {
    let (server, mut client) = client().await;
    let first = client.post(PROMISE, LINE).await.json();
    assert_eq!(first["promises"][0]["result"]["status"], "LATE", "{first}");
    let again = client.post(PROMISE, LINE).await.json();
    assert_eq!(
        first["promises"][0]["promiseId"], again["promises"][0]["promiseId"],
        "a repeated request id"
    );
    let kept = proto::GetPromiseRequest { order: "A1".to_string(), ..Default::default() };
    let kept = server.promises().get(kept).await.unwrap().into_inner();
    assert_eq!(kept.promises[0].promise_id, first["promises"][0]["promiseId"].as_str().unwrap());
    server.stop().await;
}

#[tokio::test]
async fn protobuf_goes_as_well() {
    let (server, mut client) = client().await;
    let query = proto::Query {
        item: "VALVE".into(),
        location: "HAM".into(),
        quantity: 4.0,
        ..Default::default()
    };
    let asked = proto::QuickCheckRequest { queries: vec![query], ..Default::default() };
    let headers = [("content-type", "application/proto")];
    let answer = client.ask("POST", QUICK, &headers, &asked.encode_to_vec()).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/proto"));
    let told = proto::QuickCheckResponse::decode(&*answer.body).unwrap();
    assert_eq!(told.answers.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn errors_are_connects_and_can_be_read() {
    let (server, mut client) = client().await;
    let bad = r#"{"lines": [{"order": "A", "item": "NOWHERE", "quantity": -1, "requestedDate": "soon"}]}"#;
    let answer = client.post(CHECK, bad).await;
    assert_eq!(answer.status, 400);
    let json = answer.json();
    assert_eq!(json["code"], "invalid_argument");
    let detail = |kind: &str| -> Value {
        let details = json["details"].as_array().unwrap().clone();
        details.into_iter().find(|detail| detail["type"] == kind).unwrap_or_default()
    };
    let bad = detail("google.rpc.BadRequest");
    let fields: Vec<_> = bad["debug"]["fieldViolations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["field"])
        .collect();
    assert!(fields.contains(&&json!("lines[0].quantity")), "{json}");
    assert_eq!(detail("google.rpc.ErrorInfo")["debug"]["reason"], "INVALID_FIELDS");
    assert!(!bad["value"].as_str().unwrap().is_empty());

    let unknown = client.post(CHECK, r#"{"lines": [{"quantty": 1}]}"#).await;
    assert_eq!(
        unknown.error(),
        "400 invalid_argument: lines[0].quantty: is no field of OrderLine; did you mean quantity?"
    );
    let missing = client.post("/promised.v1.PromiseService/Get", r#"{"promiseId": "P99"}"#).await;
    assert_eq!((missing.status, missing.json()["code"].clone()), (404, json!("not_found")));
    for (broken, words) in [("{", "is no JSON"), ("", "the body is empty"), ("[1]", "is no JSON")] {
        let told = client.post(CHECK, broken).await.error();
        assert!(told.starts_with("400 invalid_argument") && told.contains(words), "{told}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_there_is_not_is_told_by_status() {
    let (server, mut client) = client().await;
    let answer = client.post("/promised.v1.PromiseService/Nothing", "{}").await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("unimplemented")));
    let answer = client.get(QUICK).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/connect+json", ""]
    {
        let answer = client.ask("POST", QUICK, &[("content-type", kind)], b"{}").await;
        assert_eq!(answer.status, 415, "{kind}: {}", answer.text());
        assert_eq!(answer.header("accept-post"), "application/json, application/proto");
    }
    for (path, instead) in [
        ("/promised.v1.PromiseService/PromiseStream", "/promised.v1.PromiseService/Promise"),
        ("/promised.v1.SnapshotService/Push", "POST /v1/snapshots"),
        ("/promised.v1.AdminService/Backup", "promised backup DIR"),
    ] {
        let answer = client.post(path, "{}").await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (415, json!("unimplemented")));
        assert!(answer.text().contains(instead), "{}", answer.text());
        assert_eq!(client.get(path).await.status, 405);
    }
    let answer = client.ask("POST", QUICK, &[("content-type", "application/grpc")], b"").await;
    assert_eq!(answer.status, 505);
    server.stop().await;
}

#[tokio::test]
async fn the_root_leads_to_the_console_and_strangers_names_nowhere() {
    let (server, mut client) = client().await;
    let answer = client.get("/").await;
    assert_eq!((answer.status, answer.header("location")), (302, "console/"));
    for host in ["evil.example", "evil.example:80"] {
        let answer = client.ask("GET", "/", &[("host", host)], b"").await;
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (403, json!("permission_denied"))
        );
    }
    let own = [("host", "localhost:1"), ("content-type", "application/json")];
    assert_eq!(client.ask("POST", QUICK, &own, VALVE.as_bytes()).await.status, 200);
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
    assert_eq!(client.ask("POST", QUICK, &foreign, VALVE.as_bytes()).await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn packed_requests_and_answers() {
    let (server, mut client) = client().await;
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(VALVE.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let json = ("content-type", "application/json");
    let answer = client.ask("POST", QUICK, &[json, ("content-encoding", "gzip")], &packed).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = client.ask("POST", QUICK, &[json, ("content-encoding", "br")], &packed).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (501, json!("unimplemented")));
    // A thousand answers are long enough to be packed.
    let query = r#"{"item": "VALVE", "location": "HAM", "quantity": 4}"#;
    let asked = format!(r#"{{"queries": [{}]}}"#, vec![query; 1_000].join(","));
    let answer = client
        .ask("POST", QUICK, &[json, ("accept-encoding", "br, gzip;q=0.5")], asked.as_bytes())
        .await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(&*answer.body).read_to_string(&mut text).unwrap();
    assert!(text.starts_with(r#"{"answers":[{"available":"#), "{text:.100}");
    let plain = client.ask("POST", QUICK, &[json], asked.as_bytes()).await;
    assert_eq!(plain.text(), text);
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_is_kept_and_one_that_is_no_number_refused() {
    let (server, mut client) = client().await;
    let with = |timeout| [("content-type", "application/json"), ("connect-timeout-ms", timeout)];
    assert_eq!(client.ask("POST", QUICK, &with("5000"), VALVE.as_bytes()).await.status, 200);
    let late = client.ask("POST", QUICK, &with("0"), VALVE.as_bytes()).await;
    assert!([200, 504].contains(&late.status), "{}", late.text());
    let bad = client.ask("POST", QUICK, &with("soon"), VALVE.as_bytes()).await;
    assert_eq!(bad.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn health_is_asked_in_json_too() {
    let (server, mut client) = client().await;
    let answer = client.post("/grpc.health.v1.Health/Check", "{}").await;
    assert_eq!((answer.status, answer.text()), (200, r#"{"status":"SERVING"}"#));
    server.stop().await;
}

/// Health's `Watch` is the one stream of answers that every build has.
#[tokio::test]
async fn streams_are_lines_or_envelopes() {
    let (server, mut client) = client().await;
    let watch = "/grpc.health.v1.Health/Watch";
    let request = |kind: &str, accept: &str, body: &[u8]| {
        let head = format!(
            "POST {watch} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\naccept: {accept}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    client.send(&request("application/json", "application/x-ndjson", b"{}")).await;
    let head = client.head().await;
    assert_eq!((head.status, head.header("content-type")), (200, "application/x-ndjson"));
    assert_eq!(client.chunk().await, b"{\"status\":\"SERVING\"}\n");

    let mut other = Client::connect(&server.url).await;
    other.send(&request("application/connect+json", "*/*", b"\0\0\0\0\x02{}")).await;
    assert_eq!(other.head().await.header("content-type"), "application/connect+json");
    assert_eq!(other.chunk().await, b"\0\0\0\0\x14{\"status\":\"SERVING\"}");

    let mut third = Client::connect(&server.url).await;
    let refused = third.post(watch, "{}").await;
    assert_eq!(refused.status, 415);
    assert!(refused.text().contains("application/x-ndjson"), "{}", refused.text());
    // The end of the server is the last line of one and the last envelope of the other.
    let stopped = tokio::spawn(server.stop());
    let status = client.chunk().await;
    assert_eq!(status, b"{\"status\":\"NOT_SERVING\"}\n");
    let last = client.chunk().await;
    let last: Value = serde_json::from_slice(&last).unwrap();
    assert_eq!(last["error"]["code"], "unavailable", "{last}");
    assert!(client.chunk().await.is_empty());
    other.chunk().await;
    let last = other.chunk().await;
    assert_eq!(last[0], 2);
    let last: Value = serde_json::from_slice(&last[5..]).unwrap();
    assert_eq!(last["error"]["code"], "unavailable", "{last}");
    drop((client, other, third));
    stopped.await.unwrap();
}

/// Issue 20, item 4: the status of a line that could not be read has its details in JSON, by their types.
#[tokio::test]
async fn a_faulty_line_has_its_status_in_json() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let promise = r#"{"requestId": "r", "bestEffort": true, "lines": [
        {"order": "A", "item": "SEAL", "quantity": -1, "requestedDate": "2026-12-04"},
        {"order": "B", "item": "SEAL", "quantity": 1, "requestedDate": "2026-12-04"}]}"#;
    let answer = client.post("/promised.v1.PromiseService/Promise", promise).await.json();
    let status = &answer["promises"][0]["status"];
    assert_eq!(
        (&status["code"], &status["message"]),
        (&3.into(), &answer["promises"][0]["error"]["message"])
    );
    let kinds: Vec<_> = status["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["@type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["type.googleapis.com/google.rpc.ErrorInfo", "type.googleapis.com/google.rpc.BadRequest"]
    );
    assert_eq!(status["details"][1]["fieldViolations"][0]["field"], "quantity");
    server.stop().await;
}
