//! How the supplies and demands of a stock account fall to the nodes of its share rule (semantics 7).
//!
//! Supplies are divided; then the snapshot's demands take, by the very walk that promises take; then
//! comes what people have shifted by hand. All of it is worked out from the snapshot alone.
//!
//! Invariant A1: on every day the nets of the nodes add up to the net of the account.

use super::{
    division::Divider,
    lots::LotDivider,
    stealing::{sequence, walk},
};
use crate::{
    model::{Consumption, Day, Index, Quantity, Stock, StockAccount, StockRef, profile::DayChange},
    snapshot::{
        ClassIx, DemandIx, Snapshot,
        allocation_rule::AllocationRule,
        allocations::Shift,
        forecast::Bucket,
        kinds::DemandKind,
        stock::{Demand, Supply},
    },
};
use std::collections::BTreeMap;

/// Something that the snapshot takes from a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// When.
    pub day: Day,
    /// From which node.
    pub node: ClassIx,
    /// For which class; none for demands without class and for safety stock.
    pub class: Option<ClassIx>,
    /// How much; less than nothing where a safety stock falls.
    pub quantity: Quantity,
    /// The demand that takes.
    pub demand: DemandIx,
}

/// How the snapshot's supplies and demands fall to the nodes of one account.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What each node is given: day, node, quantity.
    pub given: Vec<(Day, ClassIx, Quantity)>,
    /// What is taken from the nodes, in the order in which the demands take.
    pub taken: Vec<Take>,
    /// What was shifted between the nodes by hand, in the order in which it was.
    pub shifted: Vec<Shift>,
}

impl History {
    /// What a node is given, and what was shifted to it or (less than nothing) from it, day by day.
    pub fn gifts(&self, class: ClassIx) -> BTreeMap<Day, Quantity> {
        let mut days: BTreeMap<Day, Quantity> = BTreeMap::new();
        let mut add = |day, quantity| *days.entry(day).or_default() += quantity;
        for &(day, _, part) in self.given.iter().filter(|(_, node, _)| *node == class) {
            add(day, part);
        }
        for shift in &self.shifted {
            if shift.from == class {
                add(shift.day, -shift.quantity);
            }
            if shift.to == class {
                add(shift.day, shift.quantity);
            }
        }
        days
    }

    /// What a node is given up to a day, shifts included.
    pub fn given_by(&self, class: ClassIx, until: Day) -> Quantity {
        self.gifts(class).range(..=until).map(|(_, part)| *part).sum()
    }
}

/// How supplies and demands fall to the nodes of an account; nothing where no rule divides it.
pub fn history(snapshot: &Snapshot, account: StockAccount) -> History {
    match snapshot.allocation_rule(account) {
        Some(rule) if rule.divides() => divide(snapshot, rule, account).0,
        Some(_) | None => History::default(),
    }
}

/// The profile of every node: supplies divided, then the snapshot's demands taken.
pub(super) fn divide(
    snapshot: &Snapshot,
    rule: &AllocationRule,
    account: StockAccount,
) -> (History, Vec<Stock>) {
    let whole = snapshot.whole_stock(account).expect("no part of it is divided");
    let end = snapshot.counted_until(account);
    let root = snapshot.classes.tree.root().expect("a rule needs one root");
    let mut history =
        History { given: given(snapshot, rule, (account, end)), ..History::default() };
    let demands = snapshot.demands.of(account).iter();
    let demands = demands.filter(|demand| demand.day.is_some_and(|day| day < end));
    let (levels, mut demands): (Vec<Demand>, Vec<Demand>) =
        demands.partition(|demand| demand.kind == DemandKind::SafetyStock);
    for level in levels {
        let day = level.day.expect("those without were left out");
        let (quantity, demand) = (level.quantity, level.demand);
        history.taken.push(Take { day, node: root, class: None, quantity, demand });
    }
    let mut changes = vec![Vec::new(); snapshot.classes.rows.len()];
    let change = |day, net| DayChange { day, net, committed: Quantity::ZERO };
    for &(day, node, part) in &history.given {
        changes[node.to_usize()].push(change(day, part));
    }
    for take in &history.taken {
        changes[take.node.to_usize()].push(change(take.day, -take.quantity));
    }
    let profile = |changes| Stock::new(whole.consumption, by_day(changes));
    let mut nodes: Vec<Stock> = changes.into_iter().map(profile).collect();
    demands.sort_by_cached_key(|demand| {
        let priority = demand.priority.unwrap_or(i32::MAX);
        (priority, demand.due, snapshot.demands.names.name(demand.demand))
    });
    let mut buckets: Vec<_> = snapshot
        .forecasts
        .of(account)
        .iter()
        .map(|bucket| (bucket, bucket.rest(Quantity::ZERO)))
        .collect();
    // What sales orders have consumed of a forecast was taken by its last rows.
    for demand in demands.iter_mut().filter(|demand| demand.kind == DemandKind::Forecast) {
        let key = (demand.customer, demand.class, demand.due);
        let own = |(bucket, _): &&mut (&Bucket, Quantity)| {
            (bucket.customer, bucket.class, bucket.from) == key
        };
        let rest = buckets.iter_mut().find(own).map(|(_, rest)| rest);
        let rest = rest.expect("each counted forecast has its bucket");
        demand.quantity = demand.quantity.min(*rest);
        *rest -= demand.quantity;
    }
    consume(snapshot, rule, &demands, (&mut nodes, &mut history.taken));
    history.shifted = snapshot.allocation.shifts_of(account).to_vec();
    for &Shift { day, from, to, quantity } in &history.shifted {
        nodes[from.to_usize()].change(change(day, -quantity));
        nodes[to.to_usize()].change(change(day, quantity));
    }
    assert_sums(whole, &nodes);
    (history, nodes)
}

/// How a supply that counts on a day is divided among the nodes of an account, what is left over
/// being the root's; empty where no rule divides it.
///
/// Under a rule of quantities the period's other supplies are not looked at.
pub fn divided(
    snapshot: &Snapshot,
    account: StockAccount,
    (day, supply): (Day, Quantity),
) -> Vec<(ClassIx, Quantity)> {
    let rule = snapshot.allocation_rule(account).filter(|rule| rule.divides());
    let (Some(rule), Some(root)) = (rule, snapshot.classes.tree.root()) else {
        return Vec::new();
    };
    let mut parts = match snapshot.lot_of(account) {
        Some(lot) => LotDivider::new(snapshot, rule, root, lot).divide(day, supply),
        None => Divider::new(rule).divide(day, supply).to_vec(),
    };
    let given: Quantity = parts.iter().map(|(_, part)| *part).sum();
    match parts.iter_mut().find(|(class, _)| *class == root) {
        Some((_, part)) => *part += supply - given,
        None => parts.push((root, supply - given)),
    }
    parts
}

/// What each node gets of the supplies that count before a day; what is left over is the root's.
fn given(
    snapshot: &Snapshot,
    rule: &AllocationRule,
    (account, end): (StockAccount, Day),
) -> Vec<(Day, ClassIx, Quantity)> {
    let root = snapshot.classes.tree.root().expect("a rule needs one root");
    let mut given = Vec::new();
    let mut give = |day: Day, supply: Quantity, parts: &[(ClassIx, Quantity)]| {
        let left = parts.iter().fold(supply, |left, (_, part)| left - *part);
        given.extend(parts.iter().map(|&(class, part)| (day, class, part)));
        given.push((day, root, left));
    };
    let supplies = supplies(snapshot, account, end);
    if let Some(lot) = snapshot.lot_of(account) {
        let mut divider = LotDivider::new(snapshot, rule, root, lot);
        for of_day in supplies.chunk_by(|a, b| a.0 == b.0) {
            let (day, supply) = (of_day[0].0, of_day.iter().map(|(_, supply)| *supply).sum());
            // What is missing on hand is missing to all.
            let there = of_day.iter().map(|(_, supply)| (*supply).max(Quantity::ZERO)).sum();
            give(day, supply, &divider.divide(day, there));
        }
    } else {
        let mut divider = Divider::new(rule);
        for (day, supply) in supplies {
            give(day, supply, divider.divide(day, supply));
        }
    }
    given.retain(|(.., part)| *part != Quantity::ZERO);
    given
}

/// The supplies of an account that count before a day, in the order in which they are divided; the lots on hand
/// are one.
fn supplies(snapshot: &Snapshot, account: StockAccount, end: Day) -> Vec<(Day, Quantity)> {
    let mut counted = snapshot.supplies.of(account).to_vec();
    // On hand comes first, lot by lot as the builder has put it; the sort is stable.
    let name = |supply| snapshot.supplies.names.name(supply);
    counted.sort_by_cached_key(|supply| (supply.day, supply.supply.map(name)));
    counted.retain(|supply| supply.day.is_some_and(|day| day < end));
    let n_lots = counted.partition_point(|supply| supply.supply.is_none());
    let (lots, scheduled) = counted.split_at(n_lots);
    let on_hand = lots.iter().map(|lot| lot.quantity).sum();
    let day = |supply: &Supply| (supply.day.expect("it counts"), supply.quantity);
    let on_hand = (0 < n_lots).then_some((Day::ZERO, on_hand));
    on_hand.into_iter().chain(scheduled.iter().map(day)).collect()
}

/// The demands take in their order, each bounded by the whole; what a class may not take, the root does.
fn consume(
    snapshot: &Snapshot,
    rule: &AllocationRule,
    demands: &[Demand],
    (nodes, log): (&mut [Stock], &mut Vec<Take>),
) {
    let root = snapshot.classes.tree.root().expect("a rule needs one root");
    let mut whole = sum(nodes);
    for demand in demands {
        let day = demand.day.expect("those without were left out");
        let sequence = sequence(&snapshot.classes, demand.class, rule.stealing);
        let bound = demand.quantity.min(whole.as_ref().available(day));
        let available = |class: ClassIx| nodes[class.to_usize()].as_ref().available(day);
        let first = log.len();
        let class = demand.class;
        let mut take =
            |node, quantity| log.push(Take { day, node, class, quantity, demand: demand.demand });
        let taken = walk(sequence, bound, available, &mut take);
        if taken < demand.quantity {
            take(root, demand.quantity - taken);
        }
        for take in &log[first..] {
            let net = -take.quantity;
            nodes[take.node.to_usize()].change(DayChange { day, net, committed: Quantity::ZERO });
        }
        whole.change(DayChange { day, net: -demand.quantity, committed: Quantity::ZERO });
    }
}

/// The profile whose nets are the sums of the nodes' nets.
fn sum(nodes: &[Stock]) -> Stock {
    let consumption = nodes.first().map_or(Consumption::Both, |node| node.as_ref().consumption);
    let changes = nodes.iter().flat_map(|node| node.as_ref().changes());
    Stock::new(consumption, by_day(changes.collect()))
}

/// Sums dated changes into one a day, in order of day.
fn by_day(mut changes: Vec<DayChange>) -> Vec<DayChange> {
    changes.sort_by_key(|change| change.day);
    changes.dedup_by(|next, kept| {
        let same = next.day == kept.day;
        if same {
            kept.net += next.net;
        }
        same
    });
    changes
}

/// A1: on every day the nets of the nodes add up to the net of the account.
fn assert_sums(whole: StockRef<'_>, nodes: &[Stock]) {
    let nodes = sum(nodes);
    for day in whole.days().iter().chain(nodes.as_ref().days()) {
        let day = Day(i32::from(*day));
        assert_eq!(whole.net_on(day), nodes.as_ref().net_on(day), "A1: nodes add up, {day}");
    }
}
