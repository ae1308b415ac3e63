//! What the parts of a stock account have before any promise (semantics 7).
//!
//! Under a share rule every class node has a profile of its own: its part of every supply, less what the snapshot's
//! demands take of it (`history.rs`). Caps and protected quantities have one day a period. All of it is worked out once,
//! when it is first asked for, from the snapshot alone, which keeps it.

use super::{
    cap,
    history::divide,
    limit::{day_within, promised},
    protect,
};
use crate::{
    model::{
        AccountIx, Consumption, Index, ProfileRef, Quantity, Stock, StockRef, profile::Change,
    },
    snapshot::{
        AllocationIx, ClassIx, Part, Snapshot,
        allocation_rule::{AllocationRule, Limit},
        allocations::Known,
        block::Block,
    },
};
use std::ops::Range;

/// The profile of any account as the snapshot has it, before any promise.
pub fn profile(snapshot: &Snapshot, account: AccountIx) -> ProfileRef<'_> {
    snapshot
        .whole_profile(account)
        .unwrap_or_else(|| ProfileRef::Stock(part_profile(snapshot, account)))
}

fn part_profile(snapshot: &Snapshot, account: AccountIx) -> StockRef<'_> {
    let (whole, part) = snapshot.whole(account).expect("only parts are no accounts of their own");
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
    pub(super) fn account(&self, class: ClassIx) -> AccountIx {
        AccountIx(self.numbers.start + class.to_usize() as u64)
    }

    /// The accounts of all nodes.
    pub(super) fn numbers(&self) -> &Range<u64> {
        &self.numbers
    }
}

/// The nodes of a divided account; none where no rule divides it.
pub(super) fn nodes(snapshot: &Snapshot, account: AccountIx) -> Option<Nodes<'_>> {
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

fn block(snapshot: &Snapshot, account: AccountIx, rule: AllocationIx) -> &Block {
    snapshot.block(account, rule, |rule, known| match known {
        Known::Account(account) => of_account(snapshot, rule, account),
        Known::Nothing => Block::new(
            &[],
            &counters(snapshot, &rule.caps, |limit| cap::opening(limit.value, Quantity::ZERO)),
            &counters(snapshot, &rule.protects, |limit| {
                protect::opening(limit.value, Quantity::ZERO)
            }),
        ),
    })
}

/// What a rule makes of an account of which something is known.
fn of_account(snapshot: &Snapshot, rule: &AllocationRule, account: AccountIx) -> Block {
    let nodes = if rule.divides() { divide(snapshot, rule, account).1 } else { Vec::new() };
    let promised = |limit: &Limit| promised(snapshot, account, limit);
    let caps = counters(snapshot, &rule.caps, |limit| cap::opening(limit.value, promised(limit)));
    let kept =
        counters(snapshot, &rule.protects, |limit| protect::opening(limit.value, promised(limit)));
    Block::new(&nodes, &caps, &kept)
}

/// The counters of limits, one a class; no one where there are no limits.
fn counters(
    snapshot: &Snapshot,
    limits: &[Limit],
    opening: impl Fn(&Limit) -> Quantity,
) -> Vec<Stock> {
    let change = |limit: &Limit| {
        let (day, net) = (day_within(snapshot, limit)?, opening(limit));
        Some(Change { day, net, committed: Quantity::ZERO })
    };
    let counter = |class: ClassIx| {
        let of_class = limits.iter().filter(|limit| limit.class == class);
        Stock::new(Consumption::None, of_class.filter_map(change))
    };
    snapshot.classes.rows.indices().filter(|_| !limits.is_empty()).map(counter).collect()
}
