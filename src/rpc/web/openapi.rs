//! `GET /openapi.json`: what can be asked over HTTP, written from the same descriptors that answer it.
//!
//! Words are the comments of the proto files. Every operation has `x-roles`, the roles any one of which suffices.

mod parts;

use super::super::{secure, sheet};
use super::{
    connect::pack,
    methods::{self, RpcMethod, Shape},
    not_allowed, orders, sheets, snapshots,
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use parts::{ERROR, content, error, of, parameter, responses, secure, security_schemes};
use prost_reflect::{EnumDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};
use tonic::body::Body;

/// Where it is.
pub(super) const AT: &str = "/openapi.json";

/// Answers with the description.
pub(super) async fn answer(request: Request<Body>) -> Response<Body> {
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| document().to_string().into());
    let is_head = request.method() == http::Method::HEAD;
    if !is_head && request.method() != http::Method::GET {
        return not_allowed("GET, HEAD");
    }
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let text = pack(request.headers(), headers, TEXT.clone()).await;
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    if !is_head {
        *response.body_mut() = super::full(text);
    }
    response
}

/// All of it.
pub(super) fn document() -> Value {
    let mut writer = Writer::default();
    let mut paths = Map::new();
    for method in methods::all().filter(|method| !methods::is_for_grpc(method)) {
        let operation = writer.operation(&method);
        paths.insert(method.path, json!({ "post": operation }));
    }
    for resource in sheets::RESOURCES {
        for (suffix, kind) in [("csv", "text/csv"), ("json", "application/json")] {
            let path = format!("{}{}.{suffix}", sheets::AT, resource.name);
            paths.insert(path, json!({ "get": writer.resource(resource, suffix, kind) }));
        }
    }
    paths.insert(orders::AT.to_string(), json!({ "post": of_orders() }));
    paths.insert(snapshots::AT.to_string(), json!({ "post": writer.of_snapshots() }));
    writer.schemas.insert(ERROR.to_string(), error());
    paths.values_mut().for_each(secure);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Promised",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Order promising. Every method by the Connect protocol: POST JSON to its path. \
                            Rows for spreadsheets below /v1/.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": writer.schemas, "securitySchemes": security_schemes() },
    })
}

fn of_orders() -> Value {
    let words = |name: &&str| {
        let (about, schema) = match *name {
            "commit" => (
                "Whether lines are kept",
                json!({ "type": "string", "enum": ["no", "hold", "confirm"] }),
            ),
            "hold_for" => (
                "How long they are held",
                json!({ "type": "string", "pattern": "^[1-9][0-9]{0,5}[smhd]$" }),
            ),
            "best_effort" => {
                ("Promise the others where lines are faulty", json!({ "type": "boolean" }))
            }
            "all_or_nothing" => (
                "Promise nothing unless every line is promised in full",
                json!({ "type": "boolean" }),
            ),
            "alternatives" => (
                "Further options of a line",
                json!({ "type": "integer", "minimum": 0, "maximum": 100 }),
            ),
            _ => ("The what-if scenario; live if not given", json!({ "type": "string" })),
        };
        parameter(name, about, &schema)
    };
    let mut parameters: Vec<_> = orders::PARAMETERS.iter().map(words).collect();
    parameters.push(json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The id of this command: sent again with the same lines it gives the first answer",
        "schema": { "type": "string", "maxLength": 256 },
    }));
    let rows = json!({ "type": "array", "items": { "type": "object" } });
    let both = json!({
        "text/csv": { "schema": { "type": "string" } },
        "application/json": { "schema": rows },
    });
    json!({
        "operationId": "orders",
        "tags": ["sheets"],
        "summary": "Order lines in, what became of them out",
        "description": "Rows have the columns of an orders file: order, line, item, quantity, requested_date, ...",
        "parameters": parameters,
        "requestBody": { "required": true, "content": both },
        "responses": responses(&format!("A row a leg: {}", sheet::RESULTS.join(", ")), &both),
        "x-roles": roles(orders::AT, KEEPS),
    })
}

/// Descriptions of messages that are named so far.
#[derive(Default)]
struct Writer {
    schemas: BTreeMap<String, Value>,
    comments: HashMap<String, HashMap<Vec<i32>, String>>,
}

impl Writer {
    fn operation(&mut self, method: &RpcMethod) -> Value {
        let (service, name) =
            method.path.trim_start_matches('/').split_once('/').unwrap_or_default();
        let about = self.about_method(service, name);
        let input = self.message(&method.input);
        let output = self.message(&method.output);
        let kind = match method.shape {
            Shape::ServerStream => "application/x-ndjson",
            Shape::Unary | Shape::ClientStream => "application/json",
        };
        let short = service.rsplit('.').next().unwrap_or(service);
        json!({
            "operationId": format!("{short}_{name}"),
            "tags": [short],
            "summary": about.split(['.', '\n']).next().unwrap_or_default(),
            "description": about,
            "requestBody": { "required": true, "content": content("application/json", &input) },
            "responses": responses("It was done", &content(kind, &output)),
            "x-roles": roles(&method.path, ""),
        })
    }

    fn resource(&mut self, resource: &sheets::SheetResource, suffix: &str, kind: &str) -> Value {
        let message = methods::pool().get_message_by_name(resource.message).expect("it is ours");
        let mut parameters = Vec::new();
        for field in message.fields().filter(|field| !resource.left_out.contains(&field.name())) {
            if field.kind().as_message().is_none() {
                let (about, schema) = (self.about_field(&field), self.field(&field));
                parameters.push(parameter(field.name(), &about, &schema));
            }
        }
        let row = match kind {
            "text/csv" => json!({ "type": "string" }),
            _ => json!({ "type": "array", "items": { "type": "object" } }),
        };
        let about = format!("{}: {}", resource.about, resource.columns.join(", "));
        json!({
            "operationId": format!("{}_{suffix}", resource.name),
            "tags": ["sheets"],
            "summary": resource.about,
            "parameters": parameters,
            "responses": responses(&about, &content(kind, &row)),
            "x-roles": roles(resource.method, ""),
        })
    }

    fn of_snapshots(&mut self) -> Value {
        let method = methods::get("/promised.v1.SnapshotService/Push").expect("it is ours");
        let answer = self.message(&method.output);
        let aim = json!({ "type": "string", "enum": ["activate", "validate", "force"] });
        let parameters = snapshots::PARAMETERS.map(|name| match name {
            "aim" => parameter(name, "What is to become of it", &aim),
            "by" => parameter(name, "Who forces it in", &json!({ "type": "string" })),
            _ => parameter(name, "Why", &json!({ "type": "string" })),
        });
        let form = json!({ "type": "object", "properties": { "file": { "type": "array", "items": { "type": "string", "format": "binary" } } } });
        let mut responses =
            responses("It serves, or was validated", &content("application/json", &answer));
        responses["422"] = json!({ "description": "It is held back", "content": content("application/json", &answer) });
        json!({
            "operationId": "snapshots",
            "tags": ["sheets"],
            "summary": "A snapshot, a part a file",
            "parameters": parameters,
            "requestBody": { "required": true, "content": content("multipart/form-data", &form) },
            "responses": responses,
            "x-roles": roles(snapshots::AT, ""),
        })
    }

    /// Where a message is described, which it is then.
    fn message(&mut self, message: &MessageDescriptor) -> Value {
        let name = message.full_name();
        match name {
            "google.protobuf.Timestamp" => {
                return json!({ "type": "string", "format": "date-time" });
            }
            "google.protobuf.Duration" => {
                return json!({ "type": "string", "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$" });
            }
            "google.protobuf.Any" => {
                return json!({ "type": "object", "properties": { "@type": { "type": "string" } } });
            }
            _ => (),
        }
        if !self.schemas.contains_key(name) {
            // Named before it is described: it may have itself in it.
            self.schemas.insert(name.to_string(), Value::Null);
            let mut properties = Map::new();
            for field in message.fields() {
                let mut schema = self.field(&field);
                let about = self.about_field(&field);
                if !about.is_empty() {
                    schema["description"] = about.into();
                }
                properties.insert(field.json_name().to_string(), schema);
            }
            let about = self.about(&message.parent_file(), message.path());
            let schema = json!({
                "type": "object",
                "description": about,
                "properties": properties,
                "additionalProperties": false,
            });
            self.schemas.insert(name.to_string(), schema);
        }
        of(name)
    }

    fn field(&mut self, field: &FieldDescriptor) -> Value {
        let kind = field.kind();
        if let (true, Kind::Message(entry)) = (field.is_map(), &kind) {
            let value = self.one(&entry.map_entry_value_field().kind());
            return json!({ "type": "object", "additionalProperties": value });
        }
        let one = self.one(&kind);
        if field.is_list() { json!({ "type": "array", "items": one }) } else { one }
    }

    fn one(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Message(message) => self.message(message),
            Kind::Enum(choices) => choice(choices),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Double | Kind::Float => json!({ "type": "number" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX })
            }
            Kind::Uint32 | Kind::Fixed32 => {
                json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
            }
            // Whole numbers of 64 bits are texts in the JSON of protobuf.
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                json!({ "type": "string", "pattern": "^-?[0-9]{1,18}$" })
            }
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "pattern": "^[0-9]{1,19}$" }),
        }
    }

    fn about_field(&mut self, field: &FieldDescriptor) -> String {
        let about = self.about(&field.parent_message().parent_file(), field.path());
        match field.containing_oneof().filter(|choice| !choice.is_synthetic()) {
            Some(choice) => {
                let names: Vec<_> =
                    choice.fields().map(|one| one.json_name().to_string()).collect();
                format!("{about} One of: {}.", names.join(", "))
            }
            None => about,
        }
    }

    fn about_method(&mut self, service: &str, name: &str) -> String {
        let Some(service) = methods::pool().get_service_by_name(service) else {
            return String::new();
        };
        let Some(method) = service.methods().find(|method| method.name() == name) else {
            return String::new();
        };
        self.about(&service.parent_file(), method.path())
    }

    /// The comment at a place of a file.
    fn about(&mut self, file: &FileDescriptor, path: &[i32]) -> String {
        let comments = self.comments.entry(file.name().to_string()).or_insert_with(|| {
            let info = file.file_descriptor_proto().source_code_info.clone().unwrap_or_default();
            let comment = |location: prost_types::source_code_info::Location| {
                let text = location.leading_comments?;
                let text: Vec<_> = text.lines().map(str::trim).collect();
                Some((location.path, text.join(" ").trim().to_string()))
            };
            info.location.into_iter().filter_map(comment).collect()
        });
        comments.get(path).cloned().unwrap_or_default()
    }
}

fn choice(choices: &EnumDescriptor) -> Value {
    let names: Vec<_> = choices.values().map(|value| value.name().to_string()).collect();
    json!({ "type": "string", "enum": names })
}

/// The query of an order file whose lines are kept: without it whoever may read may ask.
const KEEPS: &str = "commit=confirm";

/// The roles any one of which may call a path with a query (contract 8), by the very table that calls are held against;
/// none where anybody may.
fn roles(path: &str, query: &str) -> Vec<&'static str> {
    secure::methods::of(path, query).roles()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_described_with_its_comment_and_its_roles() {
        let document = document();
        for method in methods::all().filter(|method| !methods::is_for_grpc(method)) {
            let operation = &document["paths"][&method.path]["post"];
            assert!(operation["x-roles"].is_array(), "{}", method.path);
            let is_ours = method.path.starts_with("/promised.");
            assert!(!is_ours || operation["summary"] != "", "{}", method.path);
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            assert!(schema.is_object(), "{name}");
        }
        let line = &document["components"]["schemas"]["promised.v1.OrderLine"]["properties"];
        assert_eq!(line["quantity"]["type"], "number");
        assert!(line["requestedDate"]["description"].as_str().is_some_and(|text| !text.is_empty()));
    }
}
