//! Amend: a line takes the place of what was promised, if all of it can be promised.

use super::{
    act::is_met,
    deed::{Deed, Performed, Replannable, WaitsWhile},
    terms::Completeness,
    ticket::Ticket,
};
use crate::{
    engine::{
        Answer, ChangeOutcome, Engine, Error, body,
        caller::Caller,
        clock::SteadyTime,
        draft,
        live::{Live, LookedUp},
        outcome::PendingChange,
        pending::Pending,
        planned::{CallerPlan, Unplanned},
        plans::{Replanned, committed, is_lost, is_unfit, make_again},
        remembered::{DoneBefore, told_in},
        told::promise_of,
        traced::Traced,
    },
    ledger::{
        Entry, Footprint, ProposedLine, Refusal, Reservation, Stamp, World,
        reservation::{Force, Step},
    },
    promising::{
        answer::Promise,
        meaning::{self, optional_number},
        patience::Patience,
        request::{OrderLine, Remedies, Repeat, Request},
    },
    snapshot::atp_rule::Objective,
};
use std::sync::Arc;

/// Promises a line anew in place of what was promised; if that fails, the old promise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// The line as it is to be from now on.
    pub line: OrderLine,
    /// The objective if the line names none.
    pub objective: Option<Objective>,
    /// Overrides the admission.
    pub force: Option<Force>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl AmendCommand {
    fn digest(&self) -> u128 {
        let mut digest = body::begin("amend line");
        digest.bytes(&self.number.to_le_bytes());
        meaning::line(&mut digest, &self.line, self.objective);
        body::force(&mut digest, self.force.as_ref());
        digest.value()
    }

    /// As entries of the first version know it.
    fn first_digest(&self) -> u128 {
        let mut digest = body::begin("amend");
        digest.bytes(&self.number.to_le_bytes());
        body::first_line(&mut digest, &self.line);
        optional_number(&mut digest, self.objective.map(meaning::number_of));
        body::force(&mut digest, self.force.as_ref());
        digest.value()
    }
}

impl Engine {
    /// Promises a line anew in place of what was promised. Unless all of the new line can be promised
    /// (late counts), the old promise stands and the outcome says `changed: false`.
    pub fn amend(&self, command: AmendCommand) -> Answer<ChangeOutcome> {
        let amended = self.amend_within(command, &Patience::endless());
        amended.expect("endless patience gives nothing up")
    }

    /// The same, as long as somebody waits for the plan, and for as many needs as that has patience for.
    ///
    /// # Errors
    /// The plan was given up: the command comes back, and nothing was done.
    pub fn amend_within(
        &self,
        command: AmendCommand,
        patience: &Patience,
    ) -> Result<Answer<ChangeOutcome>, Box<AmendCommand>> {
        let mut ticket = self.ticket(&command.request_id, command.digest(), command.deadline);
        ticket.older = self.has_older.then(|| command.first_digest());
        let (number, force) = (command.number, command.force.clone());
        // It names the promise that it is about: others of the line stay.
        let line = OrderLine { repeat: Some(Repeat::Add), ..command.line.clone() };
        let (lines, objective) = (vec![line], command.objective);
        let request =
            Request { lines, objective, alternatives: 0, remedies: Remedies::None, now: None };
        let request = self.dated(request);
        self.trace_plan();
        let planned = match CallerPlan::within(request, &self.pin().without(number), patience) {
            Ok(planned) => planned,
            Err(Unplanned::Invalid(error)) => {
                let told = |entry: Arc<Entry>, world| {
                    PendingChange::kept(Some(promise_of(&entry)), &entry).with(world)
                };
                return Ok(self.recall(ticket, error, told));
            }
            Err(Unplanned::GivenUp(_)) => return Err(Box::new(command)),
        };
        Ok(self.send(|caller, patience| {
            ticket.patience = patience;
            Box::new(AmendDeed { ticket, number, planned, force, caller })
        }))
    }
}

/// A line to take the place of what was promised, and who waits for it.
#[derive(Debug)]
struct AmendDeed {
    ticket: Ticket,
    number: u64,
    planned: CallerPlan,
    force: Option<Force>,
    caller: Caller<ChangeOutcome>,
}

impl Deed for AmendDeed {
    fn perform(self: Box<Self>, live: &mut Live) -> Performed {
        match live.look_up(&self.ticket) {
            Ok(LookedUp::New(stamp)) => match self.about_to_amend(live) {
                Ok(before) => self.amend(live, (before, stamp)),
                Err(error) => self.done(Err(error)),
            },
            Ok(LookedUp::Before(DoneBefore { entry, names })) => {
                let first = PendingChange::kept(Some(promise_of(&entry)), &entry);
                let told = |first: PendingChange, world| first.with(told_in(names, world));
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

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Met
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        is_met(self.number, print, world)
            || self.planned.takes().any(|account| print.has(&world.snapshot, account))
    }

    fn ticket(&self) -> Option<&Ticket> {
        Some(&self.ticket)
    }

    fn plan(&self) -> Option<&CallerPlan> {
        Some(&self.planned)
    }
}

impl Replannable for AmendDeed {
    fn plan_mut(&mut self) -> &mut CallerPlan {
        &mut self.planned
    }

    fn plan_again(&mut self, world: &World) -> bool {
        let without = world.without(self.number);
        self.planned.race_again(&without, self.force.as_ref(), &self.ticket.patience)
    }
}

impl AmendDeed {
    /// The promise that it amends.
    fn about_to_amend(&self, live: &Live) -> Result<Arc<Reservation>, Error> {
        let before = live.ledger.about_to(self.number, Step::Amend).map_err(Error::Refused)?;
        self.planned.check_order(&before.facts)?;
        Ok(before)
    }

    fn amend(
        mut self: Box<Self>,
        live: &mut Live,
        (before, stamp): (Arc<Reservation>, Stamp),
    ) -> Performed {
        let mut entry = self.try_once(live, (&before, &stamp));
        let force = self.force.as_ref();
        if is_lost((live.world(), &self.planned), force, &entry) {
            let world = live.world().without(self.number);
            match make_again(&mut self.planned, (&world, force), &live.patience()) {
                Ok(Replanned::Here) => entry = self.try_once(live, (&before, &stamp)),
                Ok(Replanned::Aside) => return Performed::Lost(self),
                Err(error) => return self.done(Err(error)),
            }
        }
        let Self { planned, caller, .. } = *self;
        let changed = match entry {
            Ok(entry) => Ok(PendingChange::kept(Some(planned.promise), &entry)),
            Err(Refusal::NothingToReserve) => {
                Ok(unchanged(live, (before, planned.promise), &stamp))
            }
            Err(refusal) => Err(Error::Refused(refusal)),
        };
        Performed::Done(Pending::new(caller, changed, PendingChange::with))
    }

    fn done(self: Box<Self>, done: Result<PendingChange, Error>) -> Performed {
        Performed::Done(Pending::new(self.caller, done, PendingChange::with))
    }

    /// Commits the amendment if all of it is promised and fits.
    fn try_once(
        &self,
        live: &mut Live,
        (before, stamp): (&Reservation, &Stamp),
    ) -> Result<Arc<Entry>, Refusal> {
        let (planned, force) = (&self.planned, self.force.as_ref());
        if is_unfit((live.world(), planned), force)
            || !draft::is_enough(&planned.promise, Completeness::AllOrNothing)
        {
            return Err(Refusal::NothingToReserve);
        }
        // It stays the promise that it was: its age is that of its first day.
        let mut lines = planned.lines(force, before.facts.created);
        let Some(ProposedLine::Reserve(draft)) = lines.pop() else {
            return Err(Refusal::NothingToReserve);
        };
        let admitted = live.ledger.amend(before.number, draft, planned.admission())?;
        let entry = committed(admitted, &planned.promise, stamp);
        Ok(live.keep(entry))
    }
}

/// Answers that the old promise stands, and remembers it where the same command may come again.
fn unchanged(
    live: &mut Live,
    (stands, promise): (Arc<Reservation>, Promise),
    stamp: &Stamp,
) -> PendingChange {
    if stamp.request.is_none() {
        return PendingChange::nothing(stands, promise, live.world().position);
    }
    let entry = committed(live.ledger.unchanged(stands), &promise, stamp);
    PendingChange::kept(Some(promise), &live.keep(entry))
}
