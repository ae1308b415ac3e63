//! One order line in both worlds.

use super::standing::{LineStanding, Verdict};
use crate::{
    ledger::Reservation,
    model::{Money, Quantity},
};
use std::sync::Arc;

/// One order line in both worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// How it stands in the first; none if that does not know it.
    pub before: Option<LineStanding>,
    /// How it stands in the second.
    pub after: Option<LineStanding>,
    /// Whether it is better off.
    pub verdict: Verdict,
    /// Its promise in both.
    pub(super) promises: [Option<Arc<Reservation>>; 2],
}

impl Pair {
    /// How it stands where it is known, in the second world first.
    pub fn any(&self) -> &LineStanding {
        self.after.as_ref().or(self.before.as_ref()).expect("one of the worlds knows it")
    }

    /// How much more of it is promised in the second world.
    pub fn more(&self) -> Quantity {
        let promised =
            |side: &Option<LineStanding>| side.as_ref().map_or(Quantity::ZERO, |one| one.promised);
        promised(&self.after) - promised(&self.before)
    }

    /// By how many days it is later in the second world; 0 where one has no date.
    pub fn days_later(&self) -> i32 {
        let days = |side: &Option<LineStanding>| side.as_ref().and_then(|one| one.days_late);
        match (days(&self.before), days(&self.after)) {
            (Some(before), Some(after)) => after - before,
            (None, _) | (_, None) => 0,
        }
    }

    /// How large the difference is: in quantity first, then in days, then in value.
    pub fn difference(&self) -> (i64, i32, Money) {
        let value =
            |side: &Option<LineStanding>| side.as_ref().map_or(Money::ZERO, |one| one.revenue);
        let value = value(&self.before).max(value(&self.after));
        (self.more().raw().abs(), self.days_later().abs(), value)
    }
}
