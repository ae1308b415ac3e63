//! The ledger checks itself: the numbered invariants as predicates over a world.
//!
//! Which predicate is whose, and who else asks it, says the table in `ARCHITECTURE.md`. A check recomputes everything from the
//! snapshot and the reservations and so costs as much as the world is large; it reads a pinned world and disturbs nobody.

use super::{
    consumption, digest::effect, history::Past, reservation::id, unforeseen::node_without_forecast,
    uses::Use, world::World,
};
use crate::{
    allocation,
    model::{
        AccountIx, Consumption, Day, Posting, ProfileRef, Quantity, Stock, StockAccount,
        profile::DayChange,
    },
    snapshot::Part,
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
    for (account, change) in back_from_forecasts(world, world.view.all_used()) {
        *reserved.entry((account.ix(), change.day)).or_default() += change.net;
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

/// What comes back to accounts and their nodes of the forecasts of which so much is used up; less than nothing where less is.
fn back_from_forecasts(
    world: &World,
    used: impl Iterator<Item = (Use, Quantity)>,
) -> impl Iterator<Item = (StockAccount, DayChange)> {
    used.flat_map(|(used, quantity)| {
        let place = (used.account, used.bucket);
        allocation::consumption(&world.snapshot, place, (Quantity::ZERO, quantity))
    })
}

/// How much less of forecasts the snapshot's own orders use up over which promises stand.
fn counts_again(world: &World) -> BTreeMap<AccountIx, Quantity> {
    let mut less: BTreeMap<AccountIx, Quantity> = BTreeMap::new();
    for reservation in world.reservations_from(0) {
        let uses = consumption::of(&world.snapshot, reservation).into_iter();
        for back in uses.filter(|posting| posting.quantity.is_positive()) {
            *less.entry(back.account).or_default() -= back.quantity;
        }
    }
    less
}

/// L1: accounts that are below zero on a day on which the snapshot has them higher, with the first such
/// day. Where nothing was forced, and no change took supply away from promises, there is none.
///
/// Nobody takes what a forecast has left: where a promise for something else stands over an order of the snapshot, its
/// forecast counts again and may be short by itself. What orders use up of a forecast comes back to the nodes that it took
/// of, whoever's the orders are, and goes again with them: of a node only that is overdrawn which no forecast takes.
pub fn overdrawn(world: &World) -> Vec<(AccountIx, Day)> {
    let less = counts_again(world).into_iter();
    let less = less.filter_map(|(number, quantity)| Some((Use::of(number)?, quantity)));
    let mut other_rests: BTreeMap<AccountIx, Stock> = BTreeMap::new();
    for (account, change) in back_from_forecasts(world, less) {
        let theirs = || Stock::of(allocation::stock(&world.snapshot, account));
        other_rests.entry(account.ix()).or_insert_with(theirs).change(change);
    }
    let overdrawn = |(account, ours): (AccountIx, ProfileRef<'_>)| {
        let theirs = allocation::profile(&world.snapshot, account);
        let other_rest = other_rests.get(&account).map(|stock| ProfileRef::Stock(stock.as_ref()));
        let days = (0..world.snapshot.epoch().n_days()).map(Day::at);
        let below = |day: &Day| {
            let balance = balance(ours, *day);
            let is_lower = |theirs: ProfileRef<'_>| balance < self::balance(theirs, *day);
            balance < Quantity::ZERO && is_lower(theirs) && other_rest.is_none_or(is_lower)
        };
        let mut days = days.filter(below).peekable();
        days.peek()?;
        let node = world.snapshot.as_stock(account);
        let unforeseen = node.and_then(|node| node_without_forecast(world, node));
        let is_short =
            |stock: &Stock, day| balance(ProfileRef::Stock(stock.as_ref()), day) < Quantity::ZERO;
        let day = days.find(|day| unforeseen.as_ref().is_none_or(|stock| is_short(stock, *day)));
        day.map(|day| (account, day))
    };
    world.view.changed().filter_map(overdrawn).collect()
}

/// What else does not hold of a world, in words: L5, A1 and F1. Empty if they do.
pub fn broken(world: &World) -> Vec<String> {
    let strayed = strayed(world).into_iter().map(|number| format!("L5: {} strayed", id(number)));
    let name = |account| world.snapshot.account_name(account);
    let uneven = uneven(world).into_iter().map(|(account, day)| {
        format!(
            "A1: the nodes of {} do not add up on {}",
            name(account),
            world.snapshot.epoch().date(day)
        )
    });
    let misused = misused(world).into_iter().map(|found| {
        format!("F1: what is used up of forecast {} of {}", found.bucket, name(found.account))
    });
    strayed.chain(uneven).chain(misused).collect()
}

/// L5: promises that have been through a step which their state before it does not allow.
pub fn strayed(world: &World) -> Vec<u64> {
    let is_legal = |pair: &[Past]| pair[1].step.is_none_or(|step| pair[0].state.allows(step));
    let strayed = world.histories().filter(|(_, steps)| !steps.windows(2).all(is_legal));
    strayed.map(|(number, _)| number).collect()
}

/// A1: accounts that are divided among nodes, and the first day on which those do not add up to it.
pub fn uneven(world: &World) -> Vec<(StockAccount, Day)> {
    let snapshot = &*world.snapshot;
    let divided = |account: AccountIx| {
        snapshot.as_whole(account).filter(|whole| allocation::is_divided(snapshot, *whole))
    };
    let uneven = |account: StockAccount| {
        let mut nets: BTreeMap<Day, Quantity> = BTreeMap::new();
        nets.extend(world.stock(account).changes().map(|one| (one.day, one.net)));
        for class in snapshot.classes.rows.indices() {
            let node = world.stock(snapshot.part(account, Part::Node(class)));
            node.changes().for_each(|one| *nets.entry(one.day).or_default() -= one.net);
        }
        nets.into_iter().find(|(_, net)| *net != Quantity::ZERO).map(|(day, _)| (account, day))
    };
    if snapshot.allocation.is_empty() {
        return Vec::new();
    }
    let named = snapshot.stocks.iter().map(|(account, _)| account.ix());
    let changed = world.view.changed().map(|(account, _)| account);
    let all: BTreeSet<StockAccount> = named.chain(changed).filter_map(divided).collect();
    all.into_iter().filter_map(uneven).collect()
}

/// F1: buckets of forecasts of which something else is used up than the promises ship of them.
pub fn misused(world: &World) -> Vec<Use> {
    let mut used: BTreeMap<AccountIx, Quantity> = BTreeMap::new();
    for reservation in world.reservations_from(0) {
        for posting in consumption::of(&world.snapshot, reservation) {
            *used.entry(posting.account).or_default() -= posting.quantity;
        }
    }
    for (bucket, quantity) in world.view.all_used() {
        *used.entry(bucket.account_ix()).or_default() -= quantity;
    }
    let wrong = used.into_iter().filter(|(_, quantity)| *quantity != Quantity::ZERO);
    wrong.filter_map(|(number, _)| Use::of(number)).collect()
}

/// R2: the numbers of promises that a world has lost which another one had.
pub fn lost(before: &World, after: &World) -> Vec<u64> {
    let numbers = before.reservations_from(0).map(|found| found.number);
    numbers.filter(|number| after.reservation(*number).is_none()).collect()
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
