//! What strangers send and do: issue 18, items 6 to 12. One file an item.

mod broken_export;
mod tiers;
