//! What a search has learned, and may forget without changing an answer.

use super::{
    dead_ends::DeadEnds, effort::Effort, in_time::Bounds, kept::Known, largest::Lack, spent::Spent,
};

/// What is known beside what was tried.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// What the parts of a need that do not fit lack.
    pub(super) lack: Lack,
    /// What is known of the days before which needs cannot be filled.
    pub(super) bounds: Bounds,
    /// What is known of the need that was asked last.
    pub(super) known: Option<Known>,
    /// The line's needs that have nothing.
    pub(super) dead_ends: DeadEnds,
    /// How much was tried for the line.
    pub(super) effort: Effort,
    /// What was taken since the beginning.
    pub(super) spent: Spent,
}

impl Memo {
    /// Forgets what holds for one search only; memory is kept.
    pub(super) fn clear(&mut self) {
        let Self { lack, bounds, known, dead_ends, effort, spent: _ } = self;
        *lack = Lack::default();
        bounds.clear();
        *known = None;
        dead_ends.forget();
        *effort = Effort::default();
    }

    /// Begins with another line.
    pub(super) fn restart(&mut self) {
        self.effort.restart();
        self.bounds.restart();
        self.dead_ends.clear();
    }
}
