//! The durable order of entries.
//!
//! A [`Journal`] keeps what the ledger committed, in order, and gives it back after a crash. It knows
//! [`Entry`](crate::ledger::Entry) and nothing else of us: not what an entry means, and not who waits for it. Entries are
//! facts, so what is read back needs no planning code. Names, not indices, are what is written
//! ([`codec`]): the bytes outlive the snapshot they were made against.
//!
//! Beside the entries it keeps checkpoints: the state after some entry, in parts, so that a restart
//! reads the newest one and the entries after it, and old entries can go.
//!
//! One thread writes ([`Journal`]); any number read meanwhile ([`Reader`]). Start at these two.

mod error;
mod chain;
mod wire;
mod version;
mod head;
mod symbols;
mod reservation;
mod changes;
mod past;
mod noted;
mod told;
mod activated;
mod reached;
mod folded;
mod fact;
pub mod codec;
mod record;
mod batch;
mod divided;
mod framed;
pub mod checkpoint;
pub mod frames;
pub mod local;
pub mod memory;
pub mod shared;
pub mod etcd;

pub use batch::Batch;
pub use chain::Chain;
pub use error::{Error, Malformed};
pub use framed::Framed;
pub use head::EntryHead;
pub use local::Local;
pub use memory::Memory;
pub use record::RawEntry;

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
/// - A checkpoint that is sealed is durable with all its parts; one that is not is as if it had never been.
/// - One process at a time: an implementation refuses a second one.
pub trait Journal: Send {
    /// The position of the last entry; 0 where there is none.
    fn position(&self) -> u64;

    /// Appends a batch and waits until it is durable.
    ///
    /// # Errors
    /// The batch does not follow on the last entry, or it could not be made durable.
    fn append(&mut self, batch: Batch<'_>) -> Result<(), Error>;

    /// Makes sure that what is appended next, so many bytes in all, has its room, whatever becomes of the disk.
    /// False where there is none: then nothing may be appended until there is.
    ///
    /// # Errors
    /// The machine says no.
    fn make_room(&mut self, _bytes: u64) -> Result<bool, Error> {
        Ok(true)
    }

    /// Looks whether what was appended will be found again: an error where the journal has lost its place.
    ///
    /// # Errors
    /// It is gone from there.
    fn look(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether others who have the same entries compare what they have with the state after this one. It is asked once for
    /// each state that is published, in order.
    fn is_mark(&self, _position: u64) -> bool {
        false
    }

    /// Keeps a part of a checkpoint of the state after an entry; it counts once the checkpoint is sealed.
    ///
    /// # Errors
    /// It could not be written.
    fn put_part(&mut self, checkpoint: u64, part: u32, bytes: &[u8]) -> Result<(), Error>;

    /// Makes a checkpoint of so many parts durable, and forgets all but the newest two.
    ///
    /// # Errors
    /// It could not be made durable.
    fn seal(&mut self, checkpoint: u64, n_parts: u32) -> Result<(), Error>;

    /// Forgets entries before a position. Those after the older of the two checkpoints stay, whatever is
    /// asked for, and some more may.
    ///
    /// # Errors
    /// The change could not be written.
    fn forget_before(&mut self, position: u64) -> Result<(), Error>;

    /// A handle that reads, on any thread, while entries are appended.
    fn reader(&self) -> Arc<dyn Reader>;
}

/// A journal that is a copy of an order that is kept elsewhere too.
pub trait Copied: Journal {
    /// All entries up to the last one.
    fn chain(&self) -> Chain;

    /// Appends entries as they are. They are durable after the next [`Copied::sync`], or with whatever else is; until
    /// then a crash may take the last ones away.
    ///
    /// # Errors
    /// They do not follow on what is there, or could not be written.
    fn copy(&mut self, entries: &Framed) -> Result<(), Error>;

    /// Makes all durable that was appended.
    ///
    /// # Errors
    /// It could not be made durable; the journal is used no more.
    fn sync(&mut self) -> Result<(), Error>;
}

/// Reads a journal while it is written.
pub trait Reader: Send + Sync {
    /// The position of the oldest entry that is still kept; one after the last where there is none.
    ///
    /// # Errors
    /// The journal could not be read.
    fn first(&self) -> Result<u64, Error>;

    /// Reads entries from a position on, in order, until `visit` fails or the last one is read.
    ///
    /// # Errors
    /// The journal could not be read, an entry is missing or damaged, or `visit` failed.
    fn read_from(&self, position: u64, visit: Visit<'_>) -> Result<(), Error>;

    /// The sealed checkpoints, newest first, at most two.
    ///
    /// # Errors
    /// The journal could not be read.
    fn checkpoints(&self) -> Result<Vec<u64>, Error>;

    /// Reads the parts of a sealed checkpoint, in order.
    ///
    /// # Errors
    /// The journal could not be read, a part is missing, or `visit` failed.
    fn read_parts(&self, checkpoint: u64, visit: VisitPart<'_>) -> Result<(), Error>;
}

/// Takes one entry that was read. [`Error::Enough`] ends the reading early.
pub type Visit<'a> = &'a mut dyn FnMut(RawEntry<'_>) -> Result<(), Error>;

/// Takes one part of a checkpoint.
pub type VisitPart<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Error>;

/// The end of a reading: [`Error::Enough`] is one that was wanted.
fn until_enough(read: Result<(), Error>) -> Result<(), Error> {
    match read {
        Err(Error::Enough) => Ok(()),
        read => read,
    }
}
