//! How work gets into the writer's queue.

use super::{
    Answer, Engine, Error,
    caller::Caller,
    work::{Recaller, Ticket, Work},
};
use crate::promising::patience::Patience;
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
        if let Err(SendError(work)) = self.queue.send(work(caller)) {
            work.refuse(Error::Stopped);
        }
        answer
    }
}
