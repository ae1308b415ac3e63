//! What can go wrong with a journal.

use std::fmt;

/// Why a journal could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A batch does not follow on the last entry, or an entry on the one before it.
    #[error("position {expected} was expected, {found} found")]
    OutOfOrder {
        /// The position that should be there.
        expected: u64,
        /// The one that is.
        found: u64,
    },
    /// An entry cannot be read.
    #[error("entry {position} cannot be read: {fault}")]
    Damaged {
        /// Its position.
        position: u64,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The storage below failed.
    #[error("the journal's storage failed")]
    Storage(#[source] std::io::Error),
}

/// Why bytes are not an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They end too early.
    Truncated {
        /// The offset at which more was expected.
        offset: usize,
    },
    /// They go on after the entry's end.
    TooLong {
        /// The offset at which the entry ends.
        offset: usize,
    },
    /// A tag or a number is none that this version knows.
    Invalid {
        /// The offset.
        offset: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// The check sum does not match.
    CheckSum,
    /// They were written by a version that this program does not read.
    Version(u8),
    /// The snapshot does not know a name.
    Unknown {
        /// What kind of thing it names.
        kind: &'static str,
        /// The name.
        name: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { offset } => write!(f, "it ends at byte {offset}"),
            Self::TooLong { offset } => write!(f, "it goes on after byte {offset}"),
            Self::Invalid { offset, expected } => write!(f, "no {expected} at byte {offset}"),
            Self::CheckSum => f.write_str("its check sum does not match"),
            Self::Version(version) => write!(f, "it is of version {version}"),
            Self::Unknown { kind, name } => write!(f, "the snapshot has no {kind} {name:?}"),
        }
    }
}
