//! What would have helped: a fault of a number, a date or a header says which word in the manifest mends it.

use super::format::{Holds, holds, serials};
use crate::snapshot::{
    Problem, Problems, Severity,
    mapping::{MISSING, UNKNOWN},
    schema::Column,
};
use std::collections::BTreeSet;

/// Adds the mend to each fault that has one.
pub(super) fn add(problems: &mut Problems) {
    let strange = problems.listed().iter().filter(|problem| problem.expected == UNKNOWN);
    let strange: BTreeSet<String> = strange.map(|problem| problem.table.clone()).collect();
    problems.rewrite(|problem| {
        if problem.severity == Severity::Error
            && !problem.expected.contains("manifest.json")
            && let Some(mend) = mend(problem, &strange)
        {
            problem.expected.push_str("; ");
            problem.expected.push_str(&mend);
        }
    });
}

/// What mends a fault, where that is known; `strange` are tables with columns that are none of ours.
fn mend(problem: &Problem, strange: &BTreeSet<String>) -> Option<String> {
    let (table, value) = (problem.table.as_str(), problem.value.as_str());
    let column = problem.column.as_deref().and_then(Column::of)?;
    if problem.expected == MISSING && strange.contains(table) {
        let name = column.name();
        return Some(format!(
            "if the file calls it otherwise, say so in manifest.json: \
             \"columns\": {{\"{table}\": {{\"NAME IN THE FILE\": \"{name}\"}}}}"
        ));
    }
    let has = |sign: char| value.contains(sign);
    match holds(column)? {
        Holds::Number if has(',') || value.contains(" (or ") => Some(
            r#"say in manifest.json which sign is the decimal one: "format": {"decimal": ","}"#
                .to_string(),
        ),
        Holds::Date if has('.') || has('/') || is_named(value) => {
            let (pattern, or) = if is_named(value) {
                ("DD-MMM-YY", "")
            } else if has('/') {
                slashed(value)
            } else {
                ("DD.MM.YYYY", "")
            };
            Some(format!(
                "say in manifest.json how dates are written: \"format\": {{\"dates\": \"{pattern}\"}}{or}"
            ))
        }
        Holds::Date => serials::date(value).map(|date| {
            format!("a spreadsheet calls {date} so: format the column as a date there")
        }),
        Holds::Number => None,
    }
}

/// How a date with slashes may be written: where one of the first two is no month, that tells.
fn slashed(value: &str) -> (&'static str, &'static str) {
    let mut numbers = value.split('/').map(|part| part.trim().parse::<u32>().unwrap_or(0));
    match (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) {
        (13.., _) => ("DD/MM/YYYY", ""),
        (_, 13..) => ("MM/DD/YYYY", ""),
        _ => ("MM/DD/YYYY", ", or \"DD/MM/YYYY\""),
    }
}

/// Whether a date has the name of its month: 24-NOV-26.
fn is_named(value: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    value.starts_with(|c: char| c.is_ascii_digit()) && value.matches(is_letter).count() == 3
}
