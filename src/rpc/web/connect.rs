//! The Connect protocol (<https://connectrpc.com/docs/protocol>): each method at its own path, in JSON or protobuf.

use super::super::{
    REQUEST_BYTES_MAX,
    edge::memory::hold,
    guard,
    status::{Failure, shown},
};
use super::{
    error, from_json,
    inner::{CallFailure, CallHead, Inner, PREFIX_LEN, SingleAnswer, too_large, whole},
    methods::{RpcMethod, RpcMethods, Shape, is_for_grpc, twin},
    refused,
    speech::{MessageFormat, Speech},
    stream, to_json,
};
use bytes::{Bytes, BytesMut};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use std::{
    io::{Read as _, Write as _},
    time::Duration,
};
use tonic::{Code, Status, body::Body};

/// Bytes from which on work on them is done on a thread of its own.
const LONG: usize = 64 << 10;

/// Bytes from which on an answer is packed for who takes that.
const PACKED_FROM: usize = 16 << 10;

/// Answers a call of a method.
pub(super) async fn answer(
    mut inner: Inner,
    methods: &'static RpcMethods,
    request: Request<Body>,
) -> Response<Body> {
    let (method, speech) = match called(methods, &request) {
        Ok(called) => called,
        Err(response) => return *response,
    };
    let (head, body) = request.into_parts();
    match speech {
        Speech::Plain(form) if method.shape == Shape::Unary => {
            let told = unary(&mut inner, method, form, (&head, body)).await;
            told.unwrap_or_else(|told| failed(&told))
        }
        Speech::Plain(_) | Speech::Enveloped(_) => {
            let asked = streamed(&mut inner, method, speech, (&head, body)).await;
            asked.unwrap_or_else(|status| match speech {
                Speech::Plain(_) => error::response(&status),
                Speech::Enveloped(form) => stream::ended(form, &status),
            })
        }
    }
}

/// What a request calls, and how it speaks.
fn called(
    methods: &'static RpcMethods,
    request: &Request<Body>,
) -> Result<(&'static RpcMethod, Speech), Box<Response<Body>>> {
    let Some(method) = methods.get(request.uri().path()) else {
        let path: String = request.uri().path().chars().take(256).collect();
        let text = format!("there is nothing at {path}; /openapi.json names what there is");
        return Err(Box::new(refused(StatusCode::NOT_FOUND, Code::Unimplemented, text)));
    };
    if request.method() != http::Method::POST {
        return Err(Box::new(super::not_allowed("POST")));
    }
    Ok((method, speech(method, request.headers())?))
}

/// An answer that went wrong, with what the service says beside it.
fn failed(told: &CallFailure) -> Response<Body> {
    let mut response = error::response(&told.status);
    error::carry(&told.headers, response.headers_mut());
    trail(&told.trailers, response.headers_mut());
    response
}

/// What a service says after its answer, among the headers of one that is whole.
fn trail(trailers: &HeaderMap, into: &mut HeaderMap) {
    for (name, value) in trailers {
        let name = HeaderName::try_from(format!("trailer-{name}"));
        if let Some(name) = name.ok().filter(|name| !name.as_str().starts_with("trailer-grpc-")) {
            into.append(name, value.clone());
        }
    }
}

/// How a call speaks, if the method can be called so.
fn speech(method: &RpcMethod, headers: &HeaderMap) -> Result<Speech, Box<Response<Body>>> {
    let content = headers.get(header::CONTENT_TYPE).and_then(|content| content.to_str().ok());
    let content = content.unwrap_or_default();
    let (kind, rest) = content.split_once(';').unwrap_or((content, ""));
    let is_utf8 = rest.trim().is_empty() || rest.trim().eq_ignore_ascii_case("charset=utf-8");
    let kind = kind.trim().to_ascii_lowercase();
    let takes_lines = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains(stream::NDJSON)));
    let speech = match (kind.as_str(), method.shape) {
        ("application/json", Shape::Unary) if is_utf8 => Some(Speech::Plain(MessageFormat::Json)),
        ("application/proto", Shape::Unary) => Some(Speech::Plain(MessageFormat::Proto)),
        ("application/json", Shape::ServerStream) if takes_lines => {
            Some(Speech::Plain(MessageFormat::Json))
        }
        ("application/connect+json", Shape::ServerStream | Shape::ClientStream) => {
            Some(Speech::Enveloped(MessageFormat::Json))
        }
        ("application/connect+proto", Shape::ServerStream | Shape::ClientStream) => {
            Some(Speech::Enveloped(MessageFormat::Proto))
        }
        _ => None,
    };
    if is_for_grpc(method) {
        let text = format!("{} is for gRPC alone; over HTTP {}", method.path, twin(method));
        return Err(Box::new(match speech {
            Some(Speech::Enveloped(form)) => stream::ended(form, &Status::unimplemented(text)),
            Some(Speech::Plain(_)) | None => {
                refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unimplemented, text)
            }
        }));
    }
    speech.ok_or_else(|| {
        let content = shown(content);
        let text = match method.shape {
            Shape::Unary => format!(
                "the content-type {content} is not taken here; send application/json or application/proto"
            ),
            Shape::ServerStream | Shape::ClientStream => format!(
                "this method streams its answers, which needs more than the content-type {content}: send accept: \
                 application/x-ndjson beside application/json, or application/connect+json or application/connect+proto"
            ),
        };
        let mut response = refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unimplemented, text);
        let takes = HeaderValue::from_static("application/json, application/proto");
        response.headers_mut().insert("accept-post", takes);
        Box::new(response)
    })
}

/// How long the caller waits.
pub(super) fn timeout(headers: &HeaderMap) -> Result<Option<Duration>, Failure> {
    let Some(value) = headers.get("connect-timeout-ms") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let is_number = text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse().ok().filter(|_| is_number) {
        Some(millis) => Ok(Some(Duration::from_millis(millis))),
        None => {
            let text = format!("{} is no number of milliseconds of up to 10 digits", shown(text));
            Err(Failure::invalid_field("Connect-Timeout-Ms", text))
        }
    }
}

async fn unary(
    inner: &mut Inner,
    method: &'static RpcMethod,
    form: MessageFormat,
    (head, body): (&http::request::Parts, Body),
) -> Result<Response<Body>, Box<CallFailure>> {
    let of = |failure: Failure| CallFailure::of(failure.into());
    let timeout = timeout(&head.headers).map_err(of)?;
    let bytes = whole(body).await.map_err(CallFailure::of)?;
    let packed = Packing::of(&head.headers, &header::CONTENT_ENCODING).map_err(of)?;
    let bytes = unpacked(packed, bytes.freeze()).await.map_err(of)?;
    let message = message(method, form, bytes).await.map_err(of)?;
    let asked = CallHead { path: &method.path, head, timeout };
    let SingleAnswer { message, headers, trailers } = inner.unary(asked, message).await?;
    let written = written(method, form, message).await.map_err(of)?;
    let mut response = Response::new(Body::empty());
    let into = response.headers_mut();
    error::carry(&headers, into);
    trail(&trailers, into);
    let kind = match form {
        MessageFormat::Json => "application/json",
        MessageFormat::Proto => "application/proto",
    };
    into.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let written = pack(&head.headers, into, written).await;
    *response.body_mut() = super::full(written);
    Ok(response)
}

/// Packs a large answer for who takes that.
pub(super) async fn pack(asked: &HeaderMap, into: &mut HeaderMap, written: Bytes) -> Bytes {
    into.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if written.len() < PACKED_FROM || !takes_gzip(asked, &header::ACCEPT_ENCODING) {
        return written;
    }
    into.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let work = move || gzip(&written);
    guard::elsewhere(work).await
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    let written = packer.write_all(bytes).and_then(|()| packer.finish());
    written.expect("memory takes it").into()
}

/// Whether a list of codings has gzip in it, and does not forbid it.
pub(super) fn takes_gzip(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',').any(|coding| {
            let (coding, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            coding.trim().eq_ignore_ascii_case("gzip") && weight.parse() != Ok(0.0)
        })
    })
}

/// How bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
}

impl Packing {
    pub(super) fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Self, Failure> {
        match headers.get(name).map(HeaderValue::as_bytes) {
            None | Some(b"identity" | b"") => Ok(Self::None),
            Some(b"gzip") => Ok(Self::Gzip),
            Some(other) => {
                let other = shown(&String::from_utf8_lossy(other));
                let text = format!("{name} {other} is not understood; gzip and identity are");
                Err(Failure::new(Code::Unimplemented, "ENCODING", text))
            }
        }
    }
}

/// Bytes as they were before they were packed; as many as a request may have.
pub(super) async fn unpacked(packed: Packing, bytes: Bytes) -> Result<Bytes, Failure> {
    match packed {
        Packing::None => Ok(bytes),
        Packing::Gzip if bytes.is_empty() => Ok(bytes),
        Packing::Gzip => guard::elsewhere(move || unzip(&bytes)).await,
    }
}

fn unzip(bytes: &[u8]) -> Result<Bytes, Failure> {
    let mut unpacker = GzDecoder::new(bytes).take(REQUEST_BYTES_MAX as u64 + 1);
    let mut unpacked = BytesMut::new();
    let mut piece = vec![0; LONG];
    loop {
        let n = unpacker.read(&mut piece).map_err(|error| {
            let text = format!("the request is not packed by gzip: {error}");
            Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text)
        })?;
        if n == 0 {
            return Ok(unpacked.freeze());
        }
        hold(n)?;
        unpacked.extend_from_slice(&piece[..n]);
        if REQUEST_BYTES_MAX < unpacked.len() {
            return Err(too_large());
        }
    }
}

/// The message of a request.
pub(super) async fn message(
    method: &'static RpcMethod,
    form: MessageFormat,
    bytes: Bytes,
) -> Result<Vec<u8>, Failure> {
    match form {
        MessageFormat::Proto => Ok(bytes.into()),
        MessageFormat::Json if bytes.is_empty() => {
            let text = format!("the body is empty; the smallest {} is {{}}", method.input.name());
            Err(Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text))
        }
        MessageFormat::Json => {
            hold(bytes.len())?;
            if bytes.len() < LONG {
                return from_json::read(&method.input, &bytes);
            }
            guard::elsewhere(move || from_json::read(&method.input, &bytes)).await
        }
    }
}

/// An answer as the caller reads it.
pub(super) async fn written(
    method: &'static RpcMethod,
    form: MessageFormat,
    message: Bytes,
) -> Result<Bytes, Failure> {
    if form == MessageFormat::Proto {
        return Ok(message);
    }
    let is_long = LONG <= message.len();
    let write = move || {
        let mut out = Vec::with_capacity(2 * message.len());
        to_json::write(&method.output, &message, &mut out).map(|()| Bytes::from(out))
    };
    if is_long { guard::elsewhere(write).await } else { write() }
}

/// Asks a method that answers in a stream.
async fn streamed(
    inner: &mut Inner,
    method: &'static RpcMethod,
    speech: Speech,
    (head, body): (&http::request::Parts, Body),
) -> Result<Response<Body>, Status> {
    let timeout = timeout(&head.headers)?;
    let bytes = whole(body).await?;
    let (bytes, form) = match speech {
        Speech::Plain(form) => {
            let packed = Packing::of(&head.headers, &header::CONTENT_ENCODING)?;
            (unpacked(packed, bytes.freeze()).await?, form)
        }
        Speech::Enveloped(form) => {
            let name = HeaderName::from_static("connect-content-encoding");
            let packed = Packing::of(&head.headers, &name)?;
            (envelope(packed, bytes).await?, form)
        }
    };
    let message = message(method, form, bytes).await?;
    let asked = CallHead { path: &method.path, head, timeout };
    let response = inner.call(asked, message).await;
    Ok(stream::response(response, stream::To { method, speech, timeout }).await)
}

/// The one message of a request in envelopes.
async fn envelope(packed: Packing, mut bytes: BytesMut) -> Result<Bytes, Failure> {
    let flags = bytes.first().copied().unwrap_or_default();
    if bytes.is_empty() {
        let text = "the method takes one message, and there is none";
        return Err(Failure::new(Code::Unimplemented, "TOO_FEW", text));
    }
    let broken = || {
        let text = "one message in an envelope of 5 bytes and its length is expected";
        Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text)
    };
    let message = super::inner::next(&mut bytes).ok_or_else(broken)?;
    match (flags, packed) {
        _ if !bytes.is_empty() && bytes.len() < PREFIX_LEN => Err(broken()),
        _ if !bytes.is_empty() => {
            let text = "the method takes one message, and there are more";
            Err(Failure::new(Code::Unimplemented, "TOO_MANY", text))
        }
        (0, _) => Ok(message),
        (1, Packing::Gzip) => unpacked(packed, message).await,
        (1, Packing::None) => {
            let text = "the message is packed, and Connect-Content-Encoding does not say how";
            Err(Failure::new(Code::Internal, "NOT_DECODABLE", text))
        }
        _ => Err(broken()),
    }
}
