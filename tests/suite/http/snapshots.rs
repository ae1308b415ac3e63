//! Issue 20, item 1: `POST /v1/snapshots`, a form with a part a file.

use super::{Answer, Client};
use crate::{push::copy, rpc::Server};
use std::path::Path;

/// A form of all files of a directory, the manifest last.
fn form(dir: &Path) -> Vec<u8> {
    let mut names: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|suffix| suffix == "csv" || suffix == "json"));
    names.sort_by_key(|path| {
        (path.extension().is_some_and(|suffix| suffix == "json"), path.clone())
    });
    let mut form = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap();
        form.extend(format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
        form.extend(std::fs::read(&path).unwrap());
        form.extend(b"\r\n");
    }
    form.extend(b"--cut--\r\n");
    form
}

async fn upload(client: &mut Client, query: &str, form: &[u8]) -> Answer {
    let kind = [("content-type", "multipart/form-data; boundary=cut")];
    client.ask("POST", &format!("/v1/snapshots{query}"), &kind, form).await
}

#[tokio::test]
async fn a_form_of_files_is_validated_activated_or_held_back() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let next = copy("tiny-2", &[]);
    let next = next.path();
    let answer = upload(&mut client, "?aim=validate", &form(next)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["summary"]["outcome"], "VALIDATED", "{}", answer.text());
    let answer = upload(&mut client, "", &form(next)).await;
    assert_eq!(answer.json()["summary"]["outcome"], "ACTIVATED", "{}", answer.text());
    // Half of all stock is gone: that is looked at by somebody first.
    let empty = |_: String| "item,location,quantity\n".to_string();
    let next = copy("tiny-3", &[("on_hand.csv", &empty)]);
    let next = next.path();
    let answer = upload(&mut client, "", &form(next)).await;
    assert_eq!(
        (answer.status, answer.json()["summary"]["outcome"].as_str()),
        (422, Some("QUARANTINED")),
        "{}",
        answer.text()
    );
    let answer = upload(&mut client, "?aim=force&by=me&why=test", &form(next)).await;
    assert_eq!(answer.json()["summary"]["outcome"], "ACTIVATED", "{}", answer.text());
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_snapshot_is_refused() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let answer = client.post("/v1/snapshots", "{}").await;
    assert_eq!(answer.status, 415, "{}", answer.text());
    let part = |name: &str| {
        format!(
            "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\nx\r\n--cut--\r\n"
        )
    };
    for (query, body, want) in [
        ("", part("../items.csv"), "filename"),
        ("", part(".hidden"), "filename"),
        ("", "--cut--\r\n".to_string(), "has no files"),
        ("", "nothing of the kind".to_string(), "is no form"),
        ("?aim=eat", part("items.csv"), "aim"),
    ] {
        let answer = upload(&mut client, query, body.as_bytes()).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        assert!(answer.text().contains(want), "{want}: {}", answer.text());
        client = Client::connect(&server.url).await;
    }
    server.stop().await;
}
