//! How a node copies what others commit.
//!
//! What is read is looked at before it counts: check sums, positions, and that it chains on what this node has. So
//! what comes twice is dropped, a hole is seen, and another history is refused.

use super::{Away, Order, ROOM_BYTES, Record, Seen, Shared, parts, record};
use crate::journal::{Chain, Error, Framed, error};

/// What came of looking for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// The order, as it was read before.
    pub seen: Seen,
    /// The last entry that this node has by now.
    pub position: u64,
    /// Whether it has all that the head stands for.
    pub has_all: bool,
}

/// Why a node could not copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// The order cannot be asked now.
    #[error(transparent)]
    Away(#[from] Away),
    /// The order has forgotten what this node has not yet: only another node can give it.
    #[error("the order begins at entry {first}, and entry {wanted} is wanted")]
    Behind {
        /// The next entry that this node has not.
        wanted: u64,
        /// The first that the order has.
        first: u64,
    },
    /// This node's journal has another history: it is not of this cluster.
    #[error("this journal is not of this cluster: at entry {position} it has another history")]
    OtherHistory {
        /// Where that was seen.
        position: u64,
    },
    /// What others commit was written by a later version: this node neither follows nor leads.
    #[error(
        "the cluster goes on in a form of a later version of promised (at entry {position}: {fault}): update this node; followers first, then the leader"
    )]
    Later {
        /// Where that was seen.
        position: u64,
        /// What of it this version does not know.
        fault: error::Malformed,
    },
    /// A record of the order cannot be read.
    #[error("a record of the order cannot be read at entry {position}: {fault}")]
    Damaged {
        /// Where it should begin.
        position: u64,
        /// What is wrong with it.
        fault: error::Malformed,
    },
    /// This node's disk has no room for what the others did; it goes on when there is some.
    #[error("there is no room on the disk for what the cluster does")]
    NoRoom,
    /// The node's own journal failed.
    #[error(transparent)]
    Local(#[from] Error),
}

impl Shared {
    /// Copies some of what the order has and this node has not.
    ///
    /// # Errors
    /// Why it could not; [`CopyFault::Away`] and [`CopyFault::NoRoom`] pass by themselves.
    pub fn catch_up(&self) -> Result<Caught, CopyFault> {
        let order = &*self.0.order;
        let seen = order.head()?;
        let (position, chain) = self.end_of_own();
        if let Some(fault) = &seen.unread {
            return Err(damaged(position, fault.clone()));
        }
        let head = seen.head.as_ref().filter(|head| position <= head.position);
        let Some(head) = head else {
            // Old news, or a cluster that was never begun.
            return Ok(Caught { seen, position, has_all: false });
        };
        let (to, to_chain) = (head.position, head.chain);
        if to == position {
            if !has_same(chain, to_chain) {
                return Err(CopyFault::OtherHistory { position });
            }
            return Ok(Caught { seen, position, has_all: true });
        }
        for bytes in order.records(position + 1)? {
            let (entries, named) = read(order, position, &bytes)?;
            let (first, last) = (entries.first(), entries.last());
            self.copy(entries)?;
            self.note_mark(first, last);
            if let Some(named) = named {
                self.note_parts(last, named);
            }
        }
        let (position, chain) = self.end_of_own();
        let has_all = position == to && has_same(chain, to_chain);
        Ok(Caught { seen, position, has_all })
    }

    /// Copies entries, as far as they are not there.
    fn copy(&self, entries: Framed) -> Result<(), CopyFault> {
        let (position, chain) = self.end_of_own();
        let (wanted, first) = (position + 1, entries.first());
        let Some(entries) = entries.behind(position) else {
            return Ok(());
        };
        if wanted < first {
            return Err(CopyFault::Behind { wanted, first });
        }
        if !has_same(chain, entries.before()) {
            return Err(CopyFault::OtherHistory { position });
        }
        let bytes = entries.bytes().len() as u64;
        if !self.has_room_for(ROOM_BYTES.max(4 * bytes))? {
            return Err(CopyFault::NoRoom);
        }
        Ok(self.keep(entries)?)
    }
}

/// Whether two chains are one, as far as both are known: the beginning stands for what is kept no more.
fn has_same(own: Chain, other: Chain) -> bool {
    own == other || own == Chain::BEGIN
}

/// The entries of a record, and the name of its parts where it is in parts.
fn read(
    order: &dyn Order,
    position: u64,
    bytes: &[u8],
) -> Result<(Framed, Option<parts::Named>), CopyFault> {
    let unread = |fault| damaged(position, fault);
    let found = Record::of_bytes(bytes).map_err(unread)?;
    let mut in_parts = None;
    let unpacked = match &found.body {
        record::Body::Plain(bytes) => bytes.clone(),
        record::Body::Packed(packed, length) => record::unpack(packed, *length).map_err(unread)?,
        record::Body::Parts(named, length) => {
            in_parts = Some(*named);
            let packed = named.get(order)?;
            if *length == 0 { packed } else { record::unpack(&packed, *length).map_err(unread)? }
        }
    };
    match found.entries(unpacked) {
        Ok(entries) => Ok((entries, in_parts)),
        Err(Error::Damaged { position, fault }) => Err(damaged(position.saturating_sub(1), fault)),
        Err(error) => Err(error.into()),
    }
}

/// What cannot be read behind a position: of a later version, or damaged.
fn damaged(position: u64, fault: error::Malformed) -> CopyFault {
    let position = position + 1;
    if matches!(fault, error::Malformed::Version(_)) {
        CopyFault::Later { position, fault }
    } else {
        CopyFault::Damaged { position, fault }
    }
}

impl Shared {
    /// Forgets what the order has before a position, or some of it: every node that matters has it. The last record stays
    /// there, and so do its parts.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn forget_in_order(&self, before: u64) -> Result<(), Away> {
        let order = &*self.0.order;
        order.forget(before)?;
        // Parts go after the records that name them; those that a crash leaves over decide nothing.
        let gone = before.min(self.end_of_own().0);
        let mut in_parts = self.0.in_parts.lock();
        while let Some((last, named)) = in_parts.front()
            && *last < gone
        {
            named.forget(order)?;
            in_parts.pop_front();
        }
        Ok(())
    }

    /// Notes that a record which ends at a position is in parts.
    pub(super) fn note_parts(&self, last: u64, named: parts::Named) {
        self.0.in_parts.lock().push_back((last, named));
    }
}
