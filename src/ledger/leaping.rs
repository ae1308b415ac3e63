//! The clock has leapt: what runs out by it is moved by as much (semantics 12.5).
//!
//! Nobody's hold may end because somebody set a clock. A leap is a fact of its own, so a replay moves the same
//! holds, whatever clock it runs by.

use super::{Admitted, Fact, Leap, Ledger, Reservation, State, World};
use std::{collections::BTreeSet, sync::Arc};

impl Ledger {
    /// Notes a leap, and moves the ends of the holds that it moves.
    pub fn leap(&mut self, leap: Leap) -> Admitted<'_> {
        self.admitted(Fact::Leapt(leap))
    }

    /// Moves the ends of holds, each once, under whatever ends it is noted.
    pub(super) fn move_holds(&mut self, leap: Leap) {
        let is_moved = |(_, number): &&(i64, u64)| leap.from_number <= *number;
        let noted: Vec<_> = self.due.iter().filter(is_moved).copied().collect();
        noted.iter().for_each(|due| {
            self.due.remove(due);
        });
        let numbers: BTreeSet<u64> = noted.into_iter().map(|(_, number)| number).collect();
        for number in numbers {
            self.work += 1;
            if let Some((later, after)) = self.world.moved(number, leap) {
                self.due.insert((later, number));
                self.world.put(after);
            }
        }
    }
}

impl World {
    /// A hold that ends later by a leap, and when; none where it is no hold, or one that does not move.
    pub(super) fn moved(&self, number: u64, leap: Leap) -> Option<(i64, Arc<Reservation>)> {
        let before = self.reservation(number).filter(|_| leap.from_number <= number)?;
        let State::Held { until } = before.state else { return None };
        let later = until.saturating_add(leap.by);
        let state = State::Held { until: later };
        Some((later, Arc::new(Reservation { state, ..(**before).clone() })))
    }
}
