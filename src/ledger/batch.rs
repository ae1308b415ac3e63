//! Changes of planning data as a world keeps them: list by list, each with its origin.
//!
//! A world is its snapshot as loaded, these lists in their order, and the promises: a checkpoint writes
//! them down, and a refresh makes again those that the new snapshot cannot have.

use crate::{change::Change, model::AccountIx};
use std::sync::Arc;

/// Who said that planning data changed, and up to when that source knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The source system; its watermark tells whether a snapshot has the changes.
    pub source: Option<Arc<str>>,
    /// When the source knew of them, in microseconds since 1970 UTC.
    pub known_at: i64,
}

impl Origin {
    /// Of changes that no later snapshot lacks: those of a what-if.
    pub const PLANNING: Self = Self { source: None, known_at: i64::MIN };
}

/// Changes that were made together, and those before them.
#[derive(Debug)]
pub struct ChangeBatch {
    /// The changes.
    pub changes: Arc<[Change]>,
    /// Whose they are.
    pub origin: Origin,
    /// The accounts whose base profile became another one.
    pub(super) touched: Arc<[AccountIx]>,
    /// The number of changes in it and before it.
    pub(super) n_changes: u64,
    before: Option<Arc<ChangeBatch>>,
}

impl ChangeBatch {
    pub(super) fn new(
        changes: Arc<[Change]>,
        origin: Origin,
        touched: Arc<[AccountIx]>,
        before: Option<Arc<ChangeBatch>>,
    ) -> Self {
        let n_before = before.as_ref().map_or(0, |before| before.n_changes);
        let n_changes = n_before + changes.len() as u64;
        Self { changes, origin, touched, n_changes, before }
    }

    /// From the one after `older` to `last`, in order; all where there is no older one.
    pub(super) fn since(
        last: Option<&Arc<ChangeBatch>>,
        older: Option<&Arc<ChangeBatch>>,
    ) -> Vec<Arc<ChangeBatch>> {
        let is_new =
            |batch: &&Arc<ChangeBatch>| older.is_none_or(|older| !Arc::ptr_eq(older, batch));
        let batches = std::iter::successors(last, |batch| batch.before.as_ref());
        let mut all: Vec<_> = batches.take_while(is_new).map(Arc::clone).collect();
        all.reverse();
        all
    }
}

impl Drop for ChangeBatch {
    /// A long chain is let go link by link, not by recursion.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(mut batch) = before.and_then(Arc::into_inner) {
            before = batch.before.take();
        }
    }
}
