//! Which unit is whose: one matching of all that a stock account has and all who take of it.
//!
//! First what is fixed: a supply that is made or bought for an order line, and the planned lots of a promise of its
//! own. The rest goes by running sums: supplies by the day on which they come (what is on hand first, then by id),
//! takers by the day on which they need it (the snapshot's demands first, then promises by number); the n-th unit
//! taken is the n-th unit there (semantics 12.4, *Pegs*). Forecast and safety stock hold goods back and consume
//! none.
//!
//! **Invariant P5**: over all takers, what is matched of a document is never more than it has.

use crate::{
    ledger::{Planned, Reservation, World},
    model::{AccountIx, Day, Quantity},
    snapshot::{DemandIx, SupplyIx, kinds::SupplyKind},
};
use std::{collections::BTreeMap, sync::Arc};

/// Something that an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SupplyDocument {
    /// All that is on hand.
    OnHand,
    /// A scheduled supply.
    Supply(SupplyIx),
    /// A lot that a promise has planned.
    Lot {
        /// The promise.
        number: u64,
        /// The lot among those that it planned.
        planned: u32,
    },
}

/// Somebody who takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A demand of the snapshot.
    Demand(DemandIx),
    /// A promise.
    Promise {
        /// The promise.
        number: u64,
        /// For which of its planned lots; 0 where it takes it itself.
        planned: u32,
    },
}

/// What a document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct There {
    /// Which.
    pub document: SupplyDocument,
    /// When it is there.
    pub day: Day,
    /// How much of it.
    pub quantity: Quantity,
}

/// What somebody takes on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Who.
    pub who: Who,
    /// When it is needed.
    pub day: Day,
    /// How much.
    pub quantity: Quantity,
}

/// A part of a document that somebody counts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Who counts on it, and when.
    pub taken: Taken,
    /// On what.
    pub document: SupplyDocument,
    /// On how much of it.
    pub quantity: Quantity,
}

/// How takers and documents of an account match.
#[derive(Debug, Default)]
pub struct Matching {
    /// Everything that is there, in the order in which it is taken.
    pub there: Vec<There>,
    /// What is fixed, by who takes it.
    fixed: BTreeMap<(Who, Day), Vec<Match>>,
    /// The same by document.
    fixed_of: BTreeMap<SupplyDocument, Vec<Match>>,
    /// What is left of documents besides what is fixed, with the running sum before each.
    queue: Vec<(There, Quantity)>,
    /// The places in it of each document.
    queued: BTreeMap<SupplyDocument, usize>,
    /// The same of takers.
    takers: Vec<(Taken, Quantity)>,
    /// The places among the takers of each of them.
    places: BTreeMap<(Who, Day), usize>,
}

impl Matching {
    /// That of an account of a world, of which all promises are given that post on it, in order of number.
    pub(super) fn of(world: &World, account: AccountIx, promises: &[&Arc<Reservation>]) -> Self {
        let mut making = Making::new(world, account, promises);
        making.fix_pegged(world);
        making.fix_own_lots();
        making.finish()
    }

    /// What somebody counts on, for what he takes on a day: first what is fixed.
    pub fn documents_of(&self, who: Who, day: Day) -> Vec<(SupplyDocument, Quantity)> {
        let fixed = self.fixed.get(&(who, day)).into_iter().flatten();
        let mut all: Vec<_> = fixed.map(|one| (one.document, one.quantity)).collect();
        if let Some(at) = self.places.get(&(who, day)) {
            let (taken, start) = self.takers[*at];
            let found = overlaps(&self.queue, |there| there.quantity, (start, taken.quantity));
            all.extend(found.map(|(there, part)| (there.document, part)));
        }
        all
    }

    /// Who counts on a document.
    pub fn takers_of(&self, document: SupplyDocument) -> Vec<Match> {
        let mut all = self.fixed_of.get(&document).cloned().unwrap_or_default();
        if let Some(at) = self.queued.get(&document) {
            let (there, start) = &self.queue[*at];
            let found = overlaps(&self.takers, |taken| taken.quantity, (*start, there.quantity));
            all.extend(found.map(|(&taken, quantity)| Match { taken, document, quantity }));
        }
        all.sort_by_key(|found| (found.taken.day, found.taken.who));
        all
    }

    /// What there is of a document.
    pub fn has(&self, document: SupplyDocument) -> Quantity {
        let parts = self.there.iter().filter(|there| there.document == document);
        parts.map(|there| there.quantity).sum()
    }

    /// The day on which the last of a document is there; none where it has nothing.
    pub fn day(&self, document: SupplyDocument) -> Option<Day> {
        if let Some(at) = self.queued.get(&document) {
            return Some(self.queue[*at].0.day);
        }
        let parts = self.there.iter().filter(|there| there.document == document);
        parts.map(|there| there.day).max()
    }

    /// All who take, and when, each once.
    pub fn all_takers(&self) -> Vec<(Who, Day)> {
        let mut all: Vec<_> = self.fixed.keys().chain(self.places.keys()).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The parts of a run of things, each with the sum before it, that lie within so much from a sum on.
fn overlaps<T>(
    run: &[(T, Quantity)],
    size: impl Fn(&T) -> Quantity + Copy,
    (start, quantity): (Quantity, Quantity),
) -> impl Iterator<Item = (&T, Quantity)> {
    let end = start + quantity;
    let first = run.partition_point(|(one, before)| *before + size(one) <= start);
    let within = run[first..].iter().take_while(move |(_, before)| *before < end);
    within.filter_map(move |(one, before)| {
        let part = (*before + size(one)).min(end) - (*before).max(start);
        part.is_positive().then_some((one, part))
    })
}

/// A matching on the way.
struct Making<'a> {
    world: &'a World,
    promises: &'a [&'a Arc<Reservation>],
    account: AccountIx,
    there: Vec<There>,
    /// What is left of each.
    left: Vec<Quantity>,
    takers: Vec<Taken>,
    fixed: Vec<Match>,
    /// What is missing from the start: lots on hand that come to less than nothing.
    missing: Quantity,
}

impl<'a> Making<'a> {
    fn new(world: &'a World, account: AccountIx, promises: &'a [&'a Arc<Reservation>]) -> Self {
        let mut made = Self {
            world,
            promises,
            account,
            there: Vec::new(),
            left: Vec::new(),
            takers: Vec::new(),
            fixed: Vec::new(),
            missing: Quantity::ZERO,
        };
        made.add_supplies(world);
        made.add_lots();
        made.there.sort_by_key(|there| (there.document != SupplyDocument::OnHand, there.day));
        made.left = made.there.iter().map(|there| there.quantity).collect();
        made.add_demands(world);
        made.add_promises();
        made
    }

    fn add_supplies(&mut self, world: &World) {
        let mut on_hand = Quantity::ZERO;
        let mut scheduled = Vec::new();
        for supply in world.snapshot.supplies.of(self.account).iter() {
            match (supply.kind, supply.supply, supply.day) {
                (SupplyKind::OnHand, _, Some(_)) | (_, None, Some(_)) => on_hand += supply.quantity,
                (_, Some(index), Some(day)) => scheduled.push((day, index, supply.quantity)),
                (_, _, None) => (),
            }
        }
        self.missing = (-on_hand).max(Quantity::ZERO);
        if on_hand.is_positive() {
            let document = SupplyDocument::OnHand;
            self.there.push(There { document, day: Day::ZERO, quantity: on_hand });
        }
        scheduled.sort_by_cached_key(|(day, index, _)| {
            (*day, world.snapshot.supplies.names.name(*index))
        });
        self.there.extend(
            scheduled.into_iter().filter(|(.., quantity)| quantity.is_positive()).map(
                |(day, index, quantity)| There {
                    document: SupplyDocument::Supply(index),
                    day,
                    quantity,
                },
            ),
        );
    }

    fn add_lots(&mut self) {
        for promise in self.promises {
            for posting in gives(promise, self.account) {
                let document =
                    SupplyDocument::Lot { number: promise.number, planned: posting.planned };
                let (day, quantity) = (posting.day, posting.quantity);
                self.there.push(There { document, day, quantity });
            }
        }
    }

    fn add_demands(&mut self, world: &World) {
        let mut silenced = self.silenced();
        for demand in world.snapshot.demands.of(self.account).iter() {
            let Some(day) = demand.day.filter(|_| demand.kind.is_commitment()) else { continue };
            let key = world.snapshot.demands.names.name(demand.demand);
            let mut quantity = demand.quantity;
            if let Some(silent) = silenced.get_mut(&*key) {
                let part = (*silent).min(quantity);
                *silent -= part;
                quantity -= part;
            }
            if quantity.is_positive() {
                self.takers.push(Taken { who: Who::Demand(demand.demand), day, quantity });
            }
        }
    }

    /// What promises take back of the snapshot's demands of their lines: those count instead.
    fn silenced(&self) -> BTreeMap<String, Quantity> {
        let mut all = BTreeMap::new();
        for promise in self.promises {
            let own = |posting: &&crate::model::Posting| {
                posting.account == self.account
                    && posting.planned == 0
                    && posting.quantity.is_positive()
            };
            let given: Quantity =
                promise.postings.iter().filter(own).map(|posting| posting.quantity).sum();
            if given.is_positive() {
                let key = format!("{}/{}", promise.facts.order, promise.facts.line);
                *all.entry(key).or_insert(Quantity::ZERO) += given;
            }
        }
        all
    }

    fn add_promises(&mut self) {
        for promise in self.promises {
            let mut takes: BTreeMap<(Day, u32), Quantity> = BTreeMap::new();
            let own = promise.postings.iter().filter(|posting| posting.account == self.account);
            for posting in own.filter(|posting| posting.quantity < Quantity::ZERO) {
                *takes.entry((posting.day, posting.planned)).or_insert(Quantity::ZERO) -=
                    posting.quantity;
            }
            for ((day, planned), quantity) in takes {
                let who = Who::Promise { number: promise.number, planned };
                self.takers.push(Taken { who, day, quantity });
            }
        }
    }

    /// Supplies that are made or bought for an order line go to it.
    fn fix_pegged(&mut self, world: &World) {
        let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in 0..self.there.len() {
            if let SupplyDocument::Supply(supply) = self.there[at].document
                && let Some(line) = world.snapshot.supplies.pegged_to(supply)
            {
                lines.entry(line.to_string()).or_default().push(at);
            }
        }
        if lines.is_empty() {
            return;
        }
        for taker in 0..self.takers.len() {
            let key = match self.takers[taker].who {
                Who::Demand(demand) => world.snapshot.demands.names.name(demand),
                Who::Promise { number, planned: 0 } => {
                    let found = world.reservation(number).expect("it takes of the account");
                    format!("{}/{}", found.facts.order, found.facts.line)
                }
                Who::Promise { .. } => continue,
            };
            for at in lines.get(&key).into_iter().flatten() {
                self.fix(taker, *at, self.left[*at]);
            }
        }
    }

    /// What a promise has planned goes to what it was planned for.
    fn fix_own_lots(&mut self) {
        // Where each is, and how much of it went to what it was planned for.
        let mut lots: BTreeMap<(u64, u32), (usize, Quantity)> = BTreeMap::new();
        for (at, there) in self.there.iter().enumerate() {
            if let SupplyDocument::Lot { number, planned } = there.document {
                lots.insert((number, planned), (at, Quantity::ZERO));
            }
        }
        if lots.is_empty() {
            return;
        }
        let world = self.world;
        for taker in 0..self.takers.len() {
            let Who::Promise { number, planned } = self.takers[taker].who else { continue };
            let plan = world.reservation(number).map_or(&[][..], |found| &found.plan);
            let own = |lot: &&Planned| lot.parent == planned && lot.shipped.is_none();
            for lot in plan.iter().filter(own) {
                if let Some((at, used)) = lots.get_mut(&(number, lot.number)) {
                    let most = lot.used - *used;
                    *used += self.fix(taker, *at, most);
                }
            }
        }
    }

    /// Gives a part of a document to a taker for good; how much that was.
    fn fix(&mut self, taker: usize, at: usize, most: Quantity) -> Quantity {
        let quantity = self.takers[taker].quantity.min(most).min(self.left[at]);
        if quantity.is_positive() {
            let (taken, document) = (self.takers[taker], self.there[at].document);
            self.fixed.push(Match { taken, document, quantity });
            self.takers[taker].quantity -= quantity;
            self.left[at] -= quantity;
        }
        quantity.max(Quantity::ZERO)
    }

    fn finish(mut self) -> Matching {
        let mut queue = Vec::with_capacity(self.there.len());
        let mut queued = BTreeMap::new();
        let mut sum = Quantity::ZERO;
        for (there, left) in
            self.there.iter().zip(&self.left).filter(|(_, left)| left.is_positive())
        {
            queued.insert(there.document, queue.len());
            queue.push((There { quantity: *left, ..*there }, sum));
            sum += *left;
        }
        self.takers.sort_by_key(|taken| (taken.day, taken.who));
        let mut sum = self.missing;
        let (mut takers, mut places) = (Vec::with_capacity(self.takers.len()), BTreeMap::new());
        for taken in self.takers.iter().filter(|taken| taken.quantity.is_positive()) {
            places.insert((taken.who, taken.day), takers.len());
            takers.push((*taken, sum));
            sum += taken.quantity;
        }
        let (mut fixed, mut fixed_of) = (BTreeMap::new(), BTreeMap::new());
        for found in self.fixed {
            let who = (found.taken.who, found.taken.day);
            fixed.entry(who).or_insert_with(Vec::new).push(found);
            fixed_of.entry(found.document).or_insert_with(Vec::new).push(found);
        }
        Matching { there: self.there, fixed, fixed_of, queue, queued, takers, places }
    }
}

/// What a promise's planned lots give on an account.
fn gives(
    promise: &Arc<Reservation>,
    account: AccountIx,
) -> impl Iterator<Item = &crate::model::Posting> {
    let own = promise.postings.iter().filter(move |posting| posting.account == account);
    own.filter(|posting| posting.planned != 0 && posting.quantity.is_positive())
}
