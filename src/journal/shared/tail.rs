//! What this node has of the order and its own journal has not yet. A disk that makes durable what came before takes as long
//! as it takes, and nobody waits for it who commits, copies or applies: the order has all of this until most nodes have it
//! durably.

use crate::journal::{Copied, Error, Framed, RawEntry, Reader, Visit, VisitPart, until_enough};
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc};

/// Room on its disk that a node makes ahead before it copies, or leads.
pub(super) const ROOM_BYTES: u64 = 20 << 20;

/// Bytes beyond which the journal is waited for after all.
const BYTES_MAX: usize = 64 << 20;

/// Entries behind those of the journal, in order.
#[derive(Debug, Default)]
pub(super) struct Tail {
    batches: VecDeque<Arc<Framed>>,
    n_bytes: usize,
}

impl Tail {
    pub(super) fn push(&mut self, entries: Framed) {
        self.n_bytes += entries.bytes().len();
        self.batches.push_back(Arc::new(entries));
    }

    /// Whether it is more than should be kept in memory.
    pub(super) fn is_long(&self) -> bool {
        BYTES_MAX < self.n_bytes
    }

    /// Has the journal take what its disk has room for.
    ///
    /// # Errors
    /// The journal failed.
    pub(super) fn settle(&mut self, local: &mut dyn Copied) -> Result<(), Error> {
        while let Some(first) = self.batches.front() {
            let n_bytes = first.bytes().len();
            if !local.make_room(ROOM_BYTES.max(4 * n_bytes as u64))? {
                break;
            }
            local.copy(first)?;
            self.n_bytes -= n_bytes;
            self.batches.pop_front();
        }
        Ok(())
    }
}

/// Reads the journal, and what is behind it.
pub(super) struct WithTail {
    pub(super) store: Arc<dyn Reader>,
    pub(super) tail: Arc<Mutex<Tail>>,
}

impl Reader for WithTail {
    fn first(&self) -> Result<u64, Error> {
        self.store.first()
    }

    fn read_from(&self, position: u64, visit: Visit<'_>) -> Result<(), Error> {
        // What the journal takes from here on is in both, and is shown once.
        let tail: Vec<_> = self.tail.lock().batches.iter().cloned().collect();
        let (mut next, mut is_over) = (position, false);
        self.store.read_from(position, &mut |record| {
            next = 1 + match record {
                RawEntry::Bytes { position, .. } => position,
                RawEntry::InMemory { entry, .. } => entry.position,
            };
            let visited = visit(record);
            is_over = visited.is_err();
            visited
        })?;
        for batch in tail.iter().filter(|_| !is_over) {
            if next < batch.first() {
                return Err(Error::Gap { from: next, found: batch.first() });
            }
            for (bytes, position) in batch.entries().zip(batch.first()..) {
                if position < next {
                    continue;
                }
                let visited = visit(RawEntry::Bytes { position, bytes });
                if visited.is_err() {
                    return until_enough(visited);
                }
            }
            next = next.max(batch.last() + 1);
        }
        Ok(())
    }

    fn checkpoints(&self) -> Result<Vec<u64>, Error> {
        self.store.checkpoints()
    }

    fn read_parts(&self, checkpoint: u64, visit: VisitPart<'_>) -> Result<(), Error> {
        self.store.read_parts(checkpoint, visit)
    }
}
