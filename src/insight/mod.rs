//! What there is to know of a world: who takes what from where, what is at risk and why, how many and how much.
//!
//! Everything here is a pure function of a pinned world (and, where something runs out, of an instant). Nothing is
//! kept but what is quicker to keep than to look for anew: see [`takes::Takes`]. Start at [`account`].

pub mod matching;
pub mod takes;
pub mod account;
pub mod capacity;
pub mod chosen;
pub mod find;
pub mod figures;
pub mod pegging;
pub mod exceptions;
pub mod events;
pub mod thresholds;
