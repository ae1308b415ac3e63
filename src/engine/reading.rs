//! Who reads events, and how far behind: for whoever watches over a server.

use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};

/// The readers of an engine, and the position that each has been told of.
#[derive(Clone, Debug, Default)]
pub(super) struct Readers(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    last: u64,
    told: BTreeMap<u64, u64>,
}

/// A reader of events, until it is dropped.
#[derive(Debug)]
pub struct Reading {
    readers: Readers,
    key: u64,
}

impl Reading {
    /// It has been told of all up to a position.
    pub fn told(&self, position: u64) {
        self.readers.0.lock().told.insert(self.key, position);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.readers.0.lock().told.remove(&self.key);
    }
}

impl Readers {
    /// Notes a reader of events that has been told of all up to a position.
    pub(super) fn begin(&self, position: u64) -> Reading {
        let mut known = self.0.lock();
        known.last += 1;
        let key = known.last;
        known.told.insert(key, position);
        Reading { readers: self.clone(), key }
    }

    /// The position that the slowest reader has been told of; none where nobody reads.
    pub(super) fn slowest(&self) -> Option<u64> {
        self.0.lock().told.values().min().copied()
    }
}
