//! Batches, parts of checkpoints and seals as tables of the embedded store.
//!
//! Knows the store and nothing of entries but their length. Invariant: a transaction holds all of a batch.

pub(super) use crate::journal::framed::add;
use crate::journal::{
    Chain, Error, Malformed, RawEntry, Reader, Visit, VisitPart, framed::entries, until_enough,
};
use redb::{
    Builder, Database, Durability, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction,
};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Entries that became durable together, by the position of the first.
const BATCHES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("batches");

/// Parts of checkpoints, by the checkpoint's position and their number.
const PARTS: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("parts");

/// The number of parts of each checkpoint that counts.
const SEALED: TableDefinition<'_, u64, u32> = TableDefinition::new("sealed");

/// Bytes of the store that are kept in memory.
const CACHE_BYTES: usize = 64 << 20;

/// Batches that are forgotten in one go: a transaction must stay short.
const FORGOTTEN_AT_ONCE: usize = 256;

/// Checkpoints that are kept: the newest, and one to fall back on.
pub(in crate::journal) const CHECKPOINTS_KEPT: usize = 2;

/// The open store.
#[derive(Debug)]
pub(super) struct OpenStore {
    db: Database,
}

/// Any error of the store, as ours.
pub(super) fn failed(error: redb::Error) -> Error {
    if let redb::Error::Io(source) = error {
        return Error::storage("use the journal's file", source);
    }
    Error::Broken { why: error.to_string() }
}

fn failed_by<E: Into<redb::Error>>(error: E) -> Error {
    failed(error.into())
}

/// The store trusts its own pages; a damaged one may make it panic. That is a damaged journal, not ours.
fn guarded<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Unwind safe: the store is only read, and after a fault it is used no more.
    let read = catch_unwind(AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Err(Error::Broken { why: "a page of it makes no sense".to_string() }))
}

/// Shows what is found to somebody, whose panic is no damage of the store.
#[derive(Default)]
struct Shown(Option<Box<dyn Any + Send>>);

impl Shown {
    fn to(&mut self, visit: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        catch_unwind(AssertUnwindSafe(visit)).unwrap_or_else(|panic| {
            self.0 = Some(panic);
            Err(Error::Enough)
        })
    }
}

/// The same as [`guarded`], where a visitor is shown what is found: its panic goes on as it was.
fn guarded_visit(read: impl FnOnce(&mut Shown) -> Result<(), Error>) -> Result<(), Error> {
    let mut shown = Shown::default();
    let read = guarded(|| read(&mut shown));
    match shown.0 {
        Some(panic) => resume_unwind(panic),
        None => read,
    }
}

impl OpenStore {
    /// Opens the store, and says whether a transaction that was under way had to be cut off.
    pub(super) fn open(storage: impl redb::StorageBackend) -> Result<(Self, bool), Error> {
        guarded(|| {
            let cut = Arc::new(AtomicBool::new(false));
            let noted = Arc::clone(&cut);
            let mut builder = Builder::new();
            builder.set_cache_size(CACHE_BYTES);
            builder.set_repair_callback(move |session| {
                // At the beginning it says 0; then, below one half, that the last transaction did not verify and was
                // cut; above, that all is well.
                let is_cut = (0.1..0.5).contains(&session.progress());
                noted.fetch_or(is_cut, Ordering::Relaxed);
            });
            let db = builder.create_with_backend(storage).map_err(failed_by)?;
            let writes = db.begin_write().map_err(failed_by)?;
            writes.open_table(BATCHES).map_err(failed_by)?;
            writes.open_table(PARTS).map_err(failed_by)?;
            writes.open_table(SEALED).map_err(failed_by)?;
            writes.commit().map_err(failed_by)?;
            Ok((Self { db }, cut.load(Ordering::Relaxed)))
        })
    }

    /// The position of the last entry; 0 where there is none.
    pub(super) fn position(&self) -> Result<u64, Error> {
        guarded(|| {
            let reads = self.db.begin_read().map_err(failed_by)?;
            let batches = reads.open_table(BATCHES).map_err(failed_by)?;
            let last = batches.last().map_err(failed_by)?;
            let position = last
                .map(|(first, batch)| first.value() + entries(batch.value()).count() as u64 - 1);
            // Where everything was forgotten, the newest checkpoint says how far it went.
            let sealed = reads.open_table(SEALED).map_err(failed_by)?;
            let sealed = sealed.last().map_err(failed_by)?.map_or(0, |(at, _)| at.value());
            Ok(position.unwrap_or(0).max(sealed))
        })
    }

    /// All entries up to a position; the beginning of a chain where that one is not kept.
    pub(super) fn chain(&self, position: u64) -> Result<Chain, Error> {
        let mut chain = Chain::BEGIN;
        self.read_from(position, &mut |record| {
            if let RawEntry::Bytes { bytes, .. } = record {
                chain = Chain::after(bytes);
            }
            Ok(())
        })?;
        Ok(chain)
    }

    /// Writes a batch and waits until it is durable.
    pub(super) fn append(&self, first: u64, batch: &[u8]) -> Result<(), Error> {
        self.put(first, batch, Durability::Immediate)
    }

    /// Writes a batch, which is durable with the next thing that is.
    pub(super) fn copy(&self, first: u64, batch: &[u8]) -> Result<(), Error> {
        self.put(first, batch, Durability::None)
    }

    /// Makes all durable that was written.
    pub(super) fn sync(&self) -> Result<(), Error> {
        self.write(Durability::Immediate)?.commit().map_err(failed_by)
    }

    fn put(&self, first: u64, batch: &[u8], durability: Durability) -> Result<(), Error> {
        let writes = self.write(durability)?;
        writes.open_table(BATCHES).map_err(failed_by)?.insert(first, batch).map_err(failed_by)?;
        writes.commit().map_err(failed_by)
    }

    pub(super) fn put_part(&self, place: (u64, u32), bytes: &[u8]) -> Result<(), Error> {
        // It need not be durable before its seal is, and that comes later.
        let writes = self.write(Durability::None)?;
        writes.open_table(PARTS).map_err(failed_by)?.insert(place, bytes).map_err(failed_by)?;
        writes.commit().map_err(failed_by)
    }

    pub(super) fn seal(&self, checkpoint: u64, n_parts: u32) -> Result<(), Error> {
        let writes = self.write(Durability::Immediate)?;
        {
            let mut sealed = writes.open_table(SEALED).map_err(failed_by)?;
            sealed.insert(checkpoint, n_parts).map_err(failed_by)?;
            let kept: Vec<u64> = {
                let newest = sealed.iter().map_err(failed_by)?.rev().take(CHECKPOINTS_KEPT);
                newest
                    .map(|found| found.map(|(at, _)| at.value()).map_err(failed_by))
                    .collect::<Result<_, _>>()?
            };
            sealed.retain(|at, _| kept.contains(&at)).map_err(failed_by)?;
            let mut parts = writes.open_table(PARTS).map_err(failed_by)?;
            parts.retain(|(at, _), _| kept.contains(&at)).map_err(failed_by)?;
        }
        writes.commit().map_err(failed_by)
    }

    /// Forgets batches that end before a position and before the oldest checkpoint.
    pub(super) fn forget_before(&self, position: u64) -> Result<(), Error> {
        let oldest = self.checkpoints()?.last().copied().unwrap_or(0);
        let limit = position.min(oldest + 1);
        let writes = self.write(Durability::None)?;
        {
            let mut batches = writes.open_table(BATCHES).map_err(failed_by)?;
            let firsts: Vec<u64> = {
                let range = batches.range(..=limit).map_err(failed_by)?;
                let firsts = range.take(FORGOTTEN_AT_ONCE + 1);
                firsts
                    .map(|found| found.map(|(first, _)| first.value()).map_err(failed_by))
                    .collect::<Result<_, _>>()?
            };
            // A batch ends where the next one begins; the last one of these may reach further.
            for first in firsts.iter().take(firsts.len().saturating_sub(1)) {
                batches.remove(first).map_err(failed_by)?;
            }
        }
        writes.commit().map_err(failed_by)
    }

    /// A transaction that is durable when it is committed, or with the next one that is.
    fn write(&self, durability: Durability) -> Result<WriteTransaction, Error> {
        let mut writes = self.db.begin_write().map_err(failed_by)?;
        writes.set_durability(durability).map_err(failed_by)?;
        Ok(writes)
    }
}

/// Visits the entries of a batch that begins at `first`, as far as they stand at or after `from`. Gives the
/// position after them.
fn visit_batch(batch: &[u8], first: u64, from: u64, visit: Visit<'_>) -> Result<u64, Error> {
    let mut position = first;
    for bytes in entries(batch) {
        let bytes = bytes.map_err(|fault| Error::Damaged { position, fault })?;
        if from <= position {
            visit(RawEntry::Bytes { position, bytes })?;
        }
        position += 1;
    }
    Ok(position)
}

impl Reader for OpenStore {
    fn first(&self) -> Result<u64, Error> {
        guarded(|| {
            let reads = self.db.begin_read().map_err(failed_by)?;
            let batches = reads.open_table(BATCHES).map_err(failed_by)?;
            match batches.first().map_err(failed_by)? {
                Some((first, _)) => Ok(first.value()),
                None => Ok(self.position()? + 1),
            }
        })
    }

    fn read_from(&self, position: u64, visit: Visit<'_>) -> Result<(), Error> {
        guarded_visit(|shown| {
            let reads = self.db.begin_read().map_err(failed_by)?;
            let batches = reads.open_table(BATCHES).map_err(failed_by)?;
            let holding = batches.range(..=position).map_err(failed_by)?.next_back();
            let holding = holding.transpose().map_err(failed_by)?;
            let from = holding.map_or(position, |(first, _)| first.value());
            let mut next = from;
            for found in batches.range(from..).map_err(failed_by)? {
                let (first, batch) = found.map_err(failed_by)?;
                if first.value() != next {
                    return Err(Error::Gap { from: next, found: first.value() });
                }
                let show: Visit<'_> = &mut |record| shown.to(|| visit(record));
                let seen = visit_batch(batch.value(), next, position, show);
                let Ok(after) = seen else {
                    return until_enough(seen.map(|_| ()));
                };
                next = after;
            }
            Ok(())
        })
    }

    fn checkpoints(&self) -> Result<Vec<u64>, Error> {
        guarded(|| {
            let reads = self.db.begin_read().map_err(failed_by)?;
            let sealed = reads.open_table(SEALED).map_err(failed_by)?;
            let newest = sealed.iter().map_err(failed_by)?.rev();
            newest.map(|found| found.map(|(at, _)| at.value()).map_err(failed_by)).collect()
        })
    }

    fn read_parts(&self, checkpoint: u64, visit: VisitPart<'_>) -> Result<(), Error> {
        guarded_visit(|shown| {
            let missing =
                |part| Error::Checkpoint { position: checkpoint, fault: Malformed::NoPart(part) };
            let reads = self.db.begin_read().map_err(failed_by)?;
            let sealed = reads.open_table(SEALED).map_err(failed_by)?;
            let n_parts = sealed.get(checkpoint).map_err(failed_by)?.ok_or(missing(0))?.value();
            let parts = reads.open_table(PARTS).map_err(failed_by)?;
            for part in 0..n_parts {
                let bytes = parts.get((checkpoint, part)).map_err(failed_by)?;
                let bytes = bytes.ok_or(missing(part))?;
                shown.to(|| visit(bytes.value()))?;
            }
            Ok(())
        })
    }
}
