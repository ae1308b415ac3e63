//! What an allocation rule makes of one stock account: the profiles of its parts (semantics 7).
//!
//! Under a share rule every class node has a profile of its own: its part of every supply, less what
//! the snapshot's demands take of it, by the very walk that promises take. Caps and protected
//! quantities are accounts too, one day a period. A block is worked out once, from the snapshot alone.
//!
//! Invariant A1: on every day the nets of the nodes add up to the net of the account.

use super::{
    ClassIx, Snapshot,
    allocation::{AllocationRule, Known, Limit},
    division::Divider,
    kinds::DemandKind,
    stock::Demand,
};
use crate::{
    limits::HORIZON_DAYS_MAX,
    model::{
        AccountIx, Consumption, Day, Index, ProfileRef, Quantity, Stock, StockRef, profile::Change,
        stock_ref::Plain,
    },
};

/// A part of a stock account that an allocation rule gives an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The share of a class node: what is there and not yet taken.
    Node(ClassIx),
    /// What a class may get in a period at most, and has not yet been promised: one day a period.
    Cap(ClassIx),
    /// What a class has been promised in a period, less what is kept for it: one day a period.
    Kept(ClassIx),
    /// What a class, or a line without class, has taken where a rule bounds what it sees of the whole.
    Seen(Option<ClassIx>),
}

/// No part is ever borrowed from, so its commitments are not counted.
static NO_COMMITMENTS: [i64; HORIZON_DAYS_MAX as usize] = [0; HORIZON_DAYS_MAX as usize];

/// The profiles of the parts of one account, in flat arrays: nodes, then caps, then what is kept.
#[derive(Debug, Default)]
pub struct Block {
    starts: Vec<u32>,
    days: Vec<u16>,
    cum: Vec<i64>,
    low: Vec<i64>,
}

impl Block {
    fn push(&mut self, profile: StockRef<'_>) {
        let n_days = profile.days().len();
        self.days.extend_from_slice(profile.days());
        self.cum.extend((0..n_days).map(|at| profile.cum(at)));
        self.low.extend((0..n_days).map(|at| profile.low(at)));
        self.starts.push(u32::try_from(self.days.len()).expect("a block is small"));
    }

    /// The profile of a part, as the snapshot has it.
    pub(super) fn profile(
        &self,
        part: Part,
        (n_classes, consumption): (usize, Consumption),
    ) -> StockRef<'_> {
        let (at, consumption) = match part {
            Part::Node(class) => (class.to_usize(), consumption),
            Part::Cap(class) => (n_classes + class.to_usize(), Consumption::None),
            Part::Kept(class) => (2 * n_classes + class.to_usize(), Consumption::None),
            Part::Seen(_) => return StockRef::empty(Consumption::None),
        };
        let start = at.checked_sub(1).map_or(0, |before| self.starts[before] as usize);
        let range = start..self.starts[at] as usize;
        let plain = Plain {
            days: &self.days[range.clone()],
            cum: &self.cum[range.clone()],
            low: &self.low[range.clone()],
            committed: &NO_COMMITMENTS[..range.len()],
        };
        StockRef::plain(plain, consumption)
    }

    /// What a rule makes of an account.
    pub(super) fn new(snapshot: &Snapshot, rule: &AllocationRule, known: Known) -> Self {
        let n_classes = snapshot.classes.rows.len();
        let mut block = Self::default();
        let account = match known {
            Known::Account(account) => Some(account),
            Known::Nothing => None,
        };
        let nodes = match account {
            Some(account) if rule.divides() => divide(snapshot, rule, account).1,
            Some(_) | None => vec![Stock::default(); n_classes],
        };
        nodes.iter().for_each(|node| block.push(node.as_ref()));
        let counted = |limits: &[Limit], class, net: fn(Quantity, Quantity) -> Quantity| {
            let of_class = limits.iter().filter(|limit| limit.class == class);
            let change = of_class.filter_map(|limit| {
                let day = limit.day().filter(|&day| day < snapshot.epoch().end())?;
                let promised = account.map(|account| promised(snapshot, account, limit));
                let net = net(limit.value, promised.unwrap_or_default());
                Some(Change { day, net, committed: Quantity::ZERO })
            });
            Stock::new(Consumption::None, change)
        };
        for class in snapshot.classes.rows.indices() {
            let left = counted(&rule.caps, class, |value, promised| value - promised);
            block.push(left.as_ref());
        }
        for class in snapshot.classes.rows.indices() {
            let kept = counted(&rule.protects, class, |value, promised| promised - value);
            block.push(kept.as_ref());
        }
        block
    }
}

/// What the classes under a node were promised by the snapshot's sales orders, dated in the period.
fn promised(snapshot: &Snapshot, account: AccountIx, limit: &Limit) -> Quantity {
    let end = snapshot.epoch().end();
    let counts = |demand: &Demand| {
        demand.kind == DemandKind::SalesOrder
            && demand.day.is_some_and(|day| day < end && limit.holds(day))
            && demand
                .class
                .is_some_and(|class| snapshot.classes.up(class).any(|c| c == limit.class))
    };
    snapshot.demands.of(account).iter().filter(counts).map(|demand| demand.quantity).sum()
}

/// The nodes in turn, each giving what it has, up to what is wanted: the walk of semantics 7, for
/// promises and for the demands of a snapshot alike. Gives what was taken in all.
pub fn walk(
    sequence: impl Iterator<Item = ClassIx>,
    wanted: Quantity,
    mut available: impl FnMut(ClassIx) -> Quantity,
    mut taken: impl FnMut(ClassIx, Quantity),
) -> Quantity {
    let mut left = wanted;
    for class in sequence {
        if !left.is_positive() {
            break;
        }
        let part = left.min(available(class));
        if part.is_positive() {
            taken(class, part);
            left -= part;
        }
    }
    wanted - left
}

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
}

/// How the snapshot's supplies and demands fall to the nodes of one account.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What each node is given: day, node, quantity.
    pub given: Vec<(Day, ClassIx, Quantity)>,
    /// What is taken from the nodes, in the order in which the demands take.
    pub taken: Vec<Take>,
}

impl Snapshot {
    /// How supplies and demands fall to the nodes of an account; nothing where no rule divides it.
    pub fn history(&self, account: AccountIx) -> History {
        match self.allocation_rule(account) {
            Some(rule) if rule.divides() => divide(self, rule, account).0,
            Some(_) | None => History::default(),
        }
    }
}

/// The profile of every node: supplies divided, then the snapshot's demands taken.
fn divide(snapshot: &Snapshot, rule: &AllocationRule, account: AccountIx) -> (History, Vec<Stock>) {
    let ProfileRef::Stock(whole) = snapshot.profile(account) else {
        unreachable!("only stock is divided");
    };
    let end = snapshot.stock_end(account);
    let root = snapshot.classes.tree.root().expect("a rule needs one root");
    let mut history = History::default();
    let mut divider = Divider::new(rule);
    for (day, supply) in supplies(snapshot, account, end) {
        let mut left = supply;
        for &(class, part) in divider.divide(day, supply) {
            history.given.push((day, class, part));
            left -= part;
        }
        history.given.push((day, root, left));
    }
    history.given.retain(|(.., part)| *part != Quantity::ZERO);
    let demands = snapshot.demands.of(account).iter();
    let demands = demands.filter(|demand| demand.day.is_some_and(|day| day < end));
    let (levels, mut demands): (Vec<Demand>, Vec<Demand>) =
        demands.partition(|demand| demand.kind == DemandKind::SafetyStock);
    for level in levels {
        let day = level.day.expect("those without were left out");
        history.taken.push(Take { day, node: root, class: None, quantity: level.quantity });
    }
    let mut changes = vec![Vec::new(); snapshot.classes.rows.len()];
    let change = |day, net| Change { day, net, committed: Quantity::ZERO };
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
    consume(snapshot, rule, &demands, (&mut nodes, &mut history.taken));
    assert_sums(whole, &nodes);
    (history, nodes)
}

/// The supplies of an account that count before a day, in the order in which they are divided.
fn supplies(snapshot: &Snapshot, account: AccountIx, end: Day) -> Vec<(Day, Quantity)> {
    let mut counted = snapshot.supplies.of(account).to_vec();
    // On hand comes first, lot by lot as the builder has put it; the sort is stable.
    let name = |supply| snapshot.supplies.names.name(supply);
    counted.sort_by_cached_key(|supply| (supply.day, supply.supply.map(name)));
    let day = |supply: &super::stock::Supply| Some((supply.day?, supply.quantity));
    counted.iter().filter_map(day).filter(|(day, _)| *day < end).collect()
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
        let sequence = snapshot.classes.sequence(demand.class, rule.stealing);
        let bound = demand.quantity.min(whole.as_ref().available(day));
        let available = |class: ClassIx| nodes[class.to_usize()].as_ref().available(day);
        let first = log.len();
        let class = demand.class;
        let mut take = |node, quantity| log.push(Take { day, node, class, quantity });
        let taken = walk(sequence, bound, available, &mut take);
        if taken < demand.quantity {
            take(root, demand.quantity - taken);
        }
        for take in &log[first..] {
            let net = -take.quantity;
            nodes[take.node.to_usize()].change(Change { day, net, committed: Quantity::ZERO });
        }
        whole.change(Change { day, net: -demand.quantity, committed: Quantity::ZERO });
    }
}

/// The profile whose nets are the sums of the nodes' nets.
fn sum(nodes: &[Stock]) -> Stock {
    let consumption = nodes.first().map_or(Consumption::Both, |node| node.as_ref().consumption);
    let changes = nodes.iter().flat_map(|node| node.as_ref().changes());
    Stock::new(consumption, by_day(changes.collect()))
}

/// Sums dated changes into one a day, in order of day.
fn by_day(mut changes: Vec<Change>) -> Vec<Change> {
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
