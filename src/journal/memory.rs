//! A journal that lasts as long as its process: for tests, what-if servers and benches.

use super::{Batch, Error, Journal, Visit};
use crate::{ledger::Entry, snapshot::Snapshot};
use std::sync::Arc;

/// Entries in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    entries: Vec<Arc<Entry>>,
}

impl Memory {
    /// Its entries, in order.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }
}

impl Journal for Memory {
    fn position(&self) -> u64 {
        self.entries.len() as u64
    }

    fn append(&mut self, batch: Batch<'_>) -> Result<(), Error> {
        batch.follows(self.position())?;
        self.entries.extend_from_slice(batch.entries);
        Ok(())
    }

    fn read_from(&self, position: u64, _: &Snapshot, visit: Visit<'_>) -> Result<(), Error> {
        let skipped = usize::try_from(position.saturating_sub(1)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skipped).try_for_each(|entry| visit(Arc::clone(entry)))
    }
}
