//! Issue 20, item 6: tables fit the width that there is, amounts are written for people, sums and differences stand where
//! they belong; questions that files answer are answered by a server too; an unknown key in a filter is an error.

use super::commands::{Server, promised};

/// What a command prints where lines may be so wide.
#[track_caller]
fn within(columns: u16, arguments: &[&str]) -> String {
    let output = promised(arguments).env("COLUMNS", columns.to_string()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {err}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn is_within(columns: u16, text: &str) {
    let wider: Vec<_> =
        text.lines().filter(|line| usize::from(columns) < line.chars().count()).collect();
    assert!(wider.is_empty(), "{wider:#?}");
}

const ORDERS: &str = "snapshots/tiny/orders.csv";

#[test]
fn no_table_is_wider_than_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let changes = dir.path().join("late.csv");
    std::fs::write(&changes, "change,supply,days\nsupply_moved,PO-1,14\n").unwrap();
    let changes = changes.to_str().unwrap();
    let all: &[&[&str]] = &[
        &["promise", "snapshots/tiny", ORDERS],
        &["promise", "snapshots/tiny", ORDERS, "--alternatives", "3"],
        &["atp", "snapshots/tiny", "VALVE"],
        &[
            "simulate",
            "snapshots/tiny",
            ORDERS,
            "--change",
            changes,
            "--compare",
            "--by",
            "customer,item",
        ],
        &["simulate", "snapshots/tiny", ORDERS, "--vary", "supply:PO-1:0..7:7", "--by", "customer"],
        &["backlog", "snapshots/tiny", ORDERS, "--change", changes],
    ];
    for columns in [60, 80, 120] {
        for arguments in all {
            is_within(columns, &within(columns, arguments));
        }
    }
    // Where there is no room for all columns, none is lost.
    let wide = within(200, &["promise", "snapshots/tiny", ORDERS]);
    let narrow = within(60, &["promise", "snapshots/tiny", ORDERS]);
    let heading = wide.lines().next().unwrap().split_whitespace();
    for word in heading {
        assert!(narrow.contains(word), "{word} is not in\n{narrow}");
    }
    let server = Server::start();
    for n in 0..3 {
        server.says(&format!("hold VALVE 2 2026-11-25 --order ORDER-{n} --customer NORDWIND"));
    }
    let url = server.url.clone();
    for line in [
        "list",
        "exceptions",
        "late --by customer --lines",
        "figures --by customer,item --measures lines,value,cost,profit,on_time_lines",
        "status",
        "explain --order ORDER-1",
    ] {
        let mut arguments: Vec<_> = line.split(' ').collect();
        arguments.extend(["--server", &url]);
        let text = within(80, &arguments);
        if !line.starts_with("explain") {
            is_within(80, &text);
        }
    }
}

#[test]
fn amounts_have_marks_and_their_currency_and_tables_have_sums() {
    let dir = tempfile::tempdir().unwrap();
    let orders = dir.path().join("orders.csv");
    let rows = "order,item,quantity,requested_date,customer,unit_price\n\
                A,VALVE,2,2026-11-26,NORDWIND,1234.5\nB,VALVE,3,2026-11-26,NORDWIND,1000\n";
    std::fs::write(&orders, rows).unwrap();
    let orders = orders.to_str().unwrap();
    let table = within(200, &["promise", "snapshots/tiny", orders]);
    assert!(table.contains("cost, EUR") && table.contains("profit, EUR"), "{table}");
    assert!(table.contains("2,429.00"), "{table}");
    let sums = table.lines().last().unwrap();
    assert!(sums.starts_with("sum") && sums.ends_with("5,369.00"), "{table}");
    // Files have them as they are.
    let csv = within(200, &["promise", "snapshots/tiny", orders, "--format", "csv"]);
    assert!(csv.contains(",2429,"), "{csv}");
    let changes = dir.path().join("gone.csv");
    std::fs::write(&changes, "change,item,location,quantity\non_hand_set,VALVE,HAM,0\n").unwrap();
    let compared =
        ["simulate", "snapshots/tiny", orders, "--change", changes.to_str().unwrap(), "--compare"];
    let compared = within(200, &compared);
    let row = |begins: &str| {
        let found = compared.lines().find(|line| line.starts_with(begins));
        found.unwrap_or_else(|| panic!("{begins}\n{compared}")).to_string()
    };
    assert!(compared.lines().next().unwrap().ends_with("difference"), "{compared}");
    let last = |begins: &str, n: usize| -> Vec<String> {
        let words: Vec<_> = row(begins).split_whitespace().map(str::to_string).collect();
        words[words.len() - n..].to_vec()
    };
    assert_eq!(last("on time %", 3), ["50.00", "0.00", "-50.00"], "{compared}");
    assert_eq!(last("revenue on time, EUR", 3), ["2,469.00", "0.00", "-2,469.00"], "{compared}");
    // The days late are the mean of the lines that are late: one of two before, both after.
    assert_eq!(last("days late, mean", 2), ["5.00", "5.00"], "{compared}");
    // Groups have all lines below them.
    assert!(compared.lines().any(|line| line.starts_with("all ")), "{compared}");
}

#[test]
fn figures_have_a_line_of_all_and_the_difference_to_a_scenario() {
    let server = Server::start();
    let url = server.url.clone();
    let mut id = String::new();
    for (order, customer) in [("A", "NORDWIND"), ("B", "SUEDBAU")] {
        server.says(&format!("hold SEAL 1 2026-12-04 --order {order} --customer {customer}"));
        if order == "A" {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            id = runtime.block_on(async {
                let mut client = super::Client::connect(&url).await;
                let path = "/promised.v1.ScenarioService/Create";
                let made = client.post(path, "{\"name\": \"before\"}").await.json();
                made["scenarioId"].as_str().unwrap().to_string()
            });
        }
    }
    let table = server.says(&format!("figures --by customer --measures lines,cost --with {id}"));
    let heading = table.lines().next().unwrap();
    assert!(heading.contains("lines_with") && heading.contains("lines_less"), "{table}");
    assert!(heading.contains("cost, EUR"), "{table}");
    let all = table.lines().last().unwrap();
    let words: Vec<_> = all.split_whitespace().collect();
    assert_eq!(words[..4], ["all", "2", "1", "-1"], "{table}");
    let csv =
        server.says(&format!("figures --by customer --measures lines --with {id} --format csv"));
    assert_eq!(csv.lines().next(), Some("customer,lines,lines_with"), "{csv}");
    assert_eq!(csv.lines().count(), 3, "no sums for programs: {csv}");
}

#[test]
fn a_server_answers_what_files_answer() {
    let server = Server::start();
    let url = server.url.clone();
    // Nothing is promised yet: the same days.
    for format in ["csv", "json", "table"] {
        let here = server.says(&format!("atp snapshots/tiny VALVE --days 12 --format {format}"));
        let there = server.says(&format!("atp VALVE --days 12 --format {format} --server {url}"));
        let plain = |text: &str| text.replace("  Valve", "");
        assert_eq!(plain(&here), plain(&there), "{format}");
    }
    // The environment names it only where --server stands.
    server.says("hold VALVE 2 2026-11-25 --order SO-7 --customer NORDWIND");
    let first = |text: &str| text.lines().nth(1).unwrap().to_string();
    let here = server.says("atp snapshots/tiny VALVE --format csv");
    assert_eq!(first(&here), "VALVE,HAM,2026-11-23,5,0,5,2");
    let there = server.says("atp VALVE --format csv --server");
    assert_eq!(first(&there), "VALVE,HAM,2026-11-23,5,0,5,0");
    server.fails("atp snapshots/tiny VALVE --server", 2);
    server.fails("atp VALVE", 2);

    let explained = server.says(&format!("explain --order SO-7 --server {url}"));
    assert!(
        explained.starts_with("SO-7/1  2 VALVE for NORDWIND, to ship on 2026-11-25\nP1 is held\n"),
        "{explained}"
    );
    assert!(explained.contains("└─ 2 VALVE in HAM on 2026-11-25: 2 from stock"), "{explained}");
    assert!(explained.contains("asked for again now: on time"), "{explained}");
    let json = server.says(&format!("explain --order SO-7 --server {url} --format json"));
    assert!(json.contains("\"promiseId\": \"P1\""), "{json}");
    let csv = server.says(&format!("explain --order SO-7 --server {url} --format csv"));
    assert!(csv.lines().nth(1).unwrap().starts_with("SO-7,1,on_time,0,1,VALVE,HAM"), "{csv}");
    let why = server.fails(&format!("explain --order SO-9 --server {url}"), 1);
    assert!(why.contains("SO-9"), "{why}");
    let checked = server.says("check VALVE 2 2026-11-25");
    assert!(
        checked.starts_with("late") && checked.contains("at most 0 by 2026-11-25"),
        "{checked}"
    );
    let checked = server.says("check VALVE 2 2026-11-25 --snapshot snapshots/tiny");
    assert!(checked.starts_with("on time"), "{checked}");
    for format in ["table", "csv", "json"] {
        assert!(server.says(&format!("get SO-7 --format {format}")).contains("SO-7"));
    }
}

#[test]
fn an_amendment_keeps_all_terms_that_it_does_not_name() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let orders = dir.path().join("orders.csv");
    let rows = "order,item,quantity,requested_date,customer,location,split,min_split_quantity,priority,channel,latest_date\n\
                SO-8,VALVE,4,2026-11-26,NORDWIND,HAM,true,2,7,shop,2026-12-20\n";
    std::fs::write(&orders, rows).unwrap();
    server.says(&format!("hold {}", orders.to_str().unwrap()));
    let terms = |server: &Server| -> serde_json::Value {
        let told: serde_json::Value =
            serde_json::from_str(&server.says("get SO-8 --format json")).unwrap();
        told["promises"][0]["terms"].clone()
    };
    let before = terms(&server);
    assert_eq!((&before["location"], &before["split"]), (&"HAM".into(), &true.into()), "{before}");
    server.says("amend SO-8 quantity=3");
    let mut after = terms(&server);
    assert_eq!(after["quantity"], 3.0);
    after["quantity"] = before["quantity"].clone();
    assert_eq!(after, before, "nothing else is another");
}

#[test]
fn an_unknown_key_in_a_filter_is_an_error() {
    let server = Server::start();
    let url = server.url.clone();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.csv");
    for (line, want) in [
        ("list customer=NOBODY".to_string(), "query: \"NOBODY\" is no customer of the snapshot"),
        ("list colour=red".to_string(), "query: \"colour\": one of order"),
        (
            "figures --filter item!=NOTHING".to_string(),
            "filter: \"NOTHING\" is no item of the snapshot",
        ),
        (
            format!("export {} --filter location=MOON", file.to_str().unwrap()),
            "filter: \"MOON\" is no location",
        ),
        (format!("backlog --server {url} --filter zone=MARS"), "filter: \"MARS\" is no zone"),
        (
            format!("backlog --server {url} --segment win:demand_class=KEY"),
            "segments: \"KEY\" is no demand_class",
        ),
        (
            format!("backlog snapshots/tiny {ORDERS} --lock category=FRUIT"),
            "lock: \"FRUIT\" is no category",
        ),
    ] {
        let why = server.fails(&line, 1);
        assert!(why.contains(want), "{line}: {why}");
    }
}
