//! Requests of changes on their way to a server, or to the engine of this process: each under an id of its own.

use super::super::{failure::Failure, peer::Connection, push, remote};
use super::Halt;
use crate::{
    change::Change,
    engine::Engine,
    rpc::{
        self,
        proto::{self, snapshot_service_client::SnapshotServiceClient},
    },
};
use jiff::Timestamp;
use std::{collections::BTreeMap, time::Duration};
use tokio::runtime::{Handle, Runtime};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Tries of one request while the server is away or busy, and the longest pause between two.
const TRIES: u32 = 12;
const PAUSE_MAX: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Sending<'a> {
    pub(super) request_id: String,
    pub(super) changes: Vec<&'a Change>,
    pub(super) known_at: Option<Timestamp>,
    /// Up to where it is, and after what.
    pub(super) position: Option<(String, String)>,
}

/// Why a request was not done.
pub(super) enum NotDone {
    /// Changes that cannot be made, by their positions among those sent, each with why.
    Faulty(BTreeMap<usize, String>),
    /// The source was read to another position since.
    Moved,
    /// Anything else.
    Halted(Halt),
}

/// Who takes changes.
enum To {
    /// A server: it is asked until it answers.
    Server { runtime: Runtime, client: SnapshotServiceClient<Connection> },
    /// The engine of this process: it is asked once, since whoever feeds it waits and begins anew.
    Here { runtime: Handle, engine: Engine },
}

/// Sends changes of a source.
pub(super) struct Sender {
    to: To,
    source: String,
}

impl Sender {
    /// Connects to a server.
    pub(super) fn connect(server: &str, source: &str) -> Result<Self, Failure> {
        let runtime = remote::runtime()?;
        let client = runtime.block_on(push::connect(server))?;
        Ok(Self { to: To::Server { runtime, client }, source: source.to_string() })
    }

    /// Sends to an engine of this process.
    pub(super) fn here(engine: &Engine, runtime: &Handle, source: &str) -> Self {
        let to = To::Here { runtime: runtime.clone(), engine: engine.clone() };
        Self { to, source: source.to_string() }
    }

    /// How far the source was read, stream by stream.
    pub(super) fn positions(&self) -> Result<Vec<String>, Halt> {
        match &self.to {
            To::Here { engine, .. } => {
                let world = engine.pin();
                let mut sources = world.positions().all();
                let found = sources.find(|(source, _)| ***source == *self.source);
                let positions = found.map(|(_, positions)| positions).unwrap_or_default();
                Ok(positions.iter().map(ToString::to_string).collect())
            }
            To::Server { runtime, client } => {
                let status = asked(runtime, client, |mut client| async move {
                    client.get_status(proto::GetStatusRequest {}).await
                });
                let status = status.map_err(|status| Halt::Failed(refused(&status)))?;
                let mut sources = status.sources.into_iter();
                let found = sources.find(|source| source.source == self.source);
                Ok(found.map(|source| source.positions).unwrap_or_default())
            }
        }
    }

    /// Sends a request.
    pub(super) fn send(
        &self,
        sending: &Sending<'_>,
    ) -> Result<proto::ApplyChangesResponse, NotDone> {
        let (position, after) = sending.position.clone().unzip();
        let change = |change: &&Change| proto::Change {
            change: change.kind().word().to_string(),
            cells: change.cells().map(|(name, text)| (name.to_string(), text)).collect(),
        };
        let request = proto::ApplyChangesRequest {
            request_id: sending.request_id.clone(),
            changes: sending.changes.iter().map(change).collect(),
            source: self.source.clone(),
            known_at: sending.known_at.map(|at| prost_types::Timestamp {
                seconds: at.as_second(),
                nanos: at.subsec_nanosecond(),
            }),
            validate_only: false,
            position: position.unwrap_or_default(),
            after,
        };
        match &self.to {
            To::Here { runtime, engine } => {
                let answer = runtime.block_on(rpc::change(engine, request));
                answer.map_err(|status| match is_passing(&status) {
                    true => NotDone::Halted(Halt::Away(status.message().to_string())),
                    false => of_status(&status),
                })
            }
            To::Server { runtime, client } => {
                let answer = asked(runtime, client, |mut client| {
                    let request = request.clone();
                    async move { client.apply_changes(request).await }
                });
                answer.map_err(|status| of_status(&status))
            }
        }
    }
}

/// Asks again while the server is away or busy: what has an id is done once however often it is asked for.
fn asked<T, F>(
    runtime: &Runtime,
    client: &SnapshotServiceClient<Connection>,
    ask: impl Fn(SnapshotServiceClient<Connection>) -> F,
) -> Result<T, Status>
where
    F: Future<Output = Result<tonic::Response<T>, Status>>,
{
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match remote::wait_for(runtime, ask(client.clone())) {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) if is_passing(&status) => {}
            Err(status) => return Err(status),
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSE_MAX);
    }
    Ok(remote::wait_for(runtime, ask(client.clone()))?.into_inner())
}

/// Whether it may be another answer in a while.
fn is_passing(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::ResourceExhausted)
}

fn of_status(status: &Status) -> NotDone {
    let details = status.get_error_details();
    if details.error_info().is_some_and(|info| info.reason == "POSITION_MOVED") {
        return NotDone::Moved;
    }
    let mut faults: BTreeMap<usize, String> = BTreeMap::new();
    for violation in details.bad_request().into_iter().flat_map(|bad| &bad.field_violations) {
        let Some((at, field)) = of_change(&violation.field) else {
            return NotDone::Halted(Halt::Failed(refused(status)));
        };
        let told = faults.entry(at).or_default();
        let separator = if told.is_empty() { "" } else { "; " };
        told.push_str(&format!("{separator}{field}: {}", violation.description));
    }
    if faults.is_empty() && is_of_changes(status) {
        // The ledger forbids what they come to, and says so of all of them.
        faults.insert(0, status.message().to_string());
    }
    match faults.is_empty() {
        true => NotDone::Halted(Halt::Failed(refused(status))),
        false => NotDone::Faulty(faults),
    }
}

/// Whether a refusal without a field speaks of what was sent, and not of who sent it or of the server.
fn is_of_changes(status: &Status) -> bool {
    matches!(status.code(), Code::FailedPrecondition | Code::OutOfRange | Code::NotFound)
}

/// The change and the column of a path such as `changes[3].cells[supply]`.
pub(in super::super) fn of_change(path: &str) -> Option<(usize, &str)> {
    let (at, field) = path.strip_prefix("changes[")?.split_once(']')?;
    let column = field.strip_prefix(".cells[").and_then(|rest| rest.strip_suffix(']'));
    Some((at.parse().ok()?, column.unwrap_or(field.trim_start_matches('.'))))
}

fn refused(status: &Status) -> Failure {
    Failure::new(
        format!("the server refused: {}", status.message()),
        "mend what it says and send all of it again under the same --request-id or with the same positions: what is done is not done twice",
    )
}
