//! The kinds of exception, and how much one matters.

use crate::model::Money;

/// What kind of thing an exception is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExceptionKind {
    /// A promise whose supply is gone.
    AtRisk,
    /// A promise after its requested date.
    Late,
    /// A late promise that could come earlier by now.
    CouldBeSooner,
    /// A supply that is late, and which somebody waits for.
    SupplyLate,
    /// An account whose balance falls below zero.
    Overcommitted,
    /// A class that has more than its share or its cap.
    OverConsumed,
    /// A hold that ends soon.
    HoldExpiring,
    /// A source that was not heard of for too long.
    SourceStale,
    /// A promise that was made although it did not fit.
    Forced,
}

/// The words for kinds.
pub const KINDS: &[(&str, ExceptionKind)] = &[
    ("at_risk", ExceptionKind::AtRisk),
    ("late", ExceptionKind::Late),
    ("could_be_sooner", ExceptionKind::CouldBeSooner),
    ("supply_late", ExceptionKind::SupplyLate),
    ("overcommitted", ExceptionKind::Overcommitted),
    ("over_consumed", ExceptionKind::OverConsumed),
    ("hold_expiring", ExceptionKind::HoldExpiring),
    ("source_stale", ExceptionKind::SourceStale),
    ("forced", ExceptionKind::Forced),
];

impl ExceptionKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// How much an exception matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExceptionLevel {
    /// Worth a look.
    Low,
    /// To be looked at this week.
    Medium,
    /// To be looked at today.
    High,
    /// To be looked at now.
    Critical,
}

/// The words for levels.
pub const LEVELS: &[(&str, ExceptionLevel)] = &[
    ("low", ExceptionLevel::Low),
    ("medium", ExceptionLevel::Medium),
    ("high", ExceptionLevel::High),
    ("critical", ExceptionLevel::Critical),
];

/// Days from which on a thing is of a level by itself.
const DAYS: [(i32, ExceptionLevel); 3] =
    [(15, ExceptionLevel::Critical), (8, ExceptionLevel::High), (3, ExceptionLevel::Medium)];

/// Value, in the snapshot's currency, from which on a thing is one level higher.
const VALUE: i64 = 10_000;

/// How much an exception matters: by its days, one level higher where much is at stake. What may not be kept at all,
/// and what somebody must look at before it can be kept, is high at least.
pub fn level_of(kind: ExceptionKind, days: i32, value: Money) -> ExceptionLevel {
    let by_days = DAYS
        .iter()
        .find(|(from, _)| *from <= days)
        .map_or(ExceptionLevel::Low, |(_, level)| *level);
    let least = match kind {
        ExceptionKind::AtRisk | ExceptionKind::Overcommitted => ExceptionLevel::High,
        ExceptionKind::OverConsumed
        | ExceptionKind::SupplyLate
        | ExceptionKind::Forced
        | ExceptionKind::SourceStale => ExceptionLevel::Medium,
        ExceptionKind::Late | ExceptionKind::CouldBeSooner | ExceptionKind::HoldExpiring => {
            ExceptionLevel::Low
        }
    };
    let level = by_days.max(least);
    if value < Money::units(VALUE) {
        return level;
    }
    match level {
        ExceptionLevel::Low => ExceptionLevel::Medium,
        ExceptionLevel::Medium => ExceptionLevel::High,
        ExceptionLevel::High | ExceptionLevel::Critical => ExceptionLevel::Critical,
    }
}
