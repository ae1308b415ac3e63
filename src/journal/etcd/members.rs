//! etcd's members: whoever does not answer is not asked first the next time, and where one takes its time with a question
//! the next one is asked beside it.

use super::wire;
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::uri::PathAndQuery;
use parking_lot::Mutex;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use tonic::{
    Request, Status,
    client::Grpc,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};
use tonic_prost::ProstCodec;

/// Bytes of an answer: some records.
const ANSWER_MAX: usize = 64 << 20;

/// A connection is there by then, or the next member is asked.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

/// An answer to a question is there by then.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// So long one member is waited for before the next one is asked the same beside it: what was asked of etcd while it had no
/// leader is not answered when it has one again, and what is asked then is.
const ASK_BESIDE: Duration = Duration::from_millis(250);

/// How often a question is asked.
const ASKS: usize = 4;

/// A change is answered by then, or it is asked for again.
const CHANGE_WITHIN: Duration = Duration::from_millis(500);

/// A connection that says nothing for so long is asked whether it lives.
const PING_EVERY: Duration = Duration::from_secs(1);

/// How etcd is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// The addresses of its members: `http://HOST:PORT` or `https://HOST:PORT`.
    pub urls: Vec<String>,
    /// Who vouches for its members; the system's authorities where none is given.
    pub ca: Option<PathBuf>,
    /// This node's own certificate and key, where etcd asks for one.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct EtcdMember {
    pub(super) url: String,
    pub(super) channel: Channel,
}

/// All of them.
#[derive(Debug)]
pub(super) struct EtcdMembers {
    access: Endpoints,
    all: ArcSwap<Vec<EtcdMember>>,
    first: AtomicUsize,
    /// What the files held that were read last, or why they could not be.
    seen: Mutex<Result<Files, String>>,
}

/// What the files of an access hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Files {
    ca: Option<Vec<u8>>,
    identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Endpoints {
    /// Reads the files that it names.
    ///
    /// # Errors
    /// Which one cannot be read.
    fn files(&self) -> Result<Files, String> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
        };
        let ca = self.ca.as_ref().map(read).transpose()?;
        let pair = |(certificate, key): &(PathBuf, PathBuf)| {
            Ok::<_, String>((read(certificate)?, read(key)?))
        };
        let identity = self.identity.as_ref().map(pair).transpose()?;
        Ok(Files { ca, identity })
    }

    /// Its members, over connections that are made when they are needed.
    fn members(&self, files: &Files) -> Result<Vec<EtcdMember>, String> {
        self.urls.iter().map(|url| member(url, files)).collect()
    }
}

impl Files {
    fn tls(&self) -> ClientTlsConfig {
        let mut tls = ClientTlsConfig::new();
        tls = match &self.ca {
            Some(ca) => tls.ca_certificate(Certificate::from_pem(ca)),
            None => tls.with_native_roots(),
        };
        match &self.identity {
            Some((certificate, key)) => tls.identity(Identity::from_pem(certificate, key)),
            None => tls,
        }
    }
}

impl EtcdMembers {
    /// Those of some addresses; connections are made when they are needed. Within a runtime.
    ///
    /// # Errors
    /// An address is none, or a file cannot be read.
    pub(super) fn new(access: &Endpoints) -> Result<Self, String> {
        if access.urls.is_empty() {
            return Err("no address of etcd is given".to_string());
        }
        let files = access.files()?;
        let all = ArcSwap::from_pointee(access.members(&files)?);
        let (access, first, seen) = (access.clone(), AtomicUsize::new(0), Mutex::new(Ok(files)));
        Ok(Self { access, all, first, seen })
    }

    /// Looks at the files again: calls that begin from now on go over connections that have what they hold. Says whether
    /// that is something new. Within a runtime.
    ///
    /// # Errors
    /// They cannot be used, told once; the old ones count on.
    pub(super) fn look(&self) -> Result<bool, String> {
        let mut seen = self.seen.lock();
        let files = self.access.files();
        if files == *seen {
            return Ok(false);
        }
        (*seen).clone_from(&files);
        self.all.store(Arc::new(self.access.members(&files?)?));
        Ok(true)
    }

    pub(super) fn all(&self) -> Arc<Vec<EtcdMember>> {
        self.all.load_full()
    }

    fn at(&self) -> usize {
        self.first.load(Ordering::Relaxed) % self.access.urls.len()
    }

    /// The one that is asked first.
    pub(super) fn first(&self) -> EtcdMember {
        self.all.load()[self.at()].clone()
    }

    /// Asks the first member for a change, once. Where it does not answer the next one is asked first from now on.
    pub(super) async fn ask<Q, A>(&self, path: &'static str, change: Q) -> Result<A, Status>
    where
        Q: prost::Message + 'static,
        A: prost::Message + Default + 'static,
    {
        let at = self.at();
        let asked = self.all()[at].ask(path, change, CHANGE_WITHIN).await;
        if asked.as_ref().is_err_and(is_of_member) {
            self.first.store(at + 1, Ordering::Relaxed);
        }
        asked
    }

    /// Asks one member after the other until one answers, and the next one beside it where one takes its time. What is
    /// asked for may be done more than once.
    pub(super) async fn ask_any<Q, A>(&self, path: &'static str, question: Q) -> Result<A, Status>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let asked = self.ask_beside(path, question);
        let answered = tokio::time::timeout(ANSWER_WITHIN, asked).await;
        answered.unwrap_or_else(|_| Err(unanswered()))
    }

    async fn ask_beside<Q, A>(&self, path: &'static str, question: Q) -> Result<A, Status>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let (all, first) = (self.all(), self.at());
        let (mut asked, mut last) = (JoinSet::new(), unanswered());
        for n in 0.. {
            if n < ASKS {
                let (at, question) = ((first + n) % all.len(), question.clone());
                let member = all[at].clone();
                asked.spawn(async move { (at, member.ask(path, question, ANSWER_WITHIN).await) });
            }
            let next = asked.join_next();
            let next = match n + 1 {
                ..ASKS => tokio::time::timeout(ASK_BESIDE, next).await,
                ASKS.. => Ok(next.await),
            };
            match next {
                // It is time to ask the next one.
                Err(_) => (),
                Ok(None) => break,
                Ok(Some(Err(panicked))) => last = Status::internal(panicked.to_string()),
                Ok(Some(Ok((_, Err(status))))) if is_of_member(&status) => last = status,
                Ok(Some(Ok((at, answer)))) => {
                    self.first.store(at, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(last)
    }
}

fn unanswered() -> Status {
    Status::deadline_exceeded("it did not answer")
}

/// Whether another member may do better.
fn is_of_member(status: &Status) -> bool {
    !matches!(status.code(), tonic::Code::InvalidArgument | tonic::Code::OutOfRange)
}

fn member(url: &str, files: &Files) -> Result<EtcdMember, String> {
    let endpoint = Endpoint::from_shared(Bytes::copy_from_slice(url.as_bytes()))
        .map_err(|error| format!("{url} is no address of etcd: {error}"))?;
    let mut endpoint = endpoint
        .connect_timeout(CONNECT_WITHIN)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_EVERY)
        .tcp_nodelay(true);
    if url.starts_with("https://") {
        let tls = endpoint.tls_config(files.tls());
        endpoint = tls.map_err(|error| format!("cannot encrypt for {url}: {error}"))?;
    }
    Ok(EtcdMember { url: url.to_string(), channel: endpoint.connect_lazy() })
}

impl EtcdMember {
    /// Asks this one.
    pub(super) async fn ask<Q, A>(
        &self,
        path: &'static str,
        question: Q,
        within: Duration,
    ) -> Result<A, Status>
    where
        Q: prost::Message + 'static,
        A: prost::Message + Default + 'static,
    {
        let asked = async {
            let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(ANSWER_MAX);
            grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
            let codec = ProstCodec::<Q, A>::default();
            let path = PathAndQuery::from_static(path);
            grpc.unary(Request::new(question), path, codec).await.map(tonic::Response::into_inner)
        };
        let answered = tokio::time::timeout(within, asked).await;
        answered.unwrap_or_else(|_| Err(unanswered()))
    }

    /// Watches a key, and tells each time that something may have changed, until the stream ends.
    pub(super) async fn watch(&self, key: Vec<u8>, tell: &(dyn Fn() + Sync)) -> Result<(), Status> {
        let mut grpc = Grpc::new(self.channel.clone());
        grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let create = Some(wire::WatchCreateRequest { key });
        // The stream of questions stays open: its end is that of the watch.
        let one = tokio_stream::once(wire::WatchRequest { create });
        let questions = tokio_stream::StreamExt::chain(one, tokio_stream::pending());
        let mut request = Request::new(questions);
        let required = tonic::metadata::MetadataValue::from_static("true");
        request.metadata_mut().insert("hasleader", required);
        let codec = ProstCodec::<wire::WatchRequest, wire::WatchResponse>::default();
        let path = PathAndQuery::from_static("/etcdserverpb.Watch/Watch");
        let mut answers = grpc.streaming(request, path, codec).await?.into_inner();
        while let Some(answer) = answers.message().await? {
            tell();
            if answer.canceled {
                break;
            }
        }
        Ok(())
    }
}
