//! What a backlog run is to do.

use super::{Filter, Sequence};
use crate::{ledger::Reservation, snapshot::Snapshot};
use jiff::Timestamp;

/// How lines are promised again, in the order in which they are served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strategy {
    /// In full on the requested date; reported if impossible.
    Win,
    /// Keeps at least what it has, may improve.
    Gain,
    /// Pooled: may gain or lose.
    #[default]
    Redistribute,
    /// Never more than it has, may lose.
    Fill,
    /// Gives up everything.
    Lose,
}

/// The words for strategies.
pub const STRATEGIES: &[(&str, Strategy)] = &[
    ("win", Strategy::Win),
    ("gain", Strategy::Gain),
    ("redistribute", Strategy::Redistribute),
    ("fill", Strategy::Fill),
    ("lose", Strategy::Lose),
];

/// What becomes of a winning line that cannot be in full on its date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// As under `gain`: the best there is, if that is not worse than what it has.
    #[default]
    Gain,
    /// It stays as it is.
    Keep,
}

/// The words for fallbacks.
pub const FALLBACKS: &[(&str, Fallback)] = &[("gain", Fallback::Gain), ("keep", Fallback::Keep)];

/// Lines that share a strategy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Which lines.
    pub filter: Filter,
    /// How they are promised again.
    pub strategy: Strategy,
}

/// A backlog run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// Which lines are promised again; the others stand.
    pub filter: Filter,
    /// In which order.
    pub sequence: Sequence,
    /// Order and line (empty: all lines) of those that come first of all, in this order.
    pub first: Vec<(Box<str>, Box<str>)>,
    /// Which strategy; the first segment that fits.
    pub segments: Vec<Segment>,
    /// The strategy of lines that are in no segment.
    pub otherwise: Strategy,
    /// Lines that stand whatever the filter says.
    pub locked: Vec<Filter>,
    /// Lines that may not become better.
    pub kept: Vec<Filter>,
    /// What becomes of a winning line that cannot win.
    pub fallback: Fallback,
    /// The instant of the run, where today goes by the clock: nothing starts before its day (semantics 12.3, *Today*).
    pub now: Option<Timestamp>,
}

impl Spec {
    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let texts = self.first.iter().map(|(order, line)| order.len() + line.len());
        let filters = size_of_val(&*self.segments) + size_of_val(&*self.first);
        size_of::<Self>() + filters + texts.sum::<usize>()
    }

    /// The keys that a snapshot does not know: the field that names each, and why in words.
    pub fn unknown(&self, snapshot: &Snapshot) -> Vec<(&'static str, String)> {
        let one = [("filter", &self.filter)].into_iter();
        let segments = self.segments.iter().map(|segment| ("segments", &segment.filter));
        let locked = self.locked.iter().map(|filter| ("lock", filter));
        let kept = self.kept.iter().map(|filter| ("keep", filter));
        let all = one.chain(segments).chain(locked).chain(kept);
        all.filter_map(|(field, filter)| Some((field, filter.unknown(snapshot)?))).collect()
    }

    pub(super) fn strategy(&self, snapshot: &Snapshot, found: &Reservation) -> Strategy {
        let segment = self.segments.iter().find(|segment| segment.filter.fits(snapshot, found));
        segment.map_or(self.otherwise, |segment| segment.strategy)
    }

    pub(super) fn is_locked(&self, snapshot: &Snapshot, found: &Reservation) -> bool {
        self.locked.iter().any(|filter| filter.fits(snapshot, found))
    }

    pub(super) fn is_kept(&self, snapshot: &Snapshot, found: &Reservation) -> bool {
        self.kept.iter().any(|filter| filter.fits(snapshot, found))
    }
}
