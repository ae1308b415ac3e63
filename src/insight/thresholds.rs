//! Whether so much is there by when: what a threshold asks, of a world.

use crate::{
    ledger::World,
    model::{AccountIx, Quantity},
    promising::availability::{AtpQuestion, quick},
    snapshot::{ClassIx, ItemIx, LocationIx},
};
use jiff::civil::Date;

/// How much is to be there, by when; by names, for the snapshot may be another one by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The item.
    pub item: String,
    /// The location.
    pub location: String,
    /// The class that asks.
    pub class: Option<String>,
    /// By when; today where not given.
    pub date: Option<Date>,
    /// How much, in the item's own unit.
    pub at_least: Quantity,
}

impl Threshold {
    fn place(&self, world: &World) -> Option<(ItemIx, LocationIx, Option<ClassIx>)> {
        let snapshot = &world.snapshot;
        let item = snapshot.items.names.get(&self.item)?;
        let location = snapshot.locations.names.get(&self.location)?;
        let class = self.class.as_ref().and_then(|class| snapshot.classes.names.get(class));
        Some((item, location, class))
    }

    /// The account that it is about; none where the snapshot does not know it any more.
    pub fn account(&self, world: &World) -> Option<AccountIx> {
        let (item, location, _) = self.place(world)?;
        Some(world.snapshot.stock(item, location).ix())
    }

    /// What is available for it, and whether that is enough. What nobody knows is not there.
    pub fn stands(&self, world: &World) -> (Quantity, bool) {
        let Some((item, location, class)) = self.place(world) else {
            return (Quantity::ZERO, false);
        };
        let epoch = world.snapshot.epoch();
        let day = self.date.map_or(crate::model::Day::ZERO, |date| epoch.day(date));
        let items = &world.snapshot.items;
        let at_least = items.keep(item, self.at_least);
        let found = quick(world, AtpQuestion { item, location, class }, at_least, day);
        (items.shown(item, found.available), at_least <= found.available)
    }
}
