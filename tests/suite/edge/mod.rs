//! The edge that strangers cannot break (issue 18, items 1 to 5): clocks, ids, stopping, long work, refreshes; where the
//! process itself is at stake, on the real binary.

mod clock;
mod clock_process;
mod ids;
mod incoming;
mod long;
pub mod process;
mod stopping;
