//! What was found for needs, so that nobody looks for it twice.
//!
//! A need depends on what is below it: on what was tried there, not on all that was tried. A search that comes the
//! same way again by another source further up, or for another day, finds the same, and is given it: nothing, or what
//! was tried then. What its sources have depends on less: not on the stock that they fill up, so whatever borrows of it
//! on one day or another asks them the same. Only searches that open many needs remember (`effort`), and nothing is
//! remembered from one line to the next.

use super::{
    search::{Need, Search, Stand, Want},
    trace,
    trial::{Point, Tail},
};
use crate::{
    ledger::consumption::changed_by,
    model::{AccountIx, AccountKind, Moment, Quantity},
    snapshot::{CapacityIx, ItemIx, LocationIx, structure::Input},
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{hash::BuildHasher, sync::Arc};

/// A need, and all that decides what there is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NeedKey {
    stand: Stand,
    item: ItemIx,
    location: LocationIx,
    quantity: Quantity,
    moment: Moment,
    whom: Whom,
    /// Whether a part would do.
    is_whole: bool,
    /// To which places the item is on its way.
    movers: u64,
    depth: usize,
    /// What was tried of all that is below.
    tried: [u64; 2],
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whom {
    /// Stock and sources.
    All,
    /// The sources alone.
    Sources,
}

/// What an item may be made of, all the way down, and what that takes.
#[derive(Debug, Default)]
pub(super) struct Below {
    items: HashMap<ItemIx, (), FxBuildHasher>,
    capacities: HashMap<CapacityIx, (), FxBuildHasher>,
}

/// What was found for a need.
#[derive(Clone, Debug)]
struct Found {
    short: Quantity,
    /// What was lacking, where anything was and anybody wanted to know.
    lacking: Option<Quantity>,
    /// None where nothing was taken.
    taken: Option<Arc<Taken>>,
}

/// What was tried for a need, to be tried again elsewhere.
#[derive(Debug)]
struct Taken {
    tail: Tail,
    from: trace::TraceMark,
    planned: Numbers,
}

/// Numbers of planned supplies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// Of the one that a need is for; 0 where it is the promise itself.
    outer: u32,
    /// The last one before what was planned for the need, and the last of that.
    before: u32,
    last: u32,
}

impl Numbers {
    /// The number here of what posted under one where it was found.
    pub(super) fn of_posting(self, then: Self, number: u32) -> u32 {
        if number == then.outer { self.outer } else { self.of_planned(then, number) }
    }

    /// The number here of what was planned for the need; none has 0.
    pub(super) fn of_planned(self, then: Self, number: u32) -> u32 {
        let at = || number.checked_sub(then.before).expect("it is numbered after the need");
        if number == 0 { 0 } else { self.before + at() }
    }
}

/// Where a search stands before it fills a need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begin {
    point: Point,
    before: u32,
}

/// What is known of a line's needs.
#[derive(Debug, Default)]
pub(super) struct AskedBefore {
    known: HashMap<NeedKey, Found, FxBuildHasher>,
    /// How many postings and nodes are kept for them.
    n_kept: usize,
    below: HashMap<ItemIx, Arc<Below>, FxBuildHasher>,
}

impl AskedBefore {
    /// So many postings and nodes are kept: some tens of megabytes.
    const KEPT_MAX: usize = 400_000;

    /// Begins with another line; memory is kept.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.n_kept = 0;
    }

    /// Keeps of what was found that it was nothing: where less is tried there is no more.
    pub(super) fn give_up(&mut self) {
        self.known.retain(|_, found| found.taken.is_none());
        self.n_kept = 0;
    }

    /// Forgets what planning data say, too.
    pub(super) fn forget(&mut self) {
        self.clear();
        self.below.clear();
    }
}

impl Search<'_> {
    /// A need with all that decides what there is for it; none where nothing is remembered: few needs were opened, or
    /// somebody wants to know what is in the way, who looks at all of it.
    pub(super) fn asked(&mut self, need: Need, whom: Whom, want: Want) -> Option<NeedKey> {
        if !self.memo.effort.is_much() || self.explains() {
            return None;
        }
        let below = self.below(need.item);
        let account = self.snapshot().stock(need.item, need.location);
        let mut tried = [0_u64; 2];
        for posting in self.trial.overlay.all() {
            let is_own =
                whom == Whom::Sources && changed_by(self.snapshot(), posting.account) == account;
            if !is_own && self.is_below(&below, posting.account) {
                let key = (posting.account, posting.day, posting.quantity);
                // In any order: two sums of two different hashes.
                tried[0] = tried[0].wrapping_add(FxBuildHasher.hash_one(key));
                tried[1] = tried[1].wrapping_add(mixed(FxBuildHasher.hash_one((key, 1_u8))));
            }
        }
        Some(NeedKey {
            stand: need.stand,
            item: need.item,
            location: need.location,
            quantity: need.quantity,
            moment: need.moment(),
            whom,
            is_whole: want == Want::Whole,
            movers: self.movers(need.item),
            depth: self.path_len(),
            tried,
        })
    }

    /// Takes again what was found for the same need, and notes what it lacked: what is short of it, where it is known.
    pub(super) fn found_before(&mut self, asked: Option<&NeedKey>) -> Option<Quantity> {
        let Found { short, lacking, taken } = self.memo.asked_before.known.get(asked?)?.clone();
        // Who wants to know what is lacking finds it once.
        if short.is_positive() && lacking.is_none() && self.memo.lack.is_asked() {
            return None;
        }
        lacking.iter().for_each(|lacking| self.memo.lack.note(*lacking));
        self.memo.is_short |= short.is_positive();
        if let Some(taken) = taken {
            let then = taken.planned;
            let last = self.n_planned + (then.last - then.before);
            let now = Numbers { outer: self.planned, before: self.n_planned, last };
            self.trial.retake_elsewhere((&taken.tail, taken.from), (then, now));
            self.n_planned = last;
        }
        Some(short)
    }

    pub(super) fn begin(&self) -> Begin {
        Begin { point: self.point(), before: self.n_planned }
    }

    /// Remembers what was taken for a need since it was asked for, where all that is lacking is noted. What was given up
    /// before its end says nothing.
    pub(super) fn remember(&mut self, asked: Option<NeedKey>, begin: Begin, short: Quantity) {
        let Some(asked) = asked.filter(|_| !self.memo.effort.is_over()) else {
            return;
        };
        let is_nothing = short == asked.quantity;
        if !is_nothing && AskedBefore::KEPT_MAX <= self.memo.asked_before.n_kept {
            return;
        }
        let taken = (!is_nothing).then(|| {
            let tail = self.trial.copy_since(begin.point);
            let (outer, before, last) = (self.planned, begin.before, self.n_planned);
            let planned = Numbers { outer, before, last };
            Arc::new(Taken { tail, from: begin.point.trace(), planned })
        });
        let known = &mut self.memo.asked_before;
        known.n_kept += taken.as_ref().map_or(0, |taken| taken.tail.len());
        let lacking = self.memo.lack.here().filter(|_| short.is_positive());
        known.known.insert(asked, Found { short, lacking, taken });
    }

    pub(super) fn is_below(&self, below: &Below, account: AccountIx) -> bool {
        match self.snapshot().kind(changed_by(self.snapshot(), account)) {
            AccountKind::Stock(stock) => below.items.contains_key(&self.snapshot().pair(stock).0),
            AccountKind::Capacity(capacity) => {
                below.capacities.contains_key(&self.snapshot().expiring(capacity))
            }
        }
    }

    pub(super) fn below(&mut self, item: ItemIx) -> Arc<Below> {
        if let Some(known) = self.memo.asked_before.below.get(&item) {
            return Arc::clone(known);
        }
        let mut below = Below::default();
        let mut open = vec![item];
        while let Some(item) = open.pop() {
            if below.items.insert(item, ()).is_none() {
                open.extend(self.goods_below(item, &mut below));
            }
        }
        let below = Arc::new(below);
        self.memo.asked_before.below.insert(item, Arc::clone(&below));
        below
    }
}

impl Search<'_> {
    /// The goods that an item may be made of; the hours and the suppliers' units that it takes are noted.
    fn goods_below(&self, item: ItemIx, below: &mut Below) -> Vec<ItemIx> {
        let snapshot = self.snapshot();
        let mut goods = Vec::new();
        for input in snapshot.inputs(item) {
            let capacity = match input {
                Input::Goods(item) => {
                    goods.push(item);
                    continue;
                }
                Input::Hours(resource) => snapshot.resources.rows[resource].capacity,
                Input::Units(capacity) => capacity,
            };
            below.capacities.insert(capacity, ());
        }
        goods
    }
}

/// splitmix64's last steps.
fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
