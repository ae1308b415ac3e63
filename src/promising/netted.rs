//! What a need is netted in: memory, and what was found on the way as long as nothing is posted.

use super::curve::Curve;
use crate::{
    ledger::overlay::OverlayState,
    model::{Day, Quantity},
    snapshot::WorkIx,
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::ops::Range;

/// So many items' memory is kept for the next search.
const LEVELS_KEPT_MAX: usize = 512;

/// A need netted down a structure, in memory that the next one is netted in.
#[derive(Debug, Default)]
pub(super) struct Netted {
    pub(super) today: Day,
    /// How much of each item is needed at least, and how much of that must be made, by which days.
    pub(super) gross: Vec<Curve>,
    pub(super) made: Vec<Curve>,
    pub(super) begun: Begun,
    /// What an item takes of others, and what it takes in another way.
    pub(super) parts: Vec<NettedPart>,
    pub(super) others: Vec<NettedPart>,
    pub(super) wanted: Vec<(usize, Curve)>,
    pub(super) days: Vec<Day>,
}

/// What an item takes of another one, by the position of that one, until a day.
#[derive(Debug)]
pub(super) struct NettedPart {
    pub(super) at: usize,
    pub(super) needed: Quantity,
    pub(super) until: Day,
}

impl Netted {
    /// Forgets what it is of; its memory is kept.
    pub(super) fn clear(&mut self) {
        for curves in [&mut self.gross, &mut self.made] {
            curves.truncate(LEVELS_KEPT_MAX);
            curves.shrink_to(LEVELS_KEPT_MAX);
        }
        self.begun.clear();
    }

    /// Begins with so much of the first of so many items, needed by a day.
    pub(super) fn begin(&mut self, n_levels: usize, (quantity, today, by): (Quantity, Day, Day)) {
        self.today = today;
        for curves in [&mut self.gross, &mut self.made] {
            curves.resize_with(n_levels.max(curves.len()), Curve::default);
            curves[..n_levels].iter_mut().for_each(Curve::clear);
        }
        self.parts.clear();
        self.gross[0].raise(by, quantity);
    }

    /// Wants what an item takes of others.
    pub(super) fn want(&mut self) {
        for NettedPart { at, needed, until } in self.parts.drain(..) {
            match self.wanted.iter_mut().find(|(known, _)| *known == at) {
                Some((_, curve)) => curve.raise(until, needed),
                None => self.wanted.push((at, Curve::of(until, needed))),
            }
        }
    }
}

/// What was found of work orders that are done by days, as long as nothing is posted.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// How the search stood, and the first day.
    of: Option<(OverlayState, Day)>,
    /// Look-up only: where among `days` those of an order are.
    pub(super) known: HashMap<(WorkIx, Day), Option<Range<usize>>, FxBuildHasher>,
    pub(super) days: Vec<Day>,
}

impl Begun {
    /// Forgets what was found; its memory is kept.
    pub(super) fn clear(&mut self) {
        self.of = None;
        self.known.clear();
        self.days.clear();
    }

    /// Forgets what held before something was posted.
    pub(super) fn keep_up(&mut self, state: OverlayState, today: Day) {
        if self.of != Some((state, today)) {
            self.clear();
            self.of = Some((state, today));
        }
    }
}
