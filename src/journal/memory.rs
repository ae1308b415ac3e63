//! A journal that lasts as long as its process: for tests, what-if servers and benches.

use super::{Batch, Error, Journal, RawEntry, Reader, Visit, VisitPart};
use crate::ledger::Entry;
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
    parts: BTreeMap<(u64, u32), Vec<u8>>,
    /// Sealed checkpoints, newest last.
    sealed: Vec<u64>,
}

impl Kept {
    fn position(&self) -> u64 {
        self.forgotten + self.entries.len() as u64
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
        let entries: Vec<_> = {
            let kept = self.0.read();
            let skipped = position.saturating_sub(kept.forgotten + 1);
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            kept.entries.iter().skip(skipped).cloned().collect()
        };
        super::until_enough(entries.iter().try_for_each(|entry| visit(RawEntry::InMemory(entry))))
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
