//! A node whose disk is full: it answers as of where it is, copies nothing, and lets another node lead that has room.

use super::{Ended, Turn};
use crate::engine::node::members::NodeReport;
use std::time::Duration;

/// A node with so many bytes free on its disk may take the lead from one that has no room.
const ROOMY_BYTES: u64 = 256 << 20;

/// A node that said something so long ago is there.
const HEARD_WITHIN: Duration = Duration::from_secs(3);

impl Turn {
    pub(super) fn tell_of_room(&self, fault: &str) {
        let mut is_new = false;
        self.status.change(|known| {
            is_new = known.fault.as_deref() != Some(fault);
            known.fault = Some(fault.to_string());
        });
        if is_new {
            tracing::warn!("{fault}; this node goes on when there is some");
        }
    }

    /// Whether another node may lead that has room.
    pub(super) fn is_another_fit(&self) -> bool {
        let known = self.status.known();
        let others = known.members.iter().flat_map(|members| &members.nodes);
        let mut others = others.filter(|member| *member.node != *self.shared.me().node);
        others.any(|member| {
            let kept = known.kept.get(&member.node);
            let has_room = |(kept, ago): &(NodeReport, Duration)| {
                ROOMY_BYTES <= kept.disk_free && *ago < HEARD_WITHIN
            };
            member.voter && kept.is_some_and(has_room)
        })
    }

    pub(super) fn has_room(&self) -> Result<bool, Ended> {
        self.shared.has_room().map_err(|error| Ended(error.to_string()))
    }
}
