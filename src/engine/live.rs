//! What a command is done on: the live ledger, what was done before, and the instant.

use super::{
    clock::SteadyTime,
    command::ticket::Ticket,
    error::Error,
    remembered::{DoneBefore, Remembered},
    room::Room,
};
use crate::{
    ledger::{Entry, Ledger, Stamp, World},
    promising::patience::Patience,
};
use std::sync::Arc;

/// What the writer does commands on.
pub(super) struct Live {
    pub(super) ledger: Ledger,
    pub(super) remembered: Remembered,
    /// What was done and not yet handed over.
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) room: Room,
    /// Under which this node leads; 0 where it is the only one.
    pub(super) epoch: u64,
    /// Engine time in this turn.
    pub(super) now: i64,
    /// The steady clock in this turn.
    pub(super) moment: SteadyTime,
    /// How many needs a plan that the writer makes again may open.
    pub(super) needs: u64,
    /// A step of so many promises, or a leap over so many holds, is done by the writer itself.
    pub(super) promises: u64,
}

/// What came of looking a command up.
pub(super) enum LookedUp {
    /// It is to be done.
    New(Stamp),
    /// It was done, and this came of it.
    Before(DoneBefore),
}

impl Live {
    pub(super) fn world(&self) -> &World {
        self.ledger.world()
    }

    /// What an entry bears that is made now.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { epoch: self.epoch, ..Stamp::at(self.now) }
    }

    /// Whether a command is to be done, or was done before.
    ///
    /// A repetition is answered even after its deadline: nothing is committed by it.
    pub(super) fn look_up(&self, ticket: &Ticket) -> Result<LookedUp, Error> {
        if let Some(found) = self.find(ticket)? {
            return Ok(LookedUp::Before(found));
        }
        if ticket.deadline.is_some_and(|deadline| deadline < self.moment) {
            return Err(Error::DeadlineExceeded);
        }
        if self.room.is_full() {
            return Err(Error::DiskFull);
        }
        let (request, by) = (ticket.request.clone(), ticket.by.clone());
        Ok(LookedUp::New(Stamp { request, by, ..self.stamp() }))
    }

    /// What a command made when it was done before.
    pub(super) fn find(&self, ticket: &Ticket) -> Result<Option<DoneBefore>, Error> {
        self.remembered.find(ticket, &self.world().snapshot)
    }

    /// Notes a committed entry for the journal and for repetitions.
    pub(super) fn keep(&mut self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        self.remembered.remember(&entry);
        self.entries.push(Arc::clone(&entry));
        entry
    }

    /// Whether so many promises are few enough for the writer.
    pub(super) fn is_small(&self, n: usize) -> bool {
        n as u64 <= self.promises
    }

    /// How much patience the writer has for a plan.
    pub(super) fn patience(&self) -> Patience {
        Patience::of(self.needs)
    }
}
