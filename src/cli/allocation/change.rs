//! Changes of shares on the command line, and what a preview says of them.

use super::show;
use crate::{
    cli::{
        failure::Failure,
        output,
        render::{self, Align, cell},
    },
    rpc::proto::{
        PreviewAllocationResponse, ShareChange,
        preview_allocation_response::{Affected, Available, affected::Effect},
        share_change::{self, Change},
    },
};
use std::{collections::BTreeMap, io::Write};

/// The changes asked for.
#[derive(Debug, clap::Args)]
pub(super) struct ChangeArgs {
    /// Gives a class another share: percent, ratio or units, as the rule counts; others keep theirs
    #[arg(long, value_name = "CLASS:VALUE", value_parser = share)]
    share: Vec<share_change::SetShare>,
    /// Has a quantity go from one class to another
    #[arg(long, value_name = "FROM:TO:QUANTITY", value_parser = shift)]
    shift: Vec<share_change::Shift>,
    /// Has all that a class has and has not given go to another class, the one above if none is named
    #[arg(long, value_name = "CLASS[:TO]", value_parser = release)]
    release: Vec<share_change::Release>,
    /// From this day on; today if not given
    #[arg(long, value_name = "D", value_parser = output::date)]
    from: Option<jiff::civil::Date>,
    /// Only shows what the changes would do, to shares and to promises
    #[arg(long)]
    pub(super) preview: bool,
    /// The id of the change on a server: repeated with the same content it is done once
    #[arg(long, value_name = "ID", requires = "server")]
    pub(super) request_id: Option<String>,
}

impl ChangeArgs {
    /// The changes as messages, in the order in which they are made.
    pub(super) fn messages(&self) -> Vec<ShareChange> {
        let date = self.from.map(|date| date.to_string()).unwrap_or_default();
        let shares =
            self.share.iter().cloned().map(|share| {
                Change::SetShare(share_change::SetShare { date: date.clone(), ..share })
            });
        let shifts = self
            .shift
            .iter()
            .cloned()
            .map(|shift| Change::Shift(share_change::Shift { date: date.clone(), ..shift }));
        let releases = self.release.iter().cloned().map(|release| {
            Change::Release(share_change::Release { date: date.clone(), ..release })
        });
        let all = shares.chain(shifts).chain(releases);
        all.map(|change| ShareChange { change: Some(change) }).collect()
    }
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

fn share(text: &str) -> Result<share_change::SetShare, String> {
    let (class, value) = text.rsplit_once(':').ok_or("CLASS:VALUE is expected, such as web:15")?;
    let (demand_class, value) = (class.to_string(), number(value)?);
    Ok(share_change::SetShare { demand_class, value, date: String::new() })
}

fn shift(text: &str) -> Result<share_change::Shift, String> {
    let expected = "FROM:TO:QUANTITY is expected, such as export:web:10";
    let (classes, quantity) = text.rsplit_once(':').ok_or(expected)?;
    let (from, to) = classes.split_once(':').ok_or(expected)?;
    let (from_class, to_class) = (from.to_string(), to.to_string());
    let quantity = number(quantity)?;
    Ok(share_change::Shift { from_class, to_class, quantity, date: String::new() })
}

fn release(text: &str) -> Result<share_change::Release, String> {
    let (class, to) = text.split_once(':').unwrap_or((text, ""));
    let (demand_class, to_class) = (class.to_string(), to.to_string());
    Ok(share_change::Release { demand_class, to_class, date: String::new() })
}

/// What changes would do, for people.
pub(super) fn table(
    out: &mut impl Write,
    preview: &PreviewAllocationResponse,
) -> Result<(), Failure> {
    for why in &preview.refused {
        writeln!(out, "refused: {}", render::printable(why))?;
    }
    match preview.available.as_slice() {
        [] => writeln!(out, "No class could have another quantity than now.")?,
        rows => write!(out, "{}", available(preview, rows))?,
    }
    match preview.promises.as_slice() {
        // What is refused is not made, so nothing is said of whom it would not hurt.
        [] if !preview.refused.is_empty() => (),
        [] => writeln!(out, "\nNo promise would be hurt.")?,
        rows => write!(out, "\n{}", promises(rows))?,
    }
    if 0 < preview.promises_not_looked_at {
        let older = output::count(preview.promises_not_looked_at.into(), "older promise");
        writeln!(out, "{older} not looked at.")?;
    }
    if 0 < preview.further_accounts {
        let more = output::count(preview.further_accounts.into(), "further item and location");
        writeln!(out, "The rule holds for {more}, too.")?;
    }
    if let Some(after) = preview.after.as_ref().filter(|_| preview.refused.is_empty()) {
        writeln!(out)?;
        show::table(out, after)?;
    }
    Ok(())
}

fn available(preview: &PreviewAllocationResponse, rows: &[Available]) -> String {
    let now = preview.before.iter().flat_map(|shares| &shares.periods);
    let depths: BTreeMap<&str, u32> = now
        .flat_map(|period| &period.nodes)
        .map(|node| (node.demand_class.as_str(), node.depth))
        .collect();
    let columns = [
        ("class", Align::Left),
        ("can have from", Align::Left),
        ("now", Align::Right),
        ("then", Align::Right),
    ];
    let line = |row: &Available| {
        let depth = depths.get(row.demand_class.as_str()).copied().unwrap_or(0);
        vec![
            cell(show::indented(&row.demand_class, depth), None),
            cell(&row.from, None),
            cell(row.before, None),
            cell(row.after, None),
        ]
    };
    render::table(&columns, rows.iter().map(line))
}

fn promises(rows: &[Affected]) -> String {
    let columns = [
        ("promise", Align::Left),
        ("order", Align::Left),
        ("class", Align::Left),
        ("quantity", Align::Right),
        ("ships", Align::Left),
        ("would be", Align::Left),
    ];
    let line = |row: &Affected| {
        vec![
            cell(&row.promise_id, None),
            cell(format!("{}/{}", row.order, row.line), None),
            cell(&row.demand_class, None),
            cell(row.quantity, None),
            cell(&row.ship_date, None),
            cell(effect(row), None),
        ]
    };
    render::table(&columns, rows.iter().map(line))
}

fn effect(row: &Affected) -> String {
    match row.effect() {
        Effect::AtRisk => "at risk".to_string(),
        Effect::Later if row.again_after.is_empty() => {
            "kept; promised again: not within the horizon".to_string()
        }
        Effect::Later => {
            format!("kept; promised again: {}, not {}", row.again_after, row.again_before)
        }
        Effect::Unspecified => String::new(),
    }
}

/// What classes could have, one row a class and day.
pub(super) fn csv(
    out: &mut impl Write,
    preview: &PreviewAllocationResponse,
) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["demand_class", "from", "before", "after"]).map_err(output::csv_failure)?;
    for row in &preview.available {
        let (before, after) = (row.before.to_string(), row.after.to_string());
        let fields = [&row.demand_class, &row.from, &before, &after];
        csv.write_record(fields).map_err(output::csv_failure)?;
    }
    Ok(csv.flush()?)
}
