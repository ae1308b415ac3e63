//! Answers in a stream: as Connect's envelopes, or as one JSON a line for people and scripts.

use super::{
    error,
    inner::{failed, late, next},
    methods::RpcMethod,
    speech::{MessageFormat, Speech},
    to_json,
};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Response, header};
use http_body::{Body as _, Frame};
use serde_json::{Map, Value, json};
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Sleep, sleep};
use tonic::{Status, body::Body};

/// One JSON a line.
pub(super) const NDJSON: &str = "application/x-ndjson";

/// The envelope that ends a stream.
const LAST: u8 = 2;

/// To whom a stream goes.
#[derive(Clone, Copy)]
pub(super) struct To {
    pub(super) method: &'static RpcMethod,
    pub(super) speech: Speech,
    pub(super) timeout: Option<Duration>,
}

/// The answer of a method as the caller wants it.
pub(super) async fn response(inner: Response<Body>, to: To) -> Response<Body> {
    let (head, body) = inner.into_parts();
    if let Some(status) = failed(&head.headers) {
        return match to.speech {
            Speech::Plain(_) => error::response(&status),
            Speech::Enveloped(form) => ended_with(form, &status, &head.headers),
        };
    }
    let mut lines = Lines {
        body,
        to,
        bytes: BytesMut::new(),
        first: None,
        is_over: false,
        deadline: to.timeout.map(|timeout| Box::pin(sleep(timeout))),
    };
    // What goes wrong at once has a status of HTTP; nobody is kept waiting for it.
    if let Speech::Plain(_) = to.speech {
        let first = poll_fn(|context| Poll::Ready(lines.poll_message(context))).await;
        match first {
            Poll::Ready(Some(Err(told))) => return error::response(&told.0),
            Poll::Ready(first) => lines.first = Some(first),
            Poll::Pending => (),
        }
    }
    let mut response = Response::new(Body::new(lines));
    let headers = response.headers_mut();
    error::carry(&head.headers, headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(to.speech)));
    // Whoever stands between must pass lines on as they come.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn kind(speech: Speech) -> &'static str {
    match speech {
        Speech::Plain(_) => NDJSON,
        Speech::Enveloped(MessageFormat::Json) => "application/connect+json",
        Speech::Enveloped(MessageFormat::Proto) => "application/connect+proto",
    }
}

/// A stream that ended before it began.
pub(super) fn ended(form: MessageFormat, status: &Status) -> Response<Body> {
    ended_with(form, status, &HeaderMap::new())
}

fn ended_with(form: MessageFormat, status: &Status, trailers: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(super::full(last(Some(status), trailers)));
    let kind = HeaderValue::from_static(kind(Speech::Enveloped(form)));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// The envelope that ends a stream: how it went, and what the service says of it.
fn last(status: Option<&Status>, trailers: &HeaderMap) -> Bytes {
    let mut object = Map::new();
    if let Some(status) = status {
        object.insert("error".to_string(), error::object(status));
    }
    let mut theirs = HeaderMap::new();
    error::carry(trailers, &mut theirs);
    let mut metadata = Map::new();
    for name in theirs.keys() {
        let values = theirs.get_all(name).iter();
        let values: Vec<Value> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into()).collect();
        metadata.insert(name.to_string(), values.into());
    }
    if !metadata.is_empty() {
        object.insert("metadata".to_string(), metadata.into());
    }
    enveloped(LAST, Value::Object(object).to_string().as_bytes())
}

fn enveloped(flags: u8, message: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(5 + message.len());
    out.put_u8(flags);
    out.put_u32(u32::try_from(message.len()).expect("answers are smaller"));
    out.put_slice(message);
    out.freeze()
}

/// What comes next: a message, or how the stream ended.
type Came = Option<Result<Bytes, Box<(Status, HeaderMap)>>>;

/// The body of a stream.
struct Lines {
    body: Body,
    to: To,
    /// What has come and is no whole message yet.
    bytes: BytesMut,
    /// What was looked at before the head was sent.
    first: Option<Came>,
    is_over: bool,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Lines {
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Came> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(first);
        }
        loop {
            if let Some(message) = next(&mut self.bytes) {
                return Poll::Ready(Some(Ok(message)));
            }
            let is_late =
                self.deadline.as_mut().is_some_and(|at| at.as_mut().poll(context).is_ready());
            if is_late {
                return Poll::Ready(Some(Err(Box::new((late().into(), HeaderMap::new())))));
            }
            let frame = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(status))) => {
                    return Poll::Ready(Some(Err(Box::new((status, HeaderMap::new())))));
                }
                Poll::Ready(Some(Ok(frame))) => frame,
            };
            match frame.into_data() {
                Ok(data) => self.bytes.extend_from_slice(&data),
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    let status = failed(&trailers).unwrap_or_else(|| Status::ok(""));
                    return Poll::Ready(Some(Err(Box::new((status, trailers)))));
                }
            }
        }
    }

    fn written(&self, message: &Bytes) -> Result<Bytes, Status> {
        let mut out = Vec::new();
        match self.to.speech {
            Speech::Enveloped(MessageFormat::Proto) => return Ok(enveloped(0, message)),
            Speech::Enveloped(MessageFormat::Json) => {
                to_json::write(&self.to.method.output, message, &mut out)?;
                return Ok(enveloped(0, &out));
            }
            Speech::Plain(_) => to_json::write(&self.to.method.output, message, &mut out)?,
        }
        out.push(b'\n');
        Ok(out.into())
    }

    /// The last words of a stream; none where all went well and lines say no more.
    fn farewell(&self, told: Option<&(Status, HeaderMap)>) -> Option<Bytes> {
        let status = told.map(|told| &told.0).filter(|status| status.code() != tonic::Code::Ok);
        match self.to.speech {
            Speech::Enveloped(_) => {
                let none = HeaderMap::new();
                Some(last(status, told.map_or(&none, |told| &told.1)))
            }
            Speech::Plain(_) => status.map(|status| {
                let mut line = json!({ "error": error::object(status) }).to_string();
                line.push('\n');
                line.into()
            }),
        }
    }
}

impl http_body::Body for Lines {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let Poll::Ready(came) = self.poll_message(context) else { return Poll::Pending };
        let told = match came {
            Some(Ok(message)) => match self.written(&message) {
                Ok(line) => return Poll::Ready(Some(Ok(Frame::data(line)))),
                Err(status) => Some(Box::new((status, HeaderMap::new()))),
            },
            Some(Err(told)) => Some(told),
            None => None,
        };
        self.is_over = true;
        let words = self.farewell(told.as_deref());
        Poll::Ready(words.map(|words| Ok(Frame::data(words))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_over
    }
}
