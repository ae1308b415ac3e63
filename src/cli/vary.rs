//! One parameter over a range: a row of figures for each of its values, and a plot.

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
    compare::{self, Kpi},
    ledger::World,
};
use plotters::prelude::*;
use serde_json::{Value, json};
use std::{io::Write, path::Path};

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

impl Vary {
    fn values(&self) -> impl Iterator<Item = i64> + use<> {
        let (to, step) = (self.to, self.step);
        std::iter::successors(Some(self.from), move |value| Some(value + step))
            .take_while(move |value| *value <= to)
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
                    ("resource", self.key.clone()),
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

/// A value and what it comes to.
pub(super) type Row = (i64, Kpi);

/// Promises all orders once for each value.
pub(super) fn table(world: &World, steps: &[Step], vary: &Vary) -> Result<Vec<Row>, Failure> {
    let one = |value: i64| {
        let change = vary.change(world, value)?;
        let changed = world.with_changes(change.as_slice()).map_err(|faults| unmakable(&faults))?;
        let promised = whatif::promise_all(changed, steps)?;
        Ok((value, compare::kpi(&promised)))
    };
    vary.values().map(one).collect()
}

/// Writes the table.
pub(super) fn write(
    out: &mut impl Write,
    format: Format,
    vary: &Vary,
    table: &[Row],
) -> Result<(), Failure> {
    let names = figures(&Kpi::default()).map(|(name, _)| name);
    match format {
        Format::Table => {
            let heading = [(vary.heading(), Align::Right)];
            let columns: Vec<_> =
                heading.into_iter().chain(names.map(|name| (name, Align::Right))).collect();
            let rows = table.iter().map(|(value, kpi)| {
                let figures = figures(kpi).map(|(_, figure)| cell(figure, None));
                [cell(value, None)].into_iter().chain(figures).collect()
            });
            write!(out, "{}", render::table(&columns, rows))?;
        }
        Format::Csv => {
            let mut rows = csv::Writer::from_writer(out);
            let heading = [vary.heading()].into_iter().chain(names);
            rows.write_record(heading).map_err(output::csv_failure)?;
            for (value, kpi) in table {
                let figures = figures(kpi).map(|(_, figure)| figure);
                let cells = [value.to_string()].into_iter().chain(figures);
                rows.write_record(cells).map_err(output::csv_failure)?;
            }
            rows.flush()?;
        }
        Format::Json => {
            let rows: Vec<Value> = table
                .iter()
                .map(|(value, kpi)| json!({ "value": value, "figures": super::compared::kpi(kpi) }))
                .collect();
            writeln!(out, "{}", output::json(&rows))?;
        }
    }
    Ok(())
}

impl Vary {
    fn heading(&self) -> &'static str {
        match self.what {
            What::Supply => "days later",
            What::OnHand => "more on hand",
            What::Capacity => "more hours",
            What::LeadTime => "lead time",
            What::Share => "share",
        }
    }
}

/// Draws the share on time and the profit over the parameter, one above the other.
pub(super) fn plot(path: &Path, vary: &Vary, table: &[Row]) -> Result<(), Failure> {
    draw(path, vary, table).map_err(|cause| {
        Failure::new(
            format!("cannot draw {}: {cause}", path.display()),
            "give --plot a file in a directory that can be written to",
        )
    })
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(path: &Path, vary: &Vary, table: &[Row]) -> Drawn {
    let root = SVGBackend::new(path, (800, 600)).into_drawing_area();
    root.fill(&WHITE)?;
    let (upper, lower) = root.split_vertically(300);
    // A picture needs no more digits than a float has.
    let micros = |raw: i64| raw as f64 / crate::limits::SCALE as f64;
    let on_time = |kpi: &Kpi| micros(kpi.on_time_share().raw()) * 100.0;
    let profit = |kpi: &Kpi| micros(kpi.profit.raw());
    let points = |of: &dyn Fn(&Kpi) -> f64| -> Vec<(f64, f64)> {
        table.iter().map(|(value, kpi)| (*value as f64, of(kpi))).collect()
    };
    let title = format!("{}, {}", vary.key, vary.heading());
    curve(&upper, &format!("lines on time, percent: {title}"), &points(&on_time))?;
    curve(&lower, &format!("profit: {title}"), &points(&profit))?;
    root.present()?;
    Ok(())
}

fn curve(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    title: &str,
    points: &[(f64, f64)],
) -> Drawn {
    let least = points.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|(_, y)| *y).fold(f64::NEG_INFINITY, f64::max);
    let room = ((most - least) * 0.1).max(most.abs() * 0.001).max(0.1);
    let (first, last) = (points[0].0, points[points.len() - 1].0);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(80)
        .build_cartesian_2d(first..last.max(first + 1.0), least - room..most + room)?;
    chart.configure_mesh().draw()?;
    chart.draw_series(LineSeries::new(points.iter().copied(), &BLUE))?;
    Ok(())
}
