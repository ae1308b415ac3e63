//! The operations port: whether the server lives, whether it is ready, and its metrics; for probes and Prometheus, by
//! plain HTTP, open before anything is loaded.
//!
//! Whoever connects and says nothing keeps nobody waiting: each connection has its own turn and its own end.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use serde_json::json;
use std::{convert::Infallible, fmt, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tonic::body::Body;

/// Connections at once; a further one waits for a moment and is closed then.
const CONNECTIONS_MAX: usize = 256;

/// How long one may take to ask, or to ask again.
const SILENT: Duration = Duration::from_secs(10);

/// How long one lasts at most: probes and scrapes are short.
const LASTS: Duration = Duration::from_secs(120);

/// How long nobody is accepted after that failed.
const NO_FILE_SLEEP: Duration = Duration::from_millis(100);

/// Says what keeps a server that has loaded from being ready, and what is wrong beside; asked each time.
type Doubts = Box<dyn Fn() -> Vec<Doubt> + Send + Sync>;

/// Says what was counted.
type Metrics = Box<dyn Fn() -> String + Send + Sync>;

/// Something that speaks against a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What it is.
    pub reason: String,
    /// Whether the server is not ready for it; otherwise it is only told.
    pub is_grave: bool,
}

/// Where a server stands.
enum Stage {
    /// It loads: this table, so much of it.
    Loading { table: String, progress: f64 },
    /// It serves.
    Serving(Doubts),
    /// It was told to stop.
    Draining,
    /// Its engine has ended.
    Dead,
}

/// What a server tells those who operate it.
pub struct Operations {
    stage: Mutex<Stage>,
    metrics: Mutex<Option<Metrics>>,
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").finish_non_exhaustive()
    }
}

impl Operations {
    /// Of a server that has loaded nothing yet.
    pub fn new() -> Arc<Self> {
        let stage = Stage::Loading { table: String::new(), progress: 0.0 };
        Arc::new(Self { stage: Mutex::new(stage), metrics: Mutex::new(None) })
    }

    /// It loads a table, and so much of it is read, 0 to 1.
    pub fn loading(&self, table: &str, progress: f64) {
        let mut stage = self.stage.lock();
        if let Stage::Loading { .. } = *stage {
            *stage = Stage::Loading { table: table.to_string(), progress };
        }
    }

    /// It serves, and is ready unless there are grave doubts.
    pub fn serving(&self, doubts: impl Fn() -> Vec<Doubt> + Send + Sync + 'static) {
        *self.stage.lock() = Stage::Serving(Box::new(doubts));
    }

    /// It was told to stop.
    pub fn draining(&self) {
        let mut stage = self.stage.lock();
        if !matches!(*stage, Stage::Dead) {
            *stage = Stage::Draining;
        }
    }

    /// Its engine has ended.
    pub fn dead(&self) {
        *self.stage.lock() = Stage::Dead;
    }

    /// Where its metrics come from.
    pub fn metrics(&self, render: impl Fn() -> String + Send + Sync + 'static) {
        *self.metrics.lock() = Some(Box::new(render));
    }

    fn is_alive(&self) -> bool {
        !matches!(*self.stage.lock(), Stage::Dead)
    }

    /// Whether it is ready, and why not.
    fn readiness(&self) -> (bool, serde_json::Value) {
        let stage = self.stage.lock();
        let mut told = json!({});
        let (is_ready, reasons) = match &*stage {
            Stage::Loading { table, progress } => {
                told["loading"] = json!({ "table": table, "progress": progress });
                (false, vec!["loading".to_string()])
            }
            Stage::Serving(doubts) => {
                let doubts = doubts();
                let is_ready = !doubts.iter().any(|doubt| doubt.is_grave);
                (is_ready, doubts.into_iter().map(|doubt| doubt.reason).collect())
            }
            Stage::Draining => (false, vec!["draining".to_string()]),
            Stage::Dead => (false, vec!["the engine has ended".to_string()]),
        };
        told["ready"] = is_ready.into();
        told["reasons"] = reasons.into();
        (is_ready, told)
    }

    fn answer(&self, method: &Method, path: &str) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "GET only\n");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match path {
            "/livez" if self.is_alive() => text(StatusCode::OK, "ok"),
            "/livez" => text(StatusCode::SERVICE_UNAVAILABLE, "the engine has ended"),
            "/readyz" => {
                let (is_ready, told) = self.readiness();
                let status =
                    if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
                let mut response = text(status, format!("{told}\n"));
                let kind = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
                response
            }
            "/metrics" => {
                let rendered = self.metrics.lock().as_ref().map(|render| render());
                let mut response = text(StatusCode::OK, rendered.unwrap_or_default());
                let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
                response
            }
            _ => text(StatusCode::NOT_FOUND, "there are /livez, /readyz and /metrics\n"),
        }
    }
}

fn text(status: StatusCode, words: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(super::web::full(words));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Answers probes until the runtime ends.
pub async fn serve(listener: TcpListener, operations: Arc<Operations>) {
    let turns = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No file can be opened just now: asking again at once would only keep a core busy.
            sleep(NO_FILE_SLEEP).await;
            continue;
        };
        // Too many at once: the newest goes without.
        let Ok(turn) = Arc::clone(&turns).try_acquire_owned() else { continue };
        let operations = Arc::clone(&operations);
        tokio::spawn(async move {
            // Whoever reads too slowly is cut off.
            drop(timeout(LASTS, connection(stream, operations)).await);
            drop(turn);
        });
    }
}

async fn connection(stream: TcpStream, operations: Arc<Operations>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = operations.answer(request.method(), request.uri().path());
        async move { Ok::<_, Infallible>(response) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(SILENT).max_buf_size(16 << 10);
    if let Err(error) = builder.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a probe went away");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operations: &Operations, status: u16, want: &str) {
        let (is_ready, told) = operations.readiness();
        assert_eq!((is_ready, told.to_string().as_str()), (status == 200, want));
        let response = operations.answer(&Method::GET, "/readyz");
        assert_eq!(response.status(), status);
    }

    #[test]
    fn readiness_has_its_reasons() {
        let operations = Operations::new();
        operations.loading("on_hand", 0.25);
        check(
            &operations,
            503,
            r#"{"loading":{"progress":0.25,"table":"on_hand"},"ready":false,"reasons":["loading"]}"#,
        );
        operations.serving(Vec::new);
        check(&operations, 200, r#"{"ready":true,"reasons":[]}"#);
        let doubt = |is_grave| move || vec![Doubt { reason: "disk_full".to_string(), is_grave }];
        operations.serving(doubt(false));
        check(&operations, 200, r#"{"ready":true,"reasons":["disk_full"]}"#);
        operations.serving(doubt(true));
        check(&operations, 503, r#"{"ready":false,"reasons":["disk_full"]}"#);
        operations.draining();
        check(&operations, 503, r#"{"ready":false,"reasons":["draining"]}"#);
        assert_eq!(operations.answer(&Method::GET, "/livez").status(), 200);
        operations.dead();
        operations.draining();
        check(&operations, 503, r#"{"ready":false,"reasons":["the engine has ended"]}"#);
        assert_eq!(operations.answer(&Method::GET, "/livez").status(), 503);
        assert_eq!(operations.answer(&Method::POST, "/livez").status(), 405);
        assert_eq!(operations.answer(&Method::GET, "/").status(), 404);
    }
}
