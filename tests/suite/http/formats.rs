//! Issue 20, item 6: every command that answers does so as a table, as CSV or as JSON.

use super::commands::{Server, promised};
use std::path::Path;

/// What a command prints in a format.
#[track_caller]
fn says(server: &Server, dir: &Path, (line, format): (&str, &str)) -> String {
    let place = dir.to_str().unwrap();
    let line = line.replace("DIR", place);
    let mut arguments: Vec<_> = line.split(' ').collect();
    arguments.extend(["--format", format]);
    let mut command = promised(&arguments);
    command.env("PROMISED_SERVER", &server.url).env("PROMISED_ADMIN", &server.admin);
    let output = command.output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{line} --format {format}: {err}");
    String::from_utf8(output.stdout).unwrap()
}

/// Commands, the beginning of their CSV, and something that is in their table.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("status", "what,of,value\nsnapshot,,tiny\n", "snapshot"),
    ("health", "ready,reasons,loading,progress\ntrue,,,\n", "ready true\n"),
    ("list", "order,line,status,option,leg,", "1 promise\n"),
    ("get SO-1", "order,line,status,option,leg,", "SO-1"),
    ("check VALVE 1 2026-12-02", "item,quantity,date,status,ship_date,most\n", "on time"),
    ("exceptions", "exception_id,kind,level,", "hold_expiring/P1"),
    ("late --by customer", "customer,count,promises,value\n", "count  promises"),
    ("figures --by item", "item,lines,quantity,value\nVALVE,1,1,", "VALVE"),
    ("watch --from 0 --until 1", "position,number,time,type,subject,", "promise.made"),
    ("export DIR/promises.csv", "file,promises,bytes\n", "1 promise looked at"),
    ("export DIR/promises.parquet", "file,promises,bytes\n", "promises.parquet: "),
    ("proto DIR/api", "file\n", "google/rpc/status.proto"),
    ("cluster status", "name,role,address,version,", "single"),
    ("config show", "key,value,from\n", "serve.listen"),
    ("config check", "place,fault\n", ""),
    ("token list --tokens DIR/tokens.toml", "name,roles,classes,", "shop"),
    ("backlog --runs --server", "run,saved,by,state,", "run"),
    ("validate snapshots/tiny", "severity,table,row,", ""),
    ("atp snapshots/tiny VALVE", "item,location,date,supply,", "VALVE"),
    ("explain --order SO-1 --server", "order,line,status,", "SO-1"),
    ("promise snapshots/tiny snapshots/tiny/orders.csv", "order,line,status,", "LATE"),
];

#[test]
fn every_command_answers_as_table_csv_and_json() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let tokens = dir.path().join("tokens.toml");
    server.says(&format!("token new --name shop --role read --tokens {}", tokens.display()));
    server.says("hold VALVE 1 2026-12-02 --order SO-1 --for 5m");
    for (line, csv, table) in COMMANDS {
        let told = says(&server, dir.path(), (line, "csv"));
        assert!(told.starts_with(csv), "{line}: {told}");
        let told = says(&server, dir.path(), (line, "table"));
        assert!(told.contains(table), "{line}: {told}");
        let told = says(&server, dir.path(), (line, "json"));
        let read: Result<serde_json::Value, _> = serde_json::from_str(&told);
        read.unwrap_or_else(|error| panic!("{line}: {error}\n{told}"));
    }
}

#[test]
fn a_token_is_printed_alone_or_with_its_name() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let new = |name: &str| format!("token new --name {name} --role read --tokens DIR/tokens.toml");
    let alone = says(&server, dir.path(), (&new("one"), "table"));
    assert!(alone.starts_with("pmt_") && alone.lines().count() == 1, "{alone}");
    let csv = says(&server, dir.path(), (&new("two"), "csv"));
    assert!(csv.starts_with("name,token\ntwo,pmt_"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&says(&server, dir.path(), (&new("three"), "json"))).unwrap();
    assert!(json["token"].as_str().unwrap().starts_with("pmt_"), "{json}");
}

#[test]
fn faults_of_a_configuration_and_rows_of_an_import_are_told_in_every_format() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("promised.toml");
    std::fs::write(&file, "[serve]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let file = file.to_str().unwrap();
    let check = |format: &str| {
        let check = ["config", "check", "--config", file, "--format", format];
        let output = promised(&check).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    };
    let (out, err) = check("table");
    assert!(out.is_empty() && err.contains(":2: unknown key \"lisen\""), "{err}");
    let (out, err) = check("csv");
    let row = out.lines().nth(1).unwrap();
    assert!(err.is_empty() && row.starts_with(&format!("{file}:2,")), "{out}{err}");
    let (out, _) = check("json");
    let faults: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(faults[0]["place"], format!("{file}:2"));
    let import = |name: &str| format!("import dynamics tests/imports/dynamics DIR/{name}");
    let csv = says(&server, dir.path(), (&import("one"), "csv"));
    assert!(csv.starts_with("table,read,taken,left_out\n"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&says(&server, dir.path(), (&import("two"), "json"))).unwrap();
    assert!(json[0]["read"].is_number(), "{json}");
    let table = says(&server, dir.path(), (&import("three"), "table"));
    assert!(table.lines().next().unwrap().contains("left out"), "{table}");
}
