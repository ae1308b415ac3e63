//! What a node is among the members: whether it still belongs to them, may lead, and how long it waits for the others.

use super::{Ended, RANK, Turn};
use std::time::Duration;

impl Turn {
    /// Refuses to go on where it was taken out.
    pub(super) fn still_belongs(&mut self) -> Result<(), Ended> {
        let members = self.status.known().members;
        let is_member = members.is_some_and(|all| all.find(&self.shared.me().node).is_some());
        if self.was_member && !is_member {
            return Err(Ended("it was taken out of the cluster".to_string()));
        }
        self.was_member = is_member;
        Ok(())
    }

    pub(super) fn is_voter(&self) -> bool {
        let members = self.status.known().members;
        members.is_some_and(|all| all.find(&self.shared.me().node).is_some_and(|me| me.voter))
    }

    /// How much longer this node waits than the first one.
    pub(super) fn later(&self) -> Duration {
        let members = self.status.known().members;
        let place = members.and_then(|all| {
            all.nodes.iter().position(|member| *member.node == *self.shared.me().node)
        });
        RANK * u32::try_from(place.unwrap_or(0)).unwrap_or(0)
    }
}
