//! A real server told by the real commands, and what its metrics say of it.

use super::push::copy;
use promised::rpc::proto::{self, snapshot_service_client::SnapshotServiceClient};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
};

fn promised(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).stdin(Stdio::null());
    command
}

/// A server that ends with the test, its address and that of its metrics.
struct Server {
    child: Child,
    url: String,
    metrics: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn address(text: &str) -> Option<String> {
    let at = text.split(|sign: char| sign.is_whitespace() || sign == '=');
    let found = at.into_iter().find(|word| word.starts_with("127.0.0.1:"));
    found.map(|word| word.trim_end_matches([':', ';']).to_string())
}

impl Server {
    fn start() -> Self {
        let arguments = ["serve", "snapshots/tiny", "--listen", "127.0.0.1:0"];
        let mut command = promised(&arguments);
        command.args(["--metrics", "127.0.0.1:0"]).env("RUST_LOG", "info").env("NO_COLOR", "1");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = format!("http://{}", address(&line).unwrap());
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
        let metrics = told.by_ref().find_map(|line| {
            let line = line.unwrap();
            line.contains("metrics are served").then(|| address(&line).unwrap())
        });
        // What it says later is read too, so that it never waits for us.
        std::thread::spawn(move || told.for_each(drop));
        Self { child, url, metrics: metrics.unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        promised(arguments).args(["--server", &self.url]).output().unwrap()
    }

    /// Who forced the last snapshot in, and why, as the server recorded it.
    fn last_forced(&self) -> (String, String) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let summary = runtime.block_on(async {
            let mut client = SnapshotServiceClient::connect(self.url.clone()).await.unwrap();
            let request = proto::GetReconciliationRequest { number: 0 };
            client.get_reconciliation(request).await.unwrap().into_inner().summary.unwrap()
        });
        (summary.forced_by, summary.forced_why)
    }

    fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(&self.metrics).unwrap();
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "no {line:?} in\n{text}");
    }
}

#[test]
fn what_is_pushed_changed_and_gone_back_to_is_told() {
    let server = Server::start();
    // The port is open before there is anything to tell.
    let is_told = |text: &String| text.contains("promised_generation 1");
    let text = std::iter::repeat_with(|| server.metrics()).find(is_told).unwrap();
    has(&text, &["promised_promises_live 0"]);
    has(&text, &["promised_table_rows{table=\"on_hand\"} 3", "promised_refresh_under_way 0"]);
    has(&text, &["promised_promises_at_risk 0", "promised_refresh_progress 0"]);
    has(&text, &["promised_snapshot_bytes_built 0", "promised_journal_position 0"]);

    let broken = copy("broken", &[("on_hand.csv", &|text| text + "NOSUCH,HAM,5\n")]);
    let path = |dir: &tempfile::TempDir| dir.path().to_str().unwrap().to_string();
    let held = server.run(&["push", &path(&broken)]);
    assert_eq!(held.status.code(), Some(1));
    let told = String::from_utf8(held.stdout).unwrap();
    assert!(told.contains("broken held in quarantine") && told.contains("on_hand row 5"), "{told}");
    let text = server.metrics();
    has(&text, &["promised_generation 1"]);
    has(&text, &["promised_refreshes_total{outcome=\"quarantined\"} 1"]);

    let next = copy(
        "next",
        &[("manifest.json", &|text| {
            text.replace('}', ",\"watermarks\":{\"erp\":\"2026-11-23T06:00:00Z\"}}")
        })],
    );
    let pushed = server.run(&["push", &path(&next)]);
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    let late = next.path().join("late.csv");
    std::fs::write(&late, "change,supply,days\nsupply_moved,PO-1,14\n").unwrap();
    assert!(server.run(&["change", late.to_str().unwrap()]).status.success());
    let text = server.metrics();
    has(&text, &["promised_generation 2", "promised_changes_since_snapshot 1"]);
    has(&text, &["promised_refreshes_total{outcome=\"activated\"} 1"]);
    assert!(text.contains("promised_source_age_seconds{source=\"erp\"}"), "{text}");
    assert!(text.contains("promised_refresh_stand_still_seconds_count 1"), "{text}");
    assert!(text.contains("promised_resident_bytes") && text.contains("promised_snapshot_bytes"));

    let empty = copy("empty", &[("supplies.csv", &|text| text.lines().next().unwrap().into())]);
    assert_eq!(server.run(&["push", &path(&empty)]).status.code(), Some(1), "a table vanished");
    has(&server.metrics(), &["promised_generation 2"]);
    let forced = server.run(&["push", &path(&empty), "--force", "all is sold", "--by", "ann"]);
    assert!(forced.status.success(), "{}", String::from_utf8_lossy(&forced.stderr));
    has(&server.metrics(), &["promised_generation 3", "promised_table_rows{table=\"supplies\"} 0"]);
    assert_eq!(server.last_forced(), ("ann".to_string(), "all is sold".to_string()));

    let back = server.run(&["push", "--activate", "tiny"]);
    assert!(back.status.success(), "{}", String::from_utf8_lossy(&back.stderr));
    has(&server.metrics(), &["promised_generation 4", "promised_changes_since_snapshot 0"]);
}
