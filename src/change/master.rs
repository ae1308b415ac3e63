//! Changes of items, customers and prices: what is not given stays as it is.

use super::{
    Change,
    apply::{Changer, Noted},
    column::ChangeColumn,
};
use crate::{
    model::Index,
    snapshot::{CustomerIx, ItemIx, RuleIx, Snapshot, location::Customer, policy::What},
};

impl Changer {
    /// Sets columns of an item; one that is not known is added.
    pub(super) fn item(&mut self, change: &Change) -> Result<(), Noted> {
        let rule: Option<RuleIx> = self.faults.may(
            &self.snapshot.rules.names,
            change,
            ChangeColumn::AtpRule,
            "ATP rule",
        )?;
        if change.quantity(ChangeColumn::LotMultiple).is_some_and(|lot| !lot.is_positive()) {
            return Err(self.faults.cell(change, ChangeColumn::LotMultiple, "a number above 0"));
        }
        let (item, is_new) = self.item_to_set(change)?;
        let snapshot = &mut self.snapshot;
        let mut row = snapshot.items.row(item);
        if let Some(uom) = change.text(ChangeColumn::Uom).filter(|uom| is_new || *row.uom != **uom)
        {
            if !is_new {
                let expected = "the unit that the item has; another one comes with a snapshot, which restates its quantities";
                return Err(self.faults.cell(change, ChangeColumn::Uom, expected));
            }
            row.uom = uom.into();
        }
        for (column, text) in [
            (ChangeColumn::Description, &mut row.description),
            (ChangeColumn::Brand, &mut row.brand),
        ] {
            if let Some(given) = change.text(column) {
                *text = given.into();
            }
        }
        row.lot_multiple = change.quantity(ChangeColumn::LotMultiple).or(row.lot_multiple);
        row.list_price = change.money(ChangeColumn::ListPrice).unwrap_or(row.list_price);
        row.unit_cost = change.money(ChangeColumn::UnitCost).or(row.unit_cost);
        let category = change.text(ChangeColumn::Category);
        let category = category.map(|name| snapshot.items.categories.intern(name));
        let moves = category.is_some() && category != row.category;
        row.category = category.or(row.category);
        snapshot.items.set_row(item, row);
        if is_new {
            snapshot.items.settle_unit(item);
        }
        if moves {
            // All that is assigned by category may be another rule now.
            self.shares_changed |= !snapshot.allocation.names.is_empty();
            snapshot.doubt_sources_of(item);
        }
        let assigned = rule.map(|rule| {
            let before = snapshot.rules.assignments.at(What::Item(item), None);
            snapshot.rules.assignments.reassign(What::Item(item), None, Some(rule));
            [before, Some(rule)]
        });
        let of_category = moves.then(|| snapshot.rules.names.indices().next()).flatten();
        self.rules_changed.extend(assigned.into_iter().flatten().flatten().chain(of_category));
        Ok(())
    }

    /// The item that a change is of.
    fn item_to_set(&mut self, change: &Change) -> Result<(ItemIx, bool), Noted> {
        let name = change.text(ChangeColumn::Item).expect("a required column");
        if let Some(known) = self.snapshot.items.names.get(name) {
            return Ok((known, false));
        }
        // Numbers of accounts that shares have follow those of all items.
        if !self.snapshot.allocation.names.is_empty() {
            let expected =
                "a known item; where there are allocation rules, a new one comes with a snapshot";
            return Err(self.faults.cell(change, ChangeColumn::Item, expected));
        }
        let defined = self.snapshot.items.names.define(name);
        Ok((defined.expect("it is not known"), true))
    }

    /// Sets the price or the cost of an item.
    pub(super) fn price(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let item: ItemIx =
            faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item")?;
        let (price, cost) =
            (change.money(ChangeColumn::ListPrice), change.money(ChangeColumn::UnitCost));
        if price.is_none() && cost.is_none() {
            return Err(faults.cell(
                change,
                ChangeColumn::ListPrice,
                "a list_price, a unit_cost or both",
            ));
        }
        let mut row = snapshot.items.row(item);
        row.list_price = price.unwrap_or(row.list_price);
        row.unit_cost = cost.or(row.unit_cost);
        snapshot.items.set_row(item, row);
        Ok(())
    }

    /// Sets columns of a customer; one that is not known is added.
    pub(super) fn customer(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let zone = faults.may(&snapshot.zones.names, change, ChangeColumn::Zone, "zone");
        let class =
            faults.may(&snapshot.classes.names, change, ChangeColumn::DemandClass, "demand class");
        let calendars = &snapshot.calendars.names;
        let receiving = faults.may(calendars, change, ChangeColumn::ReceivingCalendar, "calendar");
        let (zone, class, receiving) = (zone?, class?, receiving?);
        let customer = customer_to_set(snapshot, change);
        let mut row: Customer = snapshot.customers.rows[customer].clone();
        row.zone = zone.or(row.zone);
        row.class = class.or(row.class);
        row.receiving = receiving.or(row.receiving);
        row.priority = change.whole(ChangeColumn::Priority).or(row.priority);
        for (column, text) in [
            (ChangeColumn::Name, &mut row.name),
            (ChangeColumn::Country, &mut row.country),
            (ChangeColumn::Region, &mut row.region),
        ] {
            if let Some(given) = change.text(column) {
                *text = given.into();
            }
        }
        snapshot.customers.rows.replace(customer, row);
        Ok(())
    }
}

fn customer_to_set(snapshot: &mut Snapshot, change: &Change) -> CustomerIx {
    let name = change.text(ChangeColumn::Customer).expect("a required column");
    if let Some(known) = snapshot.customers.names.get(name) {
        return known;
    }
    snapshot.add_customer(name);
    CustomerIx::from_usize(snapshot.customers.names.len() - 1)
}
