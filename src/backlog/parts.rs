//! Independent parts of a backlog: orders that share no account can be promised side by side.
//!
//! What an order may touch is taken from the structure of the data, not from what it happens to touch:
//! its item, everything that goes into that, the resources and suppliers behind it, the houses that ship
//! it, what its allocation is shared with. That is more than needed, and never less.

use super::AskedGroup;
use crate::{
    ledger::World,
    model::{AccountIx, Index},
    snapshot::{Account, CapacityIx, ItemIx, Snapshot, policy::What, structure::Input},
};
use std::collections::BTreeMap;

/// Groups that share no account with those of any other part, in the order of the run.
pub type RunPart = Vec<AskedGroup>;

/// Divides groups into parts. The parts come in the order of their first groups.
pub fn parts(world: &World, groups: Vec<AskedGroup>) -> Vec<RunPart> {
    let mut links = Links::new(&world.snapshot);
    links.rules();
    for group in &groups {
        let first = group.jobs[0].before.facts.item;
        for job in &group.jobs {
            links.item(job.before.facts.item);
            links.join(Node::Item(first), Node::Item(job.before.facts.item));
            for posting in job.before.postings.iter() {
                let node = links.node(posting.account);
                links.join(Node::Item(first), node);
                if let Node::Item(item) = node {
                    links.item(item);
                }
            }
        }
    }
    let mut at: BTreeMap<usize, usize> = BTreeMap::new();
    let mut parts: Vec<RunPart> = Vec::new();
    for group in groups {
        let root = links.root(links.position(Node::Item(group.jobs[0].before.facts.item)));
        let part = *at.entry(root).or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        parts[part].push(group);
    }
    parts
}

/// Something that orders may share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Item(ItemIx),
    Capacity(CapacityIx),
}

/// Sets of nodes that hang together: union by path halving.
struct Links<'s> {
    snapshot: &'s Snapshot,
    parents: Vec<usize>,
    seen: Vec<bool>,
}

impl<'s> Links<'s> {
    fn new(snapshot: &'s Snapshot) -> Self {
        let n_items = snapshot.items.names.len();
        let parents = (0..n_items + snapshot.capacities.len()).collect();
        Self { snapshot, parents, seen: vec![false; n_items] }
    }

    fn position(&self, node: Node) -> usize {
        match node {
            Node::Item(item) => item.to_usize(),
            Node::Capacity(capacity) => self.seen.len() + capacity.to_usize(),
        }
    }

    fn node(&self, account: AccountIx) -> Node {
        match self.snapshot.account(account) {
            Account::Stock(item, _) => Node::Item(item),
            Account::Capacity(capacity) => Node::Capacity(capacity),
            Account::Part(whole, _) => self.node(whole.ix()),
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, one: Node, other: Node) {
        let (one, other) = (self.position(one), self.position(other));
        let (one, other) = (self.root(one), self.root(other));
        // The smaller number stays: the same links give the same parts.
        self.parents[one.max(other)] = one.min(other);
    }

    /// Links an item with all that may be used to promise it, and that with what is behind it.
    fn item(&mut self, item: ItemIx) {
        let mut open = vec![item];
        while let Some(item) = open.pop() {
            if std::mem::replace(&mut self.seen[item.to_usize()], true) {
                continue;
            }
            for other in self.behind(item) {
                self.join(Node::Item(item), other);
                if let Node::Item(other) = other {
                    open.push(other);
                }
            }
        }
    }

    fn behind(&self, item: ItemIx) -> Vec<Node> {
        let snapshot = self.snapshot;
        let node = |input| match input {
            Input::Goods(item) => Node::Item(item),
            Input::Hours(resource) => Node::Capacity(snapshot.resources.rows[resource].capacity),
            Input::Units(capacity) => Node::Capacity(capacity),
        };
        let mut nodes: Vec<Node> = snapshot.inputs(item).map(node).collect();
        let houses = snapshot.locations.names.indices();
        let houses = houses.filter_map(|location| snapshot.capacities.house(location));
        nodes.extend(houses.map(Node::Capacity));
        let substitutes = snapshot.items.substitutes.of(item).iter();
        nodes.extend(substitutes.map(|other| Node::Item(other.item)));
        nodes
    }

    /// A quantity kept or capped for a class over many items makes them share it.
    fn rules(&mut self) {
        let allocation = &self.snapshot.allocation;
        for item in self.snapshot.items.names.indices() {
            let category = self.snapshot.items.category(item);
            let levels = What::of(item, category).filter(|what| !matches!(what, What::Item(_)));
            for what in levels {
                let places = self.snapshot.locations.names.indices().map(Some).chain([None]);
                let rules = places.filter_map(|place| allocation.assignments.at(what, place));
                let shared = rules.filter(|rule| allocation.rows[*rule].counts());
                if shared.count() == 0 {
                    continue;
                }
                let first = self.snapshot.items.names.indices().find(|other| {
                    What::of(*other, self.snapshot.items.category(*other)).any(|of| of == what)
                });
                self.join(Node::Item(first.unwrap_or(item)), Node::Item(item));
            }
        }
    }
}
