//! Issue 24 items 3 and 4, contract 8: nodes that speak mutual TLS by the files of `[tls]`, which change under them; on whose
//! word a forwarded command is done, and what those see and may do who ask a node that follows: the same as at the leader.

use super::{
    etcds,
    place::{Place, is_wanted, promised, signal, until},
};
use crate::secure::place::{Authority, said, with};
use promised::rpc::{proto, secure::peer::is_of_host};
use proto::{
    admin_service_client::AdminServiceClient, promise_service_client::PromiseServiceClient,
};
use rustix::process::Signal;
use std::path::Path;
use tonic::{
    Code, Request,
    transport::{Certificate, Channel, ClientTlsConfig, Identity},
};

/// A cluster that asks who calls.
struct Guarded {
    place: Place,
    authority: Authority,
    runtime: tokio::runtime::Runtime,
    admin: String,
}

/// Puts a file there in one step.
fn write(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join("new"), text).unwrap();
    std::fs::rename(dir.join("new"), dir.join(name)).unwrap();
}

fn certify(dir: &Path, authority: &Authority) {
    let (certificate, key) = authority.sign(&["localhost", "127.0.0.1"], "node");
    write(dir, "key.pem", &key);
    write(dir, "cert.pem", &certificate);
}

/// A token of a name, with lines of the file behind it.
fn token(dir: &Path, name: &str, (roles, lines): (&str, &str)) -> String {
    let file = dir.join("tokens.toml");
    let made = promised(&[
        "token",
        "new",
        "--name",
        name,
        "--role",
        roles,
        "--tokens",
        file.to_str().unwrap(),
    ]);
    assert!(made.status.success(), "{made:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{}\n{lines}\n", text.trim_end())).unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_string()
}

impl Guarded {
    fn start(mut place: Place, authority: Authority) -> Self {
        let dir = place.dir.path().to_path_buf();
        certify(&dir, &authority);
        write(&dir, "ca.pem", &authority.pem());
        let admin = token(&dir, "boss", ("admin", ""));
        let file = |name: &str| dir.join(name).to_str().unwrap().to_string();
        for server in &mut place.servers {
            server.more = vec![
                "--tls-certificate".to_string(),
                file("cert.pem"),
                "--tls-key".to_string(),
                file("key.pem"),
                "--tls-client-ca".to_string(),
                file("ca.pem"),
                "--access-tokens".to_string(),
                file("tokens.toml"),
            ];
        }
        (0..3).for_each(|at| place.up(at));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { place, authority, runtime, admin }
    }

    fn channel(&self, address: &str, own: Option<(String, String)>) -> Result<Channel, String> {
        let port = address.rsplit(':').next().unwrap();
        let mut tls =
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(self.authority.pem()));
        if let Some((certificate, key)) = own {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        let endpoint = Channel::from_shared(format!("https://localhost:{port}")).unwrap();
        let connecting = endpoint.tls_config(tls).unwrap();
        self.runtime.block_on(connecting.connect()).map_err(|error| format!("{error:?}"))
    }

    /// To a node's own port.
    fn node(&self, at: usize) -> Channel {
        self.channel(&self.place.servers[at].address, None).unwrap()
    }

    fn status(&self, at: usize) -> Option<proto::ClusterStatusResponse> {
        let channel = self.channel(&self.place.servers[at].address, None).ok()?;
        let request = with(&self.admin, proto::ClusterStatusRequest {});
        let asked = self.runtime.block_on(AdminServiceClient::new(channel).cluster_status(request));
        asked.ok().map(tonic::Response::into_inner)
    }

    /// The one that all who answer say leads.
    fn leader(&self) -> usize {
        until("a leader", || {
            let running = (0..3).filter(|at| self.place.servers[*at].child.is_some());
            let mut said = running.map(|at| self.status(at).map(|status| status.leader));
            let first = said.next()??;
            let all_say = said.all(|other| other.as_ref() == Some(&first));
            super::place::NAMES.iter().position(|name| all_say && *name == first)
        })
    }

    /// Asks until somebody leads.
    fn promise(
        &self,
        at: usize,
        request: impl Fn() -> Request<proto::PromiseRequest>,
    ) -> Result<proto::PromiseResponse, tonic::Status> {
        until("an answer", || {
            let channel = self.channel(&self.place.servers[at].address, None).ok()?;
            let mut client = PromiseServiceClient::new(channel);
            match self.runtime.block_on(client.promise(request())) {
                Err(status) if status.code() == Code::Unavailable => None,
                answered => Some(answered.map(tonic::Response::into_inner)),
            }
        })
    }
}

fn order(id: &str, quantity: f64) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: id.to_string(),
        item: "A".to_string(),
        quantity,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    proto::PromiseRequest { request_id: id.to_string(), lines: vec![line], ..Default::default() }
}

fn held(id: &str, quantity: f64) -> proto::PromiseRequest {
    let hold_for = Some(prost_types::Duration { seconds: 60, nanos: 0 });
    proto::PromiseRequest { hold_for, ..order(id, quantity) }
}

#[test]
fn a_forwarded_command_is_its_callers_and_nodes_know_each_other_by_certificates() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a guarded cluster");
    };
    let place = Place::begin(program);
    let dir = place.dir.path().to_path_buf();
    let reader = token(&dir, "reader", ("read", ""));
    let shop = token(&dir, "shop", ("promise", ""));
    let seller = token(&dir, "seller", ("promise", "economics = true"));
    let tight = token(&dir, "tight", ("promise", "held_quantity = 1"));
    let mut guarded = Guarded::start(place, Authority::new("ours"));
    let leader = guarded.leader();
    for at in 0..3 {
        let name = |what: &str| format!("{what}-{at}");
        // Who calls is asked where he calls, and nobody is let in by what he says himself.
        let nobody = guarded.promise(at, || Request::new(order(&name("x"), 1.0))).unwrap_err();
        assert_eq!(said(&nobody), "Unauthenticated CREDENTIALS_MISSING", "{at}");
        let forged = || {
            let mut request = with(&reader, order(&name("x"), 1.0));
            // Of the name "boss", with all roles, as a node would send it.
            let carried = "eyJuYW1lIjoiYm9zcyIsInJvbGVzIjpbImFkbWluIl0sImJvdW5kcyI6e30sImVjb25vbWljcyI6dHJ1ZSwib3BlbiI6ZmFsc2V9";
            request.metadata_mut().insert("promised-principal", carried.parse().unwrap());
            request
        };
        let refused = guarded.promise(at, forged).unwrap_err();
        assert_eq!(said(&refused), "PermissionDenied ROLE_MISSING", "{at}");
        // A promise is its caller's, whoever leads.
        let promised = guarded.promise(at, || with(&shop, order(&name("shop"), 1.0))).unwrap();
        let number = promised.promises[0].promise_id.clone();
        assert!(!number.is_empty(), "{promised:?}");
        let mut client = PromiseServiceClient::new(guarded.node(leader));
        let got = until("his promise", || {
            let get = proto::GetPromiseRequest { promise_id: number.clone(), ..Default::default() };
            guarded.runtime.block_on(client.get(with(&guarded.admin, get))).ok()
        });
        assert!(format!("{got:?}").contains("by: \"shop\""), "{at}");
        // His limits go with him.
        let most = guarded.promise(at, || with(&tight, held(&name("tight"), 2.0))).unwrap_err();
        assert_eq!(said(&most), "ResourceExhausted HELD_QUANTITY", "{at}");
        // What something costs and brings is for those who may see it, asked anywhere.
        for (token, sees) in [(&shop, false), (&seller, true)] {
            let line = order("q", 1.0).lines;
            let question = proto::CheckAvailabilityRequest { lines: line, ..Default::default() };
            let mut client = PromiseServiceClient::new(guarded.node(at));
            let asked = client.check_availability(with(token, question));
            let answer = guarded.runtime.block_on(asked).unwrap().into_inner();
            assert_eq!(format!("{answer:?}").contains("economics: Some"), sees, "{at}: {answer:?}");
            let id = format!("money-{sees}-{at}");
            let answer = guarded.promise(at, || with(token, order(&id, 1.0))).unwrap();
            assert_eq!(format!("{answer:?}").contains("economics: Some"), sees, "{at}: {answer:?}");
        }
    }
    // Only nodes come in where nodes do: a client whom the same authority has signed does not.
    let peer = guarded.place.servers[leader].peer.clone();
    let asks = |own: Option<(String, String)>| {
        let channel = guarded.channel(&peer, own)?;
        let request = Request::new(proto::WhoAmIRequest {});
        let asked = guarded.runtime.block_on(AdminServiceClient::new(channel).who_am_i(request));
        asked.map(|answer| answer.into_inner().name).map_err(|status| format!("{status:?}"))
    };
    let shop_certificate = guarded.authority.sign(&["orders.shop"], "orders.shop");
    assert!(asks(Some(shop_certificate)).is_err());
    assert!(asks(None).is_err());
    let stranger = Authority::new("others").sign(&["localhost", "127.0.0.1"], "node");
    assert!(asks(Some(stranger)).is_err());
    let node = guarded.authority.sign(&["127.0.0.1"], "node");
    assert_eq!(asks(Some(node)).unwrap(), "node");
    // Certificates change, and who leads next is reached by the new ones.
    let certificate = |at: usize| -> Vec<u8> {
        let (own, key) = guarded.authority.sign(&["127.0.0.1"], "node");
        let address = &guarded.place.servers[at].peer;
        guarded.runtime.block_on(shown(address, &guarded.authority.pem(), (&own, &key)))
    };
    let before = certificate(leader);
    certify(&dir, &guarded.authority);
    for server in &guarded.place.servers {
        signal(server.child.as_ref().unwrap(), Signal::HUP);
    }
    until("another certificate", || (certificate(leader) != before).then_some(()));
    guarded.place.kill(leader);
    let next = guarded.leader();
    let follower = (0..3).find(|at| *at != leader && *at != next).unwrap();
    let answer = guarded.promise(follower, || with(&shop, order("after", 1.0))).unwrap();
    assert!(!answer.promises[0].promise_id.is_empty());
}

/// The certificate that a node shows to another one.
async fn shown(address: &str, ca: &str, (own, key): (&str, &str)) -> Vec<u8> {
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    use tokio_rustls::{
        TlsConnector,
        rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider},
    };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let own = vec![CertificateDer::from_pem_slice(own.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let config = ClientConfig::builder_with_provider(std::sync::Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(own, key)
        .unwrap();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let name = "127.0.0.1".try_into().unwrap();
    let stream = TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await;
    stream.unwrap().get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

/// Files that do not fit, and addresses that are open: told before anything begins.
#[test]
fn nodes_on_a_network_need_certificates_or_somebodys_word() {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::new("ours");
    certify(dir.path(), &authority);
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_string();
    let (data, certificate, key) = (path("data"), path("cert.pem"), path("key.pem"));
    let serve = |peer: &str, more: &[&str]| {
        let node = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--admin",
            "none",
            "--data",
            &data,
            "--cluster",
            "c",
            "--etcd",
            "http://127.0.0.1:1",
            "--node",
            "n1",
            "--peer",
            peer,
        ];
        let ended = promised(&[&node[..], more].concat());
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).to_string())
    };
    let (code, said) = serve("192.0.2.1:7001", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("unencrypted") && said.contains("--tls-client-ca"), "{said}");
    let tls = ["--tls-certificate", &certificate, "--tls-key", &key];
    let (code, said) = serve("127.0.0.1:1", &tls);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no authority is named"), "{said}");
}

#[test]
fn a_certificate_is_that_of_the_hosts_that_it_names() {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    let authority = Authority::new("ours");
    let check = |names: &[&str], host: &str, want: bool| {
        let (pem, _) = authority.sign(names, "n1");
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        assert_eq!(is_of_host(&certificate, host), want, "{names:?} {host}");
    };
    check(&["n1.plant", "n2.plant"], "n2.plant", true);
    check(&["n1.plant"], "N1.Plant", true);
    check(&["n1.plant"], "n3.plant", false);
    // The common name is a client's.
    check(&["orders.shop"], "n1", false);
    check(&["*.plant"], "n1.plant", true);
    check(&["*.plant"], "a.n1.plant", false);
    check(&["*.plant"], "plant", false);
    check(&["10.0.0.1", "::1"], "10.0.0.1", true);
    check(&["10.0.0.1", "::1"], "[::1]", true);
    check(&["10.0.0.1"], "10.0.0.2", false);
    assert!(!is_of_host(b"no certificate", "n1"));
}
