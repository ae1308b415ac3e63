//! The keys that are asked for: those of a snapshot, or those that `promised generate` would write.

use super::super::{
    failure::Failure,
    generate::{AS_OF, Shape, Sizes},
};
use crate::snapshot::Snapshot;
use jiff::civil::Date;

/// Keys of items, locations and customers, and the date of day 0.
#[derive(Debug)]
pub(super) struct Keys {
    /// The date of day 0.
    pub(super) as_of: Date,
    /// The items at the locations that keep them; the popular ones first where the source knows them.
    pub(super) stocks: Vec<(Box<str>, u32)>,
    /// The locations, which the stocks number.
    pub(super) locations: Vec<String>,
    /// The customers; may be empty.
    pub(super) customers: Vec<String>,
}

impl Keys {
    /// Those of a snapshot.
    pub(super) fn of_snapshot(snapshot: &Snapshot) -> Self {
        let (items, places) = (&snapshot.items.names, &snapshot.locations.names);
        let kept = snapshot.stocks.iter().filter(|(_, row)| row.keeps);
        let number = |row| crate::model::Index::to_usize(row);
        let stocks = kept.map(|(_, row)| {
            let place = u32::try_from(number(row.location)).expect("there are few locations");
            (items.name(row.item).into(), place)
        });
        let customers = &snapshot.customers.names;
        Self {
            as_of: snapshot.epoch().as_of(),
            stocks: stocks.collect(),
            locations: places.indices().map(|at| places.name(at).to_string()).collect(),
            customers: customers.indices().map(|at| customers.name(at).to_string()).collect(),
        }
    }

    /// Those of a synthetic company.
    pub(super) fn of_sizes(sizes: Sizes) -> Result<Self, Failure> {
        let shape = Shape::new(sizes)?;
        let accounts = shape.items().flat_map(|item| shape.accounts_of(item));
        let stocks = accounts.map(|account| {
            let place = u32::try_from(account.location).expect("there are few locations");
            (shape.item_key(account.item).into(), place)
        });
        Ok(Self {
            as_of: AS_OF,
            stocks: stocks.collect(),
            locations: (0..sizes.locations).map(|place| shape.location_key(place)).collect(),
            customers: (0..sizes.customers).map(|one| shape.customer_key(one)).collect(),
        })
    }
}
