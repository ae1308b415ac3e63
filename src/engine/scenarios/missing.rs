//! Why there is no such scenario, or why something cannot be done to it.

use crate::{change::Fault, limits::SCENARIOS_MAX};

/// Why there is no such scenario, or why that cannot be done to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Nobody made it.
    #[error("there is no such scenario; List names those there are")]
    Unknown,
    /// It was discarded, or it ended with the process that it was made in.
    #[error("it is gone: it was discarded, or the server was started anew; create it again")]
    Ended,
    /// Its time is over.
    #[error("it has expired; create it again")]
    Expired,
    /// There are as many as there may be.
    #[error("there are {SCENARIOS_MAX} scenarios, as many as there may be; discard some")]
    TooMany,
    /// Together they would hold more memory than they may.
    #[error(
        "all scenarios together would hold {would_hold} bytes beyond live, and {at_most} is what they may; \
         discard some, or serve with a larger --scenario-memory"
    )]
    TooLarge {
        /// Bytes that they would hold.
        would_hold: u64,
        /// Bytes that they may hold.
        at_most: u64,
    },
    /// It was applied at this position, and is final.
    #[error("it was applied at position {0} and is final; create another one")]
    Applied(u64),
    /// Somebody else changed or applied it meanwhile.
    #[error("it was changed or applied by another call meanwhile; look at it, and try again")]
    Busy,
    /// It is not any more what the caller has seen.
    #[error("it was changed since; look at it, and apply it with the etag that it has now")]
    Changed,
    /// Its changes cannot be made.
    #[error("{} of its changes cannot be made", .0.len())]
    Unmakable(Vec<Fault>),
    /// The journal does not have this position, or does not keep it any more.
    #[error("the journal keeps positions {first} to {last}; another one cannot be had")]
    NotKept {
        /// The first one that it keeps.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// The snapshot that served at that position is not kept any more.
    #[error("the snapshot {0:?} that served at that position is not kept any more")]
    NoSnapshot(String),
    /// Nothing was applied by the entry at this position.
    #[error("no scenario and no run was applied at position {0}; its answer named another one")]
    NotApplied(u64),
    /// It has orders of its own, so it cannot be done again on another world.
    #[error("orders were added or changed in it, so it cannot be done again; create another one")]
    HasOrders,
}
