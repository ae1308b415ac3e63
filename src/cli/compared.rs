//! A comparison of two worlds: tables for people, rows for spreadsheets, the message for programs.

use super::{
    failure::Failure,
    output::{self, Format},
    render::{self, Align, Mood, cell},
};
use crate::{
    compare::{Dimension, Verdict},
    rpc::{self, compared::Limits, proto},
};
use comfy_table::Cell;
use std::io::Write;

/// How much of a comparison a person sees.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// Winners and losers shown, and groups.
    pub(super) most: u32,
    /// Whether lines are shown at all.
    pub(super) lines: Lines,
    /// Groups shown.
    pub(super) by: Vec<Dimension>,
}

/// Whether single lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Those with the largest differences.
    Shown,
    /// Only how many there are.
    Counted,
}

impl View {
    /// How much has to be told for it.
    pub(super) fn limits(&self, format: Format) -> Limits {
        match format {
            Format::Table | Format::Json => Limits { lines: self.most, groups: self.most },
            Format::Csv => Limits { lines: u32::MAX, groups: self.most },
        }
    }
}

/// Writes a comparison.
pub(super) fn write(
    out: &mut impl Write,
    format: Format,
    compared: &proto::CompareResponse,
    view: &View,
) -> Result<(), Failure> {
    match format {
        Format::Table => table(out, compared, view),
        Format::Csv => csv(out, compared),
        Format::Json => {
            writeln!(out, "{}", rpc::to_json(compared))?;
            Ok(())
        }
    }
}

/// The figures of a world, with their names.
pub(super) fn figures(kpi: &proto::Kpi) -> [(&'static str, String); 12] {
    [
        ("lines", kpi.lines.to_string()),
        ("on time %", percent(kpi.on_time_share)),
        ("fill rate %", percent(kpi.fill_rate)),
        ("days late, mean", format!("{:.2}", kpi.days_late_mean)),
        ("days late, p95", kpi.days_late_p95.to_string()),
        ("days late, max", kpi.days_late_max.to_string()),
        ("revenue", money(kpi.revenue)),
        ("revenue on time", money(kpi.revenue_on_time)),
        ("cost", money(kpi.cost)),
        ("profit", money(kpi.profit)),
        ("lines at risk", kpi.at_risk.to_string()),
        ("revenue at risk", money(kpi.revenue_at_risk)),
    ]
}

/// A share in percent, rounded half up.
fn percent(share: f64) -> String {
    // A thousandth of the last digit is more than a double is off.
    format!("{:.2}", (share * 10_000.0 + 0.501).floor() / 100.0)
}

fn money(amount: f64) -> String {
    format!("{amount:.2}")
}

fn table(
    out: &mut impl Write,
    compared: &proto::CompareResponse,
    view: &View,
) -> Result<(), Failure> {
    let side = |kpi: &Option<proto::Kpi>| figures(&kpi.unwrap_or_default());
    let rows = side(&compared.before).into_iter().zip(side(&compared.after));
    let rows = rows.map(|((name, before), (_, after))| {
        vec![cell(name, None), cell(before, None), cell(after, None)]
    });
    let columns = [("", Align::Left), ("before", Align::Right), ("after", Align::Right)];
    write!(out, "{}", render::table(&columns, rows))?;
    for dimension in &view.by {
        writeln!(out)?;
        write!(out, "{}", groups(compared, *dimension))?;
    }
    let verdicts = [
        (Verdict::Loses, compared.losers, "worse off"),
        (Verdict::Wins, compared.winners, "better off"),
        (Verdict::Gone, compared.gone, "gone"),
        (Verdict::Added, compared.added, "added"),
    ];
    for (verdict, n_lines, heading) in verdicts {
        let is_usual = matches!(verdict, Verdict::Loses | Verdict::Wins);
        if n_lines == 0 && !is_usual {
            continue;
        }
        writeln!(out, "\n{} {heading}", output::count(n_lines.into(), "line"))?;
        let told = compared.lines.iter().filter(|line| line.verdict == verdict.word());
        let shown: Vec<_> = told.take(view.most as usize).collect();
        if n_lines == 0 || view.lines == Lines::Counted {
            continue;
        }
        write!(out, "{}", lines(&shown))?;
        let left = u64::from(n_lines) - shown.len() as u64;
        if 0 < left {
            writeln!(out, "and {left} more; --most N shows more")?;
        }
    }
    Ok(())
}

/// The groups of a dimension in which something differs.
fn groups(compared: &proto::CompareResponse, dimension: Dimension) -> String {
    let columns = [
        (dimension.word(), Align::Left),
        ("lines", Align::Right),
        ("on time %", Align::Right),
        ("after", Align::Right),
        ("days late", Align::Right),
        ("after", Align::Right),
        ("revenue on time", Align::Right),
        ("after", Align::Right),
        ("at risk", Align::Right),
        ("after", Align::Right),
    ];
    let of = compared.groups.iter().filter(|group| group.dimension == dimension.word());
    let rows = of.map(|group| {
        let (before, after) = (group.before.unwrap_or_default(), group.after.unwrap_or_default());
        let mut row = vec![
            cell(if group.key.is_empty() { "-" } else { &group.key }, None),
            cell(after.lines.max(before.lines), None),
        ];
        let figures: [fn(&proto::Kpi) -> String; 4] = [
            |kpi| percent(kpi.on_time_share),
            |kpi| format!("{:.2}", kpi.days_late_mean),
            |kpi| money(kpi.revenue_on_time),
            |kpi| kpi.at_risk.to_string(),
        ];
        row.extend(figures.iter().flat_map(|of| [&before, &after].map(|kpi| cell(of(kpi), None))));
        row
    });
    render::table(&columns, rows)
}

/// Single lines.
fn lines(told: &[&proto::LineDifference]) -> String {
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
    render::table(&columns, told.iter().map(|line| row(line)))
}

fn row(line: &proto::LineDifference) -> Vec<Cell> {
    let promised = |side: &Option<proto::LineStanding>| {
        side.as_ref().map_or_else(|| "-".to_string(), |one| one.promised.to_string())
    };
    let date = |side: &Option<proto::LineStanding>| match side {
        Some(one) if one.at_risk => format!("{}, at risk", one.date),
        Some(one) if !one.date.is_empty() => one.date.clone(),
        Some(_) | None => "-".to_string(),
    };
    let mood = match line.verdict.as_str() {
        "wins" => Some(Mood::Good),
        "loses" => Some(Mood::Bad),
        _ => None,
    };
    let dated = |side: &Option<proto::LineStanding>| {
        side.as_ref().filter(|one| !one.date.is_empty()).map(|one| one.days_late)
    };
    let later = match (dated(&line.before), dated(&line.after)) {
        (Some(before), Some(after)) => (after - before).to_string(),
        (None, _) | (_, None) => "-".to_string(),
    };
    vec![
        cell(&line.order, None),
        cell(&line.line, None),
        cell(&line.customer, None),
        cell(&line.item, None),
        cell(promised(&line.before), None),
        cell(promised(&line.after), None),
        cell(date(&line.before), None),
        cell(date(&line.after), mood),
        cell(later, None),
        cell(&line.why, None),
    ]
}

fn csv(out: &mut impl Write, compared: &proto::CompareResponse) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(out);
    let heading = ["order", "line", "customer", "demand_class", "item", "verdict", "quantity"];
    type Column = (&'static str, fn(&proto::LineStanding) -> String);
    let sides: [Column; 9] = [
        ("promised", |side| side.promised.to_string()),
        ("location", |side| side.location.clone()),
        ("date", |side| side.date.clone()),
        ("days_late", |side| {
            if side.date.is_empty() { String::new() } else { side.days_late.to_string() }
        }),
        ("revenue", |side| side.revenue.to_string()),
        ("revenue_on_time", |side| side.revenue_on_time.to_string()),
        ("cost", |side| side.cost.to_string()),
        ("profit", |side| side.profit.to_string()),
        ("at_risk", |side| side.at_risk.to_string()),
    ];
    let both = sides.iter().flat_map(|(name, _)| [(*name).to_string(), format!("{name}_after")]);
    let all = heading.into_iter().map(str::to_string).chain(both).chain(["why".to_string()]);
    rows.write_record(all).map_err(output::csv_failure)?;
    for line in &compared.lines {
        let mut cells = vec![
            line.order.clone(),
            line.line.clone(),
            line.customer.clone(),
            line.demand_class.clone(),
            line.item.clone(),
            line.verdict.clone(),
            line.quantity.to_string(),
        ];
        for (_, of) in &sides {
            cells.extend(
                [&line.before, &line.after].map(|side| side.as_ref().map_or_else(String::new, of)),
            );
        }
        cells.push(line.why.clone());
        rows.write_record(&cells).map_err(output::csv_failure)?;
    }
    rows.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_up() {
        let shown = [0.0, 0.333_333, 0.666_666, 0.123_45, 0.123_449, 0.999_95, 1.0].map(percent);
        assert_eq!(shown, ["0.00", "33.33", "66.67", "12.35", "12.34", "100.00", "100.00"]);
    }
}
