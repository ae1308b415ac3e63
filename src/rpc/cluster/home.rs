//! Where a scenario is: on the node that made it, whichever node is asked about it.
//!
//! Its id begins with the number of a start of that node, and nodes tell whose scenarios they have.

use super::Cluster;
use crate::{
    engine::{node::Member, scenarios},
    rpc::status::Failure,
};
use tonic::Code;

/// Where scenarios are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// None is named, or no node says that it has them: whoever is asked says so.
    Nowhere,
    Here,
    There(Member),
}

impl Cluster {
    /// The node on which all of some scenarios are.
    ///
    /// # Errors
    /// They are not on one node.
    pub(super) fn home(&self, ids: &[String]) -> Result<Home, Failure> {
        let Some((engine, status)) = self.running() else { return Ok(Home::Nowhere) };
        if ids.is_empty() {
            return Ok(Home::Nowhere);
        }
        let (known, own) = (status.known(), engine.scenarios().starts());
        let of = |id: &String| {
            let start = scenarios::start_of(id)?;
            if own.contains(&start) {
                return Some(self.me.clone());
            }
            let has = |(_, (kept, _)): &(_, &(crate::engine::node::NodeReport, _))| {
                kept.starts.contains(&start)
            };
            known.kept.iter().find(has).map(|(node, _)| node.clone())
        };
        let mut homes = ids.iter().filter_map(|id| Some((id, of(id)?)));
        let Some((id, node)) = homes.next() else { return Ok(Home::Nowhere) };
        if let Some((other_id, other)) = homes.find(|(_, other)| *other != node) {
            let text = format!(
                "scenario {id} is on {node} and {other_id} on {other}: make one of them where the other one is"
            );
            return Err(Failure::new(Code::FailedPrecondition, "SCENARIOS_APART", text));
        }
        if node == self.me {
            return Ok(Home::Here);
        }
        let member = known.members.as_ref().and_then(|members| members.find(&node)).cloned();
        Ok(member.map_or(Home::Nowhere, Home::There))
    }
}
