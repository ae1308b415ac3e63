//! A snapshot adopts names (`adopt.rs`), with nothing behind them.

use super::{
    CapacityIx, Snapshot,
    adopt::Adopted,
    capacity::{CapacityRow, Owner},
    kinds::LocationKind,
    location::{Customer, Cutoffs, Location},
    making::{Resource, Supplier},
    policy::Class,
};
use crate::model::{Money, Quantity};
use jiff::tz::TimeZone;

impl Snapshot {
    /// What was adopted.
    pub fn adopted(&self) -> &Adopted {
        &self.adopted
    }

    /// Adopts names; those that are known stay as they are.
    ///
    /// Accounts that no table names are numbered after all others, so this comes before any of them is
    /// used.
    pub fn adopt(&mut self, names: &Adopted) {
        for name in &names.zones {
            if self.zones.names.define(name).is_ok() {
                self.zones.parents.push(None);
            }
        }
        let root = self.classes.rows.iter().find(|(_, class)| class.parent.is_none());
        let parent = root.map(|(root, _)| root);
        for name in &names.classes {
            if self.classes.names.define(name).is_ok() {
                let class = Class { parent, rank: i32::MAX, lateness_penalty: Money::ZERO };
                self.classes.rows.push(class);
            }
        }
        names.customers.iter().for_each(|name| self.add_customer(name));
        for name in &names.methods {
            self.methods.names.intern(name);
        }
        for name in &names.items {
            if let Ok(item) = self.items.names.define(name) {
                self.items.add(item);
            }
        }
        for name in &names.locations {
            if self.locations.names.define(name).is_ok() {
                self.locations.rows.push(nowhere());
                self.capacities.push_house(None);
            }
        }
        self.adopt_limits(names);
        if !names.classes.is_empty() {
            self.reallocate();
        }
        self.adopted.extend(names);
    }

    /// Adds a customer of whom nothing is known, unless there is one of this name.
    pub fn add_customer(&mut self, name: &str) {
        if self.customers.names.define(name).is_ok() {
            self.customers.rows.push(nobody());
        }
    }

    /// Limits that nothing is planned against, for what was promised against them.
    fn adopt_limits(&mut self, names: &Adopted) {
        for (name, at) in &names.resources {
            let location = self.locations.names.get(at);
            let location = location.expect("a resource's location is adopted with it");
            if let Ok(resource) = self.resources.names.define(name) {
                let capacity = self.adopt_limit(Owner::Resource(resource));
                let (calendar, cost_per_hour) = (None, Money::ZERO);
                self.resources.rows.push(Resource { location, calendar, cost_per_hour, capacity });
            }
        }
        for (supplier, item) in &names.offers {
            if self.suppliers.names.define(supplier).is_ok() {
                self.suppliers.rows.push(Supplier { name: supplier.clone(), calendar: None });
            }
            let supplier = self.suppliers.names.get(supplier).expect("it was defined just now");
            let item = self.items.names.get(item).expect("the item is adopted with it");
            self.adopt_limit(Owner::Supplier(supplier, item));
        }
        for location in &names.houses {
            let location = self.locations.names.get(location).expect("it is adopted with it");
            self.adopt_limit(Owner::House(location));
        }
    }

    fn adopt_limit(&mut self, owner: Owner) -> CapacityIx {
        match self.capacity_of(owner) {
            Some(known) => known,
            None => self.capacities.adopt(CapacityRow::new(owner, Quantity::ZERO, None)),
        }
    }

    /// The expiring account of somebody, if there is one.
    pub fn capacity_of(&self, owner: Owner) -> Option<CapacityIx> {
        let known = match owner {
            Owner::Resource(resource) => {
                self.resources.rows.get(resource).map(|found| found.capacity)
            }
            Owner::House(location) => self.capacities.house(location),
            Owner::Supplier(supplier, item) => {
                let offers = self.suppliers.by_item.of(item).iter();
                let offers = offers.map(|&offer| self.suppliers.offers.get(offer));
                let mut of_supplier = offers.filter(|offer| offer.supplier == supplier);
                of_supplier.find_map(|offer| offer.capacity)
            }
        };
        known.or_else(|| self.capacities.adopted(owner))
    }

    /// Whether a limit is one that only promises remember.
    pub fn is_adopted(&self, capacity: CapacityIx) -> bool {
        self.capacities.adopted(self.capacities[capacity].owner) == Some(capacity)
    }
}

fn nobody() -> Customer {
    Customer {
        name: "".into(),
        zone: None,
        class: None,
        priority: None,
        receiving: None,
        country: "".into(),
        region: "".into(),
    }
}

fn nowhere() -> Location {
    Location {
        name: "".into(),
        kind: LocationKind::Warehouse,
        zone: None,
        shipping: None,
        receiving: None,
        manufacturing: None,
        cutoffs: Cutoffs::default(),
        time_zone: TimeZone::UTC,
        pick_pack_days: 0,
        handling_cost: Money::ZERO,
    }
}
