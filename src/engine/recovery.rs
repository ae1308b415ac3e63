//! From a journal to the world it describes.

use super::{error::Error, remembered::Remembered};
use crate::{
    journal::Journal,
    ledger::{Ledger, World},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// Replays a journal over a snapshot (L6), and remembers the commands in it. Gives the ledger, and the
/// instant of the last entry in microseconds since 1970 UTC: time goes on from there.
///
/// # Errors
/// The journal cannot be read, or names what the snapshot does not know.
pub(super) fn replay(
    journal: &dyn Journal,
    snapshot: &Arc<Snapshot>,
    remembered: &mut Remembered,
) -> Result<(Ledger, i64), Error> {
    let mut ledger = Ledger::new(World::new(Arc::clone(snapshot)));
    let mut now = i64::MIN;
    journal.read_from(1, snapshot, &mut |entry| {
        ledger.apply(&entry);
        now = now.max(entry.stamp.at);
        // Ids are forgotten as they were then, so that one used again later is no surprise.
        remembered.forget(entry.stamp.at);
        remembered.remember(&entry);
        Ok(())
    })?;
    assert_eq!(ledger.world().position, journal.position(), "L3: a journal gives all it has");
    Ok((ledger, now))
}
