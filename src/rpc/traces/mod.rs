//! Traces: which calls are followed, what their spans say, and where they go (OTLP, by the names of OpenTelemetry).
//!
//! Whether a call is followed is decided before anything of it is noted: by its `traceparent`, else by the sampler. One
//! that is not pays for nothing. Ours and not OpenTelemetry's crates: these make spans of all calls and decide then, on
//! a path where a call takes some 20 us, and what is left of them, the messages and the sending, is small.

pub mod otlp;
mod outbox;
mod parent;
mod settings;
mod sender;

pub(in crate::rpc) use parent::PARENT;
pub use settings::{Protocol, Sampler, TraceSettings, of_environment};

use super::proto::DESCRIPTORS;
use crate::engine::traced::{Synced, Traced};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request};
use http_body::Frame;
use jiff::Timestamp;
use otlp::{SpanKind, Status, attribute};
use outbox::Sender;
use parent::Parent;
use std::{
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};
use tonic::Code;

/// What vendors say beside it.
const STATE: &str = "tracestate";

/// Messages of one stream that have spans of their own; of more it is told how many there were.
const MESSAGES_MAX: u32 = 128;

/// Follows calls.
pub struct Traces {
    sampler: Sampler,
    sender: Sender,
    seed: u64,
    n_ids: AtomicU64,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").field("sampler", &self.sampler).finish_non_exhaustive()
    }
}

impl Traces {
    /// Follows calls as settings say.
    pub fn start(settings: TraceSettings) -> Arc<Self> {
        let mut seed = [0; 8];
        // Where the system has no random numbers, ids are unlike each other all the same.
        let _filled = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut seed);
        let seed = u64::from_le_bytes(seed) ^ u64::from(std::process::id());
        let sampler = settings.sampler;
        Arc::new(Self { sampler, sender: Sender::start(settings), seed, n_ids: AtomicU64::new(0) })
    }

    /// Sends what waits, and comes back when that is done or the time is over.
    pub fn flush(&self, at_most: Duration) {
        self.sender.flush(at_most);
    }

    /// A number that is not 0, and none that was there before.
    fn id(&self) -> u64 {
        // The steps of splitmix64, each of which is one to one.
        let n = self.n_ids.fetch_add(1, Ordering::Relaxed);
        let mut id = self.seed.wrapping_add(n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (id ^ (id >> 31)).max(1)
    }

    fn trace_id(&self) -> u128 {
        (u128::from(self.id()) << 64) | u128::from(self.id())
    }

    /// Follows a call, if it is to be followed; whoever it is passed on to is told that this is where it comes from.
    pub(in crate::rpc) fn begin<B>(
        self: &Arc<Self>,
        request: &mut Request<B>,
    ) -> Option<Arc<Span>> {
        let parent = Parent::of(request.headers());
        let trace_id = parent.map_or_else(|| self.trace_id(), |parent| parent.trace);
        if !self.sampler.wants(parent, trace_id) {
            return None;
        }
        let state = request.headers().get(STATE).and_then(|state| state.to_str().ok());
        let state = state.filter(|state| state.len() <= 512).unwrap_or_default().to_string();
        let of = Of {
            name: name(request.uri().path()),
            kind: SpanKind::Server,
            trace_id,
            parent: parent.map_or(0, |parent| parent.span),
            state,
        };
        let span = self.span(of);
        let told = format!("00-{trace_id:032x}-{:016x}-01", span.id);
        if let Ok(told) = HeaderValue::from_str(&told) {
            request.headers_mut().insert(PARENT, told);
        }
        Some(span)
    }

    fn span(self: &Arc<Self>, of: Of) -> Arc<Span> {
        let (traces, traced) = (Arc::clone(self), Arc::new(Traced::begin()));
        let (is_over, n_messages) = (AtomicBool::new(false), AtomicU32::new(0));
        Arc::new(Span { traces, id: self.id(), of, traced, is_over, n_messages })
    }

    /// Tells of a call that was not followed and took long: one span.
    pub(in crate::rpc) fn slow(self: &Arc<Self>, path: &str, trace: Option<u128>, took: Duration) {
        let ended = crate::engine::clock::now();
        let began = ended.saturating_sub(took).unwrap_or(Timestamp::MIN);
        let span = otlp::Span {
            attributes: named(path, vec![attribute("promised.slow", true)]),
            ..otlp::Span::of((trace.unwrap_or_else(|| self.trace_id()), self.id(), 0), name(path))
                .from(nanos(began), nanos(ended))
                .on(SpanKind::Server)
        };
        self.sender.send(vec![span]);
    }
}

/// What a call is known by.
struct Of {
    name: String,
    kind: SpanKind,
    trace_id: u128,
    parent: u64,
    state: String,
}

/// A call that is followed, or a message of a stream. Its spans are sent when it is over.
pub(in crate::rpc) struct Span {
    traces: Arc<Traces>,
    id: u64,
    of: Of,
    pub(in crate::rpc) traced: Arc<Traced>,
    is_over: AtomicBool,
    n_messages: AtomicU32,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Span").field("name", &self.of.name).finish_non_exhaustive()
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rpc) enum CallEnd {
    /// With a status of gRPC.
    Grpc(i32),
    /// With one of HTTP.
    Http(u16),
}

impl Span {
    /// The trace that it is a part of.
    pub(in crate::rpc) fn trace_id(&self) -> u128 {
        self.of.trace_id
    }

    /// A message of this stream; none where there were many before.
    pub(in crate::rpc) fn message(&self) -> Option<Arc<Self>> {
        if MESSAGES_MAX <= self.n_messages.fetch_add(1, Ordering::Relaxed) {
            return None;
        }
        let Of { name, trace_id, state, .. } = &self.of;
        let (name, state) = (format!("{name}/message"), state.clone());
        let of = Of { name, kind: SpanKind::Internal, trace_id: *trace_id, parent: self.id, state };
        Some(self.traces.span(of))
    }

    /// It is over; what is said of it later is not heard.
    pub(in crate::rpc) fn end(&self, end: CallEnd, by: &str) {
        if self.is_over.swap(true, Ordering::AcqRel) {
            return;
        }
        let (passed, batch) = self.traced.passed();
        let at = |since: Duration| {
            nanos(self.traced.at()).saturating_add(u64::try_from(since.as_nanos()).unwrap_or(0))
        };
        let Of { name, kind, trace_id, parent, state } = &self.of;
        let to = passed.last().map_or(Duration::ZERO, |last| last.to);
        let mut attributes = named(&self.of.name, Vec::new());
        attributes.extend((!by.is_empty()).then(|| attribute("promised.principal", by)));
        let status = match end {
            CallEnd::Grpc(code) => {
                attributes.push(attribute("rpc.grpc.status_code", i64::from(code)));
                is_ours(code).then(Status::error)
            }
            CallEnd::Http(code) => {
                attributes.push(attribute("http.response.status_code", i64::from(code)));
                (500 <= code).then(Status::error)
            }
        };
        let n_messages = self.n_messages.load(Ordering::Relaxed);
        attributes.extend(
            (0 < n_messages).then(|| attribute("promised.messages", i64::from(n_messages))),
        );
        let mut spans = Vec::with_capacity(passed.len() + 2);
        spans.push(otlp::Span {
            trace_state: state.clone(),
            attributes,
            status,
            ..otlp::Span::of((*trace_id, self.id, *parent), name.clone())
                .from(at(Duration::ZERO), at(to))
                .on(*kind)
        });
        for one in passed {
            let ids = (*trace_id, self.traces.id(), self.id);
            let span = otlp::Span::of(ids, one.stage.word().to_string());
            let mut span = span.from(at(one.from), at(one.to)).on(SpanKind::Internal);
            let batch = batch.as_ref().filter(|_| one.stage == crate::engine::traced::Stage::Sync);
            span.links.extend(batch.map(|batch| otlp::Link::to(self.traces.ids_of(batch))));
            spans.push(span);
        }
        spans.extend(batch.filter(|batch| batch.is_news()).map(|batch| self.traces.batch(&batch)));
        self.traces.sender.send(spans);
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.end(CallEnd::Grpc(Code::Cancelled as i32), "");
    }
}

impl Traces {
    /// The trace and the span of a batch.
    fn ids_of(&self, batch: &Synced) -> (u128, u64) {
        *batch.ids.get_or_init(|| (self.trace_id(), self.id()))
    }

    fn batch(&self, batch: &Synced) -> otlp::Span {
        let (trace, id) = self.ids_of(batch);
        let began = nanos(batch.at);
        let took = u64::try_from(batch.took.as_nanos()).unwrap_or(0);
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let position = i64::try_from(batch.position).unwrap_or(i64::MAX);
        otlp::Span {
            attributes: vec![
                attribute("promised.entries", number(batch.n_entries)),
                attribute("promised.position", position),
            ],
            ..otlp::Span::of((trace, id, 0), "batch".to_string())
                .from(began, began.saturating_add(took))
                .on(SpanKind::Internal)
        }
    }
}

/// Whether a failure is one of the server, after OpenTelemetry's conventions.
fn is_ours(code: i32) -> bool {
    use Code::{DataLoss, DeadlineExceeded, Internal, Unavailable, Unimplemented, Unknown};
    [Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable, DataLoss]
        .into_iter()
        .any(|ours| ours as i32 == code)
}

/// The methods there are, and pages: a stranger may call anything, and names of spans are few.
fn name(path: &str) -> String {
    static KNOWN: LazyLock<std::collections::BTreeSet<String>> = LazyLock::new(|| {
        let pool = prost_reflect::DescriptorPool::decode(DESCRIPTORS).expect("built with us");
        let services = pool.services().flat_map(|service| {
            let of = service.full_name().to_string();
            service.methods().map(move |it| format!("{of}/{}", it.name())).collect::<Vec<_>>()
        });
        services.collect()
    });
    let path = path.trim_start_matches('/');
    if KNOWN.contains(path) {
        return path.to_string();
    }
    let mut words = path.split(['/', '.']);
    match (words.next(), words.next()) {
        (Some("v1"), Some(page))
            if page.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') =>
        {
            format!("v1/{}", page.get(..32).unwrap_or(page))
        }
        _ => "other".to_string(),
    }
}

/// What all calls are told of by.
fn named(path: &str, mut more: Vec<otlp::KeyValue>) -> Vec<otlp::KeyValue> {
    let mut words = path.trim_start_matches('/').split('/');
    if let (Some(service), Some(method)) = (words.next(), words.next())
        && service.contains('.')
    {
        more.push(attribute("rpc.system", "grpc"));
        more.push(attribute("rpc.service", service));
        more.push(attribute("rpc.method", method));
    }
    more
}

fn nanos(at: Timestamp) -> u64 {
    u64::try_from(at.as_nanosecond()).unwrap_or(0)
}

/// The trace that headers say a call is a part of.
pub(in crate::rpc) fn trace_of(headers: &HeaderMap) -> Option<u128> {
    Parent::of(headers).map(|parent| parent.trace)
}

/// Hears how the answer to a call ends, and tells the call's span.
pub(in crate::rpc) struct Hearing {
    span: Arc<Span>,
    by: String,
    end: Option<CallEnd>,
}

impl Hearing {
    /// Of a call by somebody.
    pub(in crate::rpc) fn new(span: Arc<Span>, by: &str) -> Self {
        Self { span, by: by.to_string(), end: None }
    }

    /// The head of the answer.
    pub(in crate::rpc) fn head<B>(&mut self, answer: &http::Response<B>, is_grpc: bool) {
        self.span.traced.on_to(crate::engine::traced::Stage::Encode);
        self.end = if is_grpc {
            grpc(answer.headers())
        } else {
            Some(CallEnd::Http(answer.status().as_u16()))
        };
    }

    /// A part of its body.
    pub(in crate::rpc) fn frame(&mut self, frame: &Frame<Bytes>) {
        self.end = frame.trailers_ref().and_then(grpc).or(self.end);
    }
}

fn grpc(headers: &HeaderMap) -> Option<CallEnd> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok().map(CallEnd::Grpc)
}

impl Drop for Hearing {
    fn drop(&mut self) {
        // A call of which no end was heard was given up.
        let end = self.end.unwrap_or(CallEnd::Grpc(Code::Cancelled as i32));
        self.span.end(end, &self.by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_few_whatever_is_called() {
        #[track_caller]
        fn check(path: &str, want: &str) {
            assert_eq!(name(path), want);
        }
        check("/promised.v1.PromiseService/Promise", "promised.v1.PromiseService/Promise");
        check("/promised.v1.PromiseService/Nothing", "other");
        check("/v1/availability.csv", "v1/availability");
        check("/v1/promises/P1", "v1/promises");
        check("/v1/P1", "other");
        check("/", "other");
    }
}
