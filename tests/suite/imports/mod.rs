//! Issue 26 item 2: `promised import`. The small exports of `tests/imports` say the same of one plant, and what is promised on
//! each is worked out by hand in their README.

use super::files::{promised, workbook};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn exports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An import into a directory of its own: the snapshot and what was left out, `table row reason` a line.
struct Imported {
    dir: tempfile::TempDir,
    told: String,
    left_out: Vec<String>,
}

impl Imported {
    #[track_caller]
    fn of(kind: &str, from: &Path, more: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("week-48");
        let mut args = vec![
            "import",
            kind,
            from.to_str().unwrap(),
            to.to_str().unwrap(),
            "--as-of",
            "2026-11-23",
        ];
        args.extend(more);
        let out = promised(&args).output().unwrap();
        assert!(out.status.success(), "{kind}: {}{}", text(&out.stdout), text(&out.stderr));
        let rejects = fs::read_to_string(dir.path().join("week-48.rejects.csv")).unwrap();
        let mut csv = csv::Reader::from_reader(rejects.as_bytes());
        let left_out = csv.records().map(|record| {
            let record = record.unwrap();
            [0, 2, 3, 5]
                .map(|at| &record[at])
                .join(" ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        });
        Self { left_out: left_out.collect(), told: text(&out.stdout), dir }
    }

    fn snapshot(&self) -> String {
        self.dir.path().join("week-48").to_str().unwrap().to_string()
    }

    /// What is left out, without what is of another kind.
    #[track_caller]
    fn leaves_out(&self, want: &[&str]) {
        assert_eq!(self.left_out.join("\n"), want.join("\n"));
    }

    /// The snapshot is right by `validate`, and promises are those worked out by hand.
    #[track_caller]
    fn promises_as_worked_out(&self) {
        let snapshot = self.snapshot();
        let out = promised(&["validate", &snapshot]).output().unwrap();
        assert!(out.status.success(), "{}", text(&out.stdout));
        let orders = exports().join("orders.csv");
        let out = promised(&["promise", &snapshot, orders.to_str().unwrap(), "--format", "csv"])
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", text(&out.stderr));
        let mut csv = csv::Reader::from_reader(&out.stdout[..]);
        let columns: BTreeMap<String, usize> = csv
            .headers()
            .unwrap()
            .iter()
            .enumerate()
            .map(|(at, name)| (name.to_string(), at))
            .collect();
        let got: Vec<String> = csv
            .records()
            .map(|record| {
                let record = record.unwrap();
                ["order", "status", "quantity", "ship_date", "days_late"]
                    .map(|name| record[columns[name]].to_string())
                    .join(" ")
            })
            .collect();
        assert_eq!(
            got,
            ["A on_time 2 2026-11-24 0", "B on_time 3 2026-11-24 0", "C late 2 2026-11-28 4"],
            "{}",
            text(&out.stdout)
        );
    }

    /// How many rows of a table were read, taken and left out.
    #[track_caller]
    fn told_of(&self, table: &str, want: &str) {
        let row = self.told.lines().find(|line| line.split_whitespace().any(|word| word == table));
        let row = row.unwrap_or_else(|| panic!("{table}: {}", self.told));
        let numbers: Vec<_> =
            row.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).collect();
        assert_eq!(numbers.join(" "), want, "{table}");
    }
}

#[test]
fn sap_by_its_tables() {
    let imported = Imported::of("sap", &exports().join("sap"), &[]);
    imported.promises_as_worked_out();
    imported.told_of("MARD", "5 4 1");
    imported.told_of("MARM", "1 1 0");
    imported.leaves_out(&[
        "EKET 3 supplies: elikz is one of X",
        "MARA 5 lvorm deleted",
        "MARD 6 lvorm deleted",
        "PLAF 3 supplies: auffx is none of X",
        "RESB 3 demands: kzear is one of X",
        "STPO 4 work_definition_components: postp is one of T",
        "VBEP 3 demands: abgru is none of",
        "ZNOTES no table of this import",
    ]);
}

/// Columns of SAP's tables that hold numbers with decimals, and dates.
const SAP_NUMBERS: [&str; 13] = [
    "PSMNG",
    "WEMNG",
    "NETPR",
    "MENGE",
    "LABST",
    "GSMNG",
    "VGW02",
    "BMSCH",
    "BDMNG",
    "ENMNG",
    "BMENG",
    "WMENG",
    "DLVQTY_SU",
];
const SAP_DATES: [&str; 6] = ["LTRMI", "EINDT", "PEDTR", "BDTER", "EDATU", "MBDAT"];

/// The export as a German SAP GUI writes its lists: a title, lines that are drawn, bars, decimal commas, dates with dots.
fn sap_as_a_list(to: &Path) {
    for entry in fs::read_dir(exports().join("sap")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut rows = text.lines().map(|line| line.split(';').collect::<Vec<_>>());
        let header = rows.next().unwrap();
        let mut list = format!(
            "23.11.2026         Dynamische Listenausgabe         1\r\n\r\n{0}\r\n|{1}|\r\n{0}\r\n",
            "-".repeat(60),
            header.join("|")
        );
        for row in rows {
            let cells = header.iter().zip(row).map(|(name, cell)| {
                if SAP_NUMBERS.contains(name) {
                    format!("{:>9} ", cell.replace('.', ","))
                } else if SAP_DATES.contains(name) && cell.len() == 8 {
                    format!("{}.{}.{}", &cell[6..], &cell[4..6], &cell[..4])
                } else {
                    format!("{cell:6}").replace("Hamburg", "Süd")
                }
            });
            list.push_str(&format!("|{}|\r\n", cells.collect::<Vec<_>>().join("|")));
        }
        list.push_str(&"-".repeat(60));
        let bytes: Vec<u8> = list.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let name = format!("{}.txt", path.file_stem().unwrap().to_str().unwrap());
        fs::write(to.join(name), bytes).unwrap();
    }
}

#[test]
fn sap_as_a_german_list() {
    let dir = tempfile::tempdir().unwrap();
    sap_as_a_list(dir.path());
    fs::write(dir.path().join("MARC.pdf"), "x").unwrap();
    let written = ["--decimal", ",", "--dates", "DD.MM.YYYY", "--encoding", "windows-1252"];
    let imported = Imported::of("sap", dir.path(), &written);
    imported.promises_as_worked_out();
    imported.told_of("MARD", "5 4 1");
    assert_eq!(imported.left_out.len(), 9, "{}", imported.left_out.join("\n"));
    assert!(imported.left_out.contains(&"no table; .csv, .txt and .xlsx are read".to_string()));
    // Without a word on how it is written nothing is taken for what it is not: rows are left out, with the mend.
    let imported = Imported::of("sap", dir.path(), &["--encoding", "windows-1252"]);
    let told = imported.left_out.join("\n");
    for want in [
        "EKET 6 eindt supplies: 01.12.2026: say how dates are written, such as --dates DD.MM.YYYY",
        "MARD 9 labst on_hand: 12,000: say which sign is the decimal one, --decimal , or --decimal .",
    ] {
        assert!(told.contains(want), "{want}\n{told}");
    }
    let out =
        promised(&["import", "sap", dir.path().to_str().unwrap(), "/nowhere/x"]).output().unwrap();
    let told = text(&out.stderr);
    assert!(told.contains("--encoding windows-1252") && out.status.code() == Some(1), "{told}");
}

/// A column of dates that is not formatted as such holds numbers: 46357 is no day since 1970.
#[test]
fn days_as_a_spreadsheet_numbers_them_are_no_dates() {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(exports().join("sap")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace(";20261201;", ";46357;").replace(";20261210;", ";00000000;");
        fs::write(dir.path().join(path.file_name().unwrap()), text).unwrap();
    }
    let imported = Imported::of("sap", dir.path(), &[]);
    let told = imported.left_out.join("\n");
    let want = "EKET 2 eindt supplies: 46357: a spreadsheet calls 2026-12-01 so: format the column as a date there";
    assert!(told.contains(want), "{told}");
    assert!(told.contains("AFPO 2 date supplies"), "an order without a date: {told}");
}

#[test]
fn dynamics_by_its_data_entities() {
    let imported = Imported::of("dynamics", &exports().join("dynamics"), &[]);
    imported.promises_as_worked_out();
    imported.told_of("WarehousesOnHandV2", "4 4 0");
    imported.leaves_out(&[
        "PlannedOrders 3 supplies: status is none of Approved",
        "ProductionOrderHeaders 3 supplies: productionorderstatus is none of Scheduled, Released, StartedUp, Started",
        "PurchaseOrderLinesV2 3 supplies: purchaseorderlinestatus is none of Backorder, Open, Open order, None",
        "SalesOrderLinesV2 3 demands: salesorderlinestatus is none of Backorder, Open, Open order, None",
    ]);
}

/// The templates of the export as workbooks: a sheet of instructions, then the sheet whose fourth row names the columns.
fn templates(to: &Path) {
    let text = fs::read_to_string(exports().join("fbdi/templates.txt")).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    for pair in lines.chunks(2) {
        let (template, sheet) = pair[0].split_once('|').unwrap();
        let book = workbook(&[
            ("Instructions and CSV Generation", &["Overview", "Columns must not be moved."]),
            (sheet, &["Planning data", "* Required", "", pair[1], "", ""]),
        ]);
        fs::write(to.join(format!("{template}.xlsm")), book).unwrap();
    }
}

#[test]
fn oracles_files_by_the_users_own_templates() {
    let dir = tempfile::tempdir().unwrap();
    templates(dir.path());
    let export = exports().join("fbdi/data");
    let by = ["--templates", dir.path().to_str().unwrap()];
    let imported = Imported::of("fbdi", &export, &by);
    imported.promises_as_worked_out();
    imported.told_of("ScpOnHand", "5 5 0");
    let want = [
        "ScpUnknown no sheet of a template has this name",
        "ScpItem 5 deletedflag deleted",
        "ScpSalesOrder 2 deletedflag deleted",
    ];
    let mut left_out = imported.left_out.clone();
    left_out.dedup();
    assert_eq!(left_out.join("\n"), want.join("\n"));
    // The same in a zip file, with a header in each CSV: it is no row.
    let names: BTreeMap<String, String> = fs::read_to_string(exports().join("fbdi/templates.txt"))
        .unwrap()
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .chunks(2)
        .map(|pair| (pair[0].split_once('|').unwrap().1.to_string(), pair[1].replace('|', ",")))
        .collect();
    let files: Vec<(String, Vec<u8>)> = fs::read_dir(&export)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_string();
            let header = names.get(&stem).map_or(String::new(), |names| format!("{names}\n"));
            (format!("{stem}.csv"), [header.into_bytes(), fs::read(&path).unwrap()].concat())
        })
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    let packed = dir.path().join("data.zip");
    fs::write(&packed, super::files::zip(&files)).unwrap();
    Imported::of("fbdi", &packed, &by).promises_as_worked_out();
    let without =
        promised(&["import", "fbdi", export.to_str().unwrap(), "/nowhere/x"]).output().unwrap();
    assert_eq!(without.status.code(), Some(2), "{}", text(&without.stderr));
}

const FREPPLE_LEFT_OUT: [&str; 5] = [
    "demand status only open demands are taken",
    "demand status only open demands are taken",
    "itemsupplier priority priority 0: never chosen by itself",
    "purchaseorder status only confirmed and approved orders are taken",
    "resourceskill skills have no equal",
];

#[track_caller]
fn frepple(from: &Path) {
    let imported = Imported::of("frepple", from, &[]);
    imported.promises_as_worked_out();
    // Rows are numbered by their file, and tables are named as in the export.
    let plain = |line: &String| {
        let (table, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        format!("{table} {rest}")
    };
    let mut left_out: Vec<String> = imported.left_out.iter().map(plain).collect();
    left_out.sort();
    assert_eq!(left_out, FREPPLE_LEFT_OUT);
    let works =
        fs::read_to_string(format!("{}/work_definitions.csv", imported.snapshot())).unwrap();
    assert!(works.contains("Make TOP,TOP,HAM,1,4"), "{works}");
    let off =
        fs::read_to_string(format!("{}/calendar_exceptions.csv", imported.snapshot())).unwrap();
    assert!(off.contains("BENCH hours,2026-12-25,false"), "{off}");
}

#[test]
fn frepple_as_csv_as_a_workbook_and_as_json() {
    let export = exports().join("frepple");
    frepple(&export);
    let mut tables: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut paths: Vec<_> =
        fs::read_dir(&export).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name =
            path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_string();
        let mut csv =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_path(&path).unwrap();
        let rows = csv.records().map(|row| row.unwrap().iter().map(ToString::to_string).collect());
        let rows: Vec<Vec<String>> = rows.collect();
        let known = tables.entry(name).or_default();
        let from = usize::from(!known.is_empty());
        known.extend(rows.into_iter().skip(from));
    }
    let dir = tempfile::tempdir().unwrap();
    let sheets: Vec<(String, Vec<String>)> = tables
        .iter()
        .map(|(name, rows)| (name.clone(), rows.iter().map(|row| row.join("|")).collect()))
        .collect();
    let sheets: Vec<(&str, Vec<&str>)> = sheets
        .iter()
        .map(|(name, rows)| (name.as_str(), rows.iter().map(String::as_str).collect()))
        .collect();
    let sheets: Vec<(&str, &[&str])> =
        sheets.iter().map(|(name, rows)| (*name, &rows[..])).collect();
    let book = dir.path().join("frepple.xlsx");
    fs::write(&book, workbook(&sheets)).unwrap();
    frepple(&book);
    let json: serde_json::Map<String, serde_json::Value> = tables
        .iter()
        .map(|(name, rows)| {
            let objects = rows[1..].iter().map(|row| {
                let cells = rows[0].iter().zip(row).map(|(column, cell)| {
                    let value = match (cell.parse::<i64>(), cell.parse::<f64>()) {
                        (Ok(whole), _) => serde_json::json!(whole),
                        (_, Ok(number)) => serde_json::json!(number),
                        _ => serde_json::json!(cell),
                    };
                    (column.clone(), value)
                });
                serde_json::Value::Object(cells.collect())
            });
            (name.clone(), objects.collect())
        })
        .collect();
    let file = dir.path().join("frepple.json");
    fs::write(&file, serde_json::Value::Object(json).to_string()).unwrap();
    frepple(&file);
}

/// What the recipes make of a database is taken; the recipes themselves are tried in real databases by `recipes/check`.
#[test]
fn what_a_recipe_has_made_is_taken() {
    let recipes = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    for kind in ["odoo", "erpnext"] {
        let dir = tempfile::tempdir().unwrap();
        let raw = dir.path().join("raw");
        fs::create_dir(&raw).unwrap();
        for entry in fs::read_dir(recipes.join("fixtures").join(kind)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, raw.join(path.file_name().unwrap())).unwrap();
        }
        let rejects = recipes.join("fixtures").join(format!("{kind}.rejects.csv"));
        fs::copy(&rejects, dir.path().join("raw.rejects.csv")).unwrap();
        let imported = Imported::of(kind, &raw, &[]);
        let n_rejects = fs::read_to_string(&rejects).unwrap().lines().count() - 1;
        assert_eq!(imported.left_out.len(), n_rejects, "{}", imported.left_out.join("\n"));
        let snapshot = imported.snapshot();
        let out = promised(&["validate", &snapshot]).output().unwrap();
        assert!(out.status.success(), "{}", text(&out.stdout));
        let orders = recipes.join("fixtures").join(format!("{kind}.orders.csv"));
        let out = promised(&["promise", &snapshot, orders.to_str().unwrap(), "--format", "csv"])
            .output()
            .unwrap();
        let want =
            fs::read_to_string(recipes.join("fixtures").join(format!("{kind}.promised.csv")))
                .unwrap();
        assert_eq!(text(&out.stdout), want, "{kind}");
    }
}

#[test]
fn recipes_and_maps_are_printed_and_outputs_are_not_written_over() {
    for (kind, want) in [
        ("odoo", "psql"),
        ("erpnext", "mariadb"),
        ("sap", "MARD"),
        ("dynamics", "Warehouses"),
        ("fbdi", "ScpOnHand"),
    ] {
        let out = promised(&["import", kind, "--recipe"]).output().unwrap();
        assert!(out.status.success() && text(&out.stdout).contains(want), "{kind}");
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x"), "x").unwrap();
    let out = promised(&[
        "import",
        "sap",
        exports().join("sap").to_str().unwrap(),
        dir.path().to_str().unwrap(),
    ])
    .output()
    .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("is not empty"), "{}", text(&out.stderr));
    // A map of one's own takes the place of the one that comes along.
    let map = dir.path().join("ours.toml");
    fs::write(&map, "[[take]]\nfrom = \"MARA\"\nto = \"items\"\ncolumns = { item = \"MATNR\" }\n[[take]]\nfrom = \"T001W\"\nto = \"locations\"\ncolumns = { location = \"WERKS\" }\n").unwrap();
    let imported = Imported::of("sap", &exports().join("sap"), &["--map", map.to_str().unwrap()]);
    imported.told_of("MARA", "4 4 0");
}
