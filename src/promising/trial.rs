//! What a search has tried so far: postings over a world, and the pegging tree that they belong to.
//!
//! Both are lists whose tails can be cut off together: a [`Point`] is where both ended at one moment.

use super::{
    asked_before::Numbers,
    trace::{self, Trace},
};
use crate::{
    ledger::{
        World,
        overlay::{self, Overlay, Savepoint},
    },
    model::{AccountIx, Posting},
};

/// Tentative postings and what they are made of.
#[derive(Debug)]
pub(super) struct Trial<'w> {
    pub(super) overlay: Overlay<'w>,
    /// The pegging tree so far.
    pub(super) trace: Trace,
}

/// Memory that one trial after another works in.
#[derive(Debug, Default)]
pub(super) struct Paper {
    overlay: overlay::OverlayMemory,
    trace: Trace,
}

/// A point of a search to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    overlay: Savepoint,
    trace: trace::TraceMark,
}

impl Point {
    pub(super) fn trace(self) -> trace::TraceMark {
        self.trace
    }
}

/// What was tried since a point, taken out of the trial.
#[derive(Debug)]
pub(super) struct Tail {
    postings: Vec<Posting>,
    /// The accounts that were given more by them than they had.
    gifts: Vec<AccountIx>,
    trace: Trace,
}

impl Tail {
    /// How many postings and nodes of the tree it has.
    pub(super) fn len(&self) -> usize {
        self.postings.len() + self.trace.found.len()
    }
}

impl<'w> Trial<'w> {
    /// A world on which nothing has been tried yet.
    pub(super) fn new(world: &'w World, paper: Paper) -> Self {
        let Paper { overlay, trace } = paper;
        Self { overlay: Overlay::within(world, overlay), trace }
    }

    /// Its memory; what was tried is forgotten.
    pub(super) fn into_paper(self) -> Paper {
        let Self { overlay, mut trace } = self;
        trace.clear();
        Paper { overlay: overlay.into_memory(), trace }
    }

    pub(super) fn point(&self) -> Point {
        Point { overlay: self.overlay.mark(), trace: self.trace.mark() }
    }

    /// Forgets what was tried after a point.
    pub(super) fn cut(&mut self, point: Point) {
        self.overlay.cut(point.overlay);
        self.trace.cut(point.trace);
    }

    /// Forgets some of the postings after a point.
    pub(super) fn withdraw(&mut self, point: Point, unwanted: impl Fn(&Posting) -> bool) {
        self.overlay.withdraw(point.overlay, unwanted);
    }

    pub(super) fn postings_since(&self, point: Point) -> &[Posting] {
        self.overlay.since(point.overlay)
    }

    /// Takes out what was tried after a point, to be put back there by [`Trial::put_back`].
    pub(super) fn take_out(&mut self, point: Point) -> Tail {
        let postings = self.postings_since(point).to_vec();
        let gifts = self.overlay.gifts_since(point.overlay);
        let trace = self.trace.split_off(point.trace);
        self.overlay.cut(point.overlay);
        Tail { postings, gifts, trace }
    }

    /// A copy of what was tried after a point, to be put back there by [`Trial::put_back`].
    pub(super) fn copy_since(&self, point: Point) -> Tail {
        Tail {
            postings: self.postings_since(point).to_vec(),
            gifts: self.overlay.gifts_since(point.overlay),
            trace: self.trace.copy_since(point.trace),
        }
    }

    /// Tries again, at another point than the mark that it was copied from, what was copied; what it planned gets other
    /// numbers.
    pub(super) fn retake_elsewhere(
        &mut self,
        (tail, from): (&Tail, trace::TraceMark),
        (then, now): (Numbers, Numbers),
    ) {
        let of_posting = |posting: &Posting| Posting {
            planned: now.of_posting(then, posting.planned),
            ..*posting
        };
        let postings: Vec<Posting> = tail.postings.iter().map(of_posting).collect();
        self.overlay.put_back(&postings, &tail.gifts);
        self.trace.extend_moved(&tail.trace, from, |number| now.of_planned(then, number));
    }

    /// Tries again, at the same point, what was copied.
    pub(super) fn retake(&mut self, tail: &Tail) {
        self.overlay.put_back(&tail.postings, &tail.gifts);
        self.trace.extend_from(&tail.trace);
    }

    pub(super) fn put_back(&mut self, tail: Tail) {
        self.overlay.put_back(&tail.postings, &tail.gifts);
        self.trace.append(tail.trace);
    }
}
