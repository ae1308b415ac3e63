//! What needs a planner: derived from the world as it is, so the same everywhere and in a scenario.
//!
//! An exception's id is made of its kind and subject, so that it is the same thing tomorrow and can be acknowledged.
//! Only that is kept, by the ledger. Start at [`all`].

mod about;
mod accounts;
mod critical;
mod delays;
pub mod kind;
mod limiting;
mod promises;
mod slips;
mod supplies;

pub use about::{Subject, find};
pub use delays::Delays;
pub use kind::{ExceptionKind, KINDS, LEVELS, Level, level_of};
pub use limiting::{Limiting, at_risk as at_risk_limits, of_promise, shortage};
pub use promises::last as promise_last;
pub use slips::{Slip, slips};

use super::takes::Takes;
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
const MINUTE: i64 = 60_000_000;

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
    pub level: Level,
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
    fn new(kind: ExceptionKind, subject: String) -> Self {
        Self {
            id: format!("{}/{subject}", kind.word()),
            kind,
            level: Level::Low,
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
    fn concern(&mut self, mut promises: Vec<&Arc<Reservation>>) {
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
}

impl Exception {
    /// Says how much it matters and who has seen it.
    fn judge(&mut self, world: &World) {
        self.level = kind::level(self);
        self.acknowledged = world.acknowledged().get(&*self.id).cloned();
    }
}

/// What a promise sells at.
pub fn value(promise: &Reservation) -> Money {
    promise.facts.profit + promise.facts.cost
}

/// All exceptions of the world that takes are kept up with, at an instant; the most value first.
pub fn all(takes: &mut Takes, settings: ExceptionSettings, now: i64) -> Vec<Exception> {
    let slips = slips(takes.world());
    let mut found = promises::all(takes, (settings, now), &slips);
    found.extend(supplies::all(takes, &slips));
    found.extend(accounts::all(takes, &slips));
    found.extend(stale(takes.world(), settings, now));
    for exception in &mut found {
        exception.judge(takes.world());
    }
    found.sort_by(|one, other| {
        let key = |of: &Exception| (std::cmp::Reverse(of.value), std::cmp::Reverse(of.days));
        key(one).cmp(&key(other)).then_with(|| one.id.cmp(&other.id))
    });
    found
}

/// Sources that were not heard of for too long.
fn stale(world: &World, settings: ExceptionSettings, now: i64) -> Vec<Exception> {
    let of = |(source, at): (&str, i64)| {
        let age = now - at;
        if age < settings.stale {
            return None;
        }
        let hours = age / (60 * MINUTE);
        Some(Exception {
            since: Since { at: at + settings.stale, position: 0 },
            cause: format!("source {source} was last heard of {hours} hours ago"),
            days: i32::try_from(hours / 24).unwrap_or(i32::MAX),
            ..Exception::new(ExceptionKind::SourceStale, source.to_string())
        })
    };
    heard_of(world).iter().map(|(source, at)| (&**source, *at)).filter_map(of).collect()
}

/// Up to when each source is known: by the snapshot, or by the changes that it said since.
pub fn heard_of(world: &World) -> std::collections::BTreeMap<Arc<str>, i64> {
    let named = world.snapshot.watermarks.iter();
    let mut all: std::collections::BTreeMap<Arc<str>, i64> =
        named.map(|(source, at)| (source.into(), at)).collect();
    for batch in world.change_batches() {
        if let Some(source) = &batch.origin.source {
            let known = all.entry(Arc::clone(source)).or_insert(batch.origin.known_at);
            *known = (*known).max(batch.origin.known_at);
        }
    }
    all
}
