//! Item 3: a server that is told to stop, or whose journal fails, ends in bounded time, with open streams and calls
//! that never end; everybody is told, the exit code says whether to start it again, and what was acknowledged is there.

use super::process::{Place, Server, connect, listed, request, said};
use promised::rpc::proto;
use proto::{
    promise_service_client::PromiseServiceClient, promise_stream_response::Outcome,
    snapshot_service_client::SnapshotServiceClient,
};
use rustix::process::Signal;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use tonic::{Status, Streaming, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_client::HealthClient,
};

/// A stream of promises on which one was made and which stays open.
struct Open {
    requests: mpsc::Sender<proto::PromiseRequest>,
    answers: Streaming<proto::PromiseStreamResponse>,
}

impl Open {
    async fn begin(server: &Server, id: &str) -> Self {
        let (requests, receiver) = mpsc::channel(8);
        requests.send(request(id, 1.0)).await.unwrap();
        let answers = server.promises().promise_stream(ReceiverStream::new(receiver)).await;
        let mut answers = answers.unwrap().into_inner();
        let first = answers.message().await.unwrap().unwrap();
        assert!(matches!(first.outcome, Some(Outcome::Promised(_))), "{first:?}");
        Self { requests, answers }
    }

    /// The status with which it ends.
    async fn end(mut self) -> Status {
        let end = self.answers.message().await.expect_err("it ends with a status");
        drop(self.requests);
        end
    }
}

async fn watch_health(channel: Channel) -> Streaming<HealthCheckResponse> {
    let request = HealthCheckRequest { service: "promised.v1.PromiseService".to_string() };
    let mut watched = HealthClient::new(channel).watch(request).await.unwrap().into_inner();
    let first = watched.message().await.unwrap().unwrap();
    assert_eq!(first.status(), ServingStatus::Serving);
    watched
}

/// A call whose request never ends: it is under way as long as it is let be.
fn endless(channel: Channel) -> tokio::task::JoinHandle<Status> {
    tokio::spawn(async move {
        let mut grpc = tonic::client::Grpc::new(channel);
        grpc.ready().await.unwrap();
        let path = "/promised.v1.PromiseService/Promise".parse().unwrap();
        let codec =
            tonic_prost::ProstCodec::<proto::PromiseRequest, proto::PromiseResponse>::default();
        let never = tokio_stream::pending::<proto::PromiseRequest>();
        let answer: Result<tonic::Response<proto::PromiseResponse>, Status> =
            grpc.client_streaming(tonic::Request::new(never), path, codec).await;
        answer.expect_err("it never ends by itself")
    })
}

async fn health(channel: &Channel, service: &str) -> ServingStatus {
    let request = HealthCheckRequest { service: service.to_string() };
    HealthClient::new(channel.clone()).check(request).await.unwrap().into_inner().status()
}

/// Waits until health says that it does not serve.
async fn draining(channel: &Channel) {
    while health(channel, "").await == ServingStatus::Serving {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_streams_end_with_a_status_and_the_process_with_0() {
    for signal in [Signal::TERM, Signal::INT] {
        let place = Place::new();
        // A disk that is slow beside other tests may take seconds for what the push has begun; nobody is cut off for it.
        let server = place.start(&["--drain", "25s"]).await;
        let (stream, push) = (Open::begin(&server, "R1").await, push(&server));
        while !place.dir.path().join("data/incoming/half").exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut watched = watch_health(server.channel.clone()).await;
        server.signal(signal);
        let told = watched.message().await.unwrap().unwrap();
        assert_eq!(told.status(), ServingStatus::NotServing, "at once");
        let end = watched.message().await.expect_err("a watch ends too");
        assert_eq!(said(&end), "Unavailable SHUTTING_DOWN");
        assert_eq!(said(&stream.end().await), "Unavailable SHUTTING_DOWN");
        // A push without its `finish` has surely done nothing.
        assert_eq!(said(&push.await.unwrap()), "Unavailable SHUTTING_DOWN");
        let (code, took) = server.exit().await;
        assert_eq!(code, Some(0));
        assert!(took < Duration::from_secs(30), "{took:?}");
        let again = place.start(&[]).await;
        assert_eq!(listed(&again).await, [("O-R1".to_string(), 1.0)]);
        again.kill();
    }
}

/// A push that has begun and goes no further.
fn push(server: &Server) -> tokio::task::JoinHandle<Status> {
    use proto::push_request::{Begin, Part};
    let mut client = SnapshotServiceClient::new(server.channel.clone());
    tokio::spawn(async move {
        let begin = Begin { snapshot_id: "half".to_string(), ..Default::default() };
        let begun = proto::PushRequest { part: Some(Part::Begin(begin)) };
        let stream = tokio_stream::once(begun).chain(tokio_stream::pending());
        client.push(stream).await.expect_err("it never finishes")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_drains_health_says_so_and_new_calls_are_refused() {
    let place = Place::new();
    let server = place.start(&["--drain", "2s"]).await;
    let (waits, other) = (endless(server.channel.clone()), connect(&server.url).await);
    server.promises().promise(request("R1", 1.0)).await.unwrap();
    server.signal(Signal::TERM);
    draining(&other).await;
    for service in ["", "promised.v1.PromiseService", "promised.v1.SnapshotService"] {
        assert_eq!(health(&other, service).await, ServingStatus::NotServing, "{service:?}");
    }
    let refused = PromiseServiceClient::new(other).promise(request("R2", 1.0)).await;
    assert_eq!(said(&refused.expect_err("it comes too late")), "Unavailable SHUTTING_DOWN");
    // Whoever comes by a new connection is told the same.
    let refused = PromiseServiceClient::new(connect(&server.url).await);
    let refused = { refused }.promise(request("R3", 1.0)).await;
    assert_eq!(said(&refused.expect_err("it comes too late")), "Unavailable SHUTTING_DOWN");
    assert_eq!(said(&waits.await.unwrap()), "Unavailable OUTCOME_UNKNOWN", "it is cut off");
    let (code, took) = server.exit().await;
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "the endless call does not hold it up: {took:?}");
    let again = place.start(&[]).await;
    assert_eq!(listed(&again).await, [("O-R1".to_string(), 1.0)]);
    again.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_it_at_once() {
    for (first, second, code) in [
        (Signal::TERM, Signal::TERM, 143),
        (Signal::INT, Signal::INT, 130),
        (Signal::INT, Signal::TERM, 143),
    ] {
        let place = Place::new();
        let server = place.start(&["--drain", "1m"]).await;
        let (stream, other) = (Open::begin(&server, "R1").await, connect(&server.url).await);
        let waits = endless(server.channel.clone());
        // The call is on its way before the signal is.
        health(&server.channel, "").await;
        server.signal(first);
        draining(&other).await;
        server.signal(second);
        let (ended, took) = server.exit().await;
        assert_eq!(ended, Some(code));
        assert!(took < Duration::from_secs(20), "it does not wait for the calls: {took:?}");
        waits.await.unwrap();
        drop(stream);
        let again = place.start(&[]).await;
        assert_eq!(listed(&again).await, [("O-R1".to_string(), 1.0)]);
        again.kill();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_sync_ends_the_process_with_74() {
    let place = Place::new();
    let server = place.start(&["--drain", "1m"]).await;
    let (stream, waits) = (Open::begin(&server, "R1").await, endless(server.channel.clone()));
    let mut watched = watch_health(server.channel.clone()).await;
    place.break_syncs(true);
    let unknown = server.promises().promise(request("R2", 1.0)).await;
    assert_eq!(said(&unknown.expect_err("it cannot be kept")), "Unavailable OUTCOME_UNKNOWN");
    let (code, took) = server.exit().await;
    assert_eq!(code, Some(74));
    assert!(took < Duration::from_secs(20), "it does not wait for the calls: {took:?}");
    assert_eq!(said(&stream.end().await), "Unavailable OUTCOME_UNKNOWN");
    assert_eq!(said(&waits.await.unwrap()), "Unavailable OUTCOME_UNKNOWN");
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    let end = watched.message().await.expect_err("a watch ends too");
    assert_eq!(said(&end), "Unavailable OUTCOME_UNKNOWN");
    place.break_syncs(false);
    // What was acknowledged is there; what was not is asked for again, and done once.
    let again = place.start(&[]).await;
    again.promises().promise(request("R2", 1.0)).await.unwrap();
    let kept = [("O-R1".to_string(), 1.0), ("O-R2".to_string(), 1.0)];
    assert_eq!(listed(&again).await, kept);
    again.kill();
}
