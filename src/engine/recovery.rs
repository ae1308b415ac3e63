//! From a journal to the world it describes: the newest checkpoint, and the entries after it (L6).

use super::{
    error::Error,
    remembered::{Remembered, Retention},
};
use crate::{
    journal::{self, Journal, Reader, checkpoint},
    ledger::{Ledger, World},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// What a journal gave.
pub(super) struct Recovered {
    pub(super) ledger: Ledger,
    pub(super) remembered: Remembered,
    /// The instant of the last entry, in microseconds since 1970 UTC: time goes on from there.
    pub(super) now: i64,
    /// The position of the checkpoint that it began with.
    pub(super) checkpoint: u64,
}

/// Rebuilds the world of a journal over its snapshot, and remembers the commands in it. An empty journal is
/// begun with a checkpoint, so that it names its snapshot from the start.
///
/// # Errors
/// The journal cannot be read, is of another snapshot, or names what the snapshot does not know.
pub(super) fn recover(
    journal: &mut dyn Journal,
    snapshot: &Arc<Snapshot>,
    retention: Retention,
) -> Result<Recovered, Error> {
    if journal.position() == 0 {
        begin(journal, snapshot)?;
    }
    let reader = journal.reader();
    let (mut now, world) = newest(&*reader, snapshot)?;
    let checkpoint = world.position;
    let mut remembered = Remembered::new(retention, Arc::clone(&reader));
    remember(&*reader, checkpoint, retention, &mut remembered)?;
    let mut ledger = Ledger::new(world);
    reader.read_from(checkpoint + 1, &mut |record| {
        let entry = record.entry(snapshot)?;
        ledger.apply(&entry);
        now = now.max(entry.stamp.at);
        // Ids are forgotten as they were then, so that one used again later is no surprise.
        remembered.forget(entry.stamp.at);
        remembered.remember(&entry);
        Ok(())
    })?;
    assert_eq!(ledger.world().position, journal.position(), "L3: a journal gives all it has");
    Ok(Recovered { ledger, remembered, now, checkpoint })
}

/// Begins a journal: the empty world over a snapshot is its first checkpoint.
fn begin(journal: &mut dyn Journal, snapshot: &Arc<Snapshot>) -> Result<(), Error> {
    let world = World::new(Arc::clone(snapshot));
    let mut n_parts = 0;
    for part in checkpoint::parts(&world, i64::MIN) {
        journal.put_part(0, n_parts, &part)?;
        n_parts += 1;
    }
    Ok(journal.seal(0, n_parts)?)
}

/// The newest checkpoint that can be read: the instant of its last entry, and its world.
fn newest(reader: &dyn Reader, snapshot: &Arc<Snapshot>) -> Result<(i64, World), Error> {
    let mut first_fault = None;
    for at in reader.checkpoints()? {
        match read(reader, at, snapshot) {
            Ok(found) => return Ok(found),
            Err(Error::Journal(fault @ journal::Error::Checkpoint { .. })) => {
                tracing::error!(%fault, "a checkpoint is damaged; the one before it is taken");
                first_fault = first_fault.or(Some(fault));
            }
            Err(error) => return Err(error),
        }
    }
    let none = || journal::Error::Broken { why: "it has no checkpoint to begin with".to_string() };
    Err(Error::Journal(first_fault.unwrap_or_else(none)))
}

fn read(reader: &dyn Reader, at: u64, snapshot: &Arc<Snapshot>) -> Result<(i64, World), Error> {
    let head = checkpoint::head(reader, at)?;
    if head.snapshot_id != snapshot.id() {
        return Err(Error::OtherSnapshot {
            journal: head.snapshot_id,
            given: snapshot.id().to_string(),
        });
    }
    let (head, world) = checkpoint::read(reader, at, snapshot)?;
    Ok((head.at, world))
}

/// Remembers the commands up to a checkpoint, as far back as they are kept and wanted.
fn remember(
    reader: &dyn Reader,
    checkpoint: u64,
    retention: Retention,
    remembered: &mut Remembered,
) -> Result<(), Error> {
    let wanted = checkpoint.saturating_sub(retention.count as u64) + 1;
    let from = reader.first()?.max(wanted);
    Ok(reader.read_from(from, &mut |record| {
        if checkpoint < record.position() {
            return Err(journal::Error::Enough);
        }
        let head = record.head()?;
        remembered.forget(head.at);
        remembered.remember_head(&head);
        Ok(())
    })?)
}
