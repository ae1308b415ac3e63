//! One parameter over a range: a row of figures for each of its values.

use super::{
    compared::figures,
    failure::Failure,
    output::{self, Format},
    render::{self, Align, cell},
    stream::Step,
    whatif,
};
use crate::{
    change::Change,
    compare::{self, Dimension, Kpi},
    ledger::World,
    rpc::{compared::kpi as told, proto, to_json_line},
};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Write};

/// A parameter and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vary {
    what: What,
    key: String,
    from: i64,
    to: i64,
    step: i64,
}

/// What is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Supply,
    OnHand,
    Capacity,
    LeadTime,
    Share,
}

const WHATS: &[(&str, What)] = &[
    ("supply", What::Supply),
    ("on_hand", What::OnHand),
    ("capacity", What::Capacity),
    ("lead_time", What::LeadTime),
    ("share", What::Share),
];

/// Values of a parameter; each costs as much as promising all orders.
const VALUES_MAX: i64 = 200;

/// Reads `what:key:from..to:step`; numbers may end in `d`.
pub(super) fn parse(text: &str) -> Result<Vary, String> {
    let expected = || "WHAT:KEY:FROM..TO such as supply:PO-4711:-7d..+14d is expected".to_string();
    let (what, rest) = text.split_once(':').ok_or_else(expected)?;
    let what = crate::snapshot::row::choice(WHATS, what)
        .map_err(|words| format!("{words} is expected before the first colon"))?;
    let dots = rest.find("..").ok_or_else(expected)?;
    let (left, right) = (&rest[..dots], &rest[dots + 2..]);
    let (key, from) = left.rsplit_once(':').ok_or_else(expected)?;
    let (to, step) = right.split_once(':').unwrap_or((right, "1"));
    let number = |text: &str| {
        let digits = text.trim_end_matches('d').trim_start_matches('+');
        digits.parse::<i64>().map_err(|_| format!("{text:?} is no whole number"))
    };
    let (from, to, step) = (number(from)?, number(to)?, number(step)?);
    if step < 1 || to < from || VALUES_MAX <= (to - from) / step {
        return Err(format!("a range upwards of at most {VALUES_MAX} values is expected"));
    }
    Ok(Vary { what, key: key.to_string(), from, to, step })
}

/// A value and what it comes to.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The value.
    pub(super) value: i64,
    /// All lines.
    pub(super) all: Kpi,
    /// The same by the dimension asked for.
    pub(super) by: BTreeMap<String, Kpi>,
}

impl Vary {
    fn values(&self) -> impl Iterator<Item = i64> + use<> {
        let (to, step) = (self.to, self.step);
        std::iter::successors(Some(self.from), move |value| Some(value + step))
            .take_while(move |value| *value <= to)
    }

    /// Whose capacity is varied: a resource's, or else a location's order lines a day.
    fn owner(&self, world: &World) -> &'static str {
        let snapshot = &world.snapshot;
        let is_location = snapshot.locations.names.get(&self.key).is_some();
        let is_resource = snapshot.resources.names.get(&self.key).is_some();
        if is_location && !is_resource { "location" } else { "resource" }
    }

    /// The change that gives the parameter a value; none where the value is "as it is".
    fn change(&self, world: &World, value: i64) -> Result<Option<Change>, Failure> {
        let epoch = world.snapshot.epoch();
        let mut parts = self.key.split('/');
        let mut part = || parts.next().unwrap_or_default().to_string();
        let text = value.to_string();
        let (word, cells): (_, Vec<(&str, String)>) = match self.what {
            What::Supply | What::OnHand | What::Capacity if value == 0 => return Ok(None),
            What::Supply => ("supply_moved", vec![("supply", self.key.clone()), ("days", text)]),
            What::OnHand => (
                "on_hand_adjusted",
                vec![("item", part()), ("location", part()), ("quantity", text)],
            ),
            What::Capacity => (
                "capacity_added",
                vec![
                    (self.owner(world), self.key.clone()),
                    ("date", epoch.as_of().to_string()),
                    ("to_date", epoch.date(epoch.end().plus(-1)).to_string()),
                    ("quantity", text),
                ],
            ),
            What::LeadTime => {
                ("lead_time_set", vec![("supplier", part()), ("item", part()), ("days", text)])
            }
            What::Share => (
                "share_set",
                vec![
                    ("rule", part()),
                    ("demand_class", part()),
                    ("effective_from", part()),
                    ("value", text),
                ],
            ),
        };
        let cell = |name: &'static str| {
            cells.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str())
        };
        let refused = |faults: Vec<crate::change::Fault>| unmakable(&faults);
        Change::read(0, word, cell).map(Some).map_err(refused)
    }
}

fn unmakable(faults: &[crate::change::Fault]) -> Failure {
    let all: Vec<_> = faults
        .iter()
        .map(|fault| format!("{} {:?} is not {}", fault.field, fault.value, fault.expected))
        .collect();
    Failure::new(all.join("; "), "correct the argument of --vary")
}

/// Promises all orders once for each value.
pub(super) fn table(
    world: &World,
    steps: &[Step],
    vary: &Vary,
    by: Option<Dimension>,
) -> Result<Vec<Row>, Failure> {
    let one = |value: i64| {
        let change = vary.change(world, value)?;
        let changed = world.with_changes(change.as_slice()).map_err(|faults| unmakable(&faults))?;
        let promised = whatif::promise_all(changed, steps)?;
        let by = by.map(|dimension| compare::kpi_by(&promised, dimension)).unwrap_or_default();
        Ok(Row { value, all: compare::kpi(&promised), by })
    };
    let values: Vec<_> = vary.values().collect();
    values.into_par_iter().map(one).collect()
}

/// The keys of a table's groups.
pub(super) fn keys(table: &[Row]) -> Vec<&str> {
    let keys = table.iter().flat_map(|row| row.by.keys());
    keys.map(String::as_str).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The figures of a group that the table shows.
const OF_GROUPS: [&str; 2] = ["on time %", "days late, mean"];

/// The cells of a row beside the value itself, with their headings.
fn cells(row: &Row, keys: &[&str]) -> Vec<(String, String)> {
    let figures_of = |kpi: &Kpi| -> Vec<_> {
        let told: proto::Kpi = told(kpi);
        figures(&told).into_iter().collect()
    };
    let all = figures_of(&row.all).into_iter().map(|(name, figure)| (name.to_string(), figure));
    let of_key = |key: &&str| {
        let kpi = row.by.get(*key).cloned().unwrap_or_default();
        let told = figures_of(&kpi).into_iter().filter(|(name, _)| OF_GROUPS.contains(name));
        let key = if key.is_empty() { "-" } else { *key }.to_string();
        told.map(move |(name, figure)| (format!("{key}: {name}"), figure)).collect::<Vec<_>>()
    };
    all.chain(keys.iter().flat_map(of_key)).collect()
}

/// Writes the table.
pub(super) fn write(
    out: &mut impl Write,
    format: Format,
    vary: &Vary,
    table: &[Row],
) -> Result<(), Failure> {
    let keys = keys(table);
    let rows: Vec<_> = table.iter().map(|row| (row.value, cells(row, &keys))).collect();
    let names = rows.first().map(|(_, cells)| cells.clone()).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let heading = || [vary.heading()].into_iter().chain(names.iter().copied());
    match format {
        Format::Table => {
            let columns: Vec<_> = heading().map(|name| (name, Align::Right)).collect();
            let rows = rows.into_iter().map(|(value, cells)| {
                let figures = cells.into_iter().map(|(_, figure)| cell(figure, None));
                [cell(value, None)].into_iter().chain(figures).collect()
            });
            write!(out, "{}", render::table(&columns, rows))?;
        }
        Format::Csv => {
            let mut written = csv::Writer::from_writer(out);
            written.write_record(heading()).map_err(output::csv_failure)?;
            for (value, cells) in rows {
                let figures = cells.into_iter().map(|(_, figure)| figure);
                let cells = [value.to_string()].into_iter().chain(figures);
                written.write_record(cells).map_err(output::csv_failure)?;
            }
            written.flush()?;
        }
        Format::Json => {
            let json =
                |kpi: &Kpi| -> Value { to_json_line(&told(kpi)).parse().expect("it is JSON") };
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

impl Vary {
    /// What it is varied by, in words.
    pub(super) fn heading(&self) -> &'static str {
        match self.what {
            What::Supply => "days later",
            What::OnHand => "more on hand",
            What::Capacity => "more hours",
            What::LeadTime => "lead time",
            What::Share => "share",
        }
    }

    /// Of what, in keys.
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}
