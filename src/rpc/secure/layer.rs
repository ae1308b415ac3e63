//! The layer around every call: it asks who calls and whether he may, before a word of the request is read.

use super::{
    access::{Access, UnknownCaller},
    caller::{self, Caller},
    enough::suffices,
    methods::{self, NeededRole},
    peer::Peer,
    principal::Principal,
    roles::Role,
};
use crate::{
    engine::Engine,
    rpc::{
        cluster::carried,
        edge::is_grpc,
        status::Failure,
        traces::{self, Hearing, Span, Traces},
        web,
    },
};
use http_body::Frame;
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Instant;
use tonic::{
    Code, Status,
    body::Body,
    codegen::{
        BoxFuture, Bytes, Service,
        http::{Request, Response},
    },
};
use tower_layer::Layer;

/// Asks who calls.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Identify {
    pub(in crate::rpc) access: Arc<Access>,
    /// Not there while it loads.
    pub(in crate::rpc) engine: Arc<OnceLock<Engine>>,
    /// From how long on a call is worth a log line.
    pub(in crate::rpc) slow_call: Option<Duration>,
    /// Whether other nodes call, who say on whose behalf.
    pub(in crate::rpc) is_for_peers: bool,
    /// Follows calls, where somebody wants to know.
    pub(in crate::rpc) traces: Option<Arc<Traces>>,
}

/// Stands around a service.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Identified<S> {
    asking: Identify,
    inner: S,
}

impl<S> Layer<S> for Identify {
    type Service = Identified<S>;

    fn layer(&self, inner: S) -> Identified<S> {
        Identified { asking: self.clone(), inner }
    }
}

impl Identify {
    /// Who makes a call, if he may.
    fn admit(
        &self,
        request: &Request<Body>,
        span: Option<&Arc<Span>>,
    ) -> Result<Option<Arc<Caller>>, Failure> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let need = methods::of(path, query);
        if need == NeededRole::Nothing {
            return Ok(None);
        }
        let peer = request.extensions().get::<Arc<Peer>>().map(|peer| &**peer);
        let carried = match self.is_for_peers.then(|| request.headers().get(&carried::HEADER)) {
            // A node that says on whose behalf it asks asks as nobody else.
            Some(Some(_)) => Some(carried::read(request.headers()).ok_or_else(unreadable)?),
            Some(None) | None => None,
        };
        let is_carried = carried.as_ref().is_some_and(|by| !by.is_open || &*by.name != "anonymous");
        let is_named = is_carried || peer.is_some_and(|peer| peer.name.is_some());
        let is_told = self.slow_call.is_some()
            || span.is_some()
            || request.headers().contains_key(traces::PARENT);
        if self.access.is_plain() && !is_named && !is_told {
            // Nobody is asked, nothing is counted: then nothing is paid for it either.
            return Ok(None);
        }
        let from = peer.and_then(|peer| peer.address).map(|it| it.to_string()).unwrap_or_default();
        let method = path.rsplit_once('.').map_or(path, |(_, method)| method).to_string();
        let access = &self.access;
        let principal = match carried {
            Some(principal) => principal,
            // A node on its own behalf.
            None if self.is_for_peers => Arc::new(Principal::open(Some("node".into()))),
            None => access.who(request.headers(), query, peer).map_err(|unknown| {
                let failure = unauthenticated(unknown);
                access.audit().note(("", &method, &from), failure.code(), failure.reason());
                failure
            })?,
        };
        if let Err(failure) = suffices(need, &principal, &method) {
            let by = (&*principal.name, &*method, &*from);
            access.audit().note(by, failure.code(), failure.reason());
            return Err(failure);
        }
        if need == NeededRole::Role(Role::Admin) {
            access.audit().note((&principal.name, &method, &from), Code::Ok, "");
        }
        let meter = access.meter(&principal);
        let running = meter.call().inspect_err(|failure| {
            let by = (&*principal.name, &*method, &*from);
            access.audit().note(by, failure.code(), failure.reason());
        })?;
        // Until it has loaded there is nothing that could be looked up, and nothing that answers.
        let Some(engine) = self.engine.get().cloned() else { return Ok(None) };
        let (access, peer) = (Arc::clone(access), from);
        let span = span.cloned();
        let trace = span.as_ref().map(|span| span.trace_id());
        let trace = trace.or_else(|| traces::trace_of(request.headers()));
        let _running = Arc::new(running);
        let caller =
            Caller { principal, need, method, engine, access, peer, meter, _running, trace, span };
        Ok(Some(Arc::new(caller)))
    }

    /// Follows a call of ours, if that is wanted; not those that only ask whether we are there.
    fn follow(&self, request: &mut Request<Body>) -> Option<Arc<Span>> {
        let traces = self.traces.as_ref()?;
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let is_ours =
            methods::of(path, query) != NeededRole::Nothing && !path.starts_with("/grpc.");
        if is_ours { traces.begin(request) } else { None }
    }

    /// Tells of a call that took long.
    fn tell_slow(&self, caller: &Caller, took: Duration) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let Caller { method, principal, peer, trace, .. } = caller;
        let trace_id = trace.map(|trace| format!("{trace:032x}")).unwrap_or_default();
        tracing::warn!(
            method,
            principal = &*principal.name,
            ms,
            trace = trace_id,
            peer,
            "a slow call"
        );
        if let (Some(traces), None) = (&self.traces, &caller.span) {
            traces.slow(&format!("promised.v1.{method}"), *trace, took);
        }
    }
}

fn unauthenticated(unknown: UnknownCaller) -> Failure {
    let (reason, text) = match unknown {
        UnknownCaller::Missing => (
            "CREDENTIALS_MISSING",
            "this server asks who calls: send `authorization: Bearer TOKEN`, or a client certificate",
        ),
        UnknownCaller::Invalid => (
            "CREDENTIALS_INVALID",
            "this token is not known here, or has ended, or was revoked; ask for another one",
        ),
    };
    Failure::new(Code::Unauthenticated, reason, text)
}

fn unreadable() -> Failure {
    let text =
        "another node says on whose behalf it asks in a way that this one cannot read: update both";
    Failure::new(Code::Unauthenticated, "CREDENTIALS_INVALID", text)
}

impl<S, B> Service<Request<Body>> for Identified<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Send + 'static,
    S::Future: Send + Unpin + 'static,
    S::Error: Send + 'static,
    B: Send + 'static,
{
    type Response = Response<Scoped<B>>;
    type Error = S::Error;
    type Future = IdentifiedAnswer<S::Future, B, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let is_grpc = is_grpc(request.headers());
        let span = self.asking.follow(&mut request);
        let admitted = self.asking.admit(&request, span.as_ref());
        // It has been read; nobody behind us needs to know it.
        without_token(&mut request);
        let by = admitted.as_ref().ok().and_then(Option::as_ref);
        let by = by.map_or("", |caller| &*caller.principal.name);
        let mut hearing = span.map(|span| Hearing::new(span, by));
        match admitted {
            Ok(None) => {
                IdentifiedAnswer::Open { answer: self.inner.call(request), is_grpc, hearing }
            }
            Ok(Some(caller)) => {
                let answer = caller::step(&caller, || self.inner.call(request));
                let slow = self.asking.slow_call.map(|at_most| (at_most, self.asking.clone()));
                IdentifiedAnswer::Other(Box::pin(async move {
                    let begun = Instant::now();
                    let answered = caller::scope(Arc::clone(&caller), answer).await?;
                    if let Some((at_most, asking)) = slow
                        && at_most <= begun.elapsed()
                    {
                        asking.tell_slow(&caller, begun.elapsed());
                    }
                    heard(&answered, &mut hearing, is_grpc);
                    Ok(answered.map(|body| Scoped::Of(body, (caller, hearing))))
                }))
            }
            Err(failure) => {
                let status = Status::from(failure);
                let refused = if is_grpc { status.into_http() } else { web::refusal(&status) };
                heard(&refused, &mut hearing, is_grpc);
                let refused = Ok(refused.map(Scoped::Refused));
                IdentifiedAnswer::Other(Box::pin(std::future::ready(refused)))
            }
        }
    }
}

/// Tells of the head of an answer where somebody follows the call.
fn heard<B>(answer: &Response<B>, hearing: &mut Option<Hearing>, is_grpc: bool) {
    if let Some(hearing) = hearing {
        hearing.head(answer, is_grpc);
    }
}

/// An answer on its way.
pub(in crate::rpc) enum IdentifiedAnswer<F, B, E> {
    /// To nobody in particular.
    Open { answer: F, is_grpc: bool, hearing: Option<Hearing> },
    /// To somebody, or to who may not ask.
    Other(BoxFuture<Response<Scoped<B>>, E>),
}

impl<F, B, E> Future for IdentifiedAnswer<F, B, E>
where
    F: Future<Output = Result<Response<B>, E>> + Unpin,
{
    type Output = Result<Response<Scoped<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Open { answer, is_grpc, hearing } => {
                let answered = ready!(Pin::new(answer).poll(context))?;
                heard(&answered, hearing, *is_grpc);
                Poll::Ready(Ok(answered.map(|body| Scoped::Open(body, hearing.take()))))
            }
            Self::Other(answer) => answer.as_mut().poll(context),
        }
    }
}

/// The body of an answer.
pub(in crate::rpc) enum Scoped<B> {
    /// For nobody in particular.
    Open(B, Option<Hearing>),
    /// It is packed on behalf of its caller.
    Of(B, (Arc<Caller>, Option<Hearing>)),
    /// There is none.
    Refused(Body),
}

impl<B> tonic::codegen::Body for Scoped<B>
where
    B: tonic::codegen::Body<Data = Bytes, Error = Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let (frame, hearing) = match self.get_mut() {
            Self::Open(body, hearing) => (Pin::new(body).poll_frame(context), hearing),
            Self::Of(body, (caller, hearing)) => {
                (caller::step(caller, || Pin::new(body).poll_frame(context)), hearing)
            }
            Self::Refused(body) => return Pin::new(body).poll_frame(context),
        };
        if let (Some(hearing), Poll::Ready(Some(Ok(frame)))) = (hearing, &frame) {
            hearing.frame(frame);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Open(body, _) | Self::Of(body, _) => body.is_end_stream(),
            Self::Refused(body) => body.is_end_stream(),
        }
    }
}

/// Takes the token out of a link.
fn without_token(request: &mut Request<Body>) {
    let query = request.uri().query().unwrap_or_default();
    if !query.split('&').any(|one| one.starts_with("token=")) {
        return;
    }
    let rest: Vec<&str> = query.split('&').filter(|one| !one.starts_with("token=")).collect();
    let path = request.uri().path();
    let place =
        if rest.is_empty() { path.to_string() } else { format!("{path}?{}", rest.join("&")) };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = place.parse().ok();
    if let Ok(uri) = http::Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}
