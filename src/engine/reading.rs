//! Who reads events, and how far behind: for whoever watches over a server.

use super::Engine;
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

impl Engine {
    /// Notes a reader of events that has been told of all up to a position.
    pub fn reads(&self, position: u64) -> Reading {
        let mut known = self.readers.0.lock();
        known.last += 1;
        let key = known.last;
        known.told.insert(key, position);
        Reading { readers: self.readers.clone(), key }
    }

    /// How many positions the slowest reader of events is behind what is published; 0 where nobody reads.
    pub fn readers_behind(&self) -> u64 {
        let slowest = self.readers.0.lock().told.values().min().copied();
        slowest.map_or(0, |told| self.pin().position.saturating_sub(told))
    }
}
