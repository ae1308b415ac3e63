//! One parameter over a range: a row of figures for each of its values.

use super::{
    compared::{FIGURES, Figure},
    failure::Failure,
    output::{self, AnswerFormat},
    progress,
    render::{self, Align, cell},
    whatif,
};
use crate::{
    change::Vary,
    compare::Grouping,
    engine::whatif::{self as asking, NotVaried, With},
    ledger::World,
    promising::{patience::Patience, query::Query, request::Request},
    rpc::{compared::kpi, proto, to_json_line},
};
use proto::Kpi;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Write};

/// A value and what it comes to.
#[derive(Clone, Debug)]
pub(super) struct VaryRow {
    /// The value.
    pub(super) value: i64,
    /// All lines.
    pub(super) all: Kpi,
    /// The same by the dimension asked for.
    pub(super) by: BTreeMap<String, Kpi>,
}

impl VaryRow {
    /// A row as a server tells it.
    pub(super) fn of(told: proto::VaryResponse) -> Self {
        let by = told.by.into_iter().collect();
        Self { value: told.value, all: told.figures.unwrap_or_default(), by }
    }
}

fn unmakable(unmade: &NotVaried) -> Failure {
    match unmade {
        NotVaried::Faulty(_) => Failure::new(unmade.to_string(), "correct the argument of --vary"),
        NotVaried::Misfit(misfit) => whatif::misfitting(misfit),
        NotVaried::GivenUp => unreachable!("endless patience gives nothing up"),
    }
}

/// Promises all orders once for each value.
pub(super) fn table(
    world: &World,
    orders: &[(Request, Query)],
    vary: &Vary,
    by: Option<Grouping>,
) -> Result<Vec<VaryRow>, Failure> {
    let values: Vec<_> = vary.values().collect();
    let bar = progress::values(values.len() as u64, orders.len() as u64);
    let one = |value: i64| {
        let with = With { orders, run: None, by };
        let row = asking::row(world, (vary, value), with, &Patience::endless());
        bar.inc(1);
        let asking::Varied { value, all, by } = row.map_err(|unmade| unmakable(&unmade))?;
        let by = by.iter().map(|(key, figures)| (key.clone(), kpi(figures))).collect();
        Ok(VaryRow { value, all: kpi(&all), by })
    };
    let rows = values.into_par_iter().map(one).collect();
    bar.finish_and_clear();
    rows
}

/// The keys of a table's groups.
pub(super) fn keys(table: &[VaryRow]) -> Vec<&str> {
    let keys = table.iter().flat_map(|row| row.by.keys());
    keys.map(String::as_str).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The figures of a group that the table shows.
const OF_GROUPS: [&str; 2] = ["on time %", "days late, mean"];

/// The cells of a row beside the value itself, with their headings.
fn cells(
    row: &VaryRow,
    keys: &[&str],
    (format, currency): (AnswerFormat, &str),
) -> Vec<(String, String)> {
    let shown = |figure: &Figure, kpi: &Kpi| {
        let value = (figure.of)(kpi);
        match format {
            AnswerFormat::Table => {
                (figure.kind.heading(figure.name, currency), figure.kind.shown(value))
            }
            AnswerFormat::Csv | AnswerFormat::Json => {
                (figure.name.to_string(), figure.kind.plain(value))
            }
        }
    };
    let all = FIGURES.iter().map(|figure| shown(figure, &row.all));
    let of_key = |key: &&str| {
        let kpi = row.by.get(*key).copied().unwrap_or_default();
        let told = FIGURES.iter().filter(|figure| OF_GROUPS.contains(&figure.name));
        let key = if key.is_empty() { "-" } else { *key }.to_string();
        let cell = |figure: &Figure| {
            let (name, value) = shown(figure, &kpi);
            (format!("{key}: {name}"), value)
        };
        told.map(cell).collect::<Vec<_>>()
    };
    all.chain(keys.iter().flat_map(of_key)).collect()
}

/// Writes the table.
pub(super) fn write(
    out: &mut impl Write,
    format: AnswerFormat,
    (vary, currency): (&Vary, &str),
    table: &[VaryRow],
) -> Result<(), Failure> {
    let keys = keys(table);
    let row = |row: &VaryRow| (row.value, cells(row, &keys, (format, currency)));
    let rows: Vec<_> = table.iter().map(row).collect();
    let names = rows.first().map(|(_, cells)| cells.clone()).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let heading = || [vary.heading()].into_iter().chain(names.iter().copied());
    match format {
        AnswerFormat::Table => {
            let columns: Vec<_> = heading().map(|name| (name, Align::Right)).collect();
            let rows = rows.into_iter().map(|(value, cells)| {
                let figures = cells.into_iter().map(|(_, figure)| cell(figure, None));
                [cell(value, None)].into_iter().chain(figures).collect()
            });
            write!(out, "{}", render::table(&columns, rows))?;
        }
        AnswerFormat::Csv => {
            let mut written = csv::Writer::from_writer(out);
            written.write_record(heading()).map_err(output::csv_failure)?;
            for (value, cells) in rows {
                let figures = cells.into_iter().map(|(_, figure)| figure);
                let cells = [value.to_string()].into_iter().chain(figures);
                written.write_record(cells).map_err(output::csv_failure)?;
            }
            written.flush()?;
        }
        AnswerFormat::Json => {
            let json = |kpi: &Kpi| -> Value { to_json_line(kpi).parse().expect("it is JSON") };
            let rows: Vec<Value> = table
                .iter()
                .map(|row| {
                    let by: BTreeMap<_, _> =
                        row.by.iter().map(|(key, kpi)| (key.clone(), json(kpi))).collect();
                    json!({ "value": row.value, "figures": json(&row.all), "by": by })
                })
                .collect();
            writeln!(out, "{}", output::json(&rows))?;
        }
    }
    Ok(())
}
