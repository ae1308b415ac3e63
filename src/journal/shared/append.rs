//! How a leader appends: parts first where the entries are large, then the record with the head, then its own copy.
//!
//! One at a time. Each step asks the order once, so that whoever steps it may let anything come between.

use super::{
    Ended, Head, HeadAttempt, NodeRole, Record, Shared,
    parts::Named,
    record::{self, Body},
};
use crate::journal::{Batch, Error, Framed};
use std::time::Duration;

/// Entries on their way into the order.
#[derive(Debug)]
pub struct Append {
    entries: Framed,
    /// What must be there before the record: its name, its bytes, and how many parts of it are.
    parts: Option<(Named, Vec<u8>, u32)>,
    attempt: HeadAttempt,
    /// When it was sent last.
    sent: Duration,
}

impl Append {
    /// Asks once; what became of it, where that is known by now.
    pub fn step(&mut self, shared: &Shared) -> Option<Ended> {
        let order = &*shared.0.order;
        if let Some((named, bytes, n_there)) = &mut self.parts
            && *n_there < named.n_parts
        {
            if named.put(order, (*n_there, bytes)) {
                *n_there += 1;
            }
            return None;
        }
        self.sent = (shared.0.steady)();
        self.attempt.step(order)
    }

    /// The last entry of it.
    pub fn last(&self) -> u64 {
        self.entries.last()
    }
}

impl Shared {
    /// Begins to append a batch; nothing where it is empty.
    ///
    /// # Errors
    /// This node does not lead, or the batch does not follow.
    pub fn begin(&self, batch: Batch<'_>) -> Result<Option<Append>, Error> {
        let previous = self.take_turn()?;
        let begun = batch.follows(previous.position).map(|()| {
            let entries = Framed::of(batch, previous.chain)?;
            Some(self.appending(entries, previous.clone()))
        });
        if !matches!(begun, Ok(Some(_))) {
            self.settle(NodeRole::Leader { head: previous, is_busy: false });
        }
        begun
    }

    fn appending(&self, entries: Framed, previous: Head) -> Append {
        let (mut body, mut parts) = (Body::of(entries.bytes()), None);
        let (packed, length) = match &body {
            Body::Packed(packed, length) => (packed.as_slice(), *length),
            Body::Plain(bytes) => (bytes.as_slice(), 0),
            Body::Parts(..) => unreachable!("packing makes no parts"),
        };
        if record::INLINE_MAX < packed.len() {
            let named = Named::of(packed);
            parts = Some((named, packed.to_vec(), 0));
            body = Body::Parts(named, length);
        }
        let record = Record::of(previous.epoch, &entries, body).to_bytes();
        let (position, chain) = (entries.last(), entries.after());
        let next = Head { position, chain, ..previous.clone() };
        let attempt = HeadAttempt::commit(previous, next, record);
        Append { entries, parts, attempt, sent: Duration::ZERO }
    }

    /// Takes what became of it to heart: what is in the order is copied into this node's own journal.
    ///
    /// # Errors
    /// It is not there, for another node leads; or this node's own journal failed.
    pub fn end(&self, append: Append, ended: Ended) -> Result<(), Error> {
        let Append { entries, attempt, sent, parts } = append;
        if let Some((named, ..)) = parts {
            self.note_parts(entries.last(), named);
        }
        if matches!(ended, Ended::Done | Ended::DoneAndDeposed) {
            self.note_mark(entries.first(), entries.last());
            self.keep(entries)?;
        }
        match ended {
            Ended::Done => {
                let head = attempt.next().clone();
                self.settle(NodeRole::Leader { head, is_busy: false });
                self.confirm(sent);
                Ok(())
            }
            Ended::DoneAndDeposed => {
                self.settle(NodeRole::Follower);
                Ok(())
            }
            Ended::Deposed | Ended::Unknown => {
                self.settle(NodeRole::Follower);
                Err(Error::Deposed { is_unknown: ended == Ended::Unknown })
            }
        }
    }

    /// The head behind which this node may put something now. While it says that it is there, that is waited for.
    fn take_turn(&self) -> Result<Head, Error> {
        loop {
            let mut role = self.0.role.lock();
            match &mut *role {
                NodeRole::Follower => return Err(Error::Deposed { is_unknown: false }),
                NodeRole::Leader { is_busy: true, .. } => self.0.free.wait(&mut role),
                NodeRole::Leader { head, is_busy } => {
                    *is_busy = true;
                    return Ok(head.clone());
                }
            }
        }
    }

    /// What this node is from now on.
    pub(super) fn settle(&self, role: NodeRole) {
        *self.0.role.lock() = role;
        self.0.free.notify_all();
    }
}
