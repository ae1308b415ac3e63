//! Issue 26 item 3: feeds that never double. A stream is killed and sent again at every step, and counts once.

#[cfg(feature = "kafka-tests")]
mod kafka;
pub(crate) mod nats;

use super::files::{Served, promised};
use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Sends lines to `promised change -`.
fn send(url: &str, lines: &str, more: &[&str]) -> Output {
    let mut args = vec!["change", "-", "--server", url];
    args.extend(more);
    let mut child = promised(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = lines.to_string();
    let writing = std::thread::spawn(move || drop(input.write_all(lines.as_bytes())));
    let out = child.wait_with_output().unwrap();
    writing.join().unwrap();
    out
}

#[track_caller]
fn told(out: &Output) -> String {
    assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
    text(&out.stdout).trim().to_string()
}

/// How much of an item can be had at a location on the last day.
fn available(url: &str, item: &str, location: &str) -> f64 {
    let address = url.trim_start_matches("http://");
    let path =
        format!("/v1/availability.csv?item={item}&location={location}&from=2027-01-21&days=1");
    let body = get(address, &path);
    let last = body.trim().lines().last().unwrap_or_default();
    last.rsplit(',').next().unwrap().parse().unwrap_or_else(|_| panic!("{body}"))
}

fn get(address: &str, path: &str) -> String {
    use std::io::Read as _;
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        let mut rest = body;
        let mut whole = String::new();
        while let Some((length, after)) = rest.split_once("\r\n") {
            let length = usize::from_str_radix(length.trim(), 16).unwrap();
            if length == 0 {
                break;
            }
            whole.push_str(&after[..length]);
            rest = &after[length + 2..];
        }
        return whole;
    }
    body.to_string()
}

/// Stock goes up by one with each line.
fn adjusted(n: usize, position: impl Fn(usize) -> String) -> String {
    (1..=n)
        .map(|at| {
            let position = position(at);
            let position = if position.is_empty() { position } else { format!(r#", "position": "{position}""#) };
            format!("{{\"change\": \"on_hand_adjusted\", \"item\": \"SEAL\", \"location\": \"BER\", \"quantity\": 1{position}}}\n")
        })
        .collect()
}

fn sources(url: &str) -> String {
    let out = promised(&["status", "--server", url, "--format", "csv"]).output().unwrap();
    let rows = text(&out.stdout);
    rows.lines()
        .filter(|line| line.starts_with("\"source, position\""))
        .collect::<Vec<_>>()
        .join(" ")
}

fn position(at: usize) -> String {
    format!("topic/0:{at}")
}

#[test]
fn a_stream_with_positions_is_taken_up_where_the_server_has_it() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().to_str().unwrap();
    let server = Served::start(&["serve", "snapshots/tiny", "--data", path]);
    let before = available(&server.url, "SEAL", "BER");
    // At every step the lines so far come again, before the new ones.
    for (step, n) in [3usize, 7, 8].into_iter().enumerate() {
        let out = told(&send(&server.url, &adjusted(n, position), &["--source", "erp"]));
        assert!(step == 0 || out.contains("taken in before"), "{out}");
        assert_eq!(available(&server.url, "SEAL", "BER"), before + n as f64);
        assert!(
            sources(&server.url).ends_with(&format!("erp,topic/0:{n}")),
            "{}",
            sources(&server.url)
        );
    }
    // A power cut, and the same lines again: the position is in the journal.
    server.kill();
    let server = Served::start(&["serve", "--data", path]);
    assert!(sources(&server.url).ends_with("erp,topic/0:8"), "{}", sources(&server.url));
    let out = told(&send(&server.url, &adjusted(9, position), &["--source", "erp"]));
    assert!(out.contains("1 change live") && out.contains("8 lines taken in before"), "{out}");
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 9.0);
    // Another partition, and another source, have positions of their own.
    told(&send(&server.url, &adjusted(2, |at| format!("topic/1:{at}")), &["--source", "erp"]));
    told(&send(&server.url, &adjusted(2, position), &["--source", "wms"]));
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 13.0);
}

#[test]
fn a_stream_under_an_id_counts_once_however_often_it_is_sent() {
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let before = available(&server.url, "SEAL", "BER");
    let none = |_: usize| String::new();
    // Each beginning of the stream, as if it had been killed there; then all of it, twice. Requests are cut every thousand lines,
    // and one that adds to what another one sets is cut there.
    let id = ["--request-id", "night-48"];
    for n in [1_000, 2_000, 2_500, 2_500] {
        told(&send(&server.url, &adjusted(n, none), &id));
        assert_eq!(available(&server.url, "SEAL", "BER"), before + n as f64);
    }
    // Other lines under the same id are refused, not left out.
    let other = adjusted(1_000, none).replace("\"quantity\": 1", "\"quantity\": 2");
    let refused = send(&server.url, &other, &id);
    assert!(
        !refused.status.success() && text(&refused.stderr).contains("was used"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 2_500.0);
}

#[test]
fn changes_of_one_thing_come_one_after_the_other() {
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let lines = r#"{"change": "supply_moved", "supply": "PO-1", "days": 14}
{"change": "supply_moved", "supply": "PO-1", "date": "2026-12-20"}
[{"change": "supply_cut", "supply": "PO-1", "quantity": 7}]
"#;
    let out = told(&send(&server.url, lines, &["--request-id", "a"]));
    assert!(out.starts_with("3 changes live in 2 requests"), "{out}");
}

#[test]
fn lines_at_fault_are_dead_letters_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let letters = dir.path().join("dead.ndjson");
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let before = available(&server.url, "SEAL", "BER");
    let good = adjusted(4, position);
    let mut lines: Vec<&str> = good.lines().collect();
    let unknown =
        r#"{"change": "supply_moved", "supply": "NOPE", "days": 1, "position": "topic/0:2"}"#;
    lines[1] = unknown;
    lines.insert(3, "{no json");
    lines.insert(4, r#"{"change": "on_hand_set", "item": "SEAL", "where": "BER", "quantity": 1}"#);
    let lines = lines.join("\n");
    // Without a file for them the stream ends there, and what came before is live.
    let out = send(&server.url, &lines, &["--source", "erp"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(
        text(&out.stderr).contains("line 2 (position topic/0:2): supply:"),
        "{}",
        text(&out.stderr)
    );
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 1.0);
    let with = ["--source", "erp", "--dead-letters", letters.to_str().unwrap()];
    let out = told(&send(&server.url, &lines, &with));
    assert!(out.contains("2 changes live") && out.contains("3 dead letters written"), "{out}");
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 3.0);
    let letters = fs::read_to_string(&letters).unwrap();
    let letters: Vec<serde_json::Value> =
        letters.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let positions: Vec<_> = letters.iter().map(|letter| letter["position"].clone()).collect();
    assert_eq!(
        positions,
        [serde_json::json!("topic/0:2"), serde_json::Value::Null, serde_json::Value::Null]
    );
    assert_eq!(letters[0]["line"], unknown);
    let faults: Vec<_> = letters.iter().map(|letter| letter["fault"].as_str().unwrap()).collect();
    assert!(
        faults[0].contains("NOPE")
            && faults[1].contains("no JSON")
            && faults[2].contains("where is no column"),
        "{faults:?}"
    );
}

#[test]
fn events_of_debezium_by_a_map_file() {
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("map.toml");
    fs::write(&map, r#"
[public.purchase_order_line]
key = "id"
create = "supply_added"
update = { date_planned = "supply_moved", product_qty = "supply_cut" }
delete = "supply_cancelled"
columns = { supply = "PO-{order_id}-{id}", type = "'purchase_order'", item = "product.code", location = "'HAM'", date = "date(date_planned)", quantity = "product_qty" }
where = "state in draft,purchase"
"#).unwrap();
    let row = |qty: u32, state: &str| {
        format!(
            r#"{{"id": 7, "order_id": 3, "product": {{"code": "VALVE"}}, "date_planned": 20789, "product_qty": {qty}, "state": "{state}"}}"#
        )
    };
    let event = |op: &str, lsn: u64, before: &str, after: &str| {
        format!(
            r#"{{"payload": {{"op": "{op}", "before": {before}, "after": {after}, "source": {{"schema": "public", "table": "purchase_order_line", "lsn": {lsn}, "ts_ms": 1764000000000}}}}}}"#
        )
    };
    let events = [
        event("c", 100, "null", &row(50, "draft")),
        event("u", 200, &row(50, "draft"), &row(40, "draft")),
        "null".to_string(),
        event("u", 300, &row(40, "draft"), &row(40, "done")),
        event("c", 400, "null", &row(8, "purchase").replace("\"id\": 7", "\"id\": 8")),
    ];
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let before = available(&server.url, "VALVE", "HAM");
    let args = ["--format", "debezium", "--map", map.to_str().unwrap(), "--source", "odoo"];
    // Killed behind each event and sent again from the start.
    for (n, want) in [(1, 50.0), (2, 40.0), (3, 40.0), (4, 0.0), (5, 8.0), (5, 8.0)] {
        told(&send(&server.url, &(events[..n].join("\n") + "\n"), &args));
        assert_eq!(available(&server.url, "VALVE", "HAM"), before + want, "{n} events");
    }
    assert!(sources(&server.url).ends_with("odoo,odoo:400"), "{}", sources(&server.url));
    let without = send(&server.url, "", &["--format", "debezium"]);
    assert_eq!(without.status.code(), Some(2), "{}", text(&without.stderr));
}

#[test]
fn a_table_on_standard_input_is_cut_and_a_file_is_all_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let before = available(&server.url, "SEAL", "BER");
    let row = "on_hand_adjusted;SEAL;BER;0,5\n";
    let table = format!("change;item;location;quantity\n{}", row.repeat(1_500));
    let out = told(&send(&server.url, &table, &["--request-id", "t"]));
    assert!(out.starts_with("1500 changes live in 2 requests"), "{out}");
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 750.0);
    // A file with a row that the server refuses changes nothing, unless the rest is to go on.
    let file = dir.path().join("late.csv");
    fs::write(&file, "change,item,location,quantity\non_hand_adjusted,SEAL,BER,1\non_hand_adjusted,GHOST,BER,1\non_hand_adjusted,BODY,BER,x\n").unwrap();
    let (file, rejects) = (file.to_str().unwrap(), dir.path().join("refused.csv"));
    let refused = promised(&["change", file, "--server", &server.url]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 750.0);
    let args = ["change", file, "--server", &server.url, "--rejects", rejects.to_str().unwrap()];
    let out = promised(&args).output().unwrap();
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert_eq!(available(&server.url, "SEAL", "BER"), before + 751.0);
    let rejects = fs::read_to_string(rejects).unwrap();
    let rejects: Vec<_> = rejects
        .lines()
        .skip(1)
        .map(|line| line.split(',').take(4).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(rejects, ["changes,late.csv,4,quantity", "changes,late.csv,3,item"]);
}

/// Items, customers and prices come as changes too, and are there again after a restart.
#[test]
fn items_customers_and_prices_come_as_changes() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().to_str().unwrap();
    let server = Served::start(&["serve", "snapshots/tiny", "--data", path]);
    let lines = r#"{"change": "item_set", "item": "LAMP", "description": "Lamp", "uom": "EA", "list_price": 50, "category": "LIGHT"}
{"change": "customer_set", "customer": "NEW", "name": "New Ltd", "zone": "NORTH", "priority": 2}
{"change": "on_hand_set", "item": "LAMP", "location": "HAM", "quantity": 4}
{"change": "price_set", "item": "PUMP", "list_price": 111, "unit_cost": 70}
{"change": "item_set", "item": "PUMP", "description": "Better pump"}
"#;
    let out = told(&send(&server.url, lines, &["--source", "erp", "--request-id", "m"]));
    assert!(out.starts_with("5 changes live"), "{out}");
    let looked = |url: &str| {
        let item =
            promised(&["check", "LAMP", "3", "2026-11-24", "--location", "HAM", "--server", url])
                .output()
                .unwrap();
        text(&item.stdout)
    };
    let first = looked(&server.url);
    assert!(first.contains("at most 4"), "{first}");
    let faulty = send(
        &server.url,
        "{\"change\": \"item_set\", \"item\": \"PUMP\", \"uom\": \"BOX\"}\n{\"change\": \"price_set\", \"item\": \"GHOST\", \"list_price\": 1}\n",
        &[],
    );
    assert!(
        text(&faulty.stderr).contains("the unit that the item has"),
        "{}",
        text(&faulty.stderr)
    );
    server.kill();
    let server = Served::start(&["serve", "--data", path]);
    assert_eq!(looked(&server.url), first);
}
