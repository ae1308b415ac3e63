//! Lines of a feed, gathered into one request of changes: what may go together.

use super::StreamUnit;
use crate::{change::Claims, ledger::positions::stream, limits::CHANGES_MAX};
use jiff::SignedDuration;

/// Lines of one request at most.
const LINES_MAX: usize = 1_000;

/// What a source knew of at times further apart is told at different times.
const TOGETHER: SignedDuration = SignedDuration::from_secs(1);

/// Whether a unit may join those that are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It may.
    Joins,
    /// They go first.
    Apart,
    /// It is one of them by its position, and cannot be made with them.
    Never,
}

/// Units of one request.
#[derive(Default)]
pub(super) struct Gathered {
    units: Vec<StreamUnit>,
    n_changes: usize,
    claims: Claims,
}

impl Gathered {
    /// Whether a unit may join.
    pub(super) fn fit(&mut self, unit: &StreamUnit) -> Fit {
        let last = self.units.last();
        let is_same =
            unit.position.is_some() && last.is_some_and(|last| last.position == unit.position);
        let is_other_stream = last.is_some_and(|last| stream_of(last) != stream_of(unit));
        let is_later = self.units.first().is_some_and(|first| are_apart(first, unit));
        let is_much = CHANGES_MAX < self.n_changes + unit.changes.len();
        let clashes = !unit.changes.iter().all(|change| self.claims.take(change));
        let is_full = LINES_MAX <= self.units.len();
        if is_same {
            // Two requests of one position are one: the second half would be taken for the first one sent again.
            return if is_much || clashes { Fit::Never } else { Fit::Joins };
        }
        match is_full || is_much || is_other_stream || is_later || clashes {
            true => Fit::Apart,
            false => Fit::Joins,
        }
    }

    /// Adds a unit that fits.
    pub(super) fn add(&mut self, unit: StreamUnit) {
        self.n_changes += unit.changes.len();
        self.units.push(unit);
    }

    /// Begins with a unit.
    pub(super) fn begin(&mut self, unit: StreamUnit) {
        for change in &unit.changes {
            // Alone it contradicts nothing but itself, and that is for the server to say.
            let _is_free = self.claims.take(change);
        }
        self.add(unit);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// All of them; it has none then.
    pub(super) fn take(&mut self) -> Vec<StreamUnit> {
        std::mem::take(self).units
    }
}

/// The stream of its source that a unit is of.
fn stream_of(unit: &StreamUnit) -> Option<&str> {
    unit.position.as_deref().map(|position| stream(position).0)
}

fn are_apart(first: &StreamUnit, unit: &StreamUnit) -> bool {
    match (first.known_at, unit.known_at) {
        (Some(one), Some(other)) => TOGETHER < one.duration_until(other).abs(),
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::ndjson, *};
    use jiff::Timestamp;

    /// What becomes of units `position at kind`, one after the other: a bar where a request ends.
    #[track_caller]
    fn check(units: &[(&str, i64, &str)], want: &str) {
        let mut gathered = Gathered::default();
        let mut told = String::new();
        for (at, (position, seconds, text)) in units.iter().enumerate() {
            let unit = ndjson::read(1, (*text).to_string()).unwrap();
            let known_at = Some(Timestamp::from_second(*seconds).unwrap());
            let unit = StreamUnit { position: Some((*position).to_string()), known_at, ..unit };
            match gathered.fit(&unit) {
                Fit::Joins => gathered.add(unit),
                Fit::Apart => {
                    assert!(!gathered.take().is_empty());
                    told.push('|');
                    gathered.begin(unit);
                }
                Fit::Never => told.push('!'),
            }
            told.push_str(&at.to_string());
        }
        assert_eq!(told, want);
    }

    const MOVED: &str = r#"{"change": "supply_moved", "supply": "PO-1", "days": 1}"#;
    const OTHER: &str = r#"{"change": "supply_moved", "supply": "PO-2", "days": 1}"#;

    #[test]
    fn what_goes_together() {
        check(&[("a:1", 0, MOVED), ("a:2", 0, OTHER)], "01");
        // The same thing twice, another stream, another time.
        check(&[("a:1", 0, MOVED), ("a:2", 0, MOVED)], "0|1");
        check(&[("a:1", 0, MOVED), ("b:2", 0, OTHER)], "0|1");
        check(&[("a:1", 0, MOVED), ("a:2", 1, OTHER)], "01");
        check(&[("a:1", 0, MOVED), ("a:2", 2, OTHER)], "0|1");
        // One position is one request, whatever is in it.
        check(&[("a:1", 0, MOVED), ("a:1", 9, OTHER)], "01");
        check(&[("a:1", 0, MOVED), ("a:1", 0, MOVED)], "0!1");
    }
}
