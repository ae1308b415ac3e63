//! What a node of a cluster gets from the others: all that there is, where its directory is empty or too far behind, and
//! snapshots that it has not.

use super::{backup, failure::Failure, keep};
use crate::rpc::cluster::Peers;
use crate::{
    engine::{
        self,
        node::{Member, Members, steady},
        refresh,
    },
    journal::{Chain, Copied, Error, Journal, Local, RawEntry},
};
use parking_lot::Mutex;
use std::{ffi::OsStr, path::Path, sync::Arc, time::Duration};

/// What to do with a directory that cannot go on.
pub(super) const EMPTY: &str =
    "start with an empty --data directory: the node gets all from the others";

/// How long a node without data looks for another one that has some.
const LOOK_FOR: Duration = Duration::from_secs(60);

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The file that has all promises.
const STORE: &str = "journal.redb";

/// The other nodes, as this one knows them, and how they are reached.
#[derive(Clone, Debug)]
pub(super) struct Others {
    pub(super) members: Members,
    pub(super) me: String,
    pub(super) peers: Arc<Peers>,
}

impl Others {
    fn all(&self) -> impl Iterator<Item = &Member> {
        self.members.nodes.iter().filter(|member| member.node != self.me)
    }
}

/// Copies a snapshot from the first node that has it.
///
/// One at a time: two would write over each other.
pub(super) fn fetched(others: &Others, id: &str, data: &Path) -> Option<()> {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    if refresh::is_kept(data, id) {
        return Some(());
    }
    let (half, kept) = (data.join("snapshots.fetched"), data.join("snapshots"));
    for member in others.all() {
        // What a try left that broke off.
        drop(std::fs::remove_dir_all(&half));
        if let Err(failure) = backup::fetch_of_node((&others.peers, &member.peer), id, &half) {
            tracing::debug!(node = member.node, snapshot = id, "not there: {failure}");
            continue;
        }
        let moved = std::fs::read_dir(half.join("snapshots")).and_then(|found| {
            std::fs::create_dir_all(&kept)?;
            found.into_iter().try_for_each(|entry| {
                let entry = entry?;
                std::fs::rename(entry.path(), kept.join(entry.file_name()))
            })
        });
        drop(std::fs::remove_dir_all(&half));
        match moved {
            Ok(()) => return Some(()),
            Err(error) => tracing::warn!(%error, snapshot = id, "a snapshot was not kept"),
        }
    }
    None
}

/// Whether a directory has a journal.
pub(super) fn has_journal(data: &Path) -> bool {
    data.join(STORE).exists()
}

/// Puts what the others have in the place of a journal that is too far behind, which must be the beginning of theirs, or
/// where there is none.
pub(super) fn refill(others: &Others, data: &Path) -> Result<(), Failure> {
    let fresh = data.join("fresh");
    // What a try left that broke off.
    drop(std::fs::remove_dir_all(&fresh));
    take(others, &data.join("fresh.fetched"), &fresh)?;
    if has_journal(data) {
        begins(data, &fresh)?;
    }
    moved(&fresh, data).map_err(|error| {
        let cause = format!("cannot replace the journal in {}: {error}", data.display());
        Failure::new(cause, EMPTY)
    })
}

/// Takes all that the first node has which answers, into an empty directory. One that begins itself listens and says
/// nothing yet: it is not waited for, or two nodes without data would wait for each other for ever.
fn take(others: &Others, fetched: &Path, data: &Path) -> Result<(), Failure> {
    let began = steady();
    loop {
        for member in others.all() {
            // What a try left that broke off.
            drop(std::fs::remove_dir_all(fetched));
            match backup::take_of_node((&others.peers, &member.peer), fetched) {
                Ok(about) => {
                    tracing::info!(from = member.node, position = about.position, "fetched");
                    engine::backup::restore(fetched, data, None).map_err(backup::failed)?;
                    drop(std::fs::remove_dir_all(fetched));
                    return Ok(());
                }
                Err(failure) => tracing::debug!(node = member.node, "nothing yet: {failure}"),
            }
        }
        if LOOK_FOR < steady().saturating_sub(began) {
            let cause = format!("{} needs what the others have, and none answers", data.display());
            return Err(Failure::new(cause, "start a node that has its data first"));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Refuses a journal that is not seen to be the beginning of another one: what only it has would be gone.
fn begins(old: &Path, new: &Path) -> Result<(), Failure> {
    let open = |dir: &Path| Local::open(dir).map_err(|error| keep::failure(&error));
    let ((old, opened), (new, _)) = (open(old)?, open(new)?);
    let (position, chain) = (opened.position, old.chain());
    if position == 0 || chain == Chain::BEGIN {
        return Ok(());
    }
    let mut same = false;
    let read = new.reader().read_from(position, &mut |record| {
        if let RawEntry::Bytes { position: at, bytes } = record {
            same = at == position && Chain::after(bytes) == chain;
        }
        Err(Error::Enough)
    });
    read.map_err(|error| keep::failure(&error))?;
    if same {
        return Ok(());
    }
    let cause = format!(
        "this journal ends at {position}, and no other node tells whether it is of this cluster"
    );
    Err(Failure::new(cause, EMPTY))
}

/// Moves what was made afresh to where it belongs: snapshots before the journal that names them, and the note of what was
/// acknowledged after it.
fn moved(fresh: &Path, data: &Path) -> std::io::Result<()> {
    let (from, to) = (fresh.join("snapshots"), data.join("snapshots"));
    std::fs::create_dir_all(&to)?;
    for entry in std::fs::read_dir(&from).into_iter().flatten() {
        let name = entry?.file_name();
        if !to.join(&name).exists() {
            std::fs::rename(from.join(&name), to.join(&name))?;
        }
    }
    std::fs::rename(fresh.join(STORE), data.join(STORE))?;
    for entry in std::fs::read_dir(fresh)? {
        let entry = entry?;
        let name = entry.file_name();
        // A lock is whoever's who holds it.
        if entry.file_type()?.is_file() && name != OsStr::new("lock") {
            std::fs::rename(entry.path(), data.join(name))?;
        }
    }
    std::fs::File::open(data)?.sync_all()?;
    std::fs::remove_dir_all(fresh)
}
