//! One call: its request goes to the service, its answer to the caller, both as fast as the slower end takes them.
//!
//! What a caller gives up, by a reset or a deadline, is dropped here, and with it the work that waits.

use super::{
    inbound::{self, Pump, Speaks},
    memory::{self, Held},
};
use crate::rpc::guard;
use bytes::Bytes;
use h2::{RecvStream, SendStream, server::SendResponse};
use http::{HeaderMap, HeaderValue, Request, Response};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status, body::Body, codegen::Service};

/// The status in the headers or trailers of an answer.
const STATUS: &str = "grpc-status";

/// Its words.
const MESSAGE: &str = "grpc-message";

/// More of it, in bytes; every failure of ours has some.
const DETAILS: &str = "grpc-status-details-bin";

/// By when the caller wants its answer.
type Deadline = Option<Pin<Box<Sleep>>>;

/// What comes of a call.
enum Outcome<B> {
    Answered(Response<B>),
    /// The deadline came first.
    Late,
    /// Nobody wants to know any more.
    Unwanted,
}

/// Answers a call.
pub(super) async fn answer<S, B>(
    (request, mut respond): (Request<RecvStream>, SendResponse<Bytes>),
    mut service: S,
    held: Arc<Held>,
) where
    S: Service<Request<Body>, Response = Response<B>> + Send,
    S::Error: std::fmt::Debug,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    let (head, stream) = request.into_parts();
    let path = head.uri.path().to_string();
    let speaks = Speaks::of(&head.headers);
    let timeout = head.headers.get("grpc-timeout").filter(|_| speaks == Speaks::Grpc);
    let timeout = timeout.and_then(|text| text.to_str().ok());
    let mut deadline: Deadline =
        timeout.and_then(guard::timeout).map(|timeout| Box::pin(sleep(timeout)));
    let (mut pump, body) = inbound::body(stream, Arc::clone(&held), speaks);
    let request = Request::from_parts(head, Body::new(body));
    let outcome = {
        let work = async {
            poll_fn(|context| service.poll_ready(context)).await?;
            service.call(request).await
        };
        let mut work = pin!(memory::scope(Arc::clone(&held), work));
        poll_fn(|context| {
            pump.pump(context);
            if let Poll::Ready(answered) = work.as_mut().poll(context) {
                return Poll::Ready(answered.map_or(Outcome::Unwanted, Outcome::Answered));
            }
            if is_late(&mut deadline, context) {
                return Poll::Ready(Outcome::Late);
            }
            respond.poll_reset(context).map(|_| Outcome::Unwanted)
        })
        .await
    };
    match outcome {
        Outcome::Unwanted => {}
        Outcome::Late => {
            let (head, ()) = late().into_http::<()>().into_parts();
            // A caller that has gone meanwhile does not mind.
            let _sent = respond.send_response(Response::from_parts(head, ()), true);
        }
        Outcome::Answered(response) => {
            let (mut head, body) = response.into_parts();
            tell_of_method(&mut head.headers, &path);
            blame_caller(&mut head.headers);
            let is_over = body.is_end_stream();
            let sent = respond.send_response(Response::from_parts(head, ()), is_over);
            if let (Ok(stream), false) = (sent, is_over) {
                Outbound { stream, pump, held, deadline }.send(body).await;
            }
        }
    }
}

fn is_late(deadline: &mut Deadline, context: &mut Context<'_>) -> bool {
    deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready())
}

fn late() -> Status {
    crate::rpc::status::Failure::new(
        Code::DeadlineExceeded,
        "DEADLINE_EXCEEDED",
        "the deadline passed before the answer was there; ask again with the same request_id to learn whether it was done",
    )
    .into()
}

/// A method that there is not is named: the status alone says nothing.
fn tell_of_method(headers: &mut HeaderMap, path: &str) {
    let is_unknown = headers.get(STATUS).is_some_and(|status| status == "12");
    if is_unknown && !headers.contains_key(MESSAGE) {
        let known = path.bytes().filter(|byte| byte.is_ascii_graphic() && *byte != b'%').take(256);
        let name: String = known.map(char::from).collect();
        let text = format!("there is no method {name}; server reflection names those there are");
        // gRPC writes blanks of a message as they are; all of these are printable.
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.insert(MESSAGE, text);
        }
    }
}

/// What tonic finds wrong with a request's bytes it calls its own fault; ours say more of themselves.
fn blame_caller(headers: &mut HeaderMap) {
    let is_internal = headers.get(STATUS).is_some_and(|status| status == "13");
    if is_internal && !headers.contains_key(DETAILS) {
        headers.insert(STATUS, HeaderValue::from_static("3"));
    }
}

/// The same of a request that is one of a stream.
pub(in crate::rpc) fn callers_fault(status: Status) -> Status {
    if status.code() == Code::Internal && status.details().is_empty() {
        return Status::invalid_argument(status.message());
    }
    status
}

/// An answer on its way.
struct Outbound {
    stream: SendStream<Bytes>,
    /// The request may still come, as in a stream.
    pump: Pump,
    held: Arc<Held>,
    deadline: Deadline,
}

/// What comes next of an answer; nothing at its end.
type Came<E> = Option<Result<http_body::Frame<Bytes>, E>>;

/// There is nobody to go on for.
struct Ended;

impl Outbound {
    async fn send<B>(mut self, body: B)
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: std::fmt::Debug + Send,
    {
        let mut body = pin!(body);
        loop {
            let frame = poll_fn(|context| self.poll_frame(body.as_mut(), context)).await;
            let sent = match frame {
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.send_data(data).await,
                    Err(frame) => {
                        let trailers = frame.into_trailers().unwrap_or_default();
                        let _sent = self.stream.send_trailers(trailers);
                        return;
                    }
                },
                Ok(Some(Err(error))) => {
                    tracing::debug!(?error, "an answer broke off");
                    self.stream.send_reset(h2::Reason::INTERNAL_ERROR);
                    return;
                }
                Ok(None) => {
                    let _sent = self.stream.send_data(Bytes::new(), true);
                    return;
                }
                Err(Ended) => Err(Ended),
            };
            if sent.is_err() {
                return;
            }
        }
    }

    fn poll_frame<B: http_body::Body<Data = Bytes>>(
        &mut self,
        body: Pin<&mut B>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Came<B::Error>, Ended>> {
        self.poll_caller(context)?;
        memory::step(&self.held, || body.poll_frame(context)).map(Ok)
    }

    /// Sends bytes as the caller takes them.
    async fn send_data(&mut self, mut data: Bytes) -> Result<(), Ended> {
        while !data.is_empty() {
            self.stream.reserve_capacity(data.len());
            let room = poll_fn(|context| {
                self.poll_caller(context)?;
                match ready!(self.stream.poll_capacity(context)) {
                    Some(Ok(room)) => Poll::Ready(Ok(room)),
                    Some(Err(_)) | None => Poll::Ready(Err(Ended)),
                }
            });
            let chunk = data.split_to(room.await?.min(data.len()));
            self.stream.send_data(chunk, false).map_err(|_| Ended)?;
        }
        Ok(())
    }

    /// Looks whether the caller still wants it, and takes what it sends meanwhile.
    fn poll_caller(&mut self, context: &mut Context<'_>) -> Result<(), Ended> {
        self.pump.pump(context);
        if is_late(&mut self.deadline, context) {
            let mut trailers = HeaderMap::new();
            if late().add_header(&mut trailers).is_ok() {
                let _sent = self.stream.send_trailers(trailers);
            }
            return Err(Ended);
        }
        match self.stream.poll_reset(context) {
            Poll::Ready(_) => Err(Ended),
            Poll::Pending => Ok(()),
        }
    }
}
