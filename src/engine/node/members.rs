//! What nodes know of each other: small things in cells beside the order, as JSON.
//!
//! Who belongs to the cluster decides who may claim the head and who is waited for before a snapshot serves; what comes next is
//! the order's business alone. So one compare-and-set of the members is all that a change of them needs.

use crate::journal::shared::{Away, Order, Reply};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The cell of the snapshot that most nodes are to have.
pub(super) const WANTED: &str = "p/p0/wanted";

/// The cell of who belongs to the cluster.
const MEMBERS: &str = "members";

/// Who belongs to a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// Rises with each change.
    pub version: u64,
    /// The id of the ledger, the same on all nodes.
    pub ledger: String,
    /// The nodes, by name.
    pub nodes: Vec<Member>,
    /// Whether it began with nothing, and not with what a single server had.
    #[serde(default)]
    pub begins_empty: bool,
}

/// A node that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub node: String,
    /// Where other nodes reach it: `HOST:PORT`.
    pub peer: String,
    /// Whether it may lead, and counts where most are asked.
    pub voter: bool,
}

/// A change of who belongs to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// A node joins: it gets what the others have, and does not lead.
    Add(Member),
    /// A node that has joined may lead from now on.
    Promote(String),
    /// A node leaves: it gives the lead up, if it has it, and ends.
    Remove(String),
}

/// Why a change of the members was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    /// There is such a node.
    #[error("the cluster has a node {0} already")]
    There(String),
    /// Another node is reached at its address.
    #[error("node {0} is at that address")]
    Address(String),
    /// There is no such node.
    #[error("the cluster has no node {0}")]
    Unknown(String),
    /// It may lead as it is.
    #[error("node {0} may lead already")]
    Voter(String),
    /// Nobody else may lead.
    #[error("no other node than {0} may lead")]
    Last(String),
    /// There is no cluster.
    #[error("there is no such cluster in this etcd")]
    None,
    /// Somebody else changed the members meanwhile.
    #[error("somebody else changed the members meanwhile; nothing was done")]
    Raced,
    /// It may have been made.
    #[error("etcd gave no answer; it may have been done")]
    Unsure,
    /// The order cannot be asked.
    #[error(transparent)]
    Away(#[from] Away),
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeReport {
    /// Which start of it.
    pub start: u64,
    /// Rises each time that it says so: it is alive.
    pub count: u64,
    /// Up to where its own journal is durable.
    pub synced: u64,
    /// What it has applied.
    pub applied: u64,
    /// Where clients reach it.
    pub address: String,
    /// Its version.
    pub version: String,
    /// Bytes that are free on its disk.
    pub disk_free: u64,
    /// All bytes of its disk; 0 where an older version does not say.
    #[serde(default)]
    pub disk_bytes: u64,
    /// The snapshot that is to be had by most, where it has that.
    #[serde(default)]
    pub held: String,
    /// Digests of what it had at positions at which nodes compare, the last ones.
    #[serde(default)]
    pub digests: Vec<(u64, String)>,
    /// The last gap of leadership that it ended: its epoch, and the seconds.
    #[serde(default)]
    pub gap: Option<(u64, f64)>,
    /// What it does by itself while it leads.
    #[serde(default)]
    pub duties: Vec<String>,
    /// The starts of servers whose scenarios are on it.
    #[serde(default)]
    pub starts: Vec<u64>,
}

/// What a cell has, as text and as what it means.
fn get<T: DeserializeOwned>(order: &dyn Order, name: &str) -> Result<Option<(Vec<u8>, T)>, Away> {
    let Some(bytes) = order.cell(name)? else {
        return Ok(None);
    };
    let value = serde_json::from_slice(&bytes);
    let value = value.map_err(|error| Away(format!("{name} cannot be read: {error}")))?;
    Ok(Some((bytes, value)))
}

fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("it is plain data")
}

impl Members {
    /// Those of a cluster; none where it was never begun.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn read(order: &dyn Order) -> Result<Option<Self>, Away> {
        Ok(get(order, MEMBERS)?.map(|(_, members)| members))
    }

    /// Notes them for a cluster that has none.
    pub fn begin(&self, order: &dyn Order) -> Reply {
        order.set_cell(MEMBERS, None, Some(&bytes(self)))
    }

    /// Makes a change, if the members are still those that were read.
    ///
    /// # Errors
    /// Why it was not made.
    pub fn change(order: &dyn Order, change: MemberChange) -> Result<Self, NotChanged> {
        let (seen, members) = get::<Self>(order, MEMBERS)?.ok_or(NotChanged::None)?;
        let next = members.changed(change)?;
        match order.set_cell(MEMBERS, Some(&seen), Some(&bytes(&next))) {
            Reply::Done => Ok(next),
            Reply::Refused(_) => Err(NotChanged::Raced),
            Reply::Unknown => Err(NotChanged::Unsure),
        }
    }

    /// The members after a change.
    fn changed(mut self, change: MemberChange) -> Result<Self, NotChanged> {
        match change {
            MemberChange::Add(new) => {
                if self.find(&new.node).is_some() {
                    return Err(NotChanged::There(new.node));
                }
                if let Some(other) = self.nodes.iter().find(|other| other.peer == new.peer) {
                    return Err(NotChanged::Address(other.node.clone()));
                }
                self.nodes.push(Member { voter: false, ..new });
            }
            MemberChange::Promote(node) => {
                let Some(member) = self.nodes.iter_mut().find(|member| member.node == node) else {
                    return Err(NotChanged::Unknown(node));
                };
                if std::mem::replace(&mut member.voter, true) {
                    return Err(NotChanged::Voter(node));
                }
            }
            MemberChange::Remove(node) => {
                if self.find(&node).is_none() {
                    return Err(NotChanged::Unknown(node));
                }
                self.nodes.retain(|member| member.node != node);
                if !self.nodes.iter().any(|member| member.voter) {
                    return Err(NotChanged::Last(node));
                }
            }
        }
        self.version += 1;
        Ok(self)
    }

    /// The one of a name.
    pub fn find(&self, node: &str) -> Option<&Member> {
        self.nodes.iter().find(|member| member.node == node)
    }

    /// How many voters are most of them.
    pub fn majority(&self) -> usize {
        self.nodes.iter().filter(|member| member.voter).count() / 2 + 1
    }
}

impl NodeReport {
    fn cell(node: &str) -> String {
        format!("p/p0/kept/{node}")
    }

    /// The digest of what it had at a position.
    pub(super) fn digest_at(&self, position: u64) -> Option<&str> {
        let found = self.digests.iter().find(|(at, _)| *at == position);
        found.map(|(_, digest)| digest.as_str())
    }

    /// What a node said last, if it ever did.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn read(order: &dyn Order, node: &str) -> Result<Option<Self>, Away> {
        Ok(get(order, &Self::cell(node))?.map(|(_, kept)| kept))
    }

    /// Says it, unless a later start of the same node has.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn tell(&self, order: &dyn Order, node: &str) -> Result<Reported, Away> {
        let name = Self::cell(node);
        let before = get::<Self>(order, &name)?;
        if before.as_ref().is_some_and(|(_, kept)| self.start < kept.start) {
            return Ok(Reported::Superseded);
        }
        let seen = before.map(|(bytes, _)| bytes);
        match order.set_cell(&name, seen.as_deref(), Some(&bytes(self))) {
            Reply::Done => Ok(Reported::Heard),
            Reply::Refused(_) | Reply::Unknown => Ok(Reported::Unheard),
        }
    }
}

/// What became of saying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It stands there.
    Heard,
    /// Perhaps it does; the next one will.
    Unheard,
    /// A later start of the same node is there.
    Superseded,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::shared::memory::MemoryOrder;

    /// Issue 24 item 7: one change at a time; a node that joins does not lead before it is promoted.
    #[test]
    fn members_change_one_at_a_time() {
        let order = MemoryOrder::new();
        let member = |node: &str, at: &str| Member {
            node: node.to_string(),
            peer: at.to_string(),
            voter: true,
        };
        let shown = || {
            let Ok(Some(members)) = Members::read(&order) else { return "none".to_string() };
            let nodes = members.nodes.iter().map(|one| {
                let voter = if one.voter { "" } else { "?" };
                format!("{}={}{voter}", one.node, one.peer)
            });
            format!("{}: {}", members.version, nodes.collect::<Vec<_>>().join(" "))
        };
        let change = |change| match Members::change(&order, change) {
            Ok(_) => shown(),
            Err(error) => error.to_string(),
        };
        let named = ToString::to_string;
        assert_eq!(
            change(MemberChange::Remove(named(&"n1"))),
            "there is no such cluster in this etcd"
        );
        let nodes = vec![member("n1", "a:1")];
        let first = Members { version: 1, ledger: "l".to_string(), nodes, begins_empty: false };
        assert_eq!(first.begin(&order), Reply::Done);
        let none = "no other node than n1 may lead";
        assert_eq!(change(MemberChange::Remove(named(&"n1"))), none);
        assert_eq!(change(MemberChange::Add(member("n2", "b:1"))), "2: n1=a:1 n2=b:1?");
        assert_eq!(change(MemberChange::Remove(named(&"n1"))), none, "a learner does not");
        let there = "the cluster has a node n2 already";
        assert_eq!(change(MemberChange::Add(member("n2", "c:1"))), there);
        assert_eq!(change(MemberChange::Add(member("n3", "b:1"))), "node n2 is at that address");
        assert_eq!(change(MemberChange::Promote(named(&"n2"))), "3: n1=a:1 n2=b:1");
        assert_eq!(change(MemberChange::Promote(named(&"n2"))), "node n2 may lead already");
        assert_eq!(change(MemberChange::Promote(named(&"n4"))), "the cluster has no node n4");
        assert_eq!(change(MemberChange::Remove(named(&"n1"))), "4: n2=b:1");
    }
}
