//! The connection that a follower keeps to its leader, only to hear at once when it ends: a call of health that never
//! has an end.

use crate::engine::node::{Links, Member};
use crate::rpc::proto::health::{HealthCheckRequest, health_client::HealthClient};
use parking_lot::Mutex;
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Handle, task::JoinHandle};
use tonic::transport::Endpoint;

/// A connection is there by then, or nobody is.
const CONNECT_WITHIN: Duration = Duration::from_millis(300);

/// After one that broke so long no other is tried.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The connection to one node at a time.
#[derive(Debug)]
pub struct PeerLinks {
    runtime: Handle,
    link: Mutex<Option<JoinHandle<()>>>,
    broken: Arc<Mutex<bool>>,
}

impl PeerLinks {
    /// None yet; they run on a runtime.
    pub fn new(runtime: Handle) -> Self {
        Self { runtime, link: Mutex::default(), broken: Arc::default() }
    }
}

impl Links for PeerLinks {
    fn watch(&self, node: Option<&Member>) {
        let mut link = self.link.lock();
        if let Some(old) = link.take() {
            old.abort();
        }
        *self.broken.lock() = false;
        let broken = Arc::clone(&self.broken);
        *link = node.map(|node| {
            let peer = node.peer.clone();
            self.runtime.spawn(async move {
                loop {
                    // It never ends well.
                    let ended = held(&peer).await;
                    tracing::debug!(peer, ?ended, "the connection to the leader broke");
                    *broken.lock() = true;
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            })
        });
    }

    fn has_broken(&self) -> bool {
        std::mem::take(&mut *self.broken.lock())
    }
}

impl Drop for PeerLinks {
    fn drop(&mut self) {
        if let Some(link) = self.link.lock().take() {
            link.abort();
        }
    }
}

/// Holds a connection until it ends.
async fn held(peer: &str) -> Result<(), tonic::Status> {
    let gone = |error: tonic::transport::Error| tonic::Status::unavailable(error.to_string());
    let endpoint = Endpoint::from_shared(format!("http://{peer}")).map_err(gone)?;
    let endpoint = endpoint
        .connect_timeout(CONNECT_WITHIN)
        .http2_keep_alive_interval(Duration::from_secs(5))
        .keep_alive_while_idle(true);
    let channel = endpoint.connect().await.map_err(gone)?;
    let watched = HealthClient::new(channel).watch(HealthCheckRequest::default()).await?;
    let mut told = watched.into_inner();
    while told.message().await?.is_some() {}
    Ok(())
}
