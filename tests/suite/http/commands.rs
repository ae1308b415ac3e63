//! Issue 20, item 6: commands of a running server, by the real binary.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

pub struct Server {
    child: Child,
    pub url: String,
    pub admin: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn promised(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).stdin(Stdio::null());
    command
}

impl Server {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments of `serve`.
    pub fn start_with(more: &[&str]) -> Self {
        let mut command = promised(&["serve", "snapshots/tiny", "--listen", "127.0.0.1:0"]);
        command.args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut at = || {
            let line = lines.next().unwrap().unwrap();
            line.split(" on ").nth(1).unwrap().split(": ").next().unwrap().to_string()
        };
        let url = format!("http://{}", at());
        Self { child, url, admin: at() }
    }

    /// Runs a command, whose server is named by the environment.
    fn run(&self, line: &str) -> (i32, String, String) {
        let arguments: Vec<_> = line.split(' ').collect();
        let mut command = promised(&arguments);
        command.env("PROMISED_SERVER", &self.url).env("PROMISED_ADMIN", &self.admin);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// What it prints.
    #[track_caller]
    pub fn says(&self, line: &str) -> String {
        let (code, out, err) = self.run(line);
        assert_eq!(code, 0, "{line}: {err}");
        out
    }

    /// Why it fails.
    #[track_caller]
    pub fn fails(&self, line: &str, want: i32) -> String {
        let (code, _, err) = self.run(line);
        assert_eq!(code, want, "{line}: {err}");
        err
    }
}

#[test]
fn a_promise_lives_by_commands() {
    let server = Server::start();
    assert_eq!(server.says("health").trim(), r#"{"ready":true,"reasons":[]}"#);
    let held = server
        .says("hold VALVE 2 2026-11-25 --for 30m --customer NORDWIND --order SO-1 --format csv");
    assert!(held.lines().nth(1).unwrap().starts_with("SO-1,1,on_time,0,1,VALVE,HAM,"), "{held}");
    assert!(held.contains(",P1,held,"), "{held}");
    let listed = server.says("list --format csv");
    assert!(listed.lines().next().unwrap().starts_with("order,line,status,option,leg"), "{listed}");
    assert_eq!(listed.lines().count(), 2);
    let confirmed = server.says("confirm SO-1");
    assert!(confirmed.contains("confirmed") && confirmed.contains("P1"), "{confirmed}");
    let amended = server.says("amend P1 quantity=1");
    assert!(amended.contains("it was changed"), "{amended}");
    let shipped = server.says("fulfil SO-1/1 --quantity 1");
    assert!(shipped.contains("fulfilled"), "{shipped}");
    assert!(server.says("reopen SO-1/1").contains("confirmed"));
    assert!(server.fails("reopen P1", 1).contains("P1"));
    assert!(server.says("get P1").contains("SO-1"));
    assert!(server.says("cancel P1").contains("cancelled"));
    assert!(server.says("list").contains("0 promises"));
    let all = server.says("list --all --format json");
    assert!(all.contains("\"CANCELLED\""), "{all}");
    let status = server.says("status --format csv");
    assert!(status.contains("snapshot,,tiny\n") && status.contains("rows,items,"), "{status}");
    assert!(server.says("status --format json").contains("\"snapshotId\": \"tiny\""));
}

#[test]
fn what_cannot_be_done_is_said() {
    let server = Server::start();
    let why = server.fails("confirm P9", 1);
    assert!(why.contains("there is no promise P9"), "{why}");
    let why = server.fails("list colour=red", 1);
    assert!(why.contains("query: \"colour\""), "{why}");
    let why = server.fails("confirm P1 SO-1", 1);
    assert!(why.contains("no promise for order SO-1"), "{why}");
    server.fails("hold VALVE 2", 2);
    server.says("hold VALVE 1 2026-11-25");
    server.says("hold VALVE 1 2026-11-25 --order SO-2");
    let both = server.says("confirm SO-2 P1 P2 --format csv");
    assert_eq!(both.matches(",confirmed,").count(), 2, "{both}");
    let why = server.fails("confirm P1 SO-2", 1);
    assert!(why.contains("no promise of SO-2 can take this step"), "{why}");
    let why = server.fails("amend P1 size=3", 2);
    assert!(why.contains("\"size\" is no column"), "{why}");
    server.fails("health --admin 127.0.0.1:1", 1);
}

#[test]
fn proto_files_come_out_of_the_binary() {
    let dir = tempfile::tempdir().unwrap();
    let output = promised(&["proto"]).arg(dir.path()).output().unwrap();
    assert!(output.status.success());
    for name in
        ["promised/v1/promise.proto", "google/rpc/error_details.proto", "google/rpc/status.proto"]
    {
        let text = std::fs::read_to_string(dir.path().join(name)).unwrap();
        assert!(text.contains("syntax = \"proto3\""), "{name}");
    }
}

#[test]
fn help_of_change_has_all_kinds_with_their_columns() {
    let output = promised(&["change", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for kind in promised::change::ChangeKind::ALL {
        assert!(help.contains(&format!("  {}: ", kind.word())), "{}\n{help}", kind.word());
    }
    assert!(help.contains("supply_moved: A supply comes on another date"), "{help}");
    let or = "supply, or supplier, item, location, type, date_from, date_to";
    assert!(help.contains(&format!("      {or} [date, days]\n")), "{help}");
    assert!(help.contains(&format!("      {or}, quantity\n")), "{help}");
    assert!(help.contains("  supply_moved,X,14\n"), "{help}");
}

#[test]
fn what_a_change_means_is_told_to_people_spreadsheets_and_programs() {
    let server = Server::start();
    let orders = "promise snapshots/tiny snapshots/tiny/orders.csv --format csv --server";
    server.says(&format!("{orders} {}", server.url));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("gone.csv");
    std::fs::write(&file, "change,item,location,quantity\non_hand_set,PUMP,HAM,0\n").unwrap();
    let change = format!("change {} --server {} --validate", file.display(), server.url);
    let people = server.says(&change);
    let promise = people.split("at risk: ").nth(1).unwrap().trim();
    let csv = server.says(&format!("{change} --answer csv"));
    assert_eq!(csv, format!("promise,outcome,account\n{promise},at_risk,PUMP@HAM\n"));
    // What the file is written as is another thing.
    assert_eq!(server.says(&format!("{change} --format csv")), people);
    assert!(server.fails(&format!("{change} --format ndjson"), 2).contains("--answer json"));
    let json = server.says(&format!("{change} --answer json"));
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answer["short"][0]["promiseIds"], serde_json::json!([promise]), "{json}");
}

#[test]
fn lists_are_of_the_states_that_a_filter_names_with_customers_values_and_sums() {
    let server = Server::start();
    for (order, quantity) in [("T-1", 2), ("T-2", 1)] {
        let hold = "--customer NORDWIND --for 20m";
        server.says(&format!("hold VALVE {quantity} 2026-12-02 --order {order} {hold}"));
    }
    server.says("hold SEAL 50 2026-12-02 --order T-3");
    server.says("confirm T-1");
    server.says("cancel T-3");
    let orders = |filter: &str| -> Vec<String> {
        let csv = server.says(&format!("list {filter} --format csv"));
        let rows = csv.lines().skip(1);
        rows.map(|row| row.split(',').next().unwrap().to_string()).collect()
    };
    assert_eq!(orders(""), ["T-1", "T-2"]);
    assert_eq!(orders("state=held"), ["T-2"]);
    assert_eq!(orders("state=held|cancelled"), ["T-2", "T-3"]);
    assert_eq!(orders("state!=held item=SEAL"), ["T-3"]);
    assert_eq!(orders("at_risk=false ship_date<=2026-12-02 quantity>=2"), ["T-1"]);
    let why = server.fails("list state=open", 1);
    assert!(why.contains("\"open\" is not one of held, confirmed, fulfilled"), "{why}");
    let table = server.says("list");
    let lines: Vec<_> = table.lines().collect();
    assert!(lines[0].contains("customer") && lines[0].contains("value, EUR"), "{table}");
    assert!(lines[2].contains("NORDWIND") && lines[2].contains("60.00"), "{table}");
    let words = |line: &str| line.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    assert_eq!(words(lines[5]), ["all", "3", "90.00"], "{table}");
    assert_eq!(lines[6], "2 promises", "{table}");
    server.says("hold VALVE 4 2026-11-25 --order T-4");
    let table = server.says("list --limit 3 --order-by -days_late");
    assert!(table.ends_with("3 promises; 1 late, 6.0 days on average\n"), "{table}");
}

#[test]
fn what_is_refused_leaves_no_scenario_behind() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("late.csv");
    std::fs::write(&file, "change,supply,days\nsupply_moved,NOTHING,14\n").unwrap();
    let (file, url) = (file.display(), &server.url);
    server.fails(&format!("simulate --server {url} --change {file} --compare"), 1);
    server.fails(&format!("backlog --server {url} --change {file}"), 1);
    server.fails(&format!("simulate --server {url} --vary supply:NOTHING:0..7"), 1);
    std::fs::write(dir.path().join("late.csv"), "change,supply,days\nsupply_moved,PO-1,14\n")
        .unwrap();
    server.fails(&format!("backlog --server {url} --change {file} --filter item=NOTHING"), 1);
    server.says(&format!("simulate --server {url} --change {file} --compare"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listed = runtime.block_on(async {
        let mut client = super::Client::connect(url).await;
        client.post("/promised.v1.ScenarioService/List", "{}").await.json()
    });
    assert!(listed["scenarios"].as_array().is_none_or(Vec::is_empty), "{listed}");
}
