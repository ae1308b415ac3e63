//! The swap: from the live world to the next one, as one entry of the journal (semantics 9).
//!
//! What takes long was done before, beside the live world. Here the reconciliation catches up with the
//! last few changes, on the writer's thread, so that nothing can come in between; then the next world
//! takes the live one's place. Entries before it were written with the old snapshot's names, those after
//! it with the new one's: so each position of the journal has exactly one snapshot.

use super::{Answer, Engine, Error, clock::Stopwatch, work::Work, writer::Writer};
use crate::ledger::{
    Activation, Stamp,
    refresh::{Reconciled, Refresh},
    reservation::Force,
};
use std::{sync::Arc, time::Duration};

/// A next world that lacks only the last few changes.
#[derive(Debug)]
pub(super) struct ActivateWork {
    refresh: Box<Refresh>,
    force: Option<Force>,
}

/// What came of a swap.
#[derive(Debug)]
pub struct Swapped {
    /// All that the report is made of.
    pub reconciled: Reconciled,
    /// How many snapshots have served, the new one included.
    pub generation: u64,
    /// The position of the swap.
    pub position: u64,
    /// How long the writer stood still.
    pub stand_still: Duration,
}

impl Engine {
    /// Lets a snapshot serve from here on: the last step of a [`Refresher`](super::refresh::Refresher).
    pub fn swap(&self, refresh: Box<Refresh>, force: Option<Force>) -> Answer<Swapped> {
        let work = Box::new(ActivateWork { refresh, force });
        self.send(|caller, _| Work::Activate(work, caller))
    }
}

impl Engine {
    /// The same for who has built it and waits for a place in the queue, however full that is.
    pub(super) fn swap_patiently(
        &self,
        refresh: Box<Refresh>,
        force: Option<Force>,
    ) -> Answer<Swapped> {
        let work = Box::new(ActivateWork { refresh, force });
        self.send_patiently(|caller| Work::Activate(work, caller))
    }
}

impl Writer {
    /// Catches up and swaps. The caller of this closes the batch before and after it.
    pub(super) fn activate(&mut self, work: ActivateWork) -> Result<Swapped, Error> {
        let watch = Stopwatch::start();
        if self.room.is_full() {
            return Err(Error::DiskFull);
        }
        let ActivateWork { mut refresh, force } = work;
        refresh.catch_up(self.ledger.world()).map_err(Error::NotAdopted)?;
        let mut reconciled = refresh.finish().map_err(Error::Unexplained)?;
        let generation = self.ledger.world().generation() + 1;
        let activation = Activation {
            snapshot_id: reconciled.new.snapshot.id().into(),
            sum: reconciled.new.snapshot.sum.clone(),
            generation,
            force,
            adopted: reconciled.new.snapshot.adopted().clone(),
            at_risk: reconciled.at_risk.clone(),
            counts: reconciled.counts(),
        };
        let stamp = Stamp::at(self.now);
        let entry = self.ledger.activate(&mut reconciled, activation, stamp);
        let position = entry.position;
        self.entries.push(Arc::new(entry));
        Ok(Swapped { reconciled, generation, position, stand_still: watch.elapsed() })
    }
}
