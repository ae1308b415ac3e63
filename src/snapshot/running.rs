//! What the rows of an account come to, day by day, so that no question walks all that is open on a hot item.
//!
//! Accounts of many rows have running sums, worked out once, when they are first asked for; those of few rows are
//! walked. Both ways answer alike (tested below).

use super::{
    columns::{DemandColumns, SupplyColumns},
    entries::Rows,
    index::DemandIx,
    kinds::DemandKind,
    stock_rows::{Demand, Supply},
    sums::{DemandSums, LargestSince, SupplySum},
};
use crate::model::{Day, Quantity, quantity::Priced};
use std::cmp::Reverse;

/// So many of the largest demands are told.
const LARGEST: usize = 3;

impl<'a> Rows<'a, SupplyColumns> {
    /// All that counts by a day.
    pub fn sum_until(self, day: Day) -> Quantity {
        if let Some(sums) = self.running() {
            let last = sums.n_until(day).checked_sub(1);
            return last.map_or(Quantity::ZERO, |last| sums.rows[last].sum);
        }
        let counts = |row: &Supply| row.day.is_some_and(|on| on <= day);
        self.iter().filter(counts).map(|row| row.quantity).sum()
    }

    /// What those that count by a day are worth, as far as they have a cost of their own.
    pub fn priced_until(self, day: Day) -> Priced {
        let mut priced = Priced::default();
        if let Some(sums) = self.running() {
            let last = sums.n_until(day).checked_sub(1);
            return last.and_then(|last| Some(sums.priced.as_ref()?[last])).unwrap_or(priced);
        }
        if self.have_costs() {
            for row in self.iter().filter(|row| row.day.is_some_and(|on| on <= day)) {
                priced.add_where_known(row.quantity, row.unit_cost);
            }
        }
        priced
    }

    /// The parts of counted supplies, in order of day, that a quantity draws on after so much of them is
    /// consumed.
    pub fn drawn(self, after: Quantity, quantity: Quantity) -> Vec<(Supply, Quantity)> {
        let sums = self.running();
        let first = sums.map_or(0, |sums| sums.rows.partition_point(|row| row.most <= after));
        let before = first.checked_sub(1).and_then(|last| Some(sums?.rows[last]));
        let before = before.unwrap_or(SupplySum::NONE);
        let start = sums.map_or(0, |sums| sums.n_uncounted) + first;
        let (mut sum, mut most) = (before.sum, before.most);
        let end = after + quantity;
        let mut parts = Vec::new();
        for at in start..self.len() {
            if end <= most {
                break;
            }
            let row = self.get(at);
            if row.day.is_none() {
                continue;
            }
            sum += row.quantity;
            let part = sum.min(end) - most.max(after);
            if part.is_positive() {
                parts.push((row, part));
            }
            most = most.max(sum);
        }
        parts
    }
}

impl DemandSums {
    fn safety(&self, rows: Rows<'_, DemandColumns>) -> &[(Day, Quantity)] {
        let sums = || {
            let mut sum = Quantity::ZERO;
            let of_safety = rows.of_kind(DemandKind::SafetyStock);
            let sums = of_safety.filter_map(|row| {
                sum += row.day.map_or(Quantity::ZERO, |_| row.quantity);
                Some((row.day?, sum))
            });
            sums.collect()
        };
        self.safety.get_or_init(sums)
    }

    fn largest(&self, rows: Rows<'_, DemandColumns>) -> &[LargestSince] {
        let largest = || {
            let (mut largest, mut found) = (Vec::new(), Vec::new());
            for (at, row) in rows.iter().enumerate() {
                let day = row.day.filter(|_| add_largest(&mut found, (at, row.quantity)));
                largest.extend(day.map(|day| (day, found.iter().map(|(at, _)| *at).collect())));
            }
            largest.into()
        };
        self.largest.get_or_init(largest)
    }

    fn places(&self, rows: Rows<'_, DemandColumns>) -> &[u32] {
        let narrow = |at: usize| u32::try_from(at).expect("tables are capped below u32::MAX rows");
        let places = || {
            let mut places: Vec<_> =
                rows.iter().enumerate().map(|(at, row)| (row.demand, narrow(at))).collect();
            places.sort_unstable();
            places.into_iter().map(|(_, at)| at).collect()
        };
        self.places.get_or_init(places)
    }
}

/// Keeps the largest rows, of equal ones the first; whether this is one of them.
fn add_largest(found: &mut Vec<(usize, Quantity)>, row: (usize, Quantity)) -> bool {
    let at = found.partition_point(|known| Reverse(known.1) <= Reverse(row.1));
    let is_large = row.1.is_positive() && at < LARGEST;
    if is_large {
        found.insert(at, row);
        found.truncate(LARGEST);
    }
    is_large
}

impl<'a> Rows<'a, DemandColumns> {
    /// All safety stock that counts by a day: it holds goods back and consumes none.
    pub fn safety_until(self, day: Day) -> Quantity {
        if let Some(sums) = self.running() {
            let safety = sums.safety(self);
            let last = safety.partition_point(|(on, _)| *on <= day).checked_sub(1);
            return last.map_or(Quantity::ZERO, |last| safety[last].1);
        }
        let counts = |row: &Demand| row.day.is_some_and(|on| on <= day);
        self.of_kind(DemandKind::SafetyStock).filter(counts).map(|row| row.quantity).sum()
    }

    /// The three largest that count by a day, of equal ones the first.
    pub fn largest_until(self, day: Day) -> Vec<Demand> {
        if let Some(sums) = self.running() {
            let largest = sums.largest(self);
            let last = largest.partition_point(|(on, _)| *on <= day).checked_sub(1);
            let positions = last.map_or(&[][..], |last| &largest[last].1);
            return positions.iter().map(|&at| self.get(at)).collect();
        }
        let mut found = Vec::new();
        for (at, row) in self.iter().enumerate() {
            if row.day.is_some_and(|on| on <= day) {
                add_largest(&mut found, (at, row.quantity));
            }
        }
        found.into_iter().map(|(at, _)| self.get(at)).collect()
    }

    /// The demand of an index.
    pub fn find(self, index: DemandIx) -> Option<Demand> {
        let Some(sums) = self.running() else {
            return self.iter().find(|row| row.demand == index);
        };
        let at = |place: &u32| *place as usize;
        let places = sums.places(self);
        let found = places.partition_point(|place| self.get(at(place)).demand < index);
        let row = self.get(at(places.get(found)?));
        (row.demand == index).then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Index, Money},
        snapshot::{
            SupplyIx,
            entries::{Columns, MANY, Packing},
            ids::Ids,
            kinds::{DEMAND_KINDS, SupplyKind},
        },
    };
    use proptest::prelude::*;

    type SupplyRow = (Option<i32>, i64, Option<i64>);

    fn supplies(rows: &[SupplyRow]) -> Vec<Supply> {
        let row = |(at, &(day, quantity, cost)): (usize, &SupplyRow)| Supply {
            supply: Some(SupplyIx::from_usize(at)),
            kind: SupplyKind::PurchaseOrder,
            day: day.map(Day),
            due: Day(day.unwrap_or(-9)),
            quantity: Quantity::units(quantity),
            unit_cost: cost.map(Money::micros),
            supplier: None,
        };
        let mut rows: Vec<_> = rows.iter().enumerate().map(row).collect();
        rows.sort_by_key(|row| row.day);
        rows
    }

    fn demands(rows: &[(Option<i32>, i64, usize)]) -> Vec<Demand> {
        let row = |(at, &(day, quantity, kind)): (usize, &(Option<i32>, i64, usize))| Demand {
            demand: DemandIx::from_usize(at),
            kind: DEMAND_KINDS[kind % DEMAND_KINDS.len()].1,
            day: day.map(Day),
            due: Day(day.unwrap_or(-9)),
            quantity: Quantity::units(quantity),
            customer: None,
            class: None,
            priority: None,
            revision: 0,
        };
        let mut rows: Vec<_> = rows.iter().enumerate().map(row).collect();
        rows.sort_by_key(|row| row.day);
        rows
    }

    fn packed<C: Columns>(rows: &[C::Row]) -> super::super::entries::Entries<C> {
        let mut packing = Packing::new(1);
        let _ids: Vec<_> = rows.iter().map(|_| packing.next_id()).collect();
        packing.push_account(rows);
        packing.finish().named(Ids::default(), (Vec::new(), Vec::new()))
    }

    proptest! {
        #[test]
        fn sums_say_what_walking_says(
            rows in proptest::collection::vec(
                (proptest::option::weighted(0.9, 0i32..40), -3i64..30, proptest::option::of(0i64..9)), MANY..2 * MANY),
            day in -1i32..45, after in 0i64..900, quantity in 0i64..60,
        ) {
            let rows = supplies(&rows);
            let entries = packed::<SupplyColumns>(&rows);
            let many = entries.of(crate::model::AccountIx(0));
            prop_assert!(many.running().is_some());
            let plain = Rows::walked(&rows);
            prop_assert_eq!(many.sum_until(Day(day)), plain.sum_until(Day(day)));
            prop_assert_eq!(many.priced_until(Day(day)), plain.priced_until(Day(day)));
            let told = |rows: Rows<'_, SupplyColumns>| -> Vec<_> {
                let drawn = rows.drawn(Quantity::units(after), Quantity::units(quantity));
                drawn.into_iter().map(|(row, part)| (row.supply, part)).collect()
            };
            prop_assert_eq!(told(many), told(plain));
        }

        #[test]
        fn the_largest_and_safety_are_those_that_walking_finds(
            rows in proptest::collection::vec(
                (proptest::option::weighted(0.9, 0i32..40), -3i64..30, 0usize..9), MANY..2 * MANY),
            day in -1i32..45, index in 0usize..120,
        ) {
            let rows = demands(&rows);
            let entries = packed::<DemandColumns>(&rows);
            let many = entries.of(crate::model::AccountIx(0));
            let plain = Rows::walked(&rows);
            prop_assert_eq!(many.safety_until(Day(day)), plain.safety_until(Day(day)));
            let keys = |rows: Vec<Demand>| rows.iter().map(|row| row.demand).collect::<Vec<_>>();
            prop_assert_eq!(keys(many.largest_until(Day(day))), keys(plain.largest_until(Day(day))));
            let index = DemandIx::from_usize(index);
            let found = |rows: Rows<'_, DemandColumns>| rows.find(index).map(|row| row.quantity);
            prop_assert_eq!(found(many), found(plain));
        }

        /// Drawing goes by what the queue has given so far: what is less than nothing takes of what comes later.
        #[test]
        fn drawing_is_one_walk_through_the_queue(
            rows in proptest::collection::vec((Just(Some(3)), -3i64..30, Just(None)), 0..20),
            after in 0i64..100, quantity in 0i64..60,
        ) {
            let rows = supplies(&rows);
            let (mut skip, mut left) = (Quantity::units(after), Quantity::units(quantity));
            let mut want = Vec::new();
            for row in &rows {
                let skipped = skip.min(row.quantity);
                let part = left.min(row.quantity - skipped);
                skip -= skipped;
                left -= part;
                if part.is_positive() {
                    want.push((row.supply, part));
                }
            }
            let drawn = Rows::<SupplyColumns>::walked(&rows)
                .drawn(Quantity::units(after), Quantity::units(quantity));
            let drawn: Vec<_> = drawn.into_iter().map(|(row, part)| (row.supply, part)).collect();
            prop_assert_eq!(drawn, want);
        }
    }
}
