//! The ledger checks itself: the numbered invariants as predicates over a world.
//!
//! L1 and L2 are here; L3 and L5 are asserted by [`Ledger::apply`](super::Ledger::apply), L4 belongs to
//! the engine and L6 to the tests. A check recomputes everything from the snapshot and the reservations
//! and so costs as much as the world is large; it reads a pinned world and disturbs nobody.

use super::{digest::effect, world::World};
use crate::{
    allocation,
    model::{AccountIx, Consumption, Day, Posting, ProfileRef, Quantity},
};
use std::collections::{BTreeMap, BTreeSet};

/// A balance that is not what the reservations say (L2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The account.
    pub account: AccountIx,
    /// The day.
    pub day: Day,
    /// What the reservations give on that day, net.
    pub reserved: Quantity,
    /// What the view has, net.
    pub viewed: Quantity,
}

/// L2: what the view says is taken is the sum over the reservations. Empty if it holds.
pub fn divergences(world: &World) -> Vec<Divergence> {
    let mut reserved: BTreeMap<(AccountIx, Day), Quantity> = BTreeMap::new();
    for reservation in world.reservations_from(0) {
        for posting in reservation.postings.iter() {
            *reserved.entry((posting.account, posting.day)).or_default() += posting.quantity;
        }
    }
    // What is used up of a forecast comes back to the account.
    for (used, quantity) in world.view.all_used() {
        let place = (used.account, used.bucket);
        let used = (Quantity::ZERO, quantity);
        for (account, change) in allocation::consumption(&world.snapshot, place, used) {
            *reserved.entry((account, change.day)).or_default() += change.net;
        }
    }
    let place = |posting: Posting| ((posting.account, posting.day), posting.quantity);
    let viewed: BTreeMap<_, _> = effect(world).map(place).collect();
    let places: BTreeSet<_> = reserved.keys().chain(viewed.keys()).copied().collect();
    let look_up = |(account, day)| Divergence {
        account,
        day,
        reserved: reserved.get(&(account, day)).copied().unwrap_or_default(),
        viewed: viewed.get(&(account, day)).copied().unwrap_or_default(),
    };
    places.into_iter().map(look_up).filter(|found| found.reserved != found.viewed).collect()
}

/// L1: accounts that are below zero on a day on which the snapshot has them higher, with the first such
/// day. Where nothing was forced, and no change took supply away from promises, there is none.
pub fn overdrawn(world: &World) -> Vec<(AccountIx, Day)> {
    let overdrawn = |(account, ours): (AccountIx, ProfileRef<'_>)| {
        let theirs = allocation::profile(&world.snapshot, account);
        let days = (0..world.snapshot.epoch().n_days()).map(Day::at);
        let below = |day: &Day| {
            let balance = balance(ours, *day);
            balance < Quantity::ZERO && balance < self::balance(theirs, *day)
        };
        days.filter(below).map(|day| (account, day)).next()
    };
    world.view.changed().filter_map(overdrawn).collect()
}

/// The balance by which an account is overdrawn. Where shortages are written off there is none: there
/// the availability never falls below zero.
fn balance(profile: ProfileRef<'_>, day: Day) -> Quantity {
    match profile {
        ProfileRef::Stock(stock) => match stock.consumption {
            Consumption::Both => stock.balance(day),
            Consumption::Backward | Consumption::None => stock.available(day),
        },
        ProfileRef::Capacity(capacity) => capacity.balance(day),
    }
}
