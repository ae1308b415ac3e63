//! Scarce supply among demand classes: what a class may have of a stock account (semantics 7).
//!
//! The rules are data of the snapshot ([`crate::snapshot::allocation_rule`]); what they mean is told here and nowhere
//! else. A rule splits a stock account into parts, accounts of their own: a node for the share of each class, counters
//! for caps and for what is protected, and a note of what a class has seen. Whoever asks brings the profiles ([`Profiles`]),
//! so one question serves a world and what is tried over it.
//!
//! The verbs, each in a file of its name: what is to be [`seen`], to [`draw()`] on nodes, to [`complete`] postings
//! (invariant A1), to [`count()`] a leg, to [`shift()`] between nodes. The order in which nodes are drawn on is
//! `stealing.rs`'s; `protect.rs`, `cap.rs` and `remaining.rs` have a kind of rule each; what parts have before any promise is
//! worked out in `opening.rs`.

pub mod stealing;
mod division;
mod lots;
pub mod history;
pub mod count;
pub mod cap;
pub mod protect;
pub mod remaining;
mod opening;
mod account;
mod complete;
pub mod forecast;
mod seen;
pub mod draw;
pub mod shift;

pub use account::{announced, is_of_goods, node, node_of};
pub use complete::{complete, is_divided, with_root};
pub use count::{count, is_only_counted};
pub use draw::{Drawn, available, draw, more_time_never_hurts};
pub use forecast::consumption;
pub use history::{History, history};
pub use opening::{profile, stock};
pub use seen::seen;
pub use shift::shift;

use crate::{
    model::{StockAccount, StockRef},
    snapshot::Snapshot,
};
use std::ops::Range;

/// Whoever knows the profiles of accounts: a world, or what is tried over one.
pub trait Profiles {
    /// The planning data below.
    fn snapshot(&self) -> &Snapshot;

    /// The profile of a stock account, or of a part of one, as it is now.
    fn stock(&self, account: StockAccount) -> StockRef<'_>;

    /// The profiles of those of a run of accounts that differ from what the snapshot has: looked up together, for whoever
    /// walks many of which few have changed.
    fn changed_among<'a>(
        &'a self,
        accounts: &Range<u64>,
    ) -> impl Fn(StockAccount) -> Option<StockRef<'a>>;
}
