//! Issue 21, item 5: webhooks are CloudEvents, signed, at least once, in order, from where their cursor stands.

use super::{super::edge::process::Place, change, promised};
use promised::rpc::{
    proto,
    webhook::{self, Hook, Letter, Postman, Secret, Sent},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
};

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What somebody has posted: headers by name, and the body.
pub(crate) struct Posted {
    headers: Vec<(String, String)>,
    body: String,
}

impl Posted {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn event(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What is posted on a connection, if it is whole.
fn hear(stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let (mut headers, mut line) = (Vec::new(), String::new());
    reader.read_line(&mut line).ok()?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_string()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?;
    let mut body = vec![0; length.1.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Posted { headers, body: String::from_utf8(body).ok()? })
}

/// A receiver that answers with some statuses, one after the other, the last one for ever.
pub(crate) fn receiver(statuses: &'static [u16]) -> (String, Receiver<Posted>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, posted) = channel();
    std::thread::spawn(move || {
        let last = *statuses.last().expect("it answers");
        let mut next = statuses.iter().copied().chain(std::iter::repeat(last));
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Who posts may be killed in the middle of it, or before it is answered.
            let Some(heard) = hear(&stream) else { continue };
            let status = next.next().expect("the last one for ever");
            let answer =
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()));
            if sender.send(heard).is_err() {
                return;
            }
        }
    });
    (url, posted)
}

fn hook(url: &str) -> Hook {
    Hook {
        name: "shop".to_string(),
        url: url.to_string(),
        secrets: vec![Secret::parse(SECRET).unwrap()],
        types: vec!["promise.at_risk".to_string(), "supply.late".to_string()],
        allow_private: true,
        from: Some(0),
        ..Hook::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_sent_again_in_order_and_a_restart_goes_on_behind_it() {
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let directory = tempfile::tempdir().unwrap();
    let (url, posted) = receiver(&[503, 200]);
    let hooks = webhook::start(server.engine(), vec![hook(&url)], Some(directory.path()));
    let all: Vec<Posted> = (0..4).map(|_| posted.recv().unwrap()).collect();
    let ids: Vec<&str> = all.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids, ["tiny/6/1", "tiny/6/1", "tiny/6/3", "tiny/6/4"], "the first one twice");
    let late = all[1].event();
    assert_eq!(late["specversion"], "1.0");
    assert_eq!(
        (&late["type"], &late["source"]),
        (&"promised.supply.late".into(), &"/promised".into())
    );
    assert_eq!((&late["id"], &late["subject"]), (&"tiny/6/1".into(), &"PO-1".into()));
    let hurt = all[2].event();
    assert_eq!(hurt["data"]["jeopardy"]["order"], "LATE");
    assert_eq!(all[2].header("content-type"), "application/cloudevents+json");
    let seconds: i64 = all[2].header("webhook-timestamp").parse().unwrap();
    let secret = Secret::parse(SECRET).unwrap();
    let signed = secret.sign("tiny/6/3", seconds, &all[2].body);
    assert_eq!(all[2].header("webhook-signature"), signed);
    drop(hooks);
    // It goes on with what is new: how far it was told is in the journal.
    let (url, posted) = receiver(&[200]);
    let told = server.engine().pin().cursors()["webhook shop"].to_string();
    assert!(told.starts_with("7 ") || told.starts_with("8 "), "{told}");
    let hooks = webhook::start(server.engine(), vec![hook(&url)], None);
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "7")]).await;
    let next = server.engine().pin().position;
    assert_eq!(posted.recv().unwrap().header("webhook-id"), format!("tiny/{next}/1"));
    drop(hooks);
    server.stop().await;
}

#[test]
fn the_own_network_is_called_only_where_that_is_allowed() {
    let (url, _posted) = receiver(&[200]);
    let now = "2026-11-29T12:00:00Z".parse().unwrap();
    let letter = Letter::test(now);
    let sent = Postman::new(Hook { allow_private: false, ..hook(&url) }).send(&letter, now);
    assert!(matches!(&sent, Sent::Failed(why) if why.contains("own network")), "{sent:?}");
    assert_eq!(Postman::new(hook(&url)).send(&letter, now), Sent::Taken(200));
    let (url, _posted) = receiver(&[410]);
    assert_eq!(Postman::new(hook(&url)).send(&letter, now), Sent::Gone);
    let (url, _posted) = receiver(&[302]);
    assert!(matches!(Postman::new(hook(&url)).send(&letter, now), Sent::Failed(_)), "no redirects");
}

/// A server whose configuration is named, by the flag or by the variable, tells its webhooks; one that is wrong keeps it from
/// starting, and `config check` says where.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_is_named_has_its_webhooks() {
    let (url, posted) = receiver(&[200]);
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("named.toml");
    let table = |rest: &str| {
        let hook = format!("[[webhook]]\nname = \"shop\"\nurl = \"{url}\"\nallow_private = true\n");
        std::fs::write(&config, hook + rest).unwrap();
    };
    let place = Place::serving("tiny");
    table(&format!("secret = \"{SECRET}\"\ntypes = \"promise.made\"\n"));
    let server = place.start(&["--config", config.to_str().unwrap()]).await;
    let line = proto::OrderLine {
        order: "SO-1".to_string(),
        item: "VALVE".to_string(),
        quantity: 1.0,
        requested_date: "2026-11-25".to_string(),
        ..proto::OrderLine::default()
    };
    let request = proto::PromiseRequest {
        request_id: "R1".to_string(),
        lines: vec![line],
        ..proto::PromiseRequest::default()
    };
    server.promises().promise(request).await.unwrap();
    let told = tokio::task::spawn_blocking(move || posted.recv().unwrap()).await.unwrap();
    assert_eq!(told.event()["type"], "promised.promise.made");
    server.kill();
    table("secret = 5\n");
    for arguments in [["config", "check"], ["serve", "tiny"]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_promised"))
            .args(arguments)
            .env("PROMISED_CONFIG", &config)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
        assert!(said.contains("named.toml:5") && said.contains("a text or a list"), "{said}");
    }
}
