//! Where a server listens.

use super::failure::Failure;
use std::net::{SocketAddr, ToSocketAddrs};
use tokio::net::TcpSocket;

/// Where to listen: as given, and what it resolves to.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    given: String,
    pub(super) resolved: Vec<SocketAddr>,
}

/// Reads them.
pub(super) fn addresses(text: &str) -> Result<Addresses, String> {
    let expected = "a host and a port are expected, such as 127.0.0.1:50051";
    let resolved: Vec<_> =
        text.to_socket_addrs().map_err(|error| format!("{expected} ({error})"))?.collect();
    if resolved.is_empty() {
        return Err(expected.to_string());
    }
    Ok(Addresses { given: text.to_string(), resolved })
}

/// Takes the first address that can be had.
pub(super) fn bind(listen: &Addresses) -> Result<TcpSocket, Failure> {
    let mut refused = None;
    for address in &listen.resolved {
        match bound(*address) {
            Ok(socket) => return Ok(socket),
            Err(error) => refused = Some(error),
        }
    }
    let why = refused.map(|error| error.to_string()).unwrap_or_default();
    Err(Failure::new(
        format!("cannot listen on {}: {why}", listen.given),
        "stop what uses the port (ss -ltnp shows it), or --listen with another one; port 0 takes a free one",
    ))
}

fn bound(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that was just stopped may be started again at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
