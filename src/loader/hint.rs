//! What would have helped: a fault of a number, a date or a header says which word in the manifest mends it.

use super::format::{Holds, holds};
use crate::snapshot::{
    Problem, Problems, Severity,
    mapping::{MISSING, UNKNOWN},
    schema::Column,
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;

/// The day before the first one of a spreadsheet's calendar, as far as dates after February 1900 go.
const EPOCH: Date = jiff::civil::date(1899, 12, 30);

/// The days that planning data may speak of, as a spreadsheet numbers them: 1954 to 2118.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

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
            let pattern = if is_named(value) {
                "DD-MMM-YY"
            } else if has('/') {
                "MM/DD/YYYY"
            } else {
                "DD.MM.YYYY"
            };
            Some(format!(
                "say in manifest.json how dates are written: \"format\": {{\"dates\": \"{pattern}\"}}"
            ))
        }
        Holds::Date => of_serial(value).map(|date| {
            format!("a spreadsheet calls {date} so: format the column as a date there")
        }),
        Holds::Number => None,
    }
}

/// Whether a date has the name of its month: 24-NOV-26.
fn is_named(value: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    value.starts_with(|c: char| c.is_ascii_digit()) && value.matches(is_letter).count() == 3
}

/// The date that a spreadsheet shows for a number.
fn of_serial(value: &str) -> Option<Date> {
    let days: i64 = value.trim().parse().ok()?;
    SERIALS.contains(&days).then(|| EPOCH.checked_add(days.days()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_spreadsheet_is_a_date() {
        let told = |value: &str| of_serial(value).map(|date| date.to_string());
        assert_eq!(told("46349").as_deref(), Some("2026-11-23"));
        assert_eq!(told("46387").as_deref(), Some("2026-12-31"));
        assert_eq!(told("20261231"), None);
        assert_eq!(told("12"), None);
    }
}
