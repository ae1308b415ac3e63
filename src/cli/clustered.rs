//! What the command line says about the cluster that a server is a node of, and how the node begins.

use super::{
    failure::Failure,
    fetching::{self, fetched},
    keep,
};
use crate::{
    engine::{
        self, Engine, Identity, SnapshotSource,
        node::{About, Members, Node, steady},
        refresh,
    },
    journal::{
        Journal, Local,
        etcd::{Access, Etcd},
        shared::{Caught, Fault, Leader, Seen, Shared},
    },
    rpc::cluster::{Cluster, PeerLinks},
};
use parking_lot::Mutex;
use std::{
    cmp::Ordering,
    net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::runtime::Handle;

/// What to do with a directory that cannot go on.
pub(super) const EMPTY: &str =
    "start with an empty --data directory: the node gets all from the others";

/// The file that says of which cluster a directory is.
const NOTE: &str = "cluster";

/// How often it is read whether the cluster has what a directory has.
const READS: usize = 5;

/// A process that has this node's name is reached within this time.
const ALIVE_WITHIN: Duration = Duration::from_millis(300);

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
        let access = Access { urls: self.etcd.clone(), ca: self.etcd_ca.clone(), identity };
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
    peers: Arc<TcpListener>,
    /// Who belongs to it.
    members: Members,
    /// Which ledger it is: that of the cluster.
    identity: Identity,
    me: String,
}

impl Joined {
    /// Its journal.
    pub(super) fn journal(&self) -> Box<dyn Journal> {
        Box::new(self.shared.clone())
    }

    /// Where snapshots come from: the node's own directory, or another node, from which they are copied there.
    fn snapshots(&self, own: SnapshotSource, data: &Path) -> SnapshotSource {
        let (members, me, data) = (self.members.clone(), self.me.clone(), data.to_path_buf());
        Arc::new(move |id| {
            own(id).or_else(|| {
                fetched(&members, (&me, id), &data)?;
                own(id)
            })
        })
    }

    /// Takes part from now on.
    fn begin(&self, engine: &Engine, (address, data): (String, PathBuf), runtime: &Handle) -> Node {
        let links = Arc::new(PeerLinks::new(runtime.clone()));
        let kept = data.clone();
        let disk = move || {
            let disk = rustix::fs::statvfs(&data).ok();
            disk.map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
        };
        let me = self.me.clone();
        let on_end = move |why: String| {
            tracing::error!(node = me, "this node can take part no more: {why}");
            std::process::exit(super::BROKEN.into());
        };
        let cluster = Arc::clone(&self.cluster);
        let order_bytes = Box::new(move || cluster.etcd_bytes());
        let (disk_free, on_end) = (Box::new(disk), Box::new(on_end));
        let (of_holds, of_fetch) = (kept.clone(), kept);
        let holds = Box::new(move |id: &str| refresh::is_kept(&of_holds, id));
        let (members, me) = (self.members.clone(), self.me.clone());
        let fetch = Box::new(move |id: &str| fetched(&members, (&me, id), &of_fetch).is_some());
        let about = About { address, disk_free, order_bytes, holds, fetch, on_end };
        let node = Node::start(engine.clone(), self.shared.clone(), links, about);
        self.cluster.runs(engine.clone(), Arc::clone(node.status()));
        node
    }
}

fn misused(cause: impl std::fmt::Display, mend: &str) -> Failure {
    Failure::Misused { cause: cause.to_string(), mend: mend.to_string() }
}

impl Clustered {
    /// Where clients reach this node, by what it listens on.
    fn address(&self, listening: SocketAddr) -> String {
        self.advertise.clone().unwrap_or_else(|| listening.to_string())
    }

    /// Refuses what nodes cannot have.
    pub(super) fn check(&self, data: Option<&Path>, insecure: bool) -> Result<(), Failure> {
        let (Some(_), Some(peer)) = (&self.cluster, &self.peer) else {
            return Ok(());
        };
        if data.is_none() {
            let cause = "a node of a cluster keeps a journal of its own";
            return Err(misused(cause, "name its directory with --data"));
        }
        let addresses = peer.to_socket_addrs().map_err(|error| {
            misused(format!("--peer {peer}: {error}"), "name a host and a port")
        })?;
        let is_exposed = addresses.into_iter().any(|address| !address.ip().is_loopback());
        if is_exposed && !insecure {
            let cause = format!("nodes would speak to {peer} unencrypted");
            return Err(misused(
                cause,
                "use a network of their own for --peer, and say that it is one with --insecure",
            ));
        }
        Ok(())
    }

    /// Refuses what a node cannot have yet, finds the cluster, and opens this node's journal; a node without one gets
    /// it from another node first.
    pub(super) fn join(
        &self,
        data: Option<&Path>,
        has: [(bool, &str); 3],
    ) -> Result<Option<Joined>, Failure> {
        let (Some(name), Some(me), Some(peer)) = (&self.cluster, &self.node, &self.peer) else {
            return Ok(None);
        };
        if let Some((_, what)) = has.iter().find(|(has, _)| *has) {
            return Err(misused(format!("a node of a cluster takes no {what}"), "leave it out"));
        }
        let Some(data) = data else {
            let cause = "a node of a cluster keeps a journal of its own";
            return Err(misused(cause, "name its directory with --data"));
        };
        let order = Arc::new(self.etcd.order(name)?);
        let members = members(&order, name)?;
        let Some(member) = members.find(me).filter(|member| member.peer == *peer) else {
            let known: Vec<_> =
                members.nodes.iter().map(|it| format!("{}={}", it.node, it.peer)).collect();
            let cause = format!("cluster {name} has no node {me} at {peer}");
            return Err(misused(cause, &format!("take one of {}", known.join(", "))));
        };
        is_alone(me, peer)?;
        let listen = self.peer_listen.as_ref().unwrap_or(&member.peer);
        let peers = TcpListener::bind(listen).map_err(|error| {
            let cause = format!("cannot listen to other nodes on {listen}: {error}");
            Failure::new(cause, "stop what uses the port, or name another one with --peer-listen")
        })?;
        fetching::fill(&members, me, data)?;
        let identity = identity_of(data, &members)?;
        let leader = Leader { node: me.as_str().into(), start: start() };
        order.watch();
        let asked = Arc::clone(&order);
        let cluster = Cluster::new(name, me, Box::new(move || asked.status()));
        let open = || {
            let (local, _) = Local::open(data).map_err(|error| keep::failure(&error))?;
            let order = Arc::clone(&order);
            Ok::<_, Failure>(Shared::new(order, leader.clone(), Box::new(local), Arc::new(steady)))
        };
        let mut shared = open()?;
        if !is_of_cluster(&shared)? {
            // The order has forgotten what follows here: another node has it.
            drop(shared);
            fetching::refill(&members, me, data)?;
            shared = open()?;
            if !is_of_cluster(&shared)? {
                let cause = "the order forgets faster than this node gets it from the others";
                return Err(Failure::new(cause, "start it again when less is done"));
            }
        }
        note(data, name, me)?;
        let (me, peers) = (me.clone(), Arc::new(peers));
        Ok(Some(Joined { shared, cluster, peers, members, identity, me }))
    }
}

/// Which ledger it is: that of the cluster, on a node.
pub(super) fn identity(joined: Option<&Joined>, keep: &keep::Keep) -> Result<Identity, Failure> {
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
    running: Mutex<Option<Node>>,
}

impl<'a> Seat<'a> {
    pub(super) fn new(
        (joined, clustered): (Option<&'a Joined>, &'a Clustered),
        data: Option<&'a Path>,
    ) -> Self {
        Self { joined, clustered, data, running: Mutex::default() }
    }

    /// Takes part from now on. Within a runtime.
    pub(super) fn take(&self, engine: &Engine, listening: SocketAddr) {
        let (Some(joined), Some(data)) = (self.joined, self.data) else {
            return;
        };
        let about = (self.clustered.address(listening), data.to_path_buf());
        *self.running.lock() = Some(joined.begin(engine, about, &Handle::current()));
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
        self.joined.map(|joined| (Arc::clone(&joined.cluster), Arc::clone(&joined.peers)))
    }
}

/// A number that no other start of this node has: later ones are larger.
fn start() -> u64 {
    u64::try_from(engine::clock::now().as_microsecond()).unwrap_or(0)
}

/// Who belongs to the cluster.
fn members(order: &Etcd, name: &str) -> Result<Members, Failure> {
    match Members::read(order) {
        Ok(Some(members)) => Ok(members),
        Ok(None) => {
            let cause = format!("there is no cluster {name} in this etcd");
            Err(Failure::new(cause, "begin it: promised cluster init --name NAME --help"))
        }
        Err(away) => Err(Failure::new(away, "start etcd, or name its members with --etcd")),
    }
}

/// Refuses where another process has this node's name: it answers where the others look for this node.
fn is_alone(me: &str, peer: &str) -> Result<(), Failure> {
    let addresses = peer
        .to_socket_addrs()
        .map_err(|error| misused(format!("--peer {peer}: {error}"), "name a host and a port"))?;
    let mut addresses = addresses.into_iter();
    if addresses.any(|address| TcpStream::connect_timeout(&address, ALIVE_WITHIN).is_ok()) {
        let cause = format!("another process runs as node {me} at {peer}");
        return Err(misused(cause, "stop it, or take another node's name"));
    }
    Ok(())
}

/// Which ledger a directory is of; refuses another one than the cluster's.
fn identity_of(data: &Path, members: &Members) -> Result<Identity, Failure> {
    let identity = Identity::of(data).map_err(|error| {
        let cause = format!("cannot keep the id of the ledger in {}: {error}", data.display());
        Failure::new(cause, "name a --data directory that can be written")
    })?;
    if identity.ledger == members.ledger {
        return Ok(identity);
    }
    let cause = format!("{} has another ledger: it is not of this cluster", data.display());
    Err(Failure::new(cause, EMPTY))
}

/// Whether the order can go on from here; refuses a directory of another history.
fn is_of_cluster(shared: &Shared) -> Result<bool, Failure> {
    let mut ahead = 0;
    // What is read may be old: only what stays so counts.
    for _ in 0..READS {
        let before = Journal::position(shared);
        let Caught { seen: Seen { head, .. }, position, .. } = match shared.catch_up() {
            Ok(caught) => caught,
            Err(Fault::Away(_) | Fault::NoRoom) => return Ok(true),
            Err(Fault::Behind { .. }) => return Ok(false),
            Err(fault) => return Err(Failure::new(fault, EMPTY)),
        };
        let last = head.map_or(position, |head| head.position);
        ahead = match last.cmp(&position) {
            Ordering::Equal => return Ok(true),
            Ordering::Greater if before < position => return Ok(true),
            Ordering::Greater => 0,
            Ordering::Less => position,
        };
        std::thread::sleep(ALIVE_WITHIN);
    }
    if ahead == 0 {
        return Ok(false);
    }
    let cause = format!(
        "this journal has entries up to {ahead} that the cluster never had: it is not of this cluster"
    );
    Err(Failure::new(cause, EMPTY))
}

/// Notes in a directory of which cluster it is.
fn note(data: &Path, cluster: &str, node: &str) -> Result<(), Failure> {
    let text = format!("node {node} of cluster {cluster}\n");
    std::fs::write(data.join(NOTE), text)
        .map_err(|error| Failure::new(error, "name a --data directory that can be written"))
}

/// Says once that a directory was a node's, where it is served by itself.
pub(super) fn tell_of_past(data: Option<&Path>) {
    let Some(path) = data.map(|data| data.join(NOTE)) else {
        return;
    };
    if let Ok(text) = std::fs::read_to_string(&path) {
        let of = text.trim();
        tracing::warn!(
            "this directory was that of {of}; it goes on by itself from here, and must not go back"
        );
        // Where it stays it is told again.
        drop(std::fs::remove_file(path));
    }
}
