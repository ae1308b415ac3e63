//! All tests of the built house in one binary: linked once.
#![allow(missing_docs, unreachable_pub, unused_mut, clippy::all, reason = "tests are read by us alone")]

#[path = "../reference/mod.rs"]
mod reference;

mod differential;
mod support;
mod worlds;
