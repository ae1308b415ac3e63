//! Errors as the Connect protocol has them: a status of HTTP, and JSON that a person with curl can read.

use super::{
    super::status::{Failure, message_of},
    body::full,
    methods::pool,
    to_json,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;

/// An error as the object that stands for it.
pub(super) fn object(status: &Status) -> Value {
    let mut object = json!({ "code": name(status.code()) });
    if !status.message().is_empty() {
        object["message"] = status.message().into();
    }
    let details: Vec<_> = details(status).iter().map(detail).collect();
    if !details.is_empty() {
        object["details"] = details.into();
    }
    object
}

fn details(status: &Status) -> Vec<prost_types::Any> {
    message_of(status).details
}

fn detail(any: &prost_types::Any) -> Value {
    let name = any.type_url.rsplit('/').next().unwrap_or_default();
    let mut object = json!({ "type": name, "value": STANDARD_NO_PAD.encode(&any.value) });
    if let Some(message) = pool().get_message_by_name(name) {
        let mut debug = Vec::new();
        let written = to_json::write(&message, &any.value, &mut debug);
        if let (Ok(()), Ok(debug)) = (written, serde_json::from_slice(&debug)) {
            object["debug"] = debug;
        }
    }
    object
}

/// A whole answer that says nothing else.
pub(in crate::rpc) fn response(status: &Status) -> Response<Body> {
    let body = object(status).to_string();
    let mut response = Response::new(full(body));
    *response.status_mut() = http_status(status.code());
    let headers = response.headers_mut();
    carry(&status.metadata().clone().into_headers(), headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(retry) = status.get_details_retry_info().and_then(|info| info.retry_delay) {
        // Whole seconds, and never sooner than is said.
        let seconds = retry.as_millis().div_ceil(1_000).max(1);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(1)));
    }
    if status.code() == Code::Unauthenticated {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Copies the metadata of an answer of gRPC that is the caller's.
pub(super) fn carry(from: &HeaderMap, into: &mut HeaderMap) {
    for (name, value) in from {
        let is_ours = name.as_str().starts_with("grpc-")
            || [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::TRAILER, header::TE]
                .contains(name);
        if !is_ours {
            into.append(name.clone(), value.clone());
        }
    }
}

/// The name of a code in the Connect protocol.
pub(super) fn name(code: Code) -> &'static str {
    match code {
        // An answer that went well is no error; whoever says so is not understood.
        Code::Ok | Code::Unknown => "unknown",
        Code::Cancelled => "canceled",
        Code::InvalidArgument => "invalid_argument",
        Code::DeadlineExceeded => "deadline_exceeded",
        Code::NotFound => "not_found",
        Code::AlreadyExists => "already_exists",
        Code::PermissionDenied => "permission_denied",
        Code::ResourceExhausted => "resource_exhausted",
        Code::FailedPrecondition => "failed_precondition",
        Code::Aborted => "aborted",
        Code::OutOfRange => "out_of_range",
        Code::Unimplemented => "unimplemented",
        Code::Internal => "internal",
        Code::Unavailable => "unavailable",
        Code::DataLoss => "data_loss",
        Code::Unauthenticated => "unauthenticated",
    }
}

/// The status of HTTP that goes with a code.
pub(super) fn http_status(code: Code) -> StatusCode {
    let number = match code {
        Code::Ok | Code::Unknown | Code::Internal | Code::DataLoss => 500,
        Code::Cancelled => 499,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => 400,
        Code::DeadlineExceeded => 504,
        Code::NotFound => 404,
        Code::AlreadyExists | Code::Aborted => 409,
        Code::PermissionDenied => 403,
        Code::ResourceExhausted => 429,
        Code::Unimplemented => 501,
        Code::Unavailable => 503,
        Code::Unauthenticated => 401,
    };
    StatusCode::from_u16(number).expect("these are statuses")
}

/// An error with a status of HTTP's own.
pub(super) fn refused(status: StatusCode, code: Code, text: impl Into<String>) -> Response<Body> {
    let mut response = response(&Failure::new(code, "HTTP", text).into());
    *response.status_mut() = status;
    response
}

/// Another method is expected.
pub(super) fn not_allowed(allowed: &'static str) -> Response<Body> {
    let text = format!("this address takes {allowed} only");
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, Code::Unimplemented, text);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
