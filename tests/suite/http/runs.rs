//! Issue 20, item 5: long work tells how far it is, stops when it is told to or when nobody waits for it any more, and
//! leaves its result where it is found again; over HTTP, and by the command line of the real binary.

use super::{Answer, Client, commands::Server as Process};
use crate::rpc::Server;
use serde_json::{Value, json};

const NDJSON: &[(&str, &str)] =
    &[("content-type", "application/json"), ("accept", "application/x-ndjson")];

/// The messages of a stream.
async fn stream(client: &mut Client, path: &str, body: &Value) -> Vec<Value> {
    let answer = client.ask("POST", path, NDJSON, body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    client.post(path, &body.to_string()).await
}

/// Eleven orders that all want of the same few valves.
async fn ordered(client: &mut Client) {
    for n in 0..11 {
        let promise = json!({
            "requestId": format!("r{n}"),
            "lines": [{
                "order": format!("O-{n}"), "item": "VALVE", "quantity": 1 + n % 3,
                "requestedDate": "2026-11-25", "customer": "NORDWIND", "unitPrice": 10 + n,
            }],
        });
        let promised = post(client, "/promised.v1.PromiseService/Promise", &promise).await;
        assert_eq!(promised.status, 200, "{}", promised.text());
    }
}

async fn server() -> (Server, Client) {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    ordered(&mut client).await;
    (server, client)
}

async fn runs(client: &mut Client) -> Vec<Value> {
    let listed = post(client, "/promised.v1.BacklogService/ListRuns", &json!({})).await;
    listed.json()["runs"].as_array().cloned().unwrap_or_default()
}

/// A run that takes a minute if nobody stops it: its id, and the connection on which it is waited for.
async fn long_run(server: &Server) -> (String, Client) {
    let mut waiting = Client::connect(&server.url).await;
    let body = r#"{"mostValueSeconds": 60}"#;
    let head = format!(
        "POST /promised.v1.BacklogService/RunStream HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         accept: application/x-ndjson\r\ncontent-length: {}\r\n\r\n{body}",
        server.url.trim_start_matches("http://"),
        body.len()
    );
    waiting.send(head.as_bytes()).await;
    assert_eq!(waiting.head().await.status, 200);
    let first: Value = serde_json::from_slice(&waiting.chunk().await).unwrap();
    (first["runId"].as_str().unwrap().to_string(), waiting)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_tells_how_far_it_is_and_its_result_waits() {
    let (server, mut client) = server().await;
    let told = stream(
        &mut client,
        "/promised.v1.BacklogService/RunStream",
        &json!({ "sequence": "-value" }),
    )
    .await;
    let last = told.last().unwrap();
    assert_eq!((&last["lines"], &last["linesDone"]), (&json!(11), &json!(11)), "{last}");
    let id = last["result"]["runId"].as_str().unwrap();
    assert!(told.iter().all(|one| one["runId"] == id), "each message names the run");
    assert!(told[..told.len() - 1].iter().all(|one| one["result"].is_null()));
    // The unary call is a run like it.
    let sequence = json!({ "sequence": "-value" });
    let unary = post(&mut client, "/promised.v1.BacklogService/Run", &sequence).await.json();
    assert_eq!(unary["compared"], last["result"]["compared"]);
    let runs = runs(&mut client).await;
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[1]["runId"], id, "the newest comes first");
    let state = |run: &Value| run["state"].as_str().unwrap().to_string();
    assert_eq!(runs.iter().map(state).collect::<Vec<_>>(), ["DONE", "DONE"]);
    assert_eq!((&runs[1]["lines"], &runs[1]["done"]), (&json!(11), &json!(11)));
    assert_eq!(runs[1]["after"], last["result"]["compared"]["after"]);
    let again = json!({ "runId": id });
    let again = post(&mut client, "/promised.v1.BacklogService/GetRun", &again).await;
    assert_eq!(again.json()["winners"], last["result"]["compared"]["winners"]);
    let applied = json!({ "scenarioId": id, "requestId": "apply" });
    let applied = post(&mut client, "/promised.v1.BacklogService/Apply", &applied).await;
    assert_eq!(applied.json()["applied"], true, "{}", applied.text());
    let live = &self::runs(&mut client).await[1];
    assert_eq!(
        (&live["state"], &live["appliedAt"]),
        (&json!("APPLIED"), &applied.json()["sequence"])
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_stopped_and_whoever_waits_for_it_hears_so() {
    let (server, mut client) = server().await;
    let (id, mut waiting) = long_run(&server).await;
    assert_eq!(runs(&mut client).await[0]["state"], "RUNNING");
    let cancel = json!({ "runId": id });
    let run = post(&mut client, "/promised.v1.BacklogService/CancelRun", &cancel).await.json();
    assert_eq!(run["run"]["state"], "CANCELLED");
    let last = loop {
        let chunk = waiting.chunk().await;
        let text = String::from_utf8(chunk).unwrap();
        if let Some(line) = text.lines().find(|line| line.contains("\"error\"")) {
            break serde_json::from_str::<Value>(line).unwrap();
        }
        assert!(!text.is_empty(), "the stream ended without a word");
    };
    assert_eq!(last["error"]["code"], "canceled", "{last}");
    let scenario = json!({ "scenarioId": id });
    let scenario = post(&mut client, "/promised.v1.ScenarioService/Get", &scenario).await.json();
    assert!(scenario["promisesChanged"].is_null(), "it is as it was before: {scenario}");
    // Once more says the same; what there is not is not found.
    let run = post(&mut client, "/promised.v1.BacklogService/CancelRun", &cancel).await.json();
    assert_eq!(run["run"]["state"], "CANCELLED");
    let unknown = json!({ "runId": "S9-9" });
    let unknown = post(&mut client, "/promised.v1.BacklogService/CancelRun", &unknown).await;
    assert!(unknown.error().starts_with("404 not_found: no run \"S9-9\""), "{}", unknown.error());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_stops_where_its_caller_has_gone() {
    let (server, mut client) = server().await;
    let (id, waiting) = long_run(&server).await;
    drop(waiting);
    let gone = loop {
        let run = runs(&mut client).await.remove(0);
        if run["state"] != "RUNNING" {
            break run;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((gone["runId"].as_str(), gone["state"].as_str()), (Some(&*id), Some("GONE")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comparison_tells_how_far_it_is() {
    let (server, mut client) = server().await;
    let sequence = json!({ "sequence": "-value" });
    let ran = post(&mut client, "/promised.v1.BacklogService/Run", &sequence).await;
    let id = ran.json()["runId"].as_str().unwrap().to_string();
    let asked = json!({ "scenarioId": id });
    let told = stream(&mut client, "/promised.v1.ScenarioService/CompareStream", &asked).await;
    let last = told.last().unwrap();
    assert_eq!((&last["lines"], &last["linesDone"]), (&json!(11), &json!(11)), "{last}");
    let unary = post(&mut client, "/promised.v1.ScenarioService/Compare", &asked).await.json();
    assert_eq!(last["result"], unary);
    assert_eq!(unary["currency"], "EUR");
    let unknown = json!({ "scenarioId": "S9-9" }).to_string();
    let path = "/promised.v1.ScenarioService/CompareStream";
    let refused = client.ask("POST", path, NDJSON, unknown.as_bytes()).await;
    assert!(refused.error().starts_with("404 not_found: "), "{}", refused.error());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parameter_is_varied_value_by_value() {
    let (server, mut client) = server().await;
    let vary = "/promised.v1.ScenarioService/Vary";
    let asked = json!({ "parameter": "supply:PO-1:-7d..+14d:7", "run": {}, "by": "customer" });
    let told = stream(&mut client, vary, &asked).await;
    let values: Vec<_> = told.iter().map(|one| one["value"].as_str().unwrap_or("0")).collect();
    assert_eq!(values, ["-7", "0", "7", "14"]);
    let done: Vec<_> = told.iter().map(|one| one["valuesDone"].as_u64().unwrap()).collect();
    assert_eq!((done, &told[0]["values"]), (vec![1, 2, 3, 4], &json!(4)));
    let late = |one: &Value| one["figures"]["daysLateMax"].as_i64().unwrap_or(0);
    let late: Vec<_> = told.iter().map(late).collect();
    assert!(
        late.is_sorted() && late[0] < late[3],
        "the later it comes the later they are: {late:?}"
    );
    assert_eq!(told[0]["by"]["NORDWIND"], told[0]["figures"]);
    assert_eq!(told[0]["currency"], "EUR");
    // What is promised stands where no run is asked for, and is at risk; lines are promised on top.
    let line =
        json!({ "order": "NEW", "item": "SEAL", "quantity": 5, "requestedDate": "2026-12-04" });
    let asked = json!({ "parameter": "supply:PO-1:0..14:14", "lines": [line] });
    let told = stream(&mut client, vary, &asked).await;
    assert_eq!(told[1]["figures"]["lines"], "12");
    assert!(told[0]["figures"]["atRisk"].is_null(), "{}", told[0]);
    assert!(told[1]["figures"]["atRisk"].as_str().is_some(), "{}", told[1]);
    // Faults are named, each.
    #[rustfmt::skip]
    let faulty = [
        (json!({ "parameter": "colour:A:0..1" }), "parameter: one of supply, on_hand"),
        (json!({ "parameter": "supply:PO-9:0..1" }), "parameter: "),
        (json!({ "parameter": "supply:PO-1:0..1", "by": "colour" }), "by: one of demand_class"),
        (json!({ "parameter": "supply:PO-1:0..1", "run": { "apply": true } }), "run.apply: is not to be given here"),
        (json!({ "parameter": "supply:PO-1:0..1", "run": { "filter": "item=NOTHING" } }), "filter: \"NOTHING\" is no item"),
        (json!({ "parameter": "supply:PO-1:0..1", "lines": [{ "order": "A", "item": "NOTHING", "quantity": 1, "requestedDate": "2026-12-04" }] }), "lines[0].item: "),
    ];
    for (asked, want) in faulty {
        let refused = client.ask("POST", vary, NDJSON, asked.to_string().as_bytes()).await;
        let error = refused.error();
        assert!(error.starts_with(&format!("400 invalid_argument: {want}")), "{asked}: {error}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_tells_its_changes_and_an_export_how_far_it_is() {
    let (server, mut client) = server().await;
    let named = json!({ "name": "x" });
    let made = post(&mut client, "/promised.v1.ScenarioService/Create", &named).await;
    let id = made.json()["scenarioId"].as_str().unwrap().to_string();
    let change = json!({ "change": "supply_moved", "cells": { "supply": "PO-1", "days": "3" } });
    let changes = json!({ "scenarioId": id, "changes": [change] });
    post(&mut client, "/promised.v1.ScenarioService/Change", &changes).await;
    let asked = json!({ "scenarioId": id });
    let found = post(&mut client, "/promised.v1.ScenarioService/Get", &asked).await.json();
    assert_eq!(found["changesMade"], json!([change]), "{found}");
    assert_eq!(found["changes"], 1);
    let told = stream(&mut client, "/promised.v1.AnalyticsService/Export", &json!({})).await;
    let last = told.last().unwrap();
    assert_eq!((&last["promises"], &last["promisesDone"]), (&json!("11"), &json!("11")));
    server.stop().await;
}

const CONFIG: &str = "\
[[run]]
name = \"night\"
at = \"02:00\"
sequence = \"-value\"
strategies = [\"win:item=VALVE quantity>=3\"]
apply = \"if_better\"

[[run]]
name = \"plain\"
";

#[test]
fn saved_runs_are_run_by_name_and_their_results_wait() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("promised.toml");
    std::fs::write(&config, CONFIG).unwrap();
    let server = Process::start_with(&["--config", config.to_str().unwrap()]);
    for n in 0..8 {
        server.says(&format!(
            "hold VALVE {} 2026-11-25 --order O-{n} --customer NORDWIND",
            1 + n % 3
        ));
    }
    server.says("confirm O-0");
    let url = server.url.clone();
    let ran = server.says(&format!("backlog --server {url} --saved night --format json"));
    assert!(ran.contains("\"before\""), "{ran}");
    let runs = server.says(&format!("backlog --server {url} --runs --format csv"));
    let row = runs.lines().nth(1).unwrap();
    assert!(row.contains(",night,") && row.contains(",done,"), "{runs}");
    let shown = server.says(&format!("backlog --server {url} --runs"));
    assert!(shown.contains("night  02:00") && shown.contains("T02:00:00Z  if_better"), "{shown}");
    let run_id = row.split(',').next().unwrap();
    let stopped = server.says(&format!("backlog --server {url} --stop {run_id} --format csv"));
    assert!(stopped.contains(",done,"), "what is done stays done: {stopped}");
    // What is run stands in the configuration, and there alone.
    let why = server.fails(&format!("backlog --server {url} --saved morning"), 1);
    assert!(
        why.contains("\"morning\" is no run of the server's configuration; it names night, plain"),
        "{why}"
    );
    let why = server.fails(&format!("backlog --server {url} --saved plain --sequence -value"), 1);
    assert!(why.contains("sequence: is not to be given with saved"), "{why}");
    // The command line varies and compares on a server too, and exports.
    let varied =
        server.says(&format!("simulate --server {url} --vary supply:PO-1:0..14:7 --format csv"));
    assert_eq!(varied.lines().count(), 4, "{varied}");
    assert!(varied.starts_with("days later,lines,on time %"), "{varied}");
    let file = dir.path().join("promises.csv");
    server.says(&format!("export {}", file.to_str().unwrap()));
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 9);
}

#[test]
fn a_faulty_saved_run_is_told_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("promised.toml");
    let faulty =
        CONFIG.replace("02:00", "25:00").replace("\"plain\"", "\"plain\"\nfilter = \"colour=red\"");
    std::fs::write(&config, faulty).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_promised"))
        .args(["config", "check", "--config", config.to_str().unwrap()])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let lines: Vec<_> =
        told.lines().map(|line| line.rsplit_once("promised.toml").unwrap().1).collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with(":1: at: \"25:00\" is no time of the day"), "{told}");
    assert!(lines[1].starts_with(":8: filter: \"colour\": one of order"), "{told}");
}
