//! How work gets into the writer's queue.

use super::{
    Answer, Engine, Error, SteadyTime,
    caller::Caller,
    command::{
        act::{Act, Asked},
        deed::Work,
        ticket::Ticket,
    },
    message::Message,
    traced::Stage,
};
use crate::promising::patience::Patience;
use crossbeam::channel::{SendError, TrySendError};

impl Engine {
    /// Puts work into the queue, or says at once that there is no place.
    pub(super) fn send<T>(&self, work: impl FnOnce(Caller<T>, Patience) -> Work) -> Answer<T> {
        let (answer, caller, patience) = Answer::pair();
        let caller = caller.traced((self.traced)());
        match self.queue.try_send(Message::Do(work(caller, patience))) {
            Ok(()) => (),
            Err(TrySendError::Full(message)) => message.refuse(Error::Busy),
            Err(TrySendError::Disconnected(message)) => message.refuse(Error::Stopped),
        }
        answer
    }

    /// Puts a message into the queue as soon as there is a place. Not to be called on a runtime's thread.
    pub(super) fn send_patiently<T>(
        &self,
        message: impl FnOnce(Caller<T>) -> Message,
    ) -> Answer<T> {
        let (answer, caller, _) = Answer::pair();
        let caller = caller.traced((self.traced)());
        if let Err(SendError(message)) = self.queue.send(message(caller)) {
            message.refuse(Error::Stopped);
        }
        answer
    }

    /// Has a command done.
    pub(super) fn ask<A: Act>(&self, ticket: Ticket, act: A) -> Answer<A::Outcome> {
        self.send(|caller, patience| {
            let ticket = Ticket { patience, ..ticket };
            Box::new(Asked { ticket, act, caller })
        })
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
