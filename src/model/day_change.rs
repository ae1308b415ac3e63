//! What happens to a stock account on a day, and how shortages treat the supply around them (semantics 2).

use super::{quantity::Quantity, time::Day};

/// How a shortage treats the supply around it (semantics 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Consumption {
    /// A shortage eats earlier and later supply.
    #[default]
    Both,
    /// A shortage eats earlier supply; what that cannot cover is written off.
    Backward,
    /// Every day stands alone.
    None,
}

/// What happens to a stock account on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayChange {
    /// The day.
    pub day: Day,
    /// Supply less demand.
    pub net: Quantity,
    /// The part of the demand that is a commitment: neither forecast nor safety stock.
    pub committed: Quantity,
}

impl DayChange {
    /// What a posting does: it gives (positive) or takes (negative). What is taken is a commitment.
    pub fn posted(day: Day, quantity: Quantity) -> Self {
        Self { day, net: quantity, committed: (-quantity).max(Quantity::ZERO) }
    }

    /// This and another change of the same day.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (net, committed) = (self.net + other.net, self.committed + other.committed);
        Self { net, committed, ..self }
    }

    /// What undoes this change: the balance and the commitments are then as if it had never been.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { net: -self.net, committed: -self.committed, ..self }
    }
}
