//! A client of a load test, one call after the other: makes a question, asks, and says what came of it.

use super::{mix::CallKind, questions::Questions, record::CallOutcome, stream::Stream};
use crate::cli::peer::Connection;
use crate::rpc::proto::{
    self, availability_service_client::AvailabilityServiceClient, line_result,
    promise_service_client::PromiseServiceClient,
};
use tonic::Status;

/// Promises that one client remembers, to cancel them.
const REMEMBERED_MAX: usize = 10_000;

/// The services behind one connection, and a stream on it where one is wanted.
#[derive(Clone, Debug)]
pub(super) struct Services {
    pub(super) availability: AvailabilityServiceClient<Connection>,
    pub(super) promises: PromiseServiceClient<Connection>,
    pub(super) stream: Option<Stream>,
}

impl Services {
    /// The services behind a channel.
    pub(super) fn new(channel: Connection) -> Self {
        Self {
            availability: AvailabilityServiceClient::new(channel.clone()),
            promises: PromiseServiceClient::new(channel),
            stream: None,
        }
    }
}

/// One caller: it has one call under way at a time.
#[derive(Debug)]
pub(super) struct Caller {
    line: Services,
    questions: Questions,
    promised: Vec<String>,
}

impl Caller {
    /// A caller with its questions.
    pub(super) fn new(line: Services, questions: Questions) -> Self {
        Self { line, questions, promised: Vec::new() }
    }

    /// The kind of the next call.
    pub(super) fn kind(&mut self) -> CallKind {
        let kind = self.questions.kind();
        if kind == CallKind::Cancel && self.promised.is_empty() { CallKind::Promise } else { kind }
    }

    /// Makes one call.
    pub(super) async fn call(&mut self, kind: CallKind) -> Result<CallOutcome, Status> {
        match kind {
            CallKind::Quick => {
                let answer = self.line.availability.quick_check(self.questions.quick()).await?;
                Ok(asked(answer.get_ref().answers.len()))
            }
            CallKind::Check => {
                let answer = self.line.promises.check_availability(self.questions.check()).await?;
                Ok(asked(answer.get_ref().results.len()))
            }
            CallKind::Promise => {
                let answer = self.line.promises.promise(self.questions.promise()).await?;
                Ok(self.remember(answer.into_inner()))
            }
            CallKind::Stream => self.call_on_stream().await,
            CallKind::Cancel => {
                let promise = self.promised.pop().expect("a cancel is drawn only with a promise");
                self.line.promises.cancel(self.questions.cancel(promise)).await?;
                Ok(asked(1))
            }
        }
    }

    async fn call_on_stream(&mut self) -> Result<CallOutcome, Status> {
        use proto::promise_stream_response::Outcome as Answer;
        let stream = self.line.stream.as_ref().expect("the mix has streams, so one was opened");
        match stream.ask(self.questions.promise()).await?.outcome {
            Some(Answer::Promised(promised)) => Ok(self.remember(promised)),
            Some(Answer::Error(error)) => Err(Status::new(error.code.into(), error.message)),
            None => Err(Status::internal("an answer without outcome")),
        }
    }

    fn remember(&mut self, answer: proto::PromiseResponse) -> CallOutcome {
        let lines = answer.promises.len();
        let is_kept = |line: &&proto::PromisedLine| {
            let status = line.result.as_ref().map(|result| result.status());
            matches!(
                status,
                Some(
                    line_result::Status::OnTime
                        | line_result::Status::Late
                        | line_result::Status::Partial
                )
            )
        };
        let kept = answer.promises.iter().filter(is_kept).count();
        let ids = answer.promises.into_iter().map(|line| line.promise_id);
        let room = REMEMBERED_MAX - self.promised.len();
        self.promised.extend(ids.filter(|id| !id.is_empty()).take(room));
        CallOutcome { n_unpromised: (lines - kept) as u64, ..asked(lines) }
    }
}

fn asked(n_questions: usize) -> CallOutcome {
    CallOutcome { n_questions: n_questions as u64, n_unpromised: 0 }
}
