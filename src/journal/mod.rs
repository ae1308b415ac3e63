//! The durable order of entries.
//!
//! A [`Journal`] keeps what the ledger committed, in order, and gives it back after a crash. It knows
//! [`Entry`] and nothing else of us: not what an entry means, and not who waits for it. Entries are
//! facts, so what is read back needs no planning code. Names, not indices, are what is written
//! ([`codec`]): the bytes outlive the snapshot they were made against.
//!
//! Start at [`Journal`], the contract.

pub mod codec;
mod error;
pub mod memory;
mod symbols;
mod wire;

pub use error::{Error, Fault};
pub use memory::Memory;

use crate::{ledger::Entry, snapshot::Snapshot};
use std::sync::Arc;

/// The durable order of entries: the contract that every implementation keeps (J1).
///
/// - Entries have dense positions from 1 on; what is appended follows on what is there.
/// - When [`Journal::append`] returns `Ok`, all its entries are durable; when it returns an error, none
///   of them may be acknowledged, and the journal is used no more by this process: a sync that failed
///   once is never tried again. After a restart none, some or all of them may be there, but those
///   that are are the first ones.
/// - What was acknowledged is read back, in order. A tail that was cut off by a crash is dropped and
///   reported; damage before the tail is an error that says where.
/// - One process at a time: an implementation refuses a second one.
pub trait Journal: Send {
    /// The position of the last entry; 0 where there is none.
    fn position(&self) -> u64;

    /// Appends a batch and waits until it is durable.
    ///
    /// # Errors
    /// The batch does not follow on the last entry, or it could not be made durable.
    fn append(&mut self, batch: Batch<'_>) -> Result<(), Error>;

    /// Reads entries from a position on, in order, until `visit` says so or the last one is read.
    ///
    /// # Errors
    /// The journal could not be read, an entry is damaged or names what the snapshot does not know, or
    /// `visit` failed.
    fn read_from(&self, position: u64, snapshot: &Snapshot, visit: Visit<'_>) -> Result<(), Error>;
}

/// Takes one entry that was read.
pub type Visit<'a> = &'a mut dyn FnMut(Arc<Entry>) -> Result<(), Error>;

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
