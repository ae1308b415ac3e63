//! How a node reaches another one: encrypted or not, and for how long it is waited for.
//!
//! With TLS both ends show the certificate that they show to clients, signed by the authority of client certificates, and
//! each must be that of the host by which the cluster knows a node: whoever else the authority has signed is a client. A
//! node that takes connections and says nothing, as one that begins does, is no better than one that is away.

use crate::rpc::secure::tls::Tls;
use parking_lot::Mutex;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tonic::transport::{Channel, Endpoint};

/// A connection is there by then, or the node is not.
const CONNECT_WITHIN: Duration = Duration::from_millis(300);

/// Both ends have agreed on how to encrypt by then.
const AGREE_WITHIN: Duration = Duration::from_secs(2);

/// How often a node that says nothing is asked whether it lives, and how long it may take to say so.
const PING_EVERY: Duration = Duration::from_secs(1);

/// The same for one that is asked for all that it has: it may be busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// How nodes speak to each other.
#[derive(Debug, Default)]
pub struct Peers {
    tls: Option<Arc<Tls>>,
    /// Connections by address, with the generation of the certificates that they began with.
    known: Mutex<HashMap<String, (u64, Channel)>>,
}

impl Peers {
    /// By files of their own, or in plain text.
    pub fn new(tls: Option<Arc<Tls>>) -> Self {
        Self { tls, known: Mutex::default() }
    }

    pub(in crate::rpc) fn tls(&self) -> Option<Arc<Tls>> {
        self.tls.clone()
    }

    fn endpoint(&self, address: &str, patience: Duration) -> Result<Endpoint, String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let endpoint = Endpoint::from_shared(format!("{scheme}://{address}"));
        let endpoint = endpoint
            .map_err(|error| format!("{address} is no address: {error}"))?
            .connect_timeout(CONNECT_WITHIN)
            .http2_keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(patience)
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        match &self.tls {
            Some(tls) => endpoint.tls_config(tls.as_client()).map_err(|error| error.to_string()),
            None => Ok(endpoint),
        }
    }

    async fn connect(&self, address: &str, patience: Duration) -> Result<Channel, String> {
        let connecting = self.endpoint(address, patience)?;
        match tokio::time::timeout(AGREE_WITHIN, connecting.connect()).await {
            Ok(Ok(channel)) => Ok(channel),
            Ok(Err(error)) => Err(whole(&error)),
            Err(_) => Err(format!("{address} takes connections and says nothing")),
        }
    }

    /// A connection of its own, which ends when the node does.
    pub(super) async fn link(&self, address: &str) -> Result<Channel, String> {
        self.connect(address, PATIENCE).await
    }

    /// A connection of its own to a node that is to give all that it has.
    ///
    /// # Errors
    /// It is not there, or not who it should be.
    pub async fn source(&self, address: &str) -> Result<Channel, String> {
        self.connect(address, PATIENCE).await
    }

    /// A connection that all calls share.
    pub(super) async fn shared(&self, address: &str) -> Result<Channel, String> {
        let generation = self.tls.as_ref().map_or(0, |tls| tls.generation());
        let known = self.known.lock().get(address).cloned();
        if let Some((_, channel)) = known.filter(|(of, _)| *of == generation) {
            return Ok(channel);
        }
        let channel = self.connect(address, PING_EVERY).await?;
        self.known.lock().insert(address.to_string(), (generation, channel.clone()));
        Ok(channel)
    }

    /// The next call makes another connection.
    pub(super) fn forget(&self, address: &str) {
        self.known.lock().remove(address);
    }
}

/// An error with what lies behind it: of TLS the reason is the last of them.
pub fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = error.source();
    }
    text
}
