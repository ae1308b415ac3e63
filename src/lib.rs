//! Promised: in-memory order promising. Available-, capable- and profitable-to-promise.
//!
//! Modules in reading order; a module uses only those above it (`tests/tidy.rs` checks that).
//! ARCHITECTURE.md tells the one idea: every promise is a list of postings on accounts.

pub mod limits;
pub mod model;
pub mod snapshot;
pub mod change;
pub mod ledger;
pub mod promising;
pub mod compare;
pub mod backlog;
pub mod insight;
pub mod loader;
pub mod journal;
pub mod engine;
pub mod rpc;
pub mod cli;
