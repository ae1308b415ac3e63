//! What strangers send and do: issue 18, items 6 to 12. One file an item.

mod bombs;
mod broken_export;
mod connections;
mod full_disk;
mod heard;
mod kept;
pub mod raw;
mod tiers;
