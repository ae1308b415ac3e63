//! What a command's caller is told.

use super::{caller::Caller, error::Error};
use crate::{
    ledger::{Entry, Fact, Made, World, refresh::NetChange, reservation::Reservation},
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

/// A promise that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct PendingPromise {
    pub(super) promise: Promise,
    pub(super) made: Vec<Made>,
    pub(super) position: u64,
}

impl PendingPromise {
    /// A promise of which nothing was kept.
    pub(super) fn nothing(promise: Promise, made: Vec<Made>, position: u64) -> Self {
        Self { promise, made, position }
    }

    /// What an entry says of the promise that it keeps.
    pub(super) fn kept(promise: Promise, entry: &Entry) -> Self {
        let Fact::Promised { lines } = &entry.fact else {
            unreachable!("a promise makes an entry of its own kind");
        };
        Self { promise, made: lines.clone(), position: entry.position }
    }

    pub(super) fn with(self, world: Arc<World>) -> PromiseOutcome {
        let Self { promise, made, position } = self;
        let reservations = made.iter().map(|made| made.promise().cloned()).collect();
        PromiseOutcome { promise, reservations, made, position, world }
    }
}

/// A change that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct PendingChange {
    pub(super) reservation: Arc<Reservation>,
    pub(super) rest: Option<Arc<Reservation>>,
    pub(super) promise: Option<Promise>,
    pub(super) changed: bool,
    pub(super) position: u64,
}

impl PendingChange {
    /// A change that was not made: the old promise stands.
    pub(super) fn nothing(reservation: Arc<Reservation>, promise: Promise, position: u64) -> Self {
        Self { reservation, rest: None, promise: Some(promise), changed: false, position }
    }

    /// What an entry says of the change that it keeps.
    pub(super) fn kept(promise: Option<Promise>, entry: &Entry) -> Self {
        let mut made = entry.fact.reservations();
        let stands = if let Fact::Unchanged { stands } = &entry.fact { Some(stands) } else { None };
        let changed = stands.is_none();
        let first = stands.or_else(|| made.next());
        let first = first.expect("a change makes an entry that has a promise");
        let (reservation, rest) = (Arc::clone(first), made.next().cloned());
        Self { reservation, rest, promise, changed, position: entry.position }
    }

    pub(super) fn with(self, world: Arc<World>) -> ChangeOutcome {
        let Self { reservation, rest, promise, changed, position } = self;
        ChangeOutcome { reservation, rest, promise, changed, position, world }
    }
}
