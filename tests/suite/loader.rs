//! Files in, snapshot or faults out: every kind of bad input has its place and its mend, and nothing
//! panics.

use arrow::{
    array::{
        ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array,
        Int64Array, ListArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    },
    datatypes::Int32Type,
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};
use promised::{
    loader::{self, Error, Progress, Silent},
    snapshot::{Loaded, Problems},
};
use std::{cell::RefCell, fs, path::Path, sync::Arc};
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
            "error: on_hand row 2, item = \"PUMPE\": a known item; add it to its table or correct the key",
            "error: on_hand row 2, expires_on = \"2026-02-30\": a date such as 2026-11-23",
            "error: on_hand row 3, quantity = \"NaN\": a decimal number",
        ],
    );
    for (quantity, expected) in [
        ("1e300", "a number of at most 1000000000"),
        ("-1", "a number that is not negative"),
        ("0.0000001", "a number with at most 6 decimals"),
    ] {
        check(
            format!("item,location,quantity\nPUMP,BER,{quantity}\n").as_bytes(),
            &[&format!("error: on_hand row 1, quantity = {quantity:?}: {expected}")],
        );
    }
}

#[test]
fn a_wrong_number_of_fields_costs_one_row() {
    check(
        b"item,location,quantity\nPUMP,BER\nPUMP,BER,1,,\nNONE,HAM,1\n",
        &[
            "error: on_hand row 1: 3 fields, as in the header of on_hand.csv; the row has 2; put a text \
             that holds a comma into quotes",
            "error: on_hand row 2: 3 fields, as in the header of on_hand.csv; the row has 5; put a text \
             that holds a comma into quotes",
            "error: on_hand row 3, item = \"NONE\": a known item; add it to its table or correct the key",
        ],
    );
}

#[test]
fn bytes_that_are_not_utf_8_name_their_cell() {
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,M\xfcnchen\nPUMP,HAM,x,\n",
        &[
            "error: on_hand row 1, lot = \"M\u{fffd}nchen\": text in UTF-8; save on_hand.csv as UTF-8",
            "error: on_hand row 2, quantity = \"x\": a decimal number",
        ],
    );
    // Two halves of one character, in two cells: each is bad on its own.
    check(
        b"item,location,quantity,lot,status\nPUMP,BER,1,\xc3,\xa9\n",
        &[
            "error: on_hand row 1, lot = \"\u{fffd}\": text in UTF-8; save on_hand.csv as UTF-8",
            "error: on_hand row 1, status = \"\u{fffd}\": text in UTF-8; save on_hand.csv as UTF-8",
        ],
    );
    check(
        b"\xff\xfei\0t\0e\0m\0\n\0",
        &[
            "error: on_hand: a header line in UTF-8; save the file as UTF-8; on_hand.csv is not read \
           any further",
        ],
    );
}

#[test]
fn a_quote_holds_commas_and_line_breaks_and_must_be_closed() {
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,\"a, \"\"b\"\"\r\nc\"\nPUMP,HAM,x,\n",
        &["error: on_hand row 2, quantity = \"x\": a decimal number"],
    );
    check(
        b"item,location,quantity,lot\nPUMP,BER,1,a\nPUMP,HAM,2,\"b\nPUMP,HAM,2,c\n",
        &[
            "error: on_hand row 2: a quote that is closed; the one opened here never is; on_hand.csv is \
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
        "error: on_hand row 3: a record of at most 1048576 bytes; look for a missing line break, or \
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
    check(
        b"item;location;quantity\nPUMP;BER;1\n",
        &[
            "error: on_hand: columns separated by commas; save the file as comma-separated; on_hand.csv \
           is not read any further",
        ],
    );
}

#[test]
fn one_bad_row_of_many_is_named() {
    let mut table = String::from("item,location,quantity,lot\n");
    for row in 1..=200_000 {
        let quantity = if row == 123_456 { "ten" } else { "10" };
        table.push_str(&format!("PUMP,BER,{quantity},L{row}\n"));
    }
    check(table.as_bytes(), &["error: on_hand row 123456, quantity = \"ten\": a decimal number"]);
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
        .map(|(row, bad)| format!("error: on_hand row {row}, quantity = {bad:?}: a decimal number"))
        .into();
    assert_eq!(lines(&loaded.problems), want.join("\n"));
}

#[test]
fn files_that_hold_no_table_are_named() {
    let dir = directory(&[
        ("on_hands.csv", b"x\n"),
        ("items.csv.gz", b"x"),
        ("notes.txt", b"x"),
        ("orders.csv", b"order\n"),
        ("README.md", b"x"),
        ("LICENSE-DATA", b"x"),
        (".hidden", b"x"),
    ]);
    fs::create_dir(dir.path().join("archive.csv")).expect("a directory");
    let loaded = load(&dir);
    let want = ["items.csv.gz", "notes.txt", "on_hands.csv"].map(|name| {
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
        "error: on_hand row 2, quantity = \"x\": a decimal number",
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

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .expect("columns of one length")
}

fn parquet(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(10_000))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .expect("a flat schema can be written");
    writer.write(batch).expect("memory can be written");
    writer.close().expect("memory can be written");
    bytes
}

/// `on_hand` with rows of mixed types.
fn stock(n_rows: i32) -> RecordBatch {
    let rows = 0..n_rows;
    let items = rows.clone().map(|row| Some(if row % 2 == 0 { "PUMP" } else { "VALVE" }));
    let locations = rows.clone().map(|row| if row % 3 == 0 { "BER" } else { "HAM" });
    let quantities = rows.clone().map(|row| f64::from(row) * 0.5);
    let lots = rows.clone().map(i64::from);
    let dates = rows.map(|row| (row % 2 == 0).then_some(20_800));
    batch(vec![
        ("item", Arc::new(items.collect::<StringArray>())),
        ("location", Arc::new(StringArray::from_iter_values(locations))),
        ("quantity", Arc::new(Float64Array::from_iter_values(quantities))),
        ("lot", Arc::new(Int64Array::from_iter_values(lots))),
        ("expires_on", Arc::new(dates.collect::<Date32Array>())),
    ])
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
    let want = (format!("{:?}", want.snapshot), lines(&want.problems));
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    for compression in
        [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd, gzip, Compression::LZ4_RAW]
    {
        let bytes = parquet(&stock(20_000), compression);
        let got = load(&directory(&[("on_hand.parquet", &bytes)]));
        assert!(got.snapshot.is_some(), "{}", lines(&got.problems));
        assert!((format!("{:?}", got.snapshot), lines(&got.problems)) == want, "{compression:?}");
    }
}

#[test]
fn every_type_becomes_text() {
    let supplies = |quantity: ArrayRef, date: ArrayRef, firm: ArrayRef| {
        let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
        let id = Arc::new(BinaryArray::from(vec![b"PO-1".as_slice()])) as ArrayRef;
        let batch = batch(vec![
            ("supply", id),
            ("type", text("purchase_order")),
            ("item", text("PUMP")),
            ("location", text("BER")),
            ("date", date),
            ("quantity", quantity),
            ("firm", firm),
        ]);
        let bytes = parquet(&batch, Compression::SNAPPY);
        let loaded = load(&directory(&[("supplies.parquet", &bytes)]));
        lines(&loaded.problems) + &format!("{:?}", loaded.snapshot)
    };
    let date = || Arc::new(Date32Array::from(vec![20_790])) as ArrayRef;
    let firm = || Arc::new(BooleanArray::from(vec![true])) as ArrayRef;
    let float = || Arc::new(Float64Array::from(vec![12.5])) as ArrayRef;
    let decimal = Decimal128Array::from(vec![12_500]).with_precision_and_scale(20, 3);
    let midnight = TimestampMicrosecondArray::from(vec![20_790 * 86_400_000_000]);
    let want = supplies(float(), date(), firm());
    assert!(want.starts_with("Some("), "{want}");
    assert_eq!(supplies(Arc::new(decimal.expect("it fits")), date(), firm()), want);
    assert_eq!(supplies(float(), Arc::new(midnight), firm()), want);
    assert_eq!(supplies(float(), date(), Arc::new(StringArray::from(vec!["yes"]))), want);
    let nan = supplies(Arc::new(Float64Array::from(vec![f64::NAN])), date(), firm());
    assert!(
        nan.starts_with("error: supplies row 1, quantity = \"NaN\": a decimal number"),
        "{nan}"
    );
}

#[test]
fn a_value_without_text_names_its_cell() {
    let batch = batch(vec![
        ("item", Arc::new(StringArray::from(vec!["PUMP", "PUMP", "PUMP"]))),
        ("location", Arc::new(BinaryArray::from(vec![b"BER".as_slice(), b"\xff", b"HAM"]))),
        ("quantity", Arc::new(Int64Array::from(vec![1, 1, 1]))),
        ("expires_on", Arc::new(Date32Array::from(vec![None, None, Some(i32::MAX)]))),
    ]);
    check_parquet(
        &parquet(&batch, Compression::UNCOMPRESSED),
        "error: on_hand row 2, location: a value that can be written as text in UTF-8\n\
         error: on_hand row 3, expires_on: a value that can be written as text in UTF-8",
    );
}

#[test]
fn a_nested_column_is_refused_only_where_it_is_read() {
    let list = || Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]));
    let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let table = |lot: &'static str| {
        let quantity: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let columns = vec![
            ("tags", list() as ArrayRef),
            ("item", text("PUMP")),
            (lot, list() as ArrayRef),
            ("location", text("BER")),
            ("quantity", quantity),
        ];
        parquet(&batch(columns), Compression::UNCOMPRESSED)
    };
    let unknown = "warning: on_hand, tags: an unknown column; it is not read";
    check_parquet(
        &table("other"),
        &format!("{unknown}\nwarning: on_hand, other: an unknown column; it is not read"),
    );
    check_parquet(
        &table("lot"),
        &format!(
            "{unknown}\nerror: on_hand: one value a row in lot; on_hand.parquet has a nested one"
        ),
    );
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

// Orders.

fn orders(name: &str, bytes: &[u8]) -> loader::Orders {
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
        split: Some(true)
        min_split_quantity: Some(Quantity(1000000))
        max_splits: Some(3)
        substitutes: Some(false)
        ship_method: Some("truck")
        objective: Some(LowestCost)
        unit_price: Some(Money(9990000))
        ordered_at: Some(2026-11-23T09:00:00Z)
        source: Some("shop") }
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
        "error: orders row 2, line = \"1\": a line of order A that no row before has",
        "error: orders row 2, quantity = \"0\": a number above 0",
        "error: orders row 2, requested_date = \"2026-02-30\": a date such as 2026-11-23",
        "error: orders row 2, split = \"maybe\": true or false, or nothing",
        "error: orders row 2, max_splits = \"0\": a whole number from 1 to 1000",
        "error: orders row 2, objective = \"cheap\": one of sourcing_rank, earliest, lowest_cost, \
         highest_profit",
        "error: orders row 2, ordered_at = \"today\": a timestamp with its offset, such as \
         2026-11-23T10:00:00Z",
        "error: orders row 3, item: a key; it must not be empty",
        "error: orders row 3, requested_date: a value; it must not be empty",
        "error: orders row 4, order: a key; it must not be empty",
        "error: orders row 4, quantity = \"1e300\": a number of at most 1000000000",
    ];
    assert_eq!(lines(&read.problems), want.join("\n"));
    assert_eq!(read.lines.len(), 1);
}

#[test]
fn orders_come_from_parquet_too() {
    let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let noon = TimestampMicrosecondArray::from(vec![1_764_000_000_000_000]).with_timezone("UTC");
    let batch = batch(vec![
        ("order", Arc::new(Int64Array::from(vec![4711])) as ArrayRef),
        ("item", text("PUMP")),
        ("quantity", Arc::new(Float64Array::from(vec![3.0]))),
        ("requested_date", Arc::new(Date32Array::from(vec![20_790]))),
        ("ordered_at", Arc::new(noon)),
    ]);
    let got = orders("new.parquet", &parquet(&batch, Compression::SNAPPY));
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
    let unknown = loader::orders(Path::new("/nowhere/orders.xlsx"));
    assert!(matches!(unknown, Err(Error::UnknownFormat { .. })));
}
