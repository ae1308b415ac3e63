//! Accounts that are below zero, and classes that have more than is theirs.

use super::{Exception, ExceptionKind, Limiting, Slip, shortage};
use crate::{
    allocation::is_only_counted,
    insight::takes::Takes,
    ledger::{Reservation, World},
    model::{AccountIx, Consumption, ProfileRef, StockAccount},
    snapshot::{Account, SupplyIx},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Accounts and parts of accounts that are below zero on some day.
pub(super) fn all(takes: &Takes, slips: &BTreeMap<SupplyIx, Slip>) -> Vec<Exception> {
    let world = takes.world();
    let snapshot = &world.snapshot;
    let mut accounts: BTreeSet<AccountIx> =
        snapshot.stocks.known_accounts().into_iter().map(StockAccount::ix).collect();
    accounts.extend(world.view.changed().map(|(account, _)| account));
    accounts.extend(
        (0..snapshot.capacities.len())
            .map(|at| snapshot.capacity(crate::model::Index::from_usize(at)).ix()),
    );
    if !snapshot.allocation.is_empty() {
        let parts: Vec<_> =
            accounts.iter().flat_map(|account| snapshot.parts_of(*account)).collect();
        accounts.extend(parts);
    }
    let short = accounts.into_iter().filter(|account| may_be_short(world, *account));
    short.filter_map(|account| one(takes, account, slips)).collect()
}

/// Whether it is worth a look: what there is is below zero on some day, or days stand alone.
fn may_be_short(world: &World, account: AccountIx) -> bool {
    match world.profile(account) {
        ProfileRef::Stock(stock) if stock.consumption != Consumption::Both => true,
        ProfileRef::Stock(stock) => (0..stock.days().len()).any(|at| stock.cum(at) < 0),
        ProfileRef::Capacity(_) => world.view.has_changed(account) || has_claims(world, account),
    }
}

/// Whether the snapshot itself has taken of a capacity; one of which nothing is taken is not short.
fn has_claims(world: &World, account: AccountIx) -> bool {
    match world.snapshot.account(account) {
        Account::Capacity(capacity) => !world.snapshot.capacities[capacity].taken.is_empty(),
        Account::Stock(..) | Account::Part(..) => false,
    }
}

/// What is short on an account, if anything is.
pub(super) fn one(
    takes: &Takes,
    account: AccountIx,
    slips: &BTreeMap<SupplyIx, Slip>,
) -> Option<Exception> {
    let world = takes.world();
    let snapshot = &world.snapshot;
    let (kind, whole) = match snapshot.account(account) {
        Account::Part(..) if is_only_counted(snapshot, account) => return None,
        Account::Part(whole, _) => (ExceptionKind::OverConsumed, whole.ix()),
        Account::Capacity(capacity) if snapshot.is_adopted(capacity) => return None,
        Account::Stock(..) | Account::Capacity(_) => (ExceptionKind::Overcommitted, account),
    };
    let (day, missing) = shortage(world, account)?;
    let missing = snapshot.shown_of(account, missing);
    let date = snapshot.epoch().date(day);
    let mut limiting = Limiting::of_account(snapshot, account);
    let name = snapshot.account_name(whole);
    let subject = match (kind, limiting.class) {
        (ExceptionKind::OverConsumed, Some(class)) => {
            format!("{name}/{}", snapshot.classes.names.name(class))
        }
        _ => format!("{name}/{date}"),
    };
    let hurt: Vec<&Arc<Reservation>> = takes.of(account).filter(|found| found.is_live()).collect();
    let at_risk: Vec<&Arc<Reservation>> =
        hurt.iter().copied().filter(|found| found.at_risk).collect();
    let since = at_risk.iter().filter_map(|found| world.at_risk_since(found.number)).min();
    let slipped = slips.iter().find(|(_, slip)| whole == slip.account);
    let because = slipped.map(|(supply, slip)| {
        limiting.supply = Some(*supply);
        limiting.supplier = limiting.supplier.or(slip.supplier);
        format!(": {} {}", snapshot.supplies.names.name(*supply), slip.words(snapshot))
    });
    let who = match (kind, limiting.class) {
        (ExceptionKind::OverConsumed, Some(class)) => {
            format!(
                "class {} has {missing} more of {name} than is its",
                snapshot.classes.names.name(class)
            )
        }
        _ => format!("{name} is {missing} short from {date} on"),
    };
    let mut exception = Exception {
        cause: format!("{who}{}", because.unwrap_or_default()),
        since: since.unwrap_or_else(|| world.serves_since()),
        item: limiting.item,
        location: limiting.location,
        limiting,
        day: Some(day),
        quantity: missing,
        ..Exception::new(kind, subject)
    };
    exception.concern(if at_risk.is_empty() { hurt } else { at_risk });
    Some(exception)
}
