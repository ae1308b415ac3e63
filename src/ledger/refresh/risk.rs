//! Which promises count on supply that is gone.
//!
//! An account is short where its balance falls below zero. The shortage is laid on the promises that
//! were made last: those that came first keep what there is, as they did when they were made. So the
//! promises at risk are the fewest whose absence would end the shortage, newest first.

use crate::{
    allocation::is_only_counted,
    ledger::{effective, reservation::Reservation, unforeseen, world::World},
    model::{
        AccountIx, Consumption, Day, Posting, Profile, ProfileRef, Quantity, Stock, StockRef,
        patience::look, profile::DayChange,
    },
    snapshot::{Account, capacity::Owner},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Those accounts whose balance falls below zero on some day.
pub(in crate::ledger) fn short_accounts(
    world: &World,
    accounts: impl IntoIterator<Item = AccountIx>,
) -> BTreeSet<AccountIx> {
    let n_days = world.snapshot.epoch().n_days();
    let is_short = |account: &AccountIx| {
        look();
        can_be_short(world, *account)
            && match without_forecast(world, *account) {
                Some(stock) => is_short(ProfileRef::Stock(stock.as_ref()), n_days),
                None => is_short(world.profile(*account), n_days),
            }
    };
    accounts.into_iter().filter(is_short).collect()
}

/// Stock as it would be if nothing more were forecast; none where nothing is.
fn without_forecast(world: &World, account: AccountIx) -> Option<Stock> {
    unforeseen::without_forecast(world, world.snapshot.as_stock(account)?)
}

/// The profile by which an account is short: what is only forecast puts nobody at risk.
fn judged(world: &World, account: AccountIx) -> Profile {
    match without_forecast(world, account) {
        Some(stock) => Profile::Stock(stock),
        None => world.profile(account).to_owned(),
    }
}

/// A limit that the snapshot no longer has is nobody's shortage.
fn can_be_short(world: &World, account: AccountIx) -> bool {
    match world.snapshot.account(account) {
        Account::Stock(..) => true,
        Account::Part(..) => !is_only_counted(&world.snapshot, account),
        Account::Capacity(capacity) => match world.snapshot.capacities[capacity].owner {
            Owner::Resource(_) => true,
            Owner::Supplier(..) | Owner::House(_) => !world.snapshot.is_adopted(capacity),
        },
    }
}

/// The reservations among some that the shortages of accounts are laid on, account by account.
pub(in crate::ledger) fn blamed<'a>(
    world: &'a World,
    short: &BTreeSet<AccountIx>,
    among: impl Iterator<Item = &'a Arc<Reservation>>,
) -> BTreeMap<AccountIx, BTreeSet<u64>> {
    let mut takers: BTreeMap<AccountIx, BTreeMap<Reverse<u64>, Vec<Posting>>> = BTreeMap::new();
    for reservation in among.filter(|reservation| reservation.is_live()) {
        look();
        for posting in
            effective::moves(reservation).filter(|posting| short.contains(&posting.account))
        {
            let of_account = takers.entry(posting.account).or_default();
            of_account.entry(Reverse(reservation.number)).or_default().push(posting);
        }
    }
    let blamed = takers
        .into_iter()
        .map(|(account, takers)| (account, blame(judged(world, account), &takers)));
    blamed.filter(|(_, numbers)| !numbers.is_empty()).collect()
}

/// Gives back what was taken, the latest promise first, as long as that eases a shortage.
fn blame(mut profile: Profile, takers: &BTreeMap<Reverse<u64>, Vec<Posting>>) -> BTreeSet<u64> {
    let mut blamed = BTreeSet::new();
    for (Reverse(number), moves) in takers {
        if adds_to_shortage(profile.as_ref(), moves) {
            for taken in moves.iter().filter(|posting| posting.quantity < Quantity::ZERO) {
                profile.post(taken.day, -taken.quantity);
            }
            blamed.insert(*number);
        }
    }
    blamed
}

/// Whether an account is short on a day on which these postings took more than they gave.
fn adds_to_shortage(profile: ProfileRef<'_>, moves: &[Posting]) -> bool {
    let net = |counts: &dyn Fn(Day) -> bool| -> Quantity {
        let counted = moves.iter().filter(|posting| counts(posting.day));
        counted.map(|posting| posting.quantity).sum()
    };
    match profile {
        ProfileRef::Capacity(capacity) => moves.iter().any(|posting| {
            capacity.balance(posting.day) < Quantity::ZERO
                && net(&|day| day == posting.day) < Quantity::ZERO
        }),
        ProfileRef::Stock(stock) => shortages(stock).any(|short| {
            let counts = |day: Day| match stock.consumption {
                Consumption::Both | Consumption::Backward => day <= short,
                Consumption::None => day == short,
            };
            net(&counts) < Quantity::ZERO
        }),
    }
}

fn is_short(profile: ProfileRef<'_>, n_days: usize) -> bool {
    match profile {
        ProfileRef::Capacity(capacity) => {
            (0..n_days).any(|day| capacity.balance(Day::at(day)) < Quantity::ZERO)
        }
        ProfileRef::Stock(stock) => shortages(stock).next().is_some(),
    }
}

/// The days on which a stock account is below zero, or is written off.
fn shortages(stock: StockRef<'_>) -> impl Iterator<Item = Day> {
    let mut balance = Quantity::ZERO;
    let below = move |change: DayChange| {
        balance = match stock.consumption {
            Consumption::Both => balance + change.net,
            Consumption::Backward => balance.max(Quantity::ZERO) + change.net,
            Consumption::None => change.net,
        };
        (balance < Quantity::ZERO).then_some(change.day)
    };
    stock.changes().filter_map(below)
}
