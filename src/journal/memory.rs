//! A journal that lasts as long as its process: for tests, what-if servers and benches.

use super::{Batch, Error, Journal, RawEntry, Reader, Visit, VisitPart};
use crate::{
    ledger::{Entry, Fact},
    snapshot::Snapshot,
};
use parking_lot::RwLock;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Entries and checkpoints in memory. Clones are the same journal.
///
/// ```
/// use promised::journal::{Journal, Memory};
/// let journal = Memory::default();
/// assert_eq!(journal.position(), 0);
/// assert!(journal.entries().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<RwLock<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// How many entries were forgotten.
    forgotten: u64,
    entries: VecDeque<Arc<Entry>>,
    /// What the indices of entries mean from a position on, in order: of each snapshot that has served, with its changes.
    names: VecDeque<(u64, Arc<Snapshot>)>,
    parts: BTreeMap<(u64, u32), Vec<u8>>,
    /// Sealed checkpoints, newest last.
    sealed: Vec<u64>,
}

impl Kept {
    fn position(&self) -> u64 {
        self.forgotten + self.entries.len() as u64
    }

    /// Notes what the indices of a batch mean. Those of a snapshot hold in it however it is changed.
    fn name(&mut self, batch: Batch<'_>) {
        let is_activated = |entry: &&Arc<Entry>| matches!(entry.fact, Fact::Activated(_));
        let activated = batch.entries.iter().find(is_activated).map(|entry| entry.position);
        match (activated, self.names.back_mut()) {
            (None, Some((_, last))) if last.changes() == batch.snapshot.changes() => (),
            (None, Some((_, last))) => *last = Arc::new(batch.snapshot.clone()),
            (from, _) => {
                let from = from.unwrap_or(batch.expected + 1);
                self.names.push_back((from, Arc::new(batch.snapshot.clone())));
            }
        }
    }
}

impl Memory {
    /// The entries that are kept, in order.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.0.read().entries.iter().cloned().collect()
    }
}

impl Journal for Memory {
    fn position(&self) -> u64 {
        self.0.read().position()
    }

    fn append(&mut self, batch: Batch<'_>) -> Result<(), Error> {
        let mut kept = self.0.write();
        batch.follows(kept.position())?;
        kept.name(batch);
        kept.entries.extend(batch.entries.iter().cloned());
        Ok(())
    }

    fn put_part(&mut self, checkpoint: u64, part: u32, bytes: &[u8]) -> Result<(), Error> {
        self.0.write().parts.insert((checkpoint, part), bytes.to_vec());
        Ok(())
    }

    fn seal(&mut self, checkpoint: u64, _: u32) -> Result<(), Error> {
        let mut kept = self.0.write();
        kept.sealed.push(checkpoint);
        let n_old = kept.sealed.len().saturating_sub(super::local::CHECKPOINTS_KEPT);
        kept.sealed.drain(..n_old);
        let oldest = kept.sealed.first().copied().unwrap_or(0);
        kept.parts.retain(|(of, _), _| oldest <= *of);
        Ok(())
    }

    fn forget_before(&mut self, position: u64) -> Result<(), Error> {
        let mut kept = self.0.write();
        let needed = kept.sealed.first().copied().unwrap_or(0);
        while kept.forgotten < needed && kept.forgotten + 1 < position {
            kept.entries.pop_front();
            kept.forgotten += 1;
        }
        while kept.names.get(1).is_some_and(|(from, _)| *from <= kept.forgotten + 1) {
            kept.names.pop_front();
        }
        Ok(())
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(self.clone())
    }
}

impl Reader for Memory {
    fn first(&self) -> Result<u64, Error> {
        Ok(self.0.read().forgotten + 1)
    }

    fn read_from(&self, position: u64, visit: Visit<'_>) -> Result<(), Error> {
        // A copy of the pointers: entries may be appended while they are visited.
        let (entries, names): (Vec<_>, Vec<_>) = {
            let kept = self.0.read();
            let skipped = position.saturating_sub(kept.forgotten + 1);
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            let names = kept.names.iter().cloned().collect();
            (kept.entries.iter().skip(skipped).cloned().collect(), names)
        };
        super::until_enough(entries.iter().try_for_each(|entry| {
            let n_before = names.partition_point(|(from, _)| *from <= entry.position);
            let (_, names) = &names[n_before.saturating_sub(1)];
            visit(RawEntry::InMemory { entry, names })
        }))
    }

    fn checkpoints(&self) -> Result<Vec<u64>, Error> {
        Ok(self.0.read().sealed.iter().rev().copied().collect())
    }

    fn read_parts(&self, checkpoint: u64, visit: VisitPart<'_>) -> Result<(), Error> {
        let kept = self.0.read();
        let parts = kept.parts.range((checkpoint, 0)..=(checkpoint, u32::MAX));
        parts.map(|(_, bytes)| bytes).try_for_each(|bytes| visit(bytes))
    }
}
