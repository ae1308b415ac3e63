//! Commands done before, by the caller's id: what they came to, and answers that are remembered beside promises.

use super::{
    act::Act,
    deed::{Deed, Performed, WaitsWhile},
    ticket::Ticket,
};
use crate::{
    engine::{
        Answer, Engine, Error,
        caller::Caller,
        live::{Live, LookedUp},
        pending::Pending,
        remembered::{DoneBefore, told_in},
        traced::Traced,
    },
    ledger::{Entry, Ledger, Stamp, Told, World},
};
use std::{fmt::Debug, sync::Arc};

impl Engine {
    /// The entry that a command made, if it was done before; `digest` is that of what it asked for.
    pub fn find(&self, request_id: &str, digest: u128) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        let ticket = self.ticket(request_id, digest, None);
        self.send(|caller, _| Box::new(Find { ticket, caller }))
    }

    /// Notes the answer to a command that was answered and changed nothing, and gives the entry that has the
    /// first one.
    pub fn remember(
        &self,
        request_id: &str,
        digest: u128,
        told: Arc<[u8]>,
    ) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        self.ask(self.ticket(request_id, digest, None), Remember { told })
    }

    /// The first answer of a command that does not resolve any more; its faults where there is none.
    pub(in crate::engine) fn recall<T: Debug + Send + 'static>(
        &self,
        ticket: Ticket,
        error: Error,
        told: FirstAnswer<T>,
    ) -> Answer<T> {
        if ticket.request.is_none() {
            return Answer::ready(Err(error));
        }
        self.send(|caller, _| Box::new(Recall { ticket, error, told, caller }))
    }
}

/// What a command of which nothing came is answered; the first answer stands.
#[derive(Debug)]
struct Remember {
    told: Arc<[u8]>,
}

impl Act for Remember {
    type Outcome = Option<Arc<Entry>>;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let told = Some(Arc::new(Told::Message(Arc::clone(&self.told))));
        Ok(ledger.answered().commit_told(stamp, told))
    }

    fn told(entry: &Arc<Entry>, _world: Arc<World>) -> Option<Arc<Entry>> {
        Some(Arc::clone(entry))
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Still
    }
}

/// What a command did, if it was done before.
#[derive(Debug)]
struct Find {
    ticket: Ticket,
    caller: Caller<Option<Arc<Entry>>>,
}

impl Deed for Find {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        let found = live.find(&self.ticket);
        Performed::Done(Pending::new(self.caller, found, |found, _| found.map(|one| one.entry)))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }
}

/// Makes the first answer of what the entry keeps.
type FirstAnswer<T> = fn(Arc<Entry>, Arc<World>) -> T;

/// A request that does not resolve any more. It gets its first answer if it was done before, when the snapshot still had
/// its names; else the faults.
#[derive(Debug)]
struct Recall<T> {
    ticket: Ticket,
    error: Error,
    told: FirstAnswer<T>,
    caller: Caller<T>,
}

impl<T: Debug + Send + 'static> Deed for Recall<T> {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        let Self { ticket, error, told, caller } = *self;
        let first = match live.look_up(&ticket) {
            Ok(LookedUp::Before(found)) => Ok(found),
            Ok(LookedUp::New(_)) => Err(error),
            Err(error) => Err(error),
        };
        let told = move |DoneBefore { entry, names }, world| told(entry, told_in(names, world));
        Performed::Done(Pending::new(caller, first, told))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }
}
