//! What the writer does with plans: promises and amendments.
//!
//! A plan that still fits is taken as it is, however old it is. One that lost a race is planned again here,
//! on the live ledger, where nothing can come between the plan and its admission; but only as far as some needs go.
//! One that takes more is planned again beside the writer (`aside.rs`), and who wants the same waits for it (`fence.rs`):
//! no hot item can starve it, and nobody else waits for it.

use super::{
    aside,
    command::{Commitment, Completeness},
    draft,
    error::Error,
    perform::{Done, LookedUp},
    planned::CallerPlan,
    told::{answer, promise_of},
    work::{AmendWork, PendingChange, PendingPromise, PromiseTerms, PromiseWork, Ticket},
    writer::Writer,
};
use crate::{
    ledger::{
        Admitted, Entry, Proposal, ProposedLine, Refusal, Reservation, Stamp, Start,
        reservation::{Force, Step},
    },
    limits::HOLD_SECONDS_MAX,
    promising::answer::Promise,
};
use std::sync::Arc;

impl Writer {
    pub(super) fn promise(&mut self, work: PromiseWork) -> Done<PendingPromise, PromiseWork> {
        let PromiseWork { ticket, mut planned, terms } = work;
        let (deadline, older) = (ticket.deadline, ticket.older);
        let patience = ticket.patience.clone();
        let stamp = match self.look_up(ticket) {
            Ok(LookedUp::Before(entry)) => {
                self.lower_fence_of(&planned);
                return Ok(PendingPromise::kept(promise_of(&entry), &entry)).into();
            }
            Ok(LookedUp::New(stamp)) => stamp,
            Err(error) => {
                self.lower_fence_of(&planned);
                return Err(error).into();
            }
        };
        let force = terms.force.as_ref();
        let mut entry = self.try_promise(&mut planned, &terms, &stamp);
        if self.is_lost(&planned, force, &entry) {
            metrics::counter!("promised_replans_total").increment(1);
            let world = self.ledger.world().clone();
            match self.make_again(&mut planned, &world, force) {
                Ok(aside::Made::Here) => {
                    entry = self.try_promise(&mut planned, &terms, &stamp);
                }
                Ok(aside::Made::Aside) => {
                    let (request, by) = (stamp.request, stamp.by);
                    let ticket = Ticket { request, by, older, deadline, patience };
                    return Done::Aside(Box::new(PromiseWork { ticket, planned, terms }));
                }
                Err(error) => {
                    self.lower_fence_of(&planned);
                    return Err(error).into();
                }
            }
        }
        self.lower_fence_of(&planned);
        let promised = match entry {
            Ok(entry) => Ok(PendingPromise::kept(planned.promise, &entry)),
            Err(Refusal::NothingToReserve) => Ok(self.declined(planned, stamp)),
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        promised.into()
    }

    /// Commits a plan if it is complete enough and fits.
    fn try_promise(
        &mut self,
        planned: &mut CallerPlan,
        terms: &PromiseTerms,
        stamp: &Stamp,
    ) -> Result<Arc<Entry>, Refusal> {
        planned.keep_up(self.ledger.world(), terms.turn);
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
        let admitted = admitted.with_lines(|made| planned.with_faulty(made));
        planned.complete();
        let entry = committed(admitted, &planned.promise, stamp);
        Ok(self.keep(entry))
    }

    /// Answers that nothing was promised, and remembers it where the same command may come again.
    fn declined(&mut self, mut planned: CallerPlan, stamp: Stamp) -> PendingPromise {
        let made = planned.declined();
        planned.complete();
        if stamp.request.is_none() {
            return PendingPromise::nothing(planned.promise, made, self.ledger.world().position);
        }
        let entry = committed(self.ledger.declined(made), &planned.promise, &stamp);
        PendingPromise::kept(planned.promise, &self.keep(entry))
    }

    pub(super) fn amend(&mut self, work: AmendWork) -> Done<PendingChange, AmendWork> {
        let AmendWork { ticket, number, mut planned, force } = work;
        let (deadline, older) = (ticket.deadline, ticket.older);
        let patience = ticket.patience.clone();
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
                Ok(aside::Made::Here) => {
                    entry = self.try_amend(&before, &planned, force.as_ref(), &stamp);
                }
                Ok(aside::Made::Aside) => {
                    let (request, by) = (stamp.request, stamp.by);
                    let ticket = Ticket { request, by, older, deadline, patience };
                    return Done::Aside(Box::new(AmendWork { ticket, number, planned, force }));
                }
                Err(error) => {
                    self.lower_fence_of(&planned);
                    return Err(error).into();
                }
            }
        }
        self.lower_fence_of(&planned);
        let changed = match entry {
            Ok(entry) => Ok(PendingChange::kept(Some(planned.promise), &entry)),
            Err(Refusal::NothingToReserve) => Ok(self.unchanged(before, planned.promise, &stamp)),
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        changed.into()
    }

    /// Answers that the old promise stands, and remembers it where the same command may come again.
    fn unchanged(
        &mut self,
        stands: Arc<Reservation>,
        promise: Promise,
        stamp: &Stamp,
    ) -> PendingChange {
        if stamp.request.is_none() {
            return PendingChange::nothing(stands, promise, self.ledger.world().position);
        }
        let entry = committed(self.ledger.unchanged(stands), &promise, stamp);
        PendingChange::kept(Some(promise), &self.keep(entry))
    }

    /// The promise that a command amends; or what came of it, if it was done before or cannot be done.
    fn about_to_amend(
        &self,
        ticket: Ticket,
        number: u64,
        planned: &CallerPlan,
    ) -> Result<(Arc<Reservation>, Stamp), Done<PendingChange, AmendWork>> {
        let stamp = match self.look_up(ticket).map_err(|error| Done::from(Err(error)))? {
            LookedUp::Before(entry) => {
                return Err(Ok(PendingChange::kept(Some(promise_of(&entry)), &entry)).into());
            }
            LookedUp::New(stamp) => stamp,
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
        planned: &CallerPlan,
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
        let Some(ProposedLine::Reserve(draft)) = lines.pop() else {
            return Err(Refusal::NothingToReserve);
        };
        let admitted = self.ledger.amend(before.number, draft, planned.admission())?;
        let entry = committed(admitted, &planned.promise, stamp);
        Ok(self.keep(entry))
    }

    /// Whether a plan cannot be taken as it is: the snapshot is another one by now, a line was promised
    /// meanwhile, or it is late and its caller overrides that.
    fn is_unfit(&self, planned: &CallerPlan, force: Option<&Force>) -> bool {
        let is_overridden = force.is_none() || !planned.overridden.is_empty();
        !planned.is_of(self.ledger.world()) || !(is_overridden || planned.is_on_time())
    }

    /// Whether to plan again, on the live ledger: somebody was faster, or the plan is unfit.
    fn is_lost(
        &self,
        planned: &CallerPlan,
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
                | Refusal::HoldEnded { .. }
                | Refusal::NotInLots { .. }
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

/// Commits with what the caller is told, where he may ask again.
pub(super) fn committed(admitted: Admitted<'_>, promise: &Promise, stamp: &Stamp) -> Entry {
    let told = stamp.request.as_ref().map(|_| answer(promise, admitted.fact()));
    admitted.commit_told(stamp.clone(), told)
}
