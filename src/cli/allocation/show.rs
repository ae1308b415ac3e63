//! The shares of an item at a location, as a table for people and as CSV.

use crate::{
    cli::{
        failure::Failure,
        output,
        render::{self, Align, Mood, cell},
    },
    rpc::proto::{
        GetAllocationResponse,
        get_allocation_response::{ClassQuantity, Node, Period, node},
    },
};
use comfy_table::Cell;
use std::io::Write;

/// All periods, a table each.
pub(super) fn table(out: &mut impl Write, shares: &GetAllocationResponse) -> Result<(), Failure> {
    let title = format!("{} at {}, rule {}", shares.item, shares.location, shares.rule);
    writeln!(out, "{}", render::printable(&title))?;
    for period in &shares.periods {
        writeln!(out, "\n{} to {}", period.from, period.to)?;
        write!(out, "{}", period_table(period))?;
    }
    Ok(())
}

/// A class as far to the right as it stands below the root.
pub(super) fn indented(class: &str, depth: u32) -> String {
    format!("{}{class}", "  ".repeat(depth as usize))
}

/// Columns that are left out where they are nothing in every row.
type Optional = (&'static str, fn(&Node) -> f64);

const OPTIONAL: [Optional; 3] = [
    ("brought", |row| row.brought),
    ("produced", |row| row.produced),
    ("shifted", |row| row.shifted),
];

fn period_table(period: &Period) -> String {
    let used: Vec<&Optional> = OPTIONAL
        .iter()
        .filter(|(_, value)| period.nodes.iter().any(|row| value(row) != 0.0))
        .collect();
    let mut columns = vec![
        ("class", Align::Left),
        ("rank", Align::Right),
        ("rule", Align::Left),
        ("allocated", Align::Right),
    ];
    columns.extend(used.iter().map(|(name, _)| (*name, Align::Right)));
    columns.extend([
        ("own", Align::Right),
        ("left", Align::Right),
        ("taken by others", Align::Left),
        ("took from others", Align::Left),
    ]);
    let line = |row: &Node| -> Vec<Cell> {
        let mood = if 0.0 < row.left { Mood::Good } else { Mood::Bad };
        let mut cells = vec![
            cell(indented(&row.demand_class, row.depth), None),
            cell(row.rank, None),
            cell(rule_words(row), None),
            cell(row.allocated, None),
        ];
        cells.extend(used.iter().map(|(_, value)| cell(value(row), None)));
        cells.extend([
            cell(row.consumed, None),
            cell(row.left, Some(mood)),
            cell(list(&row.taken_by), None),
            cell(list(&row.took_from), None),
        ]);
        cells
    };
    render::table(&columns, period.nodes.iter().map(line))
}

/// "20 percent", "at most 50", "50 kept".
fn rule_words(row: &Node) -> String {
    let value = row.value;
    match (row.kind(), row.method()) {
        (_, node::Method::Unspecified) => String::new(),
        (node::Kind::Protect, _) => format!("{value} kept"),
        (node::Kind::Cap, _) => format!("at most {value}"),
        (node::Kind::Remaining, _) => format!("{value} percent of what is left"),
        (_, node::Method::Percent) => format!("{value} percent"),
        (_, node::Method::Ratio) => format!("ratio {value}"),
        (_, node::Method::Quantity) => format!("{value} units"),
    }
}

/// "20 Northeast, 3 (no class)".
fn list(parts: &[ClassQuantity]) -> String {
    let word = |part: &ClassQuantity| match part.demand_class.as_str() {
        "" => format!("{} (no class)", part.quantity),
        class => format!("{} {class}", part.quantity),
    };
    parts.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// One row a class and period.
pub(super) fn csv(out: &mut impl Write, shares: &GetAllocationResponse) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    let header = "item,location,rule,from,to,demand_class,kind,method,value,brought,allocated,produced,\
                  shifted,consumed,taken_by,took_from,left";
    csv.write_record(header.split(',')).map_err(output::csv_failure)?;
    for period in &shares.periods {
        for row in &period.nodes {
            let value = match row.method() {
                node::Method::Unspecified => String::new(),
                node::Method::Percent | node::Method::Ratio | node::Method::Quantity => {
                    row.value.to_string()
                }
            };
            let fields = [
                shares.item.clone(),
                shares.location.clone(),
                shares.rule.clone(),
                period.from.clone(),
                period.to.clone(),
                row.demand_class.clone(),
                kind_word(row).to_string(),
                method_word(row).to_string(),
                value,
                row.brought.to_string(),
                row.allocated.to_string(),
                row.produced.to_string(),
                row.shifted.to_string(),
                row.consumed.to_string(),
                pairs(&row.taken_by),
                pairs(&row.took_from),
                row.left.to_string(),
            ];
            csv.write_record(fields).map_err(output::csv_failure)?;
        }
    }
    Ok(csv.flush()?)
}

/// `Northeast=20;=3`: classes and quantities in one cell.
fn pairs(parts: &[ClassQuantity]) -> String {
    let word = |part: &ClassQuantity| format!("{}={}", part.demand_class, part.quantity);
    parts.iter().map(word).collect::<Vec<_>>().join(";")
}

fn method_word(row: &Node) -> &'static str {
    match row.method() {
        node::Method::Unspecified => "",
        node::Method::Percent => "percent",
        node::Method::Ratio => "ratio",
        node::Method::Quantity => "quantity",
    }
}

fn kind_word(row: &Node) -> &'static str {
    match row.kind() {
        node::Kind::Unspecified => "",
        node::Kind::Share => "share",
        node::Kind::Remaining => "remaining",
        node::Kind::Protect => "protect",
        node::Kind::Cap => "cap",
    }
}
