//! One row of what comes to, or is wanted of, a stock account.

use super::{
    index::{ClassIx, CustomerIx, DemandIx, SupplierIx, SupplyIx},
    kinds::{DemandKind, SupplyKind},
};
use crate::model::{Day, Money, Quantity};

/// One scheduled supply, or a lot on hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// Its id; none for stock on hand.
    pub supply: Option<SupplyIx>,
    /// What it is.
    pub kind: SupplyKind,
    /// The day on which it counts, past due ones where the rule puts them; none where it does not count.
    pub day: Option<Day>,
    /// Its date in the table; day 0 for a lot on hand, long before it for one that does not count.
    pub due: Day,
    /// How much.
    pub quantity: Quantity,
    /// Cost of one, where it has its own.
    pub unit_cost: Option<Money>,
    /// From whom.
    pub supplier: Option<SupplierIx>,
}

/// One demand of the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Its id: order and line, as in the order stream.
    pub demand: DemandIx,
    /// What it is.
    pub kind: DemandKind,
    /// The day on which it counts; none where it does not count.
    pub day: Option<Day>,
    /// Its date in the table.
    pub due: Day,
    /// How much; for safety stock the change of level on that day.
    pub quantity: Quantity,
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// Its own demand class or its customer's.
    pub class: Option<ClassIx>,
    /// 1 is the most important; none comes last.
    pub priority: Option<i32>,
    /// Its revision at the source.
    pub revision: i32,
}
