//! The one thread that changes the world.
//!
//! It takes what waits in the queue, ends the holds that are due, does each command on the live ledger,
//! appends what happened to the journal, publishes the new world, and only then answers. Batches, back
//! pressure and group commit all come from the one bounded queue. When the journal fails, the thread
//! ends without a word to anybody: what was not acknowledged may or may not be durable, and only a
//! restart can tell.
//!
//! Invariant: a world is published, and a command answered, only after all its entries are durable.

use super::{
    clock::{Clock, micros},
    current::Current,
    error::Error,
    outcome::{ChangeOutcome, PromiseOutcome},
    remembered::Remembered,
    work::{Changed, Promised, Work},
};
use crate::{
    journal::{Batch, Journal},
    ledger::{Entry, Ledger, World},
    limits,
};
use crossbeam::channel::{Receiver, RecvTimeoutError};
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot::Sender;

/// The longest sleep while a hold waits for its end: the clock may be set meanwhile.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// Why the writer ended.
#[derive(Debug)]
pub enum Stopped {
    /// It was told to, or nobody holds the engine any more.
    Asked,
    /// The journal failed. The process must end: what is durable is known only after a restart.
    Journal(crate::journal::Error),
    /// A fault of the program.
    Panicked,
}

/// Called once, on the writer's thread, when it ends.
pub type StopHook = Box<dyn FnOnce(Stopped) + Send>;

/// An answer that waits for its batch to be durable.
pub(super) enum Pending {
    Promise(Sender<Result<PromiseOutcome, Error>>, Result<Promised, Error>),
    Change(Sender<Result<ChangeOutcome, Error>>, Result<Changed, Error>),
    Tick(Sender<Result<u64, Error>>),
}

/// What the thread owns.
pub(super) struct Writer {
    pub(super) queue: Receiver<Work>,
    pub(super) current: Arc<Current>,
    pub(super) journal: Box<dyn Journal>,
    pub(super) clock: Clock,
    pub(super) ledger: Ledger,
    pub(super) remembered: Remembered,
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) pending: Vec<Pending>,
    pub(super) now: i64,
}

/// Tells the hook when the thread ends, even by a panic.
pub(super) struct Ending {
    hook: Option<StopHook>,
}

impl Ending {
    pub(super) fn new(hook: StopHook) -> Self {
        Self { hook: Some(hook) }
    }

    fn tell(&mut self, why: Stopped) {
        if let Some(hook) = self.hook.take() {
            hook(why);
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.tell(Stopped::Panicked);
    }
}

/// Whether the thread goes on.
enum Next {
    GoOn,
    Stop,
}

impl Writer {
    /// The thread's whole life.
    pub(super) fn run(mut self, mut ending: Ending) {
        let why = self.serve();
        // The journal is closed before anybody hears of the end: another process may open it then.
        drop(self);
        ending.tell(why);
    }

    fn serve(&mut self) -> Stopped {
        loop {
            let Ok(first) = self.wait() else {
                return Stopped::Asked;
            };
            match self.batch(first) {
                Ok(Next::GoOn) => (),
                Ok(Next::Stop) => return Stopped::Asked,
                Err(error) => {
                    tracing::error!(%error, "the journal failed");
                    return Stopped::Journal(error);
                }
            }
        }
    }

    /// The next command, or none when a hold is due.
    ///
    /// # Errors
    /// Nobody holds the engine any more.
    fn wait(&self) -> Result<Option<Work>, RecvTimeoutError> {
        let Some(due) = self.ledger.next_due() else {
            return self.queue.recv().map(Some).map_err(|_| RecvTimeoutError::Disconnected);
        };
        let left = due.saturating_sub(micros((self.clock)()));
        let left = Duration::from_micros(u64::try_from(left).unwrap_or(0));
        match self.queue.recv_timeout(left.min(SLEEP_MAX)) {
            Ok(work) => Ok(Some(work)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(error @ RecvTimeoutError::Disconnected) => Err(error),
        }
    }

    /// One batch: do, append, publish, answer.
    fn batch(&mut self, first: Option<Work>) -> Result<Next, crate::journal::Error> {
        // A clock that was set back must not make a hold last longer or an entry older.
        self.now = self.now.max(micros((self.clock)()));
        self.remembered.forget(self.now);
        self.expire();
        let mut next = Next::GoOn;
        let rest = std::iter::from_fn(|| self.queue.try_recv().ok()).take(limits::BATCH_MAX - 1);
        for work in first.into_iter().chain(rest).collect::<Vec<_>>() {
            if matches!(work, Work::Stop) {
                next = Next::Stop;
            } else {
                self.perform(work);
            }
        }
        self.append()?;
        self.publish_and_answer();
        Ok(next)
    }

    /// Ends every hold that is due.
    fn expire(&mut self) {
        while let Some(admitted) = self.ledger.expire(self.now) {
            let stamp = crate::ledger::Stamp { at: self.now, request: None };
            self.entries.push(Arc::new(admitted.commit(stamp)));
        }
    }

    fn append(&mut self) -> Result<(), crate::journal::Error> {
        let Some(first) = self.entries.first() else {
            return Ok(());
        };
        let snapshot = &self.ledger.world().snapshot;
        let expected = first.position - 1;
        self.journal.append(Batch { expected, entries: &self.entries, snapshot })
    }

    fn publish_and_answer(&mut self) {
        let world = if self.entries.is_empty() {
            self.current.pin()
        } else {
            let world = Arc::new(self.ledger.world().clone());
            self.current.publish(Arc::clone(&world));
            world
        };
        self.entries.clear();
        for pending in self.pending.drain(..) {
            pending.answer(&world);
        }
    }
}

impl Pending {
    /// Answers. A caller that has gone away does not mind.
    fn answer(self, world: &Arc<World>) {
        let world = Arc::clone(world);
        match self {
            Self::Promise(caller, promised) => {
                drop(caller.send(promised.map(|promised| promised.with(world))));
            }
            Self::Change(caller, changed) => {
                drop(caller.send(changed.map(|changed| changed.with(world))));
            }
            Self::Tick(caller) => drop(caller.send(Ok(world.position))),
        }
    }
}
