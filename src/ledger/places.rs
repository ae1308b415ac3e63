//! Where a reservation posts, and when it ends by itself.

use super::reservation::{Reservation, State};
use crate::model::AccountIx;

/// The accounts on which a promise posts, and its source's own demand of its line.
pub(super) fn places_of(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let postings = reservation.postings.iter().chain(reservation.theirs());
    postings.map(|posting| posting.account)
}

/// When a hold ends, in microseconds since 1970 UTC; none of what is none.
pub(super) fn hold_end(reservation: &Reservation) -> Option<i64> {
    match reservation.state {
        State::Held { until } => Some(until),
        State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => None,
    }
}
