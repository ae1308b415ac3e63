//! Items 4, 6, 7 and 8: what systemd is told, log lines for programs, packages, alerts and the dashboard.

use super::place::{Place, promised, text, who, with};
use promised::rpc::proto;
use rustix::process::Signal;
use std::{
    collections::BTreeSet, os::unix::net::UnixDatagram, path::Path, process::Command,
    time::Duration,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn systemd_is_told_when_it_serves_reads_and_ends() {
    let place = Place::new();
    let socket = UnixDatagram::bind(place.path("notify")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let hear = || {
        let mut bytes = [0; 1_024];
        let n = socket.recv(&mut bytes).expect("it tells something");
        text(&bytes[..n])
    };
    let mut child = place
        .command(&["--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", place.path("notify"))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(hear(), "STATUS=loading\n");
    let ready = hear();
    assert!(ready.starts_with("READY=1\nSTATUS=serving on 127.0.0.1:"), "{ready}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, Signal::HUP).unwrap();
    let reading = hear();
    assert!(reading.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{reading}");
    assert_eq!(hear(), "READY=1\n");
    rustix::process::kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(hear(), "STOPPING=1\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_lines_are_objects_and_tell_of_slow_calls_by_whom() {
    let place = Place::new();
    let token = place.token("shop", &["--role", "read"]);
    let server = place.serve(&[
        "--log-format",
        "json",
        "--slow-call",
        "1us",
        "--access-tokens",
        "tokens.toml",
    ]);
    let mut request = with(&token, proto::WhoAmIRequest {});
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request.metadata_mut().insert("traceparent", parent.parse().unwrap());
    let mut client = proto::admin_service_client::AdminServiceClient::new(server.plain().await);
    client.who_am_i(request).await.unwrap();
    who(server.plain().await, Some(&token)).await.unwrap();
    server.says("a slow call").await;
    let mut slow = Vec::new();
    for line in place.log().lines() {
        let object: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(object["at"].is_string() && object["level"].is_string(), "{line}");
        if object["message"] == "a slow call" {
            slow.push(object);
        }
    }
    assert_eq!(slow[0]["method"], "AdminService/WhoAmI");
    assert_eq!(slow[0]["principal"], "shop");
    assert_eq!(slow[0]["trace"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert!(slow[0]["ms"].is_u64());
}

/// Names of metrics in a text.
fn metrics(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_part(c));
    let words =
        words.filter(|word| word.starts_with("promised_") || word.starts_with("grpc_server_"));
    // A histogram is served under three names.
    let base = |word: &str| {
        let ends = ["_bucket", "_sum", "_count"];
        ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).to_string()
    };
    words.map(base).collect()
}

/// Names of metrics that the program has, as they stand in quotes in its source.
fn served(dir: &Path, all: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            served(&path, all);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let quoted = text.split('"').skip(1).step_by(2);
            all.extend(quoted.filter(|word| metrics(word).contains(*word)).map(String::from));
        }
    }
}

#[test]
fn alerts_and_the_dashboard_name_metrics_that_are_served() {
    let mut known = BTreeSet::new();
    served(&root().join("src"), &mut known);
    for file in ["alerts.yml", "alerts.test.yml", "dashboard.json"] {
        let text = std::fs::read_to_string(root().join("ops").join(file)).unwrap();
        let named = metrics(&text);
        assert!(3 < named.len(), "{file}: {named:?}");
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{file} names {unknown:?}, which nobody serves");
    }
    let dashboard: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root().join("ops/dashboard.json")).unwrap()).unwrap();
    assert!(8 <= dashboard["panels"].as_array().unwrap().len());
}

/// Runs a program that not everybody has; says so where it is missing.
fn optional(program: &str, arguments: &[&str]) {
    match Command::new(program).args(arguments).current_dir(root().join("ops")).output() {
        Ok(output) => {
            let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
            assert!(output.status.success(), "{program} {arguments:?}: {told}");
        }
        Err(_) => eprintln!("skipped: {program} is not there"),
    }
}

#[test]
fn rules_for_alerts_say_what_their_tests_want() {
    optional("promtool", &["check", "rules", "alerts.yml"]);
    optional("promtool", &["test", "rules", "alerts.test.yml"]);
}

#[test]
fn every_command_has_a_page_and_shells_complete_it() {
    let dir = tempfile::tempdir().unwrap();
    let pages = dir.path().join("man");
    assert!(promised(&["man", pages.to_str().unwrap()]).status.success());
    for command in [
        "promised",
        "promised-serve",
        "promised-token-new",
        "promised-backup",
        "promised-config-check",
    ] {
        let page = std::fs::read_to_string(pages.join(format!("{command}.1"))).unwrap();
        assert!(page.contains(".TH "), "{command}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let output = promised(&["completions", shell]);
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("restore"), "{shell}");
    }
}

#[test]
fn a_release_has_all_its_parts() {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !has("python3") || !has("dpkg-deb") || !has("cargo") {
        eprintln!("skipped: python3, dpkg-deb or cargo is not there");
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::new("python3");
    command.arg(root().join("ops/dist.py")).current_dir(root());
    // What stands for the binary is small, so that packing does not take minutes.
    let small = out.path().join("promised");
    std::fs::write(&small, format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_promised")))
        .unwrap();
    command.env("PROMISED_BIN", &small).env("PROMISED_DIST", out.path().join("dist"));
    let output = command.env("SOURCE_DATE_EPOCH", "1764428400").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let version = env!("CARGO_PKG_VERSION");
    let out = out.path().join("dist");
    let deb = out.join(format!("promised_{version}_amd64.deb"));
    let list = Command::new("dpkg-deb").arg("--contents").arg(&deb).output().unwrap();
    let list = text(&list.stdout);
    for file in [
        "./usr/bin/promised",
        "./lib/systemd/system/promised.service",
        "./etc/promised/promised.toml",
        "./usr/share/man/man1/promised-serve.1.gz",
        "./usr/share/bash-completion/completions/promised",
        "./usr/share/zsh/vendor-completions/_promised",
        "./usr/share/fish/vendor_completions.d/promised.fish",
    ] {
        assert!(list.lines().any(|line| line.ends_with(file)), "{file} is not in {list}");
    }
    let conffiles =
        Command::new("dpkg-deb").arg("--info").arg(&deb).arg("conffiles").output().unwrap();
    assert_eq!(text(&conffiles.stdout), "/etc/promised/promised.toml\n");
    let sbom: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("sbom.cdx.json")).unwrap()).unwrap();
    let names: Vec<_> = sbom["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"rustls") && names.contains(&"redb") && !names.contains(&"proptest"),
        "{names:?}"
    );
    assert!(std::fs::read_to_string(out.join("LICENSES.txt")).unwrap().contains("--- LICENSE"));
    let sums = std::fs::read_to_string(out.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 4, "{sums}");
}
