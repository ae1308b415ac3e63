//! A collector of traces, as far as our tests need one: over HTTP or gRPC, that takes, refuses, or never answers.

use bytes::Bytes;
use http::{HeaderMap, Response};
use promised::rpc::traces::otlp::{ExportRequest, ExportResponse, Span, Value};
use prost::Message as _;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What a collector does with what it is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Refuses so many times with 503, then takes.
    Refuses(usize),
    NeverAnswers,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Http,
    Grpc,
}

/// A collector that ends with the test.
pub struct Collector {
    pub url: String,
    requests: Arc<Mutex<Vec<ExportRequest>>>,
    pub n_asked: Arc<AtomicUsize>,
}

impl Collector {
    pub async fn start(speaks: Speaks, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, n_asked): (Arc<Mutex<_>>, Arc<AtomicUsize>) = Default::default();
        let (kept, asked) = (Arc::clone(&requests), Arc::clone(&n_asked));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (kept, asked) = (Arc::clone(&kept), Arc::clone(&asked));
                tokio::spawn(async move {
                    match speaks {
                        Speaks::Http => http(stream, mood, kept, asked).await,
                        Speaks::Grpc => grpc(stream, kept).await,
                    }
                });
            }
        });
        Self { url, requests, n_asked }
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        let requests = self.requests.lock().unwrap();
        let scopes = requests.iter().flat_map(|it| &it.resource_spans);
        scopes.flat_map(|it| &it.scope_spans).flat_map(|it| it.spans.clone()).collect()
    }

    /// What the server says that it is.
    pub fn resource(&self) -> BTreeMap<String, String> {
        let requests = self.requests.lock().unwrap();
        attributes(&requests[0].resource_spans[0].resource.as_ref().unwrap().attributes)
    }

    /// Waits until spans are as wanted, and gives them.
    pub async fn until(&self, are_there: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        for _ in 0..6_000 {
            let spans = self.spans();
            if are_there(&spans) {
                return spans;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("they never came: {:?}", self.spans());
    }
}

/// Attributes in words.
pub fn attributes(all: &[promised::rpc::traces::otlp::KeyValue]) -> BTreeMap<String, String> {
    let word = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => number.to_string(),
    };
    let pair = |one: &promised::rpc::traces::otlp::KeyValue| {
        let value = one.value.as_ref().and_then(|value| value.value.as_ref());
        (one.key.clone(), value.map(word).unwrap_or_default())
    };
    all.iter().map(pair).collect()
}

async fn http(
    mut stream: TcpStream,
    mood: Mood,
    kept: Arc<Mutex<Vec<ExportRequest>>>,
    asked: Arc<AtomicUsize>,
) {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if !more(&mut stream, &mut bytes).await {
                return;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        while bytes.len() < end + length {
            if !more(&mut stream, &mut bytes).await {
                return;
            }
        }
        let n_before = asked.fetch_add(1, Ordering::SeqCst);
        let request = ExportRequest::decode(&bytes[end..end + length]).unwrap();
        bytes.drain(..end + length);
        let status = match mood {
            Mood::NeverAnswers => std::future::pending().await,
            Mood::Refuses(n) if n_before < n => "503 Service Unavailable",
            Mood::Takes | Mood::Refuses(_) => {
                kept.lock().unwrap().push(request);
                "200 OK"
            }
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    stream.read_buf(bytes).await.is_ok_and(|n| 0 < n)
}

async fn grpc(stream: TcpStream, kept: Arc<Mutex<Vec<ExportRequest>>>) {
    // Who speaks something else is hung up on.
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let kept = Arc::clone(&kept);
        tokio::spawn(async move {
            let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
            assert_eq!(request.uri().path(), path);
            let (mut body, mut bytes) = (request.into_body(), Vec::new());
            while let Some(Ok(data)) = body.data().await {
                drop(body.flow_control().release_capacity(data.len()));
                bytes.extend_from_slice(&data);
            }
            kept.lock().unwrap().push(ExportRequest::decode(&bytes[5..]).unwrap());
            let head = Response::builder().header("content-type", "application/grpc");
            let mut answer = respond.send_response(head.body(()).unwrap(), false).unwrap();
            let message = ExportResponse::default().encode_to_vec();
            assert!(message.is_empty());
            answer.send_data(Bytes::from_static(&[0; 5]), false).unwrap();
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", "0".parse().unwrap());
            answer.send_trailers(trailers).unwrap();
        });
    }
}
