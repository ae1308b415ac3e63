//! A scenario becomes live: its changes and its promises, as one entry or not at all (semantics 10).

pub use super::command::IfMovedOn;

use super::{
    Engine, Error, RearrangeCommand, backlog, body,
    command::PlannedOn,
    scenarios::{Missing, Phase, Scenario, ScenarioStep},
    within::reprioritise_all,
};
use crate::{
    ledger::{Fact, Unfit, World},
    promising::patience::{GivenUp, Patience, give_up, heard_out_here},
};
use std::sync::Arc;

/// How often a scenario is done again where live moves on each time.
const ATTEMPTS: usize = 5;

/// Under which id a scenario is applied, and what is to be said again under it.
#[derive(Clone, Debug)]
pub struct ApplyAs<'a> {
    /// The caller's id.
    pub request_id: &'a str,
    /// The digest of what he asks for: see [`body::apply`].
    pub digest: u128,
    /// What he is told, where a position does not say it all.
    pub told: Option<Arc<[u8]>>,
}

/// Does what makes a scenario live; the position of its entry, or what does not fit any more.
pub type Make<'a, U, E> =
    &'a mut dyn FnMut(&Scenario, RearrangeCommand) -> Result<Result<u64, U>, E>;

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
        // The etag is looked at where it comes to that: a repetition gets its first answer.
        let asked = ApplyAs { request_id, digest: body::apply(id, if_moved_on), told: None };
        self.apply_as(id, &asked, (etag, if_moved_on), &Patience::endless())
    }

    /// The same, where more was asked for than that, as long as somebody waits for it.
    ///
    /// # Errors
    /// As for [`Engine::apply`]; [`Error::DeadlineExceeded`] where it was given up.
    pub fn apply_as(
        &self,
        id: &str,
        asked: &ApplyAs<'_>,
        how: (Option<&str>, IfMovedOn),
        patience: &Patience,
    ) -> Result<Result<u64, Unfit>, Error> {
        let mut make = |_: &Scenario, command| match self.rearrange_within(command, patience).wait()
        {
            Ok(position) => Ok(Ok(position)),
            Err(Error::Unfit(unfit)) => Ok(Err(unfit)),
            Err(error) => Err(error),
        };
        self.apply_by(id, asked, how, (patience, &mut make))
    }

    /// The same, where what is to be done is done as the caller says: he is shown the scenario, and may do it elsewhere.
    ///
    /// # Errors
    /// As for [`Engine::apply_as`], and what he says.
    pub fn apply_by<U, E: From<Error>>(
        &self,
        id: &str,
        asked: &ApplyAs<'_>,
        (etag, if_moved_on): (Option<&str>, IfMovedOn),
        (patience, make): (&Patience, Make<'_, U, E>),
    ) -> Result<Result<u64, U>, E> {
        // What was done is known by its id, also where the scenario is gone since. A node that follows has it done by
        // the leader, which looks.
        if self.is_leading()
            && let Some(entry) = self.find(asked.request_id, asked.digest).wait()?
            && matches!(entry.fact, Fact::Rearranged { .. })
        {
            return Ok(Ok(entry.position));
        }
        self.wake(id).map_err(|missing| Error::from(missing).of_scenario(id))?;
        self.check_etag(id, etag).map_err(|error| error.of_scenario(id))?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.apply_once(id, asked, make)? {
                Err(_) if if_moved_on == IfMovedOn::DoAgain && attempts < ATTEMPTS => {
                    self.redo(id, patience).map_err(|error| error.of_scenario(id))?;
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

    fn apply_once<U, E: From<Error>>(
        &self,
        id: &str,
        asked: &ApplyAs<'_>,
        make: Make<'_, U, E>,
    ) -> Result<Result<u64, U>, E> {
        let request_id = asked.request_id;
        let missing = |missing: Missing| E::from(Error::from(missing).of_scenario(id));
        let found = self.scenarios.get(id, self.now()).map_err(missing)?;
        match &found.phase {
            Phase::Open => (),
            Phase::Applying => return Err(missing(Missing::Busy)),
            Phase::Applied { position, by } if !by.is_empty() && **by == *request_id => {
                return Ok(Ok(*position));
            }
            Phase::Applied { position, .. } => return Err(missing(Missing::Applied(*position))),
        }
        let turn = |from: &Arc<Scenario>, phase| self.scenarios.swap(from, from.in_phase(phase));
        let applying = turn(&found, Phase::Applying).map_err(missing)?;
        let planned_on = PlannedOn::of(&found.base);
        let command = RearrangeCommand {
            request_id: request_id.to_string(),
            changes: found.lists().cloned().collect(),
            exchanges: found.exchanges(),
            planned_on: Some(planned_on),
            asked: Some(asked.digest),
            told: asked.told.clone(),
            undoes: None,
            deadline: None,
        };
        let done = make(&found, command);
        let phase = match &done {
            Ok(Ok(position)) => Phase::Applied { position: *position, by: request_id.into() },
            Ok(Err(_)) | Err(_) => Phase::Open,
        };
        // Where it was discarded meanwhile there is nothing to note.
        drop(turn(&applying, phase));
        done
    }

    /// Does what was done in a scenario again, on live as it is now, as long as somebody waits for it.
    ///
    /// # Errors
    /// The scenario is not there, has orders of its own, or its changes cannot be made any more;
    /// [`Error::DeadlineExceeded`] where it was given up: then it is as it was.
    pub fn redo(&self, id: &str, patience: &Patience) -> Result<Arc<Scenario>, Error> {
        self.wake(id)?;
        let before = self.scenarios.open(id, self.now())?;
        let again = || self.again(&before, patience);
        let next = heard_out_here(patience, again).unwrap_or(Err(Error::DeadlineExceeded))?;
        Ok(self.scenarios.swap(&before, next)?)
    }

    /// A scenario as it is after all that was done in it, on live as it is now. Only within
    /// [`heard_out`](crate::promising::patience::heard_out).
    fn again(&self, before: &Scenario, patience: &Patience) -> Result<Scenario, Error> {
        let mut next = before.taken_from(World::clone(&self.pin()));
        for step in before.steps() {
            patience.go_on();
            let world = match step {
                ScenarioStep::Changes(changes) => {
                    next.world.with_changes(changes).map_err(Missing::Unmakable)?
                }
                ScenarioStep::Run(spec, objective) => {
                    let run = backlog::run_in_background(&next.world, spec, *objective, patience);
                    run.unwrap_or_else(|GivenUp| give_up()).world
                }
                ScenarioStep::Priorities(orders) => {
                    let mut world = next.world.clone();
                    reprioritise_all(&mut world, orders)?;
                    world
                }
                ScenarioStep::Orders => return Err(Missing::HasOrders.into()),
            };
            next = next.after(step.clone(), world);
        }
        Ok(next)
    }
}
