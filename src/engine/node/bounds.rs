//! How much there may be: etcd's file and the nodes' disks, and what the leader does before they are full.
//!
//! etcd refuses everything once its file has reached its quota, and the file does not shrink by itself; a member of it whose
//! disk is full ends. So the leader lets less come in while the file grows, has members give back what they do not use,
//! and refuses commands before etcd would.

use super::{Keeper, NodeKnown, members::NodeReport};
use std::time::Duration;

/// From so many bytes of etcd's file on less is let in.
const SLOW_FROM: u64 = 1 << 30;

/// Beyond this commands are refused: etcd refuses everything at 8 GiB.
const ORDER_BYTES_MAX: u64 = 6 << 30;

/// The longest that a batch waits: no longer than a follower is patient.
const PAUSE_MAX: Duration = Duration::from_millis(250);

/// A node whose disk has less free than this, and less than a tenth, is about to be full.
const LOW_BYTES: u64 = 1 << 30;

/// What a node said longer ago does not count.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

/// How often members of etcd are looked at, whether they use what they take.
pub(super) const TIDY_EVERY: Duration = Duration::from_secs(60);

/// How long a batch waits where the order takes so many bytes.
fn pause(bytes: u64) -> Duration {
    let beyond = bytes.saturating_sub(SLOW_FROM).min(ORDER_BYTES_MAX - SLOW_FROM);
    let micros = u64::try_from(PAUSE_MAX.as_micros()).unwrap_or(u64::MAX);
    // In MiB, so that nothing overflows.
    Duration::from_micros(micros * (beyond >> 20) / ((ORDER_BYTES_MAX - SLOW_FROM) >> 20))
}

/// Whether a disk is about to be full.
fn is_low(kept: &NodeReport) -> bool {
    let least = (kept.disk_bytes / 10).min(LOW_BYTES);
    kept.disk_free < least
}

/// The voters whose disks are about to be full, where these are so many that the others are no majority: equal disks
/// fill together.
fn low(known: &NodeKnown) -> Vec<&str> {
    let Some(members) = &known.members else {
        return Vec::new();
    };
    let voters = members.nodes.iter().filter(|member| member.voter);
    let is_low = |node: &str| {
        let kept = known.kept.get(node);
        kept.is_some_and(|(kept, ago)| *ago < HEARD_WITHIN && is_low(kept))
    };
    let (low, others): (Vec<_>, Vec<_>) =
        voters.map(|member| member.node.as_str()).partition(|node| is_low(node));
    if others.len() < members.majority() { low } else { Vec::new() }
}

impl Keeper {
    /// Lets less come in, or nothing, where there is no room for it. On the node that leads.
    pub(super) fn bound(&mut self, bytes: u64) {
        let known = self.status.known();
        let own = known.kept.get(&*self.shared.me().node);
        let is_low = own.is_some_and(|(kept, _)| is_low(kept));
        if std::mem::replace(&mut self.is_low, is_low) != is_low && is_low {
            tracing::warn!("this node's disk is nearly full");
        }
        let low = low(&known);
        self.shared.slow_down(pause(bytes));
        let is_full = ORDER_BYTES_MAX < bytes || !low.is_empty();
        if self.shared.fill_up(is_full) {
            if is_full {
                let (low, most) = (low.join(", "), ORDER_BYTES_MAX);
                tracing::warn!(
                    bytes,
                    most,
                    low,
                    "commands are refused: etcd's file is too large, or the disks of most nodes are nearly full"
                );
            } else {
                tracing::info!("there is room for commands again");
            }
        }
        if SLOW_FROM < bytes && self.shared.is_leading() {
            self.tidy();
        }
    }

    /// Has a member of etcd give back what it does not use, beside.
    fn tidy(&mut self) {
        let now = super::steady();
        let is_time = self.tidied.is_none_or(|at| TIDY_EVERY <= now.saturating_sub(at));
        if is_time {
            self.tidied = Some(now);
            let about = std::sync::Arc::clone(&self.about);
            let thread = std::thread::Builder::new().name("tidy".to_string());
            // Where there is no thread it is tried again.
            drop(thread.spawn(move || (about.tidy)(SLOW_FROM)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::node::{Member, Members};

    /// Issue 24 item 6: the leader slows down from 1 GiB on.
    #[test]
    fn the_larger_etcd_gets_the_longer_a_batch_waits() {
        let gib = 1 << 30;
        let waits = [0, gib, 2 * gib, 6 * gib, 7 * gib, u64::MAX].map(pause);
        assert_eq!(waits.map(|wait| wait.as_millis()), [0, 0, 50, 250, 250, 250]);
    }

    /// Which voters are told of where these have so many GiB free of 100.
    #[track_caller]
    fn check(free: &[u64], want: &[&str]) {
        let mut known = NodeKnown::default();
        let mut members = Members::default();
        for (n, gib) in free.iter().enumerate() {
            let node = format!("n{}", n + 1);
            let kept =
                NodeReport { disk_free: gib << 30, disk_bytes: 100 << 30, ..NodeReport::default() };
            known.kept.insert(node.clone(), (kept, Duration::ZERO));
            members.nodes.push(Member { node, peer: String::new(), voter: true });
        }
        known.members = Some(members);
        assert_eq!(low(&known), want, "{free:?}");
    }

    /// Issue 24 item 6: disk watch on all nodes.
    #[test]
    fn commands_are_refused_where_the_disks_of_most_nodes_are_nearly_full() {
        check(&[20, 20, 20], &[]);
        check(&[20, 0, 20], &[]);
        check(&[0, 0, 20], &["n1", "n2"]);
        check(&[0, 20], &["n1"]);
        // A small disk is judged by its tenth.
        let small =
            NodeReport { disk_free: 2 << 20, disk_bytes: 10 << 20, ..NodeReport::default() };
        assert!(!is_low(&small));
        assert!(!is_low(&NodeReport::default()), "an older version does not say");
    }
}
