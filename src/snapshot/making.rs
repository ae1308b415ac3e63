//! How things are made and bought: resources, work definitions, suppliers.

use super::{
    CalendarIx, CapacityIx, ItemIx, LocationIx, Names, OfferIx, ResourceIx, SupplierIx, WorkIx,
    item::Validity,
    kinds::Basis,
    offers::{Offer, Offers},
};
use crate::model::{Money, Quantity, Ratio, Table, index::Grouped};

/// One resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Where it stands.
    pub location: LocationIx,
    /// When it works; its location's manufacturing calendar where not given.
    pub calendar: Option<CalendarIx>,
    /// Cost of an hour.
    pub cost_per_hour: Money,
    /// Its account of hours.
    pub capacity: CapacityIx,
}

/// All resources.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// Their keys.
    pub names: Names<ResourceIx>,
    /// Their rows.
    pub rows: Table<ResourceIx, Resource>,
}

/// One work definition: how an item is made at a location.
#[derive(Clone, Debug)]
pub struct WorkDefinition {
    /// What is made.
    pub item: ItemIx,
    /// Where.
    pub location: LocationIx,
    /// 1 is tried first.
    pub priority: i32,
    /// Working days a work order takes whatever its size.
    pub fixed_days: u16,
    /// Working days for one unit started.
    pub variable_days: Quantity,
    /// The smallest work order, in units started.
    pub minimum: Option<Quantity>,
    /// The largest work order, in units started; a multiple of the lot.
    pub maximum: Option<Quantity>,
    /// Work orders are multiples of it, in units started.
    pub lot_multiple: Option<Quantity>,
    /// Good units out of one started.
    pub yield_rate: Quantity,
    /// Cost of one unit started.
    pub unit_cost: Money,
    /// Days on which goods may come out of it.
    pub validity: Validity,
    /// How many of the item's own unit, which rates are for, one of that is which it is kept in.
    pub own: Ratio,
}

impl WorkDefinition {
    /// Hours of a resource for so much started.
    pub fn hours(&self, of: &Hours, started: Quantity) -> Quantity {
        match of.basis {
            Basis::Unit => of.hours.times_of(started, self.own),
            Basis::Lot => of.hours,
        }
    }
}

/// How much of a component is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much for one unit started, where one is so many of that which both are kept in.
    Unit(Quantity, Ratio),
    /// So much for the work order.
    Lot(Quantity),
}

impl Amount {
    /// How much for so much started.
    pub fn of(self, started: Quantity) -> Quantity {
        match self {
            Self::Unit(quantity, each) => quantity.times_of(started, each),
            Self::Lot(quantity) => quantity,
        }
    }
}

/// A component of a work definition.
#[derive(Clone, Debug)]
pub struct Component {
    /// The item needed.
    pub item: ItemIx,
    /// The operation that needs it, as a position among the work definition's operations.
    pub operation: u32,
    /// How much, for one unit started or for the work order.
    pub amount: Amount,
    /// Days on which it may be used, as the day on which it is needed.
    pub validity: Validity,
    /// What may be used instead, by rank.
    pub substitutes: Vec<ComponentSubstitute>,
}

/// Something that may be used instead of a component.
#[derive(Clone, Debug)]
pub struct ComponentSubstitute {
    /// The item used instead.
    pub item: ItemIx,
    /// How much of it, for one unit started or for the work order.
    pub amount: Amount,
    /// 1 is tried first.
    pub rank: i32,
    /// Days on which it may be used.
    pub validity: Validity,
}

/// An operation of a work definition. One without a way to do it takes no time: only components name it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its number in the table.
    pub number: i32,
    /// The ways to do it, the primary one first.
    pub ways: Vec<Way>,
}

/// A way to do an operation: hours of all resources of one rank, used together.
#[derive(Clone, Debug)]
pub struct Way {
    /// 0 is primary.
    pub rank: i32,
    /// Working days before the end of the work order at which it ends.
    pub offset_days: u16,
    /// The resources, by name.
    pub hours: Vec<Hours>,
}

/// Hours that an operation takes of a resource.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Of which.
    pub resource: ResourceIx,
    /// How many.
    pub hours: Quantity,
    /// For one unit started or for the work order.
    pub basis: Basis,
}

/// All work definitions.
#[derive(Clone, Debug, Default)]
pub struct Works {
    /// Their keys.
    pub names: Names<WorkIx>,
    /// Their rows.
    pub rows: Table<WorkIx, WorkDefinition>,
    /// Components in the order in which they claim: by operation, then name.
    pub components: Grouped<WorkIx, Component>,
    /// Operations in the order of their numbers, those among them that only components name.
    pub operations: Grouped<WorkIx, Operation>,
    /// Work definitions of an item, by location, priority and name.
    pub by_item: Grouped<ItemIx, WorkIx>,
}

impl Works {
    /// By what the work definitions of an item are sorted.
    pub fn order(&self, work: WorkIx) -> (LocationIx, i32, &str) {
        let row = &self.rows[work];
        (row.location, row.priority, self.names.name(work))
    }

    /// The work definitions of an item at a location, by priority, then name.
    pub fn of(&self, item: ItemIx, location: LocationIx) -> &[WorkIx] {
        let works = self.by_item.of(item);
        let at = |work: &WorkIx| self.rows[*work].location;
        let start = works.partition_point(|work| at(work) < location);
        let end = works.partition_point(|work| at(work) <= location);
        &works[start..end]
    }
}

/// One supplier.
#[derive(Clone, Debug)]
pub struct Supplier {
    /// What people call it.
    pub name: Box<str>,
    /// When it works.
    pub calendar: Option<CalendarIx>,
}

/// All suppliers and what they offer.
#[derive(Clone, Debug, Default)]
pub struct Suppliers {
    /// Their keys.
    pub names: Names<SupplierIx>,
    /// Their rows.
    pub rows: Table<SupplierIx, Supplier>,
    /// What they offer.
    pub offers: Offers,
    /// Offers of an item, by priority, then supplier's name.
    pub by_item: Grouped<ItemIx, OfferIx>,
}

impl Suppliers {
    /// By what the offers of an item are sorted.
    pub fn order(&self, offer: OfferIx) -> (i32, &str, Option<LocationIx>) {
        let row = self.offers.get(offer);
        (row.priority, self.names.name(row.supplier), row.location)
    }

    /// The offers of an item that fit a location: one for that very location beats one of the same
    /// supplier for anywhere.
    pub fn fitting(&self, item: ItemIx, location: LocationIx) -> impl Iterator<Item = OfferIx> {
        let offers = self.by_item.of(item);
        let is_here = move |offer: &Offer| offer.location == Some(location);
        offers.iter().copied().filter(move |&ix| {
            let offer = self.offers.get(ix);
            let beaten = || {
                let mut others = offers.iter().map(|&other| self.offers.get(other));
                others.any(|other| other.supplier == offer.supplier && is_here(&other))
            };
            is_here(&offer) || (offer.location.is_none() && !beaten())
        })
    }
}
