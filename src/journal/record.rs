//! One entry as it was read: bytes that are decoded when somebody wants them.
//!
//! Which snapshot an entry's names are looked up in is for the reader to say, and may change on the way.

use super::{chain::Chain, codec, error::Error};
use crate::{
    ledger::{Entry, RequestStamp, SourcePosition, Stamp},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// One entry that was read, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub enum RawEntry<'a> {
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
pub struct EntryHead {
    /// The version of the bytes.
    pub version: u8,
    /// Its place in the order of all entries.
    pub position: u64,
    /// The entries before it.
    pub before: Chain,
    /// When it happened, in microseconds since 1970 UTC.
    pub at: i64,
    /// Under which leader; 0 where there is one process.
    pub epoch: u64,
    /// The command that it answers.
    pub request: Option<RequestStamp>,
    /// The principal that sent the command.
    pub by: Option<Arc<str>>,
    /// The record of a source that the command was made of.
    pub source: Option<SourcePosition>,
    /// What kind of fact follows, in a word.
    pub kind: &'static str,
}

impl EntryHead {
    /// Whether it was written before entries said what was told and what stands before them.
    pub fn is_first_version(&self) -> bool {
        self.version == codec::VERSION_FIRST
    }
}

impl RawEntry<'_> {
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
    pub fn head(&self) -> Result<EntryHead, Error> {
        match self {
            Self::Kept(entry) => {
                let Stamp { at, epoch, request, by, source } = entry.stamp.clone();
                let (version, before, kind) = (codec::VERSION, Chain::BEGIN, entry.fact.kind());
                let position = entry.position;
                Ok(EntryHead { version, position, before, at, epoch, request, by, source, kind })
            }
            Self::Bytes { position, bytes } => {
                codec::head(bytes).map_err(|fault| Error::Damaged { position: *position, fault })
            }
        }
    }
}
