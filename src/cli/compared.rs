//! A comparison of two worlds: tables for people, rows for spreadsheets, an object for programs.

use super::{
    failure::Failure,
    output::{self, Format},
    render::{self, Align, Mood, cell},
};
use crate::{
    compare::{Compared, Dimension, Kpi, Pair, Standing, Verdict},
    model::Quantity,
};
use comfy_table::Cell;
use serde_json::{Value, json};
use std::io::Write;

/// How much of a comparison a person sees.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// Winners and losers shown.
    pub(super) most: usize,
    /// Groups shown.
    pub(super) by: Vec<Dimension>,
}

/// Writes a comparison.
pub(super) fn write(
    out: &mut impl Write,
    format: Format,
    compared: &Compared,
    view: &View,
) -> Result<(), Failure> {
    match format {
        Format::Table => table(out, compared, view),
        Format::Csv => csv(out, compared),
        Format::Json => {
            writeln!(out, "{}", output::json(&object(compared)))?;
            Ok(())
        }
    }
}

/// The figures of a world, with their names.
pub(super) fn figures(kpi: &Kpi) -> [(&'static str, String); 11] {
    [
        ("lines", kpi.lines.to_string()),
        ("on time %", percent(kpi.on_time_share())),
        ("fill rate %", percent(kpi.fill_rate())),
        ("days late, mean", places(kpi.days_late_mean(), 2)),
        ("days late, p95", kpi.days_late_p95.to_string()),
        ("days late, max", kpi.days_late_max.to_string()),
        ("revenue", places(Quantity::micros(kpi.revenue.raw()), 2)),
        ("revenue on time", places(Quantity::micros(kpi.revenue_on_time.raw()), 2)),
        ("cost", places(Quantity::micros(kpi.cost.raw()), 2)),
        ("profit", places(Quantity::micros(kpi.profit.raw()), 2)),
        ("lines at risk", kpi.at_risk.to_string()),
    ]
}

fn percent(share: Quantity) -> String {
    places(Quantity::micros(share.raw() * 100), 2)
}

/// A number with so many decimals, cut off.
fn places(number: Quantity, decimals: u32) -> String {
    let unit = 10_i64.pow(6 - decimals);
    let cut = number.raw() / unit;
    let whole = 10_i64.pow(decimals);
    let sign = if cut < 0 { "-" } else { "" };
    let (cut, width) = (cut.abs(), decimals as usize);
    format!("{sign}{}.{:0width$}", cut / whole, cut % whole)
}

fn table(out: &mut impl Write, compared: &Compared, view: &View) -> Result<(), Failure> {
    let (before, after) = (figures(&compared.before), figures(&compared.after));
    let rows = before.into_iter().zip(after).map(|((name, before), (_, after))| {
        vec![cell(name, None), cell(before, None), cell(after, None)]
    });
    let columns = [("", Align::Left), ("before", Align::Right), ("after", Align::Right)];
    write!(out, "{}", render::table(&columns, rows))?;
    for dimension in &view.by {
        writeln!(out)?;
        write!(out, "{}", groups(compared, *dimension, view.most))?;
    }
    for (verdict, heading) in [(Verdict::Loses, "worse off"), (Verdict::Wins, "better off")] {
        let pairs: Vec<_> = compared.pairs.iter().filter(|pair| pair.verdict == verdict).collect();
        writeln!(out, "\n{} {heading}", output::count(pairs.len() as u64, "line"))?;
        if !pairs.is_empty() {
            write!(out, "{}", lines(&pairs, view.most))?;
        }
        if view.most < pairs.len() {
            writeln!(out, "and {} more; --most N shows more", pairs.len() - view.most)?;
        }
    }
    Ok(())
}

/// The groups of a dimension, those with the largest loss on time first.
fn groups(compared: &Compared, dimension: Dimension, most: usize) -> String {
    let mut groups: Vec<_> =
        compared.groups.iter().filter(|group| group.dimension == dimension).collect();
    groups.sort_by_key(|group| {
        (group.after.revenue_on_time - group.before.revenue_on_time, group.key.clone())
    });
    let columns = [
        (dimension.word(), Align::Left),
        ("lines", Align::Right),
        ("on time %", Align::Right),
        ("after", Align::Right),
        ("days late", Align::Right),
        ("after", Align::Right),
        ("revenue on time", Align::Right),
        ("after", Align::Right),
    ];
    let money = |kpi: &Kpi| places(Quantity::micros(kpi.revenue_on_time.raw()), 2);
    let rows = groups.into_iter().take(most).map(|group| {
        let (before, after) = (&group.before, &group.after);
        vec![
            cell(if group.key.is_empty() { "-" } else { &group.key }, None),
            cell(after.lines.max(before.lines), None),
            cell(percent(before.on_time_share()), None),
            cell(percent(after.on_time_share()), None),
            cell(places(before.days_late_mean(), 2), None),
            cell(places(after.days_late_mean(), 2), None),
            cell(money(before), None),
            cell(money(after), None),
        ]
    });
    render::table(&columns, rows)
}

/// Lines with the largest differences first.
fn lines(pairs: &[&Pair], most: usize) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_by_key(|pair| {
        let (quantity, days) = difference(pair);
        (std::cmp::Reverse((quantity.raw().abs(), days.abs())), key(pair))
    });
    let columns = [
        ("order", Align::Left),
        ("line", Align::Left),
        ("customer", Align::Left),
        ("item", Align::Left),
        ("promised", Align::Right),
        ("after", Align::Right),
        ("date", Align::Left),
        ("after", Align::Left),
        ("days later", Align::Right),
        ("why", Align::Wrapped),
    ];
    render::table(&columns, pairs.into_iter().take(most).map(row))
}

fn key(pair: &Pair) -> (String, String) {
    let any = pair.after.as_ref().or(pair.before.as_ref());
    any.map_or_else(Default::default, |any| (any.order.to_string(), any.line.to_string()))
}

/// How much more is promised, and by how many days later.
fn difference(pair: &Pair) -> (Quantity, i32) {
    match (&pair.before, &pair.after) {
        (Some(before), Some(after)) => {
            let days = match (before.days_late, after.days_late) {
                (Some(before), Some(after)) => after - before,
                (None, _) | (_, None) => 0,
            };
            (after.promised - before.promised, days)
        }
        (None, _) | (_, None) => (Quantity::ZERO, 0),
    }
}

fn row(pair: &Pair) -> Vec<Cell> {
    let text = |standing: &Option<Standing>, of: fn(&Standing) -> String| {
        standing.as_ref().map_or_else(|| "-".to_string(), of)
    };
    let date = |standing: &Standing| standing.date.map_or("-".into(), |date| date.to_string());
    let any = pair.after.as_ref().or(pair.before.as_ref());
    let (customer, item) =
        any.map_or_else(Default::default, |any| (any.customer.clone(), any.item.clone()));
    let (order, line) = key(pair);
    let (_, days) = difference(pair);
    let mood = match pair.verdict {
        Verdict::Wins => Some(Mood::Good),
        Verdict::Loses => Some(Mood::Bad),
        Verdict::Same | Verdict::Added | Verdict::Gone => None,
    };
    vec![
        cell(order, None),
        cell(line, None),
        cell(customer, None),
        cell(item, None),
        cell(text(&pair.before, |standing| standing.promised.to_string()), None),
        cell(text(&pair.after, |standing| standing.promised.to_string()), None),
        cell(text(&pair.before, date), None),
        cell(text(&pair.after, date), mood),
        cell(days, None),
        cell(&pair.why, None),
    ]
}

fn csv(out: &mut impl Write, compared: &Compared) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(out);
    let heading = [
        "order",
        "line",
        "customer",
        "demand_class",
        "item",
        "verdict",
        "quantity",
        "promised",
        "promised_after",
        "date",
        "date_after",
        "days_late",
        "days_late_after",
        "revenue_on_time",
        "revenue_on_time_after",
        "cost",
        "cost_after",
        "profit",
        "profit_after",
        "why",
    ];
    rows.write_record(heading).map_err(output::csv_failure)?;
    for pair in &compared.pairs {
        let any = pair.after.as_ref().or(pair.before.as_ref()).expect("one world knows it");
        let both = |of: fn(&Standing) -> String| {
            [&pair.before, &pair.after].map(|side| side.as_ref().map_or_else(String::new, of))
        };
        let mut cells = vec![
            any.order.to_string(),
            any.line.to_string(),
            any.customer.clone(),
            any.class.clone(),
            any.item.clone(),
            pair.verdict.word().to_string(),
            any.asked.to_string(),
        ];
        cells.extend(both(|side| side.promised.to_string()));
        cells.extend(both(|side| side.date.map_or_else(String::new, |date| date.to_string())));
        cells.extend(both(|side| side.days_late.map_or_else(String::new, |days| days.to_string())));
        cells.extend(both(|side| side.revenue_on_time.to_string()));
        cells.extend(both(|side| side.cost.to_string()));
        cells.extend(both(|side| side.profit.to_string()));
        cells.push(pair.why.clone());
        rows.write_record(&cells).map_err(output::csv_failure)?;
    }
    rows.flush()?;
    Ok(())
}

/// A comparison as an object; numbers are decimals as text, so that nothing is lost.
pub(super) fn object(compared: &Compared) -> Value {
    let groups: Vec<_> = compared
        .groups
        .iter()
        .map(|group| {
            json!({
                "dimension": group.dimension.word(),
                "key": group.key,
                "before": kpi(&group.before),
                "after": kpi(&group.after),
            })
        })
        .collect();
    let lines: Vec<_> = compared
        .pairs
        .iter()
        .filter(|pair| pair.verdict != Verdict::Same)
        .map(|pair| {
            let (order, line) = key(pair);
            json!({
                "order": order,
                "line": line,
                "verdict": pair.verdict.word(),
                "before": pair.before.as_ref().map(standing),
                "after": pair.after.as_ref().map(standing),
                "why": pair.why,
            })
        })
        .collect();
    json!({
        "before": kpi(&compared.before),
        "after": kpi(&compared.after),
        "groups": groups,
        "lines": lines,
    })
}

/// The figures of a world as an object.
pub(super) fn kpi(kpi: &Kpi) -> Value {
    let figures = figures(kpi).into_iter();
    let named = figures.map(|(name, value)| {
        let name = name.replace(" %", "_percent").replace(", ", "_").replace(' ', "_");
        (name, Value::String(value))
    });
    Value::Object(named.collect())
}

fn standing(standing: &Standing) -> Value {
    json!({
        "customer": standing.customer,
        "demand_class": standing.class,
        "item": standing.item,
        "location": standing.location,
        "quantity": standing.asked.to_string(),
        "promised": standing.promised.to_string(),
        "on_time": standing.on_time.to_string(),
        "days_late": standing.days_late,
        "date": standing.date.map(|date| date.to_string()),
        "revenue": standing.revenue.to_string(),
        "cost": standing.cost.to_string(),
        "profit": standing.profit.to_string(),
        "at_risk": standing.at_risk,
    })
}
