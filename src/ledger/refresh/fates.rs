//! How promises fared, counted, and whether they are at risk.

use crate::ledger::{reservation::Reservation, standing::Fate};

/// Whether the supply that a promise counts on is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ledger) enum Risk {
    /// It is there.
    None,
    /// It is gone.
    SupplyGone,
}

/// How many promises fared how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The snapshot's demand counts.
    pub absorbed: u64,
    /// Ours counts.
    pub carried: u64,
    /// The source no longer has the order.
    pub dropped: u64,
    /// The supply that it counts on is gone; counted among the others too.
    pub at_risk: u64,
}

impl Counts {
    pub(super) fn of(&mut self, fate: Fate) -> &mut u64 {
        match fate {
            Fate::Absorbed => &mut self.absorbed,
            Fate::Carried | Fate::Superseding => &mut self.carried,
            Fate::Dropped => &mut self.dropped,
        }
    }
}

/// How a promise fared, as it stands.
pub(in crate::ledger) fn fate(after: &Reservation) -> Fate {
    after.standing.as_deref().map_or(Fate::Carried, |standing| standing.fate)
}
