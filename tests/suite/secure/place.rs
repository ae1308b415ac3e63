//! A place with certificates and tokens, and the real binary in it.

use promised::rpc::proto::{self, admin_service_client::AdminServiceClient};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;
use tonic::{
    Request, Status,
    transport::{Certificate, Channel, ClientTlsConfig, Identity},
};
use tonic_types::StatusExt;

/// Whoever signs certificates.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate and its key: of names, else of a common name.
    pub fn sign(&self, names: &[&str], common: &str) -> (String, String) {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, common);
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &*self.issuer).unwrap();
        (signed.pem(), key.serialize_pem())
    }
}

/// A directory with what a server needs.
pub struct Place(pub TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One with a certificate for localhost.
    pub fn encrypted(authority: &Authority) -> Self {
        let place = Self::new();
        place.certify(authority);
        place
    }

    /// Puts another certificate there, as a rotation does: each file in one step.
    pub fn certify(&self, authority: &Authority) {
        let (certificate, key) = authority.sign(&["localhost", "127.0.0.1"], "server");
        self.write("key.pem", &key);
        self.write("cert.pem", &certificate);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let new = self.path("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, self.path(name)).unwrap();
    }

    /// Makes a token by the command, and gives it.
    pub fn token(&self, name: &str, more: &[&str]) -> String {
        let file = self.path("tokens.toml");
        let arguments =
            [&["token", "new", "--name", name, "--tokens"], &[file.to_str().unwrap()][..], more];
        let output = promised(&arguments.concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_string()
    }

    pub fn command(&self, more: &[&str]) -> Command {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/allocation-demo");
        let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
        command
            .current_dir(self.0.path())
            .arg("serve")
            .arg(tables)
            .args(more)
            .env("RUST_LOG", "info");
        command
    }

    pub fn serve(&self, more: &[&str]) -> Server {
        let all = [&["--listen", "127.0.0.1:0"], more].concat();
        let mut command = self.command(&all);
        let log = std::fs::File::create(self.path("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
        let address = address.unwrap_or_else(|| panic!("{}", self.log())).to_string();
        Server { child, address, log: self.path("log") }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }
}

pub fn promised(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_promised")).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that ends with the test.
pub struct Server {
    child: Child,
    pub address: String,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Server {
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.rsplit(':').next().unwrap())
    }

    /// Waits until the log says something.
    pub async fn says(&self, words: &str) {
        for _ in 0..2_000 {
            if std::fs::read_to_string(&self.log).unwrap().contains(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("it never said {words:?}: {}", std::fs::read_to_string(&self.log).unwrap());
    }

    pub async fn plain(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    /// A new connection that trusts these authorities, with a certificate of its own perhaps.
    pub async fn connect(
        &self,
        trusted: &[&Authority],
        own: Option<&(String, String)>,
    ) -> Result<Channel, tonic::transport::Error> {
        let mut tls = ClientTlsConfig::new();
        for authority in trusted {
            tls = tls.ca_certificate(Certificate::from_pem(authority.pem()));
        }
        if let Some((certificate, key)) = own {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        Channel::from_shared(self.url()).unwrap().tls_config(tls).unwrap().connect().await
    }
}

/// A request with a token.
pub fn with<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// The name and the roles that a server knows a caller by.
pub async fn who(channel: Channel, token: Option<&str>) -> Result<String, Status> {
    let request = proto::WhoAmIRequest {};
    let request = token.map_or_else(|| Request::new(request), |token| with(token, request));
    let answer = AdminServiceClient::new(channel).who_am_i(request).await?.into_inner();
    Ok(format!("{}: {}", answer.name, answer.roles.join(",")))
}

/// The code and the reason of a status.
pub fn said(status: &Status) -> String {
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    format!("{:?} {reason}", status.code())
}
