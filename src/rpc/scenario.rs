//! ScenarioService: what-if worlds, taken, changed, compared, applied.

mod service;

use super::{
    applied::{if_moved_on, live_since, not_applied, said_again},
    cluster::Desk,
    compared, decode, encode, guard, proto,
    status::{Failure, Faults},
};
use crate::{
    change::Change,
    engine::{
        Engine,
        apply::ApplyAs,
        body,
        scenarios::{Phase, Scenario, ScenarioBase},
        within::Reprioritised,
    },
    ledger::World,
    limits::{CHANGES_MAX, LINES_MAX},
};
use prost::Message;
use std::sync::Arc;

/// The method that lists them.
const LIST: &str = "/promised.v1.ScenarioService/List";

/// Seconds that a scenario is kept if the caller does not say: a day.
const KEEP_SECONDS: u32 = 24 * 3_600;

/// Keeps scenarios, through an engine.
#[derive(Clone, Debug)]
pub(super) struct ScenarioCalls {
    engine: Engine,
    desk: Desk,
}

/// The world of a scenario, or live where none is named. One that was kept over a restart is woken on a thread of
/// its own: that takes as long as what was done in it.
pub(super) async fn world(engine: &Engine, scenario_id: &str) -> Result<Arc<World>, Failure> {
    if scenario_id.is_empty() {
        return Ok(engine.pin());
    }
    Ok(Arc::new(found(engine, scenario_id).await?.world.clone()))
}

/// A scenario.
pub(super) async fn found(engine: &Engine, id: &str) -> Result<Arc<Scenario>, Failure> {
    let found = if engine.scenarios().is_asleep(id) {
        let (engine, id) = (engine.clone(), id.to_string());
        guard::elsewhere(move || engine.scenario(&id)).await
    } else {
        engine.scenario(id)
    };
    found.map_err(|missing| Failure::of_scenario(id, &missing))
}

/// Takes a scenario from live as it is now.
pub(super) fn taken(
    engine: &Engine,
    name: &str,
    from: ScenarioBase<'_>,
    seconds: u32,
) -> Result<Arc<Scenario>, Failure> {
    let seconds = if seconds == 0 { KEEP_SECONDS } else { seconds };
    let made = engine.scenarios().create(name, from, seconds.into(), engine.now());
    let of = match from {
        ScenarioBase::Live(_) => "",
        ScenarioBase::Scenario(id) => id,
    };
    made.map_err(|missing| Failure::of_scenario(of, &missing))
}

/// Makes a scenario live. It goes on where the caller goes away, so that the scenario never stands
/// between open and applied.
pub(super) async fn applied(
    desk: &Desk,
    message: proto::ApplyScenarioRequest,
) -> Result<proto::ApplyScenarioResponse, Failure> {
    let request_id = request_id(&message.request_id)?;
    let digest = body::apply(&message.scenario_id, if_moved_on(&message));
    if let Some(first) = desk.find(&request_id, digest).await? {
        return Ok(said_again(&first));
    }
    let asked = ApplyAs { request_id: &request_id, digest, told: None };
    let answer = desk.apply(message, &asked).await?;
    if answer.applied {
        return Ok(answer);
    }
    remembered(desk, (&request_id, digest), answer).await
}

/// An id of a command as it was sent.
pub(super) fn request_id(sent: &str) -> Result<String, Failure> {
    let sent = sent.to_string();
    Ok(decode::collect(|reader| reader.key_or_none("request_id", sent).unwrap_or_default())?)
}

/// Takes back what an applied scenario changed.
async fn reverted(
    desk: &Desk,
    message: proto::RevertRequest,
) -> Result<proto::ApplyScenarioResponse, Failure> {
    let engine = &desk.engine;
    let request_id = request_id(&message.request_id)?;
    let (position, digest) = (message.position, body::revert(message.position));
    if let Some(first) = desk.find(&request_id, digest).await? {
        return Ok(said_again(&first));
    }
    let (reverting, id) = (engine.clone(), request_id.clone());
    let revert = move || {
        let asked = ApplyAs { request_id: &id, digest, told: None };
        reverting.revert(position, &asked)
    };
    let done = guard::compute(usize::MAX, revert).await;
    let live = engine.pin();
    let answer = match done.map_err(|error| Failure::of_engine(error, &live.snapshot))? {
        Ok(sequence) => return Ok(live_since(sequence)),
        Err(unfit) => not_applied(&live, &unfit),
    };
    remembered(desk, (&request_id, digest), answer).await
}

/// Notes that nothing came of a command; the first answer stands, if another call was faster.
async fn remembered(
    desk: &Desk,
    id: (&str, u128),
    answer: proto::ApplyScenarioResponse,
) -> Result<proto::ApplyScenarioResponse, Failure> {
    let first = desk.remember(id, answer.encode_to_vec()).await?;
    Ok(first.map_or(answer, |first| said_again(&first)))
}

impl ScenarioCalls {
    pub(super) fn new(desk: Desk) -> Self {
        Self { engine: desk.engine.clone(), desk }
    }

    async fn create_one(
        &self,
        message: proto::CreateScenarioRequest,
    ) -> Result<proto::Scenario, Failure> {
        let proto::CreateScenarioRequest { name, from_scenario_id, keep_seconds, at_sequence } =
            message;
        let name = decode::collect(|reader| {
            if at_sequence != 0 && !from_scenario_id.is_empty() {
                reader.fault("at_sequence", "is not to be given together with from_scenario_id");
            }
            reader.key_or_none("name", name).unwrap_or_default()
        })?;
        let live = match at_sequence {
            0 => self.engine.pin(),
            position => {
                let engine = self.engine.clone();
                let earlier = move || engine.world_at(position);
                let found = guard::compute(usize::MAX, earlier).await;
                Arc::new(
                    found
                        .map_err(|error| Failure::of_engine(error, &self.engine.pin().snapshot))?,
                )
            }
        };
        let from = match from_scenario_id.as_str() {
            "" => ScenarioBase::Live(&live),
            id => {
                found(&self.engine, id).await?;
                ScenarioBase::Scenario(id)
            }
        };
        Ok(told(&*taken(&self.engine, &name, from, keep_seconds)?))
    }

    async fn change_one(
        &self,
        message: proto::ChangeScenarioRequest,
    ) -> Result<proto::Scenario, Failure> {
        let changes = changes(&message.changes)?;
        let orders = decode::collect(|reader| {
            let mut orders = Vec::new();
            if LINES_MAX < message.priorities.len() {
                let text = format!("{} are more than {LINES_MAX}", message.priorities.len());
                reader.fault("priorities", text);
                return orders;
            }
            for (at, one) in message.priorities.into_iter().enumerate() {
                let mut reader = reader.at("priorities", at);
                orders.push(Reprioritised {
                    order: reader.key("order", one.order),
                    line: reader.key_or_none("line", one.line),
                    priority: reader.priority("priority", one.priority),
                });
            }
            orders
        })?;
        let (engine, id) = (self.engine.clone(), message.scenario_id);
        // Where something gets short, all promises are looked through.
        let changed = guard::elsewhere(move || engine.change_in(&id, &changes, &orders)).await;
        let refused = |error| Failure::of_engine(error, &self.engine.pin().snapshot);
        Ok(told(&*changed.map_err(refused)?))
    }

    async fn compare_one(
        &self,
        message: proto::CompareRequest,
    ) -> Result<proto::CompareResponse, Failure> {
        let (before, after, limits) = self.compared(&message).await?;
        compared::compare(before, after, limits).await
    }

    /// What is to be compared.
    async fn compared(
        &self,
        message: &proto::CompareRequest,
    ) -> Result<(Arc<World>, Arc<World>, compared::ToldAtMost), Failure> {
        let before = world(&self.engine, &message.with_scenario_id).await?;
        let after = world(&self.engine, &message.scenario_id).await?;
        let limits = compared::ToldAtMost { lines: message.lines_max, groups: message.groups_max };
        Ok((before, after, limits))
    }

    async fn get_one(&self, id: &str) -> Result<proto::Scenario, Failure> {
        let found = found(&self.engine, id).await?;
        let made = found.lists().flat_map(|changes| changes.iter()).map(encode::change);
        Ok(proto::Scenario { changes_made: made.collect(), ..told(&found) })
    }
}

/// The changes of a message; every fault of all of them is named.
pub(super) fn changes(messages: &[proto::Change]) -> Result<Vec<Change>, Failure> {
    let (mut changes, mut faults) = (Vec::new(), Faults::default());
    if CHANGES_MAX < messages.len() {
        faults.note("changes", format!("{} are more than {CHANGES_MAX}", messages.len()));
        return Err(faults.into());
    }
    for (at, message) in messages.iter().enumerate() {
        let cell = |name: &str| message.cells.get(name).map(String::as_str);
        let known = |name: &String| crate::change::COLUMNS.iter().any(|one| one.name() == *name);
        for name in message.cells.keys().filter(|name| !known(name)) {
            faults.note(format!("changes[{at}].cells[{name}]"), "is no column of a change");
        }
        match Change::read(at, &message.change, cell) {
            Ok(change) => changes.push(change),
            Err(found) => found.iter().for_each(|fault| {
                let path = format!("changes[{at}].{}", fault.field);
                faults.note(path, format!("{:?} is not {}", fault.value, fault.expected));
            }),
        }
    }
    if faults.is_empty() { Ok(changes) } else { Err(Failure::invalid(faults)) }
}

fn told(scenario: &Scenario) -> proto::Scenario {
    let differs = scenario.differs;
    proto::Scenario {
        scenario_id: scenario.id.clone(),
        name: scenario.name.clone(),
        created: scenario.created.to_string(),
        expires: scenario.expires.to_string(),
        changes: encode::count(differs.changes),
        promises_changed: encode::count(differs.promises),
        version: Some(encode::version(&scenario.world, scenario.world.position)),
        taken_at_sequence: scenario.base.position,
        applied_at_sequence: match &scenario.phase {
            Phase::Open | Phase::Applying => 0,
            Phase::Applied { position, .. } => *position,
        },
        at_risk: differs.at_risk as u64,
        bytes: scenario.bytes(),
        etag: scenario.etag.to_string(),
        left_out: scenario.left_out.to_vec(),
        owner: scenario.owner.to_string(),
        changes_made: Vec::new(),
    }
}
