//! What is over is forgotten in the end, so that memory is bounded by what lives.
//!
//! A promise is over at the end of its life, or when its order is gone at the source, and once it posts
//! nothing any more: until then the balances need it. Forgetting is a fact of its own that names the numbers,
//! so a replay forgets the same ones, whatever it was told to keep.
//!
//! What a promise adds to figures is folded into daily rows first ([`super::folded`]).
//!
//! Invariant: forgetting changes no balance, and no figure that does not name single orders.

use super::{Admitted, Fact, Ledger, Reservation, World};
use crate::snapshot::watermark::start_of;

impl Reservation {
    /// Whether it is at the end of its life, or gone at its source, and posts nothing.
    pub fn is_over(&self) -> bool {
        !self.is_live() && self.postings.is_empty()
    }
}

/// Promises that may be forgotten, as far as one has looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Over {
    /// Their numbers, in order.
    pub numbers: Vec<u64>,
    /// The number to go on from; 0 where all were looked at.
    pub next: u64,
}

impl World {
    /// Since when a promise is over, in microseconds since 1970 UTC; none where it is not.
    ///
    /// When an order left its source is not known: such a promise is over on the last day on which it would
    /// have shipped.
    pub fn over_since(&self, reservation: &Reservation) -> Option<i64> {
        if !reservation.is_over() {
            return None;
        }
        let last = self.history(reservation).last().map(|past| past.at)?;
        if reservation.state.is_final() {
            return Some(last);
        }
        let ship = reservation.facts.legs.iter().map(|leg| leg.ship).max();
        let ship = ship.map(|day| start_of(self.snapshot.epoch().date(day)));
        Some(last.max(ship.unwrap_or(last)))
    }

    /// Looks at `n` promises from a number on for those that are over, since an instant that is `wanted`.
    pub fn over(&self, from: u64, n: usize, wanted: impl Fn(i64) -> bool) -> Over {
        let mut found = Over::default();
        for (at, reservation) in self.reservations_from(from).enumerate() {
            if at == n {
                found.next = reservation.number;
                break;
            }
            if self.over_since(reservation).is_some_and(&wanted) {
                found.numbers.push(reservation.number);
            }
        }
        found
    }
}

impl Ledger {
    /// Forgets promises that are over.
    ///
    /// # Panics
    /// If one is not.
    pub fn forget(&mut self, numbers: &[u64]) -> Admitted<'_> {
        let is_over =
            |number: &u64| self.world().reservation(*number).is_some_and(|one| one.is_over());
        assert!(numbers.iter().all(is_over), "only what is over is forgotten");
        self.admitted(Fact::Forgotten { numbers: numbers.into() })
    }
}
