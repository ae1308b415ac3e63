//! ScenarioService and BacklogService: what-if worlds, compared and applied.

use super::{
    decode, encode, guard, proto,
    status::{Failure, Faults},
};
use crate::{
    backlog::{
        Filter, Segment, Sequence, Spec, Strategy,
        spec::{FALLBACKS, STRATEGIES},
    },
    change::Change,
    compare::{self, Compared, Kpi, Pair, Standing, Verdict},
    engine::{
        self, Engine, RearrangeCommand,
        backlog::{self as runs, Objective},
        scenarios::{Missing, Origin, Scenario},
    },
    ledger::{Unfit, World, reservation},
    model::{Money, Quantity},
    promising::terms,
    snapshot::row::choice,
};
use std::{sync::Arc, time::Duration};
use tonic::{Code, Request, Response, Status};

/// Seconds that a scenario is kept if the caller does not say: a day.
const KEEP_SECONDS: u32 = 24 * 3_600;

/// Lines told of if the caller does not say.
const LINES_TOLD: usize = 100;

/// Seconds that a search for more value may take over gRPC.
const SEARCH_SECONDS_MAX: u32 = 60;

/// Keeps scenarios, through an engine.
#[derive(Clone, Debug)]
pub(super) struct Scenarios {
    engine: Engine,
}

/// The world of a scenario, or live where none is named.
pub(super) fn world(engine: &Engine, scenario_id: &str) -> Result<Arc<World>, Failure> {
    if scenario_id.is_empty() {
        return Ok(engine.pin());
    }
    let found = engine.scenarios().get(scenario_id, engine.now());
    Ok(Arc::new(found.map_err(|missing| failure(scenario_id, &missing))?.world.clone()))
}

fn failure(id: &str, missing: &Missing) -> Failure {
    match missing {
        Missing::Unknown => Failure::new(
            Code::NotFound,
            "SCENARIO_UNKNOWN",
            format!("there is no scenario {id:?}; ScenarioService.List names those there are"),
        ),
        Missing::Expired => Failure::new(
            Code::FailedPrecondition,
            "SCENARIO_EXPIRED",
            format!("the scenario {id} has expired; create it again"),
        ),
        Missing::TooMany => Failure::new(
            Code::ResourceExhausted,
            "SCENARIOS_TOO_MANY",
            "there are as many scenarios as there may be; discard some",
        ),
        Missing::Unmakable(faults) => Failure::invalid(Faults::of_changes(faults)),
    }
}

impl Scenarios {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    fn create_one(
        &self,
        message: &proto::CreateScenarioRequest,
    ) -> Result<proto::Scenario, Failure> {
        let live = self.engine.pin();
        let from = match message.from_scenario_id.as_str() {
            "" => Origin::Live(&live),
            id => Origin::Scenario(id),
        };
        let seconds = if message.keep_seconds == 0 { KEEP_SECONDS } else { message.keep_seconds };
        let scenarios = self.engine.scenarios();
        let made = scenarios.create(&message.name, from, seconds.into(), self.engine.now());
        Ok(told(&*made.map_err(|missing| failure(&message.from_scenario_id, &missing))?))
    }

    fn change_one(
        &self,
        message: &proto::ChangeScenarioRequest,
    ) -> Result<proto::Scenario, Failure> {
        let changes = changes(&message.changes)?;
        let id = &message.scenario_id;
        let changed = self.engine.scenarios().change(id, &changes, self.engine.now());
        Ok(told(&*changed.map_err(|missing| failure(id, &missing))?))
    }

    fn compare_one(
        &self,
        message: &proto::CompareRequest,
    ) -> Result<proto::CompareResponse, Failure> {
        let before = world(&self.engine, &message.with_scenario_id)?;
        let after = world(&self.engine, &message.scenario_id)?;
        Ok(compared(&compare::compare(&before, &after), message.lines_max))
    }

    async fn apply_one(
        &self,
        message: &proto::ApplyScenarioRequest,
    ) -> Result<proto::ApplyScenarioResponse, Failure> {
        let id = &message.scenario_id;
        let found = self.engine.scenarios().get(id, self.engine.now());
        let found = found.map_err(|missing| failure(id, &missing))?;
        let command = RearrangeCommand {
            request_id: message.request_id.clone(),
            changes: found.changes.clone(),
            exchanges: found.exchanges(),
            generation: found.base.generation(),
            deadline: None,
        };
        match self.engine.rearrange(command).await {
            Ok(sequence) => Ok(proto::ApplyScenarioResponse {
                applied: true,
                sequence,
                ..proto::ApplyScenarioResponse::default()
            }),
            Err(engine::Error::Unfit(unfit)) => Ok(not_applied(&self.engine.pin(), &unfit)),
            Err(error) => Err(Failure::of_engine(error, &self.engine.pin().snapshot)),
        }
    }

    async fn run_one(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let spec = spec(&message)?;
        let id = match message.scenario_id.as_str() {
            "" => {
                let create = proto::CreateScenarioRequest {
                    name: "backlog run".to_string(),
                    ..proto::CreateScenarioRequest::default()
                };
                self.create_one(&create)?.scenario_id
            }
            id => id.to_string(),
        };
        let found = self.engine.scenarios().get(&id, self.engine.now());
        let before = found.map_err(|missing| failure(&id, &missing))?;
        let objective = match message.most_value_seconds.min(SEARCH_SECONDS_MAX) {
            0 => Objective::Sequence,
            seconds => Objective::MostValue(Duration::from_secs(seconds.into())),
        };
        let world = before.world.clone();
        let n_lines = world.n_reservations();
        let run = guard::compute(n_lines, move || {
            let asked = |found: &crate::ledger::Reservation| {
                Some(terms::order_line(&world.snapshot, found))
            };
            runs::run(&world, &spec, objective, asked)
        })
        .await;
        let difference = compared(&compare::compare(&before.base, &run.world), 0);
        let cannot_win = run
            .cannot_win()
            .map(|line| format!("{}/{}", line.before.facts.order, line.before.facts.line));
        let cannot_win = cannot_win.collect();
        let after = Scenario { world: run.world.clone(), ..(*before).clone() };
        self.engine.scenarios().put(after).map_err(|missing| failure(&id, &missing))?;
        let apply =
            proto::ApplyScenarioRequest { request_id: message.request_id, scenario_id: id.clone() };
        let applied = if message.apply { Some(self.apply_one(&apply).await?) } else { None };
        Ok(proto::RunBacklogResponse {
            run_id: id,
            lines: count(run.changed.len()),
            parts: count(run.parts),
            cannot_win,
            value_given: money(run.value.0),
            value_found: money(run.value.1),
            compared: Some(difference),
            applied,
        })
    }
}

/// The changes of a message; every fault of all of them is named.
pub(super) fn changes(messages: &[proto::Change]) -> Result<Vec<Change>, Failure> {
    let (mut changes, mut faults) = (Vec::new(), Faults::default());
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

fn spec(message: &proto::RunBacklogRequest) -> Result<Spec, Failure> {
    let read = decode::collect(|reader| {
        let mut filter = |field: &str, text: &str| {
            Filter::parse(text).unwrap_or_else(|expected| {
                reader.fault(field, expected);
                Filter::default()
            })
        };
        let one = filter("filter", &message.filter);
        let locked = message.lock.iter().map(|text| filter("lock", text)).collect();
        let kept = message.keep.iter().map(|text| filter("keep", text)).collect();
        let filters: Vec<_> =
            message.segments.iter().map(|one| filter("segments", &one.filter)).collect();
        let mut strategy = |field: &str, word: &str| match word {
            "" => Strategy::default(),
            word => choice(STRATEGIES, word).unwrap_or_else(|expected| {
                reader.fault(field, format!("{word:?} is not {expected}"));
                Strategy::default()
            }),
        };
        let otherwise = strategy("otherwise", &message.otherwise);
        let segments = message
            .segments
            .iter()
            .zip(filters)
            .map(|(one, filter)| Segment { filter, strategy: strategy("segments", &one.strategy) });
        let segments = segments.collect();
        let sequence = match message.sequence.as_str() {
            "" => Sequence::default(),
            text => Sequence::parse(text).unwrap_or_else(|expected| {
                reader.fault("sequence", expected);
                Sequence::default()
            }),
        };
        let fallback = match message.fallback.as_str() {
            "" => Default::default(),
            word => choice(FALLBACKS, word).unwrap_or_else(|expected| {
                reader.fault("fallback", format!("{word:?} is not {expected}"));
                Default::default()
            }),
        };
        let first = message.first.iter().map(|key| {
            let (order, line) = key.split_once('/').unwrap_or((key, ""));
            (order.into(), line.into())
        });
        let first = first.collect();
        Spec { filter: one, sequence, first, segments, otherwise, locked, kept, fallback }
    })?;
    Ok(read)
}

fn not_applied(world: &World, unfit: &Unfit) -> proto::ApplyScenarioResponse {
    let (numbers, why) = match unfit {
        Unfit::Changes(faults) => {
            let words: Vec<_> = faults.iter().map(ToString::to_string).collect();
            (&[][..], format!("planning data has moved on: {}", words.join("; ")))
        }
        Unfit::MovedOn(numbers) => {
            (&numbers[..], "these promises are not any more what they were".to_string())
        }
        Unfit::Exceeds(refusal, numbers) => (&numbers[..], refusal.sentence(&world.snapshot)),
    };
    proto::ApplyScenarioResponse {
        applied: false,
        sequence: world.position,
        unfit_promise_ids: numbers.iter().map(|number| reservation::id(*number)).collect(),
        why,
    }
}

fn told(scenario: &Scenario) -> proto::Scenario {
    proto::Scenario {
        scenario_id: scenario.id.clone(),
        name: scenario.name.clone(),
        created: scenario.created.to_string(),
        expires: scenario.expires.to_string(),
        changes: count(scenario.changes.len()),
        promises_changed: count(scenario.exchanges().len()),
        version: Some(encode::version(&scenario.world, scenario.world.position)),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn money(amount: Money) -> f64 {
    encode::quantity(Quantity::micros(amount.raw()))
}

fn compared(compared: &Compared, lines_max: u32) -> proto::CompareResponse {
    let most = if lines_max == 0 { LINES_TOLD } else { lines_max as usize };
    let of = |verdict| compared.pairs.iter().filter(move |pair| pair.verdict == verdict).count();
    let mut pairs: Vec<&Pair> =
        compared.pairs.iter().filter(|pair| pair.verdict != Verdict::Same).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.difference()));
    let groups = compared.groups.iter().map(|group| proto::KpiGroup {
        dimension: group.dimension.word().to_string(),
        key: group.key.clone(),
        before: Some(kpi(&group.before)),
        after: Some(kpi(&group.after)),
    });
    proto::CompareResponse {
        before: Some(kpi(&compared.before)),
        after: Some(kpi(&compared.after)),
        groups: groups.collect(),
        lines: pairs.into_iter().take(most).map(difference).collect(),
        winners: count(of(Verdict::Wins)),
        losers: count(of(Verdict::Loses)),
    }
}

fn kpi(kpi: &Kpi) -> proto::Kpi {
    proto::Kpi {
        lines: kpi.lines,
        on_time_share: encode::quantity(kpi.on_time_share()),
        fill_rate: encode::quantity(kpi.fill_rate()),
        days_late_mean: encode::quantity(kpi.days_late_mean()),
        days_late_p95: kpi.days_late_p95,
        days_late_max: kpi.days_late_max,
        revenue: money(kpi.revenue),
        revenue_on_time: money(kpi.revenue_on_time),
        cost: money(kpi.cost),
        profit: money(kpi.profit),
        at_risk: kpi.at_risk,
    }
}

fn difference(pair: &Pair) -> proto::LineDifference {
    let any = pair.after.as_ref().or(pair.before.as_ref()).expect("one of the worlds knows it");
    proto::LineDifference {
        order: any.order.to_string(),
        line: any.line.to_string(),
        customer: any.customer.clone(),
        item: any.item.clone(),
        quantity: encode::quantity(any.asked),
        verdict: pair.verdict.word().to_string(),
        before: pair.before.as_ref().map(standing),
        after: pair.after.as_ref().map(standing),
        why: pair.why.clone(),
    }
}

fn standing(standing: &Standing) -> proto::LineStanding {
    proto::LineStanding {
        promised: encode::quantity(standing.promised),
        on_time: encode::quantity(standing.on_time),
        date: standing.date.map(|date| date.to_string()).unwrap_or_default(),
        days_late: standing.days_late.unwrap_or(0),
        profit: money(standing.profit),
        at_risk: standing.at_risk,
    }
}

#[tonic::async_trait]
impl proto::scenario_service_server::ScenarioService for Scenarios {
    async fn create(
        &self,
        request: Request<proto::CreateScenarioRequest>,
    ) -> Result<Response<proto::Scenario>, Status> {
        guard::call("Create", async { self.create_one(request.get_ref()) }).await
    }

    async fn change(
        &self,
        request: Request<proto::ChangeScenarioRequest>,
    ) -> Result<Response<proto::Scenario>, Status> {
        guard::call("Change", async { self.change_one(request.get_ref()) }).await
    }

    async fn compare(
        &self,
        request: Request<proto::CompareRequest>,
    ) -> Result<Response<proto::CompareResponse>, Status> {
        guard::call("Compare", async { self.compare_one(request.get_ref()) }).await
    }

    async fn apply(
        &self,
        request: Request<proto::ApplyScenarioRequest>,
    ) -> Result<Response<proto::ApplyScenarioResponse>, Status> {
        guard::call("Apply", async { self.apply_one(request.get_ref()).await }).await
    }

    async fn discard(
        &self,
        request: Request<proto::DiscardScenarioRequest>,
    ) -> Result<Response<proto::DiscardScenarioResponse>, Status> {
        guard::call("Discard", async {
            let id = &request.get_ref().scenario_id;
            let gone = self.engine.scenarios().discard(id, self.engine.now());
            gone.map_err(|missing| failure(id, &missing))?;
            Ok(proto::DiscardScenarioResponse {})
        })
        .await
    }

    async fn list(
        &self,
        _: Request<proto::ListScenariosRequest>,
    ) -> Result<Response<proto::ListScenariosResponse>, Status> {
        guard::call("List", async {
            let all = self.engine.scenarios().list(self.engine.now());
            let scenarios = all.iter().map(|scenario| told(scenario)).collect();
            Ok(proto::ListScenariosResponse { scenarios })
        })
        .await
    }
}

#[tonic::async_trait]
impl proto::backlog_service_server::BacklogService for Scenarios {
    async fn run(
        &self,
        request: Request<proto::RunBacklogRequest>,
    ) -> Result<Response<proto::RunBacklogResponse>, Status> {
        guard::call("Run", async { self.run_one(request.into_inner()).await }).await
    }

    async fn get_run(
        &self,
        request: Request<proto::GetRunRequest>,
    ) -> Result<Response<proto::CompareResponse>, Status> {
        guard::call("GetRun", async {
            let message = request.get_ref();
            let found = self.engine.scenarios().get(&message.run_id, self.engine.now());
            let found = found.map_err(|missing| failure(&message.run_id, &missing))?;
            let difference = compare::compare(&found.base, &found.world);
            Ok(compared(&difference, message.lines_max))
        })
        .await
    }

    async fn apply(
        &self,
        request: Request<proto::ApplyScenarioRequest>,
    ) -> Result<Response<proto::ApplyScenarioResponse>, Status> {
        guard::call("Apply", async { self.apply_one(request.get_ref()).await }).await
    }
}
