//! Rows of buying: suppliers, what they offer, what they can deliver a day.

use super::Builder;
use crate::{
    limits::AMOUNT_MAX,
    model::{Day, Quantity, index::Grouped},
    snapshot::{
        ItemIx, LocationIx, OfferIx, SupplierIx,
        capacity::{CapacityRow, Owner},
        making::{Offer, Supplier},
        row::Row,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Limits a day until all rows are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    keys: BTreeSet<(ItemIx, SupplierIx, Option<LocationIx>)>,
    limits: BTreeMap<(ItemIx, SupplierIx), Limit>,
}

/// What one supplier can deliver of one item a day.
#[derive(Debug, Default)]
struct Limit {
    standard: Option<Quantity>,
    dated: BTreeMap<Day, Quantity>,
    offers: Vec<OfferIx>,
}

impl Builder {
    pub(super) fn supplier(&mut self, row: &mut Row<'_>) {
        row.define::<SupplierIx>(&mut self.suppliers.names);
        let name = row.text().into();
        let calendar = row.reference_or_none(&self.calendars.names, "calendar");
        if self.suppliers.rows.len() < self.suppliers.names.len() {
            self.suppliers.rows.push(Supplier { name, calendar });
        }
    }

    pub(super) fn item_supplier(&mut self, row: &mut Row<'_>) {
        let item = row.reference(&self.items.names, "item");
        let supplier = row.reference(&self.suppliers.names, "supplier");
        let lead_time_days = row.days();
        let location = row.reference_or_none(&self.locations.names, "location");
        let minimum = row.positive_or_none();
        let lot_multiple = row.positive_or_none();
        let unit_cost = row.money_or_none();
        let standard = row.not_negative_or_none();
        let disagrees = |limit: &Limit| !limit.offers.is_empty() && limit.standard != standard;
        if !row.is_faulty() && self.buying.limits.get(&(item, supplier)).is_some_and(disagrees) {
            row.fault("the capacity_per_day of the other rows of this item and supplier");
        }
        let priority = row.rank(1);
        if row.is_faulty() {
            return;
        }
        if !self.buying.keys.insert((item, supplier, location)) {
            row.fault("one row an item, supplier and location");
            return;
        }
        let offer = self.suppliers.offers.push(Offer {
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
        let limit = self.buying.limits.entry((item, supplier)).or_default();
        limit.standard = standard;
        limit.offers.push(offer);
        if let Some(location) = location {
            self.stock.name_pair((item, location), true);
        }
    }

    pub(super) fn supplier_capacity(&mut self, row: &mut Row<'_>) {
        let item = row.reference(&self.items.names, "item");
        let supplier = row.reference(&self.suppliers.names, "supplier");
        if !row.is_faulty() && !self.buying.limits.contains_key(&(item, supplier)) {
            row.fault("a supplier that item_suppliers names for this item");
        }
        let day = self.day(row.date());
        let quantity = row.quantity();
        if row.is_faulty() {
            return;
        }
        let limit = self.buying.limits.entry((item, supplier)).or_default();
        if limit.dated.insert(day, quantity).is_some() {
            row.fault("one row an item, supplier and date");
        }
    }

    /// Groups the offers and opens an account for every limit.
    pub(super) fn finish_buying(&mut self) {
        for ((item, supplier), limit) in std::mem::take(&mut self.buying.limits) {
            if limit.standard.is_none() && limit.dated.is_empty() {
                continue;
            }
            let owner = Owner::Supplier(supplier, item);
            let calendar = self.suppliers.rows[supplier].calendar;
            // Only some days are limited: the others have more than any order may ask for.
            let standard = limit.standard.unwrap_or(Quantity::units(AMOUNT_MAX));
            let mut row = CapacityRow::new(owner, standard, calendar);
            row.dated = limit.dated.into_iter().collect();
            let capacity = self.capacities.push(row);
            for offer in limit.offers {
                self.suppliers.offers[offer].capacity = Some(capacity);
            }
        }
        let suppliers = &self.suppliers;
        let mut by_item: Vec<_> =
            suppliers.offers.iter().map(|(offer, row)| (row.item, offer)).collect();
        by_item.sort_by(|(_, a), (_, b)| suppliers.order(*a).cmp(&suppliers.order(*b)));
        self.suppliers.by_item = Grouped::new(self.items.names.len(), by_item);
    }
}
