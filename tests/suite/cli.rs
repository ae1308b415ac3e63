//! The command line as its users see it: golden output over snapshots/tiny, exit codes, mends.
//!
//! `UPDATE_EXPECT=1 cargo test --test suite cli` writes the output anew. What differs from run to run
//! (seconds, speed, temporary directories) is masked.

use expect_test::{Expect, expect};
use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Output, Stdio},
};

const TINY: &str = "snapshots/tiny";

/// The binary, in the root of the repository, where the paths of its examples lead somewhere.
fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments.split_whitespace());
    command.env_remove("NO_COLOR").env_remove("RUST_LOG");
    command
}

fn run(arguments: &str) -> Output {
    command(arguments).stdin(Stdio::null()).output().expect("the binary was built with this test")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("we write UTF-8")
}

/// What it wrote to standard output, where it must have succeeded.
fn answer(arguments: &str) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Exit code, standard output, standard error; as one text.
pub fn shown(arguments: &str) -> String {
    let output = run(arguments);
    let mut shown = format!("exit {}\n", output.status.code().expect("not killed"));
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            write!(shown, "--- {stream}\n{}", text(bytes)).expect("memory takes it");
        }
    }
    shown.lines().map(|line| masked(line) + "\n").collect()
}

/// Numbers of a line that tells how long something took.
fn masked(line: &str) -> String {
    if !line.contains("loaded in ") {
        return line.to_string();
    }
    let mut masked = String::new();
    for symbol in line.chars() {
        match symbol {
            '0'..='9' if masked.ends_with('#') => (),
            '0'..='9' => masked.push('#'),
            _ => masked.push(symbol),
        }
    }
    masked
}

#[track_caller]
fn check(arguments: &str, want: Expect) {
    want.assert_eq(&shown(arguments));
}

/// A directory of its own, shown as DIR.
struct Directory(tempfile::TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// snapshots/tiny with some of its tables replaced.
    fn tiny_with(tables: &[(&str, &str)]) -> Self {
        let directory = Self::new();
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY))
            .expect("the file system of a test works")
        {
            let entry = entry.expect("the file system of a test works");
            fs::copy(entry.path(), directory.0.path().join(entry.file_name()))
                .expect("the file system of a test works");
        }
        directory.with(tables)
    }

    fn with(self, files: &[(&str, &str)]) -> Self {
        for (name, text) in files {
            fs::write(self.0.path().join(name), text).expect("the file system of a test works");
        }
        self
    }

    fn name(&self) -> String {
        self.0.path().display().to_string()
    }

    #[track_caller]
    fn check(&self, arguments: &str, want: Expect) {
        let shown = shown(&arguments.replace("DIR", &self.name()));
        want.assert_eq(&shown.replace(&self.name(), "DIR"));
    }
}

const MAKE: (&str, &str) =
    ("make.csv", "order,item,quantity,requested_date,customer\nMAKE,PUMP,2,2026-12-04,SUEDBAU\n");

#[test]
fn promise_shows_a_table_and_counts() {
    check(
        "promise snapshots/tiny snapshots/tiny/orders.csv",
        expect![[r#"
            exit 0
            --- stdout
            order  line  status       leg  item   from  by        quantity  ships       arrives     late  supply  cost, EUR  profit, EUR
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            STOCK  1     on_time        1  PUMP   HAM   standard         2  2026-11-25  2026-11-26     0  stock      120.00        80.00
            LATE   1     late           1  VALVE  HAM   standard         4  2026-12-01  2026-12-02     6  stock       80.00        40.00
                   VALVE at HAM: 2 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27
            SPLIT  1     late           1  VALVE  HAM   standard         2  2026-11-26  2026-11-27     0  stock       40.00        20.00
                   VALVE at HAM: 0 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26
            SPLIT  1     late           2  VALVE  HAM   standard         4  2026-12-01  2026-12-02     5  stock       80.00        40.00
            BUY    1     on_time        1  SEAL   BER   standard        50  2026-12-02  2026-12-03     0  buy         25.00        75.00
            MAKE   1     on_time        1  PUMP   BER   standard         6  2026-12-04  2026-12-05     0  make       336.00       264.00
            NEVER  1     unavailable
                   VALVE at HAM: 12 available on 2027-01-21, never enough by 2027-01-21; taken by promise 8 on 2026-12-01, sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            sum                                                                                                      681.00       519.00
            --- stderr
            a dry run, nothing was promised: 6 lines in 6 orders: 3 on time (50.0 %), 2 late (33.3 %), 0 partial (0.0 %), 1 unavailable (16.7 %), 0 refused (0.0 %)
            loaded in #.# s, promised in #.# s: # lines a second
        "#]],
    );
}

#[test]
fn promise_writes_the_columns_of_the_contract() {
    check(
        "promise snapshots/tiny snapshots/tiny/orders.csv --format csv",
        expect![[r#"
            exit 0
            --- stdout
            order,line,status,option,leg,item,location,ship_method,quantity,ship_date,arrival_date,days_late,supply,rank,cost,profit,reason
            STOCK,1,on_time,0,1,PUMP,HAM,standard,2,2026-11-25,2026-11-26,0,stock,1,120,80,
            LATE,1,late,0,1,VALVE,HAM,standard,4,2026-12-01,2026-12-02,6,stock,1,80,40,"VALVE at HAM: 2 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27"
            SPLIT,1,late,0,1,VALVE,HAM,standard,2,2026-11-26,2026-11-27,0,stock,1,40,20,"VALVE at HAM: 0 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26"
            SPLIT,1,late,0,2,VALVE,HAM,standard,4,2026-12-01,2026-12-02,5,stock,1,80,40,
            BUY,1,on_time,0,1,SEAL,BER,standard,50,2026-12-02,2026-12-03,0,buy,1,25,75,
            MAKE,1,on_time,0,1,PUMP,BER,standard,6,2026-12-04,2026-12-05,0,make,1,336,264,
            NEVER,1,unavailable,0,,,,,,,,,,,,,"VALVE at HAM: 12 available on 2027-01-21, never enough by 2027-01-21; taken by promise 8 on 2026-12-01, sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26"
            --- stderr
            a dry run, nothing was promised: 6 lines in 6 orders: 3 on time (50.0 %), 2 late (33.3 %), 0 partial (0.0 %), 1 unavailable (16.7 %), 0 refused (0.0 %)
            loaded in #.# s, promised in #.# s: # lines a second
        "#]],
    );
}

#[test]
fn promise_writes_the_json_of_the_rpc_with_pegging() {
    let directory = Directory::new().with(&[MAKE]);
    directory.check("promise snapshots/tiny DIR/make.csv --format json", expect![[r#"
        exit 0
        --- stdout
        [
        {"results":[{"order":"MAKE","line":"1","status":"ON_TIME","defaultOption":{"rank":1,"summary":"PUMP from BER by standard, ships 2026-12-04, arrives 2026-12-05, on time, cost 112.00 EUR, profit 88.00 EUR","legs":[{"item":"PUMP","location":"BER","shipMethod":"standard","quantity":2.0,"shipDate":"2026-12-04","arrivalDate":"2026-12-05","pegs":[{"item":"PUMP","location":"BER","quantity":2.0,"date":"2026-12-04","make":{"workDefinition":"ASSEMBLE","startDate":"2026-12-04","started":2.0,"hours":[{"resource":"BENCH","date":"2026-12-04","hours":2.0,"from":0.5,"to":1.0}]},"cost":{"make":60.0,"total":60.0},"pegs":[{"item":"BODY","location":"BER","quantity":2.0,"date":"2026-12-04","stock":{},"cost":{"supply":50.0,"total":50.0}},{"item":"SEAL","location":"BER","quantity":4.0,"date":"2026-12-04","buy":{"supplier":"ACME","bought":100.0,"orderBy":"2026-11-29"},"cost":{"supply":2.0,"total":2.0}}]}],"needDate":"2026-12-04","supply":"make","covers":2.0,"rank":1,"cost":112.0,"profit":88.0}],"economics":{"price":200.0,"cost":112.0,"profit":88.0,"costs":{"supply":52.0,"make":60.0,"total":112.0},"currency":"EUR"}},"reasons":[{"code":"NO_LANE","text":"HAM: no lane to the line's zone","location":"HAM"}]}],"version":{"snapshotId":"tiny","asOf":"2026-11-23","sequence":"1"}}
        ]
        --- stderr
        a dry run, nothing was promised: 1 line in 1 order: 1 on time (100.0 %), 0 late (0.0 %), 0 partial (0.0 %), 0 unavailable (0.0 %), 0 refused (0.0 %)
        loaded in #.# s, promised in #.# s: # lines a second
    "#]]);
}

#[test]
fn json_is_one_array_also_of_nothing() {
    let directory = Directory::new().with(&[("none.csv", "order,item,quantity,requested_date\n")]);
    directory.check("promise snapshots/tiny DIR/none.csv --format json", expect![[r#"
        exit 0
        --- stdout
        [
        ]
        --- stderr
        a dry run, nothing was promised: 0 lines in 0 orders: 0 on time (0.0 %), 0 late (0.0 %), 0 partial (0.0 %), 0 unavailable (0.0 %), 0 refused (0.0 %)
        loaded in #.# s, promised in #.# s: # lines a second
    "#]]);
    let json = answer("promise snapshots/tiny snapshots/tiny/orders.csv --format json");
    let parsed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(parsed.as_array().map(Vec::len), Some(6));
}

#[test]
fn alternatives_follow_the_default_option() {
    check(
        "promise snapshots/tiny snapshots/tiny/orders.csv --alternatives 1 --objective lowest_cost",
        expect![[r#"
            exit 0
            --- stdout
            order  line  status       option  leg  item   from  by        quantity  ships       arrives     late  supply  cost, EUR  profit, EUR
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            STOCK  1     on_time           0    1  PUMP   HAM   standard         2  2026-11-25  2026-11-26     0  stock      120.00        80.00
            STOCK  1     on_time           1    1  PUMP   BER   standard         2  2026-11-28  2026-11-30     4  make       112.00        88.00
            LATE   1     late              0    1  VALVE  HAM   standard         4  2026-12-01  2026-12-02     6  stock       80.00        40.00
                   VALVE at HAM: 2 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27
            SPLIT  1     late              0    1  VALVE  HAM   standard         2  2026-11-26  2026-11-27     0  stock       40.00        20.00
                   VALVE at HAM: 0 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26
            SPLIT  1     late              0    2  VALVE  HAM   standard         4  2026-12-01  2026-12-02     5  stock       80.00        40.00
            SPLIT  1     late              1    1  VALVE  HAM   standard         6  2026-12-01  2026-12-02     5  stock      120.00        60.00
            BUY    1     on_time           0    1  SEAL   BER   standard        50  2026-12-02  2026-12-03     0  buy         25.00        75.00
            MAKE   1     on_time           0    1  PUMP   BER   standard         6  2026-12-04  2026-12-05     0  make       336.00       264.00
            NEVER  1     unavailable       0
                   VALVE at HAM: 12 available on 2027-01-21, never enough by 2027-01-21; taken by promise 8 on 2026-12-01, sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            sum                                                                                                              681.00       519.00
            --- stderr
            a dry run, nothing was promised: 6 lines in 6 orders: 3 on time (50.0 %), 2 late (33.3 %), 0 partial (0.0 %), 1 unavailable (16.7 %), 0 refused (0.0 %)
            loaded in #.# s, promised in #.# s: # lines a second
        "#]],
    );
}

#[test]
fn without_commit_every_line_sees_the_untouched_snapshot() {
    let orders = "order,item,quantity,requested_date\nA,PUMP,3,2026-11-23\nB,PUMP,3,2026-11-23\n";
    let directory = Directory::new().with(&[("orders.csv", orders)]);
    directory.check("promise snapshots/tiny DIR/orders.csv --commit=false", expect![[r#"
        exit 0
        --- stdout
        order  line  status   item  from  quantity  ships       arrives     late  supply  cost, EUR  profit, EUR
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        A      1     on_time  PUMP  HAM          3  2026-11-23  2026-11-23     0  stock      180.00       120.00
        B      1     on_time  PUMP  HAM          3  2026-11-23  2026-11-23     0  stock      180.00       120.00
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        sum                                                                                  360.00       240.00
        --- stderr
        a dry run, nothing was promised: 2 lines in 2 orders: 2 on time (100.0 %), 0 late (0.0 %), 0 partial (0.0 %), 0 unavailable (0.0 %), 0 refused (0.0 %)
        loaded in #.# s, promised in #.# s: # lines a second
    "#]]);
    directory.check("promise snapshots/tiny DIR/orders.csv", expect![[r#"
        exit 0
        --- stdout
        order  line  status   item  from  quantity  ships       arrives     late  supply  cost, EUR  profit, EUR
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        A      1     on_time  PUMP  HAM          3  2026-11-23  2026-11-23     0  stock      180.00       120.00
        B      1     late     PUMP  BER          3  2026-11-28  2026-11-28     5  make       168.00       132.00
               PUMP at BER: 0 available on 2026-11-27, never enough by 2027-01-21; SEAL at BER: 0 available on 2026-11-27, never enough by 2027-01-21; SEAL from supplier ACME: 5 days of lead time, there from 2026-11-28
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        sum                                                                                  348.00       252.00
        --- stderr
        a dry run, nothing was promised: 2 lines in 2 orders: 1 on time (50.0 %), 1 late (50.0 %), 0 partial (0.0 %), 0 unavailable (0.0 %), 0 refused (0.0 %)
        loaded in #.# s, promised in #.# s: # lines a second
    "#]]);
}

#[test]
fn lines_of_one_order_are_one_request() {
    let orders = "order,line,item,quantity,requested_date\n\
                  A,1,PUMP,1,2026-11-23\nA,2,PUMP,1,2026-11-23\nB,1,PUMP,1,2026-11-23\n";
    let directory = Directory::new().with(&[("orders.csv", orders)]);
    let arguments = format!("promise {TINY} {}/orders.csv --format json", directory.name());
    let answers: serde_json::Value = serde_json::from_str(&answer(&arguments)).expect("JSON");
    let lines = |request: usize| answers[request]["results"].as_array().map(Vec::len);
    assert_eq!([lines(0), lines(1), lines(2)], [Some(2), Some(1), None]);
}

#[test]
fn every_faulty_row_is_named_and_nothing_is_promised() {
    let orders = "order,line,item,quantity,requested_date\n\
                  A,1,PUMP,-1,2026-02-30\nA,2,PUMP,NaN,2026-12-01\nB,1,PUMP,1,2026-12-01\n";
    let directory = Directory::new().with(&[("orders.csv", orders)]);
    directory.check(
        "promise snapshots/tiny DIR/orders.csv",
        expect![[r#"
        exit 1
        --- stderr
        error: orders row 2, quantity = "-1": a number above 0
        error: orders row 2, requested_date = "2026-02-30": a date such as 2026-11-23
        error: orders row 3, quantity = "NaN": a decimal number
        error: DIR/orders.csv has 3 faults; nothing was promised
        try: correct the rows named above and run it again
    "#]],
    );
}

#[test]
fn every_unknown_key_is_named_and_nothing_is_promised() {
    let orders = "order,line,item,quantity,requested_date,customer\n\
                  A,1,PUMP,1,2026-12-01,\nA,2,PUMPE,1,2026-12-01,NOBODY\nB,1,VALV,1,2026-12-01,\n";
    let directory = Directory::new().with(&[("orders.csv", orders)]);
    directory.check(
        "promise snapshots/tiny DIR/orders.csv",
        expect![[r#"
            exit 1
            --- stderr
            error: orders row 3, item = "PUMPE": an item that the snapshot knows
            error: orders row 3, customer = "NOBODY": a customer that the snapshot knows
            error: orders row 4, item = "VALV": an item that the snapshot knows
            error: DIR/orders.csv has 3 faults; nothing was promised
            try: correct the rows named above and run it again
        "#]],
    );
}

#[test]
fn atp_draws_the_balance() {
    check(
        "atp snapshots/tiny VALVE --from 2026-11-26 --days 6",
        expect![[r#"
            exit 0
            --- stdout
            VALVE  Valve

            HAM, in EA
            date        supply  demand  balance  available
            ─────────────────────────────────────────────────────────────────────────
            2026-11-26       0       0        5          2  █████▍
            2026-11-27       0       3        2          2  ██▏
            2026-11-28       0       0        2          2  ██▏
            2026-11-29       0       0        2          2  ██▏
            2026-11-30       0       0        2          2  ██▏
            2026-12-01      20       0       22         22  ████████████████████████

            not counted: what could be made, bought or moved
        "#]],
    );
}

#[test]
fn atp_marks_a_negative_balance() {
    let demands =
        "demand,type,item,location,date,quantity\nSO-1/1,sales_order,VALVE,HAM,2026-11-24,8\n";
    let directory = Directory::tiny_with(&[("demands.csv", demands)]);
    directory.check(
        "atp DIR VALVE --location HAM --days 3",
        expect![[r#"
            exit 0
            --- stdout
            VALVE  Valve

            HAM, in EA
            date        supply  demand  balance  available
            ─────────────────────────────────────────────────────────────────────────
            2026-11-23       5       0        5          0  ████████████████████████
            2026-11-24       0       8       -3          0  -▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
            2026-11-25       0       0       -3          0  -▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒

            not counted: what could be made, bought or moved
        "#]],
    );
}

#[test]
fn atp_shows_every_location_that_keeps_the_item() {
    check(
        "atp snapshots/tiny PUMP --days 1 --format csv",
        expect![[r#"
        exit 0
        --- stdout
        item,location,date,supply,demand,balance,available
        PUMP,BER,2026-11-23,0,0,0,0
        PUMP,HAM,2026-11-23,3,0,3,3
    "#]],
    );
    check(
        "atp snapshots/tiny VALVE --days 1 --format json",
        expect![[r#"
        exit 0
        --- stdout
        {
          "item": "VALVE",
          "uom": "EA",
          "tables": [
            {
              "location": "HAM",
              "days": [
                {
                  "date": "2026-11-23",
                  "supply": 5,
                  "demand": 0,
                  "balance": 5,
                  "available": 2
                }
              ]
            }
          ],
          "version": {
            "snapshotId": "tiny",
            "asOf": "2026-11-23"
          }
        }
    "#]],
    );
}

#[test]
fn atp_says_what_it_cannot_show() {
    check(
        "atp snapshots/tiny VALV",
        expect![[r#"
            exit 1
            --- stderr
            error: the table items has no "VALV"
            try: VALVE
        "#]],
    );
    check(
        "atp snapshots/tiny VALVE --location BERLIN",
        expect![[r#"
            exit 1
            --- stderr
            error: the table locations has no "BERLIN"
            try: BER
        "#]],
    );
    check(
        "atp snapshots/tiny VALVE --location BER --days 1",
        expect![[r#"
            exit 0
            --- stdout
            VALVE  Valve

            BER, in EA
            date        supply  demand  balance  available
            ──────────────────────────────────────────────────
            2026-11-23       0       0        0          0

            not counted: what could be made, bought or moved
            --- stderr
            note: BER does not keep VALVE; kept: HAM
        "#]],
    );
    check(
        "atp snapshots/tiny VALVE --from 2030-01-01",
        expect![[r#"
        exit 1
        --- stderr
        error: 2030-01-01 is not within the snapshot's horizon
        try: --from a date from 2026-11-23 to 2027-01-21
    "#]],
    );
    check(
        "atp snapshots/tiny VALVE --class GOLD",
        expect![[r#"
            exit 1
            --- stderr
            error: the table demand_classes has no "GOLD"
            try: a key of the table demand_classes
        "#]],
    );
}

#[test]
fn explain_draws_the_pegging_tree() {
    check(
        "explain snapshots/tiny snapshots/tiny/orders.csv --order MAKE",
        expect![[r#"
            exit 0
            --- stdout
            MAKE/1  6 PUMP for SUEDBAU, to ship on 2026-12-04
            on time: PUMP from BER by standard, ships 2026-12-04, arrives 2026-12-05, on time, cost 336.00 EUR, profit 264.00 EUR

              leg 1: 6 PUMP from BER by standard: leaves stock 2026-12-04, ships 2026-12-04, arrives 2026-12-05, on time
              └─ make 6 PUMP in BER by ASSEMBLE: start 2026-12-03, there 2026-12-04, cost 180.00 EUR
                 │  BENCH: 2 h on 2026-12-03 (50 to 100 % of the day), 4 h on 2026-12-04
                 ├─ 6 BODY in BER on 2026-12-03: 6 from stock, cost 150.00 EUR
                 └─ 12 SEAL in BER on 2026-12-03: 12 from stock, cost 6.00 EUR

              ruled out
              - HAM: no lane to the line's zone

              economics  amount, EUR
              ───────────────────────
              price           600.00
              supply         -156.00
              make           -180.00
              profit          264.00

        "#]],
    );
}

#[test]
fn explain_says_what_bounds_the_date() {
    check(
        "explain snapshots/tiny snapshots/tiny/orders.csv --order LATE --line 1",
        expect![[r#"
            exit 0
            --- stdout
            LATE/1  4 VALVE for NORDWIND, to ship on 2026-11-25
            late: VALVE from HAM by standard, ships 2026-12-01, arrives 2026-12-02, 6 days late, cost 80.00 EUR, profit 40.00 EUR

              leg 1: 4 VALVE from HAM by standard: leaves stock 2026-12-01, ships 2026-12-01, arrives 2026-12-02, 6 days late
              └─ 4 VALVE in HAM on 2026-12-01: 2 from stock, 2 of PO-1 (due 2026-12-01), cost 80.00 EUR

              what bounds it
              - VALVE at HAM: 2 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27

              what would make it on time: any one of
              - expedite PO-1 by 4 days, to 2026-11-27
              - get 2 more VALVE to HAM by 2026-11-25

              economics  amount, EUR
              ───────────────────────
              price           120.00
              supply          -80.00
              profit           40.00

        "#]],
    );
    check(
        "explain snapshots/tiny snapshots/tiny/orders.csv --order NEVER",
        expect![[r#"
            exit 0
            --- stdout
            NEVER/1  50 VALVE for NORDWIND, to ship on 2026-12-10
            unavailable: nothing promised

              what bounds it
              - VALVE at HAM: 12 available on 2027-01-21, never enough by 2027-01-21; taken by promise 8 on 2026-12-01, sales order SO-1/1 3 on 2026-11-27, promise 2 on 2026-11-26

              what would make it on time: any one of
              - get 38 more VALVE to HAM by 2026-12-10

        "#]],
    );
}

#[test]
fn explain_names_orders_that_may_be_meant() {
    check(
        "explain snapshots/tiny snapshots/tiny/orders.csv --order LATER",
        expect![[r#"
        exit 1
        --- stderr
        error: there is no order "LATER" in snapshots/tiny/orders.csv
        try: --order LATE
    "#]],
    );
    check(
        "explain snapshots/tiny snapshots/tiny/orders.csv --order LATE --line 2",
        expect![[r#"
        exit 1
        --- stderr
        error: order "LATE" has no line "2"
        try: --line with one of 1
    "#]],
    );
}

#[test]
fn validate_counts_the_rows_of_a_good_snapshot() {
    check(
        "validate snapshots/tiny",
        expect![[r#"
        exit 0
        --- stdout
        table                       rows
        ─────────────────────────────────
        customers                      2
        demands                        1
        item_suppliers                 1
        items                          4
        locations                      2
        on_hand                        3
        resources                      1
        shipping_lanes                 3
        suppliers                      1
        supplies                       1
        work_definition_components     2
        work_definition_operations     1
        work_definitions               1
        zones                          2

        snapshots/tiny can be used: 0 errors, 0 warnings
    "#]],
    );
}

/// A snapshot with faults of several kinds.
fn broken() -> Directory {
    let on_hand = "item,location,quantity,colour\n\
                   PUMPE,HAM,3,red\nBODY,BER,-1,\nVALVE,HAM,1e300,\nSEAL,BER,0.0000001,\n";
    let calendars = "calendar,working_days\nNEVER,\n";
    Directory::tiny_with(&[("on_hand.csv", on_hand), ("calendars.csv", calendars)])
}

#[test]
fn validate_lists_every_fault() {
    let directory = broken();
    directory.check("validate DIR", expect![[r#"
        exit 1
        --- stdout
        severity  table      row  column        value      expected
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        warning   resources    2  calendar                 a calendar here or at its location; it works every day
        warning   on_hand         colour                   an unknown column; it is not read
        error     on_hand      2  item          PUMPE      a known item; add it to its table or correct the key
        warning   on_hand      3  quantity      -1         a quantity that is not negative; the lots of an item and location are added up with it
        error     on_hand      4  quantity      1e300      a number of at most 1000000000
        error     on_hand      5  quantity      0.0000001  a number with at most 6 decimals
        error     calendars    2  working_days  NEVER      a calendar that works on a day of the horizon; this one never does

        DIR cannot be used: 4 errors, 3 warnings
    "#]]);
    directory.check("validate DIR --format csv", expect![[r#"
        exit 1
        --- stdout
        severity,table,row,column,value,expected
        warning,resources,2,calendar,,a calendar here or at its location; it works every day
        warning,on_hand,,colour,,an unknown column; it is not read
        error,on_hand,2,item,PUMPE,a known item; add it to its table or correct the key
        warning,on_hand,3,quantity,-1,a quantity that is not negative; the lots of an item and location are added up with it
        error,on_hand,4,quantity,1e300,a number of at most 1000000000
        error,on_hand,5,quantity,0.0000001,a number with at most 6 decimals
        error,calendars,2,working_days,NEVER,a calendar that works on a day of the horizon; this one never does
    "#]]);
    let arguments = format!("validate {} --format json", directory.name());
    let report: serde_json::Value =
        serde_json::from_str(&text(&run(&arguments).stdout)).expect("JSON");
    assert_eq!(report["problems"][2]["row"], 2);
}

#[test]
fn a_broken_snapshot_is_not_promised_from() {
    broken().check("promise DIR snapshots/tiny/orders.csv", expect![[r#"
        exit 1
        --- stderr
        error: on_hand row 2, item = "PUMPE": a known item; add it to its table or correct the key
        error: on_hand row 4, quantity = "1e300": a number of at most 1000000000
        error: on_hand row 5, quantity = "0.0000001": a number with at most 6 decimals
        error: calendars row 2, working_days = "NEVER": a calendar that works on a day of the horizon; this one never does
        error: the snapshot DIR has 4 errors
        try: promised validate DIR lists them all
    "#]]);
}

#[test]
fn what_is_not_there_is_named() {
    check(
        "promise snapshots/none snapshots/tiny/orders.csv",
        expect![[r#"
        exit 1
        --- stderr
        error: cannot read the directory snapshots/none: No such file or directory (os error 2)
        try: give the directory that holds manifest.json
    "#]],
    );
    check(
        "promise snapshots snapshots/tiny/orders.csv",
        expect![[r#"
        exit 1
        --- stderr
        error: there is no manifest.json in snapshots
        try: write one with at least {"snapshot_id": "NAME", "as_of": "2026-11-23"}
    "#]],
    );
    check(
        "promise snapshots/tiny snapshots/tiny/none.csv",
        expect![[r#"
        exit 1
        --- stderr
        error: cannot read snapshots/tiny/none.csv: No such file or directory (os error 2)
        try: check the path and the permissions
    "#]],
    );
    check(
        "promise snapshots/tiny snapshots/tiny/README.md",
        expect![[r#"
            exit 1
            --- stderr
            error: cannot read rows from snapshots/tiny/README.md
            try: name a file that ends in .csv, .xlsx or .parquet, packed (.gz, .zip) or not
        "#]],
    );
}

#[test]
fn bad_usage_is_exit_code_2() {
    let mut all = String::new();
    for arguments in [
        "",
        "promize",
        "promise",
        "promise snapshots/tiny",
        "promise snapshots/tiny snapshots/tiny/orders.csv --format xml",
        "promise snapshots/tiny snapshots/tiny/orders.csv --alternatives -1",
        "promise snapshots/tiny snapshots/tiny/orders.csv --commit=maybe",
        "promise snapshots/tiny snapshots/tiny/orders.csv --objective fastest",
        "atp snapshots/tiny VALVE --from tomorrow",
        "atp snapshots/tiny VALVE --days 0",
        "explain snapshots/tiny snapshots/tiny/orders.csv",
        "generate somewhere --items 0",
        "generate somewhere --items 3 --depth 3",
        "load snapshots/tiny --mix fast=1",
        "load snapshots/tiny --skew -1",
        "serve",
        "serve snapshots/tiny --listen here",
        "serve snapshots/tiny --retain forever",
    ] {
        let output = run(arguments);
        let first = text(&output.stderr).lines().next().unwrap_or_default().to_string();
        let code = output.status.code().expect("not killed");
        writeln!(all, "{code} {arguments}\n  {first}").expect("memory takes it");
    }
    expect![[r#"
        2 
          In-memory order promising: when can it be there, from where, made of what
        2 promize
          error: unrecognized subcommand 'promize'
        2 promise
          error: the following required arguments were not provided:
        2 promise snapshots/tiny
          error: the following required arguments were not provided:
        2 promise snapshots/tiny snapshots/tiny/orders.csv --format xml
          error: invalid value 'xml' for '--format <FORMAT>'
        2 promise snapshots/tiny snapshots/tiny/orders.csv --alternatives -1
          error: unexpected argument '-1' found
        2 promise snapshots/tiny snapshots/tiny/orders.csv --commit=maybe
          error: invalid value 'maybe' for '--commit[=<true|false>]'
        2 promise snapshots/tiny snapshots/tiny/orders.csv --objective fastest
          error: invalid value 'fastest' for '--objective <OBJECTIVE>': one of sourcing_rank, earliest, lowest_cost, highest_profit is expected
        2 atp snapshots/tiny VALVE --from tomorrow
          error: invalid value 'tomorrow' for '--from <D>': a date such as 2026-11-23 is expected
        2 atp snapshots/tiny VALVE --days 0
          error: invalid value '0' for '--days <N>': 0 is not in 1..=65535
        2 explain snapshots/tiny snapshots/tiny/orders.csv
          error: the following required arguments were not provided:
        2 generate somewhere --items 0
          error: invalid value '0' for '--items <N>': 0 is not in 1..=100000000
        2 generate somewhere --items 3 --depth 3
          error: 3 items cannot have 3 levels of components
        2 load snapshots/tiny --mix fast=1
          error: invalid value 'fast=1' for '--mix <KIND=SHARE,..>': shares such as quick=80,promise=20 are expected, of quick, check, promise, stream, cancel
        2 load snapshots/tiny --skew -1
          error: unexpected argument '-1' found
        2 serve
          error: there is nothing to serve
        2 serve snapshots/tiny --listen here
          error: invalid value 'here' for '--listen <ADDR>': a host and a port are expected, such as 127.0.0.1:50051 (invalid socket address)
        2 serve snapshots/tiny --retain forever
          error: invalid value 'forever' for '--retain <TIME>': a time such as 7d, 12h, 30m or 90s is expected
    "#]].assert_eq(&all);
}

#[test]
fn help_of_every_command_has_examples_that_work_here() {
    let help = answer("--help");
    expect![[r#"
        In-memory order promising: when can it be there, from where, made of what

        Usage: promised [OPTIONS] <COMMAND>

        Commands:
          promise      Promises an orders file against a snapshot, without a server
          atp          Shows the supply, demand, balance and availability of an item, day by day
          allocation   Shows what became of the shares of demand classes: who was given what, and who took
                       it
          explain      Explains an order: its pegging trees, what bounds its dates, what it costs
          validate     Lists every fault of a snapshot
          simulate     Promises an orders file with changes of the snapshot, and compares
          backlog      Promises the orders of a file again, by other priorities and strategies
          serve        Serves a snapshot over gRPC
          config       Shows what a server is configured as, and what is wrong with that
          token        Says who may call a server, by named tokens
          cluster      Begins a cluster of several servers, and tells how it is
          backup       Saves all of a running server's state, as it is at one instant
          restore      Makes a data directory of a backup
          journal      Looks at the journal of a data directory, and mends it
          push         Loads a snapshot into a running server, and prints what became of the promises
          change       Changes planning data of a running server, and prints what that means for promises
          get          Shows what a running server has promised of an order
          list         Lists the promises of a running server
          hold         Keeps an item, or the lines of a file, for a while on a running server
          confirm      Makes what is held a promise
          cancel       Gives promises back
          amend        Promises a line anew in place of an old promise
          fulfil       Says that promises have shipped
          reopen       Takes a shipment back
          status       Shows what a running server serves, how old it is and what is under way
          health       Asks whether a server is ready
          proto        Writes the proto files of this server
          completions  Writes completions of the command line for a shell
          man          Writes the pages of the manual
          exceptions   Shows what needs a planner, by what limits it; says who has seen it
          late         Shows how much is late, by what it waits for
          figures      Shows figures over the promises of a running server
          export       Writes all promises of a running server into a file
          watch        Shows what happens on a running server, as it happens
          webhook      Tries a webhook
          check        Says whether so many can be there by a date, and how many at most
          import       Makes a snapshot of an export of another system
          generate     Writes a synthetic snapshot and orders of any size
          load         Asks a running server as much as it is told to, and measures how long answers take
          help         Print this message or the help of the given subcommand(s)

        Options:
          -h, --help     Print help
          -V, --version  Print version

        A server:
              --ca <FILE>           Whoever signs the server's certificate, as PEM; the system's authorities
                                    if not given [env: PROMISED_CA=]
              --certificate <FILE>  The certificate to show to a server, as PEM [env: PROMISED_CERTIFICATE=]
              --key <FILE>          Its key, as PEM [env: PROMISED_KEY=]
              --token-file <FILE>   The file of the token to call with; PROMISED_TOKEN if not given [env:
                                    PROMISED_TOKEN_FILE=]

        Examples:
          promised promise snapshots/tiny snapshots/tiny/orders.csv
          promised atp snapshots/tiny VALVE
          promised serve snapshots/adventureworks

        promised COMMAND --help has examples of each command.
        Exit code: 0 it ran, 1 it failed, 2 the command line is wrong; of serve also 74 (the journal or the
        engine failed: start it again), 130 and 143 (told to stop twice).
    "#]]
    .assert_eq(&help);
    for name in [
        "promise", "atp", "explain", "validate", "simulate", "backlog", "serve", "generate",
        "load", "push", "change", "get", "list", "hold", "confirm", "cancel", "amend", "fulfil",
        "reopen", "status", "health", "proto",
    ] {
        let help = answer(&format!("{name} --help"));
        let (_, examples) = help.split_once("Examples:\n").expect("examples");
        assert!(examples.contains(&format!("  promised {name} ")), "{examples}");
        let paths = examples.split_whitespace().filter(|word| word.starts_with("snapshots/"));
        for path in paths {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{name}: {path}");
        }
    }
}

/// Every file of a directory, by name.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("the file system of a test works")
        .map(|entry| entry.expect("the file system of a test works").path())
        .map(|path| {
            (
                path.file_name().expect("the file system of a test works").display().to_string(),
                fs::read(&path).expect("the file system of a test works"),
            )
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_same_seed_generates_the_same_bytes() {
    let directory = Directory::new();
    let into = |name: &str, more: &str| {
        let path = directory.0.path().join(name);
        answer(&format!("generate {} --items 60 --orders 40 {more}", path.display()));
        files(&path)
    };
    for format in ["csv", "parquet"] {
        let one = into(&format!("{format}-1"), &format!("--seed 7 --format {format}"));
        let two = into(&format!("{format}-2"), &format!("--seed 7 --format {format}"));
        let other = into(&format!("{format}-3"), &format!("--seed 8 --format {format}"));
        assert!(one == two && one != other && 20 < one.len());
    }
}

#[test]
fn what_is_generated_is_valid_and_the_same_in_both_formats() {
    let directory = Directory::new();
    let sizes = "--items 60 --locations 5 --orders 40 --depth 1 --seed 3";
    for format in ["csv", "parquet"] {
        let name = format!("{}/{format}", directory.name());
        answer(&format!("generate {name} {sizes} --format {format}"));
        let verdict = answer(&format!("validate {name}"));
        assert!(verdict.ends_with("can be used: 0 errors, 0 warnings\n"), "{verdict}");
    }
    let results = |format: &str| {
        let name = format!("{}/{format}", directory.name());
        answer(&format!("promise {name} {name}/orders.{format} --format csv"))
    };
    assert_eq!(results("csv"), results("parquet"));
}

#[test]
fn a_good_is_kept_where_it_is_wanted() {
    let directory = Directory::new();
    let name = format!("{}/wide", directory.name());
    answer(&format!("generate {name} --items 12 --locations 8 --keepers 4 --depth 0 --orders 9"));
    let verdict = answer(&format!("validate {name}"));
    assert!(verdict.ends_with("can be used: 0 errors, 0 warnings\n"), "{verdict}");
    let on_hand = fs::read_to_string(format!("{name}/on_hand.csv")).expect("it was written");
    assert_eq!(on_hand.lines().count(), 1 + 12 * 4);
}

#[test]
fn generate_leaves_other_files_alone() {
    let directory = Directory::new().with(&[("items.parquet", "")]);
    directory.check(
        "generate DIR",
        expect![[r#"
        exit 1
        --- stderr
        error: DIR is not empty; tables left over in it would be read with the new ones
        try: a new directory
    "#]],
    );
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let directory = Directory::new();
    let name = format!("{}/generated", directory.name());
    answer(&format!("generate {name} --items 60 --entries 400 --orders 0"));
    let mut child = command(&format!("atp {name} FG-00 --days 365 --format csv"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built with this test");
    // Closed before the first byte is written, or at the latest before all are.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the file system of a test works");
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

/// A server on a free port, and its first line.
fn server() -> (std::process::Child, String) {
    let mut child = command("serve snapshots/tiny --listen 127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built with this test");
    let mut line = String::new();
    let out = child.stdout.as_mut().expect("piped");
    BufReader::new(out).read_line(&mut line).expect("a line");
    (child, line)
}

#[test]
fn serve_says_when_it_is_ready_and_stops_when_told() {
    let (mut child, line) = server();
    expect![[r#"
        serving tiny on #.#.#.#:#: # items, # locations, loaded in #.# s; # promises; promises are kept in memory only (--data DIR keeps them); Ctrl-C stops it
    "#]]
    .assert_eq(&masked(&line));
    let address = line.split([' ', ':']).nth(3).expect("host").to_string();
    assert_eq!(address, "127.0.0.1");
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(told.expect("kill").success());
    assert_eq!(child.wait().expect("the file system of a test works").code(), Some(0));
    let mut log = String::new();
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut log)
        .expect("the file system of a test works");
    assert!(!log.contains("error"), "{log}");
}

#[test]
fn a_port_in_use_is_said_with_the_mend() {
    let taken =
        std::net::TcpListener::bind("127.0.0.1:0").expect("the file system of a test works");
    let port = taken.local_addr().expect("the file system of a test works").port().to_string();
    let shown = shown(&format!("serve snapshots/tiny --listen 127.0.0.1:{port}"));
    expect![[r#"
        exit 1
        --- stderr
        error: cannot listen on 127.0.0.1:PORT: Address already in use (os error 98)
        try: stop what uses the port (ss -ltnp shows it), or --listen with another one; port 0 takes a free one
    "#]].assert_eq(&shown.replace(&port, "PORT"));
}
