//! What is over is forgotten after a time, a few promises at a time.
//!
//! The writer looks at some promises after each batch, in order of number, and begins anew at the end: as many
//! as lines were promised in that batch and some more, so that what is over cannot grow faster than it is found; many
//! where it has nothing else to do.

use super::writer::{Forgetting, Writer};
use std::sync::Arc;

/// Promises that are looked at after a batch, beside as many as the batch made.
const LOOKED_AT: usize = 64;

/// Promises that are looked at by a writer that has nothing else to do.
const LOOKED_AT_IDLE: usize = 4_000;

impl Writer {
    /// Forgets some of what is over for long enough, or is too much.
    pub(super) fn forget_some(&mut self, n_done: usize) {
        let waits = self.live.room.is_full() || self.lane.holds_all() || !self.standing.leads();
        if self.live.world().n_over() == 0 || waits {
            return;
        }
        let n = if n_done == 0 { LOOKED_AT_IDLE } else { LOOKED_AT + n_done };
        let Forgetting { age, count, next } = self.forgetting;
        let last = self.live.now.saturating_sub(age);
        let is_too_much = count < self.live.world().n_over();
        let found = self.live.world().over(next, n, |since| is_too_much || since < last);
        self.forgetting.next = found.next;
        if !found.numbers.is_empty() {
            let stamp = self.live.stamp();
            let entry = self.live.ledger.forget(&found.numbers).commit(stamp);
            self.live.entries.push(Arc::new(entry));
        }
    }
}
