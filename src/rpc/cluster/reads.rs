//! Questions that say how new their answer must be: `promised-at-least: p0:POSITION` and `promised-fresh: true`.
//!
//! A position that was acknowledged is never taken back, so it means the same on every node, after any change of leader.
//! A fresh answer is the leader's, after something of its own was confirmed that it sent when the question was there:
//! no clock is compared, and no read of the order is believed.

use super::{Cluster, no_quorum};
use crate::{engine::node::steady, rpc::status::Failure};
use http::HeaderMap;
use std::time::Duration;
use tonic::Code;

/// So long a node waits until it has a position.
const WAIT: Duration = Duration::from_millis(200);

/// So long a leader waits until something is confirmed.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(1);

/// How often a node looks whether it has come so far.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What a question asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) at_least: Option<u64>,
    pub(super) is_fresh: bool,
}

impl Wanted {
    /// As its headers say.
    ///
    /// # Errors
    /// One of them is no such thing.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let (at_least, fresh) = (headers.get("promised-at-least"), headers.get("promised-fresh"));
        let position = |text: &str| text.strip_prefix("p0:")?.parse().ok();
        let at_least = at_least
            .map(|value| {
                let found = value.to_str().ok().and_then(position);
                let text = "is the token of an answer, such as p0:4711";
                found.ok_or_else(|| Failure::invalid_field("promised-at-least", text))
            })
            .transpose()?;
        Ok(Self { at_least, is_fresh: fresh.is_some_and(|value| value.as_bytes() == b"true") })
    }

    /// Whether anything is asked for.
    pub(super) fn is_something(self) -> bool {
        self != Self::default()
    }
}

impl Cluster {
    /// Waits until this node has what is asked for.
    ///
    /// # Errors
    /// It did not come in time: where this node is, and who leads.
    pub(super) async fn await_wanted(&self, wanted: Wanted) -> Result<(), Failure> {
        let Some((engine, status)) = self.running() else {
            return Ok(());
        };
        let began = steady();
        if wanted.is_fresh {
            let mut confirmed = status.confirmations();
            let later = |sent: &u64| began < Duration::from_micros(*sent);
            let waited = tokio::time::timeout(CONFIRMED_WITHIN, confirmed.wait_for(later)).await;
            waited.map_err(|_| no_quorum())?.map_err(|_| no_quorum())?;
        }
        let Some(position) = wanted.at_least else {
            return Ok(());
        };
        loop {
            let own = engine.pin().position;
            if position <= own {
                return Ok(());
            }
            if WAIT < steady().saturating_sub(began) {
                let text = format!("this node is at position {own}; ask the leader");
                return Err(Failure::new(Code::Unavailable, "BEHIND", text)
                    .with("position", own.to_string())
                    .with("leader", status.leader().unwrap_or_default())
                    .later());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
