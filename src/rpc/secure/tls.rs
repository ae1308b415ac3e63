//! TLS: certificates, keys and client authorities, which change under running connections.
//!
//! What is read is checked before it counts; where it is broken, what was there before goes on. A connection keeps
//! what it began with.

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use ring::digest::{SHA256, digest};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, crypto::ring::default_provider, server::WebPkiClientVerifier,
    },
    server::TlsStream,
};
use tonic::transport::{Certificate, ClientTlsConfig, Identity};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// What both ends can agree on, the better one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The files that a server proves itself with, and knows its clients by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate and those between it and its authority, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM.
    pub key: PathBuf,
    /// Whoever signs the certificates of clients, as PEM.
    pub client_ca: Option<PathBuf>,
    /// Whether a client without a certificate is turned away.
    pub require_client: bool,
}

/// Why files cannot be used: the file, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct Unusable {
    path: PathBuf,
    why: String,
}

/// What a look at the files has found.
#[derive(Debug)]
pub enum Look {
    /// They are as they were.
    Same,
    /// They have changed, and count from now on.
    New,
    /// They have changed, and cannot be used: what was there before goes on.
    Broken(Unusable),
}

/// TLS of a server, as its files are now.
#[derive(Debug)]
pub struct Tls {
    files: Files,
    current: ArcSwap<Current>,
    /// Of the files that were last read, whether they could be used or not.
    seen: Mutex<Vec<u8>>,
    /// When the certificate ends, in seconds after 1970.
    expires: AtomicI64,
}

/// What files hold, and what it stands for.
struct Read {
    config: ServerConfig,
    expires: i64,
}

/// What counts now.
#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    bytes: Bytes,
    /// Rises each time that something else counts.
    generation: u64,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// They cannot be used.
    pub fn open(files: Files) -> Result<Arc<Self>, Unusable> {
        let bytes = bytes(&files)?;
        let Read { config, expires } = read(&files, &bytes)?;
        Ok(Arc::new(Self {
            files,
            seen: Mutex::new(sum(&bytes)),
            current: ArcSwap::from_pointee(Current {
                config: Arc::new(config),
                bytes,
                generation: 0,
            }),
            expires: AtomicI64::new(expires),
        }))
    }

    /// Looks at the files again; connections that begin from now on have what they hold.
    pub fn look(&self) -> Look {
        let mut seen = self.seen.lock();
        let bytes = match bytes(&self.files) {
            Ok(bytes) => bytes,
            Err(why) => {
                // One that cannot be read is told once.
                let told = std::mem::replace(&mut *seen, why.to_string().into_bytes());
                return if told == *seen { Look::Same } else { Look::Broken(why) };
            }
        };
        let sum = sum(&bytes);
        if sum == *seen {
            return Look::Same;
        }
        *seen = sum;
        match read(&self.files, &bytes) {
            Ok(Read { config, expires }) => {
                let generation = self.generation() + 1;
                self.current.store(Arc::new(Current {
                    config: Arc::new(config),
                    bytes,
                    generation,
                }));
                self.expires.store(expires, Ordering::Relaxed);
                Look::New
            }
            Err(why) => Look::Broken(why),
        }
    }

    /// When the certificate that counts ends, in seconds after 1970.
    pub fn expires(&self) -> i64 {
        self.expires.load(Ordering::Relaxed)
    }

    /// Agrees with a peer on what nobody else can read.
    ///
    /// # Errors
    /// The peer speaks no TLS, or has no certificate where it needs one.
    pub(in crate::rpc) async fn accept<T: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: T,
    ) -> io::Result<TlsStream<T>> {
        TlsAcceptor::from(Arc::clone(&self.current.load().config)).accept(stream).await
    }

    /// The same files where this server is the client of one that has the same authority: it shows its own certificate.
    pub(in crate::rpc) fn as_client(&self) -> ClientTlsConfig {
        let current = self.current.load();
        let [certificate, key, client_ca] = &current.bytes;
        ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(client_ca))
            .identity(Identity::from_pem(certificate, key))
    }

    /// Rises each time that something else counts.
    pub(in crate::rpc) fn generation(&self) -> u64 {
        self.current.load().generation
    }
}

/// The bytes of certificate, key and client authorities.
type Bytes = [Vec<u8>; 3];

fn bytes(files: &Files) -> Result<Bytes, Unusable> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| unusable(path, format!("cannot be read: {error}")))
    };
    let client_ca = files.client_ca.as_deref().map(read).transpose()?;
    Ok([read(&files.certificate)?, read(&files.key)?, client_ca.unwrap_or_default()])
}

fn sum(bytes: &Bytes) -> Vec<u8> {
    bytes.iter().flat_map(|bytes| digest(&SHA256, bytes).as_ref().to_vec()).collect()
}

fn unusable(path: &Path, why: impl ToString) -> Unusable {
    Unusable { path: path.to_path_buf(), why: why.to_string() }
}

fn read(files: &Files, [certificate, key, client_ca]: &Bytes) -> Result<Read, Unusable> {
    let chain = certificates(&files.certificate, certificate)?;
    let expires = end_of(&files.certificate, &chain[0])?;
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| unusable(&files.key, format!("has no private key as PEM: {error}")))?;
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("the provider has what these versions need");
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for authority in certificates(path, client_ca)? {
                roots.add(authority).map_err(|error| unusable(path, error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier =
                if files.require_client { verifier } else { verifier.allow_unauthenticated() };
            let verifier = verifier.build().map_err(|error| unusable(path, error))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| {
        unusable(&files.key, format!("does not fit {}: {error}", files.certificate.display()))
    })?;
    config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    Ok(Read { config, expires })
}

/// All certificates of a file: one at least.
fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    let all = all.map_err(|error| unusable(path, format!("is no PEM: {error}")))?;
    if all.is_empty() {
        return Err(unusable(path, "has no certificate as PEM"));
    }
    Ok(all)
}

fn end_of(path: &Path, certificate: &CertificateDer<'_>) -> Result<i64, Unusable> {
    let (_, read) = X509Certificate::from_der(certificate)
        .map_err(|error| unusable(path, format!("is no certificate: {error}")))?;
    Ok(read.validity().not_after.timestamp())
}
