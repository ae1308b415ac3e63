//! What Promised computes: the world as a value, promising on it, its changes. No I/O, no clock, no float, no hash order.
//!
//! Modules in reading order; a module uses only those above it (`tests/tidy.rs` checks that). A package of its own, so
//! that its users are compiled without it; `promised` passes all of it on under its own name.

pub mod limits;
pub mod model;
pub mod snapshot;
pub mod allocation;
pub mod change;
pub mod ledger;
pub mod promising;
pub mod compare;
pub mod backlog;
pub mod insight;
