//! A reservation of one snapshot in the indices and days of another.

use crate::{
    allocation::complete,
    ledger::{
        planned::{Planned, given},
        reservation::{Facts, Leg, Reservation},
        standing::SourceRow,
    },
    model::{AccountIx, AccountKind, Day, Index, Posting, Quantity, Ratio, StockAccount},
    snapshot::{Account, Adopted, CapacityIx, ItemIx, Names, Snapshot, capacity::Owner},
};
use std::sync::Arc;

/// A name that a snapshot does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot has no {kind} {name:?}, which a promise names")]
pub struct Unknown {
    /// What it names.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

impl Unknown {
    /// What is promised of an item is no whole number of micro-units of what the snapshot keeps it in.
    fn unit(item: &str) -> Self {
        Self { kind: "unit that exactly carries what is promised of item", name: item.to_string() }
    }
}

/// Between two snapshots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Translation<'a> {
    pub(super) from: &'a Snapshot,
    pub(super) to: &'a Snapshot,
}

fn name<I: Index>(
    from: &Names<I>,
    to: &Names<I>,
    kind: &'static str,
    index: I,
) -> Result<I, Unknown> {
    let name = from.name(index);
    to.get(name).ok_or_else(|| Unknown { kind, name: name.to_string() })
}

macro_rules! names {
    ($($method:ident, $table:ident, $index:ident, $kind:literal;)*) => {$(
        fn $method(&self, index: crate::snapshot::$index)
            -> Result<crate::snapshot::$index, Unknown> {
            name(&self.from.$table.names, &self.to.$table.names, $kind, index)
        }
    )*};
}

impl Translation<'_> {
    names! {
        item, items, ItemIx, "item";
        location, locations, LocationIx, "location";
        customer, customers, CustomerIx, "customer";
        zone, zones, ZoneIx, "zone";
        class, classes, ClassIx, "demand class";
        method, methods, MethodIx, "ship method";
        resource, resources, ResourceIx, "resource";
        supplier, suppliers, SupplierIx, "supplier";
    }

    /// The day of the same date.
    pub(super) fn day(&self, day: Day) -> Day {
        let shift = self.to.epoch().day(self.from.epoch().as_of());
        Day(day.0.saturating_add(shift.0))
    }

    /// How many of the unit that the other snapshot keeps an item in one of this one's is (semantics 12.2, *Units*).
    fn unit(&self, item: ItemIx) -> Result<Ratio, Unknown> {
        let name_of = |snapshot: &Snapshot, item| -> String {
            let kept = snapshot.items.stocking_unit(item).map(|kept| kept.uom.to_string());
            kept.unwrap_or_else(|| snapshot.items.uom(item).to_string())
        };
        let to = self.item(item)?;
        let (was, is) = (name_of(self.from, item), name_of(self.to, to));
        // What has no unit is counted as it is.
        if was == is || was.is_empty() || is.is_empty() {
            return Ok(Ratio::ONE);
        }
        let found = self.to.items.unit(to, &was);
        found.ok_or_else(|| Unknown::unit(self.from.items.names.name(item)))
    }

    /// The same quantity of an item.
    fn quantity(&self, item: ItemIx, quantity: Quantity) -> Result<Quantity, Unknown> {
        let unit = self.unit(item)?;
        let restated = unit.apply_exactly(quantity);
        restated.ok_or_else(|| Unknown::unit(self.from.items.names.name(item)))
    }

    /// The same quantity of what an account holds.
    pub(super) fn held(
        &self,
        account: impl Into<AccountIx>,
        quantity: Quantity,
    ) -> Result<Quantity, Unknown> {
        match self.from.item_of(account) {
            Some(item) => self.quantity(item, quantity),
            None => Ok(quantity),
        }
    }

    /// The same quantity of what an account holds, to the nearest micro-unit.
    pub(super) fn nearest(&self, account: impl Into<AccountIx>, quantity: Quantity) -> Quantity {
        let unit = self.from.item_of(account).map(|item| self.unit(item));
        let unit = unit.and_then(Result::ok).unwrap_or(Ratio::ONE);
        unit.apply_nearest(quantity)
    }

    fn capacity(&self, capacity: CapacityIx) -> Result<CapacityIx, Unknown> {
        let owner = match self.from.capacities[capacity].owner {
            Owner::Resource(resource) => Owner::Resource(self.resource(resource)?),
            Owner::Supplier(supplier, item) => {
                Owner::Supplier(self.supplier(supplier)?, self.item(item)?)
            }
            Owner::House(location) => Owner::House(self.location(location)?),
        };
        let name = || self.from.account_name(self.from.capacity(capacity));
        self.to.capacity_of(owner).ok_or_else(|| Unknown { kind: "capacity of", name: name() })
    }

    /// The same account.
    pub(super) fn account(&self, account: AccountIx) -> Result<AccountIx, Unknown> {
        match self.from.kind(account) {
            AccountKind::Stock(stock) => self.stock(stock).map(StockAccount::ix),
            AccountKind::Capacity(capacity) => {
                let capacity = self.capacity(self.from.expiring(capacity))?;
                Ok(self.to.capacity(capacity).ix())
            }
        }
    }

    /// The same stock account, or the same part of one.
    pub(super) fn stock(&self, account: StockAccount) -> Result<StockAccount, Unknown> {
        match self.from.whole(account.ix()) {
            Some((whole, part)) => {
                let part = part.of_class(|class| self.class(class))?;
                Ok(self.to.part(self.stock(whole)?, part))
            }
            None => {
                let (item, location) = self.from.pair(account);
                Ok(self.to.stock(self.item(item)?, self.location(location)?))
            }
        }
    }

    /// The same postings, on the days of the same dates.
    pub(super) fn postings(&self, postings: &Arc<[Posting]>) -> Result<Arc<[Posting]>, Unknown> {
        let mut is_same = true;
        let mut all = Vec::with_capacity(postings.len());
        for posting in postings.iter() {
            let account = self.account(posting.account)?;
            let day = self.day(posting.day);
            let quantity = self.held(posting.account, posting.quantity)?;
            is_same &= (account, day, quantity) == (posting.account, posting.day, posting.quantity);
            all.push(Posting { account, day, quantity, ..*posting });
        }
        // Where another allocation rule holds now, or none, what no node is named for is the root's.
        let n_before = all.len();
        all.retain(|posting| match self.to.whole(posting.account) {
            Some((whole, _)) => self.to.allocation_rule(whole).is_some(),
            None => true,
        });
        complete(self.to, &mut all);
        is_same &= all.len() == n_before;
        Ok(if is_same { Arc::clone(postings) } else { all.into() })
    }

    /// The same row of a source.
    pub(super) fn row(&self, row: SourceRow) -> Result<SourceRow, Unknown> {
        let quantity = self.held(row.account, row.quantity)?;
        Ok(SourceRow { account: self.stock(row.account)?, due: self.day(row.due), quantity, ..row })
    }

    /// The same plan, of a promise that posts this by itself.
    pub(super) fn plan(
        &self,
        plan: &Arc<[Planned]>,
        own: &[Posting],
    ) -> Result<Arc<[Planned]>, Unknown> {
        let is_same_day = self.day(Day::ZERO) == Day::ZERO;
        let translated = |one: &Planned| -> Result<Planned, Unknown> {
            let gives = given(own, one.number);
            let of =
                |quantity| gives.map_or(Ok(quantity), |gives| self.held(gives.account, quantity));
            let (used, taken) = (of(one.used)?, of(one.taken)?);
            Ok(Planned { begins: self.day(one.begins), used, taken, ..*one })
        };
        let translated = plan.iter().map(translated).collect::<Result<Arc<[Planned]>, _>>()?;
        Ok(if is_same_day && *translated == **plan { Arc::clone(plan) } else { translated })
    }

    /// The same facts.
    pub(super) fn facts(&self, facts: &Arc<Facts>) -> Result<Arc<Facts>, Unknown> {
        let translated = Facts {
            customer: facts.customer.map(|ix| self.customer(ix)).transpose()?,
            zone: facts.zone.map(|ix| self.zone(ix)).transpose()?,
            class: facts.class.map(|ix| self.class(ix)).transpose()?,
            item: self.item(facts.item)?,
            quantity_requested: self.quantity(facts.item, facts.quantity_requested)?,
            requested: self.day(facts.requested),
            legs: facts
                .legs
                .iter()
                .map(|leg| self.leg(facts.item, leg))
                .collect::<Result<_, _>>()?,
            ..(**facts).clone()
        };
        Ok(if translated == **facts { Arc::clone(facts) } else { Arc::new(translated) })
    }

    /// The same quantity of the item that a promise is of.
    pub(super) fn promised(&self, reservation: &Reservation) -> Result<Quantity, Unknown> {
        self.quantity(reservation.facts.item, reservation.quantity)
    }

    fn leg(&self, ordered: ItemIx, leg: &Leg) -> Result<Leg, Unknown> {
        Ok(Leg {
            quantity: self.quantity(leg.item, leg.quantity)?,
            covers: self.quantity(ordered, leg.covers)?,
            item: self.item(leg.item)?,
            location: self.location(leg.location)?,
            method: leg.method.map(|ix| self.method(ix)).transpose()?,
            need: self.day(leg.need),
            ship: self.day(leg.ship),
            arrival: self.day(leg.arrival),
            ..leg.clone()
        })
    }

    /// Notes what a reservation names that the other snapshot does not have.
    pub(super) fn note_missing(&self, reservation: &Reservation, missing: &mut Adopted) {
        let facts = &*reservation.facts;
        let Translation { from, to } = self;
        note(&from.items.names, &to.items.names, facts.item, &mut missing.items);
        if let Some(ix) = facts.customer {
            note(&from.customers.names, &to.customers.names, ix, &mut missing.customers);
        }
        if let Some(ix) = facts.zone {
            note(&from.zones.names, &to.zones.names, ix, &mut missing.zones);
        }
        if let Some(ix) = facts.class {
            note(&from.classes.names, &to.classes.names, ix, &mut missing.classes);
        }
        for leg in &facts.legs {
            note(&from.items.names, &to.items.names, leg.item, &mut missing.items);
            note(&from.locations.names, &to.locations.names, leg.location, &mut missing.locations);
            if let Some(ix) = leg.method {
                note(&from.methods.names, &to.methods.names, ix, &mut missing.methods);
            }
        }
        for posting in reservation.own().iter().chain(reservation.postings.iter()) {
            self.note_account(posting.account, missing);
        }
    }

    fn note_account(&self, account: AccountIx, missing: &mut Adopted) {
        if self.account(account).is_ok() {
            return;
        }
        let Translation { from, to } = self;
        match from.account(account) {
            Account::Part(whole, part) => {
                self.note_account(whole.ix(), missing);
                if let Some(class) = part.class() {
                    note(&from.classes.names, &to.classes.names, class, &mut missing.classes);
                }
            }
            Account::Stock(item, location) => {
                note(&from.items.names, &to.items.names, item, &mut missing.items);
                note(&from.locations.names, &to.locations.names, location, &mut missing.locations);
            }
            Account::Capacity(capacity) => match from.capacities[capacity].owner {
                Owner::Resource(resource) => {
                    let at = from.resources.rows[resource].location;
                    note(&from.locations.names, &to.locations.names, at, &mut missing.locations);
                    let at = from.locations.names.name(at).into();
                    missing.resources.insert(from.resources.names.name(resource).into(), at);
                }
                Owner::Supplier(supplier, item) => {
                    note(&from.items.names, &to.items.names, item, &mut missing.items);
                    let supplier = from.suppliers.names.name(supplier).into();
                    missing.offers.insert((supplier, from.items.names.name(item).into()));
                }
                Owner::House(location) => {
                    let at = &mut missing.locations;
                    note(&from.locations.names, &to.locations.names, location, at);
                    missing.houses.insert(from.locations.names.name(location).into());
                }
            },
        }
    }
}

fn note<I: Index>(
    from: &Names<I>,
    to: &Names<I>,
    index: I,
    missing: &mut std::collections::BTreeSet<Box<str>>,
) {
    let name = from.name(index);
    if to.get(name).is_none() {
        missing.insert(name.into());
    }
}
