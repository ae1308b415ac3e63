//! What figures are asked for: which measures, by what, of which lines.

use super::{dimension::Dimension, measure::Measure};
use crate::{backlog::filter::Filter, ledger::judged::DateBasis, model::Epoch};
use jiff::civil::Date;

/// The words for bases.
pub const BASES: &[(&str, DateBasis)] = &[
    ("request", DateBasis::Request),
    ("first_promise", DateBasis::FirstPromise),
    ("last_promise", DateBasis::LastPromise),
];

/// A period of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeBucket {
    /// A day.
    Day,
    /// A week, from Monday on.
    Week,
    /// A month.
    Month,
}

impl TimeBucket {
    /// The first day of the one that a date lies in.
    pub(super) fn first_of(self, date: Date, epoch: Epoch) -> i32 {
        let day = epoch.day(date);
        match self {
            TimeBucket::Day => day.0,
            TimeBucket::Week => day.0 - i32::from(date.weekday().to_monday_zero_offset()),
            TimeBucket::Month => epoch.day(date.first_of_month()).0,
        }
    }
}

/// The words for periods.
pub const BUCKETS: &[(&str, TimeBucket)] =
    &[("day", TimeBucket::Day), ("week", TimeBucket::Week), ("month", TimeBucket::Month)];

/// What is asked for.
#[derive(Clone, Debug)]
pub struct FiguresQuery {
    /// The figures.
    pub measures: Vec<Measure>,
    /// What lines are told apart by.
    pub group_by: Vec<Dimension>,
    /// By which period too.
    pub bucket: Option<TimeBucket>,
    /// Only lines that this accepts.
    pub filter: Filter,
    /// Only lines dated from here on.
    pub from: Option<Date>,
    /// Only lines dated up to here.
    pub to: Option<Date>,
    /// By which date lines are judged and dated.
    pub basis: DateBasis,
    /// How many rows at most; all if 0.
    pub top: usize,
}

impl FiguresQuery {
    /// Whether lines of a date are asked for.
    pub(super) fn spans(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}
