//! Changes of capacity, of lead times and of priorities.

use super::{
    Change, ChangeKind,
    apply::{Changer, Noted},
    column::ChangeColumn,
};
use crate::{
    limits::LEAD_DAYS_MAX,
    model::{Day, Quantity},
    snapshot::{CapacityIx, LocationIx, OfferIx, Snapshot, location::Destination},
};

impl Changer {
    /// On one date also where it is a day off; on a range of dates on the working days only.
    pub(super) fn capacity(&mut self, change: &Change) -> Result<(), Noted> {
        let capacity = self.limited(change);
        let from = self.day(change, ChangeColumn::Date).expect("a required column");
        let to = self.day(change, ChangeColumn::ToDate);
        if to.is_some_and(|to| to < from) {
            return Err(self.faults.cell(
                change,
                ChangeColumn::ToDate,
                "a date that is not before date",
            ));
        }
        let capacity = capacity?;
        let calendars = self.snapshot.calendars.clone();
        let end = self.snapshot.epoch().end();
        let account = self.snapshot.capacity(capacity);
        let own = change.quantity(ChangeColumn::Quantity).expect("a required column");
        let quantity = self.quantity(account, change).unwrap_or(own);
        let shown = |snapshot: &Snapshot, kept| snapshot.shown_of(account, kept);
        let row = self.capacity_row(capacity);
        let works = |day: Day| to.is_none() || calendars.of(row.calendar).works(day);
        let days = from.max(Day::ZERO).0..=to.unwrap_or(from).min(end.plus(-1)).0;
        let days: Vec<Day> = days.map(Day).filter(|day| works(*day)).collect();
        for day in days {
            let gross = row.gross(day, &calendars);
            let wanted = if change.kind() == ChangeKind::CapacityAdded {
                gross + quantity
            } else {
                quantity
            };
            if wanted < Quantity::ZERO {
                let date = self.snapshot.epoch().date(day);
                let gross = shown(&self.snapshot, gross);
                let expected = format!("at least -{gross}: there is no more on {date}");
                return Err(self.faults.cell(change, ChangeColumn::Quantity, &expected));
            }
            row.dated.retain(|(at, _)| *at != day);
            row.dated.push((day, wanted));
        }
        row.dated.sort_by_key(|(day, _)| *day);
        Ok(())
    }

    /// The account that a change of capacity names.
    fn limited(&mut self, change: &Change) -> Result<CapacityIx, Noted> {
        let Self { snapshot, faults, .. } = self;
        let resource =
            faults.may(&snapshot.resources.names, change, ChangeColumn::Resource, "resource");
        let supplier =
            faults.may(&snapshot.suppliers.names, change, ChangeColumn::Supplier, "supplier");
        let item = faults.may(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let location =
            faults.may(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        match (resource?, supplier?, item?, location?) {
            (Some(resource), None, None, None) => Ok(snapshot.resources.rows[resource].capacity),
            (None, Some(supplier), Some(item), None) => {
                let offers = snapshot.suppliers.by_item.of(item).iter();
                let offers = offers.map(|&offer| snapshot.suppliers.offers.get(offer));
                let limit = offers.filter(|offer| offer.supplier == supplier);
                limit.filter_map(|offer| offer.capacity).next().ok_or_else(|| {
                    let expected = "a supplier of the item whose capacity is limited";
                    faults.cell(change, ChangeColumn::Supplier, expected)
                })
            }
            (None, None, None, Some(location)) => {
                snapshot.capacities.house(location).ok_or_else(|| {
                    let expected = "a location whose order_lines_per_day are limited";
                    faults.cell(change, ChangeColumn::Location, expected)
                })
            }
            _ => {
                let expected = "a resource, or a supplier and an item, or a location: one of them";
                Err(faults.cell(change, ChangeColumn::Resource, expected))
            }
        }
    }

    pub(super) fn lead_time(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let days = change.whole(ChangeColumn::Days).expect("a required column");
        let days = u16::try_from(days).ok().filter(|days| *days <= LEAD_DAYS_MAX);
        let days = days.ok_or_else(|| {
            faults.cell(
                change,
                ChangeColumn::Days,
                &format!("a number of days up to {LEAD_DAYS_MAX}"),
            )
        });
        let works = &snapshot.works.names;
        let work = faults.may(works, change, ChangeColumn::WorkDefinition, "work definition")?;
        if let Some(work) = work {
            let mut row = snapshot.works.rows[work].clone();
            row.fixed_days = days?;
            snapshot.works.rows.replace(work, row);
            return Ok(());
        }
        if change.text(ChangeColumn::Destination).is_some() {
            return self.lane(change, days?);
        }
        let offers = self.offers(change)?;
        for offer in offers {
            let mut row = self.snapshot.suppliers.offers.get(offer);
            row.lead_time_days = days?;
            self.snapshot.suppliers.offers.replace(offer, row);
        }
        Ok(())
    }

    /// The offers of a supplier of an item: all, or the one for a location.
    fn offers(&mut self, change: &Change) -> Result<Vec<OfferIx>, Noted> {
        let Self { snapshot, faults, .. } = self;
        let supplier =
            faults.need(&snapshot.suppliers.names, change, ChangeColumn::Supplier, "supplier");
        let item = faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let location =
            faults.may(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        let (supplier, item, location) = (supplier?, item?, location?);
        let fits = |offer: &OfferIx| {
            let row = snapshot.suppliers.offers.get(*offer);
            row.supplier == supplier && (location.is_none() || row.location == location)
        };
        let offers = snapshot.suppliers.by_item.of(item).iter().copied();
        let offers: Vec<_> = offers.filter(fits).collect();
        if offers.is_empty() {
            let expected = "a supplier that item_suppliers names for the item and location";
            return Err(faults.cell(change, ChangeColumn::Supplier, expected));
        }
        Ok(offers)
    }

    fn lane(&mut self, change: &Change, days: u16) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let locations = &snapshot.locations.names;
        let origin: LocationIx =
            faults.need(locations, change, ChangeColumn::Location, "location")?;
        let methods = &snapshot.methods.names;
        let method = faults.may(methods, change, ChangeColumn::ShipMethod, "ship method")?;
        let key = change.text(ChangeColumn::Destination).unwrap_or_default();
        let location = locations.get(key).map(Destination::Location);
        let zone = snapshot.zones.names.get(key).map(Destination::Zone);
        let mut lanes = snapshot.lanes.from(origin).to_vec();
        let leads_there = |to: Destination| Some(to) == location || Some(to) == zone;
        let mut changed = 0;
        for lane in &mut lanes {
            if leads_there(lane.destination) && method.is_none_or(|method| method == lane.method) {
                lane.transit_days = days;
                changed += 1;
            }
        }
        if changed == 0 {
            let expected = "a location or zone to which a lane leads from the location";
            return Err(faults.cell(change, ChangeColumn::Destination, expected));
        }
        snapshot.lanes.replace(origin, lanes);
        Ok(())
    }

    pub(super) fn priority(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let priority = change.whole(ChangeColumn::Priority).expect("a required column");
        let customers = &snapshot.customers.names;
        let customer = faults.may(customers, change, ChangeColumn::Customer, "customer");
        let class =
            faults.may(&snapshot.classes.names, change, ChangeColumn::DemandClass, "demand class");
        let works = &snapshot.works.names;
        let work = faults.may(works, change, ChangeColumn::WorkDefinition, "work definition");
        match (customer?, class?, work?) {
            (Some(customer), None, None) => {
                let mut row = snapshot.customers.rows[customer].clone();
                row.priority = Some(priority);
                snapshot.customers.rows.replace(customer, row);
            }
            (None, Some(class), None) => {
                let mut row = snapshot.classes.rows[class];
                row.rank = priority;
                snapshot.classes.rows.replace(class, row);
                self.shares_changed = true;
            }
            (None, None, Some(work)) => snapshot.set_work_priority(work, priority),
            (None, None, None) => {
                for offer in self.offers(change)? {
                    self.snapshot.set_offer_priority(offer, priority);
                }
            }
            _ => {
                let expected = "one of customer, demand_class, work_definition, supplier and item";
                return Err(faults.cell(change, ChangeColumn::Customer, expected));
            }
        }
        Ok(())
    }
}
