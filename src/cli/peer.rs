//! How commands reach a server: encrypted or not, as whom, and by which certificate.

use super::failure::Failure;
use crate::rpc::cluster::whole;
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};

/// What every command that asks a server may be given.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct PeerArgs {
    /// Whoever signs the server's certificate, as PEM; the system's authorities if not given
    #[arg(
        long,
        value_name = "FILE",
        env = "PROMISED_CA",
        global = true,
        help_heading = "A server"
    )]
    ca: Option<PathBuf>,
    /// The certificate to show to a server, as PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "PROMISED_CERTIFICATE",
        global = true,
        help_heading = "A server"
    )]
    certificate: Option<PathBuf>,
    /// Its key, as PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "PROMISED_KEY",
        global = true,
        help_heading = "A server"
    )]
    key: Option<PathBuf>,
    /// The file of the token to call with; PROMISED_TOKEN if not given
    #[arg(
        long,
        value_name = "FILE",
        env = "PROMISED_TOKEN_FILE",
        global = true,
        help_heading = "A server"
    )]
    token_file: Option<PathBuf>,
}

/// Of this process: a command line is read once.
static PEER: OnceLock<PeerArgs> = OnceLock::new();

/// The server that `--server` names; where it stands without a value the one of PROMISED_SERVER, or the usual one here.
pub(super) fn named(given: &str) -> String {
    if !given.is_empty() {
        return given.to_string();
    }
    let named = std::env::var("PROMISED_SERVER").ok().filter(|server| !server.is_empty());
    named.unwrap_or_else(|| super::ask::SERVER.to_string())
}

/// Keeps what the command line says for all connections that follow.
pub(super) fn keep(peer: PeerArgs) {
    // There is one command line.
    let _first = PEER.set(peer);
}

/// A connection that says who we are.
pub(super) type Connection = InterceptedService<Channel, Bearer>;

/// Says who we are.
#[derive(Clone, Debug, Default)]
pub(super) struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    }
}

impl Bearer {
    /// Of the file or the variable that has the token; nobody in particular where there is none.
    ///
    /// # Errors
    /// The file cannot be read, or has no token.
    pub(super) fn of_command_line() -> Result<Self, Failure> {
        let file = PEER.get().and_then(|peer| peer.token_file.as_deref());
        let (token, place) = match file {
            Some(path) => (Some(read(path)?), path.display().to_string()),
            None => (std::env::var("PROMISED_TOKEN").ok(), "PROMISED_TOKEN".to_string()),
        };
        let Some(token) = token.map(|token| token.trim().to_string()).filter(|it| !it.is_empty())
        else {
            return Ok(Self::default());
        };
        let mut value: MetadataValue<Ascii> = format!("Bearer {token}").parse().map_err(|_| {
            Failure::new(
                format!("{place} holds no token"),
                "name a file that `promised token new` has printed",
            )
        })?;
        value.set_sensitive(true);
        Ok(Self(Some(value)))
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            format!("cannot read {}: {error}", path.display()),
            "name a file that can be read",
        )
    })
}

/// Where a server is, and how what is said to it is encrypted.
///
/// # Errors
/// It is no address, or a file cannot be used.
pub(super) fn endpoint(server: &str) -> Result<Endpoint, Failure> {
    let endpoint = Endpoint::from_shared(server.to_string());
    let endpoint = endpoint.map_err(|error| unreachable(server, &error))?;
    if !server.starts_with("https://") {
        return Ok(endpoint);
    }
    let peer = PEER.get().cloned().unwrap_or_default();
    let tls = ClientTlsConfig::new();
    let tls = match &peer.ca {
        Some(ca) => tls.ca_certificate(Certificate::from_pem(read(ca)?)),
        None => tls.with_native_roots(),
    };
    let tls = match (&peer.certificate, &peer.key) {
        (Some(certificate), Some(key)) => {
            tls.identity(Identity::from_pem(read(certificate)?, read(key)?))
        }
        (None, None) => tls,
        (Some(_), None) | (None, Some(_)) => {
            return Err(Failure::misused(
                "a certificate goes with its key",
                "--certificate FILE --key FILE",
            ));
        }
    };
    endpoint.tls_config(tls).map_err(|error| {
        Failure::new(
            format!("cannot encrypt: {}", whole(&error)),
            "--ca, --certificate and --key name files of PEM",
        )
    })
}

/// Connects.
///
/// # Errors
/// The server is not there, or is not who it says.
pub(super) async fn connect(server: &str) -> Result<Connection, Failure> {
    let server = named(server);
    let (endpoint, bearer) = (endpoint(&server)?, Bearer::of_command_line()?);
    let channel = endpoint.connect().await.map_err(|error| unreachable(&server, &whole(&error)))?;
    Ok(InterceptedService::new(channel, bearer))
}

/// A failure to connect.
pub(super) fn unreachable(server: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        format!("cannot reach {server}: {error}"),
        "start it with `promised serve`, or name it with --server http://HOST:PORT",
    )
}
