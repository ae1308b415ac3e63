//! Notes: what came about by itself goes into the journal, and what is due is done.

use super::deed::{Deed, Performed, WaitsWhile};
use crate::{
    engine::{Answer, Engine, Error, caller::Caller, live::Live, pending::Pending, traced::Traced},
    ledger::{Note, State},
};
use std::sync::Arc;

impl Engine {
    /// Ends the holds that are due now, and answers with the position after it. The writer does so by
    /// itself; this is for those who do not want to wait for it.
    pub fn tick(&self) -> Answer<u64> {
        self.send(|caller, _| Box::new(Tick { caller }))
    }

    /// Notes what came about by itself; the answer is the position after it.
    pub fn note(&self, notes: Vec<Note>) -> Answer<u64> {
        self.send(|caller, _| Box::new(Notes { notes, caller }))
    }
}

/// Whatever is due is done before each batch.
#[derive(Debug)]
struct Tick {
    caller: Caller<u64>,
}

impl Deed for Tick {
    fn perform(self: Box<Self>, _live: &mut Live) -> Performed {
        Performed::Done(Pending::new(self.caller, Ok(()), |(), world| world.position))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn is_for_leader(&self) -> bool {
        false
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }
}

/// What came about by itself, if it is still so in a world no younger than this one.
#[derive(Debug)]
struct Notes {
    notes: Vec<Note>,
    caller: Caller<u64>,
}

impl Deed for Notes {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        note(live, self.notes);
        Performed::Done(Pending::new(self.caller, Ok(()), |(), world| world.position))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Still
    }
}

/// Notes what is still so; where there is no room it is looked for again.
fn note(live: &mut Live, mut notes: Vec<Note>) {
    let world = live.ledger.world();
    notes.retain(|note| match note {
        Note::HoldExpiring { number, until } => {
            let state = world.reservation(*number).map(|found| found.state);
            state == Some(State::Held { until: *until })
        }
        Note::SoonerPossible { number, .. } | Note::SoonerNoMore { number } => {
            world.reservation(*number).is_some_and(|found| found.is_live())
        }
        Note::Cursor { of, at } => world.cursors().get(of) != Some(at),
        Note::SourceStale { .. }
        | Note::SourceFresh { .. }
        | Note::Quarantined { .. }
        | Note::Diverged { .. } => true,
    });
    if notes.is_empty() || live.room.is_full() {
        return;
    }
    let stamp = live.stamp();
    let entry = live.ledger.noted(notes);
    let entry = entry.commit(stamp);
    live.keep(entry);
}
