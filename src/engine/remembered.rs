//! Commands that were done, by the caller's id, so that none is done twice (L4).
//!
//! What is remembered is the position of the entry that a command made and a digest of its body. The first
//! answer is read from that entry: from the latest ones in memory, from the journal else. A command that
//! made no entry changed nothing: it is not remembered, and its id may be tried again. Old ids are
//! forgotten by age, and beyond a number of them the oldest first, so memory is bounded.

use super::error::Error;
use crate::{
    journal::{self, Head, Reader},
    ledger::{Entry, Leap, RequestStamp},
    limits,
    snapshot::Snapshot,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Entries that are kept in memory: all that may not be in the journal yet, and some more.
const RECENT: usize = 4 * limits::BATCH_MAX;

/// How long ids are remembered, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    /// In microseconds.
    pub(super) age: i64,
    pub(super) count: usize,
}

/// A command that was done.
#[derive(Clone, Copy, Debug)]
struct Done {
    /// Of its body.
    digest: u128,
    /// Of its entry.
    position: u64,
}

/// An id, and when it was used.
#[derive(Debug)]
struct Used {
    id: Arc<str>,
    at: i64,
    position: u64,
}

/// The commands that were done.
pub(super) struct Remembered {
    retention: Retention,
    by_id: HashMap<Arc<str>, Done>,
    oldest: VecDeque<Used>,
    /// The latest entries with an id, in order of position.
    recent: VecDeque<Arc<Entry>>,
    journal: Arc<dyn Reader>,
}

impl Remembered {
    pub(super) fn new(retention: Retention, journal: Arc<dyn Reader>) -> Self {
        let (by_id, oldest, recent) = (HashMap::new(), VecDeque::new(), VecDeque::new());
        Self { retention, by_id, oldest, recent, journal }
    }

    /// How long ids are remembered, and how many.
    pub(super) fn retention(&self) -> Retention {
        self.retention
    }

    /// What first answers are read from.
    pub(super) fn reader(&self) -> &Arc<dyn Reader> {
        &self.journal
    }

    /// The entry that a command made when it was done before.
    ///
    /// # Errors
    /// The id was used for another body, or the first answer cannot be read any more.
    pub(super) fn find(
        &self,
        request: Option<&RequestStamp>,
        snapshot: &Snapshot,
    ) -> Result<Option<Arc<Entry>>, Error> {
        let Some(request) = request else {
            return Ok(None);
        };
        let Some(done) = self.by_id.get(&request.id) else {
            return Ok(None);
        };
        if done.digest != request.digest {
            return Err(Error::RequestIdReused { request_id: request.id.to_string() });
        }
        if let Ok(at) = self.recent.binary_search_by_key(&done.position, |entry| entry.position) {
            return Ok(Some(Arc::clone(&self.recent[at])));
        }
        let mut found = None;
        self.journal.read_from(done.position, &mut |record| {
            found = Some(record.entry(snapshot)?);
            Err(journal::Error::Enough)
        })?;
        Ok(found)
    }

    /// Remembers the command of an entry, if it has one.
    pub(super) fn remember(&mut self, entry: &Arc<Entry>) {
        let Some(request) = &entry.stamp.request else {
            return;
        };
        self.note(request, entry.stamp.at, entry.position);
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Arc::clone(entry));
    }

    /// Remembers the command of an entry that stays in the journal.
    pub(super) fn remember_head(&mut self, head: &Head) {
        if let Some(request) = &head.request {
            self.note(request, head.at, head.position);
        }
    }

    fn note(&mut self, request: &RequestStamp, at: i64, position: u64) {
        let RequestStamp { id, digest } = request;
        // In a journal written under a shorter retention an id may come twice: the later one counts.
        self.by_id.insert(Arc::clone(id), Done { digest: *digest, position });
        self.oldest.push_back(Used { id: Arc::clone(id), at, position });
    }

    /// Engine time has leapt: ids from a position on are as much younger.
    pub(super) fn leap(&mut self, leap: Leap) {
        let moved = self.oldest.iter_mut().filter(|used| leap.from_position <= used.position);
        moved.for_each(|used| used.at = used.at.saturating_add(leap.by));
    }

    /// Forgets what is too old at an instant, or too much.
    pub(super) fn forget(&mut self, now: i64) {
        let Retention { age, count } = self.retention;
        while let Some(used) = self.oldest.front() {
            if now <= used.at.saturating_add(age) && self.oldest.len() <= count {
                break;
            }
            if self.by_id.get(&used.id).is_some_and(|done| done.position == used.position) {
                self.by_id.remove(&used.id);
            }
            self.oldest.pop_front();
        }
    }
}
