//! Since when promises are at risk, could come sooner, and the snapshot serves.

use super::{
    super::{
        marks::{Mark, Placing, Since},
        reservation::Reservation,
        trie::Trie,
    },
    World,
};
use jiff::civil::Date;

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

    /// Takes over what another copy of the world has noted of a promise.
    pub(in crate::ledger) fn take_mark(&mut self, other: &World, number: u64) {
        self.set_mark(number, other.marks.get(number).copied().unwrap_or_default());
    }

    /// The numbers of what is not noted as an older copy of the world has it noted.
    pub(in crate::ledger) fn marks_since(&self, older: &World) -> Vec<u64> {
        let mut numbers = self.marks.changed_since(&older.marks, PartialEq::eq);
        let gone = older.marks.changed_since(&self.marks, PartialEq::eq);
        numbers.extend(gone.into_iter().filter(|number| self.marks.get(*number).is_none()));
        numbers
    }

    /// Says which entry it was that something was noted by, before that had its place, and when that was.
    pub(in crate::ledger) fn place_mark(&mut self, number: u64, placing: Placing) {
        let Some(mark) = self.marks.get(number).copied() else { return };
        let placed = |was: Since| placing.of(was.position).unwrap_or(was);
        let sooner = mark.sooner.map(|(date, was)| (date, placed(was)));
        self.set_mark(number, Mark { at_risk: mark.at_risk.map(placed), sooner });
    }

    fn set_mark(&mut self, number: u64, mark: Mark) {
        if mark == Mark::default() {
            self.marks.remove(number);
        } else {
            self.marks.insert(number, mark);
        }
    }

    /// Notes since when a promise is as it is now.
    pub(in crate::ledger) fn mark(&mut self, before: Option<&Reservation>, after: &Reservation) {
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
    pub(in crate::ledger) fn mark_sooner(&mut self, number: u64, date: Option<Date>) {
        let known = self.marks.get(number).copied().unwrap_or_default();
        let sooner = date.map(|date| (date, self.instant));
        self.set_mark(number, Mark { sooner, ..known });
    }

    /// Takes over from the world whose place it takes since when promises are at risk; what could come sooner is to
    /// be looked for anew. Gives those of whom it is new, who are noted to be so since another instant.
    pub(in crate::ledger) fn take_marks(
        &mut self,
        before: &World,
        (at_risk, noted): (&[u64], Since),
    ) -> Vec<u64> {
        self.marks = Trie::default();
        assert_eq!(self.n_at_risk(), at_risk.len() as u64, "those at risk are known");
        let mut new = Vec::new();
        for &number in at_risk {
            let since = before.at_risk_since(number);
            if since.is_none() {
                new.push(number);
            }
            self.set_mark(number, Mark { at_risk: since.or(Some(noted)), sooner: None });
        }
        new
    }

    /// The snapshot serves from an instant on.
    pub(in crate::ledger) fn serves_from(&mut self, instant: Since) {
        self.instant = instant;
        self.set_mark(SERVING, Mark { at_risk: Some(instant), sooner: None });
    }
}
