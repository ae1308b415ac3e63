//! What a command's caller is told.

use super::{caller::Caller, error::Error};
use crate::{
    ledger::{Made, World, refresh::NetChange, reservation::Reservation},
    promising::{
        answer::Promise,
        patience::{Patience, Waiting},
    },
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::oneshot;

/// What became of a [`PromiseCommand`](super::PromiseCommand).
#[derive(Clone, Debug)]
pub struct PromiseOutcome {
    /// The promise finally made. For a repeated `request_id` it is what the journal keeps of the first
    /// answer: no alternatives, pegging or reasons.
    pub promise: Promise,
    /// For each line of the request the promise that it has: the one made, or the one that it had.
    pub reservations: Vec<Option<Arc<Reservation>>>,
    /// What became of each line.
    pub made: Vec<Made>,
    /// The position of its entry; where nothing was promised, of the world it was planned against.
    pub position: u64,
    /// The world that has it: names, dates, data version.
    pub world: Arc<World>,
}

/// What became of any other command.
#[derive(Clone, Debug)]
pub struct ChangeOutcome {
    /// The reservation as it is now.
    pub reservation: Arc<Reservation>,
    /// The rest of a partly confirmed hold, under its own number.
    pub rest: Option<Arc<Reservation>>,
    /// What was planned for an amendment: where nothing could be promised, the old promise stands and
    /// `reservation` is the old one.
    pub promise: Option<Promise>,
    /// Whether anything was changed: false only for an amendment that could not be promised.
    pub changed: bool,
    /// The position of its entry.
    pub position: u64,
    /// The world that has it.
    pub world: Arc<World>,
}

/// What became of a [`ManyCommand`](super::ManyCommand).
#[derive(Clone, Debug)]
pub struct ManyOutcome {
    /// The promises that took the step, as they are now.
    pub reservations: Vec<Arc<Reservation>>,
    /// The position of its entry.
    pub position: u64,
    /// The world that has it.
    pub world: Arc<World>,
}

/// What became of a [`NetCommand`](super::NetCommand).
#[derive(Clone, Debug)]
pub struct NetOutcome {
    /// What the changes mean for promises.
    pub changed: Arc<NetChange>,
    /// The position of its entry; of a preview, of the world it was tried on.
    pub position: u64,
    /// The world that has it: names, dates, data version.
    pub world: Arc<World>,
}

/// An answer that comes when the command is durable: await it, or [`Answer::wait`] on a thread.
#[derive(Debug)]
pub struct Answer<T> {
    receiver: oneshot::Receiver<Result<T, Error>>,
    /// Who drops the answer waits no more: what is planned for it stops.
    waiting: Option<Waiting>,
}

impl<T> Answer<T> {
    /// Blocks until the answer is there. Not to be called on a runtime's thread.
    ///
    /// # Errors
    /// Why the command was not done.
    pub fn wait(self) -> Result<T, Error> {
        let Self { receiver, waiting } = self;
        let answer = receiver.blocking_recv().unwrap_or(Err(Error::OutcomeUnknown));
        drop(waiting);
        answer
    }

    /// An answer that is waited for, where it comes in, and how long it is waited for.
    pub(super) fn pair() -> (Self, Caller<T>, Patience) {
        let (sender, receiver) = oneshot::channel();
        let (patience, waiting) = Patience::until_dropped();
        (Self { receiver, waiting: Some(waiting) }, Caller::new(sender), patience)
    }

    /// An answer that is there already.
    pub(super) fn ready(result: Result<T, Error>) -> Self {
        let (sender, receiver) = oneshot::channel();
        // The receiver is in our hands, so it cannot have been dropped.
        drop(sender.send(result));
        Self { receiver, waiting: None }
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.receiver)
            .poll(context)
            .map(|answer| answer.unwrap_or(Err(Error::OutcomeUnknown)))
    }
}
