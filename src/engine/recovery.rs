//! From a journal to the world it describes: the newest checkpoint, and the entries after it (L6).

mod ahead;
mod heads;

pub(super) use super::snapshot_source::Snapshots;

use super::{
    error::Error,
    remembered::{Remembered, Retention},
};
use crate::{
    journal::{self, Batch, Journal, RawEntry, Reader, checkpoint},
    ledger::{Entry, Fact, Ledger, Stamp, World, refresh::Refresh, rules::RULES},
    snapshot::Snapshot,
};
use ahead::Ahead;
use heads::Heads;
pub(super) use heads::Leaps;
use std::{collections::BTreeSet, ops::ControlFlow, sync::Arc};

/// The kind of an entry from which on another snapshot serves.
pub(super) const ACTIVATED: &str = "activated";

/// Takes an entry with the worlds before and after it.
pub type VisitWorlds<'a> = &'a mut dyn FnMut(&World, &Arc<Entry>, &World) -> ControlFlow<()>;

/// What a journal gave.
pub(super) struct Recovered {
    pub(super) ledger: Ledger,
    pub(super) remembered: Remembered,
    /// The instant of the last entry, in microseconds since 1970 UTC: time goes on from there.
    pub(super) now: i64,
    /// The position of the checkpoint that it began with.
    pub(super) checkpoint: u64,
    /// The snapshot of that checkpoint.
    pub(super) began_with: String,
    /// The leaps of engine time in the entries that are kept, with their positions.
    pub(super) leaps: Leaps,
    /// Whether ids may be remembered by digests of the first version of entries.
    pub(super) has_older: bool,
}

/// Rebuilds the world of a journal over its snapshots, and remembers the commands in it. An empty journal
/// is begun with a checkpoint, so that it names its snapshot from the start.
///
/// # Errors
/// The journal cannot be read, names a snapshot that is not kept, or what its snapshot does not know.
pub(super) fn recover(
    journal: &mut dyn Journal,
    snapshots: &Snapshots<'_>,
    retention: Retention,
    id: &Arc<str>,
) -> Result<Recovered, Error> {
    if journal.position() == 0 {
        begin(journal, snapshots.given)?;
    }
    let reader = journal.reader();
    let (mut now, world) = newest(&*reader, snapshots)?;
    let (checkpoint, began_with) = (world.position, world.snapshot.id().to_string());
    let mut remembered = Remembered::new(retention, Arc::clone(&reader));
    // All that is read here is in the journal.
    remembered.durable_to(journal.position());
    remembered.expect(journal.position().saturating_sub(reader.first()?));
    let mut leaps = remember(&*reader, checkpoint, snapshots, &mut remembered)?;
    let mut ledger = Ledger::new(world.of_ledger(id));
    go_on(&*reader, &mut ledger, snapshots, &mut |entry| {
        now = now.max(entry.stamp.at);
        if let Fact::Leapt(leap) = &entry.fact {
            remembered.leap(*leap, entry.position);
            leaps.push((entry.position, *leap));
        }
        // Ids are forgotten as they were then, so that one used again later is no surprise.
        remembered.forget(entry.stamp.at);
        remembered.remember(entry);
        true
    })?;
    assert_eq!(ledger.world().position, journal.position(), "L3: a journal gives all it has");
    let has_older = is_first_version(&*reader)?;
    Ok(Recovered { ledger, remembered, now, checkpoint, began_with, leaps, has_older })
}

/// Whether the oldest entry that is kept is of the first version.
fn is_first_version(reader: &dyn Reader) -> Result<bool, Error> {
    let mut is_first = false;
    reader.read_from(reader.first()?, &mut |record| {
        is_first = record.head()?.is_first_version();
        Err(journal::Error::Enough)
    })?;
    Ok(is_first)
}

/// Lets the rules of this program hold, durably, in a journal that was written under earlier ones: the entry
/// that says so, if one was needed.
///
/// # Errors
/// The journal cannot be written, or is one of later rules.
pub(super) fn adopt_rules(
    journal: &mut dyn Journal,
    ledger: &mut Ledger,
    now: i64,
) -> Result<Option<Arc<Entry>>, Error> {
    let (position, rules) = (ledger.world().position, ledger.world().rules());
    if RULES < rules {
        let fault = journal::Malformed::Rules(rules);
        return Err(journal::Error::Damaged { position, fault }.into());
    }
    let Some(admitted) = ledger.adopt_rules() else {
        return Ok(None);
    };
    let entry = Arc::new(admitted.commit(Stamp::at(now)));
    let snapshot = &*ledger.world().snapshot;
    let entries = std::slice::from_ref(&entry);
    journal.append(Batch { expected: position, entries, snapshot })?;
    Ok(Some(entry))
}

/// Applies the entries after a ledger's position, as long as they are wanted.
///
/// # Errors
/// As for [`recover`].
pub(super) fn go_on(
    reader: &dyn Reader,
    ledger: &mut Ledger,
    snapshots: &Snapshots<'_>,
    is_wanted: &mut dyn FnMut(&Arc<Entry>) -> bool,
) -> Result<(), Error> {
    let mut failed = None;
    let mut ahead = Ahead::default();
    let mut step = |ledger: &mut Ledger, entry: &Arc<Entry>| {
        if !is_wanted(entry) {
            return Err(journal::Error::Enough);
        }
        apply(ledger, entry, snapshots).map_err(|error| {
            failed = Some(error);
            journal::Error::Enough
        })
    };
    let read = reader.read_from(ledger.world().position + 1, &mut |record| match record {
        RawEntry::InMemory { entry, .. } => step(ledger, entry),
        RawEntry::Bytes { position, bytes } => {
            ahead.push(position, bytes);
            if ahead.is_full() { ahead.take(ledger, &mut step) } else { Ok(()) }
        }
    });
    // An end that was wanted comes as none of reading does: then nothing that waits is wanted either.
    let read = read.and_then(|()| match ahead.take(ledger, &mut step) {
        Err(journal::Error::Enough) => Ok(()),
        taken => taken,
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(read?),
    }
}

/// Applies the entries after a ledger's position up to another one, and shows each with the worlds before and after it.
///
/// # Errors
/// As for [`recover`].
pub(super) fn step_on(
    reader: &dyn Reader,
    ledger: &mut Ledger,
    snapshots: &Snapshots<'_>,
    (until, visit): (u64, VisitWorlds<'_>),
) -> Result<(), Error> {
    let mut failed = None;
    let mut is_enough = false;
    let read = reader.read_from(ledger.world().position + 1, &mut |record| {
        if is_enough || until < record.position() {
            return Err(journal::Error::Enough);
        }
        let before = ledger.world().clone();
        let entry = record.entry(&before.snapshot)?;
        apply(ledger, &entry, snapshots).map_err(|error| {
            failed = Some(error);
            journal::Error::Enough
        })?;
        is_enough = visit(&before, &entry, ledger.world()).is_break();
        Ok(())
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(read?),
    }
}

/// The snapshots that a journal names from its oldest checkpoint on.
///
/// # Errors
/// The journal cannot be read.
pub(super) fn snapshots_named(
    reader: &dyn Reader,
    live: &Snapshot,
) -> Result<BTreeSet<String>, Error> {
    let (checkpoints, mut named) = loop {
        let checkpoints = reader.checkpoints()?;
        match snapshots_of(reader, &checkpoints) {
            Ok(named) => break (checkpoints, named),
            // One was forgotten between the two looks.
            Err(_) if reader.checkpoints()? != checkpoints => (),
            Err(error) => return Err(error),
        }
    };
    let oldest = checkpoints.into_iter().min().unwrap_or(0);
    reader.read_from(oldest + 1, &mut |record| {
        if record.head()?.kind == ACTIVATED
            && let Fact::Activated(activation) = &record.entry(live)?.fact
        {
            named.insert(activation.snapshot_id.to_string());
        }
        Ok(())
    })?;
    Ok(named)
}

/// The ids of the snapshots of some checkpoints.
fn snapshots_of(reader: &dyn Reader, checkpoints: &[u64]) -> Result<BTreeSet<String>, Error> {
    let id = |&at: &u64| Ok(checkpoint::head(reader, at)?.snapshot_id);
    checkpoints.iter().map(id).collect()
}

/// Applies an entry; where another snapshot serves from it on, the reconciliation is done again.
fn apply(ledger: &mut Ledger, entry: &Entry, snapshots: &Snapshots<'_>) -> Result<(), Error> {
    let Fact::Activated(activation) = &entry.fact else {
        ledger.apply(entry);
        return Ok(());
    };
    let mut snapshot =
        (*snapshots.find(&activation.snapshot_id, activation.sum.as_deref())?).clone();
    snapshot.adopt(&activation.adopted);
    let refresh = Refresh::begin(ledger.world(), Arc::new(snapshot)).map_err(Error::NotAdopted)?;
    let mut reconciled = refresh.finish().map_err(Error::Unexplained)?;
    reconciled.set_risks(&activation.at_risk);
    ledger.take_over(entry, &mut reconciled);
    Ok(())
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
fn newest(reader: &dyn Reader, snapshots: &Snapshots<'_>) -> Result<(i64, World), Error> {
    let mut first_fault = None;
    for at in reader.checkpoints()? {
        match read(reader, at, snapshots) {
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

pub(super) fn read(
    reader: &dyn Reader,
    at: u64,
    snapshots: &Snapshots<'_>,
) -> Result<(i64, World), Error> {
    let sum = checkpoint::sum(reader, at)?;
    let snapshot = snapshots.find(&checkpoint::head(reader, at)?.snapshot_id, sum.as_deref())?;
    let (head, world) = checkpoint::read(reader, at, &snapshot)?;
    Ok((head.at, world))
}

/// Remembers the commands up to a checkpoint, as far back as they are kept and wanted.
fn remember(
    reader: &dyn Reader,
    checkpoint: u64,
    snapshots: &Snapshots<'_>,
    remembered: &mut Remembered,
) -> Result<Leaps, Error> {
    let wanted = checkpoint.saturating_sub(remembered.retention().count as u64) + 1;
    let from = reader.first()?.max(wanted);
    let mut heads = Heads::new(remembered, snapshots.given);
    reader.read_from(from, &mut |record| match checkpoint < record.position() {
        true => Err(journal::Error::Enough),
        false => heads.push(&record),
    })?;
    Ok(heads.finish()?)
}
