//! The engine without its threads: the caller says when which part of the work is done.
//!
//! The same writer and the same journal's work as behind the threads, one step at a time, so that a
//! simulation decides what comes between what, and the same decisions give the same bytes. Nothing that
//! serves customers uses it.

use super::{
    durable::{Durable, Group, Job},
    writer::Writer,
};
use crate::journal::Error;
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::collections::VecDeque;

/// The work behind an `Engine`, in the caller's hands: see `Engine::stepped`.
pub struct Steps {
    writer: Writer,
    durable: Durable,
    /// Done in memory and not yet durable.
    groups: VecDeque<Group>,
    /// What a checkpoint still has to do.
    jobs: (Sender<Job>, Receiver<Job>),
}

impl std::fmt::Debug for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Steps").field("groups", &self.groups.len()).finish_non_exhaustive()
    }
}

impl Steps {
    pub(super) fn new(writer: Writer, durable: Durable) -> Self {
        Self { writer, durable, groups: VecDeque::new(), jobs: unbounded() }
    }

    /// The writer's turn: ends the holds that are due and does what waits, in memory.
    pub fn write(&mut self) {
        self.writer.step();
        self.groups.extend(std::iter::from_fn(|| self.writer.take_group()));
    }

    /// Does all that waits, and makes it durable.
    ///
    /// # Errors
    /// As for [`Steps::sync`].
    pub fn settle(&mut self) -> Result<(), Error> {
        self.write();
        while self.sync()? {}
        Ok(())
    }

    /// The journal's turn: makes one group durable, publishes it and answers; where there is none, one
    /// part of a checkpoint. Says whether there was anything to do.
    ///
    /// # Errors
    /// The journal failed: the engine is dead, and only a restart can tell what is durable.
    pub fn sync(&mut self) -> Result<bool, Error> {
        let job = match self.groups.pop_front() {
            Some(group) => Some(Job::Group(group)),
            None => self.jobs.1.try_recv().ok(),
        };
        let Some(job) = job else {
            return Ok(false);
        };
        if let Some(task) = self.durable.perform(job)? {
            self.durable.saving.begin();
            task.run(&self.jobs.0);
        }
        Ok(true)
    }
}
