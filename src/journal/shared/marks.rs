//! Positions at which all nodes look whether they have the same.
//!
//! A rule over records names them: the end of each record that crosses a multiple of a number. All nodes see the same
//! records, so nobody has to tell anybody.

use std::collections::BTreeSet;

/// Entries from one to the next, about.
const EVERY: u64 = 16_384;

/// Positions that are remembered: of those that were gone by before, nobody asks any more.
const MARKS_MAX: usize = 64;

/// Those that a node has come by, or will.
#[derive(Debug)]
pub(super) struct Marks {
    every: u64,
    ahead: BTreeSet<u64>,
}

impl Default for Marks {
    fn default() -> Self {
        Self { every: EVERY, ahead: BTreeSet::new() }
    }
}

impl Marks {
    /// Has nodes compare more or less often.
    pub(super) fn set_every(&mut self, entries: u64) {
        self.every = entries.max(1);
    }

    /// The next one behind a position.
    pub(super) fn next_behind(&self, position: u64) -> Option<u64> {
        self.ahead.range(position + 1..).next().copied()
    }

    /// Notes a record's end, if it is one.
    pub(super) fn note(&mut self, first: u64, last: u64) {
        if first.saturating_sub(1) / self.every < last / self.every {
            self.ahead.insert(last);
        }
        while MARKS_MAX < self.ahead.len() {
            self.ahead.pop_first();
        }
    }

    /// Whether a position is one; those up to it are over.
    pub(super) fn take(&mut self, position: u64) -> bool {
        let is_one = self.ahead.contains(&position);
        self.ahead.retain(|mark| position < *mark);
        is_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_record_that_crosses_a_multiple_is_one() {
        let mut marks = Marks { every: 10, ahead: BTreeSet::new() };
        for (first, last) in [(1, 4), (5, 9), (10, 10), (11, 35), (36, 39), (40, 41)] {
            marks.note(first, last);
        }
        assert_eq!(marks.ahead.iter().copied().collect::<Vec<_>>(), [10, 35, 41]);
        assert!(!marks.take(9));
        assert!(marks.take(10));
        assert!(!marks.take(10));
        // What was gone by is over.
        assert!(!marks.take(40));
        assert!(marks.take(41));
    }
}
