//! Which reservations there are: filters and pages over one pinned world.

use crate::{
    backlog,
    ledger::{
        World,
        reservation::{Reservation, State},
    },
    model::Day,
    snapshot::{ClassIx, CustomerIx, ItemIx, LocationIx, Snapshot},
};
use std::{ops::RangeInclusive, sync::Arc};

/// What a reservation must be to be listed; a field that is none asks nothing.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// The order's key.
    pub order: Option<String>,
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// The item ordered, or of one of its legs.
    pub item: Option<ItemIx>,
    /// The ship-from of one of its legs.
    pub location: Option<LocationIx>,
    /// The demand class.
    pub class: Option<ClassIx>,
    /// One of these states; any where empty. The instant of a hold is not compared.
    pub states: Vec<State>,
    /// Whether it is at risk.
    pub at_risk: Option<bool>,
    /// The ship day of one of its legs.
    pub ships: Option<RangeInclusive<Day>>,
    /// Further conditions, as of a backlog run.
    pub query: backlog::Filter,
}

/// Where to go on and how far.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The first number to look at; 0 for the first page.
    pub from: u64,
    /// The most reservations to give, 1 to `limits::PAGE_MAX`.
    pub limit: usize,
}

/// One page of reservations.
#[derive(Clone, Debug)]
pub struct ListPage {
    /// In order of number.
    pub reservations: Vec<Arc<Reservation>>,
    /// The `from` of the next page, if there is one.
    pub next: Option<u64>,
}

impl ListFilter {
    /// Those of a world that it accepts, in order of number.
    pub fn of<'a>(
        &'a self,
        world: &'a World,
    ) -> Box<dyn Iterator<Item = &'a Arc<Reservation>> + 'a> {
        self.from(world, 0)
    }

    /// The same from a number on.
    fn from<'a>(
        &'a self,
        world: &'a World,
        from: u64,
    ) -> Box<dyn Iterator<Item = &'a Arc<Reservation>> + 'a> {
        let wanted = move |found: &&Arc<Reservation>| self.accepts(&world.snapshot, found);
        match &self.order {
            Some(order) => {
                let of_order = world.reservations_of(order);
                Box::new(of_order.filter(move |found| from <= found.number).filter(wanted))
            }
            None => Box::new(world.reservations_from(from).filter(wanted)),
        }
    }

    /// Whether a reservation is wanted.
    pub fn accepts(&self, snapshot: &Snapshot, reservation: &Reservation) -> bool {
        let facts = &*reservation.facts;
        let kind = |state: State| std::mem::discriminant(&state);
        let is_kind = |state: &State| kind(*state) == kind(reservation.state);
        self.order.as_deref().is_none_or(|order| order == &*facts.order)
            && self.customer.is_none_or(|customer| facts.customer == Some(customer))
            && self.class.is_none_or(|class| facts.class == Some(class))
            && (self.states.is_empty() || self.states.iter().any(is_kind))
            && self.at_risk.is_none_or(|at_risk| reservation.at_risk == at_risk)
            && self.accepts_legs(reservation)
            && self.query.fits(snapshot, reservation)
    }

    fn accepts_legs(&self, reservation: &Reservation) -> bool {
        let facts = &*reservation.facts;
        let any = |wanted: &dyn Fn(&crate::ledger::reservation::Leg) -> bool| {
            facts.legs.iter().any(wanted)
        };
        self.item.is_none_or(|item| facts.item == item || any(&|leg| leg.item == item))
            && self.location.is_none_or(|location| any(&|leg| leg.location == location))
            && self.ships.as_ref().is_none_or(|days| any(&|leg| days.contains(&leg.ship)))
    }
}

/// A page of the reservations that a filter accepts.
///
/// ```
/// use promised::{
///     engine::{ListFilter, Page, list::list},
///     ledger::World,
///     loader,
/// };
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let world = World::new(Arc::new(loaded.snapshot.expect("it is sound")));
/// let page = list(&world, &ListFilter::default(), Page { from: 0, limit: 100 });
/// assert!(page.reservations.is_empty() && page.next.is_none());
/// # Ok::<(), loader::Error>(())
/// ```
pub fn list(world: &World, filter: &ListFilter, page: Page) -> ListPage {
    assert!(0 < page.limit);
    let mut found: Vec<_> = filter.from(world, page.from).take(page.limit + 1).cloned().collect();
    let next = found.get(page.limit).map(|reservation| reservation.number);
    found.truncate(page.limit);
    ListPage { reservations: found, next }
}
