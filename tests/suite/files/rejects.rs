//! `--rejects FILE`: what is refused goes there with its reason, and the rest goes on where the caller says so.

use super::{directory, promised};
use std::fs;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A snapshot with faults in three tables, one of which takes rows of others along.
fn faulty() -> tempfile::TempDir {
    directory(
        "",
        &[
            ("items.csv", b"item,lot_multiple\nPUMP,1\nVALVE,0\n4711,\n"),
            (
                "on_hand.csv",
                b"item,location,quantity\nPUMP,BER,2\nVALVE,BER,1\nPUMP,HAM\nGHOST,HAM,1\n",
            ),
        ],
    )
}

const REFUSED: &str = "table,file,row,column,value,reason
items,items.csv,3,lot_multiple,0,a number above 0
on_hand,on_hand.csv,4,,,\"3 fields, as in the header of on_hand.csv; the row has 2; separate empty cells at its end too, or save the sheet as .xlsx\"
on_hand,on_hand.csv,5,item,GHOST,a known item; add it to its table or correct the key
on_hand,on_hand.csv,3,item,VALVE,a known item; add it to its table or correct the key
";

#[test]
fn validate_leaves_out_what_has_a_fault_and_what_refers_to_it() {
    let dir = faulty();
    let path = dir.path().to_str().unwrap();
    let without = promised(&["validate", path]).output().unwrap();
    assert_eq!(without.status.code(), Some(1));
    let file = dir.path().join("refused.log");
    let out = promised(&["validate", path, "--rejects", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}{}", text(&out.stdout), text(&out.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), REFUSED);
    assert!(text(&out.stderr).contains("4 rows left out"), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("can be used: 0 errors"), "{}", text(&out.stdout));
}

/// What no row is to blame for is refused all the same.
#[test]
fn what_no_row_is_to_blame_for_stays_an_error() {
    let dir = directory("", &[("on_hand.csv", b"item,location\nPUMP,BER\n")]);
    let file = dir.path().join("refused.log");
    let out =
        promised(&["validate", dir.path().to_str().unwrap(), "--rejects", file.to_str().unwrap()])
            .output()
            .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stdout).contains("this column; it is required"), "{}", text(&out.stdout));
}

#[test]
fn promise_goes_on_with_the_rows_that_are_left() {
    let dir = faulty();
    let path = dir.path().to_str().unwrap();
    let orders = dir.path().join("week48.csv");
    fs::write(&orders, "order,line,item,quantity,requested_date,location\nA,1,PUMP,1,2026-11-24,BER\nA,2,VALVE,1,2026-11-24,BER\nB,1,PUMP,x,2026-11-24,BER\nC,1,PUMP,1,2026-11-24,BER\n").unwrap();
    let file = dir.path().join("refused.log");
    let args = [
        "promise",
        path,
        orders.to_str().unwrap(),
        "--format",
        "csv",
        "--rejects",
        file.to_str().unwrap(),
    ];
    let out = promised(&args).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let rows: Vec<_> =
        text(&out.stdout).lines().skip(1).map(|line| line[..3].to_string()).collect();
    assert_eq!(rows, ["A,1", "C,1"]);
    let refused = fs::read_to_string(&file).unwrap();
    let of_orders: Vec<_> = refused.lines().filter(|line| line.starts_with("orders")).collect();
    assert_eq!(
        of_orders,
        [
            "orders,week48.csv,4,quantity,x,a decimal number",
            "orders,week48.csv,3,item,VALVE,an item that the snapshot knows",
        ]
    );
    // Nothing is left: that is a failure.
    fs::write(&orders, "order,item,quantity,requested_date\nA,GHOST,1,2026-11-24\n").unwrap();
    let out = promised(&args).output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stdout));
}

#[test]
fn push_sends_what_is_left() {
    let dir = faulty();
    let server = super::Served::start(&["serve", "snapshots/tiny"]);
    let file = dir.path().join("refused.log");
    let args = [
        "push",
        dir.path().to_str().unwrap(),
        "--server",
        &server.url,
        "--rejects",
        file.to_str().unwrap(),
        "--force",
        "a test",
        "--by",
        "me",
    ];
    let out = promised(&args).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}{}", text(&out.stdout), text(&out.stderr));
    assert!(text(&out.stdout).contains("s activated: 0 errors"), "{}", text(&out.stdout));
    assert_eq!(fs::read_to_string(&file).unwrap(), REFUSED);
}
