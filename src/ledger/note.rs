//! What others wait to hear of though no command caused it, and who has seen what.
//!
//! The ledger does nothing with a [`Note`]: it has a position, so that whoever follows the entries hears of
//! it once and in order, also after a restart.

use jiff::civil::Date;
use std::{collections::BTreeMap, sync::Arc};

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
    /// A late promise could be there on an earlier date by now.
    SoonerPossible {
        /// The promise.
        number: u64,
        /// The date; of the type that was asked for.
        date: Date,
    },
    /// One that could be sooner cannot be any more.
    SoonerNoMore {
        /// The promise.
        number: u64,
    },
    /// A snapshot that came is held in quarantine.
    Quarantined {
        /// The snapshot.
        snapshot_id: Arc<str>,
        /// Why.
        why: Arc<str>,
    },
    /// A self-check has found a balance that is not what the promises say.
    Diverged {
        /// The account.
        account: Arc<str>,
        /// What is wrong.
        why: Arc<str>,
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
    /// What the server does by itself has come so far: whoever leads next goes on there.
    Cursor {
        /// What it does, such as `webhook shop`.
        of: Arc<str>,
        /// How far it has come, in its own words.
        at: Arc<str>,
    },
}

/// How far what the server does by itself has come, by what it is.
pub type Cursors = BTreeMap<Arc<str>, Arc<str>>;

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
