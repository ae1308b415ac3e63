//! One period of a forecast (`forecast.rs`).

use super::index::{ClassIx, CustomerIx};
use crate::model::{Day, Quantity};

/// One period of a forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// For this class and those under it; none: for all.
    pub class: Option<ClassIx>,
    /// For this customer alone; none: for all.
    pub customer: Option<CustomerIx>,
    /// The first ship day of the period.
    pub from: Day,
    /// The day after its last.
    pub end: Day,
    /// The day on which its demand counts.
    pub day: Day,
    /// How much is expected; nothing where it does not count.
    pub forecast: Quantity,
    /// What the snapshot's sales orders of the period want of it, be it more.
    pub ordered: Quantity,
}

impl Bucket {
    /// What is left of it when so much of it is promised besides.
    pub fn rest(&self, promised: Quantity) -> Quantity {
        (self.forecast - self.ordered - promised).max(Quantity::ZERO)
    }

    pub(super) fn holds(&self, ship: Day) -> bool {
        self.from <= ship && ship < self.end
    }
}
