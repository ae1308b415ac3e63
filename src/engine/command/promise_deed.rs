//! What the writer does with lines that were planned: they are committed if the plan still fits.

use super::{
    deed::{Deed, Performed, Replannable, WaitsWhile},
    terms::{Commitment, Completeness, RequestTurn},
    ticket::Ticket,
};
use crate::{
    engine::{
        Error, PromiseOutcome,
        caller::Caller,
        draft,
        live::{Live, LookedUp},
        outcome::PendingPromise,
        pending::Pending,
        planned::CallerPlan,
        plans::{Replanned, committed, is_lost, is_unfit, make_again},
        remembered::{DoneBefore, told_in},
        told::promise_of,
        traced::Traced,
    },
    ledger::{Entry, Footprint, Proposal, Refusal, Stamp, World, reservation::Force},
};
use std::sync::Arc;

/// On which terms lines are promised.
#[derive(Debug)]
pub(super) struct PromiseTerms {
    pub(super) commitment: Commitment,
    pub(super) completeness: Completeness,
    pub(super) force: Option<Force>,
    pub(super) turn: RequestTurn,
}

/// Lines to be promised, and who waits for it.
#[derive(Debug)]
pub(super) struct PromiseDeed {
    pub(super) ticket: Ticket,
    pub(super) planned: CallerPlan,
    pub(super) terms: PromiseTerms,
    pub(super) caller: Caller<PromiseOutcome>,
}

impl Deed for PromiseDeed {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        match live.look_up(&self.ticket) {
            Ok(LookedUp::New(stamp)) => self.promise(live, stamp),
            Ok(LookedUp::Before(DoneBefore { entry, names })) => {
                let first = PendingPromise::kept(promise_of(&entry), &entry);
                let told = |first: PendingPromise, world| first.with(told_in(names, world));
                Performed::Done(Pending::new(self.caller, Ok(first), told))
            }
            Err(error) => self.done(Err(error)),
        }
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn n_lines(&self) -> usize {
        self.planned.n_lines()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Met
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        self.planned.takes().any(|account| print.has(&world.snapshot, account))
            || self.planned.order_lines().any(|(order, line)| print.is_about(order, line))
    }

    fn ticket(&self) -> Option<&Ticket> {
        Some(&self.ticket)
    }

    fn plan(&self) -> Option<&CallerPlan> {
        Some(&self.planned)
    }
}

impl Replannable for PromiseDeed {
    fn plan_mut(&mut self) -> &mut CallerPlan {
        &mut self.planned
    }

    fn plan_again(&mut self, world: &World) -> bool {
        let force = self.terms.force.as_ref();
        self.planned.race_again(world, force, &self.ticket.patience)
    }
}

impl PromiseDeed {
    fn promise(mut self: Box<Self>, live: &mut Live, stamp: Stamp) -> Performed {
        let mut entry = self.try_once(live, &stamp);
        let force = self.terms.force.as_ref();
        if is_lost((live.world(), &self.planned), force, &entry) {
            let world = live.world().clone();
            match make_again(&mut self.planned, (&world, force), &live.patience()) {
                Ok(Replanned::Here) => entry = self.try_once(live, &stamp),
                Ok(Replanned::Aside) => return Performed::Lost(self),
                Err(error) => return self.done(Err(error)),
            }
        }
        let Self { planned, caller, .. } = *self;
        let promised = match entry {
            Ok(entry) => Ok(PendingPromise::kept(planned.promise, &entry)),
            Err(Refusal::NothingToReserve) => Ok(declined(live, planned, &stamp)),
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        Performed::Done(Pending::new(caller, promised, PendingPromise::with))
    }

    fn done(self: Box<Self>, done: Result<PendingPromise, Error>) -> Performed {
        Performed::Done(Pending::new(self.caller, done, PendingPromise::with))
    }

    /// Commits the plan if it is complete enough and fits.
    fn try_once(&mut self, live: &mut Live, stamp: &Stamp) -> Result<Arc<Entry>, Refusal> {
        let Self { planned, terms, .. } = self;
        let force = terms.force.as_ref();
        planned.keep_up(live.world(), terms.turn);
        if is_unfit((live.world(), planned), force)
            || !draft::is_enough(&planned.promise, terms.completeness)
        {
            return Err(Refusal::NothingToReserve);
        }
        let proposal = Proposal {
            lines: planned.lines(force, stamp.at),
            start: terms.commitment.start(live.now),
            admission: planned.admission(),
        };
        let admitted = live.ledger.admit(proposal)?;
        let admitted = admitted.with_lines(|made| planned.with_faulty(made));
        planned.complete();
        let entry = committed(admitted, &planned.promise, stamp);
        Ok(live.keep(entry))
    }
}

/// Answers that nothing was promised, and remembers it where the same command may come again.
fn declined(live: &mut Live, mut planned: CallerPlan, stamp: &Stamp) -> PendingPromise {
    let made = planned.declined();
    planned.complete();
    if stamp.request.is_none() {
        return PendingPromise::nothing(planned.promise, made, live.world().position);
    }
    let entry = committed(live.ledger.declined(made), &planned.promise, stamp);
    PendingPromise::kept(planned.promise, &live.keep(entry))
}
