//! What a node asks of the leader when it is to make a scenario live that is its own: the messages, and what the leader
//! does for them. Only the port of nodes has it.
//!
//! Promises go as a journal has them, by names: in an entry each, those after and those before.

use super::{Cluster, first::First};
use crate::{
    change::Change,
    engine::{Engine, Error, RearrangeCommand, command::PlannedOn},
    journal::codec,
    ledger::{Entry, Exchange, Fact, Reservation, Stamp, Unfit},
    rpc::{
        REQUEST_BYTES_MAX, applied, guard, proto,
        secure::methods::OF_NODES,
        status::{self, Failure},
    },
    snapshot::Snapshot,
};
use std::{future::Future, pin::Pin, sync::Arc};
use tonic::{
    Code, Request, Response, Status,
    body::Body,
    codegen::http,
    server::{Grpc, UnaryService},
};
use tonic_prost::ProstCodec;

/// The entry of a command, if it was done before.
pub(super) const FIND: &str = "/promised.node.v1.Leader/Find";

/// Notes the answer to a command that changed nothing.
pub(super) const REMEMBER: &str = "/promised.node.v1.Leader/Remember";

/// Makes live what was planned on another node.
pub(super) const REARRANGE: &str = "/promised.node.v1.Leader/Rearrange";

/// What is asked.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Asked {
    /// The caller's id of the command.
    #[prost(string, tag = "1")]
    pub(super) request_id: String,
    /// The digest of what he asked for, 16 bytes.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) digest: Vec<u8>,
    /// What he is told, to be said again.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) told: Option<Vec<u8>>,
    #[prost(message, optional, tag = "4")]
    pub(super) planned: Option<SentPlan>,
}

/// What was planned, and on what.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SentPlan {
    #[prost(uint64, tag = "1")]
    generation: u64,
    #[prost(string, tag = "2")]
    snapshot_id: String,
    /// Lists of changes, each an entry.
    #[prost(bytes = "vec", repeated, tag = "3")]
    lists: Vec<Vec<u8>>,
    /// The promises as they are to be, and those of them as they were which were there before: an entry each.
    #[prost(bytes = "vec", tag = "4")]
    after: Vec<u8>,
    #[prost(bytes = "vec", tag = "5")]
    before: Vec<u8>,
    /// Which of those after were there before, in order.
    #[prost(uint64, repeated, tag = "6")]
    were_there: Vec<u64>,
}

/// What is answered.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Answered {
    /// The first answer, where there was one.
    #[prost(message, optional, tag = "1")]
    pub(super) first: Option<First>,
    /// What became of what was planned.
    #[prost(message, optional, tag = "2")]
    pub(super) applied: Option<proto::ApplyScenarioResponse>,
}

/// An entry that nobody makes: what it has goes from node to node.
fn packed(snapshot: &Snapshot, changes: &Arc<[Change]>, after: Vec<Arc<Reservation>>) -> Vec<u8> {
    let fact = Fact::Rearranged { changes: Arc::clone(changes), after };
    codec::encode(&Entry::new(0, Stamp::default(), fact), snapshot)
}

type Unpacked = (Arc<[Change]>, Vec<Arc<Reservation>>);

/// Lists of changes, and the promises that take each other's place.
type Planning = (Vec<Arc<[Change]>>, Vec<Exchange>);

fn unpacked(snapshot: &Snapshot, bytes: &[u8]) -> Result<Unpacked, String> {
    let fact = codec::decode(bytes, snapshot).map_err(|fault| fault.to_string())?.fact;
    if let Fact::Rearranged { changes, after } = fact {
        return Ok((changes, after));
    }
    Err(format!("{} is no rearrangement", fact.kind()))
}

impl SentPlan {
    /// A command as it goes to another node; its names are those of a snapshot.
    pub(super) fn of(command: &RearrangeCommand, snapshot: &Snapshot) -> Self {
        let none: Arc<[Change]> = Arc::new([]);
        let exchanges = &command.exchanges;
        let before = exchanges.iter().filter_map(|one| one.before.clone()).collect();
        let after = exchanges.iter().map(|one| Arc::clone(&one.after)).collect();
        let were_there = (0..).zip(exchanges).filter(|(_, one)| one.before.is_some());
        let planned_on = command.planned_on.as_ref();
        let lists = command.changes.iter();
        Self {
            generation: planned_on.map_or(0, |on| on.generation),
            snapshot_id: planned_on.map_or("", |on| &*on.snapshot_id).to_string(),
            lists: lists.map(|list| packed(snapshot, list, Vec::new())).collect(),
            after: packed(snapshot, &none, after),
            before: packed(snapshot, &none, before),
            were_there: were_there.map(|(at, _)| at).collect(),
        }
    }

    /// The same here.
    fn unpacked(&self, snapshot: &Snapshot) -> Result<Planning, String> {
        let lists = self.lists.iter().map(|list| Ok(unpacked(snapshot, list)?.0));
        let lists = lists.collect::<Result<_, String>>()?;
        let (_, after) = unpacked(snapshot, &self.after)?;
        let (_, before) = unpacked(snapshot, &self.before)?;
        let mut were = self.were_there.iter().zip(before).peekable();
        let exchange = |(at, after): (u64, Arc<Reservation>)| {
            let before = were.next_if(|(place, _)| **place == at).map(|(_, before)| before);
            Exchange { before, after }
        };
        Ok((lists, (0..).zip(after).map(exchange).collect()))
    }
}

/// Answers a node, if that is what is asked for.
pub(super) fn is_of_nodes(path: &str) -> bool {
    path.starts_with(OF_NODES)
}

/// What the leader answers.
pub(super) async fn answer(
    cluster: Arc<Cluster>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let path = request.uri().path().to_string();
    let codec = ProstCodec::<Answered, Asked>::default();
    let mut grpc = Grpc::new(codec).apply_max_message_size_config(Some(REQUEST_BYTES_MAX), None);
    grpc.unary(AtLeader { cluster, path }, request).await
}

struct AtLeader {
    cluster: Arc<Cluster>,
    path: String,
}

impl UnaryService<Asked> for AtLeader {
    type Response = Answered;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Answered>, Status>> + Send + 'static>>;

    fn call(&mut self, request: Request<Asked>) -> Self::Future {
        let (cluster, path) = (Arc::clone(&self.cluster), self.path.clone());
        Box::pin(async move {
            let answered = done(&cluster, &path, request.into_inner());
            Ok(Response::new(guard::caught("Leader", answered).await?))
        })
    }
}

async fn done(cluster: &Cluster, path: &str, asked: Asked) -> Result<Answered, Failure> {
    let Some((engine, _)) = cluster.running() else {
        return Err(super::no_leader());
    };
    let digest: [u8; 16] = asked.digest.as_slice().try_into().map_err(|_| unread("its digest"))?;
    let (request_id, digest) = (asked.request_id.as_str(), u128::from_le_bytes(digest));
    let failed = |error: Error| Failure::of_engine(error, &engine.pin().snapshot);
    let first = match path {
        REMEMBER => {
            let told = asked.told.clone().unwrap_or_default().into();
            engine.remember(request_id, digest, told).await
        }
        FIND | REARRANGE => engine.find(request_id, digest).await,
        other => return Err(Failure::new(Code::Unimplemented, "UNKNOWN", other)),
    };
    let first = first.map_err(failed)?.map(|entry| First::of(&entry));
    let planned = asked.planned.filter(|_| path == REARRANGE && first.is_none());
    let Some(planned) = planned else {
        return Ok(Answered { first, applied: None });
    };
    let told = asked.told.map(Into::into);
    let command = (asked.request_id, Some(digest), told);
    let applied = Some(rearranged(engine, &planned, command).await?);
    Ok(Answered { first: None, applied })
}

async fn rearranged(
    engine: &Engine,
    planned: &SentPlan,
    (request_id, asked, told): (String, Option<u128>, Option<Arc<[u8]>>),
) -> Result<proto::ApplyScenarioResponse, Failure> {
    let live = engine.pin();
    let snapshot_id: Arc<str> = planned.snapshot_id.as_str().into();
    let planned_on = PlannedOn { generation: planned.generation, snapshot_id };
    let serves = PlannedOn::of(&live);
    if planned_on != serves {
        let (planned, serves) = (planned_on.snapshot_id, serves.snapshot_id);
        return Ok(applied::not_applied(&live, &Unfit::Refreshed { planned, serves }));
    }
    let (changes, exchanges) = planned.unpacked(&live.snapshot).map_err(|why| unread(&why))?;
    let command = RearrangeCommand {
        request_id,
        changes,
        exchanges,
        planned_on: Some(planned_on),
        asked,
        told,
        undoes: None,
        deadline: None,
    };
    let done = engine.rearrange(command).await;
    match done {
        Ok(position) => Ok(applied::live_since(position)),
        Err(Error::Unfit(unfit)) => Ok(applied::not_applied(&engine.pin(), &unfit)),
        Err(error) => Err(Failure::of_engine(error, &engine.pin().snapshot)),
    }
}

fn unread(what: &str) -> Failure {
    let text = format!("what another node has planned cannot be read: {}", status::shown(what));
    Failure::new(Code::FailedPrecondition, "NOT_READ", text)
}
