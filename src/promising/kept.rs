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
    answer::Reason,
    search::{Need, Search, Stand, Want},
    trial::{Point, Tail},
};
use crate::{
    ledger::overlay::OverlayState,
    model::{Consumption, Day, Quantity},
    snapshot::{ItemIx, LocationIx},
};

/// A need as it was asked, all but its day, and how the search stood then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    item: ItemIx,
    location: LocationIx,
    quantity: Quantity,
    first: Day,
    stand: Stand,
    state: OverlayState,
}

/// What a search has learned of one need. Another ship method of the same ship-from asks the same again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    asked: Asked,
    floor: Floor,
    /// The first day by which a fill was seen to succeed.
    fits: Option<Day>,
}

/// What was found for a need by its day, to be taken again as it is.
#[derive(Debug)]
pub(super) struct Fitted {
    asked: Asked,
    day: Day,
    from: Point,
    tail: Tail,
}

/// What was in the way of a need as the search stood then.
#[derive(Debug)]
pub(super) struct Explained {
    pub(super) need: Need,
    pub(super) state: OverlayState,
    pub(super) reasons: Vec<Reason>,
}

impl Explained {
    pub(super) fn is_of(&self, need: Need, state: OverlayState) -> bool {
        (self.need, self.state) == (need, state)
    }
}

/// Up to where no fill succeeds.
#[derive(Clone, Copy, Debug)]
enum Floor {
    /// Not yet looked for.
    Unknown,
    /// By no day before it.
    Before(Day),
    /// By no day at all.
    Never,
}

impl Known {
    fn fails_by(&self, day: Day) -> bool {
        match self.floor {
            Floor::Unknown => false,
            Floor::Before(floor) => day < floor,
            Floor::Never => true,
        }
    }

    fn fits_by(&self, day: Day) -> bool {
        self.fits.is_some_and(|fits| fits <= day)
    }
}

impl Search<'_> {
    /// Whether all of a need can be there by its day, the goods kept until then. Leaves nothing behind.
    pub(super) fn can_fill_or_keep(&mut self, need: Need, first: Day) -> bool {
        if self.known(need, first).fits_by(need.day) {
            return true;
        }
        let start = self.point();
        let fits = self.fill_or_keep(need, first);
        self.cut(start);
        fits
    }

    /// Fills all of a need by its day, or else on the latest day before it, at or after `first`, on
    /// which all of it is there to be kept; else leaves nothing and says no.
    pub(super) fn fill_or_keep(&mut self, need: Need, first: Day) -> bool {
        if self.memo.effort.is_plain() {
            return self.fills_plainly(need, first);
        }
        let is_there = self.tries(need, first);
        if is_there || !self.memo.effort.is_over() {
            return is_there;
        }
        self.memo.give_up();
        self.fills_plainly(need, first)
    }

    /// With what does the whole, by the need's very day.
    fn fills_plainly(&mut self, need: Need, first: Day) -> bool {
        let mut known = self.known(need, first);
        if !self.explains() && matches!(known.floor, Floor::Unknown) {
            known.floor = self.floor((need, first), first);
            self.memo.known = Some(known);
        }
        (self.explains() || !known.fails_by(need.day)) && self.fills(need)
    }

    fn tries(&mut self, need: Need, first: Day) -> bool {
        // Who wants to know what is in the way of a day wants it of that day, known to fail or not.
        if self.explains() || !self.can_be_early(need) {
            return self.fills(need);
        }
        if self.retakes(need, first) {
            return true;
        }
        let mut known = self.known(need, first);
        if matches!(known.floor, Floor::Unknown) && self.takes_too_much(need) {
            known.floor = self.floor((need, first), need.day.plus(1));
        }
        let is_there = !known.fails_by(need.day) && self.fill_known(need, first, &mut known);
        self.memo.known = Some(known);
        is_there
    }

    /// Takes again what was found for the same need as the search stood then.
    fn retakes(&mut self, need: Need, first: Day) -> bool {
        let (asked, from) = (self.asked_of(need, first), self.point());
        let place = (asked, need.day, from);
        let fitted = self.memo.fitted.take();
        let is_it = !self.memo.bounds.is_off
            && fitted.as_ref().is_some_and(|it| (it.asked, it.day, it.from) == place);
        if is_it {
            fitted.iter().for_each(|fitted| self.trial.retake(&fitted.tail));
        }
        self.memo.fitted = fitted;
        is_it
    }

    fn fill_known(&mut self, need: Need, first: Day, known: &mut Known) -> bool {
        let mut day = need.day;
        let start = self.point();
        loop {
            if self.fills(need.on(day)) {
                known.fits = Some(known.fits.map_or(day, |fits| fits.min(day)));
                if day < need.day {
                    self.keep(start, need.on(day), need.day);
                }
                let tail = self.trial.copy_since(start);
                self.memo.fitted =
                    Some(Fitted { asked: known.asked, day: need.day, from: start, tail });
                return true;
            }
            if matches!(known.floor, Floor::Unknown) {
                known.floor = self.floor((need, first), first);
            }
            // What was given up before its end says nothing of the day.
            if self.memo.effort.is_over() {
                return false;
            }
            day = day.plus(-1);
            if known.fails_by(day) {
                break;
            }
        }
        if let Floor::Before(floor) = &mut known.floor {
            *floor = need.day.plus(1).max(*floor);
        }
        false
    }

    /// Up to where no fill of a need that may begin on a day succeeds, as far as bounds can tell; by no day before `from` does one.
    fn floor(&mut self, (need, first): (Need, Day), from: Day) -> Floor {
        // What is netted is found with little; most that the other bound looks at is there by then.
        let day = self.enough_from(need, from.max(first));
        let day = day.and_then(|day| self.not_before(need, day));
        day.map_or(Floor::Never, Floor::Before)
    }

    /// The day before which a need is known to fail as the search stands now; none where that is not known, or all are.
    pub(super) fn failing_before(&self, need: Need, first: Day) -> Option<Day> {
        match self.known(need, first).floor {
            Floor::Before(floor) => Some(floor),
            Floor::Unknown | Floor::Never => None,
        }
    }

    /// What is known of a need as the search stands now.
    fn known(&self, need: Need, first: Day) -> Known {
        let asked = self.asked_of(need, first);
        let known = self.memo.known.filter(|known| known.asked == asked);
        known.unwrap_or(Known { asked, floor: Floor::Unknown, fits: None })
    }

    fn asked_of(&self, need: Need, first: Day) -> Asked {
        let Need { stand, item, location, quantity, .. } = need;
        let state = self.trial.overlay.state();
        Asked { item, location, quantity, first, stand, state }
    }

    fn fills(&mut self, need: Need) -> bool {
        self.memo.spent.days += 1;
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
