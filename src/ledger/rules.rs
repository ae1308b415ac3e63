//! Which version of the rules holds, and what a later version means for promises made under an earlier one.
//!
//! Entries are facts, so older ones are applied as they say, whatever the rules are by now. Where a program
//! with later rules goes on from them, it says so once, by an entry of its own, with the promises that count
//! on something that the later rules do not see there.

/// The version of the rules that this program goes by.
pub const RULES: u32 = 2;

/// The version of the rules of journals that name none.
pub const RULES_FIRST: u32 = 1;
