//! What the writer does with each kind of work, on the live ledger.
//!
//! Every command goes the same way: done before? too late? then the verb of the ledger. What needs a plan
//! goes on in `plans.rs`, what many promises do together in `many.rs`, what may take long in `lane.rs`.

use super::{
    command::Which,
    error::Error,
    many,
    pending::Pending,
    renew,
    told::promise_of,
    work::{PendingChange, PendingPromise, PendingStep, Recaller, Ticket, Verb, Work},
    writer::Writer,
};
use crate::ledger::{
    Acknowledgement, Entry, Note, Reservation, Shipment, Stamp, State, Told, World,
};
use std::sync::Arc;

/// What came of a command that needs a plan.
pub(super) enum Done<T, W> {
    /// It is done, or refused.
    Now(Box<Result<T, Error>>),
    /// It lost its race, and is to be planned again beside the writer.
    Aside(Box<W>),
}

impl<T, W> From<Result<T, Error>> for Done<T, W> {
    fn from(result: Result<T, Error>) -> Self {
        Self::Now(Box::new(result))
    }
}

/// What came of looking a command up.
pub(super) enum LookedUp {
    /// It is to be done.
    New(Stamp),
    /// It was done, and this came of it.
    Before(Arc<Entry>),
}

impl Writer {
    /// Does one piece of work; its answer waits in `pending`.
    pub(super) fn perform(&mut self, work: Work) {
        if !self.standing.leads() && work.is_for_leader() {
            return work.refuse(Error::NotLeader);
        }
        let Some(work) = self.fence.pass(work) else {
            return;
        };
        let Some(work) = self.pass_lane(work) else {
            return;
        };
        self.n_lines += work.n_lines();
        let pending = match work {
            Work::Promise(work, caller) => match self.promise(*work) {
                Done::Now(result) => Pending::Promise(caller, *result),
                Done::Aside(work) => return self.set_aside(Work::Promise(work, caller)),
            },
            Work::Amend(work, caller) => match self.amend(*work) {
                Done::Now(result) => Pending::Change(caller, *result),
                Done::Aside(work) => return self.set_aside(Work::Amend(work, caller)),
            },
            Work::Change(ticket, verb, caller) => {
                Pending::Change(caller, self.change(ticket, verb))
            }
            Work::Recall(ticket, error, Recaller::Promise(caller)) => {
                let first = self.recall(ticket, error);
                let first = first.map(|entry| PendingPromise::kept(promise_of(&entry), &entry));
                Pending::Promise(caller, first)
            }
            Work::Recall(ticket, error, Recaller::Change(caller)) => {
                let first = self.recall(ticket, error);
                let first =
                    first.map(|entry| PendingChange::kept(Some(promise_of(&entry)), &entry));
                Pending::Change(caller, first)
            }
            Work::Many(ticket, work, caller) => Pending::Many(caller, self.many(ticket, &work)),
            Work::Find(ticket, caller) => Pending::Find(caller, self.find(ticket)),
            Work::Remember(ticket, told, caller) => {
                Pending::Find(caller, self.remember(ticket, told).map(Some))
            }
            Work::Acknowledge(ticket, seen, caller) => {
                Pending::Seen(caller, self.acknowledge(ticket, *seen))
            }
            Work::Note(notes, caller) => {
                self.note(notes);
                Pending::Tick(caller)
            }
            Work::Tick(caller) => Pending::Tick(caller),
            Work::Activate(..) | Work::Rearrange(..) | Work::Net(..) => {
                unreachable!("they are worked out beside")
            }
            Work::Stand(..) | Work::Stop => unreachable!("the loop takes them out of the batch"),
        };
        self.pending.push(pending);
    }

    /// Whether a command is to be done, or was done before.
    ///
    /// A repetition is answered even after its deadline: nothing is committed by it.
    pub(super) fn look_up(&self, ticket: Ticket) -> Result<LookedUp, Error> {
        if let Some(entry) = self.remembered.find(&ticket, &self.ledger.world().snapshot)? {
            return Ok(LookedUp::Before(entry));
        }
        if ticket.deadline.is_some_and(|deadline| deadline < self.moment) {
            return Err(Error::DeadlineExceeded);
        }
        if self.room.is_full() {
            return Err(Error::DiskFull);
        }
        Ok(LookedUp::New(Stamp { request: ticket.request, by: ticket.by, ..self.stamp() }))
    }

    /// The entry that a command made when it was done before; else what is wrong with it.
    fn recall(&self, ticket: Ticket, error: Error) -> Result<Arc<Entry>, Error> {
        match self.look_up(ticket)? {
            LookedUp::Before(entry) => Ok(entry),
            LookedUp::New(_) => Err(error),
        }
    }

    /// Notes a committed entry for the journal and for repetitions.
    pub(super) fn keep(&mut self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        self.remembered.remember(&entry);
        self.entries.push(Arc::clone(&entry));
        entry
    }

    fn change(&mut self, ticket: Ticket, verb: Verb) -> Result<PendingChange, Error> {
        let entry = match self.look_up(ticket)? {
            LookedUp::Before(entry) => entry,
            LookedUp::New(stamp) => {
                let entry = self.take_step(verb, stamp)?;
                self.keep(entry)
            }
        };
        Ok(PendingChange::kept(None, &entry))
    }

    fn take_step(&mut self, verb: Verb, stamp: Stamp) -> Result<Entry, Error> {
        let admitted = match verb {
            Verb::Confirm { number, part } => match self.ledger.world().reservation(number) {
                Some(found) if found.state == State::Expired => {
                    return renew::confirm(&mut self.ledger, (number, part), stamp);
                }
                Some(_) | None => self.ledger.confirm(number, part),
            },
            Verb::Cancel { number, part } => self.ledger.cancel(number, part),
            Verb::Fulfil { which, quantity, at } => {
                let shipment = Shipment { quantity, at: at.unwrap_or(self.now) };
                let number = confirmed(self.ledger.world(), &which)?;
                self.ledger.fulfil(number, shipment)
            }
            Verb::Reopen { number } => self.ledger.reopen(number, self.now),
        };
        Ok(admitted.map_err(Error::Refused)?.commit(stamp))
    }

    fn many(&mut self, ticket: Ticket, work: &many::Many) -> Result<PendingStep, Error> {
        let entry = match self.look_up(ticket)? {
            LookedUp::Before(entry) => entry,
            LookedUp::New(stamp) => {
                let entry = many::step(&mut self.ledger, work, stamp)?;
                self.keep(entry)
            }
        };
        Ok(PendingStep::kept(&entry))
    }

    /// The entry that a command made when it was done before.
    fn find(&self, ticket: Ticket) -> Result<Option<Arc<Entry>>, Error> {
        self.remembered.find(&ticket, &self.ledger.world().snapshot)
    }

    /// Notes an answer to a command of which nothing came; the first one stands.
    fn remember(&mut self, ticket: Ticket, told: Arc<[u8]>) -> Result<Arc<Entry>, Error> {
        let stamp = match self.look_up(ticket)? {
            LookedUp::Before(entry) => return Ok(entry),
            LookedUp::New(stamp) => stamp,
        };
        let told = Some(Arc::new(Told::Message(told)));
        let entry = self.ledger.answered().commit_told(stamp, told);
        Ok(self.keep(entry))
    }

    /// Notes that somebody has seen an exception; a repetition changes nothing.
    fn acknowledge(&mut self, ticket: Ticket, seen: Acknowledgement) -> Result<(), Error> {
        if let LookedUp::New(stamp) = self.look_up(ticket)? {
            let stamp = Stamp { by: Some(Arc::clone(&seen.by)), ..stamp };
            let entry = self.ledger.acknowledge(seen).commit(stamp);
            self.keep(entry);
        }
        Ok(())
    }

    /// Notes what came about by itself, as far as it is still so; where there is no room it is looked for again.
    fn note(&mut self, mut notes: Vec<Note>) {
        let world = self.ledger.world();
        notes.retain(|note| match note {
            Note::HoldExpiring { number, until } => {
                let state = world.reservation(*number).map(|found| found.state);
                state == Some(State::Held { until: *until })
            }
            Note::SoonerPossible { number, .. } | Note::SoonerNoMore { number } => {
                world.reservation(*number).is_some_and(|found| found.is_live())
            }
            Note::Cursor { of, at } => world.cursors().get(of) != Some(at),
            Note::SourceStale { .. }
            | Note::SourceFresh { .. }
            | Note::Quarantined { .. }
            | Note::Diverged { .. } => true,
        });
        if notes.is_empty() || self.room.is_full() {
            return;
        }
        let stamp = self.stamp();
        let entry = self.ledger.noted(notes);
        let entry = entry.commit(stamp);
        self.keep(entry);
    }
}

/// The number of the promise that is meant to have shipped.
pub(super) fn confirmed(world: &World, which: &Which) -> Result<u64, Error> {
    let (order, line) = match which {
        Which::Number(number) => return Ok(*number),
        Which::Line { order, line } => (order, line),
    };
    let all = || world.promises_of(order, line);
    let is_confirmed = |found: &&Arc<Reservation>| found.state == State::Confirmed;
    // One that is not confirmed is refused by its state.
    let found = all().find(is_confirmed).or_else(|| all().last());
    let none = || Error::NoPromise { order: order.clone(), line: line.clone() };
    found.map(|found| found.number).ok_or_else(none)
}
