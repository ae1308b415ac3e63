//! `GET /v1/...`: what spreadsheets and people ask, as CSV or JSON by suffix.
//!
//! Each resource is a row of [`RESOURCES`]: the method that it asks, what may be asked, and the rows of the answer.

mod written;

use super::super::{
    guard, proto,
    sheet::{self, SheetRow},
    status::shown,
};
use super::{
    connect::{pack, timeout},
    error, from_json,
    inner::{CallHead, Inner},
    methods, not_allowed,
    parameters::Parameters,
    refused,
};
use crate::backlog::{Attribute, Filter};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::Frame;
use prost::Message;
use serde_json::{Map, Value, json};
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc;
use tonic::{Code, Status, body::Body};
pub(super) use written::{RowFormat, Writer, csv};

/// Where resources are.
pub(super) const AT: &str = "/v1/";

/// Promises that are asked for at once.
const PAGE: u32 = 1_000;

/// A resource.
pub(super) struct SheetResource {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The method that answers.
    pub(super) method: &'static str,
    /// The message whose fields are the parameters.
    pub(super) message: &'static str,
    /// Those of them that are not.
    pub(super) left_out: &'static [&'static str],
    pub(super) columns: &'static [&'static str],
    /// Makes the request of the parameters.
    ask: fn(Map<String, Value>) -> Value,
    /// The rows of an answer, its version, and where to go on.
    tell: fn(&Value, &[u8]) -> Result<Page, Status>,
}

/// Rows, and what comes after them.
struct Page {
    rows: Vec<SheetRow>,
    version: Option<proto::DataVersion>,
    next: String,
    /// The columns, where the answer says them.
    columns: Option<Vec<String>>,
}

impl Page {
    /// All rows there are.
    fn whole(rows: Vec<SheetRow>, version: Option<proto::DataVersion>) -> Self {
        Self { rows, version, next: String::new(), columns: None }
    }
}

/// All of them, by name.
pub(super) static RESOURCES: &[SheetResource] = &[
    SheetResource {
        name: "allocation",
        about: "The shares of an item at a location, a row a class and period",
        method: "/promised.v1.AllocationService/GetAllocation",
        message: "promised.v1.GetAllocationRequest",
        left_out: &[],
        columns: sheet::ALLOCATION,
        ask: Value::Object,
        tell: |_, bytes| {
            let answer = decoded::<proto::GetAllocationResponse>(bytes)?;
            Ok(Page::whole(sheet::allocation(&answer), answer.version))
        },
    },
    SheetResource {
        name: "availability",
        about: "Supply, demand, balance and what can be promised of an item, a row a location and day",
        method: "/promised.v1.AvailabilityService/GetAvailability",
        message: "promised.v1.GetAvailabilityRequest",
        left_out: &[],
        columns: sheet::AVAILABILITY,
        ask: Value::Object,
        tell: |_, bytes| {
            let answer = decoded::<proto::GetAvailabilityResponse>(bytes)?;
            Ok(Page::whole(sheet::availability(&answer), answer.version))
        },
    },
    SheetResource {
        name: "exceptions",
        about: "What needs a planner, a row an exception, the most value first",
        method: "/promised.v1.ExceptionService/List",
        message: "promised.v1.ListExceptionsRequest",
        left_out: &["page_size", "page_token", "group_by"],
        columns: sheet::EXCEPTIONS,
        ask: |mut asked| {
            asked.insert("page_size".to_string(), PAGE.into());
            Value::Object(asked)
        },
        tell: |_, bytes| {
            let answer = decoded::<proto::ListExceptionsResponse>(bytes)?;
            let rows = sheet::exceptions(&answer.exceptions);
            Ok(Page { rows, version: answer.version, next: answer.next_page_token, columns: None })
        },
    },
    SheetResource {
        name: "figures",
        about: "Measures over promises by what they have in common, a row a group, the largest first",
        method: "/promised.v1.AnalyticsService/Query",
        message: "promised.v1.QueryRequest",
        left_out: &["with_scenario_id"],
        columns: &[],
        ask: Value::Object,
        tell: |_, bytes| {
            let answer = decoded::<proto::QueryResponse>(bytes)?;
            let rows = sheet::figures(&answer);
            let columns = Some(answer.columns);
            Ok(Page { rows, version: answer.version, next: String::new(), columns })
        },
    },
    SheetResource {
        name: "promises",
        about: "Promises that are held or confirmed, or in the states asked for, a row a leg",
        method: "/promised.v1.PromiseService/List",
        message: "promised.v1.ListPromisesRequest",
        left_out: &["page_size", "page_token"],
        columns: sheet::PROMISES,
        ask: |mut asked| {
            let query = asked.get("query").and_then(Value::as_str).unwrap_or_default();
            let says_which = Filter::parse(query).is_ok_and(|read| read.names(Attribute::State));
            if !says_which {
                asked.entry("states").or_insert_with(|| json!(["HELD", "CONFIRMED"]));
            }
            asked.insert("page_size".to_string(), PAGE.into());
            Value::Object(asked)
        },
        tell: |_, bytes| {
            let answer = decoded::<proto::ListPromisesResponse>(bytes)?;
            let rows = answer.promises.iter().flat_map(sheet::promise).collect();
            Ok(Page { rows, version: answer.version, next: answer.next_page_token, columns: None })
        },
    },
    SheetResource {
        name: "quick-check",
        about: "Whether so much of an item is there on a date, and when it is at the earliest",
        method: "/promised.v1.AvailabilityService/QuickCheck",
        message: "promised.v1.Query",
        left_out: &[],
        columns: sheet::QUICK_CHECK,
        ask: |mut asked| {
            let scenario = asked.remove("scenario_id").unwrap_or_default();
            json!({ "queries": [asked], "scenario_id": scenario })
        },
        tell: |asked, bytes| {
            let answer = decoded::<proto::QuickCheckResponse>(bytes)?;
            let text =
                |name: &str| asked["queries"][0][name].as_str().unwrap_or_default().to_string();
            let query = proto::Query {
                item: text("item"),
                location: text("location"),
                quantity: text("quantity").parse().unwrap_or_default(),
                date: text("date"),
                demand_class: text("demand_class"),
            };
            let rows = sheet::quick_check(&[query], &answer);
            Ok(Page::whole(rows, answer.version))
        },
    },
];

fn decoded<M: Message + Default>(bytes: &[u8]) -> Result<M, Status> {
    M::decode(bytes).map_err(|error| Status::internal(error.to_string()))
}

/// Answers for a resource.
pub(super) async fn answer(inner: Inner, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_string();
    let name = path.strip_prefix(AT).unwrap_or(&path);
    let (name, suffix) = match name.rsplit_once('.') {
        Some((name, suffix @ ("csv" | "json"))) => (name, Some(suffix)),
        _ => (name, None),
    };
    let Some(resource) = RESOURCES.iter().find(|resource| resource.name == name) else {
        let names: Vec<_> = RESOURCES.iter().map(|resource| resource.name).collect();
        let text = format!(
            "there is no {}; there are {}, as .csv or .json",
            shown(name),
            names.join(", ")
        );
        return refused(StatusCode::NOT_FOUND, Code::NotFound, text);
    };
    let is_head = request.method() == Method::HEAD;
    if request.method() != Method::GET && !is_head {
        return not_allowed("GET, HEAD");
    }
    let (head, _) = request.into_parts();
    let parameters = Parameters::of(head.uri.query());
    let told = told(inner, resource, (&head, &parameters), suffix).await;
    told.unwrap_or_else(|status| error::response(&status))
}

async fn told(
    mut inner: Inner,
    resource: &'static SheetResource,
    (head, parameters): (&http::request::Parts, &Parameters),
    suffix: Option<&str>,
) -> Result<Response<Body>, Status> {
    let form = RowFormat::of(suffix, &head.headers, parameters)?;
    let asked = parameters.request(&fields(resource), resource.left_out)?;
    let mut asked = (resource.ask)(asked);
    let page = page(&mut inner, resource, head, &asked).await?;
    let columns = resource.columns.iter().map(|name| (*name).to_string()).collect();
    let mut writer = Writer::new(form, page.columns.clone().unwrap_or(columns));
    let mut text = writer.begin();
    text.extend(writer.rows(&page.rows));
    if page.next.is_empty() {
        text.extend_from_slice(writer.end());
        return Ok(response(head, form, page.version.as_ref(), text.into()).await);
    }
    asked["page_token"] = page.next.into();
    let (sender, receiver) = mpsc::channel(PAGES_AHEAD);
    let further = Further { inner, resource, head: head.clone(), asked, writer, sender };
    guard::beside(further.send(text));
    let mut response = response(head, form, page.version.as_ref(), Bytes::new()).await;
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if head.method != Method::HEAD {
        *response.body_mut() = Body::new(Pages(receiver));
    }
    Ok(response)
}

/// The pages after the first, sent as they are read: there may be more rows than memory for them.
struct Further {
    inner: Inner,
    resource: &'static SheetResource,
    head: http::request::Parts,
    asked: Value,
    writer: Writer,
    sender: mpsc::Sender<Result<Bytes, Status>>,
}

impl Further {
    async fn send(mut self, first: Vec<u8>) {
        let mut text = Ok(first.into());
        // Whoever goes away ends it.
        while self.sender.send(text).await.is_ok() {
            if self.asked["page_token"] == "" {
                return;
            }
            text = self.next().await;
            if text.is_err() {
                // Cut off: whoever reads it must not take it for whole.
                self.asked["page_token"] = "".into();
            }
        }
    }

    async fn next(&mut self) -> Result<Bytes, Status> {
        let page = page(&mut self.inner, self.resource, &self.head, &self.asked).await?;
        let mut text = self.writer.rows(&page.rows);
        if page.next.is_empty() {
            text.extend_from_slice(self.writer.end());
        }
        self.asked["page_token"] = page.next.into();
        Ok(text.into())
    }
}

/// Pages that are written before they are read.
const PAGES_AHEAD: usize = 2;

/// Pages as a body.
struct Pages(mpsc::Receiver<Result<Bytes, Status>>);

impl http_body::Body for Pages {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.0.poll_recv(context).map(|page| page.map(|page| page.map(Frame::data)))
    }
}

/// Asks for a page.
async fn page(
    inner: &mut Inner,
    resource: &SheetResource,
    head: &http::request::Parts,
    asked: &Value,
) -> Result<Page, Status> {
    let method = methods::get(resource.method).expect("the table names methods that there are");
    let message = from_json::read(&method.input, asked.to_string().as_bytes())?;
    let call = CallHead { path: &method.path, head, timeout: timeout(&head.headers)? };
    let answered = inner.unary(call, message).await.map_err(|told| told.status)?;
    (resource.tell)(asked, &answered.message)
}

/// The message whose fields may be given.
fn fields(resource: &SheetResource) -> prost_reflect::MessageDescriptor {
    methods::pool()
        .get_message_by_name(resource.message)
        .expect("the table names messages that there are")
}

/// An answer of rows.
pub(super) async fn response(
    head: &http::request::Parts,
    form: RowFormat,
    version: Option<&proto::DataVersion>,
    text: Bytes,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.kind()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(version) = version {
        // Ids of snapshots may have any letters; those that headers cannot carry are left out.
        if let Ok(id) = HeaderValue::from_str(&version.snapshot_id) {
            headers.insert("promised-snapshot", id);
        }
        headers.insert("promised-position", HeaderValue::from(version.sequence));
    }
    let text = pack(&head.headers, headers, text).await;
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    if head.method != Method::HEAD {
        *response.body_mut() = super::full(text);
    }
    response
}
