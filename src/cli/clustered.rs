//! What the command line says about the cluster that a server is a node of, and how the node begins.

use super::{
    failure::{BROKEN, Failure},
    fetching::{self, Others, fetched},
    joining, keep, refreshing,
    secured::{LookAgain, Secured},
};
use crate::{
    engine::{
        self, Identity, SnapshotSource,
        node::{About, Node, steady},
        refresh::{self, Refresher},
    },
    journal::{
        Journal, Local,
        etcd::{Endpoints, Etcd},
        shared::{Leader, Shared},
    },
    rpc::{
        cluster::{Cluster, PeerLinks, Peers},
        secure::tls::Tls,
    },
};
use parking_lot::Mutex;
use std::{
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::runtime::Handle;

/// How etcd is reached.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct EtcdArgs {
    /// The members of etcd: http://HOST:PORT or https://HOST:PORT, by commas
    #[arg(long, value_name = "URL,..", value_delimiter = ',')]
    pub(super) etcd: Vec<String>,
    /// Whoever signs etcd's certificates, as PEM; the system's authorities if not given
    #[arg(long, value_name = "FILE")]
    etcd_ca: Option<PathBuf>,
    /// The certificate to show to etcd, as PEM
    #[arg(long, value_name = "FILE", requires = "etcd_key")]
    etcd_certificate: Option<PathBuf>,
    /// Its key, as PEM
    #[arg(long, value_name = "FILE", requires = "etcd_certificate")]
    etcd_key: Option<PathBuf>,
}

impl EtcdArgs {
    /// The same, at other members where none are named.
    pub(super) fn or(&self, etcd: Vec<String>) -> Self {
        if self.etcd.is_empty() { Self { etcd, ..self.clone() } } else { self.clone() }
    }

    /// The order of a cluster in it.
    pub(super) fn order(&self, cluster: &str) -> Result<Etcd, Failure> {
        let identity = self.etcd_certificate.clone().zip(self.etcd_key.clone());
        let access = Endpoints { urls: self.etcd.clone(), ca: self.etcd_ca.clone(), identity };
        Etcd::new(&access, cluster).map_err(|error| {
            Failure::new(error, "name its members: --etcd http://e1:2379,http://e2:2379")
        })
    }
}

/// What the command line says about the cluster.
#[derive(Debug, clap::Args)]
pub(super) struct Clustered {
    /// The cluster that this server is a node of, as `promised cluster init` has named it
    #[arg(long, value_name = "NAME", requires = "etcd", requires = "node", requires = "peer")]
    pub(super) cluster: Option<String>,
    #[command(flatten)]
    etcd: EtcdArgs,
    /// The name of this node in it
    #[arg(long, value_name = "NODE", requires = "cluster")]
    node: Option<String>,
    /// The address by which the other nodes reach this one, as in --nodes of `cluster init`
    #[arg(long, value_name = "HOST:PORT", requires = "cluster")]
    peer: Option<String>,
    /// The address to listen on for them; --peer if not given
    #[arg(long, value_name = "ADDR", requires = "cluster")]
    peer_listen: Option<String>,
    /// The address that clients are told; --listen if not given
    #[arg(long, value_name = "HOST:PORT", requires = "cluster")]
    advertise: Option<String>,
}

/// A node before it takes part.
pub(super) struct Joined {
    shared: Shared,
    cluster: Arc<Cluster>,
    order: Arc<Etcd>,
    listening: Arc<TcpListener>,
    others: Others,
    /// Which ledger it is: that of the cluster.
    identity: Identity,
}

impl Joined {
    /// Looks again at the files by which etcd is spoken to.
    pub(super) fn look_again(&self) -> LookAgain {
        let order = Arc::clone(&self.order);
        Box::new(move || match order.look() {
            Ok(false) => (),
            Ok(true) => tracing::info!("the certificates for etcd have changed"),
            Err(error) => {
                tracing::error!(%error, "the certificates for etcd cannot be used; the old ones count on");
            }
        })
    }

    /// Its journal.
    pub(super) fn journal(&self) -> Box<dyn Journal> {
        Box::new(self.shared.clone())
    }

    /// The tables to begin with: those that the node has, or none where the cluster began with nothing. What a watched
    /// directory has comes when it leads, for all nodes.
    pub(super) fn tables(&self, data: Option<&Path>) -> Result<PathBuf, Failure> {
        let kept = refreshing::kept(data)?;
        let empty = || joining::empty_tables(&self.others.members, data?);
        kept.or_else(empty).ok_or_else(refreshing::nothing_to_serve)
    }

    /// Where snapshots come from: the node's own directory, or another node, from which they are copied there.
    fn snapshots(&self, own: SnapshotSource, data: &Path) -> SnapshotSource {
        let (others, data) = (self.others.clone(), data.to_path_buf());
        Arc::new(move |id| {
            own(id).or_else(|| {
                fetched(&others, id, &data)?;
                own(id)
            })
        })
    }

    /// Takes part from now on.
    fn begin(
        &self,
        refresher: &Arc<Refresher>,
        (address, duties, data): (String, Vec<String>, PathBuf),
        runtime: &Handle,
    ) -> Node {
        let engine = refresher.engine();
        let peers = Arc::clone(self.cluster.peers());
        let links = Arc::new(PeerLinks::new(runtime.clone(), peers));
        let me = self.others.me.clone();
        let on_end = move |why: String| {
            tracing::error!(node = me, "this node can take part no more: {why}");
            std::process::exit(BROKEN.into());
        };
        let cluster = Arc::clone(&self.cluster);
        let (of_disk, of_holds, of_disown) = (data.clone(), data.clone(), data.clone());
        let (others, order) = (self.others.clone(), Arc::clone(&self.order));
        let refresher = Arc::downgrade(refresher);
        let fetch = move |id: &str| {
            let came = fetched(&others, id, &data).is_some();
            // A leader does so after each swap; one that follows has no swaps of its own.
            if let Some(refresher) = refresher.upgrade().filter(|_| came) {
                refresher.prune();
            }
            came
        };
        let about = About {
            address,
            duties,
            disk: Box::new(move || disk(&of_disk)),
            order_bytes: Box::new(move || cluster.etcd_bytes()),
            tidy: Box::new(move |from_bytes| tidy(&order, from_bytes)),
            disown: Box::new(move |position| joining::disown(&of_disown, position)),
            holds: Box::new(move |id: &str| refresh::is_kept(&of_holds, id)),
            fetch: Box::new(fetch),
            on_end: Box::new(on_end),
        };
        let node = Node::start(engine.clone(), self.shared.clone(), links, about);
        self.cluster.runs(engine.clone(), Arc::clone(node.status()));
        node
    }
}

/// Bytes that are free on a disk, and all of them.
fn disk(data: &Path) -> (u64, u64) {
    let disk = rustix::fs::statvfs(data).ok();
    disk.map_or((0, 0), |disk| {
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        (bytes(disk.f_bavail), bytes(disk.f_blocks))
    })
}

/// Has a member of etcd give back what it does not use.
fn tidy(order: &Etcd, from_bytes: u64) {
    match order.defragment(from_bytes) {
        Ok(Some(member)) => tracing::info!(member, "etcd's file was defragmented"),
        Ok(None) => (),
        Err(error) => tracing::warn!(%error, "etcd's file stays as it is"),
    }
}

impl Clustered {
    /// Where clients reach this node, by what it listens on.
    fn address(&self, listening: SocketAddr) -> String {
        self.advertise.clone().unwrap_or_else(|| listening.to_string())
    }

    /// TLS between nodes, if this is one and has certificates.
    pub(super) fn between_nodes(&self, secured: &Secured) -> Result<Option<Arc<Tls>>, Failure> {
        if self.cluster.is_some() { secured.between_nodes() } else { Ok(None) }
    }

    /// Refuses what nodes cannot have.
    pub(super) fn check(&self, data: Option<&Path>, is_open: bool) -> Result<(), Failure> {
        let (Some(_), Some(peer)) = (&self.cluster, &self.peer) else {
            return Ok(());
        };
        if data.is_none() {
            let cause = "a node of a cluster keeps a journal of its own";
            return Err(Failure::misused(cause, "name its directory with --data"));
        }
        let addresses = peer.to_socket_addrs().map_err(|error| {
            Failure::misused(format!("--peer {peer}: {error}"), "name a host and a port")
        })?;
        let is_exposed = addresses.into_iter().any(|address| !address.ip().is_loopback());
        if is_exposed && !is_open {
            let cause = format!("nodes would speak to {peer} unencrypted");
            return Err(Failure::misused(
                cause,
                "give them certificates (--tls-certificate, --tls-key, --tls-client-ca), or say with --insecure that nobody else is on this network",
            ));
        }
        Ok(())
    }

    /// Refuses what a node cannot have, finds the cluster, and opens this node's journal; a node without one gets it from
    /// another node first.
    pub(super) fn join(
        &self,
        (data, tls): (Option<&Path>, Option<Arc<Tls>>),
        snapshot: Option<&Path>,
    ) -> Result<Option<Joined>, Failure> {
        let (Some(name), Some(me), Some(peer)) = (&self.cluster, &self.node, &self.peer) else {
            return Ok(None);
        };
        if snapshot.is_some() {
            return Err(Failure::misused(
                "a node of a cluster takes no SNAPSHOT: the cluster has one",
                "leave it out; promised push SNAPSHOT --server takes another one in, and so does --watch",
            ));
        }
        let Some(data) = data else {
            let cause = "a node of a cluster keeps a journal of its own";
            return Err(Failure::misused(cause, "name its directory with --data"));
        };
        let order = Arc::new(self.etcd.order(name)?);
        let members = joining::members(&order, name)?;
        let Some(member) = members.find(me).filter(|member| member.peer == *peer) else {
            let known: Vec<_> =
                members.nodes.iter().map(|it| format!("{}={}", it.node, it.peer)).collect();
            let cause = format!("cluster {name} has no node {me} at {peer}");
            return Err(Failure::misused(cause, format!("take one of {}", known.join(", "))));
        };
        joining::is_alone(me, peer)?;
        let listen = self.peer_listen.as_ref().unwrap_or(&member.peer);
        let listening = TcpListener::bind(listen).map_err(|error| {
            let cause = format!("cannot listen to other nodes on {listen}: {error}");
            Failure::new(cause, "stop what uses the port, or name another one with --peer-listen")
        })?;
        let peers = Arc::new(Peers::new(tls));
        let others = Others { members: members.clone(), me: me.clone(), peers: peers.clone() };
        joining::fill(&*order, &others, data)?;
        let identity = joining::start_of(&*order, joining::identity_of(data, &members)?)?;
        let leader = Leader { node: me.as_str().into(), start: start() };
        order.watch();
        let cluster = Cluster::new((name, me), (members, peers), Arc::clone(&order));
        let open = || {
            let (local, _) = Local::open(data).map_err(|error| keep::failure(&error))?;
            let order = Arc::clone(&order);
            Ok::<_, Failure>(Shared::new(order, leader.clone(), Box::new(local), Arc::new(steady)))
        };
        let mut shared = open()?;
        if !joining::is_of_cluster(&shared)? {
            // The order has forgotten what follows here: another node has it.
            drop(shared);
            fetching::refill(&others, data)?;
            shared = open()?;
            if !joining::is_of_cluster(&shared)? {
                let cause = "the order forgets faster than this node gets it from the others";
                return Err(Failure::new(cause, "start it again when less is done"));
            }
        }
        joining::note(data, name, me)?;
        let listening = Arc::new(listening);
        Ok(Some(Joined { shared, cluster, order, listening, others, identity }))
    }
}

/// Which ledger it is: that of the cluster, on a node.
pub(super) fn identity(
    joined: Option<&Joined>,
    keep: &keep::KeepArgs,
) -> Result<Identity, Failure> {
    match joined {
        Some(joined) => Ok(joined.identity.clone()),
        None => keep.identity(),
    }
}

/// Where snapshots come from that a journal names.
pub(super) fn snapshots(joined: Option<&Joined>, data: Option<&Path>) -> SnapshotSource {
    let own = refresh::source(data);
    match (joined, data) {
        (Some(joined), Some(data)) => joined.snapshots(own, data),
        (Some(_) | None, _) => own,
    }
}

/// The place of a server in its cluster, taken when it has loaded; nothing where there is none.
pub(super) struct Seat<'a> {
    joined: Option<&'a Joined>,
    clustered: &'a Clustered,
    data: Option<&'a Path>,
    /// What it does by itself while it leads.
    duties: Vec<String>,
    running: Mutex<Option<Node>>,
}

impl<'a> Seat<'a> {
    pub(super) fn new(
        (joined, clustered): (Option<&'a Joined>, &'a Clustered),
        (data, duties): (Option<&'a Path>, Vec<String>),
    ) -> Self {
        Self { joined, clustered, data, duties, running: Mutex::default() }
    }

    /// Takes part from now on. Within a runtime.
    pub(super) fn take(&self, refresher: &Arc<Refresher>, listening: SocketAddr) {
        let (Some(joined), Some(data)) = (self.joined, self.data) else {
            return;
        };
        let address = self.clustered.address(listening);
        let about = (address, self.duties.clone(), data.to_path_buf());
        *self.running.lock() = Some(joined.begin(refresher, about, &Handle::current()));
    }

    /// Gives the lead up, if this node has it.
    pub(super) async fn hand_over(&self) {
        let node = self.running.lock().take();
        if let Some(mut node) = node {
            let handed = tokio::task::spawn_blocking(move || node.hand_over());
            // A panic of it is on standard error.
            drop(handed.await);
        }
    }

    /// The cluster, and where other nodes reach this one.
    pub(super) fn cluster(&self) -> Option<(Arc<Cluster>, Arc<TcpListener>)> {
        self.joined.map(|joined| (Arc::clone(&joined.cluster), Arc::clone(&joined.listening)))
    }
}

/// A number that no other start of this node has: later ones are larger.
fn start() -> u64 {
    u64::try_from(engine::clock::now().as_microsecond()).unwrap_or(0)
}
