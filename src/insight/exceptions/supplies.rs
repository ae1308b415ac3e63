//! Scheduled supplies that are late, and who waits for them.

use super::{Exception, ExceptionKind, Limiting, Slip};
use crate::{
    insight::{
        matching::{SupplyDocument, Who},
        takes::Takes,
    },
    ledger::{Reservation, Since},
    model::{AccountIx, Day, StockAccount},
    snapshot::{Account, SupplyIx, kinds::SupplyKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The supplies that are past due or have slipped, and that somebody waits for.
pub(super) fn all(takes: &mut Takes, slips: &BTreeMap<SupplyIx, Slip>) -> Vec<Exception> {
    let world = takes.world().clone();
    let mut late: BTreeMap<SupplyIx, (AccountIx, i32)> = BTreeMap::new();
    let mut accounts: BTreeSet<AccountIx> = takes.accounts();
    accounts.extend(world.snapshot.stocks.known_accounts().into_iter().map(StockAccount::ix));
    for account in accounts {
        for row in world.snapshot.supplies.of(account).iter() {
            let is_due = row.kind != SupplyKind::OnHand && row.due < Day::ZERO;
            if let Some(supply) = row.supply.filter(|_| is_due && row.quantity.is_positive()) {
                late.insert(supply, (account, -row.due.0));
            }
        }
    }
    for (supply, slip) in slips {
        let days = slip.days.max(late.get(supply).map_or(0, |(_, days)| *days));
        late.insert(*supply, (slip.account.ix(), days));
    }
    let one =
        |(supply, (account, days))| supply_late(takes, (supply, account, days), slips.get(&supply));
    late.into_iter().filter_map(one).collect()
}

/// A supply that is late, if anybody waits for it.
pub(super) fn supply_late(
    takes: &mut Takes,
    (supply, account, days): (SupplyIx, AccountIx, i32),
    slip: Option<&Slip>,
) -> Option<Exception> {
    let world = takes.world().clone();
    let matches = takes.matching(account).takers_of(SupplyDocument::Supply(supply));
    let mut promises: BTreeMap<u64, &Arc<Reservation>> = BTreeMap::new();
    let mut n_demands = 0;
    for found in &matches {
        match found.taken.who {
            Who::Promise { number, .. } => {
                promises.extend(world.reservation(number).map(|promise| (number, promise)));
            }
            Who::Demand(_) => n_demands += 1,
        }
    }
    if slip.is_some() {
        // Whoever is at risk on the account is so for want of it.
        let hurt = takes.of(account).filter(|promise| promise.at_risk);
        let hurt: Vec<u64> = hurt.map(|promise| promise.number).collect();
        promises
            .extend(hurt.iter().filter_map(|number| Some((*number, world.reservation(*number)?))));
    }
    if promises.is_empty() && n_demands == 0 {
        return None;
    }
    let snapshot = &world.snapshot;
    let name = snapshot.supplies.names.name(supply);
    let row = snapshot.supplies.of(account).iter().find(|row| row.supply == Some(supply));
    let Account::Stock(item, location) = snapshot.account(account) else { return None };
    let cause = match (slip, &row) {
        (Some(slip), _) => format!("{name} {}", slip.words(snapshot)),
        (None, Some(row)) => format!("{name} was due on {}", snapshot.epoch().date(row.due)),
        (None, None) => return None,
    };
    let supplier =
        row.as_ref().and_then(|row| row.supplier).or(slip.and_then(|slip| slip.supplier));
    let first = promises.keys().filter_map(|number| world.at_risk_since(*number)).min();
    let known = slip.map(|slip| Since { at: slip.known_at, position: 0 });
    let mut exception = Exception {
        cause,
        days,
        since: first.or(known).unwrap_or_else(|| world.serves_since()),
        limiting: Limiting {
            supply: Some(supply),
            item: Some(item),
            location: Some(location),
            supplier,
            ..Limiting::default()
        },
        item: Some(item),
        location: Some(location),
        day: row.as_ref().map(|row| row.due),
        quantity: snapshot.shown_of(
            account,
            match (&row, slip) {
                (Some(row), _) => row.quantity,
                (None, slip) => slip.map(|slip| slip.less).unwrap_or_default(),
            },
        ),
        ..Exception::new(ExceptionKind::SupplyLate, name.clone())
    };
    exception.concern(promises.into_values().collect());
    Some(exception)
}
