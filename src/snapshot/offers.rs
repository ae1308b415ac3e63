//! What suppliers offer of items: millions of rows that differ little, in columns.

use super::{CapacityIx, ItemIx, LocationIx, OfferIx, SupplierIx};
use crate::model::{
    Index, Money, Quantity,
    coded::{ColumnOf, columns},
    layered::Layered,
    stored::{Codes, Stored},
};

columns! {
    /// A row of `item_suppliers`: what a supplier offers of an item.
    pub struct Offer in Columns {
        /// The item.
        item: ItemIx,
        /// Who sells it.
        supplier: SupplierIx,
        /// Only to this location; anywhere where not given.
        location: Option<LocationIx>,
        /// Working days of the supplier from order to receipt.
        lead_time_days: u16,
        /// The smallest purchase.
        minimum: Option<Quantity>,
        /// Purchases are multiples of it.
        lot_multiple: Option<Quantity>,
        /// Cost of one; the item's where not given.
        unit_cost: Option<Money>,
        /// Its account of units a day; none where unlimited.
        capacity: Option<CapacityIx>,
        /// 1 is tried first.
        priority: i32,
    }
}

/// All offers. A copy shares them; those that are replaced are kept beside them.
#[derive(Clone, Debug, Default)]
pub struct Offers(Layered<Columns, Offer>);

impl Offers {
    /// Appends an offer without a limit.
    pub(super) fn push(&mut self, offer: &Offer) -> OfferIx {
        self.0.base_mut().push(offer);
        OfferIx::from_usize(self.len() - 1)
    }

    /// Says which account of units a day each offer has, once they are all there.
    pub(super) fn limit(&mut self, capacities: impl Iterator<Item = Option<CapacityIx>>) {
        let base = self.0.base_mut();
        base.capacity = ColumnOf::default();
        capacities.for_each(|capacity| base.capacity.push(capacity));
        assert_eq!(base.capacity.codes().len(), base.item.codes().len());
        base.shrink();
    }

    /// An offer.
    pub fn get(&self, offer: OfferIx) -> Offer {
        let replaced = self.0.get(offer.to_usize() as u64).copied();
        replaced.unwrap_or_else(|| self.0.base().get(offer.to_usize()))
    }

    fn len(&self) -> usize {
        self.0.base().item.codes().len()
    }

    /// Puts another offer in the place of one. Copies keep the old one.
    pub(crate) fn replace(&mut self, offer: OfferIx, row: Offer) {
        assert!(offer.to_usize() < self.len(), "an offer that is there");
        self.0.set(offer.to_usize() as u64, row);
    }

    /// All offers, in the order of their table.
    pub fn indices(&self) -> impl Iterator<Item = OfferIx> + use<> {
        (0..self.len()).map(OfferIx::from_usize)
    }

    /// Bytes of what was put in the place of others, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.0.bytes_beyond(&other.0)
    }

    /// Bytes that they take; what was put in the place of others is not counted.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
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
