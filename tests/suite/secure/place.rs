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
        self.command_of(&demo(), more)
    }

    fn command_of(&self, tables: &Path, more: &[&str]) -> Command {
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
        self.serve_in(more, &[])
    }

    /// The same with variables of the environment.
    pub fn serve_in(&self, more: &[&str], variables: &[(&str, &str)]) -> Server {
        self.serve_of(&demo(), more, variables)
    }

    /// The same of other tables.
    pub fn serve_of(&self, tables: &Path, more: &[&str], variables: &[(&str, &str)]) -> Server {
        let all = [&["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"], more].concat();
        let mut command = self.command_of(tables, &all);
        let log = std::fs::File::create(self.path("log")).unwrap();
        let command = command.envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut told = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let mut hear =
            || told.next().and_then(Result::ok).unwrap_or_else(|| panic!("{}", self.log()));
        let line = hear();
        let address = line.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
        let address = address.unwrap_or_else(|| panic!("{line}")).to_string();
        let operations = hear().trim_start_matches("operations on ").to_string();
        let mut server = Server { child, address, operations, log: self.path("log"), held: 0 };
        server.held = server.peak();
        server
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/allocation-demo")
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
    /// Where its metrics are.
    pub operations: String,
    log: PathBuf,
    /// Bytes that it held at its start.
    held: u64,
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended cannot be killed any more.
        drop(self.child.kill());
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

    /// The most bytes that it has held in memory.
    fn peak(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
    }

    /// By how many bytes it has grown, at most.
    pub fn grown(&self) -> u64 {
        self.peak() - self.held
    }

    /// How it ended, when it does.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// The sum of a metric over all its labels that have these words.
    pub fn counted(&self, name: &str, labels: &str) -> f64 {
        let mut stream = std::net::TcpStream::connect(&self.operations).unwrap();
        std::io::Write::write_all(&mut stream, b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
        let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(labels));
        lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
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
