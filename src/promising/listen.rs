//! Who wants to know what is in the way of a search.

use super::{answer::Reason, search::Search};

/// So many things that are in the way are told of one search.
const REASONS_MAX: usize = 8;

impl Search<'_> {
    /// Runs a search that remembers what was in its way.
    pub(super) fn explain(&mut self, search: impl FnOnce(&mut Self)) -> Vec<Reason> {
        // What was in the way is looked at with an effort of its own.
        let effort = self.memo.effort;
        self.memo.effort.restart();
        self.listener = Some(Vec::new());
        search(self);
        self.memo.effort = effort;
        self.listener.take().unwrap_or_default()
    }

    /// Runs a search that does not remember what was in its way.
    pub(super) fn unexplained<T>(&mut self, search: impl FnOnce(&mut Self) -> T) -> T {
        let blockers = self.listener.take();
        let found = search(self);
        self.listener = blockers;
        found
    }

    /// Whether anybody wants to know what is in the way.
    pub(super) fn explains(&self) -> bool {
        self.listener.is_some()
    }

    /// Notes what is in the way, if anybody wants to know.
    pub(super) fn note(&mut self, reason: impl FnOnce(&mut Self) -> Reason) {
        let Some(mut blockers) = self.listener.take() else {
            return;
        };
        let reason = reason(self);
        if !blockers.iter().any(|known| known.repeats(&reason)) {
            // A chain that is too deep names many stocks on its way down; that it ended is told all the same.
            if blockers.len() == REASONS_MAX && matches!(reason, Reason::Depth { .. }) {
                blockers.pop();
            }
            if blockers.len() < REASONS_MAX {
                blockers.push(reason);
            }
        }
        self.listener = Some(blockers);
    }
}
