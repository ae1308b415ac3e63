//! What the journal's thread is asked to do.

use super::pending::Pending;
use crate::ledger::{Entry, World};
use std::sync::Arc;

/// What the journal's thread is asked to do.
pub(super) enum JournalJob {
    Group(CommitGroup),
    /// A part of a checkpoint.
    Part {
        checkpoint: u64,
        part: u32,
        bytes: Vec<u8>,
    },
    /// The checkpoint is complete; entries before a position may go.
    Seal {
        checkpoint: u64,
        n_parts: u32,
        forget_before: u64,
    },
    /// The checkpoint could not be made.
    GiveUp,
    /// There is no more to come.
    Close,
}

/// What becomes durable, visible and answered together.
pub(super) struct CommitGroup {
    pub(super) entries: Vec<Arc<Entry>>,
    /// The world after them; its snapshot is what the entries are written with.
    pub(super) world: Arc<World>,
    pub(super) pending: Vec<Pending>,
    pub(super) kind: Provenance,
}

/// How its entries came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Provenance {
    /// This node made them.
    Made,
    /// Another node made them, and they are in the journal.
    Followed,
    /// There are none: this node leads no more, and what was handed over before was not done.
    SteppedDown,
}
