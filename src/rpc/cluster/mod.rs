//! A server that is a node of a cluster: what it forwards to the leader, and what its answers say of how old they are.
//!
//! Commands are done on the leader, whichever node is asked (`forward`); the caller's principal goes with them
//! (`carried`). What is about a scenario goes to the node that made it (`home`), and what makes one live from there to the
//! leader (`desk`). Questions are answered here, at the position that this node has; who wants to see at least a position,
//! or all that was acknowledged before he asked, says so in a header (`reads`).

mod first;
mod asked;
mod broken;
pub(super) mod carried;
mod ask;
mod desk;
mod home;
mod named;
mod peers;
mod links;
mod reads;
pub(super) mod forward;

pub(super) use desk::Desk;
pub(super) use first::First;
pub(super) use forward::is_of_node;
pub use links::PeerLinks;
pub use peers::{Peers, whole};

use crate::{
    engine::{
        Engine,
        node::{Member, Members, NodeStatus, steady},
    },
    journal::etcd::Etcd,
    rpc::{edge, secure::peer::is_of_host, status::Failure},
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tonic::{Code, transport::Channel};

/// A leader of which nothing was confirmed for so long may be none any more.
const UNCONFIRMED_MAX: Duration = Duration::from_millis(500);

/// What a server knows of its cluster.
pub struct Cluster {
    name: String,
    me: String,
    etcd: Arc<Etcd>,
    /// Who belonged to it when this node began.
    members: Members,
    peers: Arc<Peers>,
    /// Not there while it loads.
    running: OnceLock<(Engine, Arc<NodeStatus>)>,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("me", &self.me).finish_non_exhaustive()
    }
}

/// Where something is to be done.
enum Place {
    Here,
    There(There),
}

/// Another node that something goes to.
#[derive(Clone, Debug)]
struct There {
    member: Member,
    /// Under which epoch it leads, where that is why.
    leads: Option<u64>,
}

impl Cluster {
    /// The cluster of a name, as a node sees it.
    pub fn new(
        (name, me): (&str, &str),
        (members, peers): (Members, Arc<Peers>),
        etcd: Arc<Etcd>,
    ) -> Arc<Self> {
        let (name, me, running) = (name.to_string(), me.to_string(), OnceLock::new());
        Arc::new(Self { name, me, etcd, members, peers, running })
    }

    /// How nodes speak to each other.
    pub fn peers(&self) -> &Arc<Peers> {
        &self.peers
    }

    /// Whether a certificate is that of a node: of the host by which the cluster knows one.
    fn admits(&self, certificate: &[u8]) -> bool {
        let known = self.running().and_then(|(_, status)| status.known().members);
        let members = known.as_ref().unwrap_or(&self.members);
        let host = |member: &Member| member.peer.rsplit_once(':').map(|(host, _)| host.to_string());
        members.nodes.iter().filter_map(host).any(|host| is_of_host(certificate, &host))
    }

    /// Bytes of the largest database of etcd's members. It asks them: never on a connection's thread.
    pub fn etcd_bytes(&self) -> u64 {
        self.etcd.status().iter().map(|member| member.db_bytes).max().unwrap_or(0)
    }

    /// From now on the node takes part.
    pub fn runs(&self, engine: Engine, status: Arc<NodeStatus>) {
        // It is told once.
        drop(self.running.set((engine, status)));
    }

    fn running(&self) -> Option<&(Engine, Arc<NodeStatus>)> {
        self.running.get()
    }

    /// Where the leader is.
    ///
    /// # Errors
    /// Nobody leads, or this node leads and cannot be sure of it.
    fn leader(&self) -> Result<Place, Failure> {
        let Some((engine, status)) = self.running() else {
            return Ok(Place::Here);
        };
        let known = status.known();
        let Some(leader) = &known.leader else {
            return Err(no_leader());
        };
        if *leader == self.me {
            if !engine.is_leading() {
                return Err(no_leader());
            }
            return if steady().saturating_sub(status.confirmed()) < UNCONFIRMED_MAX {
                Ok(Place::Here)
            } else {
                Err(no_quorum())
            };
        }
        if UNCONFIRMED_MAX < steady().saturating_sub(status.heard()) {
            return Err(no_quorum());
        }
        let member = known.members.as_ref().and_then(|members| members.find(leader)).cloned();
        let member = member.ok_or_else(no_leader)?;
        Ok(Place::There(There { member, leads: Some(known.epoch) }))
    }

    /// Whether answers of this node may be older than they should be.
    pub fn is_stale(&self) -> bool {
        let Some((engine, status)) = self.running() else {
            return false;
        };
        let last = if engine.is_leading() { status.confirmed() } else { status.heard() };
        UNCONFIRMED_MAX < steady().saturating_sub(last)
    }

    /// The epoch that this node knows of.
    pub(super) fn epoch(&self) -> u64 {
        self.running().map_or(0, |(_, status)| status.epoch())
    }

    /// Done when a node is not waited for any more: one that leads and stands still, when another epoch begins than that
    /// under which it was found to lead, be that before this is asked.
    async fn no_more(&self, there: &There) {
        let (Some((_, status)), Some(epoch)) = (self.running(), there.leads) else {
            return std::future::pending().await;
        };
        // The sender lives as long as this cluster does.
        drop(status.epochs().wait_for(|now| epoch < *now).await);
    }

    /// A connection to another node.
    async fn channel(&self, there: &There) -> Result<Channel, Failure> {
        let node = &there.member.node;
        let (reason, what) = match there.leads {
            Some(_) => ("NOT_LEADER", "leads"),
            None => ("NODE_AWAY", "has the scenario"),
        };
        let reached = tokio::select! {
            biased;
            reached = self.peers.shared(&there.member.peer) => reached,
            () = self.no_more(there) => Err("another node leads".to_string()),
        };
        reached.map_err(|broken| {
            tracing::debug!(node, broken, "a node cannot be reached");
            let text = format!("{node} {what} and cannot be reached; nothing was done");
            let failure = Failure::new(Code::Unavailable, reason, text).later();
            failure.with(if there.leads.is_some() { "leader" } else { "node" }, node)
        })
    }

    fn forget_channel(&self, member: &Member) {
        self.peers.forget(&member.peer);
    }

    /// The nodes, how far each is, and how etcd is. It asks etcd: never on a connection's thread.
    pub(super) fn status(&self) -> crate::rpc::proto::ClusterStatusResponse {
        use crate::rpc::proto::{ClusterStatusResponse, cluster_status_response as part};
        let known = self.running().map(|(_, status)| status.known()).unwrap_or_default();
        let leader = known.leader.clone().unwrap_or_default();
        let members = known.members.iter().flat_map(|members| &members.nodes);
        let node = |member: &Member| {
            let (kept, ago) = known.kept.get(&member.node).cloned().unwrap_or_default();
            let is_silent = kept.count == 0 || Duration::from_secs(5) < ago;
            let role = match () {
                () if is_silent => "unreachable",
                () if member.node == leader => "leader",
                () if !member.voter => "learner",
                () => "follower",
            };
            part::Node {
                node: member.node.clone(),
                address: kept.address,
                peer: member.peer.clone(),
                role: role.to_string(),
                version: kept.version,
                position: kept.applied,
                // By when it was heard: positions are told once a second.
                lag_seconds: if kept.applied < known.position { ago.as_secs_f64() } else { 0.0 },
                disk_free_bytes: kept.disk_free,
                disk_bytes: kept.disk_bytes,
                duties: kept.duties,
            }
        };
        let etcd = self.etcd.status().into_iter().zip(self.etcd.flags());
        let etcd = etcd.map(|(member, flags)| part::Etcd {
            url: member.url,
            version: member.version,
            leader: member.is_leader,
            healthy: member.is_healthy,
            db_bytes: member.db_bytes,
            heartbeat_ms: flags.heartbeat_ms,
            election_ms: flags.election_ms,
            quota_bytes: flags.quota_bytes,
        });
        // Each node knows those that it ended.
        let gaps = known.kept.values().filter_map(|(kept, _)| kept.gap);
        let last_gap = gaps.max_by_key(|(epoch, _)| *epoch);
        ClusterStatusResponse {
            cluster: self.name.clone(),
            leader: leader.clone(),
            epoch: known.epoch,
            position: known.position,
            nodes: members.map(node).collect(),
            etcd: etcd.collect(),
            last_gap_seconds: last_gap.map(|(_, seconds)| seconds),
        }
    }
}

/// What is the same for all connections of other nodes: encrypted where there are certificates, and for nodes alone.
pub(super) fn edge_of_peers(
    cluster: Option<&Arc<Cluster>>,
    limits: edge::Limits,
) -> Arc<edge::EdgeState> {
    let tls = cluster.and_then(|cluster| cluster.peers.tls());
    let admits = cluster.map(Arc::clone).map(|cluster| -> edge::Admits {
        Arc::new(move |certificate: &[u8]| cluster.admits(certificate))
    });
    edge::EdgeState::of((limits.into(), tls), admits)
}

fn no_leader() -> Failure {
    let text = "no node leads the cluster now; nothing was done, come back in a moment";
    Failure::new(Code::Unavailable, "NO_LEADER", text).later()
}

fn no_quorum() -> Failure {
    let text = "this node cannot reach the order of the cluster; nothing was done, come back";
    Failure::new(Code::Unavailable, "NO_QUORUM", text).later()
}
