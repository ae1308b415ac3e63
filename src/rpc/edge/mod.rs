//! Connections, from bytes to calls: HTTP/2 and HTTP/1.1 on one port, with bounds of ours on everything that a
//! stranger may send or leave unread.
//!
//! Windows and budgets fit each other, so that nothing but flow control holds a caller back: what a stream sends
//! and nobody has taken yet lies in one small buffer of ours (`inbound`), not frame by frame in the transport,
//! and its window opens again as it is taken. What a call, a connection and all together hold is counted before it
//! is unpacked (`memory`, `weight`). A connection that says nothing is closed.
//!
//! Start at [`Edge`], then `connection` and `call`.

mod tally;
mod turns;
pub(super) mod memory;
mod inbound;
mod call;
mod limits;
mod watched;
mod connection;
mod unread;
mod http1;
mod weight;
mod codec;
mod per_core;

pub(super) use call::callers_fault;
pub use codec::Codec;
pub(super) use codec::{Encoder, count, pack, unpack};
pub(super) use inbound::is_grpc;
pub use limits::{Limits, LiveLimits};
pub use memory::{Held, Pool};
pub use per_core::PerCore;

use super::{
    secure::{
        peer::{self, Peer, WithPeer},
        tls::Tls,
    },
    spread::{Incoming, Served},
};
use connection::Connection;
use std::{
    collections::VecDeque,
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
pub(super) use tally::BurstTally;
use tokio::{
    net::TcpStream,
    sync::{oneshot, watch},
};
use tokio_stream::StreamExt;
use tonic::{
    body::Body,
    codegen::{
        Bytes, Service,
        http::{Request, Response},
    },
};

/// Connections of one core that may be beginning at once: the oldest gives way to a newer one, so that nobody
/// locks others out by saying nothing.
const BEGINNING_MAX: usize = 128;

/// Whether whoever shows a certificate may come in.
pub(super) type Admits = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// What is the same for all cores.
pub struct EdgeState {
    limits: LiveLimits,
    tls: Option<Arc<Tls>>,
    /// Who may come in; whoever TLS lets in where it is not said.
    admits: Option<Admits>,
    n_connections: AtomicUsize,
    refused: BurstTally,
    hushed: BurstTally,
    unread: BurstTally,
}

impl std::fmt::Debug for EdgeState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EdgeState").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl EdgeState {
    /// Of a server with these limits, encrypted or not.
    pub fn new(limits: LiveLimits, tls: Option<Arc<Tls>>) -> Arc<Self> {
        Self::of((limits, tls), None)
    }

    /// The same for those alone whose certificate is one of some, where it is encrypted.
    pub(super) fn of(
        (limits, tls): (LiveLimits, Option<Arc<Tls>>),
        admits: Option<Admits>,
    ) -> Arc<Self> {
        Arc::new(Self {
            limits,
            tls,
            admits,
            n_connections: AtomicUsize::new(0),
            refused: BurstTally::new("connections refused: there are too many"),
            hushed: BurstTally::new("connections closed: they said nothing"),
            unread: BurstTally::new(
                "connections closed: no TLS, or no certificate that holds here",
            ),
        })
    }

    /// What all calls together hold.
    pub fn memory(&self) -> &Arc<Pool> {
        &self.limits.memory
    }
}

/// Serves the connections of one core.
#[derive(Clone, Debug)]
pub struct Edge<S> {
    service: S,
    shared: Arc<EdgeState>,
}

impl<S> Edge<S> {
    /// Serves a service.
    pub fn new(service: S, shared: Arc<EdgeState>) -> Self {
        Self { service, shared }
    }
}

/// A connection that counts as one.
struct Counted(Arc<EdgeState>);

impl Counted {
    /// Counts one more, unless there are too many.
    fn one(shared: &Arc<EdgeState>) -> Option<Self> {
        let before = shared.n_connections.fetch_add(1, Ordering::Relaxed);
        let counted = Self(Arc::clone(shared));
        (before < shared.limits.now().connections).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.n_connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Connections that are beginning, the oldest first.
#[derive(Default)]
struct Beginning(VecDeque<oneshot::Sender<()>>);

impl Beginning {
    /// Adds one, and ends the oldest where there are too many.
    fn push(&mut self) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        self.0.retain(|other| !other.is_closed());
        if self.0.len() == BEGINNING_MAX {
            self.0.pop_front();
        }
        self.0.push_back(tell);
        told
    }
}

impl<S, B> Served for Edge<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    B: tonic::codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    async fn serve(
        self,
        mut incoming: Incoming,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), tonic::transport::Error> {
        let (stop, stopped) = watch::channel(false);
        let mut beginning = Beginning::default();
        let mut shutdown = pin!(shutdown);
        loop {
            let stream = tokio::select! {
                () = &mut shutdown => break,
                stream = incoming.next() => stream,
            };
            match stream {
                Some(Ok(stream)) => self.begin(stream, beginning.push(), stopped.clone()),
                Some(Err(error)) => tracing::debug!(%error, "a connection was lost"),
                None => break,
            }
        }
        drop(stopped);
        stop.send_replace(true);
        // Each connection has a receiver until it has ended.
        stop.closed().await;
        Ok(())
    }
}

impl<S, B> Edge<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    B: tonic::codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    /// Serves a connection beside the others.
    fn begin(
        &self,
        stream: TcpStream,
        outlived: oneshot::Receiver<()>,
        stopped: watch::Receiver<bool>,
    ) {
        let Some(counted) = Counted::one(&self.shared) else {
            self.shared.refused.note();
            return;
        };
        let (service, shared) = (self.service.clone(), Arc::clone(&self.shared));
        tokio::spawn(async move {
            let ended = match &shared.tls {
                None => {
                    let peer = peer_of(&stream, None, false);
                    connection(&shared, service, peer).serve(stream, outlived, stopped).await
                }
                Some(tls) => encrypted((&shared, tls, service), stream, outlived, stopped).await,
            };
            if ended == connection::End::Silent {
                shared.hushed.note();
            }
            drop(counted);
        });
    }
}

fn peer_of(stream: &TcpStream, name: Option<Arc<str>>, is_encrypted: bool) -> Arc<Peer> {
    Arc::new(Peer { address: stream.peer_addr().ok(), name, is_encrypted })
}

fn connection<S>(shared: &Arc<EdgeState>, service: S, peer: Arc<Peer>) -> Connection<WithPeer<S>> {
    let limits = shared.limits.now();
    let memory = Pool::of_connection(shared.memory(), limits.bytes_a_connection);
    Connection { service: WithPeer { service, peer }, limits, memory }
}

/// Serves a connection that nobody else can read, once both ends have agreed on how.
async fn encrypted<S, B>(
    (shared, tls, service): (&Arc<EdgeState>, &Tls, S),
    stream: TcpStream,
    mut outlived: oneshot::Receiver<()>,
    mut stopped: watch::Receiver<bool>,
) -> connection::End
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    B: tonic::codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    let agreed = tokio::select! {
        agreed = tokio::time::timeout(shared.limits.now().handshake, tls.accept(stream)) => agreed,
        _ = &mut outlived => return connection::End::Silent,
        _ = stopped.wait_for(|stopped| *stopped) => return connection::End::Over,
    };
    match agreed {
        Ok(Ok(stream)) => {
            let (socket, session) = stream.get_ref();
            let certificate = session.peer_certificates().and_then(|chain| chain.first());
            let shown = certificate.map(|certificate| certificate.as_ref()).unwrap_or_default();
            if shared.admits.as_ref().is_some_and(|admits| !admits(shown)) {
                shared.unread.note();
                return connection::End::Over;
            }
            let name = certificate.and_then(|certificate| peer::name(certificate));
            let peer = peer_of(socket, name, true);
            connection(shared, service, peer).serve(stream, outlived, stopped).await
        }
        Ok(Err(error)) => {
            shared.unread.note();
            tracing::debug!(%error, "a connection did not begin");
            connection::End::Over
        }
        Err(_) => connection::End::Silent,
    }
}
