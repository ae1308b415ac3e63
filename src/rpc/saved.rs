//! Saved runs: what the configuration names, run by name, or by itself each day (`nightly`); results wait in ListRuns.

use super::{
    proto, reservation,
    status::{Failure, Faults, shown},
};
use jiff::{Timestamp, ToSpan, civil::Time, tz::TimeZone};
use std::sync::Arc;

/// Whether a run that ran by itself is made live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apply {
    /// Somebody looks at it first.
    #[default]
    Never,
    /// Where it is better: more value on time; as much of it, and a larger share on time; as much of both, and more profit.
    IfBetter,
}

/// A run that the configuration names.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Its name.
    pub name: String,
    /// At which time of the day (UTC) it runs by itself.
    pub at: Option<Time>,
    /// What it runs.
    pub request: proto::RunBacklogRequest,
    /// Whether it is made live by itself.
    pub apply: Apply,
}

impl Saved {
    /// The name under which the journal has when it ran last by itself.
    pub(super) fn cursor(&self) -> Arc<str> {
        format!("run {}", self.name).into()
    }

    /// What there is to tell of it.
    pub(super) fn told(&self, now: Timestamp) -> proto::SavedRun {
        let next = self.at.and_then(|at| next(at, now));
        let word = match self.apply {
            Apply::Never => "never",
            Apply::IfBetter => "if_better",
        };
        proto::SavedRun {
            name: self.name.clone(),
            at: self.at.map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default(),
            next: next.map(|next| reservation::instant(next.as_microsecond())),
            request: Some(self.request.clone()),
            apply: word.to_string(),
        }
    }
}

/// The first instant after another one at which it is this time of the day, in UTC.
pub(super) fn next(at: Time, after: Timestamp) -> Option<Timestamp> {
    let today = after.to_zoned(TimeZone::UTC).date();
    let on = |date: jiff::civil::Date| Some(date.to_datetime(at).in_tz("UTC").ok()?.timestamp());
    let first = on(today)?;
    if after < first { Some(first) } else { on(today.checked_add(1.day()).ok()?) }
}

/// A request with what the run that it names says.
///
/// # Errors
/// There is no such run, or the request says itself what is to be run.
pub(super) fn resolved(
    all: &[Saved],
    message: proto::RunBacklogRequest,
) -> Result<proto::RunBacklogRequest, Failure> {
    if message.saved.is_empty() {
        return Ok(message);
    }
    let Some(found) = all.iter().find(|one| one.name == message.saved) else {
        let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
        let known = if names.is_empty() { "none".to_string() } else { names.join(", ") };
        let text = format!(
            "{} is no run of the server's configuration; it names {known}",
            shown(&message.saved)
        );
        return Err(Failure::invalid_field("saved", text));
    };
    let mut faults = Faults::default();
    let given = [
        ("filter", !message.filter.is_empty()),
        ("sequence", !message.sequence.is_empty()),
        ("first", !message.first.is_empty()),
        ("segments", !message.segments.is_empty()),
        ("otherwise", !message.otherwise.is_empty()),
        ("lock", !message.lock.is_empty()),
        ("keep", !message.keep.is_empty()),
        ("fallback", !message.fallback.is_empty()),
        ("most_value_seconds", message.most_value_seconds != 0),
    ];
    for (field, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
        faults
            .note(field, "is not to be given with saved: what is run stands in the configuration");
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let proto::RunBacklogRequest {
        scenario_id,
        apply,
        request_id,
        lines_max,
        groups_max,
        saved,
        ..
    } = message;
    let request = found.request.clone();
    Ok(proto::RunBacklogRequest {
        scenario_id,
        apply,
        request_id,
        lines_max,
        groups_max,
        saved,
        ..request
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_after_now() {
        #[track_caller]
        fn check(at: &str, now: &str, want: &str) {
            let found = next(at.parse().unwrap(), now.parse().unwrap()).unwrap();
            assert_eq!(found.to_string(), want);
        }
        check("02:00", "2026-11-29T01:59:59Z", "2026-11-29T02:00:00Z");
        check("02:00", "2026-11-29T02:00:00Z", "2026-11-30T02:00:00Z");
        check("00:00", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z");
    }
}
