//! Checkpoints in the background, and what may be forgotten after them.
//!
//! A checkpoint is made of a pinned world on a thread of its own, and comes to the journal's thread in
//! parts, between groups. One at a time; a slow one is no reason to wait.

use super::durable::Job;
use crate::{
    journal::{Error, Journal, Reader, checkpoint},
    ledger::World,
};
use crossbeam::channel::Sender;
use std::{sync::Arc, thread::JoinHandle};

/// When checkpoints are made and what they let go.
pub(super) struct Saving {
    /// Entries between checkpoints.
    every: u64,
    /// How long entries are kept, in microseconds.
    age: i64,
    /// The last sealed checkpoint.
    last: u64,
    /// The snapshot of the world that was last looked at for a checkpoint.
    snapshot: Option<String>,
    under_way: Option<JoinHandle<()>>,
    /// Whether one is being made by steps, without a thread.
    by_steps: bool,
    /// Entries before this one are to go, a few at a time.
    forget_before: Option<u64>,
}

/// What the thread needs.
pub(super) struct Task {
    pub(super) world: Arc<World>,
    /// The instant of the world's last entry.
    pub(super) at: i64,
    pub(super) reader: Arc<dyn Reader>,
    /// How long entries are kept, in microseconds.
    pub(super) age: i64,
}

impl Saving {
    pub(super) fn new(every: u64, age: i64, last: u64) -> Self {
        Self {
            every,
            age,
            last,
            snapshot: None,
            under_way: None,
            by_steps: false,
            forget_before: None,
        }
    }

    /// Whether it is time for a checkpoint: after so many entries, and after another snapshot was
    /// activated, for then a restart needs no older one.
    pub(super) fn is_due(&mut self, world: &World) -> bool {
        let is_free = self.under_way.as_ref().is_none_or(JoinHandle::is_finished);
        if self.by_steps || !is_free {
            return false;
        }
        let id = world.snapshot.id();
        let is_swapped = self.snapshot.as_deref().is_some_and(|known| known != id);
        let is_due = is_swapped || self.every <= world.position - self.last;
        if is_swapped || self.snapshot.is_none() {
            self.snapshot = Some(id.to_string());
        }
        is_due
    }

    /// How long entries are kept, in microseconds.
    pub(super) fn age(&self) -> i64 {
        self.age
    }

    /// Notes that a checkpoint is being made without a thread.
    pub(super) fn begin(&mut self) {
        self.by_steps = true;
    }

    /// Makes a checkpoint in the background.
    pub(super) fn start(&mut self, task: Task, jobs: Sender<Job>) {
        let thread = std::thread::Builder::new().name("checkpoint".to_string());
        match thread.spawn(move || task.run(&jobs)) {
            Ok(thread) => self.under_way = Some(thread),
            // Without one the journal only grows; the next group tries again.
            Err(error) => tracing::warn!(%error, "no thread for a checkpoint"),
        }
    }

    pub(super) fn saved(&mut self, checkpoint: u64, forget_before: u64) {
        self.last = checkpoint;
        self.forget_before = Some(forget_before);
        self.end();
    }

    /// Waits for the thread, which has nothing left to do but end.
    pub(super) fn end(&mut self) {
        self.by_steps = false;
        if let Some(thread) = self.under_way.take() {
            // What it panicked of is on standard error; the journal is none the worse.
            drop(thread.join());
        }
    }

    /// Forgets some of the entries that may go.
    pub(super) fn tidy(&mut self, journal: &mut dyn Journal) -> Result<(), Error> {
        if let Some(position) = self.forget_before {
            let before = journal.reader().first()?;
            journal.forget_before(position)?;
            if journal.reader().first()? == before {
                self.forget_before = None;
            }
        }
        Ok(())
    }
}

impl Task {
    /// Makes the checkpoint: its parts go to the journal's thread as jobs.
    pub(super) fn run(self, jobs: &Sender<Job>) {
        let Self { world, at, reader, age } = self;
        let checkpoint = world.position;
        let forget_before = match first_since(&*reader, at.saturating_sub(age), checkpoint) {
            Ok(position) => position,
            Err(error) => {
                tracing::error!(%error, "no checkpoint was made");
                // The journal's thread has ended then, and nobody waits for us.
                drop(jobs.send(Job::GiveUp));
                return;
            }
        };
        let mut n_parts = 0;
        for bytes in checkpoint::parts(&world, at) {
            if jobs.send(Job::Part { checkpoint, part: n_parts, bytes }).is_err() {
                return;
            }
            n_parts += 1;
        }
        drop(jobs.send(Job::Seal { checkpoint, n_parts, forget_before }));
    }
}

/// The first entry that was made at or after an instant, by bisection: time never goes back in a journal.
fn first_since(reader: &dyn Reader, instant: i64, last: u64) -> Result<u64, Error> {
    let (mut low, mut high) = (reader.first()?, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut at = i64::MAX;
        reader.read_from(middle, &mut |record| {
            at = record.head()?.at;
            Err(Error::Enough)
        })?;
        if at < instant {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
