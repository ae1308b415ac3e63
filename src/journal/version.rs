//! The versions of an entry's bytes.

/// The version that is written; older ones stay readable.
pub(super) const VERSION: u8 = 2;

/// The first version: without principal, source, epoch, chain, what else changed and what was told.
pub(super) const VERSION_FIRST: u8 = 1;
