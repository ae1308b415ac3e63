//! What the writer did becomes groups, oldest first.

use super::{
    job::{CommitGroup, Provenance},
    room::LINES_A_GROUP,
    writer::Writer,
};
use crate::limits;
use std::sync::Arc;

impl Writer {
    /// Whether all that was done is handed over.
    pub(super) fn is_idle(&self) -> bool {
        self.closed.is_empty() && self.live.entries.is_empty() && self.pending.is_empty()
    }

    /// Whether something was done that can be handed over.
    pub(super) fn has_group(&self) -> bool {
        !self.is_idle() && !self.live.ledger.is_late()
    }

    /// Whether as much was done and not yet handed over as there may be.
    pub(super) fn is_full(&self) -> bool {
        limits::BATCH_MAX <= self.pending.len().max(self.live.entries.len())
            || LINES_A_GROUP <= self.n_lines
    }

    /// Puts what was done so far into a group of its own.
    pub(super) fn close_group(&mut self) {
        self.close_group_as(Provenance::Made);
    }

    /// The same, of what came about in another way.
    pub(super) fn close_group_as(&mut self, kind: Provenance) {
        if let Some(group) = self.open_group() {
            self.closed.push_back(CommitGroup { kind, ..group });
        }
    }

    /// The oldest of what was done and not yet handed over, if it is all in its place.
    pub(super) fn take_group(&mut self) -> Option<CommitGroup> {
        if self.live.ledger.is_late() {
            return None;
        }
        self.closed.pop_front().or_else(|| self.open_group())
    }

    fn open_group(&mut self) -> Option<CommitGroup> {
        if self.live.entries.is_empty() && self.pending.is_empty() {
            return None;
        }
        self.n_lines = 0;
        let entries = std::mem::take(&mut self.live.entries);
        let pending = std::mem::take(&mut self.pending);
        let world = Arc::new(self.live.world().clone());
        Some(CommitGroup { entries, world, pending, kind: Provenance::Made })
    }
}
