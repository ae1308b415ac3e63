//! Issue 20, item 1: `/openapi.json` describes what is there. That answers are as it says is held by schemathesis in CI.

use super::Client;
use crate::rpc::Server;

#[tokio::test]
async fn what_is_served_is_described() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let answer = client.get("/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/promised.v1.PromiseService/Promise",
        "/v1/promises.csv",
        "/v1/availability.json",
        "/v1/orders",
        "/v1/snapshots",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(!paths.contains_key("/promised.v1.PromiseService/PromiseStream"));
    // Every reference leads somewhere.
    let text = answer.text();
    for name in text.split("#/components/schemas/").skip(1) {
        let name = name.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    server.stop().await;
}
