//! One entry as it was read: bytes that are decoded when somebody wants them.
//!
//! Which snapshot an entry's names are looked up in is for the reader to say, and may change on the way.

use super::{
    chain::Chain,
    codec,
    error::{Error, Malformed},
    head::EntryHead,
    version::VERSION,
};
use crate::{
    ledger::{Entry, Stamp},
    snapshot::{Adopted, Snapshot},
};
use std::sync::Arc;

/// One entry that was read, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub enum RawEntry<'a> {
    /// It never was bytes.
    InMemory {
        /// The entry.
        entry: &'a Arc<Entry>,
        /// What its indices and days mean.
        names: &'a Arc<Snapshot>,
    },
    /// As it was written.
    Bytes {
        /// Its position.
        position: u64,
        /// The entry, its check sum included.
        bytes: &'a [u8],
    },
}

impl RawEntry<'_> {
    /// The entry's position.
    pub fn position(&self) -> u64 {
        match self {
            Self::InMemory { entry, .. } => entry.position,
            Self::Bytes { position, .. } => *position,
        }
    }

    /// The entry, its names looked up in the snapshot that served at its position.
    ///
    /// # Errors
    /// It is damaged, or names what the snapshot does not know.
    pub fn entry(&self, snapshot: &Snapshot) -> Result<Arc<Entry>, Error> {
        match self {
            Self::InMemory { entry, .. } => Ok(Arc::clone(entry)),
            Self::Bytes { position, bytes } => {
                let entry = codec::decode(bytes, snapshot);
                let entry = entry.map_err(|fault| Error::Damaged { position: *position, fault })?;
                if entry.position == *position {
                    Ok(Arc::new(entry))
                } else {
                    Err(Error::OutOfOrder { expected: *position, found: entry.position })
                }
            }
        }
    }

    /// The entry, and the snapshot whose indices it has: its own where it never was bytes, else the one given, or, where that
    /// has lost names of then, a copy that has adopted them.
    ///
    /// # Errors
    /// It is damaged.
    pub fn entry_by_names(
        &self,
        snapshot: &Arc<Snapshot>,
    ) -> Result<(Arc<Entry>, Arc<Snapshot>), Error> {
        if let Self::InMemory { entry, names } = self {
            return Ok((Arc::clone(entry), Arc::clone(names)));
        }
        let (mut known, mut all) = (Arc::clone(snapshot), Adopted::default());
        loop {
            match self.entry(&known) {
                Err(Error::Damaged { position, fault }) => {
                    let before = all.clone();
                    if let Malformed::Unknown { adopted, .. } = &fault {
                        all.extend(adopted);
                    }
                    if all == before {
                        return Err(Error::Damaged { position, fault });
                    }
                    // From the beginning: an account's number depends on all names that are adopted.
                    let mut next = (**snapshot).clone();
                    next.adopt(&all);
                    known = Arc::new(next);
                }
                read => return Ok((read?, known)),
            }
        }
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// It is damaged.
    pub fn head(&self) -> Result<EntryHead, Error> {
        match self {
            Self::InMemory { entry, .. } => {
                let Stamp { at, epoch, request, by, source } = entry.stamp.clone();
                let (version, before, kind) = (VERSION, Chain::BEGIN, entry.fact.kind());
                let position = entry.position;
                Ok(EntryHead { version, position, before, at, epoch, request, by, source, kind })
            }
            Self::Bytes { position, bytes } => {
                codec::head(bytes).map_err(|fault| Error::Damaged { position: *position, fault })
            }
        }
    }
}
