//! Commands in a what-if world: as on live, with nobody else in the way and no journal.
//!
//! A plan is made on the very world that it is committed to, so it always fits. Ids of commands are not
//! remembered here: a command in a scenario is done as often as it is sent.

pub use super::scenarios::Reprioritised;

use super::{
    AmendCommand, Answer, ChangeOutcome, Completeness, Engine, Error, Faulty, PromiseCommand,
    PromiseOutcome,
    clock::micros,
    command::act::Act,
    draft,
    outcome::{PendingChange, PendingPromise},
    planned::{CallerPlan, Unmade, Unplanned},
    scenarios::{Missing, Scenario, ScenarioStep},
};
use crate::{
    change::Change,
    ledger::{
        Ledger, Proposal, ProposedLine, Refusal, Reservation, Stamp, World,
        reservation::{self, Facts, Force},
    },
    promising::{
        patience::{GivenUp, Patience, give_up, heard_out},
        request::{OrderLine, Remedies, Repeat, Request},
    },
};
use jiff::Timestamp;
use std::sync::Arc;

impl Engine {
    /// Promises lines in a scenario, as long as somebody waits for the plan.
    ///
    /// # Errors
    /// It was given up, and nothing was done.
    pub fn promise_in(
        &self,
        id: &str,
        command: PromiseCommand,
        patience: &Patience,
    ) -> Result<Answer<PromiseOutcome>, GivenUp> {
        let command = PromiseCommand { request: self.dated(command.request), ..command };
        heard_out(|| {
            let done = command.commitment.check().and_then(|()| {
                self.within(id, |ledger, now| promise(ledger, &command, (now, patience)))
            });
            Answer::ready(done.map(|(done, world)| done.with(world)))
        })
    }

    /// Promises a line anew in a scenario, as long as somebody waits for the plan.
    ///
    /// # Errors
    /// It was given up, and nothing was done.
    pub fn amend_in(
        &self,
        id: &str,
        command: AmendCommand,
        patience: &Patience,
    ) -> Result<Answer<ChangeOutcome>, GivenUp> {
        let today = self.today();
        let amended = |ledger: &mut Ledger, now| amend(ledger, (&command, today), (now, patience));
        heard_out(|| self.change_within(id, amended))
    }

    /// Changes planning data and priorities of orders in a scenario, all of it or nothing. What the orders
    /// are promised stays as it is until a run promises them again.
    ///
    /// # Errors
    /// The scenario cannot be changed, a change cannot be made, or an order is not known there.
    pub fn change_in(
        &self,
        id: &str,
        changes: &[Change],
        orders: &[Reprioritised],
    ) -> Result<Arc<Scenario>, Error> {
        self.wake(id).map_err(|missing| Error::from(missing).of_scenario(id))?;
        let made = self.scenarios.update(id, self.now(), |before| {
            let mut next = before.clone();
            if !changes.is_empty() {
                let world = next.world.with_changes(changes).map_err(Missing::Unmakable)?;
                next = next.after(ScenarioStep::Changes(changes.into()), world);
            }
            if !orders.is_empty() {
                let mut world = next.world.clone();
                reprioritise_all(&mut world, orders)?;
                next = next.after(ScenarioStep::Priorities(orders.into()), world);
            }
            Ok::<_, Error>((next, ()))
        });
        Ok(made.map_err(|error| error.of_scenario(id))?.0)
    }

    fn change_within(
        &self,
        id: &str,
        act: impl Fn(&mut Ledger, i64) -> Result<PendingChange, Error>,
    ) -> Answer<ChangeOutcome> {
        let done = self.within(id, act);
        Answer::ready(done.map(|(done, world)| done.with(world)))
    }

    /// Has a command done in a scenario.
    pub(super) fn act_in<A: Act>(&self, id: &str, act: &A) -> Answer<A::Outcome> {
        let done = self.within(id, |ledger, now| act.act(ledger, stamp(now)));
        Answer::ready(done.map(|(entry, world)| A::told(&Arc::new(entry), world)))
    }

    /// Does something to the ledger of a scenario.
    pub(super) fn within<T>(
        &self,
        id: &str,
        act: impl Fn(&mut Ledger, i64) -> Result<T, Error>,
    ) -> Result<(T, Arc<World>), Error> {
        self.wake(id).map_err(|missing| Error::from(missing).of_scenario(id))?;
        let now = self.now();
        let done = self.scenarios.update(id, now, |before| {
            let mut ledger = Ledger::aside(before.world.clone());
            let done = act(&mut ledger, micros(now))?;
            let world = ledger.into_world();
            let is_same = world.position == before.world.position;
            let after =
                if is_same { before.clone() } else { before.after(ScenarioStep::Orders, world) };
            Ok::<_, Error>((after, done))
        });
        let (after, done) = done.map_err(|error| error.of_scenario(id))?;
        Ok((done, Arc::new(after.world.clone())))
    }
}

fn stamp(now: i64) -> Stamp {
    Stamp::at(now)
}

fn promise(
    ledger: &mut Ledger,
    command: &PromiseCommand,
    (now, patience): (i64, &Patience),
) -> Result<PendingPromise, Error> {
    let PromiseCommand { request, commitment, completeness, force, .. } = command;
    let force = force.as_ref();
    let mut planned = planned(request.clone(), command.faulty, (ledger.world(), patience))?;
    if force.is_some() && !planned.is_on_time() {
        again(&mut planned, ledger.world(), (force, patience))?;
    }
    let proposal = Proposal {
        lines: planned.lines(force, now),
        start: commitment.start(now),
        admission: planned.admission(),
    };
    let (declined, position) = (planned.declined(), ledger.world().position);
    let is_enough = draft::is_enough(&planned.promise, *completeness);
    let admitted = is_enough.then(|| ledger.admit(proposal));
    let entry = match admitted {
        Some(Ok(admitted)) => {
            Some(admitted.with_lines(|made| planned.with_faulty(made)).commit(stamp(now)))
        }
        Some(Err(Refusal::NothingToReserve)) | None => None,
        Some(Err(refusal)) => return Err(Error::Refused(refusal)),
    };
    planned.complete();
    Ok(match entry {
        Some(entry) => PendingPromise::kept(planned.promise, &entry),
        None => PendingPromise::nothing(planned.promise, declined, position),
    })
}

/// A plan; one that nobody waits for any more ends what is under way.
fn planned(
    request: Request,
    faulty: Faulty,
    (world, patience): (&World, &Patience),
) -> Result<CallerPlan, Error> {
    match CallerPlan::of((request, faulty), world, patience) {
        Ok(planned) => Ok(planned),
        Err(Unplanned::Invalid(error)) => Err(error),
        Err(Unplanned::GivenUp(_)) => give_up(),
    }
}

/// Plans again with an override.
fn again(
    planned: &mut CallerPlan,
    world: &World,
    (force, patience): (Option<&Force>, &Patience),
) -> Result<(), Error> {
    match planned.again(world, force, patience) {
        Ok(()) => Ok(()),
        Err(Unmade::Invalid(error)) => Err(error),
        Err(Unmade::GivenUp) => give_up(),
    }
}

fn amend(
    ledger: &mut Ledger,
    (command, today): (&AmendCommand, Option<Timestamp>),
    (now, patience): (i64, &Patience),
) -> Result<PendingChange, Error> {
    let AmendCommand { number, line, objective, force, .. } = command;
    let (number, force) = (*number, force.as_ref());
    let before = ledger.about_to(number, reservation::Step::Amend).map_err(Error::Refused)?;
    let without = ledger.world().without(number);
    let line = OrderLine { repeat: Some(Repeat::Add), ..line.clone() };
    let (lines, objective) = (vec![line], *objective);
    let request =
        Request { lines, objective, alternatives: 0, remedies: Remedies::None, now: None };
    let request = request.dated(today);
    let mut planned = planned(request, Faulty::Refuse, (&without, patience))?;
    planned.check_order(&before.facts)?;
    if force.is_some() && !planned.is_on_time() {
        again(&mut planned, &without, (force, patience))?;
    }
    let is_enough = draft::is_enough(&planned.promise, Completeness::AllOrNothing);
    let mut lines = planned.lines(force, before.facts.created);
    let (true, Some(ProposedLine::Reserve(draft))) = (is_enough, lines.pop()) else {
        return Ok(PendingChange::nothing(before, planned.promise, ledger.world().position));
    };
    let admitted = ledger.amend(number, draft, planned.admission()).map_err(Error::Refused)?;
    Ok(PendingChange::kept(Some(planned.promise), &admitted.commit(stamp(now))))
}

/// Gives orders other priorities, all or none.
pub(super) fn reprioritise_all(world: &mut World, orders: &[Reprioritised]) -> Result<(), Error> {
    orders.iter().enumerate().try_for_each(|(at, one)| reprioritise(world, at, one))
}

fn reprioritise(world: &mut World, at: usize, one: &Reprioritised) -> Result<(), Error> {
    let Reprioritised { order, line, priority } = one;
    let is_meant = |found: &&Arc<Reservation>| {
        found.is_live() && line.as_ref().is_none_or(|line| **line == *found.facts.line)
    };
    let meant: Vec<_> = world.reservations_of(order).filter(is_meant).cloned().collect();
    if meant.is_empty() {
        let line = line.as_ref().map(|line| format!("/{line}")).unwrap_or_default();
        let expected = format!("an order with a promise in the scenario (priorities[{at}])");
        return Err(Error::OutOfRange {
            field: "order",
            value: format!("{order}{line}"),
            expected,
        });
    }
    for found in meant {
        let revision = found.facts.revision + 1;
        let facts = Facts { priority: *priority, revision, ..(*found.facts).clone() };
        world.put(Arc::new(Reservation { facts: Arc::new(facts), ..(*found).clone() }));
    }
    Ok(())
}
