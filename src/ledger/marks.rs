//! Since when things are as they are, where an entry made them so and a promise does not say it: that it is at risk,
//! that it could come sooner, that a snapshot serves.

use super::{Reservation, World};
use jiff::civil::Date;

/// The entry from which on something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Since {
    /// When it was made, in microseconds since 1970 UTC; 0 where nobody knows.
    pub at: i64,
    /// How many entries there are with it; 0 where it holds from the start.
    pub position: u64,
}

/// What is noted of a promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Since when it is at risk.
    pub at_risk: Option<Since>,
    /// On which date the last of it could be there by now, and since when that is known.
    pub sooner: Option<(Date, Since)>,
}

/// Stands for the snapshot: no promise has this number.
const SERVING: u64 = 0;

impl World {
    /// Since when a promise is at risk.
    pub fn at_risk_since(&self, number: u64) -> Option<Since> {
        self.marks.get(number)?.at_risk
    }

    /// On which date a promise could be there by now, as the last look has found; and since when that is known.
    pub fn sooner(&self, number: u64) -> Option<(Date, Since)> {
        self.marks.get(number)?.sooner
    }

    /// The promises that could come sooner.
    pub fn all_sooner(&self) -> impl Iterator<Item = (u64, Date, Since)> {
        self.marks.iter().filter_map(|(number, mark)| {
            let (date, since) = mark.sooner?;
            Some((number, date, since))
        })
    }

    /// Since when the snapshot serves.
    pub fn serves_since(&self) -> Since {
        self.at_risk_since(SERVING).unwrap_or_default()
    }

    /// All that is noted, by number.
    pub fn marks(&self) -> impl Iterator<Item = (u64, Mark)> {
        self.marks.iter().map(|(number, mark)| (number, *mark))
    }

    /// Gives back what was noted.
    pub fn restore_mark(&mut self, number: u64, mark: Mark) {
        self.set_mark(number, mark);
    }

    fn set_mark(&mut self, number: u64, mark: Mark) {
        if mark == Mark::default() {
            self.marks.remove(number);
        } else {
            self.marks.insert(number, mark);
        }
    }

    /// Notes since when a promise is as it is now.
    pub(super) fn mark(&mut self, before: Option<&Reservation>, after: &Reservation) {
        if self.marks.is_empty() && !after.at_risk {
            return;
        }
        let known = self.marks.get(after.number).copied().unwrap_or_default();
        let at_risk = after.at_risk.then(|| known.at_risk.unwrap_or(self.instant));
        let stays = before.is_some_and(|before| before.facts.legs == after.facts.legs);
        let sooner = known.sooner.filter(|_| stays && after.is_live());
        let mark = Mark { at_risk, sooner };
        if mark != known {
            self.set_mark(after.number, mark);
        }
    }

    /// Notes that a promise could come sooner, or no more.
    pub(super) fn mark_sooner(&mut self, number: u64, date: Option<Date>) {
        let known = self.marks.get(number).copied().unwrap_or_default();
        let sooner = date.map(|date| (date, self.instant));
        self.set_mark(number, Mark { sooner, ..known });
    }

    /// Takes over from the world whose place it takes since when promises are at risk; what could come sooner is to
    /// be looked for anew.
    pub(super) fn take_marks(&mut self, before: &World, instant: Since) {
        self.instant = instant;
        self.marks = super::trie::Trie::default();
        self.set_mark(SERVING, Mark { at_risk: Some(instant), sooner: None });
        let at_risk: Vec<u64> = self
            .reservations_from(0)
            .filter(|found| found.at_risk)
            .map(|found| found.number)
            .collect();
        for number in at_risk {
            let since = before.at_risk_since(number).unwrap_or(instant);
            self.set_mark(number, Mark { at_risk: Some(since), sooner: None });
        }
    }
}
