//! What the parts of a stock account have before any promise (semantics 7).
//!
//! Under a share rule every class node has a profile of its own: its part of every supply, less what the snapshot's
//! demands take of it (`history.rs`). Caps and protected quantities have one day a period. All of it is worked out once,
//! when it is first asked for, from the snapshot alone, which keeps it.

use super::{
    count::{Counters, caps, day_within, promised, protected},
    history::divide,
};
use crate::{
    model::{
        AccountIx, AccountKind, Consumption, Index, ProfileRef, Quantity, Stock, StockAccount,
        StockRef, profile::DayChange,
    },
    snapshot::{
        AllocationIx, ClassIx, Part, Snapshot, allocation_rule::Limit, allocations::BlockOrigin,
        block::Block,
    },
};
use std::ops::Range;

/// The profile of any account as the snapshot has it, before any promise.
pub fn profile(snapshot: &Snapshot, account: impl Into<AccountIx>) -> ProfileRef<'_> {
    match snapshot.kind(account.into()) {
        AccountKind::Stock(account) => ProfileRef::Stock(stock(snapshot, account)),
        AccountKind::Capacity(account) => ProfileRef::Capacity(snapshot.opening_capacity(account)),
    }
}

/// The same of a stock account, or of a part of one.
pub fn stock(snapshot: &Snapshot, account: StockAccount) -> StockRef<'_> {
    snapshot.whole_stock(account).unwrap_or_else(|| part_profile(snapshot, account))
}

fn part_profile(snapshot: &Snapshot, account: StockAccount) -> StockRef<'_> {
    let (whole, part) =
        snapshot.whole(account.ix()).expect("only parts are no accounts of their own");
    let consumption = part.consumption(snapshot.rule_of(whole).consumption);
    match snapshot.allocation_rule_ix(whole) {
        Some(rule) => block(snapshot, whole, rule).profile(part, consumption),
        None => StockRef::empty(consumption),
    }
}

/// The nodes of one divided account, as the snapshot has them: asked for together, since whoever walks
/// them asks for many.
#[derive(Clone, Debug)]
pub(super) struct Nodes<'a> {
    block: &'a Block,
    numbers: Range<u64>,
    consumption: Consumption,
}

impl<'a> Nodes<'a> {
    /// The profile of a class's node.
    pub(super) fn profile(&self, class: ClassIx) -> StockRef<'a> {
        self.block.profile(Part::Node(class), self.consumption)
    }

    /// The account of a class's node.
    pub(super) fn account(&self, class: ClassIx) -> StockAccount {
        StockAccount::known(AccountIx(self.numbers.start + class.to_usize() as u64))
    }

    /// The accounts of all nodes.
    pub(super) fn numbers(&self) -> &Range<u64> {
        &self.numbers
    }
}

/// The nodes of a divided account; none where no rule divides it.
pub(super) fn nodes(snapshot: &Snapshot, account: StockAccount) -> Option<Nodes<'_>> {
    let rule = snapshot.allocation_rule_ix(account)?;
    if !snapshot.allocation.rows[rule].divides() {
        return None;
    }
    Some(Nodes {
        block: block(snapshot, account, rule),
        numbers: snapshot.node_numbers(account),
        consumption: snapshot.rule_of(account).consumption,
    })
}

fn block(snapshot: &Snapshot, account: StockAccount, rule: AllocationIx) -> &Block {
    snapshot.block(account, rule, |rule, known| {
        let account = match known {
            BlockOrigin::Account(account) => Some(account),
            BlockOrigin::Nothing => None,
        };
        let divided = account.filter(|_| rule.divides());
        let nodes = divided.map_or(Vec::new(), |account| divide(snapshot, rule, account).1);
        let counted = |counters: Counters<'_>| counted(snapshot, account, &counters);
        Block::new(&nodes, &counted(caps(rule)), &counted(protected(rule)))
    })
}

/// The profiles that count limits, one a class; no one where there are no limits.
fn counted(
    snapshot: &Snapshot,
    account: Option<StockAccount>,
    counters: &Counters<'_>,
) -> Vec<Stock> {
    let change = |limit: &Limit| {
        let day = day_within(snapshot, limit)?;
        let promised = account.map(|account| promised(snapshot, account, limit));
        let net = counters.opening(limit, promised.unwrap_or_default());
        Some(DayChange { day, net, committed: Quantity::ZERO })
    };
    let of_class = |class: ClassIx| {
        let limits = counters.limits.iter().filter(|limit| limit.class == class);
        Stock::new(Consumption::None, limits.filter_map(change))
    };
    let classes = snapshot.classes.rows.indices().filter(|_| !counters.limits.is_empty());
    classes.map(of_class).collect()
}
