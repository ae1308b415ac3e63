//! How a reservation stands to the snapshot below it (semantics 9).
//!
//! A promise that the snapshot does not know of is simply its postings. Once the snapshot holds the same
//! order line, its demand takes in the promise's stead, and only what the promise plans to make, buy or
//! move stays ours. A [`Standing`] keeps both sides, so that a later change of the promise, or an
//! older snapshot that is activated again, finds everything it needs.
//!
//! Invariant: [`effective`](super::effective::effective) is what a reservation with this standing posts; nothing else decides that.

use crate::model::{Day, Posting, Quantity, StockAccount};
use std::sync::Arc;

/// Whose word counts for what a promise takes from stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Ours: the snapshot does not know of it.
    Carried,
    /// The snapshot's demand, of the same or a newer revision.
    Absorbed,
    /// Ours, which is newer than the snapshot's demand; what that takes is given back.
    Superseding,
    /// Nobody's: the order was cancelled or shipped at the source.
    Dropped,
}

/// Whose work orders, purchases and transfers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plan {
    /// Those that the promise planned.
    Ours,
    /// The snapshot's, which holds a supply pegged to the order line.
    Theirs,
}

/// Where a reservation stands. One that the snapshot does not know of, and whose postings lie within
/// the horizon, has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it takes from stock.
    pub fate: Fate,
    /// What it makes, buys or moves.
    pub plan: Plan,
    /// What it would post if the snapshot knew nothing of it, on the days that were promised.
    pub own: Arc<[Posting]>,
    /// What the snapshot's demand posts for this order line. Of several reservations of one order line
    /// only the first has it.
    pub theirs: Arc<[Posting]>,
    /// The source's row of the line over which it was promised: silent as long as it stays as it is.
    pub row: Option<SourceRow>,
    /// Up to when the snapshot has counted what has shipped, in microseconds since 1970 UTC; `i64::MIN` where
    /// nothing has.
    pub counted: i64,
}

/// A source's own demand of an order line, as far as it tells whether it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Its revision.
    pub revision: i32,
    /// The item at the location.
    pub account: StockAccount,
    /// Its date.
    pub due: Day,
    /// How much it wants.
    pub quantity: Quantity,
}

impl Standing {
    /// That of a promise that no snapshot knows of.
    pub(super) fn carried(own: Arc<[Posting]>) -> Self {
        let theirs = Arc::from([]);
        Self { fate: Fate::Carried, plan: Plan::Ours, own, theirs, row: None, counted: i64::MIN }
    }

    /// The standing after the promise was changed here: ours is newer now.
    pub(super) fn changed(&self, own: Arc<[Posting]>) -> Self {
        let fate = match self.fate {
            Fate::Absorbed | Fate::Superseding => Fate::Superseding,
            Fate::Carried | Fate::Dropped => self.fate,
        };
        Self { fate, own, theirs: Arc::clone(&self.theirs), ..self.clone() }
    }

    /// The standing after the promise was promised anew: what it plans is ours again.
    pub(super) fn renewed(&self, own: Arc<[Posting]>) -> Self {
        let fate = match self.fate {
            Fate::Absorbed | Fate::Superseding => Fate::Superseding,
            Fate::Carried | Fate::Dropped => Fate::Carried,
        };
        Self { fate, own, plan: Plan::Ours, theirs: Arc::clone(&self.theirs), ..self.clone() }
    }
}
