//! Issue 16, items 4, 8 and 10, on the command line: an orders file promised on a server prints the rows that it
//! prints without one, the same file again prints them again, and lines promised before are told.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

/// A server of its own; it ends with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut child = command(&["serve", "snapshots/tiny", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(3).unwrap().trim_end_matches(':');
        Self { child, url: format!("http://{address}") }
    }

    fn promise(&self, orders: &str, more: &[&str]) -> Output {
        let mut arguments = vec!["promise", "snapshots/tiny", orders, "--server", &self.url];
        arguments.extend(more);
        command(&arguments).output().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command.env_remove("NO_COLOR").env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn file(text: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("orders.csv");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_string();
    (dir, path)
}

/// Without the column of reasons, which a repetition leaves out.
fn without_reasons(rows: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records.map(|row| row.iter().take(16).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn a_server_prints_the_same_rows_and_the_same_file_gives_the_first_answers() {
    let orders = "snapshots/tiny/orders.csv";
    for format in ["csv", "table"] {
        let server = Server::start();
        let alone = command(&["promise", "snapshots/tiny", orders, "--format", format]);
        let alone = out(&{ alone }.output().unwrap());
        let live = out(&server.promise(orders, &["--format", format]));
        assert_eq!(live, alone, "{format}");
        if format == "csv" {
            let again = out(&server.promise(orders, &["--format", format]));
            assert_eq!(without_reasons(&again), without_reasons(&alone));
        }
    }
    let server = Server::start();
    let alone =
        command(&["promise", "snapshots/tiny", orders, "--format", "json"]).output().unwrap();
    let live = server.promise(orders, &["--format", "json"]);
    let results = |output: &Output| {
        let answers: serde_json::Value = serde_json::from_str(&out(output)).unwrap();
        let answers = answers.as_array().unwrap().clone();
        answers.into_iter().map(|answer| answer["results"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(results(&live), results(&alone));
}

#[test]
fn lines_of_an_order_are_one_request_in_the_place_of_the_first() {
    let scattered = "order,line,item,quantity,requested_date,ship_set\n\
                     A,1,SEAL,5,2026-12-20,S\nB,1,SEAL,5,2026-12-20,\nA,2,BODY,5,2026-12-20,S\n";
    let (_dir, path) = file(scattered);
    let rows =
        out(&command(&["promise", "snapshots/tiny", &path, "--format", "csv"]).output().unwrap());
    let orders: Vec<_> = rows
        .lines()
        .skip(1)
        .map(|row| row.split(',').take(3).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(orders, ["A,1,on_time", "A,2,on_time", "B,1,on_time"]);
    let server = Server::start();
    assert_eq!(out(&server.promise(&path, &["--format", "csv"])), rows);
}

#[test]
fn a_line_promised_before_is_told_unless_it_says_otherwise() {
    let first = "order,line,item,quantity,requested_date\nA,1,SEAL,5,2026-12-20\n";
    let more =
        "order,line,item,quantity,requested_date\nA,1,SEAL,7,2026-12-20\nA,2,SEAL,1,2026-12-20\n";
    let (server, (_one, first), (_two, more)) = (Server::start(), file(first), file(more));
    out(&server.promise(&first, &[]));
    let status = |rows: &str| -> Vec<String> {
        let columns = |row: &str| {
            let cells: Vec<_> = row.split(',').collect();
            format!("{} {}", cells[2], cells[8])
        };
        rows.lines().skip(1).map(columns).collect()
    };
    let told = out(&server.promise(&more, &["--format", "csv"]));
    assert_eq!(status(&told), ["already_promised ", "on_time 1"]);
    assert!(told.contains("promised before: P1 is confirmed, 5, ships on 2026-12-20"), "{told}");
    let replaced = out(&server.promise(&more, &["--format", "csv", "--on-existing", "replace"]));
    assert_eq!(status(&replaced), ["on_time 7", "on_time 1"]);
    let added = out(&server.promise(&first, &["--format", "csv", "--on-existing", "add"]));
    assert_eq!(status(&added), ["on_time 5"]);
    let again = out(&server.promise(&first, &["--format", "csv", "--on-existing", "add"]));
    assert_eq!(status(&again), ["on_time 5"], "the same file again gives the first answer");
    let get =
        command(&["get", "A/1", "--server", &server.url, "--format", "json"]).output().unwrap();
    let got: serde_json::Value = serde_json::from_str(&out(&get)).unwrap();
    let quantities: Vec<_> = got["promises"].as_array().unwrap().iter().collect();
    assert_eq!(quantities.len(), 2, "{got}");
}

#[test]
fn two_rows_of_one_line_are_a_duplicate_unless_repeat_says_what_they_mean() {
    let twice = |repeat: &str| {
        format!(
            "order,line,item,quantity,requested_date,repeat\nA,1,SEAL,5,2026-12-20,\nA,1,SEAL,7,2026-12-20,{repeat}\n"
        )
    };
    let run = |repeat: &str| {
        let (_dir, path) = file(&twice(repeat));
        command(&["promise", "snapshots/tiny", &path, "--format", "csv"]).output().unwrap()
    };
    for repeat in ["", "refuse"] {
        let refused = run(repeat);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused.stderr).contains("unless repeat says add or replace"));
    }
    let quantities = |repeat: &str| -> Vec<String> {
        out(&run(repeat))
            .lines()
            .skip(1)
            .map(|row| row.split(',').nth(8).unwrap().to_string())
            .collect()
    };
    assert_eq!(quantities("add"), ["5", "7"]);
    assert_eq!(quantities("replace"), ["5", "7"]);
}

#[test]
fn a_line_that_the_server_does_not_know_is_told_and_the_others_go_on() {
    let server = Server::start();
    // The snapshot at hand knows an item that the server does not.
    let dir = tempfile::tempdir().unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/tiny");
    for found in std::fs::read_dir(root).unwrap().map(Result::unwrap) {
        std::fs::copy(found.path(), dir.path().join(found.file_name())).unwrap();
    }
    let items = dir.path().join("items.csv");
    let known = std::fs::read_to_string(&items).unwrap();
    std::fs::write(&items, format!("{known}NEW,New,EA,1,1,1\n")).unwrap();
    let (_orders, path) = file(
        "order,line,item,quantity,requested_date\n\
         A,1,NEW,5,2026-12-20\nA,2,SEAL,5,2026-12-20\nB,1,NEW,5,2026-12-20\nC,1,SEAL,5,2026-12-20\n",
    );
    let snapshot = dir.path().to_str().unwrap();
    let arguments = ["promise", snapshot, &path, "--server", &server.url, "--format", "csv"];
    let told = command(&arguments).output().unwrap();
    assert_eq!(told.status.code(), Some(1));
    let rows: Vec<_> = text(&told.stdout)
        .lines()
        .skip(1)
        .map(|row| row.split(',').take(3).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(rows, ["A,1,refused", "A,2,on_time", "B,1,refused", "C,1,on_time"]);
    assert!(
        text(&told.stdout).contains("an item that the snapshot knows"),
        "{}",
        text(&told.stdout)
    );
    assert!(text(&told.stderr).contains("the server refused 2 lines; the others are promised"));
}

#[test]
fn many_orders_are_under_way_at_once_and_come_back_in_their_order() {
    let server = Server::start();
    let mut orders = "order,line,item,quantity,requested_date\n".to_string();
    (0..500).for_each(|n| orders.push_str(&format!("O{n},1,SEAL,1,2026-12-20\n")));
    let (_dir, path) = file(&orders);
    let rows = out(&server.promise(&path, &["--format", "csv"]));
    let got: Vec<_> =
        rows.lines().skip(1).map(|row| row.split(',').next().unwrap().to_string()).collect();
    let wanted: Vec<_> = (0..500).map(|n| format!("O{n}")).collect();
    assert_eq!(got, wanted);
}
