//! The worlds that scenarios were taken from: what live has replaced since, and they still hold.
//!
//! Each base is counted against the next younger one, and the youngest against live, so what several hold is counted
//! once. Live is counted anew when it has moved on by many entries: counting costs as much as has changed.

use crate::ledger::World;
use std::{cell::Cell, collections::BTreeMap};

/// Entries of live after which the youngest base is counted anew.
const RECOUNT_AFTER: u64 = 1_024;

/// How often a snapshot was swapped, and the position: one instant of live.
type Instant = (u64, u64);

/// A base, how many scenarios were taken from it, and what it holds beyond the next one.
#[derive(Debug)]
struct Base {
    world: World,
    n: usize,
    bytes: u64,
}

/// All bases, in the order in which they were live.
#[derive(Debug, Default)]
pub(super) struct Bases {
    by_instant: BTreeMap<Instant, Base>,
    /// Bytes that each holds beyond the next one, all but the youngest.
    bytes: u64,
    /// What the youngest held beyond live, and at which position of that it was counted.
    youngest: Cell<Option<(u64, u64)>>,
}

fn instant(world: &World) -> Instant {
    (world.generation(), world.position)
}

impl Bases {
    /// One more scenario is taken from a base.
    pub(super) fn insert(&mut self, world: &World) {
        let at = instant(world);
        if let Some(base) = self.by_instant.get_mut(&at) {
            base.n += 1;
            return;
        }
        self.by_instant.insert(at, Base { world: world.clone(), n: 1, bytes: 0 });
        self.recount(at);
        self.recount_before(at);
    }

    /// A scenario of a base is gone.
    pub(super) fn remove(&mut self, world: &World) {
        let at = instant(world);
        let Some(base) = self.by_instant.get_mut(&at) else {
            return;
        };
        base.n -= 1;
        if base.n == 0 {
            self.bytes -= base.bytes;
            self.by_instant.remove(&at);
            self.recount_before(at);
        }
    }

    /// Counts the base before an instant against the one that is now next to it.
    fn recount_before(&mut self, at: Instant) {
        let before = self.by_instant.range(..at).next_back().map(|(before, _)| *before);
        if let Some(before) = before {
            self.recount(before);
        }
        self.youngest.set(None);
    }

    fn recount(&mut self, at: Instant) {
        let next = self.by_instant.range(at..).nth(1).map(|(_, next)| next.world.clone());
        let base = self.by_instant.get_mut(&at).expect("it is there");
        let bytes = next.map_or(0, |next| base.world.bytes_beyond(&next));
        self.bytes = self.bytes - base.bytes + bytes;
        base.bytes = bytes;
    }

    /// Bytes that they hold beyond live.
    pub(super) fn bytes_beyond(&self, live: &World) -> u64 {
        let Some((_, base)) = self.by_instant.last_key_value() else {
            return 0;
        };
        let counted = self.youngest.get();
        let counted = counted.filter(|(_, at)| live.position.abs_diff(*at) < RECOUNT_AFTER);
        let (bytes, _) = counted.unwrap_or_else(|| {
            let bytes = (base.world.bytes_beyond(live), live.position);
            self.youngest.set(Some(bytes));
            bytes
        });
        self.bytes + bytes
    }
}
