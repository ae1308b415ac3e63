//! A scenario becomes live: its changes and its promises, as one entry or not at all (semantics 10).

use super::{
    Engine, Error, RearrangeCommand, backlog,
    command::PlannedOn,
    scenarios::{Missing, Phase, Scenario, Step},
    within::reprioritise_all,
};
use crate::{
    ledger::{Unfit, World},
    promising::patience::Patience,
};
use std::sync::Arc;

/// How often a scenario is done again where live moves on each time.
const ATTEMPTS: usize = 5;

/// What is to be done where live has moved on and the scenario does not fit any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMovedOn {
    /// Nothing: what does not fit is told.
    Tell,
    /// What was done in the scenario is done again on live as it is now, and that is applied.
    DoAgain,
}

impl Engine {
    /// Makes a scenario live; the position of its entry, or what does not fit any more. Waits until it is
    /// durable: not to be called on a runtime's thread.
    ///
    /// Where an `etag` is given it must still be that of the scenario: what somebody else has changed is not applied
    /// unseen. An applied scenario is final: the same request id gets the same answer, another one is refused.
    ///
    /// # Errors
    /// The scenario is not there, was applied by another request, or cannot be done again.
    pub fn apply(
        &self,
        id: &str,
        request_id: &str,
        (etag, if_moved_on): (Option<&str>, IfMovedOn),
    ) -> Result<Result<u64, Unfit>, Error> {
        self.wake(id).map_err(|missing| Error::from(missing).of_scenario(id))?;
        self.check_etag(id, etag).map_err(|error| error.of_scenario(id))?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let applied = self.apply_once(id, request_id);
            match applied.map_err(|error| error.of_scenario(id))? {
                Err(_) if if_moved_on == IfMovedOn::DoAgain && attempts < ATTEMPTS => {
                    self.redo(id).map_err(|error| error.of_scenario(id))?;
                }
                applied => return Ok(applied),
            }
        }
    }

    /// Whether a scenario is still the one that a caller has seen.
    fn check_etag(&self, id: &str, etag: Option<&str>) -> Result<(), Error> {
        let Some(etag) = etag else { return Ok(()) };
        let found = self.scenarios.get(id, self.now())?;
        match found.phase {
            // A repetition gets its first answer, whatever the caller has seen.
            Phase::Applied { .. } => Ok(()),
            Phase::Open | Phase::Applying if *found.etag == *etag => Ok(()),
            Phase::Open | Phase::Applying => Err(Missing::Changed.into()),
        }
    }

    fn apply_once(&self, id: &str, request_id: &str) -> Result<Result<u64, Unfit>, Error> {
        let found = self.scenarios.get(id, self.now())?;
        match &found.phase {
            Phase::Open => (),
            Phase::Applying => return Err(Missing::Busy.into()),
            Phase::Applied { position, by } if !by.is_empty() && **by == *request_id => {
                return Ok(Ok(*position));
            }
            Phase::Applied { position, .. } => return Err(Missing::Applied(*position).into()),
        }
        let turn = |from: &Arc<Scenario>, phase| self.scenarios.swap(from, from.in_phase(phase));
        let applying = turn(&found, Phase::Applying)?;
        let planned_on = PlannedOn::of(&found.base);
        let command = RearrangeCommand {
            request_id: request_id.to_string(),
            changes: found.lists().cloned().collect(),
            exchanges: found.exchanges(),
            planned_on: Some(planned_on),
            deadline: None,
        };
        let done = self.rearrange(command).wait();
        let phase = match &done {
            Ok(position) => Phase::Applied { position: *position, by: request_id.into() },
            Err(_) => Phase::Open,
        };
        // Where it was discarded meanwhile there is nothing to note.
        drop(turn(&applying, phase));
        match done {
            Ok(position) => Ok(Ok(position)),
            Err(Error::Unfit(unfit)) => Ok(Err(unfit)),
            Err(error) => Err(error),
        }
    }

    /// Does what was done in a scenario again, on live as it is now.
    ///
    /// # Errors
    /// The scenario is not there, has orders of its own, or its changes cannot be made any more.
    pub fn redo(&self, id: &str) -> Result<Arc<Scenario>, Error> {
        self.wake(id)?;
        let live = World::clone(&self.pin());
        let before = self.scenarios.open(id, self.now())?;
        let mut next = before.taken_from(live);
        for step in before.steps() {
            let world = match step {
                Step::Changes(changes) => {
                    next.world.with_changes(changes).map_err(Missing::Unmakable)?
                }
                Step::Run(spec, objective) => {
                    let patience = Patience::endless();
                    let run = backlog::run_in_background(&next.world, spec, *objective, &patience);
                    run.expect("endless patience gives nothing up").world
                }
                Step::Priorities(orders) => {
                    let mut world = next.world.clone();
                    reprioritise_all(&mut world, orders)?;
                    world
                }
                Step::Orders => return Err(Missing::HasOrders.into()),
            };
            next = next.after(step.clone(), world);
        }
        Ok(self.scenarios.swap(&before, next)?)
    }
}
