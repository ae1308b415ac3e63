//! BacklogService: orders promised again, by priority and strategy, in a scenario.

use super::{
    Told as Telling,
    cluster::{Desk, First, is_of_node},
    compared, decode, encode, guard, proto,
    runs::{Runs, Under},
    saved::{self, Saved},
    scenario,
    status::{Failure, Faults, shown},
};
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
    ledger::digest::Digest,
    promising::patience::{GivenUp, heard_out},
    snapshot::{Snapshot, row::choice},
};
use prost::Message;
use std::{sync::Arc, time::Duration};
use tonic::{Code, Request, Response, Status};

/// The method that lists runs.
const LIST: &str = "/promised.v1.BacklogService/ListRuns";

/// Seconds that a search for more value may take over gRPC.
const SEARCH_SECONDS_MAX: u32 = 60;

/// Runs backlogs, through an engine.
#[derive(Clone, Debug)]
pub(super) struct Backlogs {
    pub(super) engine: Engine,
    pub(super) desk: Desk,
    pub(super) runs: Runs,
    pub(super) saved: Arc<[Saved]>,
}

/// A run that was read, and is noted as under way.
pub(super) struct Begun {
    spec: Spec,
    objective: Objective,
    limits: compared::Limits,
    /// Under which id it is to be made live, and the digest of what is asked for; none if it is not.
    apply: Option<(String, u128)>,
    pub(super) under: Under,
}

/// What is to be done for a request.
pub(super) enum Asking {
    /// It was done before: the first answer.
    Again(Box<proto::RunBacklogResponse>),
    /// A run.
    Run(Box<Begun>),
}

impl Backlogs {
    pub(super) fn new(desk: Desk, saved: Arc<[Saved]>) -> Self {
        Self { engine: desk.engine.clone(), desk, runs: Runs::default(), saved }
    }

    /// Reads a request; a run begins with it.
    pub(super) async fn begin(&self, message: proto::RunBacklogRequest) -> Result<Asking, Failure> {
        let message = saved::resolved(&self.saved, message)?;
        let (spec, objective) = (spec(&message)?, objective(&message)?);
        let request_id = scenario::request_id(&message.request_id)?;
        let digest = asked(&message);
        if message.apply
            && let Some(first) = self.desk.find(&request_id, digest).await?
        {
            return Ok(Asking::Again(Box::new(said_again(&first))));
        }
        let world = scenario::world(&self.engine, &message.scenario_id).await?;
        known(&spec, &world.snapshot)?;
        let id = match (message.scenario_id.as_str(), message.saved.as_str()) {
            ("", saved) => {
                let (name, seconds) = match saved {
                    "" => ("backlog run".to_string(), 0),
                    saved => (format!("run {saved}"), saved::KEEP_SECONDS),
                };
                scenario::taken(&self.engine, &name, Origin::Live(&world), seconds)?.id.clone()
            }
            (id, _) => id.to_string(),
        };
        let limits = compared::Limits { lines: message.lines_max, groups: message.groups_max };
        let apply = message.apply.then_some((request_id, digest));
        let under = self.runs.begin(&self.engine, &id, &message.saved);
        Ok(Asking::Run(Box::new(Begun { spec, objective, limits, apply, under })))
    }

    /// Runs what has begun, and notes what came of it.
    pub(super) async fn finish(
        &self,
        begun: Box<Begun>,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let Begun { spec, objective, limits, apply, under } = *begun;
        let ran = match self.ran((spec, objective, limits), &under).await {
            Ok(ran) => ran,
            Err(_) if under.is_cancelled() => return Err(cancelled(&under.run_id)),
            Err(failure) => {
                under.failed(failure.message());
                return Err(failure);
            }
        };
        under.done(&ran);
        let Some((request_id, digest)) = apply else { return Ok(ran) };
        let answer = self.apply_run(ran, &request_id, digest).await?;
        match &answer.applied {
            Some(applied) if applied.applied => under.mark().applied(applied.sequence),
            Some(applied) => under.mark().stays(&applied.why),
            None => (),
        }
        Ok(answer)
    }

    /// Runs in the scenario, and compares with what that began with.
    async fn ran(
        &self,
        (spec, objective, limits): (Spec, Objective, compared::Limits),
        under: &Under,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let (engine, run_id, mark) = (self.engine.clone(), under.run_id.clone(), under.mark());
        let patience = under.patience.clone();
        let work = move || {
            let scenarios = engine.scenarios();
            let woken = engine.scenario(&run_id);
            let before = match woken.and_then(|_| scenarios.open(&run_id, engine.now())) {
                Ok(before) => before,
                Err(missing) => return Ok(Err(missing)),
            };
            let spec = Spec { now: engine.today(), ..spec };
            let run = runs::run_in_background(&before.world, &spec, objective, &patience)?;
            mark.fix()?;
            let step = Step::Run(Box::new(spec), objective);
            let after = match scenarios.swap(&before, before.after(step, run.world.clone())) {
                Ok(after) => after,
                Err(missing) => return Ok(Err(missing)),
            };
            let quiet = patience.quiet();
            let compared = heard_out(|| {
                let compared = compare_within(&after.base, &run.world, &quiet);
                compared::told_within(&compared, limits, &quiet)
            })?;
            Ok(Ok((told(&run), compared)))
        };
        let ran: Result<_, GivenUp> = guard::elsewhere(work).await;
        let ran = ran.map_err(|GivenUp| Failure::outcome_unknown())?;
        let (told, compared) =
            ran.map_err(|missing| Failure::of_scenario(&under.run_id, &missing))?;
        let (run_id, compared) = (under.run_id.clone(), Some(compared));
        Ok(proto::RunBacklogResponse { run_id, compared, ..told })
    }

    async fn run_one(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        match self.begin(message).await? {
            Asking::Again(answer) => Ok(*answer),
            Asking::Run(begun) => self.finish(begun).await,
        }
    }

    /// The same, telling how far it is.
    async fn run_told(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<Telling<proto::RunProgress>, Failure> {
        let finished = |answer: proto::RunBacklogResponse| proto::RunProgress {
            lines_done: answer.lines,
            lines: answer.lines,
            parts_done: answer.parts,
            parts: answer.parts,
            run_id: answer.run_id.clone(),
            result: Some(answer),
        };
        let begun = match self.begin(message).await? {
            Asking::Again(answer) => {
                return Ok(Box::pin(tokio_stream::once(Ok(finished(*answer)))));
            }
            Asking::Run(begun) => begun,
        };
        let (run_id, patience) = (begun.under.run_id.clone(), begun.under.patience.clone());
        let far = move || super::runs::progress(&run_id, &patience);
        let this = self.clone();
        let work = async move { Ok(finished(this.finish(begun).await?)) };
        Ok(guard::told_on_the_way("RunStream", far, work))
    }

    async fn list_all(&self) -> proto::ListRunsResponse {
        let engine = self.engine.clone();
        guard::elsewhere(move || engine.wake_all()).await;
        let now = self.engine.now();
        proto::ListRunsResponse {
            runs: self.runs.list(&self.engine.scenarios().list(now)),
            saved: self.saved.iter().map(|one| one.told(now)).collect(),
        }
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
        let applied = self.desk.apply(apply, &asked).await?;
        let is_live = applied.applied;
        let answer = proto::RunBacklogResponse { applied: Some(applied), ..ran };
        if is_live {
            return Ok(answer);
        }
        let first = self.desk.remember((request_id, digest), answer.encode_to_vec()).await?;
        Ok(first.map_or(answer, |first| said_again(&first)))
    }
}

/// Whether a snapshot knows all keys that filters name.
///
/// # Errors
/// Each that it does not.
pub(super) fn known(spec: &Spec, snapshot: &Snapshot) -> Result<(), Failure> {
    let mut faults = Faults::default();
    spec.unknown(snapshot).into_iter().for_each(|(field, text)| faults.note(field, text));
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// What whoever waits for a run is told where somebody has stopped it.
fn cancelled(run_id: &str) -> Failure {
    let text = format!("run {run_id} was stopped by CancelRun; its scenario is as it was before");
    Failure::new(Code::Cancelled, "RUN_CANCELLED", text).with("run_id", run_id)
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
fn said_again(first: &First) -> proto::RunBacklogResponse {
    let told = first.told.as_deref().map(proto::RunBacklogResponse::decode);
    let told = told.and_then(Result::ok).unwrap_or_default();
    let applied = told.applied.clone().unwrap_or_else(|| scenario::said_again(first));
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

    type RunStreamStream = Telling<proto::RunProgress>;

    async fn run_stream(
        &self,
        request: Request<proto::RunBacklogRequest>,
    ) -> Result<Response<Self::RunStreamStream>, Status> {
        let told = guard::caught("RunStream", self.run_told(request.into_inner())).await;
        Ok(Response::new(told.map_err(Status::from)?))
    }

    async fn list_runs(
        &self,
        request: Request<proto::ListRunsRequest>,
    ) -> Result<Response<proto::ListRunsResponse>, Status> {
        let is_of_node = is_of_node(&request);
        guard::call("ListRuns", async {
            let mut all = self.list_all().await;
            if !is_of_node {
                let others = self.desk.ask_others(LIST, request.into_inner()).await;
                let others: Vec<proto::ListRunsResponse> = others;
                all.runs.extend(others.into_iter().flat_map(|other| other.runs));
                let began = |run: &proto::BacklogRun| {
                    run.started.map(|at| std::cmp::Reverse((at.seconds, at.nanos)))
                };
                all.runs.sort_by_key(began);
            }
            Ok(all)
        })
        .await
    }

    async fn cancel_run(
        &self,
        request: Request<proto::CancelRunRequest>,
    ) -> Result<Response<proto::CancelRunResponse>, Status> {
        guard::call("CancelRun", async {
            let run_id = request.into_inner().run_id;
            let run = self.runs.cancel(&self.engine, &run_id).ok_or_else(|| {
                let text =
                    format!("no run {} is known; ListRuns tells those that are", shown(&run_id));
                Failure::new(Code::NotFound, "RUN_UNKNOWN", text).with("run_id", &*run_id)
            })?;
            Ok(proto::CancelRunResponse { run: Some(run) })
        })
        .await
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
        guard::call("Apply", scenario::applied(&self.desk, request.into_inner())).await
    }
}
