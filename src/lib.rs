//! Promised: in-memory order promising. Available-, capable- and profitable-to-promise.
//!
//! Modules in reading order; a module uses only those above it (`tests/tidy.rs` checks that). Those up to `insight`
//! compute and are the package `core`; those up to `engine` keep what was computed and are the package `keeping`; `rpc` answers
//! and is the package `serving`.
//! ARCHITECTURE.md tells the one idea: every promise is a list of postings on accounts.

#[doc(inline)]
pub use promised_serving::{
    allocation, backlog, change, compare, engine, insight, journal, ledger, limits, loader, model,
    promising, rpc, snapshot,
};

pub mod cli;
