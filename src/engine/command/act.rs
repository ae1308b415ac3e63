//! The way of most commands: looked up, done on a ledger as one entry, and told from that.
//!
//! A command is an [`Act`]: what it means on whatever ledger, live, a fork of it, or a scenario's. The rest is the same
//! for all and stands here.

use super::{
    deed::{Beside, Deed, Performed, WaitsWhile},
    ticket::Ticket,
};
use crate::{
    engine::{
        caller::Caller,
        error::Error,
        live::{Live, LookedUp},
        pending::Pending,
        remembered::{DoneBefore, told_in},
        task::Task,
        traced::Traced,
    },
    ledger::{Entry, Footprint, Ledger, Stamp, World},
};
use std::{fmt::Debug, sync::Arc};

/// A command that makes one entry.
pub(in crate::engine) trait Act: Debug + Send + Sync + 'static {
    /// What its caller is told.
    type Outcome: Debug + Send + 'static;

    /// Whether what is told names anything of planning data: then it does so in the names of its own time.
    const HAS_NAMES: bool = true;

    /// Does it.
    ///
    /// # Errors
    /// Why it cannot be done: then nothing was.
    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error>;

    /// What its entry says, in a world that has it.
    fn told(entry: &Arc<Entry>, world: Arc<World>) -> Self::Outcome;

    /// The changes, or promises, that it is about.
    fn n_lines(&self) -> usize {
        1
    }

    /// When it is kept waiting for something that is worked out beside the writer.
    fn held(&self) -> WaitsWhile {
        WaitsWhile::Met
    }

    /// Whether it would change what something else was worked out from.
    fn meets(&self, _print: &Footprint, _world: &World) -> bool {
        true
    }

    /// Whether it is too much for the writer.
    fn is_long(&self, _live: &Live) -> bool {
        false
    }

    /// Whether many like it come at once, and are worked out together: one that is refused leaves no trace on the ledger.
    fn is_one_of_many(&self) -> bool {
        false
    }
}

/// Whether a change of a promise would change what something was worked out from.
pub(super) fn is_met(number: u64, print: &Footprint, world: &World) -> bool {
    world.reservation(number).is_some_and(|found| print.meets(&world.snapshot, found))
}

/// An act, and who waits for it.
#[derive(Debug)]
pub(in crate::engine) struct Asked<A: Act> {
    pub(in crate::engine) ticket: Ticket,
    pub(in crate::engine) act: A,
    pub(in crate::engine) caller: Caller<A::Outcome>,
}

impl<A: Act> Asked<A> {
    fn done(&self, live: &mut Live) -> Result<DoneBefore, Error> {
        match live.look_up(&self.ticket)? {
            LookedUp::Before(found) => Ok(found),
            LookedUp::New(stamp) => {
                let entry = self.act.act(&mut live.ledger, stamp)?;
                Ok(DoneBefore::now(live.keep(entry)))
            }
        }
    }

    fn answered(self, done: Result<DoneBefore, Error>) -> Pending {
        Pending::new(self.caller, done, |DoneBefore { entry, names }, world| {
            A::told(&entry, told_in(names.filter(|_| A::HAS_NAMES), world))
        })
    }
}

impl<A: Act> Deed for Asked<A> {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        if self.act.is_long(live) {
            return Performed::Beside(Beside::Task(self));
        }
        let done = self.done(live);
        Performed::Done(self.answered(done))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn n_lines(&self) -> usize {
        self.act.n_lines()
    }

    fn held(&self) -> WaitsWhile {
        self.act.held()
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        self.act.meets(print, world)
    }

    fn is_long(&self, live: &Live) -> bool {
        self.act.is_long(live)
    }

    fn ticket(&self) -> Option<&Ticket> {
        Some(&self.ticket)
    }

    fn one_of_many(&self) -> Option<&Ticket> {
        self.act.is_one_of_many().then_some(&self.ticket)
    }
}

impl<A: Act> Task for Asked<A> {
    fn ticket(&self) -> Option<&Ticket> {
        Some(&self.ticket)
    }

    fn n_lines(&self) -> usize {
        self.act.n_lines()
    }

    fn is_one_of_many(&self) -> bool {
        self.act.is_one_of_many()
    }

    fn work(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        self.act.act(ledger, stamp)
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn pending(self: Box<Self>, done: Result<DoneBefore, Error>) -> Option<Pending> {
        Some(self.answered(done))
    }
}
