//! etcd as the judge of order: the one implementation of [`Order`] that outlives machines.
//!
//! Under `/promised/CLUSTER/`: `p/p0/head`, `p/p0/beat`, `p/p0/log/POSITION` (16 hex digits, so that keys sort), and
//! cells under their names. A commit is one transaction: compare the whole head, put head and record; where the compare
//! fails the same transaction reads what stands there. No lease, no lock, no time. A watch only wakes who waits: what
//! it says is not looked at, so lost and doubled events do no harm.

mod flags;
mod wire;
mod members;
mod upkeep;

pub use flags::Flags;
pub use members::Endpoints;
pub use upkeep::MemberStatus;

use super::shared::{Away, Head, Order, Refused, Reply, Seen};
use members::EtcdMembers;
use parking_lot::{Condvar, Mutex};
use std::{sync::Arc, time::Duration};
use tokio::runtime::Runtime;
use tonic::Status;
use wire::{Compare, Request, RequestOp, ResponseOp, Target, TxnRequest, TxnResponse};

const RANGE: &str = "/etcdserverpb.KV/Range";
const TXN: &str = "/etcdserverpb.KV/Txn";
const DELETE: &str = "/etcdserverpb.KV/DeleteRange";
const COMPACT: &str = "/etcdserverpb.KV/Compact";

/// Records that one read gives.
const RECORDS_AT_ONCE: i64 = 64;

/// After a change without an answer so long nothing is asked.
const PAUSE: Duration = Duration::from_millis(20);

/// The order of one cluster in etcd.
pub struct Etcd {
    runtime: Runtime,
    members: Arc<EtcdMembers>,
    root: String,
    woken: Arc<Woken>,
}

/// Told when something may have changed.
#[derive(Debug, Default)]
struct Woken {
    n: Mutex<u64>,
    told: Condvar,
}

impl std::fmt::Debug for Etcd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Etcd").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Etcd {
    /// That of a cluster of a name. Nothing is asked yet.
    ///
    /// # Errors
    /// An address is none, a file cannot be read, or no thread can be had.
    pub fn new(access: &Endpoints, cluster: &str) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("etcd")
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        let members = {
            let _within = runtime.enter();
            Arc::new(EtcdMembers::new(access)?)
        };
        let root = format!("/promised/{cluster}/");
        Ok(Self { runtime, members, root, woken: Arc::default() })
    }

    /// Looks again at the files by which its members are known; whether they have changed, and count from now on.
    ///
    /// # Errors
    /// They cannot be used, told once; the old ones count on.
    pub fn look(&self) -> Result<bool, String> {
        let _within = self.runtime.enter();
        self.members.look()
    }

    /// Watches the head from now on, so that [`Order::wait`] ends as soon as it changes.
    pub fn watch(&self) {
        let (members, woken) = (Arc::clone(&self.members), Arc::clone(&self.woken));
        let key = self.key("p/p0/head");
        self.runtime.spawn(async move {
            loop {
                let tell = || woken.tell();
                // Why it ended does not matter: whoever waits looks for himself now and then.
                let _ended = members.first().watch(key.clone(), &tell).await;
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    fn key(&self, name: &str) -> Vec<u8> {
        format!("{}{name}", self.root).into_bytes()
    }

    fn log(&self, position: u64) -> Vec<u8> {
        self.key(&format!("p/p0/log/{position:016x}"))
    }

    /// Behind the last record.
    fn log_end(&self) -> Vec<u8> {
        // '0' follows on '/'.
        self.key("p/p0/log0")
    }

    fn range(&self, range: wire::RangeRequest) -> Result<wire::RangeResponse, Away> {
        self.runtime.block_on(self.members.ask_any(RANGE, range)).map_err(away)
    }

    fn get(&self, key: Vec<u8>) -> Result<Option<Vec<u8>>, Away> {
        let found = self.range(wire::RangeRequest { key, ..wire::RangeRequest::default() })?;
        Ok(found.kvs.into_iter().next().map(|found| found.value))
    }

    /// Asks for a change once.
    fn change(&self, change: TxnRequest) -> Reply {
        let asked = self.runtime.block_on(self.members.ask::<_, TxnResponse>(TXN, change));
        match asked {
            Ok(answer) if answer.succeeded => Reply::Done,
            Ok(answer) => Reply::Refused(refused(&answer.responses)),
            Err(status) => {
                tracing::debug!(%status, "etcd gave no answer");
                std::thread::sleep(PAUSE);
                Reply::Unknown
            }
        }
    }

    /// What is done if the head is this one; if not, it is read, and the record at a position.
    fn behind(&self, head: Option<&Head>, success: Vec<RequestOp>, first: u64) -> TxnRequest {
        let key = self.key("p/p0/head");
        let compare = vec![equal(key.clone(), head.map(Head::to_bytes))];
        let failure = vec![read(key), read(self.log(first))];
        TxnRequest { compare, success, failure }
    }
}

impl Woken {
    fn tell(&self) {
        *self.n.lock() += 1;
        self.told.notify_all();
    }
}

/// The value under a key is this one, or there is none.
fn equal(key: Vec<u8>, value: Option<Vec<u8>>) -> Compare {
    let (target, union) = match value {
        Some(value) => (3, Target::Value(value)),
        None => (0, Target::Version(0)),
    };
    Compare { result: 0, target, key, union: Some(union) }
}

fn read(key: Vec<u8>) -> RequestOp {
    let range = wire::RangeRequest { key, ..wire::RangeRequest::default() };
    RequestOp { request: Some(Request::Range(range)) }
}

fn put(key: Vec<u8>, value: Vec<u8>) -> RequestOp {
    RequestOp { request: Some(Request::Put(wire::PutRequest { key, value })) }
}

/// What one of several reads found.
fn value(responses: &[ResponseOp], at: usize) -> Option<Vec<u8>> {
    let found = responses.get(at)?.range.as_ref()?;
    found.kvs.first().map(|found| found.value.clone())
}

/// What the reads of a refused change found: the head, and the record.
fn refused(responses: &[ResponseOp]) -> Refused {
    // One that cannot be read is no head that anybody goes on from.
    let head = value(responses, 0).and_then(|bytes| Head::of_bytes(&bytes).ok());
    Refused { head, record: value(responses, 1) }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn away(status: Status) -> Away {
    Away(format!("etcd says {:?}: {}", status.code(), status.message()))
}

impl Order for Etcd {
    fn head(&self) -> Result<Seen, Away> {
        // Both at once: a beat belongs to the head that it was read with.
        let success = vec![read(self.key("p/p0/head")), read(self.key("p/p0/beat"))];
        let question = TxnRequest { success, ..TxnRequest::default() };
        let asked = self.runtime.block_on(self.members.ask_any::<_, TxnResponse>(TXN, question));
        let responses = asked.map_err(away)?.responses;
        let (head, unread) = match value(&responses, 0).map(|bytes| Head::of_bytes(&bytes)) {
            None => (None, None),
            Some(Ok(head)) => (Some(head), None),
            Some(Err(fault)) => (None, Some(fault)),
        };
        let beat = value(&responses, 1).and_then(|bytes| bytes.try_into().ok());
        Ok(Seen { head, beat: beat.map_or(0, u64::from_le_bytes), unread })
    }

    fn begin(&self, head: &Head) -> Reply {
        let success = vec![put(self.key("p/p0/head"), head.to_bytes())];
        self.change(self.behind(None, success, 0))
    }

    fn claim(&self, seen: &Head, next: &Head) -> Reply {
        let success = vec![put(self.key("p/p0/head"), next.to_bytes())];
        self.change(self.behind(Some(seen), success, 0))
    }

    fn commit(&self, previous: &Head, next: &Head, record: &[u8]) -> Reply {
        let first = previous.position + 1;
        let success = vec![
            put(self.key("p/p0/head"), next.to_bytes()),
            put(self.log(first), record.to_vec()),
        ];
        self.change(self.behind(Some(previous), success, first))
    }

    fn beat(&self, head: &Head, count: u64) -> Reply {
        let success = vec![put(self.key("p/p0/beat"), count.to_le_bytes().to_vec())];
        self.change(self.behind(Some(head), success, 0))
    }

    fn records(&self, from: u64) -> Result<Vec<Vec<u8>>, Away> {
        let (limit, sort_order) = (RECORDS_AT_ONCE, 1);
        let ascending = wire::RangeRequest {
            key: self.log(from),
            range_end: self.log_end(),
            limit,
            sort_order,
            ..wire::RangeRequest::default()
        };
        let found = self.range(ascending)?.kvs;
        let mut records = Vec::new();
        if found.first().is_none_or(|first| first.key != self.log(from)) {
            records.extend(self.last_before(from)?.map(|before| before.value));
        }
        records.extend(found.into_iter().map(|found| found.value));
        Ok(records)
    }

    fn forget(&self, before: u64) -> Result<(), Away> {
        let Some(holding) = self.last_before(before + 1)? else {
            return Ok(());
        };
        let range = wire::DeleteRangeRequest { key: self.log(0), range_end: holding.key };
        let asked = self.runtime.block_on(self.members.ask_any(DELETE, range));
        let done: wire::DeleteRangeResponse = asked.map_err(away)?;
        let revision = done.header.map_or(0, |header| header.revision);
        // Somebody else may have done it meanwhile, and further.
        let compaction = wire::CompactionRequest { revision };
        let asked = self.members.ask_any::<_, wire::Nothing>(COMPACT, compaction);
        match self.runtime.block_on(asked) {
            Ok(_) => Ok(()),
            Err(status) if status.code() == tonic::Code::OutOfRange => Ok(()),
            Err(status) => Err(away(status)),
        }
    }

    fn cell(&self, name: &str) -> Result<Option<Vec<u8>>, Away> {
        self.get(self.key(name))
    }

    fn set_cell(&self, name: &str, seen: Option<&[u8]>, next: Option<&[u8]>) -> Reply {
        let key = self.key(name);
        let compare = vec![equal(key.clone(), seen.map(<[u8]>::to_vec))];
        let change = match next {
            Some(next) => put(key, next.to_vec()),
            None => RequestOp {
                request: Some(Request::Delete(wire::DeleteRangeRequest {
                    key,
                    range_end: Vec::new(),
                })),
            },
        };
        match self.change(TxnRequest { compare, success: vec![change], failure: Vec::new() }) {
            Reply::Refused(_) => Reply::Refused(Refused::default()),
            answer @ (Reply::Done | Reply::Unknown) => answer,
        }
    }

    fn wait(&self, at_most: Duration) {
        let mut n = self.woken.n.lock();
        if *n == 0 {
            self.woken.told.wait_for(&mut n, at_most);
        }
        *n = 0;
    }
}

impl Etcd {
    /// The last record that begins before a position.
    fn last_before(&self, position: u64) -> Result<Option<wire::KeyValue>, Away> {
        let descending = wire::RangeRequest {
            key: self.log(0),
            range_end: self.log(position),
            limit: 1,
            sort_order: 2,
            ..wire::RangeRequest::default()
        };
        Ok(self.range(descending)?.kvs.into_iter().next())
    }
}
