//! The swap: from the live world to the next one, as one entry of the journal (semantics 9).
//!
//! What takes long is done beside the live world. The reconciliation catches up with what was done meanwhile until little is
//! left; then nothing is changed for a moment, in which it catches up with that and is finished, beside the writer too;
//! and the next world takes the live one's place, which costs the same whatever there is. Entries before it
//! were written with the old snapshot's names, those after it with the new one's: so each position of the journal
//! has exactly one snapshot.

use super::{
    Answer, Engine, Error,
    caller::Caller,
    clock::Stopwatch,
    lane::{LAST_STEP_MAX, LaneJob, ROUNDS_MAX, Worked},
    pending::Pending,
    work::Work,
    writer::Writer,
};
use crate::ledger::{
    Activation, World,
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

/// Who waits for it.
pub(super) type SwapCaller = Caller<Swapped>;

/// What came of a swap.
#[derive(Debug)]
pub struct Swapped {
    /// All that the report is made of.
    pub reconciled: Reconciled,
    /// How many snapshots have served, the new one included.
    pub generation: u64,
    /// The position of the swap.
    pub position: u64,
    /// How long nothing could be changed.
    pub stand_still: Duration,
}

/// A swap on its way, but for the reconciliation.
#[derive(Debug)]
pub(super) struct Swap {
    force: Option<Force>,
    caller: SwapCaller,
    n_rounds: u32,
    /// Since nothing is changed any more.
    still: Option<Stopwatch>,
}

/// A reconciliation to catch up with a world, and to be finished where nothing is changed any more.
#[derive(Debug)]
pub(super) struct SwapJob {
    swap: Swap,
    refresh: Box<Refresh>,
    live: World,
}

/// What comes back of it.
#[derive(Debug)]
pub(super) struct SwapDone {
    swap: Swap,
    came: Came,
}

#[derive(Debug)]
enum Came {
    CaughtUp(Box<Refresh>),
    Finished(Box<Reconciled>),
    Refused(Error),
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

impl SwapJob {
    /// Does it.
    pub(super) fn done(self) -> SwapDone {
        let Self { swap, mut refresh, live } = self;
        let came = match refresh.catch_up(&live) {
            Err(unknown) => Came::Refused(Error::NotAdopted(unknown)),
            Ok(()) if swap.still.is_none() => Came::CaughtUp(refresh),
            Ok(()) => match refresh.finish() {
                Err(unexplained) => Came::Refused(Error::Unexplained(unexplained)),
                Ok(mut reconciled) => {
                    reconciled.mark();
                    Came::Finished(Box::new(reconciled))
                }
            },
        };
        SwapDone { swap, came }
    }
}

impl Writer {
    /// Begins a swap; nothing else is worked out beside the writer.
    pub(super) fn begin_swap(&mut self, work: ActivateWork, caller: SwapCaller) {
        let ActivateWork { refresh, force } = work;
        let swap = Swap { force, caller, n_rounds: 0, still: None };
        if self.room.is_full() {
            return self.end_swap(swap, Err(Error::DiskFull));
        }
        self.catch_up_again(swap, refresh);
    }

    /// Catches up beside the writer; where little is left, nothing is changed any more until that is done.
    fn catch_up_again(&mut self, mut swap: Swap, refresh: Box<Refresh>) {
        let world = self.ledger.world();
        swap.n_rounds += 1;
        if refresh.behind(world) <= LAST_STEP_MAX as u64 || ROUNDS_MAX <= swap.n_rounds {
            swap.still = Some(Stopwatch::start());
            self.lane.stand_still();
        }
        let live = world.clone();
        self.send_long(LaneJob::Swap(Box::new(SwapJob { swap, refresh, live })));
    }

    /// The next world takes the live one's place, or catches up further.
    pub(super) fn come_back_swap(&mut self, done: SwapDone) {
        let SwapDone { swap, came } = done;
        match came {
            Came::CaughtUp(refresh) => self.catch_up_again(swap, refresh),
            Came::Refused(error) => self.end_swap(swap, Err(error)),
            Came::Finished(_) if self.room.is_full() => self.end_swap(swap, Err(Error::DiskFull)),
            Came::Finished(reconciled) => {
                // What was done before is written with the old snapshot, what comes after with the new; accounts of
                // the old one mean nothing in it.
                self.fence.lower();
                self.close_group();
                let swapped = self.activate(*reconciled, &swap);
                self.lane.put_in_place(swap, swapped);
                self.place_some();
            }
        }
    }

    fn activate(&mut self, mut reconciled: Reconciled, swap: &Swap) -> Swapped {
        let generation = self.ledger.world().generation() + 1;
        let activation = Activation {
            snapshot_id: reconciled.new.snapshot.id().into(),
            sum: reconciled.new.snapshot.sum.clone(),
            generation,
            force: swap.force.clone(),
            adopted: reconciled.new.snapshot.adopted().clone(),
            at_risk: reconciled.at_risk.clone(),
            counts: reconciled.counts(),
        };
        let stamp = self.stamp();
        let entry = self.ledger.activate(&mut reconciled, activation, stamp);
        let position = entry.position;
        self.entries.push(Arc::new(entry));
        let stand_still = swap.still.map(|still| still.elapsed()).unwrap_or_default();
        Swapped { reconciled, generation, position, stand_still }
    }

    /// All of it is in its place: it is a group of its own, and whoever was kept waiting goes on.
    pub(super) fn swapped(&mut self, (swap, swapped): (Swap, Swapped)) {
        self.end_swap(swap, Ok(swapped));
        self.close_group();
    }

    fn end_swap(&mut self, swap: Swap, done: Result<Swapped, Error>) {
        self.free_lane();
        self.pending.push(Pending::Activate(swap.caller, Box::new(done)));
    }
}

impl SwapDone {
    /// Answers that it was not done.
    pub(super) fn refuse(self, error: Error) {
        // A caller that has gone away does not mind.
        drop(self.swap.caller.send(Err(error)));
    }
}

impl From<SwapDone> for Worked {
    fn from(done: SwapDone) -> Self {
        Self::Swap(Box::new(done))
    }
}
