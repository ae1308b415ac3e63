//! An event as the letter of a webhook, and who carries it there.

use super::{address::PublicOnly, hook::Hook};
use crate::rpc::{json::to_json_line, proto, text};
use jiff::Timestamp;
use std::time::Duration;
use ureq::{Agent, unversioned::transport::DefaultConnector};

/// So long an answer is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

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
    pub(super) id: String,
    body: String,
}

impl Letter {
    /// An event that happened.
    pub(super) fn of(snapshot_id: &str, event: &proto::Event) -> Self {
        let id = format!("{snapshot_id}/{}/{}", event.sequence, event.number);
        let time = text::instant(event.time.as_ref());
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
    pub(super) hook: Hook,
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
