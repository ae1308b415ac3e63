//! Who may ask over HTTP: nobody by a foreign name, and no page of somebody else's.
//!
//! A browser shows any page, and any page may have a name that leads to 127.0.0.1. So a server that listens there
//! answers only those who call it by a name that it has. A page that sends a form says where it comes from.

use super::super::status::{Failure, shown};
use http::{Method, Request, Uri, header};
use std::net::{IpAddr, SocketAddr};
use tonic::{Code, body::Body};

/// The names that a server goes by.
#[derive(Clone, Debug)]
pub struct HostNames {
    /// Where it listens.
    listens: SocketAddr,
    /// Further names.
    named: Vec<String>,
}

impl HostNames {
    /// Of a server that listens there, and goes by further names.
    pub fn new(listens: SocketAddr, named: &[String]) -> Self {
        let named = named.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { listens, named }
    }

    /// Whether a request may be answered.
    ///
    /// # Errors
    /// It names somebody else, or comes from somebody else's page.
    pub(super) fn admit(&self, request: &Request<Body>) -> Result<(), Failure> {
        let in_header = request.headers().get(header::HOST).map(|host| host.to_str());
        let host = match (request.uri().authority(), in_header) {
            (Some(authority), _) => authority.as_str(),
            (None, Some(Ok(host))) => host,
            (None, Some(Err(_))) => "?",
            // HTTP/1.0; no browser is that old.
            (None, None) => return Ok(()),
        };
        if self.listens.ip().is_loopback() && !self.is_ours(name_of(host)) {
            let text = format!(
                "this server is not called {}; start it with --names to give it that name",
                shown(host)
            );
            return Err(Failure::new(Code::PermissionDenied, "FOREIGN_HOST", text));
        }
        let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
        let origin = request.headers().get(header::ORIGIN).filter(|_| !reads);
        let origin = origin.map(|origin| origin.to_str().unwrap_or("?"));
        let is_foreign = |origin: &&str| {
            let of_page = origin.parse::<Uri>().ok().and_then(|uri| uri.into_parts().authority);
            of_page.is_none_or(|page| !page.as_str().eq_ignore_ascii_case(host))
        };
        match origin.filter(is_foreign) {
            None => Ok(()),
            Some(origin) => {
                let text = format!("pages of {} may not change anything here", shown(origin));
                Err(Failure::new(Code::PermissionDenied, "FOREIGN_PAGE", text))
            }
        }
    }

    fn is_ours(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let address = name.parse::<IpAddr>();
        name == "localhost"
            || address.is_ok_and(|ip| ip.is_loopback() || ip == self.listens.ip())
            || self.named.iter().any(|named| *named == name || name_of(named) == name)
    }
}

/// The name in `name:port` and `[::1]:port`.
fn name_of(host: &str) -> &str {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listens: &str, host: &str, origin: Option<&str>, want: &str) {
        let names = HostNames::new(listens.parse().unwrap(), &["promised.example".to_string()]);
        let mut request = Request::post("/v1/snapshots").header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let told = names.admit(&request.body(Body::empty()).unwrap());
        let told = told.map_or_else(|failure| failure.to_string(), |()| "admitted".to_string());
        assert!(told.starts_with(want), "{host} {origin:?}: {told}");
    }

    #[test]
    fn on_loopback_only_names_of_its_own_are_answered() {
        for host in [
            "127.0.0.1:50051",
            "localhost:50051",
            "LocalHost",
            "[::1]:50051",
            "127.0.0.2",
            "promised.example:1",
        ] {
            check("127.0.0.1:50051", host, None, "admitted");
        }
        for host in [
            "evil.example:50051",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "",
            "localhost.evil.example",
        ] {
            check("127.0.0.1:50051", host, None, "FOREIGN_HOST");
        }
        check("0.0.0.0:50051", "evil.example:50051", None, "admitted");
    }

    #[test]
    fn a_page_of_somebody_else_changes_nothing() {
        check("127.0.0.1:80", "localhost:80", Some("http://localhost:80"), "admitted");
        check("127.0.0.1:80", "localhost:80", Some("http://evil.example"), "FOREIGN_PAGE");
        check("127.0.0.1:80", "localhost:80", Some("null"), "FOREIGN_PAGE");
        check("0.0.0.0:80", "promised.example", Some("https://evil.example"), "FOREIGN_PAGE");
    }
}
