//! What stands for an order line: its promises, and the source's own demand of it (semantics 12.1).
//!
//! A line that a source holds as a demand, and that nobody has promised yet, does not compete with itself: it
//! is planned with that demand taken out, and while its promise lives the row is silent.

use super::{
    consumption,
    effective::reverse,
    order_line,
    planned::Begun,
    refresh::{Theirs, demand_of},
    reservation::{Reservation, State},
    standing::{Fate, Standing},
    world::World,
};
use crate::{
    model::Posting,
    snapshot::{Snapshot, kinds::DemandKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Who asks for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Somebody promises it: what is promised of it already stays as it is.
    ToPromise,
    /// Somebody wants to know what else it could be: what is promised of it would go.
    ToKnow,
}

impl World {
    /// The promises of an order line, in order of number.
    pub fn promises_of(&self, order: &str, line: &str) -> impl Iterator<Item = &Arc<Reservation>> {
        self.reservations_of(order).filter(move |found| &*found.facts.line == line)
    }

    /// What the source's own demand of a line posts, where no live promise stands for the line.
    pub(super) fn unpromised(&self, order: &str, line: &str) -> Option<Theirs> {
        if self.snapshot.demands.names.is_empty() {
            return None;
        }
        let theirs =
            demand_of(&self.snapshot, &order_line::key(order, line), &mut BTreeMap::new())?;
        let is_order = theirs.kind == DemandKind::SalesOrder;
        let is_free = || !self.promises_of(order, line).any(|found| found.is_live());
        (is_order && is_free()).then_some(theirs)
    }

    /// What is given back before a line is planned, so that it does not compete with itself.
    pub fn freed_for(&self, order: &str, line: &str, asked: Intent) -> Vec<Posting> {
        let live = |found: &&Arc<Reservation>| found.is_live();
        if asked == Intent::ToKnow && self.promises_of(order, line).any(|found| live(&found)) {
            let numbers = self.promises_of(order, line).filter(live).map(|found| found.number);
            let without = self.without_all(numbers.collect());
            let changed = without.changed_since(self);
            let of = |number: &u64| [self.reservation(*number), without.reservation(*number)];
            let pairs = changed.iter().map(of);
            return pairs
                .flat_map(|[before, after]| {
                    let uses = |found: Option<&Arc<Reservation>>| {
                        found.map(|found| consumption::of(&self.snapshot, found))
                    };
                    let [used, uses] = [before, after].map(uses).map(Option::unwrap_or_default);
                    let before = before.map_or(&[][..], |found| &found.postings);
                    let after = after.map_or(&[][..], |found| &found.postings);
                    let given = reverse(before).chain(reverse(&used));
                    given.chain(uses).chain(after.iter().copied()).collect::<Vec<_>>()
                })
                .map(|posting| Posting { planned: 0, ..posting })
                .collect();
        }
        let Some(theirs) = self.unpromised(order, line) else { return Vec::new() };
        let used =
            consumption::of_row(&self.snapshot, &order_line::key(order, line), &theirs.postings);
        reverse(&theirs.postings).chain(reverse(used.as_slice())).collect()
    }

    /// The promise of the same line for which the source's own demand is silent from now on, where the one that
    /// it was silent for has ended.
    pub(super) fn heir_of(&self, ended: &Reservation) -> Option<Arc<Reservation>> {
        let left = ended.standing.as_deref()?;
        let stands = |found: &&Arc<Reservation>| {
            let fate = found.standing.as_deref().map(|standing| standing.fate);
            let is_known = matches!(fate, Some(Fate::Absorbed | Fate::Superseding));
            let is_over = matches!(found.state, State::Cancelled | State::Expired);
            found.number != ended.number && is_known && !is_over
        };
        let mut others = self.promises_of(&ended.facts.order, &ended.facts.line);
        let heir = others.find(stands)?;
        let own = heir.standing.as_deref().expect("it is known");
        let standing = Standing { theirs: Arc::clone(&left.theirs), row: left.row, ..own.clone() };
        Some(Arc::new(standing.give((**heir).clone(), &self.snapshot)))
    }

    /// The world without what some promises take: what they are planned anew against. What they planned is
    /// there as far as others count on it, and the source's own demands of their lines are silent.
    pub fn without_all(&self, numbers: BTreeSet<u64>) -> World {
        let mut world = self.clone();
        let mut touched = BTreeSet::new();
        for number in numbers {
            let Some(reservation) = self.reservation(number) else { continue };
            let bare = reservation.bare(&self.snapshot);
            let both = reservation.postings.iter().chain(bare.postings.iter());
            touched.extend(both.map(|posting| posting.account));
            world.put(Arc::new(bare));
        }
        world.withdraw(touched, Begun::Stays);
        world
    }
}

/// A new promise, and the silent row of its line.
pub(super) fn silencing(theirs: Theirs, new: Reservation, snapshot: &Snapshot) -> Reservation {
    let standing = Standing {
        fate: Fate::Superseding,
        theirs: theirs.postings,
        row: Some(theirs.row),
        ..Standing::carried(Arc::clone(&new.postings))
    };
    standing.give(new, snapshot)
}
