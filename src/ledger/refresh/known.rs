//! What a snapshot knows of order lines: the demands it holds for them, and the supplies pegged to them.

use crate::{
    allocation::{History, count, history},
    change::{Change, ChangeKind},
    ledger::{order_line, reservation::Facts, standing::SourceRow},
    model::{Day, Posting, Quantity, StockAccount},
    snapshot::{Account, Snapshot, kinds::DemandKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A snapshot, asked by order line. Copies share what is large.
#[derive(Clone, Debug)]
pub(super) struct Known {
    snapshot: Arc<Snapshot>,
    pegged: Arc<BTreeSet<Box<str>>>,
    /// The same of supplies that were added since.
    added: Arc<BTreeSet<Box<str>>>,
    /// Order lines of which a source said that they are shipped or cancelled.
    gone: Arc<BTreeSet<Box<str>>>,
    /// How supplies and demands fell to nodes, of the accounts asked for so far.
    histories: BTreeMap<StockAccount, History>,
}

/// The demand that a snapshot holds for an order line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ledger) struct Theirs {
    /// What tells whether it has changed.
    pub(in crate::ledger) row: SourceRow,
    pub(in crate::ledger) kind: DemandKind,
    /// What it posts; nothing where the rules leave it out.
    pub(in crate::ledger) postings: Arc<[Posting]>,
}

/// What becomes of the order lines that earlier changes said are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// They are judged already.
    Forget,
    /// They are still to be judged.
    Keep,
}

impl Known {
    pub(super) fn new(snapshot: Arc<Snapshot>) -> Self {
        let pegged = snapshot.supplies.pegged().map(|(_, line)| line.into()).collect();
        let (pegged, added, gone) = (Arc::new(pegged), Arc::default(), Arc::default());
        Self { snapshot, pegged, added, gone, histories: BTreeMap::new() }
    }

    /// Goes on with the snapshot that some changes have made of it. What was said to be gone before is
    /// forgotten or kept as the caller wants it.
    pub(super) fn changed(&mut self, changes: &[Change], snapshot: &Arc<Snapshot>, gone: Gone) {
        self.snapshot = Arc::clone(snapshot);
        self.histories.clear();
        if gone == Gone::Forget {
            self.gone = Arc::default();
        }
        for (kind, line) in changes.iter().filter_map(|one| Some((one.kind(), one.order_line()?))) {
            let is_ending = matches!(kind, ChangeKind::DemandShipped | ChangeKind::DemandCancelled);
            if kind == ChangeKind::SupplyAdded {
                Arc::make_mut(&mut self.added).insert(line.into());
            } else if is_ending && self.demand(line).is_none() {
                Arc::make_mut(&mut self.gone).insert(line.into());
            } else if self.gone.contains(line) {
                Arc::make_mut(&mut self.gone).remove(line);
            }
        }
    }

    /// Whether a source said that an order line is shipped or cancelled.
    pub(super) fn is_gone(&self, key: &str) -> bool {
        self.gone.contains(key)
    }

    /// The key of an order line, as `demands` and `supplies` write it.
    pub(super) fn key(facts: &Facts) -> String {
        order_line::key(&facts.order, &facts.line)
    }

    /// Whether a supply is made or bought for an order line.
    pub(super) fn is_pegged(&self, key: &str) -> bool {
        self.pegged.contains(key) || self.added.contains(key)
    }

    /// Whether a promise of an instant should be in the snapshot, if its source still has it.
    pub(super) fn contains(&self, facts: &Facts) -> bool {
        facts.created <= self.snapshot.watermarks.of(facts.source.as_deref())
    }

    /// The demand of an order line.
    pub(super) fn demand(&mut self, key: &str) -> Option<Theirs> {
        demand_of(&self.snapshot, key, &mut self.histories)
    }
}

/// The demand that a snapshot holds for an order line, with what is known of how accounts fell to nodes.
pub(in crate::ledger) fn demand_of(
    snapshot: &Snapshot,
    key: &str,
    histories: &mut BTreeMap<StockAccount, History>,
) -> Option<Theirs> {
    let index = snapshot.demands.names.get(key)?;
    let account = snapshot.demands.account(index)?;
    let found = snapshot.demands.of(account).find(index)?;
    let mut postings = Vec::new();
    let end = snapshot.counted_until(account);
    if let Some(day) = found.day.filter(|&day| day < end) {
        let posted = account.ix();
        postings.push(Posting { account: posted, day, quantity: -found.quantity, planned: 0 });
        // What it took from which node goes back to that node when our own word counts.
        if snapshot.allocation_rule(account).is_some() {
            let history = histories.entry(account).or_insert_with(|| history(snapshot, account));
            postings.extend(count::of_demand(snapshot, account, &found, history));
        }
    }
    let house = match snapshot.account(account) {
        Account::Stock(_, location) => snapshot.capacities.house(location),
        Account::Capacity(_) | Account::Part(..) => None,
    };
    // Whether or not the rule counts it, a sales order takes from the order lines of its day.
    if let Some(house) = house.filter(|_| found.kind == DemandKind::SalesOrder) {
        let day = found.due.max(Day::ZERO);
        if snapshot.epoch().contains(day) {
            let account = snapshot.capacity(house).ix();
            postings.push(Posting { account, day, quantity: -Quantity::ONE, planned: 0 });
        }
    }
    let (revision, due, quantity) = (found.revision, found.due, found.quantity);
    let row = SourceRow { revision, account, due, quantity };
    Some(Theirs { row, kind: found.kind, postings: postings.into() })
}
