//! HTTP beside gRPC, on the same port: for curl, browsers, spreadsheets and programs without a library of gRPC.
//!
//! A layer around all our services. A call of gRPC passes by untouched; everything else becomes one, by the
//! descriptors: the Connect protocol (`connect`), the console's files (`console`). So there is one implementation of
//! each method, and what stands around it (stopping, bounds, metrics) holds for both.
//!
//! Start at [`Web`].

mod body;
mod speech;
mod from_json;
mod host;
mod inner;
pub(super) mod methods;
pub(in crate::rpc) mod parameters;
mod repeated;
mod table;
mod to_json;
mod error;
mod stream;
mod connect;
mod console;
mod sheets;
mod orders;
mod snapshots;
mod openapi;

pub(super) use error::response as refusal;
pub use host::HostNames;

use super::{edge::is_grpc, status::Failure};
pub(super) use body::full;
use body::moved;
use bytes::Bytes;
use error::{not_allowed, refused};
use http::{Method, Request, Response, StatusCode, Version};
use http_body::Frame;
use inner::Inner;
use methods::RpcMethods;
use prost_reflect::DescriptorPool;
use repeated::Repeated;
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{
    Code, Status,
    body::Body,
    codegen::{BoxFuture, Service, StdError},
};

/// What is the same for all connections.
#[derive(Debug)]
pub struct Site {
    names: HostNames,
    repeated: Repeated,
    methods: &'static RpcMethods,
}

impl Site {
    /// Of a server that goes by these names.
    pub fn new(names: HostNames) -> Arc<Self> {
        Arc::new(Self { names, repeated: Repeated::default(), methods: RpcMethods::ours() })
    }

    /// The same, of a server of other services than ours. Its methods are known as long as the process lives.
    pub fn of_others(names: HostNames, pool: &DescriptorPool) -> Arc<Self> {
        let methods = Box::leak(Box::new(RpcMethods::of(pool)));
        Arc::new(Self { names, repeated: Repeated::default(), methods })
    }
}

/// Answers HTTP by calling the services of gRPC inside.
#[derive(Clone, Debug)]
pub struct Web<S> {
    inner: S,
    site: Arc<Site>,
}

impl<S> Web<S> {
    /// Around the services of a server.
    pub fn new(inner: S, site: Arc<Site>) -> Self {
        Self { inner, site }
    }
}

impl<S, B> Service<Request<Body>> for Web<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send + Unpin + 'static,
    S::Error: std::fmt::Debug + Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<StdError> + std::fmt::Debug + Send,
{
    type Response = Response<EitherBody<B>>;
    type Error = S::Error;
    type Future = EitherAnswer<S::Future, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if is_grpc(request.headers()) && Version::HTTP_2 <= request.version() {
            return EitherAnswer::Grpc(self.inner.call(request));
        }
        let inner = Inner::new(self.inner.clone());
        let site = Arc::clone(&self.site);
        EitherAnswer::Web(Box::pin(async move { Ok(answer(inner, &site, request).await) }))
    }
}

/// An answer on its way.
pub enum EitherAnswer<F, E> {
    /// Of gRPC.
    Grpc(F),
    /// Of everything else.
    Web(BoxFuture<Response<Body>, E>),
}

impl<F, B, E> Future for EitherAnswer<F, E>
where
    F: Future<Output = Result<Response<B>, E>> + Unpin,
{
    type Output = Result<Response<EitherBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Grpc(answer) => {
                Pin::new(answer).poll(context).map_ok(|answer| answer.map(EitherBody::Grpc))
            }
            Self::Web(answer) => {
                answer.as_mut().poll(context).map_ok(|answer| answer.map(EitherBody::Web))
            }
        }
    }
}

/// The body of an answer.
pub enum EitherBody<B> {
    /// Of gRPC.
    Grpc(B),
    /// Of everything else.
    Web(Body),
}

impl<B> http_body::Body for EitherBody<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: Into<StdError>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.get_mut() {
            Self::Grpc(body) => {
                Pin::new(body).poll_frame(context).map_err(|error| Status::from_error(error.into()))
            }
            Self::Web(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Grpc(body) => body.is_end_stream(),
            Self::Web(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self {
            Self::Grpc(body) => body.size_hint(),
            Self::Web(body) => body.size_hint(),
        }
    }
}

/// What is asked without gRPC.
async fn answer(inner: Inner, site: &Site, request: Request<Body>) -> Response<Body> {
    if is_grpc(request.headers()) {
        let text = "gRPC needs HTTP/2; over HTTP/1.1 call the same path with content-type application/json";
        return refused(StatusCode::HTTP_VERSION_NOT_SUPPORTED, Code::Unimplemented, text);
    }
    if let Err(stranger) = site.names.admit(&request) {
        return error::response(&stranger.into());
    }
    let path = request.uri().path();
    match path {
        "/" => match *request.method() {
            Method::GET | Method::HEAD => moved("console/"),
            _ => not_allowed("GET, HEAD"),
        },
        _ if path == console::AT || path.starts_with("/console/") => console::answer(&request),
        openapi::AT => openapi::answer(request).await,
        orders::AT => orders::answer(inner, &site.repeated, request).await,
        snapshots::AT => snapshots::answer(inner, request).await,
        _ if path.starts_with(sheets::AT) => sheets::answer(inner, request).await,
        _ => connect::answer(inner, site.methods, request).await,
    }
}

/// A message from its JSON.
pub(super) fn read<M: prost::Message + prost::Name + Default>(json: &str) -> Result<M, Failure> {
    let message = methods::pool().get_message_by_name(&M::full_name());
    let message = message.expect("every message of ours is there");
    let bytes = from_json::read(&message, json.as_bytes())?;
    Ok(M::decode(&*bytes).expect("it was just written"))
}
