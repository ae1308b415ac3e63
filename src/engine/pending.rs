//! Answers that wait for their group to be durable.

use super::{
    activate::Swapped,
    caller::Caller,
    error::Error,
    outcome::NetOutcome,
    traced::Traced,
    work::{
        ChangeCaller, FindCaller, ManyCaller, NetCaller, Netted, PendingChange, PendingPromise,
        PendingStep, PromiseCaller, RearrangeCaller, SeenCaller,
    },
};
use crate::ledger::{Entry, World};
use std::sync::Arc;
use tokio::runtime::Handle;

/// An answer that waits for its group to be durable.
pub(super) enum Pending {
    Promise(PromiseCaller, Result<PendingPromise, Error>),
    Change(ChangeCaller, Result<PendingChange, Error>),
    Activate(Caller<Swapped>, Box<Result<Swapped, Error>>),
    Rearrange(RearrangeCaller, Result<u64, Error>),
    Many(ManyCaller, Result<PendingStep, Error>),
    Find(FindCaller, Result<Option<Arc<Entry>>, Error>),
    Net(NetCaller, Result<Netted, Error>),
    Tick(Caller<u64>),
    Seen(SeenCaller, Result<(), Error>),
    Stood(Caller<u64>, Result<u64, Error>),
}

/// The same of the caller of any of them, whatever he is to be told.
macro_rules! of_caller {
    ($pending:expr, $caller:ident => $what:expr) => {
        match $pending {
            Pending::Promise($caller, _) => $what,
            Pending::Change($caller, _) => $what,
            Pending::Activate($caller, _) => $what,
            Pending::Rearrange($caller, _) | Pending::Stood($caller, _) => $what,
            Pending::Many($caller, _) => $what,
            Pending::Find($caller, _) => $what,
            Pending::Net($caller, _) => $what,
            Pending::Tick($caller) => $what,
            Pending::Seen($caller, _) => $what,
        }
    };
}

impl Pending {
    /// The trace of its call, if it has one.
    pub(super) fn trace(&self) -> Option<&Arc<Traced>> {
        of_caller!(self, caller => caller.trace())
    }

    /// Where it is waited for, if that is a runtime.
    pub(super) fn home(&self) -> Option<&Handle> {
        of_caller!(self, caller => caller.home())
    }

    /// Answers. A caller that has gone away does not mind.
    pub(super) fn answer(self, world: &Arc<World>) {
        let world = Arc::clone(world);
        match self {
            Self::Promise(caller, promised) => {
                drop(caller.send(promised.map(|promised| promised.with(world))));
            }
            Self::Change(caller, changed) => {
                drop(caller.send(changed.map(|changed| changed.with(world))));
            }
            Self::Activate(caller, swapped) => drop(caller.send(*swapped)),
            Self::Rearrange(caller, done) => drop(caller.send(done)),
            Self::Find(caller, found) => drop(caller.send(found)),
            Self::Many(caller, stepped) => {
                drop(caller.send(stepped.map(|stepped| stepped.with(world))));
            }
            Self::Net(caller, done) => {
                let outcome = |(changed, position)| NetOutcome { changed, position, world };
                drop(caller.send(done.map(outcome)));
            }
            Self::Seen(caller, seen) => drop(caller.send(seen.map(|()| world))),
            Self::Tick(caller) => drop(caller.send(Ok(world.position))),
            Self::Stood(caller, stood) => drop(caller.send(stood)),
        }
    }

    /// Answers that nothing of it was done, or that nobody knows.
    pub(super) fn refuse(self, error: Error) {
        of_caller!(self, caller => drop(caller.send(Err(error))));
    }
}
