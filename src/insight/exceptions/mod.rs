//! What needs a planner: derived from the world as it is, so the same everywhere and in a scenario.
//!
//! An exception's id is made of its kind and subject, so that it is the same thing tomorrow and can be acknowledged.
//! Only that is kept, by the ledger. Start at [`all`].

mod limit;
pub mod kind;
mod exception;
mod delays;
mod slips;
mod critical;
mod limiting;
mod promises;
mod supplies;
mod accounts;
mod about;

pub use about::{Subject, find};
pub use delays::Delays;
pub use exception::{Exception, ExceptionSettings, value};
pub use kind::{ExceptionKind, ExceptionLevel, KINDS, LEVELS, level_of};
pub use limit::{Limiting, shortage};
pub use limiting::{at_risk as at_risk_limits, of_promise};
pub use promises::last as promise_last;
pub use slips::{Slip, slips};

use super::takes::Takes;
use crate::ledger::{Since, World};
use exception::MINUTE;
use std::sync::Arc;

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
