//! Workbooks: sheets as tables, cells as people see them, and a whole snapshot in one.

use super::{check, directory, on_hand, promised, written::zip};
use std::fs;

/// A small workbook: sheets by name, rows of cells between bars. A number is a number, a date is one (by its style),
/// `!` before a text makes it the error of a formula; empty rows are left out of the file.
pub(crate) fn workbook(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut files: Vec<(String, String)> = Vec::new();
    let list = |line: &dyn Fn(usize, &str) -> String| -> String {
        sheets.iter().enumerate().map(|(at, (name, _))| line(at + 1, name)).collect()
    };
    files.push(("[Content_Types].xml".into(), format!(
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{}</Types>"#,
        list(&|n, _| format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#))
    )));
    files.push(("_rels/.rels".into(), r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.into()));
    files.push(("xl/workbook.xml".into(), format!(
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>"#,
        list(&|n, name| format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#))
    )));
    files.push(("xl/_rels/workbook.xml.rels".into(), format!(
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
        list(&|n, _| format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#))
    )));
    files.push(("xl/styles.xml".into(), r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#.into()));
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let rows: String =
            rows.iter().enumerate().map(|(row, text)| self::row(row + 1, text)).collect();
        files.push((format!("xl/worksheets/sheet{}.xml", at + 1), format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        )));
    }
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&files)
}

fn row(number: usize, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let cells = text.split('|').enumerate().filter(|(_, cell)| !cell.is_empty());
    let cells: String = cells
        .map(|(column, cell)| {
            let at = format!("{}{number}", char::from(b'A' + u8::try_from(column).unwrap()));
            if let Some(error) = cell.strip_prefix('!') {
                format!(r#"<c r="{at}" t="e"><v>{error}</v></c>"#)
            } else if let Ok(date) = cell.parse::<jiff::civil::Date>() {
                let first = jiff::civil::date(1899, 12, 30);
                format!(r#"<c r="{at}" s="1"><v>{}</v></c>"#, (date - first).get_days())
            } else if cell.parse::<f64>().is_ok() && !cell.starts_with('0') {
                format!(r#"<c r="{at}"><v>{cell}</v></c>"#)
            } else {
                let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
            }
        })
        .collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

#[test]
fn the_first_sheet_of_a_workbook_named_after_a_table_is_that_table() {
    let book = workbook(&[
        ("Tabelle1", &["Item|Location|Quantity", "PUMP|BER|2.5", "4711|HAM|3"]),
        ("notes", &["anything"]),
    ]);
    let dir = directory("", &[("on_hand.xlsx", &book)]);
    assert_eq!(on_hand(dir.path()), "PUMP BER 2.5, 4711 HAM 3");
}

#[test]
fn each_sheet_named_after_a_table_is_one() {
    let book = workbook(&[
        ("On_Hand", &["item|location|quantity", "PUMP|BER|2"]),
        (
            "supplies",
            &[
                "supply|type|item|location|date|quantity",
                "PO-1|purchase_order|VALVE|HAM|2026-12-01|5",
            ],
        ),
        ("orders", &["order"]),
        ("Notes", &["call Ann"]),
    ]);
    check(
        "",
        &[("Stock of today.xlsx", &book)],
        "warning: Stock of today.xlsx, sheet Notes: a file named after a table, such as items.csv; it is not read",
    );
    check(
        "",
        &[("stock.xlsx", b"PK\x03\x04")],
        "error: stock.xlsx: a workbook that can be read (invalid Zip archive: Could not find EOCD); save it again as .xlsx",
    );
}

#[test]
fn rows_and_cells_of_a_sheet_are_named_as_people_see_them() {
    let book = workbook(&[(
        "x",
        &[
            "",
            "",
            "item|location|quantity",
            "PUMP|BER|2",
            "",
            "NONE|HAM|1",
            "PUMP|HAM|!#REF!",
            "VALVE|HAM|x",
        ],
    )]);
    check(
        "",
        &[("on_hand.xlsx", &book)],
        "
        error: on_hand row 6, item = \"NONE\": a known item; add it to its table or correct the key
        error: on_hand row 7, quantity = \"#REF!\": a value; the formula of this cell gives an error
        error: on_hand row 8, quantity = \"x\": a decimal number
        on_hand.xlsx: header in row 3",
    );
}

/// A snapshot in one file serves every command as its directory does.
#[test]
fn a_whole_snapshot_comes_in_one_file() {
    let book = workbook(&[
        (
            "manifest",
            &[
                "snapshot_id|week-48",
                "as_of|2026-11-23",
                "horizon_days|30",
                r#"columns|{"on_hand": {"Bestand": "quantity"}}"#,
            ],
        ),
        ("items", &["item", "PUMP"]),
        ("locations", &["location", "BER"]),
        ("on_hand", &["item|location|Bestand", "PUMP|BER|2"]),
    ]);
    let dir = tempfile::tempdir().unwrap();
    let orders = dir.path().join("orders.csv");
    fs::write(&orders, "order,item,quantity,requested_date,location\nA,PUMP,2,2026-11-24,BER\n")
        .unwrap();
    let plain: Vec<(&str, &[u8])> = vec![
        (
            "week/manifest.json",
            br#"{"snapshot_id": "week-48", "as_of": "2026-11-23", "horizon_days": 30}"#,
        ),
        ("week/items.csv", b"item\nPUMP\n"),
        ("week/locations.csv", b"location\nBER\n"),
        ("week/on_hand.csv", b"item,location,quantity\nPUMP,BER,2\n"),
    ];
    for (name, bytes) in [("week.xlsx", book), ("week.zip", zip(&plain))] {
        let file = dir.path().join(name);
        fs::write(&file, bytes).unwrap();
        let validate = promised(&["validate", file.to_str().unwrap()]).output().unwrap();
        assert!(validate.status.success(), "{name}: {}", String::from_utf8_lossy(&validate.stdout));
        let promise = promised(&[
            "promise",
            file.to_str().unwrap(),
            orders.to_str().unwrap(),
            "--format",
            "csv",
        ])
        .output()
        .unwrap();
        let told = String::from_utf8(promise.stdout).unwrap();
        assert!(promise.status.success() && told.contains("2026-11-24"), "{name}: {told}");
    }
    let nothing = dir.path().join("empty.zip");
    fs::write(&nothing, zip(&[("a.txt", b"x")])).unwrap();
    let out = promised(&["validate", nothing.to_str().unwrap()]).output().unwrap();
    let told = String::from_utf8(out.stderr).unwrap();
    assert!(told.contains("there is no manifest.json in it"), "{told}");
    assert_eq!(out.status.code(), Some(1));
}
