//! What the rows of an account come to, day by day: worked out once, when it is first asked for (`running.rs`).

use super::stock_rows::Supply;
use crate::model::{Day, Quantity, quantity::Priced};
use std::sync::OnceLock;

/// What the supplies of an account come to, row by row.
#[derive(Clone, Debug)]
pub struct SupplySums {
    /// Those that never count; they stand before all others.
    pub(super) n_uncounted: usize,
    pub(super) rows: Box<[SupplySum]>,
    /// What those with a cost of their own are worth, where there is one.
    pub(super) priced: Option<Box<[Priced]>>,
}

/// The counted supplies of an account up to one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct SupplySum {
    pub(super) day: Day,
    pub(super) sum: Quantity,
    /// The most that they came to so far: what is less than nothing takes of what comes later.
    pub(super) most: Quantity,
}

/// What the demands of an account come to, each as it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct DemandSums {
    /// Safety stock, by each day on which it changes.
    pub(super) safety: OnceLock<Box<[(Day, Quantity)]>>,
    /// The positions of the largest so far, largest first, by each day on which they change.
    pub(super) largest: OnceLock<Box<[LargestSince]>>,
    /// The positions of all, by index.
    pub(super) places: OnceLock<Box<[u32]>>,
}

/// The positions of the largest from a day on.
pub(super) type LargestSince = (Day, Vec<usize>);

impl SupplySum {
    pub(super) const NONE: Self =
        Self { day: Day::ZERO, sum: Quantity::ZERO, most: Quantity::ZERO };
}

impl SupplySums {
    /// Of so many rows, some of which may have a cost of their own.
    pub(super) fn new<I: Iterator<Item = Supply>>(
        n_rows: usize,
        rows: impl Fn() -> I,
        have_costs: bool,
    ) -> Self {
        let counted = || rows().filter_map(|row| Some((row.day?, row)));
        let mut last = SupplySum::NONE;
        let sums = counted().map(|(day, row)| {
            let sum = last.sum + row.quantity;
            last = SupplySum { day, sum, most: last.most.max(sum) };
            last
        });
        let sums: Box<[SupplySum]> = sums.collect();
        let mut priced = Priced::default();
        let worth = counted().map(|(_, row)| {
            priced.add_where_known(row.quantity, row.unit_cost);
            priced
        });
        let priced = have_costs.then(|| worth.collect());
        Self { n_uncounted: n_rows - sums.len(), rows: sums, priced }
    }

    pub(super) fn n_until(&self, day: Day) -> usize {
        self.rows.partition_point(|row| row.day <= day)
    }
}
