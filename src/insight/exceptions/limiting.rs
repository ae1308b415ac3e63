//! What limits a promise: the document, component, resource, supplier or class without which it would be better.
//!
//! Of one at risk it is the account that is short, and what made it so. Of a late one it is read from what it is made
//! of ([`super::critical`]). No search is made for it; `Explain` makes one.

use super::{
    Slip, critical,
    limit::{Limiting, shortage},
};
use crate::{
    insight::{pegging, takes::Takes},
    ledger::{Reservation, World, effective::moves},
    model::{AccountIx, Day, ProfileRef, Quantity},
    promising::availability::{AtpQuestion, quick},
    snapshot::{ClassIx, SupplyIx},
};
use std::{collections::BTreeMap, sync::Arc};

/// What limits a promise at risk, and why in a few words: the account that it takes of and that is short.
pub fn at_risk(
    world: &World,
    promise: &Reservation,
    slips: &BTreeMap<SupplyIx, Slip>,
) -> (Limiting, String) {
    // The nodes of an account say more than the account.
    let mut found: Option<AccountIx> = None;
    for posting in moves(promise).filter(|posting| posting.quantity < Quantity::ZERO) {
        if shortage(world, posting.account).is_some() {
            let is_part = world.snapshot.whole(posting.account).is_some();
            if found.is_none() || is_part {
                found = Some(posting.account);
            }
        }
    }
    let Some(account) = found else {
        return (Limiting::default(), "the supply that it counts on is gone".to_string());
    };
    let name = world.snapshot.account_name(account);
    let whole = world.snapshot.whole(account).map_or(account, |(whole, _)| whole.ix());
    let limiting = Limiting::of_account(&world.snapshot, account);
    let mut slipped: Vec<_> = slips.iter().filter(|(_, slip)| whole == slip.account).collect();
    slipped.sort_by_key(|(_, slip)| (!slip.is_cancelled, std::cmp::Reverse(slip.days)));
    match slipped.first() {
        Some((supply, slip)) => {
            let words = format!(
                "{} {}",
                world.snapshot.supplies.names.name(**supply),
                slip.words(&world.snapshot)
            );
            let limiting = Limiting { supply: Some(**supply), supplier: slip.supplier, ..limiting };
            (limiting, words)
        }
        None => (limiting, format!("{name} is short")),
    }
}

/// What limits a promise as it is made now, and why in a few words.
pub fn of_promise(takes: &mut Takes, promise: &Arc<Reservation>) -> (Limiting, String) {
    let mut legs = pegging::of_promise(takes, promise);
    legs.sort_by_key(|(leg, _)| (leg.days_late, leg.need));
    let Some((leg, pegs)) = legs.pop() else {
        return (Limiting::default(), "nothing of it is promised".to_string());
    };
    let world = takes.world();
    if let Some(class) = share(world, promise, &leg) {
        let limiting = Limiting {
            item: Some(leg.item),
            location: Some(leg.location),
            class: Some(class),
            ..Limiting::default()
        };
        let name = world.snapshot.classes.names.name(class);
        return (limiting, format!("there is stock, but not for class {name}"));
    }
    critical::of_pegs(takes, promise, &pegs)
}

/// The class of a promise whose leg comes from stock that was there for others on the day asked for.
fn share(
    world: &World,
    promise: &Reservation,
    leg: &crate::ledger::reservation::Leg,
) -> Option<ClassIx> {
    let account = world.snapshot.stock(leg.item, leg.location);
    world.snapshot.allocation_rule(account)?;
    let class = promise.facts.class?;
    let ProfileRef::Stock(profile) = world.profile(account) else { return None };
    let asked = Day(leg.need.0 - leg.days_late).max(Day::ZERO);
    let of_class = AtpQuestion { item: leg.item, location: leg.location, class: Some(class) };
    let is_there = leg.quantity <= profile.available(asked);
    (is_there && quick(world, of_class, leg.quantity, asked).available < leg.quantity)
        .then_some(class)
}
