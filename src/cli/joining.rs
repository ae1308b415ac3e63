//! What a node looks at before it takes part: whether there is such a cluster, nobody else has its name, and its directory is
//! of that cluster; and how a directory begins that has nothing.

use super::{
    failure::Failure,
    fetching::{self, EMPTY, Others},
};
use crate::{
    engine::{Identity, node::Members},
    journal::{
        Journal,
        etcd::Etcd,
        shared::{Caught, CopyFault, Order, Record, Reply, Seen, Shared},
    },
};
use std::{
    cmp::Ordering,
    net::{TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    time::Duration,
};

/// The file that says of which cluster a directory is.
const NOTE: &str = "cluster";

/// The file that says that a node found its own state to be wrong.
const DIFFERS: &str = "differs";

/// How often it is read whether the cluster has what a directory has.
const READS: usize = 5;

/// A process that has this node's name is reached within this time.
const ALIVE_WITHIN: Duration = Duration::from_millis(300);

/// The files that a journal and its promises are in.
const OF_JOURNAL: [&str; 2] = ["journal.redb", "scenarios"];

/// Who belongs to the cluster.
pub(super) fn members(order: &Etcd, name: &str) -> Result<Members, Failure> {
    match Members::read(order) {
        Ok(Some(members)) => Ok(members),
        Ok(None) => {
            let cause = format!("there is no cluster {name} in this etcd");
            Err(Failure::new(cause, "begin it: promised cluster init --name NAME --help"))
        }
        Err(away) => Err(Failure::new(away, "start etcd, or name its members with --etcd")),
    }
}

/// Refuses where another process has this node's name: it answers where the others look for this node.
pub(super) fn is_alone(me: &str, peer: &str) -> Result<(), Failure> {
    let addresses = peer.to_socket_addrs().map_err(|error| {
        Failure::misused(format!("--peer {peer}: {error}"), "name a host and a port")
    })?;
    let mut addresses = addresses.into_iter();
    if addresses.any(|address| TcpStream::connect_timeout(&address, ALIVE_WITHIN).is_ok()) {
        let cause = format!("another process runs as node {me} at {peer}");
        return Err(Failure::misused(cause, "stop it, or take another node's name"));
    }
    Ok(())
}

/// Which ledger a directory is of; refuses another one than the cluster's.
pub(super) fn identity_of(data: &Path, members: &Members) -> Result<Identity, Failure> {
    let identity = Identity::of(data).map_err(|error| {
        let cause = format!("cannot keep the id of the ledger in {}: {error}", data.display());
        Failure::new(cause, "name a --data directory that can be written")
    })?;
    if identity.ledger == members.ledger {
        return Ok(identity);
    }
    let cause = format!("{} has another ledger: it is not of this cluster", data.display());
    Err(Failure::new(cause, EMPTY))
}

/// How often another node may be faster with the number of a start.
const TRIES: usize = 50;

/// The cell of how often nodes of a cluster have been started.
const STARTS: &str = "starts";

/// The start of a node, with a number that no other start of any node has: ids of scenarios begin with it, and mean nothing
/// on another node.
pub(super) fn start_of(order: &dyn Order, own: Identity) -> Result<Identity, Failure> {
    for _ in 0..TRIES {
        let seen = order
            .cell(STARTS)
            .map_err(|away| Failure::new(away, "start etcd, or name its members with --etcd"))?;
        let last = seen.as_deref().and_then(|text| std::str::from_utf8(text).ok()?.parse().ok());
        let start = last.map_or(own.start, |last: u64| own.start.max(last + 1));
        let next = start.to_string();
        if order.set_cell(STARTS, seen.as_deref(), Some(next.as_bytes())) == Reply::Done {
            return Ok(Identity { start, ..own });
        }
    }
    Err(Failure::new(
        "etcd does not answer",
        "look with `etcdctl endpoint status`, and start it again",
    ))
}

/// Whether the order can go on from here; refuses a directory of another history.
pub(super) fn is_of_cluster(shared: &Shared) -> Result<bool, Failure> {
    // A journal without entries is of any history. Nothing is copied into it before it has a checkpoint to begin with.
    if Journal::position(shared) == 0 {
        return Ok(has_all(&**shared.order()));
    }
    let mut ahead = 0;
    // What is read may be old: only what stays so counts.
    for _ in 0..READS {
        let before = Journal::position(shared);
        let Caught { seen: Seen { head, .. }, position, .. } = match shared.catch_up() {
            Ok(caught) => caught,
            Err(CopyFault::Away(_) | CopyFault::NoRoom) => return Ok(true),
            Err(CopyFault::Behind { .. }) => return Ok(false),
            Err(fault) => return Err(Failure::new(fault, EMPTY)),
        };
        // What was copied chains on what is here. Others commit while this is read: it may end behind the head that was
        // read first.
        if before < position {
            return Ok(true);
        }
        let last = head.map_or(position, |head| head.position);
        ahead = match last.cmp(&position) {
            Ordering::Equal => return Ok(true),
            Ordering::Greater => 0,
            Ordering::Less => position,
        };
        std::thread::sleep(ALIVE_WITHIN);
    }
    if ahead == 0 {
        return Ok(false);
    }
    let cause = format!(
        "this journal has entries up to {ahead} that the cluster never had: it is not of this cluster"
    );
    Err(Failure::new(cause, EMPTY))
}

/// Notes in a directory of which cluster it is.
pub(super) fn note(data: &Path, cluster: &str, node: &str) -> Result<(), Failure> {
    let text = format!("node {node} of cluster {cluster}\n");
    std::fs::write(data.join(NOTE), text)
        .map_err(|error| Failure::new(error, "name a --data directory that can be written"))
}

/// Fills a directory that has no journal, or one that its node found to be wrong: from another node, or with nothing where the
/// cluster began so and the order still has all that came since.
pub(super) fn fill(order: &dyn Order, others: &Others, data: &Path) -> Result<(), Failure> {
    if data.join(DIFFERS).exists() {
        set_aside(data)?;
        fetching::refill(others, data)?;
        return std::fs::remove_file(data.join(DIFFERS)).map_err(|error| unwritable(data, &error));
    }
    // What else lies there, such as the audit, is no journal.
    if fetching::has_journal(data) {
        return Ok(());
    }
    if others.members.begins_empty && has_all(order) {
        return Identity::begin(data, &others.members.ledger)
            .map_err(|error| unwritable(data, &error));
    }
    fetching::refill(others, data)
}

/// Whether the order has everything from the beginning on.
fn has_all(order: &dyn Order) -> bool {
    let is_new = || order.head().is_ok_and(|seen| seen.head.is_some_and(|head| head.position == 0));
    let first = order.records(1).ok().and_then(|records| records.into_iter().next());
    let is_first = |bytes: Vec<u8>| Record::of_bytes(&bytes).is_ok_and(|record| record.first == 1);
    first.map_or_else(is_new, is_first)
}

/// Notes that what a node has is wrong from a position on.
pub(super) fn disown(data: &Path, position: u64) {
    if let Err(error) = std::fs::write(data.join(DIFFERS), position.to_string()) {
        tracing::error!(%error, "start this node with an empty --data directory");
    }
}

/// Puts a journal aside whose node found itself to be wrong: whoever looks for the fault needs it.
fn set_aside(data: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(data.join(DIFFERS)).unwrap_or_default();
    let aside = data.join(format!("differs-{}", text.trim()));
    tracing::warn!(
        aside = %aside.display(),
        "this node had another state than most: what it had is kept aside, and all is taken anew from the others"
    );
    let moved = std::fs::create_dir_all(&aside).and_then(|()| {
        for name in OF_JOURNAL {
            if data.join(name).exists() {
                std::fs::rename(data.join(name), aside.join(name))?;
            }
        }
        Ok(())
    });
    moved.map_err(|error| unwritable(data, &error))
}

fn unwritable(data: &Path, error: &std::io::Error) -> Failure {
    let cause = format!("cannot write in {}: {error}", data.display());
    Failure::new(cause, "name a --data directory that can be written")
}

/// Of long ago: whatever is pushed is newer.
const EMPTY_MANIFEST: &str =
    "{\"snapshot_id\": \"empty\", \"as_of\": \"2000-01-01\", \"horizon_days\": 1}\n";

/// The tables of a cluster that began with nothing, as all its nodes have them.
pub(super) fn empty_tables(members: &Members, data: &Path) -> Option<PathBuf> {
    if !members.begins_empty {
        return None;
    }
    let dir = data.join("empty");
    let files = [
        ("manifest.json", EMPTY_MANIFEST),
        ("items.csv", "item\n"),
        ("locations.csv", "location\n"),
    ];
    let written = std::fs::create_dir_all(&dir).and_then(|()| {
        files.iter().try_for_each(|(name, text)| std::fs::write(dir.join(name), text))
    });
    match written {
        Ok(()) => Some(dir),
        Err(error) => {
            tracing::error!(%error, "the beginning of the cluster cannot be written");
            None
        }
    }
}

/// Says once that a directory was a node's, where it is served by itself.
pub(super) fn tell_of_past(data: Option<&Path>) {
    let Some(path) = data.map(|data| data.join(NOTE)) else {
        return;
    };
    if let Ok(text) = std::fs::read_to_string(&path) {
        let of = text.trim();
        tracing::warn!(
            "this directory was that of {of}; it goes on by itself from here, and must not go back"
        );
        // Where it stays it is told again.
        drop(std::fs::remove_file(path));
    }
}

#[cfg(test)]
#[path = "joining_tests.rs"]
mod tests;
