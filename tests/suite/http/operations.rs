//! Issue 20, items 2 and 3: the operations port of a real process, its metrics, and the gRPC port while it loads.

use super::Client;
use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

/// A server that ends with the test; its lines.
struct Process {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The address in the next line, which begins so.
    fn address(&mut self, begins: &str) -> String {
        let line = self.lines.next().unwrap().unwrap();
        assert!(line.starts_with(begins), "{line}");
        let at = line.split(" on ").nth(1).unwrap();
        format!("http://{}", at.split(": ").next().unwrap())
    }
}

#[tokio::test]
async fn probes_and_metrics_have_a_port_of_their_own() {
    let mut process = Process::start(&["snapshots/tiny"]);
    let (server, admin) = (process.address("serving tiny on"), process.address("operations on"));
    // Somebody who says nothing keeps nobody waiting.
    let _silent = Client::connect(&admin).await;
    let mut probe = Client::connect(&admin).await;
    assert_eq!(probe.get("/livez").await.text(), "ok");
    let ready = probe.get("/readyz").await;
    assert_eq!((ready.status, ready.json()["ready"].as_bool()), (200, Some(true)));
    assert_eq!(probe.get("/nothing").await.status, 404);

    let metrics = probe.get("/metrics").await.text().to_string();
    for name in [
        "promised_lines_total",
        "promised_plan_seconds",
        "promised_queue_depth",
        "promised_commit_seconds",
        "promised_sync_seconds",
        "promised_replans_total",
        "promised_races_lost_total",
        "promised_plan_needs_total",
        "promised_refused_total",
        "promised_holds",
        "promised_events_lag",
        "promised_disk_free_bytes",
        "promised_build_info",
        "grpc_server_handled_total",
        "grpc_server_handling_seconds",
        "promised_snapshot_age_seconds",
    ] {
        assert!(metrics.contains(&format!("# TYPE {name} ")), "{name}\n{metrics}");
        assert!(metrics.contains(&format!("# HELP {name} ")), "{name}");
    }
    let value = |text: &str, name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
        line.unwrap_or_else(|| panic!("{name}\n{text}"))
            .rsplit(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(value(&metrics, "promised_snapshot_age_seconds") < 3_600.0, "not since 1970");
    let mut caller = Client::connect(&server).await;
    let promise = r#"{"requestId": "r", "lines": [{"order": "A", "item": "VALVE", "quantity": 4, "requestedDate": "2026-11-25"}]}"#;
    assert_eq!(caller.post("/promised.v1.PromiseService/Promise", promise).await.status, 200);
    assert_eq!(
        caller
            .post("/promised.v1.PromiseService/Promise", r#"{"lines": [{"item": 1}]}"#)
            .await
            .status,
        400
    );
    assert_eq!(
        caller.post("/promised.v1.PromiseService/Get", r#"{"promiseId": "P9"}"#).await.status,
        404
    );
    assert_eq!(caller.get("/v1/promises.csv").await.status, 200);
    let metrics = probe.get("/metrics").await.text().to_string();
    let of = |method: &str, code: &str| {
        format!(
            "grpc_server_handled_total{{grpc_service=\"promised.v1.PromiseService\",grpc_method=\"{method}\",grpc_code=\"{code}\"}}"
        )
    };
    assert_eq!(value(&metrics, &of("Promise", "OK")), 1.0);
    assert_eq!(value(&metrics, &of("Get", "NOT_FOUND")), 1.0);
    assert_eq!(
        value(&metrics, &of("List", "OK")),
        1.0,
        "resources count under the method behind them"
    );
    assert_eq!(value(&metrics, "promised_lines_total{status=\"late\"}"), 1.0);
    assert_eq!(value(&metrics, "promised_refused_total{reason=\"PROMISE_NOT_FOUND\"}"), 1.0);
    assert!(value(&metrics, "promised_sync_seconds_count") >= 1.0);
    // What no call counts is there from the start, or as soon as it has been looked for.
    assert_eq!(value(&metrics, "promised_events_lag"), 0.0);
    let hold = r#"{"requestId": "h", "commitment": "HOLD", "lines": [{"order": "H", "item": "SEAL", "quantity": 7, "requestedDate": "2026-12-04", "customer": "NORDWIND"}]}"#;
    assert_eq!(caller.post("/promised.v1.PromiseService/Promise", hold).await.status, 200);
    let metrics = loop {
        let metrics = probe.get("/metrics").await.text().to_string();
        let tells = |gauge: &str| metrics.lines().any(|line| line == gauge);
        if tells("promised_holds 1") && tells("promised_held_quantity{class=\"\"} 7") {
            break metrics;
        }
        tokio::task::yield_now().await;
    };
    for forbidden in ["VALVE", "NORDWIND", "order=", "item="] {
        assert!(!metrics.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn no_port_where_none_is_wanted_and_an_error_where_one_is_taken() {
    let mut process = Process::start(&["snapshots/tiny", "--admin", "none"]);
    let url = process.address("serving tiny on");
    let taken = url.trim_start_matches("http://").to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_promised"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["serve", "snapshots/tiny", "--listen", "127.0.0.1:0", "--admin", &taken])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot listen on"));
    process.child.kill().unwrap();
    assert!(process.lines.next().is_none(), "no operations port");
}
