//! What a search has learned, and may forget without changing an answer.

use super::{
    asked_before::AskedBefore,
    below::Structures,
    effort::Effort,
    in_time::BoundsFound,
    kept::{Explained, Fitted, Known},
    largest::Lack,
    netted::Netted,
    parts::Parts,
    spent::Spent,
};
use crate::snapshot::Snapshot;
use std::sync::{Arc, Weak};

/// What is known beside what was tried.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// What the parts of a need that do not fit lack.
    pub(super) lack: Lack,
    /// Parts that were found before.
    pub(super) parts: Parts,
    /// Whether something that was tried for the line came out short.
    pub(super) is_short: bool,
    /// What is known of the days before which needs cannot be filled.
    pub(super) bounds: BoundsFound,
    /// What is known of the need that was asked last.
    pub(super) known: Option<Known>,
    /// What was found for the need that was filled last.
    pub(super) fitted: Option<Fitted>,
    /// What was in the way of the need that was explained last.
    pub(super) explained: Option<Explained>,
    /// What was found for the line's needs.
    pub(super) asked_before: AskedBefore,
    /// What is made of what.
    pub(super) structures: Structures,
    /// What a need is netted in.
    pub(super) netted: Netted,
    /// The planning data that structures are of.
    of: Option<Weak<Snapshot>>,
    /// How much was tried for the line.
    pub(super) effort: Effort,
    /// What was taken since the beginning.
    pub(super) spent: Spent,
}

impl Memo {
    /// Forgets what holds for one search only; memory is kept.
    pub(super) fn clear(&mut self) {
        let Self {
            lack,
            parts,
            is_short,
            bounds,
            known,
            fitted,
            explained,
            asked_before,
            netted,
            effort,
            ..
        } = self;
        *lack = Lack::default();
        parts.clear();
        *is_short = false;
        bounds.clear();
        *known = None;
        *fitted = None;
        *explained = None;
        asked_before.clear();
        netted.clear();
        *effort = Effort::default();
    }

    /// Forgets what planning data say, if it is not these.
    pub(super) fn keep_up(&mut self, snapshot: &Arc<Snapshot>) {
        let is_same = |of: &Weak<Snapshot>| std::ptr::eq(of.as_ptr(), Arc::as_ptr(snapshot));
        if !self.of.as_ref().is_some_and(is_same) {
            self.structures.clear();
            self.asked_before.forget();
            self.of = Some(Arc::downgrade(snapshot));
        }
    }

    /// Gives up parts and alternates.
    pub(super) fn give_up(&mut self) {
        self.effort.give_up();
        self.asked_before.give_up();
    }

    /// Begins with another line.
    pub(super) fn restart(&mut self) {
        self.is_short = false;
        self.explained = None;
        self.parts.clear();
        self.effort.restart();
        self.bounds.restart();
        self.asked_before.clear();
    }
}
