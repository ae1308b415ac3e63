//! The thread that makes durable what the writer did, publishes it, and answers.
//!
//! The writer goes on with the next group meanwhile: it hands one over whenever this thread is free, and
//! all that came in between is the next. There is no lock between the two, only a queue of jobs one way and
//! tokens ("free") the other way. When the journal fails the thread ends without a word to the callers:
//! what was not acknowledged may or may not be durable, and only a restart can tell.
//!
//! Invariant: a world is published, and a command answered, only after all its entries are durable.

use super::{
    self as engine,
    clock::Stopwatch,
    current::Current,
    ending::{Ending, Stopped},
    job::{CommitGroup, JournalJob, Provenance},
    pending::{Pending, answer_all},
    room::{ROOM_BYTES, Room},
    saving::{Saving, SavingTask},
    traced,
};
use crate::journal::{Batch, Error, Journal};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::{sync::Arc, thread::JoinHandle, time::Duration};

/// Jobs that may wait: a group, and parts of a checkpoint between groups.
pub(super) const JOBS_MAX: usize = 4;

/// How often a journal that has nothing to do looks whether it is still in its place, and for room where there was
/// none.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the thread owns.
pub(super) struct Durable {
    pub(super) journal: Box<dyn Journal>,
    pub(super) current: Arc<Current>,
    pub(super) saving: Saving,
    pub(super) room: Room,
    /// Whether another node has been found to lead: nothing is done until the writer knows that too.
    pub(super) is_deposed: bool,
}

/// The writer's end of it.
pub(super) struct Link {
    jobs: Sender<JournalJob>,
    /// A token whenever the thread can take a group.
    pub(super) free: Receiver<()>,
    thread: JoinHandle<()>,
}

/// The thread has ended: the journal failed.
#[derive(Debug)]
pub(super) struct Gone;

impl Link {
    /// Starts the thread.
    pub(super) fn start(durable: Durable, ending: Ending) -> Self {
        let (jobs, waiting) = bounded(JOBS_MAX);
        let (tokens, free) = bounded(1);
        let thread = std::thread::Builder::new().name("journal".to_string());
        let own = jobs.clone();
        let run = move || durable.run(waiting, &tokens, &own, ending);
        let thread = thread.spawn(run).expect("a second thread can be had");
        Self { jobs, free, thread }
    }

    /// Hands a group over; its token was taken.
    pub(super) fn hand_over(&self, group: CommitGroup) -> Result<(), Gone> {
        self.jobs.send(JournalJob::Group(group)).map_err(|_| Gone)
    }

    /// Waits until all is durable and the journal is closed.
    pub(super) fn close(self) {
        // Where the thread has ended already there is nothing to close.
        drop(self.jobs.send(JournalJob::Close));
        // Its panic was told by its ending.
        drop(self.thread.join());
    }
}

impl Durable {
    fn run(
        mut self,
        jobs: Receiver<JournalJob>,
        tokens: &Sender<()>,
        own: &Sender<JournalJob>,
        mut ending: Ending,
    ) {
        // The writer takes the first token; a full channel means that it has not taken the last one.
        let _room = tokens.try_send(());
        loop {
            let done = match jobs.recv_timeout(LOOK_EVERY) {
                Ok(JournalJob::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(job) => self.perform(job).map(|task| (task, true)),
                Err(RecvTimeoutError::Timeout) => self.look().map(|()| (None, false)),
            };
            match done {
                Ok((Some(task), _)) => self.saving.start(task, own.clone()),
                Ok((None, true)) => (),
                Ok((None, false)) => continue,
                Err(error) => {
                    tracing::error!(%error, "the journal failed");
                    // The journal is closed before anybody hears of the end.
                    drop(self);
                    ending.tell(Stopped::Journal(error));
                    return;
                }
            }
            let _room = tokens.try_send(());
        }
        // A checkpoint under way finds nobody to send to, and ends.
        drop(jobs);
        self.saving.end();
    }

    /// Does one job. Gives the checkpoint to be made now, if one is due.
    ///
    /// # Errors
    /// The journal failed; it must be used no more.
    pub(super) fn perform(&mut self, job: JournalJob) -> Result<Option<SavingTask>, Error> {
        let task = match job {
            JournalJob::Group(group) => self.keep(group)?,
            // A checkpoint can wait for room; without it the journal only grows.
            JournalJob::Part { .. } if self.room.is_full() => {
                self.saving.abandon();
                None
            }
            JournalJob::Part { checkpoint, part, bytes } => {
                self.journal.put_part(checkpoint, part, &bytes)?;
                self.make_room()?;
                None
            }
            JournalJob::Seal { .. } if self.room.is_full() || self.saving.is_abandoned() => {
                self.saving.give_up();
                None
            }
            JournalJob::Seal { checkpoint, n_parts, forget_before } => {
                self.journal.seal(checkpoint, n_parts)?;
                self.saving.saved(checkpoint, forget_before);
                None
            }
            JournalJob::GiveUp => {
                self.saving.give_up();
                None
            }
            JournalJob::Close => None,
        };
        if !self.room.is_full() {
            self.saving.tidy(&mut *self.journal)?;
        }
        Ok(task)
    }

    /// Makes room for what may come next, or has commands refused until there is some.
    ///
    /// # Errors
    /// The journal failed.
    pub(super) fn make_room(&mut self) -> Result<(), Error> {
        let has_room = self.journal.make_room(ROOM_BYTES)?;
        if self.room.note(has_room) {
            if has_room {
                tracing::info!("there is room on the disk again; commands are taken");
            } else {
                tracing::warn!(
                    "the disk is full: commands are refused until there is room; reads go on"
                );
            }
        }
        Ok(())
    }

    /// What is to be done where nothing is.
    fn look(&mut self) -> Result<(), Error> {
        self.journal.look()?;
        self.make_room()
    }

    /// Appends; what callers are told where another node leads.
    fn append(&mut self, batch: Batch<'_>) -> Result<Option<fn() -> engine::Error>, Error> {
        match self.journal.append(batch) {
            Ok(()) => Ok(None),
            Err(Error::Deposed { is_unknown }) => {
                tracing::warn!("another node leads; what was under way here was not done");
                self.is_deposed = true;
                Ok(Some(if is_unknown { unknown } else { not_done }))
            }
            Err(error) => Err(error),
        }
    }

    fn keep(&mut self, group: CommitGroup) -> Result<Option<SavingTask>, Error> {
        let CommitGroup { entries, world, pending, kind } = group;
        match kind {
            Provenance::SteppedDown => self.is_deposed = false,
            Provenance::Made if self.is_deposed => {
                pending.into_iter().for_each(|one| one.refuse(engine::Error::NotLeader));
                return Ok(None);
            }
            Provenance::Made | Provenance::Followed => (),
        }
        let watch = Stopwatch::start();
        if let Some(first) = entries.first() {
            let (expected, snapshot) = (first.position - 1, &world.snapshot);
            if kind == Provenance::Made {
                let batch = Batch { expected, entries: &entries, snapshot };
                if let Some(error) = self.append(batch)? {
                    pending.into_iter().for_each(|one| one.refuse(error()));
                    return Ok(None);
                }
            }
            metrics::histogram!("promised_sync_seconds").record(watch.elapsed());
            let told = (entries.len(), world.position);
            traced::synced(pending.iter().filter_map(Pending::trace), watch, told);
            #[expect(clippy::cast_precision_loss, reason = "a batch has fewer")]
            metrics::histogram!("promised_batch_entries").record(entries.len() as f64);
            // What is durable where nobody finds it is lost: it is not acknowledged.
            self.journal.look()?;
            self.make_room()?;
            self.current.publish(Arc::clone(&world));
            if self.journal.is_mark(world.position) {
                self.current.mark(Arc::clone(&world));
            }
            entries.iter().for_each(|entry| self.saving.note(entry));
        }
        if entries.is_empty() && self.room.is_full() {
            // Whoever is refused asks again, and leaves no second in which nothing is done.
            self.make_room()?;
        }
        answer_all(pending, &world);
        if !entries.is_empty() {
            metrics::histogram!("promised_commit_seconds").record(watch.elapsed());
        }
        let Some(last) =
            entries.last().filter(|_| !self.room.is_full() && self.saving.is_due(&world))
        else {
            return Ok(None);
        };
        let reader = self.journal.reader();
        Ok(Some(self.saving.task(world, last.stamp.at, reader)))
    }
}

fn unknown() -> engine::Error {
    engine::Error::OutcomeUnknown
}

fn not_done() -> engine::Error {
    engine::Error::NotLeader
}
