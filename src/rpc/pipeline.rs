//! PromiseStream: requests are answered in order, while later ones are being read.
//!
//! What is under way is bounded by number and by bytes, answers that nobody has taken yet among it: beyond it
//! nothing more is read, and the window of the stream tells the caller to wait. An answer is made as soon as its
//! command is durable, so none holds a world that live has left.

use super::{
    edge::{
        callers_fault,
        memory::{self, Held},
    },
    guard,
    promises::Promises,
    proto,
    secure::caller::{self, Caller},
    status::{Failure, message_of},
    submitted::Submitted,
    traces::CallEnd,
};
use crate::engine::SteadyTime;
use std::{pin::pin, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::{Status, Streaming};

/// Requests of one stream that may be under way at once; a caller that sends more waits.
const PIPELINE_MAX: usize = 1_024;

/// KiB that they, and the answers nobody has taken, are reckoned to take.
const ROOM_KIB: u32 = 16 << 10;

/// KiB that a line and its answer are reckoned to take, with pegging and without.
const LINE_KIB: [usize; 2] = [1, 4];

/// What a request under way takes of its stream and of its connection, until this is dropped.
struct Room {
    _permit: OwnedSemaphorePermit,
    held: Option<Arc<Held>>,
    bytes: usize,
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            held.give(self.bytes);
        }
    }
}

/// A request that was read: its id, what was made of it, and its caller where it is followed.
type Taken = (String, Result<Submitted, Failure>, (Room, Option<Arc<Caller>>));

/// What comes of a stream's requests, or why the stream ends.
type Read = Result<Taken, Status>;

/// Answers the requests of a stream. Where the server ends, what was read is answered before the stream is told so.
pub(super) fn pipeline(
    promises: &Promises,
    requests: Streaming<proto::PromiseRequest>,
    deadline: Option<SteadyTime>,
) -> impl Stream<Item = Result<proto::PromiseStreamResponse, Status>> + use<> {
    let held = memory::current();
    let (sender, taken) = mpsc::channel(PIPELINE_MAX);
    let (give, given) = mpsc::channel(PIPELINE_MAX);
    let reader = Reader { promises: promises.clone(), held: held.clone(), sender, deadline };
    guard::beside(reader.read(requests));
    guard::beside(answer(promises.clone(), held, (taken, give)));
    ReceiverStream::new(given).map(|answered: Result<(_, Room), Status>| {
        // From here on the bytes of the answer are counted as they are packed.
        answered.map(|(answer, _room)| answer)
    })
}

/// What reads a stream.
struct Reader {
    promises: Promises,
    held: Option<Arc<Held>>,
    sender: mpsc::Sender<Read>,
    deadline: Option<SteadyTime>,
}

impl Reader {
    async fn read(self, mut requests: Streaming<proto::PromiseRequest>) {
        let room = Arc::new(Semaphore::new(ROOM_KIB as usize));
        let mut draining = pin!(self.promises.stopping.draining());
        loop {
            let taken = async {
                let message = requests.message().await.map_err(callers_fault)?;
                let Some(message) = message else { return Ok(None) };
                turn(self.held.as_ref()).await;
                Ok(Some(self.take(message, &room).await))
            };
            let read = tokio::select! {
                biased;
                () = &mut draining => Err(self.promises.stopping.farewell().into()),
                read = taken => read,
            };
            let is_last = read.is_err();
            let Some(read) = read.transpose() else { return };
            // Where the caller has broken the stream off there is nobody left to tell.
            if self.sender.send(read).await.is_err() || is_last {
                return;
            }
        }
    }

    /// Waits for room, and hands a request to the engine.
    async fn take(&self, message: proto::PromiseRequest, room: &Arc<Semaphore>) -> Taken {
        let request_id = message.request_id.clone();
        let kib = 1 + message.lines.len() * LINE_KIB[usize::from(message.pegging)];
        // What is larger than all the room has it alone.
        let n = u32::try_from(kib).unwrap_or(ROOM_KIB).min(ROOM_KIB);
        let permit = Arc::clone(room).acquire_many_owned(n).await;
        let permit = permit.expect("nobody closes it");
        let bytes = kib << 10;
        let counted = self.held.as_ref().map_or(Ok(()), |held| held.take(bytes));
        let held = self.held.clone().filter(|_| counted.is_ok());
        let room = Room { _permit: permit, held, bytes };
        let followed = caller::of_message();
        let submitted = match counted {
            Ok(()) => {
                let submit = self.promises.submit(message, self.deadline);
                let submit = guard::caught("PromiseStream", submit);
                match &followed {
                    Some(caller) => caller::scope(Arc::clone(caller), submit).await,
                    None => submit.await,
                }
            }
            Err(over) => Err(over.into()),
        };
        (request_id, submitted, (room, followed))
    }
}

/// Waits for the turn of a message among those of its connection.
async fn turn(held: Option<&Arc<Held>>) {
    match held {
        Some(held) => held.turn().await,
        None => tokio::task::yield_now().await,
    }
}

/// An answer, with the room that it takes until it is given; or why the stream ends.
type Given = Result<(proto::PromiseStreamResponse, Room), Status>;

/// Makes the answers, in order.
async fn answer(
    promises: Promises,
    held: Option<Arc<Held>>,
    (mut taken, give): (mpsc::Receiver<Read>, mpsc::Sender<Given>),
) {
    use proto::promise_stream_response::Outcome;
    while let Some(read) = taken.recv().await {
        turn(held.as_ref()).await;
        let answered = match read {
            Ok((request_id, submitted, (room, followed))) => {
                let finish = async { promises.finish(submitted?).await };
                let (outcome, status) = match guard::caught("PromiseStream", finish).await {
                    Ok(promised) => (Outcome::Promised(promised), None),
                    Err(failure) => {
                        let status = message_of(&failure.clone().into());
                        (Outcome::Error(failure.into_proto()), Some(status))
                    }
                };
                let outcome = Some(outcome);
                if let Some(span) = followed.and_then(|caller| caller.span.clone()) {
                    let code = status.as_ref().map_or(0, |status| status.code);
                    span.end(CallEnd::Grpc(code), "");
                }
                Ok((proto::PromiseStreamResponse { request_id, outcome, status }, room))
            }
            Err(status) => Err(status),
        };
        if give.send(answered).await.is_err() {
            return;
        }
    }
}
