//! What an entry says beside the promises that it makes or changes.

use super::World;
use crate::ledger::{
    entry::{Entry, Fact},
    note::Note,
    refresh::Risk,
};

impl World {
    /// Does what an entry says beside the promises that it makes or changes.
    pub(in crate::ledger) fn heed(&mut self, entry: &Entry) {
        if let Some(read) = &entry.stamp.source {
            self.hear(&read.source, &read.position);
        }
        match &entry.fact {
            Fact::Forgotten { numbers } => numbers.iter().for_each(|number| {
                self.fold(*number);
                self.lose(*number);
            }),
            Fact::Noted { notes } => notes.iter().for_each(|note| match note {
                Note::SoonerPossible { number, date } => self.mark_sooner(*number, Some(*date)),
                Note::SoonerNoMore { number } => self.mark_sooner(*number, None),
                Note::Cursor { of, at } => self.reach(of, at),
                Note::HoldExpiring { .. }
                | Note::SourceStale { .. }
                | Note::SourceFresh { .. }
                | Note::Quarantined { .. }
                | Note::Diverged { .. } => (),
            }),
            Fact::Acknowledged(seen) => self.restore_seen((**seen).clone(), entry.stamp.at),
            Fact::Ruled { rules, at_risk } => {
                self.rules = *rules;
                self.tell_apart();
                at_risk.iter().for_each(|number| {
                    self.set_at_risk(*number, Risk::SupplyGone);
                });
            }
            Fact::Promised { .. }
            | Fact::Confirmed { .. }
            | Fact::PartlyReleased { .. }
            | Fact::Released { .. }
            | Fact::Amended { .. }
            | Fact::Fulfilled { .. }
            | Fact::Activated(_)
            | Fact::Expired { .. }
            | Fact::Rearranged { .. }
            | Fact::Changed(_)
            | Fact::Stepped { .. }
            | Fact::Unchanged { .. }
            | Fact::Leapt(_)
            | Fact::Answered
            | Fact::Reverted { .. } => (),
        }
    }
}
