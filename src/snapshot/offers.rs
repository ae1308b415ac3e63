//! What suppliers offer of items: millions of rows that differ little, in columns.

use super::{
    CapacityIx, ItemIx, LocationIx, OfferIx, SupplierIx,
    columns::{code_of_index, index_of},
};
use crate::model::{
    Index, Money, Quantity,
    column::{Amounts, Ints, folded, unfolded},
    trie::Trie,
};
use std::sync::Arc;

/// A row of `item_suppliers`: what a supplier offers of an item.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// The item.
    pub item: ItemIx,
    /// Who sells it.
    pub supplier: SupplierIx,
    /// Only to this location; anywhere where not given.
    pub location: Option<LocationIx>,
    /// Working days of the supplier from order to receipt.
    pub lead_time_days: u16,
    /// The smallest purchase.
    pub minimum: Option<Quantity>,
    /// Purchases are multiples of it.
    pub lot_multiple: Option<Quantity>,
    /// Cost of one; the item's where not given.
    pub unit_cost: Option<Money>,
    /// Its account of units a day; none where unlimited.
    pub capacity: Option<CapacityIx>,
    /// 1 is tried first.
    pub priority: i32,
}

/// All offers. A copy shares them; those that are replaced are kept beside them.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    base: Arc<Columns>,
    replaced: Trie<Offer>,
}

#[derive(Clone, Debug, Default)]
struct Columns {
    items: Ints,
    suppliers: Ints,
    locations: Ints,
    lead_times: Ints,
    /// 0 where there is none.
    minimums: Amounts,
    lot_multiples: Amounts,
    /// Below 0 where there is none.
    unit_costs: Amounts,
    capacities: Ints,
    priorities: Ints,
}

/// A cost that is not given.
const NO_COST: i64 = -1;

impl Columns {
    fn push(&mut self, offer: &Offer) {
        self.items.push(code_of_index(Some(offer.item)));
        self.suppliers.push(code_of_index(Some(offer.supplier)));
        self.locations.push(code_of_index(offer.location));
        self.lead_times.push(u64::from(offer.lead_time_days));
        self.minimums.push(offer.minimum.map_or(0, Quantity::raw));
        self.lot_multiples.push(offer.lot_multiple.map_or(0, Quantity::raw));
        self.unit_costs.push(offer.unit_cost.map_or(NO_COST, Money::raw));
        self.priorities.push(folded(i64::from(offer.priority)));
    }

    fn get(&self, at: usize) -> Offer {
        let given = |amounts: &Amounts| {
            let amount = Quantity::micros(amounts.get(at));
            amount.is_positive().then_some(amount)
        };
        let unit_cost = Some(self.unit_costs.get(at)).filter(|cost| *cost != NO_COST);
        Offer {
            item: index_of(self.items.get(at)).expect("every offer has one"),
            supplier: index_of(self.suppliers.get(at)).expect("every offer has one"),
            location: index_of(self.locations.get(at)),
            lead_time_days: u16::try_from(self.lead_times.get(at)).expect("it was one"),
            minimum: given(&self.minimums),
            lot_multiple: given(&self.lot_multiples),
            unit_cost: unit_cost.map(Money::micros),
            capacity: index_of(self.capacities.get(at)),
            priority: i32::try_from(unfolded(self.priorities.get(at))).expect("it was one"),
        }
    }

    fn shrink(&mut self) {
        let Self { items, suppliers, locations, lead_times, capacities, priorities, .. } = self;
        for ints in [items, suppliers, locations, lead_times, capacities, priorities] {
            ints.shrink();
        }
        for amounts in [&mut self.minimums, &mut self.lot_multiples, &mut self.unit_costs] {
            amounts.shrink();
        }
    }

    fn bytes(&self) -> usize {
        let Self { items, suppliers, locations, lead_times, capacities, priorities, .. } = self;
        let ints = [items, suppliers, locations, lead_times, capacities, priorities];
        let amounts = [&self.minimums, &self.lot_multiples, &self.unit_costs];
        let ints: usize = ints.into_iter().map(Ints::bytes).sum();
        ints + amounts.into_iter().map(Amounts::bytes).sum::<usize>()
    }
}

impl Offers {
    /// Appends an offer without a limit.
    pub(super) fn push(&mut self, offer: &Offer) -> OfferIx {
        let base = Arc::make_mut(&mut self.base);
        base.push(offer);
        OfferIx::from_usize(base.items.len() - 1)
    }

    /// Says which account of units a day each offer has, once they are all there.
    pub(super) fn limit(&mut self, capacities: impl Iterator<Item = Option<CapacityIx>>) {
        let base = Arc::make_mut(&mut self.base);
        base.capacities = Ints::default();
        capacities.for_each(|capacity| base.capacities.push(code_of_index(capacity)));
        assert_eq!(base.capacities.len(), base.items.len());
        base.shrink();
    }

    /// An offer.
    pub fn get(&self, offer: OfferIx) -> Offer {
        if !self.replaced.is_empty()
            && let Some(replaced) = self.replaced.get(offer.to_usize() as u64)
        {
            return *replaced;
        }
        self.base.get(offer.to_usize())
    }

    /// Puts another offer in the place of one. Copies keep the old one.
    pub(crate) fn replace(&mut self, offer: OfferIx, row: Offer) {
        assert!(offer.to_usize() < self.base.items.len(), "an offer that is there");
        self.replaced.insert(offer.to_usize() as u64, row);
    }

    /// All offers, in the order of their table.
    pub fn indices(&self) -> impl Iterator<Item = OfferIx> + use<> {
        (0..self.base.items.len()).map(OfferIx::from_usize)
    }

    /// Bytes that they take; what was put in the place of others is not counted.
    pub fn bytes(&self) -> usize {
        self.base.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn index<I: Index + std::fmt::Debug>() -> impl Strategy<Value = I> {
        prop_oneof![0usize..3, 0usize..100_000].prop_map(I::from_usize)
    }

    fn offer() -> impl Strategy<Value = Offer> {
        let amount = || proptest::option::of((1i64..90_000_000_000).prop_map(Quantity::micros));
        let cost = proptest::option::of((0i64..9_000_000).prop_map(Money::micros));
        let names =
            (index(), index(), proptest::option::of(index()), proptest::option::of(index()));
        (names, any::<u16>(), amount(), amount(), cost, any::<i32>()).prop_map(
            |(
                (item, supplier, location, capacity),
                days,
                minimum,
                lot_multiple,
                cost,
                priority,
            )| {
                Offer {
                    item,
                    supplier,
                    location,
                    lead_time_days: days,
                    minimum,
                    lot_multiple,
                    unit_cost: cost,
                    capacity,
                    priority,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn offers_are_read_as_they_were_pushed(
            all in proptest::collection::vec(offer(), 1..40),
            another in offer(),
        ) {
            let mut offers = Offers::default();
            for offer in &all {
                offers.push(offer);
            }
            offers.limit(all.iter().map(|offer| offer.capacity));
            let read = |offers: &Offers| {
                let all: Vec<_> = offers.indices().map(|offer| offers.get(offer)).collect();
                format!("{all:?}")
            };
            prop_assert_eq!(read(&offers), format!("{all:?}"));
            let mut copy = offers.clone();
            copy.replace(OfferIx::from_usize(0), another);
            prop_assert_eq!(format!("{:?}", copy.get(OfferIx::from_usize(0))), format!("{another:?}"));
            prop_assert_eq!(read(&offers), format!("{all:?}"));
        }
    }
}
