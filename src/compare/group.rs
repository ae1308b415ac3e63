//! The figures of two worlds by class, customer, item and location.

use super::{kpi::Kpi, pair::Pair, standing::LineStanding};
use crate::ledger::World;
use std::collections::BTreeMap;

/// By what lines are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grouping {
    /// By demand class.
    Class,
    /// By customer.
    Customer,
    /// By item.
    Item,
    /// By ship-from.
    Location,
}

impl Grouping {
    /// All of them.
    pub const ALL: [Grouping; 4] = [Self::Class, Self::Customer, Self::Item, Self::Location];

    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Class => "demand_class",
            Self::Customer => "customer",
            Self::Item => "item",
            Self::Location => "location",
        }
    }

    fn key(self, standing: &LineStanding) -> &str {
        match self {
            Self::Class => &standing.class,
            Self::Customer => &standing.customer,
            Self::Item => &standing.item,
            Self::Location => &standing.location,
        }
    }
}

/// The lines of one class, customer, item or location in both worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// By what.
    pub dimension: Grouping,
    /// Of which; empty for lines that have none.
    pub key: String,
    /// In the first world.
    pub before: Kpi,
    /// In the second world.
    pub after: Kpi,
}

/// The figures of one world by class, customer, item or location; empty the key of lines that have none.
pub fn kpi_by(world: &World, dimension: Grouping) -> BTreeMap<String, Kpi> {
    let live = world.reservations_from(0).filter(|found| found.is_live());
    let mut members: BTreeMap<String, Vec<LineStanding>> = BTreeMap::new();
    for found in live {
        let standing = LineStanding::of(&world.snapshot, found);
        members.entry(dimension.key(&standing).to_string()).or_default().push(standing);
    }
    members.into_iter().map(|(key, standings)| (key, Kpi::of(standings.iter()))).collect()
}

/// All groups, by dimension and key.
pub(super) fn groups(pairs: &[Pair]) -> Vec<Group> {
    let mut groups = Vec::new();
    for dimension in Grouping::ALL {
        let mut members: BTreeMap<&str, [Vec<&LineStanding>; 2]> = BTreeMap::new();
        for pair in pairs {
            for (at, standing) in [&pair.before, &pair.after].into_iter().enumerate() {
                if let Some(standing) = standing {
                    members.entry(dimension.key(standing)).or_default()[at].push(standing);
                }
            }
        }
        groups.extend(members.into_iter().map(|(key, [before, after])| Group {
            dimension,
            key: key.to_string(),
            before: Kpi::of(before.into_iter()),
            after: Kpi::of(after.into_iter()),
        }));
    }
    groups
}
