//! A server that is a node of a cluster: what it forwards to the leader, and what its answers say of how old they are.
//!
//! Commands are done on the leader, whichever node is asked (`forward`); the caller's principal goes with them
//! (`carried`). Questions are answered here, at the position that this node has; who wants to see at least a position,
//! or all that was acknowledged before he asked, says so in a header (`reads`).

pub(super) mod carried;
pub(super) mod forward;
mod links;
mod reads;

pub use links::PeerLinks;

use crate::{
    engine::{
        Engine,
        node::{Member, Status, steady},
    },
    journal::etcd::MemberStatus,
    rpc::status::Failure,
};
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tonic::{
    Code,
    transport::{Channel, Endpoint},
};

/// A leader of which nothing was confirmed for so long may be none any more.
const UNCONFIRMED_MAX: Duration = Duration::from_millis(500);

/// A connection to another node is there by then, or the node is not.
const CONNECT_WITHIN: Duration = Duration::from_millis(300);

/// Tells how the members of the store are that keeps the order.
pub type AskEtcd = Box<dyn Fn() -> Vec<MemberStatus> + Send + Sync>;

/// What a server knows of its cluster.
pub struct Cluster {
    name: String,
    me: String,
    etcd: AskEtcd,
    /// Not there while it loads.
    running: OnceLock<(Engine, Arc<Status>)>,
    /// Connections to other nodes, by address.
    channels: Mutex<HashMap<String, Channel>>,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("me", &self.me).finish_non_exhaustive()
    }
}

/// Where something is to be done.
enum Place {
    Here,
    There(Member),
}

impl Cluster {
    /// The cluster of a name, as a node sees it.
    pub fn new(name: &str, me: &str, etcd: AskEtcd) -> Arc<Self> {
        let (name, me) = (name.to_string(), me.to_string());
        let (running, channels) = (OnceLock::new(), Mutex::default());
        Arc::new(Self { name, me, etcd, running, channels })
    }

    /// Bytes of the largest database of etcd's members. It asks them: never on a connection's thread.
    pub fn etcd_bytes(&self) -> u64 {
        (self.etcd)().iter().map(|member| member.db_bytes).max().unwrap_or(0)
    }

    /// From now on the node takes part.
    pub fn runs(&self, engine: Engine, status: Arc<Status>) {
        // It is told once.
        drop(self.running.set((engine, status)));
    }

    fn running(&self) -> Option<&(Engine, Arc<Status>)> {
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
        member.map(Place::There).ok_or_else(no_leader)
    }

    /// Whether answers of this node may be older than they should be.
    pub(super) fn is_stale(&self) -> bool {
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

    /// Done when another epoch begins.
    async fn next_epoch(&self) {
        let Some((_, status)) = self.running() else {
            return std::future::pending().await;
        };
        // The sender lives as long as this cluster does.
        drop(status.epochs().changed().await);
    }

    /// A connection to another node.
    async fn channel(&self, member: &Member) -> Result<Channel, Failure> {
        let known = self.channels.lock().get(&member.peer).cloned();
        if let Some(channel) = known {
            return Ok(channel);
        }
        let gone = || {
            let text = format!("{} leads and cannot be reached; nothing was done", member.node);
            Failure::new(Code::Unavailable, "NOT_LEADER", text).with("leader", &member.node).later()
        };
        let endpoint = Endpoint::from_shared(format!("http://{}", member.peer));
        let endpoint = endpoint.map_err(|_| gone())?;
        let endpoint = endpoint
            .connect_timeout(CONNECT_WITHIN)
            .http2_keep_alive_interval(Duration::from_secs(1))
            .keep_alive_timeout(Duration::from_secs(1))
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        let channel = endpoint.connect().await.map_err(|_| gone())?;
        self.channels.lock().insert(member.peer.clone(), channel.clone());
        Ok(channel)
    }

    fn forget_channel(&self, member: &Member) {
        self.channels.lock().remove(&member.peer);
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
            }
        };
        let etcd = (self.etcd)().into_iter().map(|member| part::Etcd {
            url: member.url,
            version: member.version,
            leader: member.is_leader,
            healthy: member.is_healthy,
            db_bytes: member.db_bytes,
        });
        ClusterStatusResponse {
            cluster: self.name.clone(),
            leader: leader.clone(),
            epoch: known.epoch,
            position: known.position,
            nodes: members.map(node).collect(),
            etcd: etcd.collect(),
        }
    }
}

fn no_leader() -> Failure {
    let text = "no node leads the cluster now; nothing was done, come back in a moment";
    Failure::new(Code::Unavailable, "NO_LEADER", text).later()
}

fn no_quorum() -> Failure {
    let text = "this node cannot reach the order of the cluster; nothing was done, come back";
    Failure::new(Code::Unavailable, "NO_QUORUM", text).later()
}
