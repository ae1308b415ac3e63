//! A swap on its way: what is asked for, what is done beside the writer, and what comes back.

use super::{caller::Caller, clock::Stopwatch, error::Error};
use crate::ledger::{
    World,
    refresh::{Reconciled, Refresh},
    reservation::Force,
};
use std::time::Duration;

/// A next world that lacks only the last few changes, and who waits for it.
#[derive(Debug)]
pub(super) struct SwapWork {
    pub(super) refresh: Box<Refresh>,
    pub(super) force: Option<Force>,
    pub(super) caller: Caller<Swapped>,
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
    /// How long nothing could be changed.
    pub stand_still: Duration,
}

/// A swap on its way, but for the reconciliation.
#[derive(Debug)]
pub(super) struct Swap {
    pub(super) force: Option<Force>,
    pub(super) caller: Caller<Swapped>,
    pub(super) n_rounds: u32,
    /// What there was to catch up with in the last round.
    pub(super) behind: u64,
    /// Since nothing is changed any more.
    pub(super) still: Option<Stopwatch>,
}

/// A reconciliation to catch up with a world, and to be finished where nothing is changed any more.
#[derive(Debug)]
pub(super) struct SwapJob {
    pub(super) swap: Swap,
    pub(super) refresh: Box<Refresh>,
    pub(super) live: World,
}

/// What comes back of it.
#[derive(Debug)]
pub(super) struct SwapDone {
    pub(super) swap: Swap,
    pub(super) came: SwapCame,
}

/// How far it has come.
#[derive(Debug)]
pub(super) enum SwapCame {
    CaughtUp(Box<Refresh>),
    Finished(Box<Reconciled>),
    Refused(Error),
}

impl SwapJob {
    /// Does it.
    pub(super) fn done(self) -> SwapDone {
        let Self { swap, mut refresh, live } = self;
        let came = match refresh.catch_up(&live) {
            Err(unknown) => SwapCame::Refused(Error::NotAdopted(unknown)),
            Ok(()) if swap.still.is_none() => SwapCame::CaughtUp(refresh),
            Ok(()) => match refresh.finish() {
                Err(unexplained) => SwapCame::Refused(Error::Unexplained(unexplained)),
                Ok(mut reconciled) => {
                    reconciled.mark();
                    SwapCame::Finished(Box::new(reconciled))
                }
            },
        };
        SwapDone { swap, came }
    }
}

impl SwapDone {
    /// Answers that it was not done.
    pub(super) fn refuse(self, error: Error) {
        self.swap.caller.tell(Err(error));
    }
}
