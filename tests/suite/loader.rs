//! Files in, snapshot or faults out: every kind of bad input has its place and its mend, and nothing
//! panics.

use crate::parquet_files::{
    Column, Page, bytes, column, dates, field, floats, list, old, pages, parquet, repeated, sized,
    text, texts, wholes, written,
};
use parquet::{
    basic::{Compression, ConvertedType, Encoding, LogicalType, TimeUnit, Type, ZstdLevel},
    data_type::{
        BoolType, ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
        Int32Type, Int64Type, Int96, Int96Type,
    },
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};
use promised::{
    loader::{self, Error, Progress, Silent},
    snapshot::{Loaded, Problem, Problems},
};
use std::{cell::RefCell, fs, io::Write as _, path::Path};
use tempfile::TempDir;

const MANIFEST: &str = r#"{"snapshot_id": "s", "as_of": "2026-11-23", "horizon_days": 60}"#;
const ON_HAND: &str = "item,location,quantity,lot\nPUMP,BER,10,A\nPUMP,HAM,2.5,\n";

/// A directory with a manifest, two items and two locations, and these files besides.
fn directory(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let base: [(&str, &[u8]); 3] = [
        ("manifest.json", MANIFEST.as_bytes()),
        ("items.csv", b"item\nPUMP\nVALVE\n"),
        ("locations.csv", b"location\nBER\nHAM\n"),
    ];
    for (name, bytes) in base.iter().chain(files) {
        fs::write(dir.path().join(name), bytes).expect("a file is written");
    }
    dir
}

fn load(dir: &TempDir) -> Loaded {
    loader::open(dir.path(), &Silent).expect("the directory has a manifest")
}

fn lines(problems: &Problems) -> String {
    let lines: Vec<_> = problems.listed().iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Loads the base with `on_hand.csv`, and checks all that is said about it.
#[track_caller]
fn check(on_hand: &[u8], want: &[&str]) {
    let loaded = load(&directory(&[("on_hand.csv", on_hand)]));
    assert_eq!(lines(&loaded.problems), want.join("\n"));
    assert_eq!(loaded.snapshot.is_some(), want.iter().all(|line| line.starts_with("warning")));
}

/// Loads a directory with this manifest, and checks the message and its causes.
#[track_caller]
fn check_manifest(manifest: &str, want: &str) {
    let dir = directory(&[("manifest.json", manifest.as_bytes())]);
    match loader::open(dir.path(), &Silent) {
        Ok(loaded) => assert_eq!(lines(&loaded.problems), want),
        Err(error) => {
            let message = format!("{error}");
            assert_eq!(message.replace(&dir.path().display().to_string(), "DIR"), want);
        }
    }
}

#[test]
fn a_good_table_loads_without_a_word() {
    check(ON_HAND.as_bytes(), &[]);
    check(b"item,location,quantity\n", &[]);
    check(b"\xef\xbb\xbfitem,location,quantity\r\nPUMP,BER,10\r\n\r\nPUMP,HAM,1\r\n", &[]);
    check(b"quantity, location ,item\n1,BER,PUMP", &[]);
}

#[test]
fn a_bad_cell_names_its_row_and_column() {
    check(
        b"item,location,quantity,expires_on\nPUMP,BER,1,\nPUMPE,BER,1,2026-02-30\nPUMP,HAM,NaN,\n",
        &[
            "error: on_hand row 3, item = \"PUMPE\": a known item; add it to its table or correct the key",
            "error: on_hand row 3, expires_on = \"2026-02-30\": a date such as 2026-11-23",
            "error: on_hand row 4, quantity = \"NaN\": a decimal number",
        ],
    );
    for (quantity, expected) in [
        ("1e300", "a number of at most 1000000000"),
        ("0.0000001", "a number with at most 6 decimals"),
    ] {
        check(
            format!("item,location,quantity\nPUMP,BER,{quantity}\n").as_bytes(),
            &[&format!("error: on_hand row 2, quantity = {quantity:?}: {expected}")],
        );
    }
}

#[test]
fn a_wrong_number_of_fields_costs_one_row() {
    check(
        b"item,location,quantity\nPUMP,BER\nPUMP,BER,1,,x\nNONE,HAM,1\n",
        &[
            "error: on_hand row 2: 3 fields, as in the header of on_hand.csv; the row has 2; separate \
             empty cells at its end too, or save the sheet as .xlsx",
            "error: on_hand row 3: 3 fields, as in the header of on_hand.csv; the row has 5; put a text \
             that holds a separator into quotes",
            "error: on_hand row 4, item = \"NONE\": a known item; add it to its table or correct the key",
        ],
    );
}

#[test]
fn bytes_that_are_not_utf_8_name_their_cell() {
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,M\xfcnchen\nPUMP,HAM,x,\n",
        &[
            "error: on_hand row 2, lot = \"M\u{fffd}nchen\": text in UTF-8; save on_hand.csv as UTF-8, or name its encoding in manifest.json: \"format\": {\"encoding\": \"windows-1252\"}",
            "error: on_hand row 3, quantity = \"x\": a decimal number",
        ],
    );
    // Two halves of one character, in two cells: each is bad on its own.
    check(
        b"item,location,quantity,lot,status\nPUMP,BER,1,\xc3,\xa9\n",
        &[
            "error: on_hand row 2, lot = \"\u{fffd}\": text in UTF-8; save on_hand.csv as UTF-8, or name its encoding in manifest.json: \"format\": {\"encoding\": \"windows-1252\"}",
            "error: on_hand row 2, status = \"\u{fffd}\": text in UTF-8; save on_hand.csv as UTF-8, or name its encoding in manifest.json: \"format\": {\"encoding\": \"windows-1252\"}",
        ],
    );
    check(
        b"\xff\xfei\0t\0e\0m\0\n\0",
        &[
            "error: on_hand, location: this column; it is required",
            "error: on_hand, quantity: this column; it is required",
        ],
    );
}

#[test]
fn a_quote_holds_commas_and_line_breaks_and_must_be_closed() {
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,\"a, \"\"b\"\"\r\nc\"\nPUMP,HAM,x,\n",
        &["error: on_hand row 3, quantity = \"x\": a decimal number"],
    );
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,a\nPUMP,HAM,2,\"b\nPUMP,HAM,2,c\n",
        &[
            "error: on_hand row 3: a quote that is closed; the one opened here never is; on_hand.csv is \
           not read any further",
        ],
    );
}

#[test]
fn a_line_of_a_gigabyte_is_never_in_memory() {
    let dir = directory(&[("on_hand.csv", ON_HAND.as_bytes())]);
    let file = fs::File::options().append(true).open(dir.path().join("on_hand.csv"));
    // A sparse file: the gigabyte is a hole.
    file.expect("the table is there").set_len(1 << 30).expect("the file grows");
    let watch = Watch::default();
    let loaded = loader::open(dir.path(), &watch).expect("the directory has a manifest");
    assert_eq!(
        lines(&loaded.problems),
        "error: on_hand row 4: a record of at most 1048576 bytes; look for a missing line break, or \
         a quote that is not closed; on_hand.csv is not read any further"
    );
    assert!(watch.bytes("on_hand") < 4 << 20, "the loader stops soon after the limit");
}

#[test]
fn a_header_says_what_is_missing_unknown_or_twice() {
    check(
        b"item,location,quantity,colour\nPUMP,BER,1,red\n",
        &["warning: on_hand, colour: an unknown column; it is not read"],
    );
    check(
        b"item,location,item\nX,Y,Z\n",
        &[
            "error: on_hand, item: each column once",
            "error: on_hand, quantity: this column; it is required",
        ],
    );
    check(
        b"",
        &[
            "error: on_hand: a header line with the names of the columns; on_hand.csv is not read any \
           further",
        ],
    );
    check(b"item;location;quantity\nPUMP;BER;1\n", &[]);
}

#[test]
fn one_bad_row_of_many_is_named() {
    let mut table = String::from("item,location,quantity,lot\n");
    for row in 1..=200_000 {
        let quantity = if row == 123_456 { "ten" } else { "10" };
        table.push_str(&format!("PUMP,BER,{quantity},L{row}\n"));
    }
    check(table.as_bytes(), &["error: on_hand row 123457, quantity = \"ten\": a decimal number"]);
}

#[test]
fn rows_are_counted_through_the_files_of_a_table() {
    let part =
        |quantity: &str| format!("item,location,quantity,lot\nPUMP,BER,{quantity},{quantity}\n");
    let loaded = load(&directory(&[
        ("on_hand.2.csv", part("b").as_bytes()),
        ("on_hand.1.csv", part("a").as_bytes()),
        ("on_hand.3.x.csv", b"quantity,item,location\nc,PUMP,BER\n"),
        ("on_hand.csv", part("d").as_bytes()),
    ]));
    let want: Vec<_> = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
        .map(|(part, bad)| {
            let of = ["1.csv", "2.csv", "3.x.csv", ""][part - 1];
            let of = if of.is_empty() { String::new() } else { format!(" of on_hand.{of}") };
            format!("error: on_hand row 2{of}, quantity = {bad:?}: a decimal number")
        })
        .into();
    assert_eq!(lines(&loaded.problems), want.join("\n"));
}

#[test]
fn files_that_hold_no_table_are_named() {
    let dir = directory(&[
        ("on_hands.csv", b"x\n"),
        ("items.csv.bak", b"x"),
        ("notes.txt", b"x"),
        ("orders.csv", b"order\n"),
        ("README.md", b"x"),
        ("LICENSE-DATA", b"x"),
        (".hidden", b"x"),
    ]);
    fs::create_dir(dir.path().join("archive.csv")).expect("a directory");
    let loaded = load(&dir);
    let want = ["items.csv.bak", "notes.txt", "on_hands.csv"].map(|name| {
        format!("warning: {name}: a file named after a table, such as items.csv; it is not read")
    });
    assert_eq!(lines(&loaded.problems), want.join("\n"));
    assert!(loaded.snapshot.is_some());
}

#[test]
fn a_required_table_must_be_there() {
    let dir = directory(&[]);
    fs::remove_file(dir.path().join("items.csv")).expect("it was there");
    let loaded = load(&dir);
    assert!(loaded.snapshot.is_none());
    assert!(lines(&loaded.problems).starts_with("error: items: "), "{}", lines(&loaded.problems));
}

#[test]
fn a_manifest_may_map_foreign_names() {
    let manifest = r#"{"snapshot_id": "s", "as_of": "2026-11-23",
        "columns": {"on_hand": {"ITEM_NAME": "item", "QTY": "quantity", "X": "y"}, "on_hands": {}}}"#;
    let loaded = load(&directory(&[
        ("manifest.json", manifest.as_bytes()),
        ("on_hand.csv", b"ITEM_NAME,location,QTY\nPUMP,BER,1\nPUMP,HAM,x\n"),
    ]));
    let want = [
        "warning: manifest.json, columns = \"y\": the name of a column of on_hand",
        "warning: manifest.json, columns = \"on_hands\": the name of a table of this snapshot",
        "error: on_hand row 3, quantity = \"x\": a decimal number",
    ];
    assert_eq!(lines(&loaded.problems), want.join("\n"));
}

#[test]
fn a_manifest_names_its_faults_all_at_once() {
    check_manifest(
        r#"{"as_of": "2026-02-30", "horizon_days": 0, "currency": 5, "mode": "net_change",
            "columns": {"on_hand": ["item"]}, "whatever": {"is": "fine"}}"#,
        "DIR/manifest.json cannot be used: snapshot_id is missing, expected a unique name of 1 to 256 \
         bytes; as_of is \"2026-02-30\", expected a date such as \"2026-11-23\"; horizon_days is 0, \
         expected a whole number of days from 1 to 1826; currency is 5, expected a currency such as \
         \"EUR\"; columns is {\"on_hand\":[\"item\"]}, expected foreign names by table, such as \
         {\"on_hand\": {\"ITEM_NAME\": \"item\"}}; mode is \"net_change\", expected \"full\", the only \
         mode of a directory",
    );
    check_manifest("[]", "DIR/manifest.json is not a JSON object; correct it where the cause says");
    check_manifest("{", "DIR/manifest.json is not a JSON object; correct it where the cause says");
    check_manifest(
        "\u{feff}{\"snapshot_id\": \"s\", \"as_of\": \"2026-11-23\", \"extra\": 1, \"mode\": null}",
        "",
    );
}

#[test]
fn without_directory_or_manifest_there_is_an_error() {
    let dir = directory(&[]);
    let nowhere = loader::open(&dir.path().join("nowhere"), &Silent);
    assert!(matches!(nowhere, Err(Error::Directory { .. })));
    let file = loader::open(&dir.path().join("items.csv"), &Silent);
    assert!(matches!(file, Err(Error::Directory { .. })));
    fs::remove_file(dir.path().join("manifest.json")).expect("it was there");
    assert!(matches!(loader::open(dir.path(), &Silent), Err(Error::NoManifest { .. })));
}

/// Progress that remembers.
#[derive(Default)]
struct Watch(RefCell<Vec<(String, u64, u64)>>);

impl Watch {
    fn bytes(&self, table: &str) -> u64 {
        let tables = self.0.borrow();
        tables.iter().find(|(name, ..)| name == table).map_or(0, |(_, _, bytes)| *bytes)
    }
}

impl Progress for Watch {
    fn table(&self, name: &str, bytes_total: u64) {
        self.0.borrow_mut().push((name.to_string(), bytes_total, 0));
    }

    fn advance(&self, bytes: u64) {
        self.0.borrow_mut().last_mut().expect("a table comes first").2 += bytes;
    }

    fn done(&self) {
        self.0.borrow_mut().push(("done".to_string(), 0, 0));
    }
}

#[test]
fn progress_adds_up_to_the_size_of_each_table() {
    let dir = directory(&[
        ("on_hand.1.csv", ON_HAND.as_bytes()),
        ("on_hand.2.parquet", &parquet(&stock(20_000), Compression::SNAPPY)),
    ]);
    let watch = Watch::default();
    loader::open(dir.path(), &watch).expect("the directory has a manifest");
    let tables = watch.0.into_inner();
    let names: Vec<_> = tables.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["items", "locations", "on_hand", "done"]);
    assert!(tables.iter().all(|(_, total, bytes)| total == bytes), "{tables:?}");
}

// Parquet.

/// `on_hand` with rows of mixed types.
fn stock(n_rows: i32) -> Vec<Column> {
    let rows = 0..n_rows;
    let items = rows.clone().map(|row| Some(if row % 2 == 0 { "PUMP" } else { "VALVE" }));
    let locations = rows.clone().map(|row| Some(if row % 3 == 0 { "BER" } else { "HAM" }));
    vec![
        texts("item", items),
        texts("location", locations),
        floats("quantity", rows.clone().map(|row| f64::from(row) * 0.5)),
        wholes("lot", rows.clone().map(i64::from)),
        dates("expires_on", rows.map(|row| (row % 2 == 0).then_some(20_800))),
    ]
}

/// Loads the base with `on_hand.parquet`, and checks that nothing is said but this.
#[track_caller]
fn check_parquet(bytes: &[u8], want: &str) {
    let loaded = load(&directory(&[("on_hand.parquet", bytes)]));
    assert_eq!(lines(&loaded.problems), want);
}

#[test]
fn parquet_means_what_csv_means() {
    let mut csv = String::from("item,location,quantity,lot,expires_on\n");
    for row in 0..20_000 {
        let item = if row % 2 == 0 { "PUMP" } else { "VALVE" };
        let location = if row % 3 == 0 { "BER" } else { "HAM" };
        let date = if row % 2 == 0 { "2026-12-13" } else { "" };
        csv.push_str(&format!("{item},{location},{},{row},{date}\n", f64::from(row) * 0.5));
    }
    let want = load(&directory(&[("on_hand.csv", csv.as_bytes())]));
    // A Parquet file has no header that would be counted as a row.
    let plain = |problems: &Problems| -> Vec<String> {
        let listed = problems.listed().iter().cloned();
        listed.map(|problem| Problem { row: None, file: None, ..problem }.to_string()).collect()
    };
    let want = (format!("{:?}", want.snapshot), plain(&want.problems));
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    for compression in
        [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd, gzip, Compression::LZ4_RAW]
    {
        let bytes = parquet(&stock(20_000), compression);
        let got = load(&directory(&[("on_hand.parquet", &bytes)]));
        assert!(got.snapshot.is_some(), "{}", lines(&got.problems));
        assert!((format!("{:?}", got.snapshot), plain(&got.problems)) == want, "{compression:?}");
    }
    let simple = || WriterProperties::builder().set_dictionary_enabled(false);
    let properties = [
        simple(),
        simple().set_writer_version(WriterVersion::PARQUET_2_0),
        simple().set_column_encoding("lot".into(), Encoding::DELTA_BINARY_PACKED),
        simple().set_column_encoding("item".into(), Encoding::DELTA_BYTE_ARRAY),
        simple().set_column_encoding("item".into(), Encoding::DELTA_LENGTH_BYTE_ARRAY),
        simple().set_column_encoding("quantity".into(), Encoding::BYTE_STREAM_SPLIT),
        WriterProperties::builder().set_writer_version(WriterVersion::PARQUET_2_0),
        WriterProperties::builder().set_data_page_row_count_limit(700).set_write_batch_size(100),
    ];
    for (n, properties) in properties.into_iter().enumerate() {
        let bytes = written(&stock(20_000), properties);
        let got = load(&directory(&[("on_hand.parquet", &bytes)]));
        assert!((format!("{:?}", got.snapshot), plain(&got.problems)) == want, "properties {n}");
    }
}

#[test]
fn every_type_means_what_its_text_means() {
    let supplies = |quantity: Column, date: Column, firm: Column| {
        let columns = vec![
            bytes("supply", &[b"PO-1"]),
            text("type", "purchase_order"),
            text("item", "PUMP"),
            text("location", "BER"),
            date,
            quantity,
            firm,
        ];
        let bytes = parquet(&columns, Compression::SNAPPY);
        let loaded = load(&directory(&[("supplies.parquet", &bytes)]));
        lines(&loaded.problems) + &format!("{:?}", loaded.snapshot)
    };
    let date = || dates("date", [Some(20_790)]);
    let firm = || column::<BoolType>(field("firm", Type::BOOLEAN, None), vec![Some(true)]);
    let float = |value| floats("quantity", [value]);
    let places = |places| {
        let logical = Some(LogicalType::decimal(places, 18));
        sized("quantity", Type::INT64, logical, -1, (18, places))
    };
    let midnight = Some(LogicalType::timestamp(false, TimeUnit::MICROS));
    let midnight = field("date", Type::INT64, midnight);
    let midnight = column::<Int64Type>(midnight, vec![Some(20_790 * 86_400_000_000)]);
    let want = supplies(float(12.5), date(), firm());
    assert!(want.starts_with("Some("), "{want}");
    let decimal = |value, n| column::<Int64Type>(places(n), vec![Some(value)]);
    assert_eq!(supplies(decimal(12_500, 3), date(), firm()), want);
    assert_eq!(supplies(decimal(12_500_000_000, 9), date(), firm()), want);
    assert_eq!(supplies(text("quantity", "12.5"), date(), firm()), want);
    let single = column::<FloatType>(field("quantity", Type::FLOAT, None), vec![Some(12.5)]);
    assert_eq!(supplies(single, date(), firm()), want);
    assert_eq!(supplies(float(12.5), midnight, firm()), want);
    assert_eq!(supplies(float(12.5), text("date", "2026-12-03"), firm()), want);
    assert_eq!(supplies(float(12.5), date(), text("firm", "yes")), want);
    let nan = supplies(float(f64::NAN), date(), firm());
    assert!(
        nan.starts_with("error: supplies row 1, quantity = \"NaN\": a decimal number"),
        "{nan}"
    );
}

/// Loads one row whose item is of a type, and checks the text that it is taken for: that of an unknown item.
#[track_caller]
fn check_text(item: Column, want: &str) {
    let columns = [item, text("location", "BER"), wholes("quantity", [1])];
    let want = format!(
        "error: on_hand row 1, item = {want:?}: a known item; add it to its table or correct the key"
    );
    check_parquet(&parquet(&columns, Compression::UNCOMPRESSED), &want);
}

#[test]
fn whole_numbers_have_a_text() {
    let short = |logical, value| {
        column::<Int32Type>(field("item", Type::INT32, logical), vec![Some(value)])
    };
    let long = |logical, value| {
        column::<Int64Type>(field("item", Type::INT64, logical), vec![Some(value)])
    };
    check_text(short(None, i32::MIN), "-2147483648");
    for bits in [8, 16, 32] {
        check_text(short(Some(LogicalType::integer(bits, true)), -7), "-7");
    }
    check_text(short(Some(LogicalType::integer(8, false)), 200), "200");
    check_text(short(Some(LogicalType::integer(32, false)), -1), "4294967295");
    check_text(long(None, i64::MIN), "-9223372036854775808");
    check_text(long(Some(LogicalType::integer(64, true)), 7), "7");
    check_text(long(Some(LogicalType::integer(64, false)), -1), "18446744073709551615");
    let old = old("item", Type::INT32, ConvertedType::UINT_16);
    check_text(column::<Int32Type>(old, vec![Some(65_535)]), "65535");
}

#[test]
fn other_numbers_have_a_text() {
    let float = |value| floats("item", [value]);
    check_text(float(3.0), "3.0");
    check_text(float(0.1), "0.1");
    check_text(float(-1.0 / 3.0), "-0.3333333333333333");
    check_text(column::<FloatType>(field("item", Type::FLOAT, None), vec![Some(0.1)]), "0.1");
    let half = sized("item", Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), 2, (0, 0));
    let half = |value: half::f16| {
        let bytes = FixedLenByteArray::from(value.to_le_bytes().to_vec());
        column::<FixedLenByteArrayType>(half.clone(), vec![Some(bytes)])
    };
    check_text(half(half::f16::from_f32(-1.5)), "-1.5");
    let flag = |value| column::<BoolType>(field("item", Type::BOOLEAN, None), vec![Some(value)]);
    check_text(flag(true), "true");
    check_text(flag(false), "false");
}

#[test]
fn decimals_have_a_text() {
    let decimal = |physical, length, digits, places| {
        sized(
            "item",
            physical,
            Some(LogicalType::decimal(places, digits)),
            length,
            (digits, places),
        )
    };
    let short = decimal(Type::INT32, -1, 9, 2);
    check_text(column::<Int32Type>(short, vec![Some(-1_250)]), "-12.50");
    let long = decimal(Type::INT64, -1, 18, 9);
    check_text(column::<Int64Type>(long, vec![Some(5)]), "0.000000005");
    let any = |bytes: &[u8], places| {
        let values = vec![Some(ByteArray::from(bytes))];
        column::<ByteArrayType>(decimal(Type::BYTE_ARRAY, -1, 48, places), values)
    };
    check_text(any(&[0x30, 0xd4], 3), "12.500");
    check_text(any(&[0xff], 0), "-1");
    let wide = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    check_text(any(&wide, 40), "0.0340282366920938463463374607431768211456");
    let fixed = |bytes: &[u8], digits| {
        let length = i32::try_from(bytes.len()).expect("few");
        let values = vec![Some(FixedLenByteArray::from(bytes.to_vec()))];
        let field = decimal(Type::FIXED_LEN_BYTE_ARRAY, length, digits, 2);
        column::<FixedLenByteArrayType>(field, values)
    };
    check_text(fixed(&[0xff, 0xff, 0x38], 6), "-2.00");
    let mut wide = [0; 20];
    wide[19] = 100;
    check_text(fixed(&wide, 44), "1.00");
    let old = sized("item", Type::INT32, None, -1, (0, 0));
    check_text(column::<Int32Type>(old, vec![Some(7)]), "7");
}

#[test]
fn times_have_a_text() {
    let at = |logical, value| {
        column::<Int64Type>(field("item", Type::INT64, Some(logical)), vec![Some(value)])
    };
    let stamp = LogicalType::timestamp;
    let noon = 1_764_000_000;
    check_text(at(stamp(true, TimeUnit::MILLIS), noon * 1_000), "2025-11-24T16:00:00Z");
    check_text(
        at(stamp(true, TimeUnit::MICROS), noon * 1_000_000 + 1),
        "2025-11-24T16:00:00.000001Z",
    );
    check_text(at(stamp(false, TimeUnit::MILLIS), noon * 1_000 + 500), "2025-11-24T16:00:00.500");
    check_text(at(stamp(false, TimeUnit::NANOS), noon * 1_000_000_000), "2025-11-24T16:00:00");
    check_text(at(stamp(true, TimeUnit::NANOS), -1), "1969-12-31T23:59:59.999999999Z");
    check_text(at(LogicalType::time(false, TimeUnit::MICROS), 3_661_000_000), "01:01:01");
    check_text(at(LogicalType::time(false, TimeUnit::NANOS), 1), "00:00:00.000000001");
    let old_field = old("item", Type::INT64, ConvertedType::TIMESTAMP_MILLIS);
    check_text(column::<Int64Type>(old_field, vec![Some(0)]), "1970-01-01T00:00:00Z");
    let time = field("item", Type::INT32, Some(LogicalType::time(true, TimeUnit::MILLIS)));
    check_text(column::<Int32Type>(time, vec![Some(1)]), "00:00:00.001");
    check_text(dates("item", [Some(20_780)]), "2026-11-23");
    check_text(dates("item", [Some(-1)]), "1969-12-31");
    let mut day = Int96::new();
    day.set_data(1, 0, 2_440_588 + 20_780);
    let days = field("item", Type::INT96, None);
    check_text(column::<Int96Type>(days, vec![Some(day)]), "2026-11-23T00:00:00.000000001");
}

#[test]
fn bytes_have_a_text() {
    check_text(bytes("item", &["Größe".as_bytes()]), "Größe");
    let json = field("item", Type::BYTE_ARRAY, Some(LogicalType::Json));
    check_text(column::<ByteArrayType>(json, vec![Some(ByteArray::from("{}"))]), "{}");
    let fixed = |logical, bytes: &[u8]| {
        let length = i32::try_from(bytes.len()).expect("few");
        let field = sized("item", Type::FIXED_LEN_BYTE_ARRAY, logical, length, (0, 0));
        column::<FixedLenByteArrayType>(field, vec![Some(FixedLenByteArray::from(bytes.to_vec()))])
    };
    check_text(fixed(None, &[0xde, 0xad, 0x01]), "dead01");
    let uuid = "00010203-0405-0607-0809-0a0b0c0d0e0f";
    check_text(fixed(Some(LogicalType::Uuid), &(0..16).collect::<Vec<u8>>()), uuid);
}

#[test]
fn a_column_of_nulls_is_an_empty_one() {
    let lot =
        column::<Int32Type>(field("lot", Type::INT32, Some(LogicalType::Unknown)), vec![None]);
    let columns = [
        text("item", "PUMP"),
        text("location", "BER"),
        wholes("quantity", [1]),
        lot,
        dates("expires_on", [None]),
    ];
    check_parquet(&parquet(&columns, Compression::SNAPPY), "");
    let columns = [texts("item", [None]), text("location", "BER"), wholes("quantity", [1])];
    let want = "error: on_hand row 1, item: a known item; add it to its table or correct the key";
    check_parquet(&parquet(&columns, Compression::SNAPPY), want);
}

#[test]
fn a_value_without_text_names_its_cell() {
    let columns = [
        texts("item", [Some("PUMP"); 3]),
        bytes("location", &[b"BER", b"\xff", b"HAM"]),
        wholes("quantity", [1, 1, 1]),
        dates("expires_on", [None, None, Some(i32::MAX)]),
    ];
    check_parquet(
        &parquet(&columns, Compression::UNCOMPRESSED),
        "error: on_hand row 2, location: a value that can be written as text in UTF-8\n\
         error: on_hand row 3, expires_on: a value that can be written as text in UTF-8",
    );
}

#[test]
fn a_nested_column_is_refused_only_where_it_is_read() {
    let table = |lot: Column| {
        let quantity = wholes("quantity", [1]);
        let columns = [list("tags"), text("item", "PUMP"), lot, text("location", "BER"), quantity];
        parquet(&columns, Compression::UNCOMPRESSED)
    };
    let unknown = "warning: on_hand, tags: an unknown column; it is not read";
    check_parquet(
        &table(list("other")),
        &format!("{unknown}\nwarning: on_hand, other: an unknown column; it is not read"),
    );
    let refused = "error: on_hand: one value a row in lot; on_hand.parquet has a nested one";
    for lot in [list("lot"), repeated("lot")] {
        check_parquet(&table(lot), &format!("{unknown}\n{refused}"));
    }
}

#[test]
fn a_damaged_parquet_file_is_an_error_and_never_a_panic() {
    let bytes = parquet(&stock(300), Compression::SNAPPY);
    let dir = directory(&[]);
    let path = dir.path().join("on_hand.parquet");
    for length in (0..bytes.len()).step_by(41).chain(bytes.len() - 9..bytes.len()) {
        fs::write(&path, &bytes[..length]).expect("a file is written");
        let loaded = load(&dir);
        let said = lines(&loaded.problems);
        assert!(said.contains("on_hand.parquet cannot be read beyond row 0"), "{length}: {said}");
        assert!(loaded.snapshot.is_none(), "{length}");
    }
    for at in (0..bytes.len()).step_by(17) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0xff;
        fs::write(&path, &flipped).expect("a file is written");
        load(&dir);
    }
    check_parquet(
        b"item,location\n",
        "error: on_hand: a whole Parquet file, uncompressed or by snappy, zstd, gzip or lz4; \
         on_hand.parquet cannot be read beyond row 0 (Parquet error: Invalid Parquet file. Corrupt \
         footer); write it again",
    );
}

// Small files that would become large ones: issue 18, item 9.

/// Loads one row whose item is of these pages, and checks that the file is given up for this reason.
#[track_caller]
fn check_bomb(packing: Compression, item: &[Page<'_>], want: &str) {
    let columns =
        [pages("item", 1, packing, item), text("location", "BER"), wholes("quantity", [1])];
    check_given_up(&parquet(&columns, Compression::SNAPPY), want);
}

#[track_caller]
fn check_given_up(bytes: &[u8], want: &str) {
    let loaded = load(&directory(&[("on_hand.parquet", bytes)]));
    let said = lines(&loaded.problems);
    assert!(said.contains(want) && said.contains("cannot be read beyond row"), "{said}");
    assert!(loaded.snapshot.is_none());
}

const PLAIN: i64 = 0;
const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
const DELTA_BYTE_ARRAY: i64 = 7;
const RLE_DICTIONARY: i64 = 8;

#[test]
fn a_page_that_is_whole_is_read() {
    let columns = [
        pages(
            "item",
            1,
            Compression::UNCOMPRESSED,
            &[
                Page::Dictionary { n_values: 1, open: 8, packed: b"\x04\0\0\0PUMP" },
                Page::Data { n_values: 1, open: 3, encoding: RLE_DICTIONARY, packed: &[1, 2, 0] },
            ],
        ),
        text("location", "BER"),
        wholes("quantity", [1]),
    ];
    check_parquet(&parquet(&columns, Compression::SNAPPY), "");
}

#[test]
fn a_dictionary_has_no_more_values_than_room() {
    let data = Page::Data { n_values: 1, open: 3, encoding: RLE_DICTIONARY, packed: &[1, 2, 0] };
    let text = b"\x04\0\0\0PUMP";
    let dictionary = Page::Dictionary { n_values: i64::from(i32::MAX), open: 8, packed: text };
    let want = "a dictionary has more values than room for them";
    check_bomb(Compression::UNCOMPRESSED, &[dictionary, data], want);
}

#[test]
fn a_page_that_says_it_is_huge_is_not_opened() {
    let page =
        || Page::Data { n_values: 1, open: i64::from(i32::MAX), encoding: PLAIN, packed: &[0; 9] };
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    for packing in [Compression::SNAPPY, zstd, gzip, Compression::LZ4, Compression::LZ4_RAW] {
        check_bomb(packing, &[page()], "its open pages take more than");
    }
}

#[test]
fn a_page_is_no_larger_than_it_says() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&[0; 1 << 20]).expect("memory can be written");
    let packed = packed.finish().expect("memory can be written");
    let page = Page::Data { n_values: 1, open: 8, encoding: PLAIN, packed: &packed };
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    check_bomb(gzip, &[page], "a page is larger than it says");
}

#[test]
fn texts_by_differences_take_no_more_than_a_file_is_worth() {
    // A block of 128 in 4 parts; 2^33 lengths, of which the first is 0.
    let lengths = [0x80, 1, 4, 0x80, 0x80, 0x80, 0x80, 0x20, 0];
    for encoding in [DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY] {
        let page = Page::Data { n_values: 1, open: 9, encoding, packed: &lengths };
        let want = "the lengths of texts are not those of a page";
        check_bomb(Compression::UNCOMPRESSED, &[page], want);
    }
    // Each text is the one before it.
    let n_rows = 4_000;
    let long = ByteArray::from("x".repeat(70_000).as_str());
    let item = field("item", Type::BYTE_ARRAY, None);
    let columns = [
        column::<ByteArrayType>(item, vec![Some(long); n_rows]),
        texts("location", vec![Some("BER"); n_rows]),
        wholes("quantity", vec![1; n_rows]),
    ];
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_encoding("item".into(), Encoding::DELTA_BYTE_ARRAY);
    check_given_up(&written(&columns, properties), "its open pages take more than");
}

#[test]
fn a_small_file_has_no_more_rows_than_it_is_worth() {
    let flags = |name| {
        let values = vec![Some(true); 1_500_000];
        column::<BoolType>(field(name, Type::BOOLEAN, None), values)
    };
    let columns = [flags("item"), flags("location"), flags("quantity")];
    let properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_max_row_group_row_count(None)
        .set_data_page_row_count_limit(usize::MAX)
        .set_offset_index_disabled(true);
    let bytes = written(&columns, properties);
    let loaded = load(&directory(&[("on_hand.parquet", &bytes)]));
    let said = lines(&loaded.problems);
    let n_bytes = bytes.len();
    let most = n_bytes * 64 + (1 << 20);
    let want = format!(
        "error: on_hand: at most {most} rows in a Parquet file of {n_bytes} bytes; on_hand.parquet says it \
         has 1500000"
    );
    assert_eq!(said, want);
}

// Orders.

fn orders(name: &str, bytes: &[u8]) -> loader::OrderFile {
    let dir = directory(&[(name, bytes)]);
    loader::orders(&dir.path().join(name)).expect("the file is there")
}

const ORDERS_HEADER: &str = "order,line,item,quantity,uom,requested_date,date_type,customer,zone,\
    location,demand_class,priority,earliest_date,latest_date,ship_set,arrival_set,split,\
    min_split_quantity,max_splits,substitutes,ship_method,objective,unit_price,ordered_at,source";

#[test]
fn order_lines_have_every_column_of_the_contract() {
    let full = "O,7,PUMP,2.5,BOX,2026-12-01,arrival,ACME,NORTH,BER,GOLD,3,2026-11-24,2026-12-24,S,A,\
        true,1,3,no,truck,lowest_cost,9.99,2026-11-23T10:00:00+01:00,shop";
    let read = orders("orders.csv", format!("{ORDERS_HEADER}\n{full}\n").as_bytes());
    assert_eq!(lines(&read.problems), "");
    let want = expect_test::expect![[r#"
        OrderLine { order: "O"
        line: "7"
        item: "PUMP"
        quantity: Quantity(2500000)
        uom: Some("BOX")
        requested: 2026-12-01
        date_type: Some(Arrival)
        customer: Some("ACME")
        zone: Some("NORTH")
        location: Some("BER")
        demand_class: Some("GOLD")
        priority: Some(3)
        earliest: Some(2026-11-24)
        latest: Some(2026-12-24)
        ship_set: Some("S")
        arrival_set: Some("A")
        ship_together: None
        split: Some(true)
        min_split_quantity: Some(Quantity(1000000))
        max_splits: Some(3)
        substitutes: Some(false)
        ship_method: Some("truck")
        objective: Some(LowestCost)
        unit_price: Some(Money(9990000))
        price_uom: None
        parts_uom: None
        ordered_at: Some(2026-11-23T09:00:00Z)
        source: Some("shop")
        repeat: None
        channel: None
        seller: None }
    "#]];
    want.assert_eq(&format!("{:?}\n", read.lines[0]).replace(", ", "\n"));
}

#[test]
fn an_empty_cell_means_what_a_missing_column_means() {
    let empty = format!("{ORDERS_HEADER}\nO,,PUMP,1,,2026-12-01,,,,,,,,,,,,,,,,,,,\n");
    let empty = orders("orders.csv", empty.as_bytes());
    assert_eq!(lines(&empty.problems), "");
    assert_eq!(empty.lines[0].line, "1");
    let bare = orders("orders.csv", b"order,item,quantity,requested_date\nO,PUMP,1,2026-12-01\n");
    assert_eq!(empty.lines, bare.lines);
}

#[test]
fn every_fault_of_an_order_line_is_named() {
    let read = orders(
        "orders.csv",
        b"order,line,item,quantity,requested_date,split,max_splits,objective,ordered_at,colour\n\
          A,1,PUMP,1,2026-12-01,,,,,\n\
          A,1,PUMP,0,2026-02-30,maybe,0,cheap,today,\n\
          A,2,,1,,,,,,\n\
          ,1,PUMP,1e300,2026-12-01,,,,,\n",
    );
    let want = [
        "warning: orders, colour: an unknown column; it is not read",
        "error: orders row 3, quantity = \"0\": a number above 0",
        "error: orders row 3, requested_date = \"2026-02-30\": a date such as 2026-11-23",
        "error: orders row 3, split = \"maybe\": true or false, or nothing",
        "error: orders row 3, max_splits = \"0\": a whole number from 1 to 1000",
        "error: orders row 3, objective = \"cheap\": one of sourcing_rank, earliest, lowest_cost, \
         highest_profit",
        "error: orders row 3, ordered_at = \"today\": a timestamp with its offset, such as \
         2026-11-23T10:00:00Z",
        "error: orders row 3, line = \"1\": a line of order A that no row before has, unless repeat \
         says add or replace",
        "error: orders row 4, item: a key; it must not be empty",
        "error: orders row 4, requested_date: a value; it must not be empty",
        "error: orders row 5, order: a key; it must not be empty",
        "error: orders row 5, quantity = \"1e300\": a number of at most 1000000000",
    ];
    assert_eq!(lines(&read.problems), want.join("\n"));
    assert_eq!(read.lines.len(), 1);
}

#[test]
fn orders_come_from_parquet_too() {
    let noon =
        field("ordered_at", Type::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS)));
    let columns = [
        wholes("order", [4711]),
        text("item", "PUMP"),
        floats("quantity", [3.0]),
        dates("requested_date", [Some(20_790)]),
        column::<Int64Type>(noon, vec![Some(1_764_000_000_000_000)]),
    ];
    let got = orders("new.parquet", &parquet(&columns, Compression::SNAPPY));
    let csv = b"order,item,quantity,requested_date,ordered_at\n4711,PUMP,3,2026-12-03,2025-11-24T16:00:00Z\n";
    assert_eq!(lines(&got.problems), "");
    assert_eq!(got.lines, orders("new.csv", csv).lines);
}

#[test]
fn orders_need_their_columns_and_a_file() {
    let read = orders("orders.csv", b"order,item\nA,PUMP\n");
    let want = [
        "error: orders, quantity: this column; it is required",
        "error: orders, requested_date: this column; it is required",
    ];
    assert_eq!(lines(&read.problems), want.join("\n"));
    let nowhere = loader::orders(Path::new("/nowhere/orders.csv"));
    assert!(matches!(nowhere, Err(Error::Unreadable { .. })));
    let unknown = loader::orders(Path::new("/nowhere/orders.ods"));
    assert!(matches!(unknown, Err(Error::UnknownFormat { .. })));
}
