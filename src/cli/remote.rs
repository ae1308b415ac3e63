//! A running server, asked by commands that can do their work there.

use super::failure::Failure;
use crate::{
    change::Change,
    promising::{answer::Status, request::Request},
    rpc::{
        encode,
        proto::{
            self, backlog_service_client::BacklogServiceClient,
            promise_service_client::PromiseServiceClient,
            scenario_service_client::ScenarioServiceClient,
        },
    },
};
use std::future::Future;
use tonic::{
    Response,
    codec::CompressionEncoding::Gzip,
    transport::{Channel, Endpoint},
};

/// Bytes of one answer: a comparison tells of many lines if it is asked to.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// A connection, and what waits for its answers.
pub(super) struct Remote {
    runtime: tokio::runtime::Runtime,
    scenarios: ScenarioServiceClient<Channel>,
    backlogs: BacklogServiceClient<Channel>,
    promises: PromiseServiceClient<Channel>,
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

/// A failure to connect.
pub(super) fn unreachable(server: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        format!("cannot reach {server}: {error}"),
        "start it with `promised serve`, or name it with --server http://HOST:PORT",
    )
}

impl Remote {
    /// Connects.
    ///
    /// # Errors
    /// It is not there.
    pub(super) fn connect(server: &str) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let unreachable = |error: tonic::transport::Error| unreachable(server, &error);
        let endpoint = Endpoint::from_shared(server.to_string()).map_err(unreachable)?;
        let channel = runtime.block_on(endpoint.connect()).map_err(unreachable)?;
        let scenarios = ScenarioServiceClient::new(channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip);
        let promises = PromiseServiceClient::new(channel.clone());
        let backlogs = BacklogServiceClient::new(channel)
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip);
        Ok(Self { runtime, scenarios, backlogs, promises })
    }

    /// Promises the lines of an order for good, and says how each fares. The order's key is the request's
    /// id, so a second time does nothing.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn promise(&mut self, request: &Request) -> Result<Vec<Status>, Failure> {
        let message = proto::PromiseRequest {
            request_id: format!("promised promise {}", request.lines[0].order),
            lines: request.lines.iter().map(encode::order_line).collect(),
            commitment: proto::promise_request::Commitment::Confirm.into(),
            objective: encode::objective(request.objective).into(),
            ..proto::PromiseRequest::default()
        };
        let promised = wait(&self.runtime, self.promises.promise(message))?;
        let results = promised.promises.into_iter().filter_map(|line| line.result);
        Ok(results.map(|result| status(&result)).collect())
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
        let told = changes.iter().map(|change| proto::Change {
            change: change.kind().word().to_string(),
            cells: change.cells().map(|(name, value)| (name.to_string(), value)).collect(),
        });
        let request = proto::ChangeScenarioRequest {
            scenario_id: made.scenario_id,
            changes: told.collect(),
            priorities: Vec::new(),
        };
        Ok(wait(&self.runtime, self.scenarios.change(request))?.scenario_id)
    }

    /// Compares a scenario with live.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn compare(
        &mut self,
        request: proto::CompareRequest,
    ) -> Result<proto::CompareResponse, Failure> {
        wait(&self.runtime, self.scenarios.compare(request))
    }

    /// Runs a backlog.
    ///
    /// # Errors
    /// What the server refused.
    pub(super) fn run(
        &mut self,
        request: proto::RunBacklogRequest,
    ) -> Result<proto::RunBacklogResponse, Failure> {
        wait(&self.runtime, self.backlogs.run(request))
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

fn status(result: &proto::LineResult) -> Status {
    use proto::line_result::Status as Wire;
    match result.status() {
        Wire::OnTime => Status::OnTime,
        Wire::Late => Status::Late,
        Wire::Partial => Status::Partial,
        Wire::Refused => Status::Refused,
        Wire::AlreadyPromised => Status::AlreadyPromised,
        Wire::Unavailable | Wire::Unspecified => Status::Unavailable,
    }
}

fn wait<T>(
    runtime: &tokio::runtime::Runtime,
    answer: impl Future<Output = Result<Response<T>, tonic::Status>>,
) -> Result<T, Failure> {
    let answer = runtime.block_on(answer).map_err(|status| {
        Failure::new(
            format!("the server refused: {}", status.message()),
            "mend what it says and try again",
        )
    })?;
    Ok(answer.into_inner())
}
