//! Limits on what callers may use of a server: `--limits-*`.

use super::keep;
use crate::rpc::edge::Limits;
use rustix::process::{Resource, getrlimit, setrlimit};
use std::time::Duration;

/// Files that a server needs besides its connections: journal, snapshots, uploads.
const OTHER_FILES: u64 = 256;

/// Connections at once where files allow more.
const CONNECTIONS_MAX: u64 = 10_000;

/// What the command line says about bounds.
#[derive(Debug, clap::Args)]
pub(super) struct BoundArgs {
    /// Memory that all calls together may make the server hold: 512M, 1G
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    limits_bytes_under_way: u64,
    /// The same for the calls of one connection
    #[arg(long, value_name = "SIZE", default_value = "128M", value_parser = size)]
    limits_bytes_a_connection: u64,
    /// The same for one call, beyond its own size
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    limits_bytes_a_call: u64,
    /// Connections at once; as many as there may be files, and 10000 at most, if not given
    #[arg(long, value_name = "N")]
    limits_connections: Option<usize>,
    /// How long a connection may take to begin
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = keep::time)]
    limits_handshake: Duration,
    /// How long a peer may say nothing, not even that it is there
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = keep::time)]
    limits_silent: Duration,
    /// How long a connection takes new calls, so that callers look for a server again: 1h; for ever if not given
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    limits_connection_age: Option<Duration>,
}

impl BoundArgs {
    /// The limits; as many files as the system allows are asked for.
    pub(super) fn limits(&self) -> Limits {
        let bytes = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let files = files();
        let connections = files.saturating_sub(OTHER_FILES).clamp(1, CONNECTIONS_MAX);
        Limits {
            bytes_under_way: bytes(self.limits_bytes_under_way),
            bytes_a_connection: bytes(self.limits_bytes_a_connection),
            bytes_a_call: bytes(self.limits_bytes_a_call),
            connections: self.limits_connections.unwrap_or(bytes(connections)),
            handshake: self.limits_handshake,
            silent: self.limits_silent,
            connection_age: self.limits_connection_age,
        }
    }
}

/// How many files this process may have open, which is as many as it may ask for.
fn files() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum || limit.maximum.is_none() {
        limit.current = limit.maximum.or(limit.current);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of files stays as it is");
        }
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// A number of bytes, in units of 1,024 times 1,024 and so on.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let bytes = || {
        let unit = text.chars().last()?;
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        let shift = match unit {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => return None,
        };
        number.checked_mul(1 << shift).filter(|bytes| 0 < *bytes)
    };
    bytes().ok_or_else(|| "a size such as 512M or 4G is expected".to_string())
}
