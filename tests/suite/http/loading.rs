//! Issue 20, item 2: the port is open while there is nothing to serve yet.

use super::Client;
use crate::rpc::Server;
use promised::rpc::{self, ServerTerms, proto};
use proto::promise_service_client::PromiseServiceClient;
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};
use tonic::{Code, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

#[tokio::test]
async fn until_it_has_loaded_health_says_no_and_calls_are_to_come_back() {
    let other = Server::tiny().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (load, loaded) = oneshot::channel();
    let ready = async { loaded.await.unwrap() };
    let serving = tokio::spawn(rpc::serve_when(
        ready,
        (listener, ServerTerms::default()),
        std::future::pending(),
    ));
    let channel = Channel::from_shared(url.clone()).unwrap().connect().await.unwrap();
    let mut health = HealthClient::new(channel.clone());
    let mut promises = PromiseServiceClient::new(channel);
    let mut client = Client::connect(&url).await;
    for service in ["", "promised.v1.PromiseService"] {
        let asked = HealthCheckRequest { service: service.to_string() };
        assert_eq!(health.check(asked).await.unwrap().into_inner().status, 2, "NOT_SERVING");
    }
    // All of them at once, by curl too.
    let health_list = "/grpc.health.v1.Health/List";
    let listed = client.post(health_list, "{}").await.json();
    let all = listed["statuses"].as_object().unwrap().clone();
    assert_eq!(all.len(), 12, "{listed}");
    assert!(all.values().all(|one| one["status"] == "NOT_SERVING"), "{listed}");
    let list = proto::ListPromisesRequest::default;
    let refused = promises.list(list()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable, "{refused}");
    let refused = client.post("/promised.v1.PromiseService/List", "{}").await;
    assert_eq!((refused.status, refused.json()["code"].clone()), (503, json!("unavailable")));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(client.get("/v1/promises.csv").await.status, 503);

    load.send(other.refresher().clone()).unwrap();
    // The connections of before are let through as soon as there is something behind.
    while promises.list(list()).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.post("/promised.v1.PromiseService/List", "{}").await.status, 200);
    let asked = HealthCheckRequest { service: String::new() };
    while health.check(asked.clone()).await.unwrap().into_inner().status != 1 {
        tokio::task::yield_now().await;
    }
    serving.abort();
    other.stop().await;
}
