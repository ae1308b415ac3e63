//! A `PromiseStream` that many callers share: requests go out as they come, answers return in order.

use crate::cli::peer::Connection;
use crate::rpc::proto::{
    PromiseRequest, PromiseStreamResponse, promise_service_client::PromiseServiceClient,
};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Status;

type Waiting = Rc<RefCell<VecDeque<oneshot::Sender<Result<PromiseStreamResponse, Status>>>>>;

/// An open stream.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    requests: mpsc::UnboundedSender<PromiseRequest>,
    waiting: Waiting,
}

impl Stream {
    /// Opens a stream. To be called within a `LocalSet`, on which the answers are read.
    pub(super) async fn open(mut client: PromiseServiceClient<Connection>) -> Result<Self, Status> {
        // Not bounded: each caller waits for its answer before it asks again.
        let (requests, outgoing) = mpsc::unbounded_channel();
        let mut answers =
            client.promise_stream(UnboundedReceiverStream::new(outgoing)).await?.into_inner();
        let waiting = Waiting::default();
        let callers = Rc::clone(&waiting);
        tokio::task::spawn_local(async move {
            loop {
                let answer = match answers.message().await {
                    Ok(Some(answer)) => Ok(answer),
                    Ok(None) => break,
                    Err(status) => Err(status),
                };
                let is_broken = answer.is_err();
                let Some(caller) = callers.borrow_mut().pop_front() else { break };
                // A caller that no longer waits needs no answer.
                drop(caller.send(answer));
                if is_broken {
                    break;
                }
            }
            // Whoever still waits learns it by the end of its channel.
            callers.borrow_mut().clear();
        });
        Ok(Self { requests, waiting })
    }

    /// Sends a request and waits for its answer.
    pub(super) async fn ask(
        &self,
        request: PromiseRequest,
    ) -> Result<PromiseStreamResponse, Status> {
        let (caller, answer) = oneshot::channel();
        // No await in between: requests and callers keep the same order.
        self.waiting.borrow_mut().push_back(caller);
        let broken = || Status::unavailable("the stream is broken");
        self.requests.send(request).map_err(|_| broken())?;
        answer.await.map_err(|_| broken())?
    }
}
