//! PromiseStream: the requests of a stream are answered in order, while later ones are being read.

use super::{
    guard,
    promise::{Promises, Submitted},
    proto,
    status::Failure,
};
use crate::engine::Moment;
use std::pin::pin;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::{Status, Streaming};

/// Requests of one stream that may be under way at once; a caller that sends more waits.
const PIPELINE_MAX: usize = 1_024;

/// What comes of a request of a stream, or why the stream ends.
type Read = Result<(String, Result<Submitted, Failure>), Status>;

/// Answers the requests of a stream, in order, while later ones are being read. Where the server ends, what was read
/// is answered before the stream is told so.
pub(super) fn pipeline(
    promises: &Promises,
    mut requests: Streaming<proto::PromiseRequest>,
    deadline: Option<Moment>,
) -> impl Stream<Item = Result<proto::PromiseStreamResponse, Status>> + use<> {
    let (sender, receiver) = mpsc::channel::<Read>(PIPELINE_MAX);
    let reader = promises.clone();
    tokio::spawn(async move {
        let mut draining = pin!(reader.stopping.draining());
        loop {
            let message = tokio::select! {
                biased;
                () = &mut draining => {
                    // Where the caller has broken the stream off there is nobody left to tell.
                    drop(sender.send(Err(reader.stopping.farewell().into())).await);
                    return;
                }
                message = requests.message() => message,
            };
            // A caller that breaks the stream off has its answer: there is nobody left to tell.
            let Ok(Some(message)) = message else { return };
            let request_id = message.request_id.clone();
            let submitted = guard::caught("PromiseStream", reader.submit(message, deadline)).await;
            if sender.send(Ok((request_id, submitted))).await.is_err() {
                return;
            }
        }
    });
    let writer = promises.clone();
    ReceiverStream::new(receiver).then(move |read| {
        let promises = writer.clone();
        async move {
            let (request_id, submitted) = read?;
            let done =
                guard::caught("PromiseStream", async { promises.finish(submitted?).await }).await;
            let outcome = match done {
                Ok(promised) => proto::promise_stream_response::Outcome::Promised(promised),
                Err(failure) => {
                    proto::promise_stream_response::Outcome::Error(failure.into_proto())
                }
            };
            Ok(proto::PromiseStreamResponse { request_id, outcome: Some(outcome) })
        }
    })
}
