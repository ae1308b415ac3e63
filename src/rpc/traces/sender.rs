//! Sends spans to a collector, on a thread of its own: nobody waits for it. What waits is bounded; what does not fit, or
//! is not taken in time, is dropped and counted.

use super::{
    otlp::{
        ExportRequest, ExportResponse, Resource, ResourceSpans, Scope, ScopeSpans, Span, attribute,
    },
    outbox::{Sender, SpanJob, dropped},
    settings::{Protocol, TraceSettings},
};
use crate::rpc::edge::Codec;
use prost::Message as _;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    time::Duration,
};
use tokio::time::Instant;
use tonic::{
    Code, Request,
    client::Grpc,
    metadata::{MetadataKey, MetadataValue},
    transport::{Certificate, ClientTlsConfig, Endpoint},
};

/// After a failure it is tried again so soon, then twice as late each time.
const RETRY_FIRST: Duration = Duration::from_millis(500);

/// So often spans are sent before they are dropped.
const TRIES_MAX: u32 = 5;

/// The method of a collector.
const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

impl Sender {
    /// Begins a thread that sends.
    pub(super) fn start(settings: TraceSettings) -> Self {
        let (jobs, received) = mpsc::channel();
        let (waiting, at_most) = (Arc::new(AtomicUsize::new(0)), settings.queue_at_most);
        let of_thread = Arc::clone(&waiting);
        let thread = std::thread::Builder::new().name("traces".to_string());
        let run = move || Sending::new(settings, of_thread).run(&received);
        if let Err(error) = thread.spawn(run) {
            tracing::warn!(%error, "no thread for traces: there are none");
        }
        Self { jobs, waiting, at_most }
    }
}

/// Why spans were not taken.
enum Refused {
    /// They may be the next time; not before so long.
    Later(String, Duration),
    /// They never will.
    Never(String),
    /// It speaks something else.
    Unlike(String),
}

/// What the thread owns.
struct Sending {
    settings: TraceSettings,
    waiting: Arc<AtomicUsize>,
    /// What the collector speaks.
    protocol: Protocol,
    /// Whether that is sure.
    is_known: bool,
    /// Whether somebody has been told that nothing arrives.
    is_told: bool,
    agent: ureq::Agent,
}

impl Sending {
    fn new(settings: TraceSettings, waiting: Arc<AtomicUsize>) -> Self {
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .max_redirects(0)
            .http_status_as_error(false);
        if let Some(roots) = authorities(&settings) {
            let roots = ureq::tls::RootCerts::new_with_certs(&roots);
            config = config.tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build());
        }
        let (protocol, is_known) =
            (settings.protocol.unwrap_or(Protocol::Http), settings.protocol.is_some());
        let agent = config.build().into();
        Self { settings, waiting, protocol, is_known, is_told: false, agent }
    }

    fn run(mut self, jobs: &Receiver<SpanJob>) {
        let mut spans = Vec::new();
        let mut due = None;
        loop {
            let wait = due.map_or(Duration::from_secs(3_600), |due: Instant| {
                due.saturating_duration_since(Instant::now())
            });
            match jobs.recv_timeout(wait) {
                Ok(SpanJob::Spans(more)) => {
                    spans.extend(more);
                    due.get_or_insert_with(|| Instant::now() + self.settings.delay);
                    if spans.len() < self.settings.batch_at_most {
                        continue;
                    }
                }
                Ok(SpanJob::Flush(done)) => {
                    self.export(std::mem::take(&mut spans), 1);
                    due = None;
                    // Who has stopped waiting does not mind.
                    let _told = done.send(());
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => (),
                Err(RecvTimeoutError::Disconnected) => {
                    return self.export(std::mem::take(&mut spans), 1);
                }
            }
            due = None;
            self.export(std::mem::take(&mut spans), TRIES_MAX);
        }
    }

    /// Sends spans, so often at most.
    fn export(&mut self, spans: Vec<Span>, tries_at_most: u32) {
        let n = spans.len();
        if n == 0 {
            return;
        }
        let request = self.request(spans);
        let mut pause = RETRY_FIRST;
        let mut n_tries = 0;
        let refused = loop {
            n_tries += 1;
            let refused = match self.send(&request) {
                Ok(n_rejected) => break (n_rejected, String::new()),
                Err(Refused::Never(why)) => break (n, why),
                Err(Refused::Unlike(why)) if self.is_known => break (n, why),
                Err(Refused::Unlike(_)) => {
                    // It is found out once; the other way is tried at once.
                    (self.protocol, self.is_known) = (other(self.protocol), true);
                    continue;
                }
                Err(Refused::Later(why, at_least)) => {
                    pause = pause.max(at_least);
                    why
                }
            };
            if tries_at_most <= n_tries {
                break (n, refused);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(30));
        };
        self.waiting.fetch_sub(n, Ordering::AcqRel);
        self.tell(n, refused);
    }

    fn tell(&mut self, n: usize, (n_lost, why): (usize, String)) {
        let n_lost = n_lost.min(n);
        metrics::counter!("promised_spans_exported_total").increment((n - n_lost) as u64);
        if n_lost == 0 {
            self.is_known = true;
            if std::mem::take(&mut self.is_told) {
                tracing::info!("traces arrive again");
            }
            return;
        }
        dropped("not_taken", n_lost);
        if !std::mem::replace(&mut self.is_told, true) {
            let endpoint = &*self.settings.endpoint;
            tracing::warn!(endpoint, why, "traces do not arrive; what is lost is counted");
        }
    }

    fn request(&self, spans: Vec<Span>) -> ExportRequest {
        let resource = self.settings.resource.iter();
        let attributes = resource.map(|(key, value)| attribute(key, &**value)).collect();
        let scope =
            Scope { name: "promised".to_string(), version: env!("CARGO_PKG_VERSION").to_string() };
        let scope_spans = vec![ScopeSpans { scope: Some(scope), spans }];
        let resource = Some(Resource { attributes });
        ExportRequest { resource_spans: vec![ResourceSpans { resource, scope_spans }] }
    }

    /// Sends once; gives how many were not taken.
    fn send(&self, request: &ExportRequest) -> Result<usize, Refused> {
        match self.protocol {
            Protocol::Http => self.send_by_http(request),
            Protocol::Grpc => self.send_by_grpc(request),
        }
    }

    fn send_by_http(&self, request: &ExportRequest) -> Result<usize, Refused> {
        let TraceSettings { endpoint, is_whole, headers, .. } = &self.settings;
        let url = match is_whole {
            true => endpoint.clone(),
            false => format!("{}/v1/traces", endpoint.trim_end_matches('/')),
        };
        let mut post = self.agent.post(&url).header("content-type", "application/x-protobuf");
        for (key, value) in headers {
            post = post.header(key, value);
        }
        let mut answer = post.send(&request.encode_to_vec()[..]).map_err(|error| {
            let is_unlike = matches!(error, ureq::Error::Protocol(_) | ureq::Error::Http(_));
            let why = error.to_string();
            if is_unlike { Refused::Unlike(why) } else { Refused::Later(why, Duration::ZERO) }
        })?;
        let status = answer.status().as_u16();
        let wait = answer.headers().get("retry-after").and_then(|wait| wait.to_str().ok());
        let wait = wait.and_then(|wait| wait.parse().ok()).unwrap_or(0).min(60);
        let why = format!("it answered {status}");
        match status {
            200..=299 => {
                let body = answer.body_mut().with_config().limit(1 << 20).read_to_vec();
                Ok(rejected(
                    &ExportResponse::decode(&*body.unwrap_or_default()).unwrap_or_default(),
                ))
            }
            429 | 502 | 503 | 504 => Err(Refused::Later(why, Duration::from_secs(wait))),
            _ => Err(Refused::Never(why)),
        }
    }

    fn send_by_grpc(&self, request: &ExportRequest) -> Result<usize, Refused> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Refused::Never(error.to_string()))?;
        let sent = runtime.block_on(async {
            tokio::time::timeout(self.settings.timeout, self.call(request.clone())).await
        });
        sent.unwrap_or_else(|_| {
            Err(Refused::Later("it does not answer".to_string(), Duration::ZERO))
        })
    }

    /// A connection for each batch: one a second, and none that is found broken when it is needed.
    async fn call(&self, message: ExportRequest) -> Result<usize, Refused> {
        let never = |error: tonic::transport::Error| Refused::Never(error.to_string());
        let TraceSettings { endpoint, headers, certificate, .. } = &self.settings;
        let mut to = Endpoint::from_shared(endpoint.clone()).map_err(never)?;
        if endpoint.starts_with("https") {
            let mut tls = ClientTlsConfig::new().with_native_roots();
            if let Some(pem) = certificate.as_ref().and_then(|file| std::fs::read(file).ok()) {
                tls = tls.ca_certificate(Certificate::from_pem(pem));
            }
            to = to.tls_config(tls).map_err(never)?;
        }
        let later =
            |error: &dyn std::fmt::Display| Refused::Later(error.to_string(), Duration::ZERO);
        let channel = to.connect().await.map_err(|error| later(&error))?;
        let mut grpc = Grpc::new(channel);
        grpc.ready().await.map_err(|error| later(&error))?;
        let mut request = Request::new(message);
        for (key, value) in headers {
            let key = MetadataKey::from_bytes(key.to_ascii_lowercase().as_bytes());
            if let (Ok(key), Ok(value)) = (key, MetadataValue::try_from(&**value)) {
                request.metadata_mut().insert(key, value);
            }
        }
        let path = http::uri::PathAndQuery::from_static(EXPORT);
        let codec = Codec::<ExportRequest, ExportResponse>::default();
        match grpc.unary(request, path, codec).await {
            Ok(answer) => Ok(rejected(answer.get_ref())),
            Err(status) if is_later(status.code()) => Err(later(&status)),
            Err(status) => Err(Refused::Never(status.to_string())),
        }
    }
}

fn other(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Http => Protocol::Grpc,
        Protocol::Grpc => Protocol::Http,
    }
}

/// The codes after which OTLP lets a client try again.
fn is_later(code: Code) -> bool {
    use Code::{Aborted, Cancelled, DataLoss, DeadlineExceeded, OutOfRange, Unavailable, Unknown};
    [
        Aborted,
        Cancelled,
        DataLoss,
        DeadlineExceeded,
        OutOfRange,
        Unavailable,
        Unknown,
        Code::ResourceExhausted,
    ]
    .contains(&code)
}

fn rejected(answer: &ExportResponse) -> usize {
    let rejected = answer.partial_success.as_ref().map_or(0, |it| it.rejected_spans);
    usize::try_from(rejected).unwrap_or(0)
}

fn authorities(settings: &TraceSettings) -> Option<Vec<ureq::tls::Certificate<'static>>> {
    let pem = std::fs::read(settings.certificate.as_ref()?);
    let pem = pem.inspect_err(|error| tracing::warn!(%error, "the collector's authority")).ok()?;
    let items = ureq::tls::parse_pem(&pem).filter_map(Result::ok);
    let certificates = items.filter_map(|item| {
        if let ureq::tls::PemItem::Certificate(certificate) = item {
            return Some(certificate);
        }
        None
    });
    Some(certificates.collect())
}
