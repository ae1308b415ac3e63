//! Issue 23 item 9: what the fuzz targets do, over the committed corpus and over each file of it cut off and altered in a few
//! places; what a fuzzer has found once is a file there. `PROMISED_FUZZ_CORPUS=1` writes the seeds anew; `PROMISED_FUZZ=100000` alters as often in all,
//! where there is no nightly toolchain for `fuzz/run`.

use super::{
    engine_support::{amend, cancel, command, confirm},
    files::{workbook, zip},
    parquet_files::{parquet, text, wholes},
};
use parquet::basic::Compression;
use prost::Message as _;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[allow(dead_code, reason = "the fuzzers run a target by its name")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names(dir: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(dir)).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_target_has_a_program_and_a_corpus() {
    let mut targets: Vec<_> = targets::TARGETS.iter().map(|(name, _)| name.to_string()).collect();
    targets.sort();
    let programs: Vec<_> = targets.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names("fuzz_targets"), programs);
    assert_eq!(names("corpus"), targets);
    let cargo = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for name in &targets {
        assert!(cargo.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

/// The same numbers each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Some bytes as they are, cut off, and altered.
fn variants(bytes: &[u8], n: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut drawn = Drawn(bytes.len() as u64);
    let altered = (0..n).map(move |_| {
        let mut altered = bytes.to_vec();
        for _ in 0..=drawn.below(3) {
            let at = drawn.below(altered.len());
            match drawn.below(4) {
                0 => altered.truncate(at),
                1 => altered.insert(at, b"0,\"\n\xff{}-9"[drawn.below(9)]),
                _ if at < altered.len() => altered[at] = drawn.below(256) as u8,
                _ => {}
            }
        }
        altered
    });
    [bytes.to_vec()].into_iter().chain(altered)
}

fn run(target: &str, n_altered: usize) {
    let (_, body) = targets::TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let dir = root().join("corpus").join(target);
    let names = names(&format!("corpus/{target}"));
    let asked = std::env::var("PROMISED_FUZZ").ok().and_then(|text| text.parse().ok());
    let n_altered = asked.map_or(n_altered, |all: usize| all / names.len());
    let mut n_done = 0;
    for name in names {
        let bytes = fs::read(dir.join(&name)).unwrap();
        for (at, bytes) in variants(&bytes, n_altered).enumerate() {
            let done = std::panic::catch_unwind(|| body(&bytes));
            assert!(done.is_ok(), "{target}/{name}, variant {at}: {bytes:?}");
            n_done += 1;
        }
    }
    println!("{target}: {n_done} executions");
}

macro_rules! targets {
    ($($test:ident $target:literal $n:literal;)*) => {$(
        #[test]
        fn $test() {
            run($target, $n);
        }
    )*};
}

targets! {
    tables_of_any_bytes "tables" 10;
    manifests_of_any_bytes "manifest" 10;
    orders_of_any_bytes "orders" 20;
    changes_of_any_bytes "changes" 20;
    parquet_of_any_bytes "parquet" 20;
    workbooks_of_any_bytes "workbook" 10;
    zip_files_of_any_bytes "packed" 10;
    filters_of_any_bytes "filters" 50;
    json_of_any_bytes "json" 50;
    configurations_of_any_bytes "configuration" 5;
    entries_of_any_bytes "entries" 50;
    frames_of_any_bytes "frames" 50;
    records_of_a_cluster_of_any_bytes "cluster" 50;
    requests_of_any_bytes "http" 20;
    pushes_of_any_messages "push" 3;
}

/// Writes seeds that are valid, so that a fuzzer begins behind the first check.
#[test]
fn seeds() {
    if std::env::var_os("PROMISED_FUZZ_CORPUS").is_none() {
        return;
    }
    let keep = |target: &str, name: &str, bytes: &[u8]| {
        let dir = root().join("corpus").join(target);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(name), bytes).unwrap();
    };
    let tiny = root().join("../snapshots/tiny");
    let tables = targets::tables_in_order();
    for (at, name) in tables.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let text = fs::read(tiny.join(format!("{name}.csv"))).unwrap();
        let some: Vec<u8> =
            text.split_inclusive(|byte| *byte == b'\n').take(4).flatten().copied().collect();
        keep("tables", name, &[&[at as u8], &some[..]].concat());
    }
    keep("manifest", "tiny", &fs::read(tiny.join("manifest.json")).unwrap());
    let manifest = r#"{"snapshot_id":"s","as_of":"2026-11-23","horizon_days":30,"format":{"delimiter":";","decimal":",","dates":"DD.MM.YYYY","encoding":"windows-1252","null":["-"],"tables":{"items":{"delimiter":"|"}}}}"#;
    keep("manifest", "formats", manifest.as_bytes());
    keep("orders", "tiny", &fs::read(tiny.join("orders.csv")).unwrap());
    keep("changes", "some", b"change,item,location,quantity,date,supply,demand\non_hand,PUMP,HAM,5,,,\nsupply_add,PUMP,HAM,7,2026-12-01,S9,\ndemand_remove,,,,,,D1\n");
    for (name, packing) in [("plain", Compression::UNCOMPRESSED), ("snappy", Compression::SNAPPY)] {
        let columns = [text("item", "PUMP"), wholes("lot_multiple", [1])];
        keep("parquet", name, &parquet(&columns, packing));
    }
    keep("workbook", "items", &workbook(&[("items", &["item|unit_cost", "PUMP|3.5", "VALVE|"])]));
    keep(
        "packed",
        "snapshot",
        &zip(&[("manifest.json", manifest.as_bytes()), ("items.csv", b"item\nA\n")]),
    );
    keep(
        "filters",
        "some",
        "demand_class=gold|silver priority<=2 requested_date<2026-12-01 order!=WEB-*".as_bytes(),
    );
    keep(
        "filters",
        "times",
        b"created_at>=2026-11-23 created_at<2026-11-23T10:00:00Z late=true value>10.5",
    );
    for (at, text) in [
        r#"{"lines":[{"order":"A","line":"1","item":"PUMP","quantity":1.5,"requestedDate":"2026-12-01"}],"pegging":true,"alternatives":2}"#,
        r#"{"requestId":"r","hold":{"seconds":60},"lines":[{"item":"PUMP","quantity":2}]}"#,
        r#"{"requestId":"r","promiseId":"P1","line":{"item":"PUMP","quantity":2},"force":{"by":"a","why":"b"}}"#,
        r#"{"filter":"order=A","pageSize":5,"pageToken":"x","states":["HELD"]}"#,
        r#"{"requestId":"r","source":"erp","changes":[{"kind":"on_hand","item":"PUMP","quantity":5}]}"#,
        r#"{"filter":"late=true","segments":[{"strategy":"WIN","filter":"demand_class=A"}]}"#,
        r#"{"queries":[{"item":"PUMP","location":"HAM","quantity":1}],"days":3}"#,
        r#"{"chunk":{"file":"items.csv","offset":"0","data":"aXRlbQ==","crc32c":7}}"#,
        r#"{"name":"web","roles":["promise"],"classes":["A"],"expires":"2027-01-01T00:00:00Z"}"#,
        r#"{"lines":[{"order":"A","options":[{"quantity":1}]}],"version":{"token":"p0:1"}}"#,
    ]
    .iter()
    .enumerate()
    {
        keep("json", &format!("json{at}"), &[&[at as u8], text.as_bytes()].concat());
    }
    let line = promised::rpc::proto::OrderLine {
        item: "PUMP".into(),
        quantity: 1.0,
        ..Default::default()
    };
    let check =
        promised::rpc::proto::CheckAvailabilityRequest { lines: vec![line], ..Default::default() };
    keep("json", "bytes", &[&[0], &check.encode_to_vec()[..]].concat());
    keep("configuration", "all", b"[serve]\nlisten = \"127.0.0.1:0\"\ndrain = \"5s\"\nnames = [\"a\", \"b\"]\n[limits]\nbytes_under_way = \"1G\"\n[access]\ntokens = \"t.toml\"\nanonymous = [\"read\"]\n[access.certificates]\n\"orders.shop\" = { roles = [\"promise\"], classes = [\"web\"] }\n[[access.jwt]]\nissuer = \"https://id\"\naudience = \"p\"\nroles = { a = [\"read\"] }\n[[run]]\nname = \"night\"\nat = \"02:00\"\nsequence = \"demand_class,-value\"\n");
    keep("configuration", "json", b"{\"on_hand_down_percent\": 50}");
    let snapshot =
        promised::loader::open(&tiny, &promised::loader::Silent).unwrap().snapshot.unwrap();
    let journal = promised::journal::Memory::default();
    let config = promised::engine::Config::new();
    let engine =
        promised::engine::Engine::start(snapshot.into(), Box::new(journal.clone()), config)
            .unwrap();
    drop(engine.promise(command("a", &[("PUMP", 2)])).wait());
    drop(engine.promise(command("b", &[("VALVE", 1), ("PUMP", 1)])).wait());
    drop(engine.confirm(confirm("c", 1, None)).wait());
    drop(engine.amend(amend(1, "PUMP", 3)).wait());
    drop(engine.cancel(cancel("d", 2, None)).wait());
    let snapshot = engine.pin().snapshot.clone();
    for (at, entry) in journal.entries().iter().enumerate() {
        let bytes = promised::journal::codec::encode(entry, &snapshot);
        keep("entries", &format!("entry{at}"), &bytes[..bytes.len() - 4]);
    }
    let mut frames = Vec::new();
    promised::journal::frames::begin(&mut frames).unwrap();
    promised::journal::frames::part(&mut frames, 1, 0, b"part").unwrap();
    promised::journal::frames::seal(&mut frames, 1, 1).unwrap();
    promised::journal::frames::entry(&mut frames, 2, b"entry").unwrap();
    keep("frames", "some", &frames);
    let leader = promised::journal::shared::Leader { node: "n1".into(), start: 7 };
    let head = promised::journal::shared::Head {
        epoch: 3,
        position: 9,
        chain: promised::journal::Chain::BEGIN,
        leader: Some(leader),
    };
    let bytes = head.to_bytes();
    keep("cluster", "head", &bytes[..bytes.len() - 4]);
    keep("cluster", "whole", &bytes);
    for (name, how, text) in [
        (
            "check",
            0u8,
            "promised.v1.PromiseService/CheckAvailability\n{\"lines\":[{\"item\":\"PUMP\",\"quantity\":1}]}",
        ),
        ("connect", 32 | 2, "promised.v1.EventService/Watch\n\0\0\0\0\x02{}"),
        (
            "get",
            8,
            "promised.v1.PromiseService/Get?connect=v1&encoding=json&message=%7B%22promiseId%22%3A%22P1%22%7D\n",
        ),
        ("page", 8 | 64, "v1/availability.csv?item=PUMP&location=HAM&days=2\n"),
        (
            "orders",
            4,
            "v1/orders?commit=no\norder,line,item,quantity,requested_date\nA,1,PUMP,2,2026-12-01\n",
        ),
        (
            "form",
            5,
            "v1/snapshots?aim=validate\n--x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"items.csv\"\r\n\r\nitem\nA\n\r\n--x--\r\n",
        ),
        ("proto", 1, "promised.v1.PromiseService/Get\n\x0a\x02P1"),
        ("document", 8, "openapi.json\n"),
    ] {
        keep("http", name, &[&[how], text.as_bytes()].concat());
    }
    keep("push", "whole", b"\0\0\0\x01\0\0\x06item\nA\x02\0");
    keep(
        "push",
        "named",
        b"\0\x01\x02\x01\x05item\n\x02\x04loc\n\x01\x01\0\x05item\n\x01\x02\0\x04loc\n\x02\x01\x03",
    );
}
