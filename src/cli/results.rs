//! Results as rows: one for each leg of an option, in the columns of the contract's section 3.
//!
//! Cost and profit are those of the whole option and stand in the row of its first leg, so that a column
//! adds up; the reason stands in the first row of a line.

use super::render::{Align, Heading};
use crate::{
    promising::{
        answer::{LineOption, LineResult, LineStatus, OptionLeg, Promise, SetResult},
        query::Together,
        request::OrderLine,
    },
    rpc::{
        sheet::with_results,
        text::{self, Words},
    },
};

/// The columns, in order. The last one stands only where lines are to leave together if possible.
pub(super) const COLUMNS: [&str; 18] = with_results(&["together"]);

/// What a person sees of the columns before the reason: shorter headings.
pub(super) const HEADINGS: [Heading; REASON] = [
    ("order", Align::Left),
    ("line", Align::Left),
    ("status", Align::Left),
    ("option", Align::Right),
    ("leg", Align::Right),
    ("item", Align::Left),
    ("from", Align::Left),
    ("by", Align::Left),
    ("quantity", Align::Right),
    ("ships", Align::Left),
    ("arrives", Align::Left),
    ("late", Align::Right),
    ("supply", Align::Left),
    ("rank", Align::Right),
    ("cost", Align::Right),
    ("profit", Align::Right),
];

/// The positions of columns that are treated on their own.
pub(super) const STATUS: usize = 2;
pub(super) const OPTION: usize = 3;
pub(super) const REASON: usize = 16;
pub(super) const TOGETHER: usize = 17;

/// Cells in the order of [`COLUMNS`].
pub(super) type ResultCells = [String; COLUMNS.len()];

/// A status in the contract's word.
pub(super) fn status(status: LineStatus) -> &'static str {
    match status {
        LineStatus::OnTime => "on_time",
        LineStatus::Late => "late",
        LineStatus::Partial => "partial",
        LineStatus::Unavailable => "unavailable",
        LineStatus::Refused => "refused",
        LineStatus::AlreadyPromised => "already_promised",
    }
}

/// What became of a line that is to leave with others if possible: kept or given_up; of others nothing.
pub(super) fn together(promise: &Promise, line: usize) -> &'static str {
    let mut sets = promise.sets.iter();
    let of_line =
        |set: &&SetResult| set.together == Together::IfPossible && set.lines.contains(&line);
    sets.find(of_line).map_or("", |set| if set.is_given_up() { "given_up" } else { "kept" })
}

/// The reasons in one cell why a line is not on time. `lines` are those of its request.
pub(super) fn reasons(words: Words<'_>, lines: &[OrderLine], result: &LineResult) -> String {
    if result.status == LineStatus::OnTime {
        return String::new();
    }
    // A place that is no ship-from is a reason only where there is no other.
    let is_bound = result.reasons.iter().any(|reason| !reason.rules_out());
    let told = result.reasons.iter().filter(|reason| !is_bound || !reason.rules_out());
    let sentences = told.map(|reason| text::reason(words, lines, reason));
    sentences.collect::<Vec<_>>().join("; ")
}

/// The rows of the line at a position of its request: the default option, then so many alternatives.
pub(super) fn rows(
    words: Words<'_>,
    lines: &[OrderLine],
    at: usize,
    (result, alternatives): (&LineResult, usize),
) -> Vec<ResultCells> {
    let reason = reasons(words, lines, result);
    let head = |option: usize, reason: String| {
        let mut row = ResultCells::default();
        row[0].clone_from(&lines[at].order);
        row[1].clone_from(&lines[at].line);
        row[STATUS] = status(result.status).to_string();
        row[3] = option.to_string();
        row[REASON] = reason;
        row
    };
    let mut rows = Vec::new();
    if result.option.is_none() {
        rows.push(head(0, reason.clone()));
    }
    let others = result.alternatives.iter().take(alternatives);
    let others = (1..).zip(others);
    for (number, option) in result.option.iter().map(|option| (0, option)).chain(others) {
        for leg in 0..option.legs.len() {
            let reason = if rows.is_empty() { reason.clone() } else { String::new() };
            let mut row = head(number, reason);
            fill_leg(&mut row, words, option, leg);
            rows.push(row);
        }
    }
    rows
}

fn fill_leg(row: &mut ResultCells, words: Words<'_>, option: &LineOption, at: usize) {
    let leg: &OptionLeg = &option.legs[at];
    row[4] = (at + 1).to_string();
    row[5] = words.item(leg.item).to_string();
    row[6] = words.location(leg.location).to_string();
    row[7] = words.method(leg.method).to_string();
    row[8] = words.quantity(leg.item, leg.quantity).to_string();
    row[9] = words.date(leg.ship);
    row[10] = words.date(leg.arrival);
    row[11] = leg.days_late.to_string();
    row[12] = text::supply(leg.supplied());
    row[13] = leg.rank.to_string();
    row[14] = leg.economics.cost().to_string();
    row[15] = leg.economics.profit().to_string();
}
