//! `promised load` against a server of its own: all kinds of calls are answered, none is lost count of.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

fn promised(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).stdin(Stdio::null());
    command
}

/// A server that ends with the test.
struct Server(Child, String);

impl Server {
    fn start() -> Self {
        let mut command = promised(&["serve", "snapshots/tiny", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.split_whitespace().find(|word| word.starts_with("127.0.0.1:")).unwrap();
        Self(child, format!("http://{}", at.trim_end_matches(':')))
    }

    fn load(&self, arguments: &str) -> Output {
        let mut all = vec!["load", "snapshots/tiny", "--server", &self.1, "--format", "csv"];
        all.extend(["--seconds", "1", "--warm-up", "0"]);
        all.extend(arguments.split_whitespace());
        promised(&all).output().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Method, calls, failed, given up.
fn rows(output: &Output) -> Vec<(String, u64, u64, u64)> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let row = |row: csv::StringRecord| {
        let number = |name: &str| row[column(name)].parse().unwrap();
        (row[0].to_string(), number("calls"), number("failed"), number("given_up"))
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn a_closed_loop_of_every_kind_is_answered_without_a_failure() {
    let server = Server::start();
    let mix =
        "--mix quick=1,check=1,promise=1,stream=1,cancel=1 --clients 4 --connections 2 --batch 2";
    let rows = rows(&server.load(&format!("{mix} --in-flight 2 --skew 1")));
    let methods: Vec<_> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(
        methods,
        ["QuickCheck", "CheckAvailability", "Promise", "PromiseStream", "Cancel"],
        "{rows:?}"
    );
    assert!(rows.iter().all(|row| 0 < row.1 && row.2 == 0 && row.3 == 0), "{rows:?}");
}

#[test]
fn an_open_loop_accounts_for_every_call_that_was_due() {
    let server = Server::start();
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).display().to_string();
    let output = server.load(&format!(
        "--rate 300 --clients 3 --csv {} --plot {}",
        file("latency.csv"),
        file("latency.svg")
    ));
    let rows = rows(&output);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1 + rows[0].2 + rows[0].3, 300, "{rows:?}");
    let distribution = std::fs::read_to_string(file("latency.csv")).unwrap();
    assert!(distribution.trim_end().ends_with(",300"), "{distribution}");
    let plot = std::fs::read_to_string(file("latency.svg")).unwrap();
    assert!(plot.contains("<svg") && plot.contains("QuickCheck") && plot.contains("99.9 %"));
}

#[test]
fn nobody_at_the_address_is_said_with_a_mend() {
    // Port 9 is nobody's: the port of discard, which no machine of ours serves.
    let output =
        promised(&["load", "snapshots/tiny", "--server", "http://127.0.0.1:9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: cannot connect to http://127.0.0.1:9/"), "{said}");
    assert!(said.contains("\ntry: promised serve"), "{said}");
}
