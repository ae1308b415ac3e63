//! What a node of a cluster knows of itself and the others, for whoever asks.

use parking_lot::RwLock;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::sync::watch;

use super::members::{Members, NodeReport};

/// What is known now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeKnown {
    /// The epoch of the head that was read or left last.
    pub epoch: u64,
    /// The node that leads by it; none where nobody does.
    pub leader: Option<String>,
    /// The last entry of the order by it.
    pub position: u64,
    /// What the order was last not to be asked for; none while it answers.
    pub away: Option<String>,
    /// What keeps this node from following; none while it follows or leads.
    pub fault: Option<String>,
    /// Who belongs to the cluster.
    pub members: Option<Members>,
    /// What each said last, and how long ago that changed.
    pub kept: BTreeMap<String, (NodeReport, Duration)>,
    /// How long the last gap of leadership was that this node ended, and the epoch that it began.
    pub gap: Option<(u64, Duration)>,
}

/// It, for all threads.
#[derive(Debug)]
pub struct NodeStatus {
    known: RwLock<NodeKnown>,
    /// When that was sent, in microseconds of the steady clock, which was confirmed last; on the leader.
    confirmed: watch::Sender<u64>,
    /// The epoch that is known of.
    epoch: watch::Sender<u64>,
    /// The same for the last word of the order that this node heard.
    heard: AtomicU64,
}

impl Default for NodeStatus {
    fn default() -> Self {
        let (known, confirmed) = (RwLock::default(), watch::Sender::new(0));
        Self { known, confirmed, epoch: watch::Sender::new(0), heard: AtomicU64::new(0) }
    }
}

impl NodeStatus {
    /// What is known now.
    pub fn known(&self) -> NodeKnown {
        self.known.read().clone()
    }

    /// The node that leads, as far as this one knows.
    pub fn leader(&self) -> Option<String> {
        self.known.read().leader.clone()
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut NodeKnown)) {
        change(&mut self.known.write());
    }

    /// Notes that something of this leader's was confirmed which was sent at an instant.
    pub(super) fn confirm(&self, sent: Duration) {
        let sent = micros(sent);
        self.confirmed.send_if_modified(|last| {
            let is_later = *last < sent;
            *last = sent.max(*last);
            is_later
        });
    }

    /// Notes that the order answered at an instant.
    pub(super) fn hear(&self, now: Duration) {
        self.heard.fetch_max(micros(now), Ordering::Relaxed);
    }

    pub(super) fn reach(&self, epoch: u64) {
        self.epoch.send_if_modified(|known| {
            let is_later = *known < epoch;
            *known = epoch.max(*known);
            is_later
        });
    }

    /// The epoch that is known of.
    pub fn epoch(&self) -> u64 {
        *self.epoch.borrow()
    }

    /// Told each time that another epoch begins.
    pub fn epochs(&self) -> watch::Receiver<u64> {
        self.epoch.subscribe()
    }

    /// When that was sent which was confirmed last.
    pub fn confirmed(&self) -> Duration {
        Duration::from_micros(*self.confirmed.borrow())
    }

    /// Told each time that something is confirmed.
    pub fn confirmations(&self) -> watch::Receiver<u64> {
        self.confirmed.subscribe()
    }

    /// When the order answered last.
    pub fn heard(&self) -> Duration {
        Duration::from_micros(self.heard.load(Ordering::Relaxed))
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
