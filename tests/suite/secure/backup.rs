//! Item 5: a backup while serving, as it is at one instant; back to its end or to any position; a live journal looked at;
//! backups that a server makes by itself.

use super::place::{Place, Server, promised, text};
use promised::rpc::proto::{self, promise_service_client::PromiseServiceClient};
use std::{path::Path, time::Duration};

fn promise(order: &str) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: order.to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        customer: "AW00000001".to_string(),
        ..proto::OrderLine::default()
    };
    let (request_id, lines) = (order.to_string(), vec![line]);
    proto::PromiseRequest { request_id, lines, ..Default::default() }
}

/// Promises an order, and tells the position that has it.
async fn made(server: &Server, order: &str) -> u64 {
    let mut client = PromiseServiceClient::new(server.plain().await);
    let answer = client.promise(promise(order)).await.unwrap().into_inner();
    answer.version.unwrap().sequence
}

async fn orders(server: &Server) -> Vec<String> {
    let mut client = PromiseServiceClient::new(server.plain().await);
    let list = proto::ListPromisesRequest { page_size: 1_000, ..Default::default() };
    let list = client.list(list).await.unwrap().into_inner();
    list.promises.into_iter().map(|promise| promise.order).collect()
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = promised(arguments);
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// A server on what was restored.
fn again(place: &Place, data: &str) -> Server {
    place.serve(&["--data", data])
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_of_one_instant_while_promises_go_on() {
    let place = Place::new();
    let server = place.serve(&["--data", "data"]);
    for order in ["A", "B", "C"] {
        made(&server, order).await;
    }
    let under_load = async {
        let mut positions = Vec::new();
        for n in 0..60 {
            positions.push((format!("L{n}"), made(&server, &format!("L{n}")).await));
        }
        positions
    };
    let url = format!("http://{}", server.address);
    let saved = place.path("saved");
    let backup = {
        let (url, saved) = (url.clone(), name(&saved));
        tokio::task::spawn_blocking(move || run(&["backup", &saved, "--server", &url]))
    };
    let (positions, (code, out, err)) = tokio::join!(under_load, async { backup.await.unwrap() });
    assert_eq!(code, 0, "{err}");
    let position: u64 =
        out.trim().lines().last().unwrap().strip_prefix("position ").unwrap().parse().unwrap();
    let about: serde_json::Value =
        serde_json::from_slice(&std::fs::read(saved.join("backup.json")).unwrap()).unwrap();
    assert_eq!(about["position"], position);
    assert_eq!(about["snapshot_id"], "allocation-demo-2014-04-01");
    let (code, out, err) = run(&["restore", &name(&saved), "--data", &name(&place.path("new"))]);
    assert_eq!(code, 0, "{err}");
    assert!(out.ends_with(&format!("position {position}\n")), "{out}");
    let (code, out, err) = run(&["journal", "check", &name(&place.path("new"))]);
    assert_eq!(code, 0, "{out}{err}");
    let restored = Place::new();
    std::fs::rename(place.path("new"), restored.path("new")).unwrap();
    let mut want: Vec<String> = ["A", "B", "C"].map(String::from).to_vec();
    want.extend(positions.into_iter().filter(|(_, at)| *at <= position).map(|(order, _)| order));
    let server = again(&restored, "new");
    assert_eq!(orders(&server).await, want);
    made(&server, "LATER").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_position_of_a_backup_can_be_gone_back_to() {
    let place = Place::new();
    let server = place.serve(&["--data", "data"]);
    let mut positions = Vec::new();
    for order in ["A", "B", "C", "D"] {
        positions.push(made(&server, order).await);
    }
    let saved = name(&place.path("saved"));
    let url = format!("http://{}", server.address);
    let (code, out, err) = run(&["backup", &saved, "--server", &url, "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let about: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(about["position"], positions[3]);
    for (n, position) in positions.iter().enumerate() {
        let data = place.path(&format!("at{n}"));
        let position = position.to_string();
        let (code, out, err) = run(&[
            "restore",
            &saved,
            "--data",
            &name(&data),
            "--position",
            &position,
            "--format",
            "csv",
        ]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(out, format!("snapshot,position\nallocation-demo-2014-04-01,{position}\n"));
        let server = again(&place, &format!("at{n}"));
        assert_eq!(orders(&server).await, ["A", "B", "C", "D"][..=n]);
    }
    let data = name(&place.path("none"));
    let beyond = (positions[3] + 1).to_string();
    let (code, _, err) = run(&["restore", &saved, "--data", &data, "--position", &beyond]);
    assert_eq!(code, 1);
    assert!(err.contains("is not in this backup; it has 0 to 4"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_whole_or_not_empty_is_refused() {
    let place = Place::new();
    let server = place.serve(&["--data", "data"]);
    made(&server, "A").await;
    let url = format!("http://{}", server.address);
    let saved = place.path("saved");
    let (saved_name, data) = (name(&saved), name(&place.path("new")));
    assert_eq!(run(&["backup", &saved_name, "--server", &url]).0, 0);
    let (code, _, err) = run(&["backup", &saved_name, "--server", &url]);
    assert_eq!(code, 1);
    assert!(err.contains("is not empty"), "{err}");
    let (code, _, err) = run(&["restore", &saved_name, "--data", &saved_name]);
    assert_eq!(code, 1);
    assert!(err.contains("is not empty"), "{err}");
    // A byte that has turned is seen.
    let journal = saved.join("journal");
    let good = std::fs::read(&journal).unwrap();
    let mut bad = good.clone();
    let at = bad.len() - 10;
    bad[at] ^= 1;
    std::fs::write(&journal, bad).unwrap();
    let (code, _, err) = run(&["restore", &saved_name, "--data", &data]);
    assert_eq!(code, 1);
    assert!(err.contains("damaged"), "{err}");
    std::fs::write(&journal, good).unwrap();
    std::fs::remove_file(saved.join("backup.json")).unwrap();
    let (code, _, err) = run(&["restore", &saved_name, "--data", &name(&place.path("other"))]);
    assert_eq!(code, 1);
    assert!(err.contains("is no whole backup"), "{err}");
    // A server that keeps nothing has nothing to save.
    let memory = Place::new();
    let server = memory.serve(&[]);
    let url = format!("http://{}", server.address);
    let (code, _, err) = run(&["backup", &name(&memory.path("saved")), "--server", &url]);
    assert_eq!(code, 1);
    assert!(err.contains("keeps no journal"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_of_a_live_server_is_looked_at() {
    let place = Place::new();
    let server = place.serve(&["--data", "data"]);
    made(&server, "A").await;
    let url = format!("http://{}", server.address);
    let (code, out, err) = run(&["journal", "check", "--server", &url]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("entries       1 to 1") && out.ends_with("all is well\n"), "{out}");
    assert_eq!(orders(&server).await, ["A"], "it goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_makes_backups_by_itself_and_keeps_the_latest() {
    let place = Place::new();
    let more = [
        "--data",
        "data",
        "--backup-directory",
        "saved",
        "--backup-every",
        "300ms",
        "--backup-keep",
        "2",
    ];
    let server = place.serve(&more);
    made(&server, "A").await;
    let whole = || -> Vec<_> {
        let entries = std::fs::read_dir(place.path("saved")).into_iter().flatten();
        let mut all: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        all.retain(|path| path.join("backup.json").is_file() && !name(path).ends_with(".half"));
        all.sort();
        all
    };
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..1_000 {
        seen.extend(whole());
        if 3 < seen.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(3 < seen.len(), "{}", place.log());
    assert!(whole().len() <= 3, "{:?}", whole());
    drop(server);
    let last = whole().pop().unwrap();
    let data = place.path("new");
    let (code, _, err) = run(&["restore", &name(&last), "--data", &name(&data)]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(orders(&again(&place, "new")).await, ["A"]);
}
