//! Accounts and postings: all that a promise ever writes down (semantics 3).

use crate::model::{quantity::Quantity, time::Day};

/// Anything that can be promised: an item at a location, a resource, a supplier, a warehouse's day.
///
/// Accounts are numbered densely by the snapshot; stock of an item at a location that no table
/// mentions has a number too, past the dense ones, so that anything can be posted anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountIx(pub u64);

/// Takes a quantity from an account on a day (negative) or gives one (positive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// Where.
    pub account: AccountIx,
    /// When.
    pub day: Day,
    /// How much; hours where the account is a resource.
    pub quantity: Quantity,
    /// Which of the promise's planned supplies it belongs to, by number from 1; 0 where the promise itself
    /// takes it.
    pub planned: u32,
}
