//! What was measured: a histogram of latencies for each kind of call, and what went wrong.

use super::mix::{CallKind, KINDS};
use hdrhistogram::Histogram;
use std::{collections::BTreeMap, time::Duration};

/// The longest latency that is told apart, in nanoseconds: ten minutes.
const LATENCY_MAX: u64 = 600_000_000_000;

/// The measurements of one kind of call.
#[derive(Clone, Debug)]
pub(super) struct OfKind {
    /// Latencies in nanoseconds, of answered calls and of those given up.
    pub(super) latencies: Histogram<u64>,
    /// Calls that were answered.
    pub(super) n_answered: u64,
    /// Queries or lines in them.
    pub(super) n_questions: u64,
    /// Lines of them that got no promise, where one was asked for.
    pub(super) n_unpromised: u64,
    /// Calls that failed.
    pub(super) n_failed: u64,
    /// Calls that were due and could not begin before the end.
    pub(super) n_given_up: u64,
}

impl OfKind {
    fn new() -> Self {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MAX, 3)
            .expect("the bounds are in order and 3 digits are few");
        let (n_answered, n_questions, n_unpromised) = (0, 0, 0);
        Self { latencies, n_answered, n_questions, n_unpromised, n_failed: 0, n_given_up: 0 }
    }

    fn add(&mut self, other: &Self) {
        self.latencies.add(&other.latencies).expect("all have the same bounds");
        self.n_answered += other.n_answered;
        self.n_questions += other.n_questions;
        self.n_unpromised += other.n_unpromised;
        self.n_failed += other.n_failed;
        self.n_given_up += other.n_given_up;
    }
}

/// What a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallOutcome {
    /// Queries or lines in it.
    pub(super) n_questions: u64,
    /// Lines that got no promise.
    pub(super) n_unpromised: u64,
}

/// The measurements of a run, or of a part of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Measurements {
    kinds: [Option<Box<OfKind>>; KINDS.len()],
    errors: BTreeMap<String, u64>,
}

impl Measurements {
    fn of(&mut self, kind: CallKind) -> &mut OfKind {
        self.kinds[kind as usize].get_or_insert_with(|| Box::new(OfKind::new()))
    }

    /// Notes an answer.
    pub(super) fn answered(&mut self, kind: CallKind, latency: Duration, outcome: CallOutcome) {
        let of = self.of(kind);
        of.latencies.saturating_record(nanos(latency));
        of.n_answered += 1;
        of.n_questions += outcome.n_questions;
        of.n_unpromised += outcome.n_unpromised;
    }

    /// Notes a failure; its latency is not counted, for errors may be quick.
    pub(super) fn failed(&mut self, kind: CallKind, error: String) {
        self.of(kind).n_failed += 1;
        *self.errors.entry(error).or_default() += 1;
    }

    /// Notes a call that was due and could not begin: it waited so long, at least.
    pub(super) fn gave_up(&mut self, kind: CallKind, waited: Duration) {
        let of = self.of(kind);
        of.latencies.saturating_record(nanos(waited));
        of.n_given_up += 1;
    }

    /// Adds what another part of the run measured.
    pub(super) fn add(&mut self, other: &Self) {
        for (kind, theirs) in other.kinds() {
            self.of(kind).add(theirs);
        }
        for (error, n) in &other.errors {
            *self.errors.entry(error.clone()).or_default() += n;
        }
    }

    /// The kinds of calls that were made.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (CallKind, &OfKind)> {
        KINDS.into_iter().filter_map(|kind| Some((kind, self.kinds[kind as usize].as_deref()?)))
    }

    /// Calls that were answered.
    pub(super) fn n_answered(&self) -> u64 {
        self.kinds().map(|(_, of)| of.n_answered).sum()
    }

    /// Errors by what they say, with their number.
    pub(super) fn errors(&self) -> impl Iterator<Item = (&str, u64)> {
        self.errors.iter().map(|(error, n)| (error.as_str(), *n))
    }

    /// One of the errors.
    pub(super) fn first_error(&self) -> &str {
        self.errors.keys().next().map_or("no call was due", String::as_str)
    }
}

fn nanos(latency: Duration) -> u64 {
    u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX)
}
