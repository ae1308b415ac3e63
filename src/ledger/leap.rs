//! By how much engine time followed the clock on the wall (`leaping.rs` moves what moves with it).

/// By how much engine time followed the clock on the wall, and what moves with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leap {
    /// Microseconds, forward.
    pub by: i64,
    /// Ids of requests of entries from this position on are as much younger; 0 for all.
    pub from_position: u64,
    /// Holds from this number on end as much later; 0 for all.
    pub from_number: u64,
}
