//! What keeps Promised's worlds: files that are loaded, the journal that remembers, the engine with its one writer.
//!
//! Modules in reading order; a module uses only those above it (`tests/tidy.rs` checks that). A package of its own, so
//! that the border is compiled without it; `promised` passes all of it on under its own name.

#[doc(inline)]
pub use promised_core::{
    allocation, backlog, change, compare, insight, ledger, limits, model, promising, snapshot,
};

pub mod loader;
pub mod journal;
pub mod engine;
