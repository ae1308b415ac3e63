//! Who is at the other end of a connection, known once it has begun: its address, and the name in its certificate.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
};
use tonic::codegen::{Service, http::Request};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

/// The other end of a connection; every request has it among its extensions.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Where it calls from.
    pub address: Option<SocketAddr>,
    /// The name in its verified certificate, if it has one.
    pub name: Option<Arc<str>>,
    /// Whether nobody between us can listen.
    pub is_encrypted: bool,
}

/// The name that a certificate stands for: its first DNS name, else its common name.
pub fn name(certificate: &[u8]) -> Option<Arc<str>> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    let mut dns = names.filter_map(|name| {
        let GeneralName::DNSName(name) = name else { return None };
        Some(*name)
    });
    let common = || certificate.subject().iter_common_name().next()?.as_str().ok();
    let name = dns.next().or_else(common)?;
    (!name.is_empty()).then(|| name.into())
}

/// Whether a certificate is that of a host: one of its names, the first word of which may be `*`, or addresses.
pub fn is_of_host(certificate: &[u8], host: &str) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else {
        return false;
    };
    let names = certificate.subject_alternative_name().ok().flatten();
    let mut names = names.iter().flat_map(|names| &names.value.general_names);
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    names.any(|name| match (name, address) {
        (GeneralName::IPAddress(bytes), Some(IpAddr::V4(address))) => *bytes == address.octets(),
        (GeneralName::IPAddress(bytes), Some(IpAddr::V6(address))) => *bytes == address.octets(),
        (GeneralName::DNSName(name), None) => is_name_of(name, host),
        _ => false,
    })
}

fn is_name_of(name: &str, host: &str) -> bool {
    let rest = host.split_once('.').map(|(_, rest)| rest);
    match name.strip_prefix("*.") {
        Some(name) => rest.is_some_and(|rest| name.eq_ignore_ascii_case(rest)),
        None => name.eq_ignore_ascii_case(host),
    }
}

/// A service that tells each request who asks.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct WithPeer<S> {
    pub(in crate::rpc) service: S,
    pub(in crate::rpc) peer: Arc<Peer>,
}

impl<S, B> Service<Request<B>> for WithPeer<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(Arc::clone(&self.peer));
        self.service.call(request)
    }
}
