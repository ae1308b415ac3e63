//! The services of gRPC, called from within: a request of theirs is made, and their answer taken apart.

use super::super::{REQUEST_BYTES_MAX, secure::caller, status::Failure};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Version, header};
use http_body::{Body as _, Frame};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::mpsc;
use tonic::{
    Code, Status,
    body::Body,
    codegen::{Service, StdError},
};

/// Bytes before each message of gRPC: whether it is packed, and its length.
pub(super) const PREFIX_LEN: usize = 5;

/// Headers of HTTP that say how a request came, not what it is about.
const OF_THE_WAY: [HeaderName; 16] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    header::ORIGIN,
    header::REFERER,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];

type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// The services of a connection.
pub(super) struct Inner(Box<dyn FnMut(Request<Body>) -> Answer + Send>);

/// The bytes of a message.
pub(super) type Message = Vec<u8>;

impl Inner {
    pub(super) fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: std::fmt::Debug + Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        Self(Box::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                let answered = async {
                    poll_fn(|context| service.poll_ready(context)).await?;
                    service.call(request).await
                };
                match answered.await {
                    Ok(response) => response.map(Body::new),
                    Err(error) => {
                        let error: S::Error = error;
                        Status::internal(format!("{error:?}")).into_http()
                    }
                }
            })
        }))
    }

    /// Calls a method with the bytes of one message.
    pub(super) async fn call(&mut self, asked: CallHead<'_>, message: Message) -> Response<Body> {
        self.dispatch(asked, framed(message)).await
    }

    /// Calls a method on behalf of who asked for a page: he must have the role that the method itself needs, whatever was
    /// made of the page's address.
    async fn dispatch(&mut self, asked: CallHead<'_>, body: Body) -> Response<Body> {
        match caller::calls(asked.path) {
            Ok(None) => (self.0)(asked.request(body)).await,
            Ok(Some(caller)) => caller::scope(caller, (self.0)(asked.request(body))).await,
            Err(failure) => Status::from(failure).into_http(),
        }
    }

    /// Calls a method that takes a stream of messages and gives one answer.
    pub(super) async fn stream(
        &mut self,
        asked: CallHead<'_>,
        messages: mpsc::Receiver<Message>,
    ) -> Result<SingleAnswer, Box<CallFailure>> {
        let whole = async {
            let response = self.dispatch(asked, Body::new(Messages(messages))).await;
            one(response).await
        };
        within(asked.timeout, whole).await.unwrap_or_else(|late| Err(CallFailure::of(late.into())))
    }

    /// Calls a method that gives one answer.
    pub(super) async fn unary(
        &mut self,
        asked: CallHead<'_>,
        message: Message,
    ) -> Result<SingleAnswer, Box<CallFailure>> {
        let timeout = asked.timeout;
        let whole = async {
            let response = self.call(asked, message).await;
            one(response).await
        };
        within(timeout, whole).await.unwrap_or_else(|late| Err(CallFailure::of(late.into())))
    }

    /// The same with messages that are known here.
    pub(super) async fn ask<A: prost::Message, B: prost::Message + Default>(
        &mut self,
        asked: CallHead<'_>,
        message: &A,
    ) -> Result<B, Status> {
        let answered =
            self.unary(asked, message.encode_to_vec()).await.map_err(|told| told.status)?;
        B::decode(answered.message).map_err(|error| Status::internal(error.to_string()))
    }
}

/// Waits for an answer until the caller does not any more.
pub(super) async fn within<T>(
    timeout: Option<Duration>,
    answer: impl Future<Output = T>,
) -> Result<T, Failure> {
    match timeout {
        None => Ok(answer.await),
        Some(timeout) => tokio::time::timeout(timeout, answer).await.map_err(|_| late()),
    }
}

/// The deadline came first.
pub(super) fn late() -> Failure {
    let text = "the deadline passed before the answer was there; ask again with the same request_id to learn whether it was done";
    Failure::new(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", text)
}

/// What is called, and how.
#[derive(Clone, Copy)]
pub(super) struct CallHead<'a> {
    pub(super) path: &'a str,
    /// The head of the request that came.
    pub(super) head: &'a http::request::Parts,
    pub(super) timeout: Option<Duration>,
}

impl CallHead<'_> {
    fn request(&self, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.version_mut() = Version::HTTP_2;
        *request.uri_mut() = self.path.parse().expect("methods have paths");
        *request.extensions_mut() = self.head.extensions.clone();
        let headers = request.headers_mut();
        for (name, value) in &self.head.headers {
            let is_ours = OF_THE_WAY.contains(name)
                || name.as_str().starts_with("connect-")
                || name.as_str().starts_with("grpc-");
            if !is_ours {
                headers.append(name.clone(), value.clone());
            }
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        if let Some(timeout) = self.timeout {
            // Eight digits at most; in milliseconds that is more than a day.
            let millis = timeout.as_millis().min(99_999_999);
            if let Ok(value) = HeaderValue::from_str(&format!("{millis}m")) {
                headers.insert("grpc-timeout", value);
            }
        }
        request
    }
}

/// Messages as the body of a request.
struct Messages(mpsc::Receiver<Message>);

impl http_body::Body for Messages {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.0
            .poll_recv(context)
            .map(|next| next.map(|message| Ok(Frame::data(prefixed(&message)))))
    }
}

/// One message as the body of a request.
fn framed(message: Message) -> Body {
    super::full(prefixed(&message))
}

/// A message as gRPC has it.
fn prefixed(message: &[u8]) -> Bytes {
    let mut prefix = BytesMut::with_capacity(PREFIX_LEN + message.len());
    prefix.put_u8(0);
    prefix.put_u32(u32::try_from(message.len()).expect("requests are smaller"));
    prefix.put_slice(message);
    prefix.freeze()
}

/// The one answer of a call.
pub(super) struct SingleAnswer {
    pub(super) message: Bytes,
    /// What the service says of it beside the message, before and after.
    pub(super) headers: HeaderMap,
    pub(super) trailers: HeaderMap,
}

/// A call that went wrong.
pub(super) struct CallFailure {
    pub(super) status: Status,
    pub(super) headers: HeaderMap,
    pub(super) trailers: HeaderMap,
}

impl CallFailure {
    pub(super) fn of(status: Status) -> Box<Self> {
        Box::new(Self { status, headers: HeaderMap::new(), trailers: HeaderMap::new() })
    }
}

/// Takes an answer of one message apart.
async fn one(response: Response<Body>) -> Result<SingleAnswer, Box<CallFailure>> {
    let (head, body) = response.into_parts();
    if let Some(status) = failed(&head.headers) {
        // All that it says is in one place, and goes with the status.
        return Err(CallFailure::of(status));
    }
    let (mut bytes, mut trailers) = (BytesMut::new(), HeaderMap::new());
    let mut body = pin!(body);
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        match frame.map_err(CallFailure::of)?.into_data() {
            Ok(data) => bytes.extend_from_slice(&data),
            Err(frame) => trailers = frame.into_trailers().unwrap_or_default(),
        }
    }
    if let Some(status) = failed(&trailers) {
        return Err(Box::new(CallFailure { status, headers: head.headers, trailers }));
    }
    match next(&mut bytes) {
        Some(message) => Ok(SingleAnswer { message, headers: head.headers, trailers }),
        None => Err(CallFailure::of(Status::unimplemented("the method gave no answer"))),
    }
}

/// The status in headers or trailers, if it is not that all went well.
pub(super) fn failed(headers: &HeaderMap) -> Option<Status> {
    Status::from_header_map(headers).filter(|status| status.code() != Code::Ok)
}

/// The next message of those that have come.
pub(super) fn next(bytes: &mut BytesMut) -> Option<Bytes> {
    let [_, length @ ..] = bytes.first_chunk::<PREFIX_LEN>()?;
    let length = u32::from_be_bytes(*length) as usize;
    if bytes.len() < PREFIX_LEN + length {
        return None;
    }
    let message = bytes.split_to(PREFIX_LEN + length).freeze();
    Some(message.slice(PREFIX_LEN..))
}

/// All bytes of a request.
pub(super) async fn whole(body: Body) -> Result<BytesMut, Status> {
    let mut bytes = BytesMut::new();
    let mut body = pin!(body);
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            if REQUEST_BYTES_MAX < bytes.len() + data.len() {
                return Err(too_large().into());
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

/// More than a request may have.
pub(super) fn too_large() -> Failure {
    let text = format!("a request has at most {REQUEST_BYTES_MAX} bytes; divide it");
    Failure::new(Code::ResourceExhausted, "TOO_LARGE", text)
}
