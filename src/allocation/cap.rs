//! `cap`: the classes under a node get at most so many units in a period (semantics 7).
//!
//! An account has what may still be promised of it in a period ([`Part::Cap`]).

use super::{Profiles, count::in_force};
use crate::{
    model::{Day, Quantity, StockAccount},
    snapshot::{ClassIx, Part, Snapshot, allocation_rule::Limit},
};

/// Whether a stock account is under a cap at all.
pub fn holds(snapshot: &Snapshot, account: StockAccount) -> bool {
    snapshot.allocation_rule(account).is_some_and(|rule| !rule.caps.is_empty())
}

/// What may still be promised under a cap, be it less than nothing.
pub fn left(
    profiles: &impl Profiles,
    account: StockAccount,
    (class, day): (ClassIx, Day),
) -> Quantity {
    profiles.stock(profiles.snapshot().part(account, Part::Cap(class))).net_on(day)
}

/// The cap of a class, or of one above it, that leaves a leg on a day the least room, and that room.
pub fn tightest(
    profiles: &impl Profiles,
    account: StockAccount,
    class: Option<ClassIx>,
    ship: Day,
) -> Option<(Limit, Quantity)> {
    let snapshot = profiles.snapshot();
    let caps = &snapshot.allocation_rule(account)?.caps;
    let room = |limit: &Limit| {
        let part = snapshot.part(account, Part::Cap(limit.class));
        Some((*limit, profiles.stock(part).available(limit.day()?)))
    };
    let rooms = in_force(snapshot, caps, class, ship).filter_map(room);
    rooms.min_by_key(|(_, room)| *room)
}
