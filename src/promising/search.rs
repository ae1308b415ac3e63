//! A search under way: what is asked, what was tried for it, and what was learned by that.
//!
//! What is tried lives in the overlay; a caller that does not like the result cuts it off. How a need is filled is told in
//! [`fill`](super::fill).

use super::{
    answer::Reason,
    classes::Asker,
    memo::Memo,
    patience::Patience,
    trace::{FoundNode, Via},
    trial::{Paper, Point, Trial},
};
use crate::{
    ledger::World,
    model::{Day, DayPart, Moment, Posting, Quantity, StockAccount},
    snapshot::{Account, CapacityIx, ItemIx, LocationIx, Snapshot, atp_rule::AtpRule},
};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Who asks, and from when on: the same for all that is searched for one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stand {
    /// Whose class governs what.
    pub(super) asker: Asker,
    /// Nothing may start before it.
    pub(super) today: Day,
    /// The line's own target day: it is compared with the ATP fence.
    pub(super) target: Day,
}

/// A quantity of an item that must be at a location before a part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) stand: Stand,
    pub(super) item: ItemIx,
    pub(super) location: LocationIx,
    pub(super) quantity: Quantity,
    pub(super) day: Day,
    /// What is worked must be done before this part of the day. Stock, purchases and transfers know whole days.
    pub(super) part: DayPart,
}

impl Need {
    pub(super) fn moment(self) -> Moment {
        Moment { day: self.day, part: self.part }
    }

    /// The same at the end of another day.
    pub(super) fn on(self, day: Day) -> Need {
        Need { day, part: DayPart::END, ..self }
    }

    pub(super) fn of(self, quantity: Quantity) -> Need {
        Need { quantity, ..self }
    }
}

/// Whether a part of a need is of any use to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// All of it or nothing.
    Whole,
    /// As much as there can be.
    Most,
}

/// A search under way: what was tried, what was learned by it, and who wants to know what is in the way.
#[derive(Debug)]
pub(super) struct Search<'w> {
    pub(super) trial: Trial<'w>,
    pub(super) memo: Memo,
    /// The accounts from the ordered item down to where the search is.
    path: Vec<StockAccount>,
    /// When the operations of all work orders that are being placed begin.
    pub(super) begins: Vec<Moment>,
    /// Whether any ATP rule has a fence.
    pub(super) has_fences: bool,
    /// Hours that are tried beyond those that there are.
    pub(super) overtime: Vec<(CapacityIx, Day, Quantity)>,
    /// The number of the planned supply that is being placed; 0 where it is the promise itself.
    pub(super) planned: u32,
    /// The last number that a planned supply got.
    pub(super) n_planned: u32,
    /// What was in the way, if the caller wants to know.
    pub(super) listener: Option<Vec<Reason>>,
    /// How long the caller waits.
    pub(super) patience: Patience,
}

/// Memory that one search after another works in, so that most of them ask for none.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    paper: Paper,
    pub(super) memo: Memo,
    path: Vec<StockAccount>,
    begins: Vec<Moment>,
}

impl<'w> Search<'w> {
    /// A search of a world, in memory that is given back by [`Search::into_scratch`].
    pub(super) fn new(world: &'w World, scratch: Scratch) -> Self {
        let Scratch { paper, mut memo, path, begins } = scratch;
        memo.keep_up(&world.snapshot);
        let has_fences = world.snapshot.rules.has_atp_fences();
        let trial = Trial::new(world, paper);
        let overtime = Vec::new();
        let (listener, patience) = (None, Patience::endless());
        let (planned, n_planned) = (0, 0);
        Self {
            trial,
            memo,
            path,
            begins,
            has_fences,
            overtime,
            planned,
            n_planned,
            listener,
            patience,
        }
    }

    pub(super) fn into_scratch(self) -> Scratch {
        let Self { trial, mut memo, mut path, mut begins, .. } = self;
        memo.clear();
        path.clear();
        begins.clear();
        Scratch { paper: trial.into_paper(), memo, path, begins }
    }

    pub(super) fn snapshot(&self) -> &'w Snapshot {
        &self.trial.overlay.world().snapshot
    }

    pub(super) fn point(&self) -> Point {
        self.trial.point()
    }

    /// Forgets what was tried after a point.
    pub(super) fn cut(&mut self, point: Point) {
        self.trial.cut(point);
    }

    pub(super) fn postings_since(&self, point: Point) -> &[Posting] {
        self.trial.postings_since(point)
    }

    /// How deep the next peg stands in the pegging tree.
    pub(super) fn depth(&self) -> u8 {
        u8::try_from(self.path.len().saturating_sub(1)).expect("the path is shorter than DEPTH_MAX")
    }

    pub(super) fn rule(&self, need: Need) -> &'w AtpRule {
        self.snapshot().rule(need.item, need.location)
    }

    /// The accounts from the ordered item down to where the search is.
    pub(super) fn path(&self) -> &[StockAccount] {
        &self.path
    }

    /// How far down the search is.
    pub(super) fn path_len(&self) -> usize {
        self.path.len()
    }

    /// Goes one account down for as long as something takes.
    pub(super) fn within<T>(
        &mut self,
        account: StockAccount,
        search: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.path.push(account);
        let found = search(self);
        self.path.pop();
        found
    }

    /// To which places an item is to be moved from where the search is: those are not asked again. Structures have no
    /// cycles, so what is further up says nothing of what is asked here.
    pub(super) fn movers(&self, moved: ItemIx) -> u64 {
        let snapshot = self.snapshot();
        let is_it = |account: StockAccount| match snapshot.account(account) {
            Account::Stock(item, _) => item == moved,
            Account::Capacity(_) | Account::Part(..) => false,
        };
        let movers = self.path.iter().rev().take_while(|&&account| is_it(account));
        // In any order.
        movers.fold(0, |sum, account| sum ^ FxBuildHasher.hash_one(account))
    }

    /// Whether an account is being filled already, further up: it is not asked again (no cycles).
    pub(super) fn is_on_path(&self, account: StockAccount) -> bool {
        self.path.contains(&account)
    }

    /// Notes where a need is filled from; returns its place in the trace.
    pub(super) fn push(&mut self, need: Need, via: Via) -> usize {
        self.push_planned(need, 0, via)
    }

    /// The same where that is a planned supply of a number.
    pub(super) fn push_planned(&mut self, need: Need, planned: u32, via: Via) -> usize {
        let Need { item, location, quantity, day, .. } = need;
        let depth = self.depth();
        let found = FoundNode { depth, planned, item, location, quantity, day, via };
        self.trial.trace.found.push(found);
        self.trial.trace.found.len() - 1
    }

    /// Tries something else than what was tried since a point; if that fails, what was tried stands.
    pub(super) fn instead(
        &mut self,
        start: Point,
        otherwise: impl FnOnce(&mut Self) -> bool,
    ) -> bool {
        let tried = self.trial.take_out(start);
        if otherwise(self) {
            return true;
        }
        self.cut(start);
        self.trial.put_back(tried);
        false
    }
}
