//! The commands of entries that are not applied again: heads are read on all cores while those before them are
//! remembered.

use crate::{
    engine::remembered::Remembered,
    journal::{self, EntryHead, RawEntry},
    ledger::{Fact, Leap},
    snapshot::Snapshot,
};
use rayon::prelude::*;

/// The kind of an entry by which engine time followed the wall.
const LEAPT: &str = "leapt";

/// Heads that are read while as many are remembered.
const READ_AT_ONCE: usize = 4_096;

/// Leaps of engine time, with the positions of their entries, in order.
pub(in crate::engine) type Leaps = Vec<(u64, Leap)>;

/// What is remembered of an entry.
type Head = Result<(EntryHead, Option<Leap>), journal::Error>;

/// Entries, and what remembers their commands.
pub(super) struct Heads<'a> {
    remembered: &'a mut Remembered,
    leaps: Leaps,
    /// Any snapshot will do: a leap names nothing that one would have to know.
    snapshot: &'a Snapshot,
    waiting: Vec<(u64, Vec<u8>)>,
    /// Those that were read last, to be remembered next.
    read: Vec<Head>,
}

impl<'a> Heads<'a> {
    /// None yet.
    pub(super) fn new(remembered: &'a mut Remembered, snapshot: &'a Snapshot) -> Self {
        Self { remembered, leaps: Leaps::new(), snapshot, waiting: Vec::new(), read: Vec::new() }
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// One of those before it is damaged.
    pub(super) fn push(&mut self, record: &RawEntry<'_>) -> Result<(), journal::Error> {
        match record {
            RawEntry::InMemory { .. } => {
                self.step()?;
                self.read.push(head(record, self.snapshot));
                self.step()
            }
            RawEntry::Bytes { position, bytes } => {
                self.waiting.push((*position, bytes.to_vec()));
                if self.waiting.len() < READ_AT_ONCE { Ok(()) } else { self.step() }
            }
        }
    }

    /// All are remembered; gives the leaps among them.
    ///
    /// # Errors
    /// One is damaged.
    pub(super) fn finish(mut self) -> Result<Leaps, journal::Error> {
        self.step()?;
        self.step()?;
        Ok(self.leaps)
    }

    /// Reads the heads that wait, and remembers those that were read before.
    fn step(&mut self) -> Result<(), journal::Error> {
        let (waiting, read) = (std::mem::take(&mut self.waiting), std::mem::take(&mut self.read));
        let snapshot = self.snapshot;
        let head = |(position, bytes): &(u64, Vec<u8>)| {
            head(&RawEntry::Bytes { position: *position, bytes }, snapshot)
        };
        let read_all = || waiting.par_iter().map(head).collect();
        let (next, kept) = rayon::join(read_all, || self.keep(read));
        self.read = next;
        kept
    }

    fn keep(&mut self, heads: Vec<Head>) -> Result<(), journal::Error> {
        for head in heads {
            let (head, leap) = head?;
            if let Some(leap) = leap {
                self.remembered.leap(leap, head.position);
                self.leaps.push((head.position, leap));
            }
            self.remembered.forget(head.at);
            self.remembered.remember_head(&head);
        }
        Ok(())
    }
}

fn head(record: &RawEntry<'_>, snapshot: &Snapshot) -> Head {
    let head = record.head()?;
    if head.kind != LEAPT {
        return Ok((head, None));
    }
    let entry = record.entry(snapshot)?;
    let leap = if let Fact::Leapt(leap) = &entry.fact { Some(*leap) } else { None };
    Ok((head, leap))
}
