//! What limits something, as a record, and by how much an account is short.

use crate::{
    ledger::World,
    model::{AccountIx, Consumption, Day, ProfileRef, Quantity},
    snapshot::{
        Account, ClassIx, ItemIx, LocationIx, ResourceIx, Snapshot, SupplierIx, SupplyIx,
        capacity::Owner,
    },
};

/// What limits something: the fields that apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limiting {
    /// A scheduled supply.
    pub supply: Option<SupplyIx>,
    /// An item; the component where that is what is missing.
    pub item: Option<ItemIx>,
    /// Where.
    pub location: Option<LocationIx>,
    /// A resource.
    pub resource: Option<ResourceIx>,
    /// A supplier.
    pub supplier: Option<SupplierIx>,
    /// A demand class.
    pub class: Option<ClassIx>,
}

impl Limiting {
    /// What an account is of.
    pub fn of_account(snapshot: &Snapshot, account: AccountIx) -> Self {
        let stock =
            |item, location| Self { item: Some(item), location: Some(location), ..Self::default() };
        match snapshot.account(account) {
            Account::Stock(item, location) => stock(item, location),
            Account::Part(whole, part) => {
                Self { class: part.class(), ..Self::of_account(snapshot, whole.ix()) }
            }
            Account::Capacity(capacity) => match snapshot.capacities[capacity].owner {
                Owner::Resource(resource) => {
                    let location = Some(snapshot.resources.rows[resource].location);
                    Self { resource: Some(resource), location, ..Self::default() }
                }
                Owner::Supplier(supplier, item) => {
                    Self { supplier: Some(supplier), item: Some(item), ..Self::default() }
                }
                Owner::House(location) => Self { location: Some(location), ..Self::default() },
            },
        }
    }
}

/// The first day on which an account is below zero, and by how much at most.
pub fn shortage(world: &World, account: AccountIx) -> Option<(Day, Quantity)> {
    match world.profile(account) {
        ProfileRef::Stock(stock) => {
            let mut balance = Quantity::ZERO;
            let mut found: Option<(Day, Quantity)> = None;
            for change in stock.changes() {
                balance = match stock.consumption {
                    Consumption::Both => balance + change.net,
                    Consumption::Backward => balance.max(Quantity::ZERO) + change.net,
                    Consumption::None => change.net,
                };
                if balance < Quantity::ZERO {
                    let (day, worst) = found.unwrap_or((change.day, Quantity::ZERO));
                    found = Some((day, worst.max(-balance)));
                }
            }
            found
        }
        ProfileRef::Capacity(capacity) => {
            let days = (0..world.snapshot.epoch().n_days()).map(Day::at);
            let short = days.map(|day| (day, -capacity.balance(day)));
            let mut short = short.filter(|(_, missing)| missing.is_positive());
            let first = short.next()?;
            let worst = short.map(|(_, missing)| missing).fold(first.1, Quantity::max);
            Some((first.0, worst))
        }
    }
}
