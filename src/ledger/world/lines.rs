//! The promises of an order line.

use super::{super::reservation::Reservation, World};
use std::sync::Arc;

impl World {
    /// The promises of an order line by its key; where the order has slashes of its own, of each reading.
    pub(in crate::ledger) fn of_line<'a>(
        &'a self,
        key: &'a str,
    ) -> impl Iterator<Item = &'a Arc<Reservation>> {
        key.match_indices('/').flat_map(move |(at, _)| {
            let (order, line) = (&key[..at], &key[at + 1..]);
            self.reservations_of(order).filter(move |member| &*member.facts.line == line)
        })
    }
}
