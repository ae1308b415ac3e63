//! An exception, as a record: its kind and subject, what it comes to, and what limits it.

use super::{
    kind::{ExceptionKind, ExceptionLevel, level_of},
    limit::Limiting,
};
use crate::{
    ledger::{Acknowledgement, Reservation, Since, World},
    model::{Day, Money, Quantity},
    snapshot::{ItemIx, LocationIx},
};
use std::sync::Arc;

/// When things are told of before they run out, and after they did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionSettings {
    /// A hold that ends within this is told, in microseconds.
    pub hold_expiring: i64,
    /// A source that was not heard of for this is stale, in microseconds.
    pub stale: i64,
}

/// A minute in microseconds.
pub(super) const MINUTE: i64 = 60_000_000;

impl Default for ExceptionSettings {
    /// A quarter of an hour; a day.
    fn default() -> Self {
        Self { hold_expiring: 15 * MINUTE, stale: 24 * 60 * MINUTE }
    }
}

/// Something that needs a planner.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its id: kind and subject.
    pub id: String,
    /// What kind of thing it is.
    pub kind: ExceptionKind,
    /// How much it matters.
    pub level: ExceptionLevel,
    /// What it is about.
    pub subject: String,
    /// The entry from which on it holds.
    pub since: Since,
    /// Why, in a sentence.
    pub cause: String,
    /// The promises that it concerns, those with the most value first.
    pub promises: Vec<u64>,
    /// How much is late, at risk, missing or over.
    pub quantity: Quantity,
    /// What that is worth.
    pub value: Money,
    /// What limits it.
    pub limiting: Limiting,
    /// The promise, where it is about one.
    pub promise: Option<Arc<Reservation>>,
    /// Days late, later than promised, to be won, or over the date.
    pub days: i32,
    /// The item that it is about.
    pub item: Option<ItemIx>,
    /// The location that it is about.
    pub location: Option<LocationIx>,
    /// The day that it is about.
    pub day: Option<Day>,
    /// The day that it could be by now, sooner or later than promised.
    pub could_be: Option<Day>,
    /// Who has seen it, and when.
    pub acknowledged: Option<(Acknowledgement, i64)>,
}

impl Exception {
    /// One of a kind about a subject, of which the rest is to be said.
    pub(super) fn new(kind: ExceptionKind, subject: String) -> Self {
        Self {
            id: format!("{}/{subject}", kind.word()),
            kind,
            level: ExceptionLevel::Low,
            subject,
            since: Since::default(),
            cause: String::new(),
            promises: Vec::new(),
            quantity: Quantity::ZERO,
            value: Money::ZERO,
            limiting: Limiting::default(),
            promise: None,
            days: 0,
            item: None,
            location: None,
            day: None,
            could_be: None,
            acknowledged: None,
        }
    }

    /// Names the promises that it concerns, and adds up what they are worth.
    pub(super) fn concern(&mut self, mut promises: Vec<&Arc<Reservation>>) {
        promises.sort_by_key(|found| (std::cmp::Reverse(value(found)), found.number));
        promises.dedup_by_key(|found| found.number);
        let raw = promises.iter().map(|found| i128::from(value(found).raw())).sum::<i128>();
        self.value = Money::micros(i64::try_from(raw).unwrap_or(i64::MAX));
        self.promises = promises.iter().map(|found| found.number).collect();
    }

    /// Whether it is put off at an instant.
    pub fn is_snoozed(&self, now: i64) -> bool {
        let until = self.acknowledged.as_ref().and_then(|(seen, _)| seen.until);
        until.is_some_and(|until| now < until)
    }

    /// Says how much it matters and who has seen it.
    pub(super) fn judge(&mut self, world: &World) {
        self.level = level_of(self.kind, self.days, self.value);
        self.acknowledged = world.acknowledged().get(&*self.id).cloned();
    }
}

/// What a promise sells at.
pub fn value(promise: &Reservation) -> Money {
    promise.facts.profit + promise.facts.cost
}
