//! Webhooks: events as CloudEvents 1.0, signed after Standard Webhooks, at least once and in order.
//!
//! Each hook has a thread and a cursor of its own: what it was told is in the journal, so a restart goes on there, and so
//! does the next leader of a cluster. What fails is sent again, later and later, up to a day; 410 switches a hook off.

mod address;
mod cursor;
mod sign;
mod telling;

pub use sign::Secret;

use super::{json::to_json_line, proto};
use crate::engine::Engine;
use address::PublicOnly;
use jiff::Timestamp;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use telling::Telling;
use ureq::{Agent, unversioned::transport::DefaultConnector};

/// So long an answer is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Who is to be told, of what.
#[derive(Clone, Debug, Default)]
pub struct Hook {
    /// Its name: that of its cursor.
    pub name: String,
    /// Where to.
    pub url: String,
    /// With what it is signed; several while one is replaced.
    pub secrets: Vec<Secret>,
    /// Only these types.
    pub types: Vec<String>,
    /// Only of this customer.
    pub customer: String,
    /// Only of this item.
    pub item: String,
    /// Only of this demand class.
    pub demand_class: String,
    /// Whether it may be an address of the own network.
    pub allow_private: bool,
    /// From which position on, where there is no cursor yet; from now on where none is given.
    pub from: Option<u64>,
}

/// What became of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was taken; the status says how.
    Taken(u16),
    /// Nobody wants it any more.
    Gone,
    /// It is to be sent again.
    Failed(String),
}

/// A CloudEvent on its way.
#[derive(Clone, Debug)]
pub struct Letter {
    id: String,
    body: String,
}

impl Letter {
    /// An event that happened.
    fn of(snapshot_id: &str, event: &proto::Event) -> Self {
        let id = format!("{snapshot_id}/{}/{}", event.sequence, event.number);
        let time = super::text::instant(event.time.as_ref());
        let data = serde_json::from_str(&to_json_line(event)).expect("it is JSON");
        Self::new(id, &event.r#type, (&event.subject, &time), data)
    }

    /// One that tries whether anybody is there.
    pub fn test(now: Timestamp) -> Self {
        let id = format!("test/{}", now.as_microsecond());
        let data = serde_json::json!({ "text": "this is a test of promised" });
        Self::new(id, "test", ("test", &now.to_string()), data)
    }

    fn new(id: String, kind: &str, (subject, time): (&str, &str), data: serde_json::Value) -> Self {
        let body = serde_json::json!({
            "specversion": "1.0",
            "id": id,
            "source": "/promised",
            "type": format!("promised.{kind}"),
            "subject": subject,
            "time": time,
            "datacontenttype": "application/json",
            "data": data,
        });
        Self { id, body: body.to_string() }
    }
}

/// What sends to one hook.
pub struct Postman {
    hook: Hook,
    agent: Agent,
}

impl std::fmt::Debug for Postman {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postman").field("url", &self.hook.url).finish_non_exhaustive()
    }
}

impl Postman {
    /// One for a hook.
    pub fn new(hook: Hook) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(ANSWER_WITHIN))
            .proxy(None)
            .user_agent("promised")
            .build();
        let resolver = PublicOnly { allow_private: hook.allow_private };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { hook, agent }
    }

    /// Sends a letter once.
    pub fn send(&self, letter: &Letter, now: Timestamp) -> Sent {
        let seconds = now.as_second();
        let signed: Vec<String> = self
            .hook
            .secrets
            .iter()
            .map(|secret| secret.sign(&letter.id, seconds, &letter.body))
            .collect();
        let request = self
            .agent
            .post(&self.hook.url)
            .header("content-type", "application/cloudevents+json")
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signed.join(" "));
        match request.send(letter.body.as_str()) {
            Ok(answer) => match answer.status().as_u16() {
                status @ 200..=299 => Sent::Taken(status),
                410 => Sent::Gone,
                status => Sent::Failed(format!("status {status}")),
            },
            Err(error) => Sent::Failed(error.to_string()),
        }
    }
}

/// The threads that tell hooks, until they are dropped.
#[derive(Debug, Default)]
pub struct Hooks {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Tells hooks what happens from now on, or from where their cursors stand, whenever this process leads. In a directory of
/// data there may be cursors of earlier versions.
pub fn start(engine: &Engine, hooks: Vec<Hook>, directory: Option<&Path>) -> Hooks {
    let mut started = Hooks::default();
    for hook in hooks {
        let name = format!("webhook {}", hook.name);
        let telling = Telling::new(engine.clone(), hook, Arc::clone(&started.is_over));
        let directory: Option<PathBuf> = directory.map(|data| data.join("webhooks"));
        let run = move || telling.run(directory.as_deref());
        match std::thread::Builder::new().name("webhook".to_string()).spawn(run) {
            Ok(thread) => started.threads.push(thread),
            Err(error) => tracing::error!(%error, "no thread for {name}"),
        }
    }
    started
}

impl Drop for Hooks {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // A panic of it was told by its thread.
            drop(thread.join());
        }
    }
}
