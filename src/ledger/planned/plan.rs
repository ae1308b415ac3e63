//! A work order, a purchase or a transfer that a promise has planned.

use crate::model::{Day, Posting, Quantity};

/// How a supply comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlannedKind {
    /// By a work order.
    Made,
    /// By a purchase.
    Bought,
    /// By a transfer.
    Moved,
    /// By a shipment that was taken back after it had been counted.
    Returned,
}

/// A work order, a purchase or a transfer that a promise has planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The number that its postings have, from 1.
    pub number: u32,
    /// How it comes to be.
    pub kind: PlannedKind,
    /// The one of the same promise that it was planned for; 0 where that is the promise itself.
    pub parent: u32,
    /// The day of its first operation, order or departure.
    pub begins: Day,
    /// How much of it that takes which it was planned for.
    pub used: Quantity,
    /// Since when it counts as done, in microseconds since 1970 UTC: goods of it have shipped.
    pub shipped: Option<i64>,
    /// How much of it the source's own supply has taken the place of.
    pub taken: Quantity,
    /// The watermark of the snapshot that began to, in microseconds since 1970 UTC; `i64::MIN` where none has.
    pub taken_since: i64,
}

impl Planned {
    /// One that nothing has taken anything of yet.
    pub fn new(number: u32, kind: PlannedKind, begins: Day) -> Self {
        Self {
            number,
            kind,
            parent: 0,
            begins,
            used: Quantity::ZERO,
            shipped: None,
            taken: Quantity::ZERO,
            taken_since: i64::MIN,
        }
    }

    /// Whether it had begun before today.
    pub(super) fn has_begun(&self) -> bool {
        self.begins < Day::ZERO
    }
}

/// What a planned supply gives, if it gives anything now.
pub(in crate::ledger) fn given(postings: &[Posting], number: u32) -> Option<Posting> {
    let gives = |posting: &&Posting| posting.planned == number && Quantity::ZERO < posting.quantity;
    postings.iter().find(gives).copied()
}
