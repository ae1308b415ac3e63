//! What can go wrong with a journal.

use crate::snapshot::Adopted;
use std::{fmt, io::ErrorKind};

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
        fault: Malformed,
    },
    /// Entries in the middle are not there.
    #[error("entries {from} to {} are missing", .found - 1)]
    Gap {
        /// The first that is missing.
        from: u64,
        /// The next that is there.
        found: u64,
    },
    /// Entries at the end are not there although they were acknowledged.
    #[error("entries {} to {acknowledged} were acknowledged and are gone", .position + 1)]
    Lost {
        /// The last that is there.
        position: u64,
        /// The last that was acknowledged.
        acknowledged: u64,
    },
    /// A checkpoint cannot be read.
    #[error("the checkpoint at entry {position} cannot be read: {fault}")]
    Checkpoint {
        /// The entry after which it was made.
        position: u64,
        /// What is wrong with it.
        fault: Malformed,
    },
    /// The store's own structure is damaged.
    #[error("the journal's store is damaged: {why}")]
    Broken {
        /// In the store's words.
        why: String,
    },
    /// The store cannot be opened at all, so nothing in it can be read.
    #[error("the journal's store cannot be opened, and nothing in it can be read: {why}")]
    Unopenable {
        /// In the store's words.
        why: String,
    },
    /// Another process uses the data directory.
    #[error("{dir} is in use by another server{holder}")]
    Locked {
        /// The directory.
        dir: String,
        /// Which one, as " (process 4711)", where it is known.
        holder: String,
    },
    /// The machine says no: no space, no permission, a broken disk.
    #[error("cannot {doing}: {source}")]
    Storage {
        /// What was tried.
        doing: String,
        /// What came of it.
        source: std::io::Error,
    },
    /// Another node leads: what was to be appended is not there. The journal goes on as a follower's.
    #[error("another node leads")]
    Deposed {
        /// Whether it may be there after all: another node went on before anybody could look.
        is_unknown: bool,
    },
    /// The visitor has seen what it wanted; not a fault.
    #[error("enough was read")]
    Enough,
}

impl Error {
    /// A failure of the machine while something was tried.
    pub fn storage(doing: impl Into<String>, source: std::io::Error) -> Self {
        Self::Storage { doing: doing.into(), source }
    }

    /// What a person can do about it, as a sentence without a full stop.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::OutOfOrder { .. } | Self::Enough => "report this: it is a fault of this program",
            Self::Deposed { .. } => "ask the node that leads",
            Self::Damaged { fault: Malformed::Unknown { .. }, .. } => {
                "start with the snapshot that the promises were made against"
            }
            Self::Damaged { fault: Malformed::Version(_) | Malformed::Rules(_), .. } => {
                "start the version of promised that wrote the journal"
            }
            Self::Damaged { .. }
            | Self::Gap { .. }
            | Self::Lost { .. }
            | Self::Checkpoint { .. }
            | Self::Broken { .. } => {
                "copy the data directory to a safe place, then look with `promised journal check DIR` and mend with `promised journal repair DIR`"
            }
            Self::Unopenable { .. } => {
                "bring the data directory back from a copy: `journal repair` mends entries and checkpoints of a store that opens, not the store's own pages (damage and a kill together may cost those)"
            }
            Self::Locked { .. } => "stop the other server, or take another directory with --data",
            Self::Storage { source, .. } => mend_of(source.kind()),
        }
    }
}

fn mend_of(kind: ErrorKind) -> &'static str {
    if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        "make room on the disk and start again: what was answered as promised is kept"
    } else if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        "take a directory that this user may write to with --data"
    } else {
        "look at the disk, then start again: what was answered as promised is kept"
    }
}

/// Why bytes are not an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
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
    /// A checkpoint's state is not the one that its digest was taken of.
    Digest,
    /// It does not follow on the entry before it: that one is of another history.
    Chain,
    /// A part of a checkpoint is missing.
    NoPart(u32),
    /// They were written by a version that this program does not read.
    Version(u8),
    /// Rules hold from it on that this program does not go by.
    Rules(u32),
    /// The snapshot does not know a name.
    Unknown {
        /// What kind of thing it names.
        kind: &'static str,
        /// The name.
        name: String,
        /// What it would have to adopt to know it, and those behind it as far as they could be read.
        adopted: Box<Adopted>,
    },
}

impl Malformed {
    /// The first of two faults, if the one before is of names that the snapshot does not know: with those of the other.
    pub(super) fn behind(self, before: Option<Self>) -> Self {
        match (before, self) {
            (Some(Self::Unknown { kind, name, mut adopted }), after) => {
                if let Self::Unknown { adopted: more, .. } = &after {
                    adopted.extend(more);
                }
                Self::Unknown { kind, name, adopted }
            }
            (Some(before), _) => before,
            (None, after) => after,
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { offset } => write!(f, "it ends at byte {offset}"),
            Self::TooLong { offset } => write!(f, "it goes on after byte {offset}"),
            Self::Invalid { offset, expected } => write!(f, "no {expected} at byte {offset}"),
            Self::Digest => f.write_str("its state has another digest than the one it names"),
            Self::Chain => f.write_str("it does not follow on the entry before it"),
            Self::NoPart(part) => write!(f, "part {part} of it is missing"),
            Self::CheckSum => f.write_str("its check sum does not match"),
            Self::Version(version) => write!(f, "it is of version {version}"),
            Self::Rules(rules) => write!(f, "version {rules} of the rules holds"),
            Self::Unknown { kind, name, .. } => write!(f, "the snapshot has no {kind} {name:?}"),
        }
    }
}
