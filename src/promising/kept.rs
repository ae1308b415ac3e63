//! A need filled by its day or before, the goods kept until then.
//!
//! "No later request of a line fails where an earlier one would succeed: goods can be kept, in stock,
//! from the day they are there" (semantics 6). A greedy `fill` alone does not have that property: with
//! more time two components may take the same hours later, and one of them then misses the other's
//! start. So a day fails only if every day before it fails too. That is shown without trying them: up to
//! the [bound](super::bound) none can succeed.
//!
//! Invariant: whatever fits by a day fits by every later one, so the smallest day may be bisected.

use super::{
    classes::Asker,
    fill::{Need, Point, Search, Want},
};
use crate::{
    ledger::overlay::State,
    model::{Consumption, Day, Quantity},
    snapshot::{ItemIx, LocationIx},
};

/// What a search has learned of one need: no fill of it succeeds by a day before `day`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Floor {
    item: ItemIx,
    location: LocationIx,
    quantity: Quantity,
    today: Day,
    target: Day,
    asker: Asker,
    state: State,
    /// None if no day is late enough.
    day: Option<Day>,
}

impl Floor {
    fn is_after(&self, day: Day) -> bool {
        self.day.is_none_or(|floor| day < floor)
    }
}

impl Search<'_> {
    /// Fills all of a need by its day, or else on the latest day before it, at or after `first`, on
    /// which all of it is there to be kept; else leaves nothing and says no.
    pub(super) fn fill_or_keep(&mut self, need: Need, first: Day) -> bool {
        // Who wants to know what is in the way of a day wants it of that day, known to fail or not.
        if self.explains() || !self.can_be_early(need) {
            return self.fills(need);
        }
        if self.known(need).is_some_and(|floor| floor.is_after(need.day)) {
            return false;
        }
        if self.fills(need) {
            return true;
        }
        let Some(floor) = self.floor(need, first) else {
            return false;
        };
        let mut day = need.day.plus(-1);
        while floor <= day {
            let start = self.point();
            if self.fills(Need { day, ..need }) {
                self.keep(start, Need { day, ..need }, need.day);
                return true;
            }
            day = day.plus(-1);
        }
        self.learn(need, need.day.plus(1));
        false
    }

    /// The first day by which a need might be filled, as far as is known; none if it never is.
    pub(super) fn floor(&mut self, need: Need, first: Day) -> Option<Day> {
        if let Some(known) = self.known(need) {
            return known.day.map(|day| day.max(first));
        }
        let Need { item, location, quantity, .. } = need;
        let day = self.not_before(need, first);
        let (today, target, asker) = (self.today, self.target, self.asker);
        let state = self.overlay.state();
        self.floor = Some(Floor { item, location, quantity, today, target, asker, state, day });
        day
    }

    /// What is known of a need as the search stands now.
    fn known(&self, need: Need) -> Option<Floor> {
        let asked = (need.item, need.location, need.quantity);
        let stand = (self.today, self.target, self.asker, self.overlay.state());
        self.floor.filter(|floor| {
            (floor.item, floor.location, floor.quantity) == asked
                && (floor.today, floor.target, floor.asker, floor.state) == stand
        })
    }

    fn learn(&mut self, need: Need, day: Day) {
        self.floor(need, day);
        if let Some(floor) = &mut self.floor {
            floor.day = floor.day.map(|known| known.max(day));
        }
    }

    fn fills(&mut self, need: Need) -> bool {
        !self.fill(need, Want::Whole).is_positive()
    }

    /// Whether goods can be there before they are needed: from sources, not under `consumption` none.
    fn can_be_early(&self, need: Need) -> bool {
        let rule = self.rule(need);
        if rule.consumption == Consumption::None || !rule.search_sources {
            return false;
        }
        let mut scratch = Vec::new();
        !self.snapshot().local_sources(need.item, need.location, &mut scratch).is_empty()
    }

    /// What was tried since a point is there on the need's day, but leaves stock on a later one.
    fn keep(&mut self, start: Point, need: Need, leaves: Day) {
        self.leave_later(start, need, leaves);
    }
}
