//! One entry as it was read: bytes that are decoded when somebody wants them.
//!
//! Which snapshot an entry's names are looked up in is for the reader to say, and may change on the way.

use super::{codec, error::Error};
use crate::{
    ledger::{Entry, RequestStamp},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// One entry that was read, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// It never was bytes.
    Kept(&'a Arc<Entry>),
    /// As it was written.
    Bytes {
        /// Its position.
        position: u64,
        /// The entry, its check sum included.
        bytes: &'a [u8],
    },
}

/// What an entry says of itself before it says what happened: readable without any snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its place in the order of all entries.
    pub position: u64,
    /// When it happened, in microseconds since 1970 UTC.
    pub at: i64,
    /// The command that it answers.
    pub request: Option<RequestStamp>,
    /// What kind of fact follows, in a word.
    pub kind: &'static str,
}

impl Record<'_> {
    /// The entry's position.
    pub fn position(&self) -> u64 {
        match self {
            Self::Kept(entry) => entry.position,
            Self::Bytes { position, .. } => *position,
        }
    }

    /// The entry, its names looked up in a snapshot.
    ///
    /// # Errors
    /// It is damaged, or names what the snapshot does not know.
    pub fn entry(&self, snapshot: &Snapshot) -> Result<Arc<Entry>, Error> {
        match self {
            Self::Kept(entry) => Ok(Arc::clone(entry)),
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

    /// What it says of itself.
    ///
    /// # Errors
    /// It is damaged.
    pub fn head(&self) -> Result<Head, Error> {
        match self {
            Self::Kept(entry) => Ok(Head {
                position: entry.position,
                at: entry.stamp.at,
                request: entry.stamp.request.clone(),
                kind: entry.fact.kind(),
            }),
            Self::Bytes { position, bytes } => {
                codec::head(bytes).map_err(|fault| Error::Damaged { position: *position, fault })
            }
        }
    }
}
