//! Checkpoints in the background, and what may be forgotten after them.
//!
//! A checkpoint is made of a pinned world on a thread of its own, and comes to the journal's thread in
//! parts, between groups. One at a time; a slow one is no reason to wait.

use super::{job::JournalJob, recovery::Leaps};
use crate::{
    journal::{Error, Journal, Reader, checkpoint},
    ledger::{Entry, Fact, Leap, World},
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
    /// The snapshot that the last sealed checkpoint was made against.
    snapshot: String,
    /// The one that the checkpoint under way is made against.
    begun: String,
    /// Whether one is being made: from its beginning until its seal is durable, or it was given up. Its thread may
    /// have ended long before.
    is_under_way: bool,
    /// Whether parts of the one under way were left out.
    is_abandoned: bool,
    thread: Option<JoinHandle<()>>,
    /// The leaps of engine time so far: entries before one are as much younger than their stamps say.
    leaps: Leaps,
    /// Entries before this one are to go, a few at a time.
    forget_before: Option<u64>,
}

/// What the thread needs.
pub(super) struct SavingTask {
    pub(super) world: Arc<World>,
    /// The instant of the world's last entry.
    pub(super) at: i64,
    pub(super) reader: Arc<dyn Reader>,
    /// How long entries are kept, in microseconds.
    age: i64,
    leaps: Leaps,
}

impl Saving {
    /// After a restart that began with the checkpoint `last`; `snapshot` is the one that it was made against.
    pub(super) fn new(every: u64, age: i64, (last, snapshot): (u64, String), leaps: Leaps) -> Self {
        Self {
            every,
            age,
            last,
            begun: snapshot.clone(),
            snapshot,
            is_under_way: false,
            is_abandoned: false,
            thread: None,
            leaps,
            forget_before: None,
        }
    }

    /// Whether it is time for a checkpoint: after so many entries, and as long as another snapshot serves than
    /// the one of the last checkpoint, so that a restart need not reconcile.
    pub(super) fn is_due(&self, world: &World) -> bool {
        if self.is_under_way {
            return false;
        }
        let is_swapped = self.snapshot != world.snapshot.id();
        is_swapped || self.every <= world.position - self.last
    }

    /// What is needed to make a checkpoint of a world; `at` is the instant of its last entry.
    pub(super) fn task(&self, world: Arc<World>, at: i64, reader: Arc<dyn Reader>) -> SavingTask {
        SavingTask { world, at, reader, age: self.age, leaps: self.leaps.clone() }
    }

    /// Notes a leap among entries that were kept.
    pub(super) fn note(&mut self, entry: &Entry) {
        if let Fact::Leapt(leap) = &entry.fact {
            self.leaps.push((entry.position, *leap));
        }
    }

    /// Notes that a checkpoint is being made.
    pub(super) fn begin(&mut self, task: &SavingTask) {
        assert!(!self.is_under_way, "one at a time");
        self.begun = task.world.snapshot.id().to_string();
        self.is_under_way = true;
        self.is_abandoned = false;
    }

    /// Makes a checkpoint in the background.
    pub(super) fn start(&mut self, task: SavingTask, jobs: Sender<JournalJob>) {
        self.begin(&task);
        let thread = std::thread::Builder::new().name("checkpoint".to_string());
        match thread.spawn(move || task.run(&jobs)) {
            Ok(thread) => self.thread = Some(thread),
            Err(error) => {
                // Without one the journal only grows; the next group tries again.
                tracing::warn!(%error, "no thread for a checkpoint");
                self.give_up();
            }
        }
    }

    pub(super) fn saved(&mut self, checkpoint: u64, forget_before: u64) {
        self.last = checkpoint;
        self.snapshot.clone_from(&self.begun);
        self.forget_before = Some(forget_before);
        self.is_under_way = false;
    }

    /// Notes that a part of the one under way is left out: it will not be.
    pub(super) fn abandon(&mut self) {
        self.is_abandoned = true;
    }

    /// Whether a part of the one under way was left out.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }

    /// Notes that the one under way will not be.
    pub(super) fn give_up(&mut self) {
        self.is_under_way = false;
    }

    /// Waits for the thread, which finds nobody to send to any more. Never while somebody receives: it may wait
    /// for room.
    pub(super) fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
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

impl SavingTask {
    /// Makes the checkpoint: its parts go to the journal's thread as jobs.
    fn run(self, jobs: &Sender<JournalJob>) {
        // Told even where it panics: else no other checkpoint would ever be made.
        let told = GiveUp(jobs);
        self.each(&mut |job| jobs.send(job).is_ok());
        std::mem::forget(told);
    }

    /// Gives the jobs that make the checkpoint, in order, as long as somebody takes them.
    pub(super) fn each(self, take: &mut dyn FnMut(JournalJob) -> bool) {
        let Self { world, at, reader, age, leaps } = self;
        let checkpoint = world.position;
        let forget_before =
            match first_since(&*reader, (at.saturating_sub(age), checkpoint), &leaps) {
                Ok(position) => position,
                Err(error) => {
                    tracing::error!(%error, "no checkpoint was made");
                    take(JournalJob::GiveUp);
                    return;
                }
            };
        let mut n_parts = 0;
        for bytes in checkpoint::parts(&world, at) {
            if !take(JournalJob::Part { checkpoint, part: n_parts, bytes }) {
                return;
            }
            n_parts += 1;
        }
        take(JournalJob::Seal { checkpoint, n_parts, forget_before });
    }
}

/// Says when it is dropped that a checkpoint will not be.
struct GiveUp<'a>(&'a Sender<JournalJob>);

impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        // Where the journal's thread has ended nobody waits for it.
        drop(self.0.send(JournalJob::GiveUp));
    }
}

/// The first entry that was made at or after an instant, by bisection: time never goes back in a journal. An entry
/// is as much younger as engine time has leapt since.
fn first_since(
    reader: &dyn Reader,
    (instant, last): (i64, u64),
    leaps: &[(u64, Leap)],
) -> Result<u64, Error> {
    let (mut low, mut high) = (reader.first()?, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut at = i64::MAX;
        reader.read_from(middle, &mut |record| {
            at = record.head()?.at;
            Err(Error::Enough)
        })?;
        let leapt = leaps
            .iter()
            .filter(|(position, leap)| middle < *position && leap.from_position <= middle);
        at = leapt.fold(at, |at, (_, leap)| at.saturating_add(leap.by));
        if at < instant {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
