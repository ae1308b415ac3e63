//! What the writer does with each kind of work, on the live ledger.
//!
//! Every command goes the same way: done before? too late? then the verb of the ledger. A plan that
//! still fits is taken as it is, however old it is. One that lost a race is planned again here, on the
//! live ledger, where nothing can come between the plan and its admission; but only as far as some needs go. One
//! that takes more is planned again beside the writer (`aside.rs`), and loses a few races at most (`fence.rs`): no
//! hot item can starve it, and nobody else waits for it.

use super::{
    aside::Made,
    command::{Commitment, Completeness, PlannedOn, Which},
    draft,
    error::Error,
    planned::Planned,
    told::{answer, promise_of},
    work::{
        AmendWork, Changed, NetWork, Netted, PromiseWork, Promised, RearrangeWork, Recaller, Terms,
        Ticket, Verb, Work,
    },
    writer::{Pending, Writer},
};
use crate::{
    ledger::{
        Entry, Fact, Line, Origin, Proposal, Refusal, Reservation, Shipment, Stamp, Start, State,
        Unfit, World,
        reservation::{Force, Step},
    },
    limits::HOLD_SECONDS_MAX,
};
use std::sync::Arc;

/// What came of a command that needs a plan.
enum Done<T, W> {
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
enum Seen {
    /// It is to be done.
    New(Stamp),
    /// It was done, and this came of it.
    Before(Arc<Entry>),
}

impl Writer {
    /// Does one piece of work; its answer waits in `pending`.
    pub(super) fn perform(&mut self, work: Work) {
        let Some(work) = self.fence.pass(work) else {
            return;
        };
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
                let first = first.map(|entry| Promised::kept(promise_of(&entry), &entry));
                Pending::Promise(caller, first)
            }
            Work::Recall(ticket, error, Recaller::Change(caller)) => {
                let first = self.recall(ticket, error);
                let first = first.map(|entry| Changed::kept(Some(promise_of(&entry)), &entry));
                Pending::Change(caller, first)
            }
            Work::Activate(work, caller) => {
                Pending::Activate(caller, Box::new(self.activate(*work)))
            }
            Work::Rearrange(work, caller) => Pending::Rearrange(caller, self.rearrange(*work)),
            Work::Net(work, caller) => Pending::Net(caller, self.net(*work)),
            Work::Tick(caller) => Pending::Tick(caller),
            Work::Stop => unreachable!("the loop takes it out of the batch"),
        };
        self.pending.push(pending);
    }

    /// Whether a command is to be done, or was done before.
    ///
    /// A repetition is answered even after its deadline: nothing is committed by it.
    fn look_up(&self, ticket: Ticket) -> Result<Seen, Error> {
        if let Some(entry) =
            self.remembered.find(ticket.request.as_ref(), &self.ledger.world().snapshot)?
        {
            return Ok(Seen::Before(entry));
        }
        if ticket.deadline.is_some_and(|deadline| deadline < self.moment) {
            return Err(Error::DeadlineExceeded);
        }
        if self.room.is_full() {
            return Err(Error::DiskFull);
        }
        Ok(Seen::New(Stamp { request: ticket.request, ..Stamp::at(self.now) }))
    }

    /// The entry that a command made when it was done before; else what is wrong with it.
    fn recall(&self, ticket: Ticket, error: Error) -> Result<Arc<Entry>, Error> {
        match self.look_up(ticket)? {
            Seen::Before(entry) => Ok(entry),
            Seen::New(_) => Err(error),
        }
    }

    /// Notes a committed entry for the journal and for repetitions.
    fn keep(&mut self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        self.remembered.remember(&entry);
        self.entries.push(Arc::clone(&entry));
        entry
    }

    fn change(&mut self, ticket: Ticket, verb: Verb) -> Result<Changed, Error> {
        let entry = match self.look_up(ticket)? {
            Seen::Before(entry) => entry,
            Seen::New(stamp) => {
                let admitted = match verb {
                    Verb::Confirm { number, part } => self.ledger.confirm(number, part),
                    Verb::Cancel { number, part } => self.ledger.cancel(number, part),
                    Verb::Fulfil { which, quantity, at } => {
                        let shipment = Shipment { quantity, at: at.unwrap_or(self.now) };
                        let number = confirmed(self.ledger.world(), &which)?;
                        self.ledger.fulfil(number, shipment)
                    }
                    Verb::Reopen { number } => self.ledger.reopen(number, self.now),
                };
                let entry = admitted.map_err(Error::Refused)?.commit(stamp);
                self.keep(entry)
            }
        };
        Ok(Changed::kept(None, &entry))
    }

    fn rearrange(&mut self, work: RearrangeWork) -> Result<u64, Error> {
        let RearrangeWork { ticket, changes, exchanges, planned_on } = work;
        let stamp = match self.look_up(ticket)? {
            Seen::Before(entry) => return Ok(entry.position),
            Seen::New(stamp) => stamp,
        };
        if let Some(planned) = planned_on {
            let serves = PlannedOn::of(self.ledger.world());
            if serves != planned {
                let (planned, serves) = (planned.snapshot_id, serves.snapshot_id);
                return Err(Error::Unfit(Unfit::Refreshed { planned, serves }));
            }
        }
        let admitted = self.ledger.rearrange(&changes, &exchanges).map_err(Error::Unfit)?;
        let entry = admitted.commit(stamp);
        Ok(self.keep(entry).position)
    }

    fn net(&mut self, work: NetWork) -> Result<Netted, Error> {
        let NetWork { ticket, changes, source, known_at } = work;
        let entry = match self.look_up(ticket)? {
            Seen::Before(entry) => entry,
            Seen::New(stamp) => {
                let origin = Origin { source, known_at: known_at.unwrap_or(stamp.at) };
                let admitted = self.ledger.change(changes, origin);
                let entry = admitted.map_err(Error::Faulty)?.commit(stamp);
                self.keep(entry)
            }
        };
        let Fact::Changed(changed) = &entry.fact else {
            unreachable!("the digest says that it is a change of planning data");
        };
        Ok((Arc::clone(changed), entry.position))
    }

    fn promise(&mut self, work: PromiseWork) -> Done<Promised, PromiseWork> {
        let PromiseWork { ticket, mut planned, terms } = work;
        let (deadline, patience) = (ticket.deadline, ticket.patience.clone());
        let stamp = match self.look_up(ticket) {
            Ok(Seen::Before(entry)) => {
                self.lower_fence_of(&planned);
                return Ok(Promised::kept(promise_of(&entry), &entry)).into();
            }
            Ok(Seen::New(stamp)) => stamp,
            Err(error) => {
                self.lower_fence_of(&planned);
                return Err(error).into();
            }
        };
        let force = terms.force.as_ref();
        let mut entry = self.try_promise(&planned, &terms, &stamp);
        if self.is_lost(&planned, force, &entry) {
            let world = self.ledger.world().clone();
            match self.make_again(&mut planned, &world, force) {
                Ok(Made::Here) => entry = self.try_promise(&planned, &terms, &stamp),
                Ok(Made::Aside) => {
                    let ticket = Ticket { request: stamp.request, deadline, patience };
                    return Done::Aside(Box::new(PromiseWork { ticket, planned, terms }));
                }
                Err(error) => {
                    self.lower_fence_of(&planned);
                    return Err(error).into();
                }
            }
        }
        self.lower_fence_of(&planned);
        let position = self.ledger.world().position;
        let promised = match entry {
            Ok(entry) => Ok(Promised::kept(planned.promise, &entry)),
            Err(Refusal::NothingToReserve) => Ok(Promised::nothing(planned.promise, position)),
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        promised.into()
    }

    /// Commits a plan if it is complete enough and fits.
    fn try_promise(
        &mut self,
        planned: &Planned,
        terms: &Terms,
        stamp: &Stamp,
    ) -> Result<Arc<Entry>, Refusal> {
        if self.is_unfit(planned, terms.force.as_ref())
            || !draft::is_enough(&planned.promise, terms.completeness)
        {
            return Err(Refusal::NothingToReserve);
        }
        let proposal = Proposal {
            lines: planned.lines(terms.force.as_ref(), stamp.at),
            start: self.start(terms.commitment),
            admission: planned.admission(),
        };
        let admitted = self.ledger.admit(proposal)?;
        let told = stamp.request.as_ref().map(|_| answer(&planned.promise, admitted.fact()));
        let entry = admitted.commit_told(stamp.clone(), told);
        Ok(self.keep(entry))
    }

    fn amend(&mut self, work: AmendWork) -> Done<Changed, AmendWork> {
        let AmendWork { ticket, number, mut planned, force } = work;
        let (deadline, patience) = (ticket.deadline, ticket.patience.clone());
        let (before, stamp) = match self.about_to_amend(ticket, number, &planned) {
            Ok((before, stamp)) => (before, stamp),
            Err(done) => {
                self.lower_fence_of(&planned);
                return done;
            }
        };
        let mut entry = self.try_amend(&before, &planned, force.as_ref(), &stamp);
        if self.is_lost(&planned, force.as_ref(), &entry) {
            let world = self.ledger.world().without(number);
            match self.make_again(&mut planned, &world, force.as_ref()) {
                Ok(Made::Here) => {
                    entry = self.try_amend(&before, &planned, force.as_ref(), &stamp);
                }
                Ok(Made::Aside) => {
                    let ticket = Ticket { request: stamp.request, deadline, patience };
                    return Done::Aside(Box::new(AmendWork { ticket, number, planned, force }));
                }
                Err(error) => {
                    self.lower_fence_of(&planned);
                    return Err(error).into();
                }
            }
        }
        self.lower_fence_of(&planned);
        let position = self.ledger.world().position;
        let changed = match entry {
            Ok(entry) => Ok(Changed::kept(Some(planned.promise), &entry)),
            Err(Refusal::NothingToReserve) => {
                Ok(Changed::nothing(before, planned.promise, position))
            }
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        changed.into()
    }

    /// The promise that a command amends; or what came of it, if it was done before or cannot be done.
    fn about_to_amend(
        &self,
        ticket: Ticket,
        number: u64,
        planned: &Planned,
    ) -> Result<(Arc<Reservation>, Stamp), Done<Changed, AmendWork>> {
        let stamp = match self.look_up(ticket).map_err(|error| Done::from(Err(error)))? {
            Seen::Before(entry) => {
                return Err(Ok(Changed::kept(Some(promise_of(&entry)), &entry)).into());
            }
            Seen::New(stamp) => stamp,
        };
        let before = self.ledger.about_to(number, Step::Amend).map_err(Error::Refused);
        let before = before.and_then(|before| {
            planned.check_order(&before.facts)?;
            Ok(before)
        });
        before.map(|before| (before, stamp)).map_err(|error| Err(error).into())
    }

    /// Commits an amendment if all of it is promised and fits.
    fn try_amend(
        &mut self,
        before: &Reservation,
        planned: &Planned,
        force: Option<&Force>,
        stamp: &Stamp,
    ) -> Result<Arc<Entry>, Refusal> {
        if self.is_unfit(planned, force)
            || !draft::is_enough(&planned.promise, Completeness::AllOrNothing)
        {
            return Err(Refusal::NothingToReserve);
        }
        // It stays the promise that it was: its age is that of its first day.
        let mut lines = planned.lines(force, before.facts.created);
        let Some(Line::Reserve(draft)) = lines.pop() else {
            return Err(Refusal::NothingToReserve);
        };
        let admitted = self.ledger.amend(before.number, draft, planned.admission())?;
        let told = stamp.request.as_ref().map(|_| answer(&planned.promise, admitted.fact()));
        let entry = admitted.commit_told(stamp.clone(), told);
        Ok(self.keep(entry))
    }

    /// Whether a plan cannot be taken as it is: the snapshot is another one by now, or it is late and
    /// its caller overrides that.
    fn is_unfit(&self, planned: &Planned, force: Option<&Force>) -> bool {
        let is_overridden = force.is_none() || !planned.overridden.is_empty();
        !planned.is_of(self.ledger.world()) || !(is_overridden || planned.is_on_time())
    }

    /// Whether to plan again, on the live ledger: somebody was faster, or the plan is unfit.
    fn is_lost(
        &self,
        planned: &Planned,
        force: Option<&Force>,
        entry: &Result<Arc<Entry>, Refusal>,
    ) -> bool {
        match entry {
            Ok(_) => false,
            Err(Refusal::ExceedsAvailable { .. }) => true,
            Err(Refusal::NothingToReserve) => self.is_unfit(planned, force),
            Err(
                Refusal::DoesNotExist { .. }
                | Refusal::StateForbids { .. }
                | Refusal::QuantityOutOfRange { .. }
                | Refusal::OutsideHorizon { .. }
                | Refusal::BalanceOutOfRange { .. },
            ) => false,
        }
    }

    fn start(&self, commitment: Commitment) -> Start {
        match commitment {
            Commitment::Confirm => Start::Confirmed,
            Commitment::Hold { for_seconds } => {
                assert!(0 < for_seconds && for_seconds <= HOLD_SECONDS_MAX);
                Start::Held { until: self.now + for_seconds * 1_000_000 }
            }
        }
    }
}

/// The number of the promise that is meant to have shipped.
fn confirmed(world: &World, which: &Which) -> Result<u64, Error> {
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
