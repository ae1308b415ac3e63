//! Issue 21 on the command line, against a server process.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

/// A server of its own with the orders of tiny promised; it ends with the test.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start() -> Self {
        let mut child = command(&["serve", "snapshots/tiny", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.as_mut().unwrap();
        let mut out = BufReader::new(out);
        while !line.contains(" on 127.0.0.1:") || !line.starts_with("serving") {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it says where it serves");
        }
        let address = line.split(' ').nth(3).unwrap().trim_end_matches([':', '\n']);
        let server = Self { child, url: format!("http://{address}") };
        let orders = "snapshots/tiny/orders.csv";
        let promise = ["promise", "snapshots/tiny", orders, "--server", &server.url];
        assert!(command(&promise).output().unwrap().status.success());
        server
    }

    fn ask(&self, arguments: &[&str]) -> String {
        let mut all = arguments.to_vec();
        all.extend(["--server", &self.url]);
        out(&command(&all).output().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command.env_remove("NO_COLOR").env_remove("RUST_LOG").env_remove("PROMISED_SERVER");
    command.stdin(Stdio::null());
    command
}

fn out(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn exceptions_figures_events_and_files_on_the_command_line() {
    let server = Process::start();
    assert_eq!(
        server.ask(&["late", "--by", "supply", "--format", "csv"]),
        "supply,count,promises,value\nPO-1,2,2,240\n"
    );
    let csv =
        server.ask(&["exceptions", "--kind", "late", "--order-by", "days", "--format", "csv"]);
    let rows: Vec<_> = csv.lines().collect();
    assert!(
        rows[0].starts_with(
            "exception_id,kind,level,subject,since,cause,order,line,promise_id,customer"
        )
    );
    assert!(
        rows[1].starts_with("late/P2,late,medium,P2,")
            && rows[1].contains(",LATE,1,P2,NORDWIND,VALVE,HAM,PO-1,"),
        "{}",
        rows[1]
    );
    let seen = server.ask(&[
        "exceptions",
        "--acknowledge",
        "late/P2",
        "--as",
        "anna",
        "--note",
        "told",
        "--format",
        "json",
    ]);
    assert!(seen.contains("\"by\": \"anna\""), "{seen}");
    let figures =
        server.ask(&["figures", "--measures", "value,lines", "--by", "item", "--format", "csv"]);
    assert_eq!(figures, "item,value,lines\nPUMP,800,2\nVALVE,300,2\nSEAL,100,1\n");
    let json = server.ask(&["figures", "--by", "item", "--top", "1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rows"][0]["keys"][0], "PUMP");
    let events = server.ask(&["watch", "--from", "0", "--until", "2", "--format", "json"]);
    let first: serde_json::Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    assert_eq!((&first["type"], &first["subject"]), (&"promise.made".into(), &"P1".into()));
    let check = server.ask(&["check", "VALVE", "20", "2026-12-01"]);
    assert!(check.starts_with("unavailable\nat most 12 by 2026-12-01\n"), "{check}");
    let file = tempfile::tempdir().unwrap();
    let path = file.path().join("promises.csv");
    server.ask(&["export", path.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 1 + 6);
}

#[test]
fn check_answers_from_a_snapshot_too() {
    let asked = ["check", "VALVE", "4", "2026-11-25", "--snapshot", "snapshots/tiny"];
    let text = out(&command(&asked).output().unwrap());
    assert!(
        text.starts_with("late: ships 2026-12-01, 6 days late\nat most 2 by 2026-11-25\n"),
        "{text}"
    );
    let json = out(&command(&[&asked[..], &["--format", "json"]].concat()).output().unwrap());
    assert!(json.contains("\"mostByRequestedDate\": 2.0"), "{json}");
    let unknown = ["check", "NOTHING", "4", "2026-11-25", "--snapshot", "snapshots/tiny"];
    let unknown = command(&unknown).output().unwrap();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("NOTHING"));
}
