//! Calls, counted: how many of each method ended how, and how long they took, as Prometheus has them of any server of
//! gRPC.
//!
//! Each core counts in cells of its own, so that counting costs no core the other's memory; they are added up when
//! somebody looks. A call over HTTP is one of the method behind it.

use super::web::methods;
use crate::engine::clock::Stopwatch;
use http_body::Frame;
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    fmt::Write as _,
    future::Future,
    pin::Pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};
use tonic::{
    Code,
    body::Body,
    codegen::{
        Bytes, Service,
        http::{HeaderMap, Request, Response},
    },
};

/// The ends of the buckets, in microseconds: 1, 2, 5 from 50 us to 10 s.
const BUCKETS: [u64; 17] = [
    50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    1_000_000, 2_000_000, 5_000_000, 10_000_000,
];

/// The codes, in the order of their numbers.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The methods that are counted, by path and in order. What there is not has no cell: strangers may call it anything.
struct Known {
    by_path: HashMap<String, usize>,
    /// Service and method.
    names: Vec<(String, String)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let paths: Vec<String> = methods::all().map(|method| method.path).collect();
    let name = |path: &String| {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        (service.to_string(), method.to_string())
    };
    let names = paths.iter().map(name).collect();
    let by_path = paths.into_iter().enumerate().map(|(at, path)| (path, at)).collect();
    Known { by_path, names }
});

/// The cells of one method on one core.
#[derive(Debug)]
struct Cells {
    codes: [AtomicU64; CODES.len()],
    /// Those within each bucket and in none before it; the last are longer than all.
    within: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl Cells {
    fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            codes: std::array::from_fn(|_| zero()),
            within: std::array::from_fn(|_| zero()),
            micros: zero(),
        }
    }

    fn note(&self, code: usize, micros: u64) {
        let bucket = BUCKETS.partition_point(|end| *end < micros);
        self.codes[code.min(CODES.len() - 1)].fetch_add(1, Ordering::Relaxed);
        self.within[bucket].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

type Core = Arc<Vec<Cells>>;

/// The calls of a server, over all cores.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Vec<Core>>>);

impl Calls {
    /// The cells of one core more.
    pub(super) fn core<S>(&self, inner: S) -> Metered<S> {
        let core: Core = Arc::new(KNOWN.names.iter().map(|_| Cells::new()).collect());
        self.0.lock().push(Arc::clone(&core));
        Metered { inner, core }
    }

    /// What was counted so far, as Prometheus reads it.
    pub fn render(&self) -> String {
        let cores = self.0.lock().clone();
        let sum = |at: usize, cell: &dyn Fn(&Cells) -> u64| -> u64 {
            cores.iter().map(|core| cell(&core[at])).sum()
        };
        let mut text = String::from(
            "# HELP grpc_server_handled_total Calls that ended, by method and code\n\
             # TYPE grpc_server_handled_total counter\n",
        );
        let labels = |(service, method): &(String, String)| {
            format!("grpc_service=\"{service}\",grpc_method=\"{method}\"")
        };
        for (at, name) in KNOWN.names.iter().enumerate() {
            for (code, word) in CODES.iter().enumerate() {
                let n = sum(at, &|cells| cells.codes[code].load(Ordering::Relaxed));
                // That none failed is seen by what went well.
                if 0 < n || code == 0 {
                    let labels = labels(name);
                    let line = "grpc_server_handled_total";
                    _ = writeln!(text, "{line}{{{labels},grpc_code=\"{word}\"}} {n}");
                }
            }
        }
        text.push_str(
            "# HELP grpc_server_handling_seconds How long calls took, from their head to the end of their answer\n\
             # TYPE grpc_server_handling_seconds histogram\n",
        );
        for (at, name) in KNOWN.names.iter().enumerate() {
            let labels = labels(name);
            let mut n = 0;
            for (bucket, end) in
                BUCKETS.iter().map(|end| seconds(*end)).chain(["+Inf".to_string()]).enumerate()
            {
                n += sum(at, &|cells| cells.within[bucket].load(Ordering::Relaxed));
                _ = writeln!(
                    text,
                    "grpc_server_handling_seconds_bucket{{{labels},le=\"{end}\"}} {n}"
                );
            }
            let micros = sum(at, &|cells| cells.micros.load(Ordering::Relaxed));
            _ = writeln!(text, "grpc_server_handling_seconds_sum{{{labels}}} {}", seconds(micros));
            _ = writeln!(text, "grpc_server_handling_seconds_count{{{labels}}} {n}");
        }
        text
    }
}

/// Microseconds in seconds, without noughts at the end.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Counts the calls of one core.
#[derive(Clone, Debug)]
pub(super) struct Metered<S> {
    inner: S,
    core: Core,
}

impl<S, B> Service<Request<Body>> for Metered<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Future: Unpin,
{
    type Response = Response<Timed<B>>;
    type Error = S::Error;
    type Future = MeteredAnswer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let method = KNOWN.by_path.get(request.uri().path()).copied();
        let core = Arc::clone(&self.core);
        let call =
            method.map(|method| Call { core, method, since: Stopwatch::start(), code: None });
        MeteredAnswer { answer: self.inner.call(request), call }
    }
}

/// A call under way; it is counted when it is dropped.
struct Call {
    core: Core,
    method: usize,
    since: Stopwatch,
    /// How it ended; a call that is dropped before its end was given up.
    code: Option<usize>,
}

impl Call {
    fn hear(&mut self, headers: &HeaderMap) {
        let code = headers.get("grpc-status").and_then(|code| code.to_str().ok());
        self.code = code.and_then(|code| code.parse().ok()).or(self.code);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let micros = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let given_up = Code::Cancelled as usize;
        self.core[self.method].note(self.code.unwrap_or(given_up), micros);
    }
}

/// An answer on its way.
pub(super) struct MeteredAnswer<F> {
    answer: F,
    call: Option<Call>,
}

impl<F, B, E> Future for MeteredAnswer<F>
where
    F: Future<Output = Result<Response<B>, E>> + Unpin,
{
    type Output = Result<Response<Timed<B>>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.answer).poll(context))?;
        let mut call = self.call.take();
        if let Some(call) = &mut call {
            call.hear(response.headers());
        }
        Poll::Ready(Ok(response.map(|body| Timed { body, call })))
    }
}

/// The body of an answer, which says at its end how it went.
pub(super) struct Timed<B> {
    body: B,
    call: Option<Call>,
}

impl<B> http_body::Body for Timed<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let trailers = match &frame {
            Some(Ok(frame)) => frame.trailers_ref(),
            Some(Err(_)) | None => None,
        };
        if let (Some(trailers), Some(call)) = (trailers, &mut self.call) {
            call.hear(trailers);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_on_all_cores_is_added_up() {
        let calls = Calls::default();
        let cores = [calls.core(()), calls.core(())];
        let at = KNOWN.by_path["/promised.v1.PromiseService/Get"];
        cores[0].core[at].note(0, 70);
        cores[1].core[at].note(0, 1_500_000);
        cores[1].core[at].note(5, 20_000_000);
        let text = calls.render();
        let of = "grpc_service=\"promised.v1.PromiseService\",grpc_method=\"Get\"";
        for line in [
            format!("grpc_server_handled_total{{{of},grpc_code=\"OK\"}} 2"),
            format!("grpc_server_handled_total{{{of},grpc_code=\"NOT_FOUND\"}} 1"),
            format!("grpc_server_handling_seconds_bucket{{{of},le=\"0.00005\"}} 0"),
            format!("grpc_server_handling_seconds_bucket{{{of},le=\"0.0001\"}} 1"),
            format!("grpc_server_handling_seconds_bucket{{{of},le=\"2\"}} 2"),
            format!("grpc_server_handling_seconds_bucket{{{of},le=\"+Inf\"}} 3"),
            format!("grpc_server_handling_seconds_sum{{{of}}} 21.50007"),
            format!("grpc_server_handling_seconds_count{{{of}}} 3"),
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
        assert!(text.contains("grpc_method=\"Promise\",grpc_code=\"OK\"} 0\n"));
    }
}
