//! Up to when a snapshot contains what each source system knew (semantics 9).
//!
//! A promise older than the watermark of its source should be in the snapshot: if it is not, the source
//! has shipped or cancelled it. A newer one cannot be expected there yet.

use crate::snapshot::problem::{Problem, Severity};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use std::collections::BTreeMap;

/// The source whose watermark is that of what is on hand.
const ON_HAND: &str = "on_hand";

/// The watermarks of a snapshot, in microseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermarks {
    by_source: BTreeMap<Box<str>, i64>,
    /// What counts for a source that is not named: the earliest of all, else the start of `as_of`.
    others: i64,
}

impl Watermarks {
    /// Reads the manifest's watermarks: timestamps, or dates and times of UTC.
    ///
    /// # Errors
    /// Each source whose watermark is none.
    pub fn read(as_of: Date, texts: &BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let (mut by_source, mut problems) = (BTreeMap::new(), Vec::new());
        for (source, text) in texts {
            match instant(text) {
                Some(at) => drop(by_source.insert(source.as_str().into(), at.as_microsecond())),
                None => problems.push(Problem {
                    severity: Severity::Error,
                    table: "manifest.json".to_string(),
                    row: None,
                    file: None,
                    column: Some(format!("watermarks.{source}")),
                    value: text.clone(),
                    expected: "a point in time such as 2026-11-23T14:30:00Z".to_string(),
                }),
            }
        }
        let others = by_source.values().min().copied().unwrap_or_else(|| start_of(as_of));
        if problems.is_empty() { Ok(Self { by_source, others }) } else { Err(problems) }
    }

    /// The watermarks of a snapshot that names none.
    pub fn none(as_of: Date) -> Self {
        Self { by_source: BTreeMap::new(), others: start_of(as_of) }
    }

    /// Up to when a source is contained, in microseconds since 1970 UTC; of an unknown source the
    /// earliest of all, so that nothing is dropped that might still come.
    pub fn of(&self, source: Option<&str>) -> i64 {
        source.and_then(|source| self.by_source.get(source)).copied().unwrap_or(self.others)
    }

    /// Up to when what has left stock is contained: as the source of stock says, else as that of the promise.
    pub fn of_stock(&self, source: Option<&str>) -> i64 {
        self.by_source.get(ON_HAND).copied().unwrap_or_else(|| self.of(source))
    }

    /// Whether a change that a source knew at an instant is newer than the snapshot. Without any watermark
    /// nothing can be told, and the snapshot has the last word.
    pub fn lack(&self, source: Option<&str>, known_at: i64) -> bool {
        !self.by_source.is_empty() && self.of(source) < known_at
    }

    /// All sources that are named, with their watermarks.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.by_source.iter().map(|(source, at)| (&**source, *at))
    }
}

/// The start of a date in UTC, in microseconds since 1970.
pub fn start_of(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).map_or(i64::MIN, |start| start.timestamp().as_microsecond())
}

fn instant(text: &str) -> Option<Timestamp> {
    let local = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let date = |date: Date| local(date.to_datetime(jiff::civil::Time::midnight()));
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(local))
        .or_else(|| text.parse::<Date>().ok().and_then(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn marks(texts: &[(&str, &str)]) -> Result<Watermarks, Vec<Problem>> {
        let texts = texts.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        Watermarks::read(date(2026, 11, 23), &texts)
    }

    #[test]
    fn an_unknown_source_has_the_earliest_watermark() {
        let marks = marks(&[("erp", "2026-11-23T10:00:00Z"), ("shop", "2026-11-22")]).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        assert_eq!(marks.of(Some("erp")), at("2026-11-23T10:00:00Z"));
        assert_eq!(marks.of(Some("other")), at("2026-11-22T00:00:00Z"));
        assert_eq!(marks.of(None), at("2026-11-22T00:00:00Z"));
    }

    #[test]
    fn without_watermarks_the_start_of_as_of_counts() {
        let at = "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(marks(&[]).unwrap().of(None), at.as_microsecond());
    }

    #[test]
    fn a_watermark_that_is_no_time_is_named() {
        let problems = marks(&[("erp", "yesterday")]).unwrap_err();
        assert!(problems[0].to_string().contains("watermarks.erp"), "{}", problems[0]);
    }
}
