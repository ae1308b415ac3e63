//! Item 6: traces by the names of OpenTelemetry. Which calls are followed, what their spans say and how they hang together,
//! and that a collector which is away, slow or silent slows nobody down.

use super::{
    collector::{Collector, Mood, Speaks, attributes},
    place::{Place, Server, with},
};
use promised::rpc::{
    proto::{self, promise_service_client::PromiseServiceClient},
    traces::otlp::Span,
};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};
use tonic::Request;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

fn parent(flags: &str) -> String {
    format!("00-{TRACE}-{CALLER}-{flags}")
}

fn promise(order: &str) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: order.to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        customer: "AW00000001".to_string(),
        ..Default::default()
    };
    proto::PromiseRequest { request_id: order.to_string(), lines: vec![line], ..Default::default() }
}

fn part_of<T>(flags: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("traceparent", parent(flags).parse().unwrap());
    request
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// The names of what a span consists of, in order; each begins where the one before ended.
fn stages(spans: &[Span], of: &Span) -> String {
    let mut stages: Vec<_> =
        spans.iter().filter(|span| span.parent_span_id == of.span_id).collect();
    stages.sort_by_key(|span| (span.start_time_unix_nano, span.end_time_unix_nano));
    for two in stages.windows(2) {
        assert_eq!(two[0].end_time_unix_nano, two[1].start_time_unix_nano, "{two:?}");
    }
    let is_within = |span: &&Span| {
        of.start_time_unix_nano <= span.start_time_unix_nano
            && span.end_time_unix_nano <= of.end_time_unix_nano
    };
    assert!(stages.iter().all(is_within), "{stages:?} in {of:?}");
    assert!(stages.iter().all(|span| span.trace_id == of.trace_id && span.kind == 1));
    stages.iter().map(|span| &*span.name).collect::<Vec<_>>().join(" ")
}

fn to(collector: &Collector) -> [(&'static str, String); 2] {
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.clone()),
        ("OTEL_BSP_SCHEDULE_DELAY", "20".to_string()),
    ]
}

fn serve(place: &Place, more: &[&str], variables: &[(&str, String)]) -> Server {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
    place.serve_in(more, &variables)
}

const PROMISE: &str = "promised.v1.PromiseService/Promise";
const CHECK: &str = "promised.v1.PromiseService/CheckAvailability";
const GET: &str = "promised.v1.PromiseService/Get";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_a_part_of_its_callers_trace_from_decoding_to_its_answer() {
    let collector = Collector::start(Speaks::Http, Mood::Takes).await;
    let place = Place::new();
    let shop = place.token("shop", &["--role", "promise"]);
    let service = ("OTEL_SERVICE_NAME", "desk".to_string());
    let variables = [&to(&collector)[..], &[service]].concat();
    let server = serve(&place, &["--access-tokens", "tokens.toml"], &variables);
    let mut client = PromiseServiceClient::new(server.plain().await);
    let mut request = with(&shop, promise("A"));
    request.metadata_mut().insert("traceparent", parent("01").parse().unwrap());
    request.metadata_mut().insert("tracestate", "vendor=x".parse().unwrap());
    client.promise(request).await.unwrap();
    let spans = collector.until(|spans| !named(spans, "batch").is_empty()).await;
    let calls = named(&spans, PROMISE);
    let [call] = calls[..] else { panic!("{spans:?}") };
    assert_eq!((hex(&call.trace_id), hex(&call.parent_span_id)), (TRACE.into(), CALLER.into()));
    assert_eq!((call.kind, &*call.trace_state, &call.status), (2, "vendor=x", &None));
    assert_eq!(stages(&spans, call), "decode plan queue commit sync encode");
    let told = attributes(&call.attributes);
    let want = [
        ("promised.principal", "shop"),
        ("rpc.grpc.status_code", "0"),
        ("rpc.method", "Promise"),
        ("rpc.service", "promised.v1.PromiseService"),
        ("rpc.system", "grpc"),
    ];
    let want: BTreeMap<_, _> = want.map(|(key, value)| (key.into(), value.into())).into();
    assert_eq!(told, want, "and no item, order or customer");
    // What waited for the sync is linked to the batch, which is of no call.
    let [batch] = named(&spans, "batch")[..] else { panic!("{spans:?}") };
    let [sync] = named(&spans, "sync")[..] else { panic!("{spans:?}") };
    let [link] = &sync.links[..] else { panic!("{sync:?}") };
    assert_eq!((&link.trace_id, &link.span_id), (&batch.trace_id, &batch.span_id));
    assert!(batch.parent_span_id.is_empty() && hex(&batch.trace_id) != TRACE);
    let of_batch = attributes(&batch.attributes);
    assert_eq!((&*of_batch["promised.entries"], &*of_batch["promised.position"]), ("1", "1"));
    let resource = collector.resource();
    assert_eq!(resource["service.name"], "desk");
    assert_eq!(resource["service.version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_badly_and_what_comes_over_http_is_followed_too() {
    let collector = Collector::start(Speaks::Http, Mood::Takes).await;
    let place = Place::new();
    place.token("shop", &["--role", "promise"]);
    let open = serve(&place, &[], &to(&collector));
    let mut client = PromiseServiceClient::new(open.plain().await);
    let lines = promise("A").lines;
    let check = proto::CheckAvailabilityRequest { lines, ..Default::default() };
    client.check_availability(part_of("01", check)).await.unwrap();
    let get = proto::GetPromiseRequest { promise_id: "P9".to_string(), ..Default::default() };
    client.get(part_of("01", get)).await.unwrap_err();
    let mut stream = TcpStream::connect(&open.address).unwrap();
    let head = format!(
        "POST /{CHECK} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntraceparent: {}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
        parent("01")
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let spans = collector.until(|spans| named(spans, CHECK).len() == 2).await;
    let spans = match named(&spans, GET).len() {
        0 => collector.until(|spans| !named(spans, GET).is_empty()).await,
        _ => spans,
    };
    let of = |span: &Span| attributes(&span.attributes);
    let checks = named(&spans, CHECK);
    let (by_http, by_grpc): (Vec<_>, Vec<_>) =
        checks.into_iter().partition(|span| of(span).contains_key("http.response.status_code"));
    assert_eq!(stages(&spans, by_grpc[0]), "decode plan encode");
    assert_eq!(of(by_http[0])["http.response.status_code"], "400");
    let get = named(&spans, GET)[0];
    assert_eq!(stages(&spans, get), "decode work encode");
    assert_eq!(of(get)["rpc.grpc.status_code"], "5");
    assert_eq!(get.status, None, "the caller's fault is no failure of the server");
    // Who is not let in is followed as well: somebody will ask why.
    let closed = serve(&place, &["--access-tokens", "tokens.toml"], &to(&collector));
    let mut client = PromiseServiceClient::new(closed.plain().await);
    client.promise(part_of("01", promise("A"))).await.unwrap_err();
    let spans = collector.until(|spans| !named(spans, PROMISE).is_empty()).await;
    assert_eq!(of(named(&spans, PROMISE)[0])["rpc.grpc.status_code"], "16");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_is_a_span_and_each_of_its_messages_one_in_it() {
    let collector = Collector::start(Speaks::Http, Mood::Takes).await;
    let place = Place::new();
    let server = serve(&place, &["--data", "data"], &to(&collector));
    let mut client = PromiseServiceClient::new(server.plain().await);
    let requests = (0..140).map(|n| promise(&format!("S{n}"))).collect::<Vec<_>>();
    let request = part_of("01", tokio_stream::iter(requests));
    let mut answers = client.promise_stream(request).await.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
    let name = "promised.v1.PromiseService/PromiseStream";
    let message = format!("{name}/message");
    let spans = collector
        .until(|spans| !named(spans, name).is_empty() && 128 <= named(spans, &message).len())
        .await;
    let stream = named(&spans, name)[0];
    assert_eq!(attributes(&stream.attributes)["promised.messages"], "140");
    let messages = named(&spans, &message);
    assert_eq!(messages.len(), 128, "of more it is only told how many there were");
    let mut linked = BTreeMap::new();
    for message in messages {
        assert_eq!(message.parent_span_id, stream.span_id);
        assert_eq!(stages(&spans, message), "decode plan queue commit sync encode");
        let sync =
            spans.iter().find(|it| it.parent_span_id == message.span_id && it.name == "sync");
        *linked.entry(sync.unwrap().links[0].span_id.clone()).or_insert(0) += 1;
    }
    // Many are made durable by one sync, and each is linked to its own.
    let batches = named(&spans, "batch");
    assert_eq!(batches.len(), linked.len());
    assert!(batches.iter().all(|batch| linked.contains_key(&batch.span_id)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_a_call_is_followed_is_decided_before_it_begins() {
    let collector = Collector::start(Speaks::Http, Mood::Takes).await;
    let place = Place::new();
    let server = serve(&place, &["--sample", "0"], &to(&collector));
    let mut client = PromiseServiceClient::new(server.plain().await);
    client.promise(Request::new(promise("drawn"))).await.unwrap();
    client.promise(part_of("00", promise("not wanted"))).await.unwrap();
    client.promise(part_of("01", promise("wanted"))).await.unwrap();
    let spans = collector.until(|spans| !named(spans, PROMISE).is_empty()).await;
    assert_eq!(named(&spans, PROMISE).len(), 1);
    assert_eq!(named(&spans, "batch").len(), 1);
    // Without a word of the caller, the standard's sampler takes all.
    let server = serve(&place, &[], &to(&collector));
    let mut client = PromiseServiceClient::new(server.plain().await);
    client.promise(Request::new(promise("drawn"))).await.unwrap();
    let spans = collector.until(|spans| named(spans, PROMISE).len() == 2).await;
    let roots = spans.iter().filter(|span| span.name == PROMISE && span.parent_span_id.is_empty());
    assert_eq!(roots.count(), 1);
    // One that took long is told of, though it was not followed.
    let slow = serve(&place, &["--sample", "0", "--slow-call", "1us"], &to(&collector));
    let mut client = PromiseServiceClient::new(slow.plain().await);
    client.promise(Request::new(promise("slow"))).await.unwrap();
    let spans = collector.until(|spans| named(spans, PROMISE).len() == 3).await;
    let is_slow = |span: &&&Span| attributes(&span.attributes).contains_key("promised.slow");
    assert_eq!(named(&spans, PROMISE).iter().filter(is_slow).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_speaks_grpc_is_spoken_to_so() {
    let collector = Collector::start(Speaks::Grpc, Mood::Takes).await;
    let place = Place::new();
    for protocol in [None, Some("grpc")] {
        let protocol = protocol.map(|it| ("OTEL_EXPORTER_OTLP_PROTOCOL", it.to_string()));
        let variables = [&to(&collector)[..], protocol.as_slice()].concat();
        let server = serve(&place, &[], &variables);
        let n_before = collector.spans().len();
        let mut client = PromiseServiceClient::new(server.plain().await);
        client.promise(part_of("01", promise("A"))).await.unwrap();
        collector.until(|spans| n_before < spans.len()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_or_silent_slows_nobody_down() {
    let silent = Collector::start(Speaks::Http, Mood::NeverAnswers).await;
    let away = "http://127.0.0.1:1".to_string();
    for url in [away, silent.url.clone()] {
        let place = Place::new();
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", url),
            ("OTEL_BSP_SCHEDULE_DELAY", "1".to_string()),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "100".to_string()),
        ];
        let mut server = serve(&place, &[], &variables);
        let mut client = PromiseServiceClient::new(server.plain().await);
        for n in 0..60 {
            client.promise(part_of("01", promise(&format!("A{n}")))).await.unwrap();
        }
        // Some eight spans each: the queue is full long since, and nobody has waited for it.
        let dropped = server.counted("promised_spans_dropped_total{", "queue_full");
        assert!(300.0 < dropped, "{dropped}");
        assert_eq!(server.counted("promised_spans_exported_total ", ""), 0.0);
        // Nor does the end of the server.
        drop(client);
        server.signal(rustix::process::Signal::TERM);
        assert_eq!(server.ended(), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_for_now_is_sent_again_and_what_waits_at_the_end_is_sent() {
    let collector = Collector::start(Speaks::Http, Mood::Refuses(2)).await;
    let place = Place::new();
    let mut server = serve(&place, &[], &to(&collector));
    let mut client = PromiseServiceClient::new(server.plain().await);
    client.promise(part_of("01", promise("A"))).await.unwrap();
    let spans = collector.until(|spans| !spans.is_empty()).await;
    assert_eq!(named(&spans, PROMISE).len(), 1);
    assert_eq!(collector.n_asked.load(std::sync::atomic::Ordering::SeqCst), 3);
    drop((client, server.signal(rustix::process::Signal::TERM)));
    assert_eq!(server.ended(), Some(0));
    let later = [&to(&collector)[..1], &[("OTEL_BSP_SCHEDULE_DELAY", "3600000".into())]].concat();
    let mut server = serve(&place, &[], &later);
    let mut client = PromiseServiceClient::new(server.plain().await);
    client.promise(part_of("01", promise("B"))).await.unwrap();
    drop((client, server.signal(rustix::process::Signal::TERM)));
    assert_eq!(server.ended(), Some(0));
    assert_eq!(named(&collector.spans(), PROMISE).len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_understood_of_the_environment_is_told_and_the_server_serves() {
    let place = Place::new();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317".to_string()),
        ("OTEL_TRACES_SAMPLER", "sometimes".to_string()),
    ];
    let server = serve(&place, &[], &variables);
    server.says("OTEL_EXPORTER_OTLP_ENDPOINT is not understood").await;
    let mut client = PromiseServiceClient::new(server.plain().await);
    client.promise(part_of("01", promise("A"))).await.unwrap();
}
