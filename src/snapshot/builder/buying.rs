//! Rows of buying: suppliers, what they offer, what they can deliver a day.

use super::Builder;
use crate::{
    limits::AMOUNT_MAX,
    model::{Day, Index, Quantity, index::Grouped},
    snapshot::{
        CapacityIx, ItemIx, LocationIx, OfferIx, SupplierIx,
        capacity::{CapacityRow, Owner},
        making::Supplier,
        offers::Offer,
        row::Row,
        schema::{Column, TableName},
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;

/// Who sells what: the account of a limit a day.
type Sold = (ItemIx, SupplierIx);

/// Limits a day until all rows are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Whatever else is wrong with the row that names both; look-up only.
    named: HashMap<Sold, (), FxBuildHasher>,
    /// Look-up only.
    keys: HashMap<(Sold, Option<LocationIx>), (), FxBuildHasher>,
    /// What each can deliver a day, on which all its rows agree; look-up only.
    standards: HashMap<Sold, Option<Quantity>, FxBuildHasher>,
    dated: BTreeMap<Sold, BTreeMap<Day, Quantity>>,
}

impl Builder {
    pub(super) fn supplier(&mut self, row: &mut Row<'_>) {
        row.define::<SupplierIx>(Column::Supplier, &mut self.suppliers.names);
        let name = row.text(Column::Name).into();
        let calendar = row.reference_or_none(Column::Calendar, &self.calendars.names);
        if self.suppliers.rows.len() < self.suppliers.names.len() {
            self.suppliers.rows.push(Supplier { name, calendar });
        }
    }

    pub(super) fn item_supplier(&mut self, row: &mut Row<'_>) {
        let item = row.reference(Column::Item, &self.items.names);
        let supplier = row.reference(Column::Supplier, &self.suppliers.names);
        if !row.is_faulty() {
            self.buying.named.insert((item, supplier), ());
        }
        let lead_time_days = row.days(Column::LeadTimeDays);
        let location = row.reference_or_none(Column::Location, &self.locations.names);
        let minimum = row.positive_or_none(Column::MinimumQuantity);
        let minimum = self.keep_or_none(item, minimum, (Column::MinimumQuantity, row));
        let lot_multiple = row.positive_or_none(Column::LotMultiple);
        let lot_multiple = self.keep_or_none(item, lot_multiple, (Column::LotMultiple, row));
        let unit_cost = row.money_or_none(Column::UnitCost);
        let standard = row.not_negative_or_none(Column::CapacityPerDay);
        let standard = self.keep_or_none(item, standard, (Column::CapacityPerDay, row));
        let known = self.buying.standards.get(&(item, supplier));
        if !row.is_faulty() && known.is_some_and(|known| *known != standard) {
            let expected = "the capacity_per_day of the other rows of this item and supplier";
            row.fault(Column::CapacityPerDay, expected);
        }
        let priority = row.rank(Column::Priority, 1);
        if row.is_faulty() {
            return;
        }
        if self.buying.keys.insert(((item, supplier), location), ()).is_some() {
            let key = [Column::Item, Column::Supplier, Column::Location];
            row.fault_of_key(&key, "one row an item, supplier and location");
            return;
        }
        self.suppliers.offers.push(&Offer {
            item,
            supplier,
            location,
            lead_time_days,
            minimum,
            lot_multiple,
            unit_cost,
            capacity: None,
            priority,
        });
        self.buying.standards.insert((item, supplier), standard);
        if let Some(location) = location {
            self.stock.name_pair((item, location), true);
        }
    }

    pub(super) fn supplier_capacity(&mut self, row: &mut Row<'_>) {
        let item = row.reference(Column::Item, &self.items.names);
        let supplier = row.reference(Column::Supplier, &self.suppliers.names);
        let is_named = self.buying.named.contains_key(&(item, supplier));
        if !row.is_faulty() && !is_named && row.is_whole(TableName::ItemSuppliers) {
            row.fault(Column::Supplier, "a supplier that item_suppliers names for this item");
        }
        let day = self.day(row.date(Column::Date));
        let quantity = row.quantity(Column::Quantity);
        let quantity = self.keep(item, quantity, (Column::Quantity, row));
        if row.is_faulty() {
            return;
        }
        let dated = self.buying.dated.entry((item, supplier)).or_default();
        if dated.insert(day, quantity).is_some() {
            let key = [Column::Item, Column::Supplier, Column::Date];
            row.fault_of_key(&key, "one row an item, supplier and date");
        }
    }

    /// Groups the offers and opens an account for every limit.
    pub(super) fn finish_buying(&mut self) {
        let offers = &self.suppliers.offers;
        let of_offer = |offer| {
            let row = offers.get(offer);
            ((row.item, row.supplier), offer)
        };
        let mut sold: Vec<(Sold, OfferIx)> = offers.indices().map(of_offer).collect();
        sold.sort();
        let mut capacities = vec![None; sold.len()];
        for alike in sold.chunk_by(|(one, _), (next, _)| one == next) {
            let capacity = self.limit(alike[0].0);
            for (_, offer) in alike {
                capacities[offer.to_usize()] = capacity;
            }
        }
        self.buying = Pending::default();
        self.suppliers.offers.limit(capacities.into_iter());
        let mut by_item: Vec<_> =
            sold.into_iter().map(|((item, _), offer)| (item, offer)).collect();
        let suppliers = &self.suppliers;
        for offers in by_item.chunk_by_mut(|(one, _), (next, _)| one == next) {
            offers.sort_by(|(_, a), (_, b)| suppliers.order(*a).cmp(&suppliers.order(*b)));
        }
        self.suppliers.by_item = Grouped::new(self.items.names.len(), by_item);
    }

    /// Opens the account of what a supplier can deliver of an item a day, where that is limited.
    fn limit(&mut self, (item, supplier): Sold) -> Option<CapacityIx> {
        let standard = self.buying.standards.get(&(item, supplier)).copied().flatten();
        let dated = self.buying.dated.remove(&(item, supplier)).unwrap_or_default();
        if standard.is_none() && dated.is_empty() {
            return None;
        }
        let owner = Owner::Supplier(supplier, item);
        let calendar = self.suppliers.rows[supplier].calendar;
        // Only some days are limited: the others have more than any order may ask for.
        let standard = standard.unwrap_or(Quantity::units(AMOUNT_MAX));
        let mut row = CapacityRow::new(owner, standard, calendar);
        row.dated = dated.into_iter().collect();
        Some(self.capacities.push(row))
    }
}
