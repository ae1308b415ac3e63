//! The engine without its threads: the caller says when which part of the work is done.
//!
//! The same machine and the same journal's work as behind the threads (`threaded.rs`), one event at a time, so that a
//! simulation decides what comes between what, and the same decisions give the same bytes. Nothing that
//! serves customers uses it.

use super::{
    aside::PlannersEnd,
    durable::{Durable, JOBS_MAX},
    job::JournalJob,
    writer::{Writer, WriterEffect, WriterEvent},
};
use crate::journal::Error;
use std::collections::VecDeque;

/// The work behind an `Engine`, in the caller's hands: see `Engine::stepped`.
pub struct Steps {
    writer: Writer,
    durable: Durable,
    planner: PlannersEnd,
    /// What waits for the journal: as many as between the threads.
    jobs: VecDeque<JournalJob>,
    /// Whether the journal has said that it takes a group.
    is_free: bool,
    /// Whether the writer has ended.
    is_over: bool,
    /// What the checkpoint under way still has to send.
    coming: VecDeque<JournalJob>,
}

impl std::fmt::Debug for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Steps").field("jobs", &self.jobs.len()).finish_non_exhaustive()
    }
}

impl Steps {
    pub(super) fn new(writer: Writer, durable: Durable, planner: PlannersEnd) -> Self {
        let (jobs, coming) = (VecDeque::new(), VecDeque::new());
        Self { writer, durable, planner, jobs, is_free: true, is_over: false, coming }
    }

    /// The writer's turn: ends the holds that are due and does what waits, in memory.
    pub fn write(&mut self) {
        let event = self.writer.next_event();
        self.tell(event);
    }

    /// The writer's other turn: hands over a group of what it did, if the journal takes one. Says whether it did.
    pub fn hand_over(&mut self) -> bool {
        if !self.is_free || JOBS_MAX <= self.jobs.len() {
            return false;
        }
        self.tell(WriterEvent::Free);
        !self.is_free
    }

    /// Tells the writer what happens, and does what he says.
    fn tell(&mut self, event: WriterEvent) {
        match self.writer.on(event) {
            WriterEffect::Nothing => (),
            WriterEffect::HandOver(group) => {
                self.is_free = false;
                self.jobs.push_back(JournalJob::Group(group));
            }
            WriterEffect::Ended => self.is_over = true,
        }
    }

    /// The end: what was taken is done and made durable, what still waits is refused. Nothing happens afterwards.
    ///
    /// # Errors
    /// As for [`Steps::journal`].
    pub fn end(&mut self) -> Result<(), Error> {
        self.tell(WriterEvent::End);
        while !self.is_over {
            self.replan();
            self.write();
            self.hand_over();
            self.journal()?;
        }
        self.writer.refuse_rest();
        Ok(())
    }

    /// The checkpoint's turn: sends one part of it, if there is room. Says whether it did.
    pub fn save(&mut self) -> bool {
        if JOBS_MAX <= self.jobs.len() {
            return false;
        }
        let part = self.coming.pop_front();
        let is_sent = part.is_some();
        self.jobs.extend(part);
        is_sent
    }

    /// The planner's turn: makes one slow plan again that lost its race. Says whether there was one.
    pub fn replan(&mut self) -> bool {
        self.planner.step()
    }

    /// Does all that waits, and makes it durable.
    ///
    /// # Errors
    /// As for [`Steps::sync`].
    pub fn settle(&mut self) -> Result<(), Error> {
        self.write();
        while self.replan() || self.writer.is_behind() {
            self.write();
        }
        while self.sync()? {}
        Ok(())
    }

    /// How many promises the writer has put in their places itself, or looked at for that.
    pub fn work(&self) -> u64 {
        self.writer.live.ledger.work()
    }

    /// Groups first: what waits is handed over, or else a part of a checkpoint sent, and the journal does one job.
    /// Says whether there was anything to do.
    ///
    /// # Errors
    /// As for [`Steps::journal`].
    pub fn sync(&mut self) -> Result<bool, Error> {
        if !self.hand_over() && self.jobs.is_empty() {
            self.save();
        }
        self.journal()
    }

    /// The journal's turn: does one job. A group becomes durable, is published and answered. Says whether there
    /// was one.
    ///
    /// # Errors
    /// The journal failed: the engine is dead, and only a restart can tell what is durable.
    pub fn journal(&mut self) -> Result<bool, Error> {
        let Some(job) = self.jobs.pop_front() else {
            return Ok(false);
        };
        if let Some(task) = self.durable.perform(job)? {
            self.durable.saving.begin(&task);
            task.each(&mut |job| {
                self.coming.push_back(job);
                true
            });
        }
        self.is_free = true;
        Ok(true)
    }
}
