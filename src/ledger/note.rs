//! What others wait to hear of though no command caused it, and who has seen what.
//!
//! The ledger does nothing with a [`Note`]: it has a position, so that whoever follows the entries hears of
//! it once and in order, also after a restart.

use std::sync::Arc;

/// Something that came about by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A hold ends soon.
    HoldExpiring {
        /// The promise.
        number: u64,
        /// When it ends, in microseconds since 1970 UTC.
        until: i64,
    },
    /// A source was not heard of for too long.
    SourceStale {
        /// The source.
        source: Arc<str>,
        /// Up to when it is known, in microseconds since 1970 UTC.
        known_at: i64,
    },
    /// A source that was stale was heard of again.
    SourceFresh {
        /// The source.
        source: Arc<str>,
        /// Up to when it is known, in microseconds since 1970 UTC.
        known_at: i64,
    },
}

/// Somebody has seen an exception, or wants to hear of it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The exception's id.
    pub exception: Arc<str>,
    /// A person or a program.
    pub by: Arc<str>,
    /// In their own words.
    pub note: Arc<str>,
    /// Until when it is not to be told of, in microseconds since 1970 UTC; none where it was just seen.
    pub until: Option<i64>,
}
