//! BacklogService: orders promised again, by priority and strategy, in a scenario.

mod asked;

pub(super) use asked::known;
use asked::{asked, cancelled, objective, said_again};
pub use asked::{spec, told};

use super::{
    MessageStream,
    cluster::{Desk, First, is_of_node},
    compared, guard, proto,
    runs::{Runs, Under},
    saved::{self, Saved},
    scenario,
    status::{Failure, shown},
};
use crate::{
    backlog::Spec,
    compare::compare_within,
    engine::{
        Engine,
        apply::ApplyAs,
        backlog::{self as runs, RunGoal},
        scenarios::{ScenarioBase, ScenarioStep},
    },
    promising::patience::{GivenUp, heard_out},
};
use prost::Message;
use std::sync::Arc;
use tonic::{Code, Request, Response, Status};

/// The method that lists runs.
const LIST: &str = "/promised.v1.BacklogService/ListRuns";

/// Seconds that the result of a saved run is kept: that of a Friday night is there on Monday.
pub(super) const KEEP_SAVED_SECONDS: u32 = 3 * 24 * 3_600;

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
    objective: RunGoal,
    limits: compared::ToldAtMost,
    /// Under which id it is to be made live, and the digest of what is asked for; none if it is not.
    apply: Option<(String, u128)>,
    pub(super) under: Under,
}

/// What is to be done for a request.
pub(super) enum AskedRun {
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
    pub(super) async fn begin(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<AskedRun, Failure> {
        let message = saved::resolved(&self.saved, message)?;
        let (spec, objective) = (spec(&message)?, objective(&message)?);
        let request_id = scenario::request_id(&message.request_id)?;
        let digest = asked(&message);
        if message.apply
            && let Some(first) = self.desk.find(&request_id, digest).await?
        {
            return Ok(AskedRun::Again(Box::new(said_again(&first))));
        }
        let world = scenario::world(&self.engine, &message.scenario_id).await?;
        known(&spec, &world.snapshot)?;
        let id = match (message.scenario_id.as_str(), message.saved.as_str()) {
            ("", saved) => {
                let (name, seconds) = match saved {
                    "" => ("backlog run".to_string(), 0),
                    saved => (format!("run {saved}"), KEEP_SAVED_SECONDS),
                };
                scenario::taken(&self.engine, &name, ScenarioBase::Live(&world), seconds)?
                    .id
                    .clone()
            }
            (id, _) => id.to_string(),
        };
        let limits = compared::ToldAtMost { lines: message.lines_max, groups: message.groups_max };
        let apply = message.apply.then_some((request_id, digest));
        let under = self.runs.begin(&self.engine, &id, &message.saved);
        Ok(AskedRun::Run(Box::new(Begun { spec, objective, limits, apply, under })))
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
        (spec, objective, limits): (Spec, RunGoal, compared::ToldAtMost),
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
            let step = ScenarioStep::Run(Box::new(spec), objective);
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
            AskedRun::Again(answer) => Ok(*answer),
            AskedRun::Run(begun) => self.finish(begun).await,
        }
    }

    /// The same, telling how far it is.
    async fn run_told(
        &self,
        message: proto::RunBacklogRequest,
    ) -> Result<MessageStream<proto::RunProgress>, Failure> {
        let finished = |answer: proto::RunBacklogResponse| proto::RunProgress {
            lines_done: answer.lines,
            lines: answer.lines,
            parts_done: answer.parts,
            parts: answer.parts,
            run_id: answer.run_id.clone(),
            result: Some(answer),
        };
        let begun = match self.begin(message).await? {
            AskedRun::Again(answer) => {
                return Ok(Box::pin(tokio_stream::once(Ok(finished(*answer)))));
            }
            AskedRun::Run(begun) => begun,
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
        let asked = ApplyAs { request_id, digest, told };
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

#[tonic::async_trait]
impl proto::backlog_service_server::BacklogService for Backlogs {
    async fn run(
        &self,
        request: Request<proto::RunBacklogRequest>,
    ) -> Result<Response<proto::RunBacklogResponse>, Status> {
        guard::call("Run", self.run_one(request.into_inner())).await
    }

    type RunStreamStream = MessageStream<proto::RunProgress>;

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
            let limits =
                compared::ToldAtMost { lines: message.lines_max, groups: message.groups_max };
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
