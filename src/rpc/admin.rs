//! AdminService: who the caller is, who else there is, what was refused, and how the server is.

use super::{
    cluster::Cluster,
    decode, guard, paging, proto,
    secure::{
        access::Access,
        audit,
        caller::{self, Caller},
        principal::{Principal, Quotas},
        roles::Role,
        tokens::{self, Token},
    },
    status::Failure,
};
use crate::engine::{
    Engine,
    backup::{self, Sink},
    refresh::Refresher,
};
use jiff::Timestamp;
use proto::admin_service_server::AdminService;
use std::{path::PathBuf, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Code, Request, Response, Status};

/// Lines of the audit on a page, if nobody says how many, and at most.
const PAGE: (usize, usize) = (100, 1_000);

/// Answers about the server itself.
#[derive(Clone)]
pub(super) struct Admins {
    engine: Engine,
    refresher: Arc<Refresher>,
    access: Arc<Access>,
    /// Where the journal is kept.
    data: Option<PathBuf>,
    address: String,
    cluster: Option<Arc<Cluster>>,
}

impl Admins {
    pub(super) fn new(
        refresher: Arc<Refresher>,
        access: Arc<Access>,
        (data, address, cluster): (Option<PathBuf>, String, Option<Arc<Cluster>>),
    ) -> Self {
        let engine = refresher.engine().clone();
        Self { engine, refresher, access, data, address, cluster }
    }

    /// Tokens can be changed where there is a file of them.
    fn file(&self) -> Result<PathBuf, Failure> {
        let file = self.access.tokens_file().map(std::path::Path::to_path_buf);
        file.ok_or_else(|| {
            let text = "this server has no file of tokens; start it with --access-tokens FILE";
            Failure::new(Code::FailedPrecondition, "NO_TOKENS", text)
        })
    }

    fn status(&self) -> proto::ClusterStatusResponse {
        let world = self.engine.pin();
        let disk = self.data.as_deref().and_then(|data| rustix::fs::statvfs(data).ok());
        let node = proto::cluster_status_response::Node {
            node: "n1".to_string(),
            address: self.address.clone(),
            peer: String::new(),
            role: "single".to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            position: world.position,
            lag_seconds: 0.0,
            disk_free_bytes: disk
                .as_ref()
                .map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
            disk_bytes: disk.as_ref().map_or(0, |disk| disk.f_blocks.saturating_mul(disk.f_frsize)),
            duties: Vec::new(),
        };
        proto::ClusterStatusResponse {
            cluster: String::new(),
            leader: node.node.clone(),
            epoch: 0,
            position: world.position,
            nodes: vec![node],
            last_gap_seconds: None,
            etcd: Vec::new(),
        }
    }
}

fn failed(error: tokens::Error) -> Failure {
    let (code, reason) = match &error {
        tokens::Error::Io { .. } | tokens::Error::Faulty { .. } => {
            (Code::FailedPrecondition, "TOKENS_UNUSABLE")
        }
        tokens::Error::Taken(_) => (Code::AlreadyExists, "TOKEN_EXISTS"),
        tokens::Error::Unknown(_) => (Code::NotFound, "TOKEN_UNKNOWN"),
        tokens::Error::Unnamed => return Failure::invalid_field("name", error.to_string()),
    };
    Failure::new(code, reason, error.to_string())
}

fn who_am_i(caller: Option<&Caller>) -> proto::WhoAmIResponse {
    let open = Principal::open(None);
    let principal = caller.map_or(&open, |caller| &caller.principal);
    let limits = caller.map_or_else(Quotas::default, |it| it.access.limits(&it.principal));
    let list = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect();
    let roles = Role::ALL.into_iter().filter(|role| principal.roles.has(*role));
    proto::WhoAmIResponse {
        name: principal.name.to_string(),
        roles: roles.map(|role| role.word().to_string()).collect(),
        classes: list(&principal.bounds.classes),
        customers: list(&principal.bounds.customers),
        locations: list(&principal.bounds.locations),
        sources: list(&principal.bounds.sources),
        economics: principal.sees_economics(),
        open: principal.is_open,
        calls_a_second: limits.calls_a_second,
        calls_at_once: limits.calls_at_once,
        lines_a_minute: limits.lines_a_minute,
        held_quantity: limits.held_quantity,
        hold_for_at_most_seconds: limits.hold_for_at_most.map(|time| time.as_secs()),
    }
}

fn told(token: Token) -> proto::Token {
    proto::Token {
        name: token.name,
        roles: token.roles.iter().map(|role| role.word().to_string()).collect(),
        classes: token.classes,
        customers: token.customers,
        locations: token.locations,
        sources: token.sources,
        economics: token.economics,
        expires: token
            .expires
            .map(|at| prost_types::Timestamp { seconds: at.as_second(), nanos: 0 }),
        calls_a_second: token.calls_a_second,
        calls_at_once: token.calls_at_once,
        lines_a_minute: token.lines_a_minute,
        held_quantity: token.held_quantity,
        hold_for_at_most_seconds: token.hold_for_at_most.map(|time| Duration::from(time).as_secs()),
    }
}

fn read(message: proto::CreateTokenRequest) -> Result<Token, Failure> {
    let roles: Result<Vec<Role>, String> = message.roles.iter().map(|word| word.parse()).collect();
    let roles = roles.map_err(|why| Failure::invalid_field("roles", why))?;
    if roles.is_empty() {
        return Err(Failure::invalid_field("roles", "name one at least"));
    }
    let instant = |at: prost_types::Timestamp| {
        let at = Timestamp::new(at.seconds, at.nanos);
        at.map_err(|_| Failure::invalid_field("expires", "is no point in time"))
    };
    Ok(Token {
        name: message.name,
        sha256: String::new(),
        roles,
        classes: message.classes,
        customers: message.customers,
        locations: message.locations,
        sources: message.sources,
        economics: message.economics,
        expires: message.expires.map(instant).transpose()?,
        calls_a_second: message.calls_a_second,
        calls_at_once: message.calls_at_once,
        lines_a_minute: message.lines_a_minute,
        held_quantity: message.held_quantity,
        hold_for_at_most: message.hold_for_at_most_seconds.map(|n| Duration::from_secs(n).into()),
    })
}

/// Parts of a backup that wait for the caller to take them.
const PARTS_WAITING: usize = 4;

/// Hands a backup to a caller, as fast as he takes it.
struct Handed {
    parts: mpsc::Sender<Result<proto::BackupPart, Status>>,
    offset: u64,
}

impl Sink for Handed {
    fn put(&mut self, file: &str, bytes: &[u8], last: bool) -> Result<(), backup::Error> {
        let part = proto::BackupPart {
            file: file.to_string(),
            offset: self.offset,
            data: bytes.to_vec(),
            crc32c: crc32c::crc32c(bytes),
            last,
        };
        self.offset = if last { 0 } else { self.offset + bytes.len() as u64 };
        self.parts.blocking_send(Ok(part)).map_err(|_| backup::Error::Gone)
    }
}

fn unsaved(error: &backup::Error) -> Failure {
    let (code, reason) = match error {
        backup::Error::NoJournal => (Code::FailedPrecondition, "NO_JOURNAL"),
        backup::Error::Gone => (Code::Cancelled, "GONE"),
        backup::Error::Journal(_)
        | backup::Error::Io { .. }
        | backup::Error::NotWhole { .. }
        | backup::Error::NotEmpty(_)
        | backup::Error::NotKept { .. } => (Code::Unavailable, "BACKUP_FAILED"),
    };
    Failure::new(code, reason, error.to_string())
}

#[tonic::async_trait]
impl AdminService for Admins {
    type BackupStream = Pin<Box<dyn Stream<Item = Result<proto::BackupPart, Status>> + Send>>;

    async fn backup(
        &self,
        request: Request<proto::BackupRequest>,
    ) -> Result<Response<Self::BackupStream>, Status> {
        let snapshot_id = request.into_inner().snapshot_id;
        if self.data.is_none() {
            return Err(unsaved(&backup::Error::NoJournal).into());
        }
        let (parts, taken) = mpsc::channel(PARTS_WAITING);
        let (engine, refresher) = (self.engine.clone(), Arc::clone(&self.refresher));
        // It ends by itself when its caller goes.
        drop(tokio::task::spawn_blocking(move || {
            let mut sink = Handed { parts: parts.clone(), offset: 0 };
            let made = if snapshot_id.is_empty() {
                backup::backup(&engine, refresher.store(), &mut sink).map(|_| ())
            } else {
                backup::snapshot(refresher.store(), &snapshot_id, &mut sink)
            };
            if let Err(error) = made {
                tracing::warn!(%error, "a backup was not made");
                // Whoever has gone does not hear it.
                drop(parts.blocking_send(Err(unsaved(&error).into())));
            }
        }));
        let taken: Self::BackupStream = Box::pin(ReceiverStream::new(taken));
        Ok(Response::new(taken))
    }

    async fn who_am_i(
        &self,
        _: Request<proto::WhoAmIRequest>,
    ) -> Result<Response<proto::WhoAmIResponse>, Status> {
        guard::call("WhoAmI", async { Ok(who_am_i(caller::current().as_deref())) }).await
    }

    async fn get_config(
        &self,
        _: Request<proto::GetConfigRequest>,
    ) -> Result<Response<proto::GetConfigResponse>, Status> {
        let setting = |(key, value, from)| proto::get_config_response::Setting { key, value, from };
        let settings = self.access.shown().into_iter().map(setting).collect();
        guard::call("GetConfig", async { Ok(proto::GetConfigResponse { settings }) }).await
    }

    async fn list_tokens(
        &self,
        _: Request<proto::ListTokensRequest>,
    ) -> Result<Response<proto::ListTokensResponse>, Status> {
        guard::call("ListTokens", async {
            let file = self.file()?;
            let tokens = guard::elsewhere(move || tokens::list(&file)).await.map_err(failed)?;
            Ok(proto::ListTokensResponse { tokens: tokens.into_iter().map(told).collect() })
        })
        .await
    }

    async fn create_token(
        &self,
        request: Request<proto::CreateTokenRequest>,
    ) -> Result<Response<proto::CreateTokenResponse>, Status> {
        guard::call("CreateToken", async {
            let (file, token) = (self.file()?, read(request.into_inner())?);
            let token = guard::elsewhere(move || tokens::create(&file, token)).await;
            let token = token.map_err(failed)?;
            self.access.look();
            Ok(proto::CreateTokenResponse { token })
        })
        .await
    }

    async fn revoke_token(
        &self,
        request: Request<proto::RevokeTokenRequest>,
    ) -> Result<Response<proto::RevokeTokenResponse>, Status> {
        guard::call("RevokeToken", async {
            let (file, name) = (self.file()?, request.into_inner().name);
            guard::elsewhere(move || tokens::revoke(&file, &name)).await.map_err(failed)?;
            self.access.look();
            Ok(proto::RevokeTokenResponse {})
        })
        .await
    }

    async fn list_audit(
        &self,
        request: Request<proto::ListAuditRequest>,
    ) -> Result<Response<proto::ListAuditResponse>, Status> {
        guard::call("ListAudit", async {
            let message = request.into_inner();
            let of = paging::digest(&proto::ListAuditRequest {
                principal: message.principal.clone(),
                ..proto::ListAuditRequest::default()
            });
            // So many are older than the last one told: newer ones may come meanwhile.
            let oldest: Option<usize> =
                decode::collect(|reader| paging::read(reader, (&message.page_token, &of)))?;
            let n = match message.page_size as usize {
                0 => PAGE.0,
                n => n.min(PAGE.1),
            };
            let access = Arc::clone(&self.access);
            let list = move || access.audit().list(&message.principal, (oldest, n));
            let listed = guard::elsewhere(list).await.map_err(|error| {
                Failure::new(Code::FailedPrecondition, "AUDIT_UNREADABLE", error.to_string())
            })?;
            let record = |record: audit::AuditLine| proto::list_audit_response::Record {
                at: record.at,
                principal: record.principal,
                method: record.method,
                code: record.code,
                reason: record.reason,
                peer: record.peer,
            };
            let next = (0 < listed.1).then(|| paging::token(of, listed.1));
            let records = listed.0.into_iter().map(record).collect();
            let next_page_token = next.unwrap_or_default();
            Ok(proto::ListAuditResponse { records, next_page_token })
        })
        .await
    }

    async fn cluster_status(
        &self,
        _: Request<proto::ClusterStatusRequest>,
    ) -> Result<Response<proto::ClusterStatusResponse>, Status> {
        guard::call("ClusterStatus", async {
            let Some(cluster) = self.cluster.clone() else {
                return Ok(self.status());
            };
            Ok(guard::elsewhere(move || cluster.status()).await)
        })
        .await
    }
}
