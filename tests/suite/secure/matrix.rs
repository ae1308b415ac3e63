//! Item 2: every method by every role, over gRPC and over HTTP, with a request that succeeds where the role suffices: so a
//! refusal is one of the role and of nothing else, and a role that suffices really does.

use super::{
    super::http::client::Client,
    place::{Place, Server, said, with},
};
use bytes::{Buf, BufMut};
use promised::{
    journal::codec::check_sum,
    rpc::{
        proto,
        secure::{
            methods::{self, NeededRole},
            roles::Role,
        },
    },
};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

/// Messages as the bytes that they are.
#[derive(Clone, Default)]
struct Plain;

impl Codec for Plain {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buf: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buf.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buf.copy_to_bytes(buf.remaining()).to_vec()))
    }
}

/// The tiny snapshot with shares of seals, so that there is something for every method.
fn tables(to: &Path) {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny");
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(tiny).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    for (name, text) in [
        ("demand_classes.csv", "demand_class,parent,rank\nall,,1\ngold,all,1\nsilver,all,2\n"),
        (
            "allocation_rules.csv",
            "rule,demand_class,kind,method,value\nR,gold,share,percent,50\nR,silver,share,percent,50\n",
        ),
        ("allocation_assignments.csv", "rule,item,location\nR,SEAL,HAM\n"),
        (
            "on_hand.csv",
            "item,location,quantity\nPUMP,HAM,300\nBODY,BER,10\nVALVE,HAM,500\nSEAL,HAM,10000\n",
        ),
    ] {
        fs::write(to.join(name), text).unwrap();
    }
}

/// What makes each request one that succeeds: the state that it needs is made by an administrator first.
struct Desk {
    channel: Channel,
    pool: DescriptorPool,
    admin: String,
    n: usize,
}

impl Desk {
    fn name(&mut self) -> String {
        self.n += 1;
        format!("N{}", self.n)
    }

    fn method(&self, path: &str) -> MethodDescriptor {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap();
        let service = self.pool.get_service_by_name(service).unwrap();
        let mut methods = service.methods();
        methods.find(|it| it.name() == method).unwrap()
    }

    fn bytes(&self, path: &str, json: &Value) -> Vec<u8> {
        let message = self.method(path).input();
        let read = DynamicMessage::deserialize(message, json);
        read.unwrap_or_else(|error| panic!("{path}: {json}: {error}")).encode_to_vec()
    }

    /// Calls by gRPC; of a stream the first message is waited for, if one comes soon.
    async fn grpc(&self, path: &str, requests: &[Value], token: &str) -> Result<Vec<u8>, Status> {
        let mut grpc = tonic::client::Grpc::new(self.channel.clone());
        grpc.ready().await.unwrap();
        let messages: Vec<_> = requests.iter().map(|json| self.bytes(path, json)).collect();
        let request = with(token, tokio_stream::iter(messages));
        let mut answers = grpc.streaming(request, path.parse().unwrap(), Plain).await?.into_inner();
        if waits(path) {
            return Ok(Vec::new());
        }
        let mut last = Vec::new();
        while let Some(message) = answers.message().await? {
            last = message;
        }
        Ok(last)
    }

    async fn by_admin(&self, path: &str, json: Value) -> Value {
        let path = format!("/promised.v1.{path}");
        let answer = self.grpc(&path, &[json], &self.admin).await;
        let answer = answer.unwrap_or_else(|status| panic!("{path}: {status:?}"));
        let message = DynamicMessage::decode(self.method(&path).output(), &answer[..]).unwrap();
        serde_json::to_value(&message).unwrap()
    }

    fn line(&mut self) -> Value {
        let order = self.name();
        json!({ "order": order, "line": "1", "item": "VALVE", "quantity": 1, "requestedDate": "2026-11-25", "customer": "NORDWIND" })
    }

    /// A promise, held or confirmed.
    async fn promise(&mut self, commitment: &str) -> String {
        let line = self.line();
        self.promise_of(commitment, line).await
    }

    async fn promise_of(&mut self, commitment: &str, line: Value) -> String {
        let id = self.name();
        let request = json!({ "requestId": id, "lines": [line], "commitment": commitment });
        let made = self.by_admin("PromiseService/Promise", request).await;
        made["promises"][0]["promiseId"].as_str().unwrap_or_else(|| panic!("{made}")).to_string()
    }

    async fn scenario(&mut self) -> String {
        let made = self.by_admin("ScenarioService/Create", json!({})).await;
        made["scenarioId"].as_str().unwrap().to_string()
    }

    async fn run(&mut self) -> String {
        let run = self.by_admin("BacklogService/Run", json!({})).await;
        run["runId"].as_str().unwrap().to_string()
    }

    /// One late promise is an exception.
    async fn exception(&mut self) -> Value {
        let listed = self.by_admin("ExceptionService/List", json!({})).await;
        listed["exceptions"][0]["exceptionId"].clone()
    }

    /// A push that says what is wrong with a snapshot, and changes nothing.
    fn push(&mut self, tables: &Path) -> Vec<Value> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let id = self.name();
        let mut parts = vec![json!({ "begin": { "snapshotId": id } })];
        for entry in fs::read_dir(tables).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.ends_with(".md") || name == "orders.csv" {
                continue;
            }
            let mut data = fs::read(entry.path()).unwrap();
            if name == "manifest.json" {
                let mut manifest: Value = serde_json::from_slice(&data).unwrap();
                manifest["snapshot_id"] = id.clone().into();
                data = manifest.to_string().into_bytes();
            }
            let crc32c = u32::from_le_bytes(check_sum(&data));
            let chunk = json!({ "file": name, "data": STANDARD.encode(&data), "crc32c": crc32c, "last": true });
            parts.push(json!({ "chunk": chunk }));
        }
        parts.push(json!({ "finish": { "aim": "VALIDATE" } }));
        parts
    }

    /// A request of a method that succeeds now, for whoever may make it.
    #[allow(clippy::cognitive_complexity, reason = "a table of all methods")]
    async fn request(&mut self, method: &str, tables: &Path) -> Vec<Value> {
        let id = self.name();
        let one = match method {
            "PromiseService/CheckAvailability" => json!({ "lines": [self.line()] }),
            "PromiseService/Promise" | "PromiseService/PromiseStream" => {
                json!({ "requestId": id, "lines": [self.line()] })
            }
            "PromiseService/Confirm" => {
                json!({ "requestId": id, "promiseId": self.promise("HOLD").await })
            }
            "PromiseService/Cancel" | "PromiseService/Fulfil" => {
                json!({ "requestId": id, "promiseId": self.promise("CONFIRM").await })
            }
            "PromiseService/Reopen" => {
                let promise_id = self.promise("CONFIRM").await;
                let shipped = json!({ "requestId": self.name(), "promiseId": promise_id });
                self.by_admin("PromiseService/Fulfil", shipped).await;
                json!({ "requestId": id, "promiseId": promise_id })
            }
            "PromiseService/Amend" => {
                let line = self.line();
                let promise_id = self.promise_of("CONFIRM", line.clone()).await;
                json!({ "requestId": id, "promiseId": promise_id, "line": line })
            }
            "PromiseService/ExtendHold" => {
                json!({ "requestId": id, "promiseIds": [self.promise("HOLD").await], "holdFor": "3600s" })
            }
            "PromiseService/Get" | "PromiseService/GetPegging" | "PromiseService/Explain" => {
                json!({ "promiseId": "P1" })
            }
            "AvailabilityService/GetAvailability" => {
                json!({ "item": "VALVE", "locations": ["HAM"], "days": 2 })
            }
            "AvailabilityService/GetAccount" => {
                json!({ "item": "VALVE", "location": "HAM", "days": 2 })
            }
            "AvailabilityService/QuickCheck" => {
                json!({ "queries": [{ "item": "VALVE", "location": "HAM", "quantity": 1, "date": "2026-11-25" }] })
            }
            "AvailabilityService/GetCapacity" => json!({ "resource": "BENCH" }),
            "AvailabilityService/WatchAvailability" => {
                json!({ "thresholds": [{ "item": "VALVE", "location": "HAM", "date": "2026-11-25", "atLeast": 5 }] })
            }
            "AllocationService/GetAllocation" => json!({ "item": "SEAL", "location": "HAM" }),
            "AllocationService/Preview" | "AllocationService/Change" => {
                let shift = json!({ "fromClass": "gold", "toClass": "silver", "quantity": 1 });
                let mut request =
                    json!({ "item": "SEAL", "location": "HAM", "changes": [{ "shift": shift }] });
                if method.ends_with("Change") {
                    request["requestId"] = id.into();
                }
                request
            }
            "ScenarioService/Change" => {
                let change = json!({ "change": "on_hand_set", "cells": { "item": "VALVE", "location": "HAM", "quantity": "501" } });
                json!({ "scenarioId": self.scenario().await, "changes": [change] })
            }
            "ScenarioService/Compare"
            | "ScenarioService/CompareStream"
            | "ScenarioService/Discard"
            | "ScenarioService/Get" => json!({ "scenarioId": self.scenario().await }),
            "ScenarioService/Apply" => {
                json!({ "requestId": id, "scenarioId": self.scenario().await })
            }
            "ScenarioService/Revert" => {
                let scenario_id = self.scenario().await;
                let line = self.line();
                let promise =
                    json!({ "requestId": self.name(), "lines": [line], "scenarioId": scenario_id });
                self.by_admin("PromiseService/Promise", promise).await;
                let apply = json!({ "requestId": self.name(), "scenarioId": scenario_id });
                let applied = self.by_admin("ScenarioService/Apply", apply).await;
                json!({ "requestId": id, "position": applied["sequence"] })
            }
            "ScenarioService/Vary" => {
                let line = self.line();
                json!({ "scenarioId": self.scenario().await, "lines": [line], "parameter": "on_hand:VALVE/HAM:0..10:5" })
            }
            "BacklogService/GetRun" | "BacklogService/CancelRun" => {
                json!({ "runId": self.run().await })
            }
            "BacklogService/Apply" => {
                json!({ "requestId": id, "scenarioId": self.run().await })
            }
            "SnapshotService/Push" => return self.push(tables),
            "SnapshotService/GetUpload" => json!({ "snapshotId": "X" }),
            "SnapshotService/Activate" => {
                let listed = self.by_admin("SnapshotService/List", json!({})).await;
                json!({ "snapshotId": listed["snapshots"][0]["snapshotId"] })
            }
            "SnapshotService/ApplyChanges" => {
                let change = json!({ "change": "on_hand_set", "cells": { "item": "VALVE", "location": "HAM", "quantity": "600" } });
                json!({ "requestId": id, "changes": [change] })
            }
            "SnapshotService/GetReconciliation" => json!({ "number": 1 }),
            "CatalogService/Find" => json!({ "text": "VAL" }),
            "CatalogService/GetItem" => json!({ "item": "VALVE" }),
            "CatalogService/GetLocation" => json!({ "location": "HAM" }),
            "CatalogService/GetCustomer" => json!({ "customer": "NORDWIND" }),
            "CatalogService/GetRules" => json!({ "item": "VALVE", "location": "HAM" }),
            "ExceptionService/Acknowledge" => {
                json!({ "requestId": id, "exceptionId": self.exception().await, "by": "me" })
            }
            "ExceptionService/Snooze" => {
                json!({ "requestId": id, "exceptionId": self.exception().await, "by": "me", "until": "2099-01-01T00:00:00Z" })
            }
            "EventService/Watch" => json!({ "fromSequence": 1 }),
            "AnalyticsService/Query" => json!({ "measures": ["lines"] }),
            "AnalyticsService/Export" => json!({ "format": "CSV" }),
            "AdminService/CreateToken" => json!({ "name": id, "roles": ["read"] }),
            "AdminService/RevokeToken" => {
                let create = json!({ "name": id, "roles": ["read"] });
                self.by_admin("AdminService/CreateToken", create).await;
                json!({ "name": id })
            }
            _ => json!({}),
        };
        vec![one]
    }
}

/// Streams that go on for ever.
fn waits(path: &str) -> bool {
    path.contains("Watch")
}

/// Status and error of a call over HTTP.
async fn http(
    server: &Server,
    path: &str,
    json: &Value,
    token: &str,
    is_stream: bool,
) -> (u16, String) {
    let mut client = Client::connect(&server.address).await;
    let bearer = format!("Bearer {token}");
    let content = if is_stream { "application/connect+json" } else { "application/json" };
    let headers =
        [("content-type", content), ("authorization", &*bearer), ("connect-protocol-version", "1")];
    let text = json.to_string();
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    let body = match is_stream {
        true => [&[0][..], &length, text.as_bytes()].concat(),
        false => text.into_bytes(),
    };
    if waits(path) {
        let mut head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        client.send(&[head.as_bytes(), &body[..]].concat()).await;
        return (client.head().await.status, String::new());
    }
    let answer = client.ask("POST", path, &headers, &body).await;
    (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
}

/// The roles that suffice for a method on live.
fn may(need: NeededRole, role: Role) -> bool {
    match need {
        NeededRole::Live(least) => least.sufficient().any(|word| word == role.word()),
        other => other.roles().is_empty() || other.roles().contains(&role.word()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_suffices_succeeds_and_any_other_is_refused_for_the_role() {
    let place = Place::new();
    let dir = place.path("tables");
    tables(&dir);
    let tokens: Vec<_> = Role::ALL
        .into_iter()
        .map(|role| (role, place.token(role.word(), &["--role", role.word()])))
        .collect();
    let admin = tokens.iter().find(|(role, _)| *role == Role::Admin).unwrap().1.clone();
    let server = place.serve_of(&dir, &["--access-tokens", "tokens.toml", "--data", "data"], &[]);
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
    let mut desk = Desk { channel: server.plain().await, pool, admin, n: 0 };
    desk.promise("CONFIRM").await;
    // One that is late, for whoever looks at exceptions.
    let line = json!({ "order": "LATE", "line": "1", "item": "PUMP", "quantity": 302, "requestedDate": "2026-11-24", "customer": "NORDWIND" });
    desk.by_admin("PromiseService/Promise", json!({ "requestId": "late", "lines": [line] })).await;
    let (mut n_let_in, mut n_refused, mut faults) = (0, 0, Vec::new());
    for (path, need) in methods::all() {
        let method = path.trim_start_matches("/promised.v1.");
        let shape = desk.method(&path);
        let nobody = desk.request(method, &dir).await;
        assert_eq!(
            said(&desk.grpc(&path, &nobody, "pmt_nobody").await.unwrap_err()),
            "Unauthenticated CREDENTIALS_INVALID",
            "{path}"
        );
        for (role, token) in &tokens {
            let about = format!("{path} by {}", role.word());
            let requests = desk.request(method, &dir).await;
            let called = desk.grpc(&path, &requests, token).await;
            if may(need, *role) {
                n_let_in += 1;
                if let Err(status) = called {
                    faults.push(format!("{about}: {requests:?}: {status}"));
                }
            } else {
                n_refused += 1;
                let said = called.map_or_else(|status| said(&status), |_| "let in".to_string());
                if said != "PermissionDenied ROLE_MISSING" {
                    faults.push(format!("{about}: {said}"));
                }
            }
            // Files, and streams of a client, come by gRPC alone.
            if shape.is_client_streaming() || method == "AdminService/Backup" {
                continue;
            }
            let requests = desk.request(method, &dir).await;
            let is_stream = shape.is_server_streaming();
            let (status, text) = http(&server, &path, &requests[0], token, is_stream).await;
            let is_as_wanted = if may(need, *role) {
                n_let_in += 1;
                status == 200 && !text.contains("\"error\"")
            } else {
                n_refused += 1;
                status == 403 && text.contains("ROLE_MISSING")
            };
            if !is_as_wanted {
                faults.push(format!("{about} over HTTP: {requests:?}: {status} {text}"));
            }
        }
    }
    // All that is wrong at once.
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(200 < n_let_in && 200 < n_refused, "{n_let_in} let in, {n_refused} refused");
}
