//! Orders of a file promised by a server, many under way at once.

use super::{RETRIES_MAX, RETRY_AFTER, Remote, UNDER_WAY_MAX, refused};
use crate::cli::{failure::Failure, peer::Connection, stream::ReadyOrder};
use crate::{
    promising::request::OrderLine,
    rpc::{
        encode,
        proto::{
            self, promise_service_client::PromiseServiceClient, promise_stream_response::Outcome,
        },
    },
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

impl Remote {
    /// Promises orders for good, many under way at once, and tells how each fares, in their order. An
    /// order's id is one of its lines, so the same file again gives the first answers. What the server
    /// refuses is told as the answer of its lines.
    ///
    /// # Errors
    /// The server went away, or `tell` failed.
    pub(in crate::cli) fn promise_all(
        mut self,
        steps: &[ReadyOrder],
        pegging: bool,
        mut tell: impl FnMut(&ReadyOrder, &proto::PromiseResponse) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (sender, requests) = mpsc::channel(UNDER_WAY_MAX);
        let sending = async {
            for step in steps {
                // A server that went away is told of by the answers.
                if sender.send(message(step, pegging)).await.is_err() {
                    break;
                }
            }
            drop(sender);
            Ok(())
        };
        let (stream, again) = (self.promises.clone(), &mut self.promises);
        let receiving = async move {
            let mut stream = stream;
            let answers = stream.promise_stream(ReceiverStream::new(requests)).await;
            let mut answers = answers.map_err(|status| refused(&status))?.into_inner();
            for step in steps {
                let answer = answers.message().await.map_err(|status| refused(&status))?;
                let outcome = answer.and_then(|answer| answer.outcome);
                let answer = match outcome {
                    Some(Outcome::Promised(answer)) => answer,
                    Some(Outcome::Error(error)) if error.retry_after.is_some() => {
                        once_more(again, message(step, pegging)).await?
                    }
                    Some(Outcome::Error(error)) => unanswered(step, &error),
                    None => return Err(gone()),
                };
                tell(step, &answer)?;
            }
            Ok(())
        };
        let both = self.runtime.block_on(async { tokio::join!(sending, receiving) });
        let (_, received): (Result<(), Failure>, _) = both;
        received
    }
}

/// An order as a request of its own.
pub(super) fn message(step: &ReadyOrder, pegging: bool) -> proto::PromiseRequest {
    let request = &step.request;
    proto::PromiseRequest {
        request_id: step.id(),
        lines: request.lines.iter().map(encode::order_line).collect(),
        commitment: proto::promise_request::Commitment::Confirm.into(),
        objective: encode::objective(request.objective).into(),
        alternatives: u32::try_from(request.alternatives).unwrap_or(u32::MAX),
        best_effort: true,
        in_order: true,
        pegging,
        ..proto::PromiseRequest::default()
    }
}

/// Sends a request until a server that was busy has time for it.
async fn once_more(
    promises: &mut PromiseServiceClient<Connection>,
    message: proto::PromiseRequest,
) -> Result<proto::PromiseResponse, Failure> {
    for _ in 0..RETRIES_MAX {
        tokio::time::sleep(RETRY_AFTER).await;
        match promises.promise(message.clone()).await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) if status.code() == Code::ResourceExhausted => (),
            Err(status) => return Err(refused(&status)),
        }
    }
    Err(Failure::new(
        "the server has no time for more orders",
        "send the file again: what is promised keeps its answers",
    ))
}

/// The answer to an order that was refused as a whole.
fn unanswered(step: &ReadyOrder, error: &proto::Error) -> proto::PromiseResponse {
    let line = |line: &OrderLine| proto::PromisedLine {
        order: line.order.clone(),
        line: line.line.clone(),
        error: Some(error.clone()),
        ..proto::PromisedLine::default()
    };
    let promises = step.request.lines.iter().map(line).collect();
    proto::PromiseResponse { promises, ..proto::PromiseResponse::default() }
}

fn gone() -> Failure {
    Failure::new(
        "the server ended before it had answered all orders",
        "start it and send the file again: what is promised keeps its answers",
    )
}
