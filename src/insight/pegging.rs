//! What a live promise, or a demand, is made of as things stand now; and who counts on what.
//!
//! A promise's tree is read from what it posts: its planned lots say what they take, and what comes from stock is
//! matched account by account ([`super::matching`]).

mod node;
mod tree;

pub use node::{PegNode, PegOrigin, Pegged};
pub use tree::demand_of;

use tree::PegTree;

use super::{
    matching::{Match, Matching, SupplyDocument, Taken, Who},
    takes::Takes,
};
use crate::{
    ledger::{Reservation, World},
    model::{AccountIx, Posting, Quantity},
    snapshot::{Account, DemandIx},
};
use std::{collections::BTreeMap, sync::Arc};

/// The legs of a promise with what they are made of.
pub fn of_promise(takes: &mut Takes, promise: &Arc<Reservation>) -> Vec<Pegged> {
    let mut tree = PegTree::new(takes, promise);
    let legs = promise.facts.legs.iter();
    legs.map(|leg| (leg.clone(), tree.of_leg(leg))).collect()
}

/// What a lot that a promise has planned is made of; none where it gives nothing any more.
pub fn of_lot(takes: &mut Takes, promise: &Arc<Reservation>, planned: u32) -> Option<PegNode> {
    let lot = *promise.plan.iter().find(|lot| lot.number == planned)?;
    let snapshot = Arc::clone(&takes.world().snapshot);
    let is_goods = |posting: &&Posting| {
        posting.planned == planned
            && posting.quantity.is_positive()
            && snapshot.whole(posting.account).is_none()
    };
    let gives = *promise.postings.iter().find(is_goods)?;
    let Account::Stock(item, location) = snapshot.account(gives.account) else { return None };
    let mut tree = PegTree::new(takes, promise);
    let (source, below) = (tree.source(lot, (item, location), gives), tree.below(planned));
    Some(PegNode { item, location, quantity: gives.quantity, day: gives.day, source, below })
}

/// What a demand of the snapshot is made of, with its item, place and day; none where it takes nothing.
pub fn of_demand(takes: &mut Takes, demand: DemandIx) -> Option<PegNode> {
    let snapshot = Arc::clone(&takes.world().snapshot);
    let account = snapshot.demands.account(demand)?;
    let row = snapshot.demands.of(account).iter().find(|row| row.demand == demand)?;
    let (item, location) = snapshot.pair(account);
    let day = row.day?;
    let documents = takes.matching(account.ix()).documents_of(Who::Demand(demand), day);
    let source = PegOrigin::Stock { documents, shares: Vec::new() };
    Some(PegNode { item, location, quantity: row.quantity, day, source, below: Vec::new() })
}

/// Who counts on a document of an account.
pub fn used_by(takes: &mut Takes, account: AccountIx, document: SupplyDocument) -> Vec<Match> {
    takes.matching(account).takers_of(document)
}

/// Who, besides the promise itself, counts on what it has planned.
pub fn used_of(takes: &mut Takes, promise: &Reservation) -> Vec<(AccountIx, Match)> {
    let number = promise.number;
    let lots = promise.postings.iter().filter(|one| one.planned != 0 && one.quantity.is_positive());
    let mut all = Vec::new();
    for lot in lots
        .filter(|lot| takes.world().snapshot.whole(lot.account).is_none())
        .copied()
        .collect::<Vec<_>>()
    {
        let document = SupplyDocument::Lot { number, planned: lot.planned };
        let is_other = |found: &Match| !matches!(found.taken.who, Who::Promise { number: other, .. } if other == number);
        let found = used_by(takes, lot.account, document).into_iter().filter(is_other);
        all.extend(found.map(|found| (lot.account, found)));
    }
    all
}

/// Who takes of an expiring account, and when.
pub fn hours_of(takes: &Takes, account: AccountIx) -> Vec<(AccountIx, Match)> {
    let mut all = Vec::new();
    for promise in takes.of(account) {
        let own =
            |posting: &&Posting| posting.account == account && posting.quantity < Quantity::ZERO;
        for posting in promise.postings.iter().filter(own) {
            let who = Who::Promise { number: promise.number, planned: posting.planned };
            let (day, quantity) = (posting.day, -posting.quantity);
            let document = SupplyDocument::Lot { number: promise.number, planned: posting.planned };
            let taken = Taken { who, day, quantity };
            all.push((account, Match { taken, document, quantity }));
        }
    }
    all.sort_by_key(|(_, found)| (found.taken.day, found.taken.who));
    all
}

/// Documents that are pegged for more than they have, over all takers of all accounts, and takers that the two ways of
/// reading a matching tell differently: there must be none (P5). Costs as much as all pegs.
pub fn over_pegged(world: &World) -> Vec<String> {
    let mut takes = Takes::default();
    takes.keep_up(world);
    let snapshot = &world.snapshot;
    let is_stock = |account: &AccountIx| matches!(snapshot.account(*account), Account::Stock(..));
    let accounts = takes.accounts().into_iter().filter(is_stock);
    // One after the other: all of them together would take as much room as the world.
    let told = |account| {
        let over = over_pegged_of(&takes.matched(account)).into_iter();
        over.map(move |over| format!("{}: {over}", snapshot.account_name(account)))
    };
    accounts.flat_map(told).collect()
}

fn over_pegged_of(matching: &Matching) -> Vec<String> {
    let mut has: BTreeMap<SupplyDocument, Quantity> = BTreeMap::new();
    matching.there.iter().for_each(|one| *has.entry(one.document).or_default() += one.quantity);
    let mut pegged: BTreeMap<SupplyDocument, Quantity> = BTreeMap::new();
    for (who, day) in matching.all_takers() {
        for (document, part) in matching.documents_of(who, day) {
            *pegged.entry(document).or_default() += part;
        }
    }
    let over = pegged.into_iter().filter_map(|(document, part)| {
        let has = has.get(&document).copied().unwrap_or_default();
        let other: Quantity = matching.takers_of(document).iter().map(|one| one.quantity).sum();
        let is_wrong = has < part || other != part;
        is_wrong.then(|| format!("{part} of {has} of {document:?}, read the other way {other}"))
    });
    over.collect()
}
