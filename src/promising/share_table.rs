//! What became of the shares of an item at a location: by period and node, for people (semantics 7).
//!
//! A share row adds up: brought + allocated + produced + shifted - consumed - taken by others = left.
//! Everything is read off the snapshot's history of the account and the live reservations; nothing is
//! planned here. Start at [`table`].

use crate::{
    allocation::{
        announced, cap, consumption, history::Take, history::history, node_of, protect, seen,
        shift::of_node,
    },
    ledger::{Reservation, World, consumption::Use, standing::Fate},
    model::{Day, Posting, Quantity, StockAccount},
    snapshot::{
        AllocationIx, ClassIx, ItemIx, LocationIx, Snapshot,
        allocation_rule::{AllocationRule, Limit, Method},
    },
};
use std::collections::BTreeMap;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A share of supply as it was loaded.
    Share,
    /// A percentage of what is left.
    Remaining,
    /// Units kept for a node.
    Protect,
    /// Units that a node may get at most.
    Cap,
}

/// One node in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// The node.
    pub class: ClassIx,
    /// What the row is about.
    pub form: Form,
    /// What the rule says of the node: how it is counted, and how much.
    pub share: Option<(Method, Quantity)>,
    /// What was left of the periods before.
    pub brought: Quantity,
    /// What the rule gives the node in the period.
    pub allocated: Quantity,
    /// What promises make, buy or move, and leave to the root.
    pub produced: Quantity,
    /// What was shifted to the node (or from it, if negative) by hand.
    pub shifted: Quantity,
    /// What its own class took of it.
    pub consumed: Quantity,
    /// What others took of it: none is a line without class, and safety stock.
    pub taken_by: Vec<(Option<ClassIx>, Quantity)>,
    /// What its class took of other nodes.
    pub took_from: Vec<(ClassIx, Quantity)>,
    /// What is left at the end of the period.
    pub left: Quantity,
}

/// The nodes in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first day, at the earliest day 0.
    pub from: Day,
    /// The day after its last one, at the latest the end of the horizon.
    pub until: Day,
    /// Its rows: by form, then down the tree.
    pub rows: Vec<NodeRow>,
}

/// What a rule makes of an item at a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationTable {
    /// The rule.
    pub rule: AllocationIx,
    /// Its periods within the horizon, in order.
    pub periods: Vec<Period>,
}

/// Who took of a node: a class, or nobody in particular.
type Taker = Option<ClassIx>;

/// Everything that happens to the nodes of one account.
#[derive(Debug, Default)]
struct Flows {
    given: Vec<(Day, ClassIx, Quantity)>,
    produced: Vec<(Day, ClassIx, Quantity)>,
    shifted: Vec<(Day, ClassIx, Quantity)>,
    taken: Vec<(Day, ClassIx, Taker, Quantity)>,
}

/// The table of an item at a location; none where no rule holds.
pub fn table(world: &World, item: ItemIx, location: LocationIx) -> Option<AllocationTable> {
    let snapshot = &*world.snapshot;
    let account = snapshot.stock(item, location);
    let rule_ix = snapshot.allocation_rule_ix(account)?;
    let rule = snapshot.allocation.rule_for(rule_ix, item);
    let flows = flows(world, (account, item), rule);
    let end = snapshot.counted_until(account);
    let starts: Vec<Day> = period_starts(rule).into_iter().filter(|&day| day < end).collect();
    let period = |(at, &from): (usize, &Day)| {
        let until = starts.get(at + 1).copied().unwrap_or(end);
        let view = View { world, account, rule, flows: &flows };
        Period { from, until, rows: view.rows(from, until) }
    };
    Some(AllocationTable {
        rule: rule_ix,
        periods: starts.iter().enumerate().map(period).collect(),
    })
}

/// The first days of a rule's periods, in order, at the earliest day 0.
pub(super) fn period_starts(rule: &AllocationRule) -> Vec<Day> {
    let dates = rule.dates().map(|day| day.max(Day::ZERO));
    let mut starts: Vec<Day> = dates.chain([Day::ZERO]).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The flows of a divided account, the live promises' included.
fn flows(world: &World, (account, item): (StockAccount, ItemIx), rule: &AllocationRule) -> Flows {
    let snapshot = &*world.snapshot;
    let mut flows = Flows::default();
    if !rule.divides() && !rule.bounds() {
        return flows;
    }
    let history = history(snapshot, account);
    flows.given = history.given;
    for shift in history.shifted {
        flows.shifted.push((shift.day, shift.from, -shift.quantity));
        flows.shifted.push((shift.day, shift.to, shift.quantity));
    }
    let take = |take: &Take| (take.day, take.node, take.class, take.quantity);
    flows.taken = history.taken.iter().map(take).collect();
    for reservation in world.reservations_from(0) {
        flows.add(snapshot, reservation, (account, item));
    }
    flows.give_back(world, account);
    flows
}

impl Flows {
    /// Takes off what a forecast took of nodes that orders have used up since.
    fn give_back(&mut self, world: &World, account: StockAccount) {
        let snapshot = &*world.snapshot;
        for (at, bucket) in snapshot.forecasts.of(account).iter().enumerate() {
            let used = world.view.used(Use { account, bucket: at });
            for (part, change) in consumption(snapshot, (account, at), (Quantity::ZERO, used)) {
                if let Some((_, node)) = node_of(snapshot, part.ix()) {
                    self.taken.push((change.day, node, bucket.class, -change.net));
                }
            }
        }
    }

    /// Adds what a promise takes of an account's nodes, and what it gives.
    fn add(
        &mut self,
        snapshot: &Snapshot,
        reservation: &Reservation,
        (account, item): (StockAccount, ItemIx),
    ) {
        // What no node has is taken of the whole, as it was announced.
        let node_of = |posting: &Posting| {
            let (whole, node) = match announced(snapshot, posting.account) {
                Some((whole, class)) => (whole, class?),
                None => node_of(snapshot, posting.account)?,
            };
            (whole == account).then_some(node)
        };
        let facts = &reservation.facts;
        let is_ordered = facts.legs.iter().any(|leg| leg.item == item);
        let taker = facts.class.filter(|_| is_ordered);
        for posting in reservation.postings.iter() {
            let Some(node) = node_of(posting) else { continue };
            if posting.quantity < Quantity::ZERO {
                self.taken.push((posting.day, node, taker, -posting.quantity));
            } else {
                self.produced.push((posting.day, node, posting.quantity));
            }
        }
        // Where our word counts over the snapshot's, what its demand took is among what we give: it is
        // not taken, rather than produced.
        let standing = reservation.standing.as_deref();
        let ours = standing.filter(|standing| standing.fate == Fate::Superseding);
        for posting in ours.into_iter().flat_map(|standing| standing.theirs.iter()) {
            let Some(node) = node_of(posting) else { continue };
            self.taken.push((posting.day, node, taker, posting.quantity));
            self.produced.push((posting.day, node, posting.quantity));
        }
    }
}

/// One account under its rule.
#[derive(Clone, Copy)]
struct View<'a> {
    world: &'a World,
    account: StockAccount,
    rule: &'a AllocationRule,
    flows: &'a Flows,
}

impl View<'_> {
    fn rows(self, from: Day, until: Day) -> Vec<NodeRow> {
        let classes = &self.world.snapshot.classes;
        let mut rows = Vec::new();
        for class in classes.tree.down().iter().copied() {
            if self.rule.divides() {
                rows.push(self.share(class, (from, until)));
            } else if !self.rule.shares.is_empty() {
                rows.extend(self.remaining(class, (from, until)));
            }
        }
        for class in classes.tree.down().iter().copied() {
            rows.extend(self.limit(class, from, (&self.rule.protects, Form::Protect)));
        }
        for class in classes.tree.down().iter().copied() {
            rows.extend(self.limit(class, from, (&self.rule.caps, Form::Cap)));
        }
        rows
    }

    fn share_of(self, class: ClassIx, day: Day) -> Option<(Method, Quantity)> {
        let own = self.rule.shares_on(day).iter().find(|share| share.class == class)?;
        Some((own.method, own.value))
    }

    fn share(self, class: ClassIx, (from, until): (Day, Day)) -> NodeRow {
        let sum = |flows: &[(Day, ClassIx, Quantity)], from: Day| -> Quantity {
            let within = flows.iter().filter(|flow| from <= flow.0 && flow.0 < until);
            within.filter(|flow| flow.1 == class).map(|flow| flow.2).sum()
        };
        let in_period = |day: Day| from <= day && day < until;
        let mut taken_by: BTreeMap<Taker, Quantity> = BTreeMap::new();
        let mut took_from: BTreeMap<ClassIx, Quantity> = BTreeMap::new();
        for &(day, node, taker, quantity) in &self.flows.taken {
            if in_period(day) && node == class {
                *taken_by.entry(taker).or_default() += quantity;
            } else if in_period(day) && taker == Some(class) {
                *took_from.entry(node).or_default() += quantity;
            }
        }
        let consumed = taken_by.remove(&Some(class)).unwrap_or_default();
        let node = of_node(self.world, self.account, class);
        let balance = |day: Day| node.balance(day);
        NodeRow {
            class,
            form: Form::Share,
            share: self.share_of(class, from),
            brought: if from == Day::ZERO { Quantity::ZERO } else { balance(from.plus(-1)) },
            allocated: sum(&self.flows.given, from),
            produced: sum(&self.flows.produced, from),
            shifted: sum(&self.flows.shifted, from),
            consumed,
            taken_by: taken_by.into_iter().filter(|taken| taken.1 != Quantity::ZERO).collect(),
            took_from: took_from.into_iter().filter(|taken| taken.1 != Quantity::ZERO).collect(),
            left: balance(until.plus(-1)),
        }
    }

    /// What a class's percent of what is left comes to at the end of the period.
    fn remaining(self, class: ClassIx, (from, until): (Day, Day)) -> Option<NodeRow> {
        let share = self.share_of(class, from)?;
        let left = seen(self.world, self.account, Some(class), until.plus(-1));
        let own = self.flows.taken.iter().filter(|take| take.1 == class);
        let in_period = own.filter(|take| from <= take.0 && take.0 < until);
        let consumed = in_period.map(|take| take.3).sum();
        Some(NodeRow { consumed, left, ..empty(class, Form::Remaining, Some(share)) })
    }

    /// A protected quantity or a cap: what it is, what was promised of it, what is left.
    fn limit(self, class: ClassIx, from: Day, (limits, form): (&[Limit], Form)) -> Option<NodeRow> {
        let mut limits = limits.iter().filter(|limit| limit.class == class);
        let limit = limits.find(|limit| limit.day() == Some(from))?;
        let left = match form {
            Form::Cap => cap::left(self.world, self.account, (class, from)),
            Form::Protect => protect::left(self.world, self.account, (class, from)),
            Form::Share | Form::Remaining => unreachable!("these are no limits"),
        };
        let consumed = limit.value - left;
        let row = empty(class, form, Some((Method::Quantity, limit.value)));
        Some(NodeRow { allocated: limit.value, consumed, left: left.max(Quantity::ZERO), ..row })
    }
}

fn empty(class: ClassIx, form: Form, share: Option<(Method, Quantity)>) -> NodeRow {
    NodeRow {
        class,
        form,
        share,
        brought: Quantity::ZERO,
        allocated: Quantity::ZERO,
        produced: Quantity::ZERO,
        shifted: Quantity::ZERO,
        consumed: Quantity::ZERO,
        taken_by: Vec::new(),
        took_from: Vec::new(),
        left: Quantity::ZERO,
    }
}
