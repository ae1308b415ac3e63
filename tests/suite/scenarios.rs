//! Planners' tables: `tests/scenarios/*.txt`, each a small world, some orders and what is promised.
//!
//! A file has sections: `[table]` with a header and rows of cells between bars, `[orders]` likewise, and
//! `[promised]` with a line a leg. `d3` is the date three days after `as_of`, 2026-11-23, a Monday; the
//! horizon is 30 days. The naive reference must say the same. `UPDATE_EXPECT=1` rewrites `[promised]`;
//! read the diff against semantics.md.

use crate::{
    reference::{self, Row, World},
    support,
};
use jiff::{ToSpan, civil::Date};
use promised::{
    ledger::World as Live,
    promising::{self, answer::LineResult, request::OrderLine},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

const AS_OF: Date = jiff::civil::date(2026, 11, 23);

/// A small world, some orders, and what is promised.
pub struct Scenario {
    pub world: World,
    pub orders: Vec<Row>,
    promised: String,
}

fn cell(text: &str) -> String {
    let offset = text.strip_prefix('d').and_then(|days| days.parse::<i64>().ok());
    offset.map_or(text.to_string(), |days| (AS_OF + days.days()).to_string())
}

fn offset(date: Date) -> String {
    format!("d{}", AS_OF.until(date).unwrap().get_days())
}

fn cells(line: &str) -> Vec<String> {
    line.split('|').map(|text| cell(text.trim())).collect()
}

fn table(lines: &[&str]) -> Vec<Row> {
    let header = cells(lines[0]);
    let row = |line: &&str| -> Row {
        let named = header.iter().cloned().zip(cells(line));
        named.filter(|(_, text)| !text.is_empty()).collect()
    };
    lines[1..].iter().map(row).collect()
}

/// A scenario need not list its locations.
fn name_locations(tables: &mut BTreeMap<String, Vec<Row>>) {
    let rows = tables.values().flatten();
    let named = rows.flat_map(|row| row.get("location").into_iter().chain(row.get("origin")));
    let names: BTreeSet<String> = named.cloned().collect();
    let row = |name| Row::from([("location".to_string(), name)]);
    tables.entry("locations".into()).or_insert_with(|| names.into_iter().map(row).collect());
}

/// A scenario as text; it begins with a line of its own.
pub fn read(text: &str) -> Scenario {
    let mut tables = BTreeMap::new();
    let (mut orders, mut promised) = (Vec::new(), String::new());
    for section in text.split("\n[").skip(1) {
        let (name, body) = section.split_once("]\n").expect("a section has a name");
        let lines: Vec<&str> = body.lines().filter(|line| !line.trim().is_empty()).collect();
        match name {
            "orders" => orders = table(&lines),
            "promised" => promised = lines.join("\n") + "\n",
            _ => drop(tables.insert(name.to_string(), table(&lines))),
        }
    }
    name_locations(&mut tables);
    Scenario { world: World { as_of: AS_OF, horizon_days: 30, tables }, orders, promised }
}

fn words(snapshot: &Snapshot, line: &OrderLine, result: &LineResult) -> String {
    let name = format!("{}/{}", line.order, line.line);
    let status = support::status(result.status);
    let Some(option) = &result.option else {
        return format!("{name:<8}{status}\n");
    };
    let mut text = String::new();
    for leg in &option.legs {
        let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
        text += format!(
            "{name:<8}{status:<9}{} {} from {}{}, ships {}, arrives {}, {} late, cost {}, profit {}\n",
            snapshot.items.shown(leg.item, leg.quantity),
            snapshot.items.names.name(leg.item),
            snapshot.locations.names.name(leg.location),
            if method.is_empty() { String::new() } else { format!(" by {method}") },
            offset(snapshot.epoch().date(leg.ship)),
            offset(snapshot.epoch().date(leg.arrival)),
            leg.days_late,
            leg.economics.cost(),
            leg.economics.profit(),
        )
        .as_str();
    }
    text
}

fn promise(scenario: &Scenario) -> String {
    let snapshot = Arc::new(support::snapshot(&scenario.world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut text = String::new();
    let mut compared = Vec::new();
    for request in support::requests(&scenario.orders) {
        let query = request.resolve(&snapshot).unwrap_or_else(|faults| panic!("{faults:?}"));
        let promise = promising::plan(&live, &query);
        for (line, result) in request.lines.iter().zip(&promise.lines) {
            text += &words(&snapshot, line, result);
            compared.extend(support::words(&snapshot, line, result));
        }
        live = support::commit(live, &request, &promise);
    }
    let rows = reference::promise(&scenario.world, &scenario.orders);
    let wanted: Vec<_> = rows.iter().flatten().map(support::words_of_reference).collect();
    if compared != wanted {
        text += &format!("but the reference says\n{}\n", wanted.join("\n"));
    }
    text
}

#[test]
fn every_scenario_is_promised_as_planned() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut paths: Vec<_> =
        folder.read_dir().expect("it is there").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut wrong = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("it is text");
        let scenario = read(&text);
        eprintln!("{}", path.display());
        let found = promise(&scenario);
        if found == scenario.promised {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let head = text.split("\n[promised]\n").next().unwrap();
            std::fs::write(&path, format!("{head}\n[promised]\n{found}")).unwrap();
        } else {
            wrong.push(format!("{}:\n{found}instead of\n{}", path.display(), scenario.promised));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
