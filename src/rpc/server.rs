//! The server: its front, its services behind it, and how it begins and ends.

use super::{
    cluster::{self, Cluster, forward::Forwarding},
    edge::{self, Edge, PerCore},
    encode,
    gate::Gate,
    health::Health,
    insights,
    metered::Calls,
    proto::health::health_check_response::ServingStatus,
    saved,
    secure::{access::Access, layer::Identify, tls::Tls},
    services::{SERVICES, reflection, services},
    spread,
    stopping::Stopping,
    traces,
    web::{HostNames, Site, Web},
};
use crate::engine::refresh::Refresher;
use std::{
    future::Future,
    path::PathBuf,
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tower_layer::Layer as _;

/// Time in which whoever was answered last can take the answer, before connections are closed.
const CLOSE_WITHIN: Duration = Duration::from_millis(400);

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Calls under way have so long to finish.
    Drain(Duration),
    /// The engine is gone: nothing is waited for.
    Dead,
}

/// What a server goes by.
#[derive(Clone, Debug, Default)]
pub struct ServerTerms {
    /// What strangers may use.
    pub limits: edge::LiveLimits,
    /// Names that it is called by over HTTP, beside its address.
    pub names: Vec<String>,
    /// Where its calls are counted.
    pub calls: Calls,
    /// What encrypts, if anything does.
    pub tls: Option<Arc<Tls>>,
    /// Who may call; everybody, if nothing else is said.
    pub access: Arc<Access>,
    /// The data directory, to tell how full its disk is.
    pub data: Option<PathBuf>,
    /// From how long on a call is worth a log line.
    pub slow_call: Option<Duration>,
    /// Follows calls, where somebody wants to know.
    pub traces: Option<Arc<traces::Traces>>,
    /// The runs that the configuration names.
    pub runs: Vec<saved::Saved>,
    /// The cluster that it is a node of, and where it listens to the other nodes.
    pub cluster: Option<(Arc<Cluster>, Arc<std::net::TcpListener>)>,
}

/// Serves until `shutdown` is done and the calls under way have ended in the way that it says.
///
/// # Errors
/// What the transport could not go on with.
pub async fn serve(
    refresher: Arc<Refresher>,
    listener: TcpListener,
    shutdown: impl Future<Output = Shutdown>,
) -> Result<(), tonic::transport::Error> {
    serve_within(refresher, (listener, edge::Limits::default()), shutdown).await
}

/// The same within limits of the operator's own.
///
/// # Errors
/// What the transport could not go on with.
pub async fn serve_within(
    refresher: Arc<Refresher>,
    (listener, limits): (TcpListener, edge::Limits),
    shutdown: impl Future<Output = Shutdown>,
) -> Result<(), tonic::transport::Error> {
    let terms = ServerTerms { limits: limits.into(), ..ServerTerms::default() };
    serve_when(std::future::ready(refresher), (listener, terms), shutdown).await
}

/// Serves from the first moment on: until there is something to serve, health says that it does not, and calls are told to
/// come back.
///
/// # Errors
/// What the transport could not go on with.
pub async fn serve_when(
    ready: impl Future<Output = Arc<Refresher>>,
    (listener, terms): (TcpListener, ServerTerms),
    shutdown: impl Future<Output = Shutdown>,
) -> Result<(), tonic::transport::Error> {
    let stopping = Stopping::new();
    let health = Health::new(SERVICES.into_iter().chain(insights::SERVICES));
    let v1 = reflection().build_v1().expect("build.rs wrote the descriptors");
    let v1alpha = reflection().build_v1alpha().expect("build.rs wrote the descriptors");
    let early = Routes::new(health.server()).add_service(v1).add_service(v1alpha);
    let gate = Gate::before(early.clone());
    let address = listener.local_addr().map(|at| at.to_string()).unwrap_or_default();
    let cluster = terms.cluster.as_ref().map(|(cluster, _)| Arc::clone(cluster));
    encode::tell_of(cluster.clone());
    let of_server = (Arc::clone(&terms.access), terms.data.clone(), address, cluster.clone());
    let runs: Arc<[saved::Saved]> = terms.runs.into();
    let engine = Arc::new(OnceLock::new());
    let known = Arc::clone(&engine);
    let opened = async {
        let refresher = ready.await;
        // It is set once.
        drop(known.set(refresher.engine().clone()));
        gate.open(services((early, refresher), (&stopping, runs), of_server));
        if stopping.is_serving() {
            health.tell(ServingStatus::Serving);
        }
    };
    let ended = async {
        let how = shutdown.await;
        health.tell(ServingStatus::NotServing);
        if let Shutdown::Drain(at_most) = how {
            stopping.drain();
            // What has not finished by then is cut off.
            drop(tokio::time::timeout(at_most, stopping.idle()).await);
        }
        stopping.cut();
    };
    let shared = edge::EdgeState::new(terms.limits.clone(), terms.tls.clone());
    let (access, slow_call, traces) = (terms.access, terms.slow_call, terms.traces);
    let asking = Identify { access, engine, slow_call, is_for_peers: false, traces };
    // A socket that listens has an address; if it has none any more, nothing can be asked of it.
    let at = listener.local_addr().unwrap_or_else(|_| ([127, 0, 0, 1], 0).into());
    let site = Site::new(HostNames::new(at, &terms.names));
    let router = || {
        let cluster = cluster.clone();
        let gate = Forwarding { cluster, is_for_peers: false, inner: gate.of_core() };
        let services = terms.calls.core(stopping.layer(gate));
        let web = Web::new(services, Arc::clone(&site));
        Edge::new(PerCore::new(asking.layer(web)), Arc::clone(&shared))
    };
    let for_peers = || {
        let cluster = cluster.clone();
        let inner = gate.of_core();
        let gate = Forwarding { cluster: cluster.clone(), is_for_peers: true, inner };
        let services = terms.calls.core(stopping.layer(gate));
        let web = Web::new(services, Arc::clone(&site));
        let asking = Identify { slow_call: None, is_for_peers: true, ..asking.clone() };
        let shared = cluster::edge_of_peers(cluster.as_ref(), terms.limits.now());
        Edge::new(PerCore::new(asking.layer(web)), shared)
    };
    let peers =
        peers(terms.cluster.as_ref().map(|(_, peers)| &**peers), stopping.clone(), for_peers);
    let mut peers = pin!(peers);
    let mut served = pin!(spread::serve(listener, ended, CLOSE_WITHIN, router));
    tokio::select! {
        biased;
        () = opened => (),
        ended = &mut served => return ended,
        never = &mut peers => match never {},
    }
    tokio::select! {
        biased;
        ended = &mut served => ended,
        never = &mut peers => match never {},
    }
}

/// Serves the other nodes, where there are any, for as long as it is asked to.
async fn peers<R: spread::Served>(
    listener: Option<&std::net::TcpListener>,
    stopping: Stopping,
    router: impl Fn() -> R,
) -> std::convert::Infallible {
    let listener = listener.and_then(|listener| {
        let listener = listener.try_clone().ok()?;
        listener.set_nonblocking(true).ok()?;
        TcpListener::from_std(listener).ok()
    });
    if let Some(listener) = listener {
        let ended = async move { stopping.cutting().await };
        if let Err(error) = spread::serve(listener, ended, CLOSE_WITHIN, router).await {
            tracing::error!(%error, "other nodes cannot reach this one any more");
        }
    }
    std::future::pending().await
}

/// Serves services that are not ours behind the front that ours have, until it is dropped: what tries how calls are read
/// and answered, whatever they do (`tests/conformance`).
///
/// # Errors
/// What the transport could not go on with.
///
/// # Panics
/// The descriptors are none.
pub async fn serve_others(
    routes: Routes,
    descriptors: &[u8],
    listener: TcpListener,
) -> Result<(), tonic::transport::Error> {
    let pool = prost_reflect::DescriptorPool::decode(descriptors).expect("descriptors");
    let at = listener.local_addr().unwrap_or_else(|_| ([127, 0, 0, 1], 0).into());
    let site = Site::of_others(HostNames::new(at, &[]), &pool);
    let shared = edge::EdgeState::new(edge::LiveLimits::default(), None);
    let stopping = Stopping::new();
    let router = || {
        let services = stopping.layer(routes.clone());
        Edge::new(Web::new(services, Arc::clone(&site)), Arc::clone(&shared))
    };
    spread::serve(listener, std::future::pending(), CLOSE_WITHIN, router).await
}
