//! How work gets into the writer's queue.

use super::{
    Answer, Engine, Error, SteadyTime,
    caller::Caller,
    traced::Stage,
    work::{Recaller, Ticket, Work},
};
use crate::{ledger::Note, promising::patience::Patience};
use crossbeam::channel::{SendError, TrySendError};

impl Engine {
    /// The first answer of a command that does not resolve any more; its faults where there is none.
    pub(super) fn recall<T>(
        &self,
        ticket: Ticket,
        error: Error,
        recaller: impl FnOnce(Caller<T>) -> Recaller,
    ) -> Answer<T> {
        if ticket.request.is_none() {
            return Answer::ready(Err(error));
        }
        self.send(|caller, _| Work::Recall(ticket, error, recaller(caller)))
    }

    /// Puts work into the queue, or says at once that there is no place.
    pub(super) fn send<T>(&self, work: impl FnOnce(Caller<T>, Patience) -> Work) -> Answer<T> {
        let (answer, caller, patience) = Answer::pair();
        let caller = caller.traced((self.traced)());
        match self.queue.try_send(work(caller, patience)) {
            Ok(()) => (),
            Err(TrySendError::Full(work)) => work.refuse(Error::Busy),
            Err(TrySendError::Disconnected(work)) => work.refuse(Error::Stopped),
        }
        answer
    }

    /// Puts work into the queue as soon as there is a place. Not to be called on a runtime's thread.
    pub(super) fn send_patiently<T>(&self, work: impl FnOnce(Caller<T>) -> Work) -> Answer<T> {
        let (answer, caller, _) = Answer::pair();
        let caller = caller.traced((self.traced)());
        if let Err(SendError(work)) = self.queue.send(work(caller)) {
            work.refuse(Error::Stopped);
        }
        answer
    }

    /// Ends the holds that are due now, and answers with the position after it. The writer does so by
    /// itself; this is for those who do not want to wait for it.
    pub fn tick(&self) -> Answer<u64> {
        self.send(|caller, _| Work::Tick(caller))
    }

    /// Notes what came about by itself; the answer is the position after it.
    pub fn note(&self, notes: Vec<Note>) -> Answer<u64> {
        self.send(|caller, _| Work::Note(notes, caller))
    }

    pub(super) fn ticket(
        &self,
        request_id: &str,
        digest: u128,
        deadline: Option<SteadyTime>,
    ) -> Ticket {
        Ticket { by: (self.by)(), ..Ticket::new(request_id, digest, deadline) }
    }

    /// From now on the call that this thread works for is planned, if anybody follows it.
    pub fn trace_plan(&self) {
        if let Some(traced) = (self.traced)() {
            traced.on_to(Stage::Plan);
        }
    }
}
