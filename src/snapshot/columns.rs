//! Supplies and demands column by column, in some ten bytes a row.
//!
//! A row that is asked for is put together again: [`Supply`] and [`Demand`] stay the values that the rest
//! of the engine knows. A column that no row has (a cost of its own, a priority, a revision) takes nothing.
//!
//! Invariant: what is read is what was pushed, but for the id, which is the rows' place and not kept here.

use super::{
    entries::{Columns, Rows},
    index::{ClassIx, CustomerIx, DemandIx, SupplierIx, SupplyIx},
    kinds::{DEMAND_KINDS, DemandKind, SUPPLY_KINDS},
    stock_rows::{Demand, Supply},
    sums::{DemandSums, SupplySums},
};
use crate::model::{
    Day, Money, Quantity,
    coded::{ColumnOf, columns},
    column::Ints,
    stored::Codes,
};

columns! {
    /// What every row has: when it counts, its date, its kind, how much.
    struct Dated {
        /// One more than the day on which a row counts, which is its date too; 0 for those in `odd`.
        days: Ints,
        kinds: Ints,
        quantities: ColumnOf<Quantity>,
        /// Rows that count on another day than their date, or never, or beyond all horizons: by position,
        /// rising, the day and the date.
        odd: Vec<(u32, Option<Day>, Day)>,
    }
}

/// One more than the largest day that is told by its column.
const PLAIN_DAYS: i32 = u16::MAX as i32;

impl Dated {
    fn push(&mut self, day: Option<Day>, due: Day, (kind, quantity): (usize, Quantity)) {
        let code = day.filter(|&day| day == due && (0..PLAIN_DAYS).contains(&day.0));
        if code.is_none() {
            let at = u32::try_from(self.days.len()).expect("tables are capped below u32::MAX rows");
            self.odd.push((at, day, due));
        }
        self.days.push(code.map_or(0, |day| u64::from(day.0.unsigned_abs()) + 1));
        self.kinds.push(kind as u64);
        self.quantities.push(quantity);
    }

    /// On which day a row counts, and its date.
    #[inline]
    fn day(&self, at: usize) -> (Option<Day>, Day) {
        match i32::try_from(self.days.get(at)).expect("a day and one") {
            0 => self.odd_day(at),
            code => (Some(Day(code - 1)), Day(code - 1)),
        }
    }

    #[cold]
    fn odd_day(&self, at: usize) -> (Option<Day>, Day) {
        let found = self.odd.binary_search_by_key(&at, |(position, ..)| *position as usize);
        let (_, day, due) = self.odd[found.expect("each odd row is in the list")];
        (day, due)
    }
}

columns! {
    /// Supplies.
    pub struct SupplyColumns {
        dated: Dated,
        costs: ColumnOf<Option<Money>>,
        suppliers: ColumnOf<Option<SupplierIx>>,
    }
}

impl SupplyColumns {
    /// Whether any row has a cost of its own.
    pub(super) fn has_costs(&self) -> bool {
        !self.costs.codes().are_zero()
    }
}

impl Columns for SupplyColumns {
    type Row = Supply;
    type Index = SupplyIx;
    type Running = SupplySums;

    fn push(&mut self, row: &Supply) {
        self.dated.push(row.day, row.due, (row.kind as usize, row.quantity));
        self.costs.push(row.unit_cost);
        self.suppliers.push(row.supplier);
    }

    #[inline]
    fn get(&self, at: usize, id: Option<SupplyIx>) -> Supply {
        let (day, due) = self.dated.day(at);
        Supply {
            supply: id,
            kind: SUPPLY_KINDS[kind_at(&self.dated, at)].1,
            day,
            due,
            quantity: self.dated.quantities.get(at),
            unit_cost: self.costs.get(at),
            supplier: self.suppliers.get(at),
        }
    }

    fn id(row: &Supply) -> Option<SupplyIx> {
        row.supply
    }

    fn running(rows: Rows<'_, Self>) -> SupplySums {
        SupplySums::new(rows.len(), || rows.iter(), rows.have_costs())
    }
}

columns! {
    /// Demands.
    pub struct DemandColumns {
        dated: Dated,
        customers: ColumnOf<Option<CustomerIx>>,
        classes: ColumnOf<Option<ClassIx>>,
        priorities: ColumnOf<Option<i32>>,
        revisions: ColumnOf<i32>,
    }
}

impl DemandColumns {
    /// Whether the row at a position is of a kind.
    pub(super) fn is_of(&self, at: usize, kind: DemandKind) -> bool {
        self.dated.kinds.get(at) == kind as u64
    }
}

impl Columns for DemandColumns {
    type Row = Demand;
    type Index = DemandIx;
    type Running = DemandSums;

    fn push(&mut self, row: &Demand) {
        self.dated.push(row.day, row.due, (row.kind as usize, row.quantity));
        self.customers.push(row.customer);
        self.classes.push(row.class);
        self.priorities.push(row.priority);
        self.revisions.push(row.revision);
    }

    #[inline]
    fn get(&self, at: usize, id: Option<DemandIx>) -> Demand {
        let (day, due) = self.dated.day(at);
        Demand {
            demand: id.expect("every demand has an id"),
            kind: DEMAND_KINDS[kind_at(&self.dated, at)].1,
            day,
            due,
            quantity: self.dated.quantities.get(at),
            customer: self.customers.get(at),
            class: self.classes.get(at),
            priority: self.priorities.get(at),
            revision: self.revisions.get(at),
        }
    }

    fn id(row: &Demand) -> Option<DemandIx> {
        Some(row.demand)
    }

    fn running(_: Rows<'_, Self>) -> DemandSums {
        DemandSums::default()
    }
}

impl<'a> Rows<'a, DemandColumns> {
    /// Those of a kind, in order; others are not put together.
    pub(super) fn of_kind(self, kind: DemandKind) -> impl Iterator<Item = Demand> + use<'a> {
        let is_of = move |at: &usize| match self.columns() {
            Some((columns, start)) => columns.is_of(start + at, kind),
            None => self.get(*at).kind == kind,
        };
        (0..self.len()).filter(is_of).map(move |at| self.get(at))
    }
}

impl Rows<'_, SupplyColumns> {
    /// Whether one of them has a cost of its own.
    pub fn have_costs(self) -> bool {
        let may_have = self.columns().is_none_or(|(columns, _)| columns.has_costs());
        may_have && self.iter().any(|supply| supply.unit_cost.is_some())
    }
}

#[inline]
fn kind_at(dated: &Dated, at: usize) -> usize {
    usize::try_from(dated.kinds.get(at)).expect("a kind's place in its list")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Index;
    use proptest::prelude::*;

    #[test]
    fn kinds_stand_in_their_lists_where_their_code_says() {
        for (at, (_, kind)) in SUPPLY_KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
        }
        for (at, (_, kind)) in DEMAND_KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
        }
    }

    fn days() -> impl Strategy<Value = (Option<Day>, Day)> {
        let day = prop_oneof![0..400, -400..400, any::<i32>()].prop_map(Day);
        prop_oneof![
            day.clone().prop_map(|day| (Some(day), day)),
            (proptest::option::of(day.clone()), day),
        ]
    }

    fn supply() -> impl Strategy<Value = Supply> {
        let kind = (0..SUPPLY_KINDS.len()).prop_map(|at| SUPPLY_KINDS[at].1);
        let supplier = (0usize..300).prop_map(Index::from_usize);
        let cost = proptest::option::of((0..i64::MAX).prop_map(Money::micros));
        (days(), kind, any::<i64>(), cost, proptest::option::of(supplier)).prop_map(
            |((day, due), kind, quantity, unit_cost, supplier)| Supply {
                supply: None,
                kind,
                day,
                due,
                quantity: Quantity::micros(quantity),
                unit_cost,
                supplier,
            },
        )
    }

    fn demand() -> impl Strategy<Value = Demand> {
        let kind = (0..DEMAND_KINDS.len()).prop_map(|at| DEMAND_KINDS[at].1);
        let customer = proptest::option::of((0usize..70_000).prop_map(Index::from_usize));
        let class = proptest::option::of((0usize..3).prop_map(Index::from_usize));
        let whole = proptest::option::of(any::<i32>());
        (days(), kind, -9_000_000i64..9_000_000, (customer, class), whole, any::<i32>()).prop_map(
            |((day, due), kind, quantity, (customer, class), priority, revision)| Demand {
                demand: DemandIx::from_usize(7),
                kind,
                day,
                due,
                quantity: Quantity::micros(quantity),
                customer,
                class,
                priority,
                revision,
            },
        )
    }

    proptest! {
        #[test]
        fn rows_are_read_as_they_were_pushed(
            supplies in proptest::collection::vec(supply(), 0..40),
            demands in proptest::collection::vec(demand(), 0..40),
        ) {
            let (mut packed, mut asked) = (SupplyColumns::default(), DemandColumns::default());
            supplies.iter().for_each(|row| packed.push(row));
            demands.iter().for_each(|row| asked.push(row));
            let got: Vec<_> = (0..supplies.len()).map(|at| packed.get(at, None)).collect();
            prop_assert_eq!(format!("{got:?}"), format!("{supplies:?}"));
            let id = Some(DemandIx::from_usize(7));
            let got: Vec<_> = (0..demands.len()).map(|at| asked.get(at, id)).collect();
            prop_assert_eq!(format!("{got:?}"), format!("{demands:?}"));
        }
    }
}
