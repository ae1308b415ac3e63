//! What an entry says of itself before it says what happened.

use super::{chain::Chain, version::VERSION_FIRST};
use crate::ledger::{RequestStamp, SourcePosition};
use std::sync::Arc;

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
        self.version == VERSION_FIRST
    }
}
