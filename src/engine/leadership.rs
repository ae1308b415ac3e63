//! Whether this engine leads, and what it goes on from where it did not.

use super::SnapshotSource;
use crate::snapshot::Snapshot;
use std::sync::{
    Arc, Weak,
    atomic::{AtomicBool, Ordering},
};

/// What it is.
pub(super) struct Leadership {
    /// Known to everybody who holds the engine.
    pub(super) leads: Arc<AtomicBool>,
    /// Whether its ledger has what was never done.
    pub(super) is_stale: bool,
    /// The instant of the last entry.
    pub(super) last_at: i64,
    /// Where snapshots are: the one that it began with, as long as it serves, and the others.
    pub(super) snapshots: (Weak<Snapshot>, SnapshotSource),
}

impl Leadership {
    pub(super) fn new(
        follows: bool,
        last_at: i64,
        snapshots: (&Arc<Snapshot>, SnapshotSource),
    ) -> Self {
        let snapshots = (Arc::downgrade(snapshots.0), snapshots.1);
        let leads = Arc::new(AtomicBool::new(!follows));
        Self { leads, is_stale: false, last_at, snapshots }
    }

    pub(super) fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.leads)
    }
}
