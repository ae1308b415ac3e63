//! Issue 18 item 7: a broken first export. No input panics, a fault in one table neither hides nor invents
//! faults in others, and a table that is there and cannot be read is an error.

use super::super::{push, quarantine, worlds::Dice};
use promised::{
    engine::refresh::{Aim, CameBy, RefreshOutcome, RefreshSettings, Submission},
    journal::Memory,
    loader::{self, Silent},
    snapshot::{Loaded, Severity},
};
use std::{collections::BTreeSet, fs, path::Path, process::Command};

const MANIFEST: &str = r#"{"snapshot_id": "s", "as_of": "2026-11-23", "horizon_days": 60}"#;

/// A snapshot in which every table has rows, and tables name each other wherever they can.
const TABLES: &[(&str, &str)] = &[
    (
        "calendars",
        "calendar,working_days\nWEEK,Mon Tue Wed Thu Fri\nALL,Mon Tue Wed Thu Fri Sat Sun\n",
    ),
    ("calendar_exceptions", "calendar,date,working\nWEEK,2026-12-25,false\n"),
    ("zones", "zone,parent,name\nEU,,Europe\nDE,EU,Germany\n"),
    ("demand_classes", "demand_class,parent,rank\nALL,,0\nGOLD,ALL,1\n"),
    ("customers", "customer,name,zone,demand_class,receiving_calendar\nC1,Shop,DE,GOLD,WEEK\n"),
    ("atp_rules", "rule,mode\nUSUAL,supply\n"),
    (
        "items",
        "item,description,category,uom,list_price,atp_rule\n007,\"Pump, small\",P,EA,9.5,USUAL\nNUT,Nut,N,EA,1,\nBOLT,Bolt,N,EA,1,\n",
    ),
    ("uom_conversions", "item,from_uom,to_uom,factor\n007,BOX,EA,12\n"),
    (
        "locations",
        "location,name,zone,shipping_calendar,manufacturing_calendar,order_lines_per_day\nBER,Berlin,DE,WEEK,WEEK,50\nHAM,Hamburg,DE,WEEK,WEEK,\n",
    ),
    ("atp_rule_assignments", "rule,item,location\nUSUAL,NUT,BER\n"),
    (
        "shipping_lanes",
        "origin,destination,ship_method,transit_days\nBER,DE,standard,1\nBER,HAM,standard,1\n",
    ),
    ("resources", "resource,location,calendar,hours_per_day\nPRESS,BER,WEEK,8\n"),
    ("resource_capacity", "resource,date,hours\nPRESS,2026-11-24,4\n"),
    ("resource_load", "resource,date,hours\nPRESS,2026-11-25,2\n"),
    ("work_definitions", "work_definition,item,location\nW7,007,BER\n"),
    (
        "work_definition_components",
        "work_definition,component,quantity,substitute_of\nW7,NUT,4,\nW7,BOLT,4,NUT\n",
    ),
    ("work_definition_operations", "work_definition,operation,resource,hours\nW7,10,PRESS,0.5\n"),
    ("suppliers", "supplier,name,calendar\nS1,Smith,WEEK\n"),
    (
        "item_suppliers",
        "item,supplier,location,lead_time_days,capacity_per_day\nNUT,S1,BER,5,1000\n",
    ),
    ("supplier_capacity", "item,supplier,date,quantity\nNUT,S1,2026-11-30,10\n"),
    (
        "sourcing_rules",
        "rule,source_type,source,rank\nMAKE,make,W7,1\nBUY,buy,S1,1\nSHIP,transfer,BER,1\n",
    ),
    (
        "sourcing_assignments",
        "rule,item,location,customer\nMAKE,007,BER,\nBUY,NUT,BER,\nSHIP,,,C1\n",
    ),
    ("item_substitutes", "item,substitute,customer\nNUT,BOLT,C1\n"),
    ("allocation_rules", "rule,demand_class,value\nSHARE,GOLD,50\n"),
    ("allocation_assignments", "rule,item,location\nSHARE,007,BER\n"),
    ("on_hand", "item,location,quantity\n007,BER,10\nNUT,BER,100\n"),
    (
        "supplies",
        "supply,type,item,location,date,quantity,supplier\nPO1,purchase_order,NUT,BER,2026-12-01,50,S1\n",
    ),
    (
        "demands",
        "demand,item,location,date,quantity,customer,demand_class\nD1/1,007,BER,2026-12-02,3,C1,GOLD\n",
    ),
];

/// A directory with these files beside the manifest.
fn directory(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("manifest.json"), MANIFEST).unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// All tables, those named here in another file.
fn with(changed: &[(&str, Option<(&str, Vec<u8>)>)]) -> tempfile::TempDir {
    let mut files = Vec::new();
    for (table, text) in TABLES {
        match changed.iter().find(|(name, _)| name == table) {
            Some((_, Some((name, bytes)))) => files.push(((*name).to_string(), bytes.clone())),
            Some((_, None)) => {}
            None => files.push((format!("{table}.csv"), text.as_bytes().to_vec())),
        }
    }
    directory(&files)
}

fn load(dir: &Path) -> Loaded {
    loader::open(dir, &Silent).expect("there is a manifest")
}

/// The tables that have an error.
fn blamed(loaded: &Loaded) -> BTreeSet<String> {
    let errors =
        loaded.problems.listed().iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| problem.table.clone()).collect()
}

fn text(table: &str) -> &'static str {
    TABLES.iter().find(|(name, _)| *name == table).unwrap().1
}

fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

/// A table broken as exports break: what its file is called, and what is in it; nothing where it is missing.
fn broken(table: &str) -> Vec<(&'static str, Option<(String, Vec<u8>)>)> {
    let csv = format!("{table}.csv");
    let text = text(table);
    let (header, rows) = text.split_once('\n').unwrap();
    let bytes = |bytes: Vec<u8>| Some((csv.clone(), bytes));
    let named = |name: String, bytes: &[u8]| Some((name, bytes.to_vec()));
    // The beginning of a packed file, and nothing of it.
    let mut packed = vec![0x1f, 0x8b, 8, 0];
    packed.extend(text.as_bytes());
    vec![
        ("missing", None),
        ("empty", bytes(Vec::new())),
        ("blank lines", bytes(b"\n\r\n\n".to_vec())),
        ("gz", named(format!("{table}.csv.gz"), &packed)),
        ("gz under another name", bytes(packed.clone())),
        ("xlsx", named(format!("{table}.xlsx"), b"PK\x03\x04")),
        ("xlsx under another name", bytes(b"PK\x03\x04\x14\x00\x06\x00".to_vec())),
        ("two files", named(format!("{table}.csv.zip"), b"PK\x05\x06")),
        (
            "a quote that stays open",
            bytes(format!("{header}\n\"{}", rows.replace('"', "")).into_bytes()),
        ),
        ("bytes", bytes((0..=255).cycle().take(5_000).collect())),
        ("no Parquet", named(format!("{table}.parquet"), b"PAR1....PAR1")),
    ]
}

/// A table as exports write it without being broken (issue 26 item 1).
fn readable(table: &str) -> Vec<(&'static str, (String, Vec<u8>))> {
    let csv = format!("{table}.csv");
    let text = text(table);
    let (header, rows) = text.split_once('\n').unwrap();
    let bytes = |bytes: Vec<u8>| (csv.clone(), bytes);
    let plain = text.as_bytes().to_vec();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &plain).unwrap();
    vec![
        ("semicolons", bytes(text.replace(',', ";").into_bytes())),
        ("tabs", bytes(text.replace(',', "\t").into_bytes())),
        ("utf-16 with a mark", bytes([vec![0xff, 0xfe], wide(text, u16::to_le_bytes)].concat())),
        ("utf-16 without", bytes(wide(text, u16::to_le_bytes))),
        ("utf-16, big end first", bytes(wide(text, u16::to_be_bytes))),
        ("utf-8 with a mark", bytes([b"\xef\xbb\xbf".to_vec(), plain.clone()].concat())),
        ("upper-case header", bytes(format!("{}\n{rows}", header.to_uppercase()).into_bytes())),
        ("upper-case name", (table.to_uppercase() + ".csv", plain.clone())),
        ("upper-case ending", (format!("{table}.CSV"), plain)),
        ("gz", (format!("{table}.csv.gz"), gzip.finish().unwrap())),
    ]
}

/// Every table in every form in which people have it is read, and means what the plain one means.
#[test]
fn a_table_as_people_have_it_is_read() {
    for (table, _) in TABLES {
        for (how, (name, bytes)) in readable(table) {
            let loaded = load(with(&[(table, Some((&name, bytes)))]).path());
            let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
            assert!(loaded.snapshot.is_some(), "{table}, {how}:\n{}", said.join("\n"));
            assert_eq!(said, [""; 0], "{table}, {how}");
        }
    }
}

/// Every table broken in every way: a table that is there and unreadable is an error of its own, and only it.
#[test]
fn a_broken_table_is_the_only_one_to_blame() {
    let is_optional = |table: &str| !matches!(table, "items" | "locations");
    for (table, _) in TABLES {
        for (how, file) in broken(table) {
            let file = file.as_ref().map(|(name, bytes)| (name.as_str(), bytes.clone()));
            let loaded = load(with(&[(table, file)]).path());
            let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
            let said = format!("{table}, {how}:\n{}", said.join("\n"));
            if how == "missing" && is_optional(table) {
                // Nobody can tell a table that was forgotten from one that is not needed.
                continue;
            }
            assert!(loaded.snapshot.is_none(), "{said}");
            assert_eq!(blamed(&loaded), BTreeSet::from([table.to_string()]), "{said}");
        }
    }
}

/// All of them broken at once: nothing panics, each is named.
#[test]
fn all_tables_broken_at_once_are_all_named() {
    for way in 1..broken("items").len() {
        let all: Vec<_> =
            TABLES.iter().map(|(table, _)| broken(table)[way].1.clone().unwrap()).collect();
        let loaded = load(directory(&all).path());
        assert_eq!(blamed(&loaded).len(), TABLES.len(), "{}", broken("items")[way].0);
    }
    let loaded = load(directory(&[]).path());
    assert_eq!(blamed(&loaded), BTreeSet::from(["items".to_string(), "locations".to_string()]));
}

/// Faults elsewhere are told beside the broken table, unless they may be its own.
#[test]
fn a_broken_table_hides_no_fault_of_others() {
    let on_hand =
        b"item,location,quantity\n007,BER,x\nNUT,NOWHERE,1\n007,BER,1\n007,BER,2\n".to_vec();
    let parquet = [b"PAR1".to_vec(), text("items").as_bytes().to_vec()].concat();
    let loaded = load(
        with(&[
            ("items", Some(("items.csv", parquet))),
            ("on_hand", Some(("on_hand.csv", on_hand))),
            ("zones", Some(("zones.csv", b"zone,parent\nEU,DE\nDE,EU\n".to_vec()))),
        ])
        .path(),
    );
    let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    let want = [
        "error: items: text, not Parquet; let its name end in .parquet; items.csv is not read any further",
        "error: on_hand row 2, quantity = \"x\": a decimal number",
        "error: on_hand row 3, location = \"NOWHERE\": a known location; add it to its table or correct the key",
        "error: zones, parent = \"EU > DE > EU\": a tree; this path is a cycle",
        "warning: items: a table without lost rows; names of it that others use were not looked up",
    ];
    for line in want {
        assert!(said.iter().any(|said| said == line), "{line}\n{}", said.join("\n"));
    }
}

/// A row that is lost may be the one that others name; a name that it does not have is still unknown.
#[test]
fn a_lost_row_is_missed_by_nobody_and_excuses_nobody() {
    let items = b"item,description\n007,Pump, small\nNUT,Nut\nBOLT,Bol\xff\n".to_vec();
    let on_hand = b"item,location,quantity\n007,BER,1\nBOLT,BER,1\nGHOST,BER,1\n".to_vec();
    let loaded = load(
        with(&[("items", Some(("items.csv", items))), ("on_hand", Some(("on_hand.csv", on_hand)))])
            .path(),
    );
    let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "error: items row 2: 2 fields, as in the header of items.csv; the row has 3; put a text that holds a separator into quotes",
            "error: items row 4, description = \"Bol\u{fffd}\": text in UTF-8; save items.csv as UTF-8, or name its encoding in manifest.json: \"format\": {\"encoding\": \"windows-1252\"}",
            "error: on_hand row 4, item = \"GHOST\": a known item; add it to its table or correct the key",
            "warning: items: a table without lost rows; names of it that others use were not looked up",
        ]
    );
}

/// What a faulty row says of others is not believed: no structure is made of it, no rule is missed.
#[test]
fn a_faulty_row_invents_no_fault_elsewhere() {
    let faulty: &[(&str, &str)] = &[
        ("work_definitions", "work_definition,item,location\nW7,GONE,BER\n"),
        ("item_suppliers", "item,supplier,location,lead_time_days\nNUT,S1,BER,soon\n"),
        (
            "sourcing_rules",
            "rule,source_type,source,rank\nMAKE,made,W7,1\nBUY,buy,S1,first\nSHIP,transfer,BER,x\n",
        ),
        ("allocation_rules", "rule,demand_class,value\nSHARE,GOLD,half\n"),
        ("calendars", "calendar,working_days\nWEEK,Monday\nALL,Mon\n"),
        ("demand_classes", "demand_class,parent,rank\nALL,,0\nGOLD,TOP,1\n"),
        (
            "work_definition_components",
            "work_definition,component,quantity,substitute_of\nW7,NUT,four,\nW7,BOLT,4,NUT\n",
        ),
        ("locations", "location,zone,manufacturing_calendar\nBER,DE,NEVER\nHAM,DE,WEEK\n"),
        ("atp_rules", "rule,mode\nUSUAL,magic\n"),
        ("items", "item,lot_multiple\n007,0\nNUT,-1\nBOLT,1.0000001\n"),
    ];
    for (table, text) in faulty {
        let name = format!("{table}.csv");
        let loaded = load(with(&[(table, Some((&name, text.as_bytes().to_vec())))]).path());
        let said: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
        assert_eq!(blamed(&loaded), BTreeSet::from([table.to_string()]), "{}", said.join("\n"));
    }
}

fn validate(dir: &Path, format: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.args(["validate", dir.to_str().unwrap(), "--format", format]).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

/// Cells, headers and paths wider than a terminal can count are cut, and no name moves the cursor.
#[test]
fn wide_cells_are_shown_and_nothing_moves_the_cursor() {
    let wide = "W".repeat(70_000);
    let files: Vec<(&str, String)> = vec![
        ("on_hand", format!("item,location,quantity\n{wide},BER,1\n007,BER,{wide}\n")),
        ("on_hand", format!("item,location,quantity,{wide}\n007,BER,1,2\n")),
        ("on_hand", "item,location,quantity,\u{1b}[2J\n007,BER,\u{1b}[1m,2\n".to_string()),
        ("zones", cycle_of_zones(2_000)),
    ];
    for (table, text) in files {
        let name = format!("{table}.csv");
        let dir = with(&[(table, Some((&name, text.into_bytes())))]);
        for format in ["table", "csv", "json"] {
            let (code, said) = validate(dir.path(), format);
            assert!(matches!(code, Some(0 | 1)) && !said.contains("panicked"), "{format}: {said}");
            assert!(said.lines().all(|line| line.len() < 20_000), "{format}");
            assert!(format == "csv" || !said.contains('\u{1b}'), "{format}: {said}");
        }
    }
}

fn cycle_of_zones(n: usize) -> String {
    let mut text = "zone,parent\nEU,\nDE,EU\n".to_string();
    for zone in 0..n {
        text += &format!(
            "a zone with a name of some length {zone},a zone with a name of some length {}\n",
            (zone + 1) % n
        );
    }
    text
}

/// A first export pushed broken is held with its faults; the server has no fault of its own.
#[test]
fn a_broken_push_is_held_with_its_faults() {
    for (how, file) in
        broken("items").into_iter().filter(|(how, _)| !how.contains("upper-case name"))
    {
        let changes = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(push::tiny()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), changes.path().join(entry.file_name())).unwrap();
        }
        fs::write(changes.path().join("manifest.json"), MANIFEST).unwrap();
        fs::remove_file(changes.path().join("items.csv")).unwrap();
        if let Some((name, bytes)) = file {
            fs::write(changes.path().join(name), bytes).unwrap();
        }
        let (engine, server) =
            quarantine::serve(Box::new(Memory::default()), None, RefreshSettings::default());
        let submission = Submission {
            tables: changes.path().to_path_buf(),
            way: CameBy::Push,
            aim: Aim::Activate,
        };
        let record = server.submit(&submission).unwrap_or_else(|error| panic!("{how}: {error}"));
        assert_eq!(record.outcome, RefreshOutcome::Quarantined, "{how}");
        assert!(
            record.faults.iter().all(|fault| fault.contains("items")),
            "{how}: {:?}",
            record.faults
        );
        assert_eq!(server.record(Some(record.number)).unwrap().unwrap().snapshot_id, "s", "{how}");
        engine.stop();
    }
}

/// How a spreadsheet mangles what is saved with it.
const MANGLES: &[(&str, fn(&str, &mut Dice) -> Vec<u8>)] = &[
    ("decimal commas", |text, _| text.replace('.', ",").into_bytes()),
    ("dates of another country", |text, _| text.replace("2026-", "11.23.").into_bytes()),
    ("leading zeros lost", |text, _| text.replace("007", "7").into_bytes()),
    ("exponents", |text, _| text.replace("10", "1E+01").into_bytes()),
    ("trailing commas", |text, _| text.replace('\n', ",,,\n").into_bytes()),
    ("blank rows at the end", |text, _| format!("{text},,,,\n,,,,\n").into_bytes()),
    ("errors of formulas", |text, rng| in_cell(text, rng, "#REF!")),
    ("a cell emptied", |text, rng| in_cell(text, rng, "")),
    ("a cell blank", |text, rng| in_cell(text, rng, "  ")),
    ("a wide cell", |text, rng| in_cell(text, rng, &"w".repeat(70_000))),
    ("a huge number", |text, rng| in_cell(text, rng, "99999999999999999999999999")),
    ("a cell of control characters", |text, rng| in_cell(text, rng, "a\0b\u{1b}[31m")),
    ("a cell with a line break", |text, rng| in_cell(text, rng, "\"a\nb\"")),
    ("an open quote", |text, rng| in_cell(text, rng, "\"")),
    ("bytes that are no text", |text, rng| {
        let mut bytes = text.as_bytes().to_vec();
        let at = rng.up_to(bytes.len());
        bytes[at] = 0xfc;
        bytes
    }),
    ("rows sorted by another column", |text, rng| {
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<_> = rows.lines().collect();
        let at = rng.up_to(rows.len());
        rows.rotate_left(at);
        format!("{header}\n{}\n", rows.join("\n")).into_bytes()
    }),
    ("rows twice", |text, _| {
        let rows = text.split_once('\n').unwrap().1;
        format!("{text}{rows}").into_bytes()
    }),
    ("cut off", |text, rng| text.as_bytes()[..rng.up_to(text.len())].to_vec()),
    ("a column deleted", |text, rng| {
        let n = text.lines().next().unwrap().split(',').count();
        let gone = rng.up_to(n);
        let keep = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(at, _)| *at != gone);
            cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",") + "\n"
        };
        text.lines().map(keep).collect::<String>().into_bytes()
    }),
    ("header in capitals", |text, _| text.to_uppercase().into_bytes()),
    ("semicolons", |text, _| text.replace(',', ";").into_bytes()),
    ("carriage returns", |text, _| text.replace('\n', "\r").into_bytes()),
    ("a title above the header", |text, _| format!("Export of today\n\n{text}").into_bytes()),
    ("utf-16", |text, _| [vec![0xff, 0xfe], wide(text, u16::to_le_bytes)].concat()),
];

/// A text put into some cell of some row.
fn in_cell(text: &str, rng: &mut Dice, put: &str) -> Vec<u8> {
    let lines: Vec<_> = text.lines().collect();
    let row = rng.up_to(lines.len());
    let mut mangled = String::new();
    for (at, line) in lines.iter().enumerate() {
        let mut cells: Vec<_> = line.split(',').collect();
        if at == row {
            let cell = rng.up_to(cells.len());
            cells[cell] = put;
        }
        mangled += &cells.join(",");
        mangled.push('\n');
    }
    mangled.into_bytes()
}

/// Mangles that take no key away from those who name it: what is wrong is wrong in this table alone.
fn keeps_keys(mangle: &str) -> bool {
    matches!(
        mangle,
        "trailing commas"
            | "blank rows at the end"
            | "rows sorted by another column"
            | "rows twice"
            | "semicolons"
            | "carriage returns"
            | "a title above the header"
            | "utf-16"
    )
}

/// Some tables mangled in some ways, over and over: an answer each time, never a panic, and an error in another table
/// only where a key may have changed.
#[test]
fn tables_mangled_as_spreadsheets_do_it_give_answers() {
    for seed in 0..400u64 {
        let mut rng = Dice(seed);
        let mut files = Vec::new();
        let mut touched = BTreeSet::new();
        let mut is_told = true;
        for (table, text) in TABLES {
            let mut bytes = text.as_bytes().to_vec();
            if rng.up_to(6) == 0 {
                let (how, mangle) = MANGLES[rng.up_to(MANGLES.len())];
                bytes = mangle(text, &mut rng);
                touched.insert((*table).to_string());
                is_told &= keeps_keys(how);
            }
            files.push((format!("{table}.csv"), bytes));
        }
        let loaded = load(directory(&files).path());
        assert_eq!(loaded.snapshot.is_some(), loaded.problems.errors() == 0, "seed {seed}");
        let blamed = blamed(&loaded);
        assert!(!is_told || blamed.is_subset(&touched), "seed {seed}: {blamed:?}, {touched:?}");
    }
}
