//! The swap: from the live world to the next one, as one entry of the journal (semantics 9).
//!
//! What takes long is done beside the live world. The reconciliation catches up with what was done meanwhile until little is
//! left; then nothing is changed for a moment, in which it catches up with that and is finished, beside the writer too;
//! and the next world takes the live one's place, which costs the same whatever there is. Entries before it
//! were written with the old snapshot's names, those after it with the new one's: so each position of the journal
//! has exactly one snapshot.

use super::{
    Answer, Engine, Error,
    clock::Stopwatch,
    command::deed::{Beside, Deed, Performed, WaitsWhile},
    lane::{LaneJob, ROUNDS_MAX},
    live::Live,
    message::Message,
    pending::Pending,
    swap::{Swap, SwapCame, SwapDone, SwapJob, SwapWork, Swapped},
    traced::Traced,
    writer::Writer,
};
use crate::ledger::{
    Activation,
    refresh::{Reconciled, Refresh},
    reservation::Force,
};
use std::sync::Arc;

/// So many promises are caught up with while nothing is changed: some hundred microseconds.
const STILL_MAX: u64 = 24;

/// How often a swap catches up beside the writer before that.
const SWAP_ROUNDS_MAX: u32 = 64;

impl Engine {
    /// Lets a snapshot serve from here on: the last step of a [`Refresher`](super::refresh::Refresher).
    pub fn swap(&self, refresh: Box<Refresh>, force: Option<Force>) -> Answer<Swapped> {
        self.send(|caller, _| Box::new(SwapWork { refresh, force, caller }))
    }

    /// The same for who has built it and waits for a place in the queue, however full that is.
    pub(super) fn swap_patiently(
        &self,
        refresh: Box<Refresh>,
        force: Option<Force>,
    ) -> Answer<Swapped> {
        self.send_patiently(|caller| Message::Do(Box::new(SwapWork { refresh, force, caller })))
    }
}

impl Deed for SwapWork {
    fn perform(self: Box<Self>, _live: &mut Live) -> Performed {
        Performed::Beside(Beside::Swap(self))
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.caller.tell(Err(error));
    }

    fn trace(&self) -> Option<&Arc<Traced>> {
        self.caller.trace()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }

    fn is_long(&self, _live: &Live) -> bool {
        true
    }
}

impl Writer {
    /// Begins a swap; nothing else is worked out beside the writer.
    pub(super) fn begin_swap(&mut self, work: SwapWork) {
        let SwapWork { refresh, force, caller } = work;
        let swap = Swap { force, caller, n_rounds: 0, behind: u64::MAX, still: None };
        if self.live.room.is_full() {
            return self.end_swap(swap, Err(Error::DiskFull));
        }
        self.catch_up_again(swap, refresh);
    }

    /// Catches up beside the writer; where little is left, nothing is changed any more until that is done.
    fn catch_up_again(&mut self, mut swap: Swap, refresh: Box<Refresh>) {
        let world = self.live.world();
        let behind = refresh.behind(world);
        swap.n_rounds += 1;
        // Each round takes as long as the one before it left, so there is ever less; unless more comes than is caught up
        // with.
        let goes_down = behind < swap.behind || swap.n_rounds < ROUNDS_MAX;
        swap.behind = behind;
        if behind <= STILL_MAX || !goes_down || SWAP_ROUNDS_MAX <= swap.n_rounds {
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
            SwapCame::CaughtUp(refresh) => self.catch_up_again(swap, refresh),
            SwapCame::Refused(error) => self.end_swap(swap, Err(error)),
            SwapCame::Finished(_) if self.live.room.is_full() => {
                self.end_swap(swap, Err(Error::DiskFull))
            }
            SwapCame::Finished(reconciled) => {
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
        let generation = self.live.world().generation() + 1;
        let activation = Activation {
            snapshot_id: reconciled.new.snapshot.id().into(),
            sum: reconciled.new.snapshot.sum.clone(),
            generation,
            force: swap.force.clone(),
            adopted: reconciled.new.snapshot.adopted().clone(),
            at_risk: reconciled.at_risk.clone(),
            counts: reconciled.counts(),
        };
        let stamp = self.live.stamp();
        let before = Arc::clone(&self.live.world().snapshot);
        self.live.remembered.renamed(&before);
        let entry = self.live.ledger.activate(&mut reconciled, activation, stamp);
        let position = entry.position;
        self.live.entries.push(Arc::new(entry));
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
        self.pending.push(Pending::new(swap.caller, done, |swapped, _| swapped));
    }
}
