//! Tables as spreadsheets and ERPs write them out: titles above the header, columns that were there once, names of months,
//! numbers of days, signs behind numbers, names of columns in another language.

use super::{check, directory, on_hand, promised, workbook};
use std::fs;

#[track_caller]
fn stock(manifest: &str, name: &str, bytes: &[u8], want: &str) {
    assert_eq!(on_hand(directory(manifest, &[(name, bytes)]).path()), want, "{name}");
}

#[test]
fn titles_may_stand_above_the_header() {
    let text = b"Stock of today, 23.11.2026;;\r\n;;\r\n\r\nItem;Location;Quantity\r\nPUMP;BER;2,5\r\n4711;HAM;x\r\n";
    check(
        "",
        &[("on_hand.csv", text)],
        "
        error: on_hand row 6, quantity = \"x\": a decimal number
        on_hand.csv: semicolons, header in row 4, decimal commas, Item is item, Location is location, Quantity is quantity",
    );
    let rows = ["Stock of today", "", "printed by Ann|2026-11-23", "item|location|quantity"];
    let good = workbook(&[("Tabelle1", &[&rows[..], &["PUMP|BER|2"]].concat())]);
    stock("", "on_hand.xlsx", &good, "PUMP BER 2");
    let bad = workbook(&[("Tabelle1", &[&rows[..], &["PUMP|BER|x"]].concat())]);
    check(
        "",
        &[("on_hand.xlsx", &bad)],
        "
        error: on_hand row 5, quantity = \"x\": a decimal number
        on_hand.xlsx: header in row 4",
    );
    // A cover before the sheet that has the table's name.
    let covered =
        workbook(&[("Cover", &["Stock"]), ("On_Hand", &["item|location|quantity", "PUMP|BER|2"])]);
    stock("", "on_hand.xlsx", &covered, "PUMP BER 2");
    // Nothing names what the table must have: the first row is the header, and what it lacks is told.
    let none = workbook(&[("x", &["Stock of today", "item|place", "PUMP|BER"])]);
    for (name, bytes) in
        [("on_hand.xlsx", &none[..]), ("on_hand.csv", b"Stock of today\nitem,place\nPUMP,BER\n")]
    {
        let told = super::said(directory("", &[(name, bytes)]).path());
        assert!(told.contains("warning: on_hand, Stock of today: an unknown column"), "{told}");
        assert!(told.contains("error: on_hand, quantity: this column; it is required"), "{told}");
    }
}

#[test]
fn columns_that_were_there_once_are_none() {
    stock(
        "",
        "on_hand.csv",
        b"item;location;quantity;;\nPUMP;BER;2;;\n;;;;\nVALVE;BER;3\n",
        "PUMP BER 2, VALVE BER 3",
    );
    stock("", "on_hand.csv", b"item,location,quantity\nPUMP,BER,2,,\n", "PUMP BER 2");
    check(
        "",
        &[("on_hand.csv", b"item,location,quantity\nPUMP,BER,2,,1\n")],
        "error: on_hand row 2: 3 fields, as in the header of on_hand.csv; the row has 5; put a text that holds a separator into quotes",
    );
}

#[test]
fn a_sign_may_stand_behind_its_number() {
    let table = b"item;location;quantity\nPUMP;BER;1.234,000\nPUMP;HAM;12,500-\n";
    check(
        r#""format": {"decimal": ","}"#,
        &[("on_hand.csv", table)],
        r#"
        warning: on_hand row 3, quantity = "-12.500": a quantity that is not negative; the lots of an item and location are added up with it
        items.csv: decimal commas
        locations.csv: decimal commas
        on_hand.csv: semicolons, decimal commas"#,
    );
}

#[test]
fn months_may_have_names() {
    let supplies = b"supply,type,item,location,date,quantity\nA,work_order,PUMP,BER,01-DEC-26,1\n";
    check(
        r#""format": {"dates": "DD-MMM-YY"}"#,
        &[("supplies.csv", supplies)],
        "supplies.csv: dates DD-MMM-YY",
    );
    check(
        "",
        &[("supplies.csv", supplies)],
        r#"error: supplies row 2, date = "01-DEC-26": a date such as 2026-11-23; say in manifest.json how dates are written: "format": {"dates": "DD-MMM-YY"}"#,
    );
}

#[test]
fn the_number_of_a_day_is_named_as_the_date_that_it_is() {
    check(
        "",
        &[(
            "supplies.csv",
            b"supply,type,item,location,date,quantity\nA,work_order,PUMP,BER,46387,1\n",
        )],
        "error: supplies row 2, date = \"46387\": a date such as 2026-11-23; a spreadsheet calls 2026-12-31 so: format the column as a date there",
    );
}

#[test]
fn columns_in_another_language_are_named_in_the_manifest() {
    let german = "Artikel;Lagerort;Menge in Stück\nPUMP;BER;2\n";
    let told = super::said(directory("", &[("on_hand.csv", german.as_bytes())]).path());
    let want = r#"error: on_hand, item: this column; it is required; if the file calls it otherwise, say so in manifest.json: "columns": {"on_hand": {"NAME IN THE FILE": "item"}}"#;
    assert!(told.contains(want), "{told}");
    let manifest = r#""columns": {"On_Hand": {"artikel": "item", "Lagerort": "location", "MENGE IN STÜCK": "quantity"}}"#;
    stock(manifest, "on_hand.csv", german.as_bytes(), "PUMP BER 2");
}

/// `Expires On` can mean nothing else than `expires_on`; a column that is passed over would be a quiet loss.
#[test]
fn blanks_and_dashes_in_a_name_are_underscores() {
    let table = b"Item,Location,Quantity,Expires On,on-hold\nPUMP,BER,2,2026-12-31,x\n";
    check(
        "",
        &[("on_hand.csv", table)],
        "
        warning: on_hand, on-hold: an unknown column; it is not read
        on_hand.csv: Item is item, Location is location, Quantity is quantity, Expires On is expires_on",
    );
}

#[test]
fn what_is_no_workbook_says_what_it_is() {
    let told = |bytes: &[u8]| super::said(directory("", &[("on_hand.xlsx", bytes)]).path());
    let old = told(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat());
    assert!(
        old.contains("it is an old workbook, or has a password; save it as .xlsx without one"),
        "{old}"
    );
    let text = told(b"item;location;quantity\nPUMP;BER;2\n");
    assert!(text.contains("it is no workbook; if it is text, let its name end in .csv"), "{text}");
}

/// Files of orders and changes are written as the snapshot's are: their columns have other names too.
#[test]
fn orders_and_changes_have_other_names_too() {
    let columns = r#""format": {"decimal": ",", "dates": "DD.MM.YYYY"}, "columns": {
        "orders": {"Auftrag": "order", "Artikel": "item", "Menge": "quantity", "Wunschtermin": "requested_date", "Werk": "location"},
        "changes": {"Art": "change", "Artikel": "item", "Werk": "location", "Menge": "quantity"}}"#;
    let dir = directory(columns, &[("on_hand.csv", b"item;location;quantity\nPUMP;BER;2,5\n")]);
    assert_eq!(
        super::said(dir.path()),
        "items.csv: decimal commas\nlocations.csv: decimal commas\non_hand.csv: semicolons, decimal commas"
    );
    let orders = dir.path().join("orders.csv");
    fs::write(&orders, "Auftrag;Artikel;Werk;Menge;Wunschtermin\nA;PUMP;BER;1,5;24.11.2026\n")
        .unwrap();
    let changes = dir.path().join("changes.csv");
    fs::write(&changes, "Art;Artikel;Werk;Menge\non_hand_adjusted;PUMP;BER;1,5-\n").unwrap();
    let path = dir.path().to_str().unwrap();
    let out =
        promised(&["promise", path, orders.to_str().unwrap(), "--format", "csv"]).output().unwrap();
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(
        out.status.success() && told.contains("PUMP,BER,,1.5"),
        "{told}{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let with = ["--change", changes.to_str().unwrap(), "--compare"];
    let args = [&["simulate", path, orders.to_str().unwrap()][..], &with[..]].concat();
    let out = promised(&args).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}
