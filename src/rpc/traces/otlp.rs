//! The messages of OTLP that we send, by the numbers of `opentelemetry/proto/trace/v1` and `collector/trace/v1`.

use prost::{Message, Name};

/// Spans on their way to a collector.
#[derive(Clone, PartialEq, Message)]
pub struct ExportRequest {
    /// By the server that they are of.
    #[prost(message, repeated, tag = "1")]
    pub resource_spans: Vec<ResourceSpans>,
}

/// What a collector answers.
#[derive(Clone, PartialEq, Message)]
pub struct ExportResponse {
    /// Where it did not take all.
    #[prost(message, optional, tag = "1")]
    pub partial_success: Option<PartialSuccess>,
}

/// What was not taken.
#[derive(Clone, PartialEq, Message)]
pub struct PartialSuccess {
    /// How many spans.
    #[prost(int64, tag = "1")]
    pub rejected_spans: i64,
    /// Why.
    #[prost(string, tag = "2")]
    pub error_message: String,
}

/// Spans of one server.
#[derive(Clone, PartialEq, Message)]
pub struct ResourceSpans {
    /// The server.
    #[prost(message, optional, tag = "1")]
    pub resource: Option<Resource>,
    /// By what made them.
    #[prost(message, repeated, tag = "2")]
    pub scope_spans: Vec<ScopeSpans>,
}

/// A server.
#[derive(Clone, PartialEq, Message)]
pub struct Resource {
    /// What it is known by.
    #[prost(message, repeated, tag = "1")]
    pub attributes: Vec<KeyValue>,
}

/// Spans that one part of a server made.
#[derive(Clone, PartialEq, Message)]
pub struct ScopeSpans {
    /// The part.
    #[prost(message, optional, tag = "1")]
    pub scope: Option<Scope>,
    /// Its spans.
    #[prost(message, repeated, tag = "2")]
    pub spans: Vec<Span>,
}

/// What makes spans.
#[derive(Clone, PartialEq, Message)]
pub struct Scope {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its version.
    #[prost(string, tag = "2")]
    pub version: String,
}

/// What was done, and when.
#[derive(Clone, PartialEq, Message)]
pub struct Span {
    /// 16 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub trace_id: Vec<u8>,
    /// 8 bytes.
    #[prost(bytes = "vec", tag = "2")]
    pub span_id: Vec<u8>,
    /// What vendors say.
    #[prost(string, tag = "3")]
    pub trace_state: String,
    /// 8 bytes; empty at the root.
    #[prost(bytes = "vec", tag = "4")]
    pub parent_span_id: Vec<u8>,
    /// One of few.
    #[prost(string, tag = "5")]
    pub name: String,
    /// On which side of a call.
    #[prost(enumeration = "SpanKind", tag = "6")]
    pub kind: i32,
    /// Nanoseconds since 1970.
    #[prost(fixed64, tag = "7")]
    pub start_time_unix_nano: u64,
    /// Nanoseconds since 1970.
    #[prost(fixed64, tag = "8")]
    pub end_time_unix_nano: u64,
    /// What there is to know of it.
    #[prost(message, repeated, tag = "9")]
    pub attributes: Vec<KeyValue>,
    /// What it has to do with.
    #[prost(message, repeated, tag = "13")]
    pub links: Vec<Link>,
    /// How it ended, where that was our fault.
    #[prost(message, optional, tag = "15")]
    pub status: Option<Status>,
}

/// Another span.
#[derive(Clone, PartialEq, Message)]
pub struct Link {
    /// 16 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub trace_id: Vec<u8>,
    /// 8 bytes.
    #[prost(bytes = "vec", tag = "2")]
    pub span_id: Vec<u8>,
}

/// How a span ended.
#[derive(Clone, PartialEq, Message)]
pub struct Status {
    /// 2 for a failure.
    #[prost(int32, tag = "3")]
    pub code: i32,
}

/// On which side of a call a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum SpanKind {
    /// Not said.
    Unspecified = 0,
    /// Within.
    Internal = 1,
    /// The side that answers.
    Server = 2,
}

/// What there is to know.
#[derive(Clone, PartialEq, Message)]
pub struct KeyValue {
    /// Of what.
    #[prost(string, tag = "1")]
    pub key: String,
    /// The value.
    #[prost(message, optional, tag = "2")]
    pub value: Option<AnyValue>,
}

/// A value.
#[derive(Clone, PartialEq, Message)]
pub struct AnyValue {
    /// Of one of these kinds.
    #[prost(oneof = "Value", tags = "1, 2, 3")]
    pub value: Option<Value>,
}

/// A value of a kind.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Value {
    /// Text.
    #[prost(string, tag = "1")]
    Text(String),
    /// Yes or no.
    #[prost(bool, tag = "2")]
    Bool(bool),
    /// A number.
    #[prost(int64, tag = "3")]
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A key and its value.
pub(super) fn attribute(key: &str, value: impl Into<Value>) -> KeyValue {
    KeyValue { key: key.to_string(), value: Some(AnyValue { value: Some(value.into()) }) }
}

impl Status {
    pub(super) fn error() -> Self {
        Self { code: 2 }
    }
}

impl Link {
    pub(super) fn to((trace, span): (u128, u64)) -> Self {
        Self { trace_id: trace.to_be_bytes().to_vec(), span_id: span.to_be_bytes().to_vec() }
    }
}

impl Span {
    /// One of a trace, an id and a parent (0 for none).
    pub(super) fn of((trace, id, parent): (u128, u64, u64), name: String) -> Self {
        let parent_span_id = if parent == 0 { Vec::new() } else { parent.to_be_bytes().to_vec() };
        let Link { trace_id, span_id } = Link::to((trace, id));
        Self { trace_id, span_id, parent_span_id, name, ..Self::default() }
    }

    /// From then to then.
    pub(super) fn from(self, start_time_unix_nano: u64, end_time_unix_nano: u64) -> Self {
        Self { start_time_unix_nano, end_time_unix_nano, ..self }
    }

    /// On that side.
    pub(super) fn on(self, kind: SpanKind) -> Self {
        Self { kind: kind.into(), ..self }
    }
}

/// The package of the service.
const PACKAGE: &str = "opentelemetry.proto.collector.trace.v1";

impl Name for ExportRequest {
    const NAME: &'static str = "ExportTraceServiceRequest";
    const PACKAGE: &'static str = PACKAGE;
}

impl Name for ExportResponse {
    const NAME: &'static str = "ExportTraceServiceResponse";
    const PACKAGE: &'static str = PACKAGE;
}
