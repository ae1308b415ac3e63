//! Scenarios that a planner can read: tables, order lines and answers in one file under `tests/allocation`.
//!
//! A section is a table; `-` is an empty cell. `UPDATE_EXPECT=1` rewrites the answers.

use crate::{
    reference::{Row, World},
    support,
};
use promised::{
    ledger::World as Live,
    promising::{
        self,
        answer::{LineResult, PegSource, Status},
    },
    snapshot::Snapshot,
};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

struct Scenario {
    world: World,
    orders: Vec<Row>,
    answers: String,
}

fn table(lines: &[&str]) -> Vec<Row> {
    let cells = |line: &str| -> Vec<String> { line.split_whitespace().map(String::from).collect() };
    let header = cells(lines.first().expect("a header"));
    let row = |line: &&str| -> Row {
        let cells = cells(line);
        assert_eq!(cells.len(), header.len(), "{line}");
        header.iter().cloned().zip(cells).filter(|(_, cell)| cell != "-").collect()
    };
    lines[1..].iter().map(row).collect()
}

fn read(text: &str) -> Scenario {
    let mut sections: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut section = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => section = name.to_string(),
            None => sections.entry(section.clone()).or_default().push(line),
        }
    }
    let answers = sections.remove("answers").unwrap_or_default().join("\n");
    let orders = table(&sections.remove("orders").expect("[orders]"));
    let tables = sections.iter().map(|(name, lines)| (name.clone(), table(lines))).collect();
    let as_of = jiff::civil::date(2026, 11, 23);
    Scenario { world: World { as_of, horizon_days: 30, tables }, orders, answers }
}

/// `40 stock (40 Northeast) + 70 buy`: how the first leg is supplied, in the order of its pegs.
fn supply(snapshot: &Snapshot, result: &LineResult) -> String {
    let option = result.option.as_ref().expect("it is promised");
    let top = option.legs[0].pegs.iter().filter(|peg| peg.depth == 0);
    let words = top.map(|peg| match &peg.source {
        PegSource::Stock { nodes, .. } => {
            let name = |class| snapshot.classes.names.name(class);
            let part = |(class, part): &(_, _)| format!("{part} {}", name(*class));
            let nodes: Vec<_> = nodes.iter().map(part).collect();
            match nodes.is_empty() {
                true => format!("{} stock", peg.quantity),
                false => format!("{} stock ({})", peg.quantity, nodes.join(", ")),
            }
        }
        PegSource::Make { .. } => format!("{} make", peg.quantity),
        PegSource::Transfer { .. } => format!("{} transfer", peg.quantity),
        PegSource::Buy { .. } => format!("{} buy", peg.quantity),
        PegSource::Infinite => format!("{} infinite", peg.quantity),
        PegSource::LeadTime => format!("{} lead time", peg.quantity),
    });
    words.collect::<Vec<_>>().join(" + ")
}

fn answer(snapshot: &Snapshot, order: &str, result: &LineResult) -> String {
    let status = match result.status {
        Status::OnTime => "on_time",
        Status::Late => "late",
        Status::Partial => "partial",
        Status::Unavailable => return format!("{order} unavailable"),
        Status::Refused => return format!("{order} refused"),
    };
    let leg = &result.option.as_ref().expect("it is promised").legs[0];
    let (location, date) =
        (snapshot.locations.names.name(leg.location), snapshot.epoch().date(leg.ship));
    let supply = supply(snapshot, result);
    format!("{order} {status} {} from {location} on {date}: {supply}", leg.quantity)
}

fn answers(scenario: &Scenario) -> String {
    let snapshot = Arc::new(support::snapshot(&scenario.world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut words = Vec::new();
    for request in support::requests(&scenario.orders) {
        let query = request.resolve(&snapshot).expect("scenarios name what exists");
        let promise = promising::plan(&live, &query);
        for (line, result) in request.lines.iter().zip(&promise.lines) {
            words.push(answer(&snapshot, &line.order, result));
        }
        live = support::commit(live, &request, &promise);
    }
    words.join("\n")
}

#[track_caller]
fn check(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let scenario = read(&text);
    let got = answers(&scenario);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let head = text.split("[answers]").next().unwrap();
        fs::write(path, format!("{head}[answers]\n{got}\n")).unwrap();
        return;
    }
    assert_eq!(got, scenario.answers, "{}", path.display());
}

#[test]
fn planners_tables_of_shares() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/allocation");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(4 <= paths.len(), "the scenarios were not found");
    paths.iter().for_each(|path| check(path));
}
