//! A comparison of two worlds: tables for people, rows for spreadsheets, the message for programs.

use super::{
    failure::Failure,
    money::{self, Currency},
    output::{self, AnswerFormat},
    render::{self, Align, Mood, cell},
};
use crate::{
    compare::{Grouping, Verdict},
    rpc::{self, compared::ToldAtMost, proto},
};
use comfy_table::Cell;
use std::io::Write;

/// How much of a comparison a person sees.
#[derive(Clone, Debug)]
pub(super) struct Extent {
    /// Winners and losers shown, and groups.
    pub(super) most: u32,
    /// Whether lines are shown at all.
    pub(super) lines: LinesShown,
    /// Groups shown.
    pub(super) by: Vec<Grouping>,
}

/// Whether single lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinesShown {
    /// Those with the largest differences.
    Shown,
    /// Only how many there are.
    Counted,
}

impl Extent {
    /// How much has to be told for it.
    pub(super) fn limits(&self, format: AnswerFormat) -> ToldAtMost {
        match format {
            AnswerFormat::Table | AnswerFormat::Json => {
                ToldAtMost { lines: self.most, groups: self.most }
            }
            AnswerFormat::Csv => ToldAtMost { lines: u32::MAX, groups: self.most },
        }
    }
}

/// Writes a comparison.
pub(super) fn write(
    out: &mut impl Write,
    format: AnswerFormat,
    compared: &proto::CompareResponse,
    view: &Extent,
) -> Result<(), Failure> {
    match format {
        AnswerFormat::Table => table(out, compared, view),
        AnswerFormat::Csv => csv(out, compared),
        AnswerFormat::Json => {
            writeln!(out, "{}", rpc::to_json(compared))?;
            Ok(())
        }
    }
}

/// A figure of a world.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) kind: FigureKind,
    /// Whether more of it is better, or worse.
    better: Option<Better>,
    pub(super) of: fn(&proto::Kpi) -> f64,
}

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureKind {
    Count,
    Share,
    Days,
    Money,
}

const fn figure(
    name: &'static str,
    kind: FigureKind,
    better: Option<Better>,
    of: fn(&proto::Kpi) -> f64,
) -> Figure {
    Figure { name, kind, better, of }
}

/// A count as a number of figures; those of a world are small enough to be exact.
#[expect(clippy::cast_precision_loss, reason = "lines are fewer than 2^53")]
fn count(n: u64) -> f64 {
    n as f64
}

/// The figures of a world.
pub(super) const FIGURES: [Figure; 12] = [
    figure("lines", FigureKind::Count, None, |kpi| count(kpi.lines)),
    figure("on time %", FigureKind::Share, Some(Better::More), |kpi| kpi.on_time_share),
    figure("fill rate %", FigureKind::Share, Some(Better::More), |kpi| kpi.fill_rate),
    figure("days late, mean", FigureKind::Days, Some(Better::Less), |kpi| kpi.days_late_mean),
    figure("days late, p95", FigureKind::Count, Some(Better::Less), |kpi| kpi.days_late_p95.into()),
    figure("days late, max", FigureKind::Count, Some(Better::Less), |kpi| kpi.days_late_max.into()),
    figure("revenue", FigureKind::Money, Some(Better::More), |kpi| kpi.revenue),
    figure("revenue on time", FigureKind::Money, Some(Better::More), |kpi| kpi.revenue_on_time),
    figure("cost", FigureKind::Money, None, |kpi| kpi.cost),
    figure("profit", FigureKind::Money, Some(Better::More), |kpi| kpi.profit),
    figure("lines at risk", FigureKind::Count, Some(Better::Less), |kpi| count(kpi.at_risk)),
    figure("revenue at risk", FigureKind::Money, Some(Better::Less), |kpi| kpi.revenue_at_risk),
];

impl Figure {
    /// How good it is that it is so much more.
    fn mood(&self, more: f64) -> Option<Mood> {
        let better = self.better.filter(|_| more.total_cmp(&0.0).is_ne())?;
        Some(if (better == Better::More) == (0.0 < more) { Mood::Good } else { Mood::Bad })
    }
}

impl FigureKind {
    /// A heading, with the currency of amounts.
    pub(super) fn heading(self, name: &str, currency: Currency<'_>) -> String {
        match self {
            Self::Money => money::heading(name, currency),
            Self::Count | Self::Share | Self::Days => name.to_string(),
        }
    }

    /// A value for people.
    pub(super) fn shown(self, value: f64) -> String {
        match self {
            Self::Count => format!("{value:.0}"),
            Self::Share => percent(value),
            Self::Days => format!("{value:.2}"),
            Self::Money => money::shown(value),
        }
    }

    /// A value for files.
    pub(super) fn plain(self, value: f64) -> String {
        match self {
            Self::Money => format!("{value:.2}"),
            Self::Count | Self::Share | Self::Days => self.shown(value),
        }
    }
}

/// How much more or less, with its sign; nothing where it is the same.
fn delta(kind: FigureKind, more: f64, mood: Option<Mood>) -> Cell {
    let shown = match kind {
        // Of points of a percentage, rounded as they are.
        FigureKind::Share => format!("{:.2}", more * 100.0),
        FigureKind::Count | FigureKind::Days | FigureKind::Money => kind.shown(more),
    };
    let is_nothing = shown.chars().all(|one| !('1'..='9').contains(&one));
    match (is_nothing, 0.0 < more) {
        (true, _) => cell("", None),
        (false, true) => cell(format!("+{shown}"), mood),
        (false, false) => cell(shown, mood),
    }
}

/// A share in percent, rounded half up.
pub(super) fn percent(share: f64) -> String {
    // A thousandth of the last digit is more than a double is off.
    format!("{:.2}", (share * 10_000.0 + 0.501).floor() / 100.0)
}

fn table(
    out: &mut impl Write,
    compared: &proto::CompareResponse,
    view: &Extent,
) -> Result<(), Failure> {
    let (before, after) = (compared.before.unwrap_or_default(), compared.after.unwrap_or_default());
    let rows = FIGURES.iter().map(|figure| {
        let (before, after) = ((figure.of)(&before), (figure.of)(&after));
        let mood = figure.mood(after - before);
        let name = figure.kind.heading(figure.name, &compared.currency);
        let shown = |value: f64| cell(figure.kind.shown(value), None);
        vec![
            cell(name, None),
            shown(before),
            shown(after),
            delta(figure.kind, after - before, mood),
        ]
    });
    let columns = [
        ("", Align::Left),
        ("before", Align::Right),
        ("after", Align::Right),
        ("difference", Align::Right),
    ];
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
        if n_lines == 0 || view.lines == LinesShown::Counted {
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

/// The groups of a dimension in which something differs: of each figure what it is afterwards, and by how much that is more
/// or less.
fn groups(compared: &proto::CompareResponse, dimension: Grouping) -> String {
    const SHOWN: [&str; 4] = ["on time %", "days late, mean", "revenue on time", "lines at risk"];
    let figures: Vec<&Figure> =
        FIGURES.iter().filter(|figure| SHOWN.contains(&figure.name)).collect();
    let headings: Vec<_> =
        figures.iter().map(|one| one.kind.heading(one.name, &compared.currency)).collect();
    let mut columns = vec![(dimension.word(), Align::Left), ("lines", Align::Right)];
    for heading in &headings {
        columns.extend([(heading.as_str(), Align::Right), ("difference", Align::Right)]);
    }
    let of = compared.groups.iter().filter(|group| group.dimension == dimension.word());
    let row = |group: &proto::KpiGroup| {
        let (before, after) = (group.before.unwrap_or_default(), group.after.unwrap_or_default());
        let mut row = vec![
            cell(if group.key.is_empty() { "-" } else { &group.key }, None),
            cell(after.lines.max(before.lines), None),
        ];
        for figure in &figures {
            let (before, after) = ((figure.of)(&before), (figure.of)(&after));
            let mood = figure.mood(after - before);
            row.push(cell(figure.kind.shown(after), None));
            row.push(delta(figure.kind, after - before, mood));
        }
        row
    };
    let all = proto::KpiGroup {
        key: "all".to_string(),
        before: compared.before,
        after: compared.after,
        ..proto::KpiGroup::default()
    };
    render::table_with_sums(&columns, of.map(row), row(&all))
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
