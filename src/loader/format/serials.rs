//! Days as a spreadsheet numbers them, where a column of dates is not formatted as such.

use jiff::{ToSpan, civil::Date};

/// The day before the first one of a spreadsheet's calendar, as far as dates after February 1900 go.
const EPOCH: Date = jiff::civil::date(1899, 12, 30);

/// The days that planning data may speak of: 1954 to 2118.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// The date that a spreadsheet shows for a number.
pub(in super::super) fn date(value: &str) -> Option<Date> {
    let days: i64 = value.trim().parse().ok()?;
    SERIALS.contains(&days).then(|| EPOCH.checked_add(days.days()).ok())?
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_of_a_spreadsheet_is_a_date() {
        let told = |value: &str| super::date(value).map(|date| date.to_string());
        assert_eq!(told("46349").as_deref(), Some("2026-11-23"));
        assert_eq!(told("46387").as_deref(), Some("2026-12-31"));
        assert_eq!(told("20261231"), None);
        assert_eq!(told("12"), None);
    }
}
