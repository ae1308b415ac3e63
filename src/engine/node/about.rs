//! What a node is told of itself, and the clock that it goes by.

use crate::engine::clock::Stopwatch;
use std::{sync::LazyLock, time::Duration};

/// What a node is told of itself.
pub struct About {
    /// Where clients reach it.
    pub address: String,
    /// What it does by itself while it leads.
    pub duties: Vec<String>,
    /// Bytes that are free on the disk of its journal, and all of them.
    pub disk: Box<dyn Fn() -> (u64, u64) + Send + Sync>,
    /// Bytes that the order takes where it is kept, the largest copy.
    pub order_bytes: Box<dyn Fn() -> u64 + Send + Sync>,
    /// Has a member of the order's store that takes more than so many bytes give back what it does not use.
    pub tidy: Box<dyn Fn(u64) + Send + Sync>,
    /// Notes that what this node has is wrong from a position on: it gets all anew at its next start.
    pub disown: Box<dyn Fn(u64) + Send + Sync>,
    /// Whether this node has the files of a snapshot.
    pub holds: Box<dyn Fn(&str) -> bool + Send + Sync>,
    /// Gets them from another node; whether they came.
    pub fetch: Box<dyn Fn(&str) -> bool + Send + Sync>,
    /// Called when the node can go on no more: the process must end.
    pub on_end: Box<dyn Fn(String) + Send + Sync>,
}

/// What the steady clock shows to all of this process.
pub fn steady() -> Duration {
    static BEGAN: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);
    BEGAN.elapsed()
}
