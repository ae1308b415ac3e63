//! The day from which on there is all that a need takes at least: what is netted of it lacks on all days before, and on none after.
//!
//! It is looked for near the day that was found before, for most orders of an item have much the same one. Where a later day
//! never lacks more, the same day is found wherever it is looked for. What is netted leaves out the least steps where there
//! are many, so that now and then another day may be found: on all days before it a need fails all the same, since with more
//! time more fits, so that only more or fewer days are tried.

use super::search::{Need, Search};
use crate::model::Day;

impl Search<'_> {
    /// The first day at or after one by which there may be all that a need takes at least; none within the horizon if
    /// there is none.
    pub(super) fn enough_from(&mut self, need: Need, from: Day) -> Option<Day> {
        if self.memo.bounds.is_off || !self.is_short(need.on(from)) {
            return Some(from);
        }
        let structure = self.structure(need.item, need.location);
        let end = self.snapshot().epoch().end();
        let near = self.memo.structures.enough_near(need.item, need.location);
        let days = (from, near.unwrap_or(from), end);
        let day = first_enough(days, |day| self.lacks(&structure, need.on(day)))?;
        self.memo.structures.note_enough(need.item, need.location, day);
        Some(day)
    }
}

/// The first day from one on, and before the end, on which nothing is lacking, looked for near another one; with more time
/// there is more stock, and there are more hours.
fn first_enough(
    (from, near, end): (Day, Day, Day),
    mut lacks: impl FnMut(Day) -> bool,
) -> Option<Day> {
    if end <= from {
        return None;
    }
    let last = end.plus(-1);
    // Something is lacking on all days before `least`, and nothing on `day`.
    let (mut least, mut day, mut step) = (from, near.clamp(from, last), 1);
    if lacks(day) {
        loop {
            least = day.plus(1);
            if end <= least {
                return None;
            }
            day = day.plus(step).min(last);
            if !lacks(day) {
                break;
            }
            step *= 2;
        }
    } else {
        while least < day {
            let before = day.plus(-step).max(least);
            if lacks(before) {
                least = before.plus(1);
                break;
            }
            day = before;
            step *= 2;
        }
    }
    while least < day {
        let middle = least.plus((day.0 - least.0) / 2);
        if lacks(middle) {
            least = middle.plus(1);
        } else {
            day = middle;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_day_that_has_enough_is_found_wherever_it_is_looked_for(
            from in 0i32..40, near in 0i32..60, end in 0i32..60, first in 0i32..60,
        ) {
            let found = first_enough((Day(from), Day(near), Day(end)), |day| day < Day(first));
            prop_assert_eq!(found, (from..end).find(|day| first <= *day).map(Day));
        }
    }
}
