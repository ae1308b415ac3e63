//! Entries that were read and not applied yet: they are decoded on all cores, some while those before them are applied.

use crate::{
    journal::{self, RawEntry},
    ledger::{Entry, Ledger},
    snapshot::Snapshot,
};
use rayon::prelude::*;
use std::{sync::Arc, thread};

/// Applies an entry, if it is wanted.
pub(super) type ApplyEntry<'a> =
    &'a mut dyn FnMut(&mut Ledger, &Arc<Entry>) -> Result<(), journal::Error>;

/// Entries that are taken together.
const TAKEN_AT_ONCE: usize = 8_192;

/// Entries that are decoded while as many are applied.
const DECODED_AT_ONCE: usize = 1_024;

/// So few are not worth a second thread.
const DECODED_HERE: usize = 64;

/// An entry, or why its bytes are none.
type Decoded = Result<Arc<Entry>, journal::Error>;

/// Entries that wait, in the order in which they are applied.
pub(super) struct Ahead {
    waiting: Vec<(u64, Vec<u8>)>,
    /// How many are decoded at once: what comes after an entry by which planning data change has to be decoded with
    /// these.
    at_once: usize,
    is_over: bool,
}

impl Default for Ahead {
    fn default() -> Self {
        Self { waiting: Vec::new(), at_once: DECODED_AT_ONCE, is_over: false }
    }
}

impl Ahead {
    /// Adds one that was read.
    pub(super) fn push(&mut self, position: u64, bytes: &[u8]) {
        self.waiting.push((position, bytes.to_vec()));
    }

    /// Whether those that wait are to be taken.
    pub(super) fn is_full(&self) -> bool {
        TAKEN_AT_ONCE <= self.waiting.len()
    }

    /// Applies all that waits, as long as the step says so.
    pub(super) fn take(
        &mut self,
        ledger: &mut Ledger,
        step: ApplyEntry<'_>,
    ) -> Result<(), journal::Error> {
        if self.is_over {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let (mut rest, mut next) = (&waiting[..], None);
        while !rest.is_empty() {
            let snapshot = Arc::clone(&ledger.world().snapshot);
            let first = |rest: &[_]| decoded(&rest[..self.at_once.min(rest.len())], &snapshot);
            let now: Vec<Decoded> = next.take().unwrap_or_else(|| first(rest));
            let (n, after) = (now.len(), &rest[now.len()..]);
            let after = &after[..self.at_once.min(after.len())];
            let (n_done, done) = thread::scope(|scope| {
                let beside = || decoded(after, &snapshot);
                let beside = (DECODED_HERE < after.len()).then(|| scope.spawn(beside));
                let applied = applied(ledger, (&snapshot, now), step);
                next = beside.and_then(|beside| beside.join().ok());
                applied
            });
            self.is_over = done.is_err();
            done?;
            if n_done < n || !Arc::ptr_eq(&snapshot, &ledger.world().snapshot) {
                // Their names are to be looked up in what it has become.
                next = None;
            }
            self.at_once =
                if n_done == n { (2 * self.at_once).min(DECODED_AT_ONCE) } else { n_done };
            rest = &rest[n_done..];
        }
        Ok(())
    }
}

/// Applies entries until one changes the snapshot that they were decoded with; gives how many that were.
fn applied(
    ledger: &mut Ledger,
    (snapshot, entries): (&Arc<Snapshot>, Vec<Decoded>),
    step: ApplyEntry<'_>,
) -> (usize, Result<(), journal::Error>) {
    let mut n_done = 0;
    for entry in entries {
        let done = entry.and_then(|entry| step(ledger, &entry));
        if done.is_err() {
            return (n_done, done);
        }
        n_done += 1;
        if !Arc::ptr_eq(snapshot, &ledger.world().snapshot) {
            break;
        }
    }
    (n_done, Ok(()))
}

fn decoded(records: &[(u64, Vec<u8>)], snapshot: &Snapshot) -> Vec<Decoded> {
    let entry = |(position, bytes): &(u64, Vec<u8>)| {
        RawEntry::Bytes { position: *position, bytes }.entry(snapshot)
    };
    if records.len() <= DECODED_HERE {
        return records.iter().map(entry).collect();
    }
    records.par_iter().map(entry).collect()
}
