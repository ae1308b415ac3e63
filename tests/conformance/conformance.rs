//! Issue 20, item 1: the conformance suite of the Connect protocol, for what we serve: unary calls and streams of answers, in JSON and
//! protobuf, plain and packed, over HTTP/1.1 and HTTP/2, and the same by gRPC.
//!
//! The suite's own service stands behind our front (`promised::rpc::serve_others`): what is tried is how calls are read and
//! answered. Without arguments this runs `connectconformance` (CONNECTCONFORMANCE, or on the PATH), which starts this program
//! again as `serve`; it is left out where there is none (`go install connectrpc.com/conformance/cmd/connectconformance@latest`).
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod service;

use prost::Message;
use service::{Conformance, WithTrailers, proto};
use std::{
    io::{Read, Write},
    process::{Command, ExitCode},
};
use tokio::net::TcpListener;

const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/conformance.bin"));

/// What we serve.
const FEATURES: &str = "\
features:
  versions: [HTTP_VERSION_1, HTTP_VERSION_2]
  protocols: [PROTOCOL_CONNECT, PROTOCOL_GRPC]
  codecs: [CODEC_PROTO, CODEC_JSON]
  compressions: [COMPRESSION_IDENTITY, COMPRESSION_GZIP]
  stream_types: [STREAM_TYPE_UNARY, STREAM_TYPE_SERVER_STREAM]
  supports_h2c: true
  supports_tls: false
  supports_connect_get: false
  supports_message_receive_limit: false
exclude_cases:
  - protocol: PROTOCOL_GRPC
    codec: CODEC_JSON
";

/// Where we differ from the suite, and mean to. An error of ours names its reason (`google.rpc.ErrorInfo`) where the suite wants
/// no details; a wrong method or content type is UNIMPLEMENTED, with a sentence, where it wants the bare HTTP status.
const OURS: [&str; 2] = ["Connect Unexpected Requests/**", "Unexpected Requests/**"];

/// Where tonic differs: it takes the first of several messages, any content type and any verb, and calls a lack of a message
/// INVALID_ARGUMENT.
const TONICS: [&str; 5] = [
    "gRPC Unexpected Requests/**/multiple-requests",
    "gRPC Unexpected Requests/**/no-request",
    "gRPC Unexpected Requests/**/unexpected-codec",
    "gRPC Unexpected Requests/**/unexpected-compressed-message",
    "gRPC Unexpected Requests/**/unexpected-verb",
];

/// A deadline is told by us, with a reason, or by the suite's service, without one: whoever is first.
const EITHER: [&str; 1] = ["Timeouts/**"];

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "serve") {
        serve();
        return ExitCode::SUCCESS;
    }
    // What a test runner asks for has nothing to list here.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let program = std::env::var("CONNECTCONFORMANCE").unwrap_or("connectconformance".to_string());
    let directory = std::env::temp_dir().join(format!("conformance-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let features = directory.join("features.yaml");
    std::fs::write(&features, FEATURES).unwrap();
    let this = std::env::current_exe().unwrap();
    let run = Command::new(&program)
        .args(["--mode", "server", "--parallel", "2", "--max-servers", "1", "--conf"])
        .arg(&features)
        .args(OURS.iter().chain(&TONICS).flat_map(|case| ["--known-failing", case]))
        .args(EITHER.iter().flat_map(|case| ["--known-flaky", case]))
        .args(std::env::args().skip(1).filter(|argument| argument.starts_with("--run=")))
        .arg("--")
        .arg(this)
        .arg("serve")
        .status();
    drop(std::fs::remove_dir_all(directory));
    match run {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("skipped: {program}: {error}");
            ExitCode::SUCCESS
        }
    }
}

/// Reads what is asked for, says where it is served, and serves until it is ended.
fn serve() {
    let mut length = [0; 4];
    std::io::stdin().read_exact(&mut length).unwrap();
    let mut asked = vec![0; u32::from_be_bytes(length) as usize];
    std::io::stdin().read_exact(&mut asked).unwrap();
    proto::ServerCompatRequest::decode(&*asked).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let told = proto::ServerCompatResponse {
            host: at.ip().to_string(),
            port: at.port().into(),
            pem_cert: Vec::new(),
        };
        let told = told.encode_to_vec();
        let mut out = std::io::stdout();
        out.write_all(&u32::try_from(told.len()).unwrap().to_be_bytes()).unwrap();
        out.write_all(&told).unwrap();
        out.flush().unwrap();
        let service = proto::conformance_service_server::ConformanceServiceServer::new(Conformance)
            .accept_compressed(tonic::codec::CompressionEncoding::Gzip)
            .send_compressed(tonic::codec::CompressionEncoding::Gzip);
        let routes = tonic::service::Routes::new(WithTrailers(service));
        promised::rpc::serve_others(routes, DESCRIPTORS, listener).await.unwrap();
    });
}
