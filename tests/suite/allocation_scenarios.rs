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
        answer::{LineResult, OptionLeg, Peg, PegSource},
        request::OrderLine,
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

/// `40 stock (40 Northeast) + 70 buy`: how a leg is supplied, in the order of its pegs; what they draw on
/// further down stands in brackets.
fn supply(snapshot: &Snapshot, leg: &OptionLeg) -> String {
    let mut words = String::new();
    for (at, peg) in leg.pegs.iter().enumerate() {
        let before = if at == 0 { None } else { Some(leg.pegs[at - 1].depth) };
        match before {
            Some(before) if before < peg.depth => words += " [",
            Some(before) => {
                words += &"]".repeat(usize::from(before - peg.depth));
                words += " + ";
            }
            None => (),
        }
        words += &peg_words(snapshot, peg, leg);
    }
    words += &"]".repeat(leg.pegs.last().map_or(0, |peg| usize::from(peg.depth)));
    words
}

fn peg_words(snapshot: &Snapshot, peg: &Peg, leg: &OptionLeg) -> String {
    let of = if peg.item == leg.item { "" } else { snapshot.items.names.name(peg.item) };
    let of = if of.is_empty() { String::new() } else { format!(" {of}") };
    let name = |class| snapshot.classes.names.name(class);
    let word = match &peg.source {
        PegSource::Stock { nodes, .. } if !nodes.is_empty() => {
            let part = |(class, part): &(_, _)| format!("{part} {}", name(*class));
            let nodes: Vec<_> = nodes.iter().map(part).collect();
            format!("stock ({})", nodes.join(", "))
        }
        PegSource::Stock { .. } => "stock".to_string(),
        PegSource::Make { .. } => "make".to_string(),
        PegSource::Transfer { .. } => "transfer".to_string(),
        PegSource::Buy { .. } => "buy".to_string(),
        PegSource::Infinite => "infinite".to_string(),
        PegSource::LeadTime => "lead time".to_string(),
    };
    format!("{}{of} {word}", peg.quantity)
}

/// One line of answer a leg.
fn answer(snapshot: &Snapshot, line: &OrderLine, result: &LineResult) -> Vec<String> {
    let key = match line.line.as_str() {
        "1" => line.order.clone(),
        number => format!("{}/{number}", line.order),
    };
    let status = support::status(result.status);
    let Some(option) = &result.option else { return vec![format!("{key} {status}")] };
    let of_leg = |leg: &OptionLeg| {
        let (location, date) =
            (snapshot.locations.names.name(leg.location), snapshot.epoch().date(leg.ship));
        let item = if leg.item == snapshot.items.names.get(&line.item).unwrap() {
            String::new()
        } else {
            format!(" {}", snapshot.items.names.name(leg.item))
        };
        let supply = supply(snapshot, leg);
        format!("{key} {status} {}{item} from {location} on {date}: {supply}", leg.quantity)
    };
    option.legs.iter().map(of_leg).collect()
}

fn answers(scenario: &Scenario) -> String {
    let snapshot = Arc::new(support::snapshot(&scenario.world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut words = Vec::new();
    for request in support::requests(&scenario.orders) {
        let query = request.resolve(&snapshot).expect("scenarios name what exists");
        let promise = promising::plan(&live, &query);
        for (line, result) in request.lines.iter().zip(&promise.lines) {
            words.extend(answer(&snapshot, line, result));
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
