//! Entries that become durable together.

use super::error::Error;
use crate::{ledger::Entry, snapshot::Snapshot};
use std::sync::Arc;

/// Entries that become durable together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The position of the last entry before them, as the writer knows it.
    pub expected: u64,
    /// In order of position, without a gap.
    pub entries: &'a [Arc<Entry>],
    /// What their indices and days mean.
    pub snapshot: &'a Snapshot,
}

impl Batch<'_> {
    /// Checks that the batch follows on a position, and its entries on each other.
    ///
    /// # Errors
    /// The first entry that does not.
    pub fn follows(&self, position: u64) -> Result<(), Error> {
        if self.expected != position {
            return Err(Error::OutOfOrder { expected: self.expected, found: position });
        }
        for (entry, expected) in self.entries.iter().zip(position + 1..) {
            if entry.position != expected {
                return Err(Error::OutOfOrder { expected, found: entry.position });
            }
        }
        Ok(())
    }
}
