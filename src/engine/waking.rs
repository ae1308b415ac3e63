//! Scenarios that were kept over a restart: what was done in them is done again on live as it is now, at the first
//! question. What does not fit any more is left out, and told.

use super::{
    Engine, backlog,
    scenarios::{Missing, Scenario, ScenarioStep},
    within::reprioritise_all,
};
use crate::{change::Fault, ledger::World, promising::patience::Patience};
use std::sync::Arc;

impl Engine {
    /// A scenario as it is now, woken where it was kept over a restart: then it takes as long as what was done in it.
    ///
    /// # Errors
    /// It is not there.
    pub fn scenario(&self, id: &str) -> Result<Arc<Scenario>, Missing> {
        self.wake(id)?;
        self.scenarios.get(id, self.now())
    }

    /// Wakes all that were kept over a restart; what cannot be is told when it is asked for.
    pub fn wake_all(&self) {
        for id in self.scenarios.asleep() {
            if let Err(missing) = self.wake(&id) {
                tracing::info!(%missing, scenario = id, "a scenario is not there again");
            }
        }
    }

    /// Wakes a scenario that was kept over a restart.
    pub(super) fn wake(&self, id: &str) -> Result<(), Missing> {
        if !self.scenarios.is_asleep(id) {
            return Ok(());
        }
        self.scenarios.wake(id, self.now(), |mut scenario, steps| {
            let mut left_out = Vec::new();
            for (at, step) in steps.into_iter().enumerate() {
                let done = step.and_then(|step| {
                    let world = done_again(&scenario.world, &step)?;
                    Ok(scenario.after(step, world))
                });
                match done {
                    Ok(after) => scenario = after,
                    Err(why) => left_out.push(format!("step {}: {why}", at + 1)),
                }
            }
            scenario.without(left_out)
        })
    }
}

/// The world after a step; why it cannot be done any more.
fn done_again(world: &World, step: &ScenarioStep) -> Result<World, String> {
    match step {
        ScenarioStep::Changes(changes) => {
            world.with_changes(changes).map_err(|faults| told(&faults))
        }
        ScenarioStep::Priorities(orders) => {
            let mut world = world.clone();
            reprioritise_all(&mut world, orders).map_err(|error| error.to_string())?;
            Ok(world)
        }
        ScenarioStep::Run(spec, objective) => {
            let run = backlog::run_in_background(world, spec, *objective, &Patience::endless());
            Ok(run.expect("endless patience gives nothing up").world)
        }
        ScenarioStep::Orders => {
            Err("orders that were promised or changed in it are not kept".to_string())
        }
    }
}

fn told(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
