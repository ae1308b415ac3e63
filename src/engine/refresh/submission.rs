//! A snapshot that comes in, what is to become of it, and why it could not even be looked at.

use super::{super::Error as EngineError, CameBy, JumpLimits, Keep};
use crate::{ledger::reservation::Force, loader};
use std::{io, path::PathBuf};

/// How refreshes are done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RefreshSettings {
    /// From where on a jump is suspicious.
    pub quarantine: JumpLimits,
    /// How many accepted snapshots are kept to go back to.
    pub keep_snapshots: usize,
    /// How much is kept of what does not serve.
    pub keep: Keep,
}

impl Default for RefreshSettings {
    fn default() -> Self {
        Self { quarantine: JumpLimits::default(), keep_snapshots: 5, keep: Keep::default() }
    }
}

/// A snapshot that comes in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The directory of its tables.
    pub tables: PathBuf,
    /// Which way it came.
    pub way: CameBy,
    /// What to do with it.
    pub aim: Aim,
}

/// What to do with a snapshot that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Say what is wrong with it.
    Validate,
    /// Let it serve, unless it is suspicious.
    Activate,
    /// Let it serve although it is suspicious; one with errors cannot.
    Force(Force),
}

/// Why a snapshot could not even be looked at, or the swap was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The tables cannot be read.
    #[error(transparent)]
    Load(#[from] loader::Error),
    /// The store of snapshots or records failed.
    #[error("the store of snapshots failed: {0}")]
    Store(#[from] io::Error),
    /// Another snapshot of this id is kept, with other data.
    #[error(
        "a snapshot {0:?} with other data came in before; give this one a snapshot_id of its own"
    )]
    Taken(String),
    /// A snapshot that is kept is not any more what was accepted.
    #[error("{0}; push it anew under a snapshot_id of its own")]
    Altered(io::Error),
    /// There is no snapshot of this id to activate.
    #[error("there is no snapshot {0:?}; `promised push` brings one in")]
    Unknown(String),
    /// The engine refused the swap; the old snapshot goes on serving.
    #[error("the swap was refused: {0}")]
    Engine(#[from] EngineError),
}
