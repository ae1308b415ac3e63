//! What is worked out beside the writer: what each such command does on a fork of the ledger, and what is answered.

use super::{command::ticket::Ticket, error::Error, pending::Pending, remembered::DoneBefore};
use crate::ledger::{Entry, Leap, Ledger, Stamp};
use std::fmt::Debug;

/// A command that may take long.
pub(super) trait Task: Debug + Send {
    /// What its caller brought; none where the engine does it by itself.
    fn ticket(&self) -> Option<&Ticket>;

    /// The changes, or promises, that it is about.
    fn n_lines(&self) -> usize;

    /// Whether it is worked out together with others like it that wait.
    fn is_one_of_many(&self) -> bool {
        false
    }

    /// Does it on a fork of the ledger.
    ///
    /// # Errors
    /// Why it cannot be done.
    fn work(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error>;

    /// By what engine time leaps with it.
    fn leap(&self) -> Option<Leap> {
        None
    }

    /// Answers that it was not done.
    fn refuse(self: Box<Self>, error: Error);

    /// What waits for it to be durable.
    fn pending(self: Box<Self>, done: Result<DoneBefore, Error>) -> Option<Pending>;
}

/// The clock has leapt over many holds.
impl Task for Leap {
    fn ticket(&self) -> Option<&Ticket> {
        None
    }

    fn n_lines(&self) -> usize {
        1
    }

    fn work(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        ledger.find_holds();
        Ok(ledger.leap(*self).commit(stamp))
    }

    fn leap(&self) -> Option<Leap> {
        Some(*self)
    }

    /// Nobody has asked for it.
    fn refuse(self: Box<Self>, _error: Error) {}

    fn pending(self: Box<Self>, _done: Result<DoneBefore, Error>) -> Option<Pending> {
        None
    }
}
