//! Limits on what callers may use of a server: bytes, connections, silence.

use super::memory::Pool;
use arc_swap::ArcSwap;
use std::{sync::Arc, time::Duration};

/// What strangers may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that all calls together may make the server hold.
    pub bytes_under_way: usize,
    /// Bytes that the calls of one connection may make it hold.
    pub bytes_a_connection: usize,
    /// Bytes that one call may make it hold beyond its own size.
    pub bytes_a_call: usize,
    /// Connections at once.
    pub connections: usize,
    /// How long a connection may take to begin.
    pub handshake: Duration,
    /// How long a peer may say nothing, not even that it is there.
    pub silent: Duration,
    /// How long a connection takes new calls, so that its peer looks for a server again; for ever if not given.
    pub connection_age: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_under_way: 1 << 30,
            bytes_a_connection: 128 << 20,
            bytes_a_call: 64 << 20,
            connections: 10_000,
            handshake: Duration::from_secs(10),
            silent: Duration::from_secs(60),
            connection_age: None,
        }
    }
}

/// Limits that may change while a server serves; clones are the same ones. What has begun goes on as it began, but for
/// what all calls together may hold.
#[derive(Clone, Debug)]
pub struct LiveLimits {
    limits: Arc<ArcSwap<Limits>>,
    pub(super) memory: Arc<Pool>,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Limits::default().into()
    }
}

impl From<Limits> for LiveLimits {
    fn from(limits: Limits) -> Self {
        let memory = Pool::of_all(limits.bytes_under_way);
        Self { limits: Arc::new(ArcSwap::from_pointee(limits)), memory }
    }
}

impl LiveLimits {
    /// Those of now.
    pub fn now(&self) -> Limits {
        **self.limits.load()
    }

    /// Other ones count from now on.
    pub fn go_by(&self, limits: Limits) {
        self.memory.allow(limits.bytes_under_way);
        self.limits.store(Arc::new(limits));
    }
}
