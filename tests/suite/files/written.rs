//! How files are written: delimiters, decimals, dates, encodings, texts that mean nothing, packed files, row numbers.

use super::{check, directory, on_hand, promised, workbook};
use std::{fs, io::Write as _};

#[track_caller]
fn stock(manifest: &str, name: &str, bytes: &[u8], want: &str) {
    assert_eq!(on_hand(directory(manifest, &[(name, bytes)]).path()), want, "{name}");
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_a_file_says_without_doubt_is_taken_so() {
    let semicolons = b"item;location;quantity\nPUMP;BER;2,5\n4711;HAM;1.234,5\n";
    stock("", "on_hand.csv", semicolons, "PUMP BER 2.5, 4711 HAM 1234.5");
    check("", &[("on_hand.csv", semicolons)], "on_hand.csv: semicolons, decimal commas");
    stock("", "on_hand.csv", b"sep=;\r\nitem;location;quantity\r\nPUMP;BER;2\r\n", "PUMP BER 2");
    stock("", "on_hand.csv", b"item\tlocation\tquantity\nPUMP\tBER\t2\n", "PUMP BER 2");
    stock("", "on_hand.csv", b"item,location,quantity\nPUMP,BER,\"2,5\"\n", "PUMP BER 2.5");
    let wide: Vec<u8> =
        "item;location;quantity\nPUMP;BER;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("", &[("on_hand.csv", &wide)], "on_hand.csv: UTF-16LE, semicolons");
}

#[test]
fn what_could_mean_two_things_is_an_error_that_names_the_setting() {
    check(
        "",
        &[(
            "on_hand.csv",
            b"item;location;quantity\nPUMP;BER;1,234\nPUMP;HAM;2,5\nVALVE;HAM;1.250\n",
        )],
        r#"
        error: on_hand row 2, quantity = "1,234": a decimal number; say in manifest.json which sign is the decimal one: "format": {"decimal": ","}
        error: on_hand row 4, quantity = "1.250 (or 1250)": a decimal number; say in manifest.json which sign is the decimal one: "format": {"decimal": ","}
        on_hand.csv: semicolons, decimal commas
        "#,
    );
    let supplies = b"supply,type,item,location,date,quantity\nA,work_order,PUMP,BER,01.12.2026,1\n";
    check(
        "",
        &[("supplies.csv", supplies)],
        r#"error: supplies row 2, date = "01.12.2026": a date such as 2026-11-23; say in manifest.json how dates are written: "format": {"dates": "DD.MM.YYYY"}"#,
    );
}

#[test]
fn a_manifest_says_how_files_are_written() {
    let comma = r#""format": {"decimal": ","}"#;
    stock(
        comma,
        "on_hand.csv",
        b"item;location;quantity\nPUMP;BER;1,234\nPUMP;HAM;1.234\n",
        "PUMP BER 1.234, PUMP HAM 1234",
    );
    let of_table =
        r#""format": {"decimal": ".", "tables": {"ON_HAND": {"decimal": ",", "delimiter": "|"}}}"#;
    stock(of_table, "on_hand.csv", b"item|location|quantity\nPUMP|BER|1,234\n", "PUMP BER 1.234");
    let latin =
        r#""format": {"encoding": "windows-1252", "null": ["NULL", "-"], "dates": "DD.MM.YYYY"}"#;
    let items = b"item,description,lot_multiple\nPUMP,K\xf6ln,NULL\nVALVE,-,-\n4711,,\n";
    let supplies = b"supply,type,item,location,date,quantity\nA,work_order,PUMP,BER,01.12.2026,1\nB,work_order,PUMP,BER,2026-12-01,1\n";
    check(
        latin,
        &[("items.csv", items), ("supplies.csv", supplies)],
        "items.csv: windows-1252
         locations.csv: windows-1252
         supplies.csv: windows-1252, dates DD.MM.YYYY",
    );
}

#[test]
fn a_format_that_is_none_is_named() {
    let dir = directory(
        r#""format": {"decimal": ";", "dates": "DD.MM", "encoding": "klingon", "decimals": ",", "tables": {"stock": {}}}"#,
        &[],
    );
    let error =
        promised::loader::open(dir.path(), &promised::loader::Silent).unwrap_err().to_string();
    for want in [
        r#"format.decimal is ";", expected "." or ",""#,
        r#"format.dates is "DD.MM", expected how dates are written"#,
        r#"format.encoding is "klingon", expected an encoding"#,
        r#"format is "decimals", expected one of delimiter, decimal"#,
        "format.tables is stock, expected the name of a table",
    ] {
        assert!(error.contains(want), "{want}\n{error}");
    }
}

#[test]
fn names_of_files_and_columns_count_in_any_case() {
    let table = b"Item,LOCATION,Quantity\nPUMP,BER,2\n";
    stock("", "On_Hand.CSV", table, "PUMP BER 2");
    check(
        "",
        &[("On_Hand.CSV", table)],
        "On_Hand.CSV: Item is item, LOCATION is location, Quantity is quantity",
    );
    let renamed = r#""columns": {"on_hand": {"ITEM_NAME": "item", "QTY": "quantity"}}"#;
    stock(renamed, "on_hand.csv", b"Item_Name;location;qty\nPUMP;BER;2\n", "PUMP BER 2");
    check(
        "",
        &[("on_hand.csv", b"item,location,quantity,Item\nPUMP,BER,1,PUMP\n")],
        "
        error: on_hand, item: each column once
        on_hand.csv: Item is item",
    );
}

#[test]
fn tables_may_be_packed() {
    let table = b"item,location,quantity\nPUMP,BER,2\n";
    stock("", "on_hand.csv.gz", &gzip(table), "PUMP BER 2");
    stock("", "on_hand.csv.zip", &zip(&[("export.csv", table)]), "PUMP BER 2");
    stock(
        "",
        "on_hand.zip",
        &zip(&[("export/on_hand.csv", table), ("__MACOSX/._on_hand.csv", b"x")]),
        "PUMP BER 2",
    );
    let book = workbook(&[("Stock", &["item|location|quantity", "PUMP|BER|2"])]);
    stock("", "on_hand.zip", &zip(&[("stock.xlsx", &book)]), "PUMP BER 2");
    let two = zip(&[("a.csv", table), ("b.csv", table)]);
    check(
        "",
        &[("on_hand.zip", &two)],
        "error: on_hand: a file on_hand.zip that can be read (it holds more than one file; a table is packed alone)",
    );
    let mut damaged = zip(&[("a.csv", &table.repeat(50))]);
    damaged[40] ^= 1;
    let dir = directory("", &[("on_hand.zip", &damaged)]);
    assert!(super::said(dir.path()).starts_with("error: on_hand"), "{}", super::said(dir.path()));
    // A small file may not become a large one.
    let bomb = zip(&[("xl/workbook.xml", &vec![b' '; 90 << 20])]);
    let dir = directory("", &[("on_hand.xlsx", &bomb)]);
    let told = super::said(dir.path());
    assert!(told.contains("it unpacks to more than the"), "{told}");
}

#[test]
fn two_files_that_are_one_table_are_an_error() {
    let table = b"item,location,quantity\nPUMP,BER,2\n";
    let packed = gzip(table);
    check("", &[("on_hand.csv", table), ("On_hand.csv.gz", &packed)],
        "error: on_hand = \"on_hand.csv\": one file of a table; On_hand.csv.gz holds it too: remove one of them
         On_hand.csv.gz: packed by gzip");
    let book = workbook(&[("on_hand", &["item|location|quantity", "PUMP|BER|2"])]);
    check(
        "",
        &[("on_hand.csv", table), ("stock.xlsx", &book)],
        "error: on_hand = \"stock.xlsx, sheet on_hand\": one file of a table; on_hand.csv holds it too: remove one of them",
    );
    // Parts are not.
    let other = b"item,location,quantity\nVALVE,BER,1\n";
    let dir = directory("", &[("on_hand.1.csv", table), ("on_hand.2.csv", other)]);
    assert_eq!(on_hand(dir.path()), "PUMP BER 2, VALVE BER 1");
}

#[test]
fn rows_count_as_a_spreadsheet_counts_them() {
    check("", &[("on_hand.csv", b"item,location,quantity\nPUMP,BER,2\n\n\nPUMP,HAM,x\n\"PU\nMP\",HAM,1\n")], "
        error: on_hand row 5, quantity = \"x\": a decimal number
        error: on_hand row 6, item = \"PU\\nMP\": a known item; add it to its table or correct the key");
    check(
        "",
        &[("on_hand.csv", b"sep=,\nitem,location,quantity\nPUMP,BER,x\n")],
        "error: on_hand row 3, quantity = \"x\": a decimal number",
    );
    check(
        "",
        &[
            ("on_hand.1.csv", b"item,location,quantity\nPUMP,BER,2\n"),
            ("on_hand.2.csv", b"item,location,quantity\nPUMP,HAM,2\nVALVE,HAM,x\n"),
        ],
        "error: on_hand row 3 of on_hand.2.csv, quantity = \"x\": a decimal number",
    );
    // What is said of another row of the table names it in the same way.
    check(
        "",
        &[
            ("items.csv", b"item,uom\nPUMP,EA\n"),
            (
                "uom_conversions.csv",
                b"item,from_uom,to_uom,factor\nPUMP,BOX,EA,12\nPUMP,EA,BOX,0.5\n",
            ),
        ],
        "error: uom_conversions row 3, factor: a factor that agrees with row 2: two ways between the same units differ",
    );
}

#[test]
fn item_numbers_that_differ_by_case_or_zeros_only_get_a_hint() {
    check(
        "",
        &[("on_hand.csv", b"item,location,quantity\npump,BER,1\n0004711,BER,1\nPUMPE,BER,1\n")],
        r#"
        error: on_hand row 2, item = "pump": a known item; add it to its table or correct the key; PUMP differs from it by case or zeros only
        error: on_hand row 3, item = "0004711": a known item; add it to its table or correct the key; 4711 differs from it by case or zeros only
        error: on_hand row 4, item = "PUMPE": a known item; add it to its table or correct the key
    "#,
    );
    let dir = directory(
        "",
        &[("orders.csv", b"order,item,quantity,requested_date\nA,valve,1,2026-12-01\n")],
    );
    let path = dir.path().to_str().unwrap();
    let out = promised(&["promise", path, &format!("{path}/orders.csv")]).output().unwrap();
    let told = String::from_utf8(out.stderr).unwrap();
    assert!(
        told.contains("orders row 2, item = \"valve\"")
            && told.contains("VALVE differs from it by case or zeros only"),
        "{told}"
    );
}

/// Orders are written as the snapshot that they are given with says; they may come from standard input, whatever they are.
#[test]
fn orders_come_as_the_snapshot_says_and_from_standard_input() {
    let dir = directory(
        r#""format": {"decimal": ",", "tables": {"orders": {"dates": "DD.MM.YYYY"}}}"#,
        &[("on_hand.csv", b"item;location;quantity\nPUMP;BER;1.000,5\n")],
    );
    let path = dir.path().to_str().unwrap();
    let orders = "order;item;quantity;requested_date;location\nA;PUMP;1,5;01.12.2026;BER\n";
    let book = workbook(&[(
        "Orders",
        &["order|item|quantity|requested_date|location", "A|PUMP|1.5|2026-12-01|BER"],
    )]);
    let forms: [(&str, Vec<u8>); 4] = [
        ("csv", orders.as_bytes().to_vec()),
        ("csv.gz", gzip(orders.as_bytes())),
        ("zip", zip(&[("orders.csv", orders.as_bytes())])),
        ("xlsx", book),
    ];
    for (ending, bytes) in forms {
        let file = dir.path().join(format!("week48.{ending}"));
        fs::write(&file, &bytes).unwrap();
        let from_file = promised(&["promise", path, file.to_str().unwrap(), "--format", "csv"])
            .output()
            .unwrap();
        let piped = promised(&["promise", path, "-", "--format", "csv"])
            .stdin(fs::File::open(&file).unwrap())
            .output()
            .unwrap();
        fs::remove_file(&file).unwrap();
        let told = String::from_utf8(piped.stdout.clone()).unwrap();
        assert!(
            told.contains("A,1,PUMP,on_time") || told.contains("2026-12-01"),
            "{ending}: {told}{}",
            String::from_utf8_lossy(&piped.stderr)
        );
        assert_eq!(from_file.stdout, piped.stdout, "{ending}");
        assert!(piped.status.success());
    }
}
