//! How a server is made safe to expose: `--tls-*`, `--access-*`, `--insecure`, and the limits of each principal.

use super::{
    config::{ConfigFault, File},
    failure::Failure,
    keep,
};
use crate::rpc::secure::{
    access::{self, Access, Certificate, Setting},
    jwt::{self, Issuer},
    principal,
    roles::Role,
    tls::{self, Tls},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What the command line says about who may call.
#[derive(Debug, clap::Args)]
pub(super) struct Secured {
    /// The server's certificate, and those between it and its authority, as PEM; looked at again by itself
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Its key, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Authorities of client certificates, as PEM: their names count as principals
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_client_ca: Option<PathBuf>,
    /// Turns clients without a certificate away
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", action = clap::ArgAction::Set)]
    tls_require_client: bool,
    /// The file of tokens, as `promised token` makes it; looked at again by itself
    #[arg(long, value_name = "FILE")]
    access_tokens: Option<PathBuf>,
    /// What those may do who do not say who they are: read, promise, plan, plan-apply, load, admin
    #[arg(long, value_name = "ROLE,..", value_delimiter = ',')]
    access_anonymous: Vec<Role>,
    /// Where refusals and calls of administrators are noted; audit.ndjson in --data if not given
    #[arg(long, value_name = "FILE")]
    access_audit: Option<PathBuf>,
    /// Listens to other machines although it does not ask who calls, or what they say can be overheard
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", action = clap::ArgAction::Set)]
    insecure: bool,
    /// Calls in a second, of each principal
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limits_calls_a_second: Option<u32>,
    /// Calls under way at once, open streams among them, of each principal
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limits_calls_at_once: Option<u32>,
    /// Lines in a minute, of each principal
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limits_lines_a_minute: Option<u32>,
    /// Units that each principal may hold at once without confirming them
    #[arg(long, value_name = "N")]
    limits_held_quantity: Option<u64>,
    /// How long a hold lasts at most: 2h
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    limits_hold_for_at_most: Option<Duration>,
}

/// What stands between a server and strangers.
#[derive(Clone)]
pub(super) struct Security {
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) access: Arc<Access>,
    /// TLS between nodes, where there are others.
    pub(super) between_nodes: Option<Arc<Tls>>,
}

/// Looks at files again.
pub(super) type LookAgain = Box<dyn Fn() + Send>;

impl Secured {
    /// Whether it may speak to other machines as it is.
    pub(super) fn is_insecure(&self) -> bool {
        self.insecure
    }

    /// Reads the files, and refuses to be open to other machines unless that is wanted.
    pub(super) fn security(
        &self,
        (listen, data): (&[SocketAddr], Option<&Path>),
        (file, shown): (&File, Vec<Setting>),
    ) -> Result<Security, Failure> {
        let tls = self.tls()?;
        let AccessTables { certificates, issuers } =
            tables(file).map_err(|faults| misconfigured(&faults))?;
        let has_tokens = self.access_tokens.is_some() || !issuers.is_empty();
        let knows_callers = has_tokens || self.tls_require_client;
        let is_exposed = listen.iter().any(|address| !address.ip().is_loopback());
        if is_exposed && !self.insecure {
            self.check_exposed(knows_callers, has_tokens)?;
        }
        let asks = has_tokens || !self.access_anonymous.is_empty() || !certificates.is_empty();
        // Where nobody is asked there is nothing to note.
        let default = data.filter(|_| asks).map(|data| data.join("audit.ndjson"));
        let settings = access::AccessSettings {
            tokens: self.access_tokens.clone(),
            anonymous: self.access_anonymous.clone(),
            audit: self.access_audit.clone().or(default),
            issuers,
            certificates,
            limits: self.limits(),
            shown,
        };
        let access = Access::of(settings).map_err(|error| {
            Failure::misused(
                error,
                "make it with `promised token new --name NAME --role ROLE --tokens FILE`",
            )
        })?;
        Ok(Security { tls, access: Arc::new(access), between_nodes: None })
    }

    /// The limits of principals that have none of their own.
    fn limits(&self) -> principal::Quotas {
        principal::Quotas {
            calls_a_second: self.limits_calls_a_second,
            calls_at_once: self.limits_calls_at_once,
            lines_a_minute: self.limits_lines_a_minute,
            held_quantity: self.limits_held_quantity,
            hold_for_at_most: self.limits_hold_for_at_most,
        }
    }

    /// What of it can change while a server serves.
    pub(super) fn rules(&self, file: &File) -> Result<access::AccessRules, Vec<ConfigFault>> {
        let AccessTables { certificates, .. } = tables(file)?;
        let (anonymous, limits) = (self.access_anonymous.clone(), self.limits());
        Ok(access::AccessRules { anonymous, certificates, limits, shown: Vec::new() })
    }

    /// The file of tokens.
    pub(super) fn tokens(&self) -> Option<PathBuf> {
        self.access_tokens.clone()
    }

    fn check_exposed(&self, knows_callers: bool, has_tokens: bool) -> Result<(), Failure> {
        if !knows_callers {
            return Err(Failure::misused(
                "other machines could reach this address, and nobody is asked who calls",
                "--access-tokens FILE (made by `promised token new`) or --tls-require-client; or --insecure, which lets everybody do everything",
            ));
        }
        if has_tokens && self.tls_certificate.is_none() {
            return Err(Failure::misused(
                "tokens could be overheard: this address is not encrypted",
                "--tls-certificate FILE --tls-key FILE; or --insecure, where something before it encrypts",
            ));
        }
        Ok(())
    }

    /// The same files between the nodes of a cluster, each of which shows its certificate to the other; none where they
    /// speak in plain text.
    pub(super) fn between_nodes(&self) -> Result<Option<Arc<Tls>>, Failure> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else {
            return Ok(None);
        };
        let Some(client_ca) = &self.tls_client_ca else {
            if self.insecure {
                return Ok(None);
            }
            return Err(Failure::misused(
                "nodes know each other by their certificates, and no authority is named for these",
                "--tls-client-ca FILE; or --insecure, where nobody else is on the network of --peer",
            ));
        };
        let files = tls::Files {
            certificate: certificate.clone(),
            key: key.clone(),
            client_ca: Some(client_ca.clone()),
            require_client: true,
        };
        opened(files).map(Some)
    }

    fn tls(&self) -> Result<Option<Arc<Tls>>, Failure> {
        if self.tls_require_client && self.tls_client_ca.is_none() {
            return Err(Failure::misused(
                "a client certificate is required, and no authority is named for it",
                "--tls-client-ca FILE",
            ));
        }
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else {
            return Ok(None);
        };
        let files = tls::Files {
            certificate: certificate.clone(),
            key: key.clone(),
            client_ca: self.tls_client_ca.clone(),
            require_client: self.tls_require_client,
        };
        opened(files).map(Some)
    }
}

fn opened(files: tls::Files) -> Result<Arc<Tls>, Failure> {
    Tls::open(files)
        .map_err(|error| Failure::misused(error, "name files of PEM that fit each other"))
}

fn misconfigured(faults: &[ConfigFault]) -> Failure {
    let all = faults.iter().map(ConfigFault::to_string).collect::<Vec<_>>().join("\n");
    Failure::misused(all, "see `promised config check`")
}

/// What the file alone can say about who may call.
pub(super) struct AccessTables {
    certificates: Vec<(String, Certificate)>,
    issuers: Vec<Issuer>,
}

/// Reads it.
///
/// # Errors
/// What is wrong with it, with the line.
pub(super) fn tables(file: &File) -> Result<AccessTables, Vec<ConfigFault>> {
    let certificates = file.named("access", "certificates");
    let issuers = file.list::<Issuer>("access", "jwt");
    let (certificates, issuers) = match (certificates, issuers) {
        (Ok(certificates), Ok(issuers)) => (certificates, issuers),
        (certificates, issuers) => {
            let mut faults = certificates.err().unwrap_or_default();
            faults.extend(issuers.err().unwrap_or_default());
            return Err(faults);
        }
    };
    let mut faults = Vec::new();
    for (issuer, place) in &issuers {
        let mut addresses = issuer.jwks.iter().chain([&issuer.issuer]);
        if let Some(readable) = addresses.find(|address| !jwt::is_safe(address)) {
            let text = format!("{readable:?} is not encrypted (https), and not on this machine");
            faults.push(ConfigFault::at(place, text));
        }
    }
    let issuers = issuers.into_iter().map(|(issuer, _)| issuer).collect();
    if faults.is_empty() { Ok(AccessTables { certificates, issuers }) } else { Err(faults) }
}
