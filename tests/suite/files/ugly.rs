//! Issue 26 item 1: exports as a stranger has them, who knows nothing of us: sheets with blanks in their names, "Unicode text" of
//! Excel, what SQL*Plus writes below its rows, dates of three continents.

use super::{directory, on_hand, promised, said, workbook};
use std::fs;

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn tables_with_blanks_in_their_names() {
    let dir = directory(
        "",
        &[
            ("On Hand.csv", b"item,location,quantity\nPUMP,HAM,3\n"),
            ("ShippingLanes.csv", b"origin,destination,transit_days\nHAM,BER,1\n"),
        ],
    );
    assert_eq!(on_hand(dir.path()), "PUMP HAM 3");
    assert!(!said(dir.path()).contains("ShippingLanes"), "{}", said(dir.path()));
    // A workbook as a planner keeps it: a cover, titles, sheets called as people call them.
    let book = workbook(&[
        ("Read me", &["Planning data", "Owner|Anna"]),
        ("Manifest", &["snapshot_id|book", "as_of|2026-11-23", "horizon_days|30"]),
        ("Items", &["Items of our plant", "Item", "PUMP"]),
        ("Locations", &["Location", "HAM"]),
        ("On Hand", &["Stock", "Item|Location|Quantity", "PUMP|HAM|3"]),
    ]);
    let path = dir.path().join("week 48.xlsx");
    fs::write(&path, book).unwrap();
    let out = promised(&["validate", path.to_str().unwrap()]).output().unwrap();
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{told}");
    assert!(
        told.contains("week 48.xlsx, sheet On Hand"),
        "its owner knows it by this name: {told}"
    );
    assert!(told.contains("0 errors, 1 warning"), "the cover alone is not read: {told}");
}

#[test]
fn what_is_almost_the_name_of_a_table_is_not_passed_over() {
    let dir = directory("", &[("supply.csv", b"supply,type,item,location,date,quantity\n")]);
    let want =
        "error: supplies = \"supply.csv\": the table's own name, such as supplies; rename it";
    assert!(said(dir.path()).contains(want), "{}", said(dir.path()));
}

#[test]
fn text_as_excel_saves_it() {
    let rows = utf16("Item\tLocation\tQuantity\r\nPUMP\tHAM\t3\r\n");
    let dir = directory(
        "",
        &[
            ("on_hand.txt", &rows),
            ("resources.tsv", b"resource\tlocation\thours_per_day\nR\tHAM\t8\n"),
        ],
    );
    assert_eq!(on_hand(dir.path()), "PUMP HAM 3");
    // One table in two files is none.
    let dir = directory(
        "",
        &[
            ("on_hand.csv", b"item,location,quantity\n"),
            ("On Hand.txt", b"item,location,quantity\n"),
        ],
    );
    assert!(said(dir.path()).contains("one file of a table"), "{}", said(dir.path()));
}

#[test]
fn what_is_no_row_is_told_with_its_mend() {
    let told = |rows: &str| {
        let text = format!("item,location,quantity\nPUMP,HAM,3\n{rows}\n");
        said(directory("", &[("on_hand.csv", text.as_bytes())]).path())
    };
    assert!(told("\n1 row selected.").contains("SET FEEDBACK OFF"), "{}", told("1 row selected."));
    assert!(told("----------").contains("a line that is drawn is no row"));
    assert!(told("VALVE,HAM").contains("separate empty cells at its end too"));
}

#[test]
fn dates_with_slashes_are_told_as_they_may_be_meant() {
    let told = |date: &str| {
        let text = format!(
            "supply,type,item,location,date,quantity\nPO-1,purchase_order,PUMP,HAM,{date},3\n"
        );
        said(directory("", &[("supplies.csv", text.as_bytes())]).path())
    };
    for (date, want) in [
        ("27/11/2026", r#""dates": "DD/MM/YYYY"}"#),
        ("11/27/2026", r#""dates": "MM/DD/YYYY"}"#),
        ("12/04/2026", r#""dates": "MM/DD/YYYY"}, or "DD/MM/YYYY""#),
    ] {
        assert!(told(date).ends_with(want), "{}", told(date));
    }
}

#[test]
fn a_long_number_that_a_spreadsheet_has_shortened() {
    let files: [(&str, &[u8]); 2] = [
        ("items.csv", b"item\n4500000000012\n"),
        ("on_hand.csv", b"item,location,quantity\n4.5E+12,HAM,3\n"),
    ];
    let told = said(directory("", &files).path());
    assert!(
        told.contains("a spreadsheet shows a long number so: format the column as text"),
        "{told}"
    );
}
