//! gRPC, end to end: a server in this process, real clients, the snapshot `snapshots/tiny`.
//!
//! Few tests: that every method is wired, what codes and details faults get, and that nothing is sold twice.
//! What is promised and why is tested elsewhere.

use promised::{
    engine::{
        Config, Engine,
        refresh::{RefreshSettings, Refresher, Store},
    },
    journal::Memory,
    loader::{self, Silent},
    rpc::{self, edge::Limits, proto},
    snapshot::Snapshot,
};
use prost::Message;
use proto::{
    availability_service_client::AvailabilityServiceClient, line_result::Status as Fares,
    order_line::DateType, promise_request::Commitment,
    promise_service_client::PromiseServiceClient, promise_stream_response::Outcome,
    reservation::State,
};
use std::{future::poll_fn, path::Path, pin::Pin, sync::Arc};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{
    Code, Status,
    codegen::{Body, Service, http},
    transport::Channel,
};
use tonic_types::StatusExt;

/// What takes new data in for an engine, with a store that vanishes with it.
pub fn refresher(engine: &Engine) -> Arc<Refresher> {
    let store = Store::open(None).expect("a temporary directory can be had");
    Refresher::new(engine.clone(), store, RefreshSettings::default()).expect("an empty store")
}

/// A server that answers on a port of its own until it is dropped.
pub struct Server {
    refresher: Arc<Refresher>,
    pub engine: Engine,
    pub channel: Channel,
    pub url: String,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Server {
    pub async fn start(tables: &Path, config: Config) -> Self {
        Self::start_within(tables, config, Limits::default()).await
    }

    pub async fn tiny_within(limits: Limits) -> Self {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny");
        Self::start_within(&tables, Config::new(), limits).await
    }

    pub async fn start_within(tables: &Path, config: Config, limits: Limits) -> Self {
        let loaded = loader::open(tables, &Silent).expect("there is a snapshot");
        let snapshot: Snapshot = loaded.snapshot.expect("it has no errors");
        let journal = Box::new(Memory::default());
        let engine = Engine::start(Arc::new(snapshot), journal, config).expect("an empty journal");
        let refresher =
            Refresher::new(engine.clone(), Store::open(None).unwrap(), RefreshSettings::default())
                .unwrap();
        let rows = loaded.rows.into_iter().map(|(table, rows)| (table.to_string(), rows)).collect();
        refresher.started_with(tables, rows).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            drop(stopped.await);
            rpc::Shutdown::Drain(std::time::Duration::from_secs(5))
        };
        let done = tokio::spawn(rpc::serve_within(refresher.clone(), (listener, limits), shutdown));
        let endpoint = Channel::from_shared(format!("http://{address}")).expect("an address");
        let channel = endpoint.connect().await.expect("the listener is bound");
        let url = format!("http://{address}");
        Self { refresher, engine, channel, stop, done, url }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn refresher(&self) -> &Arc<Refresher> {
        &self.refresher
    }

    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub async fn tiny() -> Self {
        Self::tiny_with(Config::new()).await
    }

    /// With a clock of the test's own.
    pub async fn tiny_with(config: Config) -> Self {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny");
        Self::start(&tables, config).await
    }

    pub fn promises(&self) -> PromiseServiceClient<Channel> {
        PromiseServiceClient::new(self.channel.clone())
    }

    fn availability(&self) -> AvailabilityServiceClient<Channel> {
        AvailabilityServiceClient::new(self.channel.clone())
    }

    /// Asks for the end, which comes when everything under way is answered.
    pub async fn stop(self) {
        drop(self.channel);
        self.stop.send(()).expect("the server waits for it");
        self.done.await.expect("it did not panic").expect("it ended well");
        self.engine.stop();
    }
}

/// A line of 4 VALVE to ship on 2026-11-25: late in tiny, because 3 of 5 are sold until 20 more come.
pub fn valves(order: &str) -> proto::OrderLine {
    proto::OrderLine {
        order: order.to_string(),
        item: "VALVE".to_string(),
        quantity: 4.0,
        requested_date: "2026-11-25".to_string(),
        date_type: DateType::Ship.into(),
        customer: "NORDWIND".to_string(),
        ..proto::OrderLine::default()
    }
}

fn promise(request_id: &str, lines: Vec<proto::OrderLine>) -> proto::PromiseRequest {
    let request_id = request_id.to_string();
    proto::PromiseRequest { request_id, lines, ..proto::PromiseRequest::default() }
}

/// Code, reason and every violation of a status, one a line.
pub fn told(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().expect("every failure has a reason");
    assert_eq!(info.domain, "promised.v1");
    let mut lines = vec![format!("{:?} {}", status.code(), info.reason)];
    let violations = details.bad_request().map(|found| found.field_violations.clone());
    for violation in violations.unwrap_or_default() {
        lines.push(format!("{}: {}", violation.field, violation.description));
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_check_tells_option_reasons_and_version_and_keeps_nothing() {
    let server = Server::tiny().await;
    let request = proto::CheckAvailabilityRequest {
        lines: vec![valves("A")],
        pegging: true,
        ..proto::CheckAvailabilityRequest::default()
    };
    let mut promises = server.promises();
    let answer = promises.check_availability(request.clone()).await.unwrap().into_inner();
    let result = &answer.results[0];
    assert_eq!((result.order.as_str(), result.line.as_str()), ("A", "1"));
    assert_eq!(result.status(), Fares::Late);
    assert_eq!(result.available_on_requested_date, 2.0);
    let option = result.default_option.as_ref().unwrap();
    assert_eq!(
        option.summary,
        "VALVE from HAM by standard, ships 2026-12-01, arrives 2026-12-02, 6 days late, cost 80.00 EUR, profit 40.00 EUR"
    );
    let leg = &option.legs[0];
    assert_eq!((leg.ship_date.as_str(), leg.arrival_date.as_str()), ("2026-12-01", "2026-12-02"));
    assert_eq!((leg.supply.as_str(), leg.quantity), ("stock", 4.0));
    assert!(!leg.pegs.is_empty());
    let texts: Vec<_> = result.reasons.iter().map(|reason| reason.text.as_str()).collect();
    let want = "VALVE at HAM: 2 available on 2026-11-30, enough from 2026-12-01; taken by sales order SO-1/1 3 on 2026-11-27";
    assert_eq!(texts, [want]);
    let taker = &result.reasons[0].takers[0];
    assert_eq!((taker.kind.as_str(), taker.demand.as_str()), ("sales_order", "SO-1/1"));
    assert_eq!((taker.quantity, taker.date.as_str()), (3.0, "2026-11-27"));
    let version = answer.version.clone().unwrap();
    assert_eq!((version.snapshot_id.as_str(), version.as_of.as_str()), ("tiny", "2026-11-23"));
    assert_eq!(version.sequence, 0);
    assert_eq!(promises.check_availability(request.clone()).await.unwrap().into_inner(), answer);
    let request = proto::CheckAvailabilityRequest { remedies: true, ..request };
    let answer = promises.check_availability(request).await.unwrap().into_inner();
    let remedies = &answer.results[0].remedies;
    let texts: Vec<_> = remedies.iter().map(|remedy| remedy.text.as_str()).collect();
    // Three are sold for the 27th: PO-1 must be there by then, no sooner.
    assert_eq!(
        texts,
        ["expedite PO-1 by 4 days, to 2026-11-27", "get 2 more VALVE to HAM by 2026-11-25"]
    );
    assert_eq!((remedies[0].supply.as_str(), remedies[0].days), ("PO-1", 4));
    assert!(remedies.iter().all(|remedy| remedy.option.as_ref().unwrap().days_late == 0));
    server.stop().await;
}

/// Whether the tree has a node, at any depth, that comes in some way.
fn has(pegs: &[proto::Peg], way: fn(&proto::Peg) -> bool) -> bool {
    pegs.iter().any(|peg| way(peg) || has(&peg.pegs, way))
}

#[tokio::test]
async fn a_bike_that_is_not_in_stock_comes_with_date_tree_reason_and_remedy() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/adventureworks");
    let server = Server::start(&folder, Config::new()).await;
    let bikes = proto::OrderLine {
        order: "B1".to_string(),
        item: "BK-R19B-48".to_string(),
        quantity: 200.0,
        requested_date: "2014-04-20".to_string(),
        date_type: proto::order_line::DateType::Arrival.into(),
        customer: "AW00029701".to_string(),
        ..proto::OrderLine::default()
    };
    let request = proto::CheckAvailabilityRequest {
        lines: vec![bikes],
        pegging: true,
        remedies: true,
        ..proto::CheckAvailabilityRequest::default()
    };
    let mut promises = server.promises();
    let answer = promises.check_availability(request).await.unwrap().into_inner();
    let result = &answer.results[0];
    assert_eq!(result.status(), Fares::Late);
    let leg = &result.default_option.as_ref().unwrap().legs[0];
    assert_eq!(leg.arrival_date, "2014-04-24");
    use proto::peg::Source;
    assert!(has(
        &leg.pegs,
        |peg| matches!(&peg.source, Some(Source::Make(make)) if !make.hours.is_empty())
    ));
    assert!(has(&leg.pegs, |peg| matches!(peg.source, Some(Source::Buy(_)))));
    let reasons: Vec<_> = result.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert!(
        reasons.contains(
            &"PA-187B from supplier TREYRE0001: 16 days of lead time, there from 2014-04-17"
        ),
        "{reasons:?}"
    );
    assert!(!result.remedies.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_promise_lives_through_hold_confirm_amend_and_cancel() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let hold = proto::PromiseRequest {
        commitment: Commitment::Hold.into(),
        hold_for: Some(prost_types::Duration { seconds: 3_600, nanos: 0 }),
        ..promise("one", vec![valves("A")])
    };
    let held = promises.promise(hold.clone()).await.unwrap().into_inner();
    let line = &held.promises[0];
    assert_eq!((line.promise_id.as_str(), line.state()), ("P1", State::Held));
    assert!(line.held_until.is_some());
    assert_eq!(held.version.as_ref().unwrap().sequence, 1);
    let again = promises.promise(hold.clone()).await.unwrap().into_inner();
    assert_eq!(again.promises[0].promise_id, "P1", "the same id and content: the same answer");
    let other = proto::PromiseRequest { lines: vec![valves("B")], ..hold };
    let refused = promises.promise(other).await.unwrap_err();
    assert_eq!(told(&refused), "AlreadyExists REQUEST_ID_REUSED");

    let part = proto::ConfirmRequest {
        promise_id: "P1".to_string(),
        quantity: Some(1.0),
        ..proto::ConfirmRequest::default()
    };
    let confirmed = promises.confirm(part).await.unwrap().into_inner();
    let (now, rest) = (confirmed.promise.unwrap(), confirmed.rest.unwrap());
    assert_eq!((now.state(), now.quantity), (State::Confirmed, 1.0));
    assert_eq!((rest.state(), rest.quantity, rest.promise_id.as_str()), (State::Held, 3.0, "P2"));

    let amend = proto::AmendRequest {
        promise_id: "P1".to_string(),
        line: Some(proto::OrderLine { quantity: 2.0, ..valves("A") }),
        ..proto::AmendRequest::default()
    };
    let amended = promises.amend(amend).await.unwrap().into_inner();
    assert!(amended.changed);
    assert_eq!(amended.result.unwrap().status(), Fares::OnTime);
    assert_eq!(amended.promise.unwrap().quantity, 2.0);

    let cancel =
        proto::CancelRequest { promise_id: "P2".to_string(), ..proto::CancelRequest::default() };
    let cancelled = promises.cancel(cancel.clone()).await.unwrap().into_inner();
    assert_eq!(cancelled.promise.unwrap().state(), State::Cancelled);
    let twice = promises.cancel(cancel).await.unwrap_err();
    assert_eq!(told(&twice), "FailedPrecondition STATE_FORBIDS");
    assert_eq!(twice.message(), "P2 is cancelled: it cannot be cancelled");

    let of_order = proto::GetPromiseRequest { order: "A".to_string(), ..Default::default() };
    let kept = promises.get(of_order).await.unwrap().into_inner().promises;
    let kept: Vec<_> = kept.iter().map(|kept| (kept.promise_id.as_str(), kept.state())).collect();
    assert_eq!(kept, [("P1", State::Confirmed), ("P2", State::Cancelled)]);
    server.stop().await;
}

#[tokio::test]
async fn lists_are_filtered_and_come_page_by_page() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let one = |order: &str| proto::OrderLine { quantity: 1.0, ..valves(order) };
    promises.promise(promise("", vec![one("A"), one("B"), one("C")])).await.unwrap();
    let mut ids = Vec::new();
    let mut request = proto::ListPromisesRequest {
        item: "VALVE".to_string(),
        states: vec![State::Confirmed.into()],
        ship_date_from: "2026-11-25".to_string(),
        page_size: 2,
        ..proto::ListPromisesRequest::default()
    };
    let mut pages = 0;
    loop {
        let page = promises.list(request.clone()).await.unwrap().into_inner();
        ids.extend(page.promises.into_iter().map(|kept| kept.promise_id));
        pages += 1;
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!((ids.join(" ").as_str(), pages), ("P1 P2 P3", 2));
    let nobody =
        proto::ListPromisesRequest { customer: "SUEDBAU".to_string(), ..Default::default() };
    assert!(promises.list(nobody).await.unwrap().into_inner().promises.is_empty());
    let bad = proto::ListPromisesRequest {
        customer: "NOBODY".to_string(),
        page_token: "next".to_string(),
        ship_date_to: "2026-02-30".to_string(),
        ..Default::default()
    };
    let refused = promises.list(bad).await.unwrap_err();
    let want = "InvalidArgument INVALID_FIELDS
page_token: \"next\" is not a token that this method gave
ship_date_to: \"2026-02-30\" is not a date such as 2026-11-23
customer: \"NOBODY\" is not known to the snapshot";
    assert_eq!(told(&refused), want);
    server.stop().await;
}

#[tokio::test]
async fn availability_is_told_by_day_and_in_batches() {
    let server = Server::tiny().await;
    let mut availability = server.availability();
    let request = proto::GetAvailabilityRequest {
        item: "VALVE".to_string(),
        from: "2026-11-26".to_string(),
        days: 6,
        ..proto::GetAvailabilityRequest::default()
    };
    let answer = availability.get_availability(request).await.unwrap().into_inner();
    assert_eq!((answer.uom.as_str(), answer.tables.len()), ("EA", 1));
    let table = &answer.tables[0];
    let rows: Vec<_> =
        table.days.iter().map(|day| (day.demand, day.supply, day.balance, day.available)).collect();
    let quiet = (0.0, 0.0, 2.0, 2.0);
    let want =
        [(0.0, 0.0, 5.0, 2.0), (3.0, 0.0, 2.0, 2.0), quiet, quiet, quiet, (0.0, 20.0, 22.0, 22.0)];
    assert_eq!((table.location.as_str(), rows.as_slice()), ("HAM", want.as_slice()));

    let query = |quantity, date: &str| proto::Query {
        item: "VALVE".to_string(),
        location: "HAM".to_string(),
        quantity,
        date: date.to_string(),
        demand_class: String::new(),
    };
    let queries = vec![query(2.0, ""), query(4.0, "2026-11-25"), query(50.0, "2026-11-25")];
    let request = proto::QuickCheckRequest { queries, ..proto::QuickCheckRequest::default() };
    let answers = availability.quick_check(request).await.unwrap().into_inner().answers;
    let answers: Vec<_> =
        answers.iter().map(|quick| (quick.available, quick.earliest_date.as_str())).collect();
    assert_eq!(answers, [(2.0, "2026-11-23"), (2.0, "2026-12-01"), (2.0, "")]);
    server.stop().await;
}

/// Issue 25, Python: questions by columns give the same answers, and faults name the row.
#[tokio::test]
async fn quick_check_by_columns() {
    let server = Server::tiny().await;
    let mut availability = AvailabilityServiceClient::new(server.channel.clone());
    let mut ask = async |columns, queries| {
        let columns = Some(columns);
        let request =
            proto::QuickCheckRequest { columns, queries, ..proto::QuickCheckRequest::default() };
        availability.quick_check(request).await.map(tonic::Response::into_inner)
    };
    let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let columns = proto::QueryColumns {
        item: texts(&["VALVE"]),
        location: texts(&["HAM", "HAM", "HAM"]),
        quantity: vec![2.0, 4.0, 50.0],
        date: texts(&["", "2026-11-25", "2026-11-25"]),
        demand_class: Vec::new(),
    };
    let answer = ask(columns.clone(), Vec::new()).await.unwrap();
    let want = proto::QuickColumns {
        available: vec![2.0, 2.0, 2.0],
        // 2026-11-23, 2026-12-01 and none within the horizon.
        earliest_day: vec![20_780, 20_788, -1],
    };
    assert_eq!((answer.answers.len(), answer.columns), (0, Some(want)));

    let faults = |status: Status| {
        let details = status.get_details_bad_request().unwrap().field_violations;
        details.into_iter().map(|one| (one.field, one.description)).collect::<Vec<_>>()
    };
    let broken = proto::QueryColumns {
        location: texts(&["HAM", "HAM"]),
        quantity: vec![],
        ..columns.clone()
    };
    let told = faults(ask(broken, Vec::new()).await.unwrap_err());
    let length = "has 2 values; expected 1 for all rows or 3".to_string();
    let want = [
        ("columns.location".to_string(), length),
        ("columns.quantity".to_string(), "is required".to_string()),
    ];
    assert_eq!(told, want);
    let unknown = proto::QueryColumns { item: texts(&["VALVE", "X", "PUMP"]), ..columns.clone() };
    assert_eq!(faults(ask(unknown, Vec::new()).await.unwrap_err())[0].0, "columns[1].item");
    let told = faults(ask(columns, vec![proto::Query::default()]).await.unwrap_err());
    assert_eq!(told[0].0, "columns");
    server.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_request_is_named_at_once() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let shapes = proto::CheckAvailabilityRequest {
        lines: vec![
            proto::OrderLine {
                quantity: f64::NAN,
                requested_date: "2026-02-30".to_string(),
                ..valves("A")
            },
            proto::OrderLine { quantity: -1.0, item: String::new(), ..valves("B") },
            proto::OrderLine { quantity: 1e300, max_splits: Some(0), ..valves("C") },
            proto::OrderLine { quantity: 0.000_000_1, objective: 99, ..valves("D") },
        ],
        alternatives: 101,
        ..proto::CheckAvailabilityRequest::default()
    };
    let refused = promises.check_availability(shapes).await.unwrap_err();
    let want = "InvalidArgument INVALID_FIELDS
lines[0].quantity: NaN is not a decimal number
lines[0].requested_date: \"2026-02-30\" is not a date such as 2026-11-23
lines[1].item: is required
lines[1].quantity: -1 is not a quantity greater than 0
lines[2].quantity: 1e300 is not a number of at most 1000000000
lines[2].max_splits: 0 is not a number of at least 1
lines[3].quantity: 1e-7 is not a number with at most 6 decimals
lines[3].objective: 99 is not a value of this enum
alternatives: 101 is more than 100";
    assert_eq!(told(&refused), want);

    let unknown = vec![
        proto::OrderLine { item: "PUMPE".to_string(), location: "MUC".to_string(), ..valves("A") },
        proto::OrderLine { customer: "NOBODY".to_string(), ..valves("B") },
    ];
    let refused = promises.promise(promise("", unknown)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let named = told(&refused);
    for place in
        ["lines[0].item: \"PUMPE\"", "lines[0].location: \"MUC\"", "lines[1].customer: \"NOBODY\""]
    {
        assert!(named.contains(place), "{named}");
    }
    let nothing = promises.promise(promise("", Vec::new())).await.unwrap_err();
    assert_eq!(
        told(&nothing),
        "InvalidArgument INVALID_FIELDS\nlines: is required: at least one line"
    );
    assert_eq!(server.engine.pin().position, 0, "nothing was promised");
    server.stop().await;
}

#[tokio::test]
async fn more_faults_than_a_header_holds_are_counted() {
    let server = Server::tiny().await;
    let unknown = |n: usize| proto::OrderLine { item: format!("NO-{n}"), ..valves(&n.to_string()) };
    let request = proto::CheckAvailabilityRequest {
        lines: (0..10_000).map(unknown).collect(),
        ..proto::CheckAvailabilityRequest::default()
    };
    let refused = server.promises().check_availability(request).await.unwrap_err();
    let named = told(&refused);
    let listed = named.lines().count() - 2;
    assert!(40 < listed, "{named}");
    assert!(named.ends_with(&format!(": and {} more fields", 10_000 - listed)), "{named}");
    let in_message = refused.message().matches("lines[").count();
    assert!(
        refused.message().ends_with(&format!("; and {} more", 10_000 - in_message)),
        "{}",
        refused.message()
    );
    server.stop().await;
}

#[tokio::test]
async fn commands_that_cannot_be_done_have_codes_and_reasons() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let get =
        |id: &str| proto::GetPromiseRequest { promise_id: id.to_string(), ..Default::default() };
    assert_eq!(told(&promises.get(get("P7")).await.unwrap_err()), "NotFound PROMISE_NOT_FOUND");
    let malformed = promises.get(get("7")).await.unwrap_err();
    let want =
        "InvalidArgument INVALID_FIELDS\npromise_id: \"7\" is not the id of a promise, such as P17";
    assert_eq!(told(&malformed), want);
    let confirm = proto::ConfirmRequest { promise_id: "P7".to_string(), ..Default::default() };
    let refused = promises.confirm(confirm).await.unwrap_err();
    assert_eq!(told(&refused), "NotFound PROMISE_NOT_FOUND");
    let both = proto::PromiseRequest {
        commitment: Commitment::Confirm.into(),
        hold_for: Some(prost_types::Duration { seconds: 60, nanos: 0 }),
        ..promise("", vec![valves("A")])
    };
    let refused = promises.promise(both).await.unwrap_err();
    let want =
        "InvalidArgument INVALID_FIELDS\nhold_for: is not to be given with commitment CONFIRM";
    assert_eq!(told(&refused), want);
    server.engine.stop();
    let stopped = promises.promise(promise("", vec![valves("A")])).await.unwrap_err();
    assert_eq!(told(&stopped), "Unavailable STOPPED");
    server.stop().await;
}

#[tokio::test]
async fn a_stream_answers_in_order_and_outlives_a_bad_request() {
    let server = Server::tiny().await;
    let one = |order: &str| proto::OrderLine { quantity: 1.0, ..valves(order) };
    let requests = [
        promise("first", vec![one("A")]),
        promise("second", vec![proto::OrderLine { item: String::new(), ..one("B") }]),
        promise("third", vec![one("C")]),
    ];
    let answers = server.promises().promise_stream(tokio_stream::iter(requests)).await.unwrap();
    let mut answers = answers.into_inner();
    let mut got = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        let status = answer.status;
        got.push(match answer.outcome.unwrap() {
            Outcome::Promised(done) => {
                assert_eq!(status, None);
                format!("{} {}", answer.request_id, done.promises[0].promise_id)
            }
            Outcome::Error(error) => {
                // The same as the status of a single call, details and all.
                let status = status.expect("it stands beside the error");
                assert_eq!((status.code, &status.message), (error.code, &error.message));
                let kinds: Vec<_> =
                    status.details.iter().map(|one| one.type_url.rsplit('/').next()).collect();
                assert_eq!(kinds, [Some("google.rpc.ErrorInfo"), Some("google.rpc.BadRequest")]);
                format!("{} {} {}", answer.request_id, error.code, error.violations[0].field)
            }
        });
    }
    assert_eq!(got, ["first P1", "second 3 lines[0].item", "third P2"]);
    server.stop().await;
}

#[tokio::test]
async fn health_and_both_reflections_need_no_proto_file() {
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    use tonic_reflection::pb::{v1, v1alpha};
    let server = Server::tiny().await;
    let mut health = HealthClient::new(server.channel.clone());
    for service in ["", "promised.v1.PromiseService", "promised.v1.AvailabilityService"] {
        let request = HealthCheckRequest { service: service.to_string() };
        assert_eq!(health.check(request).await.unwrap().into_inner().status, 1, "{service} serves");
    }
    let list = v1::server_reflection_request::MessageRequest::ListServices(String::new());
    let request = v1::ServerReflectionRequest { host: String::new(), message_request: Some(list) };
    let mut client =
        v1::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
    let mut answers =
        client.server_reflection_info(tokio_stream::iter([request])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let v1::server_reflection_response::MessageResponse::ListServicesResponse(listed) = answer
    else {
        panic!("{answer:?}");
    };
    let mut names: Vec<_> = listed.service.into_iter().map(|service| service.name).collect();
    names.sort();
    let want = [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "promised.v1.AdminService",
        "promised.v1.AllocationService",
        "promised.v1.AnalyticsService",
        "promised.v1.AvailabilityService",
        "promised.v1.BacklogService",
        "promised.v1.CatalogService",
        "promised.v1.EventService",
        "promised.v1.ExceptionService",
        "promised.v1.PromiseService",
        "promised.v1.ScenarioService",
        "promised.v1.SnapshotService",
    ];
    assert_eq!(names, want);
    let symbol = "promised.v1.PromiseService.CheckAvailability".to_string();
    let find = v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(symbol);
    let request =
        v1alpha::ServerReflectionRequest { host: String::new(), message_request: Some(find) };
    let mut client =
        v1alpha::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
    let mut answers =
        client.server_reflection_info(tokio_stream::iter([request])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let found = v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse;
    assert_eq!(std::mem::discriminant(&answer), std::mem::discriminant(&found(Default::default())));
    drop((health, answers, client));
    server.stop().await;
}

/// Promises single units until one is not promised; how many were.
/// Asks QuickCheck over the bare transport, as a client that announces gzip, and gives the compressed flag of the
/// answer and its bytes.
async fn quick_check_announcing_gzip(server: &Server, n_queries: usize) -> (u8, usize) {
    let query = proto::Query {
        item: "VALVE".to_string(),
        location: "HAM".to_string(),
        quantity: 2.0,
        ..proto::Query::default()
    };
    // The transport is given text; so many questions that their length is one too.
    let framed = (n_queries..).find_map(|n| {
        let queries = vec![query.clone(); n];
        let message = proto::QuickCheckRequest { queries, ..proto::QuickCheckRequest::default() };
        let message = message.encode_to_vec();
        let length = u32::try_from(message.len()).unwrap();
        String::from_utf8([&[0][..], &length.to_be_bytes(), &message].concat()).ok()
    });
    let request = http::Request::post("/promised.v1.AvailabilityService/QuickCheck")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-accept-encoding", "gzip")
        .body(tonic::body::Body::new(framed.unwrap()))
        .unwrap();
    let mut channel = server.channel();
    poll_fn(|context| Service::<http::Request<_>>::poll_ready(&mut channel, context))
        .await
        .unwrap();
    let mut body = channel.call(request).await.unwrap().into_body();
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        bytes.extend(frame.unwrap().into_data().unwrap_or_default());
    }
    (bytes[0], bytes.len())
}

#[tokio::test]
async fn a_small_answer_is_not_compressed_for_a_client_that_announces_gzip_and_a_large_one_is() {
    let server = Server::tiny().await;
    let (flag, bytes) = quick_check_announcing_gzip(&server, 1).await;
    assert_eq!(flag, 0, "an answer of {bytes} bytes");
    let (flag, bytes) = quick_check_announcing_gzip(&server, 2_000).await;
    assert_eq!(flag, 1);
    assert!(bytes < 10_000, "2,000 equal answers in {bytes} bytes");
    server.stop().await;
}

async fn take_until_empty(mut promises: PromiseServiceClient<Channel>, client: usize) -> usize {
    for taken in 0.. {
        let line = proto::OrderLine {
            order: format!("{client}-{taken}"),
            item: "LAST".to_string(),
            quantity: 1.0,
            requested_date: "2026-11-23".to_string(),
            ..proto::OrderLine::default()
        };
        let answer = promises.promise(promise("", vec![line])).await.unwrap().into_inner();
        if answer.promises[0].promise_id.is_empty() {
            let result = answer.promises[0].result.as_ref().unwrap();
            assert_eq!(result.status(), Fares::Unavailable);
            return taken;
        }
    }
    unreachable!("stock ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_thousand_units_are_promised_exactly_once() {
    let files = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("manifest.json", r#"{"snapshot_id": "last", "as_of": "2026-11-23", "horizon_days": 30}"#),
        ("items.csv", "item\nLAST\n"),
        ("locations.csv", "location\nBER\n"),
        ("on_hand.csv", "item,location,quantity\nLAST,BER,1000\n"),
    ] {
        std::fs::write(files.path().join(name), text).unwrap();
    }
    let server = Server::start(files.path(), Config::new()).await;
    let clients: Vec<_> =
        (0..8).map(|client| tokio::spawn(take_until_empty(server.promises(), client))).collect();
    let mut taken = 0;
    for client in clients {
        taken += client.await.unwrap();
    }
    assert_eq!(taken, 1_000);
    let world = server.engine.pin();
    assert_eq!((world.n_reservations(), world.position), (1_000, 1_000));
    let request = proto::GetAvailabilityRequest { item: "LAST".to_string(), ..Default::default() };
    let table = server.availability().get_availability(request).await.unwrap().into_inner();
    assert!(table.tables[0].days.iter().all(|day| day.balance == 0.0 && day.available == 0.0));
    server.stop().await;
}

#[tokio::test]
async fn reasons_and_alternatives_are_sentences() {
    let server = Server::tiny().await;
    let ask = |item: &str, quantity: f64, date: &str| proto::OrderLine {
        order: item.to_string(),
        item: item.to_string(),
        quantity,
        requested_date: date.to_string(),
        ..valves("")
    };
    let lines = vec![
        ask("PUMP", 2.0, "2026-11-24"),
        ask("SEAL", 50.0, "2026-11-24"),
        ask("VALVE", 50.0, "2026-12-10"),
    ];
    let request = proto::CheckAvailabilityRequest { lines, alternatives: 1, ..Default::default() };
    let answer = server.promises().check_availability(request).await.unwrap().into_inner();
    let mut said = Vec::new();
    for result in &answer.results {
        let options = result.default_option.iter().chain(&result.alternatives);
        said.extend(options.map(|option| format!("{}: {}", result.order, option.summary)));
        said.extend(
            result.reasons.iter().map(|reason| format!("{}: {}", result.order, reason.text)),
        );
    }
    let want = "PUMP: PUMP from HAM by standard, ships 2026-11-24, arrives 2026-11-25, on time, cost 120.00 EUR, profit 80.00 EUR
PUMP: from BER instead of HAM, arrives 5 days later, cost -8.00 EUR, profit +8.00 EUR
SEAL: SEAL from BER by standard, ships 2026-11-28, arrives 2026-11-30, 4 days late, cost 25.00 EUR, profit 75.00 EUR
SEAL: SEAL at BER: 0 available on 2026-11-27, never enough by 2027-01-21
SEAL: SEAL from supplier ACME: 5 days of lead time, there from 2026-11-28
VALVE: VALVE at HAM: 22 available on 2027-01-21, never enough by 2027-01-21; taken by sales order SO-1/1 3 on 2026-11-27";
    assert_eq!(said.join("\n"), want);
    server.stop().await;
}
