//! What stands outside of all nodes and says what comes next: the one seam to the store that decides.

use crate::journal::{Chain, Malformed};
use std::{sync::Arc, time::Duration};

/// A node at one of its starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leader {
    /// Its name.
    pub node: Arc<str>,
    /// Which start of it: two processes of one name are two.
    pub start: u64,
}

/// The end of the order: what a commit or a claim compares, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Rises by one with each claim, and never otherwise.
    pub epoch: u64,
    /// The last entry.
    pub position: u64,
    /// All entries up to it.
    pub chain: Chain,
    /// Who may go on; nobody where the last one resigned.
    pub leader: Option<Leader>,
}

/// What a node reads of the order; it may be old.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The head; none where the cluster was never begun.
    pub head: Option<Head>,
    /// How often its leader has said that it leads; it only shows that somebody is there.
    pub beat: u64,
    /// Why the head that is there cannot be read: then there is none for this node.
    pub unread: Option<Malformed>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is done.
    Done,
    /// Something else stood there than was compared: nothing was done by this call.
    Refused(Refused),
    /// No answer came: it may be done, or be done yet. Only asking again can tell.
    Unknown,
}

/// What stood there instead, at the very instant of the compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// The head.
    pub head: Option<Head>,
    /// What the order has where the record was to be, if it has anything there.
    pub record: Option<Vec<u8>>,
}

/// The order cannot be asked now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the order of the cluster cannot be asked: {0}")]
pub struct Away(pub String);

/// The durable order of a cluster's records: the contract that every implementation keeps.
///
/// - Changes of the head are atomic: compared and put in one step, on a majority and durable when [`Reply::Done`] is
///   given. [`Order::commit`] puts its record in the same step.
/// - A change that was answered with [`Reply::Unknown`] may happen once, at any time after, as long as what it
///   compares stands there; never twice, for it changes that.
/// - What is read was so once: it may be old. It is never of another order.
/// - Records lie under the position of their first entry; only [`Order::forget`] takes them away, oldest first, and
///   never the last one: whoever lacks something and finds nothing has read what was there earlier, and who finds only
///   what comes later knows that the rest is forgotten.
pub trait Order: Send + Sync {
    /// The head, and the leader's last beat.
    ///
    /// # Errors
    /// It cannot be asked.
    fn head(&self) -> Result<Seen, Away>;

    /// Begins the order, if it was never begun.
    fn begin(&self, head: &Head) -> Reply;

    /// Lets another head stand where this one stands.
    fn claim(&self, seen: &Head, next: &Head) -> Reply;

    /// Puts a record behind a head, under the position of its first entry.
    fn commit(&self, previous: &Head, next: &Head, record: &[u8]) -> Reply;

    /// Notes that a head's leader is there.
    fn beat(&self, head: &Head, count: u64) -> Reply;

    /// Some records, in order, beginning with the one that has an entry, or with the next one where that is kept no
    /// more; nothing where there is none yet.
    ///
    /// # Errors
    /// It cannot be asked.
    fn records(&self, from: u64) -> Result<Vec<Vec<u8>>, Away>;

    /// Forgets the records that end before a position, or some of them, oldest first; the last record stays.
    ///
    /// # Errors
    /// It cannot be asked; they may be gone.
    fn forget(&self, before: u64) -> Result<(), Away>;

    /// What stands in a cell: a small thing beside the order, under a name.
    ///
    /// # Errors
    /// It cannot be asked.
    fn cell(&self, name: &str) -> Result<Option<Vec<u8>>, Away>;

    /// Lets something else stand in a cell, if that stands there which was seen; nothing is none.
    fn set_cell(&self, name: &str, seen: Option<&[u8]>, next: Option<&[u8]>) -> Reply;

    /// Waits until the head may have changed, or for so long; it may end at any time.
    fn wait(&self, at_most: Duration) {
        std::thread::sleep(at_most);
    }
}
