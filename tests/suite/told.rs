//! Issue 17 item 8: what the commands say of what bounds a plan.

use std::{fs, path::Path, process::Command};

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("there is room");
    }
}

/// What a command writes to standard output.
fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_promised")).args(arguments).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it writes text")
}

/// A house that ships one order line a day, and three lines for one day: with one line more two of three ship on it, and
/// with two all. Two thirds are 66.67 %, not 66.66.
#[test]
fn the_lines_of_a_house_may_vary_and_shares_are_rounded() {
    let folder = tempfile::tempdir().expect("there is room");
    let manifest = r#"{"snapshot_id":"H","as_of":"2026-11-23","horizon_days":30,"currency":"EUR"}"#;
    let date = "2026-11-23";
    write(
        folder.path(),
        &[
            ("manifest.json", manifest),
            ("items.csv", "item\nA\n"),
            ("locations.csv", "location,order_lines_per_day\nHAM,1\n"),
            ("on_hand.csv", "item,location,quantity\nA,HAM,9\n"),
            (
                "orders.csv",
                &format!(
                    "order,item,quantity,requested_date\nO1,A,1,{date}\nO2,A,1,{date}\nO3,A,1,{date}\n"
                ),
            ),
        ],
    );
    let snapshot = folder.path().to_str().expect("a plain path");
    let orders = format!("{snapshot}/orders.csv");
    let told =
        said(&["simulate", snapshot, &orders, "--vary", "capacity:HAM:0..2:1", "--format", "csv"]);
    let rows: Vec<String> = told
        .lines()
        .skip(1)
        .map(|row| row.split(',').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(rows, ["0 3 33.33", "1 3 66.67", "2 3 100.00"], "{told}");
}
