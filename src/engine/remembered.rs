//! Commands that were done, by the caller's id, so that none is done twice (L4).
//!
//! What is remembered is the entry, so a repeated command is answered from the same fact as the first
//! time, and after a restart from the same journal. A command that made no entry changed nothing: it is
//! not remembered, and its id may be tried again. Old ids are forgotten by age, and beyond a number of
//! them the oldest first, so memory is bounded.

use super::error::Error;
use crate::ledger::{Entry, RequestStamp};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// How long ids are remembered, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    /// In microseconds.
    pub(super) age: i64,
    pub(super) count: usize,
}

/// The commands that were done.
#[derive(Debug)]
pub(super) struct Remembered {
    retention: Retention,
    by_id: HashMap<Arc<str>, Arc<Entry>>,
    oldest: VecDeque<Arc<Entry>>,
}

impl Remembered {
    pub(super) fn new(retention: Retention) -> Self {
        Self { retention, by_id: HashMap::new(), oldest: VecDeque::new() }
    }

    /// The entry that a command made when it was done before.
    ///
    /// # Errors
    /// The id was used for another body.
    pub(super) fn find(&self, request: Option<&RequestStamp>) -> Result<Option<Arc<Entry>>, Error> {
        let Some(request) = request else {
            return Ok(None);
        };
        let Some(entry) = self.by_id.get(&request.id) else {
            return Ok(None);
        };
        if entry.stamp.request.as_ref() == Some(request) {
            return Ok(Some(Arc::clone(entry)));
        }
        Err(Error::RequestIdReused { request_id: request.id.to_string() })
    }

    /// Remembers the command of an entry, if it has one.
    pub(super) fn remember(&mut self, entry: &Arc<Entry>) {
        if let Some(request) = &entry.stamp.request {
            // In a journal written under a shorter retention an id may come twice: the later one counts.
            self.by_id.insert(Arc::clone(&request.id), Arc::clone(entry));
            self.oldest.push_back(Arc::clone(entry));
        }
    }

    /// Forgets what is too old at an instant, or too much.
    pub(super) fn forget(&mut self, now: i64) {
        let Retention { age, count } = self.retention;
        while let Some(entry) = self.oldest.front() {
            if now <= entry.stamp.at.saturating_add(age) && self.oldest.len() <= count {
                break;
            }
            let id = entry.stamp.request.as_ref().map(|request| &request.id);
            let is_latest = |id: &&Arc<str>| self.by_id[*id].position == entry.position;
            if let Some(id) = id.filter(is_latest) {
                self.by_id.remove(id);
            }
            self.oldest.pop_front();
        }
    }
}
