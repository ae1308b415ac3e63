//! Names that a snapshot does not have and takes over from the one before it (semantics 9).
//!
//! A promise may name an item, a place or a limit that the new snapshot no longer knows. No promise is
//! lost for that: the snapshot adopts the name, with nothing behind it. Nothing is available there, so a
//! promise that counts on it is at risk.

use std::collections::{BTreeMap, BTreeSet};

/// Names to adopt, by what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Items.
    pub items: BTreeSet<Box<str>>,
    /// Locations.
    pub locations: BTreeSet<Box<str>>,
    /// Customers.
    pub customers: BTreeSet<Box<str>>,
    /// Zones.
    pub zones: BTreeSet<Box<str>>,
    /// Demand classes.
    pub classes: BTreeSet<Box<str>>,
    /// Ship methods.
    pub methods: BTreeSet<Box<str>>,
    /// Resources, with the location at which each stands.
    pub resources: BTreeMap<Box<str>, Box<str>>,
    /// Limits a day of a supplier for an item.
    pub offers: BTreeSet<(Box<str>, Box<str>)>,
    /// Limits of order lines a day, by location.
    pub houses: BTreeSet<Box<str>>,
}

impl Adopted {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds those of another list.
    pub fn extend(&mut self, other: &Adopted) {
        let sets = [
            (&mut self.items, &other.items),
            (&mut self.locations, &other.locations),
            (&mut self.customers, &other.customers),
            (&mut self.zones, &other.zones),
            (&mut self.classes, &other.classes),
            (&mut self.methods, &other.methods),
            (&mut self.houses, &other.houses),
        ];
        for (ours, theirs) in sets {
            ours.extend(theirs.iter().cloned());
        }
        self.resources.extend(other.resources.clone());
        self.offers.extend(other.offers.iter().cloned());
    }
}
