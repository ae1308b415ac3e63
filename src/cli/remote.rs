//! A running server, asked by commands that can do their work there.

mod promised;

use super::{
    failure::Failure,
    peer::{self, Connection},
    progress,
};
use crate::{
    change::Change,
    promising::answer::LineStatus,
    rpc::{
        encode,
        proto::{
            self, backlog_service_client::BacklogServiceClient,
            promise_service_client::PromiseServiceClient,
            scenario_service_client::ScenarioServiceClient,
        },
    },
};
use std::{
    future::Future,
    pin::{Pin, pin},
    time::Duration,
};
use tonic::{Response, codec::CompressionEncoding::Gzip};

/// Bytes of one answer: a comparison tells of many lines if it is asked to.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// Orders that wait to be sent at once; as many again may be on their way.
const UNDER_WAY_MAX: usize = 64;

/// How often an order is sent again to a server that is busy, and how long after.
const RETRIES_MAX: usize = 100;
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// A connection, and what waits for its answers.
pub(super) struct Remote {
    runtime: tokio::runtime::Runtime,
    scenarios: ScenarioServiceClient<Connection>,
    backlogs: BacklogServiceClient<Connection>,
    promises: PromiseServiceClient<Connection>,
}

/// A connection to any service, and what waits for its answers.
pub(super) struct Asker {
    runtime: tokio::runtime::Runtime,
    channel: Connection,
}

impl Asker {
    /// Connects.
    ///
    /// # Errors
    /// It is not there.
    pub(super) fn connect(server: &str) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let channel = runtime.block_on(peer::connect(server))?;
        Ok(Self { runtime, channel })
    }

    /// The connection.
    pub(super) fn channel(&self) -> Connection {
        self.channel.clone()
    }

    /// Waits for an answer.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn wait<T>(
        &self,
        answer: impl Future<Output = Result<Response<T>, tonic::Status>>,
    ) -> Result<T, Failure> {
        wait(&self.runtime, answer)
    }

    /// Waits for the next message of a stream; none at its end.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn next<T>(&self, stream: &mut tonic::Streaming<T>) -> Result<Option<T>, Failure> {
        wait_for(&self.runtime, stream.message()).map_err(|status| refused(&status))
    }
}

/// What waits for the answers of one connection.
///
/// # Errors
/// The system has no more threads.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| {
        Failure::new(format!("cannot start: {error}"), "raise the limits of the system (ulimit)")
    })
}

impl Remote {
    /// Connects.
    ///
    /// # Errors
    /// It is not there.
    pub(super) fn connect(server: &str) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let channel = runtime.block_on(peer::connect(server))?;
        let scenarios = ScenarioServiceClient::new(channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip);
        let promises = PromiseServiceClient::new(channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip);
        let backlogs = BacklogServiceClient::new(channel)
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip);
        Ok(Self { runtime, scenarios, backlogs, promises })
    }

    /// What is promised of an order.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn get(
        &mut self,
        request: proto::GetPromiseRequest,
    ) -> Result<proto::GetPromiseResponse, Failure> {
        wait(&self.runtime, self.promises.get(request))
    }

    /// Takes a scenario from live, and makes changes in it.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn scenario(&mut self, name: &str, changes: &[Change]) -> Result<String, Failure> {
        let create = proto::CreateScenarioRequest {
            name: name.to_string(),
            // As long as a command may last.
            keep_seconds: 3_600,
            ..proto::CreateScenarioRequest::default()
        };
        let made = wait(&self.runtime, self.scenarios.create(create))?;
        if changes.is_empty() {
            return Ok(made.scenario_id);
        }
        let scenario_id = made.scenario_id;
        let request = proto::ChangeScenarioRequest {
            scenario_id: scenario_id.clone(),
            changes: changes.iter().map(encode::change).collect(),
            priorities: Vec::new(),
        };
        let changed = wait(&self.runtime, self.scenarios.change(request));
        match changed {
            Ok(_) => Ok(scenario_id),
            refused => self.discarding(&scenario_id, refused).map(|changed| changed.scenario_id),
        }
    }

    /// Compares a scenario with live.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn compare(
        &mut self,
        request: proto::CompareRequest,
    ) -> Result<proto::CompareResponse, Failure> {
        let bar = progress::work("comparing");
        let told = self.scenarios.compare_stream(request);
        let result = result(told, |far| {
            bar.at(far.lines_done, far.lines);
            far.result
        });
        wait_for(&self.runtime, result)
    }

    /// The figures for each value of a parameter.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn vary(
        &mut self,
        request: proto::VaryRequest,
    ) -> Result<Vec<proto::VaryResponse>, Failure> {
        let bar = progress::work("trying values");
        let told = self.scenarios.vary(request);
        wait_for(&self.runtime, async {
            let mut told = told.await.map_err(|status| refused(&status))?.into_inner();
            let mut rows = Vec::new();
            while let Some(row) = told.message().await.map_err(|status| refused(&status))? {
                bar.at(row.values_done, row.values);
                rows.push(row);
            }
            Ok(rows)
        })
    }

    /// The runs of a server.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn list_runs(&mut self) -> Result<proto::ListRunsResponse, Failure> {
        wait(&self.runtime, self.backlogs.list_runs(proto::ListRunsRequest {}))
    }

    /// Stops a run.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn cancel_run(&mut self, run_id: &str) -> Result<proto::CancelRunResponse, Failure> {
        let request = proto::CancelRunRequest { run_id: run_id.to_string() };
        wait(&self.runtime, self.backlogs.cancel_run(request))
    }

    /// Runs a backlog.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn run(
        &mut self,
        request: proto::RunBacklogRequest,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        let bar = progress::work("promising again");
        let told = self.backlogs.run_stream(request);
        let result = result(told, |far| {
            bar.at(far.lines_done, far.lines);
            far.result
        });
        wait_for(&self.runtime, result)
    }

    /// What came of the work in a scenario that nobody needs any more: it is forgotten, whether that went well or not.
    ///
    /// # Errors
    /// What was refused: of the work, else of the end of the scenario.
    pub(super) fn discarding<T>(
        &mut self,
        scenario_id: &str,
        done: Result<T, Failure>,
    ) -> Result<T, Failure> {
        let discarded = self.discard(scenario_id.to_string());
        let done = done?;
        discarded.map(|()| done)
    }

    /// Forgets a scenario.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn discard(&mut self, scenario_id: String) -> Result<(), Failure> {
        let request = proto::DiscardScenarioRequest { scenario_id };
        wait(&self.runtime, self.scenarios.discard(request)).map(|_| ())
    }
}

/// What comes of long work that tells how far it is: the first message that has a result.
async fn result<T, R>(
    told: impl Future<Output = Result<Response<tonic::Streaming<T>>, tonic::Status>>,
    of: impl Fn(T) -> Option<R>,
) -> Result<R, Failure> {
    let mut told = told.await.map_err(|status| refused(&status))?.into_inner();
    while let Some(far) = told.message().await.map_err(|status| refused(&status))? {
        if let Some(result) = of(far) {
            return Ok(result);
        }
    }
    Err(Failure::new("the server ended before it was done", "start it and ask again"))
}

/// What a server says no to.
pub(super) fn refused(status: &tonic::Status) -> Failure {
    Failure::new(
        format!("the server refused: {}", status.message()),
        "mend what it says and try again",
    )
}

/// How a line fares.
pub(super) fn status(result: &proto::LineResult) -> LineStatus {
    use proto::line_result::Status as Wire;
    match result.status() {
        Wire::OnTime => LineStatus::OnTime,
        Wire::Late => LineStatus::Late,
        Wire::Partial => LineStatus::Partial,
        Wire::Refused => LineStatus::Refused,
        Wire::AlreadyPromised => LineStatus::AlreadyPromised,
        Wire::Unavailable | Wire::Unspecified => LineStatus::Unavailable,
    }
}

fn wait<T>(
    runtime: &tokio::runtime::Runtime,
    answer: impl Future<Output = Result<Response<T>, tonic::Status>>,
) -> Result<T, Failure> {
    let answer = wait_for(runtime, answer).map_err(|status| refused(&status))?;
    Ok(answer.into_inner())
}

/// Waits for what is under way. The runtime's own loop is compiled once, and not for each kind of work.
pub(super) fn wait_for<T>(runtime: &tokio::runtime::Runtime, work: impl Future<Output = T>) -> T {
    let mut done = None;
    {
        let work = pin!(async { done = Some(work.await) });
        let work: Pin<&mut dyn Future<Output = ()>> = work;
        runtime.block_on(work);
    }
    done.expect("it was waited for to its end")
}
