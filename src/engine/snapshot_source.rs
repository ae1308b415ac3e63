//! Where snapshots are that are not at hand.

use super::error::Error;
use crate::{journal::Reader, snapshot::Snapshot};
use std::sync::{Arc, Weak};

/// Gives the snapshot of an id, if it is kept.
pub type SnapshotSource = Arc<dyn Fn(&str) -> Option<Snapshot> + Send + Sync>;

/// What rebuilding needs. It keeps nothing alive: neither a journal that was closed nor a snapshot that
/// nobody serves.
pub(super) struct Rebuilding {
    pub(super) reader: Weak<dyn Reader>,
    /// The snapshot that the engine was started with.
    pub(super) given: Weak<Snapshot>,
    /// The others, and that one too if it is needed after all.
    pub(super) kept: SnapshotSource,
}

/// Where snapshots come from.
pub(super) struct Snapshots<'a> {
    /// The one at hand.
    pub(super) given: &'a Arc<Snapshot>,
    /// The others.
    pub(super) kept: &'a SnapshotSource,
}

impl Snapshots<'_> {
    /// The snapshot of an id, of tables with a check sum where one was written down.
    ///
    /// # Errors
    /// It is neither at hand nor kept, or its tables are other ones.
    pub(super) fn find(&self, id: &str, sum: Option<&str>) -> Result<Arc<Snapshot>, Error> {
        let given = (self.given.id() == id).then(|| Arc::clone(self.given));
        // One that has adopted names is not quite as it was loaded.
        let as_loaded = given.clone().filter(|given| given.adopted().is_empty());
        let found = as_loaded.or_else(|| (self.kept)(id).map(Arc::new)).or(given);
        let found = found.ok_or_else(|| Error::OtherSnapshot {
            journal: id.to_string(),
            given: self.given.id().to_string(),
        })?;
        match (sum, found.sum.as_deref()) {
            (Some(sum), Some(found)) if sum != found => {
                Err(Error::AlteredSnapshot { id: id.to_string() })
            }
            (Some(_) | None, _) => Ok(found),
        }
    }
}
