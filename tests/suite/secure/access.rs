//! Item 2: who may what. Every method by every role; tokens that are unknown, revoked, or have ended; whose name stands
//! in the journal; what is noted of refusals.

use super::place::{Place, said, text, who, with};
use promised::rpc::{
    proto::{
        self, admin_service_client::AdminServiceClient,
        promise_service_client::PromiseServiceClient,
        snapshot_service_client::SnapshotServiceClient,
    },
    secure::{
        methods::{self, NeededRole},
        roles::Role,
    },
};
use std::{collections::BTreeSet, time::Duration};
use tonic::{Code, Request, Status, transport::Channel};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

/// Calls any method with an empty request: the status, or that it was let in.
async fn call(channel: &Channel, path: &str, token: Option<&str>) -> Result<(), Status> {
    let mut grpc = tonic::client::Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    let request = tokio_stream::once(());
    let request = match token {
        Some(token) => with(token, request),
        None => Request::new(request),
    };
    let mut answers = grpc.streaming(request, path.parse().unwrap(), codec).await?.into_inner();
    // One that waits for something to tell has let us in.
    match tokio::time::timeout(Duration::from_millis(300), answers.message()).await {
        Ok(Err(status)) => Err(status),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

fn is_refused(called: &Result<(), Status>) -> bool {
    let code = called.as_ref().err().map(Status::code);
    matches!(code, Some(Code::PermissionDenied | Code::Unauthenticated))
}

async fn reflected(channel: Channel, token: &str) -> BTreeSet<String> {
    let mut client = ServerReflectionClient::new(channel);
    let ask = |what| ServerReflectionRequest { host: String::new(), message_request: Some(what) };
    let mut all = BTreeSet::new();
    let request = tokio_stream::once(ask(MessageRequest::ListServices(String::new())));
    let mut answers =
        client.server_reflection_info(with(token, request)).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(services) = answer else { panic!("{answer:?}") };
    let pool = prost_reflect::DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
    for service in services.service {
        if let Some(service) = pool.get_service_by_name(&service.name) {
            let path = |method: prost_reflect::MethodDescriptor| {
                format!("/{}/{}", service.full_name(), method.name())
            };
            // Probes of health come without a token.
            all.extend(service.methods().map(path).filter(|path| path.starts_with("/promised.")));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_by_every_role() {
    let place = Place::new();
    let tokens: Vec<_> = Role::ALL
        .into_iter()
        .map(|role| (role, place.token(role.word(), &["--role", role.word()])))
        .collect();
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let channel = server.plain().await;
    let served = reflected(channel.clone(), &tokens[0].1).await;
    let known: BTreeSet<_> = methods::all().map(|(path, _)| path).collect();
    let without: Vec<_> = served.difference(&known).collect();
    assert!(without.is_empty(), "methods without a role: {without:?}");
    for (path, need) in methods::all().filter(|(path, _)| served.contains(path)) {
        assert_eq!(
            said(&call(&channel, &path, None).await.unwrap_err()),
            "Unauthenticated CREDENTIALS_MISSING"
        );
        for (role, token) in &tokens {
            let called = call(&channel, &path, Some(token)).await;
            let may = need.roles().is_empty() || need.roles().contains(&role.word());
            // A planner may promise in scenarios only, and an empty request names none.
            let only_there =
                matches!(need, NeededRole::Live(_)) && !need_on_live(need).contains(&role.word());
            assert_eq!(is_refused(&called), !may || only_there, "{path} by {role}: {called:?}");
            if is_refused(&called) {
                assert_eq!(
                    said(&called.unwrap_err()),
                    "PermissionDenied ROLE_MISSING",
                    "{path} by {role}"
                );
            }
        }
    }
}

/// The roles that suffice on live.
fn need_on_live(need: NeededRole) -> Vec<&'static str> {
    match need {
        NeededRole::Live(role) => role.sufficient().collect(),
        other => other.roles(),
    }
}

fn line(order: &str) -> proto::OrderLine {
    proto::OrderLine {
        order: order.to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        customer: "AW00000001".to_string(),
        ..proto::OrderLine::default()
    }
}

fn promise(order: &str) -> proto::PromiseRequest {
    let (request_id, lines) = (order.to_string(), vec![line(order)]);
    proto::PromiseRequest { request_id, lines, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_needs_to_plan_and_a_force_needs_an_administrator() {
    let place = Place::new();
    let promiser = place.token("p", &["--role", "promise"]);
    let planner = place.token("l", &["--role", "plan"]);
    let loader = place.token("d", &["--role", "load"]);
    let admin = place.token("a", &["--role", "admin"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = PromiseServiceClient::new(server.plain().await);
    let mut scenarios =
        proto::scenario_service_client::ScenarioServiceClient::new(server.plain().await);
    let made = scenarios.create(with(&planner, proto::CreateScenarioRequest::default())).await;
    let scenario_id = made.unwrap().into_inner().scenario_id;
    let within =
        |order| proto::PromiseRequest { scenario_id: scenario_id.clone(), ..promise(order) };
    assert!(client.promise(with(&promiser, promise("A"))).await.is_ok());
    let refused = client.promise(with(&promiser, within("B"))).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    assert!(client.promise(with(&planner, within("C"))).await.is_ok());
    let refused = client.promise(with(&planner, promise("D"))).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    // A run that is to be made live at once is an application.
    let mut backlogs =
        proto::backlog_service_client::BacklogServiceClient::new(server.plain().await);
    let run = |apply| proto::RunBacklogRequest { apply, ..Default::default() };
    assert!(backlogs.run(with(&planner, run(false))).await.is_ok());
    let refused = backlogs.run(with(&planner, run(true))).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    let refused = backlogs.run_stream(with(&planner, run(true))).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    // Who made a scenario, and who ran, is told by name.
    let listed = scenarios.list(with(&planner, proto::ListScenariosRequest {})).await.unwrap();
    assert!(listed.into_inner().scenarios.iter().all(|one| one.owner == "l"));
    let runs = backlogs.list_runs(with(&planner, proto::ListRunsRequest {})).await.unwrap();
    assert!(runs.into_inner().runs.iter().all(|one| one.by == "l"));
    let force = proto::Force { by: "somebody else".to_string(), why: "a test".to_string() };
    // More than there is: only then does a force count.
    let many = |order: &str| vec![proto::OrderLine { quantity: 5_000.0, ..line(order) }];
    let forced = |order| proto::PromiseRequest {
        force: Some(force.clone()),
        lines: many(order),
        ..promise(order)
    };
    let refused = client.promise(with(&promiser, forced("E"))).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    let done = client.promise(with(&admin, forced("F"))).await.unwrap().into_inner();
    let id = done.promises[0].promise_id.clone();
    let get = proto::GetPromiseRequest { promise_id: id, ..Default::default() };
    let kept = client.get(with(&admin, get)).await.unwrap().into_inner();
    assert_eq!(
        kept.promises[0].force.as_ref().unwrap().by,
        "a",
        "the principal, whatever was written"
    );
    let mut snapshots = SnapshotServiceClient::new(server.plain().await);
    let activate = proto::ActivateRequest { snapshot_id: "x".to_string(), force: Some(force) };
    let refused = snapshots.activate(with(&loader, activate.clone())).await.unwrap_err();
    assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING");
    assert_eq!(
        snapshots.activate(with(&admin, activate)).await.unwrap_err().code(),
        Code::NotFound
    );
    // A stream is asked message by message.
    let stream = tokio_stream::iter([promise("G"), within("H")]);
    let mut answers = client.promise_stream(with(&promiser, stream)).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(answers.message().await.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_holds_from_when_it_is_made_until_it_is_revoked_or_ends() {
    let place = Place::new();
    let admin = place.token("admin", &["--role", "admin"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let channel = server.plain().await;
    let mut admins = AdminServiceClient::new(channel.clone());
    let create = |name: &str, expires| proto::CreateTokenRequest {
        name: name.to_string(),
        roles: vec!["read".to_string()],
        expires,
        ..Default::default()
    };
    let made = admins.create_token(with(&admin, create("new", None))).await.unwrap().into_inner();
    assert_eq!(who(channel.clone(), Some(&made.token)).await.unwrap(), "new: read", "at once");
    let again = admins.create_token(with(&admin, create("new", None))).await.unwrap_err();
    assert_eq!(said(&again), "AlreadyExists TOKEN_EXISTS");
    let past = Some(prost_types::Timestamp { seconds: 1_000_000_000, nanos: 0 });
    let ended =
        admins.create_token(with(&admin, create("ended", past))).await.unwrap().into_inner();
    let invalid = "Unauthenticated CREDENTIALS_INVALID";
    assert_eq!(said(&who(channel.clone(), Some(&ended.token)).await.unwrap_err()), invalid);
    let list =
        admins.list_tokens(with(&admin, proto::ListTokensRequest {})).await.unwrap().into_inner();
    let names: Vec<_> = list.tokens.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["admin", "new", "ended"]);
    let revoke = proto::RevokeTokenRequest { name: "new".to_string() };
    admins.revoke_token(with(&admin, revoke.clone())).await.unwrap();
    assert_eq!(
        said(&who(channel.clone(), Some(&made.token)).await.unwrap_err()),
        invalid,
        "at once"
    );
    let again = admins.revoke_token(with(&admin, revoke)).await.unwrap_err();
    assert_eq!(said(&again), "NotFound TOKEN_UNKNOWN");
    for wrong in ["pmt_x", "", "é"] {
        let Ok(value) = format!("Bearer {wrong}").parse() else { continue };
        let mut request = Request::new(proto::WhoAmIRequest {});
        request.metadata_mut().insert("authorization", value);
        assert_eq!(said(&admins.who_am_i(request).await.unwrap_err()), invalid, "{wrong:?}");
    }
    // The command changes the file, and the server hears of it.
    let second = place.token("second", &["--role", "read"]);
    server.signal(rustix::process::Signal::HUP);
    let mut known = who(channel.clone(), Some(&second)).await;
    for _ in 0..2_000 {
        if known.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        known = who(channel.clone(), Some(&second)).await;
    }
    assert_eq!(known.unwrap(), "second: read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_says_by_whom_and_the_audit_who_was_refused() {
    let place = Place::new();
    let shop = place.token("shop", &["--role", "promise"]);
    let reader = place.token("reader", &["--role", "read"]);
    let admin = place.token("admin", &["--role", "admin"]);
    {
        let server = place.serve(&["--access-tokens", "tokens.toml", "--data", "data"]);
        let channel = server.plain().await;
        let mut client = PromiseServiceClient::new(channel.clone());
        client.promise(with(&shop, promise("A"))).await.unwrap();
        let cancel = proto::CancelRequest {
            request_id: "back".to_string(),
            promise_id: "P1".to_string(),
            ..Default::default()
        };
        let cancelled = client.cancel(with(&admin, cancel)).await.unwrap().into_inner();
        assert_eq!(cancelled.promise.unwrap().by, "shop");
        let get = proto::GetPromiseRequest {
            promise_id: "P1".to_string(),
            history: true,
            ..Default::default()
        };
        let got = client.get(with(&reader, get)).await.unwrap().into_inner();
        let steps = got.promises[0].history.iter().map(|step| &*step.by);
        assert_eq!(steps.collect::<Vec<_>>(), ["shop", "admin"]);
        client.promise(with(&reader, promise("B"))).await.unwrap_err();
        client.promise(Request::new(promise("C"))).await.unwrap_err();
        let mut admins = AdminServiceClient::new(channel);
        admins.get_config(with(&admin, proto::GetConfigRequest {})).await.unwrap();
        let ask = proto::ListAuditRequest { page_size: 2, ..Default::default() };
        let page = admins.list_audit(with(&admin, ask.clone())).await.unwrap().into_inner();
        assert_eq!(page.records.len(), 2);
        let rest =
            proto::ListAuditRequest { page_size: 0, page_token: page.next_page_token, ..ask };
        let rest = admins.list_audit(with(&admin, rest)).await.unwrap().into_inner();
        let of_reader =
            proto::ListAuditRequest { principal: "reader".to_string(), ..Default::default() };
        let of_reader = admins.list_audit(with(&admin, of_reader)).await.unwrap().into_inner();
        assert_eq!(of_reader.records.len(), 1);
        assert!(
            rest.records.iter().any(|it| it.principal == "reader" && it.reason == "ROLE_MISSING")
        );
    }
    let audit = std::fs::read_to_string(place.path("data/audit.ndjson")).unwrap();
    let lines: Vec<serde_json::Value> =
        audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen = |principal: &str, method: &str, code: &str| {
        lines.iter().any(|line| {
            line["principal"] == principal && line["method"] == method && line["code"] == code
        })
    };
    assert!(seen("reader", "PromiseService/Promise", "PERMISSION_DENIED"), "{audit}");
    assert!(seen("", "PromiseService/Promise", "UNAUTHENTICATED"), "{audit}");
    assert!(seen("admin", "AdminService/GetConfig", "OK"), "{audit}");
    assert!(!seen("shop", "PromiseService/Promise", "OK"), "what is done stands in the journal");
    let dump = super::place::promised(&["journal", "dump", place.path("data").to_str().unwrap()]);
    let dump = text(&dump.stdout);
    assert!(dump.lines().any(|line| line.contains("\"shop\"")), "{dump}");
    for place in [&audit, &dump, &place.log()] {
        for token in [&shop, &reader, &admin] {
            assert!(!place.contains(token.as_str()), "a token is nowhere told");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_in_particular_has_the_roles_that_are_his() {
    let place = Place::new();
    let shop = place.token("shop", &["--role", "promise"]);
    let server = place.serve(&["--access-tokens", "tokens.toml", "--access-anonymous", "read"]);
    assert_eq!(who(server.plain().await, None).await.unwrap(), "anonymous: read");
    assert_eq!(who(server.plain().await, Some(&shop)).await.unwrap(), "shop: read,promise");
    // Who says who he is, and is not, is not let in as nobody.
    let invalid = who(server.plain().await, Some("pmt_wrong")).await.unwrap_err();
    assert_eq!(said(&invalid), "Unauthenticated CREDENTIALS_INVALID");
}
