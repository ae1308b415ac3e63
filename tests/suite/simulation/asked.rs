//! What is only asked in a simulation, and what is tried in scenarios: live is none the wiser.

use super::{
    clients::{Random, ready},
    commands::{self, Sent},
    watch::holds,
    world::Sim,
};
use crate::engine_support::{cancel, confirm};
use promised::{
    backlog::{Spec, Strategy},
    engine::{
        Commitment, Engine, Error, FulfilCommand, RearrangeCommand, Which,
        backlog::{RunGoal, run},
        command::PlannedOn,
        scenarios::{Scenario, ScenarioBase, ScenarioStep},
    },
    ledger::{World, digest},
    model::Quantity,
    promising::{self, patience::Patience},
};
use std::sync::Arc;

impl Sim {
    /// Somebody asks what could be.
    pub(super) fn ask(&mut self) -> String {
        let world = self.engine.pin();
        let before = digest::of(&world);
        let command = commands::promise("", &self.engine, &mut self.random);
        let Ok(query) = command.request.resolve(&world.snapshot) else {
            return "asks for what is not known".to_string();
        };
        // One who remembers what he was asked before, and one who does not.
        let told = self.planner.plan(&world, &query);
        assert_eq!(promising::plan(&world, &query), told, "P3: the same question, another answer");
        for (line, result) in query.lines().iter().zip(&told.lines) {
            assert_eq!(result.beyond(line), None, "P1");
        }
        assert_eq!(digest::of(&world), before, "P4: who asks changes nothing");
        let told: Vec<_> = told.lines.iter().map(|line| format!("{:?}", line.status)).collect();
        format!("asks: {}", told.join(", "))
    }

    /// Somebody tries something in a scenario and throws it away.
    pub(super) fn imagine(&mut self) -> String {
        let live = digest::of(&self.engine.pin());
        let (scenario, said) = imagined(&self.engine, &mut self.random);
        assert_eq!(digest::of(&self.engine.pin()), live, "P4: live has changed");
        self.engine.scenarios().discard(&scenario.id, self.engine.now()).unwrap();
        format!("imagines: {said}")
    }
}

/// A scenario is tried, and is to be made live.
pub fn apply(id: &str, engine: &Engine, random: &mut Random) -> Sent {
    let (scenario, _) = imagined(engine, random);
    engine.scenarios().discard(&scenario.id, engine.now()).unwrap();
    let (asked, told, undoes, deadline) = (None, None, None, None);
    Sent::Rearrange(RearrangeCommand {
        request_id: id.to_string(),
        changes: scenario.lists().cloned().collect(),
        exchanges: scenario.exchanges(),
        planned_on: Some(PlannedOn::of(&scenario.base)),
        asked,
        told,
        undoes,
        deadline,
    })
}

/// A few things are done in a scenario; what came of them.
fn imagined(engine: &Engine, random: &mut Random) -> (Arc<Scenario>, String) {
    let live = engine.pin();
    let made = engine.scenarios().create("", ScenarioBase::Live(&live), 60, engine.now());
    let id = made.unwrap().id.clone();
    let mut said = Vec::new();
    for _ in 0..1 + random.below(4) {
        // Ids have the second in which they were made.
        said.push(step(engine, &id, random).replace(&id, "S"));
        let world = world_of(engine, &id);
        holds(&world, &format!("{} in a scenario", said.join(", ")));
    }
    (engine.scenarios().get(&id, engine.now()).unwrap(), said.join(", "))
}

fn world_of(engine: &Engine, id: &str) -> World {
    engine.scenarios().get(id, engine.now()).unwrap().world.clone()
}

fn step(engine: &Engine, id: &str, random: &mut Random) -> String {
    let number = 1 + random.below(world_of(engine, id).next_number());
    let part = (random.below(2) == 0).then(|| 1 + random.below(2) as i64);
    let patience = Patience::endless();
    match random.below(9) {
        0 | 1 => {
            let mut command = commands::promise("", engine, random);
            command.deadline = None;
            if let Commitment::Hold { .. } = command.commitment {
                command.commitment = Commitment::Hold { for_seconds: 60 };
            }
            let mut promised = engine.promise_in(id, command, &patience).unwrap();
            match ready(&mut promised).unwrap() {
                // Nobody comes between a plan and its world.
                Err(Error::Refused(refusal)) => panic!("P2: {refusal}"),
                said => format!("promise {}", word(said)),
            }
        }
        2 => format!(
            "cancel {}",
            word(ready(&mut engine.cancel_in(id, cancel("", number, part))).unwrap())
        ),
        3 => format!(
            "confirm {}",
            word(ready(&mut engine.confirm_in(id, confirm("", number, part))).unwrap())
        ),
        4 => {
            let fulfil = FulfilCommand {
                request_id: String::new(),
                which: Which::Number(number),
                quantity: part.map(Quantity::units),
                shipped_at: None,
                deadline: None,
            };
            format!("fulfil {}", word(ready(&mut engine.fulfil_in(id, &fulfil)).unwrap()))
        }
        5 => {
            let command = commands::amendment("", number, random);
            let mut amended = engine.amend_in(id, command, &patience).unwrap();
            format!("amend {}", word(ready(&mut amended).unwrap()))
        }
        6 | 7 => {
            let changes = vec![commands::change(&format!("X{}", random.below(99)), random)];
            format!("change {}", word(engine.change_in(id, &changes, &[])))
        }
        _ => {
            let before = engine.scenarios().open(id, engine.now()).unwrap();
            let strategies = [
                Strategy::Win,
                Strategy::Gain,
                Strategy::Redistribute,
                Strategy::Fill,
                Strategy::Lose,
            ];
            let otherwise = strategies[random.below(5) as usize];
            let spec = Spec { otherwise, ..Spec::default() };
            let ran = run(&before.world, &spec, RunGoal::Sequence);
            let step = ScenarioStep::Run(Box::new(spec), RunGoal::Sequence);
            engine.scenarios().swap(&before, before.after(step, ran.world)).unwrap();
            format!("run {otherwise:?}")
        }
    }
}

fn word<T>(done: Result<T, Error>) -> String {
    done.map_or_else(|error| error.to_string(), |_| "done".to_string())
}
