//! The connection that a follower keeps to its leader, only to hear at once when it ends: a call of health that never
//! has an end.

use super::peers::Peers;
use crate::engine::node::{Links, Member};
use crate::rpc::proto::health::{HealthCheckRequest, health_client::HealthClient};
use parking_lot::Mutex;
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Handle, task::JoinHandle};

/// After one that broke so long no other is tried.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The connection to one node at a time.
#[derive(Debug)]
pub struct PeerLinks {
    runtime: Handle,
    peers: Arc<Peers>,
    link: Mutex<Option<JoinHandle<()>>>,
    broken: Arc<Mutex<bool>>,
}

impl PeerLinks {
    /// None yet; they run on a runtime.
    pub fn new(runtime: Handle, peers: Arc<Peers>) -> Self {
        Self { runtime, peers, link: Mutex::default(), broken: Arc::default() }
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
            let (peer, peers) = (node.peer.clone(), Arc::clone(&self.peers));
            self.runtime.spawn(async move {
                loop {
                    // It never ends well.
                    let ended = held(&peers, &peer).await;
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
async fn held(peers: &Peers, peer: &str) -> Result<(), tonic::Status> {
    let channel = peers.link(peer).await.map_err(tonic::Status::unavailable)?;
    let watched = HealthClient::new(channel).watch(HealthCheckRequest::default()).await?;
    let mut told = watched.into_inner();
    while told.message().await?.is_some() {}
    Ok(())
}
