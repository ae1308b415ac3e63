//! BacklogService: orders promised again, by priority and strategy, in a scenario.

use super::{compared, decode, encode, guard, proto, scenario, status::Failure};
use crate::{
    backlog::{
        Filter, Segment, Sequence, Spec, Strategy,
        spec::{FALLBACKS, STRATEGIES},
    },
    compare::compare_within,
    engine::{
        Engine,
        apply::Asked,
        backlog::{self as runs, Objective, Run},
        scenarios::{Origin, Step},
    },
    ledger::{Entry, Told, digest::Digest},
    promising::patience::{Patience, heard_out},
    snapshot::row::choice,
};
use prost::Message;
use std::time::Duration;
use tonic::{Request, Response, Status};

/// Seconds that a search for more value may take over gRPC.
const SEARCH_SECONDS_MAX: u32 = 60;

/// Runs backlogs, through an engine.
#[derive(Clone, Debug)]
pub(super) struct Backlogs {
    engine: Engine,
}

impl Backlogs {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    async fn run_one(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let (spec, objective) = (spec(&message)?, objective(&message)?);
        let request_id = scenario::request_id(&message.request_id)?;
        let digest = asked(&message);
        if message.apply
            && let Some(entry) = scenario::first(&self.engine, &request_id, digest).await?
        {
            return Ok(said_again(&entry));
        }
        let id = match message.scenario_id.as_str() {
            "" => {
                let live = self.engine.pin();
                scenario::taken(&self.engine, "backlog run", Origin::Live(&live), 0)?.id.clone()
            }
            id => id.to_string(),
        };
        let limits = compared::Limits { lines: message.lines_max, groups: message.groups_max };
        let engine = self.engine.clone();
        let run_id = id.clone();
        let work = move |patience: &Patience| {
            let scenarios = engine.scenarios();
            let woken = engine.scenario(&run_id);
            let before = match woken.and_then(|_| scenarios.open(&run_id, engine.now())) {
                Ok(before) => before,
                Err(missing) => return Ok(Err(missing)),
            };
            let spec = Spec { now: engine.today(), ..spec };
            let run = runs::run_in_background(&before.world, &spec, objective, patience)?;
            let step = Step::Run(Box::new(spec), objective);
            let after = match scenarios.swap(&before, before.after(step, run.world.clone())) {
                Ok(after) => after,
                Err(missing) => return Ok(Err(missing)),
            };
            let compared = heard_out(|| {
                let compared = compare_within(&after.base, &run.world, patience);
                compared::told_within(&compared, limits, patience)
            })?;
            Ok(Ok((told(&run), compared)))
        };
        let ran = guard::patiently(work).await?;
        let (told, compared) = ran.map_err(|missing| Failure::of_scenario(&id, &missing))?;
        let ran = proto::RunBacklogResponse { run_id: id, compared: Some(compared), ..told };
        if !message.apply {
            return Ok(ran);
        }
        self.apply_run(ran, &request_id, digest).await
    }

    /// Makes a run live, and keeps its answer with it.
    async fn apply_run(
        &self,
        ran: proto::RunBacklogResponse,
        request_id: &str,
        digest: u128,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let told = Some(ran.encode_to_vec().into());
        let asked = Asked { request_id, digest, told };
        let apply = proto::ApplyScenarioRequest {
            request_id: request_id.to_string(),
            scenario_id: ran.run_id.clone(),
            again: true,
            etag: String::new(),
        };
        let applied = scenario::apply(&self.engine, apply, &asked).await?;
        let is_live = applied.applied;
        let answer = proto::RunBacklogResponse { applied: Some(applied), ..ran };
        if is_live {
            return Ok(answer);
        }
        let told = answer.encode_to_vec().into();
        let kept = self.engine.remember(request_id, digest, told).await;
        let kept = kept.map_err(|error| Failure::of_engine(error, &self.engine.pin().snapshot))?;
        Ok(kept.map_or(answer, |entry| said_again(&entry)))
    }
}

/// The digest of what a run asks for, defaults written out.
fn asked(message: &proto::RunBacklogRequest) -> u128 {
    let or = |word: &str, default: &str| if word.is_empty() { default } else { word }.to_string();
    let mut digest = Digest::default();
    let texts = [
        "run".to_string(),
        message.scenario_id.clone(),
        or(&message.filter, "all"),
        or(&message.sequence, "priority,requested_date"),
        or(&message.otherwise, "redistribute"),
        or(&message.fallback, "gain"),
    ];
    texts.iter().for_each(|text| digest.text(text));
    let segments = message.segments.iter().flat_map(|one| [&one.strategy, &one.filter]);
    let segments: Vec<&String> = segments.collect();
    for list in [
        message.first.iter().collect::<Vec<_>>(),
        segments,
        message.lock.iter().collect(),
        message.keep.iter().collect(),
    ] {
        digest.number(i64::try_from(list.len()).unwrap_or(i64::MAX));
        list.iter().for_each(|text| digest.text(text));
    }
    for number in [message.most_value_seconds, message.lines_max, message.groups_max] {
        digest.number(number.into());
    }
    digest.value()
}

/// The first answer to a run that was to be made live.
fn said_again(entry: &Entry) -> proto::RunBacklogResponse {
    let told = match entry.told.as_deref() {
        Some(Told::Message(told)) => proto::RunBacklogResponse::decode(&**told).unwrap_or_default(),
        Some(Told::Lines { .. }) | None => proto::RunBacklogResponse::default(),
    };
    let applied = told.applied.clone().unwrap_or_else(|| scenario::said_again(entry));
    proto::RunBacklogResponse { applied: Some(applied), ..told }
}

/// What there is to tell of a run itself.
pub fn told(run: &Run) -> proto::RunBacklogResponse {
    let cannot_win = run.cannot_win();
    let word = |strategy: &Strategy| {
        let found = STRATEGIES.iter().find(|(_, other)| other == strategy);
        found.map_or("", |(word, _)| word).to_string()
    };
    let strategies = run.strategies.iter();
    proto::RunBacklogResponse {
        lines: encode::count(run.changed.len()),
        parts: encode::count(run.parts),
        cannot_win: cannot_win
            .map(|line| format!("{}/{}", line.before.facts.order, line.before.facts.line))
            .collect(),
        value_given: encode::money(run.value.0),
        value_found: encode::money(run.value.1),
        strategies: strategies.map(|(one, n)| (word(one), encode::count(*n))).collect(),
        ..proto::RunBacklogResponse::default()
    }
}

fn objective(message: &proto::RunBacklogRequest) -> Result<Objective, Failure> {
    let most = SEARCH_SECONDS_MAX as usize;
    let seconds = decode::collect(|reader| {
        reader.at_most("most_value_seconds", message.most_value_seconds, most)
    })?;
    Ok(match seconds {
        0 => Objective::Sequence,
        seconds => Objective::MostValue(Duration::from_secs(seconds as u64)),
    })
}

/// What is to be run.
///
/// # Errors
/// Every field that cannot be read.
pub fn spec(message: &proto::RunBacklogRequest) -> Result<Spec, Failure> {
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
        let now = None;
        Spec { filter: one, sequence, first, segments, otherwise, locked, kept, fallback, now }
    })?;
    Ok(read)
}

#[tonic::async_trait]
impl proto::backlog_service_server::BacklogService for Backlogs {
    async fn run(
        &self,
        request: Request<proto::RunBacklogRequest>,
    ) -> Result<Response<proto::RunBacklogResponse>, Status> {
        guard::call("Run", self.run_one(request.into_inner())).await
    }

    async fn get_run(
        &self,
        request: Request<proto::GetRunRequest>,
    ) -> Result<Response<proto::CompareResponse>, Status> {
        guard::call("GetRun", async {
            let message = request.into_inner();
            let found = scenario::found(&self.engine, &message.run_id).await?;
            let (before, after) = (found.base.clone(), found.world.clone());
            let limits = compared::Limits { lines: message.lines_max, groups: message.groups_max };
            compared::compare(before.into(), after.into(), limits).await
        })
        .await
    }

    async fn apply(
        &self,
        request: Request<proto::ApplyScenarioRequest>,
    ) -> Result<Response<proto::ApplyScenarioResponse>, Status> {
        guard::call("Apply", scenario::applied(&self.engine, request.into_inner())).await
    }
}
