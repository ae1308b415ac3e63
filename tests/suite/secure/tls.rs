//! Item 1: TLS and mTLS on the one port; certificates and client authorities change without a restart and without a failed
//! call; connections that do not begin are bounded; the command line as a peer.

use super::place::{Authority, Place, text, who};
use promised::rpc::proto;
use rustix::process::Signal;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider},
};

const CERTIFIED: [&str; 4] = ["--tls-certificate", "cert.pem", "--tls-key", "key.pem"];

/// What both ends agree on if a client offers this, and the certificate that it is shown.
async fn agreed(address: &str, authority: &Authority, offered: &[&str]) -> (String, Vec<u8>) {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = offered.iter().map(|name| name.as_bytes().to_vec()).collect();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let name = "localhost".try_into().unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let session = stream.get_ref().1;
    let certificate = session.peer_certificates().unwrap()[0].to_vec();
    (String::from_utf8(session.alpn_protocol().unwrap_or_default().to_vec()).unwrap(), certificate)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_proves_who_it_is_and_speaks_both_versions() {
    let (authority, other) = (Authority::new("ours"), Authority::new("others"));
    let server = Place::encrypted(&authority);
    let server = server.serve(&CERTIFIED);
    let channel = server.connect(&[&authority], None).await.unwrap();
    assert_eq!(
        who(channel, None).await.unwrap(),
        "anonymous: read,promise,plan,plan-apply,load,admin"
    );
    assert!(server.connect(&[&other], None).await.is_err(), "another authority has not signed it");
    assert_eq!(agreed(&server.address, &authority, &["h2", "http/1.1"]).await.0, "h2");
    assert_eq!(agreed(&server.address, &authority, &["http/1.1"]).await.0, "http/1.1");
    // Who speaks plain text is not answered.
    let plain =
        tonic::transport::Channel::from_shared(format!("http://{}", server.address)).unwrap();
    let plain = plain.connect().await;
    assert!(plain.is_err() || who(plain.unwrap(), None).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_change_under_load_without_a_failed_call() {
    let (first, second) = (Arc::new(Authority::new("first")), Arc::new(Authority::new("second")));
    let place = Place::encrypted(&first);
    let server = Arc::new(place.serve(&CERTIFIED));
    let (ended, n_calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let old = server.connect(&[&first], None).await.unwrap();
    let load = {
        let (server, ended, n_calls) = (server.clone(), ended.clone(), n_calls.clone());
        let (first, second) = (first.clone(), second.clone());
        tokio::spawn(async move {
            while !ended.load(Ordering::Relaxed) {
                // A new connection each time, and the old one goes on.
                let new = server.connect(&[&first, &second], None).await.expect("it connects");
                who(new, None).await.expect("a new connection is answered");
                who(old.clone(), None).await.expect("the old connection is answered");
                n_calls.fetch_add(2, Ordering::Relaxed);
            }
        })
    };
    let before = agreed(&server.address, &first, &["h2"]).await.1;
    for round in 0..6 {
        // The load goes on before, while and after.
        let so_far = n_calls.load(Ordering::Relaxed);
        while n_calls.load(Ordering::Relaxed) == so_far {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let authority = if round % 2 == 0 { &second } else { &first };
        place.certify(authority);
        server.signal(Signal::HUP);
        // It counts as soon as it is read: whoever trusts the new one alone is answered.
        let mut tries = 0;
        while server.connect(&[authority], None).await.is_err() {
            tries += 1;
            assert!(tries < 500, "{}", place.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert_ne!(agreed(&server.address, &first, &["h2"]).await.1, before);
    ended.store(true, Ordering::Relaxed);
    load.await.expect("no call failed");
    assert!(12 <= n_calls.load(Ordering::Relaxed), "{n_calls:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_certificate_is_told_and_the_old_one_serves_on() {
    let authority = Authority::new("ours");
    let place = Place::encrypted(&authority);
    let server = place.serve(&CERTIFIED);
    for broken in
        ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        place.write("cert.pem", broken);
        server.signal(Signal::HUP);
        server.says("the certificates cannot be used; the old ones count on").await;
        let channel = server.connect(&[&authority], None).await.unwrap();
        assert!(who(channel, None).await.is_ok());
    }
    // One that does not fit the key is no better, and the next good one counts.
    place.write("cert.pem", &authority.sign(&["localhost"], "server").0);
    server.signal(Signal::HUP);
    server.says("does not fit").await;
    place.certify(&authority);
    server.signal(Signal::HUP);
    server.says("the certificates have changed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_known_by_the_name_in_its_certificate() {
    let (authority, clients, strangers) =
        (Authority::new("ours"), Authority::new("clients"), Authority::new("strangers"));
    let place = Place::encrypted(&authority);
    place.write("clients.pem", &clients.pem());
    place.write(
        "promised.toml",
        "[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\nclient_ca = \"clients.pem\"\nrequire_client = true\n\
         [access]\nanonymous = [\"read\"]\n[access.certificates]\n\"orders.shop\" = { roles = [\"promise\"] }\n",
    );
    let server = place.serve(&[]);
    let is = async |own: &(String, String)| {
        let channel = server.connect(&[&authority], Some(own)).await.unwrap();
        who(channel, None).await.map_err(|status| status.to_string())
    };
    assert_eq!(
        is(&clients.sign(&["orders.shop"], "x")).await.unwrap(),
        "orders.shop: read,promise"
    );
    assert_eq!(is(&clients.sign(&[], "orders.shop")).await.unwrap(), "orders.shop: read,promise");
    assert_eq!(is(&clients.sign(&["x.shop", "orders.shop"], "y")).await.unwrap(), "x.shop: read");
    // Without one, or with one of others, nobody gets in; in TLS 1.3 the first call says so.
    for own in [None, Some(strangers.sign(&["orders.shop"], "x"))] {
        let channel = server.connect(&[&authority], own.as_ref()).await;
        assert!(channel.is_err() || who(channel.unwrap(), None).await.is_err());
    }
    // Authorities of clients change as certificates do.
    place.write("clients.pem", &strangers.pem());
    server.signal(Signal::HUP);
    server.says("the certificates have changed").await;
    assert_eq!(
        is(&strangers.sign(&["orders.shop"], "x")).await.unwrap(),
        "orders.shop: read,promise"
    );
    assert!(is(&clients.sign(&["orders.shop"], "x")).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_does_not_begin_is_closed_in_time() {
    let authority = Authority::new("ours");
    let place = Place::encrypted(&authority);
    let server = place.serve(&[&CERTIFIED[..], &["--limits-handshake", "300ms"]].concat());
    let mut silent = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let mut slow = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    // The first bytes of a handshake, and nothing more.
    slow.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00]).await.unwrap();
    for stream in [&mut silent, &mut slow] {
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut [0; 16])).await;
        assert!(matches!(ended.expect("it is closed"), Ok(0) | Err(_)));
    }
    assert!(who(server.connect(&[&authority], None).await.unwrap(), None).await.is_ok());
}

#[test]
fn a_server_does_not_open_itself_to_other_machines_by_mistake() {
    let authority = Authority::new("ours");
    let place = Place::encrypted(&authority);
    place.write("ca.pem", &authority.pem());
    place.token("t", &["--role", "read"]);
    #[track_caller]
    fn check(place: &Place, more: &[&str], want: &str) {
        let output = place.command(&[&["--listen", "0.0.0.0:0"], more].concat()).output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(want) && told.contains("--insecure"), "{told}");
    }
    let nobody = "other machines could reach this address, and nobody is asked who calls";
    check(&place, &[], nobody);
    check(&place, &CERTIFIED, nobody);
    check(&place, &["--access-tokens", "tokens.toml"], "tokens could be overheard");
    // What is wrong with files is told too.
    let output =
        place.command(&["--tls-certificate", "ca.pem", "--tls-key", "key.pem"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("does not fit"), "{}", text(&output.stderr));
    let required = [&CERTIFIED[..], &["--tls-require-client"]].concat();
    let output = place.command(&required).output().unwrap();
    assert!(text(&output.stderr).contains("no authority is named"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_safe_or_wanted_starts_on_any_address() {
    let authority = Authority::new("ours");
    let place = Place::encrypted(&authority);
    place.write("ca.pem", &authority.pem());
    place.token("t", &["--role", "read"]);
    let any = ["--listen", "0.0.0.0:0"];
    let serve = |more: &[&str]| {
        let mut command = place.command(&[&any, more].concat());
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let out = child.stdout.as_mut().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(line.starts_with("serving "), "{more:?}");
    };
    serve(&["--insecure"]);
    serve(&[&CERTIFIED[..], &["--access-tokens", "tokens.toml"]].concat());
    serve(&[&CERTIFIED[..], &["--tls-client-ca", "ca.pem", "--tls-require-client"]].concat());
    serve(&["--access-tokens", "tokens.toml", "--insecure"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_is_a_peer_with_a_certificate_or_a_token() {
    let (authority, clients) = (Authority::new("ours"), Authority::new("clients"));
    let place = Place::encrypted(&authority);
    place.write("ca.pem", &authority.pem());
    place.write("clients.pem", &clients.pem());
    let (certificate, key) = clients.sign(&["shop"], "shop");
    place.write("shop.pem", &certificate);
    place.write("shop.key", &key);
    place.write("token", &place.token("reader", &["--role", "read"]));
    let desk = place.token("desk", &["--role", "promise"]);
    place.write(
        "promised.toml",
        "[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\nclient_ca = \"clients.pem\"\n[access]\n\
         tokens = \"tokens.toml\"\n[access.certificates]\nshop = { roles = [\"read\"] }\n",
    );
    let server = place.serve(&[]);
    let line = proto::OrderLine {
        order: "A-1".to_string(),
        item: "HL-U509".to_string(),
        quantity: 1.0,
        requested_date: "2014-04-10".to_string(),
        customer: "AW00000001".to_string(),
        ..proto::OrderLine::default()
    };
    let request = proto::PromiseRequest { lines: vec![line], ..Default::default() };
    let channel = server.connect(&[&authority], None).await.unwrap();
    let mut promises = proto::promise_service_client::PromiseServiceClient::new(channel);
    promises.promise(super::place::with(&desk, request)).await.unwrap();
    let (url, file) = (server.url(), |name: &str| place.path(name).display().to_string());
    let ask = |more: &[&str], variables: &[(&str, &str)]| {
        let all = [&["get", "A-1", "--server", &url, "--format", "json"], more].concat();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_promised"));
        command.args(all).env_remove("PROMISED_TOKEN").envs(variables.iter().copied());
        let output = command.output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    let (ca, token) = (file("ca.pem"), file("token"));
    assert_eq!(ask(&["--ca", &ca, "--token-file", &token], &[]).0, Some(0));
    let secret = std::fs::read_to_string(place.path("token")).unwrap();
    assert_eq!(ask(&[], &[("PROMISED_CA", &ca), ("PROMISED_TOKEN", &secret)]).0, Some(0));
    let shop = (file("shop.pem"), file("shop.key"));
    assert_eq!(ask(&["--ca", &ca, "--certificate", &shop.0, "--key", &shop.1], &[]).0, Some(0));
    let (code, told) = ask(&["--ca", &ca], &[]);
    assert_eq!(code, Some(1));
    assert!(told.contains("this server asks who calls"), "{told}");
    assert_eq!(
        ask(&["--token-file", &token], &[]).0,
        Some(1),
        "the system does not know its authority"
    );
    assert_eq!(ask(&["--ca", &ca, "--certificate", &shop.0], &[]).0, Some(2));
}
